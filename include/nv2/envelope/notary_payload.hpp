// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The payload of Notary Project signatures: which artifact was signed.
//
//   { "targetArtifact": { "mediaType": text, "digest": "sha256:...", "size": integer >= 0,
//                         "annotations": { text: text, ... } | absent,
//                         "artifactType": text | absent } }
//
// Does: read it strictly, and look annotations up.
// Does not: compare it with an artifact.
// The caller must: have verified the signature over these bytes before.
#ifndef NV2_ENVELOPE_NOTARY_PAYLOAD_HPP
#define NV2_ENVELOPE_NOTARY_PAYLOAD_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/envelope/envelope.hpp>
#include <nv2/oci/annotations.hpp>
#include <nv2/oci/content.hpp>
#include <nv2/oci/descriptor.hpp>

NV2_NAMESPACE_BEGIN

/// An annotation that a caller requires: user metadata.
struct required_annotation {
  std::string_view key, value;
};

/// Parses a payload: one JSON object with a complete `targetArtifact`. Other members are ignored,
/// those of JWT among them. // spec: G-015 J-050 J-051 J-054 J-058
///
/// Takes the names of its open objects and texts with escapes from the workspace. Errors: codes
/// payload_*, json_*, digest_syntax, digest_unsupported, workspace_exhausted.
[[nodiscard]] inline errc parse_notary_payload(const bytes& text, const parse_context& context,
                                               target_artifact& out) noexcept {
  json_reader reader{text, context.memory, context.duplicates()};
  descriptor_members members;  // spec: J-052 J-053 J-054
  json_string name;
  for (reader.enter_object(); reader.next_member(name);) {
    if (name.equals("targetArtifact")) members.read(reader);
  }
  NV2_TRY(reader.finish());                                                 // spec: J-050
  if (!members.present()) return errc::payload_target_missing;              // spec: J-051
  if (members.media_type().raw().empty()) return errc::payload_media_type;  // spec: J-051
  if (members.digest().raw().empty()) return errc::payload_digest_missing;  // spec: J-051
  if (members.size() < 0) return errc::payload_size;                        // spec: J-051 D-006
  workspace& memory = context.memory;
  NV2_TRY(unescape(members.media_type(), max_media_type, memory, out.media_type));
  NV2_TRY(unescape(members.digest(), max_digest_text, memory, out.digest));
  out.size = members.size();
  out.annotations = members.annotations();
  parsed_digest checked;
  return parse_digest(out.digest, checked);  // spec: D-001 D-002 D-003 D-004
}

/// Decides whether the annotations have each of the `required` pairs; they may have more.
/// metadata_mismatch: one is missing or different. metadata_reserved: the caller must not require
/// it. // spec: M-001 M-003 M-004 J-057
[[nodiscard]] inline errc check_user_metadata(bytes annotations,
                                              view<required_annotation> required) noexcept {
  for (const required_annotation& pair : required) {
    const bytes start = bytes::of(pair.key).first(14);
    if (equal(start, "io.cncf.notary")) return errc::metadata_reserved;  // spec: M-003
    json_string value;
    if (!find_annotation(annotations, pair.key, value) || !value.equals(pair.value)) {
      return errc::metadata_mismatch;  // spec: M-001
    }
  }
  return errc::ok;
}

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_NOTARY_PAYLOAD_HPP
