// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <nv2/codec/cbor.hpp>
#include <nv2/envelope/notary.hpp>
#include <nv2/x509/key.hpp>

#include "backends.hpp"

namespace nv2_conformance {
namespace {

using nv2::errc;

/// The four elements of COSE_Sign1, and the algorithm of the protected header.
struct message {
  nv2::bytes protected_header, payload, signature;
  nv2::signature_algorithm algorithm;
};

nv2::signature_algorithm find_algorithm(std::int64_t number) {
  using nv2::hash_algorithm;
  using nv2::signature_scheme;
  switch (number) {
    case -7: return {signature_scheme::ecdsa, hash_algorithm::sha256};
    case -35: return {signature_scheme::ecdsa, hash_algorithm::sha384};
    case -36: return {signature_scheme::ecdsa, hash_algorithm::sha512};
    case -37: return {signature_scheme::rsa_pss, hash_algorithm::sha256};
    case -38: return {signature_scheme::rsa_pss, hash_algorithm::sha384};
    case -39: return {signature_scheme::rsa_pss, hash_algorithm::sha512};
    default: return {};
  }
}

/// Reads a header map for the sake of its algorithm. // C-007 C-008
void read_header(nv2::cbor_reader& reader, message& out, bool is_protected) {
  for (std::uint32_t left = reader.enter_map(); reader.next_entry(left);) {
    const nv2::cbor_kind kind = reader.peek();
    if (kind == nv2::cbor_kind::text_string) {
      static_cast<void>(reader.read_text());
    } else if (reader.read_int64() == 1 && is_protected) {
      out.algorithm = find_algorithm(reader.read_int64());
      continue;
    }
    static_cast<void>(reader.skip_value());
  }
}

errc parse(const octets& envelope, message& out) {
  if (envelope.size() < 2 || envelope[0] != 0xD2 || envelope[1] != 0x84) return errc::cose_prefix;
  nv2::cbor_reader reader{view(envelope).drop(1), nv2::cbor_tags::refuse};
  static_cast<void>(reader.enter_array());
  out.protected_header = reader.read_bytes();
  read_header(reader, out, false);
  out.payload = reader.read_bytes();
  out.signature = reader.read_bytes();
  reader.leave();
  NV2_TRY(reader.finish());
  if (out.protected_header.empty()) return errc::notary_algorithm_missing;
  nv2::cbor_reader attributes{out.protected_header};
  read_header(attributes, out, true);
  NV2_TRY(attributes.finish());
  return out.algorithm.scheme == nv2::signature_scheme::none ? errc::notary_algorithm_unknown
                                                             : errc::ok;
}

/// The shortest head of a byte string, and the string.
void add_string(octets& out, nv2::bytes text) {
  const std::size_t size = text.size();
  if (size < 24) {
    out.push_back(static_cast<std::uint8_t>(0x40 + size));
  } else if (size < 0x100) {
    out.insert(out.end(), {0x58, static_cast<std::uint8_t>(size)});
  } else {
    out.insert(out.end(),
               {0x59, static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)});
  }
  out.insert(out.end(), text.begin(), text.end());
}

/// Verifies a message with the given key and external data. `paired`: whether Notary lets key and
/// algorithm go together.
errc verify(const octets& envelope, const octets& spki, const octets& external,
            const nv2::crypto_backend& crypto, bool& paired) {
  message m;
  NV2_TRY(parse(envelope, m));
  nv2::public_key key;
  NV2_TRY(nv2::parse_public_key(view(spki), key));
  paired = nv2::check_notary_algorithm(key, m.algorithm) == errc::ok;
  if (nv2::is_ec(key.kind) && m.algorithm.hash != nv2::curve_hash(key.kind)) {
    return errc::algorithm_key_mismatch;
  }
  octets to_be_signed = from_text("\x84\x6ASignature1");
  add_string(to_be_signed, m.protected_header);
  add_string(to_be_signed, view(external));
  add_string(to_be_signed, m.payload);
  nv2::digest_value digest;
  NV2_TRY(hash(crypto, m.algorithm.hash, view(to_be_signed), digest));
  return nv2::verify_signature(crypto, key, m.algorithm, digest.view(), m.signature);
}

}  // namespace

std::vector<scorecard> run_cose_sign1(const suite_folder& folder) {
  std::vector<scorecard> cards;
  for (const nv2::crypto_backend* crypto : backends()) {
    scorecard card = folder.card(crypto->name);
    folder.for_each([&](const json& line, const std::string& stem) {
      const octets envelope = from_hex(line.at("hex").get<std::string>());
      const octets spki = from_base64(line.at("spki_b64").get<std::string>());
      const octets external = from_hex(line.value("external_aad_hex", ""));
      card.run(line.at("id"), line.at("expect"), stem, [&] {
        bool paired = false;
        verdict v = judged_signature(verify(envelope, spki, external, *crypto, paired));
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
