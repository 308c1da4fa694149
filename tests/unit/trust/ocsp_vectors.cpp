// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Every case of tests/vectors/ocsp/ with every backend: what OCSP responses made and signed by real
// tools say, alone and together with lists.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <nv2/trust/revocation_responses.hpp>

#include "backend/backends.hpp"
#include "support/vector.hpp"

namespace {

using nv2_test::blob;
using nv2_test::view_of;

/// One case, with everything it refers to in memory.
struct response_case {
  std::string name;
  nlohmann::json facts;
  blob subject, issuer;
  std::vector<blob> responses, lists;

  explicit response_case(const std::filesystem::path& folder)
      : name(folder.filename().string()),
        facts(nlohmann::json::parse(nv2_test::read_file(folder / "case.json"))) {
    const auto read = [&](const nlohmann::json& file) {
      return nv2_test::read_file(folder / file.get<std::string>());
    };
    subject = read(facts["subject"]);
    issuer = read(facts["issuer"]);
    for (const auto& file : facts["responses"]) responses.push_back(read(file));
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

std::vector<response_case> load_all() {
  std::vector<response_case> all;
  for (const auto& entry : std::filesystem::directory_iterator{nv2_test::vectors_folder("ocsp")}) {
    if (entry.is_directory()) all.emplace_back(entry.path());
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

std::vector<nv2::bytes> views_of(const std::vector<blob>& blobs) {
  std::vector<nv2::bytes> views;
  for (const blob& one : blobs) views.push_back(view_of(one));
  return views;
}

std::string word(nv2::freshness fresh) {
  constexpr const char* words[] = {"none", "current", "in_grace", "ignored"};
  return words[static_cast<unsigned>(fresh)];
}
std::string word(nv2::revocation_source source) {
  constexpr const char* words[] = {"none", "list", "response"};
  return words[static_cast<unsigned>(source)];
}

/// Signature checks that a question may cost here.
constexpr std::uint16_t budget = 20;

nv2::errc judge(const response_case& one, const nv2::crypto_backend& crypto,
                nv2::revocation_answer& answer, unsigned& spent) {
  nv2::certificate subject, issuer;
  REQUIRE(parse_certificate(view_of(one.subject), subject) == nv2::errc::ok);
  REQUIRE(parse_certificate(view_of(one.issuer), issuer) == nv2::errc::ok);
  const std::vector<nv2::bytes> lists = views_of(one.lists), responses = views_of(one.responses);
  nv2::revocation_data data{view_of(lists), view_of(responses), one.stale(), 0};
  data.grace_seconds = one.facts["grace"].get<std::uint32_t>();
  nv2::static_workspace<4096> memory;
  nv2::signer_context context{crypto, memory, {}, one.leniency(), nv2::path_rules{one.time()}};
  context.rules.min_rsa_bits = one.facts["min_rsa_bits"];
  context.rules.max_signature_checks = budget;
  nv2::revocation_question question{subject, issuer, context};
  question.has_signing_time = one.facts["signing_time"].is_number();
  if (question.has_signing_time) question.signing_time = one.facts["signing_time"];
  const nv2::errc code = nv2::revocation_by_data(data).check(question, answer);
  spent = unsigned{budget} - context.rules.max_signature_checks;
  CHECK(memory.mark() == 0);
  return code;
}

void check_answer(const response_case& one, const nv2::revocation_answer& answer) {
  CHECK(word(answer.source) == one.text("source"));
  const bool has_answer = one.facts.contains("fresh");
  CHECK(answer.has_as_of == has_answer);
  CHECK(word(answer.fresh) == one.facts.value("fresh", "none"));
  CHECK(int{answer.reason} == one.facts.value("reason", -1));
  CHECK(answer.as_of == one.facts.value("as_of", std::int64_t{0}));
}

}  // namespace

TEST_CASE("each case of responses gets the code and the answer it names, from every backend") {
  const std::vector<response_case> all = load_all();
  REQUIRE(all.size() >= 240);
  for (const response_case& one : all) {
    INFO(one.name);
    for (const nv2::crypto_backend* crypto : nv2_test::real_backends) {
      INFO(std::string{crypto->name});
      nv2::revocation_answer answer;
      unsigned spent = 0;
      CHECK(std::string{nv2::name(judge(one, *crypto, answer, spent))} == one.text("expect"));
      check_answer(one, answer);
      if (one.facts.contains("spent")) CHECK(spent == one.facts["spent"].get<unsigned>());
    }
  }
}
