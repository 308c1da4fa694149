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
#include <nv2/codec/rfc3339.hpp>

namespace client {

std::optional<nv2::unix_time> parse_instant(std::string_view text) {
  nv2::unix_time seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (error == std::errc{} && stop == end) return seconds;
  std::uint32_t nanoseconds = 0;
  const bool read = nv2::parse_rfc3339(nv2::bytes::of(text), seconds, nanoseconds) == nv2::errc::ok;
  return read ? std::optional(seconds) : std::nullopt;
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
