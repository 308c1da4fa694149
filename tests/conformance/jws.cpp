// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <string_view>

#include <nv2/codec/json.hpp>
#include <nv2/envelope/notary.hpp>
#include <nv2/x509/key.hpp>

#include "backends.hpp"

namespace nv2_conformance {
namespace {

using nv2::errc;

/// The three texts of a JWS, as they are signed.
struct parts {
  nv2::bytes header, payload, signature;
};

/// BASE64URL "." BASE64URL "." BASE64URL
errc split(nv2::bytes text, parts& out) {
  const std::string_view all = text.as_text();
  const std::size_t first = all.find('.');
  const std::size_t last = all.rfind('.');
  if (first == std::string_view::npos || last == first || all.find('.', first + 1) != last) {
    return errc::jwt_segments;
  }
  out = {text.first(first), text.sub(first + 1, last - first - 1), text.drop(last + 1)};
  return errc::ok;
}

/// The flattened serialization.
errc read_flattened(nv2::bytes text, nv2::workspace& memory, parts& out) {
  nv2::json_reader reader{text, memory};
  nv2::json_string name;
  for (reader.enter_object(); reader.next_member(name);) {
    nv2::bytes* part = nullptr;
    if (name.equals("protected")) part = &out.header;
    if (name.equals("payload")) part = &out.payload;
    if (name.equals("signature")) part = &out.signature;
    if (name.equals("signatures")) reader.fail(errc::jws_several_signatures);
    if (part == nullptr) continue;
    const errc code = nv2::unescape(reader.read_string(), text.size(), memory, *part);
    if (code != errc::ok) reader.fail(code);
  }
  return reader.finish();
}

/// The algorithm of a protected header that asks for nothing we do not know.
errc read_algorithm(nv2::bytes header, nv2::workspace& memory, nv2::signature_algorithm& out) {
  nv2::json_reader reader{header, memory};
  nv2::json_string name;
  for (reader.enter_object(); reader.next_member(name);) {
    if (name.equals("alg")) {
      out = nv2::find_jose_algorithm(reader.read_string().raw().as_text());
    } else if (name.equals("crit") || name.equals("b64")) {
      reader.fail(errc::notary_critical_unknown);
    }
  }
  NV2_TRY(reader.finish());
  const bool allowed =
      out.scheme == nv2::signature_scheme::rsa_pss || out.scheme == nv2::signature_scheme::ecdsa;
  return allowed ? errc::ok : errc::notary_algorithm_unknown;
}

struct test {
  octets text, spki;
  std::string key_algorithm;
};

/// Verifies a JWS with the only key and algorithm that are allowed. `paired`: whether Notary lets
/// them go together.
errc verify(const test& t, const nv2::crypto_backend& crypto, bool& paired) {
  octets room(8192 + 4 * t.text.size());
  nv2::workspace memory{{room.data(), room.size()}};
  parts found;
  const bool is_json = !t.text.empty() && t.text[0] == '{';
  NV2_TRY(is_json ? read_flattened(view(t.text), memory, found) : split(view(t.text), found));
  nv2::mutable_bytes header, payload, signature;
  constexpr auto alphabet = nv2::base64_alphabet::url_unpadded;
  constexpr auto strict = nv2::base64_rules::strict;
  NV2_TRY(nv2::decode_base64(found.header, alphabet, strict, memory, header));
  NV2_TRY(nv2::decode_base64(found.payload, alphabet, strict, memory, payload));
  NV2_TRY(nv2::decode_base64(found.signature, alphabet, strict, memory, signature));
  nv2::signature_algorithm algorithm;
  NV2_TRY(read_algorithm(header, memory, algorithm));
  // The suite has a key whose algorithm is called ES521.
  const std::string wanted = t.key_algorithm == "ES521" ? "ES512" : t.key_algorithm;
  if (algorithm != nv2::find_jose_algorithm(wanted)) return errc::algorithm_key_mismatch;
  nv2::public_key key;
  NV2_TRY(nv2::parse_public_key(view(t.spki), key));
  paired = nv2::check_notary_algorithm(key, algorithm) == errc::ok;
  nv2::hasher hash{crypto, memory, algorithm.hash};
  hash.update(found.header);
  hash.update(nv2::bytes::of("."));
  hash.update(found.payload);
  nv2::digest_value digest;
  NV2_TRY(hash.finish(digest));
  return nv2::verify_signature(crypto, key, algorithm, digest.view(), signature);
}

}  // namespace

std::vector<scorecard> run_jws(const suite_folder& folder) {
  std::vector<scorecard> cards;
  for (const nv2::crypto_backend* crypto : backends()) {
    scorecard card = folder.card(crypto->name);
    folder.for_each([&](const json& line, const std::string& stem) {
      const test t{from_text(line.at("jws").get<std::string>()),
                   from_base64(line.at("spki_b64").get<std::string>()),
                   line.at("key_alg").get<std::string>()};
      card.run(line.at("id"), line.at("expect"), stem, [&] {
        bool paired = false;
        verdict v = judged_signature(verify(t, *crypto, paired));
        if (v.accepted && line.contains("expect_notary")) {
          compare(v, "Notary", paired ? "accept" : "reject", line.at("expect_notary"));
        }
        return v;
      });
    });
    cards.push_back(card);
  }
  return cards;
}

}  // namespace nv2_conformance
