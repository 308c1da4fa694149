// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What a verifier asks about revocation, and what it makes of the answers.
#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include <nv2/nv2.hpp>

#include "support/vector.hpp"

#if NV2_TEST_OPENSSL
#include <nv2/crypto/openssl.hpp>
#elif NV2_TEST_MBEDTLS
#include <nv2/crypto/mbedtls.hpp>
#endif

#if NV2_TEST_OPENSSL || NV2_TEST_MBEDTLS
namespace {

using nv2::errc;
using nv2_test::view_of;

#if NV2_TEST_OPENSSL
constexpr const nv2::crypto_backend& real_crypto = nv2::openssl_crypto;
#else
constexpr const nv2::crypto_backend& real_crypto = nv2::mbedtls_crypto;
#endif

/// Answers by the number of the question, and keeps what was asked.
struct oracle {
  oracle() = default;
  explicit oracle(std::vector<errc> given) : answers(std::move(given)) {}

  std::vector<errc> answers;
  nv2::freshness fresh = nv2::freshness::current;
  std::vector<nv2::unix_time> as_of, signing_times;
  std::size_t asked = 0;

  static errc judge(const void* data, nv2::revocation_question& question,
                    nv2::revocation_answer& answer) noexcept {
    oracle& self = *const_cast<oracle*>(static_cast<const oracle*>(data));
    const std::size_t number = self.asked++;
    CHECK(nv2::equal(question.subject.issuer, question.issuer.subject));
    CHECK(question.context.rules.max_signature_checks > 0);
    if (question.has_signing_time) self.signing_times.push_back(question.signing_time);
    answer.source = nv2::revocation_source::list;
    answer.fresh = self.fresh;
    answer.reason = static_cast<std::int8_t>(number);
    answer.has_as_of = number < self.as_of.size();
    if (answer.has_as_of) answer.as_of = self.as_of[number];
    return number < self.answers.size() ? self.answers[number] : errc::ok;
  }
};

nv2_test::vector_case load(const char* area, const char* name) {
  return nv2_test::load_case(nv2_test::vectors_folder(area) / name);
}

struct judged {
  errc code, logged;
  nv2::outcome revocation;
  nv2::verdict verdict;
  std::int8_t certificate;
  nv2::revocation_answer answer;
  nv2::time_report times;
  bool has_floor;
  nv2::unix_time floor = 0;
};

/// The case with another decision, and the action `what` about revocation.
judged judge(const nv2_test::vector_case& vector, oracle& asked,
             nv2::action what = nv2::action::enforce) {
  nv2::action_overrides changed;
  REQUIRE(changed.set(nv2::validation::revocation, what) == errc::ok);
  nv2::policy trust = vector.policy().with_revocation(nv2::revocation::by(oracle::judge, &asked));
  nv2::validation_actions actions = trust.actions();
  REQUIRE(actions.apply(changed) == errc::ok);
  trust = trust.with_actions(actions);
  const nv2::verifier verifier{real_crypto, nv2::all_formats, trust};
  nv2::static_workspace<64 * 1024> memory;
  const nv2::verification made =
      verifier.verify(view_of(vector.envelope), vector.subject(), vector.time(), memory);
  judged out{made.status().code,
             made.logged(nv2::check::revocation),
             made.report(nv2::check::revocation),
             made.verdict(),
             made.status().certificate,
             made.revocation(),
             made.times(),
             false};
  out.has_floor = made.time_floor(out.floor);
  return out;
}

constexpr const char* threes[] = {"cose_three", "jws_three"};

}  // namespace

TEST_CASE("R-001 everybody but the root is asked about, with its issuer, the signer first") {
  for (const char* const name : threes) {
    oracle all_good;
    const judged made = judge(load("notary", name), all_good);
    CHECK(made.code == errc::ok);
    CHECK(made.verdict == nv2::verdict::trusted);
    CHECK(made.revocation == nv2::outcome::passed);
    CHECK(all_good.asked == 2);
    CHECK(all_good.signing_times.empty());  // spec: R-007
  }
  oracle none;
  CHECK(judge(load("notary", "cose_revocation_of_lone"), none).code == errc::ok);
  CHECK(none.asked == 0);
}

TEST_CASE("R-001 in prototype forms the last issuer is an anchor, and parsed for that") {
  for (const char* const name : {"json_ok_chain", "json_ok_ec_chain", "json_ok_chain_unordered"}) {
    CAPTURE(name);
    oracle good;
    CHECK(judge(load("nv2", name), good).code == errc::ok);
    REQUIRE(good.asked >= 2);
    oracle last{std::vector<errc>(good.asked, errc::ok)};
    last.answers.back() = errc::certificate_revoked;
    CHECK(judge(load("nv2", name), last).code == errc::certificate_revoked);
  }
  oracle by_key;
  CHECK(judge(load("nv2", "jwt_ok_two_references"), by_key).code == errc::ok);
  CHECK(by_key.asked == 0);
}

TEST_CASE("R-006 revoked counts more than unknown, and of the unknown the one nearest the leaf") {
  struct row {
    std::vector<errc> answers;
    errc expect;
    std::int8_t certificate;
    std::size_t asked;
  };
  const row rows[] = {
      {{errc::certificate_revoked}, errc::certificate_revoked, 0, 1},
      {{errc::ok, errc::certificate_revoked}, errc::certificate_revoked, 1, 2},
      {{errc::revocation_unknown, errc::certificate_revoked}, errc::certificate_revoked, 1, 2},
      {{errc::revocation_unknown, errc::revocation_time_unknown}, errc::revocation_unknown, 0, 2},
      {{errc::ok, errc::revocation_time_unknown}, errc::revocation_time_unknown, 1, 2},
      {{errc::revocation_unknown, errc::crypto_failure}, errc::crypto_failure, 1, 2},
  };
  for (const char* const name : threes) {
    for (const row& r : rows) {
      CAPTURE(nv2::name(r.expect));
      oracle asked{r.answers};
      const judged made = judge(load("notary", name), asked);
      CHECK(made.code == r.expect);
      CHECK(made.certificate == r.certificate);
      CHECK(made.answer.certificate == r.certificate);
      CHECK(made.answer.reason == r.certificate);
      CHECK(asked.asked == r.asked);
      CHECK_FALSE(made.has_floor);
      CHECK(made.revocation ==
            (r.expect == errc::crypto_failure ? nv2::outcome::not_run : nv2::outcome::failed));
    }
  }
}

TEST_CASE("R-008 W-070 the action decides what a revoked or unknown certificate leads to") {
  for (const char* const name : threes) {
    for (const errc code :
         {errc::certificate_revoked, errc::revocation_unknown, errc::revocation_time_unknown}) {
      oracle asked{std::vector<errc>{code}};
      const judged logged = judge(load("notary", name), asked, nv2::action::log);
      CHECK(logged.verdict == nv2::verdict::accepted);
      CHECK(logged.revocation == nv2::outcome::logged);
      CHECK(logged.logged == code);
      CHECK(logged.answer.certificate == 0);
      oracle skipped{std::vector<errc>{code}};
      const judged made = judge(load("notary", name), skipped, nv2::action::skip);
      CHECK(made.verdict == nv2::verdict::trusted);
      CHECK(made.revocation == nv2::outcome::not_run);
      CHECK(skipped.asked == 0);
    }
    oracle failing{std::vector<errc>{errc::workspace_exhausted}};
    CHECK(judge(load("notary", name), failing, nv2::action::log).code == errc::workspace_exhausted);
  }
}

TEST_CASE("R-007 an authority vouches for the signing time, and that raises the floor") {
  for (const char* const name :
       {"cose_authority_chain_expired_now", "jws_authority_chain_expired_now"}) {
    oracle asked;
    const judged made = judge(load("notary", name), asked);
    REQUIRE(made.code == errc::ok);
    REQUIRE(asked.signing_times.size() == asked.asked);
    REQUIRE(asked.asked > 0);
    CHECK(made.times.source == nv2::time_source::signing_authority);
    CHECK(made.times.first == asked.signing_times[0]);
    CHECK(made.has_floor);
    CHECK(made.floor == made.times.first);
  }
}

TEST_CASE("the report tells the least current data, and the floor is the latest of all") {
  for (const char* const name : threes) {
    oracle asked;
    asked.as_of = {1000, 2000};
    asked.fresh = nv2::freshness::in_grace;
    const judged made = judge(load("notary", name), asked);
    CHECK(made.times.source == nv2::time_source::present);
    CHECK(made.answer.fresh == nv2::freshness::in_grace);
    CHECK(made.answer.certificate == 0);
    CHECK(made.has_floor);
    CHECK(made.floor == 2000);
    oracle noted{std::vector<errc>{errc::ok, errc::revocation_unknown}};
    noted.as_of = {1000};
    CHECK_FALSE(judge(load("notary", name), noted, nv2::action::log).has_floor);
    oracle nothing;
    CHECK_FALSE(judge(load("notary", name), nothing).has_floor);
  }
}

TEST_CASE("W-065 a time that is allowed to lie ahead of the clock raises no floor") {
  for (const char* const name : {"cose_authority_ahead_allowed", "jws_authority_ahead_allowed"}) {
    oracle asked;
    const judged made = judge(load("notary", name), asked);
    REQUIRE(made.code == errc::ok);
    CHECK(made.times.source == nv2::time_source::signing_authority);
    CHECK_FALSE(made.has_floor);
  }
}

TEST_CASE("R-014 R-034 how current data is, by what is known of the present") {
  using nv2::freshness;
  using nv2::time_basis;
  constexpr errc stale = errc::revocation_unknown, ahead = errc::time_unknown,
                 unknown = errc::revocation_time_unknown;
  nv2::revocation_data strict, grace, ignore;
  grace.stale = nv2::stale_rule::grace;
  grace.grace_seconds = 10;
  ignore.stale = nv2::stale_rule::ignore;
  struct row {
    time_basis now;
    bool has_next;
    const nv2::revocation_data& data;
    errc expect;
    freshness fresh;
  };
  // Made at 100, to be replaced at 200.
  const row rows[] = {
      {time_basis::at(99), true, strict, ahead, freshness::none},
      {time_basis::at(100), true, strict, errc::ok, freshness::current},
      {time_basis::at(200), true, strict, errc::ok, freshness::current},
      {time_basis::at(201), true, strict, stale, freshness::none},
      {time_basis::at(150), false, strict, stale, freshness::none},
      {time_basis::at(99), true, grace, ahead, freshness::none},
      {time_basis::at(200), true, grace, errc::ok, freshness::current},
      {time_basis::at(201), true, grace, errc::ok, freshness::in_grace},
      {time_basis::at(210), true, grace, errc::ok, freshness::in_grace},
      {time_basis::at(211), true, grace, stale, freshness::none},
      {time_basis::at(150), false, grace, stale, freshness::none},
      {time_basis::at(99), true, ignore, ahead, freshness::none},
      {time_basis::at(150), true, ignore, errc::ok, freshness::current},
      {time_basis::at(1000), true, ignore, errc::ok, freshness::ignored},
      {time_basis::at(150), false, ignore, errc::ok, freshness::ignored},
      {time_basis::not_before(50), true, strict, unknown, freshness::none},
      {time_basis::not_before(150), true, strict, unknown, freshness::none},
      {time_basis::not_before(201), true, strict, stale, freshness::none},
      {time_basis::not_before(201), true, grace, unknown, freshness::none},
      {time_basis::not_before(211), true, grace, stale, freshness::none},
      {time_basis::not_before(50), true, ignore, errc::ok, freshness::ignored},
      {time_basis::not_before(1000), true, ignore, errc::ok, freshness::ignored},
      {time_basis::unknown(), true, strict, unknown, freshness::none},
      {time_basis::unknown(), true, grace, unknown, freshness::none},
      {time_basis::unknown(), true, ignore, errc::ok, freshness::ignored},
      {time_basis::unknown(), false, strict, stale, freshness::none},
  };
  for (const row& r : rows) {
    freshness fresh = freshness::none;
    CHECK(check_freshness(100, r.has_next, 200, r.now, r.data, stale, ahead, fresh) == r.expect);
    CHECK(fresh == r.fresh);
  }
}
#endif
