// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The signature files of the command line, where several signers must have signed.
#ifndef NV2_CLIENT_SIGNATURE_FILES_HPP
#define NV2_CLIENT_SIGNATURE_FILES_HPP

#include <string>
#include <vector>

#include "file_io.hpp"
#include "options.hpp"
#include "trust.hpp"

namespace client {

struct signature_file {
  std::string path;
  byte_buffer content;
  /// The name of the one format allowed, "" = any.
  std::string format;
};

/// Fails with exit code 2 when there are several files and nobody counts signers: whether one of them
/// would do, or all had to be good, must not be guessed.
void check_signature_files(const verify_options& options, const trust& trusted);

/// The format that `path` may have, which for blobs its name tells. // spec: O-050 O-051
std::string format_of_file(const verify_options& options, const std::string& path);

/// All of them, in their order.
std::vector<signature_file> read_signatures(const verify_options& options);

/// A blob as a whole, since each signature is about all of it.
byte_buffer read_counted_blob(const std::string& path);

}  // namespace client

#endif  // NV2_CLIENT_SIGNATURE_FILES_HPP
