// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs another program, without a shell and not for ever.
#ifndef NV2_CLIENT_CHILD_PROCESS_HPP
#define NV2_CLIENT_CHILD_PROCESS_HPP

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace client {

enum class child_end { exited, killed, late, not_started };

struct child_outcome {
  child_end end = child_end::not_started;
  /// The exit code, or the number of the signal, or of the error that kept it from starting.
  int code = 0;
  /// What it wrote to standard output, without what was beyond the limit.
  std::string output;
};

/// Runs the file `program` with `input` on standard input, which should be small. Standard error goes
/// nowhere. After `patience` it is killed with all that it started.
child_outcome run_child(const std::string& program, std::vector<std::string> arguments,
                        std::string_view input, std::chrono::milliseconds patience,
                        std::size_t limit);

}  // namespace client

#endif  // NV2_CLIENT_CHILD_PROCESS_HPP
