// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <algorithm>
#include <exception>
#include <iomanip>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace nv2_conformance {

verdict accepted() { return {true, {}}; }

verdict refused(nv2::errc code) { return {false, nv2::name(code)}; }

verdict judged(nv2::errc code) { return code == nv2::errc::ok ? accepted() : refused(code); }

namespace {

/// `text` from a little before `at` on, on one line of printable characters.
std::string excerpt(const std::string& text, std::size_t at) {
  constexpr std::size_t before = 20, length = 80;
  const std::size_t start = at < before ? 0 : at - before;
  const std::string shown =
      json(text.substr(start, length)).dump(-1, ' ', true, json::error_handler_t::replace);
  return (start == 0 ? "" : "...") + shown + (start + length < text.size() ? "..." : "");
}

}  // namespace

void compare(verdict& v, const char* what, const std::string& got, const std::string& expected) {
  if (!v.accepted || got == expected) return;
  const auto differs = std::mismatch(got.begin(), got.end(), expected.begin(), expected.end());
  const auto at = static_cast<std::size_t>(differs.first - got.begin());
  if (!v.detail.empty()) v.detail += "; ";
  v.detail += std::string(what) + " is " + excerpt(got, at) + ", not " + excerpt(expected, at);
}

scorecard::scorecard(std::string suite, std::string variant,
                     std::map<std::string, std::string> exclusions)
    : title_(variant.empty() ? suite : suite + " [" + variant + "]"),
      suite_(std::move(suite)),
      exclusions_(std::move(exclusions)) {}

void scorecard::run(const std::string& id, const std::string& expect, const std::string& group,
                    const std::function<verdict()>& judge) {
  if (const auto excluded = exclusions_.find(id); excluded != exclusions_.end()) {
    return leave_out(id, excluded->second);
  }
  const bool firm = expect != "either";
  if (firm && expect != "accept" && expect != "reject") {
    throw std::runtime_error(id + ": unknown expectation " + expect);
  }
  verdict v;
  std::string broken;
  try {
    v = judge();
  } catch (const std::exception& e) {
    broken = e.what();
  }
  counts& sum = groups_[group];
  if (firm) {
    ++firm_;
    ++(expect == "accept" ? sum.accepts : sum.rejects);
  }
  if (!broken.empty()) {
    findings_.push_back({fault::broken, id, group, broken});
  } else if (firm && v.accepted != (expect == "accept")) {
    ++(v.accepted ? sum.false_accepts : sum.false_rejects);
    findings_.push_back(
        {v.accepted ? fault::false_accept : fault::false_reject, id, group, v.detail});
  } else if (v.accepted && !v.detail.empty()) {
    findings_.push_back({fault::wrong_value, id, group, v.detail});
  } else {
    ++(firm ? passed_ : without_verdict_);
  }
}

void scorecard::leave_out(const std::string& id, const std::string& reason) {
  not_run_.push_back(id + " (" + reason + ")");
}

double scorecard::reached(const bar& limit, const counts& group) const {
  const std::size_t firm = group.accepts + group.rejects;
  const std::size_t total = limit.basis == bar_basis::accepts   ? group.accepts
                            : limit.basis == bar_basis::rejects ? group.rejects
                                                                : firm;
  const std::size_t missed =
      limit.basis == bar_basis::rejects ? group.false_accepts : group.false_rejects;
  return total == 0 ? 100.0
                    : 100.0 * static_cast<double>(total - missed) / static_cast<double>(total);
}

bool scorecard::tolerated(const finding& f) const {
  const bar* const limit = find_bar(suite_, f.group);
  if (limit == nullptr) return false;
  const fault named =
      limit->basis == bar_basis::rejects ? fault::false_accept : fault::false_reject;
  return f.what == named && reached(*limit, groups_.at(f.group)) >= limit->percent;
}

std::size_t scorecard::count(fault what) const {
  return static_cast<std::size_t>(std::count_if(
      findings_.begin(), findings_.end(), [what](const finding& f) { return f.what == what; }));
}

void scorecard::report(std::ostream& out, totals& sum) const {
  out << title_ << ": " << passed_ << " of " << firm_ << " firm cases passed, "
      << count(fault::false_accept) << " false accepts, " << count(fault::false_reject)
      << " false rejects, " << count(fault::wrong_value) << " wrong values, "
      << count(fault::broken) << " broken; " << without_verdict_ << " without a verdict ran\n";
  for (const auto& [group, result] : groups_) {
    const bar* const limit = find_bar(suite_, group);
    if (limit == nullptr) continue;
    const char* const basis = limit->basis == bar_basis::accepts   ? "accepts"
                              : limit->basis == bar_basis::rejects ? "rejects"
                                                                   : "firm cases";
    std::ostringstream line;
    line << std::fixed << std::setprecision(1) << "  bar of " << group << ": " << limit->percent
         << " % of " << basis << ", reached " << reached(*limit, result) << " %\n";
    out << line.str();
  }
  for (const finding& f : findings_) {
    const char* const kind = f.what == fault::false_accept   ? "FALSE ACCEPT"
                             : f.what == fault::false_reject ? "FALSE REJECT"
                             : f.what == fault::wrong_value  ? "WRONG VALUE"
                                                             : "BROKEN";
    const bool within_bar = tolerated(f);
    out << "  " << kind << (within_bar ? " within the bar: " : ": ") << f.id;
    if (!f.detail.empty()) out << " (" << f.detail << ")";
    out << '\n';
    ++(within_bar ? sum.within_bar : sum.failed);
  }
  for (const std::string& line : not_run_) out << "  not run: " << line << '\n';
  sum.passed += passed_;
  sum.without_verdict += without_verdict_;
  sum.not_run += not_run_.size();
}

}  // namespace nv2_conformance
