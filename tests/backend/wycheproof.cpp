// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The signature vectors of Wycheproof, through SubjectPublicKeyInfo and both ECDSA encodings.
// The suite is not part of this repository: NV2_SUITES_DIR names its folder, else the folder
// ../shared/suites beside the source tree is taken when it is there.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include <nv2/crypto/ecdsa_der.hpp>
#include <nv2/x509/key.hpp>

#include "backends.hpp"
#include "rows.hpp"

#ifndef NV2_SOURCE_DIR
#define NV2_SOURCE_DIR "."
#endif

namespace {

using namespace nv2_test;
using nlohmann::json;
using nv2::errc;

std::filesystem::path suite_folder() {
  const char* const named = std::getenv("NV2_SUITES_DIR");
  const std::filesystem::path suites =
      named != nullptr ? std::filesystem::path{named}
                       : std::filesystem::path{NV2_SOURCE_DIR} / ".." / "shared" / "suites";
  return suites / "wycheproof-sig";
}

buffer from_base64(const std::string& text) {
  static const std::string alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  buffer out;
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : text.substr(0, text.find('='))) {
    bits = (bits << 6 | static_cast<unsigned>(alphabet.find(c))) & 0xFFFF;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out.push_back(static_cast<std::uint8_t>(bits >> held));
  }
  return out;
}

nv2::signature_algorithm algorithm_of(const json& group) {
  static const std::map<std::string, nv2::signature_scheme> schemes = {
      {"ECDSA", nv2::signature_scheme::ecdsa},
      {"RSASSA-PSS", nv2::signature_scheme::rsa_pss},
      {"RSASSA-PKCS1-v1_5", nv2::signature_scheme::rsa_pkcs1}};
  static const std::map<std::string, nv2::hash_algorithm> hashes = {
      {"SHA-256", nv2::hash_algorithm::sha256},
      {"SHA-384", nv2::hash_algorithm::sha384},
      {"SHA-512", nv2::hash_algorithm::sha512}};
  return {schemes.at(group.at("alg")), hashes.at(group.at("hash"))};
}

/// One case as the verifier would take it: key, message, and a signature in DER or raw.
errc verdict(const nv2::crypto_backend& crypto, const json& group, const json& test) {
  const buffer spki = from_base64(group.at("spki_b64"));
  const buffer message = from_hex(test.at("msg").get<std::string>());
  const buffer encoded = from_hex(test.at("sig").get<std::string>());
  const nv2::signature_algorithm algorithm = algorithm_of(group);

  nv2::public_key key;
  NV2_TRY(nv2::parse_public_key(view_of(spki), key));
  nv2::static_workspace<256> memory;
  nv2::bytes signature = view_of(encoded);
  if (group.value("sig_format", "") == "der" && nv2::is_ec(key.kind)) {
    NV2_TRY(nv2::decode_ecdsa_signature(signature, key.kind, memory, signature));
  }
  nv2::digest_value digest;
  NV2_TRY(hash_with(crypto, algorithm.hash, view_of(message), digest));
  return nv2::verify_signature(crypto, key, algorithm, digest.view(), signature);
}

/// A failing library is no verdict.
bool is_verdict(errc code) {
  return code != errc::crypto_failure && code != errc::crypto_unsupported && code != errc::unset &&
         code != errc::workspace_exhausted;
}

struct score {
  int firm = 0, right = 0, optional = 0, not_offered = 0;
};

std::string describe(const char* name, const json& group, const json& test) {
  return std::string{name} + ", " + group.at("file").get<std::string>() + " " +
         std::to_string(test.at("id").get<int>()) + ", " + test.at("comment").get<std::string>();
}

/// A case that a backend does not take counts for nothing but that it is not accepted.
bool is_taken(const nv2::crypto_backend& crypto, const json& group) {
  const buffer spki = from_base64(group.at("spki_b64"));
  nv2::public_key key;
  return nv2::parse_public_key(view_of(spki), key) != errc::ok || takes(crypto, key);
}

void run_group(const json& group, std::map<std::string, score>& scores) {
  for (const json& test : group.at("tests")) {
    const std::string expected = test.at("expect");
    errc first = errc::unset;
    for (const nv2::crypto_backend* crypto : real_backends) {
      const errc code = verdict(*crypto, group, test);
      score& of = scores[crypto->name];
      CAPTURE(describe(crypto->name, group, test) + ": " + nv2::name(code));
      if (code == errc::crypto_unsupported && !is_taken(*crypto, group)) {
        ++of.not_offered;
        continue;
      }
      CHECK(is_verdict(code));
      if (first == errc::unset) first = code;
      CHECK(code == first);
      if (expected == "either") {
        ++of.optional;
        continue;
      }
      const bool right = (code == errc::ok) == (expected == "accept") && is_verdict(code);
      ++of.firm;
      of.right += right ? 1 : 0;
      CHECK(right);
    }
  }
}

/// The same answer as the reference on every case, and the right one on those that are offered.
void run_partial(const json& group, const partial_backend& pair, score& of) {
  for (const json& test : group.at("tests")) {
    const errc code = verdict(*pair.tested, group, test);
    CAPTURE(describe(pair.tested->name, group, test) + ": " + nv2::name(code));
    CHECK(code == verdict(*pair.reference, group, test));
    if (!is_verdict(code)) {
      ++of.not_offered;
      continue;
    }
    const std::string expected = test.at("expect");
    if (expected == "either") {
      ++of.optional;
      continue;
    }
    ++of.firm;
    of.right += (code == errc::ok) == (expected == "accept") ? 1 : 0;
  }
}

}  // namespace

TEST_CASE("Wycheproof: every firm case is right, and all backends agree on all cases") {
  const std::filesystem::path folder = suite_folder();
  if (!std::filesystem::is_directory(folder)) {
    MESSAGE("skipped: no folder wycheproof-sig; set NV2_SUITES_DIR");
    return;
  }
  std::map<std::string, score> scores;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() != ".jsonl") continue;
    std::ifstream file{entry.path()};
    for (std::string line; std::getline(file, line);) {
      const json group = json::parse(line);
      run_group(group, scores);
      for (const partial_backend& pair : partial_backends) {
        run_partial(group, pair, scores[pair.tested->name]);
      }
    }
  }
  for (const auto& [name, of] : scores) {
    MESSAGE(name, ": ", of.right, " of ", of.firm, " firm cases, ", of.optional, " optional ones, ",
            of.not_offered, " not offered");
    CHECK(of.firm > 0);
    CHECK(of.right == of.firm);
  }
  CHECK(scores.size() == real_backends.size() + partial_backends.size());
}
