// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The claims of the prototype forms.
//
//   { "mediaType": type/subtype,             (JWT form only)
//     "digest": "sha256:...", "size": integer >= 0, "references": [text, ...] | absent,
//     "exp": seconds | absent, "nbf": seconds | absent, "iat": seconds | absent }
//
// The oldest JSON form has "manifests": [{ "digest", "size", "references" }, ...] in place of the
// first line.
#ifndef NV2_ENVELOPE_NV2_CLAIMS_HPP
#define NV2_ENVELOPE_NV2_CLAIMS_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/envelope/envelope.hpp>
#include <nv2/oci/descriptor.hpp>

NV2_NAMESPACE_BEGIN

namespace nv2_detail {

/// references: `all` is an array; it must be one of strings with at least one entry, or `reader`
/// fails. // spec: N-007 N-008
inline void check_reference_list(bytes& all, json_reader& reader,
                                 const parse_context& context) noexcept {
  json_reader items{all, context.memory, context.duplicates(), 0};
  std::size_t count = 0;
  for (items.enter_array(); items.next_element(); ++count) {
    static_cast<void>(items.read_string());
    if (count == limits::references) items.fail(errc::claim_references_too_many);  // spec: G-003
  }
  if (items.error() != errc::ok) reader.fail(items.error());
  if (count > 0) return;
  all = {};
  if (!has(context.leniency, compat::nv2_empty_references)) {
    reader.fail(errc::claim_references_empty);  // spec: N-008
  }
}

/// digest, size and references, in claims or in an entry of `manifests`.
struct manifest_members {
  json_string digest;
  std::int64_t size = 0;
  bytes references;
  bool has_digest = false, has_size = false, has_references = false;

  /// Reads the member `name` if it is one of the three.
  bool read(const json_string& name, json_reader& reader, const parse_context& context) noexcept {
    if (name.equals("digest")) {
      digest = reader.read_string();
      has_digest = true;
    } else if (name.equals("size")) {
      size = reader.read_integer();
      has_size = true;
    } else if (name.equals("references")) {
      if (reader.peek() != json_kind::array) reader.fail(errc::json_type);
      references = reader.skip_value();
      check_reference_list(references, reader, context);
      has_references = true;
    } else {
      return false;
    }
    return true;
  }
  bool any() const noexcept { return has_digest || has_size || has_references; }

  /// Moves the members into `out` when they are complete and well-formed.
  [[nodiscard]] errc check(workspace& memory, signed_claims& out) const noexcept {
    if (!has_digest) return errc::claim_digest_missing;  // spec: N-006 N-037
    if (!has_size) return errc::claim_size_missing;      // spec: N-006 N-037
    if (size < 0) return errc::claim_size_negative;      // spec: N-006
    NV2_TRY(unescape(digest, max_digest_text, memory, out.digest));
    parsed_digest checked;
    NV2_TRY(parse_digest(out.digest, checked));  // spec: N-141 N-142
    out.size = size;
    out.references = references;
    return errc::ok;
  }
};

/// Reads the entry of `manifests` at which `reader` stands.
[[nodiscard]] inline errc read_manifest(json_reader& reader, const parse_context& context,
                                        signed_claims& out) noexcept {
  manifest_members members;
  json_string name;
  for (reader.enter_object(); reader.next_member(name);) {
    if (!members.read(name, reader, context)) static_cast<void>(reader.skip_value());
  }
  NV2_TRY(reader.error());
  return members.check(context.memory, out);
}

/// manifests: a non-empty array of complete entries, each of which passes through `out`. Kept apart
/// so that its stack is not needed for other claims. // spec: N-006
[[nodiscard]] [[gnu::noinline]] inline errc check_manifests(const parse_context& context,
                                                            signed_claims& out) noexcept {
  json_reader reader{out.manifests, context.memory, context.duplicates()};
  std::size_t count = 0;
  for (reader.enter_array(); reader.next_element(); ++count) {
    if (count == limits::manifests) return errc::claim_manifests_too_many;  // spec: G-003
    const std::size_t mark = context.memory.mark();
    NV2_TRY(read_manifest(reader, context, out));
    context.memory.rewind(mark);
  }
  NV2_TRY(reader.error());
  out.digest = out.references = {};
  return count == 0 ? errc::claim_manifests_empty : errc::ok;  // spec: N-006
}

/// A time member: an integer; with nv2_zero_is_absent 0 stands for none. // spec: N-007 N-132
inline void read_time(json_reader& reader, compat leniency, unix_time& value,
                      bool& present) noexcept {
  value = reader.read_integer();
  present = value != 0 || !has(leniency, compat::nv2_zero_is_absent);
}

enum class claims_form : std::uint8_t { json, json_list, jwt };

/// Parses the claims of one of the forms from `text`, but leaves `manifests` unread.
[[nodiscard]] inline errc parse_claims(const bytes& text, claims_form form,
                                       const parse_context& context, signed_claims& out) noexcept {
  manifest_members members;
  json_reader reader{text, context.memory, context.duplicates()};
  json_string name;
  for (reader.enter_object(); reader.next_member(name);) {
    if (members.read(name, reader, context)) continue;
    if (name.equals("exp")) {
      read_time(reader, context.leniency, out.expiry, out.has_expiry);
    } else if (name.equals("nbf")) {
      read_time(reader, context.leniency, out.not_before, out.has_not_before);
    } else if (name.equals("iat")) {
      read_time(reader, context.leniency, out.issued_at, out.has_issued_at);
    } else if (form == claims_form::jwt && name.equals("mediaType")) {
      const json_string media_type = reader.read_string();
      if (reader.error() != errc::ok) break;
      NV2_TRY(unescape(media_type, max_media_type, context.memory, out.media_type));
    } else if (form == claims_form::json_list && name.equals("manifests")) {
      if (reader.peek() != json_kind::array) reader.fail(errc::json_type);
      out.manifests = reader.skip_value();
    } else {
      static_cast<void>(reader.skip_value());
    }
  }
  NV2_TRY(reader.finish());
  // spec: N-135
  if (out.has_expiry && out.has_not_before && out.not_before > out.expiry) {
    return errc::claim_times_reversed;
  }
  if (!out.manifests.empty()) {
    return members.any() ? errc::claim_manifests_mixed : errc::ok;  // spec: N-006
  }
  if (form == claims_form::jwt) {
    if (out.media_type.data() == nullptr) return errc::claim_media_type_missing;  // spec: N-037
    NV2_TRY(check_media_type(out.media_type));                                    // spec: N-038
  }
  return members.check(context.memory, out);
}

}  // namespace nv2_detail

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_NV2_CLAIMS_HPP
