// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 run-if-trusted
#ifndef NV2_CLIENT_RUN_IF_TRUSTED_HPP
#define NV2_CLIENT_RUN_IF_TRUSTED_HPP

#include "errors.hpp"
#include "options.hpp"

namespace client {

/// Becomes the command when the target is trusted, with the name of what was verified in its arguments: never
/// a tag, which may mean something else by then. Comes back only when the command was not run.
/// It stands for the wrapper around docker that the prototype came with. // spec: N-182
exit_code run_if_trusted(const run_options& options);

/// Fails with exit code 2 when `command` names the target without `digest`, or while that is not known yet,
/// "", without any.
void check_pinned(const std::vector<std::string>& command, const std::string& target,
                  const std::string& digest);

}  // namespace client

#endif  // NV2_CLIENT_RUN_IF_TRUSTED_HPP
