// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// One link of a chain: a certificate, or what is said of one, and the key that signed it.
// Does: check the signature, and say how long chains may be.
// Does not: look for an issuer, compare names, or judge what the issuer may do.
#ifndef NV2_X509_LINK_HPP
#define NV2_X509_LINK_HPP

#include <cstddef>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/crypto/ecdsa_der.hpp>
#include <nv2/x509/certificate.hpp>

NV2_NAMESPACE_BEGIN

/// How many certificates a chain may have, or a path without its anchor, and how many may be offered
/// for one.
constexpr std::size_t max_path_certificates = 10;  // spec: G-003

/// Checks that `issuer` signed `text`, a part of a certificate, a list or a response, with `signature`
/// in the form that these have. Costs a hash of the text and one signature check; the workspace is
/// given back.
/// Errors: signature_algorithm_weak (not one of X-011), link_signature, or of the backend.
[[nodiscard]] inline errc verify_signed(bytes text, signature_algorithm algorithm, bytes signature,
                                        const public_key& issuer, const crypto_backend& crypto,
                                        workspace& memory) noexcept {
  if (algorithm.scheme == signature_scheme::none) {
    return errc::signature_algorithm_weak;  // spec: N-089 X-011
  }
  const std::size_t mark = memory.mark();
  errc code = errc::workspace_exhausted;
  auto* const digest = static_cast<digest_value*>(
      memory.take(sizeof(digest_value), alignof(digest_value)));  // not on the stack
  if (digest != nullptr) {
    {
      hasher hash{crypto, memory, algorithm.hash};
      hash.update(text);
      code = hash.finish(*digest);
    }
    if (code == errc::ok && algorithm.scheme == signature_scheme::ecdsa && is_ec(issuer.kind)) {
      code = decode_ecdsa_signature(signature, issuer.kind, memory, signature);
    }
    if (code == errc::ok) {
      code = verify_signature(crypto, issuer, algorithm, digest->view(), signature);
    }
  }
  memory.rewind(mark);
  switch (code) {
    case errc::signature_mismatch:
    case errc::algorithm_key_mismatch:
    case errc::signature_length:
    case errc::signature_encoding: return errc::link_signature;  // spec: N-084
    default: return code;
  }
}

/// Checks that `issuer` signed `child`, see verify_signed().
[[nodiscard]] inline errc verify_link(const certificate& child, const public_key& issuer,
                                      const crypto_backend& crypto, workspace& memory) noexcept {
  return verify_signed(child.tbs, child.signed_with, child.signature, issuer, crypto, memory);
}

NV2_NAMESPACE_END

#endif  // NV2_X509_LINK_HPP
