// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The prototype's JSON forms.
//
//   { "signed": { claims }, "signature":   { signature object } }
//   { "signed": { claims }, "signatures": [{ signature object }, ...] }      (older)
//
// Signed are the bytes of the value of "signed", from its brace to the matching one.
#ifndef NV2_ENVELOPE_NV2_JSON_HPP
#define NV2_ENVELOPE_NV2_JSON_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/envelope/json_form.hpp>
#include <nv2/envelope/nv2_claims.hpp>
#include <nv2/envelope/nv2_header.hpp>
#include <nv2/envelope/nv2_signer.hpp>

NV2_NAMESPACE_BEGIN

namespace nv2_json {

inline bool is_space(std::uint8_t c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

inline bytes skip_space(bytes text) noexcept {
  while (!text.empty() && is_space(text[0])) text = text.drop(1);
  return text;
}

inline bool sniff(bytes envelope) noexcept {
  const json_form form = find_json_form(envelope);
  return form == json_form::prototype || form == json_form::undecided;
}

/// The values of the members that matter; a null slice = absent.
struct members {
  bytes signed_value, signature, signatures;
  bool foreign = false;
};

/// A value of the wanted kind, as it stands in the text.
inline bytes read_raw(json_reader& reader, json_kind wanted, errc otherwise) noexcept {
  if (reader.peek() != wanted) reader.fail(otherwise);
  return reader.skip_value();
}

inline void read_members(json_reader& reader, members& out) noexcept {
  json_string name;
  for (reader.enter_object(); reader.next_member(name);) {
    if (name.equals("signed")) {
      out.signed_value =
          read_raw(reader, json_kind::object, errc::signed_not_object);  // spec: N-003
    } else if (name.equals("signature")) {
      out.signature = read_raw(reader, json_kind::object, errc::json_type);
    } else if (name.equals("signatures")) {
      out.signatures = read_raw(reader, json_kind::array, errc::json_type);  // spec: N-015
    } else {
      out.foreign = out.foreign || name.equals("payload") || name.equals("protected");
      static_cast<void>(reader.skip_value());
    }
  }
}

/// Reads the signature object at the start of `text`, which moves behind it.
[[nodiscard]] inline errc read_signature(bytes& text, const parse_context& context,
                                         nv2_detail::header& out) noexcept {
  json_reader reader{text, context.memory, context.duplicates()};
  nv2_detail::read_header(reader, context, {}, out);
  NV2_TRY(reader.error());
  text = skip_space(text.drop(reader.offset()));
  if (!text.empty() && text[0] == ',') text = skip_space(text.drop(1));
  return errc::ok;
}

/// Every element of the array must be a well-typed signature object. // spec: N-016
[[nodiscard]] inline errc check_signatures(const parse_context& context,
                                           signed_message& message) noexcept {
  for (bytes text = message.unread; !text.empty() && text[0] != ']'; ++message.signature_count) {
    if (message.signature_count == limits::signatures) return errc::signatures_too_many;
    const std::size_t mark = context.memory.mark();
    nv2_detail::header ignored;
    NV2_TRY(read_signature(text, context, ignored));
    context.memory.rewind(mark);
  }
  return message.signature_count == 0 ? errc::signatures_empty : errc::ok;  // spec: N-015
}

inline errc parse(bytes envelope, const parse_context& context, signed_message& out) noexcept {
  const std::size_t mark = context.memory.mark();
  json_reader reader{envelope, context.memory, context.duplicates()};
  members found;
  read_members(reader, found);
  // spec: N-002
  const bool trailing_allowed = has(context.leniency, compat::nv2_trailing_data);
  const errc code = trailing_allowed ? reader.error() : reader.finish();
  if (code != errc::ok) {
    context.error_offset = static_cast<std::uint32_t>(reader.offset());
    return code;
  }
  context.memory.rewind(mark);
  const bool one = found.signature.data() != nullptr;
  const bool many = found.signatures.data() != nullptr;
  if (found.foreign) return errc::format_unknown;        // spec: G-020
  if (one && many) return errc::envelope_members_mixed;  // spec: N-001
  if (found.signed_value.data() == nullptr || (!one && !many)) {
    return errc::envelope_members_missing;  // spec: N-001
  }
  out.signed_parts[0] = found.signed_value;  // spec: N-004
  out.payload = found.signed_value;
  if (many) {
    out.has_list = true;
    out.unread = skip_space(found.signatures.drop(1));
    return check_signatures(context, out);
  }
  out.unread = found.signature;
  out.signature_count = 1;
  return errc::ok;
}

inline errc select(const parse_context& context, signed_message& message) noexcept {
  nv2_detail::header header;
  NV2_TRY(read_signature(message.unread, context, header));
  message.signature = header.signature;
  NV2_TRY(nv2_detail::check_header(header, context.leniency, message));
  return message.signature.empty() ? errc::signature_missing : errc::ok;  // spec: N-010
}

/// Moves the first entry of the text `unread`, which is the array or its rest, into `claims`; the
/// last entry leaves it empty. // spec: N-021
inline errc select_manifest(const parse_context& context, bytes& unread,
                            signed_claims& claims) noexcept {
  if (!unread.empty() && unread[0] == '[') unread = unread.drop(1);
  json_reader reader{unread, context.memory, context.duplicates()};
  NV2_TRY(nv2_detail::read_manifest(reader, context, claims));
  unread = skip_space(unread.drop(reader.offset()));
  // The array was checked as a whole: here stands a comma or the closing bracket.
  unread = unread.empty() || unread[0] != ',' ? bytes{} : unread.drop(1);
  return errc::ok;
}

/// spec: N-021
inline errc find_manifest(const parse_context& context, const artifact_facts* facts,
                          signed_claims& claims, std::int64_t& largest) noexcept {
  const std::size_t mark = context.memory.mark();
  largest = 0;
  bytes unread = claims.manifests;
  do {
    context.memory.rewind(mark);
    NV2_TRY(select_manifest(context, unread, claims));
    if (claims.size > largest) largest = claims.size;
    if (facts == nullptr || claims.size != facts->size) continue;
    if (digest_equals(split_digest(claims.digest), facts->digest)) return errc::ok;
  } while (!unread.empty());
  if (facts != nullptr) return errc::artifact_not_signed;  // spec: N-021
  context.memory.rewind(mark);
  unread = claims.manifests;
  return select_manifest(context, unread, claims);
}

/// References of the claims, or of all manifests in them. // spec: N-020 N-021 N-116
inline errc check_references(signed_claims& claims, const certificate& signer,
                             const parse_context& context) noexcept {
  bytes unread = claims.manifests;
  do {
    const std::size_t mark = context.memory.mark();
    if (!unread.empty()) NV2_TRY(select_manifest(context, unread, claims));
    NV2_TRY(nv2_signer::check_references(claims, signer, context));
    context.memory.rewind(mark);  // find_manifest() selects anew
  } while (!unread.empty());
  return errc::ok;
}

inline errc parse_claims(const signed_message& message, const parse_context& context,
                         signed_claims& out) noexcept {
  using form = nv2_detail::claims_form;
  NV2_TRY(nv2_detail::parse_claims(message.payload, message.has_list ? form::json_list : form::json,
                                   context, out));
  return out.manifests.empty() ? errc::ok : nv2_detail::check_manifests(context, out);
}

}  // namespace nv2_json

/// Prototype signatures as JSON, with one `signature` or several `signatures`.
inline constexpr envelope_format nv2_json_format = {
    "nv2-json",
    "application/vnd.cncf.notary.config.v2+json",
    nv2_json::sniff,
    nv2_json::parse,
    nv2_json::select,
    nv2_signer::verify_signer,
    nv2_json::parse_claims,
    nv2_json::check_references,
    nv2_json::find_manifest,
    nv2_detail::working_memory,
    true,
};

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_NV2_JSON_HPP
