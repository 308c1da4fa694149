// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include <nv2/codec/rfc3339.hpp>

using nv2::errc;
using nv2::unix_time;

namespace {

struct instant {
  errc error = errc::unset;
  unix_time seconds = 77;
  std::uint32_t nanoseconds = 77;
};

/// From a block of exactly the size of the text.
instant parse(const std::string& text) {
  const std::vector<std::uint8_t> copy(text.begin(), text.end());
  instant out;
  out.error = nv2::parse_rfc3339({copy.data(), copy.size()}, out.seconds, out.nanoseconds);
  return out;
}

bool is_time(const std::string& text) {
  const instant t = parse(text);
  if (t.error != errc::ok) {
    CHECK(t.error == errc::time_text);
    CHECK(t.seconds == 0);
    CHECK(t.nanoseconds == 0);
  }
  return t.error == errc::ok;
}

}  // namespace

TEST_CASE("G-019 JV-19 instants") {
  struct row {
    const char* text;
    unix_time seconds;
    std::uint32_t nanoseconds;
  };
  const row rows[] = {
      {"1970-01-01T00:00:00Z", 0, 0},
      {"1970-01-01T00:00:00+00:00", 0, 0},
      {"1970-01-01T00:00:00-00:00", 0, 0},
      {"1969-12-31T23:59:59Z", -1, 0},
      {"1969-12-31T23:59:59.75Z", -1, 750000000},
      {"2023-11-14T22:13:20Z", 1700000000, 0},
      {"2023-11-14T23:13:20+01:00", 1700000000, 0},
      {"2023-11-15T03:43:20+05:30", 1700000000, 0},
      {"2023-11-14T13:13:20-09:00", 1700000000, 0},
      {"2023-11-15T22:12:20+23:59", 1700000000, 0},
      {"2023-11-13T22:14:20-23:59", 1700000000, 0},
      {"2023-11-14T22:13:20.5Z", 1700000000, 500000000},
      {"2023-11-14T22:13:20.000000001Z", 1700000000, 1},
      {"2023-11-14T22:13:20.999999999Z", 1700000000, 999999999},
      {"2023-11-14T22:13:20.9999999999Z", 1700000000, 999999999},
      {"2023-11-14T22:13:20.0000000009Z", 1700000000, 0},
      {"2023-11-14T22:13:20.120+01:00", 1699996400, 120000000},
      {"2024-02-29T00:00:00Z", 1709164800, 0},
      {"2000-02-29T12:00:00Z", 951825600, 0},
      {"0000-01-01T00:00:00Z", -62167219200, 0},
      {"0000-02-29T00:00:00Z", -62162121600, 0},
      {"0000-01-01T00:00:00+23:59", -62167305540, 0},
      {"0001-01-01T00:00:00Z", -62135596800, 0},
      {"9999-12-31T23:59:59Z", 253402300799, 0},
      {"9999-12-31T23:59:59-23:59", 253402387139, 0},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const instant t = parse(r.text);
    CHECK(t.error == errc::ok);
    CHECK(t.seconds == r.seconds);
    CHECK(t.nanoseconds == r.nanoseconds);
  }
  const instant t = parse("2023-11-14T22:13:20." + std::string(100000, '3') + "Z");
  CHECK(t.error == errc::ok);
  CHECK(t.nanoseconds == 333333333);
}

TEST_CASE("G-019 JV-20 JV-21 what is no time") {
  const char* const rows[] = {"",
                              "Z",
                              "2023",
                              "2023-11-14",
                              "2023-11-14T22:13Z",
                              "2023-11-14T22:13:20",
                              "2023-11-14t22:13:20Z",
                              "2023-11-14T22:13:20z",
                              "2023-11-14 22:13:20Z",
                              "2023-11-14_22:13:20Z",
                              "2023-11-14T7:01:20Z",
                              "2023-11-4T22:13:20Z",
                              "2023-1-14T22:13:20Z",
                              "23-11-14T22:13:20Z",
                              "02023-11-14T22:13:20Z",
                              "2023-11-14T22:13:2Z",
                              "2023-11-14T22:13:20,5Z",
                              "2023-11-14T22:13:20.Z",
                              "2023-11-14T22:13:20.",
                              "2023-11-14T22:13:20.5",
                              "2023-11-14T22:13:20.5.5Z",
                              "2023-11-14T22:13:20.-5Z",
                              "2023-11-14T22:13:20.5 Z",
                              "2023-11-14T22:13:20.5x",
                              "2023-11-14T22:13:60Z",
                              "2016-12-31T23:59:60Z",
                              "2023-11-14T22:60:20Z",
                              "2023-11-14T24:00:00Z",
                              "2023-11-14T99:00:00Z",
                              "2023-00-14T22:13:20Z",
                              "2023-13-14T22:13:20Z",
                              "2023-11-00T22:13:20Z",
                              "2023-11-31T22:13:20Z",
                              "2023-02-29T22:13:20Z",
                              "1900-02-29T22:13:20Z",
                              "2100-02-29T22:13:20Z",
                              "2023-04-31T22:13:20Z",
                              "2023-01-32T22:13:20Z",
                              "2023-11-14T22:13:20+1:00",
                              "2023-11-14T22:13:20+01",
                              "2023-11-14T22:13:20+0100",
                              "2023-11-14T22:13:20+01:0",
                              "2023-11-14T22:13:20+01:000",
                              "2023-11-14T22:13:20+24:00",
                              "2023-11-14T22:13:20+01:60",
                              "2023-11-14T22:13:20-99:00",
                              "2023-11-14T22:13:20 01:00",
                              "2023-11-14T22:13:20Z01:00",
                              "2023-11-14T22:13:20ZZ",
                              "2023-11-14T22:13:20+01:00Z",
                              "2023-11-14T22:13:20Z ",
                              " 2023-11-14T22:13:20Z",
                              "2023-11-14T22:13:20Z\n",
                              "-023-11-14T22:13:20Z",
                              "+023-11-14T22:13:20Z",
                              "2023/11/14T22:13:20Z",
                              "2023-11-14T22.13.20Z",
                              "20231114T221320Z",
                              "2023-11-14T22:13:20+01-00",
                              "2023-318T22:13:20Z",
                              "2023-W46-2T22:13:20Z",
                              "2023-11-14T22:13:20\xE2\x88\x92"
                              "01:00",
                              "2023-11-14T22:13:20UTC",
                              "\xEF\xBC\x92"
                              "023-11-14T22:13:20Z"};
  for (const char* const row : rows) {
    CAPTURE(row);
    CHECK_FALSE(is_time(row));
  }
  CHECK_FALSE(is_time(std::string("2023-11-14T22:13:20Z\0", 21)));
}

TEST_CASE("G-019 cut and changed in every place") {
  for (const std::string text : {"2023-11-14T22:13:20Z", "2023-11-14T22:13:20.25-01:30"}) {
    for (std::size_t i = 0; i < text.size(); ++i) CHECK_FALSE(is_time(text.substr(0, i)));
    for (std::size_t i = 0; i < text.size(); ++i) {
      const std::string removed = text.substr(0, i) + text.substr(i + 1);
      const bool in_fraction = text.size() > 20 && (i == 20 || i == 21);
      CHECK(is_time(removed) == in_fraction);
      for (int c = 0; c < 256; ++c) {
        std::string changed = text;
        changed[i] = static_cast<char>(c);
        const bool digit = c >= '0' && c <= '9';
        const bool was_digit = text[i] >= '0' && text[i] <= '9';
        if (!is_time(changed) || changed == text) continue;
        const bool sign = (text[i] == '-' && c == '+' && i == 22);
        if (!(digit && was_digit) && !sign) FAIL(changed);
      }
    }
  }
}

TEST_CASE("G-019 every day from 0000 to 9999") {
  // Counted day by day instead of computed.
  unix_time expected = -62167219200;
  char text[64];
  for (int year = 0; year <= 9999; ++year) {
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    const int days[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= days[month - 1] + 1; ++day) {
        std::snprintf(text, sizeof text, "%04d-%02d-%02dT01:02:03Z", year, month, day);
        const instant t = parse(text);
        const bool real = day <= days[month - 1];
        if ((t.error == errc::ok) != real) FAIL(text);
        if (!real) continue;
        if (t.seconds != expected + 3723) FAIL(text);
        expected += 86400;
      }
    }
  }
}
