// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Signatures that were named, and what they are about, read as a whole.
#include "signature_files.hpp"

#include <memory>
#include <optional>

#include <fmt/format.h>
#include <nv2/envelope/envelope.hpp>

#include "artifact_source.hpp"
#include "blob.hpp"
#include "errors.hpp"
#include "refusal.hpp"

namespace client {
namespace {

/// A blob that several signatures are about is held in memory.
constexpr std::size_t max_counted_blob = std::size_t{1} << 30;

[[noreturn]] void refuse_stored(const std::string& target, nv2::errc code) {
  throw failure(exit_code::refused, fmt::format("cannot use the signature: {}", nv2::message(code)),
                {{"signature", target.substr(0, target.find('@'))},
                 {"rule", rule_text(code)},
                 next_step("give the manifest of a signature, or the artifact itself as TARGET "
                           "when its signatures are with it")});
}

/// What the manifest leads to that `target` names. // spec: O-006 O-031
byte_buffer read_stored(const stored_target& target, const std::string& written,
                        const registry_options& registry, std::string& media_type) {
  const std::unique_ptr<artifact_source> source = open_source(target, registry);
  const manifest_reading found = read_signature_manifest(source->find_artifact());
  nv2::errc code = found.signature.code;
  byte_buffer out;
  if (code == nv2::errc::ok) {
    code = source->read(found.signature.envelope.view(), nv2::limits::envelope_size, out);
  }
  if (code != nv2::errc::ok) refuse_stored(written, code);
  media_type = found.signature.envelope.media_type;
  return out;
}

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

byte_buffer read_envelope(const std::string& path, const registry_options& registry,
                          std::string& media_type) {
  media_type.clear();
  const std::optional<stored_target> stored = find_stored_target(path);
  if (stored) return read_stored(*stored, path, registry, media_type);
  return read_file(path, "signature file", nv2::limits::envelope_size);
}

signature_file read_signature(const verify_options& options, const std::string& path) {
  signature_file out;
  out.path = path;
  out.content = read_envelope(path, options.registry, out.media_type);
  const bool is_stored = !out.media_type.empty();
  if (is_stored && (options.is_blob || !options.envelope_media_type.empty())) {
    throw failure(exit_code::usage,
                  "--blob and --envelope-media-type do not go with a stored signature",
                  {next_step("leave them out: its manifest tells the media type")});
  }
  out.format = format_of_file(options, path);
  if (!is_stored) out.media_type = options.envelope_media_type;
  return out;
}

std::vector<signature_file> read_signatures(const verify_options& options) {
  std::vector<std::string> paths{options.signature};
  paths.insert(paths.end(), options.other_signatures.begin(), options.other_signatures.end());
  std::vector<signature_file> out;
  out.reserve(paths.size());
  for (const std::string& path : paths) {
    out.push_back(read_signature(options, path));
  }
  return out;
}

byte_buffer read_counted_blob(const std::string& path) {
  return path.empty() ? read_stdin("blob", max_counted_blob)
                      : read_file(path, "blob", max_counted_blob);
}

}  // namespace client
