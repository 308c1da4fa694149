// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A repository as a destination. What was stored before a failure stays there, without a name.
#include "registry_sink.hpp"

#include <cstdlib>

#include <nv2/oci/manifest.hpp>

namespace client {

std::string registry_sink::scratch() const {
  const char* const folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

bool registry_sink::has_blob(const owned_descriptor& what) { return writer_.has_blob(what.digest); }

void registry_sink::put_blob(const owned_descriptor& what, blob_file& content) {
  writer_.push_blob(what.digest, content.view());
}

void registry_sink::put_manifest(const owned_descriptor& what, nv2::bytes content) {
  writer_.push_manifest(what.digest, what.media_type, content);
}

void registry_sink::put_signature(const owned_descriptor& what, nv2::bytes content,
                                  const std::string& subject, const std::string& entry) {
  if (!writer_.push_manifest(what.digest, what.media_type, content)) {
    writer_.list_referrer(subject, what.digest, entry);
  }
}

void registry_sink::put_artifact(const owned_descriptor& what, nv2::bytes content) {
  writer_.push_manifest(what.digest, what.media_type, content);
  artifact_ = what;
  manifest_.assign(content.begin(), content.end());
}

/// A tag leads to the artifact once its signatures are there.
void registry_sink::commit() {
  const std::string& tag = repository_.target().tag;
  if (!tag.empty()) writer_.push_manifest(tag, artifact_.media_type, view_of(manifest_));
}

}  // namespace client
