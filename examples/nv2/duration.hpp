// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Durations as Go writes them: "8760h", "1h30m", "-2.5s".
#ifndef NV2_CLIENT_DURATION_HPP
#define NV2_CLIENT_DURATION_HPP

#include <cstdint>
#include <optional>
#include <string_view>

namespace client {

/// Nanoseconds.
using duration = std::int64_t;

/// The value of `text`, or nothing when it is no duration or does not fit (about 292 years).
///
///   duration = ["+" | "-"] ( "0" | 1*( number unit ) )
///   number   = digits ["." [digits]] | "." digits
///   unit     = "ns" | "us" | "µs" | "ms" | "s" | "m" | "h"
/// spec: N-164
std::optional<duration> parse_duration(std::string_view text);

}  // namespace client

#endif  // NV2_CLIENT_DURATION_HPP
