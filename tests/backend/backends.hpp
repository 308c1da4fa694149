// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The backends that the suite runs on; each macro is 0 or 1. A new backend is a macro more.
#ifndef NV2_TEST_BACKEND_BACKENDS_HPP
#define NV2_TEST_BACKEND_BACKENDS_HPP

#ifndef NV2_TEST_MBEDTLS
#define NV2_TEST_MBEDTLS 1
#endif
#ifndef NV2_TEST_OPENSSL
#define NV2_TEST_OPENSSL 1
#endif
#ifndef NV2_TEST_BEARSSL
#define NV2_TEST_BEARSSL 0
#endif
#ifndef NV2_TEST_WOLFCRYPT
#define NV2_TEST_WOLFCRYPT 0
#endif
#ifndef NV2_TEST_PSA
#define NV2_TEST_PSA 0
#endif
#ifndef NV2_TEST_P256M
#define NV2_TEST_P256M 0
#endif

#include <array>
#include <string_view>

#include <nv2/crypto/backend.hpp>
#if NV2_TEST_MBEDTLS
#include <nv2/crypto/mbedtls.hpp>
#endif
#if NV2_TEST_OPENSSL
#include <nv2/crypto/openssl.hpp>
#endif
#if NV2_TEST_BEARSSL
#include <nv2/crypto/bearssl.hpp>
#endif
#if NV2_TEST_PSA
#include <nv2/crypto/psa.hpp>
#endif
#if NV2_TEST_P256M
#include <nv2/crypto/mbedtls_sha256.hpp>
#include <nv2/crypto/p256m.hpp>
#endif

namespace nv2_test {

#if NV2_TEST_WOLFCRYPT
/// nv2::wolfcrypt_crypto, from a file of its own: its headers do not go with those of OpenSSL.
extern const nv2::crypto_backend wolfcrypt_backend;
#endif

#if NV2_TEST_PSA
/// What the caller of psa_crypto has to do.
inline const bool psa_is_ready = psa_crypto_init() == PSA_SUCCESS;
#endif

/// The backends that offer every scheme.
inline constexpr std::array<const nv2::crypto_backend*, NV2_TEST_MBEDTLS + NV2_TEST_OPENSSL +
                                                            2 * NV2_TEST_BEARSSL +
                                                            NV2_TEST_WOLFCRYPT + NV2_TEST_PSA>
    real_backends = {
#if NV2_TEST_MBEDTLS
        &nv2::mbedtls_crypto,
#endif
#if NV2_TEST_OPENSSL
        &nv2::openssl_crypto,
#endif
#if NV2_TEST_BEARSSL
        &nv2::bearssl_crypto, &nv2::bearssl_small_crypto,
#endif
#if NV2_TEST_WOLFCRYPT
        &wolfcrypt_backend,
#endif
#if NV2_TEST_PSA
        &nv2::psa_crypto,
#endif
};

/// A backend that offers less, and another one that was cut down to the same by the test: the two
/// must give the same answer to everything.
struct partial_backend {
  const nv2::crypto_backend* tested;
  const nv2::crypto_backend* reference;
};

#if NV2_TEST_P256M
/// The first backend without RSA, other curves, and other hashes than SHA-256.
constexpr nv2::crypto_backend p256_only() {
  nv2::crypto_backend table = *real_backends[0];
  table.name = "p256 only";
  table.verify_rsa_pkcs1 = nullptr;
  table.verify_rsa_pss = nullptr;
  table.hash_begin = [](void* state, nv2::hash_algorithm hash) noexcept {
    return hash == nv2::hash_algorithm::sha256 && real_backends[0]->hash_begin(state, hash);
  };
  table.verify_ecdsa = [](const nv2::public_key& key, nv2::hash_algorithm hash, nv2::bytes digest,
                          nv2::bytes signature) noexcept {
    if (key.kind != nv2::key_kind::ec_p256) return nv2::errc::crypto_unsupported;
    return real_backends[0]->verify_ecdsa(key, hash, digest, signature);
  };
  return table;
}
inline constexpr nv2::crypto_backend p256_reference = p256_only();
inline constexpr const nv2::crypto_backend& p256m_backend =
    nv2::p256m_crypto<nv2::mbedtls_sha256_only>;
#endif

inline constexpr std::array<partial_backend, NV2_TEST_P256M> partial_backends = {
#if NV2_TEST_P256M
    partial_backend{&p256m_backend, &p256_reference},
#endif
};

/// Whether `crypto` takes keys of this size. mbedTLS imports no others into its PSA key store.
inline bool takes(const nv2::crypto_backend& crypto, const nv2::public_key& key) {
  return std::string_view{crypto.name} != "psa" || nv2::rsa_bits(key) % 8 == 0;
}

/// Whether the library of `crypto` allocates memory.
inline bool uses_heap(const nv2::crypto_backend& crypto) {
  return std::string_view{crypto.name}.substr(0, 7) != "bearssl";
}

}  // namespace nv2_test

#endif  // NV2_TEST_BACKEND_BACKENDS_HPP
