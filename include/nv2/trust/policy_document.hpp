// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Trust policy documents.
// Does: check a whole document, and turn it into slices of its text.
// Does not: select a statement (policy_statement.hpp), read stores, or keep anything that the
// document does not say.
// The caller must: keep text and workspace alive as long as the document made from them.
//
//   { "version": "1.0", "trustPolicies": [ {
//       "name": text,
//       "registryScopes": [ text, ... ],                             in OCI documents only
//       "globalPolicy": boolean | absent,                            in blob documents only
//       "signatureVerification": {
//         "level": "strict" | "permissive" | "audit" | "skip",
//         "override": { validation: action, ... } | absent,
//         "verifyTimestamp": "always" | "afterCertExpiry" | absent },
//       "trustStores": [ "type:name", ... ],                         none with the level skip
//       "trustedIdentities": [ text, ... ],                          none with the level skip
//       "threshold": 1 to 16 | absent,                               extensions, see below
//       "requiredIdentities": [ text, ... ] | absent }, ... ] }
//
// A new member is a word in a list below, and a case in the function that reads its object.
#ifndef NV2_TRUST_POLICY_DOCUMENT_HPP
#define NV2_TRUST_POLICY_DOCUMENT_HPP

#include <cstddef>
#include <cstdint>
#include <new>

#include <nv2/base/bytes.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/result.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/json.hpp>
#include <nv2/trust/identity.hpp>
#include <nv2/trust/levels.hpp>
#include <nv2/trust/policy_reader.hpp>
#include <nv2/trust/policy_statement.hpp>

NV2_NAMESPACE_BEGIN

/// Members of our own that a caller obeys. `quorum`: it counts signers, see quorum.hpp; each required
/// identity must be covered by a trusted one. Under every level only trusted signers count.
enum class policy_extensions : std::uint8_t { none, quorum };

namespace detail {

// Member names and values, each in the place of its enumerator and ended by a zero byte.
inline constexpr char document_members[] = "version\0trustPolicies\0";
enum class document_member : std::uint8_t { version, statements };

inline constexpr char statement_members[] =
    "name\0registryScopes\0globalPolicy\0signatureVerification\0trustStores\0trustedIdentities\0"
    "threshold\0requiredIdentities\0";
// clang-format off
enum class statement_member : std::uint8_t {
  name, scopes, global, verification, stores, identities, threshold, required
};
// clang-format on

inline constexpr char verification_members[] = "level\0override\0verifyTimestamp\0";
enum class verification_member : std::uint8_t { level, overrides, timestamp };
inline constexpr char timestamp_words[] = "always\0afterCertExpiry\0";
inline constexpr char version_words[] = "1.0\0";

/// Reads one document.
class policy_parser : public policy_reader {
 public:
  policy_parser(bytes text, policy_kind kind, compat leniency, policy_extensions understood,
                workspace& memory) noexcept
      : policy_reader(text, leniency, memory), kind_(kind), understood_(understood) {}

  errc run() noexcept {
    read_document();
    return reader_.finish();  // spec: P-001
  }
  view<policy_statement> statements() const noexcept { return {statements_, count_}; }

 private:
  void read_document() noexcept;
  void read_statements() noexcept;
  void read_statement(policy_statement& out) noexcept;
  void read_name(policy_statement& out) noexcept;
  void read_global(policy_statement& out) noexcept;
  void read_quorum(statement_member kind, policy_statement& out) noexcept;
  void read_list(statement_member kind, view<bytes>& list) noexcept;
  void read_verification(policy_statement& out) noexcept;
  void read_overrides(action_overrides& out) noexcept;
  errc check_item(statement_member kind, bytes item, view<bytes> before, bool alone) noexcept;
  errc check_statement(const policy_statement& s) const noexcept;
  static errc check_quorum(const policy_statement& s) noexcept;

  policy_statement* statements_ = nullptr;
  std::size_t count_ = 0;
  std::size_t scopes_ = 0;
  policy_kind kind_;
  policy_extensions understood_;
  /// What the current statement has.
  bool has_level_ = false, has_timestamp_ = false, has_anchors_ = false, has_subject_ = false;
};

inline void policy_parser::read_document() noexcept {
  const std::size_t start = mark();
  bool has_version = false;
  unsigned member = 0;
  for (reader_.enter_object(); next_member(document_members, member);) {
    switch (static_cast<document_member>(member)) {
      case document_member::version:
        static_cast<void>(read_word(version_words, errc::policy_version));  // spec: P-003
        has_version = true;
        break;
      case document_member::statements: read_statements(); break;
      default: ignore_member();
    }
  }
  return_to(start);
  if (!has_version) refuse(errc::policy_version);          // spec: P-003
  if (count_ == 0) refuse(errc::policy_statements_empty);  // spec: P-004
}

inline void policy_parser::read_statements() noexcept {
  std::size_t total = 0;
  statements_ = static_cast<policy_statement*>(enter_array(policy_limits::statements,
                                                           errc::policy_statements_too_many,
                                                           sizeof(policy_statement), total));
  while (reader_.next_element()) {
    policy_statement* const next = ::new (statements_ + count_) policy_statement();
    ++count_;
    read_statement(*next);
  }
  if (total == 0) refuse(errc::policy_statements_empty);  // spec: P-004
}

inline void policy_parser::read_statement(policy_statement& out) noexcept {
  const std::size_t start = mark();
  has_level_ = has_timestamp_ = has_anchors_ = has_subject_ = false;
  unsigned member = 0;
  for (reader_.enter_object(); next_member(statement_members, member);) {
    const auto kind = static_cast<statement_member>(member);
    switch (kind) {
      case statement_member::name: read_name(out); break;
      case statement_member::scopes:
        kind_ == policy_kind::oci ? read_list(kind, out.scopes) : ignore_member();
        break;
      case statement_member::global:
        kind_ == policy_kind::blob ? read_global(out) : ignore_member();
        break;
      case statement_member::verification: read_verification(out); break;
      case statement_member::stores: read_list(kind, out.stores); break;
      case statement_member::identities: read_list(kind, out.identities); break;
      case statement_member::threshold:
      case statement_member::required: read_quorum(kind, out); break;
      default: ignore_member();
    }
  }
  return_to(start);
  check(check_statement(out));
}

inline void policy_parser::read_name(policy_statement& out) noexcept {
  const bytes name = read_text();
  bool blank = true;
  for (const std::uint8_t c : name) blank &= c <= ' ';
  if (blank) return refuse(errc::policy_name);                                    // spec: P-005
  if (find_name(statements(), name) != nullptr) refuse(errc::policy_name_twice);  // spec: P-005
  out.name = name;
}

inline void policy_parser::read_global(policy_statement& out) noexcept {
  mark();
  const bool is_global = reader_.read_boolean();
  if (is_global && find_global(statements()) != nullptr) {
    refuse(errc::policy_global_twice);  // spec: P-019
  }
  out.is_global = is_global;
}

/// Whoever wants several signatures must not get by with one: a caller that does not count signers is
/// refused the document, whatever the switches. // spec: P-002
inline void policy_parser::read_quorum(statement_member kind, policy_statement& out) noexcept {
  if (understood_ != policy_extensions::quorum) return refuse(errc::policy_member_unknown);
  if (kind == statement_member::required) {
    read_list(kind, out.required);
    if (out.required.empty()) refuse(errc::policy_required_empty);
    return;
  }
  mark();
  const std::int64_t threshold = reader_.read_integer();
  if (threshold < 1 || threshold > std::int64_t{policy_limits::threshold}) {
    refuse(errc::policy_threshold);
  }
  out.threshold = static_cast<std::uint8_t>(threshold);
}

/// Reads scopes, stores or identities; `list` grows while it is checked.
inline void policy_parser::read_list(statement_member kind, view<bytes>& list) noexcept {
  std::size_t limit = policy_limits::scopes - scopes_;
  errc too_many = errc::policy_scopes_too_many;
  if (kind == statement_member::stores) {
    limit = policy_limits::stores;
    too_many = errc::policy_stores_too_many;
  } else if (kind == statement_member::identities) {
    limit = policy_limits::identities;
    too_many = errc::policy_identities_too_many;
  } else if (kind == statement_member::required) {
    limit = policy_limits::threshold;
    too_many = errc::policy_required_too_many;
  }
  std::size_t total = 0;
  bytes* const items = static_cast<bytes*>(enter_array(limit, too_many, sizeof(bytes), total));
  while (reader_.next_element()) {
    const bytes item = read_text();
    const errc code = check_item(kind, item, list, total == 1);
    if (code == errc::store_twice && allows(compat::policy_repeated_stores)) continue;
    check(code);
    ::new (items + list.size()) bytes(item);
    list = {items, list.size() + 1};
  }
  if (kind == statement_member::scopes) scopes_ += list.size();
}

/// Checks an item of a list, `before` which others stand; `alone` when there is no other.
inline errc policy_parser::check_item(statement_member kind, bytes item, view<bytes> before,
                                      bool alone) noexcept {
  if (kind == statement_member::stores) {
    store_name store;
    NV2_TRY(parse_store_name(item, store));
    has_anchors_ |= store.type != anchor_role::tsa;
    for (const bytes other : before) {
      if (equal(item, other)) return errc::store_twice;  // spec: P-013
    }
    return errc::ok;
  }
  const bool any = is_wildcard(item);
  if (kind == statement_member::required && !is_subject_identity(item)) {
    return errc::policy_required_identity;
  }
  if (kind != statement_member::scopes) {
    has_subject_ |= kind == statement_member::identities && (any || is_subject_identity(item));
    if (any) return alone ? errc::ok : errc::identity_wildcard;  // spec: P-015
    NV2_TRY(check_identity(item));
    for (const bytes other : before) {
      if (do_identities_overlap(item, other)) return errc::identity_overlap;  // spec: I-012
    }
    return errc::ok;
  }
  if (!any) {
    NV2_TRY(check_scope(item));  // spec: P-021
  } else if (!alone) {
    return errc::policy_scope_wildcard;  // spec: P-016
  }
  // spec: P-016 P-017
  return find_scope(statements(), item) == nullptr ? errc::ok : errc::policy_scope_twice;
}

inline void policy_parser::read_verification(policy_statement& out) noexcept {
  const std::size_t start = mark();
  unsigned level = 0;
  action_overrides overrides;
  unsigned member = 0;
  for (reader_.enter_object(); next_member(verification_members, member);) {
    switch (static_cast<verification_member>(member)) {
      case verification_member::level:
        level = read_word(level_words, errc::policy_level);  // spec: P-006
        has_level_ = true;
        break;
      case verification_member::overrides: read_overrides(overrides); break;
      case verification_member::timestamp:
        out.verify_timestamp = static_cast<timestamp_rule>(
            read_word(timestamp_words, errc::policy_timestamp));  // spec: P-009
        has_timestamp_ = true;
        break;
      default: ignore_member();
    }
  }
  return_to(start);
  out.actions = validation_actions{static_cast<verification_level>(level)};
  check(out.actions.apply(overrides));  // spec: P-008
}

inline void policy_parser::read_overrides(action_overrides& out) noexcept {
  unsigned member = 0;
  for (reader_.enter_object(); next_member(validation_words, member);) {
    if (*word_at(validation_words, member) == 0) refuse(errc::policy_override);  // spec: P-007
    const unsigned replacement = read_word(action_words, errc::policy_override);
    if (failed()) return;
    check(out.set(static_cast<validation>(member), static_cast<action>(replacement)));
  }
}

/// Checks what the members of a statement have to do with each other.
inline errc policy_parser::check_statement(const policy_statement& s) const noexcept {
  if (s.name.empty()) return errc::policy_name;  // spec: P-005
  if (!has_level_) return errc::policy_level;    // spec: P-006
  // spec: P-016
  if (kind_ == policy_kind::oci && s.scopes.empty()) return errc::policy_scopes_empty;
  if (s.actions.skips_everything()) {
    // spec: P-010
    if (s.stores.size() + s.identities.size() != 0) return errc::policy_trust_of_skip;
    if (s.asks_for_quorum()) return errc::policy_threshold_of_skip;
    if (has_timestamp_) return errc::policy_timestamp_of_skip;  // spec: P-009
    const bool everywhere = s.is_global || (!s.scopes.empty() && is_wildcard(s.scopes[0]));
    if (!everywhere || allows(compat::allow_global_skip)) return errc::ok;
    return errc::policy_global_skip;  // spec: P-018 P-020
  }
  if (s.stores.empty()) return errc::policy_stores_empty;          // spec: P-011
  if (!has_anchors_) return errc::policy_stores_only_tsa;          // spec: P-014
  if (s.identities.empty()) return errc::policy_identities_empty;  // spec: P-011
  if (!has_subject_) return errc::identity_none;                   // spec: I-002
  return check_quorum(s);
}

/// Whether who must sign can: each required identity is trusted, and where identities are listed there
/// are enough that signers can be different.
inline errc policy_parser::check_quorum(const policy_statement& s) noexcept {
  if (is_wildcard(s.identities[0])) return errc::ok;
  std::size_t subjects = 0;
  for (const bytes trusted : s.identities) subjects += is_subject_identity(trusted) ? 1U : 0U;
  if (subjects < s.threshold || subjects < s.required.size()) {
    return errc::policy_threshold_unreachable;
  }
  for (const bytes required : s.required) {
    bool covered = false;
    for (const bytes trusted : s.identities) covered |= covers_identity(trusted, required);
    if (!covered) return errc::policy_required_untrusted;
  }
  return errc::ok;
}

}  // namespace detail

/// Checks the document `text` as a whole and gives its statements, which are slices of `text` or,
/// where it has escapes, copies in `memory`. // spec: P-001 to P-022, P-024
///
/// A failure, whatever its code, is one of the policy: no artifact may be accepted. It tells the
/// place in `text`, leaves `out` without statements, and gives all memory back.
/// `leniency`: policy_ignore_unknown, allow_global_skip, policy_repeated_stores.
/// `understood`: what the caller does with the statement besides verifying one signature. Without
/// policy_extensions::quorum a document with `threshold` or `requiredIdentities` is refused.
/// Workspace: 4 * policy_limits::members bytes, a policy_statement for each statement, a view for
/// each listed text, and the copies. Linear in the text, but for the comparison of scopes with each
/// other, and of the stores and identities of one statement.
/// Errors: those of JSON, parse_store_name(), check_scope(), check_identity(); input_too_large,
/// workspace_exhausted, store_twice, identity_none, identity_wildcard, identity_overlap; those that
/// begin with policy_ but for policy_missing, policy_reference, policy_not_applicable.
[[nodiscard]] inline status parse_policy_document(
    bytes text, policy_kind kind, compat leniency, workspace& memory, policy_document& out,
    policy_extensions understood = policy_extensions::none) noexcept {
  const std::size_t mark = memory.mark();
  out = {{}, kind};
  detail::policy_parser parser{text, kind, leniency, understood, memory};
  status result;
  result.code = parser.run();
  if (result.code == errc::ok) {
    out.statements = parser.statements();
  } else {
    result.where = stage::policy;
    result.offset = static_cast<std::uint32_t>(parser.offset());
    memory.rewind(mark);
  }
  return result;
}

NV2_NAMESPACE_END

#endif  // NV2_TRUST_POLICY_DOCUMENT_HPP
