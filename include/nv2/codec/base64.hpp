// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Base64 (RFC 4648 section 4) and base64url (section 5), read strictly.
// Does: decode text that has exactly one spelling, in pieces or in one call, also onto itself.
// Does not: encode, or skip anything unless told to be lenient.
// The caller must: not use what was written when the answer is not ok.
#ifndef NV2_CODEC_BASE64_HPP
#define NV2_CODEC_BASE64_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>

NV2_NAMESPACE_BEGIN

/// `standard_padded`: + and /, filled up with =. `url_unpadded`: - and _, no = at all.
enum class base64_alphabet : std::uint8_t { standard_padded, url_unpadded };

/// `lenient` (compat b64_lenient): CR and LF anywhere are skipped, unused bits may be anything.
enum class base64_rules : std::uint8_t { strict, lenient };

/// An upper bound of the bytes that `text_size` characters decode to; too large by 2 at most.
constexpr std::size_t max_decoded_size(std::size_t text_size) noexcept {
  return text_size - text_size / 4 - (text_size % 4 != 0 ? 1 : 0);
}

namespace detail {

/// The value of a character, or 2^32-1 when it is not in the alphabet.
[[gnu::always_inline]] constexpr std::uint32_t base64_sextet(base64_alphabet alphabet,
                                                             std::uint32_t c) noexcept {
  const bool standard = alphabet == base64_alphabet::standard_padded;
  if (c - 'A' < 26) return c - 'A';
  if (c - 'a' < 26) return c - 'a' + 26;
  if (c - '0' < 10) return c - '0' + 52;
  if (c == (standard ? '+' : '-')) return 62;
  if (c == (standard ? '/' : '_')) return 63;
  return ~std::uint32_t{0};
}

/// Whether speed is worth a table: only where registers have 64 bits.
constexpr bool base64_in_blocks = sizeof(std::size_t) >= 8;

// In the highest byte of what base64_parts has for a character: why it may not stand there.
constexpr std::uint32_t base64_neither = 1U << 31, base64_not_url = 1U << 30,
                        base64_not_standard = 1U << 29;

using base64_parts_table = std::array<std::array<std::uint32_t, 256>, 4>;

constexpr base64_parts_table make_base64_parts() noexcept {
  base64_parts_table parts{};
  for (std::uint32_t c = 0; c < 256; ++c) {
    const std::uint32_t standard = base64_sextet(base64_alphabet::standard_padded, c);
    const std::uint32_t url = base64_sextet(base64_alphabet::url_unpadded, c);
    const std::uint32_t value = standard < url ? standard : url;
    std::uint32_t mark = standard < url ? base64_not_url : url < standard ? base64_not_standard : 0;
    if (value > 63) mark = base64_neither;
    parts[0][c] = mark | (value << 2 & 0xFF);
    parts[1][c] = mark | (value >> 4 & 0x03) | (value << 12 & 0xF000);
    parts[2][c] = mark | (value << 6 & 0x0F00) | (value << 22 & 0xC00000);
    parts[3][c] = mark | (value << 16 & 0x3F0000);
  }
  return parts;
}
/// What each character adds to the three bytes of its group at each of the four places, the first
/// byte lowest. A table of two alphabets, for speed.
inline constexpr base64_parts_table base64_parts = make_base64_parts();

/// The group that begins at `c`, in the low three bytes.
inline std::uint32_t base64_group(const std::uint8_t* c) noexcept {
  return base64_parts[0][c[0]] | base64_parts[1][c[1]] | base64_parts[2][c[2]] |
         base64_parts[3][c[3]];
}
/// Writes the three bytes of `group`, and a fourth of any content.
inline void store_base64_group(std::uint8_t* out, std::uint32_t group) noexcept {
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  std::memcpy(out, &group, sizeof group);
#else
  for (unsigned i = 0; i < 3; ++i) out[i] = static_cast<std::uint8_t>(group >> 8 * i);
#endif
}

/// Decodes sixteen characters at a time, as long as all are in the alphabet and two more follow:
/// these leave room for the byte that is written too far.
inline void decode_base64_blocks(base64_alphabet alphabet, const std::uint8_t*& at,
                                 const std::uint8_t* end, std::uint8_t*& out) noexcept {
  const bool standard = alphabet == base64_alphabet::standard_padded;
  const std::uint32_t refused = base64_neither | (standard ? base64_not_standard : base64_not_url);
  const std::uint8_t* from = at;
  std::uint8_t* to = out;
  for (auto left = end - at; left > 17; left -= 16, from += 16, to += 12) {
    const std::uint32_t first = base64_group(from);
    const std::uint32_t second = base64_group(from + 4);
    const std::uint32_t third = base64_group(from + 8);
    const std::uint32_t fourth = base64_group(from + 12);
    if (((first | second | third | fourth) & refused) != 0) break;
    store_base64_group(to, first);
    store_base64_group(to + 3, second);
    store_base64_group(to + 6, third);
    store_base64_group(to + 9, fourth);
  }
  at = from;
  out = to;
}

}  // namespace detail

/// Decodes base64 that arrives in pieces. After an error it must not be used any more.
class base64_decoder {
 public:
  /// Writes to `out`. It may be the memory of the text itself: writing never overtakes reading.
  base64_decoder(base64_alphabet alphabet, base64_rules rules, mutable_bytes out) noexcept
      : out_(out), alphabet_(alphabet), rules_(rules) {}

  /// Decodes the next piece. Errors: base64_character, base64_length, base64_trailing_bits;
  /// workspace_exhausted when the output is full.
  [[nodiscard]] errc update(const bytes& text) noexcept {
    const std::uint8_t* at = text.begin();
    const std::uint8_t* const end = text.end();
    while (true) {
      if (group_ == empty_group) {
        if constexpr (detail::base64_in_blocks) {
          blocks(at, end);
        } else {
          groups(at, end);
        }
      }
      if (at == end) return errc::ok;
      NV2_TRY(put(*at++));
    }
  }

  /// Ends the text; `written` bytes are then all there is.
  [[nodiscard]] errc finish(std::size_t& written) noexcept {
    while (group_ > empty_group) {
      // Without padding the last group is filled up here; with it nothing may be missing.
      if (alphabet_ == base64_alphabet::standard_padded) return errc::base64_length;  // spec: G-016
      NV2_TRY(put_padding());
    }
    written = written_;
    return errc::ok;
  }

 private:
  /// A group holds its sextets below a one bit, which tells how many there are. It is 0 after the
  /// padding, when nothing may follow.
  static constexpr std::uint32_t empty_group = 1;

  void blocks(const std::uint8_t*& at, const std::uint8_t* end) noexcept {
    if (out_.size() - written_ < max_decoded_size(static_cast<std::size_t>(end - at))) return;
    std::uint8_t* to = out_.data() + written_;
    detail::decode_base64_blocks(alphabet_, at, end, to);
    written_ = static_cast<std::size_t>(to - out_.data());
  }

  /// Passes over whole groups of the alphabet that fit, and stops at anything else.
  void groups(const std::uint8_t*& at, const std::uint8_t* end) noexcept {
    const std::uint8_t* from = at;
    std::uint8_t* to = out_.data() + written_;
    for (const std::uint8_t* const full = out_.data() + out_.size(); end - from > 3;) {
      std::uint32_t group = empty_group;
      while (group >> 24 == 0) {
        const std::uint32_t value = detail::base64_sextet(alphabet_, *from++);
        if (value > 63) return;
        group = group << 6 | value;
      }
      if (full - to < 3) return;
      *to++ = static_cast<std::uint8_t>(group >> 16);
      *to++ = static_cast<std::uint8_t>(group >> 8);
      *to++ = static_cast<std::uint8_t>(group);
      at = from;
      written_ += 3;
    }
  }

  /// Takes one character, whatever it is.
  errc put(std::uint8_t c) noexcept {
    const std::uint32_t value = detail::base64_sextet(alphabet_, c);
    if (value < 64) return pads_ == 0 ? put_sextet(value) : errc::base64_length;  // spec: G-016
    if (rules_ == base64_rules::lenient && (c == '\r' || c == '\n')) return errc::ok;
    if (c == '=' && alphabet_ == base64_alphabet::standard_padded) return put_padding();
    return errc::base64_character;  // spec: G-016 G-017
  }
  /// Padding is a sextet of zeros that may only follow two others.
  errc put_padding() noexcept {
    if (group_ >> 12 == 0) return errc::base64_length;  // spec: G-016 G-017
    ++pads_;
    return put_sextet(0);
  }
  errc put_sextet(std::uint32_t value) noexcept {
    group_ = group_ << 6 | value;
    if (group_ >> 24 == 0) return errc::ok;
    for (unsigned i = 3; i != 0; --i, group_ <<= 8) {
      const auto byte = static_cast<std::uint8_t>(group_ >> 16);
      if (i > pads_) {
        if (written_ == out_.size()) return errc::workspace_exhausted;
        out_.data()[written_++] = byte;
      } else if (byte != 0 && rules_ == base64_rules::strict) {
        return errc::base64_trailing_bits;  // spec: G-016 G-017
      }
    }
    group_ = pads_ == 0 ? empty_group : 0;
    return errc::ok;
  }

  mutable_bytes out_;
  std::size_t written_ = 0;
  std::uint32_t group_ = empty_group;
  base64_alphabet alphabet_;
  base64_rules rules_;
  std::uint8_t pads_ = 0;
};

/// Decodes `text` into `out`, which may be the very memory of `text`. `written` is 0 on any error;
/// workspace_exhausted means that `out` is too small.
[[nodiscard]] inline errc decode_base64(bytes text, base64_alphabet alphabet, base64_rules rules,
                                        mutable_bytes out, std::size_t& written) noexcept {
  written = 0;
  base64_decoder decoder{alphabet, rules, out};
  NV2_TRY(decoder.update(text));
  return decoder.finish(written);
}

/// Decodes `text` into the workspace. Three quarters of the text are taken at first, and what was
/// too much is given back. On an error nothing is kept and `out` is empty.
[[nodiscard]] inline errc decode_base64(bytes text, base64_alphabet alphabet, base64_rules rules,
                                        workspace& memory, mutable_bytes& out) noexcept {
  out = {};
  const std::size_t mark = memory.mark();
  const mutable_bytes room = memory.take_bytes(max_decoded_size(text.size()));
  if (room.size() != max_decoded_size(text.size())) return errc::workspace_exhausted;
  std::size_t written = 0;
  const errc error = decode_base64(text, alphabet, rules, room, written);
  memory.rewind(mark + written);
  out = room.first(written);
  return error;
}

NV2_NAMESPACE_END

#endif  // NV2_CODEC_BASE64_HPP
