// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <nv2/quorum.hpp>
#include <nv2/trust/policy_document.hpp>

using nv2::action;
using nv2::bytes;
using nv2::compat;
using nv2::errc;
using nv2::policy_extensions;
using nv2::policy_kind;
using nv2::policy_statement;
using nv2::validation;
namespace limits = nv2::policy_limits;

namespace {

/// A document in memory of exactly its size, parsed into a workspace of its own.
class parsed {
 public:
  explicit parsed(const std::string& text, policy_kind kind = policy_kind::oci,
                  compat leniency = compat::none, std::size_t room = 256 * 1024,
                  policy_extensions understood = policy_extensions::none)
      : text_(text.begin(), text.end()), room_(room), memory_({room_.data(), room_.size()}) {
    text_.shrink_to_fit();
    answer = nv2::parse_policy_document({text_.data(), text_.size()}, kind, leniency, memory_,
                                        document, understood);
    if (answer.code == errc::ok) {
      CHECK(answer.offset == 0);
    } else {
      CHECK(answer.where == nv2::stage::policy);
      CHECK(document.statements.empty());
      CHECK(memory_.mark() == 0);
      CHECK(answer.offset <= text_.size());
    }
  }
  parsed(const parsed&) = delete;
  parsed& operator=(const parsed&) = delete;

  errc code() const { return answer.code; }
  std::size_t peak() const { return memory_.peak(); }
  const policy_statement& operator[](std::size_t i) const {
    REQUIRE(i < document.statements.size());
    return document.statements[i];
  }

  nv2::status answer;
  nv2::policy_document document;

 private:
  std::vector<std::uint8_t> text_, room_;
  nv2::workspace memory_;
};

const std::string oci =
    R"({"version":"1.0","trustPolicies":[{"name":"p","registryScopes":["a.b/c"],)"
    R"("signatureVerification":{"level":"strict"},"trustStores":["ca:x"],)"
    R"("trustedIdentities":["*"]}]})";
const std::string blob = R"({"version":"1.0","trustPolicies":[{"name":"p",)"
                         R"("signatureVerification":{"level":"strict"},"trustStores":["ca:x"],)"
                         R"("trustedIdentities":["*"]}]})";

/// `text` with the first `from` replaced.
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t place = text.find(from);
  REQUIRE(place != std::string::npos);
  return text.replace(place, from.size(), to);
}

/// A document of several statements, each given as members besides its name, which is its number.
std::string with_statements(const std::vector<std::string>& statements) {
  std::string list;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (i != 0) list += ",";
    list += R"({"name":")" + std::to_string(i) + "\"," + statements[i] + "}";
  }
  return R"({"version":"1.0","trustPolicies":[)" + list + "]}";
}
std::string strict(const std::string& scopes) {
  return R"("registryScopes":[)" + scopes +
         R"(],"signatureVerification":{"level":"strict"},"trustStores":["ca:x"],)"
         R"("trustedIdentities":["*"])";
}
std::string skip(const std::string& scopes) {
  return R"("registryScopes":[)" + scopes + R"(],"signatureVerification":{"level":"skip"})";
}
std::string blob_statement(const std::string& level, const std::string& more = "") {
  const std::string trust = R"(,"trustStores":["ca:x"],"trustedIdentities":["*"])";
  return R"("signatureVerification":{"level":")" + level + "\"}" + (level == "skip" ? "" : trust) +
         more;
}
std::string repeat(std::size_t count, const std::function<std::string(std::size_t)>& item) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i) list += (i == 0 ? "\"" : ",\"") + item(i) + "\"";
  return list;
}

std::string actions_of(const policy_statement& s) {
  std::string row;
  for (const validation v :
       {validation::integrity, validation::authenticity, validation::authentic_timestamp,
        validation::expiry, validation::revocation}) {
    row += std::string(row.empty() ? "" : " ") + name(s.actions.of(v));
  }
  return row;
}

/// The good document with one part of it replaced, what comes of it, and where.
struct row {
  std::string from, to;
  errc code;
  /// The refusal points at the first place of this text, or of its part behind a "^".
  std::string at;
};

void check_rows(const std::vector<row>& rows, const std::string& base = oci,
                policy_kind kind = policy_kind::oci,
                policy_extensions understood = policy_extensions::none) {
  for (const row& r : rows) {
    const std::string text = replaced(base, r.from, r.to);
    CAPTURE(text);
    const parsed p(text, kind, compat::none, 256 * 1024, understood);
    CHECK(std::string(name(p.code())) == name(r.code));
    if (r.code == errc::ok) continue;
    const std::size_t caret = r.at.find('^');
    const std::size_t before = caret == std::string::npos ? 0 : caret;
    const std::string mark = caret == std::string::npos ? r.at : std::string(r.at).erase(caret, 1);
    REQUIRE(text.find(mark) != std::string::npos);
    CHECK(p.answer.offset == text.find(mark) + before);
  }
}

}  // namespace

TEST_CASE("a document becomes slices of its text") {
  const parsed p(R"( {
    "trustPolicies" : [ {
      "trustedIdentities" : [ "x509.subject: C=US, ST=WA, O=Acme", "foo:bar" ],
      "trustStores" : [ "ca:a", "signingAuthority:a", "tsa:b_C.0-" ],
      "signatureVerification" : { "verifyTimestamp" : "afterCertExpiry",
        "override" : { "revocation" : "skip", "expiry" : "log" }, "level" : "strict" },
      "registryScopes" : [ "a.b/c", "A.b:1/c/d" ],
      "name" : "first" },
    { "name" : "second", "registryScopes" : [ "*" ], "signatureVerification" : { "level" : "audit",
        "verifyTimestamp" : "always" }, "trustStores" : [ "ca:a" ], "trustedIdentities" : [ "*" ] },
    { "name" : "third", "registryScopes" : [ "a.b/e" ],
      "signatureVerification" : { "level" : "skip" },
      "trustStores" : [ ], "trustedIdentities" : [ ] } ],
    "version" : "1.0" } )");
  REQUIRE(p.code() == errc::ok);
  REQUIRE(p.document.statements.size() == 3);
  CHECK(p.document.kind == policy_kind::oci);
  CHECK(p[0].name.as_text() == "first");
  REQUIRE(p[0].scopes.size() == 2);
  CHECK(p[0].scopes[0].as_text() == "a.b/c");
  CHECK(p[0].scopes[1].as_text() == "A.b:1/c/d");
  REQUIRE(p[0].stores.size() == 3);
  CHECK(p[0].stores[2].as_text() == "tsa:b_C.0-");
  REQUIRE(p[0].identities.size() == 2);
  CHECK(p[0].identities[0].as_text() == "x509.subject: C=US, ST=WA, O=Acme");
  CHECK(actions_of(p[0]) == "enforce enforce enforce log skip");
  CHECK(p[0].actions.level() == nv2::verification_level::strict);
  CHECK(p[0].verify_timestamp == nv2::timestamp_rule::after_cert_expiry);
  CHECK(!p[0].is_global);
  CHECK(actions_of(p[1]) == "enforce log log log log");
  CHECK(p[1].verify_timestamp == nv2::timestamp_rule::always);
  CHECK(p[2].name.as_text() == "third");
  CHECK(p[2].actions.skips_everything());
  CHECK(p[2].stores.empty());
}

TEST_CASE("escaped texts are unescaped, and names of members too") {
  const parsed p(
      R"({"v\u0065rsion":"1\u002E0","trustPolicies":[{"name":"\u0070\u00e9",)"
      R"("registryScopes":["a.b\/c","a.b/d"],)"
      R"("signatureVerification":{"lev\u0065l":"\u0073trict"},"trustStores":["c\u0061:x"],)"
      R"("trustedIdentities":["x509.subject:C=US,ST=WA,O=A\\2C B"]}]})");
  REQUIRE(p.code() == errc::ok);
  CHECK(p[0].name.as_text() == "p\xC3\xA9");
  CHECK(p[0].scopes[0].as_text() == "a.b/c");
  CHECK(p[0].scopes[1].as_text() == "a.b/d");
  CHECK(p[0].stores[0].as_text() == "ca:x");
  CHECK(p[0].identities[0].as_text() == R"(x509.subject:C=US,ST=WA,O=A\2C B)");
  // Equal after unescaping is equal.
  CHECK(parsed(replaced(oci, R"("a.b/c")", R"("a.b/c","a.b\/c")")).code() ==
        errc::policy_scope_twice);
  CHECK(parsed(replaced(oci, R"("ca:x")", R"("ca:x","\u0063a:x")")).code() == errc::store_twice);
}

TEST_CASE("P-001 PV-30 a document is one strict JSON value") {
  check_rows({
      {"]}]}", "]}]} x", errc::json_trailing, "]}]} ^x"},
      {"]}]}", "]}]}{}", errc::json_trailing, "]}]}^{}"},
      {R"({"version")", R"([{"version")", errc::json_type, "[{"},
      {R"("p")", "1", errc::json_type, R"(:^1,)"},
      {R"("p")", "null", errc::json_type, "null"},
      {R"("p")", "'p'", errc::json_syntax, "'p'"},
      {R"("p")", "\"\xFF\"", errc::json_utf8, "\xFF"},
      {R"("p")", R"("p","name":"p")", errc::json_duplicate_name, R"(p","^name")"},
      {R"("p")", R"("p","n\u0061me":"p")", errc::json_duplicate_name, R"(n\u)"},
      {R"("*"])", R"("*",])", errc::json_syntax, R"("*",^])"},
      {R"(["a.b/c"])", "{}", errc::json_type, "{}"},
      {R"(["a.b/c"])", R"("a.b/c")", errc::json_type, R"("a.b/c")"},
      {R"(["*"])", R"([["*"]])", errc::json_type, R"([^["*"]])"},
      {R"({"level":"strict"})", R"("strict")", errc::json_type, R"("strict")"},
      {R"({"level":"strict"})", R"({"level":"strict","override":[]})", errc::json_type, "[]"},
  });
  CHECK(parsed("").code() == errc::json_truncated);
  CHECK(parsed("\xEF\xBB\xBF" + oci).code() == errc::json_syntax);
  for (std::size_t size = 0; size < oci.size(); ++size) {
    CHECK(parsed(oci.substr(0, size)).code() == errc::json_truncated);
  }
  // Repeated names would hide what the first one says.
  const std::string twice = replaced(oci, R"("p")", R"("p","name":"q")");
  CHECK(parsed(twice, policy_kind::oci, compat::dup_last_wins).code() == errc::json_duplicate_name);
}

TEST_CASE("P-002 PV-31 unknown members are refused") {
  const row rows[] = {
      {R"("version")", R"("x":1,"version")", errc::policy_member_unknown, R"("x")"},
      {R"("version")", R"("Version":"1.0","version")", errc::policy_member_unknown, R"("Version")"},
      {R"("name")", R"("x":[{}],"name")", errc::policy_member_unknown, R"("x")"},
      {R"("name")", R"("globalPolicy":true,"name")", errc::policy_member_unknown,
       R"("globalPolicy")"},
      {R"("level")", R"("overide":{"expiry":"log"},"level")", errc::policy_member_unknown,
       R"("overide")"},
      {R"("level")", R"("":{},"level")", errc::policy_member_unknown, R"("")"},
  };
  for (const row& r : rows) {
    check_rows({r});
    const parsed p(replaced(oci, r.from, r.to), policy_kind::oci, compat::policy_ignore_unknown);
    CHECK(p.code() == errc::ok);
    CHECK(p.document.statements.size() == 1);
  }
  check_rows({{R"("name")", R"("registryScopes":["a.b/c"],"name")", errc::policy_member_unknown,
               R"("registryScopes")"}},
             blob, policy_kind::blob);
  CHECK(parsed(oci, policy_kind::blob, compat::policy_ignore_unknown).code() == errc::ok);
  CHECK(parsed(oci, policy_kind::blob, compat::policy_ignore_unknown)[0].scopes.empty());
  // What is ignored is still JSON.
  CHECK(parsed(replaced(oci, R"("name")", R"("x":{"a":1,"a":1},"name")"), policy_kind::oci,
               compat::policy_ignore_unknown)
            .code() == errc::json_duplicate_name);
}

TEST_CASE(
    "P-002 who does not count signers is refused what asks for several, whatever the switches") {
  for (const char* member : {R"("threshold":2)", R"("threshold":1)", R"("threshold":"x")",
                             R"("requiredIdentities":["x509.subject: C=US, ST=WA, O=Acme"])",
                             R"("requiredIdentities":[])"}) {
    const std::string text = replaced(oci, R"("name")", std::string(member) + R"(,"name")");
    CHECK(parsed(text).code() == errc::policy_member_unknown);
    CHECK(parsed(text, policy_kind::oci, compat::policy_ignore_unknown).code() ==
          errc::policy_member_unknown);
  }
}

TEST_CASE("P-002 a threshold and required identities, for who counts signers") {
  const auto understood = policy_extensions::quorum;
  const auto read = [](const std::string& text, policy_kind kind = policy_kind::oci) {
    return parsed(text, kind, compat::none, 256 * 1024, policy_extensions::quorum);
  };
  const parsed none = read(oci);
  REQUIRE(none.code() == errc::ok);
  CHECK_FALSE(none[0].asks_for_quorum());
  const std::string acme = "x509.subject: C=US, ST=WA, O=Acme",
                    bolt = "x509.subject: C=US, ST=WA, O=Bolt";
  const std::string full = replaced(
      oci, R"("trustedIdentities":["*"])",
      R"("requiredIdentities":["x509.subject:O=Acme,ST=WA,CN=security,C=US"],"threshold":2,)"
      R"("trustedIdentities":[")" +
          acme + R"(","foo:bar",")" + bolt + R"("])");
  const parsed two = read(full);
  REQUIRE(two.code() == errc::ok);
  CHECK(two[0].asks_for_quorum());
  CHECK(two[0].threshold == 2);
  REQUIRE(two[0].required.size() == 1);
  CHECK(two[0].required[0].as_text() == "x509.subject:O=Acme,ST=WA,CN=security,C=US");
  CHECK(two[0].identities.size() == 3);
  const auto rules = nv2::quorum_rules_of(two[0]);
  CHECK(rules.threshold == 2);
  CHECK(rules.identities.size() == 3);
  CHECK(rules.required.size() == 1);
  const parsed only = read(replaced(full, R"(,"threshold":2)", ""));
  REQUIRE(only.code() == errc::ok);
  CHECK(only[0].threshold == 0);
  CHECK(only[0].asks_for_quorum());
  CHECK(nv2::quorum_rules_of(only[0]).threshold == 1);
  const parsed in_blob =
      read(replaced(blob, R"("name")", R"("threshold":16,"name")"), policy_kind::blob);
  REQUIRE(in_blob.code() == errc::ok);
  CHECK(in_blob[0].threshold == 16);
  CHECK(read(replaced(full, "strict", "audit")).code() == errc::ok);

  const std::string threshold = R"("threshold":2)";
  const std::string required = R"("x509.subject:O=Acme,ST=WA,CN=security,C=US")";
  const auto statement = R"([^{"name")";
  check_rows(
      {
          {threshold, R"("threshold":1)", errc::ok, ""},
          {threshold, R"("threshold":0)", errc::policy_threshold, R"(:^0,)"},
          {threshold, R"("threshold":-1)", errc::policy_threshold, "-1"},
          {threshold, R"("threshold":17)", errc::policy_threshold, "17"},
          {threshold, R"("threshold":257)", errc::policy_threshold, "257"},
          {threshold, R"("threshold":4294967298)", errc::policy_threshold, "4294967298"},
          {threshold, R"("threshold":2.5)", errc::json_number, "2.5^,"},
          {threshold, R"("threshold":"2")", errc::json_type, R"("2")"},
          {threshold, R"("threshold":null)", errc::json_type, "null"},
          {threshold, R"("threshold":2,"threshold":2)", errc::json_duplicate_name,
           R"(2,"^threshold")"},
          {threshold, R"("Threshold":2)", errc::policy_member_unknown, R"("Threshold")"},
          {threshold, R"("threshold":3)", errc::policy_threshold_unreachable, statement},
          {"[" + required + "]", "[]", errc::policy_required_empty, "[]"},
          {"[" + required + "]", R"({})", errc::json_type, "{}"},
          {"[" + required + "]", R"("*")", errc::json_type, R"(:^"*")"},
          {required, R"("*")", errc::policy_required_identity, R"("*")"},
          {required, R"("foo:baz")", errc::policy_required_identity, R"("foo:baz")"},
          {required, R"("x509.subject:")", errc::policy_required_identity, R"("x509.subject:")"},
          {required, R"("x509.subject:C=US")", errc::identity_incomplete, R"("x509.subject:C=US")"},
          {required, required + "," + required, errc::identity_overlap, ",^" + required},
          {required, R"("x509.subject:C=US,ST=WA,O=Cargo")", errc::policy_required_untrusted,
           statement},
          {required, required + R"(,"x509.subject:C=US,ST=WA,O=Bolt,CN=a")", errc::ok, ""},
      },
      full, policy_kind::oci, understood);
  // With any signer trusted each required one is.
  CHECK(
      read(replaced(full, R"("trustedIdentities":[")" + acme + R"(","foo:bar",")" + bolt + R"("])",
                    R"("trustedIdentities":["*"])"))
          .code() == errc::ok);
  // A required identity makes no trusted one.
  CHECK(read(replaced(full, R"([")" + acme + R"(","foo:bar",")" + bolt + R"("])", R"(["foo:bar"])"))
            .code() == errc::identity_none);
}

TEST_CASE("G-003 the limit on required identities") {
  const auto text = [](std::size_t count) {
    const std::string list = repeat(
        count, [](std::size_t i) { return "x509.subject:C=US,ST=WA,O=A,CN=" + std::to_string(i); });
    return replaced(oci, R"("name")", R"("requiredIdentities":[)" + list + R"(],"name")");
  };
  const auto code = [](const std::string& document) {
    return parsed(document, policy_kind::oci, compat::none, 256 * 1024, policy_extensions::quorum)
        .code();
  };
  CHECK(code(text(limits::threshold)) == errc::ok);
  CHECK(code(text(limits::threshold + 1)) == errc::policy_required_too_many);
}

TEST_CASE("P-010 the level skip takes no threshold and no required identities") {
  const std::string skipped = with_statements({skip(R"("a.b/c")")});
  check_rows(
      {{R"("name")", R"("threshold":1,"name")", errc::policy_threshold_of_skip, R"([^{"thr)"},
       {R"("name")", R"("requiredIdentities":["x509.subject:C=US,ST=WA,O=A"],"name")",
        errc::policy_threshold_of_skip, R"([^{"req)"}},
      skipped, policy_kind::oci, policy_extensions::quorum);
}

TEST_CASE("P-003 PV-36 the version is 1.0") {
  check_rows({
      {R"("1.0")", R"("1")", errc::policy_version, R"("1")"},
      {R"("1.0")", R"("1.00")", errc::policy_version, R"("1.00")"},
      {R"("1.0")", R"("")", errc::policy_version, R"("")"},
      {R"("1.0")", R"(" 1.0")", errc::policy_version, R"(" 1.0")"},
      {R"("1.0")", "1.0", errc::json_type, "1.0"},
      {R"("version":"1.0",)", "", errc::policy_version, "{"},
  });
}

TEST_CASE("P-004 PV-37 there is a statement") {
  CHECK(parsed(R"({"version":"1.0","trustPolicies":[]})").code() == errc::policy_statements_empty);
  CHECK(parsed(R"({"version":"1.0","trustPolicies":[]})").answer.offset == 33);
  CHECK(parsed(R"({"version":"1.0"})").code() == errc::policy_statements_empty);
  CHECK(parsed(R"({"version":"1.0","trustPolicies":{}})").code() == errc::json_type);
  CHECK(parsed(R"({"version":"1.0","trustPolicies":[1]})").code() == errc::json_type);
  CHECK(parsed(R"({"version":"1.0","trustPolicies":[1})").code() == errc::json_syntax);
  CHECK(parsed(R"({"version":"1.0","trustPolicies":[})").code() == errc::json_syntax);
}

TEST_CASE("P-005 PV-37 PV-38 names are there, not blank, and unique") {
  check_rows({
      {R"("p")", R"("")", errc::policy_name, R"("")"},
      {R"("p")", R"("  ")", errc::policy_name, R"("  ")"},
      {R"("p")", R"(" \t\n")", errc::policy_name, R"(" \t\n")"},
      {R"("p")", R"(" p ")", errc::ok, ""},
      {R"("name":"p",)", "", errc::policy_name, R"([^{"reg)"},
  });
  const auto two = [](const std::string& a, const std::string& b) {
    return R"({"version":"1.0","trustPolicies":[{"name":")" + a + "\"," + strict(R"("a.b/c")") +
           R"(},{"name":")" + b + "\"," + strict(R"("a.b/d")") + "}]}";
  };
  CHECK(parsed(two("p", "p")).code() == errc::policy_name_twice);
  CHECK(parsed(two("p", "p")).answer.offset == two("p", "p").rfind(R"("p")"));
  CHECK(parsed(two("p", R"(\u0070)")).code() == errc::policy_name_twice);
  CHECK(parsed(two("p", "P")).code() == errc::ok);
  CHECK(parsed(two("p", "p ")).code() == errc::ok);
}

TEST_CASE("P-006 PV-32 there is a level, and it is one of four") {
  check_rows({
      {R"("strict")", R"("Strict")", errc::policy_level, R"("Strict")"},
      {R"("strict")", R"("")", errc::policy_level, R"("")"},
      {R"("strict")", R"("invalid")", errc::policy_level, R"("invalid")"},
      {R"("level":"strict")", "", errc::policy_level, R"([^{"name")"},
      {R"("signatureVerification":{"level":"strict"},)", "", errc::policy_level, R"([^{"name")"},
      {R"("strict")", R"("permissive")", errc::ok, ""},
      {R"("strict")", R"("audit")", errc::ok, ""},
  });
  // The level of one statement is not that of the next.
  std::string text = with_statements({strict(R"("a.b/c")"), strict(R"("a.b/d")")});
  text.replace(text.rfind(R"("level":"strict")"), 16, "");
  CHECK(parsed(text).code() == errc::policy_level);
}

TEST_CASE("P-007 PV-33 PV-34 overrides name a validation and an action that can be set") {
  const auto with = [](const std::string& overrides) {
    return R"("level":"strict","override":{)" + overrides + "}";
  };
  const std::string level = R"("level":"strict")";
  check_rows({
      {level, with(R"("integrity":"log")"), errc::policy_override, R"("log")"},
      {level, with(R"("integrity":"enforce")"), errc::policy_override, R"("enforce")"},
      {level, with(R"("authenticity":"skip")"), errc::policy_override, R"("skip")"},
      {level, with(R"("authenticTimestamp":"skip")"), errc::policy_override, R"("skip")"},
      {level, with(R"("expiry":"skip")"), errc::policy_override, R"("skip")"},
      {level, with(R"("Expiry":"log")"), errc::policy_override, R"("Expiry")"},
      {level, with(R"("":"log")"), errc::policy_override, R"("":)"},
      {level, with(R"("expiry":"enforced")"), errc::policy_override, R"("enforced")"},
      {level, with(R"("expiry":"")"), errc::policy_override, R"("")"},
      {level, with(R"("expiry":1)"), errc::json_type, "1}"},
      {level, with(R"("expiry":"log","expiry":"log")"), errc::json_duplicate_name,
       R"(g","^expiry")"},
      {level, with(R"("revocation":"skip")"), errc::ok, ""},
      {level, with(""), errc::ok, ""},
  });
  // An unknown validation is no unknown member.
  CHECK(parsed(replaced(oci, level, with(R"("x":"log")")), policy_kind::oci,
               compat::policy_ignore_unknown)
            .code() == errc::policy_override);
  CHECK(actions_of(parsed(replaced(oci, level,
                                   with(R"("authenticity":"log","authenticTimestamp":"log",)"
                                        R"("expiry":"log","revocation":"skip")")))[0]) ==
        "enforce log log log skip");
  CHECK(actions_of(parsed(
            replaced(oci, level, R"("override":{"expiry":"enforce"},"level":"audit")"))[0]) ==
        "enforce log log enforce log");
  // One statement's overrides are not those of the next.
  std::string two = with_statements({strict(R"("a.b/c")"), strict(R"("a.b/d")")});
  const parsed p(replaced(two, level, with(R"("expiry":"log")")));
  CHECK(actions_of(p[0]) == "enforce enforce enforce log enforce");
  CHECK(actions_of(p[1]) == "enforce enforce enforce enforce enforce");
}

TEST_CASE("P-008 PV-06 PV-34 nothing overrides the level skip") {
  const auto with = [](const std::string& verification) {
    return with_statements(
        {R"("registryScopes":["a.b/c"],"signatureVerification":)" + verification});
  };
  CHECK(parsed(with(R"({"level":"skip","override":{}})")).code() == errc::ok);
  const std::string bad = with(R"({"level":"skip","override":{"expiry":"log"}})");
  CHECK(parsed(bad).code() == errc::policy_override_of_skip);
  CHECK(parsed(bad).answer.offset == bad.find(R"({"level")"));
  CHECK(parsed(with(R"({"override":{"revocation":"skip"},"level":"skip"})")).code() ==
        errc::policy_override_of_skip);
}

TEST_CASE("P-009 PV-03 PV-35 verifyTimestamp has two values, and none with skip") {
  const std::string level = R"("level":"strict")";
  const auto with = [](const std::string& value) {
    return R"("level":"strict","verifyTimestamp":)" + value;
  };
  check_rows({
      {level, with(R"("always")"), errc::ok, ""},
      {level, with(R"("afterCertExpiry")"), errc::ok, ""},
      {level, with(R"("never")"), errc::policy_timestamp, R"("never")"},
      {level, with(R"("")"), errc::policy_timestamp, R"("")"},
      {level, with(R"("Always")"), errc::policy_timestamp, R"("Always")"},
      {level, with("null"), errc::json_type, "null"},
  });
  CHECK(parsed(oci)[0].verify_timestamp == nv2::timestamp_rule::always);
  CHECK(parsed(with_statements({R"("registryScopes":["a.b/c"],"signatureVerification":)"
                                R"({"level":"skip","verifyTimestamp":"always"})"}))
            .code() == errc::policy_timestamp_of_skip);
}

TEST_CASE("P-010 PV-06 the level skip takes no stores and no identities") {
  CHECK(parsed(with_statements({skip(R"("a.b/c")")})).code() == errc::ok);
  const auto with = [](const std::string& more) {
    return parsed(with_statements({skip(R"("a.b/c")") + more})).code();
  };
  CHECK(with(R"(,"trustStores":[],"trustedIdentities":[])") == errc::ok);
  CHECK(with(R"(,"trustStores":["ca:x"])") == errc::policy_trust_of_skip);
  CHECK(with(R"(,"trustedIdentities":["*"])") == errc::policy_trust_of_skip);
}

TEST_CASE("P-011 PV-37 other levels need both") {
  check_rows({
      {R"(["ca:x"])", "[]", errc::policy_stores_empty, R"([^{"name")"},
      {R"("trustStores":["ca:x"],)", "", errc::policy_stores_empty, R"([^{"name")"},
      {R"(["*"])", "[]", errc::policy_identities_empty, R"([^{"name")"},
      {R"(,"trustedIdentities":["*"])", "", errc::policy_identities_empty, R"([^{"name")"},
  });
}

TEST_CASE("P-012 S-001 S-002 PV-07 PV-09 names of trust stores") {
  check_rows({
      {"ca:x", "ca", errc::store_syntax, R"("ca")"},
      {"ca:x", "", errc::store_syntax, R"("")"},
      {"ca:x", "CA:x", errc::store_type, R"("CA:x")"},
      {"ca:x", ":x", errc::store_type, R"(":x")"},
      {"ca:x", "hola:x", errc::store_type, R"("hola:x")"},
      {"ca:x", " ca:x", errc::store_type, R"(" ca:x")"},
      {"ca:x", "signer:x", errc::store_type, R"("signer:x")"},
      {"ca:x", "ca:", errc::store_name_syntax, R"("ca:")"},
      {"ca:x", "ca:a:b", errc::store_name_syntax, R"("ca:a:b")"},
      {"ca:x", "ca:.", errc::store_name_syntax, R"("ca:.")"},
      {"ca:x", "ca:..", errc::store_name_syntax, R"("ca:..")"},
      {"ca:x", "ca:a/b", errc::store_name_syntax, R"("ca:a/b")"},
      {"ca:x", "ca:a b", errc::store_name_syntax, R"("ca:a b")"},
      {"ca:x", "ca:\xC3\xA9", errc::store_name_syntax, "\"ca:\xC3"},
      {"ca:x", R"(ca:x\u0000)", errc::store_name_syntax, R"("ca:x\u)"},
      {"ca:x", "ca:...", errc::ok, ""},
      {"ca:x", "ca:.a", errc::ok, ""},
      {"ca:x", "ca:a.", errc::ok, ""},
      {"ca:x", "ca:A-Z_a.z09", errc::ok, ""},
      {"ca:x", "signingAuthority:x", errc::ok, ""},
  });
  nv2::store_name store;
  CHECK(nv2::parse_store_name(bytes::of("signingAuthority:a.b"), store) == errc::ok);
  CHECK(store.type == nv2::anchor_role::signing_authority);
  CHECK(store.name.as_text() == "a.b");
  CHECK(nv2::parse_store_name(bytes::of("tsa:x"), store) == errc::ok);
  CHECK(store.type == nv2::anchor_role::tsa);
  CHECK(nv2::parse_store_name(bytes::of("ca:x"), store) == errc::ok);
  CHECK(store.type == nv2::anchor_role::ca);
}

TEST_CASE("P-013 PV-05 a store stands once in a statement") {
  check_rows({
      {R"("ca:x")", R"("ca:x","tsa:y","ca:x")", errc::store_twice, R"(y",^"ca:x")"},
      {R"("ca:x")", R"("ca:x","tsa:x","ca:X")", errc::ok, ""},
  });
  const std::string twice = replaced(oci, R"("ca:x")", R"("ca:x","ca:x","ca:y","ca:x")");
  const parsed p(twice, policy_kind::oci, compat::policy_repeated_stores);
  REQUIRE(p.code() == errc::ok);
  REQUIRE(p[0].stores.size() == 2);
  CHECK(p[0].stores[1].as_text() == "ca:y");
  CHECK(parsed(with_statements({strict(R"("a.b/c")"), strict(R"("a.b/d")")})).code() == errc::ok);
}

TEST_CASE("P-014 PV-04 timestamp stores alone trust nobody") {
  check_rows({
      {R"("ca:x")", R"("tsa:x")", errc::policy_stores_only_tsa, R"([^{"name")"},
      {R"("ca:x")", R"("tsa:x","tsa:y")", errc::policy_stores_only_tsa, R"([^{"name")"},
      {R"("ca:x")", R"("tsa:x","signingAuthority:y")", errc::ok, ""},
  });
  std::string text = with_statements({strict(R"("a.b/c")"), strict(R"("a.b/d")")});
  text.replace(text.rfind("ca:x"), 4, "tsa:x");
  CHECK(parsed(text).code() == errc::policy_stores_only_tsa);
}

TEST_CASE("P-015 I-001 I-002 I-012 trusted identities of a statement") {
  const std::string dn = R"("x509.subject:C=US,ST=WA,O=Acme")";
  const std::string all = R"("*")";
  check_rows({
      {all, dn, errc::ok, ""},
      {all, "\"*\"," + dn, errc::identity_wildcard, R"("*")"},
      {all, dn + ",\"*\"", errc::identity_wildcard, R"("*")"},
      {all, R"("*","*")", errc::identity_wildcard, R"("*")"},
      {all, R"("")", errc::identity_syntax, R"("")"},        // IV-40
      {all, R"(" *")", errc::identity_syntax, R"(" *")"},    // IV-40
      {all, R"("abc")", errc::identity_syntax, R"("abc")"},  // IV-40
      {all, R"("x509.subject: ")", errc::identity_rdn, R"("x509)"},
      {all, R"("x509.subject:C=US,ST=WA")", errc::identity_incomplete, R"("x509)"},
      {all, R"("foo:bar")", errc::identity_none, R"([^{"name")"},                          // IV-20
      {all, R"("X509.SUBJECT:C=US,ST=WA,O=Acme")", errc::identity_none, R"([^{"name")"},   // IV-22
      {all, R"(" x509.subject:C=US,ST=WA,O=Acme")", errc::identity_none, R"([^{"name")"},  // IV-22
      {all, R"("foo:bar",)" + dn, errc::ok, ""},                                           // IV-21
      {all, R"("foo:bar","foo:bar",)" + dn, errc::ok, ""},
      {all, dn + "," + dn, errc::identity_overlap, R"(e",^"x509)"},  // IV-25
      {all, R"("foo:bar",)" + dn + R"(,"x509.subject:CN=a,C=US,S=WA,O=\\41cme")",
       errc::identity_overlap, R"("x509.subject:CN)"},
      {all, R"("x509.subject:C=US,ST=WA,O=Acme,CN=a","x509.subject:C=US,ST=WA,O=Acme,CN=b")",
       errc::ok, ""},
      {all, "1", errc::json_type, "^1]"},
  });
  std::string text = with_statements({strict(R"("a.b/c")"), strict(R"("a.b/d")")});
  text.replace(text.rfind(all), all.size(), R"("foo:bar")");
  CHECK(parsed(text).code() == errc::identity_none);
}

TEST_CASE("P-016 P-017 PV-25 PV-37 registry scopes of a document") {
  const std::string scope = R"("a.b/c")";
  check_rows({
      {scope, "", errc::policy_scopes_empty, R"([^{"name")"},
      {R"("registryScopes":["a.b/c"],)", "", errc::policy_scopes_empty, R"([^{"name")"},
      {scope, R"("*")", errc::ok, ""},
      {scope, R"("*","a.b/c")", errc::policy_scope_wildcard, R"("*")"},
      {scope, R"("a.b/c","*")", errc::policy_scope_wildcard, R"("*")"},
      {scope, R"("*","*")", errc::policy_scope_wildcard, R"("*")"},
      {scope, R"("a.b/c","a.b/d","a.b/c")", errc::policy_scope_twice, R"(d",^"a.b/c")"},
      {scope, R"("a.b/c","A.b/c")", errc::ok, ""},
  });
  const std::string twice = with_statements({strict(R"("a.b/c")"), strict(R"("a.b/d","a.b/c")")});
  CHECK(parsed(twice).code() == errc::policy_scope_twice);
  CHECK(parsed(twice).answer.offset == twice.rfind(R"("a.b/c")"));
  CHECK(parsed(with_statements({strict(R"("*")"), strict(R"("*")")})).code() ==
        errc::policy_scope_twice);
  CHECK(parsed(with_statements({strict(R"("*")"), strict(R"("a.b/c")")})).code() == errc::ok);
}

TEST_CASE("P-018 PV-02 skip is not for every repository") {
  const std::string text = with_statements({strict(R"("a.b/c")"), skip(R"("*")")});
  CHECK(parsed(text).code() == errc::policy_global_skip);
  CHECK(parsed(text).answer.offset == text.find(R"({"name":"1")"));
  CHECK(parsed(text, policy_kind::oci, compat::allow_global_skip).code() == errc::ok);
}

TEST_CASE("P-019 one statement of a blob document is global") {
  check_rows(
      {
          {R"("name")", R"("globalPolicy":true,"name")", errc::ok, ""},
          {R"("name")", R"("globalPolicy":false,"name")", errc::ok, ""},
          {R"("name")", R"("globalPolicy":"true","name")", errc::json_type, R"("true")"},
          {R"("name")", R"("globalPolicy":null,"name")", errc::json_type, "null"},
      },
      blob, policy_kind::blob);
  const std::string two = with_statements({blob_statement("strict", R"(,"globalPolicy":true)"),
                                           blob_statement("audit", R"(,"globalPolicy":true)")});
  CHECK(parsed(two, policy_kind::blob).code() == errc::policy_global_twice);
  CHECK(parsed(two, policy_kind::blob).answer.offset == two.rfind("true"));
  CHECK(parsed(replaced(two, "true", "false"), policy_kind::blob).code() == errc::ok);
}

TEST_CASE("P-020 PV-01 skip is not for every blob") {
  const auto with = [](const std::string& more) {
    return with_statements({blob_statement("skip", more)});
  };
  CHECK(parsed(with(""), policy_kind::blob).code() == errc::ok);
  CHECK(parsed(with(R"(,"globalPolicy":false)"), policy_kind::blob).code() == errc::ok);
  const std::string global = with(R"(,"globalPolicy":true)");
  CHECK(parsed(global, policy_kind::blob).code() == errc::policy_global_skip);
  CHECK(parsed(global, policy_kind::blob, compat::allow_global_skip).code() == errc::ok);
}

TEST_CASE("P-021 PV-10 PV-11 what a scope looks like") {
  for (const char* good : {"Example.com/rep", "localhost/rep", "example.com:99999999/rep",
                           "example.com/rep__a", "example.com/re--p", "example.com/a.b-c_d/e",
                           "10.10.10.10:8080/rep/rep2", "a/b", "a-b.c/d"}) {
    CAPTURE(good);
    CHECK(nv2::check_scope(bytes::of(good)) == errc::ok);
    CHECK(parsed(replaced(oci, "a.b/c", good)).code() == errc::ok);
  }
  for (const char* bad : {"example.com/Rep",
                          "[::1]/rep",
                          "[::1]:5000/rep",
                          "a_b.com/rep",
                          "-a.com/rep",
                          "a-.com/rep",
                          "example.com:/rep",
                          "example.com/rep/",
                          "example.com//rep",
                          "example.com/rep___a",
                          "example.com/re..p",
                          "example.com/rep@sha256:aa",
                          "https://example.com/rep",
                          "/rep",
                          "example.com/a*b",
                          "**",
                          "\xC3\xA9.com/a",
                          "example.com./a",
                          "example.com/.a",
                          "",
                          "repository",
                          "example.com/rep:tag",
                          "rep/rep2:latest",
                          "1:1",
                          "a,b",
                          "example*/",
                          "a.b/",
                          "a.b/c-",
                          " a.b/c",
                          "a.b/c ",
                          "a.b:5x/c",
                          "*/a",
                          "a.b/*"}) {
    CAPTURE(bad);
    CHECK(nv2::check_scope(bytes::of(bad)) == errc::policy_scope_syntax);
    const parsed p(replaced(oci, "a.b/c", bad));
    CHECK(p.code() == errc::policy_scope_syntax);
    CHECK(p.answer.offset == oci.find(R"("a.b/c")"));
  }
}

TEST_CASE("P-024 whatever is wrong anywhere, nothing is selected") {
  const std::string good = with_statements({strict(R"("a.b/c")"), strict(R"("a.b/d")")});
  REQUIRE(parsed(good).code() == errc::ok);
  std::string bad = good;
  bad.replace(bad.rfind("ca:x"), 4, "ca::");
  const parsed p(bad);
  CHECK(p.code() == errc::store_name_syntax);
  const policy_statement* found = nullptr;
  CHECK(nv2::find_oci_statement(p.document, bytes::of("a.b/c@x"), found) == errc::policy_missing);
  CHECK(found == nullptr);
}

TEST_CASE("G-003 limits, each with its own error") {
  const auto scope = [](std::size_t i) { return "a.b/c" + std::to_string(i); };
  const auto many = [&](std::size_t statements, std::size_t scopes) {
    std::vector<std::string> list;
    for (std::size_t i = 0; i < statements; ++i) {
      list.push_back(strict(repeat(scopes, [&](std::size_t k) { return scope(i * scopes + k); })));
    }
    return with_statements(list);
  };
  CHECK(parsed(many(limits::statements, 1)).code() == errc::ok);
  CHECK(parsed(many(limits::statements + 1, 1)).code() == errc::policy_statements_too_many);
  CHECK(parsed(many(1, limits::scopes)).code() == errc::ok);
  CHECK(parsed(many(1, limits::scopes + 1)).code() == errc::policy_scopes_too_many);
  CHECK(parsed(many(2, limits::scopes / 2)).code() == errc::ok);
  CHECK(parsed(many(2, limits::scopes / 2 + 1)).code() == errc::policy_scopes_too_many);
  CHECK(parsed(many(1, limits::scopes + 1)).answer.offset == many(1, 1).find(R"(["a.b)"));

  const auto store = [](std::size_t i) { return "ca:" + std::to_string(i); };
  CHECK(parsed(replaced(oci, R"("ca:x")", repeat(limits::stores, store))).code() == errc::ok);
  CHECK(parsed(replaced(oci, R"("ca:x")", repeat(limits::stores + 1, store))).code() ==
        errc::policy_stores_too_many);

  const auto identity = [](std::size_t i) {
    return "x509.subject:C=US,ST=WA,O=Acme,CN=" + std::to_string(i);
  };
  CHECK(parsed(replaced(oci, R"("*")", repeat(limits::identities, identity))).code() == errc::ok);
  CHECK(parsed(replaced(oci, R"("*")", repeat(limits::identities + 1, identity))).code() ==
        errc::policy_identities_too_many);

  const std::string space(limits::document_size - oci.size(), ' ');
  CHECK(parsed(oci + space).code() == errc::ok);
  CHECK(parsed(oci + space + " ").code() == errc::input_too_large);

  const std::string name(limits::text_size - 1, 'a');
  CHECK(parsed(replaced(oci, R"("p")", R"("\u0061)" + name + "\"")).code() == errc::ok);
  CHECK(parsed(replaced(oci, R"("p")", R"("\u0061a)" + name + "\"")).code() ==
        errc::json_copy_length);
  CHECK(parsed(replaced(oci, R"("p")", "\"" + name + name + "\"")).code() == errc::ok);

  std::string unknown;
  for (std::size_t i = 0; i < limits::members; ++i) unknown += "\"" + std::to_string(i) + "\":0,";
  CHECK(parsed(replaced(oci, R"("version")", unknown + R"("version")"), policy_kind::oci,
               compat::policy_ignore_unknown)
            .code() == errc::json_members);
}

TEST_CASE("each byte of workspace that is missing is noticed") {
  const std::string text =
      replaced(with_statements({strict(R"("a.b/c","a.b/d")"), skip(R"("a.b\/e")")}), R"("*")",
               R"("x509.subject:C=US,ST=WA,O=A\\,B")");
  const parsed whole(text);
  REQUIRE(whole.code() == errc::ok);
  for (std::size_t room = 0; room < whole.peak(); ++room) {
    CHECK(parsed(text, policy_kind::oci, compat::none, room).code() == errc::workspace_exhausted);
  }
  CHECK(parsed(text, policy_kind::oci, compat::none, whole.peak()).code() == errc::ok);
}

TEST_CASE("no changed byte leads astray") {
  const std::string text =
      with_statements({strict(R"("a.b/c","a.b/d")"), skip(R"("a.b\/e")"), strict(R"("*")")});
  REQUIRE(parsed(text).code() == errc::ok);
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const unsigned value : {0U, 0x20U, 0x22U, 0x2AU, 0x2CU, 0x30U, 0x3AU, 0x5BU, 0x5CU, 0x5DU,
                                 0x61U, 0x7BU, 0x7DU, 0x80U, 0xFFU}) {
      std::string changed = text;
      changed[i] = static_cast<char>(value);
      const parsed p(changed);
      if (p.code() != errc::ok) continue;
      ++accepted;
      // What is accepted says the same to another reader of JSON.
      CAPTURE(changed);
      const auto other = nlohmann::json::parse(changed).at("trustPolicies");
      REQUIRE(p.document.statements.size() == other.size());
      for (std::size_t s = 0; s < other.size(); ++s) {
        CHECK(p[s].name.as_text() == other[s].at("name").get<std::string>());
        REQUIRE(p[s].scopes.size() == other[s].at("registryScopes").size());
        for (std::size_t k = 0; k < p[s].scopes.size(); ++k) {
          CHECK(p[s].scopes[k].as_text() == other[s].at("registryScopes")[k].get<std::string>());
        }
      }
    }
  }
  CHECK(accepted > 0);
}

namespace {

const std::string three =
    with_statements({strict(R"("a.b/c","a.b:5000/c")"), strict(R"("a.b/d")"), strict(R"("*")")});

/// The name of the statement that is selected for a reference, or of the error.
std::string selected(const parsed& p, const std::string& reference) {
  const policy_statement* found = nullptr;
  const errc code = nv2::find_oci_statement(p.document, bytes::of(reference), found);
  CHECK((found != nullptr) == (code == errc::ok));
  return found != nullptr ? std::string(found->name.as_text()) : name(code);
}

}  // namespace

TEST_CASE("W-001 P-022 the statement for a reference") {
  const parsed p(three);
  CHECK(selected(p, "a.b/c@sha256:aa") == "0");
  CHECK(selected(p, "a.b:5000/c@sha256:aa") == "0");
  CHECK(selected(p, "a.b/d@sha256:aa") == "1");
  CHECK(selected(p, "a.b/e@sha256:aa") == "2");
  CHECK(selected(p, "a.b/c/d@sha256:aa") == "2");
  CHECK(selected(p, "A.b/c@sha256:aa") == "2");
  CHECK(selected(p, "docker.io/library/a@sha256:aa") == "2");
  const parsed two(with_statements({strict(R"("a.b/c")"), strict(R"("a.b/d")")}));
  CHECK(selected(two, "a.b/e@sha256:aa") == "policy_not_applicable");
  CHECK(selected(two, "A.b/c@x") == "policy_not_applicable");  // PV-28
  CHECK(selected(two, "a.b:80/c@x") == "policy_not_applicable");
  CHECK(selected(two, "a.b/c@sha256:xx") == "0");  // PV-26
  CHECK(selected(two, "a.b/c@") == "0");           // PV-26
}

TEST_CASE("W-001 PV-27 PV-29 references that name no repository with a digest") {
  const parsed p(three);
  for (const char* bad :
       {"a.b/c:tag@sha256:aa", "a.b/c:tag", "a.b/c", "", "@", "@sha256:aa", "a.b@x", "c@x",
        "a.b/c@d@e", "a.b/c@@", "*@x", "[::1]/c@x", "https://a.b/c@x", "a.b/C@x"}) {
    CAPTURE(bad);
    CHECK(selected(p, bad) == "policy_reference");
  }
}

TEST_CASE("W-002 the statement for a blob, by its name or the global one") {
  const parsed p(with_statements({blob_statement("strict"), blob_statement("skip"),
                                  blob_statement("audit", R"(,"globalPolicy":true)")}),
                 policy_kind::blob);
  REQUIRE(p.code() == errc::ok);
  const policy_statement* found = nullptr;
  CHECK(nv2::find_blob_statement(p.document, bytes::of("0"), found) == errc::ok);
  CHECK(found == &p[0]);
  // PV-08, W-003: a third outcome, which is not "verified"
  CHECK(nv2::find_blob_statement(p.document, bytes::of("1"), found) == errc::ok);
  CHECK(found->actions.skips_everything());
  CHECK(nv2::find_global_statement(p.document, found) == errc::ok);
  CHECK(found == &p[2]);
  for (const char* other : {"3", "", "0 ", "00"}) {
    CHECK(nv2::find_blob_statement(p.document, bytes::of(other), found) ==
          errc::policy_not_applicable);
    CHECK(found == nullptr);
  }
  const parsed none(with_statements({blob_statement("strict")}), policy_kind::blob);
  CHECK(nv2::find_global_statement(none.document, found) == errc::policy_not_applicable);
  CHECK(found == nullptr);
}

TEST_CASE("P-023 a document that is not there, or of another kind, has no statement") {
  const policy_statement* found = nullptr;
  const nv2::policy_document none;
  CHECK(nv2::find_oci_statement(none, bytes::of("a.b/c@x"), found) == errc::policy_missing);
  CHECK(nv2::find_blob_statement(none, bytes::of("p"), found) == errc::policy_missing);
  CHECK(nv2::find_global_statement(none, found) == errc::policy_missing);
  const parsed images(oci);
  CHECK(nv2::find_blob_statement(images.document, bytes::of("p"), found) == errc::policy_missing);
  CHECK(nv2::find_global_statement(images.document, found) == errc::policy_missing);
  const parsed blobs(blob, policy_kind::blob);
  REQUIRE(blobs.code() == errc::ok);
  CHECK(nv2::find_oci_statement(blobs.document, bytes::of("a.b/c@x"), found) ==
        errc::policy_missing);
  CHECK(found == nullptr);
}

TEST_CASE("S-022 W-030 a statement selects stores by type and name") {
  const parsed p(replaced(oci, R"("ca:x")", R"("ca:x","tsa:y")"));
  CHECK(nv2::selects_store(p[0], nv2::anchor_role::ca, bytes::of("x")));
  CHECK(nv2::selects_store(p[0], nv2::anchor_role::tsa, bytes::of("y")));
  CHECK(!nv2::selects_store(p[0], nv2::anchor_role::tsa, bytes::of("x")));
  CHECK(!nv2::selects_store(p[0], nv2::anchor_role::signing_authority, bytes::of("x")));
  CHECK(!nv2::selects_store(p[0], nv2::anchor_role::signer, bytes::of("x")));
  CHECK(!nv2::selects_store(p[0], nv2::anchor_role::ca, bytes::of("y")));
  CHECK(!nv2::selects_store(p[0], nv2::anchor_role::ca, bytes::of("")));
  CHECK(!nv2::selects_store(policy_statement{}, nv2::anchor_role::ca, bytes::of("x")));
}
