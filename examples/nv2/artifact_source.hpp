// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Where artifacts are stored with their signatures: layouts and registries.
#ifndef NV2_CLIENT_ARTIFACT_SOURCE_HPP
#define NV2_CLIENT_ARTIFACT_SOURCE_HPP

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nv2/base/errc.hpp>
#include <nv2/oci/content.hpp>

#include "file_io.hpp"
#include "http_session.hpp"
#include "options.hpp"
#include "signatures.hpp"
#include "target.hpp"

namespace client {

/// One artifact in its store.
class artifact_source {
 public:
  artifact_source() = default;
  artifact_source(const artifact_source&) = delete;
  artifact_source& operator=(const artifact_source&) = delete;
  virtual ~artifact_source() = default;

  /// The artifact that the target means. Fails with exit code 1 when it is not there, not unique, or
  /// not what its descriptor says. // spec: O-041 O-042 D-024 D-025
  virtual stored_artifact find_artifact() const = 0;
  /// The signatures of `artifact`, none of which is read yet. // spec: O-007
  virtual signature_list find_signatures(const stored_artifact& artifact) const = 0;
  /// Reads what `wanted` describes, of at most `limit` bytes, and checks it. // spec: D-005
  /// Errors: signature_unavailable when it is not there, input_too_large, content_size,
  /// content_digest.
  virtual nv2::errc read(const nv2::content_descriptor& wanted, std::size_t limit,
                         byte_buffer& out) const = 0;
  /// Hands what `wanted` describes to `into`, of any size and unchecked. Fails with exit code 3 when it
  /// cannot be had.
  virtual void fetch(const nv2::content_descriptor& wanted, body_sink& into) const = 0;
};

/// A target that has its signatures beside it.
using stored_target = std::variant<layout_target, registry_target>;

/// What `target` names, nothing when it is no such target. Fails with exit code 2 when it is one, but
/// badly written. // spec: L-007 N-179
std::optional<stored_target> find_stored_target(const std::string& target);

/// Fails with exit code 2 when `targets` lie in several registries and a name or a password was given: it is
/// for one of them, and the other must not hear it.
void check_one_registry(const registry_options& options, const std::vector<std::string>& targets);

/// Opens the store of `target`. Fails with exit code 3 when it cannot be had, 1 when it is none.
std::unique_ptr<artifact_source> open_source(const stored_target& target,
                                             const registry_options& options);

}  // namespace client

#endif  // NV2_CLIENT_ARTIFACT_SOURCE_HPP
