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
#include <nv2/codec/utf8.hpp>

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
  json_reader(const bytes& text, workspace& memory,
              json_duplicates duplicates = json_duplicates::refuse,
              std::size_t max_members = 64) noexcept
      : begin_(text.begin()), at_(text.begin()), end_(text.end()) {
    if (text.size() > max_size) fail(errc::input_too_large);
    if (duplicates == json_duplicates::last_wins) return;
    if (max_members <= memory.size() / sizeof(std::uint32_t)) {
      names_ = static_cast<std::uint32_t*>(
          memory.take(max_members * sizeof(std::uint32_t), alignof(std::uint32_t)));
    }
    max_names_ = max_members;
    if (names_ == nullptr) fail(errc::workspace_exhausted);
  }

  /// The kind of the value that is due; none when none is, and after an error.
  json_kind peek() noexcept {
    if (state_ != state::value_due) return json_kind::none;
    skip_space();
    std::uint8_t c = at_ == end_ ? 0 : *at_;
    if (c - std::uint32_t{'0'} <= 9) c = '-';
    if (c == 'f') c = 't';
    // The first character of each kind, at the place of the kind.
    constexpr char first[] = "?{[\"-tn";
    for (std::uint8_t kind = sizeof first - 2; kind != 0; --kind) {
      if (c == static_cast<std::uint8_t>(first[kind])) return json_kind{kind};
    }
    refuse(errc::json_syntax);  // spec: G-010
    return json_kind::none;
  }

  void enter_object() noexcept { enter(json_kind::object); }
  /// Reads the next name and its colon. False at the end of the object, which is then left.
  bool next_member(json_string& name) noexcept {
    name = {};
    if (state_ == state::value_due) pass_value();
    return next(true) && read_name(name);
  }
  void enter_array() noexcept { enter(json_kind::array); }
  /// Goes to the next element. False at the end of the array, which is then left.
  bool next_element() noexcept {
    if (state_ == state::value_due) pass_value();
    return next(false);
  }

  json_string read_string() noexcept { return begin(json_kind::string) ? string() : json_string{}; }
  /// An integer between -2^63 and 2^63 - 1, without fraction and exponent. // spec: G-013
  std::int64_t read_integer() noexcept {
    if (!begin(json_kind::number)) return 0;
    const bool negative = *at_ == '-';
    const std::uint8_t* digits = negative ? at_ + 1 : at_;
    const bool is_integer = number();
    if (failed()) return 0;
    std::uint64_t value = 0;
    const bool fits = is_integer && at_ - digits <= 19;
    for (; fits && digits != at_; ++digits) value = value * 10 + (*digits - std::uint32_t{'0'});
    if (!fits || value > std::uint64_t{INT64_MAX} + (negative ? 1 : 0)) {
      fail(errc::json_number);  // spec: G-013
      return 0;
    }
    if (negative) value = 0 - value;
    return static_cast<std::int64_t>(value);
  }
  bool read_boolean() noexcept {
    if (!begin(json_kind::boolean)) return false;
    const bool value = *at_ == 't';
    literal();
    return value && !failed();
  }
  void read_null() noexcept {
    if (begin(json_kind::null)) literal();
  }

  /// Checks the value that is due with everything inside it, and returns it as it stands, without
  /// white space around it.
  bytes skip_value() noexcept {
    static_cast<void>(peek());
    const std::uint8_t* const start = at_;
    pass_value();
    return failed() ? bytes{} : bytes{start, static_cast<std::size_t>(at_ - start)};
  }

  /// Makes the reader fail with `code` unless it has failed already.
  [[gnu::noinline]] void fail(errc code) noexcept {
    if (failed()) return;
    error_ = code;
    state_ = state::failed;
  }
  errc error() const noexcept { return error_; }
  /// What was read since the reader stood at `start`.
  bytes since(std::size_t start) const noexcept {
    return {begin_ + start, static_cast<std::size_t>(at_ - begin_) - start};
  }
  /// Where the reader stands, or stood when it failed.
  std::size_t offset() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

  /// The first error; json_trailing when the value is not read to its end or more follows it.
  [[nodiscard]] errc finish() noexcept {
    if (state_ == state::value_due) pass_value();
    if (!failed()) skip_space();
    if (depth_ != 0 || at_ != end_) fail(errc::json_trailing);  // spec: G-010
    return error_;
  }

 private:
  enum class state : std::uint8_t { failed, value_due, opened, value_done };
  static constexpr std::size_t max_size = 0x7FFFFFFF;

  bool failed() const noexcept { return state_ == state::failed; }
  /// Fails at a character that is wrong or, at the end of the text, missing.
  [[gnu::noinline]] void refuse(errc code) noexcept {
    fail(at_ == end_ ? errc::json_truncated : code);
  }

  /// ws = *( %x20 / %x09 / %x0A / %x0D )
  void skip_space() noexcept {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }
  bool skip(char c) noexcept {
    if (at_ == end_ || *at_ != static_cast<std::uint8_t>(c)) return false;
    ++at_;
    return true;
  }
  /// Passes over white space and `c`.
  bool expect(char c) noexcept {
    skip_space();
    if (skip(c)) return true;
    refuse(errc::json_syntax);  // spec: G-010
    return false;
  }

  /// Starts to read the value that is due, when it is of that kind.
  bool begin(json_kind kind) noexcept {
    const json_kind found = peek();
    if (found == json_kind::none) refuse(errc::json_syntax);  // spec: G-010
    if (found != kind) fail(errc::json_type);                 // spec: G-014
    if (failed()) return false;
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
  /// Goes to the next value in what is open, or behind the quote before its name; false at the end,
  /// which is passed over.
  bool next(bool object) noexcept {
    if (depth_ == 0 || ((objects_ & 1) != 0) != object) fail(errc::json_type);
    if (failed()) return false;
    skip_space();
    if (skip(object ? '}' : ']')) {
      leave();
      return false;
    }
    if (state_ != state::opened && !expect(',')) return false;
    if (object) return expect('"');
    state_ = state::value_due;
    return true;
  }
  /// Reads the rest of a name and its colon.
  bool read_name(json_string& name) noexcept {
    name = string_rest();
    remember(name.raw().begin());
    if (failed() || !expect(':')) return false;
    state_ = state::value_due;
    return true;
  }

  /// Closes what is open, and forgets its names: they end with the one marked as the first.
  void leave() noexcept {
    if ((objects_ & 1) != 0 && state_ != state::opened && names_ != nullptr) {
      while ((names_[--used_names_] & 1) == 0) {
      }
    }
    objects_ >>= 1;
    --depth_;
    state_ = state::value_done;
  }

  /// Keeps the name at `start` until its object ends, unless the object has it already.
  void remember(const std::uint8_t* start) noexcept {
    if (failed() || names_ == nullptr) return;
    const std::uint32_t mark = state_ == state::opened ? 1 : 0;
    std::uint32_t first = mark;
    for (std::size_t i = used_names_; first == 0; first = names_[i] & 1) {
      if (!same_name(begin_ + (names_[--i] >> 1), start)) continue;
      at_ = start;
      return fail(errc::json_duplicate_name);  // spec: G-012
    }
    if (used_names_ == max_names_) return fail(errc::json_members);  // spec: G-003
    names_[used_names_++] = static_cast<std::uint32_t>(start - begin_) << 1 | mark;
  }
  /// Whether two names that end with their quotes read alike.
  bool same_name(const std::uint8_t* a, const std::uint8_t* b) const noexcept {
    json_chars left{{a, static_cast<std::size_t>(end_ - a)}};
    json_chars right{{b, static_cast<std::size_t>(end_ - b)}};
    return json_chars::same(left, right);
  }

  /// Checks the value that is due with everything inside it.
  void pass_value() noexcept {
    const unsigned outside = depth_;
    json_string name;
    do {
      skip_one();
      while (depth_ > outside) {
        const bool object = (objects_ & 1) != 0;
        if (next(object) && (!object || read_name(name))) break;
        if (failed()) return;
      }
    } while (depth_ > outside);
  }
  /// Reads a value, or the opening bracket of one.
  void skip_one() noexcept {
    const json_kind kind = peek();
    if (kind < json_kind::string) return enter(kind);
    if (!begin(kind)) return;
    if (kind == json_kind::string) return static_cast<void>(string());
    if (kind == json_kind::number) return static_cast<void>(number());
    literal();
  }

  /// string = %x22 *char %x22
  json_string string() noexcept {
    ++at_;
    return string_rest();
  }
  json_string string_rest() noexcept {
    const std::uint8_t* const start = at_;
    bool has_escapes = false;
    while (!failed()) {
      at_ = detail::skip_plain_ascii(at_, end_);
      if (skip('"')) return {{start, static_cast<std::size_t>(at_ - start - 1)}, has_escapes};
      if (skip('\\')) {
        has_escapes = true;
        if (detail::read_escape(at_, end_) < 0) refuse(errc::json_escape);  // spec: G-010
      } else if (at_ == end_ || *at_ < 0x20) {
        refuse(errc::json_syntax);  // spec: G-010
      } else if (!skip_utf8_character(at_, end_)) {
        refuse(errc::json_utf8);  // spec: G-010
      }
    }
    return {};
  }

  /// number = [ "-" ] int [ "." 1*DIGIT ] [ ("e" / "E") [ "-" / "+" ] 1*DIGIT ]
  /// int    = "0" / ( digit1-9 *DIGIT )
  /// Returns whether it ends with int.
  bool number() noexcept {
    static_cast<void>(skip('-'));
    const std::uint8_t* const start = at_;
    if (!digits()) return false;
    if (*start == '0' && at_ - start > 1) {
      at_ = start;
      fail(errc::json_syntax);  // spec: G-010 G-013
      return false;
    }
    const std::uint8_t* const whole = at_;
    if (skip('.') && !digits()) return false;
    if (skip('e') || skip('E')) {
      if (!skip('-')) static_cast<void>(skip('+'));
      if (!digits()) return false;
    }
    return at_ == whole;
  }
  /// 1*DIGIT
  bool digits() noexcept {
    const std::uint8_t* const start = at_;
    while (at_ != end_ && *at_ - std::uint32_t{'0'} <= 9) ++at_;
    if (at_ == start) refuse(errc::json_syntax);  // spec: G-010
    return at_ != start;
  }
  void literal() noexcept {
    const char* text = *at_ == 'n' ? "null" : *at_ == 't' ? "true" : "false";
    while (*text != 0 && skip(*text)) ++text;
    if (*text != 0) refuse(errc::json_syntax);  // spec: G-010
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
};

NV2_NAMESPACE_END

#endif  // NV2_CODEC_JSON_HPP
