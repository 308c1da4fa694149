// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include <nv2/codec/cbor.hpp>

using nv2::bytes;
using nv2::cbor_float;
using nv2::cbor_reader;
using nv2::cbor_rounding;
using nv2::errc;

namespace {

static_assert(std::numeric_limits<double>::is_iec559 && std::numeric_limits<float>::is_iec559);

std::uint64_t bits_of(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// What the reader makes of a float that came in `width` bytes.
std::uint64_t read(std::uint64_t number, unsigned width) {
  std::uint8_t input[9] = {static_cast<std::uint8_t>(width == 2 ? 0xF9 : width == 4 ? 0xFA : 0xFB)};
  for (unsigned i = 0; i < width; ++i) {
    input[1 + i] = static_cast<std::uint8_t>(number >> 8 * (width - 1 - i));
  }
  cbor_reader reader{bytes{input, 1 + width}};
  const std::uint64_t bits = reader.read_float().bits;
  REQUIRE(reader.finish() == errc::ok);
  return bits;
}

/// The value of a binary16, by its definition.
double half_value(unsigned bits) {
  const int exponent = static_cast<int>(bits >> 10 & 0x1F);
  const double mantissa = bits & 0x3FF;
  const double size =
      exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(mantissa + 1024, exponent - 25);
  return (bits & 0x8000) != 0 ? -size : size;
}

void check_rounding(double value) {
  CAPTURE(value);
  const cbor_float number{bits_of(value)};
  std::int64_t down = 77;
  std::int64_t up = 77;
  const bool fits = std::fabs(value) < std::ldexp(1.0, 53);
  CHECK(number.is_finite() == std::isfinite(value));
  CHECK(number.round(cbor_rounding::down, down) == fits);
  CHECK(number.round(cbor_rounding::up, up) == fits);
  CHECK(down == (fits ? static_cast<std::int64_t>(std::floor(value)) : 77));
  CHECK(up == (fits ? static_cast<std::int64_t>(std::ceil(value)) : 77));
}

}  // namespace

TEST_CASE("C-025 floats of two bytes, all of them") {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    if ((bits >> 10 & 0x1F) != 0x1F) {
      if (read(bits, 2) != bits_of(half_value(bits))) FAIL(bits);
    } else {
      const std::uint64_t sign = std::uint64_t{bits >> 15} << 63;
      if (read(bits, 2) != (sign | 0x7FF0000000000000 | std::uint64_t{bits & 0x3FF} << 42)) {
        FAIL(bits);
      }
    }
  }
}

TEST_CASE("C-025 floats of four and eight bytes") {
  // A step that is odd and no power of two reaches all exponents.
  for (std::uint64_t bits = 0; bits <= UINT32_MAX; bits += 104729) {
    const std::uint32_t narrow = static_cast<std::uint32_t>(bits);
    float value = 0;
    std::memcpy(&value, &narrow, sizeof value);
    if (std::isnan(value)) continue;  // the machine may change its payload
    if (read(bits, 4) != bits_of(static_cast<double>(value))) FAIL(bits);
  }
  for (const std::uint32_t bits : {0x00000001U, 0x00000002U, 0x007FFFFFU, 0x00800000U, 0x807FFFFFU,
                                   0x80000000U, 0x7F7FFFFFU, 0x7F800000U, 0xFF800000U}) {
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    CHECK(read(bits, 4) == bits_of(static_cast<double>(value)));
  }
  CHECK(read(0x7FC00001, 4) == 0x7FF8000020000000);
  CHECK(read(0xFF800001, 4) == 0xFFF0000020000000);
  for (const std::uint64_t bits :
       {0x0ULL, 0x1ULL, 0x7FF0000000000001ULL, 0xFFFFFFFFFFFFFFFFULL, 0x3FF123456789ABCDULL}) {
    CHECK(read(bits, 8) == bits);
  }
}

TEST_CASE("C-025 CV-34 CV-37 floats are rounded to whole numbers, when there are some") {
  for (const double sign : {1.0, -1.0}) {
    for (const double value : {0.0,
                               0.25,
                               0.5,
                               0.999999999,
                               1.0,
                               1.5,
                               2.0,
                               1700000000.0,
                               1700000000.25,
                               1e15,
                               1e16,
                               1e300,
                               4503599627370495.5,
                               4503599627370496.5,
                               9007199254740991.0,
                               9007199254740992.0,
                               9223372036854775808.0,
                               5e-324,
                               2.2250738585072014e-308,
                               std::nextafter(1.0, 0.0),
                               std::nextafter(1.0, 2.0),
                               std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::quiet_NaN()}) {
      check_rounding(sign * value);
    }
    for (int exponent = -1080; exponent < 1024; ++exponent) {
      check_rounding(sign * std::ldexp(1.0, exponent));
      check_rounding(sign * std::ldexp(1.9999999, exponent));
    }
  }
}

TEST_CASE("C-024 C-026 CV-36 CV-40 a number that may be an integer or a float") {
  struct row {
    bytes input;
    std::int64_t down, up;
    errc expected;
  };
  static constexpr std::uint8_t whole[] = {0x1A, 0x65, 0x53, 0xF1, 0x00};
  static constexpr std::uint8_t negative[] = {0x38, 0x63};
  static constexpr std::uint8_t smallest[] = {0x3B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  static constexpr std::uint8_t too_large[] = {0x1B, 0x80, 0, 0, 0, 0, 0, 0, 0};
  static constexpr std::uint8_t half[] = {0xF9, 0x3E, 0x00};        // 1.5
  static constexpr std::uint8_t minus_half[] = {0xF9, 0xBE, 0x00};  // -1.5
  static constexpr std::uint8_t nan[] = {0xF9, 0x7E, 0x00};
  static constexpr std::uint8_t infinite[] = {0xFA, 0xFF, 0x80, 0, 0};
  static constexpr std::uint8_t huge[] = {0xFB, 0x43, 0x40, 0, 0, 0, 0, 0, 0};  // 2^53
  static constexpr std::uint8_t text[] = {0x61, '1'};
  static constexpr std::uint8_t null[] = {0xF6};
  static constexpr std::uint8_t tag[] = {0xC1, 0x01};
  static constexpr std::uint8_t cut[] = {0xFB, 0x43, 0x40};
  const row rows[] = {{whole, 1700000000, 1700000000, errc::ok},
                      {negative, -100, -100, errc::ok},
                      {smallest, INT64_MIN, INT64_MIN, errc::ok},
                      {too_large, 0, 0, errc::cbor_integer},
                      {half, 1, 2, errc::ok},
                      {minus_half, -2, -1, errc::ok},
                      {nan, 0, 0, errc::cbor_integer},
                      {infinite, 0, 0, errc::cbor_integer},
                      {huge, 0, 0, errc::cbor_integer},
                      {text, 0, 0, errc::cbor_type},
                      {null, 0, 0, errc::cbor_type},
                      {tag, 0, 0, errc::cbor_type},
                      {cut, 0, 0, errc::cbor_truncated},
                      {bytes{}, 0, 0, errc::cbor_truncated}};
  for (const row& r : rows) {
    cbor_reader down{r.input};
    CHECK(down.read_rounded(cbor_rounding::down) == r.down);
    CHECK(down.error() == r.expected);
    cbor_reader up{r.input};
    CHECK(up.read_rounded(cbor_rounding::up) == r.up);
    CHECK(up.error() == r.expected);
  }
}
