// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The manifests, written as Go writes JSON.
#include "signature_artifact.hpp"

#include <cstdint>

#include <nv2/oci/manifest.hpp>

#include "certificate_view.hpp"
#include "go_json.hpp"
#include "target.hpp"
#include "time_text.hpp"

namespace client {
namespace {

constexpr std::string_view empty_config = "{}";

std::string descriptor_text(std::string_view media_type, std::string_view content) {
  go_object out;
  out.text("mediaType", media_type).text("digest", digest_of(content));
  return out.number("size", static_cast<std::int64_t>(content.size())).finish();
}

std::string subject_text(const target_descriptor& subject) {
  go_object out;
  out.text("mediaType", subject.media_type).text("digest", subject.digest);
  return out.number("size", subject.size).finish();
}

/// The text of a JSON array of lower-case digits, and the time. // spec: O-009 O-011
std::string annotations_text(const attachment& added) {
  std::string list;
  for (const byte_buffer& der : added.chain) {
    list += (list.empty() ? "" : ",") + go_string(view_certificate(view_of(der)).sha256);
  }
  go_object out;
  out.text("io.cncf.notary.x509chain.thumbprint#S256", "[" + list + "]");
  return out.text("org.opencontainers.image.created", instant_text(added.created)).finish();
}

bool is_prototype(const attachment& added) {
  return added.envelope_media_type == nv2::media_types::prototype_json ||
         added.envelope_media_type == nv2::media_types::prototype_jwt;
}

std::string notary_manifest(const attachment& added) {
  go_object out;
  out.number("schemaVersion", 2).text("mediaType", nv2::media_types::image_manifest);
  out.raw("config", descriptor_text(nv2::media_types::notary_signature, empty_config));
  out.raw("layers", "[" + descriptor_text(added.envelope_media_type, added.envelope) + "]");
  out.raw("subject", subject_text(added.subject));
  return out.raw("annotations", annotations_text(added)).finish();
}

std::string prototype_manifest(const attachment& added) {
  go_object out;
  out.number("schemaVersion", 2).text("mediaType", nv2::media_types::image_manifest);
  out.raw("config", descriptor_text(added.envelope_media_type, added.envelope));
  out.raw("layers", "[]");
  return out.raw("subject", subject_text(added.subject)).finish();
}

}  // namespace

std::string digest_of(std::string_view content) {
  return manifest_digest(byte_buffer(content.begin(), content.end()));
}

signature_artifact make_signature_artifact(const attachment& added) {
  signature_artifact out;
  const bool prototype = is_prototype(added);
  out.manifest = prototype ? prototype_manifest(added) : notary_manifest(added);
  out.digest = digest_of(out.manifest);
  out.blobs.emplace_back(added.envelope);
  if (!prototype) out.blobs.push_back(empty_config);
  go_object entry;
  entry.text("mediaType", nv2::media_types::image_manifest).text("digest", out.digest);
  entry.number("size", static_cast<std::int64_t>(out.manifest.size()));
  if (!prototype) entry.raw("annotations", annotations_text(added));
  out.entry = entry
                  .text("artifactType",
                        prototype ? added.envelope_media_type : nv2::media_types::notary_signature)
                  .finish();
  return out;
}

}  // namespace client
