// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Every case of tests/vectors/revocation/ with every backend: what lists made and signed by real tools say.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <nv2/trust/revocation_lists.hpp>

#include "backend/backends.hpp"
#include "support/vector.hpp"

namespace {

using nv2_test::blob;
using nv2_test::view_of;

/// One case, with everything it refers to in memory.
struct list_case {
  std::string name;
  nlohmann::json facts;
  blob subject, issuer;
  std::vector<blob> lists;

  explicit list_case(const std::filesystem::path& folder)
      : name(folder.filename().string()),
        facts(nlohmann::json::parse(nv2_test::read_file(folder / "case.json"))) {
    const auto read = [&](const nlohmann::json& file) {
      return nv2_test::read_file(folder / file.get<std::string>());
    };
    subject = read(facts["subject"]);
    issuer = read(facts["issuer"]);
    for (const auto& file : facts["lists"]) lists.push_back(read(file));
  }

  std::string text(const char* member) const { return facts[member].get<std::string>(); }
  nv2::time_basis time() const {
    const auto value = facts["time"]["value"].get<std::int64_t>();
    const std::string basis = facts["time"]["basis"];
    if (basis == "at") return nv2::time_basis::at(value);
    return basis == "not_before" ? nv2::time_basis::not_before(value) : nv2::time_basis::unknown();
  }
  nv2::stale_rule stale() const {
    const std::string rule = text("stale");
    if (rule == "grace") return nv2::stale_rule::grace;
    return rule == "ignore" ? nv2::stale_rule::ignore : nv2::stale_rule::strict;
  }
  nv2::compat leniency() const {
    return facts["compat"].empty() ? nv2::compat::none : nv2::compat::crl_all_points;
  }
};

std::vector<list_case> load_all() {
  std::vector<list_case> all;
  for (const auto& entry :
       std::filesystem::directory_iterator{nv2_test::vectors_folder("revocation")}) {
    if (entry.is_directory()) all.emplace_back(entry.path());
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

std::string word(nv2::freshness fresh) {
  constexpr const char* words[] = {"none", "current", "in_grace", "ignored"};
  return words[static_cast<unsigned>(fresh)];
}

nv2::errc judge(const list_case& one, const nv2::crypto_backend& crypto,
                nv2::revocation_answer& answer) {
  nv2::certificate subject, issuer;
  REQUIRE(parse_certificate(view_of(one.subject), subject) == nv2::errc::ok);
  REQUIRE(parse_certificate(view_of(one.issuer), issuer) == nv2::errc::ok);
  std::vector<nv2::bytes> lists;
  for (const blob& list : one.lists) lists.push_back(view_of(list));
  nv2::revocation_data data{view_of(lists), {}, one.stale(), 0};
  data.grace_seconds = one.facts["grace"].get<std::uint32_t>();
  nv2::static_workspace<4096> memory;
  nv2::signer_context context{crypto, memory, {}, one.leniency(), nv2::path_rules{one.time()}};
  nv2::revocation_question question{subject, issuer, context};
  question.has_signing_time = one.facts["signing_time"].is_number();
  if (question.has_signing_time) question.signing_time = one.facts["signing_time"];
  const nv2::errc code = nv2::revocation_by_lists(data).check(question, answer);
  CHECK(memory.mark() == 0);
  return code;
}

void check_answer(const list_case& one, const nv2::revocation_answer& answer) {
  if (!one.facts.contains("fresh")) {
    CHECK(answer.source == nv2::revocation_source::none);
    CHECK(!answer.has_as_of);
    CHECK(answer.fresh == nv2::freshness::none);
    CHECK(answer.reason == -1);
    return;
  }
  CHECK(answer.source == nv2::revocation_source::list);
  CHECK(word(answer.fresh) == one.text("fresh"));
  CHECK(int{answer.reason} == one.facts["reason"].get<int>());
  CHECK(answer.has_as_of);
  CHECK(answer.as_of == one.facts["as_of"].get<std::int64_t>());
}

/// The rows of the rule books about lists.
const std::set<std::string> rows = {
    "RV-01", "RV-02", "RV-04", "RV-05", "RV-06", "RV-07", "RV-08", "RV-09", "RV-10", "RV-11",
    "RV-12", "RV-13", "RV-14", "RV-15", "RV-16", "RV-17", "RV-18", "RV-19", "RV-20", "RV-21",
    "RV-22", "RV-23", "RV-24", "RV-25", "RV-26", "RV-28", "RV-29", "RV-31", "RV-32", "RV-33",
    "RV-34", "RV-35", "RV-36", "RV-37", "RV-38", "RV-39", "RV-40", "RV-42", "RV-43", "RV-44",
    "RV-45", "RV-46", "RV-47", "RV-48", "RV-49", "RV-50", "RV-51"};

}  // namespace

TEST_CASE("each case of lists gets the code and the answer it names, from every backend") {
  const std::vector<list_case> all = load_all();
  REQUIRE(all.size() >= 200);
  std::set<std::string> seen;
  for (const list_case& one : all) {
    const std::string row = one.text("row");
    INFO(row);
    INFO(one.name);
    seen.insert(row);
    for (const nv2::crypto_backend* crypto : nv2_test::real_backends) {
      INFO(std::string{crypto->name});
      nv2::revocation_answer answer;
      CHECK(std::string{nv2::name(judge(one, *crypto, answer))} == one.text("expect"));
      check_answer(one, answer);
    }
  }
  seen.erase("");
  CHECK(seen == rows);
}

TEST_CASE(
    "we differ from the Notary Project's library where the rule books say so, and only there") {
  std::set<std::string> stricter, looser;
  for (const list_case& one : load_all()) {
    const std::string reference = one.text("reference"), verdict = one.text("verdict");
    if (reference == "n/a" || reference == verdict) continue;
    (verdict == "good" ? looser : stricter).insert(one.text("row"));
  }
  CHECK(stricter == std::set<std::string>{"RV-10", "RV-12", "RV-13", "RV-15", "RV-17", "RV-18",
                                          "RV-19", "RV-22", "RV-34", "RV-45", "RV-48", "RV-49",
                                          "RV-51"});
  CHECK(looser == std::set<std::string>{"RV-42", "RV-43"});
}
