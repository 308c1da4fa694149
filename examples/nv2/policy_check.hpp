// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 policy check
#ifndef NV2_CLIENT_POLICY_CHECK_HPP
#define NV2_CLIENT_POLICY_CHECK_HPP

#include "errors.hpp"
#include "options.hpp"

namespace client {

/// Checks trust policy documents, and the trust stores that they name when a directory of them is
/// known. Exit code 2 when anything is wrong, 3 when something cannot be read.
exit_code run_policy_check(const policy_check_options& options);

}  // namespace client

#endif  // NV2_CLIENT_POLICY_CHECK_HPP
