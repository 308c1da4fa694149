// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Manifests of signatures, told from others.
#include "signatures.hpp"

#include <utility>

#include <nv2/oci/index.hpp>

#include "artifact_source.hpp"
#include "layout_walk.hpp"

namespace client {
namespace {

using nv2::content_descriptor;
using nv2::errc;

bool is_image_manifest(const content_descriptor& entry) {
  return nv2::equal(entry.media_type, nv2::media_types::image_manifest);
}

void read_notary(nv2::bytes text, manifest_reading& out) {
  reading_memory memory;
  nv2::signature_manifest manifest;
  out.signature.code = nv2::parse_signature_manifest(text, memory.use(), manifest);
  out.is_notary = manifest.is_signature;
  out.subject = owned_descriptor(manifest.subject);
  if (out.signature.code == errc::ok) {
    out.signature.envelope = owned_descriptor(manifest.envelope);
  }
}

/// What is no manifest of the Notary Project may be one of the prototype, which looks at less of it.
void read_prototype(nv2::bytes text, manifest_reading& out) {
  reading_memory memory;
  nv2::prototype_manifest manifest;
  const errc code = nv2::parse_prototype_manifest(text, memory.use(), manifest);
  out.is_prototype = manifest.is_signature;
  if (!out.is_prototype) return;
  out.signature.code = code;
  if (code == errc::ok) out.signature.envelope = owned_descriptor(manifest.envelope);
}

void read_content(nv2::bytes text, manifest_reading& out) {
  read_notary(text, out);
  if (!out.is_notary) read_prototype(text, out);
}

}  // namespace

manifest_reading read_signature_manifest(const artifact_source& from,
                                         const content_descriptor& entry) {
  manifest_reading out;
  out.signature.manifest = entry.digest.as_text();
  out.signature.manifest_size = entry.size;
  byte_buffer text;
  out.signature.code = from.read(entry, nv2::limits::manifest_size, text);
  if (out.signature.code != errc::ok) {
    out.is_notary = nv2::is_listed_signature(entry);
    return out;
  }
  read_content(view_of(text), out);
  return out;
}

manifest_reading read_signature_manifest(const stored_artifact& manifest) {
  manifest_reading out;
  out.signature.manifest = manifest.descriptor.digest;
  out.signature.manifest_size = manifest.descriptor.size;
  read_content(view_of(manifest.manifest), out);
  return out;
}

void signature_collector::visit(const content_descriptor& entry, errc code) {
  if (code != errc::ok) {
    out_.unreadable.push_back({std::string(entry.digest.as_text()), {}, code});
  } else if (is_image_manifest(entry) &&
             !nv2::equal(entry.digest, artifact_.descriptor.digest)) {  // spec: O-013 L-002
    add(read_signature_manifest(from_, entry));
  }
}

signature_list signature_collector::finish() {
  for (found_signature& each : prototypes_) out_.signatures.push_back(std::move(each));
  prototypes_.clear();
  return std::move(out_);
}

void signature_collector::add(manifest_reading reading) {
  found_signature& signature = reading.signature;
  const bool names_another =
      !reading.subject.digest.empty() &&
      !nv2::same_descriptor(reading.subject.view(), artifact_.descriptor.view());
  if (names_another || signature.code == errc::manifest_subject) return;  // spec: O-007 L-005
  if (reading.is_prototype) {
    prototypes_.push_back(std::move(signature));
  } else if (reading.is_notary) {
    out_.signatures.push_back(std::move(signature));  // spec: W-042
  } else if (signature.code != errc::manifest_not_signature) {
    out_.unreadable.push_back(std::move(signature));  // spec: L-006
  }
}

owned_descriptor::owned_descriptor(const content_descriptor& from)
    : media_type(from.media_type.as_text()),
      digest(from.digest.as_text()),
      artifact_type(from.artifact_type.as_text()),
      annotations(from.annotations.as_text()),
      size(from.size) {}

content_descriptor owned_descriptor::view() const {
  content_descriptor out;
  out.media_type = nv2::bytes::of(media_type);
  out.digest = nv2::bytes::of(digest);
  out.artifact_type = nv2::bytes::of(artifact_type);
  out.annotations = nv2::bytes::of(annotations);
  out.size = size;
  return out;
}

}  // namespace client
