// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Who may sign OCSP responses.
// Does: verify that the issuer of a certificate signed a response, or somebody whom it delegated.
// Does not: read what the response says.
// The caller must: keep response and lists alive while it asks.
#ifndef NV2_TRUST_RESPONDER_HPP
#define NV2_TRUST_RESPONDER_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/trust/revocation.hpp>
#include <nv2/trust/revocation_lists.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/checks.hpp>
#include <nv2/x509/link.hpp>
#include <nv2/x509/ocsp.hpp>
#include <nv2/x509/oid.hpp>

NV2_NAMESPACE_BEGIN

namespace detail {

/// Lack of a resource, which ends a question whatever is left to be looked at.
constexpr bool is_lack(errc code) noexcept {
  return code == errc::workspace_exhausted || code == errc::crypto_failure ||
         code == errc::signature_budget;
}

/// Who signed a response to a question. What it takes of the workspace the caller takes back.
class responder_check {
 public:
  /// `fresh` is that of the response, and becomes that of what speaks for its responder, if worse.
  responder_check(const revocation_data& data, revocation_question& question,
                  freshness& fresh) noexcept
      : data_(data), question_(question), fresh_(fresh) {}

  errc verify(const ocsp_response& response) noexcept;

 private:
  errc verify_responder(const certificate& responder) noexcept;
  errc check_not_revoked(const certificate& responder) noexcept;
  errc verify_text(bytes text, signature_algorithm algorithm, bytes signature,
                   const public_key& key, errc mismatch) noexcept;

  const revocation_data& data_;
  revocation_question& question_;
  freshness& fresh_;
};

/// Whether the issuer signed the response, or the first embedded certificate for it. // spec: R-032
inline errc responder_check::verify(const ocsp_response& response) noexcept {
  const certificate& issuer = question_.issuer;
  if (!response.certificates.empty()) {
    certificate* const responder = question_.context.memory.take_array<certificate>(1);
    if (responder == nullptr) return errc::workspace_exhausted;
    const bytes first = der_reader{response.certificates}.read_element(der_tag::sequence);
    if (parse_certificate(first, *responder) != errc::ok) return errc::ocsp_responder_malformed;
    if (!equal(responder->spki, issuer.spki)) {
      const std::size_t least = question_.context.rules.min_rsa_bits;
      // spec: X-028
      if (check_key_strength(responder->key, least) != errc::ok) return errc::ocsp_responder_key;
      const errc code = verify_text(response.tbs, response.signed_with, response.signature,
                                    responder->key, errc::ocsp_signature);
      if (code == errc::ok) return verify_responder(*responder);
      // What the issuer signs may have a certificate with it, too.
      if (code != errc::ocsp_signature) return code;
    }
  }
  return verify_text(response.tbs, response.signed_with, response.signature, issuer.key,
                     errc::ocsp_signature);
}

/// Whether the extensions of a responder's certificate can be obeyed, and whether one of them says
/// that nobody need ask about it.
[[nodiscard]] inline errc check_responder_extensions(const certificate& responder,
                                                     bool& is_exempt) noexcept {
  is_exempt = false;
  extension_reader reader{responder};
  extension found;
  while (reader.next(found)) {
    if (is_ocsp_nocheck(found)) {
      is_exempt = true;
      continue;
    }
    switch (find_known(found.id)) {
      case known::basic_constraints:
      case known::key_usage:
      case known::ext_key_usage:
      case known::subject_alt_name:
      case known::crl_distribution_points: break;
      default:
        if (found.critical) return errc::ocsp_responder_extension;  // spec: R-032
    }
  }
  return errc::ok;
}

/// Whether the issuer has `responder` answer in its place, now. // spec: R-032
inline errc responder_check::verify_responder(const certificate& responder) noexcept {
  const certificate& issuer = question_.issuer;
  if (!equal(responder.issuer, issuer.subject)) return errc::ocsp_responder_issuer;
  // Not any purpose: it must be this one by name.
  const bool may_sign =
      has_purpose(responder, oid::ocsp_signing) && check_signer_usage(responder, false) == errc::ok;
  if (!may_sign) return errc::ocsp_responder_purpose;
  bool is_exempt = false;
  NV2_TRY(check_responder_extensions(responder, is_exempt));
  // A certificate that has expired is worth as much as a response that has. // spec: R-032
  freshness period = freshness::none;
  NV2_TRY(check_freshness(responder.not_before, true, responder.not_after,
                          question_.context.rules.time, data_, errc::ocsp_responder_time,
                          errc::ocsp_responder_time, period));
  if (period > fresh_) fresh_ = period;
  NV2_TRY(verify_text(responder.tbs, responder.signed_with, responder.signature, issuer.key,
                      errc::ocsp_responder_issuer));
  return is_exempt ? errc::ok : check_not_revoked(responder);
}

/// Whether a list says that the responder's certificate was not revoked. That it names no place of
/// lists does not excuse it: it would have to say that nobody need ask. // spec: R-033
inline errc responder_check::check_not_revoked(const certificate& responder) noexcept {
  revocation_question question{responder, question_.issuer, question_.context};
  revocation_answer answer;
  const errc code = list_check{data_, question, answer}.run();
  if (code == errc::certificate_revoked) return errc::ocsp_responder_revoked;
  if (code != errc::ok) return is_lack(code) ? code : errc::ocsp_responder_unchecked;
  if (answer.fresh > fresh_) fresh_ = answer.fresh;
  return errc::ok;
}

inline errc responder_check::verify_text(bytes text, signature_algorithm algorithm, bytes signature,
                                         const public_key& key, errc mismatch) noexcept {
  if (algorithm.scheme == signature_scheme::none) return errc::ocsp_algorithm;  // spec: X-011
  signer_context& context = question_.context;
  std::uint16_t& budget = context.rules.max_signature_checks;
  if (budget == 0) return errc::signature_budget;  // spec: G-003
  --budget;
  const errc code = verify_signed(text, algorithm, signature, key, context.crypto, context.memory);
  switch (code) {
    case errc::ok:
    case errc::workspace_exhausted:
    case errc::crypto_failure: return code;
    case errc::crypto_unsupported: return errc::ocsp_algorithm;
    default: return mismatch;  // spec: R-032
  }
}

}  // namespace detail

NV2_NAMESPACE_END

#endif  // NV2_TRUST_RESPONDER_HPP
