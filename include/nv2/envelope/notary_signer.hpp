// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// How the Notary Project ties a signature to a trusted certificate.
// Does: judge the chain of the envelope as it stands, let the signer's key choose the algorithm, look
// for an anchor among its certificates, and check their validity at the time that counts.
// Does not: build chains, compare identities, or look at the signed bytes.
// The caller must: decide what a policy does about an untrusted or outdated chain.
#ifndef NV2_ENVELOPE_NOTARY_SIGNER_HPP
#define NV2_ENVELOPE_NOTARY_SIGNER_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/time.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/envelope/notary.hpp>
#include <nv2/envelope/notary_payload.hpp>
#include <nv2/x509/checks.hpp>
#include <nv2/x509/code_signing.hpp>

NV2_NAMESPACE_BEGIN

namespace notary_detail {

/// Whether a certificate of the chain is byte for byte one that is trusted for the scheme. Each
/// scheme has its own kind of anchor. // spec: S-020 W-030 W-031
[[nodiscard]] inline errc check_anchor(const signed_message& message,
                                       view<trust_anchor> anchors) noexcept {
  const anchor_role wanted = message.scheme == signing_scheme::signing_authority
                                 ? anchor_role::signing_authority
                                 : anchor_role::ca;
  errc code = errc::notary_no_anchor;  // spec: W-030
  for (const trust_anchor& anchor : anchors) {
    if (anchor.role != wanted) continue;
    code = errc::notary_not_anchored;  // spec: S-020
    for (const bytes& member : message.certificates) {
      if (equal(member, anchor.der)) return errc::ok;
    }
  }
  return code;
}

/// Whether each certificate is valid at `time`; `invalid` becomes the index of the first that is not.
[[nodiscard]] inline errc check_validity_of_all(const view<certificate>& chain,
                                                const time_basis& time,
                                                std::int8_t& invalid) noexcept {
  for (std::size_t i = 0; i < chain.size(); ++i) {
    invalid = static_cast<std::int8_t>(i);
    NV2_TRY(check_validity(chain[i], time));
  }
  invalid = -1;
  return errc::ok;
}

/// No RSA key may be larger than the limit, or smaller than a caller wants who asks for more than the
/// profile does. // spec: G-003
[[nodiscard]] inline errc check_rsa_size(const public_key& key, std::size_t wanted) noexcept {
  if (key.kind != key_kind::rsa) return errc::ok;
  return check_key_strength(key, wanted > 2048 ? wanted : 0);
}

/// A signing authority vouches for the signing time: the chain must have been valid then, and that
/// time must not lie ahead. // spec: W-064 W-065 W-066
[[nodiscard]] inline errc check_authentic_time(const signed_message& message,
                                               const view<certificate>& chain,
                                               const signer_context& context,
                                               std::int8_t& invalid) noexcept {
  // The end of the second in which it was signed.
  const unix_time end = message.signing_time + (message.signing_nanoseconds != 0 ? 1 : 0);
  const time_order now = context.rules.time.relative_to(end);
  if (!has(context.leniency, compat::sa_allow_future)) {
    if (now == time_order::unknown) return errc::time_unknown;      // spec: G-001
    if (now == time_order::before) return errc::notary_time_ahead;  // spec: W-065
  }
  NV2_TRY(check_validity_of_all(chain, time_basis::at(message.signing_time), invalid));
  return check_validity_of_all(chain, time_basis::at(end), invalid);
}

/// Whether the policy asks for a timestamp: it trusts a service, and waits for no expiry or sees one,
/// be it that of any certificate. // spec: W-060 W-062
inline bool asks_for_timestamp(const view<certificate>& chain,
                               const signer_context& context) noexcept {
  for (const trust_anchor& anchor : context.anchors) {
    if (anchor.role != anchor_role::tsa) continue;
    if (context.timestamps == timestamp_rule::always) return true;
    for (const certificate& each : chain) {
      if (check_validity(each, context.rules.time) == errc::certificate_expired) return true;
    }
  }
  return false;
}

/// Without a signing authority the chain must be valid now, whatever token there is, unless the
/// policy asks for a timestamp. // spec: W-061
[[nodiscard]] inline errc check_present(const view<certificate>& chain,
                                        const signer_context& context,
                                        std::int8_t& invalid) noexcept {
  if (asks_for_timestamp(chain, context)) return errc::notary_timestamp;
  return check_validity_of_all(chain, context.rules.time, invalid);
}

}  // namespace notary_detail

namespace notary_signer {

/// The chain, from the signer's certificate to the root, as the envelope has it. Only what the
/// envelope alone decides is refused here; trust and validity are told in `out`. // spec: W-020
inline errc verify_signer(const signed_message& message, signer_context& context,
                          signer_certificate& out) noexcept {
  const std::size_t count = message.certificates.size();
  // Each is cleared when it is parsed.
  auto* const all = static_cast<certificate*>(
      context.memory.take(count * sizeof(certificate), alignof(certificate)));
  if (all == nullptr) return errc::workspace_exhausted;
  std::int8_t& concerned = out.chain.concerned;
  for (std::size_t i = 0; i < count; ++i) {
    concerned = static_cast<std::int8_t>(i);
    const bytes issuer_before = i == 0 ? bytes{} : all[i - 1].issuer;
    // spec: J-010 C-041
    NV2_TRY(parse_certificate(message.certificates[i], all[i], issuer_before));
    NV2_TRY(notary_detail::check_rsa_size(all[i].key, context.rules.min_rsa_bits));
  }
  out.fields = all;
  const view<certificate> chain{all, count};
  concerned = 0;
  NV2_TRY(check_notary_algorithm(all[0].key, message.algorithm));  // spec: X-024
  NV2_TRY(verify_code_signing_chain(chain, context.leniency, context.crypto, context.memory,
                                    context.rules.max_signature_checks, concerned));
  concerned = -1;
  out.listed = chain;
  out.revocable = static_cast<std::uint8_t>(count - 1);
  out.chain.length = static_cast<std::uint8_t>(count);
  for (std::uint8_t i = 0; i < out.chain.length; ++i) out.chain.numbers[i] = i;
  out.trust = notary_detail::check_anchor(message, context.anchors);
  out.validity = message.scheme == signing_scheme::signing_authority
                     ? notary_detail::check_authentic_time(message, chain, context, out.invalid)
                     : notary_detail::check_present(chain, context, out.invalid);
  return errc::ok;
}

/// The payload, which has no references: nothing in it ties a signature to a registry. // spec: O-044
inline errc parse_claims(const signed_message& message, const parse_context& context,
                         signed_claims& out) noexcept {
  return parse_notary_payload(message.payload, context, out);
}

}  // namespace notary_signer

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_NOTARY_SIGNER_HPP
