// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "backends.hpp"

#include <stdexcept>

#include "suite.hpp"

#if NV2_TEST_MBEDTLS
#include <nv2/crypto/mbedtls.hpp>
#endif
#if NV2_TEST_OPENSSL
#include <nv2/crypto/openssl.hpp>
#endif

namespace nv2_conformance {

const std::vector<const nv2::crypto_backend*>& backends() {
  static const std::vector<const nv2::crypto_backend*> all = {
#if NV2_TEST_MBEDTLS
    &nv2::mbedtls_crypto,
#endif
#if NV2_TEST_OPENSSL
    &nv2::openssl_crypto,
#endif
  };
  if (all.empty()) throw std::runtime_error("no crypto backend was compiled in");
  return all;
}

nv2::errc hash(const nv2::crypto_backend& crypto, nv2::hash_algorithm algorithm, nv2::bytes data,
               nv2::digest_value& digest) {
  nv2::static_workspace<1024> memory;
  nv2::hasher state(crypto, memory, algorithm);
  state.update(data);
  return state.finish(digest);
}

std::string sha256_hex(nv2::bytes data) {
  nv2::digest_value digest;
  if (hash(*backends().front(), nv2::hash_algorithm::sha256, data, digest) != nv2::errc::ok) {
    throw std::runtime_error("the crypto backend cannot hash");
  }
  return to_hex(digest.view());
}

}  // namespace nv2_conformance
