// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The prototype's compact JWT form.
//
//   envelope  = segment "." segment "." segment [ LF / CR LF ]
//   segment   = 1*base64url                 header JSON, claims JSON, signature
//   signed    = the first two segments and the dot between them, as received
#ifndef NV2_ENVELOPE_NV2_JWT_HPP
#define NV2_ENVELOPE_NV2_JWT_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/envelope/nv2_claims.hpp>
#include <nv2/envelope/nv2_header.hpp>
#include <nv2/envelope/nv2_signer.hpp>

NV2_NAMESPACE_BEGIN

namespace nv2_jwt {

/// Without one line end at the end. // spec: N-031
inline bytes trim_line_end(bytes text) noexcept {
  if (text.empty() || text[text.size() - 1] != '\n') return text;
  text = text.first(text.size() - 1);
  return text.empty() || text[text.size() - 1] != '\r' ? text : text.first(text.size() - 1);
}

/// A JWT starts with the base64url of a brace or of white space, or with an empty segment; anything
/// else printable but a brace or bracket is left for parse() to complain about.
inline bool sniff(bytes envelope) noexcept {
  const std::uint8_t c = envelope.empty() ? std::uint8_t{0} : envelope[0];
  return c > ' ' && c < 0x7F && c != '{' && c != '[';
}

/// Finds the last two dots from behind: certificates make the header by far the longest segment.
inline errc parse(bytes envelope, const parse_context&, signed_message& out) noexcept {
  const bytes all = trim_line_end(envelope);
  const std::size_t signature = count_through_last(all, '.');
  const bytes signed_text = all.first(signature == 0 ? 0 : signature - 1);
  const std::size_t payload = count_through_last(signed_text, '.');
  out.payload = signed_text.drop(payload);
  out.signature = all.drop(signature);
  const bool is_complete = payload > 1 && !out.payload.empty() && !out.signature.empty();
  if (!is_complete) return errc::jwt_segments;  // spec: N-030
  out.signed_parts[0] = signed_text;            // spec: N-036
  out.unread = all.first(payload - 1);
  out.signature_count = 1;
  return errc::ok;
}

/// Decodes the header. More dots than two are left to the decoder, which knows none.
inline errc decode_header(const parse_context& context, bytes header,
                          mutable_bytes& text) noexcept {
  const errc code =
      decode_base64(header, base64_alphabet::url_unpadded, context.base64(), context.memory, text);
  const bool has_dot = code != errc::ok && count_through_last(header, '.') != 0;
  return has_dot ? errc::jwt_segments : code;  // spec: N-030
}

/// Decodes the header and, in its own memory, the certificates in it. // spec: N-032 N-033
inline errc select(const parse_context& context, signed_message& message) noexcept {
  mutable_bytes text, signature;
  NV2_TRY(decode_header(context, message.unread, text));
  json_reader reader{text, context.memory, context.duplicates()};
  nv2_detail::header header;
  nv2_detail::read_header(reader, context, text, header);
  NV2_TRY(reader.finish());
  if (header.has_critical) return errc::jwt_critical;  // spec: N-034
  NV2_TRY(nv2_detail::check_header(header, context.leniency, message));
  NV2_TRY(decode_base64(message.signature, base64_alphabet::url_unpadded, context.base64(),
                        context.memory, signature));
  message.signature = signature;
  message.unread = {};
  return errc::ok;
}

inline errc parse_claims(const signed_message& message, const parse_context& context,
                         signed_claims& out) noexcept {
  mutable_bytes text;
  NV2_TRY(decode_base64(message.payload, base64_alphabet::url_unpadded, context.base64(),
                        context.memory, text));
  return nv2_detail::parse_claims(text, nv2_detail::claims_form::jwt, context, out);
}

}  // namespace nv2_jwt

/// Prototype signatures as compact JWT, `typ` x509.
inline constexpr envelope_format nv2_jwt_format = {
    "nv2-jwt",
    "application/vnd.cncf.notary.config.v2+jwt",
    nv2_jwt::sniff,
    nv2_jwt::parse,
    nv2_jwt::select,
    nv2_signer::verify_signer,
    nv2_jwt::parse_claims,
    nv2_signer::check_references,
    nullptr,
    nv2_detail::working_memory,
    true,
};

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_NV2_JWT_HPP
