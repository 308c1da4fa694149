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

/// An artifact in a registry.
struct registry_target {
  /// With its port.
  std::string host;
  /// Without the host.
  std::string repository;
  /// Never both: a tag beside a digest is not looked at. // spec: D-021
  std::string tag, digest;
  /// oci://, which asks for media types of OCI first; docker:// asks for those of docker first.
  bool is_oci = false;

  /// "registry.example.com/team/app"
  std::string name() const { return host + "/" + repository; }
  const std::string& reference() const { return digest.empty() ? tag : digest; }
};

/// The artifact in a registry that `target` names, nothing when it is none. Without tag and digest the tag
/// is latest. Fails with exit code 2 when it is one, but badly written. // spec: N-179 D-020 D-022 D-023
std::optional<registry_target> find_registry_target(const std::string& target);

/// The path that a target means that is stored nowhere with signatures; "" = standard input. Fails with exit code 2 for anything that is
/// not offered. // spec: N-160 N-178 N-180
std::string target_path(const std::string& target);

/// The manifest that `target` names.
byte_buffer read_manifest(const std::string& target);

/// "sha256:…" of `manifest`. // spec: N-173
std::string manifest_digest(const byte_buffer& manifest);

}  // namespace client

#endif  // NV2_CLIENT_TARGET_HPP
