// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Every backend hashes to the known answers, however the input is cut.
#include <doctest/doctest.h>

#include "backends.hpp"
#include "vectors.hpp"

namespace {

using namespace nv2_test;

std::string digest_hex(const nv2::crypto_backend& crypto, nv2::hash_algorithm hash,
                       nv2::bytes message, std::size_t piece = SIZE_MAX) {
  nv2::digest_value digest;
  REQUIRE(hash_with(crypto, hash, message, digest, piece) == nv2::errc::ok);
  CHECK(digest.hash == hash);
  return to_hex(digest.view());
}

}  // namespace

TEST_CASE("hashes of nothing and of abc are the published ones") {
  for (const nv2::crypto_backend* crypto : real_backends) {
    CAPTURE(std::string{crypto->name});
    for (const hash_row& row : hash_rows) {
      CHECK(digest_hex(*crypto, row.hash, {}) == row.of_nothing);
      CHECK(digest_hex(*crypto, row.hash, nv2::bytes::of("abc")) == row.of_abc);
    }
  }
}

TEST_CASE("hashes of 0 to 300 bytes are right, in pieces of every kind") {
  buffer data;
  for (unsigned i = 0; i < 300; ++i) data.push_back(static_cast<std::uint8_t>(7 * i + 3));
  for (const nv2::crypto_backend* crypto : real_backends) {
    CAPTURE(std::string{crypto->name});
    for (const hash_row& row : hash_rows) {
      for (const std::size_t piece : {1U, 3U, 63U, 64U, 65U, 127U, 128U, 129U, 300U}) {
        CAPTURE(piece);
        nv2::static_workspace<512> memory;
        nv2::hasher outer{*crypto, memory, row.hash};
        for (std::size_t size = 0; size <= data.size(); ++size) {
          nv2::digest_value digest;
          REQUIRE(hash_with(*crypto, row.hash, view_of(data).first(size), digest, piece) ==
                  nv2::errc::ok);
          outer.update(digest.view());
        }
        nv2::digest_value digest;
        REQUIRE(outer.finish(digest) == nv2::errc::ok);
        CHECK(to_hex(digest.view()) == row.of_hashes);
      }
    }
  }
}

TEST_CASE("empty updates change nothing, null views included") {
  static constexpr std::uint8_t some[] = {'a', 'b', 'c'};
  for (const nv2::crypto_backend* crypto : real_backends) {
    CAPTURE(std::string{crypto->name});
    for (const hash_row& row : hash_rows) {
      nv2::static_workspace<512> memory;
      nv2::hasher state{*crypto, memory, row.hash};
      state.update({});
      state.update(some);
      state.update(nv2::bytes{some, 0});
      state.update({});
      nv2::digest_value digest;
      REQUIRE(state.finish(digest) == nv2::errc::ok);
      CHECK(to_hex(digest.view()) == row.of_abc);
    }
  }
}

TEST_CASE("hashes that run at the same time do not disturb each other") {
  for (const nv2::crypto_backend* crypto : real_backends) {
    CAPTURE(std::string{crypto->name});
    nv2::static_workspace<2048> memory;
    nv2::hasher first{*crypto, memory, nv2::hash_algorithm::sha256};
    nv2::hasher second{*crypto, memory, nv2::hash_algorithm::sha384};
    nv2::hasher third{*crypto, memory, nv2::hash_algorithm::sha512};
    nv2::hasher* const all[] = {&first, &second, &third};
    for (const char* letter : {"a", "b", "c"}) {
      for (nv2::hasher* state : all) state->update(nv2::bytes::of(letter));
    }
    for (std::size_t i = 0; i < 3; ++i) {
      nv2::digest_value digest;
      REQUIRE(all[i]->finish(digest) == nv2::errc::ok);
      CHECK(to_hex(digest.view()) == hash_rows[i].of_abc);
    }
  }
}

TEST_CASE("no hash algorithm is no hash") {
  for (const nv2::crypto_backend* crypto : real_backends) {
    CAPTURE(std::string{crypto->name});
    nv2::digest_value digest;
    CHECK(hash_with(*crypto, nv2::hash_algorithm::none, {}, digest) == nv2::errc::crypto_failure);
  }
}

TEST_CASE("a hash state is as small as promised, and at any alignment of the workspace") {
  for (const nv2::crypto_backend* crypto : real_backends) {
    CAPTURE(std::string{crypto->name});
    // wolfCrypt and PSA keep what hardware could need in each context.
    const std::string name = crypto->name;
    CHECK(crypto->hash_state_size <= (name == "wolfcrypt" || name == "psa" ? 288 : 224));
    CHECK(crypto->hash_state_align <= alignof(std::max_align_t));
    alignas(std::max_align_t) std::uint8_t storage[512] = {};
    for (std::size_t shift = 0; shift < 16; ++shift) {
      nv2::workspace memory{nv2::mutable_bytes{storage + shift, sizeof storage - shift}};
      nv2::hasher state{*crypto, memory, nv2::hash_algorithm::sha512};
      state.update(nv2::bytes::of("abc"));
      nv2::digest_value digest;
      REQUIRE(state.finish(digest) == nv2::errc::ok);
      CHECK(to_hex(digest.view()) == hash_rows[2].of_abc);
    }
  }
}

TEST_CASE("G-003: a workspace without room for the state is told from a failure") {
  for (const nv2::crypto_backend* crypto : real_backends) {
    CAPTURE(std::string{crypto->name});
    std::uint8_t storage[4] = {};
    nv2::workspace memory{storage};
    nv2::hasher state{*crypto, memory, nv2::hash_algorithm::sha256};
    state.update(nv2::bytes::of("abc"));
    nv2::digest_value digest;
    CHECK(state.finish(digest) == nv2::errc::workspace_exhausted);
  }
}
