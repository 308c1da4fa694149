// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 verify
#ifndef NV2_CLIENT_VERIFY_HPP
#define NV2_CLIENT_VERIFY_HPP

#include "errors.hpp"
#include "options.hpp"

namespace client {

/// Prints the digest of the target when its signature is trusted, else says why not.
exit_code run_verify(const verify_options& options);

}  // namespace client

#endif  // NV2_CLIENT_VERIFY_HPP
