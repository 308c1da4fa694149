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

#include <array>

#include <nv2/crypto/backend.hpp>
#if NV2_TEST_MBEDTLS
#include <nv2/crypto/mbedtls.hpp>
#endif
#if NV2_TEST_OPENSSL
#include <nv2/crypto/openssl.hpp>
#endif

namespace nv2_test {

inline constexpr std::array<const nv2::crypto_backend*, NV2_TEST_MBEDTLS + NV2_TEST_OPENSSL>
    real_backends = {
#if NV2_TEST_MBEDTLS
        &nv2::mbedtls_crypto,
#endif
#if NV2_TEST_OPENSSL
        &nv2::openssl_crypto,
#endif
};

}  // namespace nv2_test

#endif  // NV2_TEST_BACKEND_BACKENDS_HPP
