// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "board_crypto.hpp"

#include <cstring>

namespace {

constexpr std::size_t block_size = hash_engine::block_size;

/// Looks at the engine until it is idle, and stops it when it fails or takes too long. This is where
/// a system with threads would sleep until the interrupt.
bool wait_for_engine(std::size_t blocks) noexcept {
  for (std::size_t patience = 64 + 4 * blocks; patience > 0; --patience) {
    const hash_engine::status status = board_hash_engine.poll();
    if (status == hash_engine::status::idle) return true;
    if (status == hash_engine::status::error) break;
  }
  board_hash_engine.reset();
  return false;
}

/// Lets the engine fetch whole blocks. The memory is not ours after this call, so the engine must have
/// read it all.
bool feed(const std::uint8_t* source, std::size_t blocks) noexcept {
  board_hash_engine.feed(source, blocks);
  return wait_for_engine(blocks);
}

bool is_aligned(const std::uint8_t* source) noexcept {
  return reinterpret_cast<std::uintptr_t>(source) % hash_engine::alignment == 0;
}

/// Moves bytes into the block until it is full, and hands it over then.
bool fill_block(board_hash_state& state, nv2::bytes& data) noexcept {
  const nv2::bytes piece = data.first(block_size - state.held);
  std::memcpy(state.block + state.held, piece.data(), piece.size());
  data = data.drop(piece.size());
  state.held += piece.size();
  if (state.held < block_size) return true;
  state.held = 0;
  return feed(state.block, 1);
}

bool absorb(board_hash_state& state, nv2::bytes data) noexcept {
  while (!data.empty()) {
    const std::size_t blocks = data.size() / block_size;
    if (state.held == 0 && blocks > 0 && is_aligned(data.data())) {
      if (!feed(data.data(), blocks)) return false;
      data = data.drop(blocks * block_size);
    } else if (!fill_block(state, data)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool board_hash::hash_begin(hash_state& state, nv2::hash_algorithm hash) noexcept {
  state.held = 0;
  state.works = hash == nv2::hash_algorithm::sha256;
  if (!state.works) return false;
  board_hash_engine.start();
  board_hash_engine.save(state.engine);
  return true;
}

bool board_hash::hash_update(hash_state& state, nv2::bytes data) noexcept {
  if (!state.works) return false;
  // Other hashes may have run since the last call.
  board_hash_engine.restore(state.engine);
  state.works = absorb(state, data);
  board_hash_engine.save(state.engine);
  return state.works;
}

bool board_hash::hash_end(hash_state& state, nv2::mutable_bytes digest) noexcept {
  if (!state.works || digest.size() != hash_engine::digest_size) return false;
  board_hash_engine.restore(state.engine);
  board_hash_engine.feed_last(state.block, state.held);
  if (!wait_for_engine(1)) return false;
  board_hash_engine.read(digest.data());
  return true;
}

bool board_hash_is_right() noexcept {
  // SHA-256 of "abc", FIPS 180-4.
  static constexpr std::uint8_t expected[hash_engine::digest_size] = {
      0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF, 0xEA, 0x41, 0x41, 0x40,
      0xDE, 0x5D, 0xAE, 0x22, 0x23, 0xB0, 0x03, 0x61, 0xA3, 0x96, 0x17,
      0x7A, 0x9C, 0xB4, 0x10, 0xFF, 0x61, 0xF2, 0x00, 0x15, 0xAD};
  board_hash_state state;
  std::uint8_t digest[hash_engine::digest_size];
  return board_hash::hash_begin(state, nv2::hash_algorithm::sha256) &&
         board_hash::hash_update(state, nv2::bytes::of("abc")) &&
         board_hash::hash_end(state, digest) && std::memcmp(digest, expected, sizeof digest) == 0;
}
