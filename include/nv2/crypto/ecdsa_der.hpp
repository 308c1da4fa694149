// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// ECDSA signatures as certificates carry them.
// Does: turn the one DER form of a pair of integers into r || s, which every backend takes.
// Does not: compare r and s with the order of the curve; backends do.
#ifndef NV2_CRYPTO_ECDSA_DER_HPP
#define NV2_CRYPTO_ECDSA_DER_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/crypto/algorithm.hpp>

NV2_NAMESPACE_BEGIN

/// Decodes a signature by a key of `kind` into r || s, each as wide as a coordinate of its curve.
///
///   Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
///
/// Refuses what is not DER, what is not positive, and what is wider than a coordinate. `raw` lies in
/// the workspace. Errors: signature_encoding, workspace_exhausted.
[[nodiscard]] inline errc decode_ecdsa_signature(bytes der, key_kind kind, workspace& memory,
                                                 bytes& raw) noexcept {
  const std::size_t width = coordinate_size(kind);
  const mutable_bytes room = memory.take_bytes(2 * width);
  if (room.empty()) return errc::workspace_exhausted;
  std::memset(room.data(), 0, room.size());
  der_reader reader{der};
  const der_reader::outer_end outer = reader.enter(der_tag::sequence);
  for (std::size_t end = width; end <= room.size(); end += width) {
    const bytes integer = reader.read_unsigned();
    const bool positive = !integer.empty() && (integer.size() > 1 || integer[0] != 0);
    if (!positive || integer.size() > width) return errc::signature_encoding;  // spec: X-001
    std::memcpy(room.data() + end - integer.size(), integer.data(), integer.size());
  }
  reader.leave(outer);
  raw = room;
  return reader.finish() == errc::ok ? errc::ok : errc::signature_encoding;  // spec: X-001
}

NV2_NAMESPACE_END

#endif  // NV2_CRYPTO_ECDSA_DER_HPP
