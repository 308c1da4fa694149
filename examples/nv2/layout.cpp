// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Layouts, whatever their files lie in.
#include "layout.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <nv2/oci/index.hpp>

#include "client_crypto.hpp"
#include "errors.hpp"
#include "refusal.hpp"

namespace client {
namespace {

constexpr std::size_t max_layout_file = 64 * 1024;

class directory_files : public layout_files {
 public:
  explicit directory_files(std::string folder) : folder_(std::move(folder)) {}

  /// Opens without waiting, so that a pipe in place of a file cannot hold the program up.
  bool read(const std::string& name, std::size_t limit, byte_buffer& out) const override {
    const std::string path = folder_ + "/" + name;
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return false;
    struct stat info {};
    const bool good = ::fstat(file, &info) == 0 && S_ISREG(info.st_mode) &&
                      static_cast<std::uint64_t>(info.st_size) <= limit;
    if (!good) {
      ::close(file);
      return false;
    }
    out = read_descriptor(file, path, "file of the layout", limit);
    return true;
  }

 private:
  std::string folder_;
};

std::unique_ptr<layout_files> open_files(const std::string& path) {
  struct stat info {};
  if (path == "-") return read_archive(path);
  if (::stat(path.c_str(), &info) != 0) {
    throw failure(exit_code::unavailable,
                  fmt::format("cannot open the layout: {}: {}", path, std::strerror(errno)),
                  {next_step("check the path; nothing was verified")});
  }
  if (S_ISDIR(info.st_mode)) return std::make_unique<directory_files>(path);
  return read_archive(path);
}

/// Ends the program over a layout that is none.
[[noreturn]] void refuse(const std::string& path, const char* file, nv2::errc code) {
  throw failure(exit_code::refused,
                fmt::format("not a usable OCI image layout: {}: {}", path, nv2::message(code)),
                {{"file", file},
                 {"rule", rule_text(code)},
                 next_step("give a layout directory, or a tar archive of one")});
}

}  // namespace

layout::layout(std::string path) : path_(std::move(path)), files_(open_files(path_)) {
  byte_buffer scratch(16 * 1024);
  nv2::workspace memory{nv2::mutable_bytes{scratch.data(), scratch.size()}};
  byte_buffer version;
  // spec: L-001
  const bool is_layout = files_->read("oci-layout", max_layout_file, version);
  const nv2::errc code =
      is_layout ? nv2::check_layout_file(view_of(version), memory) : nv2::errc::layout_version;
  if (code != nv2::errc::ok) refuse(path_, "oci-layout", code);
  nv2::image_index index;
  const bool has_index = files_->read("index.json", nv2::limits::manifest_size, index_);
  const nv2::errc listed =
      has_index ? nv2::parse_image_index(
                      view_of(index_), nv2::bytes::of(nv2::media_types::image_index), memory, index)
                : nv2::errc::index_manifests_missing;
  if (listed != nv2::errc::ok) refuse(path_, "index.json", listed);  // spec: L-002
}

nv2::errc layout::read(const nv2::content_descriptor& wanted, std::size_t limit,
                       byte_buffer& out) const {
  if (static_cast<std::uint64_t>(wanted.size) > limit) {
    return nv2::errc::input_too_large;  // spec: O-001 O-008
  }
  std::string name{wanted.digest.as_text()};
  name[name.find(':')] = '/';
  if (!files_->read("blobs/" + name, limit, out)) {
    return nv2::errc::signature_unavailable;  // spec: W-042
  }
  byte_buffer scratch(1024);
  nv2::workspace memory{nv2::mutable_bytes{scratch.data(), scratch.size()}};
  return nv2::check_content(view_of(out), wanted, client_crypto, memory);  // spec: L-003
}

}  // namespace client
