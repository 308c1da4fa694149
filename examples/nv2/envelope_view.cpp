// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Tolerant reading of envelopes.
#include "envelope_view.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "envelope_parts.hpp"
#include "notary_view.hpp"

namespace client {
namespace {

using problem_list = std::vector<std::string>;

constexpr std::size_t max_signatures = 100;

/// The members that JSON signature objects and JWT headers share.
signature_view read_header(const shown_json& header, problem_list& problems) {
  signature_view out;
  if (!header.is_object()) problems.push_back("a signature header is not an object");
  out.type = text_member(header, "typ", problems);
  out.algorithm = text_member(header, "alg", problems);
  out.key_id = text_member(header, "kid", problems);
  out.certificates = read_x5c(header, problems);
  return out;
}

void add_json_signature(const shown_json& object, envelope_view& out) {
  signature_view signature = read_header(object, out.problems);
  const std::string text = text_member(object, "sig", out.problems);
  const auto raw = decoded(text, nv2::base64_alphabet::standard_padded, "'sig'", out.problems);
  if (raw) signature.signature_size = raw->size();
  out.signatures.push_back(std::move(signature));
}

void read_json(nv2::bytes envelope, envelope_view& out) {
  const shown_json all = read_tolerant(envelope, "envelope", out.problems);
  if (!all.is_object()) return;
  if (all.contains("payload") || all.contains("protected")) return view_jws(all, out);
  if (!all.contains("signed") && !all.contains("signature") && !all.contains("signatures")) {
    out.problems.push_back(all.contains("schemaVersion")
                               ? "this is an OCI or Docker manifest, not a signature"
                               : "no member of a signature envelope was found");
    return;
  }
  out.format = "nv2-json";
  if (all.contains("signed")) out.claims = all.at("signed");
  if (all.contains("signature")) add_json_signature(all.at("signature"), out);
  if (!all.contains("signatures")) return;
  const shown_json& list = all.at("signatures");
  for (std::size_t i = 0; list.is_array() && i < std::min(list.size(), max_signatures); ++i) {
    add_json_signature(list[i], out);
  }
  if (!list.is_array()) out.problems.push_back("'signatures' is not an array");
  if (list.is_array() && list.size() > max_signatures) {
    out.problems.push_back(
        fmt::format("there are {} signatures, {} are shown", list.size(), max_signatures));
  }
}

/// The JSON inside a segment of a JWT.
shown_json read_segment(std::string_view text, const std::string& where, problem_list& problems) {
  const auto json = decoded(text, nv2::base64_alphabet::url_unpadded, where, problems);
  return json ? read_tolerant(view_of(*json), where, problems) : shown_json();
}

void read_jwt(std::string_view text, envelope_view& out) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  const std::size_t first = text.find('.');
  const std::size_t second = first == text.npos ? text.npos : text.find('.', first + 1);
  const shown_json header = read_segment(text.substr(0, first), "header", out.problems);
  if (!header.is_object() && second == text.npos) return;
  out.format = "nv2-jwt";
  signature_view signature = read_header(header, out.problems);
  if (second == text.npos) {
    out.problems.push_back("the JWT has fewer than three parts");
  } else {
    const std::string_view last = text.substr(second + 1);
    if (last.find('.') != last.npos) out.problems.push_back("the JWT has more than three parts");
    const auto raw = decoded(last, nv2::base64_alphabet::url_unpadded, "signature", out.problems);
    if (raw) signature.signature_size = raw->size();
  }
  out.signatures.push_back(std::move(signature));
  if (first == text.npos) return;
  const std::string_view claims = text.substr(first + 1);
  out.claims = read_segment(claims.substr(0, claims.find('.')), "claims", out.problems);
}

}  // namespace

envelope_view view_envelope(nv2::bytes envelope) {
  envelope_view out;
  std::string_view text = envelope.as_text();
  if (text.empty()) {
    out.problems.push_back("the file is empty");
    return out;
  }
  if (looks_like_cose(envelope)) {
    view_cose(envelope, out);
    return out;
  }
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start != text.npos && text[start] == '{') {
    read_json(envelope, out);
  } else {
    read_jwt(text, out);
  }
  if (out.format.empty() && out.claims.is_null()) {
    out.problems.emplace_back("the file is in no known signature format");
  }
  return out;
}

}  // namespace client
