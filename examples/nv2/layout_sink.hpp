// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Layout directories as destinations of copies.
#ifndef NV2_CLIENT_LAYOUT_SINK_HPP
#define NV2_CLIENT_LAYOUT_SINK_HPP

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "artifact_sink.hpp"
#include "layout_writer.hpp"

namespace client {

/// A directory that becomes a layout, or that is one already and gets more. Until commit() its index
/// names nothing of what is new, and whatever was made is removed again without it.
class layout_sink final : public artifact_sink {
 public:
  explicit layout_sink(const layout_target& target);

  std::string scratch() const override { return blobs_; }
  bool keeps_files() const override { return true; }
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

  /// What was made, in that order, and is removed again unless it is kept.
  class made_files {
   public:
    made_files() = default;
    made_files(const made_files&) = delete;
    made_files& operator=(const made_files&) = delete;
    ~made_files();
    void add(std::string path) { paths_.push_back(std::move(path)); }
    void keep() { paths_.clear(); }

   private:
    std::vector<std::string> paths_;
  };

  void make_file(const std::string& path, std::string_view content);

  std::string folder_, blobs_, tag_;
  // Held until everything that was made is gone again.
  std::optional<folder_lock> lock_;
  made_files made_;
  byte_buffer index_;
};

}  // namespace client

#endif  // NV2_CLIENT_LAYOUT_SINK_HPP
