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
constexpr std::uint32_t base64_sextet(base64_alphabet alphabet, std::uint32_t c) noexcept {
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

template <base64_alphabet Alphabet>
struct base64_table {
  static constexpr std::array<std::uint32_t, 256> make() noexcept {
    std::array<std::uint32_t, 256> values{};
    for (std::uint32_t c = 0; c < values.size(); ++c) values[c] = base64_sextet(Alphabet, c);
    return values;
  }
  static constexpr std::array<std::uint32_t, 256> sextets = make();
};

/// Writes the low six bytes of `value`, the highest first, and two more of any content.
inline void store_six(std::uint8_t* out, std::uint64_t value) noexcept {
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  value = __builtin_bswap64(value << 16);
  std::memcpy(out, &value, sizeof value);
#else
  for (unsigned i = 0; i < 6; ++i) out[i] = static_cast<std::uint8_t>(value >> (40 - 8 * i));
#endif
}

/// Decodes eight characters at a time, as long as all are in the alphabet and more than ten are
/// left: so many leave room for the two bytes that are written too far.
inline void decode_base64_blocks(const std::uint32_t* sextets, const std::uint8_t*& at,
                                 const std::uint8_t* end, std::uint8_t* out,
                                 std::size_t& written) noexcept {
  const auto quad = [sextets](const std::uint8_t* c) noexcept {
    return ((sextets[c[0]] << 6 | sextets[c[1]]) << 6 | sextets[c[2]]) << 6 | sextets[c[3]];
  };
  const std::uint8_t* from = at;
  std::uint8_t* to = out + written;
  for (auto left = end - at; left > 10; left -= 8, from += 8, to += 6) {
    const std::uint32_t high = quad(from);
    const std::uint32_t low = quad(from + 4);
    if ((high | low) >> 31 != 0) break;
    store_six(to, std::uint64_t{high} << 24 | low);
  }
  at = from;
  written = static_cast<std::size_t>(to - out);
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
  [[nodiscard]] errc update(bytes text) noexcept {
    const std::uint8_t* at = text.begin();
    const std::uint8_t* const end = text.end();
    while (true) {
      if (detail::base64_in_blocks && group_ == empty_group) blocks(at, end);
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
    const bool standard = alphabet_ == base64_alphabet::standard_padded;
    detail::decode_base64_blocks(
        standard ? detail::base64_table<base64_alphabet::standard_padded>::sextets.data()
                 : detail::base64_table<base64_alphabet::url_unpadded>::sextets.data(),
        at, end, out_.data(), written_);
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
