// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// RFC 3339 both ways, and the clock.
#include "time_text.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <ctime>

#include <fmt/format.h>

namespace client {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes texts of fixed shape apart; the first mismatch sticks.
class text_cursor {
 public:
  explicit text_cursor(std::string_view text) : text_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (text_.empty() || !is_digit(text_[0])) {
        good_ = false;
        return 0;
      }
      value = value * 10 + (text_[0] - '0');
      text_.remove_prefix(1);
    }
    return value;
  }
  bool accept(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) { good_ = accept(c) && good_; }
  void skip_fraction() {
    if (!accept('.')) return;
    number(1);
    while (!text_.empty() && is_digit(text_[0])) text_.remove_prefix(1);
  }
  void fail() { good_ = false; }
  bool finished() const { return good_ && text_.empty(); }

 private:
  std::string_view text_;
  bool good_ = true;
};

/// Seconds east of UTC: "Z" or +hh:mm.
int read_offset(text_cursor& cursor) {
  if (cursor.accept('Z')) return 0;
  const bool west = cursor.accept('-');
  if (!west) cursor.expect('+');
  const int hours = cursor.number(2);
  cursor.expect(':');
  const int minutes = cursor.number(2);
  if (hours > 23 || minutes > 59) cursor.fail();
  const int seconds = hours * 3600 + minutes * 60;
  return west ? -seconds : seconds;
}

std::optional<nv2::unix_time> parse_rfc3339(std::string_view text) {
  text_cursor cursor{text};
  nv2::civil_time t;
  t.year = cursor.number(4);
  cursor.expect('-');
  t.month = static_cast<std::uint8_t>(cursor.number(2));
  cursor.expect('-');
  t.day = static_cast<std::uint8_t>(cursor.number(2));
  cursor.expect('T');
  t.hour = static_cast<std::uint8_t>(cursor.number(2));
  cursor.expect(':');
  t.minute = static_cast<std::uint8_t>(cursor.number(2));
  cursor.expect(':');
  t.second = static_cast<std::uint8_t>(cursor.number(2));
  cursor.skip_fraction();
  const int offset = read_offset(cursor);
  if (!cursor.finished() || !nv2::is_valid(t)) return std::nullopt;
  return nv2::to_unix_time(t) - offset;
}

}  // namespace

std::optional<nv2::unix_time> parse_instant(std::string_view text) {
  nv2::unix_time seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (error == std::errc{} && stop == end) return seconds;
  return parse_rfc3339(text);
}

std::optional<nv2::time_basis> parse_time_basis(std::string_view text) {
  constexpr std::string_view after = "after:";
  if (text == "unknown") return nv2::time_basis::unknown();
  const bool bound = text.substr(0, after.size()) == after;
  const auto instant = parse_instant(bound ? text.substr(after.size()) : text);
  if (!instant) return std::nullopt;
  return bound ? nv2::time_basis::not_before(*instant) : nv2::time_basis::at(*instant);
}

std::string instant_text(nv2::unix_time t) {
  constexpr nv2::unix_time first = -62167219200, last = 253402300799;  // years 0000 to 9999
  if (t < first || t > last) return std::to_string(t);
  const auto seconds = static_cast<std::time_t>(t);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::int64_t clock_nanoseconds() {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

nv2::time_basis system_time() { return nv2::time_basis::at(clock_nanoseconds() / 1000000000); }

}  // namespace client
