// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Descriptors in JSON, and the content that they describe.
//
//   descriptor = { "mediaType": type/subtype, "digest": "sha256:...", "size": integer >= 0,
//                  "artifactType": type/subtype | absent, "annotations": { text: text } | absent }
//
// Does: read them strictly, compare them, and check content against one.
// Does not: look at `data`, `urls`, `platform` or any other member. // spec: D-009
// The caller must: fetch what a descriptor leads to, and check_content() before using any of it.
#ifndef NV2_OCI_CONTENT_HPP
#define NV2_OCI_CONTENT_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/oci/annotations.hpp>
#include <nv2/oci/descriptor.hpp>

NV2_NAMESPACE_BEGIN

/// Limits on what a layout or a registry may hand out. // spec: G-003
namespace limits {
/// Of a manifest and of an index. // spec: O-001
constexpr std::size_t manifest_size = std::size_t{4} << 20;
/// Of an envelope as a blob. // spec: O-008
constexpr std::int64_t signature_blob_size = std::int64_t{32} << 20;
/// Names of all objects of a manifest or an index that are open at one time.
constexpr std::size_t manifest_names = 256;
}  // namespace limits

/// What leads to some content. Slices lie in the text it was read from, or in the workspace.
struct content_descriptor {
  bytes media_type;
  /// Well-formed, by a supported algorithm.
  bytes digest;
  std::int64_t size = 0;
  /// Empty = none.
  bytes artifact_type;
  /// The JSON object, checked; empty = none.
  bytes annotations;
};

/// Whether both mean the same content: media type, digest and size, and nothing else.
/// Two default-made ones are not the same. // spec: D-008
inline bool same_descriptor(const content_descriptor& a, const content_descriptor& b) noexcept {
  return !a.digest.empty() && equal(a.digest, b.digest) && a.size == b.size &&
         equal(a.media_type, b.media_type);
}

/// The members of a descriptor as they stand in a text.
class descriptor_members {
 public:
  /// Reads the object at which `reader` stands.
  void read(json_reader& reader) noexcept {
    present_ = true;
    json_string name;
    for (reader.enter_object(); reader.next_member(name);) {
      const unsigned place =
          name.find_in("\11mediaType\6digest\14artifactType\4size\13annotations");
      if (place <= artifact_type_place) {
        texts_[place] = reader.read_string();
      } else if (place == size_place) {
        size_ = reader.read_integer();
      } else if (place == annotations_place) {
        annotations_ = detail::read_annotations(reader);  // spec: D-010
      }
    }
  }
  /// Whether there was an object to read.
  bool present() const noexcept { return present_; }
  // As they stand in the text; size is -1 and the others are empty when absent.
  const json_string& media_type() const noexcept { return texts_[media_type_place]; }
  const json_string& digest() const noexcept { return texts_[digest_place]; }
  std::int64_t size() const noexcept { return size_; }
  bytes annotations() const noexcept { return annotations_; }

  /// Checks all members and gives them out; those with escapes take some workspace.
  /// Errors: media_type_syntax, digest_syntax, digest_unsupported, descriptor_size, json_copy_length,
  /// workspace_exhausted. After an error `out` means nothing.
  [[nodiscard]] errc check(workspace& memory, content_descriptor& out) const noexcept {
    out = {};
    NV2_TRY(unescape(media_type(), max_media_type, memory, out.media_type));
    NV2_TRY(check_media_type(out.media_type));  // spec: D-007
    bytes digest;
    NV2_TRY(unescape(this->digest(), max_digest_text, memory, digest));
    parsed_digest checked;
    NV2_TRY(parse_digest(digest, checked));       // spec: D-001 D-002 D-003 D-004
    if (size_ < 0) return errc::descriptor_size;  // spec: D-006
    const json_string& artifact_type = texts_[artifact_type_place];
    if (artifact_type.raw().data() != nullptr) {
      NV2_TRY(unescape(artifact_type, max_media_type, memory, out.artifact_type));
      NV2_TRY(check_media_type(out.artifact_type));  // spec: D-007
    }
    out.digest = digest;
    out.size = size_;
    out.annotations = annotations_;
    return errc::ok;
  }

 private:
  // Members in the order of their names above.
  enum : unsigned {
    media_type_place,
    digest_place,
    artifact_type_place,
    size_place,
    annotations_place
  };

  json_string texts_[3];
  bytes annotations_;
  std::int64_t size_ = -1;
  bool present_ = false;
};

/// Parses a text that is one descriptor. Takes the names of its open objects from the workspace.
/// Errors: those of descriptor_members::check(), and json_*.
[[nodiscard]] inline errc parse_descriptor(bytes text, workspace& memory,
                                           content_descriptor& out) noexcept {
  out = {};
  const std::size_t mark = memory.mark();
  json_reader reader{text, memory, json_duplicates::refuse, limits::manifest_names};
  descriptor_members members;
  members.read(reader);
  const errc syntax = reader.finish();
  memory.rewind(mark);
  NV2_TRY(syntax);
  return members.check(memory, out);
}

/// Decides whether `content` is what `expected` describes: its size first, then its digest, whole.
/// Costs one hash of it. Errors: content_size, content_digest, crypto_failure, workspace_exhausted.
[[nodiscard]] inline errc check_content(bytes content, const content_descriptor& expected,
                                        const crypto_backend& crypto, workspace& memory) noexcept {
  if (content.size() != static_cast<std::uint64_t>(expected.size)) {
    return errc::content_size;  // spec: D-005 O-001 O-008
  }
  parsed_digest digest;
  NV2_TRY(parse_digest(expected.digest, digest));
  hasher hash{crypto, memory, digest.algorithm};
  hash.update(content);
  digest_value computed;
  NV2_TRY(hash.finish(computed));
  // spec: D-005 D-004 L-003 O-001 O-008
  return digest_equals(digest, computed) ? errc::ok : errc::content_digest;
}

NV2_NAMESPACE_END

#endif  // NV2_OCI_CONTENT_HPP
