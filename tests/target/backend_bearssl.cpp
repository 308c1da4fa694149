// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <nv2/crypto/bearssl.hpp>

#include "backend.hpp"

const nv2::crypto_backend& target_crypto = nv2::bearssl_small_crypto;
void target_clear_heap() noexcept {}
std::size_t target_used_heap() noexcept { return 0; }
