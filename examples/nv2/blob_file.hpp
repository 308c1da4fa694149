// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A blob on its way from one store to another: a file that nobody sees, checked before it is used.
#ifndef NV2_CLIENT_BLOB_FILE_HPP
#define NV2_CLIENT_BLOB_FILE_HPP

#include <cstdint>
#include <string>

#include <nv2/base/bytes.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/oci/content.hpp>

#include "http_session.hpp"

namespace client {

/// Whether `content` is what `expected` describes. // spec: D-005
nv2::errc check_piece(nv2::bytes content, const nv2::content_descriptor& expected);

/// A file that is read without taking memory for it. No link is followed.
class mapped_file {
 public:
  explicit mapped_file(const std::string& path);
  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;
  ~mapped_file();

  /// Whether it is there, and a regular file.
  bool is_open() const { return is_open_; }
  nv2::bytes view() const { return {static_cast<const std::uint8_t*>(mapped_), size_}; }

 private:
  void* mapped_ = nullptr;
  std::size_t size_ = 0;
  bool is_open_ = false;
};

/// A new file in a folder, without a name there until it gets one.
class blob_file final : public body_sink {
 public:
  /// Fails with exit code 3 when `folder` cannot be written to.
  /// One that is not `kept` is gone as soon as nobody has it open, whatever ends the program.
  blob_file(const std::string& folder, bool kept);
  ~blob_file() override;

  bool take(nv2::bytes piece) override;
  void restart() override;

  /// Whether the file is what `expected` describes. Reads it once. // spec: D-005
  nv2::errc check(const nv2::content_descriptor& expected);
  /// The content, for as long as the object lives.
  nv2::bytes view();
  /// Gives the file the name `path`, in the same file system.
  void name(const std::string& path);

 private:
  void unmap();

  std::string path_;
  int number_ = -1;
  std::uint64_t size_ = 0;
  void* mapped_ = nullptr;
};

}  // namespace client

#endif  // NV2_CLIENT_BLOB_FILE_HPP
