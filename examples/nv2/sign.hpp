// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 sign
#ifndef NV2_CLIENT_SIGN_HPP
#define NV2_CLIENT_SIGN_HPP

#include "errors.hpp"
#include "options.hpp"

namespace client {

/// Writes a signature of the target to a file and prints the digest of the target.
exit_code run_sign(const sign_options& options);

}  // namespace client

#endif  // NV2_CLIENT_SIGN_HPP
