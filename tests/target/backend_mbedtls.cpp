// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// mbedTLS with a heap of its own in a static buffer.
#include <cstdint>

#include <mbedtls/memory_buffer_alloc.h>
#include <nv2/crypto/mbedtls.hpp>

#include "backend.hpp"

namespace {

constexpr std::uint32_t paint = 0xC5C5C5C5;
// The first block is described at the begin of the buffer when it is made.
constexpr std::size_t in_use_when_empty = 64;
alignas(8) std::uint32_t buffer[16 * 1024 / sizeof(std::uint32_t)];

}  // namespace

const nv2::crypto_backend& target_crypto = nv2::mbedtls_crypto;

void target_clear_heap() noexcept {
  mbedtls_memory_buffer_alloc_init(reinterpret_cast<unsigned char*>(buffer), sizeof(buffer));
  for (std::size_t i = in_use_when_empty / sizeof(paint); i < sizeof(buffer) / sizeof(paint); ++i)
    buffer[i] = paint;
}

// Allocated from the begin on, so the last byte that was written to tells.
std::size_t target_used_heap() noexcept {
  std::size_t words = sizeof(buffer) / sizeof(paint);
  while (words > 0 && buffer[words - 1] == paint) --words;
  return words * sizeof(paint) > in_use_when_empty ? words * sizeof(paint) : 0;
}
