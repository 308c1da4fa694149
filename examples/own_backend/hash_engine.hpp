// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A SHA-256 engine as microcontrollers have one, simulated: what a vendor's header would declare.
// Does: fetch its input by DMA, a while after it was told to, and say whether it is busy.
// Does not: take text that is not aligned to words, hold two hashes at once, or wait for anybody.
#ifndef OWN_BACKEND_HASH_ENGINE_HPP
#define OWN_BACKEND_HASH_ENGINE_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/crypto/mbedtls_sha256.hpp>

class hash_engine {
 public:
  static constexpr std::size_t block_size = 64, digest_size = 32, alignment = 4;

  enum class status { idle, busy, error };
  /// What can go wrong with a transfer: the bus does not answer, the transfer never ends, or something
  /// else arrives without a word.
  enum class fault { bus_error, hang, noise };

  /// All that the engine knows of a hash between two transfers; to be kept while it works on another.
  struct context {
    nv2::mbedtls_sha256_only::hash_state registers;
  };

  /// Stops everything, errors included.
  void reset() noexcept { status_ = status::idle; }
  /// Begins a hash.
  void start() noexcept;
  void save(context& into) const noexcept { into = now_; }
  void restore(const context& from) noexcept { now_ = from; }

  /// Tells the engine to fetch whole blocks. They are read while it is busy, not now.
  void feed(const std::uint8_t* source, std::size_t blocks) noexcept;
  /// Tells it to fetch less than a block, and to add padding and length.
  void feed_last(const std::uint8_t* source, std::size_t size) noexcept;
  /// What the status register says. The engine works on while it is read.
  status poll() noexcept;
  /// The digest, once the last transfer is over.
  void read(std::uint8_t* digest) const noexcept;

  /// For the test: transfer number `count`, from 1, goes wrong.
  void break_transfer(unsigned count, fault how) noexcept;
  unsigned transfers() const noexcept { return transfers_; }

 private:
  void transfer(const std::uint8_t* source, std::size_t size, bool is_last) noexcept;
  void fetch() noexcept;

  context now_ = {};
  std::uint8_t digest_[digest_size] = {};
  const std::uint8_t* source_ = nullptr;
  std::size_t size_ = 0;
  unsigned cycles_ = 0, transfers_ = 0, broken_ = 0;
  fault how_ = fault::bus_error;
  status status_ = status::idle;
  bool is_last_ = false;
};

/// The one that the board has.
extern hash_engine board_hash_engine;

#endif  // OWN_BACKEND_HASH_ENGINE_HPP
