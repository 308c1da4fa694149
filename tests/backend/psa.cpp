// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What PSA Crypto keeps between calls: whether it is ready, and keys.
#include <doctest/doctest.h>

#include "backends.hpp"
#include "vectors.hpp"

#if NV2_TEST_PSA

#if !defined(MBEDTLS_PRIVATE)  // 2.28
#define MBEDTLS_PRIVATE(member) member
#endif

namespace {

using namespace nv2_test;
using nv2::errc;

/// How often each code came for the good signatures of a kind of keys.
struct tally {
  int ok = 0, failed = 0, other = 0;
};

tally verify_good_ones() {
  tally out;
  for (const signature_row& row : signature_rows) {
    if (row.expected != errc::ok || row.hash != nv2::hash_algorithm::sha256) continue;
    std::size_t at = 0;
    while (std::string_view{key_rows[at].name} != row.key) ++at;
    const owned_key key{key_rows[at]};
    if (!takes(nv2::psa_crypto, key.view())) continue;
    nv2::digest_value digest;
    REQUIRE(hash_with(*real_backends[0], row.hash, nv2::bytes::of(vector_message), digest) ==
            errc::ok);
    const buffer signature = from_hex(row.signature);
    const errc code = nv2::verify_signature(nv2::psa_crypto, key.view(), {row.scheme, row.hash},
                                            digest.view(), view_of(signature));
    ++(code == errc::ok ? out.ok : code == errc::crypto_failure ? out.failed : out.other);
  }
  return out;
}

}  // namespace

TEST_CASE("G-004: PSA Crypto that was not made ready is a failure, never an answer") {
  REQUIRE(psa_is_ready);
  mbedtls_psa_crypto_free();
  const tally before = verify_good_ones();
  REQUIRE(psa_crypto_init() == PSA_SUCCESS);
  const tally after = verify_good_ones();
  CHECK(before.ok == 0);
  CHECK(before.other == 0);
  CHECK(before.failed == after.ok);
  CHECK(after.ok >= 8);
  CHECK(after.failed + after.other == 0);
}

TEST_CASE("no key stays behind, whatever the verdict") {
  REQUIRE(psa_is_ready);
  for (const signature_row& row : signature_rows) {
    std::size_t at = 0;
    while (std::string_view{key_rows[at].name} != row.key) ++at;
    const owned_key key{key_rows[at]};
    const buffer signature = from_hex(row.signature);
    nv2::digest_value digest;
    digest.hash = row.hash;
    static_cast<void>(nv2::verify_signature(nv2::psa_crypto, key.view(), {row.scheme, row.hash},
                                            digest.view(), view_of(signature)));
    mbedtls_psa_stats_t stats;
    mbedtls_psa_get_stats(&stats);
    CAPTURE(std::string{row.key} + ", " + row.fault);
    CHECK(stats.MBEDTLS_PRIVATE(volatile_slots) == 0);
    CHECK(stats.MBEDTLS_PRIVATE(locked_slots) == 0);
  }
}

#endif
