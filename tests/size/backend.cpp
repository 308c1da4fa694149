// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A backend whose own cost is easy to tell apart: SHA-256 for real, so that digests and key fingerprints agree, and
// every signature accepted. It protects nothing.
#include "../target/support/board.h"
#include "core.hpp"

namespace {

struct sha256 {
  std::uint32_t h[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                        0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
  std::uint8_t block[64] = {};
  std::uint64_t length = 0;
};

constexpr std::uint32_t k[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2};

std::uint32_t rotate(std::uint32_t x, int n) noexcept { return x >> n | x << (32 - n); }

// Not on the stack, where it would count as the core's.
std::uint32_t w[64], v[8];

void compress(sha256& state) noexcept {
  for (unsigned i = 0; i < 16; ++i) {
    const std::uint8_t* const b = state.block + 4 * i;
    w[i] = std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
  }
  for (unsigned i = 16; i < 64; ++i) {
    const std::uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
    const std::uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  for (unsigned i = 0; i < 8; ++i) v[i] = state.h[i];
  for (unsigned i = 0; i < 64; ++i) {
    const std::uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
    const std::uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
    const std::uint32_t t1 = v[7] + s1 + choice + k[i] + w[i];
    const std::uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
    const std::uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    for (unsigned j = 7; j > 0; --j) v[j] = v[j - 1];
    v[4] += t1;
    v[0] = t1 + s0 + majority;
  }
  for (unsigned i = 0; i < 8; ++i) state.h[i] += v[i];
}

void absorb(sha256& state, std::uint8_t byte) noexcept {
  state.block[state.length++ % 64] = byte;
  if (state.length % 64 == 0) compress(state);
}

std::uint32_t inside, calls, cost_of_eight;

/// Stands in every function of the backend: counts the instructions until it goes.
class counted {
 public:
  counted() noexcept : begin_(board_count()) {}
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
  ~counted() {
    inside += board_count() - begin_;
    ++calls;
  }

 private:
  std::uint32_t begin_;
};

[[gnu::noinline]] void count_nothing() noexcept { const counted whole; }

}  // namespace

// Names that a profiler can switch off.
extern "C" {
bool size_backend_begin(void* memory, nv2::hash_algorithm hash) noexcept {
  const counted whole;
  ::new (memory) sha256();
  return hash == nv2::hash_algorithm::sha256;
}
bool size_backend_update(void* memory, nv2::bytes data) noexcept {
  const counted whole;
  for (const std::uint8_t byte : data) absorb(*static_cast<sha256*>(memory), byte);
  return true;
}
bool size_backend_end(void* memory, nv2::mutable_bytes digest) noexcept {
  const counted whole;
  sha256& state = *static_cast<sha256*>(memory);
  const std::uint64_t bits = state.length * 8;
  absorb(state, 0x80);
  while (state.length % 64 != 56) absorb(state, 0);
  for (int shift = 56; shift >= 0; shift -= 8)
    absorb(state, static_cast<std::uint8_t>(bits >> shift));
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest.data()[i] = static_cast<std::uint8_t>(state.h[i / 4] >> (24 - 8 * (i % 4)));
  }
  return digest.size() == 32;
}
nv2::errc size_backend_verify(const nv2::public_key&, nv2::hash_algorithm, nv2::bytes,
                              nv2::bytes) noexcept {
  const counted whole;
  return nv2::errc::ok;
}
}

extern const nv2::crypto_backend size_backend = {"size",
                                                 sizeof(sha256),
                                                 alignof(sha256),
                                                 size_backend_begin,
                                                 size_backend_update,
                                                 size_backend_end,
                                                 size_backend_verify,
                                                 size_backend_verify,
                                                 size_backend_verify};

// Finds out what counting itself costs outside of what it counts: eight calls that do nothing else.
void size_backend_prepare() noexcept {
  inside = 0;
  const std::uint32_t begin = board_count();
  count_nothing();
  count_nothing();
  count_nothing();
  count_nothing();
  count_nothing();
  count_nothing();
  count_nothing();
  count_nothing();
  cost_of_eight = board_count() - begin - inside;
  calls = 0;
}
std::size_t size_backend_allocations() noexcept { return 0; }
std::uint32_t size_backend_count() noexcept { return inside + calls * cost_of_eight / 8; }
