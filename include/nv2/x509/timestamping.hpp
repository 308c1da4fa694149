// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What certificates of timestamp services must be (RFC 3161 section 2.3, and the Notary Project).
// Does: judge one certificate by its place in the chain.
// Does not: verify a timestamp, or find the chain of a service.
#ifndef NV2_X509_TIMESTAMPING_HPP
#define NV2_X509_TIMESTAMPING_HPP

#include <cstddef>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/code_signing.hpp>

NV2_NAMESPACE_BEGIN

/// Whether timeStamping is the one purpose of the certificate, and critical. // spec: X-061
//
//   ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER
[[nodiscard]] inline errc check_timestamping_purpose(const certificate& leaf) noexcept {
  der_reader reader{leaf.ext_key_usage};
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  const bool is_wanted = equal(reader.read(der_tag::oid), oid::time_stamping);
  reader.leave(end);
  const bool is_all = reader.finish() == errc::ok && leaf.ext_key_usage_critical;
  return is_wanted && is_all ? errc::ok : errc::timestamp_purpose;
}

/// What the certificate of the service itself must be. Its key usage need not be critical, but must be
/// there, which RFC 3161 does not ask for. Errors: timestamp_leaf, timestamp_purpose.
[[nodiscard]] inline errc check_timestamping_leaf(const certificate& leaf) noexcept {
  const std::size_t bits = rsa_bits(leaf.key);
  const bool good_key = is_ec(leaf.key.kind) || bits == 2048 || bits == 3072 || bits == 4096;
  if (leaf.is_ca || !only_signs(leaf) || !good_key) return errc::timestamp_leaf;  // spec: X-060
  return check_timestamping_purpose(leaf);                                        // spec: X-061
}

/// What an issuer of the service must be, with `between` certificates between it and the service,
/// the self-issued ones included. Its key usage need not be critical. Errors: timestamp_ca.
[[nodiscard]] inline errc check_timestamping_ca(const certificate& ca, int between) noexcept {
  const bool is_authority = ca.is_ca && ca.basic_constraints_critical;
  const bool may_sign = (ca.key_usage & key_usage::cert_sign) != 0;
  const bool exceeded = ca.path_length >= 0 && between > ca.path_length;
  return is_authority && may_sign && !exceeded ? errc::ok : errc::timestamp_ca;  // spec: X-062
}

NV2_NAMESPACE_END

#endif  // NV2_X509_TIMESTAMPING_HPP
