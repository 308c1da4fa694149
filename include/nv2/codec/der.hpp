// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A strict reader of DER, the encoding of certificates (X.690 sections 8 to 11).
// Does: definite shortest lengths, exact tags of one byte, minimal integers, real dates. The first
// error sticks: later reads return empty views, more() is false, and finish() tells what went wrong.
// Does not: build a tree, copy, recurse, or know any schema.
// The caller must: leave() every element it enter()ed, and look at finish() before it uses a value.
#ifndef NV2_CODEC_DER_HPP
#define NV2_CODEC_DER_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>

NV2_NAMESPACE_BEGIN

/// First bytes of DER elements.
namespace der_tag {
constexpr std::uint8_t boolean = 0x01, integer = 0x02, bit_string = 0x03, octet_string = 0x04,
                       null = 0x05, oid = 0x06, enumerated = 0x0A, utf8_string = 0x0C,
                       numeric_string = 0x12, printable_string = 0x13, teletex_string = 0x14,
                       ia5_string = 0x16, utc_time = 0x17, generalized_time = 0x18,
                       visible_string = 0x1A, universal_string = 0x1C, bmp_string = 0x1E,
                       sequence = 0x30, set = 0x31;
/// [number] IMPLICIT of a primitive type; `number` below 31.
constexpr std::uint8_t context(unsigned number) noexcept {
  return static_cast<std::uint8_t>(0x80U | number);
}
/// [number] EXPLICIT, or IMPLICIT of a constructed type; `number` below 31.
constexpr std::uint8_t context_constructed(unsigned number) noexcept {
  return static_cast<std::uint8_t>(0xA0U | number);
}
}  // namespace der_tag

/// How deep check_der() follows constructed elements.
constexpr std::size_t max_der_depth = 32;

/// Reads DER elements one after the other, and the elements inside them after enter().
/// All views lie in the input.
class der_reader {
 public:
  /// What enter() returns and leave() takes: where the surrounding element ends.
  using outer_end = const std::uint8_t*;

  explicit der_reader(bytes input) noexcept : next_(input.data()), end_(input.data() + input.size()) {}

  /// Whether something is left in the current element; false after an error.
  bool more() const noexcept { return next_ != end_; }
  /// Whether the next element has `tag`; false at the end and after an error.
  bool next_is(std::uint8_t tag) const noexcept { return more() && *next_ == tag; }
  /// What is left of the current element, unread.
  bytes rest() const noexcept { return until(next_, end_); }

  /// Steps into the contents of the next element, which must have `tag`.
  outer_end enter(std::uint8_t tag) noexcept {
    const outer_end outer = end_;
    const std::uint8_t* const contents = advance(tag);
    end_ = next_;
    next_ = contents;
    return outer;
  }
  /// Steps into a BIT STRING that holds whole bytes.
  outer_end enter_bit_string() noexcept {
    const outer_end outer = enter(der_tag::bit_string);
    if (!more() || *next_ != 0) {
      fail(errc::der_bit_string);  // spec: X-001
    } else {
      ++next_;
    }
    return outer;
  }
  /// Steps out of an element, which must have been read to its end.
  void leave(outer_end outer) noexcept {
    if (more()) fail(errc::der_trailing);  // spec: X-001
    if (next_ != nullptr) end_ = outer;
  }

  /// The contents of the next element, which must have `tag`.
  bytes read(std::uint8_t tag) noexcept {
    const std::uint8_t* const contents = advance(tag);
    return until(contents, next_);
  }
  /// The next element, which must have `tag`, with tag and length.
  bytes read_element(std::uint8_t tag) noexcept {
    const std::uint8_t* const start = next_;
    return advance(tag) == nullptr ? bytes{} : until(start, next_);
  }
  /// The contents of the next element and its tag, which may be any of one byte.
  bytes read_any(std::uint8_t& tag) noexcept {
    tag = any_tag();
    return read(tag);
  }
  /// The next element with tag and length, and its tag, which may be any of one byte.
  bytes read_any_element(std::uint8_t& tag) noexcept {
    tag = any_tag();
    return read_element(tag);
  }
  /// Reads the contents of the next element when it has `tag`; else reads nothing, returns false.
  bool read_optional(std::uint8_t tag, bytes& contents) noexcept {
    if (!next_is(tag)) return false;
    contents = read(tag);
    return next_ != nullptr;
  }
  void skip(std::uint8_t tag) noexcept { static_cast<void>(advance(tag)); }
  void skip_any() noexcept { static_cast<void>(advance(any_tag())); }
  /// Takes the rest of the current element as bytes that are no DER.
  bytes read_rest() noexcept {
    const bytes all = rest();
    next_ = end_;
    return all;
  }

  /// BOOLEAN, 00 or FF.
  bool read_boolean() noexcept {
    const bytes contents = read(der_tag::boolean);
    if (contents.size() == 1 && (contents[0] == 0x00 || contents[0] == 0xFF)) return contents[0] != 0;
    fail(errc::der_boolean);  // spec: X-001
    return false;
  }
  /// BOOLEAN DEFAULT FALSE: false when the next element is no BOOLEAN. A FALSE that is spelled out is
  /// no DER (X.690 section 11.5).
  bool read_flag() noexcept {
    if (!next_is(der_tag::boolean)) return false;
    if (!read_boolean()) fail(errc::der_boolean);  // spec: X-001
    return true;
  }
  void read_null() noexcept { leave(enter(der_tag::null)); }
  /// The contents of an INTEGER: two's complement, big-endian, as short as possible.
  bytes read_integer() noexcept {
    const bytes contents = read(der_tag::integer);
    if (contents.size() == 1) return contents;
    if (contents.size() > 1) {
      const unsigned top = unsigned{contents[0]} * 2 + contents[1] / 128;
      if (top != 0 && top != 0x1FF) return contents;
    }
    fail(errc::der_integer);  // spec: X-001
    return {};
  }
  /// An INTEGER that is not negative: big-endian, without leading zero byte; zero is one byte 00.
  bytes read_unsigned() noexcept {
    const bytes contents = read_integer();
    if (contents.empty()) return {};
    if ((contents[0] & 0x80U) != 0) {
      fail(errc::der_integer);  // spec: X-001
      return {};
    }
    return contents.drop(contents[0] == 0 && contents.size() > 1 ? 1 : 0);
  }
  /// An INTEGER from 0 to 2^32 - 1.
  std::uint32_t read_small() noexcept {
    const bytes digits = read_unsigned();
    if (digits.size() > 4) fail(errc::der_integer);
    std::uint32_t value = 0;
    for (const std::uint8_t digit : digits) value = (value << 8U) | digit;
    return value;
  }
  /// The contents of an OBJECT IDENTIFIER; to be compared as bytes, which are unique for an OID.
  bytes read_oid() noexcept;
  /// The bits of a BIT STRING, first one in the top bit of the first byte; `unused` is how many low
  /// bits of the last byte do not belong to it, all zero.
  bytes read_bit_string(std::uint8_t& unused) noexcept;
  /// UTCTime `YYMMDDhhmmssZ` (1950 to 2049) or GeneralizedTime `YYYYMMDDhhmmssZ`.
  unix_time read_time() noexcept;

  /// Lets the reader fail with `code`, unless it has failed before.
  void fail(errc code) noexcept {
    if (error_ == errc::ok) error_ = code;
    next_ = end_ = nullptr;
  }
  errc error() const noexcept { return error_; }
  /// The first error, or der_trailing when something is left.
  [[nodiscard]] errc finish() noexcept {
    if (more()) fail(errc::der_trailing);  // spec: X-001
    return error_;
  }

 private:
  friend errc check_der(bytes der) noexcept;

  static bytes until(const std::uint8_t* start, const std::uint8_t* end) noexcept {
    return {start, static_cast<std::size_t>(end - start)};
  }
  /// The next tag; 0, which no element has, when there is none of one byte.
  std::uint8_t any_tag() noexcept {
    if (!more()) return 0;
    const std::uint8_t tag = *next_;
    if ((tag & 0x1FU) == 0x1F || tag == 0) fail(errc::der_tag);  // spec: X-001
    return tag;
  }
  /// Moves behind the next element and returns where its contents begin, null after an error.
  const std::uint8_t* advance(std::uint8_t tag) noexcept {
    if (!more()) {
      fail(errc::der_truncated);
    } else if (*next_ != tag) {
      fail(errc::der_tag);  // spec: X-001
    } else {
      return advance_contents(next_ + 1);
    }
    return nullptr;
  }
  const std::uint8_t* advance_any() noexcept;
  const std::uint8_t* advance_contents(const std::uint8_t* at) noexcept;
  std::size_t read_long_length(const std::uint8_t*& at) noexcept;

  const std::uint8_t* next_;
  const std::uint8_t* end_;
  errc error_ = errc::ok;
};

/// `at` is the first byte of the length.
inline const std::uint8_t* der_reader::advance_contents(const std::uint8_t* at) noexcept {
  errc failure = errc::der_truncated;  // spec: X-001
  if (at != end_) {
    std::size_t length = *at++;
    if (length < 0x80 || (length = read_long_length(at)) != 0) {
      if (length <= static_cast<std::size_t>(end_ - at)) {
        next_ = at + length;
        return at;
      }
    } else {
      failure = errc::der_length;
    }
  }
  fail(failure);
  return nullptr;
}

/// `at` is behind the first byte of the length and is moved behind the last. 0 when the length is
/// not well-formed, more than any input when it ends too early.
inline std::size_t der_reader::read_long_length(const std::uint8_t*& at) noexcept {
  std::size_t count = at[-1] & 0x7FU;
  if (count == 0 || count > 4) return 0;  // spec: X-001 never indefinite
  if (count > static_cast<std::size_t>(end_ - at)) return ~std::size_t{0};
  if (*at == 0) return 0;  // spec: X-001 never longer than needed
  std::size_t length = 0;
  for (; count != 0; --count) length = (length << 8U) | *at++;
  return length < 0x80 ? 0 : length;  // spec: X-001
}

inline bytes der_reader::read_oid() noexcept {
  const bytes contents = read(der_tag::oid);
  // An arc is a run of bytes with the top bit set, which does not start with 80, and one without.
  bool good = !contents.empty();
  std::uint8_t previous = 0;
  for (const std::uint8_t byte : contents) {
    if (byte == 0x80 && previous < 0x80) good = false;
    previous = byte;
  }
  if (!good || previous >= 0x80) fail(errc::der_oid);  // spec: X-001
  return contents;
}

inline bytes der_reader::read_bit_string(std::uint8_t& unused) noexcept {
  const bytes contents = read(der_tag::bit_string);
  unused = contents.empty() ? std::uint8_t{8} : contents[0];
  const bytes bits = contents.drop(1);
  const bool good = unused == 0 || (unused < 8 && !bits.empty() &&
                                    (bits[bits.size() - 1] & ((1U << unused) - 1)) == 0);
  if (!good) fail(errc::der_bit_string);  // spec: X-001
  return bits;
}

namespace detail {

/// `[YY]YYMMDDhhmmss`, nothing but digits; without the first two the years are 1950 to 2049.
inline bool parse_time_digits(bytes text, civil_time& time) noexcept {
  std::uint8_t pairs[7];
  const std::size_t first = 7 - text.size() / 2;
  for (std::size_t i = first; i < 7; ++i) {
    const unsigned tens = text[2 * (i - first)] - unsigned{'0'};
    const unsigned ones = text[2 * (i - first) + 1] - unsigned{'0'};
    if (tens > 9 || ones > 9) return false;
    pairs[i] = static_cast<std::uint8_t>(10 * tens + ones);
  }
  if (first != 0) pairs[0] = pairs[1] < 50 ? 20 : 19;
  time = {100 * pairs[0] + pairs[1], pairs[2], pairs[3], pairs[4], pairs[5], pairs[6]};
  return is_valid(time);
}

}  // namespace detail

inline unix_time der_reader::read_time() noexcept {
  const bool generalized = next_is(der_tag::generalized_time);
  const bytes text = read(generalized ? der_tag::generalized_time : der_tag::utc_time);
  const std::size_t digits = generalized ? 14 : 12;
  civil_time time;
  if (text.size() == digits + 1 && text[digits] == 'Z' &&
      detail::parse_time_digits(text.first(digits), time)) {
    return to_unix_time(time);
  }
  fail(errc::der_time);  // spec: X-006
  return 0;
}

/// Moves behind the next element, whose tag may be longer than one byte, like advance().
inline const std::uint8_t* der_reader::advance_any() noexcept {
  const std::uint8_t* at = next_;
  if (at == end_ || *at == 0) return advance(any_tag());
  if ((*at++ & 0x1FU) == 0x1F) {
    // The number of the tag in base 128: 31 or more, no leading zeros.
    if (at != end_ && (*at < 0x1F || *at == 0x80)) fail(errc::der_tag);  // spec: X-001
    while (at != end_ && *at >= 0x80) ++at;
    if (at != end_) ++at;
  }
  return next_ == nullptr ? nullptr : advance_contents(at);
}

/// Whether `der` is exactly one well-formed element: every header strict, every constructed element
/// filled exactly by its parts, down to max_der_depth. Tags may be longer than one byte here.
/// Contents of primitive elements are not looked at. Linear in the input.
[[nodiscard]] inline errc check_der(bytes der) noexcept {
  der_reader reader{der};
  der_reader::outer_end open[max_der_depth];
  std::size_t depth = 0;
  do {
    const bool constructed = reader.more() && (*reader.next_ & 0x20U) != 0;
    if (constructed && depth == max_der_depth) reader.fail(errc::der_depth);  // spec: G-003
    const std::uint8_t* const contents = reader.advance_any();
    if (constructed && contents != nullptr) {
      open[depth++] = reader.end_;
      reader.end_ = reader.next_;
      reader.next_ = contents;
    }
    while (depth != 0 && !reader.more()) reader.leave(open[--depth]);
  } while (depth != 0);
  return reader.finish();
}

NV2_NAMESPACE_END

#endif  // NV2_CODEC_DER_HPP
