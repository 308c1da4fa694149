// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Certificate signatures by real keys, of every kind, with every backend that is there.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <nv2/x509/chain.hpp>

#if NV2_TEST_OPENSSL
#include <nv2/crypto/openssl.hpp>

#include "support/openssl_key.hpp"
#if NV2_TEST_MBEDTLS
#include <nv2/crypto/mbedtls.hpp>
#endif

using nv2::errc;
using nv2::hash_algorithm;
using nv2::signature_scheme;
using nv2_test::as_bytes;
using nv2_test::octets;
using nv2_test::test_key;

namespace {

const std::vector<const nv2::crypto_backend*> backends = {
    &nv2::openssl_crypto,
#if NV2_TEST_MBEDTLS
    &nv2::mbedtls_crypto,
#endif
};

struct real_key {
  const char* name;
  test_key key;
  bool is_rsa;
};

const std::vector<real_key>& real_keys() {
  static const std::vector<real_key> keys = {
      {"RSA-2048", nv2_test::openssl_rsa_key(2048), true},
      {"RSA-3072", nv2_test::openssl_rsa_key(3072), true},
      {"P-256", nv2_test::openssl_ec_key("P-256"), false},
      {"P-384", nv2_test::openssl_ec_key("P-384"), false},
      {"P-521", nv2_test::openssl_ec_key("P-521"), false},
  };
  return keys;
}

std::vector<signature_scheme> schemes_of(const real_key& key) {
  if (!key.is_rsa) return {signature_scheme::ecdsa};
  return {signature_scheme::rsa_pkcs1, signature_scheme::rsa_pss};
}

octets signed_by(const test_key& key, nv2::signature_algorithm algorithm, bool broken = false) {
  nv2_test::certificate_plan plan;
  plan.subject = "signer";
  plan.issuer = "R";
  plan.key = plan.signer = &key;
  plan.algorithm = algorithm;
  plan.break_signature = broken;
  return make_certificate(plan);
}

errc link(const octets& child, const test_key& issuer, const nv2::crypto_backend& crypto) {
  nv2::certificate parsed;
  nv2::public_key key;
  REQUIRE(nv2::parse_certificate(as_bytes(child), parsed) == errc::ok);
  REQUIRE(nv2::parse_public_key(as_bytes(issuer.spki), key) == errc::ok);
  nv2::static_workspace<1024> memory;
  const errc code = nv2::verify_link(parsed, key, crypto, memory);
  CHECK(memory.mark() == 0);
  return code;
}

}  // namespace

TEST_CASE(
    "N-084 X-011 each key makes certificate signatures with each SHA-2 and each of its schemes") {
  for (const real_key& key : real_keys()) {
    for (const signature_scheme scheme : schemes_of(key)) {
      for (const hash_algorithm hash :
           {hash_algorithm::sha256, hash_algorithm::sha384, hash_algorithm::sha512}) {
        const octets good = signed_by(key.key, {scheme, hash});
        const octets broken = signed_by(key.key, {scheme, hash}, true);
        for (const nv2::crypto_backend* crypto : backends) {
          CAPTURE(std::string{crypto->name});
          CAPTURE(std::string{key.name});
          CAPTURE(static_cast<int>(scheme));
          CAPTURE(static_cast<int>(hash));
          CHECK(link(good, key.key, *crypto) == errc::ok);
          CHECK(link(broken, key.key, *crypto) == errc::link_signature);
        }
      }
    }
  }
}

TEST_CASE("X-011 a real RSASSA-PSS signature whose hashes are named without NULL") {
  using nv2_test::der;
  using nv2_test::sequence;
  const real_key& key = real_keys()[0];
  REQUIRE(key.is_rsa);
  const octets hash = sequence({der(0x06, {0x60, 0x86, 0x48, 0x01, 0x65, 3, 4, 2, 1})});
  const octets mask =
      sequence({der(0x06, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x08}), hash});
  nv2_test::certificate_plan plan;
  plan.subject = plan.issuer = "R";
  plan.key = plan.signer = &key.key;
  plan.algorithm = {signature_scheme::rsa_pss, hash_algorithm::sha256};
  plan.algorithm_der = sequence(
      {der(0x06, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A}),
       sequence({der(0xA0, hash), der(0xA1, mask), der(0xA2, nv2_test::der_unsigned({32}))})});
  const octets good = make_certificate(plan);
  plan.break_signature = true;
  const octets broken = make_certificate(plan);
  for (const nv2::crypto_backend* crypto : backends) {
    CAPTURE(std::string{crypto->name});
    CHECK(link(good, key.key, *crypto) == errc::ok);
    CHECK(link(broken, key.key, *crypto) == errc::link_signature);
  }
}

TEST_CASE("N-084 no key passes for another") {
  for (const real_key& maker : real_keys()) {
    const octets child = signed_by(maker.key, {schemes_of(maker)[0], hash_algorithm::sha256});
    for (const real_key& other : real_keys()) {
      for (const nv2::crypto_backend* crypto : backends) {
        const errc expected = &maker == &other ? errc::ok : errc::link_signature;
        CHECK(link(child, other.key, *crypto) == expected);
      }
    }
  }
}

TEST_CASE("N-084 a certificate changed in any byte of what is signed has no issuer") {
  const test_key& key = real_keys()[2].key;
  const octets good = signed_by(key, {signature_scheme::ecdsa, hash_algorithm::sha256});
  nv2::certificate whole;
  REQUIRE(nv2::parse_certificate(as_bytes(good), whole) == errc::ok);
  const auto first = static_cast<std::size_t>(whole.tbs.data() - good.data());
  for (std::size_t i = first; i < first + whole.tbs.size(); ++i) {
    octets changed = good;
    changed[i] = static_cast<std::uint8_t>(changed[i] ^ 1U);
    nv2::certificate parsed;
    if (nv2::parse_certificate(as_bytes(changed), parsed) != errc::ok) continue;
    nv2::static_workspace<1024> memory;
    CAPTURE(i);
    CHECK(nv2::verify_link(parsed, whole.key, nv2::openssl_crypto, memory) != errc::ok);
  }
}

TEST_CASE("X-001 ECDSA signatures must be two positive integers in DER, no wider than the curve") {
  const auto decode = [](const octets& der, octets& raw) {
    nv2::static_workspace<256> memory;
    nv2::bytes out;
    const errc code =
        nv2::decode_ecdsa_signature(as_bytes(der), nv2::key_kind::ec_p256, memory, out);
    raw.assign(out.begin(), out.end());
    return code;
  };
  using nv2_test::der;
  using nv2_test::sequence;
  const octets one = der(0x02, {1});
  const octets wide = nv2_test::der_unsigned(octets(32, 0xFF));
  octets raw;
  CHECK(decode(sequence({one, wide}), raw) == errc::ok);
  octets expected(31, 0);
  expected.push_back(1);
  expected.resize(64, 0xFF);
  CHECK(raw == expected);

  const octets bad[] = {
      {},
      sequence({}),
      sequence({one}),
      sequence({one, one, one}),
      sequence({one, der(0x02, {})}),
      sequence({one, der(0x02, {0})}),
      sequence({der(0x02, {0}), one}),
      sequence({one, der(0x02, {0x80})}),
      sequence({one, der(0x02, {0, 1})}),
      sequence({one, der(0x02, octets(33, 1))}),
      sequence({one, der(0x04, {1})}),
      der(0x31, nv2_test::join({one, one})),
      nv2_test::join({sequence({one, one}), {0}}),
      {0x30, 0x80, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0, 0},
      {0x30, 0x81, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01},
      octets(64, 1),
  };
  for (const octets& der_bytes : bad) CHECK(decode(der_bytes, raw) == errc::signature_encoding);

  nv2::static_workspace<63> small;
  nv2::bytes out;
  const octets good = sequence({one, one});
  CHECK(nv2::decode_ecdsa_signature(as_bytes(good), nv2::key_kind::ec_p256, small, out) ==
        errc::workspace_exhausted);
}

#endif
