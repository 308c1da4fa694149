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
  return text_size / 4 * 3 + text_size % 4 * 3 / 4;
}

namespace detail {

constexpr std::int8_t no_sextet = -128;

/// The values of letters and digits; what differs between the alphabets is filled in by each user.
constexpr std::array<std::int8_t, 128> make_sextets() noexcept {
  std::array<std::int8_t, 128> table{};
  for (std::size_t c = 0; c < table.size(); ++c) {
    const int code = static_cast<int>(c);
    int value = no_sextet;
    if (code >= 'A' && code <= 'Z') value = code - 'A';
    if (code >= 'a' && code <= 'z') value = code - 'a' + 26;
    if (code >= '0' && code <= '9') value = code - '0' + 52;
    table[c] = static_cast<std::int8_t>(value);
  }
  return table;
}
inline constexpr std::array<std::int8_t, 128> sextets = make_sextets();

}  // namespace detail

/// Decodes base64 that arrives in pieces. Costs about 5 instructions a character and 128 bytes of
/// stack for the table. The first error sticks; after it nothing more is written.
class base64_decoder {
 public:
  /// Writes to `out`. It may be the memory of the text itself: writing never overtakes reading.
  base64_decoder(base64_alphabet alphabet, base64_rules rules, mutable_bytes out) noexcept
      : out_(out.data()), room_(out.size()), sextets_(detail::sextets), alphabet_(alphabet),
        rules_(rules) {
    const bool standard = alphabet == base64_alphabet::standard_padded;
    sextets_[standard ? '+' : '-'] = 62;
    sextets_[standard ? '/' : '_'] = 63;
  }

  /// Decodes the next piece.
  void update(bytes text) noexcept {
    const std::uint8_t* at = text.begin();
    const std::uint8_t* const end = text.end();
    while (at != end && error_ == errc::ok) {
      if (count_ == 0 && pads_ == 0) at = blocks(at, end);
      if (at != end) put(*at++);
    }
  }

  /// Ends the text; `left` tells how many bytes of the output were not needed.
  [[nodiscard]] errc finish(std::size_t& left) noexcept {
    const bool whole = alphabet_ == base64_alphabet::standard_padded
                           ? (count_ + pads_) % 4 == 0
                           : count_ != 1;
    if (!whole) fail(errc::base64_length);  // spec: G-016 G-017
    if (count_ != 0) flush();
    left = room_;
    return error_;
  }

 private:
  /// 24 bits from four characters; above them all ones when one is not in the alphabet.
  std::uint32_t quad(const std::uint8_t* at) const noexcept {
    return sextet(at[0]) << 18 | sextet(at[1]) << 12 | sextet(at[2]) << 6 | sextet(at[3]);
  }
  std::uint32_t sextet(std::uint8_t c) const noexcept {
    return static_cast<std::uint32_t>(static_cast<std::int32_t>(sextets_[c]));
  }

  /// Decodes eight characters at a time, as far as all is plain, and returns where it stopped.
  const std::uint8_t* blocks(const std::uint8_t* at, const std::uint8_t* end) noexcept {
    std::uint8_t* out = out_;
    if (room_ < max_decoded_size(static_cast<std::size_t>(end - at))) return at;
    for (; end - at >= 11; at += 8, out += 6) {
      std::uint64_t text;
      std::memcpy(&text, at, sizeof text);
      if ((text & 0x8080808080808080U) != 0) break;
      const std::uint32_t high = quad(at);
      const std::uint32_t low = quad(at + 4);
      if ((high | low) >> 31 != 0) break;
      store(out, high << 8);
      store(out + 3, low << 8);
    }
    room_ -= static_cast<std::size_t>(out - out_);
    out_ = out;
    return at;
  }
  static void store(std::uint8_t* out, std::uint32_t word) noexcept {
    const std::uint8_t big_endian[4] = {
        static_cast<std::uint8_t>(word >> 24), static_cast<std::uint8_t>(word >> 16),
        static_cast<std::uint8_t>(word >> 8), static_cast<std::uint8_t>(word)};
    std::memcpy(out, big_endian, sizeof big_endian);
  }

  /// Takes one character, whatever it is.
  void put(std::uint8_t c) noexcept {
    const std::uint32_t value = c < 128 ? sextet(c) : ~0U;
    if (value < 64 && pads_ == 0) {
      group_ = group_ << 6 | value;
      if (++count_ == 4) flush();
      return;
    }
    if (rules_ == base64_rules::lenient && (c == '\r' || c == '\n')) return;
    const bool pad = c == '=' && alphabet_ == base64_alphabet::standard_padded;
    if (pad && count_ >= 2 && count_ + pads_ < 4) {
      ++pads_;
      return;
    }
    fail(pad || value < 64 ? errc::base64_length : errc::base64_character);  // spec: G-016 G-017
  }

  /// Writes the whole bytes of the group and looks at the bits left over.
  void flush() noexcept {
    std::uint32_t bits = group_ << (32 - 6 * count_);
    for (unsigned n = count_ * 6U / 8; n != 0 && error_ == errc::ok; --n, bits <<= 8) {
      if (room_ == 0) return fail(errc::workspace_exhausted);
      *out_++ = static_cast<std::uint8_t>(bits >> 24);
      --room_;
    }
    count_ = 0;
    group_ = 0;
    if (bits != 0 && rules_ == base64_rules::strict) {
      fail(errc::base64_trailing_bits);  // spec: G-016 G-017
    }
  }

  void fail(errc code) noexcept {
    if (error_ == errc::ok) error_ = code;
  }

  std::uint8_t* out_;
  std::size_t room_;
  std::uint32_t group_ = 0;
  std::array<std::int8_t, 128> sextets_;
  base64_alphabet alphabet_;
  base64_rules rules_;
  errc error_ = errc::ok;
  std::uint8_t count_ = 0;
  std::uint8_t pads_ = 0;
};

/// Decodes `text` into `out`, which may be the very memory of `text`. `written` is 0 on any error;
/// workspace_exhausted means that `out` is too small.
[[nodiscard]] inline errc decode_base64(bytes text, base64_alphabet alphabet, base64_rules rules,
                                        mutable_bytes out, std::size_t& written) noexcept {
  base64_decoder decoder{alphabet, rules, out};
  decoder.update(text);
  std::size_t left = 0;
  const errc error = decoder.finish(left);
  written = error == errc::ok ? out.size() - left : 0;
  return error;
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
