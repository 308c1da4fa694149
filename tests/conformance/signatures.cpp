// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <stdexcept>

#include <nv2/crypto/ecdsa_der.hpp>
#include <nv2/x509/key.hpp>

#include "backends.hpp"

namespace nv2_conformance {
namespace {

using nv2::errc;

nv2::signature_algorithm algorithm_of(const json& line) {
  const std::string hash_name = line.at("hash");
  const std::string scheme_name = line.at("alg");
  nv2::signature_algorithm algorithm;
  for (const auto hash :
       {nv2::hash_algorithm::sha256, nv2::hash_algorithm::sha384, nv2::hash_algorithm::sha512}) {
    if (hash_name == "SHA-" + std::to_string(8 * nv2::digest_size(hash))) algorithm.hash = hash;
  }
  if (scheme_name == "ECDSA") algorithm.scheme = nv2::signature_scheme::ecdsa;
  if (scheme_name == "RSASSA-PSS") algorithm.scheme = nv2::signature_scheme::rsa_pss;
  if (scheme_name == "RSASSA-PKCS1-v1_5") algorithm.scheme = nv2::signature_scheme::rsa_pkcs1;
  if (algorithm.hash == nv2::hash_algorithm::none ||
      algorithm.scheme == nv2::signature_scheme::none) {
    throw std::runtime_error("unknown algorithm " + scheme_name + " " + hash_name);
  }
  return algorithm;
}

/// One signature check, the way a certificate's signature (`is_der`) or an envelope's takes.
errc check(const nv2::crypto_backend& crypto, const octets& spki,
           nv2::signature_algorithm algorithm, bool is_der, const octets& message,
           const octets& signature) {
  nv2::public_key key;
  NV2_TRY(nv2::parse_public_key(view(spki), key));
  nv2::digest_value digest;
  NV2_TRY(hash(crypto, algorithm.hash, view(message), digest));
  nv2::bytes raw = view(signature);
  nv2::static_workspace<256> memory;
  if (is_der) NV2_TRY(nv2::decode_ecdsa_signature(view(signature), key.kind, memory, raw));
  return nv2::verify_signature(crypto, key, algorithm, digest.view(), raw);
}

}  // namespace

verdict judged_signature(errc code) {
  if (code == errc::crypto_failure || code == errc::crypto_unsupported) {
    throw std::runtime_error(std::string("the backend answers ") + nv2::name(code));
  }
  return judged(code);
}

std::vector<scorecard> run_signatures(const suite_folder& folder) {
  std::vector<scorecard> cards;
  for (const nv2::crypto_backend* crypto : backends()) {
    scorecard card = folder.card(crypto->name);
    folder.for_each([&](const json& line, const std::string& stem) {
      const octets spki = from_base64(line.at("spki_b64").get<std::string>());
      const nv2::signature_algorithm algorithm = algorithm_of(line);
      const bool is_der = line.value("sig_format", "") == "der";
      for (const json& test : line.at("tests")) {
        card.run(stem + "/" + test.at("id").dump(), test.at("expect"), stem, [&] {
          const octets message = from_hex(test.at("msg").get<std::string>());
          const octets signature = from_hex(test.at("sig").get<std::string>());
          return judged_signature(check(*crypto, spki, algorithm, is_der, message, signature));
        });
      }
    });
    cards.push_back(card);
  }
  return cards;
}

}  // namespace nv2_conformance
