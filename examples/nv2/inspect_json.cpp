// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Envelopes for programs.
#include "certificate_view.hpp"
#include "inspect.hpp"
#include "time_text.hpp"

namespace client {
namespace {

shown_json instant_or_null(const std::optional<nv2::unix_time>& t) {
  return t ? shown_json(instant_text(*t)) : shown_json(nullptr);
}

shown_json text_or_null(const std::string& text) {
  return text.empty() ? shown_json(nullptr) : shown_json(text);
}

shown_json certificate_document(const byte_buffer& der) {
  const certificate_view shown = view_certificate(view_of(der));
  if (!shown.readable) return {{"readable", false}, {"sha256", shown.sha256}};
  return {{"readable", true},
          {"subject", shown.subject},
          {"issuer", shown.issuer},
          {"serial", shown.serial},
          {"notBefore", instant_or_null(shown.not_before)},
          {"notAfter", instant_or_null(shown.not_after)},
          {"names", shown.names},
          {"key", shown.key},
          {"keyUsage", shown.key_usage},
          {"purposes", shown.purposes},
          {"authority", shown.is_ca},
          {"signedWith", shown.signed_with},
          {"kid", shown.kid},
          {"sha256", shown.sha256}};
}

shown_json notary_document(const notary_view& shown) {
  shown_json out = {{"contentType", text_or_null(shown.content_type)},
                    {"signingScheme", text_or_null(shown.scheme)},
                    {"signingTime", text_or_null(shown.signing_time)},
                    {"authenticSigningTime", text_or_null(shown.authentic_time)},
                    {"expiry", text_or_null(shown.expiry)},
                    {"critical", shown.critical},
                    {"signingAgent", text_or_null(shown.signing_agent)},
                    {"timestampSize", nullptr},
                    {"protected", shown.protected_attributes},
                    {"unprotected", shown.unprotected_attributes}};
  if (shown.timestamp_size) out["timestampSize"] = *shown.timestamp_size;
  return out;
}

shown_json signature_document(const signature_view& signature) {
  shown_json certificates = shown_json::array();
  for (const byte_buffer& der : signature.certificates)
    certificates.push_back(certificate_document(der));
  shown_json out = {{"typ", text_or_null(signature.type)},
                    {"alg", text_or_null(signature.algorithm)},
                    {"kid", text_or_null(signature.key_id)},
                    {"size", nullptr},
                    {"certificates", std::move(certificates)}};
  if (signature.signature_size) out["size"] = *signature.signature_size;
  if (signature.notary) out["notary"] = notary_document(*signature.notary);
  return out;
}

}  // namespace

std::string inspection_document(const envelope_view& shown, std::size_t size) {
  shown_json signatures = shown_json::array();
  for (const signature_view& signature : shown.signatures) {
    signatures.push_back(signature_document(signature));
  }
  const shown_json out = {{"schema", "nv2.inspection/1"},
                          {"format", text_or_null(shown.format)},
                          {"size", size},
                          {"verified", false},
                          {"claims", shown.claims},
                          {"signatures", std::move(signatures)},
                          {"problems", shown.problems}};
  return compact(out) + "\n";
}

}  // namespace client
