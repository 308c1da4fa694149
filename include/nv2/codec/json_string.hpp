// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON strings (RFC 8259 section 7) as slices of the text.
// Does: check characters and escapes, compare, unescape, and decode base64 out of them.
// Does not: find strings; that is what json_reader does.
// The caller must: keep the text alive as long as any slice.
#ifndef NV2_CODEC_JSON_STRING_HPP
#define NV2_CODEC_JSON_STRING_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/base64.hpp>

NV2_NAMESPACE_BEGIN

namespace detail {

/// A byte in every place of a word.
template <typename Word>
constexpr Word in_all_bytes(unsigned byte) noexcept {
  return static_cast<Word>(~Word{0} / 0xFF * byte);
}

/// Sets the top bit in each byte of `text` that is a control character, a quote, a backslash or
/// above 7F; and perhaps in bytes of more weight than one of these, never in one of less.
template <typename Word>
constexpr Word mark_special(Word text) noexcept {
  // XOR 02 puts the quote beside the control characters, and XOR 5C makes the backslash 0. The
  // subtractions take these below zero, and leave the top bit of all above 7F in one term or the
  // other (that of DC in the first). A borrow only leaves a byte that is marked.
  return ((text ^ in_all_bytes<Word>(0x02)) - in_all_bytes<Word>(0x21)) |
         ((text ^ in_all_bytes<Word>(0x5C)) - in_all_bytes<Word>(0x01));
}

/// Passes over characters from 20 to 7F that are neither quote nor backslash: sixteen at a time where
/// registers have 64 bits, else four.
inline const std::uint8_t* skip_plain_ascii(const std::uint8_t* at,
                                            const std::uint8_t* end) noexcept {
  if constexpr (sizeof(std::size_t) >= 8) {
    constexpr auto top_bits = in_all_bytes<std::uint64_t>(0x80);
    const std::uint8_t* const last = end - at < 16 ? at : end - 15;
    for (; at < last; at += 16) {
      std::uint64_t text[2];
      std::memcpy(text, at, sizeof text);
      const std::uint64_t marks[2] = {mark_special(text[0]), mark_special(text[1])};
      if (((marks[0] | marks[1]) & top_bits) == 0) continue;
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
      const bool in_first = (marks[0] & top_bits) != 0;
      return at + (in_first ? 0 : 8) + __builtin_ctzll(marks[in_first ? 0 : 1] & top_bits) / 8;
#else
      break;
#endif
    }
  } else {
    for (; end - at > 3; at += 4) {
      std::uint32_t text = 0;
      std::memcpy(&text, at, sizeof text);
      if ((mark_special(text) & in_all_bytes<std::uint32_t>(0x80)) != 0) break;
    }
  }
  while (at != end && *at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\') ++at;
  return at;
}

/// 4HEXDIG, or a negative number with `at` at the character that is wrong or missing.
inline std::int32_t read_hex4(const std::uint8_t*& at, const std::uint8_t* end) noexcept {
  std::uint32_t value = 1;
  for (; value >> 16 == 0; ++at) {
    if (at == end) return -1;
    const std::uint32_t digit = *at - std::uint32_t{'0'};
    const std::uint32_t letter = (*at | 0x20U) - std::uint32_t{'a'};
    if (digit > 9 && letter > 5) return -1;
    value = value << 4 | (digit <= 9 ? digit : letter + 10);
  }
  return static_cast<std::int32_t>(value & 0xFFFF);
}

/// What follows a backslash: one of "\/bfnrt, or u 4HEXDIG, where the halves of a surrogate pair
/// must stand together. The code, or a negative number as for read_hex4(). // spec: G-010
inline std::int32_t read_escape(const std::uint8_t*& at, const std::uint8_t* end) noexcept {
  if (at == end) return -1;
  if (*at != 'u') {
    constexpr char meanings[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    for (const char* m = meanings; *m != 0; m += 2) {
      if (*at != static_cast<std::uint8_t>(*m)) continue;
      ++at;
      return m[1];
    }
    return -1;
  }
  const std::int32_t code = read_hex4(++at, end);
  if (code >> 11 != 0x1B) return code;
  if (code >= 0xDC00 || at == end || *at != '\\') return -1;
  if (++at == end || *at != 'u') return -1;
  const std::int32_t low = read_hex4(++at, end);
  return low >> 10 == 0x37 ? 0x10000 + ((code & 0x3FF) << 10 | (low & 0x3FF)) : -1;
}

}  // namespace detail

/// A cursor over the unescaped bytes of a string that the reader has validated.
class json_chars {
 public:
  /// `raw` is what stands between the quotes; a quote after it also ends the string.
  explicit json_chars(bytes raw) noexcept : at_(raw.begin()), end_(raw.end()) {}

  /// Reads the next byte of the UTF-8 text; false at the end.
  bool next(std::uint8_t& c) noexcept {
    if (pending_ == 0) {
      if (at_ == end_ || *at_ == '"') return false;
      c = *at_++;
      if (c != '\\') return true;
      const auto code = static_cast<std::uint32_t>(detail::read_escape(at_, end_));
      if (code < 0x80) {
        c = static_cast<std::uint8_t>(code);
        return true;
      }
      encode(code);
    }
    c = static_cast<std::uint8_t>(pending_);
    pending_ >>= 8;
    return true;
  }

  /// Whether the two read alike.
  static bool same(json_chars& a, json_chars& b) noexcept {
    std::uint8_t c = 0;
    std::uint8_t d = 0;
    while (a.next(c)) {
      if (!b.next(d) || c != d) return false;
    }
    return !b.next(d);
  }

 private:
  /// Puts the bytes of a code above 7F into `pending_`, the first one lowest.
  void encode(std::uint32_t code) noexcept {
    std::uint32_t lead_bits = 0x3F;
    do {
      pending_ = pending_ << 8 | 0x80 | (code & 0x3F);
      code >>= 6;
      lead_bits >>= 1;
    } while (code > lead_bits);
    pending_ = pending_ << 8 | (~(lead_bits << 1 | 1) & 0xFF) | code;
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  std::uint32_t pending_ = 0;
};

class json_reader;

/// A valid string as it stands in the text, between its quotes. Only a json_reader makes one that
/// is not empty.
class json_string {
 public:
  constexpr json_string() noexcept = default;

  constexpr bytes raw() const noexcept { return raw_; }
  /// Whether anything is escaped; if not, raw() is the text.
  constexpr bool has_escapes() const noexcept { return has_escapes_; }
  json_chars chars() const noexcept { return json_chars{raw_}; }

  /// Whether the string reads `text`, byte for byte, after unescaping. // spec: G-011
  bool equals(std::string_view text) const noexcept {
    if (!has_escapes_) return equal(raw_, text);
    json_chars left = chars();
    std::uint8_t c = 0;
    for (const char expected : text) {
      if (!left.next(c) || c != static_cast<std::uint8_t>(expected)) return false;
    }
    return !left.next(c);
  }
  /// The same for a literal, whose length needs no counting.
  template <std::size_t N>
  bool equals(const char (&literal)[N]) const noexcept {
    return equals(std::string_view{literal, N - 1});
  }
  /// Which of `names` the string reads, each of which stands behind its length; how many they are when
  /// it reads none of them.
  unsigned find_in(const char* names) const noexcept {
    unsigned place = 0;
    for (std::size_t size = 0; (size = static_cast<unsigned char>(*names)) != 0; ++place) {
      if (equals(std::string_view{names + 1, size})) break;
      names += 1 + size;
    }
    return place;
  }

 private:
  friend class json_reader;
  constexpr json_string(bytes raw, bool has_escapes) noexcept
      : raw_(raw), has_escapes_(has_escapes) {}

  bytes raw_;
  bool has_escapes_ = false;
};

/// The text of `string`: its raw bytes when nothing is escaped, otherwise a copy in the workspace.
/// Takes `max_size` bytes at most and keeps those of the text. Errors: workspace_exhausted;
/// json_copy_length when an escaped text has more than `max_size` bytes.
[[nodiscard]] inline errc unescape(const json_string& string, std::size_t max_size,
                                   workspace& memory, bytes& out) noexcept {
  out = string.raw();
  if (!string.has_escapes()) return errc::ok;
  const std::size_t mark = memory.mark();
  const std::size_t room = out.size() < max_size ? out.size() : max_size;
  const mutable_bytes copy = memory.take_bytes(room);
  out = {};
  if (copy.size() != room) return errc::workspace_exhausted;
  std::size_t size = 0;
  json_chars chars = string.chars();
  for (std::uint8_t c = 0; chars.next(c); ++size) {
    if (size == room) return errc::json_copy_length;  // spec: G-003
    copy.data()[size] = c;
  }
  memory.rewind(mark + size);
  out = copy.first(size);
  return errc::ok;
}

/// Decodes the base64 text of `string` into `room`, which may be the very memory of the text.
/// Errors: those of decode_base64(bytes). Escapes are read on the way, which makes such a text some
/// ten times as slow.
[[nodiscard]] inline errc decode_base64(const json_string& string, base64_alphabet alphabet,
                                        base64_rules rules, mutable_bytes room,
                                        std::size_t& written) noexcept {
  written = 0;
  base64_decoder decoder{alphabet, rules, room};
  if (!string.has_escapes()) {
    NV2_TRY(decoder.update(string.raw()));
    return decoder.finish(written);
  }
  json_chars chars = string.chars();
  for (std::uint8_t c[1]; chars.next(c[0]);) NV2_TRY(decoder.update(c));
  return decoder.finish(written);
}

/// The same into the workspace, of which three quarters of the escaped text are needed. On an error
/// `out` is empty and nothing is kept.
[[nodiscard]] inline errc decode_base64(const json_string& string, base64_alphabet alphabet,
                                        base64_rules rules, workspace& memory,
                                        mutable_bytes& out) noexcept {
  out = {};
  const std::size_t mark = memory.mark();
  const mutable_bytes room = memory.take_bytes(max_decoded_size(string.raw().size()));
  if (room.size() != max_decoded_size(string.raw().size())) return errc::workspace_exhausted;
  std::size_t written = 0;
  const errc error = decode_base64(string, alphabet, rules, room, written);
  memory.rewind(mark + written);
  out = room.first(written);
  return error;
}

NV2_NAMESPACE_END

#endif  // NV2_CODEC_JSON_STRING_HPP
