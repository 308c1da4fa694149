// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The first bytes of CBOR items (RFC 8949 section 3), and what numbers they can hold.
// Does: read one head, with the number in it, under the rules that were chosen.
// Does not: look at what follows, or compute with floating point.
#ifndef NV2_CODEC_CBOR_HEAD_HPP
#define NV2_CODEC_CBOR_HEAD_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>

NV2_NAMESPACE_BEGIN

/// Major types 0 to 6 in their order, then what major type 7 is divided into; `byte_chunks` and
/// `text_chunks` are strings of indefinite length.
// clang-format off
enum class cbor_kind : std::uint8_t {
  none, unsigned_integer, negative_integer, byte_string, text_string, array, map, tag,
  simple, boolean, null, undefined, floating, byte_chunks, text_chunks
};
// clang-format on

/// What is refused although it is well-formed. What the rules do not allow costs no code.
enum class cbor_rules : std::uint8_t {
  /// What COSE messages here must keep: lengths are definite, and map keys are numbers, strings or
  /// simple values. Heads may be longer than needed. // spec: C-004 C-008 C-013
  cose,
  /// The same, and all numbers and lengths are in their shortest form (RFC 8949 section 4.1). The
  /// order of map keys is not looked at.
  shortest,
  /// Nothing is: lengths may be indefinite, and keys of any kind. A key that has parts (array, map,
  /// tag, string in chunks) only equals one of the same bytes.
  well_formed
};

/// Whether tags may stand in what is read, at any depth. // spec: C-009
enum class cbor_tags : std::uint8_t { allow, refuse };

/// An integer from -2^64 to 2^64 - 1: `argument` itself, or -1 - `argument` when negative.
struct cbor_integer {
  std::uint64_t argument = 0;
  bool negative = false;
};

enum class cbor_rounding : std::uint8_t { down, up };

/// A number of any of the three float sizes as the bits of the largest, IEEE 754 binary64. They can
/// be copied into a double.
struct cbor_float {
  std::uint64_t bits = 0;

  constexpr bool is_finite() const noexcept { return (bits >> 52 & 0x7FF) != 0x7FF; }

  /// Rounds to a whole number, towards minus or plus infinity. False when the float is not finite,
  /// or its size is 2^53 or more, where floats no longer hold every integer. // spec: C-025
  constexpr bool round(cbor_rounding direction, std::int64_t& whole) const noexcept {
    unsigned exponent = static_cast<unsigned>(bits >> 52 & 0x7FF);
    if (exponent > 1023 + 52) return false;
    const bool negative = bits >> 63 != 0;
    std::uint64_t size = bits << 12 >> 12 | std::uint64_t{exponent != 0} << 52;
    bool exact = true;
    for (; exponent < 1023 + 52; ++exponent, size >>= 1) exact = exact && (size & 1) == 0;
    if (!exact && negative == (direction == cbor_rounding::down)) ++size;
    whole = static_cast<std::int64_t>(size);
    if (negative) whole = -whole;
    return true;
  }
};

namespace detail {

/// The binary64 bits of a number of `width` 2 (binary16), 4 (binary32) or 8 bytes.
inline std::uint64_t widen_float(std::uint64_t number, unsigned width) noexcept {
  if (width == 8) return number;
  const std::uint32_t bits = static_cast<std::uint32_t>(number) << (32 - 8 * width);
  const unsigned field = width == 2 ? 5 : 8;  // bits of the exponent
  const std::uint32_t top = (1U << field) - 1;
  const std::uint32_t rebias = 1023 - top / 2;
  std::uint32_t exponent = bits << 1 >> (32 - field);
  std::uint32_t mantissa = bits << 1 << field;
  if (exponent == top) {
    exponent = 0x7FF;
  } else if (exponent != 0) {
    exponent += rebias;
  } else if (mantissa != 0) {
    exponent = rebias + 1;
    for (bool leading = false; !leading; mantissa <<= 1, --exponent) leading = mantissa >> 31 != 0;
  }
  const std::uint32_t high = (bits & 0x80000000) | exponent << 20 | mantissa >> 12;
  return static_cast<std::uint64_t>(high) << 32 | static_cast<std::uint32_t>(mantissa << 20);
}

/// Whether a float that came in `width` bytes has the same value in half of them.
inline bool fits_narrower_float(std::uint64_t bits, unsigned width) noexcept {
  if (width == 2) return false;
  const int digits = width == 8 ? 23 : 10;
  const int lowest = width == 8 ? -126 : -14;
  const int exponent = static_cast<int>(bits >> 52 & 0x7FF) - 1023;
  const std::uint64_t mantissa = bits << 12;
  if (exponent == -1023) return mantissa == 0;
  if (exponent == 1024) return mantissa << digits == 0;
  if (exponent > 1 - lowest || exponent < lowest - digits) return false;
  const int kept = exponent < lowest ? exponent - lowest + digits : digits;
  return mantissa << kept == 0;
}

/// A head, and where the contents are. Items inside an item do not belong to its contents.
struct cbor_head {
  std::uint64_t argument;
  const std::uint8_t* contents;
  const std::uint8_t* end;
  cbor_kind kind;
  bool indefinite;

  constexpr bool is(cbor_kind first, cbor_kind last) const noexcept {
    return kind >= first && kind <= last;
  }
  constexpr bool is_string() const noexcept {
    return is(cbor_kind::byte_string, cbor_kind::text_string);
  }
  constexpr bool has_parts() const noexcept { return is(cbor_kind::array, cbor_kind::tag); }
  constexpr bytes text() const noexcept {
    return {contents, static_cast<std::size_t>(end - contents)};
  }
};

/// Additional information 28 to 31: reserved, or an indefinite length, or a break.
template <cbor_rules Rules>
errc read_cbor_special(unsigned major, unsigned info, cbor_head& head) noexcept {
  if (info != 31 || major < 2 || major == 6) return errc::cbor_head;             // spec: C-004
  if (major == 7) return errc::cbor_break;                                       // spec: C-004
  if constexpr (Rules != cbor_rules::well_formed) return errc::cbor_indefinite;  // spec: C-004
  head.indefinite = true;
  if (head.kind == cbor_kind::byte_string) head.kind = cbor_kind::byte_chunks;
  if (head.kind == cbor_kind::text_string) head.kind = cbor_kind::text_chunks;
  return errc::ok;
}

/// Judges an argument that came in `width` bytes of its own.
template <cbor_rules Rules>
errc check_cbor_argument(unsigned width, cbor_head& head) noexcept {
  constexpr bool shortest = Rules == cbor_rules::shortest;
  if (head.kind != cbor_kind::simple) {
    const bool needed = width == 1 ? head.argument >= 24 : head.argument >> 4 * width != 0;
    return shortest && !needed ? errc::cbor_not_shortest : errc::ok;  // spec: C-013
  }
  if (width == 1) return head.argument < 32 ? errc::cbor_head : errc::ok;  // spec: C-004
  head.kind = cbor_kind::floating;
  head.argument = widen_float(head.argument, width);
  const bool too_wide = shortest && fits_narrower_float(head.argument, width);
  return too_wide ? errc::cbor_not_shortest : errc::ok;  // spec: C-013
}

/// Reads the head at `at` and finds the end of its contents. The argument of a float are its
/// binary64 bits. On an error `head` is of no use.
///
///     initial byte = major type (3 bits), additional information (5 bits)
///     additional information: 0 to 23 the argument itself; 24 to 27 it follows in 1, 2, 4 or 8
///     bytes, most significant first; 28 to 30 reserved; 31 indefinite length or break
template <cbor_rules Rules>
errc read_cbor_head(const std::uint8_t* at, const std::uint8_t* end, cbor_head& head) noexcept {
  if (at == end) return errc::cbor_truncated;  // spec: C-004
  const unsigned major = *at >> 5;
  const unsigned info = *at++ & 0x1F;
  head.kind = static_cast<cbor_kind>(major + 1);
  head.indefinite = false;
  std::uint64_t argument = info;
  if (info > 23 && info < 28) {
    const unsigned width = 1U << (info - 24);
    if (static_cast<std::size_t>(end - at) < width) return errc::cbor_truncated;  // spec: C-004
    argument = 0;
    for (unsigned i = 0; i < width; ++i) argument = argument << 8 | *at++;
    head.argument = argument;
    NV2_TRY(check_cbor_argument<Rules>(width, head));
  } else {
    head.argument = argument;
    if (info > 27) NV2_TRY(read_cbor_special<Rules>(major, info, head));
  }
  head.contents = at;
  if (head.is_string()) {
    if (argument > static_cast<std::size_t>(end - at)) return errc::cbor_truncated;  // spec: C-004
    at += static_cast<std::size_t>(argument);
  }
  head.end = at;
  return errc::ok;
}

}  // namespace detail

NV2_NAMESPACE_END

#endif  // NV2_CODEC_CBOR_HEAD_HPP
