// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2-conformance SUITES_DIR [SUITE...]: runs test suites written by others, see README.md.
#include "suite.hpp"

#include <algorithm>
#include <exception>
#include <iostream>
#include <set>
#include <stdexcept>

namespace {

namespace fs = std::filesystem;
using namespace nv2_conformance;

struct known_suite {
  std::string_view name;
  suite_function run;
};

constexpr known_suite known_suites[] = {
    {"json-nst", run_json},
    {"json-checker", run_json},
    {"json-yyjson", run_json},
    {"json-gofuzz", run_json},
    {"base64", run_base64},
    {"cbor-wg", run_cbor},
    {"cbor-seeds", run_cbor},
    {"der", run_der},
    {"wycheproof-sig", run_signatures},
    {"jws", run_jws},
    {"cose-sign1", run_cose_sign1},
    {"x509-parse", run_certificates},
    {"x509-limbo", run_chains},
    {"x509-pkits", run_chains},
    {"x509-openssl", run_chains},
    {"oci-reference", run_oci_references},
    {"oci-digest", run_oci_digests},
    {"oci-image-spec", run_oci_documents},
    {"notary-trustpolicy", run_trust_policies},
    {"notary-envelopes", run_envelopes},
    {"notary-layouts", run_layouts},
    {"notary-tsa", run_timestamps},
};

const known_suite* find_suite(std::string_view name) {
  const auto* const found = std::find_if(std::begin(known_suites), std::end(known_suites),
                                         [name](const known_suite& s) { return s.name == name; });
  return found == std::end(known_suites) ? nullptr : found;
}

bool has_cases(const fs::path& folder) {
  if (!fs::is_directory(folder)) return false;
  const fs::directory_iterator files(folder);
  return std::any_of(begin(files), end(files), [](const fs::directory_entry& file) {
    return file.path().extension() == ".jsonl";
  });
}

/// Names of folders with cases that no function here can run.
std::set<std::string> unknown_suites(const fs::path& suites) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(suites)) {
    const std::string name = entry.path().filename().string();
    if (has_cases(entry.path()) && find_suite(name) == nullptr) names.insert(name);
  }
  return names;
}

/// The suites to run, in the order of the table or as asked for. Throws when one cannot be run.
std::vector<const known_suite*> select(const fs::path& suites,
                                       const std::vector<std::string>& names) {
  std::vector<const known_suite*> selected;
  for (const std::string& name : names) {
    const known_suite* const suite = find_suite(name);
    if (suite == nullptr) throw std::invalid_argument("suite " + name + " is not known");
    if (!has_cases(suites / name)) throw std::invalid_argument("no cases in " + name);
    selected.push_back(suite);
  }
  if (!names.empty()) return selected;
  for (const known_suite& suite : known_suites) {
    if (has_cases(suites / suite.name)) selected.push_back(&suite);
  }
  if (selected.empty()) throw std::invalid_argument("no known suite in " + suites.string());
  return selected;
}

void run(const known_suite& suite, const fs::path& suites, totals& sum) {
  const std::string name(suite.name);
  try {
    const totals before = sum;
    for (const scorecard& card : suite.run(suite_folder(name, suites / name))) {
      card.report(std::cout, sum);
    }
    if (sum.passed == before.passed && sum.failed == before.failed) {
      throw std::runtime_error("not one firm case was run");
    }
  } catch (const std::exception& e) {
    std::cout << name << ": FAILED to run: " << e.what() << '\n';
    ++sum.failed;
  }
  std::cout.flush();
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  if (words.empty() || words[0].empty() || words[0][0] == '-') {
    std::cerr << "usage: nv2-conformance SUITES_DIR [SUITE...]\n";
    return 2;
  }
  totals sum;
  try {
    const fs::path suites = words[0];
    for (const known_suite* suite : select(suites, {words.begin() + 1, words.end()})) {
      run(*suite, suites, sum);
    }
    if (words.size() == 1) {
      for (const std::string& name : unknown_suites(suites)) {
        std::cout << name << ": not run, this program does not know the suite\n";
      }
    }
  } catch (const std::exception& e) {
    std::cerr << "nv2-conformance: " << e.what() << '\n';
    return 2;
  }
  std::cout << "not scored: " << sum.without_verdict << " without a verdict, " << sum.within_bar
            << " failures within a bar, " << sum.not_run << " not run\n"
            << sum.passed << " passed, " << sum.failed << " failed, "
            << sum.without_verdict + sum.within_bar + sum.not_run << " skipped\n";
  return sum.failed == 0 ? 0 : 1;
}
