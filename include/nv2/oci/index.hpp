// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Lists of manifests: index.json of a layout, multi-platform images, listings of referrers.
//
//   { "schemaVersion": 2, "mediaType": text | absent, "manifests": [ descriptor, ... ] }
//
// Does: read them entry by entry, and tell the tag under which a registry without the referrers
//   interface keeps a listing. A listing comes in pages, each an index of its own. // spec: F-001 F-003
// Does not: fetch, or believe an entry: what it leads to is checked. // spec: F-006
//   Nor does it look at what a registry says of referrers when something is pushed. // spec: F-008
#ifndef NV2_OCI_INDEX_HPP
#define NV2_OCI_INDEX_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/oci/manifest.hpp>

NV2_NAMESPACE_BEGIN

namespace limits {
constexpr std::size_t index_entries = 16384;
}  // namespace limits

/// An index whose JSON is good throughout; its entries were not looked at.
struct image_index {
  /// The JSON array.
  bytes manifests;
};

/// Parses an index. `media_type` is that of the descriptor that led to it, image_index for index.json;
/// the index may leave it out but not contradict. Takes the names of the open objects from the
/// workspace and gives them back.
/// Errors: index_*, json_*, input_too_large, workspace_exhausted.
[[nodiscard]] inline errc parse_image_index(bytes text, bytes media_type, workspace& memory,
                                            image_index& out) noexcept {
  out = {};
  if (text.size() > limits::manifest_size) return errc::input_too_large;  // spec: O-001
  const std::size_t mark = memory.mark();
  json_reader reader{text, memory, json_duplicates::refuse, limits::manifest_names};
  std::int64_t version = 0;
  std::size_t entries = 0;
  bool other_type = false;
  bytes manifests;
  json_string name;
  for (reader.enter_object(); reader.next_member(name);) {
    if (name.equals("schemaVersion")) {
      version = reader.read_integer();
    } else if (name.equals("mediaType")) {
      other_type = !reader.read_string().equals(media_type.as_text());
    } else if (name.equals("manifests")) {
      // spec-exception: G-014, since registries write a list without entries as null.
      if (reader.peek() == json_kind::null) {
        reader.read_null();
        manifests = bytes::of("[]");
        continue;
      }
      const std::size_t start = reader.offset();
      for (reader.enter_array(); reader.next_element(); ++entries) {
        if (entries == limits::index_entries) reader.fail(errc::index_too_long);  // spec: G-003
      }
      manifests = text.sub(start, reader.offset() - start);
    }
  }
  const errc syntax = reader.finish();
  memory.rewind(mark);
  NV2_TRY(syntax);                                              // spec: L-002
  if (version != 2) return errc::index_version;                 // spec: L-002
  if (other_type) return errc::index_media_type;                // spec: L-002 O-042
  if (manifests.empty()) return errc::index_manifests_missing;  // spec: L-002
  out.manifests = manifests;
  return errc::ok;
}

/// Goes through the entries of an index in their order.
///
///     index_entries entries{index};
///     while (entries.next()) {
///       if (entries.read(memory, entry) != errc::ok) continue;  // this one only
///     }
class index_entries {
 public:
  explicit index_entries(const image_index& index) noexcept
      : none_{mutable_bytes{}}, reader_{index.manifests, none_, json_duplicates::last_wins} {
    reader_.enter_array();
  }
  index_entries(const index_entries&) = delete;
  index_entries& operator=(const index_entries&) = delete;

  /// False at the end.
  bool next() noexcept {
    if (!reader_.next_element()) return false;
    text_ = reader_.skip_value();
    return true;
  }
  /// Reads the entry at which it stands. An error is one of this entry, and does not keep others from
  /// being read. Errors: those of parse_descriptor(). // spec: L-006 F-007
  [[nodiscard]] errc read(workspace& memory, content_descriptor& out) const noexcept {
    return parse_descriptor(text_, memory, out);
  }

 private:
  workspace none_;
  json_reader reader_;
  bytes text_;
};

/// Whether an entry of a listing of referrers may be a Notary Project signature. For registries that
/// do not select by type themselves. // spec: F-002
inline bool is_listed_signature(const content_descriptor& entry) noexcept {
  return equal(entry.artifact_type, media_types::notary_signature);
}

/// Whether an entry of index.json has this tag. // spec: L-004
inline bool has_tag(const content_descriptor& entry, std::string_view tag) noexcept {
  json_string name;
  return find_annotation(entry.annotations, "org.opencontainers.image.ref.name", name) &&
         name.equals(tag);
}

/// Decides whether the file `oci-layout` is that of a layout as we know them:
/// { "imageLayoutVersion": "1.0.0" }. Errors: layout_version, json_*.
[[nodiscard]] inline errc check_layout_file(bytes text, workspace& memory) noexcept {
  const std::size_t mark = memory.mark();
  json_reader reader{text, memory};
  bool good = false;
  json_string name;
  for (reader.enter_object(); reader.next_member(name);) {
    if (name.equals("imageLayoutVersion")) good = reader.read_string().equals("1.0.0");
  }
  const errc syntax = reader.finish();
  memory.rewind(mark);
  NV2_TRY(syntax);
  return good ? errc::ok : errc::layout_version;  // spec: L-001
}

/// How much of the encoded part of a digest a referrers tag has: by the specification, or as some
/// older tools wrote it for sha384, to be tried second. // spec: F-004
enum class referrers_cut : std::uint8_t { at_64, at_96 };

/// Most characters of a referrers tag.
constexpr std::size_t max_referrers_tag = 32 + 1 + 96;

/// Writes the tag under which the referrers of the manifest `digest` are listed where there is no
/// interface for it: "sha256-9f86...". `out` needs max_referrers_tag bytes; `written` is how many of
/// them the tag has. A tag that is not there, or leads to no index, means no referrers.
/// // spec: F-005
/// Errors: digest_syntax for what has not the form of a digest (any algorithm will do),
/// workspace_exhausted when `out` is too small.
[[nodiscard]] inline errc referrers_tag(bytes digest, referrers_cut cut, mutable_bytes out,
                                        std::size_t& written) noexcept {
  constexpr std::size_t max_algorithm = 32;
  written = 0;
  parsed_digest ignored;
  const errc form = parse_digest(digest, ignored);
  if (form != errc::ok && form != errc::digest_unsupported) return form;
  const std::size_t colon = detail::digest_algorithm_length(digest);
  const bytes algorithm = digest.first(colon).first(max_algorithm);
  const bytes encoded = digest.drop(colon + 1).first(cut == referrers_cut::at_64 ? 64 : 96);
  if (out.size() < algorithm.size() + 1 + encoded.size()) return errc::workspace_exhausted;
  for (const bytes part : {algorithm, encoded}) {
    if (written > 0) out.data()[written++] = '-';
    for (const std::uint8_t c : part) {
      const bool allowed = detail::is_alphanumeric(c) || detail::is_one_of(c, "._-");
      out.data()[written++] = allowed ? c : std::uint8_t{'-'};  // spec: F-004
    }
  }
  return errc::ok;
}

/// The text of the annotation with the SHA-256 of each certificate of a signature's chain, signer
/// first: a JSON array of hexadecimal digits. False when there is none. The annotation
/// `io.cncf.notary.x509certs.fingerprint.sha256` of older texts is not read. // spec: O-009 O-010
inline bool find_thumbprints(const signature_manifest& signature, json_string& list) noexcept {
  return find_annotation(signature.annotations, "io.cncf.notary.x509chain.thumbprint#S256", list);
}

namespace detail {

/// Whether `text` is `value` in hexadecimal digits of either case.
inline bool reads_as_hex(json_chars text, bytes value) noexcept {
  std::uint8_t c = 0;
  for (std::size_t i = 0; i < 2 * value.size(); ++i) {
    const unsigned nibble = (i % 2 == 0 ? value[i / 2] >> 4 : value[i / 2]) & 0x0FU;
    if (!text.next(c)) return false;
    if (nibble < 10 ? c != '0' + nibble : (c | 0x20U) != 'a' + nibble - 10) return false;
  }
  return !text.next(c);
}

}  // namespace detail

/// Whether `list`, unescaped, has a thumbprint in hexadecimal digits of either case. Good for choosing
/// what to try first: the list is not signed, so it never grants anything, and no signature may be
/// refused for it. // spec: O-009 W-044
inline bool has_thumbprint(bytes list, const digest_value& certificate) noexcept {
  workspace none{mutable_bytes{}};
  json_reader reader{list, none, json_duplicates::last_wins};
  bool found = false;
  for (reader.enter_array(); reader.next_element();) {
    found = detail::reads_as_hex(reader.read_string().chars(), certificate.view()) || found;
  }
  return reader.finish() == errc::ok && found && certificate.hash != hash_algorithm::none;
}

NV2_NAMESPACE_END

#endif  // NV2_OCI_INDEX_HPP
