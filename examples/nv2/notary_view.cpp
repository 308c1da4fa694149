// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Tolerant reading of JWS and COSE envelopes.
#include "notary_view.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "envelope_parts.hpp"
#include "time_text.hpp"
#include "tolerant_cbor.hpp"

namespace client {
namespace {

using kind = cbor_item::kind;
using problem_list = std::vector<std::string>;

/// Names of attributes that differ between the two forms.
struct attribute_names {
  const char *algorithm, *critical, *content_type, *chain;
};
constexpr attribute_names jws_names = {"alg", "crit", "cty", "x5c"};
constexpr attribute_names cose_names = {"1", "2", "3", "33"};

constexpr const char* scheme = "io.cncf.notary.signingScheme";
constexpr const char* signing_time = "io.cncf.notary.signingTime";
constexpr const char* authentic_time = "io.cncf.notary.authenticSigningTime";
constexpr const char* expiry = "io.cncf.notary.expiry";
constexpr const char* timestamp = "io.cncf.notary.timestampSignature";
constexpr const char* agent = "io.cncf.notary.signingAgent";

/// A string as it is, anything else as JSON; "" when there is no such member.
std::string member_text(const shown_json& object, const char* name) {
  if (!object.is_object() || !object.contains(name)) return {};
  const shown_json& value = object.at(name);
  return value.is_string() ? value.get<std::string>() : compact(value);
}

/// An instant in RFC 3339 form, also when it is an epoch-based one of CBOR.
std::string time_member(const shown_json& object, const char* name) {
  if (!object.is_object() || !object.contains(name)) return {};
  const shown_json& value = object.at(name);
  const bool tagged =
      value.is_object() && value.contains("value") && value.contains("tag") && value.at("tag") == 1;
  const shown_json seconds = tagged ? value.at("value") : shown_json();
  const bool fits =
      seconds.is_number_integer() &&
      (!seconds.is_number_unsigned() || seconds.get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
  return fits ? instant_text(seconds.get<std::int64_t>()) : member_text(object, name);
}

std::vector<std::string> critical_members(const shown_json& object, const char* name) {
  std::vector<std::string> out;
  if (!object.is_object() || !object.contains(name)) return out;
  const shown_json& list = object.at(name);
  if (!list.is_array()) return {compact(list)};
  for (const shown_json& entry : list) {
    out.push_back(entry.is_string() ? entry.get<std::string>() : compact(entry));
  }
  return out;
}

/// The JOSE name of a COSE algorithm that Notary Project signatures use, else its number.
std::string cose_algorithm(const std::string& number) {
  constexpr std::pair<const char*, const char*> known[] = {{"-7", "ES256"},  {"-35", "ES384"},
                                                           {"-36", "ES512"}, {"-37", "PS256"},
                                                           {"-38", "PS384"}, {"-39", "PS512"}};
  for (const auto& [id, name] : known) {
    if (number == id) return name;
  }
  return number;
}

void read_attributes(const attribute_names& names, shown_json&& signed_ones,
                     shown_json&& unsigned_ones, signature_view& out, problem_list& problems) {
  notary_view view;
  if (!signed_ones.is_object() && !signed_ones.is_null()) {
    problems.push_back("the protected header is no list of attributes: " + compact(signed_ones));
  }
  out.algorithm = member_text(signed_ones, names.algorithm);
  view.critical = critical_members(signed_ones, names.critical);
  view.content_type = member_text(signed_ones, names.content_type);
  view.scheme = member_text(signed_ones, scheme);
  view.signing_time = time_member(signed_ones, signing_time);
  view.authentic_time = time_member(signed_ones, authentic_time);
  view.expiry = time_member(signed_ones, expiry);
  view.signing_agent = member_text(unsigned_ones, agent);
  if (signed_ones.is_object()) view.protected_attributes = std::move(signed_ones);
  if (unsigned_ones.is_object()) view.unprotected_attributes = std::move(unsigned_ones);
  view.unprotected_attributes.erase(names.chain);
  view.unprotected_attributes.erase(timestamp);
  out.notary = std::move(view);
}

/// What base64url in the member `name` says; a missing one is a problem.
std::optional<byte_buffer> decoded_member(const shown_json& all, const char* name,
                                          problem_list& problems) {
  if (!all.contains(name)) problems.push_back(fmt::format("there is no '{}'", name));
  const std::string text = text_member(all, name, problems);
  return decoded(text, nv2::base64_alphabet::url_unpadded, name, problems);
}

shown_json json_in(const std::optional<byte_buffer>& text, const char* where,
                   problem_list& problems) {
  if (!text || text->empty()) return {};
  return read_tolerant(view_of(*text), where, problems);
}

/// The contents of a byte string; anything else is a problem.
nv2::bytes octets_in(const cbor_item& item, const char* what, problem_list& problems) {
  if (item.is(kind::octets)) return nv2::bytes::of(item.contents);
  problems.push_back(fmt::format("the {} is no byte string", what));
  return {};
}

/// The value of the label `name` in a map of attributes, or null.
const cbor_item* find_attribute(const cbor_item& map, std::string_view name) {
  problem_list ignored;
  for (std::size_t i = 0; map.is(kind::map) && i + 1 < map.parts.size(); i += 2) {
    const cbor_item& key = map.parts[i];
    const bool text = key.is(kind::text);
    if ((text ? key.contents : compact(json_of(key, "", ignored))) == name) {
      return &map.parts[i + 1];
    }
  }
  return nullptr;
}

/// A list of certificates, or a bare one.
void read_x5chain(const cbor_item* chain, signature_view& out, problem_list& problems) {
  if (chain == nullptr) return;
  const auto add = [&](const cbor_item& item) {
    const nv2::bytes der = octets_in(item, "certificate", problems);
    if (!der.empty()) out.certificates.emplace_back(der.begin(), der.end());
  };
  if (!chain->is(kind::array)) return add(*chain);
  const std::size_t count = std::min(chain->parts.size(), max_shown_certificates);
  for (std::size_t i = 0; i < count; ++i) add(chain->parts[i]);
  if (count < chain->parts.size()) {
    problems.push_back(
        fmt::format("x5chain has {} certificates, {} are shown", chain->parts.size(), count));
  }
}

/// The four parts of a COSE_Sign1, or null. // spec: C-002
const cbor_item* find_message(const cbor_item& root, problem_list& problems) {
  const cbor_item* message = &root;
  if (root.is(kind::tag) && root.argument == 18) {
    message = &root.parts.front();
  } else {
    problems.emplace_back("the message has not the tag of COSE_Sign1");
    while (message->is(kind::tag)) message = &message->parts.front();
  }
  if (message->is(kind::array) && message->parts.size() == 4) return message;
  problems.emplace_back("the message is no array of four");
  return nullptr;
}

}  // namespace

void view_jws(const shown_json& all, envelope_view& out) {
  out.format = "jws";
  problem_list& problems = out.problems;
  signature_view signature;
  const auto header_text = decoded_member(all, "protected", problems);
  out.claims = json_in(decoded_member(all, "payload", problems), "payload", problems);
  shown_json header = all.contains("header") ? all.at("header") : shown_json();
  if (!header.is_object()) problems.emplace_back("there is no 'header' object");
  signature.certificates = read_x5c(header, problems);
  const std::string token = text_member(header, timestamp, problems);
  const auto raw = decoded_member(all, "signature", problems);
  if (raw) signature.signature_size = raw->size();
  read_attributes(jws_names, json_in(header_text, "protected", problems), std::move(header),
                  signature, problems);
  if (!token.empty()) {
    const auto der = decoded(token, nv2::base64_alphabet::standard_padded, timestamp, problems);
    if (der) signature.notary->timestamp_size = der->size();
  }
  for (const auto& [name, value] : all.items()) {
    const bool known =
        name == "payload" || name == "protected" || name == "header" || name == "signature";
    if (!known) problems.push_back(fmt::format("'{}' is no member of this form", name));
  }
  out.signatures.push_back(std::move(signature));
}

bool looks_like_cose(nv2::bytes envelope) {
  // An array or a tag; no UTF-8 text of ours begins so.
  return !envelope.empty() && ((envelope[0] >= 0x80 && envelope[0] < 0xA0) ||
                               (envelope[0] >= 0xC0 && envelope[0] < 0xDC));
}

void view_cose(nv2::bytes envelope, envelope_view& out) {
  problem_list& problems = out.problems;
  const cbor_item root = read_tolerant_cbor(envelope, "envelope", problems);
  const cbor_item* const message = find_message(root, problems);
  if (message == nullptr) return;
  out.format = "cose";
  const std::vector<cbor_item>& parts = message->parts;
  signature_view signature;
  const nv2::bytes header = octets_in(parts[0], "protected header", problems);
  const cbor_item signed_ones =
      header.empty() ? cbor_item{} : read_tolerant_cbor(header, "protected", problems);
  if (!parts[1].is(kind::map)) problems.emplace_back("the unprotected header is no map");
  read_x5chain(find_attribute(parts[1], cose_names.chain), signature, problems);
  read_attributes(cose_names, json_of(signed_ones, "protected", problems),
                  json_of(parts[1], "unprotected", problems), signature, problems);
  signature.algorithm = cose_algorithm(signature.algorithm);
  if (const cbor_item* token = find_attribute(parts[1], timestamp); token != nullptr) {
    signature.notary->timestamp_size = octets_in(*token, "timestamp", problems).size();
  }
  const nv2::bytes payload = octets_in(parts[2], "payload", problems);
  if (!payload.empty()) out.claims = read_tolerant(payload, "payload", problems);
  signature.signature_size = octets_in(parts[3], "signature", problems).size();
  out.signatures.push_back(std::move(signature));
}

bool is_known_attribute(std::string_view name) {
  for (const attribute_names& each : {jws_names, cose_names}) {
    if (name == each.algorithm || name == each.critical || name == each.content_type) return true;
  }
  return name == scheme || name == signing_time || name == authentic_time || name == expiry ||
         name == agent;
}

}  // namespace client
