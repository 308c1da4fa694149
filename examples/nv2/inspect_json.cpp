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

shown_json inspection_of(const envelope_view& shown, std::size_t size) {
  shown_json signatures = shown_json::array();
  for (const signature_view& signature : shown.signatures) {
    signatures.push_back(signature_document(signature));
  }
  return {{"schema", "nv2.inspection/1"},
          {"format", text_or_null(shown.format)},
          {"size", size},
          {"verified", false},
          {"claims", shown.claims},
          {"signatures", std::move(signatures)},
          {"problems", shown.problems}};
}

shown_json descriptor_document(const owned_descriptor& shown) {
  return {{"mediaType", shown.media_type}, {"digest", shown.digest}, {"size", shown.size}};
}

shown_json problem_document(nv2::errc code) {
  return {{"name", nv2::name(code)}, {"rule", nv2::rule(code)}, {"message", nv2::message(code)}};
}

shown_json listed_document(const listed_signature& listed) {
  const bool read = listed.found.code == nv2::errc::ok;
  const owned_descriptor& envelope = listed.found.envelope;
  shown_json out = {{"manifest", listed.found.manifest},
                    {"envelope", nullptr},
                    {"inspection", nullptr},
                    {"problem", nullptr}};
  if (!envelope.digest.empty()) out["envelope"] = descriptor_document(envelope);
  if (!read) out["problem"] = problem_document(listed.found.code);
  if (listed.shown) {
    out["inspection"] = inspection_of(*listed.shown, static_cast<std::size_t>(envelope.size));
  }
  return out;
}

}  // namespace

std::string inspection_document(const envelope_view& shown, std::size_t size) {
  return compact(inspection_of(shown, size)) + "\n";
}

std::string listing_document(const layout_listing& listing) {
  shown_json signatures = shown_json::array();
  for (const listed_signature& listed : listing.signatures) {
    signatures.push_back(listed_document(listed));
  }
  shown_json unreadable = shown_json::array();
  for (const found_signature& found : listing.unreadable) {
    unreadable.push_back({{"manifest", found.manifest}, {"problem", problem_document(found.code)}});
  }
  const shown_json out = {{"schema", "nv2.listing/1"},
                          {"verified", false},
                          {"artifact", descriptor_document(listing.artifact)},
                          {"signatures", std::move(signatures)},
                          {"unreadable", std::move(unreadable)}};
  return compact(out) + "\n";
}

}  // namespace client
