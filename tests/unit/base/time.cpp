// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

#include <nv2/base/time.hpp>

using nv2::civil_time;
using nv2::time_basis;
using nv2::time_order;
using nv2::unix_time;

namespace {

constexpr unix_time earliest = std::numeric_limits<unix_time>::min();
constexpr unix_time latest = std::numeric_limits<unix_time>::max();

civil_time make(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) {
  civil_time t;
  t.year = year;
  t.month = static_cast<std::uint8_t>(month);
  t.day = static_cast<std::uint8_t>(day);
  t.hour = static_cast<std::uint8_t>(hour);
  t.minute = static_cast<std::uint8_t>(minute);
  t.second = static_cast<std::uint8_t>(second);
  return t;
}

}  // namespace

TEST_CASE("G-001: what is known of the present decides what can be said of a limit") {
  const struct {
    time_basis basis;
    unix_time limit;
    time_order expected;
  } rows[] = {
      {time_basis::at(100), 101, time_order::before},
      {time_basis::at(100), 100, time_order::not_before},
      {time_basis::at(100), 99, time_order::not_before},
      {time_basis::at(-5), -4, time_order::before},
      {time_basis::at(earliest), latest, time_order::before},
      {time_basis::at(latest), earliest, time_order::not_before},
      {time_basis::not_before(100), 101, time_order::unknown},
      {time_basis::not_before(100), 100, time_order::not_before},
      {time_basis::not_before(100), 99, time_order::not_before},
      {time_basis::not_before(earliest), earliest, time_order::not_before},
      {time_basis::unknown(), 0, time_order::unknown},
      {time_basis::unknown(), -1, time_order::unknown},
      {time_basis::unknown(), earliest, time_order::unknown},
  };
  for (const auto& row : rows) {
    CAPTURE(row.limit);
    CHECK(row.basis.relative_to(row.limit) == row.expected);
  }
}

TEST_CASE("a basis tells what it was made of") {
  CHECK(time_basis::at(7).known() == time_basis::kind::at);
  CHECK(time_basis::at(7).value() == 7);
  CHECK(time_basis::not_before(8).known() == time_basis::kind::not_before);
  CHECK(time_basis::not_before(8).value() == 8);
  CHECK(time_basis::unknown().known() == time_basis::kind::unknown);
  CHECK(time_basis::unknown().value() == 0);
}

TEST_CASE("known dates have known numbers") {
  const struct {
    civil_time date;
    unix_time expected;
  } rows[] = {
      {make(1970, 1, 1), 0},
      {make(1970, 1, 1, 0, 0, 1), 1},
      {make(1969, 12, 31, 23, 59, 59), -1},
      {make(2001, 9, 9, 1, 46, 40), 1'000'000'000},
      {make(2009, 2, 13, 23, 31, 30), 1'234'567'890},
      {make(2038, 1, 19, 3, 14, 7), 2'147'483'647},
      {make(2106, 2, 7, 6, 28, 16), 4'294'967'296},
      {make(2000, 2, 29), 951'782'400},
      {make(2000, 3, 1), 951'868'800},
      {make(1900, 1, 1), -2'208'988'800},
      {make(1600, 1, 1), -11'676'096'000},
      {make(0, 1, 1), -62'167'219'200},
      {make(0, 3, 1), -62'162'035'200},
      {make(1, 1, 1), -62'135'596'800},
      {make(9999, 12, 31, 23, 59, 59), 253'402'300'799},
  };
  for (const auto& row : rows) {
    CAPTURE(row.expected);
    CHECK(nv2::is_valid(row.date));
    CHECK(nv2::to_unix_time(row.date) == row.expected);
  }
}

TEST_CASE("X-006 G-019: every day of four centuries follows the one before it") {
  constexpr int days_of_month[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  unix_time expected = nv2::to_unix_time(make(1800, 1, 1));
  for (int year = 1800; year < 2200; ++year) {
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    CHECK(nv2::is_leap_year(year) == leap);
    for (int month = 1; month <= 12; ++month) {
      const int days = days_of_month[month - 1] + (leap && month == 2 ? 1 : 0);
      for (int day = 1; day <= days; ++day, expected += 86400) {
        REQUIRE(nv2::is_valid(make(year, month, day)));
        REQUIRE(nv2::to_unix_time(make(year, month, day)) == expected);
      }
      CHECK(!nv2::is_valid(make(year, month, days + 1)));
    }
  }
}

TEST_CASE("X-006 G-019: what is no date or no time of day is not valid") {
  const civil_time wrong[] = {
      make(-1, 1, 1),          make(10000, 1, 1),          make(2020, 0, 1),  make(2020, 13, 1),
      make(2020, 255, 1),      make(2020, 1, 0),           make(2020, 1, 32), make(2020, 4, 31),
      make(2019, 2, 29),       make(1900, 2, 29),          make(2000, 2, 30), make(2020, 1, 1, 24),
      make(2020, 1, 1, 0, 60), make(2020, 1, 1, 0, 0, 60),
  };
  for (const civil_time& t : wrong) {
    CAPTURE(t.year);
    CHECK(!nv2::is_valid(t));
  }
  CHECK(!nv2::is_valid(civil_time{}));
  CHECK(nv2::is_valid(make(2020, 2, 29, 23, 59, 59)));
  static_assert(!nv2::is_valid(civil_time{}));
}
