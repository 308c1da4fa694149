// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Which trust applies: that of the command line, or a statement of a policy document.
#include <memory>
#include <mutex>

#include <fmt/format.h>

#include "errors.hpp"
#include "policy_file.hpp"
#include "refusal.hpp"
#include "trust.hpp"
#include "trust_shelf.hpp"

namespace client {
namespace {

[[noreturn]] void refuse_options(std::string what, std::string next) {
  throw failure(exit_code::usage, std::move(what), {next_step(std::move(next))});
}

/// Options that only mean something together, or only alone.
void check_combination(const verify_options& options, bool has_policy) {
  const trust_options& given = options.trusted;
  if (given.names_trust() && has_policy) {
    refuse_options("certificates, --identity and --level do not go with a policy",
                   "give either who is trusted, or --policy, --config, --scope and --policy-name");
  }
  if (!given.store.empty() && !has_policy) {
    refuse_options("--trust-store has no use without a policy",
                   "give --policy or --config too, or certificates as --ca-cert");
  }
  if (!given.policy_name.empty() && !options.is_blob) {
    refuse_options("--policy-name is for blobs", "give --blob, or --scope for a manifest");
  }
  if (!given.scope.empty() && options.is_blob) {
    refuse_options("--scope is for manifests",
                   "leave --blob out, or give --policy-name for a blob");
  }
  if (has_policy && !options.is_blob && given.lookup().empty()) {
    refuse_options("a policy needs the repository of the artifact",
                   "give --scope registry.example.com/name, or --blob");
  }
}

[[noreturn]] void refuse_selection(exit_code how, nv2::errc code, const std::string& headline,
                                   std::string next) {
  throw failure(how, fmt::format("{}: {}", nv2::message(code), headline),
                {{"rule", rule_text(code)}, next_step(std::move(next))});
}

/// The path of the document that applies. // spec: P-023
std::string policy_path(const trust_options& given, nv2::policy_kind kind) {
  if (!given.policy.empty()) return given.policy;
  const std::string directory = given.config.empty() ? default_configuration() : given.config;
  std::string found = find_policy(directory, kind);
  if (!found.empty()) return found;
  refuse_selection(exit_code::usage, nv2::errc::policy_missing,
                   policy_paths(directory, kind).front(),
                   "write one; https://notaryproject.dev/docs/quickstart/#create-a-trust-policy "
                   "shows how, or give certificates as --ca-cert");
}

/// The directory that holds ca, signingAuthority and tsa. // spec: S-003
std::string store_root(const trust_options& given) {
  if (!given.store.empty()) return given.store + "/x509";
  return stores_of_configuration(given.config.empty() ? default_configuration() : given.config);
}

/// What the library looks a scope up with: it wants a digest, and does not look at it.
std::string reference_of(const std::string& scope) {
  return scope.find('@') == scope.npos ? scope + "@" : scope;
}

const nv2::policy_statement& select(const policy_file& file, const verify_options& options) {
  const trust_options& given = options.trusted;
  const nv2::policy_statement* found = nullptr;
  if (!options.is_blob) {
    const std::string reference = reference_of(given.lookup());
    // spec: W-001
    const nv2::errc code =
        nv2::find_oci_statement(file.document(), nv2::bytes::of(reference), found);
    if (code == nv2::errc::policy_reference) {
      refuse_selection(exit_code::usage, code, given.lookup(),
                       "write --scope registry.example.com/name, without a tag");
    }
    // The policy is as it should be, and trusts nobody with this artifact: that is a verdict.
    if (found == nullptr) {
      refuse_selection(exit_code::refused, code, given.lookup(),
                       fmt::format("add the scope to a statement of {}, or a statement with the "
                                   "scope *",
                                   file.path()));
    }
    return *found;
  }
  // spec: W-002
  const nv2::errc code =
      given.policy_name.empty()
          ? nv2::find_global_statement(file.document(), found)
          : nv2::find_blob_statement(file.document(), nv2::bytes::of(given.policy_name), found);
  if (found != nullptr) return *found;
  refuse_selection(given.policy_name.empty() ? exit_code::refused : exit_code::usage, code,
                   given.policy_name.empty() ? "there is no global statement" : given.policy_name,
                   fmt::format("name a statement of {} with --policy-name", file.path()));
}

}  // namespace

bool asks_for_policy(const verify_options& options) {
  const trust_options& given = options.trusted;
  const bool has_default = options.is_blob || !given.repository.empty();
  const bool wants_default = has_default && !given.names_trust();
  return wants_default || !given.policy.empty() || !given.config.empty() || !given.scope.empty() ||
         !given.policy_name.empty();
}

const policy_file& trust_shelf::document(const verify_options& options) {
  const nv2::policy_kind kind = options.is_blob ? nv2::policy_kind::blob : nv2::policy_kind::oci;
  if (!document_) {
    document_ = std::make_unique<const policy_file>(policy_path(options.trusted, kind), kind,
                                                    options.deviations);
  }
  return *document_;
}

trust trust_shelf::read(const verify_options& options, const nv2::policy_statement* statement) {
  const bool needs_stores = statement != nullptr && !statement->actions.skips_everything();
  trust out =
      statement == nullptr
          ? trust::from_command_line(options.trusted, options.asks_for_revocation())
          : trust::from_statement(*statement, document_->path(),
                                  needs_stores ? store_root(options.trusted) : std::string{});
  out.demand(options.trusted.threshold, options.trusted.required);
  if (!revocation_) revocation_.emplace(options.revocation);
  out.revocation() = *revocation_;
  return out;
}

trust trust_shelf::find(const verify_options& options) {
  const bool has_policy = asks_for_policy(options);
  check_combination(options, has_policy);
  const std::lock_guard<std::mutex> held{lock_};
  const nv2::policy_statement* const statement =
      has_policy ? &select(document(options), options) : nullptr;
  const auto known = known_.find(statement);
  if (known != known_.end()) return known->second.shared();
  return known_.emplace(statement, read(options, statement)).first->second.shared();
}

trust find_trust(const verify_options& options) { return trust_shelf{}.find(options); }

}  // namespace client
