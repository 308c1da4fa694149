// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Files, standard input and layouts.
#include "sign_target.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "errors.hpp"
#include "artifact_source.hpp"
#include "signatures.hpp"
#include "target.hpp"

namespace client {
namespace {

sign_target from_store(const sign_options& options, const stored_target& wanted) {
  stored_artifact artifact = open_source(wanted, options.registry)->find_artifact();
  sign_target out;
  out.content = std::move(artifact.manifest);
  out.media_type = artifact.descriptor.media_type;
  out.digest = artifact.descriptor.digest;
  if (options.attach) out.place = wanted;
  return out;
}

sign_target from_file(const sign_options& options) {
  sign_target out;
  out.path = target_path(options.target);
  out.media_type = options.media_type;
  if (options.is_blob && !out.path.empty()) return out;
  out.content = read_manifest(options.target);
  if (options.is_blob) return out;
  if (out.content.empty()) {
    throw failure(exit_code::refused, "cannot sign: the manifest is empty");
  }
  out.digest = manifest_digest(out.content);
  return out;
}

}  // namespace

void check_sign_target(const sign_options& options) {
  const auto stored = find_stored_target(options.target);
  const auto* const wanted = stored ? std::get_if<layout_target>(&*stored) : nullptr;
  const auto refuse = [&](const char* what, const char* next) {
    throw failure(exit_code::usage, fmt::format("{}: {}", what, options.target), {next_step(next)});
  };
  if (!stored) {
    target_path(options.target);
    if (options.attach) {
      refuse("the target is no place to attach a signature to",
             "write oci-layout:DIRECTORY:TAG or docker://HOST/REPOSITORY:TAG");
    }
  } else if (options.is_blob) {
    refuse("layouts and registries hold no blobs to sign", "leave out --blob, or write file:PATH");
  } else if (wanted == nullptr) {
    return;
  } else if (options.attach && wanted->path == "-") {
    refuse("no signature can be attached to standard input", "write oci-layout:DIRECTORY:TAG");
  } else if (options.attach && !std::filesystem::is_directory(wanted->path)) {
    refuse("signatures are attached to layouts that are directories only",
           "unpack the archive, or leave out --attach and keep the signature in a file");
  }
}

sign_target read_sign_target(const sign_options& options) {
  const auto wanted = find_stored_target(options.target);
  return wanted ? from_store(options, *wanted) : from_file(options);
}

}  // namespace client
