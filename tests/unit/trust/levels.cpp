// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <nv2/trust/levels.hpp>

using nv2::action;
using nv2::action_overrides;
using nv2::errc;
using nv2::error_class;
using nv2::validation;
using nv2::validation_actions;
using nv2::verification_level;

namespace {

constexpr validation all_validations[] = {validation::integrity, validation::authenticity,
                                          validation::authentic_timestamp, validation::expiry,
                                          validation::revocation};
constexpr verification_level all_levels[] = {verification_level::strict,
                                             verification_level::permissive,
                                             verification_level::audit, verification_level::skip};

/// "enforce log ..." in the order of the validations.
std::string row_of(const validation_actions& actions) {
  std::string row;
  for (const validation v : all_validations)
    row += std::string(row.empty() ? "" : " ") + name(actions.of(v));
  return row;
}

validation_actions overridden(verification_level level, validation v, action a) {
  action_overrides overrides;
  REQUIRE(overrides.set(v, a) == errc::ok);
  validation_actions actions{level};
  REQUIRE(actions.apply(overrides) == errc::ok);
  return actions;
}

#define NV2_X(name, number, rule, group, message) &&(number >> 8) == 6
constexpr bool codes_are_of_the_trust_layer = true NV2_ERRC_TRUST(NV2_X);
#undef NV2_X
static_assert(codes_are_of_the_trust_layer);

static_assert(validation_actions{}.enforces_everything());
static_assert(validation_actions{verification_level::audit}.of(validation::integrity) ==
              action::enforce);
static_assert(sizeof(validation_actions) == 4);

}  // namespace

TEST_CASE("P-006 W-004 each level has its row of actions") {
  CHECK(row_of(validation_actions{}) == "enforce enforce enforce enforce enforce");
  CHECK(row_of(validation_actions{verification_level::strict}) ==
        "enforce enforce enforce enforce enforce");
  CHECK(row_of(validation_actions{verification_level::permissive}) ==
        "enforce enforce log log log");
  CHECK(row_of(validation_actions{verification_level::audit}) == "enforce log log log log");
  CHECK(row_of(validation_actions{verification_level::skip}) == "skip skip skip skip skip");
}

TEST_CASE("validations, actions and levels have the names of the documents") {
  CHECK(std::string(name(validation::integrity)) == "integrity");
  CHECK(std::string(name(validation::authenticity)) == "authenticity");
  CHECK(std::string(name(validation::authentic_timestamp)) == "authenticTimestamp");
  CHECK(std::string(name(validation::expiry)) == "expiry");
  CHECK(std::string(name(validation::revocation)) == "revocation");
  CHECK(std::string(name(action::enforce)) == "enforce");
  CHECK(std::string(name(action::log)) == "log");
  CHECK(std::string(name(action::skip)) == "skip");
  CHECK(std::string(name(verification_level::strict)) == "strict");
  CHECK(std::string(name(verification_level::permissive)) == "permissive");
  CHECK(std::string(name(verification_level::audit)) == "audit");
  CHECK(std::string(name(verification_level::skip)) == "skip");
}

TEST_CASE("P-007 what an override may set") {
  for (const validation v : all_validations) {
    CAPTURE(name(v));
    const bool soft = v != validation::integrity;
    CHECK(check_override(v, action::enforce) == (soft ? errc::ok : errc::policy_override));
    CHECK(check_override(v, action::log) == (soft ? errc::ok : errc::policy_override));
    CHECK(check_override(v, action::skip) ==
          (v == validation::revocation ? errc::ok : errc::policy_override));
  }
}

TEST_CASE("W-004 overrides replace actions of the level, and no others") {
  for (const verification_level level :
       {verification_level::strict, verification_level::permissive, verification_level::audit}) {
    for (const validation v : all_validations) {
      for (const action a : {action::enforce, action::log, action::skip}) {
        if (check_override(v, a) != errc::ok) continue;
        const validation_actions changed = overridden(level, v, a);
        CHECK(changed.level() == level);
        for (const validation other : all_validations) {
          CHECK(changed.of(other) == (other == v ? a : validation_actions{level}.of(other)));
        }
      }
    }
  }
  // PV-34
  CHECK(row_of(overridden(verification_level::strict, validation::revocation, action::skip)) ==
        "enforce enforce enforce enforce skip");
  CHECK(row_of(overridden(verification_level::audit, validation::expiry, action::enforce)) ==
        "enforce log log enforce log");
}

TEST_CASE("W-004 several overrides, the last one of a validation counts") {
  action_overrides overrides;
  CHECK(overrides.empty());
  CHECK(overrides.set(validation::expiry, action::log) == errc::ok);
  CHECK(overrides.set(validation::revocation, action::skip) == errc::ok);
  CHECK(overrides.set(validation::revocation, action::log) == errc::ok);
  CHECK(!overrides.empty());
  validation_actions actions;
  CHECK(actions.apply(overrides) == errc::ok);
  CHECK(row_of(actions) == "enforce enforce enforce log log");
}

TEST_CASE("P-007 a refused override changes nothing") {
  action_overrides overrides;
  CHECK(overrides.set(validation::integrity, action::log) == errc::policy_override);
  CHECK(overrides.set(validation::authenticity, action::skip) == errc::policy_override);
  CHECK(overrides.empty());
}

TEST_CASE("P-008 nothing overrides skip, and an empty override is none") {
  validation_actions actions{verification_level::skip};
  CHECK(actions.apply(action_overrides{}) == errc::ok);
  for (const validation v : all_validations) {
    action_overrides overrides;
    if (overrides.set(v, action::enforce) != errc::ok) continue;
    CHECK(actions.apply(overrides) == errc::policy_override_of_skip);
    CHECK(row_of(actions) == "skip skip skip skip skip");
  }
}

TEST_CASE("W-003 only the level skip skips everything") {
  for (const verification_level level : all_levels) {
    CHECK(validation_actions{level}.skips_everything() == (level == verification_level::skip));
  }
  CHECK(!overridden(verification_level::audit, validation::revocation, action::skip)
             .skips_everything());
}

TEST_CASE("W-081 only a statement that enforces everything says so") {
  for (const verification_level level : all_levels) {
    CHECK(validation_actions{level}.enforces_everything() == (level == verification_level::strict));
  }
  for (const validation v : all_validations) {
    for (const action a : {action::log, action::skip}) {
      if (check_override(v, a) != errc::ok) continue;
      CHECK(!overridden(verification_level::strict, v, a).enforces_everything());
    }
  }
  action_overrides all;
  for (const validation v : all_validations) {
    if (v != validation::integrity) CHECK(all.set(v, action::enforce) == errc::ok);
  }
  validation_actions audit{verification_level::audit};
  CHECK(audit.apply(all) == errc::ok);
  CHECK(audit.enforces_everything());
}

TEST_CASE("each class of errors belongs to the validation that the rule book gives it") {
  CHECK(nv2::validation_of(error_class::keynotfound) == validation::authenticity);
  CHECK(nv2::validation_of(error_class::trust) == validation::authenticity);
  CHECK(nv2::validation_of(error_class::identity) == validation::authenticity);
  CHECK(nv2::validation_of(error_class::expired) == validation::expiry);
  CHECK(nv2::validation_of(error_class::notyet) == validation::expiry);
  CHECK(nv2::validation_of(error_class::certtime) == validation::authentic_timestamp);
  CHECK(nv2::validation_of(error_class::timestamp) == validation::authentic_timestamp);
  CHECK(nv2::validation_of(error_class::revoked) == validation::revocation);
  CHECK(nv2::validation_of(error_class::revunknown) == validation::revocation);
}

namespace {

constexpr errc all_codes[] = {
#define NV2_X(name, code, rule, group, message) errc::name,
    NV2_ERRC_LIST(NV2_X)
#undef NV2_X
};

struct soft_failure {
  validation step;
  errc code;
};
constexpr soft_failure soft[] = {{validation::authenticity, errc::notary_not_anchored},
                                 {validation::authenticity, errc::identity_mismatch},
                                 {validation::authentic_timestamp, errc::certificate_expired},
                                 {validation::authentic_timestamp, errc::notary_timestamp},
                                 {validation::authentic_timestamp, errc::time_unknown},
                                 {validation::expiry, errc::signature_expired},
                                 {validation::expiry, errc::signature_not_yet_valid},
                                 {validation::expiry, errc::time_unknown},
                                 {validation::revocation, errc::revocation_unknown},
                                 {validation::revocation, errc::time_unknown}};

}  // namespace

TEST_CASE("W-006 PV-44 no level softens what has nothing to do with trust, time or revocation") {
  for (const errc code : all_codes) {
    const error_class group = nv2::class_of(code);
    const bool may_be_soft =
        group == error_class::clock || nv2::validation_of(group) != validation::integrity;
    CAPTURE(nv2::name(code));
    if (nv2::is_soft(code)) CHECK(may_be_soft);
    if (may_be_soft) continue;
    for (const verification_level level : all_levels) {
      for (const validation step : all_validations) {
        CHECK(validation_actions{level}.on_failure(step, code) == action::enforce);
      }
    }
  }
  CHECK_FALSE(nv2::is_soft(errc::unset));
  CHECK_FALSE(nv2::is_soft(errc::signature_mismatch));  // PV-44: a bad signature
  CHECK_FALSE(nv2::is_soft(errc::leaf_key_usage));      // PV-44: a signer that may not sign
}

TEST_CASE("W-006 an integrity step is enforced whatever fails in it") {
  for (const verification_level level : all_levels) {
    for (const soft_failure& s : soft) {
      CHECK(validation_actions{level}.on_failure(validation::integrity, s.code) == action::enforce);
    }
  }
}

TEST_CASE("W-005 W-081 PV-40 PV-41 the action of the step decides about all other failures") {
  for (const verification_level level : all_levels) {
    for (const soft_failure& s : soft) {
      const validation_actions actions{level};
      CHECK(actions.on_failure(s.step, s.code) == actions.of(s.step));
    }
  }
  const validation_actions audit{verification_level::audit};
  const validation_actions permissive{verification_level::permissive};
  for (const soft_failure& s : soft) {
    CHECK(audit.on_failure(s.step, s.code) == action::log);
    CHECK(permissive.on_failure(s.step, s.code) ==
          (s.step == validation::authenticity ? action::enforce : action::log));
  }
}
