// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <bitset>
#include <cctype>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/base/errc.hpp>

using nv2::errc;

namespace {

struct row {
  errc code;
  std::string_view name, rule, message;
  nv2::error_class group;
};

const std::vector<row> rows = {
#define NV2_X(name, number, rule, group, message) \
  {errc::name, #name, rule, message, nv2::error_class::group},
    NV2_ERRC_LIST(NV2_X)
#undef NV2_X
};

std::uint16_t number(errc code) { return static_cast<std::uint16_t>(code); }

std::size_t distance(errc a, errc b) {
  return std::bitset<16>(static_cast<unsigned>(number(a) ^ number(b))).count();
}

/// Whether each code of one block of the list has `layer` as its high byte.
#define NV2_X(name, number, rule, group, message) &&(number >> 8) == layer
constexpr bool base_is(int layer) { return true NV2_ERRC_BASE(NV2_X); }
constexpr bool codec_is(int layer) { return true NV2_ERRC_CODEC(NV2_X); }
constexpr bool crypto_is(int layer) { return true NV2_ERRC_CRYPTO(NV2_X); }
constexpr bool x509_is(int layer) { return true NV2_ERRC_X509(NV2_X); }
constexpr bool envelope_is(int layer) { return true NV2_ERRC_ENVELOPE(NV2_X); }
constexpr bool binding_is(int layer) { return true NV2_ERRC_BINDING(NV2_X); }
constexpr bool bundle_is(int layer) { return true NV2_ERRC_BUNDLE(NV2_X); }
#undef NV2_X

}  // namespace

TEST_CASE("the high byte of a code is its layer") {
  CHECK(base_is(1));
  CHECK(codec_is(2));
  CHECK(crypto_is(3));
  CHECK(x509_is(4));
  CHECK(envelope_is(5));
  CHECK(binding_is(7));
  CHECK(bundle_is(8));
}

TEST_CASE("numbers and names of codes are unique") {
  std::set<std::uint16_t> numbers = {number(errc::unset), number(errc::ok)};
  std::set<std::string_view> names = {"unset", "ok"};
  for (const row& r : rows) {
    CAPTURE(r.name);
    CHECK(numbers.insert(number(r.code)).second);
    CHECK(names.insert(r.name).second);
  }
}

TEST_CASE("no slip of three bits makes success of a refusal") {
  CHECK(distance(errc::ok, errc::unset) >= 4);
  for (const row& r : rows) {
    CAPTURE(r.name);
    CHECK(distance(errc::ok, r.code) >= 4);
  }
}

TEST_CASE("every code has its name, its rule, a sentence and a class") {
  for (const row& r : rows) {
    CAPTURE(r.name);
    CHECK(nv2::name(r.code) == r.name);
    CHECK(nv2::rule(r.code) == r.rule);
    CHECK(nv2::message(r.code) == r.message);
    CHECK(nv2::class_of(r.code) == r.group);
    CHECK(r.group != nv2::error_class::none);
    CHECK(!r.message.empty());
    REQUIRE(r.rule.size() == 5);
    CHECK(std::isupper(static_cast<unsigned char>(r.rule[0])));
    CHECK(r.rule[1] == '-');
    CHECK(r.rule.find_first_not_of("0123456789", 2) == std::string_view::npos);
  }
}

TEST_CASE("what is no failure, or unknown, has no rule and no class") {
  CHECK(std::string(nv2::name(errc::unset)) == "unset");
  CHECK(std::string(nv2::name(errc::ok)) == "ok");
  for (const errc code : {errc::unset, errc::ok, errc{0x01FE}, errc{0xFFFF}}) {
    CHECK(std::string(nv2::rule(code)).empty());
    CHECK(std::string(nv2::message(code)).empty());
    CHECK(nv2::class_of(code) == nv2::error_class::none);
  }
  CHECK(std::string(nv2::name(errc{0x01FE})).empty());
}

TEST_CASE("NV2_TRY leaves with the first error and only with one") {
  int steps = 0;
  const auto run = [&steps](errc first, errc second) -> errc {
    NV2_TRY(first);
    ++steps;
    NV2_TRY(second);
    ++steps;
    return errc::ok;
  };
  CHECK(run(errc::ok, errc::ok) == errc::ok);
  CHECK(steps == 2);
  CHECK(run(errc::json_syntax, errc::ok) == errc::json_syntax);
  CHECK(steps == 2);
  CHECK(run(errc::ok, errc::unset) == errc::unset);
  CHECK(steps == 3);
}
