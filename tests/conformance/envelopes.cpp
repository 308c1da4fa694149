// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <stdexcept>

#include <nv2/nv2.hpp>

#include "backends.hpp"

namespace nv2_conformance {
namespace {

using nv2::errc;

const nv2::envelope_format& format_of(const std::string& media_type) {
  for (const nv2::envelope_format* const known : nv2::all_formats) {
    if (known->media_type == media_type) return *known;
  }
  throw std::runtime_error("unknown media type " + media_type);
}

const char* name(nv2::signing_scheme scheme) {
  switch (scheme) {
    case nv2::signing_scheme::x509: return "notary.x509";
    case nv2::signing_scheme::signing_authority: return "notary.x509.signingAuthority";
    default: return "none";
  }
}

/// What the headers say.
void compare_message(verdict& v, const json& line, const nv2::signed_message& message) {
  const bool by_authority = message.scheme == nv2::signing_scheme::signing_authority;
  compare(v, "scheme", name(message.scheme), line.at("signing_scheme"));
  compare(v, "signing time", time_text(message.signing_time),
          line.value(by_authority ? "authentic_signing_time" : "signing_time", ""));
  compare(v, "expiry", message.has_expiry ? time_text(message.expiry) : "",
          line.value("expiry", ""));
  compare(v, "certificates", std::to_string(message.certificates.size()),
          line.at("chain_len").dump());
  compare(v, "timestamp", json(!message.timestamp_token.empty()).dump(),
          line.at("has_timestamp").dump());
  const auto wanted = nv2::find_jose_algorithm(line.at("alg").get<std::string>());
  const bool same =
      wanted.scheme == message.algorithm.scheme && wanted.hash == message.algorithm.hash;
  compare(v, "algorithm", same ? "as expected" : "another", "as expected");
  nv2::certificate leaf;
  if (nv2::parse_certificate(message.certificates[0], leaf) != errc::ok) {
    throw std::runtime_error("the signer's certificate cannot be read again");
  }
  compare(v, "valid from", time_text(leaf.not_before), line.at("leaf_valid").at(0));
  compare(v, "valid to", time_text(leaf.not_after), line.at("leaf_valid").at(1));
}

/// What is signed.
void compare_claims(verdict& v, const json& line, const nv2::signed_claims& claims) {
  const json& artifact = line.at("payload").at("targetArtifact");
  compare(v, "media type", std::string(claims.media_type.as_text()), artifact.at("mediaType"));
  compare(v, "digest", std::string(claims.digest.as_text()), artifact.at("digest"));
  compare(v, "size", std::to_string(claims.size), artifact.at("size").dump());
  const json annotations =
      claims.annotations.empty() ? json::object() : json::parse(claims.annotations.as_text());
  compare(v, "annotations", annotations.dump(),
          artifact.value("annotations", json::object()).dump());
}

void compare_parts(verdict& v, const json& line, nv2::bytes envelope) {
  const nv2::envelope_format& format = format_of(line.at("media_type"));
  octets room(nv2::workspace_bound(format, envelope.size()));
  nv2::workspace memory{{room.data(), room.size()}};
  std::uint32_t offset = 0;
  const nv2::parse_context context{memory, nv2::compat::none, offset};
  nv2::signed_message message;
  nv2::signed_claims claims;
  if (format.parse(envelope, context, message) != errc::ok ||
      format.parse_claims(message, context, claims) != errc::ok) {
    throw std::runtime_error("the envelope cannot be read again");
  }
  compare_message(v, line, message);
  compare_claims(v, line, claims);
}

/// Everything but trust, time and the artifact, which the suite does not have: with the level audit
/// the first two lead to notes only, and the last is the final check. What gets there is good.
errc verify(const json& line, nv2::bytes envelope, const nv2::crypto_backend& crypto) {
  const octets root = from_base64(line.at("root_b64").get<std::string>());
  const bool by_authority = line.value("signing_scheme", "") == "notary.x509.signingAuthority";
  const nv2::trust_anchor anchors[] = {
      {view(root), by_authority ? nv2::anchor_role::signing_authority : nv2::anchor_role::ca}};
  const nv2::policy policy =
      nv2::policy::strict(anchors, nv2::revocation::not_checked())
          .with_actions(nv2::validation_actions{nv2::verification_level::audit});
  const nv2::verifier verifier{crypto, nv2::all_formats, policy};
  octets room(nv2::workspace_bound(nv2::all_formats, envelope.size()));
  nv2::workspace memory{{room.data(), room.size()}};
  const std::string media_type = line.at("media_type");
  const nv2::verification answer =
      verifier.verify(envelope, nv2::artifact::content({}, "none/none"), nv2::time_basis::unknown(),
                      memory, media_type);
  if (answer.status().ok()) throw std::runtime_error("an empty artifact was taken for the signed");
  return answer.status().where == nv2::stage::binding ? errc::ok : answer.status().code;
}

verdict judge(const json& line, const nv2::crypto_backend& crypto) {
  const octets envelope = from_base64(line.at("envelope_b64").get<std::string>());
  verdict v = judged(verify(line, view(envelope), crypto));
  if (v.accepted) compare_parts(v, line, view(envelope));
  return v;
}

}  // namespace

std::vector<scorecard> run_envelopes(const suite_folder& folder) {
  std::vector<scorecard> cards;
  for (const nv2::crypto_backend* crypto : backends()) {
    scorecard card = folder.card(crypto->name);
    folder.for_each([&](const json& line, const std::string& stem) {
      card.run(line.at("id"), line.at("expect"), stem, [&] { return judge(line, *crypto); });
    });
    cards.push_back(std::move(card));
  }
  return cards;
}

}  // namespace nv2_conformance
