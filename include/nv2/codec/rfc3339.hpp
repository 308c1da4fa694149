// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Times as text (RFC 3339 section 5.6), read strictly.
#ifndef NV2_CODEC_RFC3339_HPP
#define NV2_CODEC_RFC3339_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>

NV2_NAMESPACE_BEGIN

namespace detail {

/// Cuts numbers of two digits off the front of `text`, one for each character of `before`, which
/// stands before its number unless it is a space.
inline bool read_two_digits(bytes& text, const char* before, std::uint8_t* number) noexcept {
  for (; *before != 0; ++before) {
    const bool separated = *before != ' ';
    const std::size_t size = separated ? 3 : 2;
    if (text.size() < size) return false;
    if (separated && text[0] != static_cast<std::uint8_t>(*before)) return false;
    const unsigned tens = text[size - 2] - unsigned{'0'};
    const unsigned ones = text[size - 1] - unsigned{'0'};
    if (tens > 9 || ones > 9) return false;
    *number++ = static_cast<std::uint8_t>(10 * tens + ones);
    text = text.drop(size);
  }
  return true;
}

/// [ "." 1*DIGIT ]
inline bool read_fraction(bytes& text, std::uint32_t& nanoseconds) noexcept {
  nanoseconds = 0;
  if (text.empty() || text[0] != '.') return true;
  std::uint32_t unit = 1000000000;
  const std::size_t before = text.size();
  while (!(text = text.drop(1)).empty() && text[0] - unsigned{'0'} <= 9) {
    unit /= 10;
    nanoseconds += unit * (text[0] - unsigned{'0'});
  }
  return before - text.size() > 1;
}

/// time-offset = "Z" / ( ( "+" / "-" ) time-hour ":" time-minute ), in seconds east of Greenwich
inline bool read_offset(bytes text, std::int32_t& east) noexcept {
  east = 0;
  if (text.size() == 1) return text[0] == 'Z';
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return false;
  const bool west = text[0] == '-';
  std::uint8_t number[2];
  text = text.drop(1);
  if (!read_two_digits(text, " :", number) || number[0] > 23 || number[1] > 59) return false;
  east = number[0] * 3600 + number[1] * 60;
  if (west) east = -east;
  return true;
}

}  // namespace detail

/// The instant that `text` names: whole seconds, rounded down, and the nanoseconds since then (0 to
/// 999999999), so that instants compare by seconds and then by nanoseconds. A fraction may have any
/// number of digits; those after the ninth are dropped. The years are 0000 to 9999 as written, and
/// an offset from UTC may lead a day beyond. Error: time_text, then both are 0. // spec: G-019
///
///     full-date = date-fullyear "-" date-month "-" date-mday
///     full-time = time-hour ":" time-minute ":" time-second [ "." 1*DIGIT ] time-offset
///     date-time = full-date "T" full-time
[[nodiscard]] inline errc parse_rfc3339(bytes text, unix_time& seconds,
                                        std::uint32_t& nanoseconds) noexcept {
  seconds = 0;
  nanoseconds = 0;
  std::uint8_t number[7];
  if (!detail::read_two_digits(text, "  --T::", number)) return errc::time_text;  // spec: G-019
  const civil_time time{
      100 * number[0] + number[1], number[2], number[3], number[4], number[5], number[6]};
  std::uint32_t fraction = 0;
  std::int32_t east = 0;
  if (!is_valid(time) || !detail::read_fraction(text, fraction) ||
      !detail::read_offset(text, east)) {
    return errc::time_text;  // spec: G-019
  }
  seconds = to_unix_time(time) - east;
  nanoseconds = fraction;
  return errc::ok;
}

NV2_NAMESPACE_END

#endif  // NV2_CODEC_RFC3339_HPP
