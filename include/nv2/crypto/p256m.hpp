// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The crypto backend over p256-m: ECDSA on P-256 in 2.4 KB of Cortex-M4 code, without heap or state.
// Does: join p256-m, which has no hash, with a hash that the program names.
// Does not: offer RSA or another curve; those keys are refused with crypto_unsupported.
// The caller must: link p256-m - its own distribution, or 3rdparty/p256-m of mbedTLS 3.6 - and the hash.
#ifndef NV2_CRYPTO_P256M_HPP
#define NV2_CRYPTO_P256M_HPP

#include <cstddef>
#include <cstdint>

#include <p256-m.h>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>

NV2_NAMESPACE_BEGIN
namespace detail {

/// The functions behind p256m_crypto. A malformed key - a point off the curve - is refused with
/// key_malformed before the signature is looked at.
template <typename Hash>
struct p256m_adapter : Hash {
  static constexpr const char name[] = "p256-m";
  static constexpr verify_function verify_rsa_pkcs1 = nullptr;
  static constexpr verify_function verify_rsa_pss = nullptr;

  /// r and s must be in [1, n-1]; a high s is as good as a low one. // spec: N-052
  static errc verify_ecdsa(const public_key& key, hash_algorithm, bytes digest,
                           bytes signature) noexcept {
    if (key.kind != key_kind::ec_p256) return errc::crypto_unsupported;
    if (key.point.size() != 1 + 2 * coordinate_size(key_kind::ec_p256) || key.point[0] != 0x04) {
      return errc::key_malformed;  // spec: X-007
    }
    // p256-m would look at r and s first, and take X and Y without the 04 before them.
    const std::uint8_t* const point = key.point.data() + 1;
    if (p256_validate_pubkey(point) != P256_SUCCESS) return errc::key_malformed;  // spec: X-007
    switch (p256_ecdsa_verify(signature.data(), point, digest.data(), digest.size())) {
      case P256_SUCCESS: return errc::ok;
      case P256_INVALID_SIGNATURE: return errc::signature_mismatch;
      default: return errc::crypto_failure;
    }
  }
};

}  // namespace detail

/// p256-m as a backend, with `Hash` for SHA-256: mbedtls_sha256_only of nv2/crypto/mbedtls_sha256.hpp, or
/// a struct like it over what the device has. Of a backend that is
///
///   using hash_state = …;
///   static bool hash_begin(hash_state&, hash_algorithm) noexcept;  // false for what it lacks
///   static bool hash_update(hash_state&, bytes) noexcept;
///   static bool hash_end(hash_state&, mutable_bytes digest) noexcept;
///
/// Hash state: that of `Hash`. Verdicts on P-256 are those of every backend.
template <typename Hash>
inline constexpr crypto_backend p256m_crypto = make_backend<detail::p256m_adapter<Hash>>();

NV2_NAMESPACE_END

#endif  // NV2_CRYPTO_P256M_HPP
