// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/envelope/notary_jws.hpp>
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

/// One parse, with envelope and workspace on blocks of their own.
struct parsed {
  explicit parsed(std::string_view text, compat leniency = compat::none, const names& known = {},
                  std::size_t room = 32768)
      : envelope(text), memory(room) {
    const nv2::parse_context context{memory, leniency, offset, {known.data(), known.size()}};
    code = nv2::parse_notary_jws(envelope.view(), context, message);
  }
  explicit parsed(const jws_plan& plan, compat leniency = compat::none, const names& known = {})
      : parsed(plan.envelope(), leniency, known) {}

  exact envelope;
  exact_workspace memory;
  std::uint32_t offset = 0;
  nv2::signed_message message;
  errc code = errc::unset;
};

struct row {
  const char* what;
  void (*change)(jws_plan&);
  errc expected;
  compat leniency = compat::none;
};

void check(const std::vector<row>& rows) {
  for (const row& r : rows) {
    const std::string what = r.what;
    CAPTURE(what);
    jws_plan plan;
    r.change(plan);
    const parsed result{plan, r.leniency};
    CHECK(std::string(nv2::name(result.code)) == nv2::name(r.expected));
  }
}

void attribute(jws_plan& plan, std::string_view name, std::string_view value) {
  set<std::string>(plan.attributes, std::string(name), std::string(value));
}
void no_attribute(jws_plan& plan, std::string_view name) {
  drop<std::string>(plan.attributes, std::string(name));
}
void member(jws_plan& plan, std::string_view name, std::string_view value) {
  set<std::string>(plan.top, std::string(name), std::string(value));
}
void critical(jws_plan& plan, const names& listed) {
  attribute(plan, "crit", list_of({listed.begin(), listed.end()}));
}
void header(jws_plan& plan, std::string_view name, std::string_view value) {
  plan.header.emplace_back(name, value);
}
/// Another text in place of the signature, between quotes.
void signature(jws_plan& plan, std::string_view value) { member(plan, "signature", quoted(value)); }

}  // namespace

TEST_CASE("a plain envelope is read in all its parts: JV-01 J-038 J-042") {
  jws_plan plan;
  header(plan, agent_name, R"("Signer\/1.0")");
  header(plan, timestamp_name, "\"AQID\"");
  const parsed result{plan};
  REQUIRE(result.code == errc::ok);
  const nv2::signed_message& m = result.message;
  CHECK(text_of(m.payload) == plan.payload);
  CHECK(text_of(m.signed_parts[0]) == plan.protected_text());
  CHECK(text_of(m.signed_parts[1]) == ".");
  CHECK(text_of(m.signed_parts[2]) == plan.payload_text());
  CHECK(m.signed_parts[3].empty());
  CHECK(m.signed_parts[4].empty());
  CHECK(m.signature.size() == 64);
  REQUIRE(m.certificates.size() == 2);
  CHECK(equal(m.certificates[0], view(plan.chain[0])));
  CHECK(equal(m.certificates[1], view(plan.chain[1])));
  CHECK(text_of(m.timestamp_token) == "\1\2\3");
  CHECK(text_of(m.signing_agent) == R"(Signer\/1.0)");
  CHECK(text_of(m.protected_header) == jws_plan::object(plan.attributes));
  CHECK(m.scheme == nv2::signing_scheme::x509);
  CHECK(m.signing_time == some_time);
  CHECK(m.signing_nanoseconds == 0);
  CHECK(!m.has_expiry);
  CHECK(m.algorithm ==
        nv2::signature_algorithm{nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha256});
}

TEST_CASE("the payload is not looked into: J-046") {
  for (const auto* payload : {"[]", "null", "x", "{\"targetArtifact\":{}}"}) {
    jws_plan plan;
    plan.payload = payload;
    CHECK(parsed{plan}.code == errc::ok);
  }
}

TEST_CASE("the signed bytes of the rule book's vector") {
  jws_plan plan;
  plan.payload = "{}";
  const parsed result{plan};
  REQUIRE(result.code == errc::ok);
  CHECK(
      text_of(result.message.signed_parts[0]) ==
      "eyJhbGciOiJFUzI1NiIsImNyaXQiOlsiaW8uY25jZi5ub3Rhcnkuc2lnbmluZ1NjaGVtZSJdLCJjdHkiOiJhcHBsaWNh"
      "dGlvbi92bmQuY25jZi5ub3RhcnkucGF5bG9hZC52MStqc29uIiwiaW8uY25jZi5ub3Rhcnkuc2lnbmluZ1NjaGVtZSI6"
      "Im5vdGFyeS54NTA5IiwiaW8uY25jZi5ub3Rhcnkuc2lnbmluZ1RpbWUiOiIyMDIzLTExLTE0VDIyOjEzOjIwWiJ9");
  CHECK(text_of(result.message.signed_parts[2]) == "e30");
}

TEST_CASE("the container: J-002 J-003 J-004 J-005 J-006 G-010 G-012") {
  check({
      {"J-003 no payload", [](jws_plan& p) { member(p, "payload", ""); }, errc::jws_member_missing},
      {"J-003 no protected", [](jws_plan& p) { member(p, "protected", ""); },
       errc::jws_member_missing},
      {"J-003 no signature", [](jws_plan& p) { member(p, "signature", ""); },
       errc::jws_member_missing},
      {"J-003 JV-67 no header", [](jws_plan& p) { member(p, "header", ""); },
       errc::jws_member_missing},
      {"J-003 empty payload", [](jws_plan& p) { member(p, "payload", "\"\""); },
       errc::jws_member_missing},
      {"J-003 empty protected", [](jws_plan& p) { member(p, "protected", "\"\""); },
       errc::jws_member_missing},
      {"J-003 empty signature", [](jws_plan& p) { signature(p, ""); }, errc::jws_member_missing},
      {"payload a number", [](jws_plan& p) { member(p, "payload", "1"); }, errc::json_type},
      {"protected null", [](jws_plan& p) { member(p, "protected", "null"); }, errc::json_type},
      {"signature an array", [](jws_plan& p) { member(p, "signature", "[1]"); }, errc::json_type},
      {"header an array", [](jws_plan& p) { member(p, "header", "[]"); }, errc::json_type},
      {"J-004 JV-31 extra member", [](jws_plan& p) { member(p, "extra", "{\"a\":[1]}"); },
       errc::jws_member_unknown},
      {"J-004 extra member, lenient", [](jws_plan& p) { member(p, "extra", "{\"a\":[1]}"); },
       errc::ok, compat::jws_extra_top},
      {"extra member that is no JSON, lenient", [](jws_plan& p) { member(p, "extra", "{a}"); },
       errc::json_syntax, compat::jws_extra_top},
      {"J-005 JV-58 signatures beside the flattened members",
       [](jws_plan& p) { member(p, "signatures", "[]"); }, errc::jws_several_signatures},
      {"J-005 even when lenient", [](jws_plan& p) { member(p, "signatures", "[]"); },
       errc::jws_several_signatures, compat::jws_extra_top},
      {"J-005 JV-57 general serialization",
       [](jws_plan& p) {
         for (const auto* name : {"protected", "header", "signature"}) member(p, name, "");
         member(p, "signatures", "[{}]");
       },
       errc::jws_several_signatures},
      {"J-006 JV-36 names in another case",
       [](jws_plan& p) {
         member(p, "payload", "");
         member(p, "Payload", "\"e30\"");
       },
       errc::jws_member_unknown},
      {"J-002 JV-37 trailing white space", [](jws_plan& p) { p.after_envelope = " \n"; }, errc::ok},
      {"J-002 JV-37 trailing x", [](jws_plan& p) { p.after_envelope = "x"; }, errc::json_trailing},
      {"JV-38 payload twice",
       [](jws_plan& p) {
         p.top = {{"payload", "\"e30\""}, {"payload", quoted(p.payload_text())}};
       },
       errc::json_duplicate_name},
      {"payload twice, the last one counts",
       [](jws_plan& p) {
         p.top = {{"payload", "\"!\""}, {"payload", quoted(p.payload_text())}};
       },
       errc::base64_character, compat::dup_last_wins},
      {"a name that is long and has escapes",
       [](jws_plan& p) { member(p, std::string(65, 'a') + "\\n", "1"); }, errc::json_copy_length},
  });
  CHECK(parsed{""}.code == errc::json_truncated);
  CHECK(parsed{"[]"}.code == errc::json_type);
  CHECK(parsed{"\xEF\xBB\xBF{}"}.code == errc::json_syntax);
}

TEST_CASE("where an envelope is no JSON is told") {
  CHECK(parsed{R"({"payload":"e30",})"}.offset == 17);
  jws_plan plan;
  plan.after_attributes = "x";
  const parsed result{plan};
  CHECK(result.code == errc::json_trailing);
  CHECK(result.offset == 0);
}

TEST_CASE("base64url texts are read strictly: J-043 G-017") {
  const auto with = [](std::string (*change)(std::string)) {
    jws_plan plan;
    signature(plan, change(base64_of(blob(64, 0x5A), true)));
    return parsed{plan}.code;
  };
  CHECK(with([](std::string s) { return s; }) == errc::ok);
  CHECK(with([](std::string s) { return s + "=="; }) == errc::base64_character);            // JV-39
  CHECK(with([](std::string s) { return s.insert(4, "\\n"); }) == errc::base64_character);  // JV-40
  CHECK(with([](std::string s) {
          ++s.back();
          return s;
        }) == errc::base64_trailing_bits);  // JV-41
  CHECK(with([](std::string s) {
          s[0] = '+';
          return s;
        }) == errc::base64_character);
  CHECK(with([](std::string s) { return s + "AAA"; }) == errc::base64_length);
  check({
      {"a standard character in protected", [](jws_plan& p) { member(p, "protected", "\"e/0\""); },
       errc::base64_character},
      {"one character too few in payload", [](jws_plan& p) { member(p, "payload", "\"e30e3\""); },
       errc::base64_length},
  });
}

TEST_CASE("lenient base64 is signed as it stands: G-016 G-017 J-042") {
  jws_plan plan;
  const std::string payload = plan.payload_text();
  member(plan, "payload", quoted(payload.substr(0, 8) + "\\r\\n" + payload.substr(8)));
  CHECK(parsed{plan}.code == errc::base64_character);
  const parsed result{plan, compat::b64_lenient};
  REQUIRE(result.code == errc::ok);
  CHECK(text_of(result.message.payload) == plan.payload);
  CHECK(text_of(result.message.signed_parts[2]) ==
        payload.substr(0, 8) + "\r\n" + payload.substr(8));
}

TEST_CASE("what JSON escapes is read as what it stands for: J-006 J-042 G-011") {
  jws_plan plan;
  const std::string payload = plan.payload_text();
  const std::string expected = plan.protected_text();
  rename<std::string>(plan.attributes, "alg", "\\u0061lg");
  rename<std::string>(plan.attributes, std::string(scheme_name),
                      "io.cncf.notary\\u002esigningScheme");
  attribute(plan, "cty", R"("application\/vnd.cncf.notary.payload.v1+json")");
  attribute(plan, "crit", R"(["io.cncf.notary.signing\u0053cheme"])");
  attribute(plan, time_name, R"("2023-11-14T22:13:20\u005A")");
  member(plan, "payload", "\"\\u0065" + payload.substr(1) + "\"");
  plan.chain = {{0xFF, 0xFF, 0xFF}};
  plan.header = {{"x\\u0035c", R"(["\/\/\/\/"])"}};
  plan.chain.clear();
  const parsed result{plan};
  REQUIRE(result.code == errc::ok);
  CHECK(text_of(result.message.signed_parts[2]) == payload);
  CHECK(text_of(result.message.payload) == plan.payload);
  CHECK(text_of(result.message.certificates[0]) == "\xFF\xFF\xFF");
  CHECK(result.message.signing_time == some_time);
  CHECK(result.message.algorithm.scheme == nv2::signature_scheme::ecdsa);
}

TEST_CASE("texts with escapes have a limit: G-003") {
  jws_plan plan;
  plan.payload = std::string(800, ' ') + plan.payload;
  const std::string payload = plan.payload_text();
  REQUIRE(payload.size() > 1024);
  CHECK(parsed{plan}.code == errc::ok);
  member(plan, "payload", "\"\\u0049" + payload.substr(1) + "\"");
  CHECK(parsed{plan}.code == errc::json_copy_length);
}

TEST_CASE("the unprotected header: J-010 J-011 J-012 J-013 J-014 J-015 G-016 G-018 G-021") {
  check({
      {"J-010 no x5c",
       [](jws_plan& p) {
         p.chain.clear();
         header(p, "kid", "\"1\"");
       },
       errc::jws_chain_missing},
      {"J-010 JV-67 x5c is empty",
       [](jws_plan& p) {
         p.chain.clear();
         header(p, "x5c", "[]");
       },
       errc::notary_chain_empty},
      {"J-010 JV-68 x5c is one string",
       [](jws_plan& p) {
         p.chain.clear();
         header(p, "x5c", "\"MAA=\"");
       },
       errc::json_type},
      {"G-018 JV-66 x5c element is an array of numbers",
       [](jws_plan& p) {
         p.chain.clear();
         header(p, "x5c", "[[48,0]]");
       },
       errc::json_type},
      {"G-016 JV-65 x5c element with LF",
       [](jws_plan& p) {
         p.chain.clear();
         header(p, "x5c", "[\"MA\\nA=\"]");
       },
       errc::base64_character},
      {"G-016 x5c element without padding",
       [](jws_plan& p) {
         p.chain.clear();
         header(p, "x5c", "[\"MAA\"]");
       },
       errc::base64_length},
      {"G-016 x5c element in the other alphabet",
       [](jws_plan& p) {
         p.chain.clear();
         header(p, "x5c", "[\"MA-_\"]");
       },
       errc::base64_character},
      {"J-006 x5c in another case",
       [](jws_plan& p) {
         p.chain.clear();
         header(p, "X5C", "[\"MAA=\"]");
       },
       errc::jws_chain_missing},
      {"ten certificates",
       [](jws_plan& p) {
         p.chain.resize(10, {0x30, 0x00});
       },
       errc::ok},
      {"G-003 eleven certificates",
       [](jws_plan& p) {
         p.chain.resize(11, {0x30, 0x00});
       },
       errc::chain_too_long},
      {"J-011 JV-34 timestamp of garbage",
       [](jws_plan& p) { header(p, timestamp_name, "\"AQID\""); }, errc::ok},
      {"J-011 JV-35 timestamp that is no base64",
       [](jws_plan& p) { header(p, timestamp_name, "\"A!ID\""); }, errc::base64_character},
      {"J-011 JV-69 empty timestamp", [](jws_plan& p) { header(p, timestamp_name, "\"\""); },
       errc::notary_timestamp_empty},
      {"G-014 JV-69 timestamp null", [](jws_plan& p) { header(p, timestamp_name, "null"); },
       errc::json_type},
      {"J-012 JV-33 agent a number", [](jws_plan& p) { header(p, agent_name, "1"); },
       errc::json_type},
      {"J-012 agent of any length",
       [](jws_plan& p) { header(p, agent_name, quoted("\\n" + std::string(500, 'x'))); }, errc::ok},
      {"J-013 members that nobody needs",
       [](jws_plan& p) {
         header(p, "kid", "1");
         header(p, "jwk", "{}");
         header(p, "jku", "null");
         header(p, "x5t#S256", "\"\"");
         header(p, "something", "[[{}]]");
       },
       errc::ok},
      {"J-014 JV-32 alg in both", [](jws_plan& p) { header(p, "alg", "\"none\""); },
       errc::jws_name_in_both},
      {"J-014 alg in both, lenient", [](jws_plan& p) { header(p, "alg", "\"none\""); }, errc::ok,
       compat::jws_overlap_names},
      {"J-014 x5c in both", [](jws_plan& p) { attribute(p, "x5c", "1"); }, errc::jws_name_in_both},
      {"J-014 an unknown name in both",
       [](jws_plan& p) {
         header(p, "one", "1");
         header(p, "two", "1");
         attribute(p, "tw\\u006f", "1");
       },
       errc::jws_name_in_both},
      {"J-014 unknown names, lenient",
       [](jws_plan& p) {
         header(p, "one", "1");
         attribute(p, "one", "1");
       },
       errc::ok, compat::jws_overlap_names},
      {"other unknown names",
       [](jws_plan& p) {
         header(p, "one", "1");
         header(p, "two", "1");
         attribute(p, "on", "1");
         attribute(p, "twoo", "1");
       },
       errc::ok},
      {"J-015 JV-63 crit in header", [](jws_plan& p) { header(p, "crit", "[]"); },
       errc::jws_critical_unprotected},
      {"J-015 whatever else is allowed", [](jws_plan& p) { header(p, "crit", "[]"); },
       errc::jws_critical_unprotected, compat::jws_overlap_names},
      {"a signing scheme that is not protected",
       [](jws_plan& p) {
         no_attribute(p, scheme_name);
         header(p, scheme_name, "\"notary.x509\"");
       },
       errc::notary_scheme_missing},
  });
}

TEST_CASE("a leaf with one more byte is no certificate: JV-64 J-010") {
  jws_plan plan;
  plan.chain = {{0x30, 0x00, 0x00}};
  const parsed result{plan};
  REQUIRE(result.code == errc::ok);
  nv2::certificate ignored;
  CHECK(nv2::parse_certificate(result.message.certificates[0], ignored) != errc::ok);
}

TEST_CASE("the protected header: J-020 J-021 J-022 J-023 J-036") {
  check({
      {"J-020 JV-76 white space after it", [](jws_plan& p) { p.after_attributes = " \t"; },
       errc::ok},
      {"J-020 garbage after it", [](jws_plan& p) { p.after_attributes = "{}"; },
       errc::json_trailing},
      {"J-020 an array", [](jws_plan& p) { member(p, "protected", quoted(base64url("[]"))); },
       errc::json_type},
      {"G-010 JV-77 invalid UTF-8 in an unknown member",
       [](jws_plan& p) { attribute(p, "x", "\"\xFF\""); }, errc::json_utf8},
      {"G-012 JV-13 alg twice",
       [](jws_plan& p) {
         p.attributes.insert(p.attributes.begin(), {"alg", "\"none\""});
       },
       errc::json_duplicate_name},
      {"alg twice, the last one counts",
       [](jws_plan& p) {
         p.attributes.insert(p.attributes.begin(), {"alg", "\"PS512\""});
       },
       errc::ok, compat::dup_last_wins},
      {"crit twice, the last one counts",
       [](jws_plan& p) {
         p.attributes.insert(p.attributes.begin(), {"crit", "[\"alg\"]"});
       },
       errc::ok, compat::dup_last_wins},
      {"G-011 JV-15 a member that is named ALG",
       [](jws_plan& p) { attribute(p, "ALG", "\"none\""); }, errc::ok},
      {"J-021 no alg", [](jws_plan& p) { no_attribute(p, "alg"); }, errc::notary_algorithm_missing},
      {"J-021 alg a number", [](jws_plan& p) { attribute(p, "alg", "-7"); }, errc::json_type},
      {"J-021 JV-56 alg RS256", [](jws_plan& p) { attribute(p, "alg", "\"RS256\""); },
       errc::notary_algorithm_unknown},
      {"J-021 alg none", [](jws_plan& p) { attribute(p, "alg", "\"none\""); },
       errc::notary_algorithm_unknown},
      {"J-021 alg HS256", [](jws_plan& p) { attribute(p, "alg", "\"HS256\""); },
       errc::notary_algorithm_unknown},
      {"J-021 alg EdDSA", [](jws_plan& p) { attribute(p, "alg", "\"EdDSA\""); },
       errc::notary_algorithm_unknown},
      {"J-021 alg es256", [](jws_plan& p) { attribute(p, "alg", "\"es256\""); },
       errc::notary_algorithm_unknown},
      {"J-021 alg is empty", [](jws_plan& p) { attribute(p, "alg", "\"\""); },
       errc::notary_algorithm_unknown},
      {"J-022 no cty", [](jws_plan& p) { no_attribute(p, "cty"); }, errc::notary_content_type},
      {"J-022 JV-16 another cty", [](jws_plan& p) { attribute(p, "cty", "\"application/json\""); },
       errc::notary_content_type},
      {"J-022 cty without application/",
       [](jws_plan& p) { attribute(p, "cty", "\"vnd.cncf.notary.payload.v1+json\""); },
       errc::notary_content_type},
      {"J-022 cty with a parameter",
       [](jws_plan& p) { attribute(p, "cty", quoted(std::string(content_type) + ";v=1")); },
       errc::notary_content_type},
      {"J-022 cty null", [](jws_plan& p) { attribute(p, "cty", "null"); }, errc::json_type},
      {"J-023 no scheme", [](jws_plan& p) { no_attribute(p, scheme_name); },
       errc::notary_scheme_missing},
      {"J-023 scheme a number", [](jws_plan& p) { attribute(p, scheme_name, "1"); },
       errc::json_type},
      {"J-023 JV-78 Notary.x509", [](jws_plan& p) { attribute(p, scheme_name, "\"Notary.x509\""); },
       errc::notary_scheme_unknown},
      {"J-023 JV-78 notary.x", [](jws_plan& p) { attribute(p, scheme_name, "\"notary.x\""); },
       errc::notary_scheme_unknown},
      {"J-006 JV-14 the scheme's name in another case",
       [](jws_plan& p) {
         rename<std::string>(p.attributes, std::string(scheme_name),
                             "io.cncf.notary.SigningScheme");
       },
       errc::notary_scheme_missing},
      {"J-006 and without its prefix",
       [](jws_plan& p) {
         rename<std::string>(p.attributes, std::string(scheme_name), "signingScheme");
       },
       errc::notary_scheme_missing},
      {"J-036 JV-17 typ", [](jws_plan& p) { attribute(p, "typ", "\"JOSE\""); }, errc::ok},
      {"J-036 J-038 members that nobody needs",
       [](jws_plan& p) {
         attribute(p, "kid", "1");
         attribute(p, "jwk", "{}");
         attribute(p, "x5c", "[]");
         p.chain.clear();
         header(p, "x5c", "[\"MAA=\"]");
       },
       errc::jws_name_in_both},
      {"J-038 an x5c that is protected is no chain",
       [](jws_plan& p) {
         p.chain.clear();
         header(p, "other", "1");
         attribute(p, "x5c", "[\"MAA=\"]");
       },
       errc::jws_chain_missing},
      {"J-036 JV-62 b64", [](jws_plan& p) { attribute(p, "b64", "false"); },
       errc::jws_unencoded_payload},
      {"J-036 JV-10 b64 that is critical",
       [](jws_plan& p) {
         attribute(p, "b64", "false");
         critical(p, {scheme_name, "b64"});
       },
       errc::jws_unencoded_payload},
      {"J-036 JV-03 an unknown attribute", [](jws_plan& p) { attribute(p, "com.example", "[1]"); },
       errc::ok},
      {"a timestamp that is protected means nothing",
       [](jws_plan& p) { attribute(p, timestamp_name, "1"); }, errc::ok},
  });
}

TEST_CASE("every algorithm has its name: J-021") {
  struct algorithm_row {
    const char* name;
    nv2::signature_scheme scheme;
    nv2::hash_algorithm hash;
  };
  for (const algorithm_row& r : {
           algorithm_row{"PS256", nv2::signature_scheme::rsa_pss, nv2::hash_algorithm::sha256},
           {"PS384", nv2::signature_scheme::rsa_pss, nv2::hash_algorithm::sha384},
           {"PS512", nv2::signature_scheme::rsa_pss, nv2::hash_algorithm::sha512},
           {"ES256", nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha256},
           {"ES384", nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha384},
           {"ES512", nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha512},
       }) {
    jws_plan plan;
    attribute(plan, "alg", quoted(r.name));
    const parsed result{plan};
    CHECK(result.code == errc::ok);
    CHECK(result.message.algorithm == nv2::signature_algorithm{r.scheme, r.hash});
  }
}

TEST_CASE("times: J-024 J-025 J-026 J-027 J-028 J-029 G-019") {
  check({
      {"J-025 JV-18 no signing time", [](jws_plan& p) { no_attribute(p, time_name); },
       errc::notary_times_x509},
      {"G-014 JV-18 signing time null", [](jws_plan& p) { attribute(p, time_name, "null"); },
       errc::json_type},
      {"J-027 JV-18 the instant that stands for none",
       [](jws_plan& p) { attribute(p, time_name, "\"0001-01-01T00:00:00Z\""); },
       errc::notary_signing_time_zero},
      {"J-027 the same elsewhere",
       [](jws_plan& p) { attribute(p, time_name, "\"0001-01-01T05:30:00.000+05:30\""); },
       errc::notary_signing_time_zero},
      {"J-027 a little later",
       [](jws_plan& p) { attribute(p, time_name, "\"0001-01-01T00:00:00.000000001Z\""); },
       errc::ok},
      {"JV-19 with a fraction",
       [](jws_plan& p) { attribute(p, time_name, "\"2023-11-14T22:13:20.5Z\""); }, errc::ok},
      {"JV-19 with an offset",
       [](jws_plan& p) { attribute(p, time_name, "\"2023-11-14T22:13:20+01:00\""); }, errc::ok},
      {"JV-20 one digit", [](jws_plan& p) { attribute(p, time_name, "\"2023-11-14T7:01:20Z\""); },
       errc::time_text},
      {"JV-20 comma", [](jws_plan& p) { attribute(p, time_name, "\"2023-11-14T22:13:20,5Z\""); },
       errc::time_text},
      {"JV-21 lower case", [](jws_plan& p) { attribute(p, time_name, "\"2023-11-14t22:13:20z\""); },
       errc::time_text},
      {"JV-21 space", [](jws_plan& p) { attribute(p, time_name, "\"2023-11-14 22:13:20Z\""); },
       errc::time_text},
      {"JV-21 second 60", [](jws_plan& p) { attribute(p, time_name, "\"2023-11-14T22:13:60Z\""); },
       errc::time_text},
      {"JV-21 hour 24", [](jws_plan& p) { attribute(p, time_name, "\"2023-11-14T24:00:00Z\""); },
       errc::time_text},
      {"JV-21 no zone", [](jws_plan& p) { attribute(p, time_name, "\"2023-11-14T22:13:20\""); },
       errc::time_text},
      {"J-024 JV-22 a number", [](jws_plan& p) { attribute(p, time_name, "1700000000"); },
       errc::json_type},
      {"J-029 JV-23 year 9999",
       [](jws_plan& p) { attribute(p, time_name, "\"9999-12-31T23:59:59Z\""); }, errc::ok},
      {"JV-24 expiry", [](jws_plan& p) { p.use_expiry("2033-11-14T22:13:20Z"); }, errc::ok},
      {"J-034 JV-25 expiry that is not critical",
       [](jws_plan& p) {
         p.use_expiry("2033-11-14T22:13:20Z");
         critical(p, {scheme_name});
       },
       errc::notary_critical_required},
      {"J-028 JV-26 expiry equal to the signing time",
       [](jws_plan& p) { p.use_expiry("2023-11-14T22:13:20Z"); }, errc::notary_expiry},
      {"J-028 expiry before the signing time",
       [](jws_plan& p) { p.use_expiry("2023-11-14T22:13:19.9Z"); }, errc::notary_expiry},
      {"J-028 expiry a nanosecond later",
       [](jws_plan& p) { p.use_expiry("2023-11-14T22:13:20.000000001Z"); }, errc::ok},
      {"J-028 both with a fraction",
       [](jws_plan& p) {
         attribute(p, time_name, "\"2023-11-14T22:13:20.5Z\"");
         p.use_expiry("2023-11-14T22:13:20.5Z");
       },
       errc::notary_expiry},
      {"J-028 the same instant elsewhere",
       [](jws_plan& p) { p.use_expiry("2023-11-14T23:13:20+01:00"); }, errc::notary_expiry},
      {"J-027 J-028 an expiry that stands for none",
       [](jws_plan& p) { p.use_expiry("0001-01-01T00:00:00Z"); }, errc::notary_expiry},
      {"J-027 JV-29 the same, not critical",
       [](jws_plan& p) {
         p.use_expiry("0001-01-01T00:00:00Z");
         critical(p, {scheme_name});
       },
       errc::notary_critical_required},
      {"G-014 JV-30 expiry null", [](jws_plan& p) { attribute(p, expiry_name, "null"); },
       errc::json_type},
      {"J-024 expiry that is no time", [](jws_plan& p) { p.use_expiry("tomorrow"); },
       errc::time_text},
      {"J-025 JV-27 both times under notary.x509",
       [](jws_plan& p) { attribute(p, authentic_name, "\"2023-11-14T22:13:20Z\""); },
       errc::notary_times_x509},
      {"J-026 a signing authority", [](jws_plan& p) { p.use_authority(); }, errc::ok},
      {"J-026 JV-28 both times under signing authority",
       [](jws_plan& p) {
         p.use_authority();
         attribute(p, time_name, "\"2023-11-14T22:13:20Z\"");
       },
       errc::notary_times_authority},
      {"J-026 no authentic time",
       [](jws_plan& p) {
         p.use_authority();
         no_attribute(p, authentic_name);
       },
       errc::notary_times_authority},
      {"J-034 JV-79 an authentic time that is not critical",
       [](jws_plan& p) {
         p.use_authority();
         critical(p, {scheme_name});
       },
       errc::notary_critical_required},
  });
}

TEST_CASE("times and scheme are told: J-024 J-026") {
  jws_plan plan;
  plan.use_authority();
  attribute(plan, authentic_name, "\"2023-11-14T22:13:20.25Z\"");
  critical(plan, {scheme_name, authentic_name, expiry_name});
  attribute(plan, expiry_name, "\"2023-11-14T22:13:21.75Z\"");
  const parsed result{plan};
  REQUIRE(result.code == errc::ok);
  CHECK(result.message.scheme == nv2::signing_scheme::signing_authority);
  CHECK(result.message.signing_time == some_time);
  CHECK(result.message.signing_nanoseconds == 250000000);
  CHECK(result.message.has_expiry);
  CHECK(result.message.expiry == some_time + 1);
}

TEST_CASE("crit: J-030 J-031 J-032 J-033 J-034 J-035") {
  check({
      {"J-030 none", [](jws_plan& p) { no_attribute(p, "crit"); }, errc::notary_critical_missing},
      {"J-030 JV-61 empty", [](jws_plan& p) { critical(p, {}); }, errc::notary_critical_missing},
      {"J-030 JV-09 a string", [](jws_plan& p) { attribute(p, "crit", "\"a\""); }, errc::json_type},
      {"J-030 a number in it", [](jws_plan& p) { attribute(p, "crit", "[1]"); }, errc::json_type},
      {"J-031 JV-07 the scheme twice",
       [](jws_plan& p) {
         critical(p, {scheme_name, scheme_name});
       },
       errc::notary_critical_twice},
      {"J-032 JV-06 alg",
       [](jws_plan& p) {
         critical(p, {scheme_name, "alg"});
       },
       errc::notary_critical_registered},
      {"J-032 crit itself",
       [](jws_plan& p) {
         critical(p, {"crit", scheme_name});
       },
       errc::notary_critical_registered},
      {"J-032 cty",
       [](jws_plan& p) {
         critical(p, {"cty", scheme_name});
       },
       errc::notary_critical_registered},
      {"J-032 JV-60 typ, which is there",
       [](jws_plan& p) {
         attribute(p, "typ", "\"JOSE\"");
         critical(p, {scheme_name, "typ"});
       },
       errc::notary_critical_registered},
      {"J-033 JV-08 expiry, and there is none",
       [](jws_plan& p) {
         critical(p, {scheme_name, expiry_name});
       },
       errc::notary_critical_absent},
      {"J-035 JV-04 an unknown name that is absent",
       [](jws_plan& p) {
         critical(p, {scheme_name, "com.example"});
       },
       errc::notary_critical_unknown},
      {"J-034 not the scheme",
       [](jws_plan& p) {
         p.use_expiry("2033-11-14T22:13:20Z");
         critical(p, {expiry_name});
       },
       errc::notary_critical_required},
      {"J-035 JV-02 an unknown name that is there",
       [](jws_plan& p) {
         attribute(p, "com.example", "1");
         critical(p, {scheme_name, "com.example"});
       },
       errc::notary_critical_unknown},
      {"J-035 JV-05 the signing time",
       [](jws_plan& p) {
         critical(p, {scheme_name, time_name});
       },
       errc::notary_critical_unknown},
      {"J-035 the signing agent",
       [](jws_plan& p) {
         attribute(p, agent_name, "\"x\"");
         critical(p, {scheme_name, agent_name});
       },
       errc::notary_critical_unknown},
      {"names that only begin alike",
       [](jws_plan& p) { critical(p, {"io.cncf.notary.signingSchem"}); },
       errc::notary_critical_unknown},
      {"the empty name",
       [](jws_plan& p) {
         attribute(p, "", "1");
         critical(p, {scheme_name, ""});
       },
       errc::notary_critical_unknown},
      {"only the prefix",
       [](jws_plan& p) {
         attribute(p, "io.cncf.notary.", "1");
         critical(p, {scheme_name, "io.cncf.notary."});
       },
       errc::notary_critical_unknown},
  });
  for (const auto* name : {"kid", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "zip", "enc"}) {
    CAPTURE(name);
    jws_plan plan;
    critical(plan, {scheme_name, name});
    CHECK(parsed{plan}.code == errc::notary_critical_registered);  // J-032
    CHECK(parsed{plan, compat::none, {name}}.code == errc::notary_critical_registered);
  }
}

TEST_CASE("a verification plugin cannot be had: J-037") {
  check({
      {"JV-11 critical",
       [](jws_plan& p) {
         attribute(p, plugin_name, "\"com.example\"");
         critical(p, {scheme_name, plugin_name});
       },
       errc::notary_plugin},
      {"JV-11 not critical", [](jws_plan& p) { attribute(p, plugin_name, "\"com.example\""); },
       errc::notary_plugin},
      {"JV-12 only its version",
       [](jws_plan& p) {
         attribute(p, plugin_version_name, "\"1.0.0\"");
         critical(p, {scheme_name, plugin_version_name});
       },
       errc::notary_plugin},
      {"of whatever type", [](jws_plan& p) { attribute(p, plugin_name, "null"); },
       errc::notary_plugin},
  });
  jws_plan plan;
  attribute(plan, plugin_name, "\"com.example\"");
  CHECK(parsed{plan, compat::none, {plugin_name}}.code == errc::notary_plugin);
}

TEST_CASE("the caller can understand extended attributes: J-035 J-031 J-033") {
  jws_plan plan;
  attribute(plan, "com.example.a", "1");
  attribute(plan, "com.example.b", "1");
  critical(plan, {scheme_name, "com.example.a", "com.example.b"});
  const names both{"com.example.b", "com.example.a"};
  CHECK(parsed{plan, compat::none, both}.code == errc::ok);
  CHECK(parsed{plan, compat::none, {"com.example.a"}}.code == errc::notary_critical_unknown);
  CHECK(parsed{plan, compat::none, {"1", "2", "3", "com.example.a", "com.example.b"}}.code ==
        errc::ok);
  CHECK(parsed{plan, compat::none, {"1", "2", "3", "4", "com.example.a", "com.example.b"}}.code ==
        errc::notary_critical_unknown);
  critical(plan, {scheme_name, "com.example.a", "com.example.a"});
  CHECK(parsed{plan, compat::none, both}.code == errc::notary_critical_twice);  // JV-59
  critical(plan, {scheme_name, "com.example.a"});
  CHECK(parsed{plan, compat::none, both}.code == errc::ok);
  no_attribute(plan, "com.example.a");
  CHECK(parsed{plan, compat::none, both}.code == errc::notary_critical_absent);
  no_attribute(plan, "com.example.b");
  critical(plan, {scheme_name});
  header(plan, "com.example.a", "1");
  CHECK(parsed{plan, compat::none, both}.code == errc::ok);
  critical(plan, {scheme_name, "com.example.a"});
  CHECK(parsed{plan, compat::none, both}.code == errc::notary_critical_absent);
}

TEST_CASE("a name of 128 characters and more is no attribute") {
  for (const std::size_t size : {113U, 127U, 128U, 141U, 256U, 269U, 300U}) {
    jws_plan plan;
    std::string name = "signingScheme";
    name.resize(size, 'x');
    attribute(plan, name, "1");
    attribute(plan, "io.cncf.notary." + name, "1");
    CHECK(parsed{plan}.code == errc::ok);
    critical(plan, {scheme_name, name});
    CHECK(parsed{plan}.code == errc::notary_critical_unknown);
  }
}

TEST_CASE("JWS takes three quarters of the envelope and a constant: G-003") {
  const auto peak = [](std::size_t size, bool in_chain) {
    jws_plan plan;
    if (in_chain) plan.chain = {blob(size, 0x30)};
    if (!in_chain) plan.payload = std::string(size, ' ') + plan.payload;
    const std::string envelope = plan.envelope();
    const parsed result{envelope, compat::none, {}, 1U << 20};
    CHECK(result.code == errc::ok);
    const std::size_t share = envelope.size() / 4 * 3 + 3;
    return static_cast<std::ptrdiff_t>(result.memory.peak()) - static_cast<std::ptrdiff_t>(share);
  };
  constexpr std::ptrdiff_t constant = 2 * 64 * 4 + nv2::limits::certificates * sizeof(nv2::bytes) +
                                      16 + sizeof(nv2::notary_detail::jws_parser);
  for (const std::size_t size : {0U, 1000U, 100000U}) {
    CHECK(peak(size, true) <= constant);
    CHECK(peak(size, false) <= constant);
  }
}

TEST_CASE("unknown names of the unprotected header are bounded whatever the leniency: G-003") {
  for (const std::size_t count : {64U, 65U}) {
    jws_plan plan;
    for (std::size_t i = 0; i < count; ++i) plan.header.emplace_back("x" + std::to_string(i), "1");
    CAPTURE(count);
    CHECK(parsed{plan, compat::dup_last_wins}.code ==
          (count == 64 ? errc::ok : errc::json_members));
  }
}

TEST_CASE("no memory is an error at every size") {
  jws_plan plan;
  header(plan, timestamp_name, "\"AQID\"");
  header(plan, "other", "1");
  attribute(plan, "cty", R"("application\/vnd.cncf.notary.payload.v1+json")");
  member(plan, "payload", "\"\\u0065" + plan.payload_text().substr(1) + "\"");
  const std::string envelope = plan.envelope();
  const std::size_t enough = parsed{envelope}.memory.peak();
  for (std::size_t room = 0; room < enough; ++room) {
    CAPTURE(room);
    CHECK(parsed{envelope, compat::none, {}, room}.code == errc::workspace_exhausted);
  }
  CHECK(parsed{envelope, compat::none, {}, enough}.code == errc::ok);
}

TEST_CASE("cut or bent anywhere, an envelope is refused or says the same: J-002") {
  jws_plan plan;
  plan.use_expiry("2033-11-14T22:13:20Z");
  header(plan, timestamp_name, "\"AQID\"");
  header(plan, agent_name, "\"me\"");
  const std::string good = plan.envelope();
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK(parsed{std::string_view(good).substr(0, size)}.code != errc::ok);
  }
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string bent = good;
      bent[i] = static_cast<char>(static_cast<unsigned char>(bent[i]) ^ 1U << bit);
      const parsed result{bent};
      accepted += result.code == errc::ok ? 1 : 0;
      if (result.code != errc::ok) CHECK(result.code != errc::unset);
    }
  }
  CHECK(accepted > 0);  // signature, certificates, token, agent and payload are not looked at here
}
