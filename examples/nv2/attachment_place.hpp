// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Where signatures are put beside what they sign.
#ifndef NV2_CLIENT_ATTACHMENT_PLACE_HPP
#define NV2_CLIENT_ATTACHMENT_PLACE_HPP

#include <functional>

#include "artifact_source.hpp"
#include "signature_artifact.hpp"

namespace client {

/// Puts `added` into the layout or repository of `place`, then calls `announce`. When that fails, a layout
/// is as it was before; a registry keeps what it has.
void attach(const stored_target& place, const registry_options& options, const attachment& added,
            const std::function<void()>& announce);

}  // namespace client

#endif  // NV2_CLIENT_ATTACHMENT_PLACE_HPP
