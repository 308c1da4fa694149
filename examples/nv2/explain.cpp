// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The path to a verdict, told from what verify used and found; nothing here is a decision.
#include "explain.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nv2/trust/identity.hpp>
#include <nv2/x509/certificate.hpp>

#include "certificate_view.hpp"
#include "envelope_view.hpp"
#include "refusal.hpp"
#include "terminal.hpp"
#include "time_text.hpp"
#include "tolerant_json.hpp"
#include "verdict_json.hpp"
#include "verify.hpp"

namespace client {
namespace {

/// A certificate of the signature, and where it is trusted from, if it is.
struct listed_certificate {
  std::size_t index;
  certificate_view shown;
  std::vector<std::string> trusted_by;
};

struct explanation {
  std::string verdict, decisive;
  std::vector<detail_line> policy;
  std::vector<listed_certificate> certificates;
  std::vector<detail_line> checks, facts;
  std::vector<std::string> changes;
};

const char* outcome_text(nv2::outcome o) {
  switch (o) {
    case nv2::outcome::passed: return "ok";
    case nv2::outcome::failed: return "failed";
    case nv2::outcome::logged: return "failed, only logged";
    case nv2::outcome::not_run: break;
  }
  return "skipped";
}

std::string with_rule(nv2::errc code) {
  return fmt::format("{}: {}", rule_text(code), nv2::message(code));
}

/// A CRLReason in words. // RFC 5280 5.3.1
std::string reason_text(int reason) {
  constexpr std::string_view names[] = {"no reason in particular",
                                        "a compromised key",
                                        "a compromised authority",
                                        "a change of affiliation",
                                        "being superseded",
                                        "the end of its use",
                                        "being on hold"};
  const auto number = static_cast<std::size_t>(reason);
  if (number < std::size(names)) return std::string{names[number]};
  return fmt::format("reason {}", reason);
}

/// Takes apart what verify did.
class explainer {
 public:
  explainer(const examination& done, const verify_options& options)
      : done_(done), options_(options), shown_(view_envelope(view_of(done.envelope))) {}

  explanation run() {
    out_.verdict = answer().skipped ? "skipped" : answer().accepted ? "trusted" : "rejected";
    add_policy();
    if (!answer().skipped) {
      add_certificates();
      add_checks();
      add_facts();
    }
    out_.decisive = decisive();
    add_changes();
    return std::move(out_);
  }

 private:
  const verdict& answer() const { return done_.answer; }
  const trust& trusted() const { return done_.trusted; }
  bool is_notary() const { return shown_.format == "jws" || shown_.format == "cose"; }
  bool has_policy() const { return !trusted().statement().empty(); }

  void add_policy() {
    const auto add = [&](const char* label, std::string text) {
      out_.policy.push_back({label, std::move(text)});
    };
    if (has_policy()) {
      add("statement", fmt::format("'{}' of {}", trusted().statement(), trusted().policy_path()));
      add("selected by", selected_by());
    } else {
      add("statement", "none: the command line says who is trusted");
    }
    add("level", nv2::name(answer().level));
    if (answer().skipped) return;
    for (unsigned i = 0; i <= static_cast<unsigned>(nv2::validation::revocation); ++i) {
      const auto kind = static_cast<nv2::validation>(i);
      add("action",
          fmt::format("{}: {}", nv2::name(kind), nv2::name(trusted().actions().of(kind))));
    }
    for (const used_store& store : trusted().stores()) {
      add("store", fmt::format("{} in {}: {}", store.name, store.path, state_of(store)));
    }
    const auto& identities = trusted().identities();
    if (identities.empty()) add("identity", "* (anybody with a trusted certificate)");
    for (const byte_buffer& item : identities) {
      const char* const end = is_signer(view_of(item)) ? ", which the signer is" : "";
      add("identity", fmt::format("{}{}", view_of(item).as_text(), end));
    }
    add_quorum();
  }
  void add_quorum() {
    if (!trusted().asks_for_quorum()) return;
    const nv2::quorum_rules rules = trusted().quorum_rules();
    out_.policy.push_back({"threshold", fmt::format("{} different signer{}", rules.threshold,
                                                    rules.threshold == 1 ? "" : "s")});
    for (const byte_buffer& item : trusted().required()) {
      out_.policy.push_back({"required", std::string(view_of(item).as_text())});
    }
    for (const counted_certificate& each : answer().signers) {
      out_.policy.push_back({"counted", each.subject});
    }
  }
  /// Whether the first certificate is that of `identity`. // spec: I-020 I-028
  bool is_signer(nv2::bytes identity) const {
    if (shown_.signatures.size() != 1 || shown_.signatures.front().certificates.empty()) {
      return false;
    }
    nv2::certificate signer;
    const nv2::bytes der = view_of(shown_.signatures.front().certificates.front());
    return nv2::parse_certificate(der, signer) == nv2::errc::ok &&
           nv2::check_identities({&identity, 1}, signer) == nv2::errc::ok;
  }
  std::string selected_by() const {
    const trust_options& given = options_.trusted;
    if (!options_.is_blob) return fmt::format("the scope {}", given.lookup());
    return given.policy_name.empty() ? "being the global one"
                                     : fmt::format("its name {}", given.policy_name);
  }
  static std::string state_of(const used_store& store) {
    if (!store.exists) return "does not exist";
    return fmt::format("{} certificate{}", store.certificates, store.certificates == 1 ? "" : "s");
  }

  /// Whether anchors of `role` are looked for among these certificates. // spec: W-030
  bool counts(nv2::anchor_role role) const {
    const auto& notary = shown_.signatures.front().notary;
    const bool by_authority = notary && notary->scheme == "notary.x509.signingAuthority";
    if (by_authority) return role == nv2::anchor_role::signing_authority;
    return role == nv2::anchor_role::ca || role == nv2::anchor_role::signer;
  }

  void add_certificates() {
    if (shown_.signatures.size() != 1) return;
    const nv2::view<nv2::trust_anchor> anchors = trusted().anchors(is_notary());
    const auto& listed = shown_.signatures.front().certificates;
    for (std::size_t i = 0; i < listed.size(); ++i) {
      listed_certificate entry{i, view_certificate(view_of(listed[i])), {}};
      for (std::size_t a = 0; a < anchors.size(); ++a) {
        if (counts(anchors[a].role) && nv2::equal(anchors[a].der, view_of(listed[i]))) {
          entry.trusted_by.push_back(trusted().origin(a));
        }
      }
      out_.certificates.push_back(std::move(entry));
    }
  }

  void add_checks() {
    for (std::size_t i = 0; i < nv2::check_count; ++i) {
      const nv2::outcome result = answer().checks[i];
      std::string text = outcome_text(result);
      if (result == nv2::outcome::failed) text += ", " + with_rule(answer().status.code);
      if (result == nv2::outcome::logged) text += ", " + with_rule(answer().logged[i]);
      out_.checks.push_back({check_name(static_cast<nv2::check>(i)), std::move(text)});
    }
  }

  void add_facts() {
    out_.facts.push_back({"revocation data", revocation_text(answer().revocation)});
    out_.facts.push_back({"judged at", validity_text()});
  }
  static std::string revocation_text(const nv2::revocation_answer& found) {
    if (found.source == nv2::revocation_source::none) return "no revocation data counted";
    std::string out =
        found.source == nv2::revocation_source::list ? "a revocation list" : "an OCSP response";
    if (found.has_as_of) out += " of " + instant_text(found.as_of);
    out += freshness_text(found.fresh);
    if (found.certificate >= 0) out += fmt::format(", about certificate {}", found.certificate);
    if (found.reason >= 0) out += fmt::format(", revoked for {}", reason_text(found.reason));
    return out;
  }
  static const char* freshness_text(nv2::freshness fresh) {
    switch (fresh) {
      case nv2::freshness::current: return ", current";
      case nv2::freshness::in_grace: return ", out of date and in its time of grace";
      case nv2::freshness::ignored: return ", which may be out of date";
      case nv2::freshness::none: break;
    }
    return "";
  }
  std::string validity_text() const {
    const nv2::time_report& times = answer().times;
    const std::string first = instant_text(times.first);
    switch (times.source) {
      case nv2::time_source::present: return "the present";
      case nv2::time_source::signing_authority:
        return fmt::format("{}, the signing time that an authority vouches for", first);
      case nv2::time_source::timestamp:
        if (!answer().has_validity()) return "no time: the timestamp is not good";
        return fmt::format("all the time from {} to {}, as the timestamp has it", first,
                           instant_text(times.last));
      case nv2::time_source::none: break;
    }
    return "no time: nothing got that far";
  }

  std::string decisive() const {
    if (!answer().accepted) return with_rule(answer().status.code);
    if (answer().threshold != 0) {
      return fmt::format("{} different trusted signers have signed, and {} must",
                         answer().signers.size(), answer().threshold);
    }
    for (const listed_certificate& each : out_.certificates) {
      if (!each.trusted_by.empty()) {
        return fmt::format("the certificate '{}' is trusted by {}", each.shown.subject,
                           each.trusted_by.front());
      }
    }
    return is_notary() ? "the level lets everything pass that failed"
                       : "the signer's certificate leads to a trusted one";
  }

  void add_changes() {
    if (answer().skipped) {
      out_.changes.push_back("another level than skip: then the signature is looked at");
    } else if (answer().accepted) {
      add_ends_of_trust();
    } else {
      const diagnostic told =
          explain_refusal(answer(), options_, view_of(done_.envelope), trusted());
      for (const detail_line& line : told.details) {
        const bool is_change = line.label == "next" || line.label == "acquire";
        if (is_change || line.label == "relaxed by") out_.changes.push_back(line.text);
      }
    }
  }
  void add_ends_of_trust() {
    for (std::size_t i = 0; i < nv2::check_count; ++i) {
      if (answer().checks[i] != nv2::outcome::logged) continue;
      out_.changes.push_back(fmt::format("the level strict: then {} would be refused by {}",
                                         check_name(static_cast<nv2::check>(i)),
                                         rule_text(answer().logged[i])));
    }
    std::optional<nv2::unix_time> end;
    for (const listed_certificate& each : out_.certificates) {
      if (each.shown.not_after) end = std::min(end.value_or(INT64_MAX), *each.shown.not_after);
    }
    if (end) {
      out_.changes.push_back(
          fmt::format("time: the first certificate expires after {}", instant_text(*end)));
    }
    if (answer().expiry) {
      out_.changes.push_back(
          fmt::format("time: the signature expires at {}", instant_text(*answer().expiry)));
    }
    for (const listed_certificate& each : out_.certificates) {
      for (const std::string& origin : each.trusted_by) {
        out_.changes.push_back(
            fmt::format("taking the certificate '{}' away from {}", each.shown.subject, origin));
      }
    }
  }

  const examination& done_;
  const verify_options& options_;
  envelope_view shown_;
  explanation out_;
};

/// The report as lines of label and text.
std::string text_of(const explanation& told, bool color) {
  std::string out;
  const auto add = [&](std::string_view label, std::string_view text) {
    out += styled(fmt::format("{:<20}", label), style::dim, color) + escaped(text) + "\n";
  };
  add("verdict", told.verdict);
  add("because", told.decisive);
  for (const detail_line& line : told.policy) add(line.label, line.text);
  for (const listed_certificate& each : told.certificates) {
    const std::string origins = fmt::format("{}", fmt::join(each.trusted_by, ", "));
    add("certificate",
        fmt::format("{} {}{}", each.index, each.shown.readable ? each.shown.subject : "unreadable",
                    origins.empty() ? "" : ", trusted by " + origins));
  }
  for (const detail_line& line : told.checks) add(line.label, line.text);
  for (const detail_line& line : told.facts) add(line.label, line.text);
  for (const std::string& change : told.changes) add("would change it", change);
  return out;
}

shown_json lines_document(const std::vector<detail_line>& lines) {
  shown_json out = shown_json::array();
  for (const detail_line& line : lines) out.push_back({{"name", line.label}, {"value", line.text}});
  return out;
}

std::string document_of(const explanation& told, const verdict& answer) {
  shown_json certificates = shown_json::array();
  for (const listed_certificate& each : told.certificates) {
    certificates.push_back({{"subject", each.shown.subject},
                            {"sha256", each.shown.sha256},
                            {"trustedBy", each.trusted_by}});
  }
  const shown_json out = {{"schema", "nv2.explanation/1"},
                          {"verdict", shown_json::parse(verdict_document(answer))},
                          {"because", told.decisive},
                          {"policy", lines_document(told.policy)},
                          {"certificates", std::move(certificates)},
                          {"checks", lines_document(told.checks)},
                          {"facts", lines_document(told.facts)},
                          {"changes", told.changes}};
  return compact(out) + "\n";
}

}  // namespace

exit_code run_explain(const verify_options& options) {
  const examination done = examine(options);
  const explanation told = explainer{done, options}.run();
  const bool color = wants_color(options.color, stdout);
  print_result(options.output == output_form::json ? document_of(told, done.answer)
                                                   : text_of(told, color));
  const verdict& answer = done.answer;
  return answer.accepted || answer.skipped ? exit_code::ok : exit_code_of(answer.status.code);
}

}  // namespace client
