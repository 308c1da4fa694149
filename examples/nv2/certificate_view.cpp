// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Reads more than the verifier accepts: of a certificate that has the outline of one, every part
// that can be read is shown.
#include "certificate_view.hpp"

#include <arpa/inet.h>

#include <cstdint>

#include <fmt/format.h>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/envelope/nv2_kid.hpp>

#include "client_crypto.hpp"
#include "errors.hpp"
#include "hex.hpp"
#include "name_text.hpp"
#include "object_names.hpp"

namespace client {
namespace {

namespace tag = nv2::der_tag;
using nv2::bytes;
using nv2::der_reader;

/// The parts of a certificate, each a whole element or the contents named.
struct outline {
  bytes serial, algorithm, issuer, not_before, not_after, subject, key, extensions;
};

//   Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature BIT STRING }
//   TBSCertificate ::= SEQUENCE {
//     version [0] DEFAULT v1, serialNumber INTEGER, signature AlgorithmIdentifier, issuer Name,
//     validity SEQUENCE { notBefore Time, notAfter Time }, subject Name,
//     subjectPublicKeyInfo, issuerUniqueID [1] OPTIONAL, subjectUniqueID [2] OPTIONAL,
//     extensions [3] OPTIONAL }
bool read_outline(bytes der, outline& out) {
  der_reader reader{der};
  const der_reader::outer_end end = reader.enter(tag::sequence);
  const der_reader::outer_end tbs = reader.enter(tag::sequence);
  std::uint8_t any = 0;
  static_cast<void>(reader.skip_optional(tag::context_constructed(0)));
  out.serial = reader.read(tag::integer);
  reader.skip(tag::sequence);
  out.issuer = reader.read_element(tag::sequence);
  const der_reader::outer_end validity = reader.enter(tag::sequence);
  out.not_before = reader.read_any_element(any);
  out.not_after = reader.read_any_element(any);
  reader.leave(validity);
  out.subject = reader.read_element(tag::sequence);
  out.key = reader.read_element(tag::sequence);
  static_cast<void>(reader.skip_optional(tag::context(1)));
  static_cast<void>(reader.skip_optional(tag::context(2)));
  static_cast<void>(reader.read_optional(tag::context_constructed(3), out.extensions));
  reader.leave(tbs);
  out.algorithm = reader.read(tag::sequence);
  reader.skip(tag::bit_string);
  reader.leave(end);
  return reader.error() == nv2::errc::ok;
}

std::string address_text(bytes address) {
  char text[INET6_ADDRSTRLEN] = {};
  const int family = address.size() == 4 ? AF_INET : AF_INET6;
  if ((address.size() != 4 && address.size() != 16) ||
      inet_ntop(family, address.data(), text, sizeof text) == nullptr) {
    return "?";
  }
  return text;
}

std::string general_name_text(std::uint8_t kind, bytes content) {
  switch (kind) {
    case tag::context(1): return "email:" + std::string(content.as_text());
    case tag::context(2): return "DNS:" + std::string(content.as_text());
    case tag::context_constructed(4): return "directory:" + name_text(content);
    case tag::context(6): return "URI:" + std::string(content.as_text());
    case tag::context(7): return "IP:" + address_text(content);
    default: return "other name";
  }
}

/// GeneralNames ::= SEQUENCE OF GeneralName
std::vector<std::string> names_in(bytes value) {
  std::vector<std::string> out;
  der_reader reader{value};
  static_cast<void>(reader.enter(tag::sequence));
  while (reader.more()) {
    std::uint8_t kind = 0;
    const bytes content = reader.read_any(kind);
    if (reader.error() == nv2::errc::ok) out.push_back(general_name_text(kind, content));
  }
  return out;
}

/// ExtKeyUsageSyntax ::= SEQUENCE OF OBJECT IDENTIFIER
std::vector<std::string> purposes_in(bytes value) {
  std::vector<std::string> out;
  der_reader reader{value};
  static_cast<void>(reader.enter(tag::sequence));
  while (reader.more()) {
    const bytes object = reader.read_oid();
    if (reader.error() == nv2::errc::ok) out.push_back(object_text(object));
  }
  return out;
}

/// KeyUsage ::= BIT STRING; the first bit is the top one of the first byte.
std::vector<std::string> key_usage_in(bytes value) {
  constexpr const char* usages[] = {"digitalSignature", "contentCommitment", "keyEncipherment",
                                    "dataEncipherment", "keyAgreement",      "keyCertSign",
                                    "cRLSign",          "encipherOnly",      "decipherOnly"};
  std::vector<std::string> out;
  der_reader reader{value};
  const bytes bits = reader.read(tag::bit_string);
  if (reader.error() != nv2::errc::ok) return out;
  for (std::size_t i = 0; i < 9 && i / 8 + 1 < bits.size(); ++i) {
    if ((bits[i / 8 + 1] & 0x80U >> i % 8) != 0) out.emplace_back(usages[i]);
  }
  return out;
}

/// BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, ... }
bool is_ca_in(bytes value) {
  der_reader reader{value};
  static_cast<void>(reader.enter(tag::sequence));
  return reader.next_is(tag::boolean) && reader.read_boolean();
}

/// Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue
/// OCTET STRING }
void read_extensions(bytes extensions, certificate_view& out) {
  static constexpr std::uint8_t prefix[] = {0x55, 0x1D};  // 2.5.29
  bool may_sign = true;
  der_reader reader{extensions};
  static_cast<void>(reader.enter(tag::sequence));
  while (reader.more()) {
    const der_reader::outer_end outer = reader.enter(tag::sequence);
    const bytes id = reader.read_oid();
    static_cast<void>(reader.skip_optional(tag::boolean));
    const bytes value = reader.read(tag::octet_string);
    reader.leave(outer);
    if (reader.error() != nv2::errc::ok) return;
    if (id.size() != 3 || !nv2::equal(id.first(2), prefix)) continue;
    switch (id[2]) {
      case 15:
        out.key_usage = key_usage_in(value);
        may_sign = false;
        for (const std::string& usage : out.key_usage)
          may_sign = may_sign || usage == "keyCertSign";
        break;
      case 17: out.names = names_in(value); break;
      case 19: out.is_ca = is_ca_in(value); break;
      case 37: out.purposes = purposes_in(value); break;
      default: break;
    }
  }
  out.is_ca = out.is_ca && may_sign;
}

/// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }; 0 when it is none.
std::size_t modulus_bits(bytes key) {
  der_reader reader{key};
  static_cast<void>(reader.enter(tag::sequence));
  const bytes modulus = reader.read_unsigned();
  if (reader.error() != nv2::errc::ok || modulus.empty()) return 0;
  std::size_t bits = 8 * modulus.size();
  for (unsigned top = modulus[0]; top < 0x80 && bits > 0; top = top << 1 | 1U) --bits;
  return bits;
}

/// "RSA 2048", "EC prime256v1", or the kind alone.
//
//   SubjectPublicKeyInfo ::= SEQUENCE {
//     algorithm SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL },
//     subjectPublicKey BIT STRING }
std::string key_text(bytes public_key_info) {
  static constexpr std::uint8_t ec[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
  static constexpr std::uint8_t rsa[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01};
  static constexpr std::uint8_t pss[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A};
  der_reader reader{public_key_info};
  static_cast<void>(reader.enter(tag::sequence));
  const der_reader::outer_end outer = reader.enter(tag::sequence);
  const bytes algorithm = reader.read_oid();
  const bytes parameters = reader.read_rest();
  reader.leave(outer);
  const der_reader::outer_end info = reader.enter_bit_string();
  const bytes key = reader.read_rest();
  reader.leave(info);
  if (reader.error() != nv2::errc::ok) return "a key that cannot be read";
  if (nv2::equal(algorithm, ec)) {
    der_reader curve{parameters};
    const bytes name = curve.read_oid();
    return "EC " + (curve.error() == nv2::errc::ok ? object_text(name) : std::string());
  }
  if (!nv2::equal(algorithm, rsa) && !nv2::equal(algorithm, pss)) return object_text(algorithm);
  const std::size_t bits = modulus_bits(key);
  if (bits == 0) return "a key that cannot be read";
  return fmt::format("{} {}", nv2::equal(algorithm, pss) ? "RSA-PSS" : "RSA", bits);
}

std::optional<nv2::unix_time> instant_of(bytes element) {
  der_reader reader{element};
  const nv2::unix_time time = reader.read_time();
  return reader.finish() == nv2::errc::ok ? std::optional(time) : std::nullopt;
}

/// The magnitude of an INTEGER, with its sign.
std::string serial_text(bytes contents) {
  std::vector<std::uint8_t> magnitude{contents.begin(), contents.end()};
  const bool negative = !magnitude.empty() && magnitude.front() >= 0x80;
  if (negative) {
    unsigned carry = 1;
    for (std::size_t i = magnitude.size(); i-- > 0;) {
      const unsigned sum = (magnitude[i] ^ 0xFFU) + carry;
      magnitude[i] = static_cast<std::uint8_t>(sum);
      carry = sum >> 8;
    }
  }
  if (magnitude.size() > 1 && magnitude.front() == 0) magnitude.erase(magnitude.begin());
  return (negative ? "-" : "") + hex_text({magnitude.data(), magnitude.size()});
}

std::string algorithm_text(bytes algorithm) {
  der_reader reader{algorithm};
  return object_text(reader.read_oid());
}

}  // namespace

std::string key_fingerprint(bytes public_key_info) {
  nv2::static_workspace<1024> memory;
  nv2::kid_text kid;
  if (nv2::compute_kid(public_key_info, client_crypto, memory, kid) != nv2::errc::ok) {
    throw failure(exit_code::unavailable, "the crypto library failed");
  }
  return std::string(kid.view().as_text());
}

certificate_view view_certificate(bytes der) {
  certificate_view out;
  const sha256_value digest = sha256_of(der);
  out.sha256 = hex_text({digest.data(), digest.size()});
  outline parts;
  if (!read_outline(der, parts)) return out;
  out.readable = true;
  out.subject = name_text(parts.subject);
  out.issuer = name_text(parts.issuer);
  out.self_issued = nv2::equal(parts.subject, parts.issuer);
  out.serial = serial_text(parts.serial);
  out.key = key_text(parts.key);
  out.kid = key_fingerprint(parts.key);
  out.signed_with = algorithm_text(parts.algorithm);
  out.not_before = instant_of(parts.not_before);
  out.not_after = instant_of(parts.not_after);
  read_extensions(parts.extensions, out);
  return out;
}

std::string subject_of(bytes der) {
  const certificate_view shown = view_certificate(der);
  return shown.readable ? shown.subject : "a certificate that cannot be read";
}

}  // namespace client
