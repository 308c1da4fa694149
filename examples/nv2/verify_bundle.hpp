// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 verify --bundle: one artifact, and what a bundle has for it.
#ifndef NV2_CLIENT_VERIFY_BUNDLE_HPP
#define NV2_CLIENT_VERIFY_BUNDLE_HPP

#include <optional>

#include "options.hpp"
#include "artifact_source.hpp"
#include "verify.hpp"

namespace client {

/// Fails with exit code 2 when an option does not go with --bundle.
void check_bundle_options(const verify_options& options);

/// Tries the signatures of the bundle until one is good, or until everybody signed who must, with the
/// revocation data of the bundle beside that of the options. Nothing in the bundle says who is trusted.
/// // spec: W-040 W-041 G-021
void examine_bundle(const verify_options& options, const std::optional<stored_target>& stored,
                    examination& out);

}  // namespace client

#endif  // NV2_CLIENT_VERIFY_BUNDLE_HPP
