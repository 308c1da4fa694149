// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether a trusted service saw a signature, and when.
// Does: tie a timestamp token to the signature it stamps and to a trusted service that was not revoked,
// and compare the time with the validity of a chain.
// Does not: decide whether a timestamp is needed.
#ifndef NV2_TRUST_TIMESTAMP_HPP
#define NV2_TRUST_TIMESTAMP_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/crypto/ecdsa_der.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/trust/revocation.hpp>
#include <nv2/trust/timestamp_info.hpp>
#include <nv2/trust/timestamp_token.hpp>
#include <nv2/x509/chain.hpp>
#include <nv2/x509/checks.hpp>
#include <nv2/x509/link.hpp>
#include <nv2/x509/revocation.hpp>
#include <nv2/x509/timestamping.hpp>

NV2_NAMESPACE_BEGIN

/// A timestamp that was verified.
struct verified_timestamp : timestamp_info {
  /// What came of the question for the revocation of the service, before that became an error about
  /// timestamps; unset when it was not reached. // spec: T-044
  errc revocation = errc::unset;
  /// The answer for the certificate of the service's path that decided.
  revocation_answer service;
};

/// How many bytes of workspace verify_timestamp() needs at most, besides those of the decision about
/// revocation: the certificates of the token, the root, one under search, and a hash state.
constexpr std::size_t timestamp_memory =
    (max_token_certificates + 3) * (sizeof(certificate) + alignof(std::max_align_t)) +
    sizeof(timestamp_token) + sizeof(verified_timestamp) + 512 + max_digest_size;

/// The rules for paths from a timestamp service to an anchor of its kind. // spec: T-042 X-063
struct timestamp_path_rules : path_rules {
  explicit constexpr timestamp_path_rules(precise_time stamped) noexcept
      : path_rules(time_basis::at(stamped.rounded_down())),
        end(time_basis::at(stamped.rounded_up())) {}

  /// The end of the second in which it was stamped. // spec: W-066
  time_basis end;

  bool trusts(anchor_role role) const noexcept { return role == anchor_role::tsa; }
  errc check_member(const certificate& member) const noexcept {
    NV2_TRY(check_validity(member, time));             // spec: T-040
    NV2_TRY(check_validity(member, end));              // spec: T-040
    NV2_TRY(check_critical_extensions(member));        // spec: X-064
    return check_purpose(member, oid::time_stamping);  // spec: X-064
  }
  errc check_issuer(const certificate& issuer, int between, bool) const noexcept {
    return check_timestamping_ca(issuer, between);  // spec: X-062
  }
};

namespace detail {

/// What a failed path search means for a timestamp.
constexpr errc timestamp_path_error(errc code) noexcept {
  switch (code) {
    case errc::ok:
    case errc::workspace_exhausted:
    case errc::crypto_failure:
    case errc::signature_budget:
    case errc::timestamp_ca: return code;
    case errc::certificate_expired:
    case errc::certificate_not_yet_valid: return errc::timestamp_path_time;  // spec: T-040
    case errc::critical_extension:
    case errc::signer_purpose:
    case errc::signature_algorithm_weak:
    case errc::key_unsupported:
    case errc::key_too_small:
    case errc::key_too_large: return errc::timestamp_path_rules;  // spec: X-064
    default: return errc::timestamp_path;                         // spec: T-040 X-063
  }
}

/// The same of a failed signature check.
constexpr errc timestamp_signature_error(errc code) noexcept {
  switch (code) {
    case errc::ok:
    case errc::workspace_exhausted:
    case errc::crypto_failure: return code;
    case errc::crypto_unsupported: return errc::timestamp_algorithm;  // spec: T-027
    default: return errc::timestamp_signature;                        // spec: T-027
  }
}

/// One call of verify_timestamp(). What it takes of the workspace the caller takes back.
class timestamp_check {
 public:
  timestamp_check(const timestamp_token& token, signer_context& context, const revocation& decision,
                  verified_timestamp& out) noexcept
      : token_(token), context_(context), decision_(decision), out_(out) {}

  errc run(bytes message, hash_algorithm key_hash) noexcept {
    NV2_TRY(check_time());
    NV2_TRY(check_anchors());
    NV2_TRY(check_imprint(message, key_hash));
    // spec: T-021
    NV2_TRY(check_hash(token_.algorithm.hash, token_.content, token_.message_digest,
                       errc::timestamp_digest));
    NV2_TRY(parse_certificates());
    NV2_TRY(find_signer());
    NV2_TRY(check_timestamping_leaf(all_[0]));
    NV2_TRY(verify_token_signature());
    return verify_service();
  }

 private:
  /// A time that lies ahead was not seen by anybody. The present is known in whole seconds: what lies
  /// within the second of the present does not lie ahead. // spec: T-045
  errc check_time() const noexcept {
    if (has(context_.leniency, compat::ts_allow_future)) return errc::ok;
    const unix_time earliest = token_.info.earliest().rounded_down();
    switch (context_.rules.time.relative_to(earliest)) {
      case time_order::not_before: return errc::ok;
      case time_order::before: return errc::timestamp_ahead;  // spec: T-045
      default: return errc::time_unknown;                     // spec: G-001
    }
  }
  errc check_anchors() const noexcept {
    for (const trust_anchor& anchor : context_.anchors) {
      if (anchor.role == anchor_role::tsa) return errc::ok;
    }
    return errc::timestamp_no_anchor;  // spec: T-041
  }
  errc check_hash(hash_algorithm hash, bytes text, bytes expected, errc different) noexcept {
    const std::size_t mark = context_.memory.mark();
    bytes digest;
    NV2_TRY(hash_bytes(context_.crypto, hash, text, context_.memory, digest));
    const bool same = equal(digest, expected);
    context_.memory.rewind(mark);
    return same ? errc::ok : different;
  }
  errc check_imprint(bytes message, hash_algorithm key_hash) noexcept {
    const timestamp_info& info = token_.info;
    if (info.imprint_hash != key_hash && !has(context_.leniency, compat::ts_any_imprint_hash)) {
      return errc::timestamp_imprint_choice;  // spec: T-012
    }
    // spec: T-011
    return check_hash(info.imprint_hash, message, info.imprint, errc::timestamp_imprint);
  }
  errc parse_certificates() noexcept {
    all_ = context_.memory.take_array<certificate>(token_.certificate_count);
    if (all_ == nullptr) return errc::workspace_exhausted;
    der_reader reader{token_.certificates};
    for (std::size_t i = 0; i < token_.certificate_count; ++i) {
      const errc code = parse_certificate(reader.read_element(der_tag::sequence), all_[i]);
      if (code != errc::ok) return errc::timestamp_certificate;  // spec: T-005
    }
    return errc::ok;
  }
  errc find_signer() noexcept;
  errc verify_token_signature() noexcept;
  errc verify_service() noexcept;
  errc verify_root(const certificate& root) noexcept;
  errc check_revocation(const path& found, const certificate& root) noexcept;
  errc check_signing_time(const path& found, const certificate& root) const noexcept;

  const timestamp_token& token_;
  signer_context& context_;
  const revocation& decision_;
  verified_timestamp& out_;
  /// The certificates of the token, the signer's first once it is found.
  certificate* all_ = nullptr;
};

/// Moves the certificate to the front that the token signs as its signer's.
inline errc timestamp_check::find_signer() noexcept {
  // spec: T-024
  if (token_.certificate_hash == hash_algorithm::none) return errc::timestamp_certificate_hash;
  std::size_t number = 0;
  errc code = errc::unset;
  for (; number < token_.certificate_count; ++number) {
    code = check_hash(token_.certificate_hash, all_[number].der, token_.certificate_digest,
                      errc::timestamp_certificate_hash);
    if (code != errc::timestamp_certificate_hash) break;
  }
  NV2_TRY(code);
  certificate* const copy = context_.memory.take_array<certificate>(1);  // not on the stack
  if (copy == nullptr) return errc::workspace_exhausted;
  *copy = all_[number];
  const certificate& signer = *copy;
  all_[number] = all_[0];
  all_[0] = signer;
  const bool has_name = token_.signed_issuer.data() != nullptr;
  if (has_name &&
      !(equal(token_.signed_issuer, signer.issuer) && equal(token_.signed_serial, signer.serial))) {
    return errc::timestamp_issuer_serial;  // spec: T-024
  }
  const bool same = equal(token_.issuer, signer.issuer) && equal(token_.serial, signer.serial);
  return same ? errc::ok : errc::timestamp_signer_id;  // spec: T-025
}

/// The signature over the attributes as the set that they are. // spec: T-022
inline errc timestamp_check::verify_token_signature() noexcept {
  if (context_.rules.max_signature_checks == 0) return errc::signature_budget;  // spec: G-003
  --context_.rules.max_signature_checks;
  const public_key& key = all_[0].key;
  digest_value digest;
  hasher state{context_.crypto, context_.memory, token_.algorithm.hash};
  constexpr std::uint8_t tag[] = {der_tag::set};
  state.update(tag);
  state.update(token_.attributes.drop(1));
  NV2_TRY(state.finish(digest));
  errc code = errc::ok;
  bytes signature = token_.signature;
  if (token_.algorithm.scheme == signature_scheme::ecdsa && is_ec(key.kind)) {
    code = decode_ecdsa_signature(signature, key.kind, context_.memory, signature);
  }
  if (code == errc::ok) {
    code = verify_signature(context_.crypto, key, token_.algorithm, digest.view(), signature);
  }
  return timestamp_signature_error(code);
}

/// The path from the signer to a trusted root, and all that is asked of the two together.
inline errc timestamp_check::verify_service() noexcept {
  timestamp_path_rules rules{token_.info.gen_time};
  std::uint16_t& budget = context_.rules.max_signature_checks;
  const std::size_t bits = context_.rules.min_rsa_bits;
  rules.min_rsa_bits = bits > rules.min_rsa_bits ? bits : rules.min_rsa_bits;
  rules.max_signature_checks = budget;
  path found;
  const errc code = verify_path({all_, token_.certificate_count}, context_.anchors, rules,
                                context_.crypto, context_.memory, found);
  budget = static_cast<std::uint16_t>(budget - found.signature_checks);
  NV2_TRY(timestamp_path_error(code));
  certificate* const root = context_.memory.take_array<certificate>(1);
  if (root == nullptr) return errc::workspace_exhausted;
  // spec: T-041
  if (parse_certificate(found.anchor->der, *root) != errc::ok) return errc::timestamp_root;
  NV2_TRY(verify_root(*root));
  NV2_TRY(check_signing_time(found, *root));
  return check_revocation(found, *root);
}

/// The path but its root, at the present, whatever the policy does about revocation of signers.
/// // spec: T-044 R-001 R-008
inline errc timestamp_check::check_revocation(const path& found, const certificate& root) noexcept {
  trust_report asked;
  chain_revocation chain{decision_, context_, asked};
  for (std::uint8_t i = 0; i < found.length; ++i) {
    const bool is_last = i + 1 == found.length;
    const certificate& issuer = is_last ? root : all_[found.numbers[i + 1]];
    if (!chain.ask(all_[found.numbers[i]], issuer, found.numbers[i])) break;
  }
  out_.service = asked.revocation;
  out_.revocation = chain.result();
  switch (out_.revocation) {
    case errc::ok:
    case errc::workspace_exhausted:
    case errc::crypto_failure:
    case errc::signature_budget: return out_.revocation;
    case errc::certificate_revoked: return errc::timestamp_revoked;  // spec: T-044
    default: return errc::timestamp_revocation;                      // spec: T-044
  }
}

/// What is trusted must be an authority that signed itself, and not the service. // spec: T-041 X-063
inline errc timestamp_check::verify_root(const certificate& root) noexcept {
  if (!root.is_ca || !is_self_issued(root)) return errc::timestamp_root;  // spec: T-041
  std::uint16_t& budget = context_.rules.max_signature_checks;
  if (budget == 0) return errc::signature_budget;  // spec: G-003
  --budget;
  const errc code = verify_link(root, root.key, context_.crypto, context_.memory);
  if (code == errc::link_signature) return errc::timestamp_root;  // spec: T-041
  return timestamp_path_error(code);
}

/// A signing time, which RFC 3161 does not ask for, must not contradict any certificate.
inline errc timestamp_check::check_signing_time(const path& found,
                                                const certificate& root) const noexcept {
  if (!token_.has_signing_time) return errc::ok;
  const time_basis time = time_basis::at(token_.signing_time);
  errc code = check_validity(root, time);
  for (std::size_t i = 0; i < found.length && code == errc::ok; ++i) {
    code = check_validity(all_[found.numbers[i]], time);
  }
  return code == errc::ok ? code : errc::timestamp_signing_time;  // spec: T-028
}

}  // namespace detail

/// Decides whether `token` is a timestamp for `message`, the raw bytes of a signature, by a service that
/// leads to an anchor of role tsa. `key_hash` is the hash of the signer's key, by which the signature
/// must have been stamped. // spec: T-001 to T-028, T-040 to T-042, T-045
///
/// After errc::ok `out` says when; its views lie in `token`. After an error it says at most what came
/// of the question for revocation.
/// check_timestamp_window() must follow. `decision` says whether the service was revoked, which counts
/// whatever a policy's action about revocation is. // spec: T-044 R-008
///
/// Of `context` it uses crypto, memory, anchors, leniency, and of rules the time, min_rsa_bits and
/// max_signature_checks, which go down by those spent: one for the token, one for each link, one for
/// the root, and those of `decision`. Workspace: timestamp_memory, given back, and what `decision`
/// takes. Hashes
/// each certificate of the token at most once, besides the token and the message.
/// Errors: those of class timestamp, time_unknown, signature_budget, workspace_exhausted and
/// crypto_failure.
[[nodiscard]] inline errc verify_timestamp(bytes token, bytes message, hash_algorithm key_hash,
                                           signer_context& context, const revocation& decision,
                                           verified_timestamp& out) noexcept {
  out = {};
  const std::size_t mark = context.memory.mark();
  timestamp_token* const parsed = context.memory.take_array<timestamp_token>(1);
  if (parsed == nullptr) return errc::workspace_exhausted;
  errc code = parse_timestamp_token(token, context.leniency, *parsed);
  if (code == errc::ok) {
    code = detail::timestamp_check{*parsed, context, decision, out}.run(message, key_hash);
  }
  if (code == errc::ok) static_cast<timestamp_info&>(out) = parsed->info;
  context.memory.rewind(mark);
  return code;
}

/// Whether each certificate of `chain` was valid all the time in which the signature may have been
/// stamped, both ends included; `invalid` becomes the index of the first that was not, else -1. This
/// stands in place of validity at the present. // spec: T-043 T-046 W-066
[[nodiscard]] inline errc check_timestamp_window(view<certificate> chain,
                                                 const timestamp_info& stamped,
                                                 std::int8_t& invalid) noexcept {
  const unix_time first = stamped.earliest().rounded_down();
  const unix_time last = stamped.latest().rounded_up();
  for (std::size_t i = 0; i < chain.size(); ++i) {
    invalid = static_cast<std::int8_t>(i);
    const bool inside = chain[i].not_before <= first && last <= chain[i].not_after;
    if (!inside) return errc::timestamp_window;  // spec: T-043
  }
  invalid = -1;
  return errc::ok;
}

/// Decides whether the timestamp of `message` shows that each certificate of `signer` was valid when
/// `message` was signed: verify_timestamp() and check_timestamp_window(). What policies do that ask for
/// timestamps. `report` becomes what its members say. // spec: W-063
[[nodiscard]] inline errc check_timestamp(const signed_message& message, signer_certificate& signer,
                                          signer_context& context, const revocation& decision,
                                          trust_report& report) noexcept {
  report.times.source = time_source::timestamp;
  signer.invalid = -1;
  verified_timestamp* const place = context.memory.take_array<verified_timestamp>(1);
  if (place == nullptr) return errc::workspace_exhausted;
  verified_timestamp& stamped = *place;
  const errc code = verify_timestamp(message.timestamp_token, message.signature,
                                     message.algorithm.hash, context, decision, stamped);
  report.revocation = stamped.service;
  NV2_TRY(code);
  report.times.first = stamped.earliest().rounded_down();
  report.times.last = stamped.latest().rounded_up();
  report.raise_floor(report.times.first);
  return check_timestamp_window(signer.listed, stamped, signer.invalid);
}

NV2_NAMESPACE_END

#endif  // NV2_TRUST_TIMESTAMP_HPP
