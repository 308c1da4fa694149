// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Every backend gives the same verdict, the right one, on every vector of make_vectors.py.
#include <doctest/doctest.h>

#include <cstring>
#include <map>

#include "backends.hpp"
#include "vectors.hpp"

namespace {

using namespace nv2_test;

owned_key find_key(const char* name) {
  for (const key_row& row : key_rows) {
    if (std::strcmp(row.name, name) == 0) return owned_key{row};
  }
  FAIL("no key " << name);
  return owned_key{key_rows[0]};
}

std::string describe(const nv2::crypto_backend& crypto, const signature_row& row) {
  static constexpr const char* schemes[] = {"none", "PKCS#1", "PSS", "ECDSA"};
  return std::string{crypto.name} + ": " + row.key + ", " +
         schemes[static_cast<std::size_t>(row.scheme)] + " with SHA-" +
         std::to_string(8 * nv2::digest_size(row.hash)) + ", " + row.fault;
}

nv2::errc verdict(const nv2::crypto_backend& crypto, const signature_row& row) {
  nv2::digest_value digest;
  REQUIRE(hash_with(crypto, row.hash, nv2::bytes::of(vector_message), digest) == nv2::errc::ok);
  const owned_key key = find_key(row.key);
  const buffer signature = from_hex(row.signature);
  return nv2::verify_signature(crypto, key.view(), {row.scheme, row.hash}, digest.view(),
                               view_of(signature));
}

}  // namespace

// N-036 N-052 N-054 X-007 X-011
TEST_CASE("good signatures are accepted, and each faulty one is refused with its code") {
  for (const nv2::crypto_backend* crypto : real_backends) {
    for (const signature_row& row : signature_rows) {
      CAPTURE(describe(*crypto, row));
      const nv2::errc code = verdict(*crypto, row);
      const bool is_taken = takes(*crypto, find_key(row.key).view());
      if (!is_taken && code == nv2::errc::crypto_unsupported) continue;
      CHECK(std::string{nv2::name(code)} == std::string{nv2::name(row.expected)});
      CHECK((is_taken || code != nv2::errc::ok));
    }
  }
}

TEST_CASE("the vectors have a good signature for every key size, hash and scheme") {
  std::map<std::string, int> good;
  for (const signature_row& row : signature_rows) {
    if (row.expected == nv2::errc::ok) {
      ++good[std::string{row.key} + '/' + std::to_string(static_cast<int>(row.scheme)) + '/' +
             std::to_string(static_cast<int>(row.hash))];
    }
  }
  for (const char* key : {"rsa2048", "rsa3072", "rsa4096"}) {
    for (const char* scheme : {"/1/", "/2/"}) {
      for (const char* hash : {"1", "2", "3"}) CHECK(good[std::string{key} + scheme + hash] > 0);
    }
  }
  for (const char* key : {"ec_p256/3/", "ec_p384/3/", "ec_p521/3/"}) {
    for (const char* hash : {"1", "2", "3"}) CHECK(good[std::string{key} + hash] > 0);
  }
}

TEST_CASE("a good signature is good for its own digest, hash, scheme and key only") {
  for (const nv2::crypto_backend* crypto : real_backends) {
    for (const signature_row& row : signature_rows) {
      if (row.expected != nv2::errc::ok || std::strcmp(row.fault, "good") != 0) continue;
      CAPTURE(describe(*crypto, row));
      signature_row wrong = row;
      wrong.hash = row.hash == nv2::hash_algorithm::sha256 ? nv2::hash_algorithm::sha512
                                                           : nv2::hash_algorithm::sha256;
      CHECK(verdict(*crypto, wrong) == nv2::errc::signature_mismatch);

      const owned_key key = find_key(row.key);
      const buffer signature = from_hex(row.signature);
      nv2::digest_value digest;
      REQUIRE(hash_with(*crypto, row.hash, nv2::bytes::of("something else"), digest) ==
              nv2::errc::ok);
      CHECK(nv2::verify_signature(*crypto, key.view(), {row.scheme, row.hash}, digest.view(),
                                  view_of(signature)) == nv2::errc::signature_mismatch);
    }
  }
}

TEST_CASE("each bit of a signature counts") {
  for (const nv2::crypto_backend* crypto : real_backends) {
    for (const signature_row& row : signature_rows) {
      const bool chosen =
          std::strcmp(row.key, "ec_p256") == 0 || std::strcmp(row.key, "rsa2048") == 0;
      if (!chosen || row.hash != nv2::hash_algorithm::sha256 ||
          std::strcmp(row.fault, "good") != 0) {
        continue;
      }
      CAPTURE(describe(*crypto, row));
      const owned_key key = find_key(row.key);
      buffer signature = from_hex(row.signature);
      nv2::digest_value digest;
      REQUIRE(hash_with(*crypto, row.hash, nv2::bytes::of(vector_message), digest) ==
              nv2::errc::ok);
      const std::size_t step = signature.size() > 64 ? 13 : 1;
      for (std::size_t bit = 0; bit < 8 * signature.size(); bit += step) {
        CAPTURE(bit);
        signature[bit / 8] = static_cast<std::uint8_t>(signature[bit / 8] ^ (1U << bit % 8));
        CHECK(nv2::verify_signature(*crypto, key.view(), {row.scheme, row.hash}, digest.view(),
                                    view_of(signature)) == nv2::errc::signature_mismatch);
        signature[bit / 8] = static_cast<std::uint8_t>(signature[bit / 8] ^ (1U << bit % 8));
      }
    }
  }
}
