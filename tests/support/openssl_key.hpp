// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Real key pairs for certificates made to order, from OpenSSL 3. New ones in every run.
#ifndef NV2_TEST_OPENSSL_KEY_HPP
#define NV2_TEST_OPENSSL_KEY_HPP

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

#include "test_pki.hpp"

namespace nv2_test {

inline const EVP_MD* openssl_digest(nv2::hash_algorithm hash) {
  switch (hash) {
    case nv2::hash_algorithm::sha384: return EVP_sha384();
    case nv2::hash_algorithm::sha512: return EVP_sha512();
    default: return EVP_sha256();
  }
}

inline octets openssl_signature(EVP_PKEY* key, nv2::signature_algorithm algorithm,
                                nv2::bytes message) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free};
  EVP_PKEY_CTX* padding = nullptr;
  bool good = EVP_DigestSignInit(context.get(), &padding, openssl_digest(algorithm.hash), nullptr,
                                 key) == 1;
  if (algorithm.scheme == nv2::signature_scheme::rsa_pss) {
    good = good && EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, RSA_PSS_SALTLEN_DIGEST) == 1;
  }
  std::size_t size = 0;
  good = good && EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1;
  octets signature(size, 0);
  good = good && EVP_DigestSign(context.get(), signature.data(), &size, message.data(),
                                message.size()) == 1;
  if (!good) throw std::runtime_error{"OpenSSL cannot sign"};
  signature.resize(size);
  return signature;
}

inline test_key openssl_key(EVP_PKEY* made) {
  const std::shared_ptr<EVP_PKEY> key{made, &EVP_PKEY_free};
  unsigned char* spki = nullptr;
  const int size = key ? i2d_PUBKEY(key.get(), &spki) : -1;
  if (size < 0) throw std::runtime_error{"OpenSSL cannot make a key"};
  const octets der{spki, spki + size};
  OPENSSL_free(spki);
  return {der, [key](nv2::signature_algorithm algorithm, nv2::bytes message) {
            return openssl_signature(key.get(), algorithm, message);
          }};
}

/// A new key on a named curve of OpenSSL, such as "P-256".
inline test_key openssl_ec_key(const char* curve) {
  return openssl_key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve));
}
/// A new RSA key.
inline test_key openssl_rsa_key(std::size_t bits) {
  return openssl_key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits));
}

}  // namespace nv2_test

#endif  // NV2_TEST_OPENSSL_KEY_HPP
