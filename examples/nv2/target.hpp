// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What is signed or verified: a manifest, named by a URI or arriving on standard input.
#ifndef NV2_CLIENT_TARGET_HPP
#define NV2_CLIENT_TARGET_HPP

#include <cstddef>
#include <string>

#include "file_io.hpp"

namespace client {

constexpr std::size_t max_manifest_size = std::size_t{64} << 20;

/// The path that a target means; "" = standard input. Fails with exit code 2 for anything that is
/// not offered. // spec: N-160 N-178 N-180
std::string target_path(const std::string& target);

/// The manifest that `target` names.
byte_buffer read_manifest(const std::string& target);

/// "sha256:…" of `manifest`. // spec: N-173
std::string manifest_digest(const byte_buffer& manifest);

}  // namespace client

#endif  // NV2_CLIENT_TARGET_HPP
