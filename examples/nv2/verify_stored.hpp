// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 verify of layouts and registries: one artifact, and whatever signatures are stored with it.
#ifndef NV2_CLIENT_VERIFY_STORED_HPP
#define NV2_CLIENT_VERIFY_STORED_HPP

#include "artifact_source.hpp"
#include "verify.hpp"

namespace client {

/// Tries the signatures of the artifact, or the one of --signature, until one is good. The verdict is
/// that of the good one, else that of the last, and lists what was tried.
/// // spec: W-040 W-041 W-042 W-043
void examine_stored(const verify_options& options, const stored_target& target, examination& out);

}  // namespace client

#endif  // NV2_CLIENT_VERIFY_STORED_HPP
