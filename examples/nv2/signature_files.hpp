// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The signatures that the command line names: files, and artifacts in layouts and registries.
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
  /// What its source says that its media type is, "" = nothing.
  std::string media_type;
};

/// Fails with exit code 2 when there are several files and nobody counts signers: whether one of them
/// would do, or all had to be good, must not be guessed.
void check_signature_files(const verify_options& options, const trust& trusted);

/// The format that `path` may have, which for blobs its name tells. // spec: O-050 O-051
std::string format_of_file(const verify_options& options, const std::string& path);

/// The signature `path`: a file, or what the manifest of a signature leads to that `path` names in a
/// layout or a registry. Such a manifest need not say whose signature it is. // spec: O-032 O-034
signature_file read_signature(const verify_options& options, const std::string& path);

/// The same without options of verify: `media_type` is "" for a file.
byte_buffer read_envelope(const std::string& path, const registry_options& registry,
                          std::string& media_type);

/// All of them, in their order.
std::vector<signature_file> read_signatures(const verify_options& options);

/// A blob as a whole, since each signature is about all of it.
byte_buffer read_counted_blob(const std::string& path);

}  // namespace client

#endif  // NV2_CLIENT_SIGNATURE_FILES_HPP
