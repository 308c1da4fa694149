// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// SHA-1, for one purpose: to recognise which certificate an OCSP response is about.
// Does: hash a text that is all there.
// Does not: protect anything. SHA-1 has collisions, which is why no backend has it, no signature here
// is made with it, and hash_algorithm cannot name it.
//
// Why this use is safe: nearly all OCSP services name a certificate by its serial number and by SHA-1 of
// its issuer's name and key (RFC 6960 section 4.1.1). These hashes choose among responses; they do not
// vouch for any. A response counts only when the very issuer's key, or a responder that this key
// certified, signed it with SHA-2, and then the serial number tells the issuer's certificates apart.
// Hashes that match by chance or by malice therefore gain nothing without that signature, and hashes
// that do not match only make the answer unknown.
#ifndef NV2_CRYPTO_INSECURE_SHA1_HPP
#define NV2_CRYPTO_INSECURE_SHA1_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>

NV2_NAMESPACE_BEGIN

constexpr std::size_t insecure_sha1_size = 20;

namespace detail {

constexpr std::uint32_t rotate_left(std::uint32_t word, unsigned count) noexcept {
  return word << count | word >> (32U - count);
}

/// What one of the 80 steps adds: a function of three words, which changes after every 20, and its
/// constant (FIPS 180-4 section 6.1.2).
constexpr std::uint32_t sha1_mix(unsigned step, std::uint32_t b, std::uint32_t c,
                                 std::uint32_t d) noexcept {
  switch (step / 20) {
    case 0: return ((b & c) | (~b & d)) + 0x5A827999U;
    case 1: return (b ^ c ^ d) + 0x6ED9EBA1U;
    case 2: return ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDCU;
    default: return (b ^ c ^ d) + 0xCA62C1D6U;
  }
}

/// Works the 16 words of a block, which it overwrites, into the state.
inline void sha1_block(std::uint32_t (&state)[5], std::uint32_t (&words)[16]) noexcept {
  std::uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
  for (unsigned step = 0; step < 80; ++step) {
    std::uint32_t& word = words[step % 16];
    if (step >= 16) {
      word = rotate_left(
          word ^ words[(step + 2) % 16] ^ words[(step + 8) % 16] ^ words[(step + 13) % 16], 1);
    }
    const std::uint32_t next = rotate_left(a, 5) + sha1_mix(step, b, c, d) + e + word;
    e = d;
    d = c;
    c = rotate_left(b, 30);
    b = a;
    a = next;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}

}  // namespace detail

/// Writes the SHA-1 of `text` to the first insecure_sha1_size bytes of `digest`, which has as many.
/// About 100 bytes of stack.
inline void insecure_sha1(bytes text, mutable_bytes digest) noexcept {
  std::uint32_t state[5] = {0x67452301U, 0xEFCDAB89U, 0x98BADCFEU, 0x10325476U, 0xC3D2E1F0U};
  std::uint32_t words[16] = {};
  // Behind the text: a byte 80, zeros, and the number of its bits in the last 8 bytes of a block.
  const std::size_t end = (text.size() + 8) / 64 * 64 + 64;
  const std::uint64_t bits = std::uint64_t{text.size()} * 8;
  for (std::size_t i = 0; i < end; ++i) {
    std::uint32_t byte = i == text.size() ? 0x80 : 0;
    if (i < text.size()) {
      byte = text[i];
    } else if (end - i <= 8) {
      byte = static_cast<std::uint8_t>(bits >> 8 * (end - i - 1));
    }
    std::uint32_t& word = words[i / 4 % 16];
    word = word << 8 | byte;
    if (i % 64 == 63) detail::sha1_block(state, words);
  }
  for (unsigned i = 0; i < insecure_sha1_size; ++i) {
    digest.data()[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  }
}

NV2_NAMESPACE_END

#endif  // NV2_CRYPTO_INSECURE_SHA1_HPP
