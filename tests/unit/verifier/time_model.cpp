// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The table of docs/time.md: what each check says by what is known of the time.
#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include <nv2/nv2.hpp>
#include <nv2/trust/revocation_lists.hpp>

#include "support/vector.hpp"

#if NV2_TEST_OPENSSL
#include <nv2/crypto/openssl.hpp>
#elif NV2_TEST_MBEDTLS
#include <nv2/crypto/mbedtls.hpp>
#endif

#if NV2_TEST_OPENSSL || NV2_TEST_MBEDTLS
namespace {

using nv2::errc;
using nv2::time_basis;
using nv2::unix_time;
using nv2_test::view_of;

#if NV2_TEST_OPENSSL
constexpr const nv2::crypto_backend& crypto = nv2::openssl_crypto;
#else
constexpr const nv2::crypto_backend& crypto = nv2::mbedtls_crypto;
#endif

constexpr unix_time far = 4000000000;

/// A check, the instant it looks at, and what the caller has to know for it.
struct row {
  std::string name, needs;
  unix_time limit;
  std::function<errc(time_basis)> check;
};

errc validity(unix_time begin, unix_time end, time_basis time) {
  nv2::certificate subject;
  subject.not_before = begin;
  subject.not_after = end;
  return check_validity(subject, time);
}

errc issued(time_basis time) {
  nv2::signed_claims made;
  made.has_issued_at = true;
  made.issued_at = 1000;
  return check_claim_times(made, time, nv2::compat::none);
}

errc claims(bool is_expiry, time_basis time) {
  nv2::signed_claims made;
  made.has_expiry = is_expiry;
  made.has_not_before = !is_expiry;
  made.expiry = made.not_before = 1000;
  return check_claim_times(made, time, nv2::compat::none);
}

/// thisUpdate 1000 and nextUpdate far away, or thisUpdate long ago and nextUpdate 999.
errc list_age(bool is_next, nv2::stale_rule stale, time_basis time) {
  nv2::revocation_data data;
  data.stale = stale;
  data.grace_seconds = 500;
  nv2::freshness fresh = nv2::freshness::none;
  return check_freshness(is_next ? 0 : 1000, true, is_next ? 999 : far, time, data, errc::crl_stale,
                         errc::crl_ahead, fresh);
}

/// An envelope of the matrix, whose certificates do not matter here. `at` becomes the time it tells.
errc judge(const char* name, time_basis time, unix_time& at) {
  const auto read = [](const char* folder, const std::string& file) {
    return nv2_test::read_file(nv2_test::vectors_folder(folder) / file);
  };
  static const nv2_test::blob root = read("pki", "acme_root.der"),
                              stamps = read("pki", "matrix_tsa_root.der"),
                              manifest = read("notary", "manifest.json");
  const nv2::trust_anchor anchors[] = {{view_of(root)},
                                       {view_of(root), nv2::anchor_role::signing_authority},
                                       {view_of(stamps), nv2::anchor_role::tsa}};
  const nv2::policy trust = nv2::policy::strict(anchors, nv2::revocation::not_checked())
                                .with_timestamps(nv2::timestamp_rule::always);
  const nv2_test::blob envelope = read("matrix", name);
  nv2::static_workspace<32768> memory;
  const nv2::verifier verifier{crypto, nv2::all_formats, trust};
  const nv2::verification answer = verifier.verify(
      view_of(envelope),
      nv2::artifact::content(view_of(manifest), "application/vnd.oci.image.manifest.v1+json"), time,
      memory);
  at = answer.times().first;
  return answer.status().code;
}

row whole(const char* name, const char* file) {
  unix_time limit = 0;
  REQUIRE(judge(file, time_basis::at(far), limit) == errc::ok);
  REQUIRE(limit > 0);
  return {name, "lower", limit, [file](time_basis time) {
            unix_time ignored = 0;
            return judge(file, time, ignored);
          }};
}

std::vector<row> rows() {
  using nv2::stale_rule;
  return {
      {"notBefore of a certificate", "lower, and an upper one for notAfter", 1000,
       [](time_basis t) { return validity(1000, far, t); }},
      {"the second after notAfter", "upper", 1000,
       [](time_basis t) { return validity(0, 999, t); }},
      {"expiry of a signature, exp", "upper", 1000, [](time_basis t) { return claims(true, t); }},
      {"nbf of a prototype signature", "lower", 1000,
       [](time_basis t) { return claims(false, t); }},
      {"iat of a prototype signature", "none", 1000, issued},  // N-134
      whole("authentic signing time", "authority.cose"),
      whole("time of a timestamp, less its accuracy", "stamped.cose"),
      {"thisUpdate of a list or response", "lower, and an upper one for nextUpdate", 1000,
       [](time_basis t) { return list_age(false, stale_rule::strict, t); }},
      {"the second after nextUpdate, strict", "upper", 1000,
       [](time_basis t) { return list_age(true, stale_rule::strict, t); }},
      {"the second after nextUpdate and the grace", "upper", 1500,
       [](time_basis t) { return list_age(true, stale_rule::grace, t); }},
      {"the second after nextUpdate, ignored", "none", 1000,
       [](time_basis t) { return list_age(true, stale_rule::ignore, t); }},
  };
}

/// What the outcomes say of the bound: `lower` lets pass what has begun for sure, and so on.
std::string bound_of(const row& r) {
  const auto passes = [&r](time_basis time) { return r.check(time) == errc::ok; };
  if (passes(time_basis::unknown())) return "none";
  if (passes(time_basis::at(r.limit - 1))) return "upper";
  return passes(time_basis::not_before(r.limit)) ? "lower" : "lower, and an upper one";
}

std::string table() {
  std::string out =
      "| instant | bound that is needed | at, before | at, from then on | not_before, before | "
      "not_before, from then on | unknown |\n|---|---|---|---|---|---|---|\n";
  for (const row& r : rows()) {
    CAPTURE(r.name);
    CHECK(r.needs.substr(0, r.needs.find(" for ")) == bound_of(r));
    out += "| " + r.name + " | " + r.needs + " |";
    for (const time_basis time :
         {time_basis::at(r.limit - 1), time_basis::at(r.limit), time_basis::not_before(r.limit - 1),
          time_basis::not_before(r.limit), time_basis::unknown()}) {
      const errc code = r.check(time);
      out += std::string{" "} + (code == errc::ok ? "passes" : nv2::name(code)) + " |";
    }
    out += "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("docs/time.md says what every check says (G-001)") {
  std::ifstream in{std::string{NV2_SOURCE_DIR} + "/docs/time.md", std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  const std::string begin = "<!-- time:begin -->\n";
  const std::size_t first = text.str().find(begin) + begin.size();
  const std::size_t end = text.str().find("<!-- time:end -->");
  REQUIRE(end != std::string::npos);
  CHECK(text.str().substr(first, end - first) == table());
}

TEST_CASE("a clock that stands before what is known is no clock (G-001)") {
  CHECK(time_basis::from_clock(0, 1000).known() == time_basis::kind::not_before);
  CHECK(time_basis::from_clock(0, 1000).value() == 1000);
  CHECK(time_basis::from_clock(999, 1000).known() == time_basis::kind::not_before);
  CHECK(time_basis::from_clock(1000, 1000).known() == time_basis::kind::at);
  CHECK(time_basis::from_clock(5000, 1000).value() == 5000);
  CHECK(time_basis::from_clock(-1, 0).known() == time_basis::kind::not_before);
}

namespace {

constexpr unix_time none = -1;

/// The floor after a signature of the matrix at its present, 2030-01-01, or `none`.
unix_time floor_after(const char* name, const char* list, nv2::validation_actions actions,
                      bool trusts_signer = true, time_basis time = time_basis::at(1893456000)) {
  const auto read = [](const char* folder, const std::string& file) {
    return nv2_test::read_file(nv2_test::vectors_folder(folder) / file);
  };
  const nv2_test::blob root = read("pki", "acme_root.der"),
                       stamps = read("pki", "matrix_tsa_root.der"),
                       manifest = read("notary", "manifest.json"), envelope = read("matrix", name),
                       crl = read("matrix", list);
  const nv2::bytes lists[] = {view_of(crl)};
  nv2::revocation_data data;
  data.lists = lists;
  const nv2::bytes signers = view_of(trusts_signer ? root : stamps);
  const nv2::trust_anchor anchors[] = {{signers},
                                       {signers, nv2::anchor_role::signing_authority},
                                       {view_of(stamps), nv2::anchor_role::tsa}};
  const bool is_stamped = std::string{name}.find("stamped") == 0;
  const nv2::policy trust =
      nv2::policy::strict({anchors, is_stamped ? 3U : 2U}, nv2::revocation_by_lists(data))
          .with_actions(actions)
          .with_timestamps(nv2::timestamp_rule::always);
  nv2::static_workspace<32768> memory;
  const nv2::verifier verifier{crypto, nv2::all_formats, trust};
  const nv2::verification answer = verifier.verify(
      view_of(envelope),
      nv2::artifact::content(view_of(manifest), "application/vnd.oci.image.manifest.v1+json"), time,
      memory);
  unix_time out = none;
  const bool is_known = answer.time_floor(out);
  CHECK(is_known == (out != none));
  return out;
}

}  // namespace

TEST_CASE("a floor never falls (G-001)") {
  nv2::trust_report report;
  CHECK_FALSE(report.has_floor);
  report.raise_floor(-5);
  CHECK(report.has_floor);
  CHECK(report.floor == -5);
  report.raise_floor(2000);
  report.raise_floor(1000);
  CHECK(report.floor == 2000);
}

TEST_CASE("the latest time that trusted parties vouch for is the floor (G-001)") {
  using nv2::verification_level;
  constexpr unix_time made = 1893456000 - 5 * 86400;  // thisUpdate of good.crl
  const nv2::validation_actions strict{verification_level::strict};
  for (const char* form : {".jws", ".cose"}) {
    for (const char* name : {"valid", "stamped", "authority"}) {
      const std::string file = std::string{name} + form;
      CAPTURE(file);
      CHECK(floor_after(file.c_str(), "good.crl", strict) == made);
      // The signer is nobody, the list says revoked or is stale: nothing is learned, at any level.
      for (const auto level : {verification_level::strict, verification_level::permissive,
                               verification_level::audit}) {
        const nv2::validation_actions actions{level};
        CHECK(floor_after(file.c_str(), "good.crl", actions, false) == none);
        CHECK(floor_after(file.c_str(), "listed_before.crl", actions) == none);
        CHECK(floor_after(file.c_str(), "stale.crl", actions) == none);
      }
    }
  }
}

TEST_CASE(
    "a floor of a timestamp or an authority is where the same signature still passes (G-001)") {
  for (const char* name : {"stamped.cose", "stamped.jws", "authority.cose", "authority.jws"}) {
    CAPTURE(name);
    unix_time floor = 0, again = 0;
    REQUIRE(judge(name, time_basis::at(far), floor) == errc::ok);
    CHECK(judge(name, time_basis::from_clock(0, floor), again) == errc::ok);
    CHECK(judge(name, time_basis::from_clock(0, floor - 1), again) != errc::ok);
  }
}
#endif
