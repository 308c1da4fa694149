// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Every case of tests/vectors/ with every backend: the verdict, the code, and what a verdict promises.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include <nv2/nv2.hpp>

#include "backend/backends.hpp"
#include "support/vector.hpp"

namespace {

using nv2_test::real_backends;

nv2::verdict verdict_of(const std::string& name) {
  if (name == "trusted") return nv2::verdict::trusted;
  if (name == "accepted") return nv2::verdict::accepted;
  if (name == "skipped") return nv2::verdict::skipped;
  REQUIRE(name == "rejected");
  return nv2::verdict::rejected;
}

/// What every answer promises, whatever it is.
void check_promises(const nv2_test::vector_case& vector, const nv2::verification& answer) {
  const nv2::verdict verdict = answer.verdict();
  CHECK(answer.ok() == (verdict == nv2::verdict::trusted));
  CHECK(answer.accepted() == (answer.ok() || verdict == nv2::verdict::accepted));
  CHECK(answer.ok() == (answer.value() != nullptr));
  CHECK(answer.accepted() == (answer.accepted_value() != nullptr));
  CHECK(answer.accepted() == (answer.report(nv2::check::binding) == nv2::outcome::passed));
  CHECK(answer.accepted() == (answer.status().code == nv2::errc::ok));
  const bool skips = vector.said != nullptr &&
                     vector.said->actions.of(nv2::validation::revocation) == nv2::action::skip;
  if (!vector.wants_revocation() || skips) {
    CHECK(answer.report(nv2::check::revocation) == nv2::outcome::not_run);
  } else if (answer.ok()) {
    CHECK(answer.report(nv2::check::revocation) == nv2::outcome::passed);
  }
  if (const nv2::verified* value = answer.accepted_value()) {
    CHECK(value->size() == static_cast<std::int64_t>(vector.artifact.size()));
    CHECK(value->digest().substr(0, 3) == "sha");
    CHECK(std::string{value->format().name} == vector.facts["format"]);
    CHECK(answer.tried()[value->signature_index()] == nv2::errc::ok);
  } else if (verdict == nv2::verdict::rejected) {
    CHECK(answer.report(nv2::check_of(answer.status())) == nv2::outcome::failed);
    CHECK(nv2::rule(answer.status().code)[0] != '\0');
  }
}

/// What the policy let pass is told, kind by kind, and nothing else is. // W-005 W-081
void check_logged(const nv2_test::vector_case& vector, const nv2::verification& answer) {
  std::size_t logged = 0;
  for (unsigned i = 0; i <= static_cast<unsigned>(nv2::validation::revocation); ++i) {
    const auto kind = static_cast<nv2::check>(i);
    const std::string why =
        vector.facts["logged"].value(nv2::name(static_cast<nv2::validation>(i)), "unset");
    CAPTURE(i);
    if (!answer.accepted() && why == "unset") continue;  // failures before the end may be told
    CHECK(std::string{nv2::name(answer.logged(kind))} == why);
    CHECK((answer.report(kind) == nv2::outcome::logged) == (why != "unset"));
    logged += why != "unset";
  }
  CHECK(logged == vector.facts["logged"].size());
  const bool strict = vector.said->actions.enforces_everything();
  CHECK(answer.all_enforced() == (answer.ok() && strict));
}

template <typename Check>
void for_each_case(const char* area, std::size_t at_least, Check check) {
  const std::vector<nv2_test::vector_case> cases = nv2_test::load_cases(area);
  REQUIRE(cases.size() >= at_least);
  REQUIRE(!real_backends.empty());
  for (const nv2_test::vector_case& vector : cases) {
    for (const nv2::crypto_backend* crypto : real_backends) {
      CAPTURE(vector.name);
      CAPTURE(std::string{crypto->name});
      nv2::static_workspace<64 * 1024> memory;
      const nv2::verification answer =
          vector.verify(*crypto, nv2_test::view_of(vector.envelope), memory);
      CHECK(std::string{nv2::name(answer.status().code)} == vector.expect);
      CHECK(memory.peak() <=
            nv2::workspace_bound(nv2::all_formats, vector.envelope.size()) + nv2::timestamp_memory);
      check_promises(vector, answer);
      check(vector, answer);
    }
  }
}

/// Every case of `area` is answered in one way by both of `pair`. Counts the trusted ones.
int compare(const char* area, const nv2_test::partial_backend& pair) {
  int trusted = 0;
  for (const nv2_test::vector_case& vector : nv2_test::load_cases(area)) {
    CAPTURE(vector.name);
    nv2::static_workspace<64 * 1024> memory, other_memory;
    const nv2::bytes envelope = nv2_test::view_of(vector.envelope);
    const nv2::verification answer = vector.verify(*pair.tested, envelope, memory);
    const nv2::verification expected = vector.verify(*pair.reference, envelope, other_memory);
    CHECK(answer.verdict() == expected.verdict());
    CHECK(std::string{nv2::name(answer.status().code)} == nv2::name(expected.status().code));
    check_promises(vector, answer);
    if (vector.expect != "ok") CHECK(!answer.ok());
    trusted += answer.ok() ? 1 : 0;
  }
  return trusted;
}

/// Rows of the rule books in which the Notary Project's own program accepts and we refuse.
const std::set<std::string> stricter = {
    "JV-02", "JV-10", "JV-12", "JV-13", "JV-14", "JV-20",  "JV-29",  "JV-30", "JV-31",
    "JV-32", "JV-36", "JV-38", "JV-40", "JV-41", "JV-46",  "JV-47",  "JV-52", "JV-53",
    "JV-54", "JV-58", "JV-59", "JV-60", "JV-62", "JV-63",  "JV-65",  "JV-66", "JV-69",
    "JV-77", "CV-14", "CV-15", "CV-16", "CV-17", "CV-20",  "CV-21",  "CV-26", "CV-40",
    "CV-43", "CV-44", "CV-46", "CV-60", "CV-87", "CV-101", "CV-102", "XV-09", "XV-15",
    "XV-17", "XV-36", "XV-40", "PV-42", "IV-08", "IV-33"};
/// Rows in which it refuses and we accept: an unknown member in other case; the type of a member
/// that nobody reads.
const std::set<std::string> looser = {"JV-15", "JV-72"};

}  // namespace

TEST_CASE("each vector gets the verdict and the code it names, from every backend") {
  for_each_case("nv2", 400, [](const auto& vector, const nv2::verification& answer) {
    CHECK(answer.verdict() ==
          (vector.expect == "ok" ? nv2::verdict::trusted : nv2::verdict::rejected));
  });
}

TEST_CASE("each vector of the Notary Project gets its verdict, code and notes") {
  for_each_case("notary", 600, [](const auto& vector, const nv2::verification& answer) {
    CHECK(answer.verdict() == verdict_of(vector.facts["verdict"]));
    check_logged(vector, answer);
  });
}

TEST_CASE("a backend that offers less answers each vector as one that was cut down to the same") {
  for (const nv2_test::partial_backend& pair : nv2_test::partial_backends) {
    const int prototype = compare("nv2", pair), notary = compare("notary", pair);
    MESSAGE(std::string{pair.tested->name}, ": ", prototype, " trusted vectors of the prototype, ",
            notary, " of the Notary Project");
    CHECK(prototype > 0);
    CHECK(notary > 0);
  }
}

TEST_CASE(
    "we differ from the Notary Project's program where the rule books say so, and only there") {
  std::set<std::string> refused, accepted;
  for (const nv2_test::vector_case& vector : nv2_test::load_cases("notary")) {
    CAPTURE(vector.name);
    const std::string reference = vector.facts["reference"], row = vector.facts["row"];
    const bool rejected = vector.facts["verdict"] == "rejected";
    if (reference == "accept" && rejected) refused.insert(row);
    if (reference == "reject" && !rejected) accepted.insert(row);
    CHECK((reference == "n/a" || !row.empty()));
  }
  CHECK(refused == stricter);
  CHECK(accepted == looser);
}

TEST_CASE(
    "W-070 revocation that the caller has decided not to check is not run, and the report says "
    "so") {
  for (const char* form : {"jws", "cose"}) {
    const nv2_test::vector_case vector = nv2_test::load_case(
        nv2_test::vectors_folder("notary") / (std::string{form} + "_revocation_unknown"));
    const nv2::policy trust = nv2::policy::strict({vector.anchors.data(), vector.anchors.size()},
                                                  nv2::revocation::not_checked());
    for (const nv2::crypto_backend* crypto : real_backends) {
      const nv2::verifier judge{*crypto, nv2::all_formats, trust};
      nv2::static_workspace<64 * 1024> memory;
      const nv2::verification answer =
          judge.verify(nv2_test::view_of(vector.envelope), vector.subject(), vector.time(), memory);
      CHECK(answer.ok());
      CHECK(answer.report(nv2::check::revocation) == nv2::outcome::not_run);
    }
  }
}
