// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Signatures by real keys over envelopes of both forms, of every algorithm, with every backend.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <nv2/envelope/notary_cose.hpp>
#include <nv2/envelope/notary_jws.hpp>

#include "support/exact.hpp"
#include "support/notary_builder.hpp"

#if NV2_TEST_OPENSSL
#include <nv2/crypto/ecdsa_der.hpp>
#include <nv2/crypto/openssl.hpp>

#include "support/openssl_key.hpp"
#if NV2_TEST_MBEDTLS
#include <nv2/crypto/mbedtls.hpp>
#endif
#endif

using nv2::errc;
using nv2::hash_algorithm;
using nv2::key_kind;
using nv2::signature_scheme;

namespace {

nv2::public_key rsa_key(const std::vector<std::uint8_t>& modulus) {
  nv2::public_key key;
  key.kind = key_kind::rsa;
  key.modulus = {modulus.data(), modulus.size()};
  return key;
}

std::vector<std::uint8_t> modulus_of(std::size_t bits) {
  std::vector<std::uint8_t> modulus((bits + 7) / 8, 0xFF);
  modulus[0] = static_cast<std::uint8_t>(0xFFU >> (modulus.size() * 8 - bits));
  return modulus;
}

}  // namespace

TEST_CASE("the key decides the algorithm: J-021 J-040 J-041 C-020 C-055") {
  const std::vector<nv2::signature_algorithm> all = {
      {signature_scheme::ecdsa, hash_algorithm::sha256},
      {signature_scheme::ecdsa, hash_algorithm::sha384},
      {signature_scheme::ecdsa, hash_algorithm::sha512},
      {signature_scheme::rsa_pss, hash_algorithm::sha256},
      {signature_scheme::rsa_pss, hash_algorithm::sha384},
      {signature_scheme::rsa_pss, hash_algorithm::sha512},
      {signature_scheme::rsa_pkcs1, hash_algorithm::sha256},
      {signature_scheme::none, hash_algorithm::none},
  };
  struct key_row {
    nv2::public_key key;
    std::size_t only;
  };
  const auto m2048 = modulus_of(2048);
  const auto m3072 = modulus_of(3072);
  const auto m4096 = modulus_of(4096);
  nv2::public_key p256;
  p256.kind = key_kind::ec_p256;
  nv2::public_key p384;
  p384.kind = key_kind::ec_p384;
  nv2::public_key p521;
  p521.kind = key_kind::ec_p521;
  for (const key_row& r :
       {key_row{p256, 0}, key_row{p384, 1}, key_row{p521, 2}, key_row{rsa_key(m2048), 3},
        key_row{rsa_key(m3072), 4}, key_row{rsa_key(m4096), 5}}) {
    CHECK(nv2::find_notary_algorithm(r.key) == all[r.only]);
    for (std::size_t i = 0; i < all.size(); ++i) {
      // JV-55 CV-24
      CHECK(nv2::check_notary_algorithm(r.key, all[i]) ==
            (i == r.only ? errc::ok : errc::notary_algorithm_mismatch));
    }
  }
  for (const std::size_t bits :
       {1024U, 2041U, 2047U, 2049U, 2056U, 2560U, 3071U, 4095U, 4097U, 8192U}) {
    const auto modulus = modulus_of(bits);  // JV-54
    CHECK(nv2::check_notary_algorithm(rsa_key(modulus), all[3]) == errc::notary_key_size);
  }
  CHECK(nv2::check_notary_algorithm({}, all[0]) == errc::notary_key);
  CHECK(nv2::check_notary_algorithm({}, all[7]) == errc::notary_key);
}

#if NV2_TEST_OPENSSL
namespace {

using nv2_test::as_bytes;
using nv2_test::octets;
using nv2_test::notary::blob;

const std::vector<const nv2::crypto_backend*> backends = {
    &nv2::openssl_crypto,
#if NV2_TEST_MBEDTLS
    &nv2::mbedtls_crypto,
#endif
};

struct algorithm_row {
  const char* key_name;
  const char* jose;
  std::int64_t cose;
  nv2_test::test_key key;
};

const std::vector<algorithm_row>& algorithms() {
  static const std::vector<algorithm_row> rows = {
      {"RSA-2048", "PS256", -37, nv2_test::openssl_rsa_key(2048)},
      {"RSA-3072", "PS384", -38, nv2_test::openssl_rsa_key(3072)},
      {"RSA-4096", "PS512", -39, nv2_test::openssl_rsa_key(4096)},
      {"P-256", "ES256", -7, nv2_test::openssl_ec_key("P-256")},
      {"P-384", "ES384", -35, nv2_test::openssl_ec_key("P-384")},
      {"P-521", "ES512", -36, nv2_test::openssl_ec_key("P-521")},
  };
  return rows;
}

nv2::public_key public_part(const nv2_test::test_key& key) {
  nv2::public_key out;
  REQUIRE(nv2::parse_public_key(as_bytes(key.spki), out) == errc::ok);
  return out;
}

/// A signature as envelopes have it: of ECDSA r || s.
blob raw_signature(const nv2_test::test_key& key, const blob& message) {
  const nv2::public_key own = public_part(key);
  const octets made = key.sign(nv2::find_notary_algorithm(own), as_bytes(message));
  if (own.kind == key_kind::rsa) return made;
  nv2::static_workspace<256> memory;
  nv2::bytes raw;
  REQUIRE(nv2::decode_ecdsa_signature(as_bytes(made), own.kind, memory, raw) == errc::ok);
  return {raw.begin(), raw.end()};
}

nv2_test::notary::signer signer_of(const nv2_test::test_key& key) {
  return [&key](const blob& message) { return raw_signature(key, message); };
}

/// What a verifier does with a message, up to certificates.
errc verify(const nv2::signed_message& message, const nv2::public_key& key,
            const nv2::crypto_backend& crypto, nv2::workspace& memory) {
  NV2_TRY(nv2::check_notary_algorithm(key, message.algorithm));
  nv2::digest_value digest;
  nv2::hasher hash{crypto, memory, message.algorithm.hash};
  for (const nv2::bytes part : message.signed_parts) hash.update(part);
  NV2_TRY(hash.finish(digest));
  return nv2::verify_signature(crypto, key, message.algorithm, digest.view(), message.signature);
}

errc verify_jws(const std::string& envelope, const nv2::public_key& key,
                const nv2::crypto_backend& crypto) {
  const nv2_test::exact text{envelope};
  nv2_test::exact_workspace memory{16384};
  std::uint32_t offset = 0;
  nv2::signed_message message;
  NV2_TRY(nv2::parse_notary_jws(text.view(), {memory, nv2::compat::none, offset}, message));
  return verify(message, key, crypto, memory);
}

errc verify_cose(const blob& envelope, const nv2::public_key& key,
                 const nv2::crypto_backend& crypto) {
  const nv2_test::exact data{
      std::string_view{reinterpret_cast<const char*>(envelope.data()), envelope.size()}};
  nv2_test::exact_workspace memory{4096};
  std::uint32_t offset = 0;
  nv2::signed_message message;
  NV2_TRY(nv2::parse_notary_cose(data.view(), {memory, nv2::compat::none, offset}, message));
  return verify(message, key, crypto, memory);
}

nv2_test::notary::jws_plan jws_of(const algorithm_row& row) {
  nv2_test::notary::jws_plan plan;
  nv2_test::notary::set<std::string>(plan.attributes, "alg", nv2_test::notary::quoted(row.jose));
  plan.sign = signer_of(row.key);
  return plan;
}
nv2_test::notary::cose_plan cose_of(const algorithm_row& row) {
  nv2_test::notary::cose_plan plan;
  plan.set_attribute(nv2_test::notary::integer(1), nv2_test::notary::integer(row.cose));
  plan.sign = signer_of(row.key);
  return plan;
}

}  // namespace

TEST_CASE(
    "real signatures of every algorithm verify: JV-01 CV-01 CV-61 CV-103 J-042 J-044 J-045 C-050 "
    "C-053 C-054") {
  for (const nv2::crypto_backend* crypto : backends) {
    for (const algorithm_row& row : algorithms()) {
      const std::string name = row.key_name;
      CAPTURE(name);
      const nv2::public_key key = public_part(row.key);
      const auto jws = jws_of(row);
      const auto cose = cose_of(row);
      CHECK(verify_jws(jws.envelope(), key, *crypto) == errc::ok);
      CHECK(verify_cose(cose.envelope(), key, *crypto) == errc::ok);
      // Another key of the same kind.
      const auto stranger = key.kind == key_kind::rsa
                                ? nv2_test::openssl_rsa_key(nv2::rsa_bits(key))
                                : nv2_test::openssl_ec_key(row.key_name);
      CHECK(verify_jws(jws.envelope(), public_part(stranger), *crypto) == errc::signature_mismatch);
      CHECK(verify_cose(cose.envelope(), public_part(stranger), *crypto) ==
            errc::signature_mismatch);
      // A key of another kind.
      const auto& other = algorithms()[row.cose == -7 ? 0 : 3].key;
      CHECK(verify_jws(jws.envelope(), public_part(other), *crypto) ==
            errc::notary_algorithm_mismatch);
      CHECK(verify_cose(cose.envelope(), public_part(other), *crypto) ==
            errc::notary_algorithm_mismatch);
    }
  }
}

TEST_CASE("signatures of another shape do not verify: CV-75 CV-105 J-045 C-051 C-054") {
  const algorithm_row& row = algorithms()[3];
  const nv2::public_key key = public_part(row.key);
  const auto der = [&row, &key](const blob& message) {
    return row.key.sign(nv2::find_notary_algorithm(key), as_bytes(message));
  };
  for (const nv2::crypto_backend* crypto : backends) {
    auto jws = jws_of(row);
    jws.sign = der;
    CHECK(nv2::class_of(verify_jws(jws.envelope(), key, *crypto)) == nv2::error_class::integrity);
    auto cose = cose_of(row);
    cose.sign = der;
    CHECK(nv2::class_of(verify_cose(cose.envelope(), key, *crypto)) == nv2::error_class::integrity);
    // Signed over heads as they were sent.
    cose.protected_width = 2;
    cose.sign = [&](const blob&) {
      using namespace nv2_test::notary;
      return raw_signature(
          row.key, join({cbor_head(4, 4), tstr("Signature1"), bstr(cose.protected_content(), 2),
                         bstr({}), bstr(cose.payload)}));
    };
    CHECK(verify_cose(cose.envelope(), key, *crypto) == errc::signature_mismatch);
    cose.sign = signer_of(row.key);
    CHECK(verify_cose(cose.envelope(), key, *crypto) == errc::ok);
    // With external data.
    cose.sign = [&](const blob&) {
      using namespace nv2_test::notary;
      return raw_signature(row.key, array({tstr("Signature1"), bstr(cose.protected_content()),
                                           bstr({1}), bstr(cose.payload)}));
    };
    CHECK(verify_cose(cose.envelope(), key, *crypto) == errc::signature_mismatch);  // C-056
  }
}

TEST_CASE("only a salt as long as the hash will do: JV-52 JV-53 CV-104 J-044 C-053") {
  const std::shared_ptr<EVP_PKEY> made{
      EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}), &EVP_PKEY_free};
  REQUIRE(made.get() != nullptr);
  unsigned char* spki = nullptr;
  const int size = i2d_PUBKEY(made.get(), &spki);
  REQUIRE(size > 0);
  const octets der{spki, spki + size};
  OPENSSL_free(spki);
  nv2::public_key key;
  REQUIRE(nv2::parse_public_key(as_bytes(der), key) == errc::ok);
  const auto salted = [&made](int salt) -> nv2_test::notary::signer {
    return [&made, salt](const blob& message) {
      const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                            &EVP_MD_CTX_free};
      EVP_PKEY_CTX* padding = nullptr;
      blob signature(256);
      std::size_t written = signature.size();
      REQUIRE(EVP_DigestSignInit(context.get(), &padding, EVP_sha256(), nullptr, made.get()) == 1);
      REQUIRE(EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1);
      REQUIRE(EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, salt) == 1);
      REQUIRE(EVP_DigestSign(context.get(), signature.data(), &written, message.data(),
                             message.size()) == 1);
      return signature;
    };
  };
  for (const nv2::crypto_backend* crypto : backends) {
    for (const int salt : {32, 20, RSA_PSS_SALTLEN_MAX}) {
      nv2_test::notary::jws_plan jws;
      nv2_test::notary::set<std::string>(jws.attributes, "alg", "\"PS256\"");
      jws.sign = salted(salt);
      nv2_test::notary::cose_plan cose;
      cose.set_attribute(nv2_test::notary::integer(1), nv2_test::notary::integer(-37));
      cose.sign = salted(salt);
      const errc expected = salt == 32 ? errc::ok : errc::signature_mismatch;
      CHECK(verify_jws(jws.envelope(), key, *crypto) == expected);
      CHECK(verify_cose(cose.envelope(), key, *crypto) == expected);
    }
  }
}

TEST_CASE("no byte under a signature can be changed: J-042 C-050") {
  const algorithm_row& row = algorithms()[3];
  const nv2::public_key key = public_part(row.key);
  const std::string jws = jws_of(row).envelope();
  const std::size_t first = jws.find("\"payload\"");
  const std::size_t last = jws.find("\"header\"");
  REQUIRE(first < last);
  for (std::size_t i = first; i < last; ++i) {
    std::string bent = jws;
    bent[i] = bent[i] == 'A' ? 'B' : 'A';
    CHECK(verify_jws(bent, key, nv2::openssl_crypto) != errc::ok);
  }
  const auto plan = cose_of(row);
  const blob cose = plan.envelope();
  const std::size_t unprotected = 2 + 2 + plan.protected_content().size();
  const std::size_t unprotected_size = nv2_test::notary::map_of(plan.header).size();
  for (std::size_t i = 0; i < cose.size(); ++i) {
    if (i >= unprotected && i < unprotected + unprotected_size) continue;
    blob bent = cose;
    bent[i] = static_cast<std::uint8_t>(bent[i] ^ 1U);
    CHECK(verify_cose(bent, key, nv2::openssl_crypto) != errc::ok);
  }
}
#endif
