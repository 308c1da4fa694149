// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 verify oci-layout:…: one artifact, and whatever signatures its layout has.
#ifndef NV2_CLIENT_VERIFY_LAYOUT_HPP
#define NV2_CLIENT_VERIFY_LAYOUT_HPP

#include "target.hpp"
#include "verify.hpp"

namespace client {

/// Tries the signatures of the artifact, or the one of --signature, until one is good. The verdict is
/// that of the good one, else that of the last, and lists what was tried.
/// // spec: W-040 W-041 W-042 W-043
void examine_layout(const verify_options& options, const layout_target& target, examination& out);

}  // namespace client

#endif  // NV2_CLIENT_VERIFY_LAYOUT_HPP
