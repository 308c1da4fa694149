// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Files that are signed as they are, of any size.
#ifndef NV2_CLIENT_BLOB_HPP
#define NV2_CLIENT_BLOB_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/base/bytes.hpp>
#include <nv2/binding.hpp>

#include "file_io.hpp"

namespace client {

/// Hands a blob to the library piece by piece; one that is no file can be read once only.
class blob_reader {
 public:
  /// Opens `path`, "" = standard input. Fails with exit code 3.
  explicit blob_reader(std::string path);
  blob_reader(const blob_reader&) = delete;
  blob_reader& operator=(const blob_reader&) = delete;
  ~blob_reader();

  /// The blob as an artifact; `media_type` "" = any. Lends itself.
  nv2::artifact artifact(std::string_view media_type) {
    return nv2::artifact::blob_pieces(read, this, media_type);
  }
  /// Fails with exit code 3 if the blob could not be read to its end.
  void check() const;

 private:
  static bool read(void* self, std::uint64_t offset, nv2::bytes& piece) noexcept;

  std::string path_;
  int number_ = 0;
  int error_ = 0;
  std::uint64_t place_ = 0;
  byte_buffer piece_;
};

/// The format that the name of a signature file tells: "jws" for NAME.jws.sig, "cose" for
/// NAME.cose.sig in any case, else "". // spec: O-050 O-051
std::string format_of_signature_name(const std::string& path);

}  // namespace client

#endif  // NV2_CLIENT_BLOB_HPP
