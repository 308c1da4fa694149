// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Layouts in tar archives, through libarchive. Nothing is ever written to a file. An archive is read
// once from its start to its end, since standard input cannot be read twice and index.json may come
// last; so everything that may be a manifest or a signature is kept, within limits.
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nv2/oci/descriptor.hpp>

#include "errors.hpp"
#include "layout.hpp"

namespace client {
namespace {

constexpr std::int64_t mebibyte = std::int64_t{1} << 20;
/// Unpacked bytes of all files of an archive: what a small compressed one may swell to.
constexpr std::int64_t max_unpacked = 64 * 1024 * mebibyte;
constexpr std::size_t max_entries = 100'000;
/// Bytes of all files that are kept, and of one of them.
constexpr std::int64_t max_kept = 256 * mebibyte;
constexpr std::int64_t max_kept_file = 32 * mebibyte;
/// Larger files are kept only if they begin like a manifest or a signature.
constexpr std::int64_t always_kept = 64 * 1024;
constexpr std::size_t piece = 64 * 1024;

/// The name under which an entry is known in a layout, "" for what does not belong to it. No other
/// spelling is taken, so none leads anywhere else.
std::string layout_name(std::string_view name) {
  if (name.substr(0, 2) == "./") name.remove_prefix(2);
  if (name == "oci-layout" || name == "index.json") return std::string(name);
  constexpr std::string_view folder = "blobs/";
  if (name.substr(0, folder.size()) != folder) return {};
  std::string digest{name.substr(folder.size())};
  const std::size_t slash = digest.find('/');
  if (slash == digest.npos) return {};
  digest[slash] = ':';
  nv2::parsed_digest ignored;
  const bool known = nv2::parse_digest(nv2::bytes::of(digest), ignored) == nv2::errc::ok;
  return known ? std::string(name) : std::string();
}

/// Whether a large file may be JSON, a JWT or COSE by its beginning; layers are not.
bool begins_like_text(const byte_buffer& start) {
  std::size_t at = 0;
  while (at < start.size() && std::strchr(" \t\r\n", start[at]) != nullptr && start[at] != 0) ++at;
  return at < start.size() && (start[at] == '{' || start[at] == 'e' || start[at] == 0xD2);
}

struct archive_deleter {
  void operator()(struct archive* open) const { archive_read_free(open); }
};

class archive_files : public layout_files {
 public:
  explicit archive_files(std::string path) : path_(std::move(path)), archive_(archive_read_new()) {
    if (archive_ == nullptr) refuse("out of memory");
    open();
    while (next()) take();
  }

  bool read(const std::string& name, std::size_t limit, byte_buffer& out) const override {
    const auto found = kept_.find(name);
    if (found == kept_.end() || !found->second || found->second->size() > limit) return false;
    out = *found->second;
    return true;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw failure(exit_code::refused,
                  fmt::format("not a usable archive of an OCI image layout: {}: {}",
                              path_ == "-" ? "standard input" : path_, why),
                  {next_step("give a tar archive, plain or compressed with gzip or zstd")});
  }
  [[noreturn]] void refuse_by_library() const {
    const char* const why = archive_error_string(archive_.get());
    refuse(why == nullptr ? "it is damaged" : why);
  }

  /// Only what libarchive unpacks itself: it would run programs for other compressions.
  void open() {
    struct archive* const a = archive_.get();
    archive_read_support_format_tar(a);
    if (archive_zlib_version() != nullptr) archive_read_support_filter_gzip(a);
    if (archive_libzstd_version() != nullptr) archive_read_support_filter_zstd(a);
    const char* const name = path_ == "-" ? nullptr : path_.c_str();
    if (name != nullptr && ::access(name, R_OK) != 0) {
      throw failure(exit_code::unavailable,
                    fmt::format("cannot open the layout: {}: {}", path_, std::strerror(errno)),
                    {next_step("check the path; nothing was verified")});
    }
    if (archive_read_open_filename(a, name, piece) != ARCHIVE_OK) refuse_by_library();
    // The innermost one is the file itself: at most one compression.
    if (archive_filter_count(a) > 2) refuse("it is compressed more than once");
  }

  bool next() {
    const int code = archive_read_next_header(archive_.get(), &entry_);
    if (code == ARCHIVE_EOF) return false;
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) refuse_by_library();
    if (++entries_ > max_entries) refuse(fmt::format("more than {} entries", max_entries));
    const std::int64_t size = archive_entry_size(entry_);
    if (size < 0 || size > max_unpacked - unpacked_) {
      refuse(fmt::format("more than {} MiB of files", max_unpacked / mebibyte));
    }
    unpacked_ += size;
    return true;
  }

  void take() {
    const char* const stored = archive_entry_pathname(entry_);
    const std::string name = layout_name(stored == nullptr ? "" : stored);
    if (name.empty()) return;
    if (archive_entry_filetype(entry_) != AE_IFREG || archive_entry_hardlink(entry_) != nullptr) {
      refuse(name + " is no regular file");
    }
    // Which of two files a program takes must not be left to the program.
    const auto [place, is_new] = kept_.emplace(name, nullptr);
    if (!is_new) refuse(name + " is there twice");
    const std::int64_t size = archive_entry_size(entry_);
    if (size > max_kept_file) return;
    auto content = std::make_unique<byte_buffer>();
    if (!read_entry(static_cast<std::size_t>(size), *content)) return;
    kept_bytes_ += size;
    if (kept_bytes_ > max_kept) {
      refuse(fmt::format("more than {} MiB of manifests and signatures", max_kept / mebibyte));
    }
    place->second = std::move(content);
  }

  /// Reads a file of `size` bytes; false when its beginning shows that it is nothing for us.
  bool read_entry(std::size_t size, byte_buffer& out) {
    while (out.size() < size) {
      const std::size_t had = out.size();
      out.resize(had + std::min(piece, size - had));
      const la_ssize_t got = archive_read_data(archive_.get(), out.data() + had, out.size() - had);
      if (got < 0) refuse_by_library();
      if (got == 0) refuse("it ends within a file");
      out.resize(had + static_cast<std::size_t>(got));
      const bool is_start = had == 0 && static_cast<std::int64_t>(size) > always_kept;
      if (is_start && !begins_like_text(out)) return false;
    }
    return true;
  }

  std::string path_;
  std::unique_ptr<struct archive, archive_deleter> archive_;
  struct archive_entry* entry_ = nullptr;
  std::size_t entries_ = 0;
  std::int64_t unpacked_ = 0, kept_bytes_ = 0;
  /// Null for files that are there but were not kept.
  std::map<std::string, std::unique_ptr<byte_buffer>> kept_;
};

}  // namespace

std::unique_ptr<layout_files> read_archive(const std::string& path) {
  return std::make_unique<archive_files>(path);
}

}  // namespace client
