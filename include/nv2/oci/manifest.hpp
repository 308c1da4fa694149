// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Manifests that carry signatures.
//
// Notary Project:
//   { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
//     "artifactType": "application/vnd.cncf.notary.signature" | absent,
//     "config": descriptor, "layers": [ descriptor of the envelope ],
//     "subject": descriptor of the signed artifact, "annotations": { text: text } | absent }
//
// Prototype:
//   { "schemaVersion": 2, "config": descriptor of the envelope, "layers": [] | null | absent }
//
// Does: find the envelope, and what the manifest says that it signs.
// Does not: fetch, hash, or believe anything: none of this is signed. It only leads to envelopes
//   that are verified then. // spec: G-021 F-006 O-044
// The caller must: have checked the text against the descriptor that led to it (check_content()).
#ifndef NV2_OCI_MANIFEST_HPP
#define NV2_OCI_MANIFEST_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/oci/content.hpp>

NV2_NAMESPACE_BEGIN

namespace media_types {
constexpr std::string_view image_manifest = "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view image_index = "application/vnd.oci.image.index.v1+json";
constexpr std::string_view empty_config = "application/vnd.oci.empty.v1+json";
/// Also a type of artifacts, and in older signatures of configs.
constexpr std::string_view notary_signature = "application/vnd.cncf.notary.signature";
constexpr std::string_view jws_envelope = "application/jose+json";
constexpr std::string_view cose_envelope = "application/cose";
/// Configs of prototype signatures.
constexpr std::string_view prototype_json = "application/vnd.cncf.notary.config.v2+json";
constexpr std::string_view prototype_jwt = "application/vnd.cncf.notary.config.v2+jwt";
}  // namespace media_types

/// What the manifest of a signature leads to.
struct signature_manifest {
  content_descriptor envelope;
  /// The artifact that the signature is said to belong to.
  content_descriptor subject;
  /// Those of the manifest, a checked JSON object; empty = none.
  bytes annotations;
  /// The manifest presents itself as a Notary Project signature, as far as it could be read. Tells,
  /// after an error, a broken signature from something else.
  bool is_signature = false;
};

namespace detail {

/// The members of an image manifest that matter to a signature. Others are ignored. // spec: O-011
struct manifest_members {
  json_string media_type, artifact_type;
  descriptor_members config, layer, subject;
  bytes annotations;
  std::int64_t version = 0;
  std::uint32_t layers = 0;
  bool has_version = false;

  void read(json_reader& reader) noexcept {
    json_string name;
    for (reader.enter_object(); reader.next_member(name);) {
      if (name.equals("schemaVersion")) {
        version = reader.read_integer();
        has_version = true;
      } else if (name.equals("mediaType")) {
        media_type = reader.read_string();
      } else if (name.equals("artifactType")) {
        artifact_type = reader.read_string();
      } else if (name.equals("config")) {
        config.read(reader);
      } else if (name.equals("layers")) {
        read_layers(reader);
      } else if (name.equals("subject")) {
        subject.read(reader);
      } else if (name.equals("annotations")) {
        annotations = read_annotations(reader);  // spec: D-010
      }
    }
  }

  /// Either an artifact of the type with an empty config, or a config of the type. // spec: O-003
  bool is_signature() const noexcept {
    if (artifact_type.raw().data() == nullptr) {
      return config.media_type().equals(media_types::notary_signature);
    }
    return artifact_type.equals(media_types::notary_signature) &&
           config.media_type().equals(media_types::empty_config);
  }

 private:
  /// Only the first one is looked at, the others are counted.
  void read_layers(json_reader& reader) noexcept {
    for (reader.enter_array(); reader.next_element(); ++layers) {
      if (layers == 0) layer.read(reader);
    }
  }
};

/// Checks what a signature's manifest says of itself, and of its config and layers.
[[nodiscard]] inline errc check_signature_members(const manifest_members& members,
                                                  workspace& memory,
                                                  content_descriptor& envelope) noexcept {
  if (!members.has_version) return errc::manifest_version_missing;  // spec: O-002
  if (members.version != 2) return errc::manifest_version;          // spec: O-002
  if (!members.media_type.equals(media_types::image_manifest)) {
    return errc::manifest_media_type;  // spec: O-002
  }
  const std::size_t mark = memory.mark();
  content_descriptor config;
  NV2_TRY(members.config.check(memory, config));  // spec: O-004
  memory.rewind(mark);
  if (members.layers != 1) return errc::manifest_layers;  // spec: O-005
  NV2_TRY(members.layer.check(memory, envelope));
  if (!equal(envelope.media_type, media_types::jws_envelope) &&
      !equal(envelope.media_type, media_types::cose_envelope)) {
    return errc::envelope_media_type;  // spec: O-006
  }
  // spec: O-008
  return envelope.size > limits::signature_blob_size ? errc::input_too_large : errc::ok;
}

}  // namespace detail

/// Parses the manifest of a Notary Project signature. The media type of the descriptor that led to it
/// must have been that of an image manifest: nothing else carries these signatures. // spec: O-012 O-013
///
/// manifest_not_signature: a good manifest of something else, to be passed over.
/// manifest_subject: it names no artifact, and belongs to none. All other errors are those of a
/// signature that cannot be used when out.is_signature is set, and say nothing otherwise. After an
/// error `subject` counts if its digest is not empty, and `envelope` does not.
///
/// Takes the names of the open objects, and texts with escapes, from the workspace.
[[nodiscard]] inline errc parse_signature_manifest(bytes text, workspace& memory,
                                                   signature_manifest& out) noexcept {
  out = {};
  if (text.size() > limits::manifest_size) return errc::input_too_large;  // spec: O-001
  const std::size_t mark = memory.mark();
  json_reader reader{text, memory, json_duplicates::refuse, limits::manifest_names};
  detail::manifest_members members;
  members.read(reader);
  out.is_signature = members.is_signature();
  const errc syntax = reader.finish();
  memory.rewind(mark);
  NV2_TRY(syntax);                                                // spec: O-002
  if (!out.is_signature) return errc::manifest_not_signature;     // spec: O-003
  if (!members.subject.present()) return errc::manifest_subject;  // spec: O-007
  out.annotations = members.annotations;
  NV2_TRY(members.subject.check(memory, out.subject));
  return detail::check_signature_members(members, memory, out.envelope);
}

/// Decides whether a signature is said to be one of `artifact`; if not, verifying it would be wasted
/// work. It proves nothing: what counts is in the envelope. // spec: O-007 O-040
/// The signature of an index is none of the manifests that the index lists. // spec: O-043
[[nodiscard]] inline errc check_subject(const signature_manifest& signature,
                                        const content_descriptor& artifact) noexcept {
  return same_descriptor(signature.subject, artifact) ? errc::ok : errc::manifest_subject;
}

/// What the manifest of a prototype signature leads to. It has no link to the signed artifact, which
/// only the claims inside the envelope name. // spec: O-034
struct prototype_manifest {
  /// The config, whose media type is prototype_json or prototype_jwt and tells the form.
  content_descriptor envelope;
  /// As in signature_manifest.
  bool is_signature = false;
};

/// Parses the manifest of a prototype signature. Members that the prototype did not write, such as
/// `mediaType` and `subject`, are ignored. // spec: O-030 O-032
///
/// prototype_not_signature: a manifest of something else, to be passed over. All other errors are
/// those of a signature that cannot be used when out.is_signature is set, and say nothing otherwise.
[[nodiscard]] inline errc parse_prototype_manifest(bytes text, workspace& memory,
                                                   prototype_manifest& out) noexcept {
  out = {};
  if (text.size() > limits::manifest_size) return errc::input_too_large;  // spec: O-001
  const std::size_t mark = memory.mark();
  json_reader reader{text, memory, json_duplicates::refuse, limits::manifest_names};
  descriptor_members config;
  std::int64_t version = 0;
  bool has_layers = false;
  bool is_index = false;
  json_string name;
  for (reader.enter_object(); reader.next_member(name);) {
    if (name.equals("schemaVersion")) {
      version = reader.read_integer();
    } else if (name.equals("config")) {
      config.read(reader);
    } else if (name.equals("layers") && reader.peek() != json_kind::null) {
      reader.enter_array();
      while (reader.next_element()) has_layers = true;
    } else if (name.equals("manifests")) {
      is_index = true;
    }
  }
  out.is_signature = config.media_type().equals(media_types::prototype_json) ||
                     config.media_type().equals(media_types::prototype_jwt);
  const errc syntax = reader.finish();
  memory.rewind(mark);
  NV2_TRY(syntax);
  if (!out.is_signature) return errc::prototype_not_signature;  // spec: O-031
  if (is_index) return errc::prototype_index;                   // spec: O-035
  if (version != 2) return errc::prototype_version;             // spec: O-030
  if (has_layers) return errc::prototype_layers;                // spec: O-033
  NV2_TRY(config.check(memory, out.envelope));
  // spec: O-008
  return out.envelope.size > limits::signature_blob_size ? errc::input_too_large : errc::ok;
}

/// Decides whether a manifest of any kind may be taken for `media_type`, as the descriptor that led
/// to it says: it is a JSON object, and names no other type itself. // spec: O-041
/// Errors: manifest_own_media_type, json_*.
[[nodiscard]] inline errc check_own_media_type(bytes text, bytes media_type,
                                               workspace& memory) noexcept {
  const std::size_t mark = memory.mark();
  json_reader reader{text, memory, json_duplicates::refuse, limits::manifest_names};
  json_string own;
  bool has_own = false;
  json_string name;
  for (reader.enter_object(); reader.next_member(name);) {
    if (!name.equals("mediaType")) continue;
    own = reader.read_string();
    has_own = true;
  }
  const errc syntax = reader.finish();
  memory.rewind(mark);
  NV2_TRY(syntax);
  // spec: O-042
  return has_own && !own.equals(media_type.as_text()) ? errc::manifest_own_media_type : errc::ok;
}

NV2_NAMESPACE_END

#endif  // NV2_OCI_MANIFEST_HPP
