// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// How the prototype ties a signature to a trusted certificate and to the names in it.
// Does: find the signer by `x5c` or `kid`, follow it to an anchor, compare its names with references.
// Does not: look at the signed bytes.
#ifndef NV2_ENVELOPE_NV2_SIGNER_HPP
#define NV2_ENVELOPE_NV2_SIGNER_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/envelope/envelope.hpp>
#include <nv2/envelope/nv2_kid.hpp>
#include <nv2/oci/descriptor.hpp>
#include <nv2/oci/reference.hpp>
#include <nv2/x509/chain.hpp>
#include <nv2/x509/host_name.hpp>

NV2_NAMESPACE_BEGIN

namespace nv2_detail {

/// Member names of two open readers, texts with escapes, and what came of each signature.
constexpr std::size_t working_memory = 2 * 64 * sizeof(std::uint32_t) + 3 * kid_size +
                                       max_digest_text + max_media_type + limits::reference_size +
                                       limits::signatures * sizeof(errc);

/// x5c: the first certificate is the signer, the others may lead to an anchor. Extended key usages do
/// not matter on the way. // spec: N-080 N-081 N-082 N-088
[[nodiscard]] inline errc verify_chain(const signed_message& message, signer_context& context,
                                       signer_certificate& out) noexcept {
  const std::size_t count = message.certificates.size();
  certificate* const all = context.memory.take_array<certificate>(count);
  if (all == nullptr) return errc::workspace_exhausted;
  out.fields = all;
  for (std::size_t i = 0; i < count; ++i) {
    out.chain.concerned = static_cast<std::int8_t>(i);
    NV2_TRY(parse_certificate(message.certificates[i], all[i]));
  }
  out.chain.concerned = 0;
  if (!message.key_id.empty()) {
    NV2_TRY(check_kid(message.key_id, all[0].spki, context.crypto, context.memory));  // spec: N-071
  }
  path_rules& rules = context.rules;
  const errc code =
      verify_path({all, count}, context.anchors, rules, context.crypto, context.memory, out.chain);
  rules.max_signature_checks =
      static_cast<std::uint16_t>(rules.max_signature_checks - out.chain.signature_checks);
  NV2_TRY(code);
  out.listed = {all, count};
  if (!equal(out.chain.anchor->der, all[0].der)) out.revocable = out.chain.length;
  return errc::ok;
}

/// kid: the one signer certificate of the caller with this fingerprint, trusted as given.
/// Kept apart so that its stack is not needed for chains.
[[nodiscard]] [[gnu::noinline]] inline errc verify_by_kid(bytes kid, signer_context& context,
                                                          const certificate*& out) noexcept {
  for (const trust_anchor& anchor : context.anchors) {
    if (anchor.role != anchor_role::signer) continue;
    const std::size_t mark = context.memory.mark();
    certificate* const candidate = context.memory.take_array<certificate>(1);
    if (candidate == nullptr) return errc::workspace_exhausted;
    NV2_TRY(parse_certificate(anchor.der, *candidate));
    const errc same = check_kid(kid, candidate->spki, context.crypto, context.memory);
    if (same != errc::ok && same != errc::kid_mismatch) return same;
    if (same == errc::kid_mismatch || (out != nullptr && equal(out->der, candidate->der))) {
      context.memory.rewind(mark);
      continue;
    }
    if (out != nullptr) return errc::signer_kid_ambiguous;  // spec: N-076
    out = candidate;
  }
  if (out == nullptr) return errc::kid_not_found;                   // spec: N-072
  NV2_TRY(check_validity(*out, context.rules.time));                // spec: N-074
  NV2_TRY(check_critical_extensions(*out));                         // spec: N-075
  return check_key_strength(out->key, context.rules.min_rsa_bits);  // spec: N-053 N-055
}

}  // namespace nv2_detail

namespace nv2_signer {

inline errc verify_signer(const signed_message& message, signer_context& context,
                          signer_certificate& out) noexcept {
  // spec: N-070
  NV2_TRY(message.certificates.empty()
              ? nv2_detail::verify_by_kid(message.key_id, context, out.fields)
              : nv2_detail::verify_chain(message, context, out));
  // spec: N-091 N-092
  return check_signer_usage(*out.fields, has(context.leniency, compat::nv2_require_ku));
}

/// Every reference must follow the grammar, name a registry, and be covered by the signer's names; a
/// digest in it must be the signed one. No references, no demands.
/// // spec: N-100 N-108 N-110 N-116 N-117 N-120 N-121
inline errc check_references(signed_claims& claims, const certificate& signer,
                             const parse_context& context) noexcept {
  if (claims.references.empty()) return errc::ok;  // spec: N-117
  const compat leniency = context.leniency;
  if (!has(leniency, compat::nv2_no_eku)) NV2_TRY(check_server_purpose(signer));  // spec: N-120
  json_reader reader{claims.references, context.memory, context.duplicates(), 0};
  for (reader.enter_array(); reader.next_element();) {
    const std::size_t mark = context.memory.mark();
    bytes text, host;
    NV2_TRY(unescape(reader.read_string(), limits::reference_size, context.memory, text));
    reference parsed;
    NV2_TRY(check_registry_host(text, leniency, parsed, host));
    if (!parsed.digest.empty() && !equal(parsed.digest, claims.digest)) {
      return errc::reference_digest;  // spec: N-108
    }
    NV2_TRY(check_host(signer, host, has(leniency, compat::nv2_san_only)));
    context.memory.rewind(mark);
  }
  return reader.error();
}

}  // namespace nv2_signer

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_NV2_SIGNER_HPP
