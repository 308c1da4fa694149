// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Blobs by their digests, and an index that gets its name last.
#include "layout_sink.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <nv2/oci/index.hpp>

#include "errors.hpp"
#include "go_json.hpp"
#include "layout.hpp"
#include "layout_walk.hpp"
#include "registry_sink.hpp"

namespace client {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view empty_index =
    R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})";
constexpr std::string_view layout_file = R"({"imageLayoutVersion":"1.0.0"})";

[[noreturn]] void refuse(const std::string& path, const std::string& why, exit_code code) {
  throw failure(code, fmt::format("cannot write the copy: {}: {}", path, why),
                {next_step("give oci-layout:DIRECTORY:TAG, a new directory or a layout")});
}

/// The descriptor of an artifact, with its tag. // spec: L-004
std::string artifact_entry(const owned_descriptor& what, const std::string& tag) {
  go_object out;
  out.text("mediaType", what.media_type).text("digest", what.digest).number("size", what.size);
  if (tag.empty()) return out.finish();
  go_object annotations;
  annotations.text("org.opencontainers.image.ref.name", tag);
  return out.raw("annotations", annotations.finish()).finish();
}

}  // namespace

layout_sink::layout_sink(const layout_target& target)
    : folder_(target.path), blobs_(target.path + "/blobs/sha256"), tag_(target.tag) {
  if (!target.digest.empty()) refuse(folder_, "a digest is no name to give", exit_code::usage);
  if (folder_ == "-") refuse(folder_, "standard input", exit_code::usage);
  if (fs::exists(fs::symlink_status(folder_)) && !fs::is_directory(folder_)) {
    refuse(folder_, "it is no directory", exit_code::usage);
  }
  make_folder(folder_);
  lock_.emplace(folder_);
  // An empty directory is as good as none; another one must be a layout.
  if (fs::is_empty(folder_)) {
    index_.assign(empty_index.begin(), empty_index.end());
    make_file(folder_ + "/index.json", empty_index);
    make_file(folder_ + "/oci-layout", layout_file);
  } else {
    const layout before{folder_};
    index_.assign(before.index().begin(), before.index().end());
  }
  make_folder(folder_ + "/blobs");
  make_folder(blobs_);
}

void layout_sink::make_file(const std::string& path, std::string_view content) {
  new_file file{path, content, links::refuse};
  file.commit();
  made_.add(path);
}

layout_sink::made_files::~made_files() {
  for (; !paths_.empty(); paths_.pop_back()) {
    std::error_code ignored;
    fs::remove(paths_.back(), ignored);
  }
}

void layout_sink::make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) == 0) {
    made_.add(path);
  } else if (errno != EEXIST || fs::is_symlink(path) || !fs::is_directory(path)) {
    refuse(path, errno == EEXIST ? "it is no directory" : std::strerror(errno),
           exit_code::unavailable);
  }
}

std::string layout_sink::path_of(const owned_descriptor& what) const {
  const std::size_t colon = what.digest.find(':');
  return fmt::format("{}/blobs/{}/{}", folder_, what.digest.substr(0, colon),
                     what.digest.substr(colon + 1));
}

/// What has the right name but not the right content is replaced.
bool layout_sink::has_blob(const owned_descriptor& what) {
  mapped_file file{path_of(what)};
  return file.is_open() && check_piece(file.view(), what.view()) == nv2::errc::ok;
}

void layout_sink::store(const owned_descriptor& what, blob_file& content) {
  const std::string path = path_of(what);
  make_folder(fs::path(path).parent_path().string());
  const bool was_there = fs::exists(fs::symlink_status(path));
  content.name(path);
  if (!was_there) made_.add(path);
}

void layout_sink::put_blob(const owned_descriptor& what, blob_file& content) {
  store(what, content);
}

void layout_sink::put_manifest(const owned_descriptor& what, nv2::bytes content) {
  if (has_blob(what)) return;
  blob_file file{blobs_, true};
  file.take(content);
  store(what, file);
}

void layout_sink::add_entry(const owned_descriptor& what, const std::string& entry) {
  // An entry that stands there already is not added again.
  nv2::image_index parsed;
  reading_memory memory;
  const nv2::errc code = nv2::parse_image_index(
      view_of(index_), nv2::bytes::of(nv2::media_types::image_index), memory.use(), parsed);
  if (code != nv2::errc::ok) refuse(folder_, nv2::message(code), exit_code::refused);
  nv2::index_entries entries{parsed};
  while (entries.next()) {
    nv2::content_descriptor old;
    if (entries.read(memory.use(), old) != nv2::errc::ok) continue;
    const bool is_same = nv2::equal(old.digest, what.digest);
    const bool is_named = !tag_.empty() && nv2::has_tag(old, tag_);
    const bool is_artifact = entry == artifact_entry(what, tag_);
    if (is_artifact && is_named && !is_same) {
      refuse(folder_, fmt::format("another artifact has the tag {}", tag_), exit_code::refused);
    }
    if (is_same && (!is_artifact || tag_.empty() || is_named)) return;
  }
  const std::string longer = index_with(index_, entry);
  index_.assign(longer.begin(), longer.end());
}

void layout_sink::put_signature(const owned_descriptor& what, nv2::bytes content,
                                const std::string& /*subject*/, const std::string& entry) {
  put_manifest(what, content);
  add_entry(what, entry);
}

void layout_sink::put_artifact(const owned_descriptor& what, nv2::bytes content) {
  put_manifest(what, content);
  add_entry(what, artifact_entry(what, tag_));
}

void layout_sink::commit() {
  new_file index{folder_ + "/index.json", view_of(index_).as_text(), links::refuse};
  index.commit();
  made_.keep();
}

std::unique_ptr<artifact_sink> open_sink(const stored_target& target,
                                         const registry_options& options) {
  if (const auto* const in_layout = std::get_if<layout_target>(&target)) {
    return std::make_unique<layout_sink>(*in_layout);
  }
  const auto& in_registry = std::get<registry_target>(target);
  if (!in_registry.digest.empty()) {
    refuse(in_registry.name(), "a digest is no name to give", exit_code::usage);
  }
  return std::make_unique<registry_sink>(in_registry, options);
}

}  // namespace client
