// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <iterator>
#include <set>

#include <nv2/x509/certificate.hpp>

#include "backends.hpp"

namespace nv2_conformance {
namespace {

/// Whether the suite tells `field`; null is what its oracle could not read.
bool tells(const json& fields, const char* field) {
  return fields.contains(field) && !fields[field].is_null();
}

std::string text(bool b) { return b ? "yes" : "no"; }

/// A number in hexadecimal digits without leading zeros.
std::string number_text(nv2::bytes number) {
  const std::string digits = to_hex(number);
  const std::size_t first = digits.find_first_not_of('0');
  return first == std::string::npos ? "0" : digits.substr(first);
}

std::string decimal(nv2::bytes number) {
  return std::to_string(std::stoull(to_hex(number), nullptr, 16));
}

struct named_algorithm {
  const char* oid;
  nv2::signature_algorithm algorithm;
};
constexpr named_algorithm known_algorithms[] = {
    {"1.2.840.113549.1.1.11", {nv2::signature_scheme::rsa_pkcs1, nv2::hash_algorithm::sha256}},
    {"1.2.840.113549.1.1.12", {nv2::signature_scheme::rsa_pkcs1, nv2::hash_algorithm::sha384}},
    {"1.2.840.113549.1.1.13", {nv2::signature_scheme::rsa_pkcs1, nv2::hash_algorithm::sha512}},
    {"1.2.840.10045.4.3.2", {nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha256}},
    {"1.2.840.10045.4.3.3", {nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha384}},
    {"1.2.840.10045.4.3.4", {nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha512}},
};

/// Whether the parser read the algorithm that `oid` names. The hash of PSS is in its parameters,
/// which the suite does not tell; weak and unknown algorithms are none.
bool is_algorithm(const std::string& oid, nv2::signature_algorithm read) {
  if (oid == "1.2.840.113549.1.1.10") {
    return read.scheme == nv2::signature_scheme::none ||
           read.scheme == nv2::signature_scheme::rsa_pss;
  }
  for (const named_algorithm& known : known_algorithms) {
    if (oid == known.oid) return read == known.algorithm;
  }
  return read.scheme == nv2::signature_scheme::none;
}

std::string key_text(const nv2::public_key& key) {
  switch (key.kind) {
    case nv2::key_kind::rsa: return "RSA-" + std::to_string(nv2::rsa_bits(key));
    case nv2::key_kind::ec_p256: return "EC-secp256r1";
    case nv2::key_kind::ec_p384: return "EC-secp384r1";
    case nv2::key_kind::ec_p521: return "EC-secp521r1";
    default: return "unsupported";
  }
}

/// What the suite calls the key, as far as it is of a kind that is read.
std::string expected_key(const json& fields) {
  static const std::set<std::string> curves = {"EC-secp256r1", "EC-secp384r1", "EC-secp521r1"};
  if (!tells(fields, "key")) return "unsupported";
  const std::string key = fields["key"];
  return key.rfind("RSA-", 0) == 0 || curves.count(key) != 0 ? key : "unsupported";
}

json usage_names(std::uint16_t usage) {
  const char* const names[] = {"digital_signature", "content_commitment", "key_encipherment",
                               "data_encipherment", "key_agreement",      "key_cert_sign",
                               "crl_sign",          "encipher_only",      "decipher_only"};
  json out = json::array();
  for (std::size_t bit = 0; bit < std::size(names); ++bit) {
    if ((usage >> bit & 1) != 0) out.push_back(names[bit]);
  }
  return out;
}

json purposes(const nv2::certificate& cert) {
  json out = json::array();
  nv2::der_reader reader(cert.ext_key_usage);
  static_cast<void>(reader.enter(nv2::der_tag::sequence));
  while (reader.more()) out.push_back(oid_text(reader.read_oid()));
  return out;
}

json extension_list(const nv2::certificate& cert) {
  json out = json::array();
  nv2::extension_reader reader(cert);
  nv2::extension e;
  while (reader.next(e)) out.push_back(json::array({oid_text(e.id), e.critical}));
  return out;
}

void compare_views(verdict& v, const nv2::certificate& cert, const json& fields) {
  const struct {
    const char* field;
    nv2::bytes part;
  } parts[] = {{"cert_sha256", cert.der},
               {"tbs_sha256", cert.tbs},
               {"issuer_sha256", cert.issuer},
               {"subject_sha256", cert.subject},
               {"spki_sha256", cert.spki}};
  for (const auto& p : parts) {
    if (tells(fields, p.field)) compare(v, p.field, sha256_hex(p.part), fields[p.field]);
  }
}

void compare_extensions(verdict& v, const nv2::certificate& cert, const json& fields) {
  const json& listed = fields.at("extensions");
  compare(v, "extensions", extension_list(cert).dump(), listed.dump());
  const struct {
    const char* id;
    bool present, critical;
  } known[] = {
      {"2.5.29.19", cert.has_basic_constraints, cert.basic_constraints_critical},
      {"2.5.29.15", cert.has_key_usage, cert.key_usage_critical},
      {"2.5.29.37", cert.has_ext_key_usage, cert.ext_key_usage_critical},
      {"2.5.29.17", cert.has_subject_alt_name, false},
  };
  for (const auto& k : known) {
    bool present = false, critical = false;
    for (const json& e : listed) {
      if (e[0] != k.id) continue;
      present = true;
      critical = e[1];
    }
    compare(v, k.id, text(k.present), text(present));
    if (std::string(k.id) != "2.5.29.17") compare(v, k.id, text(k.critical), text(critical));
  }
  if (tells(fields, "basic_constraints")) {
    const json limit = cert.path_length < 0 ? json() : json(cert.path_length);
    compare(v, "basicConstraints", json({{"ca", cert.is_ca}, {"path_len", limit}}).dump(),
            fields["basic_constraints"].dump());
  }
  if (tells(fields, "key_usage")) {
    compare(v, "keyUsage", usage_names(cert.key_usage).dump(), fields["key_usage"].dump());
  }
  if (tells(fields, "eku")) {
    compare(v, "extKeyUsage", purposes(cert).dump(), fields["eku"].dump());
  }
}

void compare_fields(verdict& v, const nv2::certificate& cert, const json& fields) {
  compare(v, "version", std::to_string(cert.version), fields.at("version").dump());
  compare(v, "serial", number_text(cert.serial), fields.at("serial_hex"));
  if (tells(fields, "not_before")) {
    compare(v, "notBefore", time_text(cert.not_before), fields["not_before"]);
  }
  if (tells(fields, "not_after")) {
    compare(v, "notAfter", time_text(cert.not_after), fields["not_after"]);
  }
  const std::string algorithm = fields.at("sig_alg");
  if (!is_algorithm(algorithm, cert.signed_with)) compare(v, "algorithm", "another", algorithm);
  compare(v, "key", key_text(cert.key), expected_key(fields));
  if (tells(fields, "rsa_e") && cert.key.kind == nv2::key_kind::rsa) {
    compare(v, "exponent", decimal(cert.key.exponent), fields["rsa_e"].dump());
  }
  compare_views(v, cert, fields);
  compare_extensions(v, cert, fields);
}

}  // namespace

std::vector<scorecard> run_certificates(const suite_folder& folder) {
  scorecard card = folder.card();
  folder.for_each([&](const json& line, const std::string& stem) {
    card.run(line.at("id"), line.at("expect"), stem, [&] {
      const octets der = from_base64(line.at("der_b64").get<std::string>());
      nv2::certificate cert;
      verdict v = judged(nv2::parse_certificate(view(der), cert));
      if (v.accepted && line.contains("fields")) compare_fields(v, cert, line["fields"]);
      return v;
    });
  });
  return {card};
}

}  // namespace nv2_conformance
