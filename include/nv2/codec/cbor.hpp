// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// CBOR (RFC 8949), read strictly and item by item, without a tree.
// Does: check heads, lengths, UTF-8, nesting and unique map keys; give slices of the input.
// Does not: copy, recurse, or know what a tag means.
// The caller must: keep the input alive as long as any slice, read each array and map to its end,
// and ask finish() before believing anything.
//
// Work is linear in the input; on top of it, finding equal map keys reads cbor_max_key_work heads
// at most, whatever the input.
#ifndef NV2_CODEC_CBOR_HPP
#define NV2_CODEC_CBOR_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/codec/cbor_head.hpp>
#include <nv2/codec/utf8.hpp>

NV2_NAMESPACE_BEGIN

/// Arrays, maps and, in skip_value(), tags may stand in one another this deep. // spec: C-005
constexpr unsigned cbor_max_depth = 32;
/// Elements of an array, entries of a map, with definite length. // spec: C-005
constexpr std::uint32_t cbor_max_members = 131072;
/// How many heads one reader reads again to compare map keys. A flat map of 20 entries takes less
/// than a hundredth of it, one of 250 nearly all. // spec: G-003
constexpr std::uint32_t cbor_max_key_work = 65536;

/// Reads CBOR items one after the other, in the order in which they stand.
///
///     for (auto left = reader.enter_map(); reader.next_entry(left);) {
///       if (reader.read_int64() == 1) alg = reader.read_int64(); else reader.skip_value();
///     }
///     return reader.finish();
///
/// The first error sticks: after it every read returns an empty value, false, 0 or `none`, and
/// changes nothing. The caller keeps how much an array or map has left, so that the reader needs no
/// stack of its own.
template <cbor_rules Rules>
class basic_cbor_reader {
 public:
  explicit basic_cbor_reader(const bytes& input, cbor_tags tags = cbor_tags::allow) noexcept
      : begin_(input.begin()), at_(input.begin()), end_(input.end()), tags_(tags) {
    if (input.size() > 0x7FFFFFFF) fail(errc::input_too_large);  // spec: G-003
  }

  /// The kind of the next item, going by its first byte; none at the end, after an error, and where
  /// no item can start.
  cbor_kind peek() const noexcept {
    if (failed() || at_ == end_) return cbor_kind::none;
    const unsigned major = *at_ >> 5;
    const unsigned info = *at_ & 0x1F;
    if (major != 7) {
      const bool chunks = open_ends && info == 31 && (major == 2 || major == 3);
      return static_cast<cbor_kind>(major + (chunks ? 11 : 1));
    }
    if (info < 20 || info == 24) return cbor_kind::simple;
    if (info < 24) return info < 22 ? cbor_kind::boolean : static_cast<cbor_kind>(info - 12);
    return info < 28 ? cbor_kind::floating : cbor_kind::none;
  }

  /// An integer from 0 to 2^64 - 1.
  std::uint64_t read_unsigned() noexcept { return read(cbor_kind::unsigned_integer).argument; }
  /// An integer from -2^64 to 2^64 - 1.
  cbor_integer read_integer() noexcept {
    const head& number = read(cbor_kind::unsigned_integer, cbor_kind::negative_integer);
    return {number.argument, number.kind == cbor_kind::negative_integer};
  }
  /// An integer from -2^63 to 2^63 - 1. // spec: C-008
  std::int64_t read_int64() noexcept {
    const cbor_integer number = read_integer();
    const std::int64_t value = static_cast<std::int64_t>(number.argument);
    if (value >= 0) return number.negative ? -1 - value : value;
    fail(errc::cbor_integer);
    return 0;
  }
  cbor_float read_float() noexcept { return {read(cbor_kind::floating).argument}; }
  /// An integer, or a finite float rounded to one, from -2^63 to 2^63 - 1. // spec: C-024 C-025
  std::int64_t read_rounded(cbor_rounding direction) noexcept {
    if (peek() != cbor_kind::floating) return read_int64();
    std::int64_t value = 0;
    if (!read_float().round(direction, value)) fail(errc::cbor_integer);
    return value;
  }
  /// The number of a simple value: 0 to 19, 32 to 255, or 20 to 23 = false, true, null, undefined.
  std::uint8_t read_simple() noexcept {
    return static_cast<std::uint8_t>(read(cbor_kind::simple).argument);
  }
  bool read_boolean() noexcept { return expect_simple(20, 21) != 20; }
  void read_null() noexcept { static_cast<void>(expect_simple(22, 22)); }
  void read_undefined() noexcept { static_cast<void>(expect_simple(23, 23)); }
  /// The number of a tag. The item that it is about comes next.
  std::uint64_t read_tag() noexcept { return read(cbor_kind::tag).argument; }
  /// The contents of a byte string.
  bytes read_bytes() noexcept { return read(cbor_kind::byte_string).text(); }
  /// The contents of a text string, which is UTF-8. // spec: C-006
  bytes read_text() noexcept { return read(cbor_kind::text_string).text(); }
  /// The contents of a string of either kind.
  void read_string(cbor_kind kind, bytes& out) noexcept { out = read(kind).text(); }

  /// Steps into an array and returns what next_element() wants: the number of its elements.
  std::uint32_t enter_array() noexcept { return enter(read(cbor_kind::array)); }
  /// Announces one element, which must then be read. False at the end of the array, which is then
  /// left, and after an error.
  bool next_element(std::uint32_t& left) noexcept {
    if (failed()) return false;
    static_cast<void>(take_break(left));
    if (left == 0) {
      leave();
      return false;
    }
    if (!open_ends || left != open_ended) --left;
    return true;
  }
  /// Steps into a map and returns what next_entry() wants: the number of its entries. Equal keys
  /// are found at once, by one more walk over the map and another one for each key that looks like
  /// an earlier one at first sight. // spec: C-007
  std::uint32_t enter_map() noexcept { return enter(read(cbor_kind::map)); }
  /// Announces one entry, of which key and value must then be read, like next_element().
  bool next_entry(std::uint32_t& left) noexcept { return next_element(left); }
  /// Steps out of an array or map of which the caller has read all that it knows to be there.
  void leave() noexcept { --depth_; }
  /// Steps into a string in chunks, which only `well_formed` allows. next_element() announces each
  /// of them, read_bytes() or read_text() must then read it.
  std::uint32_t enter_chunks() noexcept {
    return enter(read(cbor_kind::byte_chunks, cbor_kind::text_chunks));
  }

  /// Checks the next item with everything inside it, and returns it as it stands. Takes 132 bytes
  /// of stack for the number of items that are missing at each level.
  bytes skip_value() noexcept {
    const std::uint8_t* const start = at_;
    std::uint32_t missing[cbor_max_depth + 1];
    std::uint32_t* level = missing;
    *level = 1;
    do {
      if (!take_break(*level)) {
        count_down(*level);
        const head& next = read(cbor_kind::none, cbor_kind::text_chunks);
        if (next.has_parts()) {
          const std::uint32_t parts = enter(next);
          if (failed()) return {};
          *++level = next.kind == cbor_kind::map ? 2 * parts : parts;
        } else if (open_ends && next.indefinite) {
          skip_chunks(next);
        }
      }
      if (failed()) return {};
      for (; *level == 0 && level != missing; --level) leave();
    } while (*level != 0);
    return {start, static_cast<std::size_t>(at_ - start)};
  }

  /// Makes the reader fail with `code` unless it has failed already.
  void fail(errc code) noexcept {
    if (!failed()) error_ = code;
  }
  errc error() const noexcept { return failed() ? error_ : errc::ok; }
  /// Where the reader stands, or stood when it failed.
  std::size_t offset() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
  /// The first error; cbor_trailing when something is left, or was entered and not left.
  [[nodiscard]] errc finish() noexcept {
    if (depth_ != 0 || at_ != end_) fail(errc::cbor_trailing);  // spec: C-003
    return error();
  }

 private:
  using head = detail::cbor_head;

  bool failed() const noexcept { return error_ != errc::unset; }

  static constexpr bool open_ends = Rules == cbor_rules::well_formed;
  /// Left elements, when a break will tell. In a map skip_value() counts keys and values in turn.
  static constexpr std::uint32_t open_ended = 0xFFFFFFFF;
  static constexpr std::uint32_t open_ended_key = 2 * open_ended;
  static constexpr std::uint32_t open_ended_value = open_ended_key - 1;

  /// Moves behind the next head and its contents, when its kind is from `first` to `last`.
  const head& read(cbor_kind first, cbor_kind last) noexcept {
    if (!failed()) {
      const errc code = detail::read_cbor_head<Rules>(at_, end_, last_);
      if (code != errc::ok) {
        error_ = code;
      } else if (!last_.is(first, last)) {
        error_ = errc::cbor_type;  // spec: C-010
      } else if (last_.kind == cbor_kind::text_string && !is_utf8(last_.text())) {
        error_ = errc::cbor_utf8;  // spec: C-006
      } else if (last_.kind == cbor_kind::tag && tags_ == cbor_tags::refuse) {
        error_ = errc::cbor_tag;  // spec: C-009
      } else {
        at_ = last_.end;
        return last_;
      }
    }
    last_ = head{};
    return last_;
  }
  const head& read(cbor_kind kind) noexcept { return read(kind, kind); }
  std::uint8_t expect_simple(std::uint8_t first, std::uint8_t last) noexcept {
    const std::uint8_t value = read_simple();
    if (value >= first && value <= last) return value;
    fail(errc::cbor_type);  // spec: C-010
    return first;
  }
  /// Opens what has parts, after its head was read, and returns their number; of a map, half of it.
  std::uint32_t enter(const head& whole) noexcept {
    if (failed()) return 0;
    std::uint32_t count = static_cast<std::uint32_t>(whole.argument);
    if (whole.kind == cbor_kind::tag) {
      count = 1;
    } else if (open_ends && whole.indefinite) {
      count = open_ended;
    } else if (whole.argument > cbor_max_members) {
      error_ = errc::cbor_members;  // spec: C-005
      return 0;
    }
    if (depth_ >= cbor_max_depth) {
      error_ = errc::cbor_depth;  // spec: C-005
      return 0;
    }
    ++depth_;
    if (whole.kind == cbor_kind::map) check_keys(count);
    return count;
  }
  bool take_break(std::uint32_t& left) noexcept {
    if (!open_ends || left < open_ended_key || at_ == end_ || *at_ != 0xFF) return false;
    ++at_;
    left = 0;
    return true;
  }
  static void count_down(std::uint32_t& left) noexcept {
    if (!open_ends || left < open_ended_value) {
      --left;
    } else if (left != open_ended) {
      left ^= open_ended_key ^ open_ended_value;
    }
  }
  void skip_chunks(const head& string) noexcept {
    const bool text = string.kind == cbor_kind::text_chunks;
    const cbor_kind chunk = text ? cbor_kind::text_string : cbor_kind::byte_string;
    for (std::uint32_t left = enter(string); next_element(left);) static_cast<void>(read(chunk));
  }

  // Map keys are compared before the map is read. A break or what is malformed ends the comparison
  // in silence: the latter will fail the reader as soon as it is read.

  /// Fails when two keys are the same in the map of so many entries, the first of which is next.
  void check_keys(std::uint32_t entries) noexcept {
    head key;
    std::uint32_t seen = 0;
    for (const std::uint8_t* at = at_; entries != 0; --entries) {
      const std::uint8_t* const start = at;
      if (!pass_key(at, key)) return;
      // The same for the same key, and different for most others, which need not be compared then.
      const unsigned trait =
          static_cast<unsigned>(key.argument) + static_cast<unsigned>(key.kind) * 8;
      const std::uint32_t mark = std::uint32_t{1} << (trait & 31);
      if ((seen & mark) != 0 && !is_new(key, start)) return;
      seen |= mark;
      if (!pass_item(at, key)) return;
    }
  }
  /// Whether the key that stands at `start` is none of those before it in its map.
  bool is_new(const head& key, const std::uint8_t* start) noexcept {
    head other;
    for (const std::uint8_t* at = at_; at != start;) {
      if (!pass_key(at, other)) return false;
      if (same(key, other)) {
        at_ = start;
        error_ = errc::cbor_duplicate_key;  // spec: C-007
        return false;
      }
      if (!pass_item(at, other)) return false;
    }
    return true;
  }
  /// Numbers are the same when they have the same value and both or none is a float.
  bool same(const head& a, const head& b) noexcept {
    if (a.kind != b.kind || a.argument != b.argument) return false;
    return spend(a.text().size() / 64) && equal(a.text(), b.text());
  }
  /// Passes over a key. One that has parts is only known by its bytes.
  bool pass_key(const std::uint8_t*& at, head& key) noexcept {
    [[maybe_unused]] const std::uint8_t* const start = at;
    const unsigned major = at != end_ ? *at >> 5 : 0U;
    const bool parts = major >= 4 && major < 7;
    if constexpr (!open_ends) {
      if (parts) error_ = errc::cbor_key;  // spec: C-008
      return !parts && pass_item(at, key);
    } else {
      if (!pass_item(at, key)) return false;
      const bool chunks = (major == 2 || major == 3) && (*start & 0x1F) == 0x1F;
      if (parts || chunks) key = {0, start, at, cbor_kind::none, false};
      return true;
    }
  }
  /// Passes over one item with everything inside it, but checks nothing more than is needed. `last`
  /// becomes the last head in it.
  bool pass_item(const std::uint8_t*& at, head& last) noexcept {
    std::uint32_t outside[open_ends ? cbor_max_depth : 1];
    unsigned depth = 0;
    std::uint32_t missing = 1;
    do {
      if (open_ends && missing == 0) {
        if (at != end_ && *at == 0xFF) {
          ++at;
          missing = outside[--depth];
          continue;
        }
        missing = 1;
      }
      if (!spend(1) || detail::read_cbor_head<Rules>(at, end_, last) != errc::ok) return false;
      at = last.end;
      --missing;
      if (open_ends && last.indefinite) {
        if (depth == cbor_max_depth) return false;
        outside[depth++] = missing;
        missing = 0;
      } else if (last.has_parts()) {
        missing += parts(last);
      }
    } while (missing != 0 || depth != 0);
    return true;
  }
  static std::uint32_t parts(const head& whole) noexcept {
    if (whole.kind == cbor_kind::tag) return 1;
    const std::uint32_t count = static_cast<std::uint32_t>(whole.argument);
    return whole.kind == cbor_kind::map ? 2 * count : count;
  }
  bool spend(std::size_t steps) noexcept {
    if (steps > key_work_) {
      key_work_ = 0;
      error_ = errc::cbor_key_work;  // spec: G-003
      return false;
    }
    key_work_ -= static_cast<std::uint32_t>(steps);
    return true;
  }

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  head last_{};
  std::uint32_t key_work_ = cbor_max_key_work;
  /// `unset` until something fails.
  errc error_ = errc::unset;
  std::uint8_t depth_ = 0;
  cbor_tags tags_;
};

/// The reader for COSE.
using cbor_reader = basic_cbor_reader<cbor_rules::cose>;

NV2_NAMESPACE_END

#endif  // NV2_CODEC_CBOR_HPP
