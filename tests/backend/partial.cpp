// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Backends that offer less than others answer like one of those that was cut down to the same.
#include <doctest/doctest.h>

#include "backends.hpp"
#include "vectors.hpp"

namespace {

using namespace nv2_test;
using nv2::errc;

std::vector<owned_key> all_keys() { return {std::begin(key_rows), std::end(key_rows)}; }

/// Verdict of `crypto` over a digest that another backend made, so that only the signature is asked.
errc verdict(const nv2::crypto_backend& crypto, const std::vector<owned_key>& keys,
             const signature_row& row) {
  nv2::digest_value digest;
  REQUIRE(hash_with(*real_backends[0], row.hash, nv2::bytes::of(vector_message), digest) ==
          errc::ok);
  std::size_t key = 0;
  while (std::string_view{key_rows[key].name} != row.key) ++key;
  const buffer signature = from_hex(row.signature);
  return nv2::verify_signature(crypto, keys[key].view(), {row.scheme, row.hash}, digest.view(),
                               view_of(signature));
}

}  // namespace

TEST_CASE("what a backend does not offer is crypto_unsupported, all else has the others' verdict") {
  const std::vector<owned_key> keys = all_keys();
  for (const partial_backend& pair : partial_backends) {
    int good = 0, judged = 0, not_offered = 0;
    for (const signature_row& row : signature_rows) {
      CAPTURE(std::string{row.key} + ", " + row.fault);
      const errc code = verdict(*pair.tested, keys, row);
      CHECK(std::string{nv2::name(code)} == nv2::name(verdict(*pair.reference, keys, row)));
      if (code == errc::crypto_unsupported) {
        ++not_offered;
        continue;
      }
      CHECK(std::string{nv2::name(code)} == nv2::name(row.expected));
      ++(code == errc::ok ? good : judged);
    }
    MESSAGE(std::string{pair.tested->name}, ": ", good, " good and ", judged,
            " bad signatures told apart, ", not_offered, " not offered");
    CHECK(good >= 3);
    CHECK(judged >= 20);
    CHECK(not_offered > 0);
  }
}

TEST_CASE("the hash that is offered is right however the input is cut, and others are refused") {
  buffer data;
  for (unsigned i = 0; i < 300; ++i) data.push_back(static_cast<std::uint8_t>(5 * i + 1));
  for (const partial_backend& pair : partial_backends) {
    CHECK(pair.tested->hash_state_size <= 128);
    for (const hash_row& row : hash_rows) {
      for (const std::size_t piece : {1U, 63U, 64U, 65U, 300U}) {
        nv2::digest_value digest, expected;
        const errc code = hash_with(*pair.tested, row.hash, view_of(data), digest, piece);
        CHECK(code == hash_with(*pair.reference, row.hash, view_of(data), expected));
        CHECK((code == errc::ok) == (row.hash == nv2::hash_algorithm::sha256));
        if (code == errc::ok) CHECK(to_hex(digest.view()) == to_hex(expected.view()));
      }
    }
  }
}
