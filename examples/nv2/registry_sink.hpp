// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Registries as destinations of copies.
#ifndef NV2_CLIENT_REGISTRY_SINK_HPP
#define NV2_CLIENT_REGISTRY_SINK_HPP

#include <string>

#include "artifact_sink.hpp"
#include "repository_writer.hpp"

namespace client {

class registry_sink final : public artifact_sink {
 public:
  /// `options` must outlive it.
  registry_sink(const registry_target& target, const registry_options& options)
      : repository_(target, options), writer_(repository_) {}

  std::string scratch() const override;
  bool keeps_files() const override { return false; }
  bool has_blob(const owned_descriptor& what) override;
  void put_blob(const owned_descriptor& what, blob_file& content) override;
  void put_manifest(const owned_descriptor& what, nv2::bytes content) override;
  void put_signature(const owned_descriptor& what, nv2::bytes content, const std::string& subject,
                     const std::string& entry) override;
  void put_artifact(const owned_descriptor& what, nv2::bytes content) override;
  void commit() override;

 private:
  repository repository_;
  repository_writer writer_;
  owned_descriptor artifact_;
  byte_buffer manifest_;
};

}  // namespace client

#endif  // NV2_CLIENT_REGISTRY_SINK_HPP
