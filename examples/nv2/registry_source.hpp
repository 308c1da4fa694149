// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Artifacts in registries.
#ifndef NV2_CLIENT_REGISTRY_SOURCE_HPP
#define NV2_CLIENT_REGISTRY_SOURCE_HPP

#include <memory>

#include "artifact_source.hpp"
#include "repository.hpp"

namespace client {

/// An artifact of a registry. A tag is resolved once, and what came is what counts. // spec: D-025
class registry_source final : public artifact_source {
 public:
  /// `options` must outlive it.
  registry_source(const registry_target& target, const registry_options& options)
      : repository_(std::make_unique<repository>(target, options)) {}

  stored_artifact find_artifact() const override;
  /// Asks for the referrers of the artifact that may be signatures. // spec: F-001 F-004 F-007
  signature_list find_signatures(const stored_artifact& artifact) const override;
  nv2::errc read(const nv2::content_descriptor& wanted, std::size_t limit,
                 byte_buffer& out) const override {
    return repository_->read(wanted, limit, out);
  }
  void fetch(const nv2::content_descriptor& wanted, body_sink& into) const override {
    repository_->fetch(wanted, into);
  }

 private:
  std::unique_ptr<repository> repository_;
};

}  // namespace client

#endif  // NV2_CLIENT_REGISTRY_SOURCE_HPP
