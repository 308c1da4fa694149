// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Artifacts in OCI image layouts.
#ifndef NV2_CLIENT_LAYOUT_SOURCE_HPP
#define NV2_CLIENT_LAYOUT_SOURCE_HPP

#include <string>
#include <utility>

#include "artifact_source.hpp"
#include "layout.hpp"
#include "target.hpp"

namespace client {

/// An artifact of a layout. What is meant must be there, and be the only one. // spec: L-004
class layout_source final : public artifact_source {
 public:
  explicit layout_source(layout_target target) : target_(std::move(target)), files_(target_.path) {}

  stored_artifact find_artifact() const override;
  /// Reads every manifest that index.json leads to. // spec: L-005 L-006
  signature_list find_signatures(const stored_artifact& artifact) const override;
  nv2::errc read(const nv2::content_descriptor& wanted, std::size_t limit,
                 byte_buffer& out) const override {
    return files_.read(wanted, limit, out);
  }
  void fetch(const nv2::content_descriptor& wanted, body_sink& into) const override;

 private:
  layout_target target_;
  layout files_;
};

}  // namespace client

#endif  // NV2_CLIENT_LAYOUT_SOURCE_HPP
