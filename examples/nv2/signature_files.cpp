// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Several signature files, and what they are about, read as a whole.
#include "signature_files.hpp"

#include <fmt/format.h>
#include <nv2/envelope/envelope.hpp>

#include "blob.hpp"
#include "errors.hpp"

namespace client {
namespace {

/// A blob that several signatures are about is held in memory.
constexpr std::size_t max_counted_blob = std::size_t{1} << 30;

}  // namespace

void check_signature_files(const verify_options& options, const trust& trusted) {
  if (options.other_signatures.empty() || trusted.asks_for_quorum()) return;
  throw failure(exit_code::usage, "several --signature need --threshold",
                {next_step(fmt::format("give --threshold {} if each of them must be by another "
                                       "signer, or only one --signature",
                                       options.other_signatures.size() + 1))});
}

std::string format_of_file(const verify_options& options, const std::string& path) {
  const std::string named = options.is_blob ? format_of_signature_name(path) : "";
  if (options.format.empty() || named.empty() || options.format == named) {
    return options.format.empty() ? named : options.format;
  }
  throw failure(exit_code::usage,
                fmt::format("--format {} contradicts the name of the signature file: {}",
                            options.format, path),
                {{"rule", "O-050"}, next_step("leave --format out, or rename the file")});
}

std::vector<signature_file> read_signatures(const verify_options& options) {
  std::vector<std::string> paths{options.signature};
  paths.insert(paths.end(), options.other_signatures.begin(), options.other_signatures.end());
  std::vector<signature_file> out;
  out.reserve(paths.size());
  for (const std::string& path : paths) {
    out.push_back({path, read_file(path, "signature file", nv2::limits::envelope_size),
                   format_of_file(options, path)});
  }
  return out;
}

byte_buffer read_counted_blob(const std::string& path) {
  return path.empty() ? read_stdin("blob", max_counted_blob)
                      : read_file(path, "blob", max_counted_blob);
}

}  // namespace client
