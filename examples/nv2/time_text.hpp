// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Instants as text.
#ifndef NV2_CLIENT_TIME_TEXT_HPP
#define NV2_CLIENT_TIME_TEXT_HPP

#include <optional>
#include <string>
#include <string_view>

#include <nv2/base/time.hpp>

namespace client {

/// Reads "2026-01-15T12:00:00Z" (offsets and fractions allowed, fractions are dropped) or seconds
/// since 1970. // spec: G-019
std::optional<nv2::unix_time> parse_instant(std::string_view text);

/// Reads the value of --time: an instant, "after:" and an instant, or "unknown".
std::optional<nv2::time_basis> parse_time_basis(std::string_view text);

/// "2026-01-15T12:00:00Z", or the number when the year has not four digits.
std::string instant_text(nv2::unix_time t);

/// Nanoseconds since 1970 by the system clock.
std::int64_t clock_nanoseconds();

/// What the system clock says.
nv2::time_basis system_time();

}  // namespace client

#endif  // NV2_CLIENT_TIME_TEXT_HPP
