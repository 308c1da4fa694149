// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 explain
#ifndef NV2_CLIENT_EXPLAIN_HPP
#define NV2_CLIENT_EXPLAIN_HPP

#include "errors.hpp"
#include "options.hpp"

namespace client {

/// Tells which policy, store, certificate and rule lead to the verdict of nv2 verify, and what would
/// change it. The exit code is that of nv2 verify, but no digest is printed as a result.
exit_code run_explain(const verify_options& options);

}  // namespace client

#endif  // NV2_CLIENT_EXPLAIN_HPP
