// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Owners for the objects of OpenSSL.
#ifndef NV2_CLIENT_OPENSSL_HANDLE_HPP
#define NV2_CLIENT_OPENSSL_HANDLE_HPP

#include <memory>

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace client {

template <auto Release>
struct releaser {
  template <typename T>
  void operator()(T* object) const noexcept {
    Release(object);
  }
};

using bio_handle = std::unique_ptr<BIO, releaser<BIO_free_all>>;
using bignum_handle = std::unique_ptr<BIGNUM, releaser<BN_free>>;
using key_handle = std::unique_ptr<EVP_PKEY, releaser<EVP_PKEY_free>>;
using digest_handle = std::unique_ptr<EVP_MD_CTX, releaser<EVP_MD_CTX_free>>;
using ecdsa_handle = std::unique_ptr<ECDSA_SIG, releaser<ECDSA_SIG_free>>;
using x509_handle = std::unique_ptr<X509, releaser<X509_free>>;
using names_handle = std::unique_ptr<GENERAL_NAMES, releaser<GENERAL_NAMES_free>>;
using purposes_handle = std::unique_ptr<EXTENDED_KEY_USAGE, releaser<EXTENDED_KEY_USAGE_free>>;

}  // namespace client

#endif  // NV2_CLIENT_OPENSSL_HANDLE_HPP
