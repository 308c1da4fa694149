// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A backend for this board: SHA-256 by its engine, signatures by mbedTLS. The file to copy.
// Does: cut what is hashed into what the engine takes, wait for it, and say no when it fails.
// Does not: offer SHA-384 and SHA-512, which the engine lacks: what needs them is refused.
// The caller must: verify in one thread at a time, or guard the engine in board_hash.
#ifndef OWN_BACKEND_BOARD_CRYPTO_HPP
#define OWN_BACKEND_BOARD_CRYPTO_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/crypto/mbedtls.hpp>
#include <nv2/nv2.hpp>

#include "hash_engine.hpp"

/// A hash between two calls. It lies in the caller's workspace, never moves, and is dropped without a
/// destructor, so that what it holds must be given back by hash_end.
struct board_hash_state {
  hash_engine::context engine;
  /// What does not fill a block yet, and what the engine could not fetch from where it lies.
  alignas(hash_engine::alignment) std::uint8_t block[hash_engine::block_size];
  std::size_t held;
  bool works;
};

/// The four hash names of a backend. Also what nv2::p256m_crypto<board_hash> needs.
struct board_hash {
  using hash_state = board_hash_state;

  /// False: the core refuses with crypto_failure.
  static bool hash_begin(hash_state& state, nv2::hash_algorithm hash) noexcept;
  /// `data` has any size and alignment, and is the caller's again when this returns.
  static bool hash_update(hash_state& state, nv2::bytes data) noexcept;
  /// Called once after each begin that was true, also after an update that was not.
  static bool hash_end(hash_state& state, nv2::mutable_bytes digest) noexcept;
};

struct board_adapter : board_hash {
  static constexpr const char name[] = "board";
  // Taken from another table; null where the board has no such scheme.
  static constexpr nv2::verify_function verify_rsa_pkcs1 = nv2::mbedtls_crypto.verify_rsa_pkcs1;
  static constexpr nv2::verify_function verify_rsa_pss = nv2::mbedtls_crypto.verify_rsa_pss;
  static constexpr nv2::verify_function verify_ecdsa = nv2::mbedtls_crypto.verify_ecdsa;
};

inline constexpr nv2::crypto_backend board_crypto = nv2::make_backend<board_adapter>();

/// The known answer, to be asked for once after reset: an engine that is silently wrong must not say
/// what is trusted.
bool board_hash_is_right() noexcept;

#endif  // OWN_BACKEND_BOARD_CRYPTO_HPP
