// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>

#include <nv2/trust/policy.hpp>
#include <nv2/trust/version_rule.hpp>

using nv2::bytes;
using nv2::errc;
using nv2::version;
using nv2::version_rule;

namespace {

struct parsed {
  errc code = errc::unset;
  version value;
};

parsed parse(std::string_view text) {
  parsed out;
  out.value.parts[0] = 77;
  out.code = nv2::parse_version(bytes::of(text), out.value);
  return out;
}

version version_of(std::string_view text) {
  const parsed made = parse(text);
  REQUIRE(made.code == errc::ok);
  return made.value;
}

/// What comes of a signature with these annotations and references.
errc check(const version_rule& rule, std::string_view annotations, std::string_view references,
           std::size_t room = 2048) {
  static std::array<std::uint8_t, 2048> storage;
  nv2::workspace memory{{storage.data(), room}};
  const errc code = nv2::check_version(rule, bytes::of(annotations), bytes::of(references), memory);
  CHECK(memory.mark() == 0);
  return code;
}

}  // namespace

TEST_CASE("M-001 versions are one to four numbers") {
  struct row {
    const char* text;
    version value;
  };
  for (const row& r : {row{"0", {{0, 0, 0, 0}}}, row{"1", {{1, 0, 0, 0}}},
                       row{"v1.2", {{1, 2, 0, 0}}}, row{"10.0.3", {{10, 0, 3, 0}}},
                       row{"v4294967295.4294967295.4294967295.4294967295",
                           {{4294967295, 4294967295, 4294967295, 4294967295}}}}) {
    CAPTURE(std::string(r.text));
    const parsed made = parse(r.text);
    CHECK(made.code == errc::ok);
    CHECK(made.value == r.value);
  }
  for (const char* text : {"",
                           "v",
                           "V1",
                           "vv1",
                           "1.",
                           ".1",
                           "1..2",
                           "01",
                           "1.00",
                           "1.2.3.4.5",
                           "1.2.3.4.",
                           "4294967296",
                           "1.18446744073709551616",
                           "1.2-rc1",
                           "1.2+3",
                           " 1",
                           "1 ",
                           "-1",
                           "1,2",
                           "latest",
                           "1.x",
                           "v1.v2",
                           "99999999999999999999999999999999",
                           "0x1",
                           "\xD9\xA1"}) {
    CAPTURE(std::string(text));
    const parsed made = parse(text);
    CHECK(made.code == errc::version_malformed);
    CHECK(made.value.parts[0] == 77);
  }
  CHECK(parse(std::string_view("1\0", 2)).code == errc::version_malformed);
}

TEST_CASE("M-001 versions compare as numbers, part by part") {
  const char* const rising[] = {"0",     "0.0.0.1", "0.9", "0.10", "1",       "1.0.1",
                                "1.2.3", "1.2.10",  "1.3", "2",    "2.0.0.5", "10"};
  for (std::size_t i = 0; i < std::size(rising); ++i) {
    for (std::size_t k = 0; k < std::size(rising); ++k) {
      CHECK((version_of(rising[i]) < version_of(rising[k])) == (i < k));
      CHECK((version_of(rising[i]) == version_of(rising[k])) == (i == k));
    }
  }
  CHECK(version_of("1.2") == version_of("v1.2.0.0"));
  CHECK_FALSE(version_of("1.2") != version_of("1.2.0"));
}

TEST_CASE("M-001 M-002 the version in an annotation must be the floor or higher") {
  const version_rule rule = version_rule::annotation("version", version_of("1.2"));
  std::string long_and_escaped;
  for (int i = 0; i < 50; ++i) long_and_escaped += "\\u0031";
  long_and_escaped = R"({"version":")" + long_and_escaped + "\"}";
  struct row {
    const char* annotations;
    errc code;
  };
  for (const row& r :
       {row{R"({"version":"1.2"})", errc::ok}, row{R"({"version":"v1.2.0"})", errc::ok},
        row{R"({"a":"0","version":"1.10","z":"0"})", errc::ok},
        row{R"({"version":"1.\u0032"})", errc::ok}, row{R"({"versi\u006fn":"1.3"})", errc::ok},
        row{R"({"version":"1.1.9"})", errc::version_too_low},
        row{R"({"version":"1"})", errc::version_too_low},
        row{R"({"version":""})", errc::version_malformed},
        row{R"({"version":"latest"})", errc::version_malformed},
        row{R"({"version":"1.2\n"})", errc::version_malformed},
        row{long_and_escaped.c_str(), errc::version_malformed},
        row{R"({"Version":"1.2"})", errc::version_missing},
        row{R"({"other":"1.2"})", errc::version_missing}, row{"{}", errc::version_missing},
        row{"", errc::version_missing}}) {
    CAPTURE(std::string(r.annotations));
    CHECK(check(rule, r.annotations, R"(["r.io/app:9"])") == r.code);
  }
  CHECK(check(rule, R"({"version":"\u0031.2"})", "", 2) == errc::workspace_exhausted);
  CHECK(check(rule, R"({"version":"1.2"})", "", 0) == errc::ok);
}

TEST_CASE("M-001 M-002 the version in a tag must be the floor or higher") {
  const version_rule any = version_rule::tag("", version_of("2"));
  const version_rule app = version_rule::tag("r.io/app", version_of("2"));
  struct row {
    const char* references;
    errc of_any, of_app;
  };
  for (const row& r : {
           row{R"(["r.io/app:v2"])", errc::ok, errc::ok},
           row{R"(["r.io\/app:v2.1"])", errc::ok, errc::ok},
           row{R"(["r.io/app:1.9"])", errc::version_too_low, errc::version_too_low},
           row{R"(["r.io/app:latest"])", errc::version_malformed, errc::version_malformed},
           row{R"(["r.io/app"])", errc::version_missing, errc::version_missing},
           row{R"(["r.io/other:3"])", errc::ok, errc::version_missing},
           row{R"(["r.io/app/web:3"])", errc::ok, errc::version_missing},
           row{R"(["r.io/other:3","r.io/app:v2"])", errc::version_ambiguous, errc::ok},
           row{R"(["r.io/app:3","r.io/app:latest"])", errc::version_ambiguous,
               errc::version_ambiguous},
           row{R"(["r.io/app","r.io/app:3"])", errc::version_ambiguous, errc::version_ambiguous},
           row{R"(["r.io/app:3","r.io/app"])", errc::version_ambiguous, errc::version_ambiguous},
           row{"", errc::version_missing, errc::version_missing},
       }) {
    CAPTURE(std::string(r.references));
    CHECK(check(any, R"({"version":"9"})", r.references) == r.of_any);
    CHECK(check(app, R"({"version":"9"})", r.references) == r.of_app);
  }
  CHECK(check(any, "", R"(["r.io\/app:2"])", 4) == errc::workspace_exhausted);
}

TEST_CASE("the version that was verified is the next floor (M-002)") {
  const version_rule rule = version_rule::annotation("v", version_of("1"));
  nv2::static_workspace<64> memory;
  version found;
  const bytes signed_ones = bytes::of(R"({"v":"1.5"})");
  REQUIRE(nv2::read_version(rule, signed_ones, {}, memory, found) == errc::ok);
  CHECK(found == version_of("1.5"));
  const version_rule next = version_rule::annotation(rule.name(), found);
  CHECK(check(next, R"({"v":"1.4"})", "") == errc::version_too_low);
  CHECK(check(next, R"({"v":"1.5"})", "") == errc::ok);
}

TEST_CASE("a policy without a rule asks for no version, and borrows none that dies (M-004)") {
  const nv2::policy trust = nv2::policy::strict({}, nv2::revocation::not_checked());
  nv2::static_workspace<64> memory;
  CHECK(trust.check_version({}, memory) == errc::ok);
  const version_rule rule = version_rule::annotation("v", {});
  CHECK(trust.with_version_floor(rule).check_version({}, memory) == errc::version_missing);
  CHECK_FALSE(nv2::is_soft(errc::version_missing));
  CHECK_FALSE(nv2::is_soft(errc::version_too_low));
  CHECK(nv2::class_of(errc::version_malformed) == nv2::error_class::binding);
}
