// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// UTF-8 (RFC 3629): the shortest form of every code point but the surrogates.
#ifndef NV2_CODEC_UTF8_HPP
#define NV2_CODEC_UTF8_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>

NV2_NAMESPACE_BEGIN

/// Passes over one character; `at` is not the end. On false it stands at the byte that is wrong, or
/// at the end when the character is cut.
///
///     UTF8-1 = %x00-7F
///     UTF8-2 = %xC2-DF UTF8-tail
///     UTF8-3 = %xE0 %xA0-BF UTF8-tail / %xE1-EC 2( UTF8-tail ) /
///              %xED %x80-9F UTF8-tail / %xEE-EF 2( UTF8-tail )
///     UTF8-4 = %xF0 %x90-BF 2( UTF8-tail ) / %xF1-F3 3( UTF8-tail ) / %xF4 %x80-8F 2( UTF8-tail )
inline bool skip_utf8_character(const std::uint8_t*& at, const std::uint8_t* end) noexcept {
  const std::uint32_t lead = *at;
  if (lead >= 0x80) {
    if (lead < 0xC2 || lead > 0xF4) return false;
    const unsigned tail = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    std::uint32_t code = lead & (0x3FU >> tail);
    for (unsigned i = 0; i < tail; ++i) {
      if (++at == end || (*at & 0xC0) != 0x80) return false;
      code = code << 6 | (*at & 0x3FU);
    }
    const bool too_long = code >> (5 * tail + 1) == 0;
    if (too_long || code >> 11 == 0xD800 >> 11 || code > 0x10FFFF) return false;
  }
  ++at;
  return true;
}

/// Whether `text` is UTF-8 from end to end. Where registers have 64 bits, ASCII costs an instruction or two a byte.
inline bool is_utf8(bytes text) noexcept {
  const std::uint8_t* at = text.begin();
  const std::uint8_t* const end = text.end();
  while (at != end) {
    if constexpr (sizeof(std::size_t) >= 8) {
      std::uint64_t word = ~std::uint64_t{0};
      if (static_cast<std::size_t>(end - at) >= sizeof word) std::memcpy(&word, at, sizeof word);
      if ((word & 0x8080808080808080) == 0) {
        at += sizeof word;
        continue;
      }
    }
    if (!skip_utf8_character(at, end)) return false;
  }
  return true;
}

NV2_NAMESPACE_END

#endif  // NV2_CODEC_UTF8_HPP
