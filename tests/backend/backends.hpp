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

namespace nv2_test {

#if NV2_TEST_WOLFCRYPT
/// nv2::wolfcrypt_crypto, from a file of its own: its headers do not go with those of OpenSSL.
extern const nv2::crypto_backend wolfcrypt_backend;
#endif

inline constexpr std::array<const nv2::crypto_backend*, NV2_TEST_MBEDTLS + NV2_TEST_OPENSSL +
                                                            2 * NV2_TEST_BEARSSL +
                                                            NV2_TEST_WOLFCRYPT>
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
};

/// Whether the library of `crypto` allocates memory.
inline bool uses_heap(const nv2::crypto_backend& crypto) {
  return std::string_view{crypto.name}.substr(0, 7) != "bearssl";
}

}  // namespace nv2_test

#endif  // NV2_TEST_BACKEND_BACKENDS_HPP
