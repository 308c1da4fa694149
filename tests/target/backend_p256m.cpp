// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <nv2/crypto/mbedtls_sha256.hpp>
#include <nv2/crypto/p256m.hpp>

#include "backend.hpp"

const nv2::crypto_backend& target_crypto = nv2::p256m_crypto<nv2::mbedtls_sha256_only>;
void target_clear_heap() noexcept {}
std::size_t target_used_heap() noexcept { return 0; }
