// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The three prototype forms.
#include "envelope_writer.hpp"

#include "base64_text.hpp"
#include "certificate_view.hpp"
#include "go_json.hpp"

namespace client {
namespace {

void add_key(go_object& header, const private_key& key,
             const std::vector<byte_buffer>& certificates) {
  if (certificates.empty()) {
    header.text("kid", key_fingerprint(key.public_key_info()));
    return;
  }
  std::vector<std::string> x5c;
  x5c.reserve(certificates.size());
  for (const byte_buffer& der : certificates) x5c.push_back(base64_standard(view_of(der)));
  header.texts("x5c", x5c);
}

/// digest, size, references: the members that all forms begin their claims with.
void add_subject(go_object& out, const claims& content) {
  out.text("digest", content.digest).number("size", content.size);
  if (!content.references.empty()) out.texts("references", content.references);
}

std::string json_claims(const claims& content) {
  go_object out;
  add_subject(out, content);
  if (content.expiry) out.number("exp", *content.expiry);
  if (content.not_before) out.number("nbf", *content.not_before);
  return out.number("iat", content.issued_at).finish();
}

std::string jwt_claims(const claims& content) {
  go_object out;
  out.text("mediaType", content.media_type);
  add_subject(out, content);
  if (content.expiry) out.number("exp", *content.expiry);
  out.number("iat", content.issued_at);
  if (content.not_before) out.number("nbf", *content.not_before);
  return out.finish();
}

std::string write_jwt(const claims& content, const private_key& key,
                      const std::vector<byte_buffer>& certificates) {
  go_object header;
  header.text("typ", "x509").text("alg", key.algorithm());
  add_key(header, key, certificates);
  const std::string signed_text = base64_url(nv2::bytes::of(header.finish())) + "." +
                                  base64_url(nv2::bytes::of(jwt_claims(content)));
  return signed_text + "." + base64_url(view_of(key.sign(signed_text)));
}

std::string write_json(envelope_form form, const claims& content, const private_key& key,
                       const std::vector<byte_buffer>& certificates) {
  const std::string signed_text = json_claims(content);
  go_object signature;
  signature.text("typ", "x509").text("sig", base64_standard(view_of(key.sign(signed_text))));
  signature.text("alg", key.algorithm());
  add_key(signature, key, certificates);
  go_object out;
  out.raw("signed", signed_text);
  if (form == envelope_form::json) return out.raw("signature", signature.finish()).finish();
  return out.raw("signatures", "[" + signature.finish() + "]").finish();
}

}  // namespace

std::string write_envelope(envelope_form form, const claims& content, const private_key& key,
                           const std::vector<byte_buffer>& certificates) {
  if (form == envelope_form::jwt) return write_jwt(content, key, certificates);
  return write_json(form, content, key, certificates);
}

}  // namespace client
