// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 attach and nv2 list.
#ifndef NV2_CLIENT_ATTACH_HPP
#define NV2_CLIENT_ATTACH_HPP

#include "errors.hpp"
#include "options.hpp"

namespace client {

/// Puts signature files beside the artifact that they are over, and tells its digest. Whether anybody
/// trusts them is not asked, but a signature of something else is refused.
exit_code run_attach(const attach_options& options);

/// Shows the signatures of an artifact, judging nothing.
exit_code run_list(const list_options& options);

}  // namespace client

#endif  // NV2_CLIENT_ATTACH_HPP
