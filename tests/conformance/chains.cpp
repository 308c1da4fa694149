// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include <nv2/x509/certificate.hpp>
#include <nv2/x509/chain.hpp>
#include <nv2/x509/code_signing.hpp>
#include <nv2/x509/timestamping.hpp>

#include "backends.hpp"

namespace nv2_conformance {
namespace {

using nv2::errc;

/// The contents of the OBJECT IDENTIFIER with this dotted text.
octets oid_contents(const std::string& text) {
  octets out;
  std::istringstream in(text);
  std::uint64_t root = 0, arc = 0;
  char dot = 0;
  in >> root;
  for (bool first = true; in >> dot >> arc; first = false) {
    if (first) arc += 40 * root;
    octets digits{static_cast<std::uint8_t>(arc & 0x7F)};
    while ((arc >>= 7) != 0) digits.push_back(static_cast<std::uint8_t>(0x80 | (arc & 0x7F)));
    out.insert(out.end(), digits.rbegin(), digits.rend());
  }
  return out;
}

std::vector<octets> decode_all(const json& list) {
  std::vector<octets> out;
  for (const json& text : list) out.push_back(from_base64(text.get<std::string>()));
  return out;
}

constexpr std::string_view code_signing = "codesigning-leaf-profile",
                           timestamping = "timestamping-leaf-profile";

/// The duties of a signer or a timestamp service, in the classes that test them. The suite has services
/// as RFC 3161 wants them, which may have no key usage; the Notary Project refuses those.
errc check_profile(const nv2::certificate& leaf, const std::string& kind) {
  if (kind == code_signing) return nv2::check_code_signing_leaf(leaf, nv2::compat::none);
  if (kind == timestamping && !leaf.has_key_usage) return nv2::check_timestamping_purpose(leaf);
  if (kind == timestamping) return nv2::check_timestamping_leaf(leaf);
  return errc::ok;
}

/// The generic rules of RFC 5280 that the suites expect: a chain in issuing order, self-issued
/// certificates not counted, and the anchor judged like an issuer.
verdict judge(const json& line, const nv2::crypto_backend& crypto) {
  const std::vector<octets> chain = decode_all(line.at("chain"));
  const std::vector<octets> roots = decode_all(line.at("anchors"));
  const octets purpose = oid_contents(line.value("required_eku", ""));

  std::vector<nv2::certificate> certificates(chain.size());
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const errc code = nv2::parse_certificate(view(chain[i]), certificates[i]);
    if (code != errc::ok) return refused(code);
  }
  const errc profile = check_profile(certificates.at(0), line.at("class"));
  if (profile != errc::ok) return refused(profile);

  std::vector<nv2::trust_anchor> anchors;
  for (const octets& der : roots) anchors.push_back({view(der), nv2::anchor_role::ca});

  nv2::rfc5280_rules rules{nv2::time_basis::at(time_value(line.at("time")))};
  rules.ordered = true;
  rules.purpose = view(purpose);
  if (line.contains("max_intermediates")) rules.max_intermediates = line["max_intermediates"];
  nv2::static_workspace<8192> memory;
  nv2::path path;
  return judged(nv2::verify_path({certificates.data(), certificates.size()},
                                 {anchors.data(), anchors.size()}, rules, crypto, memory, path));
}

/// Classes with a bar of their own; the others share one.
std::string group_of(const std::string& kind) {
  const bool own = kind == "name-constraints" || kind == "policy" || kind == code_signing ||
                   kind == timestamping;
  return own ? kind : "core";
}

}  // namespace

std::vector<scorecard> run_chains(const suite_folder& folder) {
  std::vector<scorecard> cards;
  for (const nv2::crypto_backend* crypto : backends()) {
    scorecard card = folder.card(crypto->name);
    folder.for_each([&](const json& line, const std::string&) {
      card.run(line.at("id"), line.at("expect"), group_of(line.at("class")),
               [&] { return judge(line, *crypto); });
    });
    cards.push_back(card);
  }
  return cards;
}

}  // namespace nv2_conformance
