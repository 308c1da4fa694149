// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What is signed or verified: a manifest, named by a URI or arriving on standard input.
#ifndef NV2_CLIENT_TARGET_HPP
#define NV2_CLIENT_TARGET_HPP

#include <cstddef>
#include <optional>
#include <string>

#include "file_io.hpp"

namespace client {

constexpr std::size_t max_manifest_size = std::size_t{64} << 20;

/// An OCI image layout, and what is meant in it.
struct layout_target {
  /// A directory or an archive; "-" = an archive on standard input.
  std::string path;
  /// At most one of them is given; none = the only artifact of the layout.
  std::string tag, digest;
};

/// The layout that `target` names, nothing when it is none. Fails with exit code 2 when it is one,
/// but badly written. // spec: L-007
std::optional<layout_target> find_layout_target(const std::string& target);

/// The path that a target means that is no layout; "" = standard input. Fails with exit code 2 for anything that is
/// not offered. // spec: N-160 N-178 N-180
std::string target_path(const std::string& target);

/// The manifest that `target` names.
byte_buffer read_manifest(const std::string& target);

/// "sha256:…" of `manifest`. // spec: N-173
std::string manifest_digest(const byte_buffer& manifest);

}  // namespace client

#endif  // NV2_CLIENT_TARGET_HPP
