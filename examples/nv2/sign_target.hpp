// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What nv2 sign signs.
#ifndef NV2_CLIENT_SIGN_TARGET_HPP
#define NV2_CLIENT_SIGN_TARGET_HPP

#include <optional>
#include <string>

#include "artifact_source.hpp"
#include "file_io.hpp"
#include "options.hpp"

namespace client {

struct sign_target {
  /// A manifest, or a blob that came on standard input.
  byte_buffer content;
  std::string media_type;
  /// Of manifests; that of a blob depends on the key.
  std::string digest;
  /// The file that it came from, "" = none.
  std::string path;
  /// What gets the signature, nothing = a file does.
  std::optional<stored_target> place;
};

/// Fails with exit code 2 for a target that cannot be signed as asked, before anything is read.
void check_sign_target(const sign_options& options);

/// Reads the target; a blob that is a file is only named. In a layout the media type is what the
/// layout says. // spec: O-041
sign_target read_sign_target(const sign_options& options);

}  // namespace client

#endif  // NV2_CLIENT_SIGN_TARGET_HPP
