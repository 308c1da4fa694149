// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the core decides before and around a backend: nv2::verify_signature and nv2::hasher.
#include <doctest/doctest.h>

#include <cstring>

#include "../support/failing_backend.hpp"
#include "../support/stub_backend.hpp"
#include "backends.hpp"
#include "vectors.hpp"

namespace {

using namespace nv2_test;
using nv2::errc;
using nv2::hash_algorithm;
using nv2::key_kind;
using nv2::signature_scheme;

constexpr hash_algorithm all_hashes[] = {hash_algorithm::sha256, hash_algorithm::sha384,
                                         hash_algorithm::sha512};
constexpr signature_scheme all_schemes[] = {signature_scheme::rsa_pkcs1, signature_scheme::rsa_pss,
                                            signature_scheme::ecdsa};

/// One well-formed key of each kind.
std::vector<owned_key> keys_of_all_kinds() {
  std::vector<owned_key> keys;
  for (const char* name : {"rsa2048", "ec_p256", "ec_p384", "ec_p521"}) {
    for (const key_row& row : key_rows) {
      if (std::strcmp(row.name, name) == 0) keys.emplace_back(row);
    }
  }
  REQUIRE(keys.size() == 4);
  return keys;
}

buffer bytes_of(std::size_t size) { return buffer(size, 0x5A); }

errc verify(const nv2::crypto_backend& crypto, const nv2::public_key& key,
            nv2::signature_algorithm algorithm, std::size_t digest_bytes,
            std::size_t signature_bytes) {
  const buffer digest = bytes_of(digest_bytes);
  const buffer signature = bytes_of(signature_bytes);
  return nv2::verify_signature(crypto, key, algorithm, view_of(digest), view_of(signature));
}

/// The real backends, and one that would accept whatever reaches it.
std::vector<const nv2::crypto_backend*> all_backends() {
  std::vector<const nv2::crypto_backend*> all{std::begin(real_backends), std::end(real_backends)};
  all.push_back(&accept_all_crypto);
  return all;
}

bool fits(key_kind kind, signature_scheme scheme) {
  return (kind == key_kind::rsa) != (scheme == signature_scheme::ecdsa);
}

}  // namespace

TEST_CASE("N-051: a scheme that the key cannot make is algorithm_key_mismatch") {
  for (const nv2::crypto_backend* crypto : all_backends()) {
    for (const owned_key& key : keys_of_all_kinds()) {
      for (const signature_scheme scheme : all_schemes) {
        if (fits(key.view().kind, scheme)) continue;
        for (const hash_algorithm hash : all_hashes) {
          CHECK(verify(*crypto, key.view(), {scheme, hash}, nv2::digest_size(hash),
                       nv2::signature_size(key.view())) == errc::algorithm_key_mismatch);
        }
      }
    }
  }
}

TEST_CASE("N-053: an unsupported key is key_unsupported, whatever the algorithm") {
  for (const nv2::crypto_backend* crypto : all_backends()) {
    for (const signature_scheme scheme : all_schemes) {
      CHECK(verify(*crypto, {}, {scheme, hash_algorithm::sha256}, 32, 0) == errc::key_unsupported);
      CHECK(verify(*crypto, {}, {scheme, hash_algorithm::sha256}, 32, 64) == errc::key_unsupported);
    }
    CHECK(verify(*crypto, {}, {}, 0, 0) == errc::key_unsupported);
  }
}

TEST_CASE("N-050: no algorithm is algorithm_unknown") {
  for (const nv2::crypto_backend* crypto : all_backends()) {
    for (const owned_key& key : keys_of_all_kinds()) {
      CHECK(verify(*crypto, key.view(), {}, 32, nv2::signature_size(key.view())) ==
            errc::algorithm_unknown);
    }
  }
}

TEST_CASE("N-052 N-054: every length but the key's own is signature_length") {
  for (const nv2::crypto_backend* crypto : all_backends()) {
    for (const owned_key& key : keys_of_all_kinds()) {
      const std::size_t right = nv2::signature_size(key.view());
      for (const signature_scheme scheme : all_schemes) {
        if (!fits(key.view().kind, scheme)) continue;
        for (const std::size_t wrong : {std::size_t{0}, std::size_t{1}, right / 2, right - 1,
                                        right + 1, 2 * right, std::size_t{512 + 1}}) {
          CAPTURE(wrong);
          CHECK(verify(*crypto, key.view(), {scheme, hash_algorithm::sha256}, 32, wrong) ==
                errc::signature_length);
        }
        CHECK(verify(*crypto, key.view(), {scheme, hash_algorithm::sha256}, 32, right) !=
              errc::signature_length);
      }
    }
  }
}

TEST_CASE("G-004: a digest of another size than the hash's reaches no backend") {
  for (const owned_key& key : keys_of_all_kinds()) {
    for (const signature_scheme scheme : all_schemes) {
      if (!fits(key.view().kind, scheme)) continue;
      for (const std::size_t wrong : {0U, 20U, 31U, 33U, 48U, 64U}) {
        CHECK(verify(accept_all_crypto, key.view(), {scheme, hash_algorithm::sha256}, wrong,
                     nv2::signature_size(key.view())) == errc::crypto_failure);
      }
    }
  }
}

TEST_CASE("N-050: a backend without the scheme is crypto_unsupported") {
  for (const owned_key& key : keys_of_all_kinds()) {
    for (const signature_scheme scheme : all_schemes) {
      if (!fits(key.view().kind, scheme)) continue;
      const std::size_t size = nv2::signature_size(key.view());
      CHECK(verify(hash_only_crypto, key.view(), {scheme, hash_algorithm::sha256}, 32, size) ==
            errc::crypto_unsupported);
      CHECK(verify(accept_all_crypto, key.view(), {scheme, hash_algorithm::sha256}, 32, size) ==
            errc::ok);
    }
  }
}

TEST_CASE("the real backends of this program offer every scheme") {
  for (const nv2::crypto_backend* crypto : real_backends) {
    CHECK((crypto->verify_rsa_pkcs1 != nullptr));
    CHECK((crypto->verify_rsa_pss != nullptr));
    CHECK((crypto->verify_ecdsa != nullptr));
  }
}

TEST_CASE("the stub accepts what stub_sign makes and nothing that differs") {
  for (const owned_key& owned : keys_of_all_kinds()) {
    const nv2::public_key key = owned.view();
    for (const signature_scheme scheme : all_schemes) {
      if (!fits(key.kind, scheme)) continue;
      for (const hash_algorithm hash : all_hashes) {
        nv2::digest_value digest, other;
        REQUIRE(hash_with(stub_crypto, hash, nv2::bytes::of("message"), digest) == errc::ok);
        REQUIRE(hash_with(stub_crypto, hash, nv2::bytes::of("massage"), other) == errc::ok);
        buffer signature(nv2::signature_size(key));
        stub_sign(key, {scheme, hash}, digest.view(), {signature.data(), signature.size()});
        const auto check = [&](const nv2::digest_value& of) {
          return nv2::verify_signature(stub_crypto, key, {scheme, hash}, of.view(),
                                       view_of(signature));
        };
        CHECK(check(digest) == errc::ok);
        CHECK(check(other) == errc::signature_mismatch);
        signature.back() ^= 1;
        CHECK(check(digest) == errc::signature_mismatch);
      }
    }
  }
}

TEST_CASE("the first failure of a hash sticks, and every hash that began is ended") {
  const auto hash_in_pieces = [](const nv2::crypto_backend& crypto) {
    nv2::digest_value digest;
    return hash_with(crypto, hash_algorithm::sha256, nv2::bytes::of("some pieces"), digest, 4);
  };
  for (const nv2::crypto_backend* crypto : all_backends()) {
    const unsigned calls = fail_each_call(
        *crypto, hash_in_pieces, [](errc outcome, const failing_backend& failing, unsigned n) {
          CAPTURE(n);
          CHECK(failing.has_failed());
          CHECK(outcome == errc::crypto_failure);
          CHECK(failing.open_hashes() == 0);
        });
    CHECK(calls == 5);  // begin, three updates, end
  }
}

TEST_CASE("a hash that is given up is ended too") {
  failing_backend counting{stub_crypto};
  nv2::static_workspace<512> memory;
  {
    nv2::hasher state{counting.table(), memory, hash_algorithm::sha256};
    state.update(nv2::bytes::of("abc"));
    CHECK(counting.open_hashes() == 1);
  }
  CHECK(counting.open_hashes() == 0);
  CHECK(memory.mark() == 0);
}

TEST_CASE("a finished hash cannot be finished again") {
  for (const nv2::crypto_backend* crypto : all_backends()) {
    nv2::static_workspace<512> memory;
    nv2::hasher state{*crypto, memory, hash_algorithm::sha256};
    nv2::digest_value digest;
    CHECK(state.finish(digest) == errc::ok);
    state.update(nv2::bytes::of("abc"));
    CHECK(state.finish(digest) != errc::ok);
  }
}

TEST_CASE("a verify function that fails is not taken for a yes") {
  const std::vector<owned_key> keys = keys_of_all_kinds();
  for (const errc lie : {errc::unset, errc::crypto_failure, errc::signature_mismatch}) {
    for (const owned_key& key : keys) {
      for (const signature_scheme scheme : all_schemes) {
        if (!fits(key.view().kind, scheme)) continue;
        failing_backend failing{accept_all_crypto, 1, lie};
        CHECK(verify(failing.table(), key.view(), {scheme, hash_algorithm::sha256}, 32,
                     nv2::signature_size(key.view())) == lie);
        CHECK(failing.calls().verify == 1);
      }
    }
  }
}
