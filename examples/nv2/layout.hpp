// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// OCI image layouts, read only: a directory, or a tar archive, perhaps compressed.
#ifndef NV2_CLIENT_LAYOUT_HPP
#define NV2_CLIENT_LAYOUT_HPP

#include <cstddef>
#include <memory>
#include <string>

#include <nv2/base/errc.hpp>
#include <nv2/oci/content.hpp>

#include "file_io.hpp"

namespace client {

/// The files of a layout by their names: "index.json", "blobs/sha256/9f86…".
class layout_files {
 public:
  layout_files() = default;
  layout_files(const layout_files&) = delete;
  layout_files& operator=(const layout_files&) = delete;
  virtual ~layout_files() = default;

  /// Reads a file of at most `limit` bytes. False when it is not there, or is no regular file of
  /// that size that can be read.
  virtual bool read(const std::string& name, std::size_t limit, byte_buffer& out) const = 0;
};

/// The files of the archive `path`, "-" = standard input. Reads it once, and keeps what manifests and
/// signatures may be. Fails with exit code 1 when it is no archive of a layout.
std::unique_ptr<layout_files> read_archive(const std::string& path);

/// A layout whose oci-layout and index.json were found good.
class layout {
 public:
  /// `path`: a directory or an archive, "-" = an archive on standard input. Fails with exit code 3
  /// when it cannot be opened, and 1 when it is no layout. // spec: L-001 L-002
  explicit layout(std::string path);

  const std::string& path() const { return path_; }
  /// The text of index.json.
  nv2::bytes index() const& { return view_of(index_); }
  nv2::bytes index() const&& = delete;

  /// Reads what `wanted` describes, of at most `limit` bytes, and checks it. // spec: L-003 D-005
  /// Errors: signature_unavailable when it is not there, input_too_large, content_size,
  /// content_digest.
  nv2::errc read(const nv2::content_descriptor& wanted, std::size_t limit, byte_buffer& out) const;

 private:
  std::string path_;
  std::unique_ptr<layout_files> files_;
  byte_buffer index_;
};

}  // namespace client

#endif  // NV2_CLIENT_LAYOUT_HPP
