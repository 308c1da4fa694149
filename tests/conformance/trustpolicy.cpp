// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <stdexcept>

#include <nv2/trust/policy_document.hpp>

namespace nv2_conformance {
namespace {

using nv2::compat;
using nv2::errc;
using nv2::policy_statement;

/// A document with the memory it lies in.
struct parsed_policy {
  octets text, room = octets(256 * 1024);
  nv2::workspace memory{{room.data(), room.size()}};
  nv2::policy_document document;

  errc parse(const json& line, nv2::policy_kind kind, compat leniency) {
    text = from_text(line.at("policy").get<std::string>());
    return nv2::parse_policy_document(view(text), kind, leniency, memory, document).code;
  }
};

/// The switch that restores what the origin makes of a document that is refused with `code`.
compat switch_for(errc code) {
  if (code == errc::policy_member_unknown) return compat::policy_ignore_unknown;
  if (code == errc::policy_global_skip) return compat::allow_global_skip;
  if (code == errc::store_twice) return compat::policy_repeated_stores;
  return compat::none;
}

/// Parses strictly. Only where the suite expects an accept, a refusal that is ours alone is
/// followed by a try with the one switch for it.
errc parse(parsed_policy& policy, const json& line, nv2::policy_kind kind, bool expects_accept) {
  const errc code = policy.parse(line, kind, compat::none);
  const compat leniency = switch_for(code);
  if (!expects_accept || leniency == compat::none) return code;
  return policy.parse(line, kind, leniency);
}

/// Compares the actions of the first statement.
void compare_actions(verdict& v, const policy_statement& statement, const json& expected) {
  for (const nv2::validation what : {nv2::validation::integrity, nv2::validation::authenticity,
                                     nv2::validation::authentic_timestamp, nv2::validation::expiry,
                                     nv2::validation::revocation}) {
    compare(v, name(what), name(statement.actions.of(what)), expected.at(name(what)));
  }
}

verdict judge_document(const json& line) {
  const std::string kind = line.at("kind");
  if (kind != "oci" && kind != "blob") throw std::runtime_error("unknown kind " + kind);
  parsed_policy policy;
  const errc code =
      parse(policy, line, kind == "oci" ? nv2::policy_kind::oci : nv2::policy_kind::blob,
            line.at("expect") == "accept");
  verdict v = judged(code);
  if (code == errc::ok && line.contains("enforcement")) {
    compare_actions(v, policy.document.statements[0], line["enforcement"]);
  }
  return v;
}

/// All documents of this kind are good; the question is which statement applies.
verdict judge_selection(const json& line) {
  parsed_policy policy;
  if (const errc code = parse(policy, line, nv2::policy_kind::oci, true); code != errc::ok) {
    throw std::runtime_error(std::string("the document is refused: ") + name(code));
  }
  const std::string artifact = line.at("artifact");
  const octets reference = from_text(artifact);
  const policy_statement* found = nullptr;
  verdict v = judged(nv2::find_oci_statement(policy.document, view(reference), found));
  if (found != nullptr && line.at("statement").is_string()) {
    compare(v, "statement", std::string(found->name.as_text()), line["statement"]);
  }
  return v;
}

}  // namespace

std::vector<scorecard> run_trust_policies(const suite_folder& folder) {
  scorecard card = folder.card();
  folder.for_each([&](const json& line, const std::string& stem) {
    card.run(line.at("id"), line.at("expect"), stem, [&] {
      return line.contains("artifact") ? judge_selection(line) : judge_document(line);
    });
  });
  return {card};
}

}  // namespace nv2_conformance
