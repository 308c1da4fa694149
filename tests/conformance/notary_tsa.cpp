// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <nv2/trust/timestamp.hpp>

#include "backends.hpp"

namespace nv2_conformance {
namespace {

/// No case tells the key of the stamped signature, so any SHA-2 may stand for it.
verdict judge(const json& line, const nv2::crypto_backend& crypto) {
  const octets token = from_base64(line.at("token_b64").get<std::string>());
  const octets message = from_hex(line.at("message_hex").get<std::string>());
  std::vector<octets> roots;
  for (const json& text : line.at("anchors")) roots.push_back(from_base64(text.get<std::string>()));
  std::vector<nv2::trust_anchor> anchors;
  for (const octets& der : roots) anchors.push_back({view(der), nv2::anchor_role::tsa});

  nv2::static_workspace<16384> memory;
  nv2::signer_context context{crypto,
                              memory,
                              {anchors.data(), anchors.size()},
                              nv2::compat::ts_any_imprint_hash,
                              nv2::path_rules{nv2::time_basis::at(time_value(line.at("time")))}};
  nv2::verified_timestamp info;
  const nv2::errc code =
      nv2::verify_timestamp(view(token), view(message), nv2::hash_algorithm::none, context,
                            nv2::revocation::not_checked(), info);
  if (code != nv2::errc::ok) return refused(code);
  verdict v = accepted();
  if (line.contains("gen_time")) {
    compare(v, "gen_time", time_text(info.gen_time.seconds), line.at("gen_time"));
  }
  if (line.contains("accuracy_s")) {
    compare(v, "accuracy_s", std::to_string(info.accuracy_seconds),
            std::to_string(line.at("accuracy_s").get<unsigned>()));
  }
  return v;
}

}  // namespace

std::vector<scorecard> run_timestamps(const suite_folder& folder) {
  std::vector<scorecard> cards;
  for (const nv2::crypto_backend* crypto : backends()) {
    scorecard card = folder.card(crypto->name);
    folder.for_each([&](const json& line, const std::string&) {
      card.run(line.at("id"), line.at("expect"), "", [&] { return judge(line, *crypto); });
    });
    cards.push_back(card);
  }
  return cards;
}

}  // namespace nv2_conformance
