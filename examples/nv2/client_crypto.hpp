// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The crypto library of the client.
#ifndef NV2_CLIENT_CLIENT_CRYPTO_HPP
#define NV2_CLIENT_CLIENT_CRYPTO_HPP

#include <nv2/crypto/openssl.hpp>

namespace client {

inline constexpr const nv2::crypto_backend& client_crypto = nv2::openssl_crypto;

}  // namespace client

#endif  // NV2_CLIENT_CLIENT_CRYPTO_HPP
