// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Timestamp tokens by real keys, of every kind, with every backend that is there.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <nv2/trust/timestamp.hpp>

#if NV2_TEST_OPENSSL
#include <nv2/crypto/openssl.hpp>

#include "support/openssl_key.hpp"
#include "support/timestamp_builder.hpp"
#if NV2_TEST_MBEDTLS
#include <nv2/crypto/mbedtls.hpp>
#endif

namespace b = nv2_test::build;

using nv2::errc;
using nv2::hash_algorithm;
using nv2::signature_scheme;
using nv2_test::octets;
using nv2_test::stamp_world;
using nv2_test::test_key;

namespace {

const std::vector<const nv2::crypto_backend*> backends = {
    &nv2::openssl_crypto,
#if NV2_TEST_MBEDTLS
    &nv2::mbedtls_crypto,
#endif
};

const test_key& rsa_key() {
  static const test_key key = nv2_test::openssl_rsa_key(2048);
  return key;
}

/// A token by `key`, whose certificate an EC root signed.
errc judge(const nv2::crypto_backend& crypto, const test_key& key,
           nv2::signature_algorithm algorithm, const octets& identifier = {}, bool broken = false) {
  static const test_key root = nv2_test::openssl_ec_key("P-256");
  stamp_world world;
  world.crypto = &crypto;
  world.root_key = root;
  world.service_key = key;
  world.stamp.algorithm = algorithm;
  world.stamp.signature_algorithm = identifier;
  world.stamp.break_signature = broken;
  return world.verify();
}

/// The same with a good signature and with a broken one, by all backends.
void check_both(const test_key& key, nv2::signature_algorithm algorithm,
                const octets& identifier = {}) {
  for (const nv2::crypto_backend* crypto : backends) {
    CAPTURE(std::string(crypto->name));
    CHECK(judge(*crypto, key, algorithm, identifier) == errc::ok);
    CHECK(judge(*crypto, key, algorithm, identifier, true) == errc::timestamp_signature);
  }
}

constexpr hash_algorithm all_hashes[] = {hash_algorithm::sha256, hash_algorithm::sha384,
                                         hash_algorithm::sha512};

}  // namespace

TEST_CASE("T-027 RSA keys sign by PKCS#1, with the hash named once or twice, and by PSS (TV-05)") {
  for (const hash_algorithm hash : all_hashes) {
    check_both(rsa_key(), {signature_scheme::rsa_pkcs1, hash});
    check_both(rsa_key(), {signature_scheme::rsa_pkcs1, hash},
               b::seq({b::oid("1.2.840.113549.1.1.1"), b::null()}));
    check_both(rsa_key(), {signature_scheme::rsa_pkcs1, hash},
               b::seq({b::oid("1.2.840.113549.1.1.1")}));
    check_both(rsa_key(), {signature_scheme::rsa_pss, hash});
  }
  // PSS whose parameters say nothing, which is SHA-1, and one scheme under the name of the other.
  const nv2::signature_algorithm pss{signature_scheme::rsa_pss, hash_algorithm::sha256};
  const octets bare = b::seq({b::oid("1.2.840.113549.1.1.10"), b::seq({})});
  for (const nv2::crypto_backend* crypto : backends) {
    CHECK(judge(*crypto, rsa_key(), pss, bare) == errc::timestamp_algorithm);
    CHECK(judge(*crypto, rsa_key(), pss, b::sha256_with_rsa()) == errc::timestamp_signature);
  }
}

TEST_CASE("T-027 EC keys sign with each hash (TV-12)") {
  for (const char* curve : {"P-256", "P-384", "P-521"}) {
    const test_key key = nv2_test::openssl_ec_key(curve);
    for (const hash_algorithm hash : all_hashes) {
      CAPTURE(curve);
      check_both(key, {signature_scheme::ecdsa, hash});
    }
  }
}
#endif
