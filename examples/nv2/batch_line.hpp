// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// One line of a batch: a target, as a JSON object.
#ifndef NV2_CLIENT_BATCH_LINE_HPP
#define NV2_CLIENT_BATCH_LINE_HPP

#include <string>
#include <string_view>

#include "options.hpp"

namespace client {

struct batch_target {
  verify_options options;
  /// The digest that the artifact must have, "" = any.
  std::string digest;
};

/// The names by which a line can be told apart, for messages about it too: read as well as they can be.
struct batch_names {
  std::string id, target;
};

batch_names names_in(std::string_view line);

/// What `line` asks for, where it does not say otherwise as `common` does. Members: target, signature (a text
/// or a list), scope, policy-name, media-type, digest, id; all others are refused, and so is a member that stands twice.
/// Fails with exit code 2.
batch_target read_batch_line(std::string_view line, const verify_options& common);

}  // namespace client

#endif  // NV2_CLIENT_BATCH_LINE_HPP
