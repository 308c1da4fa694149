// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>

#include <nv2/crypto/ecdsa_der.hpp>

#include "support/der_builder.hpp"

using nv2::errc;
using nv2::key_kind;
using namespace nv2_test::build;

namespace {

errc decoded(const blob& der, key_kind kind, blob& raw) {
  nv2::static_workspace<132> memory;
  nv2::bytes out;
  const errc code = nv2::decode_ecdsa_signature(view(der), kind, memory, out);
  raw.assign(out.begin(), out.end());
  return code;
}
errc decoded(const blob& der, key_kind kind = key_kind::ec_p256) {
  blob raw;
  return decoded(der, kind, raw);
}

}  // namespace

TEST_CASE("N-052: r and s become two numbers as wide as a coordinate") {
  const struct {
    key_kind kind;
    std::size_t width;
  } rows[] = {{key_kind::ec_p256, 32}, {key_kind::ec_p384, 48}, {key_kind::ec_p521, 66}};
  for (const auto& row : rows) {
    blob raw;
    REQUIRE(decoded(seq({integer(1), integer(0x1234)}), row.kind, raw) == errc::ok);
    CHECK(raw == join({repeat({0}, row.width - 1), {1}, repeat({0}, row.width - 2), {0x12, 0x34}}));
    const blob r = repeat({0xF1}, row.width), s = repeat({0x7E}, row.width);
    REQUIRE(decoded(seq({integer(r), integer(s)}), row.kind, raw) == errc::ok);
    CHECK(raw == join({r, s}));
  }
}

TEST_CASE("X-001: what is not a DER pair of positive integers is refused") {
  const blob one = integer(1);
  const struct {
    const char* why;
    blob der;
  } rows[] = {
      {"nothing", {}},
      {"raw r and s", repeat({0x11}, 64)},
      {"empty sequence", seq({})},
      {"one integer", seq({one})},
      {"three integers", seq({one, one, one})},
      {"r is zero", seq({integer(0), one})},
      {"s is zero", seq({one, integer(0)})},
      {"r is negative", seq({integer(-1), one})},
      {"s is negative", seq({one, integer(-1)})},
      {"r without its zero byte", seq({element(0x02, repeat({0xF1}, 32)), one})},
      {"r has a zero byte too many", seq({hex("02 02 00 01"), one})},
      {"s has a zero byte too many", seq({one, hex("02 02 00 01")})},
      {"r is empty", seq({hex("02 00"), one})},
      {"r is too wide", seq({integer(repeat({0x11}, 33)), one})},
      {"s is too wide", seq({one, integer(repeat({0x11}, 33))})},
      {"long form of a short length", hex("30 81 06 02 01 01 02 01 01")},
      {"indefinite length", hex("30 80 02 01 01 02 01 01 00 00")},
      {"a set", set({one, one})},
      {"bytes behind", join({seq({one, one}), {0}})},
      {"bytes inside behind", seq({one, one, {0}})},
      {"cut", hex("30 06 02 01 01 02 01")},
      {"another type", seq({one, octet_string({1})})},
  };
  for (const auto& row : rows) {
    CAPTURE(row.why);
    CHECK(decoded(row.der) == errc::signature_encoding);
  }
  CHECK(decoded(seq({integer(repeat({0x11}, 67)), one}), key_kind::ec_p521) ==
        errc::signature_encoding);
}

TEST_CASE("G-003: the signature needs room for both numbers") {
  const blob der = seq({integer(1), integer(1)});
  for (std::size_t size = 0; size < 64; ++size) {
    blob room(size);
    nv2::workspace memory{nv2::mutable_bytes{room.data(), room.size()}};
    nv2::bytes raw;
    CHECK(nv2::decode_ecdsa_signature(view(der), key_kind::ec_p256, memory, raw) ==
          errc::workspace_exhausted);
  }
}

TEST_CASE("every cut and every replaced byte of a signature") {
  const blob good = seq({integer(repeat({0xF1}, 32)), integer(repeat({0x11}, 31))});
  REQUIRE(decoded(good) == errc::ok);
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK(decoded(blob(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))) ==
          errc::signature_encoding);
  }
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (unsigned value = 0; value < 256; ++value) {
      blob changed = good;
      changed[i] = static_cast<std::uint8_t>(value);
      static_cast<void>(decoded(changed));
    }
  }
}
