// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A strict reader of DER, the encoding of certificates (X.690 sections 8 to 11).
// Does: definite shortest lengths, exact tags of one byte, minimal integers, real dates. The first
// error sticks: more() is false from then on, later reads return empty views, and finish() tells
// what went wrong.
// Does not: build a tree, copy, recurse, or know any schema.
// The caller must: leave() every element it enter()ed, and look at finish() before it uses a value:
// the read that fails may return any view of the input.
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
/// All views lie in the input. Errors of all reads: der_truncated, der_length, der_tag.
class der_reader {
 public:
  /// What enter() returns and leave() takes: where the surrounding element ends.
  using outer_end = const std::uint8_t*;

  explicit der_reader(bytes input) noexcept
      : next_(input.data()), end_(input.data() + input.size()) {}

  /// Whether something is left in the current element; false after an error.
  bool more() const noexcept { return next_ != end_; }
  /// Whether the next element has `tag`; false at the end and after an error.
  bool next_is(std::uint8_t tag) const noexcept { return more() && *next_ == tag; }
  /// The tag of the next element, 0 at the end and after an error. No element has tag 0.
  std::uint8_t next_tag() const noexcept { return more() ? *next_ : std::uint8_t{0}; }
  /// What is left of the current element, unread.
  bytes rest() const noexcept { return until(next_, end_); }
  /// What was read since rest() began at `start`.
  bytes since(const std::uint8_t* start) const noexcept { return until(start, next_); }

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
    if (!more() || *next_++ != 0) fail(errc::der_bit_string);  // spec: X-001
    return outer;
  }
  /// Steps out of an element, which must have been read to its end.
  void leave(outer_end outer) noexcept {
    if (more()) fail(errc::der_trailing);  // spec: X-001
    if (!failed()) end_ = outer;
  }

  /// The contents of the next element, which must have `tag`.
  bytes read(std::uint8_t tag) noexcept {
    const std::uint8_t* const start = advance(tag);
    return until(start, next_);
  }
  /// The next element, which must have `tag`, with tag and length.
  bytes read_element(std::uint8_t tag) noexcept {
    const std::uint8_t* const start = next_;
    skip(tag);
    return since(start);
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
    return !failed();
  }
  void skip(std::uint8_t tag) noexcept { static_cast<void>(advance(tag)); }
  /// Skips the next element when it has `tag`; else does nothing, returns false.
  bool skip_optional(std::uint8_t tag) noexcept {
    const bool there = next_is(tag);
    if (there) skip(tag);
    return there;
  }
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
    if (contents.size() == 1 && (contents[0] == 0x00 || contents[0] == 0xFF))
      return contents[0] != 0;
    fail(errc::der_boolean);  // spec: X-001
    return false;
  }
  /// BOOLEAN DEFAULT FALSE: false when the next element is no BOOLEAN. A FALSE that is spelled out
  /// is no DER (X.690 section 11.5).
  bool read_flag() noexcept {
    if (!next_is(der_tag::boolean)) return false;
    const bytes contents = read(der_tag::boolean);
    if (contents.size() != 1 || contents[0] != 0xFF) fail(errc::der_boolean);  // spec: X-001
    return true;
  }
  /// The contents of an INTEGER: two's complement, big-endian, as short as possible.
  bytes read_integer() noexcept;
  /// An INTEGER that is not negative: big-endian, without leading zero byte; zero is one byte 00.
  bytes read_unsigned() noexcept;
  /// An INTEGER from 0 to 2^32 - 2.
  std::uint32_t read_small() noexcept {
    const std::uint32_t value = small_value(read_unsigned());
    if (value == not_small) fail(errc::der_integer);
    return value;
  }
  /// NULL, which has no contents.
  void read_null() noexcept { leave(enter(der_tag::null)); }
  /// The contents of an OBJECT IDENTIFIER; to be compared as bytes, which are unique for an OID.
  bytes read_oid() noexcept;
  /// The bits of a BIT STRING, first one in the top bit of the first byte; `unused` is how many low
  /// bits of the last byte do not belong to it, all zero.
  bytes read_bit_string(std::uint8_t& unused) noexcept;
  /// UTCTime `YYMMDDhhmmssZ` (1950 to 2049) or GeneralizedTime `YYYYMMDDhhmmssZ`.
  unix_time read_time() noexcept;

  /// Lets the reader fail with `code`, unless it has failed before.
  void fail(errc code) noexcept {
    if (!failed()) error_ = code;
    next_ = end_;
  }
  bool failed() const noexcept { return error_ != errc::unset; }
  errc error() const noexcept { return failed() ? error_ : errc::ok; }
  /// The first error, or der_trailing when something is left.
  [[nodiscard]] errc finish() noexcept {
    if (more()) fail(errc::der_trailing);  // spec: X-001
    return error();
  }

  static constexpr std::uint32_t not_small = 0xFFFFFFFF;
  /// The value of what read_unsigned() returned, or not_small when it is larger than 2^32 - 2.
  static std::uint32_t small_value(bytes digits) noexcept {
    if (digits.size() > 4) return not_small;
    std::uint32_t value = 0;
    for (const std::uint8_t digit : digits) value = (value << 8U) | digit;
    return value;
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
  /// Moves behind the next element and returns where its contents begin, the end after an error.
  const std::uint8_t* advance(std::uint8_t tag) noexcept {
    if (next_is(tag)) return advance_from_length(next_ + 1);
    fail(more() ? errc::der_tag : errc::der_truncated);  // spec: X-001
    return end_;
  }
  const std::uint8_t* advance_any() noexcept;
  const std::uint8_t* advance_from_length(const std::uint8_t* at) noexcept;
  std::size_t read_long_length(const std::uint8_t*& at) noexcept;

  const std::uint8_t* next_;
  const std::uint8_t* end_;
  /// `unset` until something fails.
  errc error_ = errc::unset;
};

/// `at` is where the length begins.
inline const std::uint8_t* der_reader::advance_from_length(const std::uint8_t* at) noexcept {
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
  return end_;
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

inline bytes der_reader::read_integer() noexcept {
  const bytes contents = read(der_tag::integer);
  if (contents.size() != 1) {
    // The first nine bits are not all the same.
    const unsigned top = contents.empty() ? 0 : unsigned{contents[0]} * 2 + contents[1] / 128;
    if (((top + 1) & 0x1FF) < 2) fail(errc::der_integer);  // spec: X-001
  }
  return contents;
}

inline bytes der_reader::read_unsigned() noexcept {
  const bytes contents = read_integer();
  const bool zero_first = contents.size() > 1 && contents[0] == 0;
  if (contents.empty() || contents[0] >= 0x80) fail(errc::der_integer);  // spec: X-001
  return {contents.data() + zero_first, contents.size() - zero_first};
}

inline bytes der_reader::read_oid() noexcept {
  const bytes contents = read(der_tag::oid);
  // An arc is a run of bytes with the top bit set, which does not start with 80, and one without.
  bool good = !contents.empty();
  std::uint8_t last = 0;
  for (const std::uint8_t byte : contents) {
    if (byte == 0x80 && last < 0x80) good = false;
    last = byte;
  }
  if (!good || last >= 0x80) fail(errc::der_oid);  // spec: X-001
  return contents;
}

inline bytes der_reader::read_bit_string(std::uint8_t& unused) noexcept {
  const bytes contents = read(der_tag::bit_string);
  unused = contents.empty() ? std::uint8_t{8} : contents[0];
  // The unused bits are fewer than a byte, zero, and none where there is no bit at all.
  const unsigned last = contents.size() > 1 ? contents.end()[-1] : 0xFFU;
  if (unused > 7 || (last & ((1U << unused) - 1)) != 0) fail(errc::der_bit_string);  // spec: X-001
  return contents.drop(1);
}

namespace detail {

/// `[YY]YYMMDDhhmmssZ`; without the first two the years are 1950 to 2049.
inline bool parse_time(bytes text, std::size_t size, civil_time& time) noexcept {
  if (text.size() != size || text[size - 1] != 'Z') return false;
  std::uint8_t pairs[7];
  const std::uint8_t* at = text.begin();
  for (std::size_t i = size == 15 ? 0 : 1; i < 7; ++i, at += 2) {
    const unsigned tens = at[0] - unsigned{'0'};
    const unsigned ones = at[1] - unsigned{'0'};
    if (tens > 9 || ones > 9) return false;
    pairs[i] = static_cast<std::uint8_t>(10 * tens + ones);
  }
  if (size != 15) pairs[0] = pairs[1] < 50 ? 20 : 19;
  time = {100 * pairs[0] + pairs[1], pairs[2], pairs[3], pairs[4], pairs[5], pairs[6]};
  return is_valid(time);
}

}  // namespace detail

inline unix_time der_reader::read_time() noexcept {
  const bool generalized = next_is(der_tag::generalized_time);
  const bytes text = read(generalized ? der_tag::generalized_time : der_tag::utc_time);
  civil_time time;
  if (detail::parse_time(text, generalized ? 15 : 13, time)) return to_unix_time(time);
  fail(errc::der_time);  // spec: X-006
  return 0;
}

/// Like advance() for any tag, which may be longer than one byte.
inline const std::uint8_t* der_reader::advance_any() noexcept {
  if (!more() || (*next_ & 0x1FU) != 0x1F) return advance(any_tag());
  // The number of the tag in base 128: 31 or more, without leading zeros.
  const std::uint8_t* at = next_ + 1;
  if (at != end_ && (*at < 0x1F || *at == 0x80)) {
    fail(errc::der_tag);  // spec: X-001
    return end_;
  }
  while (at != end_ && *at >= 0x80) ++at;
  return advance_from_length(at == end_ ? at : at + 1);
}

/// Whether `der` is exactly one well-formed element: every header strict, every constructed element
/// filled exactly by its parts, down to max_der_depth. Tags may be longer than one byte here.
/// Contents of primitive elements are not looked at. Linear in the input.
[[nodiscard]] inline errc check_der(bytes der) noexcept {
  der_reader reader{der};
  der_reader::outer_end open[max_der_depth];
  std::size_t depth = 0;
  do {
    const bool constructed = (reader.next_tag() & 0x20U) != 0;
    if (constructed && depth == max_der_depth) reader.fail(errc::der_depth);  // spec: G-003
    const std::uint8_t* const contents = reader.advance_any();
    if (constructed && !reader.failed()) {
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
