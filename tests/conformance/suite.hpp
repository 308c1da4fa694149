// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the suites share: reading their files, the scorecard, and the list of suites.
#ifndef NV2_TESTS_CONFORMANCE_SUITE_HPP
#define NV2_TESTS_CONFORMANCE_SUITE_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <nv2/base/bytes.hpp>
#include <nv2/base/errc.hpp>

namespace nv2_conformance {

using json = nlohmann::json;

/// Input bytes in a block of exactly their size, so that a sanitizer sees each step beyond it.
using octets = std::vector<std::uint8_t>;

octets from_text(std::string_view text);
/// Throws std::runtime_error for a character that is no digit.
octets from_hex(std::string_view text);
octets from_base64(std::string_view text);
std::string to_hex(nv2::bytes data);
inline nv2::bytes view(const octets& data) { return {data.data(), data.size()}; }

/// The dotted text of the contents of an OBJECT IDENTIFIER.
std::string oid_text(nv2::bytes contents);
/// "2026-01-15T12:00:00Z" and back, for any year from 0 to 9999.
std::string time_text(std::int64_t seconds);
std::int64_t time_value(const std::string& text);

/// What the library made of one input.
struct verdict {
  bool accepted = false;
  /// Refused: the name of the error. Accepted: what came out differently, empty when nothing did.
  std::string detail;
};
verdict accepted();
verdict refused(nv2::errc code);
/// Accepted when `code` is ok.
verdict judged(nv2::errc code);
/// The same of a signature check; throws when it was the backend that failed.
verdict judged_signature(nv2::errc code);
/// Accepted, with a difference unless `got` is what the suite expects.
void compare(verdict& v, const char* what, const std::string& got, const std::string& expected);

/// Which cases a bar counts, and so which failures it tolerates.
enum class bar_basis { accepts, rejects, firm };

/// What a suite asks of a group of its cases, where that is less than everything.
struct bar {
  std::string_view suite, group;
  bar_basis basis;
  double percent;
};
/// The bar of a group of cases, null = every case counts.
const bar* find_bar(const std::string& suite, const std::string& group);

struct totals {
  std::size_t passed = 0, failed = 0, without_verdict = 0, within_bar = 0, not_run = 0;
};

/// The result of one suite, case by case.
class scorecard {
 public:
  /// `exclusions`: ids of cases with the reason not to run them.
  scorecard(std::string suite, std::string variant, std::map<std::string, std::string> exclusions);

  /// Runs one case unless it is excluded. `expect` is accept, reject or either; `group` decides
  /// about the bar.
  void run(const std::string& id, const std::string& expect, const std::string& group,
           const std::function<verdict()>& judge);
  /// Names a case that is not run because the library does not offer what it tests.
  void leave_out(const std::string& id, const std::string& reason);
  /// Prints the result and adds it to `sum`.
  void report(std::ostream& out, totals& sum) const;

 private:
  /// `broken`: the case could not be judged at all.
  enum class fault { false_accept, false_reject, wrong_value, broken };
  struct finding {
    fault what;
    std::string id, group, detail;
  };
  struct counts {
    std::size_t accepts = 0, rejects = 0, false_accepts = 0, false_rejects = 0;
  };
  bool tolerated(const finding& f) const;
  double reached(const bar& limit, const counts& group) const;
  std::size_t count(fault what) const;

  std::string title_, suite_;
  std::map<std::string, std::string> exclusions_;
  std::map<std::string, counts> groups_;
  std::vector<finding> findings_;
  std::vector<std::string> not_run_;
  std::size_t firm_ = 0, passed_ = 0, without_verdict_ = 0;
};

/// The folder of one suite.
class suite_folder {
 public:
  suite_folder(std::string name, std::filesystem::path folder);

  const std::string& name() const { return name_; }
  /// A scorecard with the exclusions of this suite; `variant` is for suites that run several times.
  scorecard card(std::string variant = {}) const;
  /// Calls `use` for each line of each *.jsonl file, with the name of the file without ending.
  void for_each(const std::function<void(const json& line, const std::string& stem)>& use) const;
  /// A file of the suite that is one JSON value.
  json document(const std::string& file) const;

 private:
  std::string name_;
  std::filesystem::path folder_;
};

using suite_function = std::vector<scorecard> (*)(const suite_folder& folder);

std::vector<scorecard> run_json(const suite_folder& folder);
std::vector<scorecard> run_base64(const suite_folder& folder);
std::vector<scorecard> run_cbor(const suite_folder& folder);
std::vector<scorecard> run_der(const suite_folder& folder);
std::vector<scorecard> run_signatures(const suite_folder& folder);
std::vector<scorecard> run_jws(const suite_folder& folder);
std::vector<scorecard> run_cose_sign1(const suite_folder& folder);
std::vector<scorecard> run_certificates(const suite_folder& folder);
std::vector<scorecard> run_chains(const suite_folder& folder);
std::vector<scorecard> run_oci_references(const suite_folder& folder);
std::vector<scorecard> run_oci_digests(const suite_folder& folder);
std::vector<scorecard> run_oci_documents(const suite_folder& folder);
std::vector<scorecard> run_trust_policies(const suite_folder& folder);
std::vector<scorecard> run_envelopes(const suite_folder& folder);
std::vector<scorecard> run_layouts(const suite_folder& folder);
std::vector<scorecard> run_timestamps(const suite_folder& folder);

}  // namespace nv2_conformance

#endif  // NV2_TESTS_CONFORMANCE_SUITE_HPP
