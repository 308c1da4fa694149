// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The signature object of the JSON forms and the header of the JWT form: the same members.
//
//   { "typ": "x509", "alg": "RS256" | ... | "ES512",
//     "x5c": [base64 DER, ...] | absent,   "kid": fingerprint | absent,
//     "sig": base64 }                       (JSON forms only)
#ifndef NV2_ENVELOPE_NV2_HEADER_HPP
#define NV2_ENVELOPE_NV2_HEADER_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/envelope/envelope.hpp>
#include <nv2/envelope/nv2_kid.hpp>

NV2_NAMESPACE_BEGIN

namespace nv2_detail {

/// The members of a signature object; a null slice = absent.
struct header {
  bytes type, algorithm, key_id, signature;
  bytes* certificates = nullptr;
  std::uint8_t certificate_count = 0;
  bool has_critical = false;
};

/// Decodes a base64 JSON string: over its own text when that text lies in `own` (a buffer of the
/// workspace), else into new workspace.
[[nodiscard]] inline errc decode_string(json_string text, const parse_context& context,
                                        mutable_bytes own, bytes& out) noexcept {
  const std::size_t mark = context.memory.mark();
  const bytes raw = text.raw();
  const mutable_bytes room =
      own.empty() ? context.memory.take_bytes(max_decoded_size(raw.size()))
                  : mutable_bytes{own.data() + (raw.data() - own.data()), raw.size()};
  if (room.data() == nullptr) return errc::workspace_exhausted;
  std::size_t written = 0;
  const errc code =
      decode_base64(text, base64_alphabet::standard_padded, context.base64(), room, written);
  if (own.empty()) context.memory.rewind(mark + written);
  out = room.first(written);
  return code;
}

/// x5c: every element is base64 of one DER certificate. // spec: N-080
inline void read_certificates(json_reader& reader, const parse_context& context, mutable_bytes own,
                              header& out) noexcept {
  out.certificate_count = 0;
  if (out.certificates == nullptr) {
    out.certificates = context.memory.take_array<bytes>(limits::certificates);
    if (out.certificates == nullptr) return reader.fail(errc::workspace_exhausted);
  }
  for (reader.enter_array(); reader.next_element();) {
    const json_string text = reader.read_string();
    if (reader.error() != errc::ok) return;
    // spec: G-003
    if (out.certificate_count == limits::certificates) return reader.fail(errc::chain_too_long);
    const errc decoded = decode_string(text, context, own, out.certificates[out.certificate_count]);
    if (decoded != errc::ok) return reader.fail(decoded);
    ++out.certificate_count;
  }
}

/// A string member with its escapes removed; never a null slice.
inline bytes read_text(json_reader& reader, workspace& memory) noexcept {
  const json_string text = reader.read_string();
  bytes out;
  if (const errc code = unescape(text, kid_size, memory, out); code != errc::ok) reader.fail(code);
  return out;
}

/// Reads the signature object at which `reader` stands: structure and types only. A header that lies
/// in `own` is that of a JWT and has no `sig`. // spec: N-016 N-035
inline void read_header(json_reader& reader, const parse_context& context, mutable_bytes own,
                        header& out) noexcept {
  json_string name;
  for (reader.enter_object(); reader.next_member(name);) {
    if (name.equals("typ")) {
      out.type = read_text(reader, context.memory);
    } else if (name.equals("alg")) {
      out.algorithm = read_text(reader, context.memory);
    } else if (name.equals("kid")) {
      out.key_id = read_text(reader, context.memory);
    } else if (own.empty() && name.equals("sig")) {
      const json_string text = reader.read_string();
      const errc code = decode_string(text, context, {}, out.signature);
      if (code != errc::ok) reader.fail(code);
    } else if (name.equals("x5c")) {
      read_certificates(reader, context, own, out);
    } else {
      out.has_critical = out.has_critical || name.equals("crit");
      static_cast<void>(reader.skip_value());
    }
  }
}

/// Checks the meaning of the members and moves them into `message`.
[[nodiscard]] inline errc check_header(const header& found, compat leniency,
                                       signed_message& message) noexcept {
  if (found.type.data() == nullptr) return errc::type_missing;            // spec: N-011 N-033
  if (!equal(found.type, "x509")) return errc::type_unsupported;          // spec: N-011 N-033
  if (found.algorithm.data() == nullptr) return errc::algorithm_missing;  // spec: N-012
  message.algorithm = find_jose_algorithm(found.algorithm.as_text());
  if (message.algorithm.scheme == signature_scheme::none ||
      message.algorithm.scheme == signature_scheme::rsa_pss) {
    return errc::algorithm_unknown;  // spec: N-050
  }
  message.key_id = found.key_id;
  message.certificates = {found.certificates, found.certificate_count};
  if (message.key_id.empty() && message.certificates.empty()) {
    return errc::key_hint_missing;  // spec: N-013
  }
  if (!message.certificates.empty() && has(leniency, compat::nv2_ignore_kid)) message.key_id = {};
  const bool has_kid = message.key_id.data() != nullptr;
  if (has_kid && !is_kid(message.key_id)) return errc::kid_syntax;  // spec: N-071 N-073
  return errc::ok;
}

}  // namespace nv2_detail

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_NV2_HEADER_HPP
