// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Time as an argument.
// Does: say what the caller knows of the present, and convert calendar dates to seconds.
// Does not: read any clock.
#ifndef NV2_BASE_TIME_HPP
#define NV2_BASE_TIME_HPP

#include <cstdint>

#include <nv2/base/config.hpp>

NV2_NAMESPACE_BEGIN

/// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted. May be negative.
using unix_time = std::int64_t;

/// What is known about an order in time.
enum class time_order : std::uint8_t { before, not_before, unknown };

/// What the caller knows of the present time. There is no default: say it.
class time_basis {
 public:
  enum class kind : std::uint8_t { unknown, not_before, at };

  /// The present is `now`, from a clock the caller trusts.
  static constexpr time_basis at(unix_time now) noexcept { return {kind::at, now}; }
  /// The present is `bound` or later: a build time, a monotonic counter, the last time seen.
  static constexpr time_basis not_before(unix_time bound) noexcept {
    return {kind::not_before, bound};
  }
  /// The present by a clock that may have lost the time, and a bound that has not: a build time, or a
  /// stored verification::time_floor(). A clock that stands before the bound is wrong, and only the
  /// bound counts.
  static constexpr time_basis from_clock(unix_time clock, unix_time floor) noexcept {
    return clock >= floor ? at(clock) : not_before(floor);
  }
  /// Nothing is known. Every enforced check that needs a time fails.
  static constexpr time_basis unknown() noexcept { return {kind::unknown, 0}; }

  constexpr kind known() const noexcept { return kind_; }
  /// The instant given to at() or not_before(), 0 for unknown().
  constexpr unix_time value() const noexcept { return value_; }

  /// Where the present stands to `limit`, as far as this basis can tell. // spec: G-001
  constexpr time_order relative_to(unix_time limit) const noexcept {
    if (kind_ == kind::unknown) return time_order::unknown;
    if (value_ >= limit) return time_order::not_before;
    return kind_ == kind::at ? time_order::before : time_order::unknown;
  }

 private:
  constexpr time_basis(kind known, unix_time value) noexcept : value_(value), kind_(known) {}
  unix_time value_;
  kind kind_;
};

/// A calendar date and a time of day in UTC, as written in certificates and documents.
struct civil_time {
  std::int32_t year = 0;
  std::uint8_t month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

/// Every fourth year, but of the full centuries only every fourth.
constexpr bool is_leap_year(std::int32_t year) noexcept {
  return (year & (year % 25 == 0 ? 15 : 3)) == 0;
}

/// Whether `t` is a real date between the years 0 and 9999, without leap seconds. // spec: X-006 G-019
constexpr bool is_valid(const civil_time& t) noexcept {
  if (t.year < 0 || t.year > 9999 || t.month > 12) return false;
  // 31 days in every second month, and in both July and August.
  const int days = t.month != 2           ? 30 + ((t.month ^ t.month >> 3) & 1)
                   : is_leap_year(t.year) ? 29
                                          : 28;
  return t.month >= 1 && t.day >= 1 && t.day <= days && t.hour <= 23 && t.minute <= 59 &&
         t.second <= 59;
}

/// Seconds since 1970 of a valid date. Years run from March, so that the leap day comes last, and one
/// cycle of 400 years (146097 days) is added, so that none is negative.
constexpr unix_time to_unix_time(const civil_time& t) noexcept {
  const bool is_early = t.month < 3;
  const std::uint32_t year = static_cast<std::uint32_t>(t.year) + (is_early ? 399U : 400U);
  const std::uint32_t month = t.month + (is_early ? 9U : 0U) - (is_early ? 0U : 3U);
  const std::uint32_t century = year / 100;
  const std::uint32_t days =
      year * 365 + year / 4 - century + century / 4 + (month * 153 + 2) / 5 + t.day;
  constexpr std::int32_t epoch = 719469 + 146097;
  const std::uint32_t seconds = (t.hour * 60U + t.minute) * 60U + t.second;
  return static_cast<unix_time>(static_cast<std::int32_t>(days) - epoch) * 86400 + seconds;
}

NV2_NAMESPACE_END

#endif  // NV2_BASE_TIME_HPP
