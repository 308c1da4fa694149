// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Statements that enforce, stores that hold something, certificates that are good today.
#include "doctor_policy.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <set>

#include <fmt/format.h>
#include <nv2/trust/levels.hpp>
#include <nv2/trust/policy_statement.hpp>

#include "certificate_view.hpp"
#include "doctor_files.hpp"
#include "policy_file.hpp"
#include "time_text.hpp"
#include "trust_store.hpp"

namespace client {
namespace {

constexpr nv2::unix_time day = 86400, soon = 30 * day;
/// When this was written: no right clock is before.
constexpr nv2::unix_time earliest = 1'764'028'800;

using nv2::action;
using nv2::validation;

class policy_doctor {
 public:
  policy_doctor(const trust_options& given, doctor_findings& out) : given_(given), out_(out) {}

  void run() {
    try {
      const policy_file file{path(), nv2::policy_kind::oci, {}};
      const std::size_t count = file.document().statements.size();
      out_.add({proof::proven, "policy", file.path(),
                fmt::format("read, {} statement{}", count, count == 1 ? "" : "s"), ""});
      check_writers("policy", file.path(), out_);
      for (const nv2::policy_statement& each : file.document().statements) check_statement(each);
      check_clock(file.path(), out_);
    } catch (const failure& reason) {
      // Without a policy nothing is trusted.
      out_.add({proof::fault, "policy", named(), reason.message().headline,
                "nv2 policy check tells all that is wrong"});
    }
  }

 private:
  std::string directory() const {
    return given_.config.empty() ? default_configuration() : given_.config;
  }
  std::string named() const { return given_.policy.empty() ? given_.config : given_.policy; }
  std::string path() const {
    if (!given_.policy.empty()) return given_.policy;
    std::string found = find_policy(directory(), nv2::policy_kind::oci);
    if (!found.empty()) return found;
    throw failure(exit_code::usage, fmt::format("no trust policy for images in {}", directory()));
  }
  std::string stores() const {
    return given_.store.empty() ? stores_of_configuration(directory()) : given_.store + "/x509";
  }

  void add(const nv2::policy_statement& about, proof kind, std::string message, std::string next) {
    out_.add({kind, "statement", std::string(about.name.as_text()), std::move(message),
              std::move(next)});
  }

  void check_statement(const nv2::policy_statement& statement) {
    const nv2::validation_actions actions = statement.actions;
    const char* const level = nv2::name(actions.level());
    if (actions.skips_everything()) {  // spec: W-003
      return add(statement, proof::hole, "the level skip lets every artifact of its scopes pass",
                 "give it the level strict");
    }
    if (actions.of(validation::authenticity) != action::enforce) {
      add(statement, proof::hole,
          fmt::format("the level {} lets artifacts pass that nobody trusted has signed", level),
          "give it the level strict, without an override of authenticity");
    } else {
      const std::string lax = lax_checks(actions);
      add(statement, lax.empty() ? proof::proven : proof::noted,
          lax.empty() ? fmt::format("enforces everything (level {})", level)
                      : fmt::format("level {} does not enforce {}", level, lax),
          lax.empty() ? "" : "give it the level strict if they are to count");
    }
    for (const nv2::bytes item : statement.stores) check_named_store(statement, item);
  }

  static std::string lax_checks(const nv2::validation_actions& actions) {
    std::string out;
    for (const validation each :
         {validation::authentic_timestamp, validation::expiry, validation::revocation}) {
      if (actions.of(each) == action::enforce) continue;
      out += (out.empty() ? "" : ", ") + std::string(nv2::name(each));
    }
    return out;
  }

  void check_named_store(const nv2::policy_statement& statement, nv2::bytes item) {
    nv2::store_name name;
    const bool is_name = nv2::parse_store_name(item, name) == nv2::errc::ok;
    if (!is_name || !known_.insert(std::string(item.as_text())).second) return;
    const std::string shown{item.as_text()};
    try {
      const trust_store store = read_trust_store(stores(), name);
      if (store.certificates.empty()) {  // spec: S-011
        add(statement, proof::fault, fmt::format("the trust store {} is empty", store.name),
            fmt::format("put certificates into {}", store.path));
        return;
      }
      check_writers("trust store", store.path, out_);
      check_certificates(store);
    } catch (const failure& reason) {
      out_.add("trust store", shown, reason);
    }
  }

  void check_certificates(const trust_store& store) {
    const nv2::unix_time now = std::time(nullptr);
    bool is_good = true;
    for (const stored_certificate& each : store.certificates) {
      check_writers("certificate", each.path, out_);
      const certificate_view shown = view_certificate(view_of(each.der));
      const nv2::unix_time begin = shown.not_before.value_or(0), end = shown.not_after.value_or(0);
      const bool is_current = begin <= now && now <= end;
      if (is_current && now <= end - soon) continue;
      is_good = false;
      const char* const what = begin > now  ? "is not valid before"
                               : is_current ? "expires soon:"
                                            : "has expired:";
      out_.add(
          {is_current ? proof::noted : proof::fault, "certificate", each.path,
           fmt::format("{} {} {}", shown.subject, what, instant_text(begin > now ? begin : end)),
           "replace it"});
    }
    if (!is_good) return;
    const std::size_t count = store.certificates.size();
    out_.add({proof::proven, "trust store", store.name,
              fmt::format("{} certificate{}, good today", count, count == 1 ? "" : "s"), ""});
  }

  const trust_options& given_;
  doctor_findings& out_;
  std::set<std::string> known_;
};

}  // namespace

void check_policy(const trust_options& given, doctor_findings& out) {
  policy_doctor{given, out}.run();
}

void check_clock(const std::string& newest_file, doctor_findings& out) {
  const nv2::unix_time now = std::time(nullptr);
  struct stat about {};
  const bool is_known = ::stat(newest_file.c_str(), &about) == 0;
  const nv2::unix_time floor =
      std::max(earliest, is_known ? static_cast<nv2::unix_time>(about.st_mtime) : earliest);
  const bool is_late = now < floor;
  out.add({is_late ? proof::fault : proof::proven, "clock", instant_text(now),
           is_late ? "it is behind: " + instant_text(floor) + " has been" : "it can be right",
           is_late ? "set it, by NTP for one" : ""});
}

}  // namespace client
