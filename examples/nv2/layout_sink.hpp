// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Layout directories as destinations of copies.
#ifndef NV2_CLIENT_LAYOUT_SINK_HPP
#define NV2_CLIENT_LAYOUT_SINK_HPP

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "artifact_sink.hpp"
#include "layout_writer.hpp"

namespace client {

/// A directory that becomes a layout, or that is one already and gets more. Until commit() its index
/// names nothing of what is new, and whatever was made is removed again without it.
class layout_sink final : public artifact_sink {
 public:
  explicit layout_sink(const layout_target& target);
  ~layout_sink() override;

  std::string scratch() const override { return blobs_; }
  bool has_blob(const owned_descriptor& what) override;
  void put_blob(const owned_descriptor& what, blob_file& content) override;
  void put_manifest(const owned_descriptor& what, nv2::bytes content) override;
  void put_signature(const owned_descriptor& what, nv2::bytes content, const std::string& subject,
                     const std::string& entry) override;
  void put_artifact(const owned_descriptor& what, nv2::bytes content) override;
  void commit() override;

 private:
  std::string path_of(const owned_descriptor& what) const;
  void make_folder(const std::string& path);
  void store(const owned_descriptor& what, blob_file& content);
  void add_entry(const owned_descriptor& what, const std::string& entry);

  std::string folder_, blobs_, tag_;
  std::optional<folder_lock> lock_;
  byte_buffer index_;
  /// What was made and is removed when there is no commit, in the order in which it was made.
  std::vector<std::string> made_;
  bool is_new_ = false, is_committed_ = false;
};

}  // namespace client

#endif  // NV2_CLIENT_LAYOUT_SINK_HPP
