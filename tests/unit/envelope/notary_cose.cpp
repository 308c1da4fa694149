// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/envelope/notary_cose.hpp>
#include <nv2/x509/certificate.hpp>

#include "support/exact.hpp"
#include "support/notary_builder.hpp"

using namespace std::string_view_literals;
using namespace nv2_test::notary;
using nv2::compat;
using nv2::errc;
using nv2_test::exact;
using nv2_test::exact_workspace;
using nv2_test::text_of;

namespace {

using names = std::vector<std::string_view>;

std::string characters(const blob& data) { return {data.begin(), data.end()}; }

/// One parse, with envelope and workspace on blocks of their own.
struct parsed {
  explicit parsed(const blob& data, compat leniency = compat::none, const names& known = {},
                  std::size_t room = 8192)
      : envelope(characters(data)), memory(room) {
    const nv2::parse_context context{memory, leniency, offset, {known.data(), known.size()}};
    code = nv2::parse_notary_cose(envelope.view(), context, message);
  }
  explicit parsed(const cose_plan& plan, compat leniency = compat::none, const names& known = {})
      : parsed(plan.envelope(), leniency, known) {}

  exact envelope;
  exact_workspace memory;
  std::uint32_t offset = 0;
  nv2::signed_message message;
  errc code = errc::unset;
};

struct row {
  const char* what;
  void (*change)(cose_plan&);
  errc expected;
  compat leniency = compat::none;
};

void check(const std::vector<row>& rows) {
  for (const row& r : rows) {
    const std::string what = r.what;
    CAPTURE(what);
    cose_plan plan;
    r.change(plan);
    const parsed result{plan, r.leniency};
    CHECK(std::string(nv2::name(result.code)) == nv2::name(r.expected));
  }
}

std::string signed_bytes(const nv2::signed_message& message) {
  std::string all;
  for (const nv2::bytes part : message.signed_parts) all += text_of(part);
  return all;
}

const blob chain_label = integer(33);
const blob scheme_label = tstr(scheme_name);
const blob time_label = tstr(time_name);
const blob authentic_label = tstr(authentic_name);
const blob expiry_label = tstr(expiry_name);
const blob null_item = {0xF6};
const blob undefined_item = {0xF7};
const blob true_item = {0xF5};

blob some_tagged_time() { return tagged(1, integer(some_time)); }
void time(cose_plan& plan, const blob& value) { plan.set_attribute(time_label, value); }
void no_attribute(cose_plan& plan, const blob& label) { drop<blob>(plan.attributes, label); }

}  // namespace

TEST_CASE("a plain envelope is read in all its parts: CV-01 C-001 C-041 C-044 C-045") {
  cose_plan plan;
  plan.set_header(tstr(agent_name), tstr("Signer/1.0"));
  plan.set_header(tstr(timestamp_name), bstr({1, 2, 3}));
  const parsed result{plan};
  REQUIRE(result.code == errc::ok);
  const nv2::signed_message& m = result.message;
  CHECK(text_of(m.payload) == some_payload());
  CHECK(signed_bytes(m) == characters(plan.to_be_signed()));
  CHECK(m.signature.size() == 64);
  REQUIRE(m.certificates.size() == 2);
  CHECK(text_of(m.certificates[0]) == "\x30\0"sv);
  CHECK(text_of(m.certificates[1]) == "\x30\1\x7F");
  CHECK(text_of(m.timestamp_token) == "\1\2\3");
  CHECK(text_of(m.signing_agent) == "Signer/1.0");
  CHECK(text_of(m.protected_header) == characters(plan.protected_content()));
  CHECK(m.scheme == nv2::signing_scheme::x509);
  CHECK(m.signing_time == some_time);
  CHECK(!m.has_expiry);
  CHECK(m.algorithm ==
        nv2::signature_algorithm{nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha256});
  CHECK(m.payload.data() > result.envelope.view().begin());  // no copy
  CHECK(m.payload.data() < result.envelope.view().end());
}

TEST_CASE("the bytes to be signed, of the rule book's vector: C-050 C-051 C-052 C-056") {
  cose_plan plan;
  plan.payload = text("{}");
  const parsed result{plan};
  REQUIRE(result.code == errc::ok);
  CHECK(result.message.protected_header.size() == 157);
  const std::string all = signed_bytes(result.message);
  CHECK(all.size() == 175);
  CHECK(all.substr(0, 14) == "\x84\x6ASignature1\x58\x9D");
  CHECK(all.substr(14, 3) == "\xA5\x01\x26");
  CHECK(all.substr(171) == "\x40\x42{}");
}

TEST_CASE("lengths of the bytes to be signed are written as short as they can be: C-050 C-051") {
  for (const std::size_t size : {1U, 23U, 24U, 255U, 256U, 65535U, 65536U, 70000U}) {
    cose_plan plan;
    plan.payload = blob(size, 'x');
    plan.set_attribute(tstr("padding"), bstr(blob(size, 0)));
    const parsed result{plan};
    REQUIRE(result.code == errc::ok);
    CHECK(signed_bytes(result.message) == characters(plan.to_be_signed()));
  }
}

TEST_CASE("the message: C-002 C-003 C-004 C-005 C-010 C-011 C-012 C-013") {
  check({
      {"C-002 CV-02 untagged", [](cose_plan& p) { p.start = {0x84}; }, errc::cose_prefix},
      {"C-002 CV-03 tag 18 in two bytes",
       [](cose_plan& p) {
         p.start = {0xD8, 0x12, 0x84};
       },
       errc::cose_prefix},
      {"C-002 CV-04 tag 18 twice",
       [](cose_plan& p) {
         p.start = {0xD2, 0xD2, 0x84};
       },
       errc::cose_prefix},
      {"C-002 CV-05 tag 98",
       [](cose_plan& p) {
         p.start = {0xD8, 0x62, 0x84};
       },
       errc::cose_prefix},
      {"C-002 CV-06 tag 55799",
       [](cose_plan& p) {
         p.start = {0xD9, 0xD9, 0xF7, 0xD2, 0x84};
       },
       errc::cose_prefix},
      {"C-002 CV-07 longer head",
       [](cose_plan& p) {
         p.start = {0xD2, 0x98, 0x04};
       },
       errc::cose_prefix},
      {"C-002 CV-08 indefinite array",
       [](cose_plan& p) {
         p.start = {0xD2, 0x9F};
         p.after = {0xFF};
       },
       errc::cose_prefix},
      {"C-002 CV-09 five elements",
       [](cose_plan& p) {
         p.start = {0xD2, 0x85};
         p.after = {0x00};
       },
       errc::cose_prefix},
      {"C-003 CV-10 one byte more", [](cose_plan& p) { p.after = {0x00}; }, errc::cbor_trailing},
      {"C-011 protected is a map", [](cose_plan& p) { p.element[0] = map_of(p.attributes); },
       errc::cbor_type},
      {"C-011 protected holds an array", [](cose_plan& p) { p.attributes_content = {0x80}; },
       errc::cbor_type},
      {"C-011 CV-73 protected has one byte more",
       [](cose_plan& p) {
         p.attributes_content = join({map_of(p.attributes), {0x00}});
       },
       errc::cbor_trailing},
      {"C-004 CV-72 protected map is indefinite",
       [](cose_plan& p) {
         p.attributes_content = map_of(p.attributes);
         p.attributes_content[0] = 0xBF;
         p.attributes_content.push_back(0xFF);
       },
       errc::cbor_indefinite},
      {"C-004 CV-78 protected is an indefinite string",
       [](cose_plan& p) {
         p.element[0] = join({{0x5F}, bstr(p.protected_content()), {0xFF}});
       },
       errc::cbor_indefinite},
      {"C-013 CV-70 protected is not sorted",
       [](cose_plan& p) { std::reverse(p.attributes.begin(), p.attributes.end()); }, errc::ok},
      {"C-013 CV-71 the head of the protected map is longer", [](cose_plan& p) { p.map_width = 4; },
       errc::ok},
      {"C-051 CV-74 the head of protected is longer", [](cose_plan& p) { p.protected_width = 8; },
       errc::ok},
      {"C-020 CV-76 protected is empty", [](cose_plan& p) { p.empty_attributes = true; },
       errc::notary_algorithm_missing},
      {"C-020 CV-76 protected is an empty map", [](cose_plan& p) { p.attributes_content = {0xA0}; },
       errc::notary_algorithm_missing},
      {"C-012 unprotected is an array", [](cose_plan& p) { p.element[1] = {0x80}; },
       errc::cbor_type},
      {"C-010 CV-80 payload nil", [](cose_plan& p) { p.element[2] = null_item; }, errc::cbor_type},
      {"C-010 CV-81 payload undefined", [](cose_plan& p) { p.element[2] = undefined_item; },
       errc::cbor_type},
      {"C-010 CV-82 payload empty", [](cose_plan& p) { p.payload = {}; }, errc::cose_payload_empty},
      {"C-010 CV-83 payload a text", [](cose_plan& p) { p.element[2] = tstr("{}"); },
       errc::cbor_type},
      {"C-009 CV-85 payload in tag 24",
       [](cose_plan& p) { p.element[2] = tagged(24, bstr(p.payload)); }, errc::cbor_type},
      {"C-013 CV-86 the head of the payload is longer", [](cose_plan& p) { p.payload_width = 8; },
       errc::ok},
      {"C-010 CV-88 signature empty", [](cose_plan& p) { p.element[3] = bstr({}); },
       errc::cose_signature_missing},
      {"C-010 CV-89 signature nil", [](cose_plan& p) { p.element[3] = null_item; },
       errc::cose_signature_missing},
      {"C-010 signature a text", [](cose_plan& p) { p.element[3] = tstr("x"); }, errc::cbor_type},
      {"C-005 nested too deep",
       [](cose_plan& p) {
         blob deep = integer(1);
         for (unsigned i = 0; i < 32; ++i) deep = array({deep});
         p.set_attribute(tstr("deep"), deep);
       },
       errc::cbor_depth},
      {"C-005 nested as deep as can be",
       [](cose_plan& p) {
         blob deep = integer(1);
         for (unsigned i = 0; i < 31; ++i) deep = array({deep});
         p.set_attribute(tstr("deep"), deep);
       },
       errc::ok},
      {"G-003 64 labels",
       [](cose_plan& p) {
         for (std::int64_t i = 6; i <= 64; ++i) p.set_attribute(integer(1000 + i), integer(i));
       },
       errc::ok},
      {"G-003 65 labels",
       [](cose_plan& p) {
         for (std::int64_t i = 6; i <= 65; ++i) p.set_attribute(integer(1000 + i), integer(i));
       },
       errc::cbor_members},
  });
  CHECK(parsed{blob{}}.code == errc::cose_prefix);
  CHECK(parsed{blob{0xD2}}.code == errc::cose_prefix);
  CHECK(parsed{blob{0xD2, 0x84}}.code == errc::cbor_truncated);
}

TEST_CASE("what is signed does not depend on how it was sent: C-051 CV-74 CV-75") {
  cose_plan plan;
  plan.protected_width = 4;
  plan.payload_width = 8;
  plan.map_width = 2;
  const parsed result{plan};
  REQUIRE(result.code == errc::ok);
  CHECK(signed_bytes(result.message) == characters(plan.to_be_signed()));
}

TEST_CASE("where an envelope is wrong is told") {
  cose_plan plan;
  plan.after = {0x00};
  CHECK(parsed{plan}.offset == plan.envelope().size() - 1);
  plan.after = {};
  no_attribute(plan, integer(1));
  CHECK(parsed{plan}.offset == 0);
}

TEST_CASE("labels: C-006 C-007 C-008 C-009 C-028") {
  check({
      {"C-028 CV-28 an unknown label", [](cose_plan& p) { p.set_attribute(tstr("x"), array({})); },
       errc::ok},
      {"C-007 CV-65 a key twice in unprotected",
       [](cose_plan& p) {
         p.header.emplace_back(tstr("x"), integer(1));
         p.header.emplace_back(tstr("x"), integer(1));
       },
       errc::cbor_duplicate_key},
      {"C-007 CV-66 a key twice in protected",
       [](cose_plan& p) { p.attributes.emplace_back(integer(1, 1), integer(-7)); },
       errc::cbor_duplicate_key},
      {"C-008 CV-67 a byte string as label",
       [](cose_plan& p) { p.set_attribute(bstr({1}), integer(1)); }, errc::cose_label},
      {"C-008 CV-67 true as label", [](cose_plan& p) { p.set_header(true_item, integer(1)); },
       errc::cose_label},
      {"C-008 a float as label", [](cose_plan& p) { p.set_header(float64(1), integer(1)); },
       errc::cose_label},
      {"C-008 null as label", [](cose_plan& p) { p.set_attribute(null_item, integer(1)); },
       errc::cose_label},
      {"C-008 a tag as label",
       [](cose_plan& p) { p.set_attribute(tagged(2, bstr({1})), integer(1)); }, errc::cbor_key},
      {"C-008 CV-68 negative labels",
       [](cose_plan& p) {
         p.set_attribute(integer(-1), integer(1));
         p.set_attribute(integer(std::numeric_limits<std::int64_t>::min()), integer(1));
       },
       errc::ok},
      {"C-008 CV-69 a label of 2^63",
       [](cose_plan& p) { p.set_attribute(cbor_head(0, 1ULL << 63), integer(1)); },
       errc::cbor_integer},
      {"C-008 labels that are known ones in 32 bits",
       [](cose_plan& p) {
         for (const std::int64_t n : {1, 2, 3, 4, 5, 33}) {
           p.set_attribute(integer((std::int64_t{1} << 32) + n), integer(1));
         }
       },
       errc::ok},
      {"C-006 CV-93 invalid UTF-8 in protected",
       [](cose_plan& p) { p.set_attribute(tstr("x"), tstr("\xC0\x80")); }, errc::cbor_utf8},
      {"C-006 CV-94 invalid UTF-8 in unprotected",
       [](cose_plan& p) { p.set_header(tstr("\xFF"), integer(1)); }, errc::cbor_utf8},
      {"C-009 CV-90 a tag in unprotected",
       [](cose_plan& p) { p.set_header(tstr("x"), tagged(42, integer(1))); }, errc::cbor_tag},
      {"C-009 a tag deep inside unprotected",
       [](cose_plan& p) {
         p.set_header(tstr("x"),
                      array({tstr("a"), map_of({{bstr({0xC1}), tagged(1, integer(1))}})}));
       },
       errc::cbor_tag},
      {"C-009 bytes that only look like a tag",
       [](cose_plan& p) {
         p.set_header(tstr("x"), array({bstr({0xC1, 0x01}), float64(-2.5)}));
       },
       errc::ok},
      {"C-009 CV-91 a tag in protected",
       [](cose_plan& p) { p.set_attribute(tstr("x"), tagged(42, integer(1))); }, errc::ok},
      {"C-008 CV-92 whatever else in protected",
       [](cose_plan& p) {
         p.set_attribute(tstr("x"),
                         array({float64(1.5), {0xE0}, map_of({{bstr({1}), null_item}})}));
       },
       errc::ok},
      {"C-004 a reserved head inside a value",
       [](cose_plan& p) {
         p.set_attribute(tstr("x"), blob{0x81, 0x1C});
       },
       errc::cbor_head},
      {"a text label that reads like a JOSE name",
       [](cose_plan& p) {
         p.set_attribute(tstr("alg"), integer(1));
         p.set_attribute(tstr("kid"), integer(1));
         p.set_attribute(tstr("x5c"), integer(1));
         p.set_header(tstr("crit"), integer(1));
       },
       errc::ok},
  });
}

TEST_CASE("values that nobody reads are valid all the same: C-008 C-009") {
  const blob large = cbor_head(0, 1ULL << 63);
  const blob small = cbor_head(1, 1ULL << 63);
  struct value {
    const char* what;
    blob item;
    errc in_protected;
    errc in_unprotected;
  };
  const std::vector<value> values = {
      {"2^63 - 1", integer(std::numeric_limits<std::int64_t>::max()), errc::ok, errc::ok},
      {"-2^63", integer(std::numeric_limits<std::int64_t>::min()), errc::ok, errc::ok},
      {"2^63", large, errc::cbor_integer, errc::cbor_integer},
      {"-2^63 - 1", small, errc::cbor_integer, errc::cbor_integer},
      {"2^63 in an array", array({integer(1), large}), errc::cbor_integer, errc::cbor_integer},
      {"2^63 in a map", map_of({{tstr("a"), large}}), errc::cbor_integer, errc::cbor_integer},
      {"2^63 as a key", map_of({{large, null_item}}), errc::cbor_integer, errc::cbor_integer},
      {"2^63 in a tag", tagged(99, large), errc::cbor_integer, errc::cbor_tag},
      {"a string of bytes like 2^63", bstr(large), errc::ok, errc::ok},
      {"a time as text", tagged(0, tstr("2040-01-01T00:00:00Z")), errc::ok, errc::cbor_tag},
      {"a time as text that is a number", tagged(0, integer(1)), errc::cbor_type, errc::cbor_tag},
      {"a time", tagged(1, integer(1)), errc::ok, errc::cbor_tag},
      {"a time before 1970", tagged(1, integer(-1)), errc::ok, errc::cbor_tag},
      {"a time with a fraction", tagged(1, float64(1.5)), errc::ok, errc::cbor_tag},
      {"a time that is text", tagged(1, tstr("x")), errc::cbor_type, errc::cbor_tag},
      {"a time in a tag", tagged(1, tagged(1, integer(1))), errc::cbor_type, errc::cbor_tag},
      {"large numbers", array({tagged(2, bstr({1})), tagged(3, bstr({}))}), errc::ok,
       errc::cbor_tag},
      {"a large number that is a number", tagged(2, integer(1)), errc::cbor_type, errc::cbor_tag},
      {"a negative one that is text", tagged(3, tstr("1")), errc::cbor_type, errc::cbor_tag},
      {"another tag", tagged(4, array({})), errc::ok, errc::cbor_tag}};
  for (const value& v : values) {
    const std::string what = v.what;
    CAPTURE(what);
    cose_plan in_protected, in_unprotected;
    in_protected.set_attribute(tstr("x"), v.item);
    in_unprotected.set_header(tstr("x"), v.item);
    CHECK(std::string(nv2::name(parsed{in_protected}.code)) == nv2::name(v.in_protected));
    CHECK(std::string(nv2::name(parsed{in_unprotected}.code)) == nv2::name(v.in_unprotected));
  }
}

TEST_CASE("alg: C-020") {
  check({
      {"C-020 CV-22 missing", [](cose_plan& p) { no_attribute(p, integer(1)); },
       errc::notary_algorithm_missing},
      {"C-020 CV-22 only unprotected",
       [](cose_plan& p) {
         no_attribute(p, integer(1));
         p.set_header(integer(1), integer(-7));
       },
       errc::notary_algorithm_missing},
      {"C-020 CV-23 a text", [](cose_plan& p) { p.set_attribute(integer(1), tstr("ES256")); },
       errc::notary_algorithm_unknown},
      {"C-020 CV-25 -8", [](cose_plan& p) { p.set_attribute(integer(1), integer(-8)); },
       errc::notary_algorithm_unknown},
      {"C-020 CV-27 a bignum",
       [](cose_plan& p) { p.set_attribute(integer(1), tagged(3, bstr({6}))); }, errc::cbor_type},
      {"C-020 CV-77 a longer head",
       [](cose_plan& p) { p.set_attribute(integer(1), integer(-7, 8)); }, errc::ok},
      {"C-040 CV-26 in both", [](cose_plan& p) { p.set_header(integer(1), integer(-7)); },
       errc::cose_label_in_both},
      {"C-040 in both, lenient", [](cose_plan& p) { p.set_header(integer(1), tstr("none")); },
       errc::ok, compat::cose_overlap_labels},
  });
  struct algorithm_row {
    std::int64_t number;
    nv2::signature_scheme scheme;
    nv2::hash_algorithm hash;
  };
  const std::vector<algorithm_row> known = {
      {-7, nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha256},
      {-35, nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha384},
      {-36, nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha512},
      {-37, nv2::signature_scheme::rsa_pss, nv2::hash_algorithm::sha256},
      {-38, nv2::signature_scheme::rsa_pss, nv2::hash_algorithm::sha384},
      {-39, nv2::signature_scheme::rsa_pss, nv2::hash_algorithm::sha512},
  };
  constexpr auto min = std::numeric_limits<std::int64_t>::min();
  constexpr auto max = std::numeric_limits<std::int64_t>::max();
  std::vector<std::int64_t> numbers = {min,  min + 1, max, max - 1, -(std::int64_t{1} << 32) - 7,
                                       -257, -65535};
  for (std::int64_t i = -300; i < 300; ++i) numbers.push_back(i);
  for (const std::int64_t number : numbers) {
    cose_plan plan;
    plan.set_attribute(integer(1), integer(number));
    const parsed result{plan};
    errc expected = errc::notary_algorithm_unknown;
    for (const algorithm_row& r : known) {
      if (r.number != number) continue;
      expected = errc::ok;
      CHECK(result.message.algorithm == nv2::signature_algorithm{r.scheme, r.hash});
    }
    CAPTURE(number);
    CHECK(result.code == expected);
  }
}

TEST_CASE("content type and scheme: C-021 C-022") {
  check({
      {"C-021 CV-29 missing", [](cose_plan& p) { no_attribute(p, integer(3)); },
       errc::cose_content_type_missing},
      {"C-021 CV-29 a number", [](cose_plan& p) { p.set_attribute(integer(3), integer(50)); },
       errc::cbor_type},
      {"C-021 CV-29 empty", [](cose_plan& p) { p.set_attribute(integer(3), tstr("")); },
       errc::notary_content_type},
      {"C-021 CV-29 without a slash",
       [](cose_plan& p) { p.set_attribute(integer(3), tstr("application")); },
       errc::notary_content_type},
      {"C-021 CV-29 another",
       [](cose_plan& p) { p.set_attribute(integer(3), tstr("application/json")); },
       errc::notary_content_type},
      {"C-022 missing", [](cose_plan& p) { no_attribute(p, scheme_label); },
       errc::notary_scheme_missing},
      {"C-022 CV-30 unknown", [](cose_plan& p) { p.set_attribute(scheme_label, tstr("notary.x")); },
       errc::notary_scheme_unknown},
      {"C-022 CV-30 a number", [](cose_plan& p) { p.set_attribute(scheme_label, integer(1)); },
       errc::cbor_type},
  });
}

TEST_CASE("times: C-023 C-024 C-025 C-026 C-027") {
  check({
      {"C-023 CV-31 missing", [](cose_plan& p) { no_attribute(p, time_label); },
       errc::notary_times_x509},
      {"C-024 CV-32 untagged", [](cose_plan& p) { time(p, integer(some_time)); }, errc::cbor_type},
      {"C-024 CV-33 tag 0", [](cose_plan& p) { time(p, tagged(0, tstr("2023-11-14T22:13:20Z"))); },
       errc::cose_time},
      {"C-025 CV-34 double", [](cose_plan& p) { time(p, tagged(1, float64(1700000000.25))); },
       errc::ok},
      {"C-025 CV-34 half",
       [](cose_plan& p) {
         time(p, tagged(1, {0xF9, 0x3C, 0x00}));
       },
       errc::ok},
      {"C-026 CV-35 negative", [](cose_plan& p) { time(p, tagged(1, integer(-1))); }, errc::ok},
      {"C-026 CV-35 zero", [](cose_plan& p) { time(p, tagged(1, integer(0))); }, errc::ok},
      {"C-024 CV-36 a text", [](cose_plan& p) { time(p, tagged(1, tstr("1"))); }, errc::cbor_type},
      {"C-024 CV-36 null", [](cose_plan& p) { time(p, tagged(1, null_item)); }, errc::cbor_type},
      {"C-024 CV-36 a tag in a tag", [](cose_plan& p) { time(p, tagged(1, some_tagged_time())); },
       errc::cbor_type},
      {"C-024 a bignum", [](cose_plan& p) { time(p, tagged(1, tagged(2, bstr({1})))); },
       errc::cbor_type},
      {"C-025 CV-37 NaN", [](cose_plan& p) { time(p, tagged(1, float64(std::nan("")))); },
       errc::cbor_integer},
      {"C-025 infinity", [](cose_plan& p) { time(p, tagged(1, float64(HUGE_VAL))); },
       errc::cbor_integer},
      {"C-024 CV-38 a longer tag", [](cose_plan& p) { time(p, tagged(1, integer(some_time), 1)); },
       errc::ok},
      {"C-013 CV-39 a longer number",
       [](cose_plan& p) { time(p, tagged(1, integer(some_time, 8))); }, errc::ok},
      {"C-026 CV-40 huge",
       [](cose_plan& p) { time(p, tagged(1, integer(std::numeric_limits<std::int64_t>::max()))); },
       errc::cose_time_range},
      {"C-026 beyond int64", [](cose_plan& p) { time(p, tagged(1, cbor_head(0, ~0ULL))); },
       errc::cbor_integer},
      {"C-026 the first", [](cose_plan& p) { time(p, tagged(1, integer(-62135596799))); },
       errc::ok},
      {"C-026 before the first", [](cose_plan& p) { time(p, tagged(1, integer(-62135596800))); },
       errc::cose_time_range},
      {"C-026 the last", [](cose_plan& p) { time(p, tagged(1, integer(253402300799))); }, errc::ok},
      {"C-026 after the last", [](cose_plan& p) { time(p, tagged(1, integer(253402300800))); },
       errc::cose_time_range},
      {"C-024 CV-41 tag 1004", [](cose_plan& p) { time(p, tagged(1004, tstr("2023-11-14"))); },
       errc::cose_time},
      {"C-023 CV-43 both times",
       [](cose_plan& p) { p.set_attribute(authentic_label, some_tagged_time()); },
       errc::notary_times_x509},
      {"C-023 CV-44 the other one of a wrong type",
       [](cose_plan& p) { p.set_attribute(authentic_label, tstr("x")); }, errc::notary_times_x509},
      {"C-023 CV-45 signing authority", [](cose_plan& p) { p.use_authority(); }, errc::ok},
      {"C-023 CV-46 with a signing time",
       [](cose_plan& p) {
         p.use_authority();
         time(p, some_tagged_time());
       },
       errc::notary_times_authority},
      {"C-023 both times, lenient",
       [](cose_plan& p) { p.set_attribute(authentic_label, tstr("x")); }, errc::ok,
       compat::cose_ignore_other_time},
      {"C-023 with a signing time, lenient",
       [](cose_plan& p) {
         p.use_authority();
         time(p, null_item);
       },
       errc::ok, compat::cose_ignore_other_time},
      {"C-023 only the other one, lenient",
       [](cose_plan& p) {
         p.set_attribute(authentic_label, some_tagged_time());
         no_attribute(p, time_label);
       },
       errc::notary_times_x509, compat::cose_ignore_other_time},
      {"C-032 CV-47 authentic time is not critical",
       [](cose_plan& p) {
         p.use_authority();
         p.set_critical({scheme_label});
       },
       errc::notary_critical_required},
      {"C-023 CV-48 no authentic time",
       [](cose_plan& p) {
         p.use_authority();
         no_attribute(p, authentic_label);
       },
       errc::notary_times_authority},
      {"C-027 CV-50 expiry", [](cose_plan& p) { p.use_expiry(tagged(1, integer(some_time + 1))); },
       errc::ok},
      {"C-032 CV-51 expiry is not critical",
       [](cose_plan& p) {
         p.use_expiry(tagged(1, integer(some_time + 1)));
         p.set_critical({scheme_label});
       },
       errc::notary_critical_required},
      {"C-027 CV-52 expiry equal to the signing time",
       [](cose_plan& p) { p.use_expiry(some_tagged_time()); }, errc::notary_expiry},
      {"C-025 C-027 expiry later by less than a second",
       [](cose_plan& p) { p.use_expiry(tagged(1, float64(1700000000.75))); }, errc::notary_expiry},
      {"C-025 C-027 rounded against the signer",
       [](cose_plan& p) {
         time(p, tagged(1, float64(1700000000.25)));
         p.use_expiry(tagged(1, float64(1700000001.75)));
       },
       errc::notary_expiry},
      {"C-027 CV-53 expiry in the past is for others to judge",
       [](cose_plan& p) {
         time(p, tagged(1, integer(1)));
         p.use_expiry(tagged(1, integer(2)));
       },
       errc::ok},
      {"C-024 CV-54 expiry of tag 0",
       [](cose_plan& p) { p.use_expiry(tagged(0, tstr("2033-11-14T22:13:20Z"))); },
       errc::cose_time},
      {"C-027 CV-55 expiry null", [](cose_plan& p) { p.use_expiry(null_item); }, errc::cbor_type},
  });
}

TEST_CASE("fractions are rounded against the signer: C-025") {
  cose_plan plan;
  time(plan, tagged(1, float64(-10.5)));
  plan.use_expiry(tagged(1, float64(-5.5)));
  const parsed result{plan};
  REQUIRE(result.code == errc::ok);
  CHECK(result.message.signing_time == -10);
  CHECK(result.message.has_expiry);
  CHECK(result.message.expiry == -6);
}

TEST_CASE("known parameters have their types and places: C-029 C-046") {
  check({
      {"CV-97 kid", [](cose_plan& p) { p.set_attribute(integer(4), bstr({1})); }, errc::ok},
      {"CV-96 kid a number", [](cose_plan& p) { p.set_header(integer(4), integer(1)); },
       errc::cbor_type},
      {"CV-95 IV and Partial IV",
       [](cose_plan& p) {
         p.set_attribute(integer(5), bstr({1}));
         p.set_header(integer(6), bstr({1}));
       },
       errc::cose_parameter},
      {"IV", [](cose_plan& p) { p.set_header(integer(5), bstr({1})); }, errc::cose_parameter},
      {"Partial IV", [](cose_plan& p) { p.set_attribute(integer(6), bstr({1})); },
       errc::cose_parameter},
      {"counter signature", [](cose_plan& p) { p.set_header(integer(7), bstr({1})); },
       errc::cose_parameter},
      {"CV-98 label 9", [](cose_plan& p) { p.set_header(integer(9), bstr({1})); }, errc::ok},
      {"label 9 a text", [](cose_plan& p) { p.set_header(integer(9), tstr("x")); },
       errc::cbor_type},
      {"label 9 protected", [](cose_plan& p) { p.set_attribute(integer(9), bstr({1})); },
       errc::cose_parameter},
      {"CV-99 label 11", [](cose_plan& p) { p.set_header(integer(11), integer(1)); },
       errc::cose_parameter},
      {"label 12", [](cose_plan& p) { p.set_header(integer(12), bstr({1})); }, errc::ok},
      {"label 12 protected", [](cose_plan& p) { p.set_attribute(integer(12), bstr({1})); },
       errc::cose_parameter},
      {"typ a number", [](cose_plan& p) { p.set_attribute(integer(16), integer(50)); }, errc::ok},
      {"typ a type", [](cose_plan& p) { p.set_header(integer(16), tstr("a/b")); }, errc::ok},
      {"CV-100 typ without a slash", [](cose_plan& p) { p.set_attribute(integer(16), tstr("ab")); },
       errc::cose_parameter},
      {"typ with two slashes", [](cose_plan& p) { p.set_header(integer(16), tstr("a/b/c")); },
       errc::cose_parameter},
      {"typ with a space before it", [](cose_plan& p) { p.set_header(integer(16), tstr(" a/b")); },
       errc::cose_parameter},
      {"typ with a space after it", [](cose_plan& p) { p.set_header(integer(16), tstr("a/b ")); },
       errc::cose_parameter},
      {"typ empty", [](cose_plan& p) { p.set_header(integer(16), tstr("")); },
       errc::cose_parameter},
      {"typ negative", [](cose_plan& p) { p.set_header(integer(16), integer(-1)); },
       errc::cbor_type},
      {"typ in a tag", [](cose_plan& p) { p.set_attribute(integer(16), tagged(1, integer(1))); },
       errc::cbor_type},
      {"C-046 others select no key",
       [](cose_plan& p) {
         p.set_header(integer(34), integer(1));
         p.set_header(integer(35), tstr("http://example.com"));
         p.set_attribute(integer(32), bstr({1}));
         p.set_header(integer(0), integer(1));
         p.set_header(integer(17), integer(1));
       },
       errc::ok},
  });
}

TEST_CASE("crit: C-030 C-031 C-032 C-033 C-034 C-035 C-036") {
  check({
      {"C-030 CV-11 none", [](cose_plan& p) { no_attribute(p, integer(2)); },
       errc::notary_critical_missing},
      {"C-030 CV-12 empty", [](cose_plan& p) { p.set_critical({}); },
       errc::notary_critical_missing},
      {"C-031 CV-13 a label that is absent",
       [](cose_plan& p) {
         p.set_critical({scheme_label, expiry_label});
       },
       errc::notary_critical_absent},
      {"C-035 CV-13 an unknown label that is absent",
       [](cose_plan& p) {
         p.set_critical({scheme_label, tstr("x")});
       },
       errc::notary_critical_unknown},
      {"C-033 CV-14 alg",
       [](cose_plan& p) {
         p.set_critical({scheme_label, integer(1)});
       },
       errc::notary_critical_registered},
      {"C-033 CV-15 content type",
       [](cose_plan& p) {
         p.set_critical({scheme_label, integer(3)});
       },
       errc::notary_critical_registered},
      {"C-033 kid",
       [](cose_plan& p) {
         p.set_attribute(integer(4), bstr({1}));
         p.set_critical({scheme_label, integer(4)});
       },
       errc::notary_critical_registered},
      {"C-034 CV-16 signing time",
       [](cose_plan& p) {
         p.set_critical({scheme_label, time_label});
       },
       errc::notary_critical_unknown},
      {"C-034 CV-17 the scheme twice",
       [](cose_plan& p) {
         p.set_critical({scheme_label, scheme_label});
       },
       errc::notary_critical_twice},
      {"C-033 C-034 all of these, lenient",
       [](cose_plan& p) {
         p.set_critical(
             {integer(1), scheme_label, integer(3), integer(2), time_label, scheme_label});
       },
       errc::ok, compat::cose_crit_lenient},
      {"C-031 even when lenient",
       [](cose_plan& p) {
         p.set_critical({scheme_label, expiry_label});
       },
       errc::notary_critical_absent, compat::cose_crit_lenient},
      {"C-035 even when lenient",
       [](cose_plan& p) {
         p.set_attribute(integer(4), bstr({1}));
         p.set_critical({scheme_label, integer(4)});
       },
       errc::notary_critical_registered, compat::cose_crit_lenient},
      {"C-030 CV-18 a text", [](cose_plan& p) { p.set_attribute(integer(2), scheme_label); },
       errc::cbor_type},
      {"C-030 CV-18 with a byte string", [](cose_plan& p) { p.set_critical({bstr({1})}); },
       errc::cose_label},
      {"C-032 CV-19 without the scheme",
       [](cose_plan& p) {
         p.use_expiry(tagged(1, integer(some_time + 1)));
         p.set_critical({expiry_label});
       },
       errc::notary_critical_required},
      {"C-035 CV-20 an unknown text that is there",
       [](cose_plan& p) {
         p.set_attribute(tstr("x"), integer(1));
         p.set_critical({scheme_label, tstr("x")});
       },
       errc::notary_critical_unknown},
      {"C-035 CV-21 an unknown number that is there",
       [](cose_plan& p) {
         p.set_attribute(integer(100), integer(1));
         p.set_critical({scheme_label, integer(100)});
       },
       errc::notary_critical_unknown},
      {"C-030 CV-64 crit in unprotected", [](cose_plan& p) { p.set_header(integer(2), array({})); },
       errc::cose_label_in_both},
      {"C-030 CV-64 crit only in unprotected",
       [](cose_plan& p) {
         no_attribute(p, integer(2));
         p.set_header(integer(2), array({scheme_label}));
       },
       errc::cose_critical_unprotected},
      {"C-030 whatever else is allowed", [](cose_plan& p) { p.set_header(integer(2), array({})); },
       errc::cose_critical_unprotected, compat::cose_overlap_labels},
      {"C-036 plugin",
       [](cose_plan& p) {
         p.set_attribute(tstr(plugin_name), tstr("x"));
         p.set_critical({scheme_label, tstr(plugin_name)});
       },
       errc::notary_plugin},
      {"C-036 plugin that is not critical",
       [](cose_plan& p) { p.set_attribute(tstr(plugin_name), tstr("x")); }, errc::notary_plugin},
      {"C-036 only its version",
       [](cose_plan& p) { p.set_attribute(tstr(plugin_version_name), tstr("1.0.0")); },
       errc::notary_plugin},
  });
}

TEST_CASE("the caller can understand extended attributes: C-035") {
  cose_plan plan;
  plan.set_attribute(tstr("com.example"), integer(1));
  plan.set_critical({scheme_label, tstr("com.example")});
  CHECK(parsed{plan, compat::none, {"x", "com.example"}}.code == errc::ok);
  CHECK(parsed{plan, compat::none, {"x"}}.code == errc::notary_critical_unknown);
  no_attribute(plan, tstr("com.example"));
  CHECK(parsed{plan, compat::none, {"com.example"}}.code == errc::notary_critical_absent);
}

TEST_CASE("the unprotected header: C-040 C-041 C-042 C-043 C-044 C-045 G-021") {
  const blob one = bstr({0x30, 0x00});
  static const blob certificate = one;
  check({
      {"C-041 no chain", [](cose_plan& p) { p.header.clear(); }, errc::notary_chain_empty},
      {"C-041 CV-58 empty", [](cose_plan& p) { p.set_header(chain_label, array({})); },
       errc::notary_chain_empty},
      {"C-042 CV-57 a bare certificate",
       [](cose_plan& p) { p.set_header(chain_label, certificate); }, errc::cbor_type},
      {"C-042 a bare certificate, lenient",
       [](cose_plan& p) { p.set_header(chain_label, certificate); }, errc::ok,
       compat::cose_x5chain_bare},
      {"C-042 an array, lenient", [](cose_plan&) {}, errc::ok, compat::cose_x5chain_bare},
      {"C-043 CV-59 only in protected",
       [](cose_plan& p) {
         p.header.clear();
         p.set_attribute(chain_label, array({certificate}));
       },
       errc::notary_chain_empty},
      {"C-043 only in protected, lenient",
       [](cose_plan& p) {
         p.header.clear();
         p.set_attribute(chain_label, array({certificate}));
       },
       errc::ok, compat::cose_x5chain_protected},
      {"C-040 CV-60 in both",
       [](cose_plan& p) { p.set_attribute(chain_label, array({certificate})); },
       errc::cose_label_in_both},
      {"C-040 in both, with protected chains allowed",
       [](cose_plan& p) { p.set_attribute(chain_label, array({certificate})); },
       errc::cose_label_in_both, compat::cose_x5chain_protected},
      {"C-041 CV-62 a text in it",
       [](cose_plan& p) { p.set_header(chain_label, array({tstr("x")})); }, errc::cbor_type},
      {"ten certificates",
       [](cose_plan& p) { p.set_header(chain_label, array(std::vector<blob>(10, certificate))); },
       errc::ok},
      {"G-003 eleven certificates",
       [](cose_plan& p) { p.set_header(chain_label, array(std::vector<blob>(11, certificate))); },
       errc::chain_too_long},
      {"C-044 CV-102 timestamp a text",
       [](cose_plan& p) { p.set_header(tstr(timestamp_name), tstr("x")); }, errc::cbor_type},
      {"C-044 timestamp empty", [](cose_plan& p) { p.set_header(tstr(timestamp_name), bstr({})); },
       errc::notary_timestamp_empty},
      {"C-045 CV-101 agent a number",
       [](cose_plan& p) { p.set_header(tstr(agent_name), integer(1)); }, errc::cbor_type},
      {"C-040 unknown numbers in both",
       [](cose_plan& p) {
         p.set_attribute(integer(-70000), integer(1));
         p.set_attribute(integer(100), integer(1));
         p.set_header(integer(-70000, 8), integer(1));
       },
       errc::cose_label_in_both},
      {"C-040 unknown texts in both",
       [](cose_plan& p) {
         p.set_attribute(tstr("abc"), integer(1));
         p.set_header(tstr("x"), integer(1));
         p.set_header(tstr("abc"), integer(1));
       },
       errc::cose_label_in_both},
      {"C-040 unknown labels in both, lenient",
       [](cose_plan& p) {
         p.set_attribute(tstr("abc"), integer(1));
         p.set_header(tstr("abc"), integer(1));
       },
       errc::ok, compat::cose_overlap_labels},
      {"C-040 other unknown labels",
       [](cose_plan& p) {
         p.set_attribute(tstr("abc"), integer(1));
         p.set_attribute(integer(100), integer(1));
         p.set_header(tstr("ab"), integer(1));
         p.set_header(integer(-101), integer(1));
         p.set_header(tstr("100"), integer(1));
       },
       errc::ok},
      {"C-040 agent in both",
       [](cose_plan& p) {
         p.set_attribute(tstr(agent_name), integer(1));
         p.set_header(tstr(agent_name), tstr("x"));
       },
       errc::cose_label_in_both},
  });
}

TEST_CASE("with labels in both headers, each takes its own: C-040 C-043") {
  cose_plan plan;
  plan.set_header(integer(1), integer(-39));
  plan.set_attribute(chain_label, array({bstr({1})}));
  const parsed result{plan, compat::cose_overlap_labels | compat::cose_x5chain_protected};
  REQUIRE(result.code == errc::ok);
  CHECK(result.message.algorithm.scheme == nv2::signature_scheme::ecdsa);
  CHECK(result.message.certificates.size() == 2);
}

TEST_CASE("a leaf with one more byte is no certificate: CV-63 C-041") {
  cose_plan plan;
  plan.set_header(chain_label, array({bstr({0x30, 0x00, 0x00})}));
  const parsed result{plan};
  REQUIRE(result.code == errc::ok);
  nv2::certificate ignored;
  CHECK(nv2::parse_certificate(result.message.certificates[0], ignored) != errc::ok);
}

TEST_CASE("COSE takes constant memory: G-003") {
  for (const std::size_t size : {1U, 1000U, 100000U}) {
    cose_plan plan;
    plan.set_header(chain_label, array({bstr(blob(size, 0x30))}));
    plan.payload = blob(size, 'x');
    const parsed result{plan};
    CHECK(result.code == errc::ok);
    CHECK(result.memory.peak() <= nv2::limits::certificates * sizeof(nv2::bytes) + 12 + 8 +
                                      sizeof(nv2::notary_detail::cose_parser));
  }
}

TEST_CASE("no memory is an error at every size") {
  cose_plan plan;
  plan.set_attribute(tstr("abc"), integer(1));
  plan.set_header(tstr("x"), integer(1));
  const blob envelope = plan.envelope();
  const std::size_t enough = parsed{envelope}.memory.peak();
  for (std::size_t room = 0; room < enough; ++room) {
    CAPTURE(room);
    CHECK(parsed{envelope, compat::none, {}, room}.code == errc::workspace_exhausted);
  }
  CHECK(parsed{envelope, compat::none, {}, enough}.code == errc::ok);
}

TEST_CASE("cut or bent anywhere, an envelope is refused or says the same: C-003 C-004") {
  cose_plan plan;
  plan.use_expiry(tagged(1, integer(some_time + 100)));
  plan.set_attribute(tstr("abc"), array({integer(1), map_of({{integer(1), tstr("x")}})}));
  plan.set_header(tstr(timestamp_name), bstr({1, 2, 3}));
  plan.set_header(tstr(agent_name), tstr("me"));
  plan.set_header(integer(4), bstr({1}));
  plan.set_header(integer(16), tstr("a/b"));
  const blob good = plan.envelope();
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK(parsed{blob(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))}.code !=
          errc::ok);
  }
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (unsigned value = 0; value < 256; value += 1) {
      blob bent = good;
      bent[i] = static_cast<std::uint8_t>(value);
      const errc code = parsed{bent, compat::none, {}, 512}.code;
      if (code == errc::unset) CHECK(code != errc::unset);
    }
  }
}
