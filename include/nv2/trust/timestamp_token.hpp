// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Timestamp tokens as views into their DER (RFC 3161 section 2.4.2 in RFC 5652, with RFC 5816).
// Does: check the form of all that any decision looks at, and refuse what contradicts itself.
// Does not: hash, verify, trust or compare with a clock, and reads DER only: no longer lengths, which
// some readers of BER accept.
// The caller must: keep the DER alive as long as the views of it are used.
#ifndef NV2_TRUST_TIMESTAMP_TOKEN_HPP
#define NV2_TRUST_TIMESTAMP_TOKEN_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <nv2/base/bytes.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/trust/timestamp_info.hpp>
#include <nv2/x509/key.hpp>
#include <nv2/x509/oid.hpp>

NV2_NAMESPACE_BEGIN

/// Limits of parse_timestamp_token(). // spec: G-003
constexpr std::size_t max_token_certificates = 10;
constexpr std::size_t max_signed_attributes = 16;

/// A parsed token.
struct timestamp_token {
  timestamp_info info;
  /// The octets that hold the statement, to be hashed.
  bytes content;
  /// The certificates one after the other, as DER, and how many.
  bytes certificates;
  std::size_t certificate_count = 0;
  /// The signer: a Name as a whole element, and contents of the serial number.
  bytes issuer, serial;
  /// What is signed, a whole element: to be hashed with der_tag::set in place of its tag, and sorted
  /// as such a set must be. // spec: T-022
  bytes attributes;
  bytes signature;
  signature_algorithm algorithm;
  bytes message_digest;
  /// The hash of the signer's certificate; none = by none that is known.
  hash_algorithm certificate_hash = hash_algorithm::none;
  bytes certificate_digest;
  /// Name and serial number of the signer's certificate as signed; a null issuer = not signed.
  bytes signed_issuer, signed_serial;
  bool has_signing_time = false;
  unix_time signing_time = 0;
};

namespace detail {

/// 1.2.840.113549.1.7.2
inline constexpr std::uint8_t signed_data_id[] = {0x2A, 0x86, 0x48, 0x86, 0xF7,
                                                  0x0D, 0x01, 0x07, 0x02};
/// 1.2.840.113549.1.9.16.1.4; the signed attributes begin alike, up to the 9.
inline constexpr std::uint8_t timestamp_info_id[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D,
                                                     0x01, 0x09, 0x10, 0x01, 0x04};
/// IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber INTEGER }, where issuer is one
/// directoryName [4] EXPLICIT Name
inline void read_issuer_serial(der_reader& reader, timestamp_token& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  const der_reader::outer_end names = reader.enter(der_tag::sequence);
  const der_reader::outer_end name = reader.enter(der_tag::context_constructed(4));
  out.signed_issuer = reader.read_element(der_tag::sequence);
  reader.leave(name);
  reader.leave(names);
  out.signed_serial = reader.read_integer();
  reader.leave(end);
}

/// SigningCertificateV2 ::= SEQUENCE {
///   certs SEQUENCE OF ESSCertIDv2, policies SEQUENCE OF PolicyInformation OPTIONAL }
/// ESSCertIDv2 ::= SEQUENCE {
///   hashAlgorithm AlgorithmIdentifier DEFAULT { algorithm id-sha256 }, certHash OCTET STRING,
///   issuerSerial IssuerSerial OPTIONAL }
inline void read_certificate_id(der_reader& reader, timestamp_token& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  const der_reader::outer_end list = reader.enter(der_tag::sequence);
  if (!reader.more()) reader.fail(errc::timestamp_certificate_id);  // spec: T-023
  const der_reader::outer_end first = reader.enter(der_tag::sequence);
  const bool is_default = !reader.next_is(der_tag::sequence);
  out.certificate_hash = is_default ? hash_algorithm::sha256 : read_sha2(reader);
  out.certificate_digest = reader.read(der_tag::octet_string);
  if (reader.more()) read_issuer_serial(reader, out);
  reader.leave(first);
  while (reader.more()) reader.skip(der_tag::sequence);  // spec: T-026
  reader.leave(list);
  static_cast<void>(reader.skip_optional(der_tag::sequence));  // spec: T-026
  reader.leave(end);
}

/// The attributes that count, by the last arc of their OBJECT IDENTIFIER under 1.2.840.113549.1.9.
namespace signed_attribute {
constexpr unsigned content_type = 3, message_digest = 4, signing_time = 5,
                   signing_certificate_v2 = 47;  // 16.2.47
}  // namespace signed_attribute

/// 0 for every other attribute.
inline unsigned find_signed_attribute(bytes id) noexcept {
  constexpr std::size_t arc = 8;
  if (id.size() <= arc || std::memcmp(id.data(), timestamp_info_id, arc) != 0) return 0;
  if (id.size() == arc + 1) return id[arc] <= signed_attribute::signing_time ? id[arc] : 0U;
  const bool is_v2 = id.size() == arc + 3 && id[arc] == 16 && id[arc + 1] == 2 && id[arc + 2] == 47;
  return is_v2 ? signed_attribute::signing_certificate_v2 : 0;
}

/// Takes note of the value of attribute `kind`.
inline void read_attribute_value(der_reader& reader, unsigned kind, timestamp_token& out) noexcept {
  switch (kind) {
    case signed_attribute::content_type:
      if (!equal(reader.read_oid(), timestamp_info_id)) {
        reader.fail(errc::timestamp_attribute_type);  // spec: T-021
      }
      break;
    case signed_attribute::message_digest:
      out.message_digest = reader.read(der_tag::octet_string);
      break;
    case signed_attribute::signing_time:
      out.has_signing_time = true;
      out.signing_time = reader.read_time();
      break;
    case signed_attribute::signing_certificate_v2: read_certificate_id(reader, out); break;
    default: static_cast<void>(reader.read_rest()); break;
  }
}

/// Attribute ::= SEQUENCE { attrType OBJECT IDENTIFIER, attrValues SET OF ANY }
/// `seen` has a bit for each attribute that counts.
inline void read_attribute(der_reader& reader, unsigned& seen, timestamp_token& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  const unsigned kind = find_signed_attribute(reader.read_oid());
  const unsigned bit = 1U << kind % 32U & ~1U;
  const der_reader::outer_end values = reader.enter(der_tag::set);
  // spec: T-021
  if (!reader.more() || (seen & bit) != 0) reader.fail(errc::timestamp_attribute_values);
  seen |= bit;
  read_attribute_value(reader, kind, out);
  if (reader.more()) reader.fail(errc::timestamp_attribute_values);  // spec: T-021
  reader.leave(values);
  reader.leave(end);
}

/// SignedAttributes ::= SET SIZE (1..MAX) OF Attribute, in the order of their encodings, here [0]
/// IMPLICIT
[[nodiscard]] inline errc parse_signed_attributes(timestamp_token& out) noexcept {
  der_reader reader{out.attributes};
  const der_reader::outer_end end = reader.enter(der_tag::context_constructed(0));
  bytes before;
  unsigned seen = 0;
  for (std::size_t count = 0; reader.more(); ++count) {
    if (count == max_signed_attributes)
      reader.fail(errc::timestamp_attribute_count);  // spec: G-003
    const std::uint8_t* const start = reader.rest().data();
    read_attribute(reader, seen, out);
    if (reader.failed()) break;
    // No element begins with the whole of another one.
    const bytes attribute = reader.since(start);
    const std::size_t common = before.first(attribute.size()).size();
    if (common != 0 && std::memcmp(before.data(), attribute.data(), common) >= 0) {
      reader.fail(errc::timestamp_attribute_order);  // spec: T-022
    }
    before = attribute;
  }
  reader.leave(end);
  NV2_TRY(finish_as(reader, errc::timestamp_encoding));
  constexpr unsigned needed =
      1U << signed_attribute::content_type | 1U << signed_attribute::message_digest;
  if ((seen & needed) != needed) return errc::timestamp_attributes;  // spec: T-021
  constexpr unsigned v2 = 1U << signed_attribute::signing_certificate_v2 % 32U;
  return (seen & v2) != 0 ? errc::ok : errc::timestamp_certificate_id;  // spec: T-023
}

/// An AlgorithmIdentifier of a signature; rsaEncryption leaves the hash to `digest`.
inline signature_algorithm read_cms_algorithm(der_reader& reader, hash_algorithm digest) noexcept {
  der_reader ahead = reader;
  const known id = find_known(ahead.read(der_tag::sequence));
  if (id == known::rsa_encryption || id == known::rsa_encryption_without_null) {
    reader = ahead;
    return {signature_scheme::rsa_pkcs1, digest};
  }
  return read_signature_algorithm(reader);
}

/// SignerInfo ::= SEQUENCE {
///   version INTEGER, sid SignerIdentifier, digestAlgorithm AlgorithmIdentifier,
///   signedAttrs [0] IMPLICIT SignedAttributes OPTIONAL, signatureAlgorithm AlgorithmIdentifier,
///   signature OCTET STRING, unsignedAttrs [1] IMPLICIT UnsignedAttributes OPTIONAL }
/// SignerIdentifier ::= CHOICE {
///   issuerAndSerialNumber SEQUENCE { issuer Name, serialNumber INTEGER },
///   subjectKeyIdentifier [0] OCTET STRING }
inline void read_signer_info(der_reader& reader, timestamp_token& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  if (reader.read_small() != 1 || !reader.next_is(der_tag::sequence)) {
    reader.fail(errc::timestamp_signer_version);  // spec: T-020
  }
  const der_reader::outer_end sid = reader.enter(der_tag::sequence);
  out.issuer = reader.read_element(der_tag::sequence);
  out.serial = reader.read_integer();
  reader.leave(sid);
  const hash_algorithm digest = read_sha2(reader);
  constexpr std::uint8_t signed_attributes = der_tag::context_constructed(0);
  // spec: T-021
  if (!reader.next_is(signed_attributes)) reader.fail(errc::timestamp_attributes);
  out.attributes = reader.read_element(signed_attributes);
  out.algorithm = read_cms_algorithm(reader, digest);
  out.signature = reader.read(der_tag::octet_string);
  static_cast<void>(reader.skip_optional(der_tag::context_constructed(1)));  // spec: T-008
  reader.leave(end);
  const bool known = digest != hash_algorithm::none && out.algorithm.hash == digest;
  if (!known) reader.fail(errc::timestamp_algorithm);  // spec: T-027
}

/// EncapsulatedContentInfo ::= SEQUENCE {
///   eContentType OBJECT IDENTIFIER, eContent [0] EXPLICIT OCTET STRING OPTIONAL }
inline void read_content(der_reader& reader, timestamp_token& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  const bool is_info = equal(reader.read_oid(), timestamp_info_id);
  constexpr std::uint8_t content = der_tag::context_constructed(0);
  if (!is_info || !reader.next_is(content)) reader.fail(errc::timestamp_content);  // spec: T-004
  const der_reader::outer_end outer = reader.enter(content);
  if (!reader.next_is(der_tag::octet_string)) reader.fail(errc::timestamp_content);  // spec: T-004
  out.content = reader.read(der_tag::octet_string);
  reader.leave(outer);
  reader.leave(end);
}

/// CertificateSet ::= SET OF CertificateChoices, of which certificate is the one without a tag of
/// its own
[[nodiscard]] inline errc count_certificates(timestamp_token& out) noexcept {
  der_reader reader{out.certificates};
  for (; reader.more(); ++out.certificate_count) {
    if (out.certificate_count == max_token_certificates) {
      return errc::timestamp_certificate_count;  // spec: G-003
    }
    reader.skip(der_tag::sequence);
  }
  if (reader.failed()) return errc::timestamp_certificate;                         // spec: T-005
  return out.certificate_count == 0 ? errc::timestamp_no_certificates : errc::ok;  // spec: T-005
}

/// SignedData ::= SEQUENCE {
///   version INTEGER, digestAlgorithms SET OF AlgorithmIdentifier,
///   encapContentInfo EncapsulatedContentInfo, certificates [0] IMPLICIT CertificateSet OPTIONAL,
///   crls [1] IMPLICIT RevocationInfoChoices OPTIONAL, signerInfos SET OF SignerInfo }
inline void read_signed_data(der_reader& reader, compat leniency, timestamp_token& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  if (reader.read_small() != 3) reader.fail(errc::timestamp_version);  // spec: T-003
  reader.skip(der_tag::set);                                           // spec: T-008
  read_content(reader, out);
  static_cast<void>(reader.read_optional(der_tag::context_constructed(0), out.certificates));
  const bool has_lists = reader.skip_optional(der_tag::context_constructed(1));
  if (has_lists && !has(leniency, compat::ts_allow_crls)) {
    reader.fail(errc::timestamp_crls);  // spec: T-006
  }
  const der_reader::outer_end signers = reader.enter(der_tag::set);
  if (!reader.more()) reader.fail(errc::timestamp_signers);  // spec: T-007
  read_signer_info(reader, out);
  if (reader.more()) reader.fail(errc::timestamp_signers);  // spec: T-007
  reader.leave(signers);
  reader.leave(end);
}

/// ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT SignedData }
[[nodiscard]] inline errc parse_content_info(bytes der, compat leniency,
                                             timestamp_token& out) noexcept {
  der_reader reader{der};
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  if (!equal(reader.read_oid(), signed_data_id)) {
    reader.fail(errc::timestamp_not_signed);  // spec: T-002
  }
  const der_reader::outer_end content = reader.enter(der_tag::context_constructed(0));
  read_signed_data(reader, leniency, out);
  reader.leave(content);
  reader.leave(end);
  NV2_TRY(finish_as(reader, errc::timestamp_encoding));  // spec: T-002
  NV2_TRY(count_certificates(out));
  NV2_TRY(parse_signed_attributes(out));
  return parse_timestamp_info(out.content, out.info);
}

}  // namespace detail

/// Parses exactly one token, without looking into its certificates. `out` holds a token after
/// errc::ok and nothing after an error. Linear in the size of `der`.
/// Errors: those of class timestamp; timestamp_encoding for whatever is no DER in the message, and
/// timestamp_info for the same in the statement.
[[nodiscard]] inline errc parse_timestamp_token(bytes der, compat leniency,
                                                timestamp_token& out) noexcept {
  out = {};
  if (der.empty()) return errc::timestamp_absent;  // spec: T-001
  const errc code = detail::parse_content_info(der, leniency, out);
  if (code != errc::ok) out = {};
  return code;
}

NV2_NAMESPACE_END

#endif  // NV2_TRUST_TIMESTAMP_TOKEN_HPP
