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

/// Writes the fingerprint of the key whose SubjectPublicKeyInfo is `spki`, which must be its one
/// canonical DER form; parse_certificate accepts no other. Costs one SHA-256.
[[nodiscard]] inline errc compute_kid(bytes spki, const crypto_backend& crypto, workspace& memory,
                                      kid_text& out) noexcept {
  digest_value digest;
  hasher hash{crypto, memory, hash_algorithm::sha256};
  hash.update(spki);
  NV2_TRY(hash.finish(digest));
  std::uint32_t bits = 0;
  unsigned available = 0;
  std::size_t next = 0;
  for (std::size_t i = 0; i < kid_size; ++i) {
    if (i % 5 == 4) {
      out.data[i] = ':';
      continue;
    }
    if (available < 5) {
      bits = (bits << 8) | digest.data[next++];
      available += 8;
    }
    available -= 5;
    const std::uint32_t value = (bits >> available) & 31;
    out.data[i] = static_cast<std::uint8_t>(value < 26 ? 'A' + value : '2' + (value - 26));
  }
  return errc::ok;
}

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_NV2_KID_HPP
