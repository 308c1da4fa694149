// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The crypto library of the client.
#ifndef NV2_CLIENT_CLIENT_CRYPTO_HPP
#define NV2_CLIENT_CLIENT_CRYPTO_HPP

#include <array>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/crypto/mbedtls.hpp>

namespace client {

inline constexpr const nv2::crypto_backend& client_crypto = nv2::mbedtls_crypto;

using sha256_value = std::array<std::uint8_t, 32>;
sha256_value sha256_of(nv2::bytes data);

}  // namespace client

#endif  // NV2_CLIENT_CLIENT_CRYPTO_HPP
