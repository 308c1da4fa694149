// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Blobs, and a longer index.json.
#include "layout_writer.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <nv2/base/workspace.hpp>
#include <nv2/oci/index.hpp>

#include "errors.hpp"
#include "refusal.hpp"

namespace client {
namespace {

using nv2::errc;

/// A workspace that any manifest or index is read with.
class reading_memory {
 public:
  reading_memory() : memory_(64 * 1024) {}
  nv2::workspace& use() { return workspace_; }

 private:
  byte_buffer memory_;
  nv2::workspace workspace_{nv2::mutable_bytes{memory_.data(), memory_.size()}};
};

errc parse_index(nv2::bytes text, nv2::image_index& out) {
  reading_memory memory;
  return nv2::parse_image_index(text, nv2::bytes::of(nv2::media_types::image_index), memory.use(),
                                out);
}

[[noreturn]] void refuse_index(errc code, const char* what) {
  throw failure(exit_code::refused, fmt::format("{}: {}", what, nv2::message(code)),
                {{"rule", rule_text(code)}, next_step("nothing was written")});
}

std::string blob_path(const std::string& folder, std::string_view content) {
  std::string name = digest_of(content);
  name[name.find(':')] = '/';
  return folder + "/blobs/" + name;
}

/// A layout may come from anywhere: nothing in it may lead out of it.
void refuse_link(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_symlink(path, ignored)) return;
  throw failure(exit_code::refused, fmt::format("cannot write into the link {}", path),
                {next_step("give a layout whose directories are directories")});
}

/// Whether the blob is there already, as it should be.
bool has_blob(const std::string& path, std::string_view content) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(path, ignored))) {
    return false;
  }
  return view_of(read_file(path, "blob of the layout", nv2::limits::envelope_size)).as_text() ==
         content;
}

void make_blob_folder(const std::string& folder) {
  for (const char* const part : {"/blobs", "/blobs/sha256"}) refuse_link(folder + part);
  std::error_code error;
  std::filesystem::create_directories(folder + "/blobs/sha256", error);
  if (!error) return;
  throw failure(exit_code::unavailable,
                fmt::format("cannot write: {}/blobs/sha256: {}", folder, error.message()),
                {next_step("give a layout directory that may be written to")});
}

}  // namespace

std::string index_with(const byte_buffer& index, const std::string& entry) {
  nv2::image_index parsed;
  const errc code = parse_index(view_of(index), parsed);
  if (code != errc::ok) refuse_index(code, "the index.json of the layout cannot be used");
  const auto start = static_cast<std::size_t>(parsed.manifests.data() - index.data());
  std::string out{view_of(index).as_text()};
  const std::size_t bracket = start + parsed.manifests.size() - 1;
  const std::size_t last = out.find_last_not_of(" \t\r\n", bracket - 1);
  out.insert(last + 1, (last == start ? "" : ",") + entry);
  const errc again = parse_index(nv2::bytes::of(out), parsed);
  if (again != errc::ok) refuse_index(again, "the index.json of the layout would become unusable");
  return out;
}

folder_lock::folder_lock(const std::string& folder)
    : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  while (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX) != 0) {
    if (errno != EINTR) break;  // not every file system has locks
  }
  if (descriptor_ >= 0) return;
  throw failure(exit_code::unavailable,
                fmt::format("cannot open the layout: {}: {}", folder, std::strerror(errno)),
                {next_step("give oci-layout:DIRECTORY:TAG")});
}
folder_lock::~folder_lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

layout_addition::layout_addition(const std::string& folder, const attachment& added)
    : lock_(folder) {
  const std::string index_path = folder + "/index.json";
  const signature_artifact stored = make_signature_artifact(added);
  const byte_buffer index =
      read_file(index_path, "index of the layout", nv2::limits::manifest_size);
  const std::string longer = index_with(index, stored.entry);
  make_blob_folder(folder);
  std::vector<std::string_view> blobs = stored.blobs;
  blobs.emplace_back(stored.manifest);
  for (const std::string_view blob : blobs) {
    const std::string path = blob_path(folder, blob);
    if (!has_blob(path, blob)) add(path, blob);
  }
  add(index_path, longer);
}

layout_addition::~layout_addition() {
  while (!files_.empty()) files_.pop_back();
}

void layout_addition::add(const std::string& path, std::string_view content) {
  files_.push_back(std::make_unique<new_file>(path, content, links::refuse));
}

void layout_addition::commit() {
  try {
    for (const auto& file : files_) {
      file->commit();
      ++committed_;
    }
  } catch (...) {
    withdraw();
    throw;
  }
}

void layout_addition::withdraw() noexcept {
  while (committed_ > 0) files_[--committed_]->withdraw();
}

}  // namespace client
