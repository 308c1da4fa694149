// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 of mbedTLS, 2.28 and 3.x, alone: sha256.c is all that is linked.
// Does: be the hash of a backend that has none of its own, such as p256m_crypto.
// Does not: offer SHA-384 or SHA-512; what is hashed with them is refused with crypto_failure.
// The caller must: link a libmbedcrypto of the configuration that this header sees.
#ifndef NV2_CRYPTO_MBEDTLS_SHA256_HPP
#define NV2_CRYPTO_MBEDTLS_SHA256_HPP

#include <mbedtls/sha256.h>
#include <mbedtls/version.h>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/crypto/algorithm.hpp>

// 2.x has the functions with a result under another name.
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
#define NV2_DETAIL_MBEDTLS_HASH(function) function
#else
#define NV2_DETAIL_MBEDTLS_HASH(function) function##_ret
#endif

NV2_NAMESPACE_BEGIN

/// The hash functions of a backend, over mbedtls_sha256_*. Hash state: one context, 108 bytes unless
/// hardware needs more.
struct mbedtls_sha256_only {
  using hash_state = mbedtls_sha256_context;

  static bool hash_begin(hash_state& state, hash_algorithm hash) noexcept {
    if (hash != hash_algorithm::sha256) return false;
    mbedtls_sha256_init(&state);
    const bool begun = NV2_DETAIL_MBEDTLS_HASH(mbedtls_sha256_starts)(&state, 0) == 0;
    if (!begun) mbedtls_sha256_free(&state);
    return begun;
  }
  static bool hash_update(hash_state& state, bytes data) noexcept {
    return NV2_DETAIL_MBEDTLS_HASH(mbedtls_sha256_update)(&state, data.data(), data.size()) == 0;
  }
  static bool hash_end(hash_state& state, mutable_bytes digest) noexcept {
    const bool ended = NV2_DETAIL_MBEDTLS_HASH(mbedtls_sha256_finish)(&state, digest.data()) == 0;
    mbedtls_sha256_free(&state);
    return ended;
  }
};

NV2_NAMESPACE_END

#undef NV2_DETAIL_MBEDTLS_HASH

#endif  // NV2_CRYPTO_MBEDTLS_SHA256_HPP
