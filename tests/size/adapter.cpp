// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A real backend in the place of backend.cpp; NV2_SIZE_<LIBRARY> says which. What is kept of this file is the adapter.
#if defined(NV2_SIZE_BEARSSL) || defined(NV2_SIZE_BEARSSL_SMALL)
#include <nv2/crypto/bearssl.hpp>
#elif defined(NV2_SIZE_P256M)
#include <nv2/crypto/mbedtls_sha256.hpp>
#include <nv2/crypto/p256m.hpp>
#elif defined(NV2_SIZE_MBEDTLS)
#include <nv2/crypto/mbedtls.hpp>
#elif defined(NV2_SIZE_PSA)
#include <nv2/crypto/psa.hpp>
#elif defined(NV2_SIZE_WOLFCRYPT)
#include <nv2/crypto/wolfcrypt.hpp>
#endif

extern const nv2::crypto_backend size_backend;

#if defined(NV2_SIZE_BEARSSL)
const nv2::crypto_backend size_backend = nv2::bearssl_crypto;
#elif defined(NV2_SIZE_BEARSSL_SMALL)
const nv2::crypto_backend size_backend = nv2::bearssl_small_crypto;
#elif defined(NV2_SIZE_P256M)
const nv2::crypto_backend size_backend = nv2::p256m_crypto<nv2::mbedtls_sha256_only>;
#elif defined(NV2_SIZE_MBEDTLS)
const nv2::crypto_backend size_backend = nv2::mbedtls_crypto;
#elif defined(NV2_SIZE_PSA)
const nv2::crypto_backend size_backend = nv2::psa_crypto;
#elif defined(NV2_SIZE_WOLFCRYPT)
const nv2::crypto_backend size_backend = nv2::wolfcrypt_crypto;
#endif
