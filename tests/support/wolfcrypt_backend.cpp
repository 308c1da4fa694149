// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The backend over wolfCrypt, apart from OpenSSL, whose macros have names of wolfSSL.
#include <nv2/crypto/wolfcrypt.hpp>

namespace nv2_test {

extern const nv2::crypto_backend wolfcrypt_backend;
const nv2::crypto_backend wolfcrypt_backend = nv2::wolfcrypt_crypto;

}  // namespace nv2_test
