// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Rules about one certificate, each a function of its own.
// Does: answer one question per function, from parsed fields; profiles are lists of these calls.
// Does not: verify signatures, or look at any other certificate.
#ifndef NV2_X509_CHECKS_HPP
#define NV2_X509_CHECKS_HPP

#include <cstddef>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/x509/certificate.hpp>

NV2_NAMESPACE_BEGIN

/// The largest RSA key that is used; more would only cost time. // spec: G-003
constexpr std::size_t max_rsa_bits = 8192;

/// Subject and issuer are the same name; says nothing about who signed.
inline bool is_self_issued(const certificate& subject) noexcept {
  return equal(subject.subject, subject.issuer);
}

/// Whether the present lies in the validity period, both ends included. // spec: N-085 X-006
///
/// | time_basis      | before notBefore | in the period | after notAfter |
/// |-----------------|------------------|---------------|----------------|
/// | at(t)           | not yet valid    | ok            | expired        |
/// | not_before(t)   | time_unknown     | time_unknown  | expired        |
/// | unknown()       | time_unknown     | time_unknown  | time_unknown   |
///
/// A lower bound never proves that a certificate has not expired; it can only refute it.
[[nodiscard]] inline errc check_validity(const certificate& subject,
                                         const time_basis& time) noexcept {
  const time_order end = time.relative_to(subject.not_after + 1);
  if (end == time_order::not_before) return errc::certificate_expired;  // spec: N-085
  const time_order start = time.relative_to(subject.not_before);
  if (start == time_order::before) return errc::certificate_not_yet_valid;  // spec: N-085
  const bool known = start == time_order::not_before && end == time_order::before;
  return known ? errc::ok : errc::time_unknown;  // spec: G-001
}

/// Refuses critical extensions that nothing here understands, and name constraints of any kind:
/// they are not implemented, and RFC 5280 section 4.2.1.10 wants them obeyed even when not
/// critical.
/// // spec: N-087
[[nodiscard]] inline errc check_critical_extensions(const certificate& subject) noexcept {
  const bool constrained = subject.name_constraints.data() != nullptr;  // an empty value counts too
  return subject.has_unknown_critical || constrained ? errc::critical_extension : errc::ok;
}

/// Whether the key is of a supported kind and, for RSA, from `min_rsa_bits` to max_rsa_bits long.
[[nodiscard]] inline errc check_key_strength(const public_key& key,
                                             std::size_t min_rsa_bits) noexcept {
  if (key.kind == key_kind::unsupported) return errc::key_unsupported;  // spec: N-053
  if (key.kind != key_kind::rsa) return errc::ok;
  const std::size_t bits = rsa_bits(key);
  if (bits < min_rsa_bits) return errc::key_too_small;          // spec: N-055
  return bits > max_rsa_bits ? errc::key_too_large : errc::ok;  // spec: G-003
}

/// Whether the certificate may issue others: cA, and keyCertSign unless it has no key usage at all.
/// // spec: N-086
[[nodiscard]] inline errc check_ca(const certificate& issuer) noexcept {
  if (!issuer.is_ca) return errc::issuer_not_ca;
  const bool may_sign = !issuer.has_key_usage || (issuer.key_usage & key_usage::cert_sign) != 0;
  return may_sign ? errc::ok : errc::issuer_key_usage;
}

/// Whether the certificate may issue at its place, `between` certificates above the signer. An
/// anchor of version 1 or 2 cannot say that it is a CA; trust in it says it. // spec: N-086
[[nodiscard]] inline errc check_authority(const certificate& issuer, int between,
                                          bool is_anchor) noexcept {
  if (!is_anchor || issuer.version == 3) NV2_TRY(check_ca(issuer));
  // spec: N-086 X-026
  const bool exceeded = issuer.path_length >= 0 && between > issuer.path_length;
  return exceeded ? errc::path_length_exceeded : errc::ok;
}

/// Whether the key usage lets the certificate sign artifacts. Without key usage it may, unless
/// `required`. // spec: N-091
[[nodiscard]] inline errc check_signer_usage(const certificate& signer, bool required) noexcept {
  if (!signer.has_key_usage) {
    return required ? errc::signer_key_usage_absent : errc::ok;  // spec: N-092
  }
  const bool may_sign = (signer.key_usage & key_usage::digital_signature) != 0;
  return may_sign ? errc::ok : errc::signer_key_usage;
}

/// Whether the extended key usage, if there is one, lists `wanted` (namespace oid) or
/// anyExtendedKeyUsage.
[[nodiscard]] inline errc check_purpose(const certificate& subject, bytes wanted) noexcept {
  if (!subject.has_ext_key_usage) return errc::ok;
  der_reader reader{subject.ext_key_usage};
  static_cast<void>(reader.enter(der_tag::sequence));
  while (reader.more()) {
    const bytes listed = reader.read(der_tag::oid);
    if (equal(listed, wanted) || equal(listed, oid::any_purpose)) return errc::ok;
  }
  return errc::signer_purpose;
}

/// Whether the signer may stand for a registry: the purpose serverAuth. // spec: N-120
[[nodiscard]] inline errc check_server_purpose(const certificate& signer) noexcept {
  return check_purpose(signer, oid::server_auth);
}

NV2_NAMESPACE_END

#endif  // NV2_X509_CHECKS_HPP
