// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Certificates and names from options, or from a policy statement and its stores.
#include "trust.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nv2/trust/identity.hpp>

#include "certificate_files.hpp"
#include "refusal.hpp"

namespace client {
namespace {

[[noreturn]] void refuse_identity(const char* option, const std::string& text, nv2::errc code) {
  throw failure(
      exit_code::usage,
      fmt::format("invalid value \"{}\" for option {}: {}", text, option, nv2::message(code)),
      {{"rule", rule_text(code)},
       next_step(fmt::format("write {} \"x509.subject: C=US, ST=WA, O=example.com\"", option))});
}

[[noreturn]] void refuse_demand(nv2::errc code, const char* next) {
  throw failure(exit_code::usage, nv2::message(code), {{"rule", rule_text(code)}, next_step(next)});
}

/// The rules of a list in a policy, for one that was typed. // spec: P-015 I-002 I-012
void check_identity_list(const std::vector<std::string>& items) {
  bool has_subject = items.empty();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const nv2::bytes item = nv2::bytes::of(items[i]);
    const bool any = nv2::is_wildcard(item);
    if (any && items.size() > 1)
      refuse_identity("--identity", items[i], nv2::errc::identity_wildcard);
    const nv2::errc code = any ? nv2::errc::ok : nv2::check_identity(item);
    if (code != nv2::errc::ok) refuse_identity("--identity", items[i], code);
    has_subject = has_subject || any || nv2::is_subject_identity(item);
    for (std::size_t other = 0; other < i; ++other) {
      if (nv2::do_identities_overlap(item, nv2::bytes::of(items[other]))) {
        refuse_identity("--identity", items[i], nv2::errc::identity_overlap);
      }
    }
  }
  if (!has_subject) refuse_identity("--identity", items.front(), nv2::errc::identity_none);
}

}  // namespace

trust trust::shared() const {
  trust out;
  out.own_ = own_;
  out.revocation_ = revocation_;
  return out;
}

void trust::add(byte_buffer der, nv2::anchor_role role, std::string origin) {
  own_->certificates.push_back(std::move(der));
  const nv2::bytes kept = view_of(own_->certificates.back());
  const bool is_signer = role == nv2::anchor_role::signer;
  own_->anchors.push_back({kept, role});
  own_->notary_anchors.push_back({kept, is_signer ? nv2::anchor_role::ca : role});
  own_->origins.push_back(std::move(origin));
}

void trust::add_files(const std::vector<std::string>& paths, nv2::anchor_role role,
                      const char* option) {
  for (const std::string& path : paths) {
    for (byte_buffer& der : read_certificates(path, exit_code::usage)) {
      add(std::move(der), role, fmt::format("{} {}", option, path));
    }
  }
}

void trust::add_identity(nv2::bytes text) {
  own_->identities.emplace_back(text.begin(), text.end());
  own_->identity_views.push_back(view_of(own_->identities.back()));
}

void trust::add_required(nv2::bytes text) {
  own_->required.emplace_back(text.begin(), text.end());
  own_->required_views.push_back(view_of(own_->required.back()));
}

void trust::demand(std::size_t threshold, const std::vector<std::string>& required) {
  own_->threshold = std::max(own_->threshold, threshold);
  for (const std::string& text : required) {
    const nv2::bytes item = nv2::bytes::of(text);
    nv2::errc code = nv2::is_subject_identity(item) ? nv2::check_identity(item)
                                                    : nv2::errc::policy_required_identity;
    for (const byte_buffer& other : own_->required) {
      if (nv2::do_identities_overlap(item, view_of(other))) code = nv2::errc::identity_overlap;
    }
    if (code != nv2::errc::ok) refuse_identity("--require-identity", text, code);
    add_required(item);
  }
  if (own_->required.size() > nv2::policy_limits::threshold) {
    refuse_demand(nv2::errc::policy_required_too_many, "require fewer identities");
  }
  if (own_->actions.skips_everything() && asks_for_quorum()) {  // spec: P-010
    refuse_demand(nv2::errc::policy_threshold_of_skip,
                  "leave --threshold and --require-identity out, or use another policy");
  }
  const bool any = own_->identities.empty() || nv2::is_wildcard(own_->identity_views.front());
  if (!any && own_->identities.size() < std::max(own_->threshold, own_->required.size())) {
    refuse_demand(nv2::errc::policy_threshold_unreachable,
                  "trust more identities: signers who match the same one count once");
  }
}

nv2::quorum_rules trust::quorum_rules() const {
  return {std::max<std::size_t>(own_->threshold, 1),
          {own_->identity_views.data(), own_->identity_views.size()},
          {own_->required_views.data(), own_->required_views.size()},
          {}};
}

trust trust::from_command_line(const trust_options& options, bool checks_revocation) {
  check_identity_list(options.identities);
  trust out;
  out.add_files(options.certificates, nv2::anchor_role::signer, "--cert");
  out.add_files(options.ca_certificates, nv2::anchor_role::ca, "--ca-cert");
  out.add_files(options.sa_certificates, nv2::anchor_role::signing_authority, "--sa-cert");
  out.add_files(options.tsa_certificates, nv2::anchor_role::tsa, "--tsa-cert");
  for (const std::string& text : options.identities) out.add_identity(nv2::bytes::of(text));
  out.own_->actions =
      nv2::validation_actions{options.level.value_or(nv2::verification_level::strict)};
  if (!checks_revocation) {
    nv2::action_overrides skipped;
    // Both are allowed of every level that can be typed. // spec: P-007
    static_cast<void>(skipped.set(nv2::validation::revocation, nv2::action::skip));
    static_cast<void>(out.own_->actions.apply(skipped));
  }
  return out;
}

void trust::add_store(trust_store store) {
  own_->stores.push_back({store.name, store.path, store.exists, store.certificates.size()});
  for (stored_certificate& each : store.certificates) {
    add(std::move(each.der), store.type, fmt::format("{} {}", store.name, each.path));
  }
  if (store.type == nv2::anchor_role::tsa && store.certificates.empty()) {
    // Without any service the library would not ask for timestamps; a service that is no certificate
    // makes it ask in vain. // spec: S-011 W-060
    add({}, store.type, fmt::format("{} (empty)", store.name));
  }
}

trust trust::from_statement(const nv2::policy_statement& statement, std::string path,
                            const std::string& stores) {
  trust out;
  out.own_->statement = statement.name.as_text();
  out.own_->policy_path = std::move(path);
  out.own_->actions = statement.actions;
  out.own_->timestamps = statement.verify_timestamp;
  for (const nv2::bytes item : statement.stores) {
    nv2::store_name name;
    // The document was checked: every item has the form of a name. // spec: P-024 S-022
    if (nv2::parse_store_name(item, name) == nv2::errc::ok) {
      out.add_store(read_trust_store(stores, name));
    }
  }
  for (const nv2::bytes item : statement.identities) out.add_identity(item);
  for (const nv2::bytes item : statement.required) out.add_required(item);
  out.own_->threshold = statement.threshold;
  return out;
}

nv2::policy trust::policy(bool is_notary) const {
  const nv2::policy out = nv2::policy::strict(anchors(is_notary), nv2::revocation::no_data())
                              .with_actions(own_->actions)
                              .with_timestamps(own_->timestamps);
  if (own_->identity_views.empty()) return out;
  return out.with_identities({own_->identity_views.data(), own_->identity_views.size()});
}

}  // namespace client
