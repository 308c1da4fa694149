// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The reason that containerd shows for a verdict: one line on standard output.
#ifndef NV2_CONTAINERD_REASON_HPP
#define NV2_CONTAINERD_REASON_HPP

#include <string>
#include <string_view>

#include "errors.hpp"
#include "verify.hpp"

namespace containerd {

/// Bytes of a reason. containerd keeps 32 KiB, but events and logs of others keep less.
constexpr std::size_t max_reason = 2048;

/// `text` escaped, on one line, and not longer than a reason may be.
std::string reason_line(std::string_view text);

/// A message as one line: the headline, then each detail.
std::string reason_line(const client::diagnostic& message);

/// Why an image may be pulled that `done` is about.
std::string acceptance(const client::examination& done);

}  // namespace containerd

#endif  // NV2_CONTAINERD_REASON_HPP
