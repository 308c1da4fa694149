// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>

#include <nv2/crypto/algorithm.hpp>

#include "support/der_builder.hpp"

using nv2::find_jose_algorithm;
using nv2::hash_algorithm;
using nv2::key_kind;
using nv2::public_key;
using nv2::signature_algorithm;
using nv2::signature_scheme;
using namespace nv2_test::build;

namespace {

constexpr key_kind all_kinds[] = {key_kind::unsupported, key_kind::rsa, key_kind::ec_p256,
                                  key_kind::ec_p384, key_kind::ec_p521};

public_key rsa_of(const blob& modulus) {
  public_key key;
  key.kind = key_kind::rsa;
  key.modulus = view(modulus);
  return key;
}

}  // namespace

TEST_CASE("sizes of digests and coordinates") {
  CHECK(nv2::digest_size(hash_algorithm::none) == 0);
  CHECK(nv2::digest_size(hash_algorithm::sha256) == 32);
  CHECK(nv2::digest_size(hash_algorithm::sha384) == 48);
  CHECK(nv2::digest_size(hash_algorithm::sha512) == nv2::max_digest_size);
  const std::size_t sizes[] = {0, 0, 32, 48, 66};
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(nv2::coordinate_size(all_kinds[i]) == sizes[i]);
    CHECK(nv2::is_ec(all_kinds[i]) == (sizes[i] != 0));
  }
}

TEST_CASE("N-050: JOSE names, exact and case-sensitive") {
  const struct {
    const char* name;
    signature_scheme scheme;
    hash_algorithm hash;
  } rows[] = {
      {"RS256", signature_scheme::rsa_pkcs1, hash_algorithm::sha256},
      {"RS384", signature_scheme::rsa_pkcs1, hash_algorithm::sha384},
      {"RS512", signature_scheme::rsa_pkcs1, hash_algorithm::sha512},
      {"PS256", signature_scheme::rsa_pss, hash_algorithm::sha256},
      {"PS384", signature_scheme::rsa_pss, hash_algorithm::sha384},
      {"PS512", signature_scheme::rsa_pss, hash_algorithm::sha512},
      {"ES256", signature_scheme::ecdsa, hash_algorithm::sha256},
      {"ES384", signature_scheme::ecdsa, hash_algorithm::sha384},
      {"ES512", signature_scheme::ecdsa, hash_algorithm::sha512},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(find_jose_algorithm(row.name) == signature_algorithm{row.scheme, row.hash});
  }
  for (const char* bad : {"",       "none",   "NONE",   "rs256", "Rs256", "RS224",  "RS25",
                          "RS2566", " RS256", "RS256 ", "HS256", "HS384", "HS512",  "EdDSA",
                          "ES256K", "RS1",    "PS255",  "XS256", "RX256", "RSA256", "ES521"}) {
    CAPTURE(bad);
    CHECK(find_jose_algorithm(bad) == signature_algorithm{});
  }
  CHECK(find_jose_algorithm(std::string("RS25\0", 5)) == signature_algorithm{});
  CHECK(signature_algorithm{} !=
        signature_algorithm{signature_scheme::ecdsa, hash_algorithm::none});
}

TEST_CASE("N-051: each curve has its hash") {
  CHECK(nv2::curve_hash(key_kind::ec_p256) == hash_algorithm::sha256);
  CHECK(nv2::curve_hash(key_kind::ec_p384) == hash_algorithm::sha384);
  CHECK(nv2::curve_hash(key_kind::ec_p521) == hash_algorithm::sha512);
  CHECK(nv2::curve_hash(key_kind::rsa) == hash_algorithm::none);
  CHECK(nv2::curve_hash(key_kind::unsupported) == hash_algorithm::none);
}

TEST_CASE("N-055: RSA bits are counted from the first bit that is set") {
  const struct {
    blob modulus;
    std::size_t bits;
  } rows[] = {
      {join({{0x80}, repeat({0}, 255)}), 2048},
      {join({{0x40}, repeat({0}, 255)}), 2047},
      {join({{0x01}, repeat({0}, 256)}), 2049},
      {{0x01}, 1},
      {{0xFF}, 8},
      {{0x00}, 0},
  };
  for (const auto& row : rows) CHECK(nv2::rsa_bits(rsa_of(row.modulus)) == row.bits);
  CHECK(nv2::rsa_bits(rsa_of({})) == 0);
  public_key ec;
  ec.kind = key_kind::ec_p256;
  CHECK(nv2::rsa_bits(ec) == 0);
}

TEST_CASE("N-052 N-054: the key tells the length of a raw signature") {
  CHECK(nv2::signature_size(rsa_of(repeat({1}, 257))) == 257);
  const std::size_t sizes[] = {0, 0, 64, 96, 132};
  for (std::size_t i = 0; i < 5; ++i) {
    public_key key;
    key.kind = all_kinds[i];
    CHECK(nv2::signature_size(key) == sizes[i]);
  }
}
