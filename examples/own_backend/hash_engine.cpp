// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Inside the simulated engine. The rounds of SHA-256 are those of mbedTLS.
#include "hash_engine.hpp"

#include <cstring>

using rounds = nv2::mbedtls_sha256_only;

hash_engine board_hash_engine;

void hash_engine::start() noexcept {
  if (!rounds::hash_begin(now_.registers, nv2::hash_algorithm::sha256)) status_ = status::error;
}

void hash_engine::feed(const std::uint8_t* source, std::size_t blocks) noexcept {
  transfer(source, blocks * block_size, false);
}

void hash_engine::feed_last(const std::uint8_t* source, std::size_t size) noexcept {
  if (size >= block_size) {
    status_ = status::error;
  } else {
    transfer(source, size, true);
  }
}

void hash_engine::transfer(const std::uint8_t* source, std::size_t size, bool is_last) noexcept {
  const bool is_aligned = reinterpret_cast<std::uintptr_t>(source) % alignment == 0;
  ++transfers_;
  if (status_ != status::idle || !is_aligned) {
    status_ = status::error;
    return;
  }
  status_ = status::busy;
  source_ = source;
  size_ = size;
  is_last_ = is_last;
  cycles_ = 3 + static_cast<unsigned>(size / block_size);
}

hash_engine::status hash_engine::poll() noexcept {
  const bool is_broken = transfers_ == broken_;
  if (status_ != status::busy || (is_broken && how_ == fault::hang)) return status_;
  if (--cycles_ > 0) return status_;
  status_ = is_broken && how_ == fault::bus_error ? status::error : status::idle;
  if (status_ == status::idle) fetch();
  return status_;
}

void hash_engine::fetch() noexcept {
  bool works = rounds::hash_update(now_.registers, nv2::bytes{source_, size_});
  if (transfers_ == broken_) {
    constexpr std::uint8_t noise[] = {0xFF};
    works = rounds::hash_update(now_.registers, noise) && works;
  }
  if (is_last_) works = rounds::hash_end(now_.registers, digest_) && works;
  if (!works) status_ = status::error;
}

void hash_engine::read(std::uint8_t* digest) const noexcept {
  std::memcpy(digest, digest_, digest_size);
}

void hash_engine::break_transfer(unsigned count, fault how) noexcept {
  transfers_ = 0;
  broken_ = count;
  how_ = how;
}
