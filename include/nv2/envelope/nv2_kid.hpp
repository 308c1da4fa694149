// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The key fingerprint of the prototype: the first 30 bytes of SHA-256 over SubjectPublicKeyInfo, in
// base32, with a colon after every fourth character.
#ifndef NV2_ENVELOPE_NV2_KID_HPP
#define NV2_ENVELOPE_NV2_KID_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/crypto/backend.hpp>

NV2_NAMESPACE_BEGIN

/// Length of a key fingerprint: twelve groups of four characters and the colons between them.
constexpr std::size_t kid_size = 59;

/// A key fingerprint by value.
struct kid_text {
  std::uint8_t data[kid_size] = {};

  bytes view() const noexcept { return {data, kid_size}; }
};

/// Whether `text` is twelve groups of four base32 characters joined by colons. // spec: N-073
inline bool is_kid(bytes text) noexcept {
  if (text.size() != kid_size) return false;
  for (std::size_t i = 0; i < kid_size; ++i) {
    const std::uint8_t c = text[i];
    const bool base32 = (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
    if (i % 5 == 4 ? c != ':' : !base32) return false;
  }
  return true;
}

/// The character at `index` of the fingerprint of a key whose SHA-256 is `digest`: five bits of it, of
/// which the first 240 count, or the colon after four of them.
inline std::uint8_t kid_character(bytes digest, std::size_t index) noexcept {
  if (index % 5 == 4) return ':';
  const std::size_t bit = (index - index / 5) * 5;
  const unsigned both = digest[bit / 8] * 256U + digest[bit / 8 + 1];
  const unsigned value = both >> (11 - bit % 8) & 31;
  return static_cast<std::uint8_t>(value < 26 ? 'A' + value : '2' + (value - 26));
}

/// Writes the fingerprint of the key whose SubjectPublicKeyInfo is `spki`, which must be its one
/// canonical DER form; parse_certificate accepts no other. Costs one SHA-256.
[[nodiscard]] inline errc compute_kid(bytes spki, const crypto_backend& crypto, workspace& memory,
                                      kid_text& out) noexcept {
  const std::size_t mark = memory.mark();
  bytes digest;
  NV2_TRY(hash_bytes(crypto, hash_algorithm::sha256, spki, memory, digest));
  for (std::size_t i = 0; i < kid_size; ++i) out.data[i] = kid_character(digest, i);
  memory.rewind(mark);
  return errc::ok;
}

/// Whether `kid` is the fingerprint of the key whose SubjectPublicKeyInfo is `spki`, see
/// compute_kid(). Errors: kid_mismatch, and those of hashing. // spec: N-071
[[nodiscard]] inline errc check_kid(bytes kid, bytes spki, const crypto_backend& crypto,
                                    workspace& memory) noexcept {
  const std::size_t mark = memory.mark();
  bytes digest;
  NV2_TRY(hash_bytes(crypto, hash_algorithm::sha256, spki, memory, digest));
  std::size_t same = 0;
  while (same < kid.size() && same < kid_size && kid[same] == kid_character(digest, same)) ++same;
  memory.rewind(mark);
  return same == kid_size && kid.size() == kid_size ? errc::ok : errc::kid_mismatch;
}

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_NV2_KID_HPP
