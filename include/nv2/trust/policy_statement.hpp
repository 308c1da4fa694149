// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Statements of trust policies, and which of them applies.
// Does: hold what a statement says, check names of stores and scopes of registries, select.
// Does not: read documents (policy_document.hpp) or load stores.
// The caller must: keep the memory of a document alive as long as its statements.
#ifndef NV2_TRUST_POLICY_STATEMENT_HPP
#define NV2_TRUST_POLICY_STATEMENT_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/oci/reference.hpp>
#include <nv2/trust/levels.hpp>
#include <nv2/x509/anchor.hpp>

NV2_NAMESPACE_BEGIN

/// Hard limits on what a document may hold. // spec: G-003
namespace policy_limits {
constexpr std::size_t document_size = 1U << 20;
constexpr std::size_t statements = 64;
/// In all statements together.
constexpr std::size_t scopes = 1024;
/// In each statement.
constexpr std::size_t stores = 64, identities = 64;
/// The largest threshold, and the most required identities.
constexpr std::uint8_t threshold = 16;
/// Bytes of a text that is written with escapes.
constexpr std::size_t text_size = 1024;
/// Members of all objects that are open at one time.
constexpr std::size_t members = 64;
}  // namespace policy_limits

/// A trust store by name: `ca:acme`.
struct store_name {
  /// ca, signing_authority or tsa.
  anchor_role type = anchor_role::ca;
  bytes name;
};

namespace detail {

/// The words of policy documents, in the order of anchor_role.
inline constexpr char store_words[] = "ca\0signingAuthority\0tsa\0";

/// [A-Za-z0-9_.-]+ other than "." and ".."
inline bool is_store_name(bytes name) noexcept {
  constexpr unsigned allowed = chars::alphanumeric | chars::underscore | chars::dot | chars::dash;
  reference_scanner scanner{name};
  const bool only_dots = scanner.run(chars::dot) == name.size();
  scanner.run(allowed);
  return scanner.at_end() && (only_dots ? name.size() > 2 : true);
}

/// The place of `text` in a list of words, or how many there are when it is none of them.
inline unsigned find_word(bytes text, const char* words) noexcept {
  unsigned place = 0;
  for (; *words != 0; ++place) {
    const char* const next = word_at(words, 1);
    if (equal(text, std::string_view{words, static_cast<std::size_t>(next - words) - 1})) break;
    words = next;
  }
  return place;
}

}  // namespace detail

/// Takes `item`, of the form type ":" name, apart at its first colon. `out` is written on success.
/// Errors: store_syntax, store_type, store_name_syntax.
[[nodiscard]] inline errc parse_store_name(bytes item, store_name& out) noexcept {
  std::size_t colon = 0;
  while (colon < item.size() && item[colon] != ':') ++colon;
  if (colon == item.size()) return errc::store_syntax;  // spec: P-012
  const auto type =
      static_cast<anchor_role>(detail::find_word(item.first(colon), detail::store_words));
  if (type > anchor_role::tsa) return errc::store_type;  // spec: S-001
  const bytes name = item.drop(colon + 1);
  if (!detail::is_store_name(name)) return errc::store_name_syntax;  // spec: S-002
  out = {type, name};
  return errc::ok;
}

/// Checks the scope of a registry other than "*".
///
///     scope  := domain "/" path, as in a reference (oci/reference.hpp), but no address in brackets
///
/// Errors: policy_scope_syntax.
[[nodiscard]] inline errc check_scope(bytes scope) noexcept {
  detail::reference_scanner scanner{scope};
  const bool good = !scanner.accept('[') && scanner.domain() && scanner.accept('/') &&
                    scanner.path() && scanner.at_end();
  return good ? errc::ok : errc::policy_scope_syntax;  // spec: P-021
}

/// What a policy says of some artifacts.
struct policy_statement {
  /// Unique in its document.
  bytes name;
  /// "*" alone, or repositories with their registry; none in a blob document.
  view<bytes> scopes;
  /// See parse_store_name(); no two are the same.
  view<bytes> stores;
  /// "*" alone, or identities; see check_identities().
  view<bytes> identities;
  /// Who must be among the signers; each an x509.subject that a trusted identity covers, and none
  /// covers another. Empty unless policy_extensions::quorum is understood, like `threshold`.
  view<bytes> required;
  validation_actions actions;
  timestamp_rule verify_timestamp = timestamp_rule::always;
  /// How many different trusted signers must have signed, 0 = nothing is said.
  std::uint8_t threshold = 0;
  /// For blobs that name no statement.
  bool is_global = false;

  /// Whether signers have to be counted, so that one good signature decides nothing.
  constexpr bool asks_for_quorum() const noexcept { return threshold != 0 || !required.empty(); }
};

/// Which artifacts a document is about.
enum class policy_kind : std::uint8_t { oci, blob };

/// A trust policy that was checked as a whole.
struct policy_document {
  view<policy_statement> statements;
  policy_kind kind = policy_kind::oci;
};

/// Whether the statement trusts the store `name` of type `type`; presence of a store alone means
/// nothing. // spec: S-022 W-030
inline bool selects_store(const policy_statement& statement, anchor_role type,
                          bytes name) noexcept {
  for (const bytes item : statement.stores) {
    store_name store;
    if (parse_store_name(item, store) == errc::ok && store.type == type &&
        equal(store.name, name)) {
      return true;
    }
  }
  return false;
}

namespace detail {

/// The statement that has exactly this scope, null = none. // spec: P-022
inline const policy_statement* find_scope(view<policy_statement> statements, bytes scope) noexcept {
  for (const policy_statement& statement : statements) {
    for (const bytes candidate : statement.scopes) {
      if (equal(candidate, scope)) return &statement;
    }
  }
  return nullptr;
}

inline const policy_statement* find_name(view<policy_statement> statements, bytes name) noexcept {
  for (const policy_statement& statement : statements) {
    if (equal(statement.name, name)) return &statement;
  }
  return nullptr;
}

inline const policy_statement* find_global(view<policy_statement> statements) noexcept {
  for (const policy_statement& statement : statements) {
    if (statement.is_global) return &statement;
  }
  return nullptr;
}

[[nodiscard]] inline errc check_kind(const policy_document& document, policy_kind kind) noexcept {
  const bool there = document.kind == kind && !document.statements.empty();
  return there ? errc::ok : errc::policy_missing;  // spec: P-023
}

}  // namespace detail

/// Selects the statement for the artifact that `reference` names: a repository with its registry,
/// "@" and a digest, which is not looked at. It is the statement with that repository as a scope,
/// else the one with the scope "*". // spec: W-001
/// Errors: policy_missing, policy_reference, policy_not_applicable; `out` is then null.
[[nodiscard]] inline errc find_oci_statement(const policy_document& document, bytes reference,
                                             const policy_statement*& out) noexcept {
  out = nullptr;
  NV2_TRY(detail::check_kind(document, policy_kind::oci));
  std::size_t end = reference.size();
  while (end != 0 && reference[end - 1] != '@') --end;
  if (end == 0) return errc::policy_reference;  // spec: W-001
  const bytes repository = reference.first(end - 1);
  if (check_scope(repository) != errc::ok) return errc::policy_reference;  // spec: W-001
  out = detail::find_scope(document.statements, repository);
  if (out == nullptr) out = detail::find_scope(document.statements, bytes::of("*"));
  return out != nullptr ? errc::ok : errc::policy_not_applicable;  // spec: W-001
}

/// Selects the statement `name` for a blob, and never another one. // spec: W-002
/// Errors: policy_missing, policy_not_applicable; `out` is then null.
[[nodiscard]] inline errc find_blob_statement(const policy_document& document, bytes name,
                                              const policy_statement*& out) noexcept {
  out = nullptr;
  NV2_TRY(detail::check_kind(document, policy_kind::blob));
  out = detail::find_name(document.statements, name);
  return out != nullptr ? errc::ok : errc::policy_not_applicable;  // spec: W-002
}

/// Selects the global statement, for a blob whose user names none. // spec: W-002
/// Errors: policy_missing, policy_not_applicable; `out` is then null.
[[nodiscard]] inline errc find_global_statement(const policy_document& document,
                                                const policy_statement*& out) noexcept {
  out = nullptr;
  NV2_TRY(detail::check_kind(document, policy_kind::blob));
  out = detail::find_global(document.statements);
  return out != nullptr ? errc::ok : errc::policy_not_applicable;  // spec: W-002
}

NV2_NAMESPACE_END

#endif  // NV2_TRUST_POLICY_STATEMENT_HPP
