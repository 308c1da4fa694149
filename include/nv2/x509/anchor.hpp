// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What is trusted before anything is verified.
// Does: name a certificate and what it is trusted for.
// Does not: parse, copy or judge it.
// The caller must: keep the DER alive, and let nobody write to it; it is where all trust starts.
#ifndef NV2_X509_ANCHOR_HPP
#define NV2_X509_ANCHOR_HPP

#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>

NV2_NAMESPACE_BEGIN

/// What a trusted certificate is trusted for.
enum class anchor_role : std::uint8_t {
  /// May issue signer certificates.
  ca,
  /// As ca, for signers whose service vouches for the signing time.
  signing_authority,
  /// May issue certificates of timestamp services.
  tsa,
  /// Prototype: is itself a signer, found by its key identifier, and an anchor too. // spec: N-083
  signer
};

/// When whoever trusts timestamp services asks for a timestamp: always, or only when a certificate of
/// the chain has expired. // spec: W-060
enum class timestamp_rule : std::uint8_t { always, after_cert_expiry };

/// A trusted certificate: one DER certificate, which may stay in flash, and its role.
struct trust_anchor {
  bytes der;
  anchor_role role = anchor_role::ca;
};

NV2_NAMESPACE_END

#endif  // NV2_X509_ANCHOR_HPP
