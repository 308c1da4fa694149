// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON (RFC 8259), read strictly and in one pass, without a tree.
// Does: check all of the grammar, UTF-8, escapes, nesting and unique names; give slices of the input.
// Does not: read fractions as numbers, write JSON, or copy anything that needs no unescaping.
// The caller must: keep the text alive as long as any slice, and ask finish() before believing any.
//
// Work is linear in the text, except that a member name is compared with those before it in its
// object, of which there are at most `max_members`. There is no recursion.
#ifndef NV2_CODEC_JSON_HPP
#define NV2_CODEC_JSON_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/json_string.hpp>

NV2_NAMESPACE_BEGIN

enum class json_kind : std::uint8_t { none, object, array, string, number, boolean, null };

/// `last_wins` (compat dup_last_wins): member names are not compared, and not limited in number.
enum class json_duplicates : std::uint8_t { refuse, last_wins };

/// Objects and arrays may stand in one another this deep. // spec: G-003
constexpr unsigned json_max_depth = 32;

/// Reads one JSON text value by value, in the order in which it stands.
///
///     reader.enter_object();
///     for (json_string name; reader.next_member(name);) {
///       if (name.equals("size")) size = reader.read_integer();
///     }
///     return reader.finish();
///
/// The first error sticks: after it every read returns an empty value, false, 0 or `none`, and
/// changes nothing. A value that nobody reads is checked and skipped by the next next_member() or
/// next_element(). An object or array that was entered must be read to its end.
class json_reader {
 public:
  /// Borrows `text`. Takes 4 * `max_members` bytes of `memory`, needed until the reader is finished:
  /// a place for each name of all objects that are open at one time (none for last_wins).
  json_reader(bytes text, workspace& memory,
              json_duplicates duplicates = json_duplicates::refuse,
              std::size_t max_members = 64) noexcept
      : begin_(text.begin()), at_(text.begin()), end_(text.end()) {
    if (text.size() > max_size) fail(errc::input_too_large);
    if (duplicates == json_duplicates::last_wins) return;
    names_ = memory.take_array<std::uint32_t>(max_members);
    max_names_ = max_members;
    if (names_ == nullptr) fail(errc::workspace_exhausted);
  }

  /// The kind of the value that is due; none when none is, and after an error.
  json_kind peek() noexcept {
    if (error_ != errc::ok || state_ != state::value_due) return json_kind::none;
    switch (token()) {
      case '{': return json_kind::object;
      case '[': return json_kind::array;
      case '"': return json_kind::string;
      case 't':
      case 'f': return json_kind::boolean;
      case 'n': return json_kind::null;
      case '-': return json_kind::number;
      default:
        if (is_digit()) return json_kind::number;
        fail(errc::json_syntax);  // spec: G-010
        return json_kind::none;
    }
  }

  void enter_object() noexcept { enter(json_kind::object); }
  /// Reads the next name and its colon. False at the end of the object, which is then left.
  bool next_member(json_string& name) noexcept {
    if (state_ == state::value_due) skip_value();
    return next(json_kind::object, name);
  }
  void enter_array() noexcept { enter(json_kind::array); }
  /// Goes to the next element. False at the end of the array, which is then left.
  bool next_element() noexcept {
    json_string none;
    if (state_ == state::value_due) skip_value();
    return next(json_kind::array, none);
  }

  json_string read_string() noexcept {
    return begin(json_kind::string) ? string() : json_string{};
  }
  /// An integer between -2^63 and 2^63 - 1, without fraction and exponent. // spec: G-013
  std::int64_t read_integer() noexcept {
    if (!begin(json_kind::number)) return 0;
    const std::uint8_t* digits = at_;
    const bool negative = *digits == '-';
    if (negative) ++digits;
    const bool is_integer = number();
    if (error_ != errc::ok) return 0;
    std::uint64_t value = 0;
    const bool fits = is_integer && at_ - digits <= 19;
    for (; fits && digits != at_; ++digits) value = value * 10 + (*digits - std::uint64_t{'0'});
    const std::uint64_t limit = std::uint64_t{INT64_MAX} + (negative ? 1 : 0);
    if (!fits || value > limit) {
      fail(errc::json_number);  // spec: G-013
      return 0;
    }
    // Two steps, because the smallest value has no positive counterpart.
    return negative && value != 0 ? -static_cast<std::int64_t>(value - 1) - 1
                                  : static_cast<std::int64_t>(value);
  }
  bool read_boolean() noexcept {
    if (!begin(json_kind::boolean)) return false;
    const bool value = *at_ == 't';
    literal(value ? "true" : "false");
    return value && error_ == errc::ok;
  }
  void read_null() noexcept {
    if (begin(json_kind::null)) literal("null");
  }

  /// Checks the value that is due with everything inside it, and returns it as it stands, without
  /// white space around it.
  bytes skip_value() noexcept {
    static_cast<void>(peek());
    const std::uint8_t* const start = at_;
    const unsigned outside = depth_;
    json_string name;
    do {
      begin_any();
      while (error_ == errc::ok && depth_ > outside && !next(open_kind(), name)) {}
    } while (error_ == errc::ok && depth_ > outside);
    if (error_ != errc::ok) return {};
    return {start, static_cast<std::size_t>(at_ - start)};
  }

  /// Makes the reader fail with `code` unless it has failed already.
  void fail(errc code) noexcept {
    if (error_ == errc::ok) error_ = code;
  }
  errc error() const noexcept { return error_; }
  /// Where the reader stands, or stood when it failed.
  std::size_t offset() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

  /// The first error; json_trailing when the value is not read to its end or more follows it.
  [[nodiscard]] errc finish() noexcept {
    if (state_ == state::value_due) skip_value();
    skip_space();
    if (depth_ != 0 || at_ != end_) fail(errc::json_trailing);  // spec: G-010
    return error_;
  }

 private:
  enum class state : std::uint8_t { value_due, opened, value_done };
  static constexpr std::size_t max_size = 0x7FFFFFFF;

  /// ws = *( %x20 / %x09 / %x0A / %x0D )
  void skip_space() noexcept {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }
  /// The character after white space; 0, which stands nowhere outside strings, at the end.
  std::uint8_t token() noexcept {
    skip_space();
    if (at_ != end_) return *at_;
    fail(errc::json_truncated);
    return 0;
  }
  bool expect(char c) noexcept {
    if (token() != static_cast<std::uint8_t>(c)) {
      fail(errc::json_syntax);  // spec: G-010
      return false;
    }
    ++at_;
    return true;
  }
  bool is_digit() const noexcept { return at_ != end_ && *at_ >= '0' && *at_ <= '9'; }

  json_kind open_kind() const noexcept {
    return (objects_ & 1) != 0 ? json_kind::object : json_kind::array;
  }

  /// Starts to read the value that is due, when it is of that kind.
  bool begin(json_kind kind) noexcept {
    const json_kind found = peek();
    if (found != kind) {
      fail(found == json_kind::none ? errc::json_syntax : errc::json_type);  // spec: G-014
      return false;
    }
    state_ = state::value_done;
    return true;
  }

  void enter(json_kind kind) noexcept {
    if (!begin(kind)) return;
    if (depth_ == json_max_depth) return fail(errc::json_depth);  // spec: G-003
    ++at_;
    ++depth_;
    objects_ = objects_ << 1 | (kind == json_kind::object ? 1 : 0);
    state_ = state::opened;
  }

  /// object = "{" [ member *( "," member ) ] "}"     member = string ":" value
  /// array  = "[" [ value *( "," value ) ] "]"
  bool next(json_kind kind, json_string& name) noexcept {
    name = {};
    if (depth_ == 0 || open_kind() != kind) fail(errc::json_type);
    if (error_ != errc::ok) return false;
    const bool object = kind == json_kind::object;
    if (token() == (object ? '}' : ']')) {
      ++at_;
      leave();
      return false;
    }
    if (state_ != state::opened && !expect(',')) return false;
    if (object) {
      if (token() != '"') fail(errc::json_syntax);  // spec: G-010
      if (error_ != errc::ok) return false;
      const json_string found = string();
      remember(found);
      if (!expect(':') || error_ != errc::ok) return false;
      name = found;
    }
    state_ = state::value_due;
    return error_ == errc::ok;
  }

  /// Closes what is open, and forgets its names: they end with the one marked as the first.
  void leave() noexcept {
    if (open_kind() == json_kind::object && state_ != state::opened && names_ != nullptr) {
      while ((names_[--used_names_] & 1) == 0) {}
    }
    objects_ >>= 1;
    --depth_;
    state_ = state::value_done;
  }

  /// Keeps `name` until its object ends, unless the object has it already.
  void remember(json_string name) noexcept {
    if (error_ != errc::ok || names_ == nullptr) return;
    const std::uint8_t* const start = name.raw().begin();
    if (name.has_escapes()) escaped_names_ = true;
    std::uint32_t first = state_ == state::opened ? 1 : 0;
    for (std::size_t i = used_names_; first == 0 && i != 0; first = names_[i] & 1) {
      const std::uint8_t* const earlier = begin_ + (names_[--i] >> 1);
      const bytes found{earlier, static_cast<std::size_t>(start - earlier)};
      if (!same_name(found, name.raw())) continue;
      at_ = start;
      return fail(errc::json_duplicate_name);  // spec: G-012
    }
    if (used_names_ == max_names_) return fail(errc::json_members);  // spec: G-003
    const std::uint32_t mark = state_ == state::opened ? 1 : 0;
    names_[used_names_++] = static_cast<std::uint32_t>(start - begin_) << 1 | mark;
  }
  /// Whether the name at the start of `earlier`, which a quote ends, reads like `name`.
  bool same_name(bytes earlier, bytes name) const noexcept {
    if (!escaped_names_) {
      return earlier.size() > name.size() && earlier[name.size()] == '"' &&
             equal(earlier.first(name.size()), name);
    }
    json_chars left{earlier};
    json_chars right{name};
    std::uint8_t a = 0;
    std::uint8_t b = 0;
    while (left.next(a)) {
      if (!right.next(b) || a != b) return false;
    }
    return !right.next(b);
  }

  /// value = false / null / true / object / array / number / string, of the first two of which only
  /// the bracket is read.
  void begin_any() noexcept {
    const json_kind kind = peek();
    if (kind == json_kind::object || kind == json_kind::array) return enter(kind);
    state_ = state::value_done;
    switch (kind) {
      case json_kind::string: static_cast<void>(string()); break;
      case json_kind::number: static_cast<void>(number()); break;
      case json_kind::boolean: literal(*at_ == 't' ? "true" : "false"); break;
      case json_kind::null: literal("null"); break;
      default: fail(errc::json_syntax); break;
    }
  }

  /// string = %x22 *char %x22
  json_string string() noexcept {
    const std::uint8_t* const start = ++at_;
    bool has_escapes = false;
    for (errc found = errc::ok; found == errc::ok; fail(found)) {
      at_ = detail::skip_plain_ascii(at_, end_);
      if (at_ == end_) {
        found = errc::json_truncated;
      } else if (*at_ == '"') {
        const bytes raw{start, static_cast<std::size_t>(at_ - start)};
        ++at_;
        return {raw, has_escapes};
      } else if (*at_ == '\\') {
        std::uint32_t code = 0;
        has_escapes = true;
        found = detail::read_escape(++at_, end_, code);
      } else {
        found = *at_ < 0x20 ? errc::json_syntax : detail::skip_utf8(at_, end_);  // spec: G-010
      }
    }
    return {};
  }

  /// number = [ "-" ] int [ "." 1*DIGIT ] [ ("e" / "E") [ "-" / "+" ] 1*DIGIT ]
  /// int    = "0" / ( digit1-9 *DIGIT )
  /// Returns whether it ends with int.
  bool number() noexcept {
    const auto next_is = [this](char c) noexcept {
      return at_ != end_ && *at_ == static_cast<std::uint8_t>(c);
    };
    if (next_is('-')) ++at_;
    const bool zero = next_is('0');
    const std::uint8_t* const start = at_;
    digits();
    if (zero && at_ - start > 1) fail(errc::json_syntax);  // spec: G-010 G-013
    const std::uint8_t* const whole = at_;
    if (next_is('.')) {
      ++at_;
      digits();
    }
    if (next_is('e') || next_is('E')) {
      ++at_;
      if (next_is('-') || next_is('+')) ++at_;
      digits();
    }
    return at_ == whole;
  }
  /// 1*DIGIT
  void digits() noexcept {
    if (!is_digit()) fail(at_ == end_ ? errc::json_truncated : errc::json_syntax);  // spec: G-010
    while (is_digit()) ++at_;
  }
  void literal(std::string_view text) noexcept {
    for (const char c : text) {
      if (at_ == end_) return fail(errc::json_truncated);
      if (*at_ != static_cast<std::uint8_t>(c)) return fail(errc::json_syntax);  // spec: G-010
      ++at_;
    }
  }

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  /// Where each name of the open objects stands, times 2, plus 1 for the first in its object.
  std::uint32_t* names_ = nullptr;
  std::size_t max_names_ = 0;
  std::size_t used_names_ = 0;
  /// One bit for each open value, 1 for an object, the innermost lowest.
  std::uint32_t objects_ = 0;
  errc error_ = errc::ok;
  std::uint8_t depth_ = 0;
  state state_ = state::value_due;
  bool escaped_names_ = false;
};

NV2_NAMESPACE_END

#endif  // NV2_CODEC_JSON_HPP
