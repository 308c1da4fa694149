// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 verify --batch
#ifndef NV2_CLIENT_BATCH_HPP
#define NV2_CLIENT_BATCH_HPP

#include "errors.hpp"
#include "options.hpp"

namespace client {

/// Judges the target of every line on several threads, and prints a verdict for each in the order of the
/// lines. Refused if any target was; else usage if any line was wrong; else unavailable if anything could
/// not be had; ok only when there were lines, and all were trusted or skipped by a policy.
exit_code run_batch(const batch_options& options);

}  // namespace client

#endif  // NV2_CLIENT_BATCH_HPP
