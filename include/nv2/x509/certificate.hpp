// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// X.509 certificates as views into their DER (RFC 5280 section 4.1).
// Does: check the form of everything that any decision looks at, and refuse what contradicts itself.
// Does not: decide. Validity, trust, purpose, key size and critical extensions are judged elsewhere.
// The caller must: keep the DER alive as long as the certificate made from it is used.
#ifndef NV2_X509_CERTIFICATE_HPP
#define NV2_X509_CERTIFICATE_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/x509/extension.hpp>
#include <nv2/x509/key.hpp>
#include <nv2/x509/name.hpp>

NV2_NAMESPACE_BEGIN

/// Limits of parse_certificate(). // spec: G-003 X-003
constexpr std::size_t max_extensions = 32;
constexpr std::size_t max_serial_size = 32;

/// A parsed certificate. Every view lies in its DER; an empty view means "absent" for extensions.
struct certificate {
  /// The whole certificate, and the part of it that is signed, each a whole element.
  bytes der, tbs;
  /// Contents of the serial number, never negative.
  bytes serial;
  /// Names and key, each a whole element.
  bytes issuer, subject, spki;
  /// The signature bits.
  bytes signature;
  public_key key;
  /// Values of extensions, as they lie in the OCTET STRING. The first two are well-formed.
  bytes subject_alt_name, ext_key_usage, name_constraints, authority_info_access,
      crl_distribution_points;
  /// Both ends belong to the validity.
  unix_time not_before = 0, not_after = 0;
  /// Bits of namespace key_usage; 0 when absent.
  std::uint16_t key_usage = 0;
  /// CA certificates allowed below this one, -1 for no limit. Larger limits are cut to 32767.
  std::int16_t path_length = -1;
  /// Scheme none when it is not one of X-011.
  signature_algorithm signed_with;
  /// 1 to 3.
  std::uint8_t version = 0;
  bool has_basic_constraints = false, basic_constraints_critical = false, is_ca = false;
  bool has_key_usage = false, key_usage_critical = false;
  bool has_ext_key_usage = false, ext_key_usage_critical = false;
  bool has_subject_alt_name = false;
  bool name_constraints_critical = false;
  bool has_freshest_crl = false;
  /// A critical extension other than basicConstraints, keyUsage, extKeyUsage, subjectAltName and
  /// nameConstraints is there.
  bool has_unknown_critical = false;
};

namespace detail {

/// BasicConstraints ::= SEQUENCE {
///   cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }
inline void read_basic_constraints(der_reader& reader, certificate& out) noexcept {
  const der_reader::outer_end outer = reader.enter(der_tag::sequence);
  out.is_ca = reader.read_flag();
  if (reader.more()) {
    const std::uint32_t limit = reader.read_small();
    out.path_length = static_cast<std::int16_t>(limit < 32767 ? limit : 32767);
    if (!out.is_ca) reader.fail(errc::extension_malformed);  // spec: X-010
  }
  reader.leave(outer);
}

/// KeyUsage ::= BIT STRING { digitalSignature (0), ..., decipherOnly (8) }
/// A list of named bits ends with the last bit that is set, and one must be (RFC 5280 4.2.1.3).
inline void read_key_usage(der_reader& reader, certificate& out) noexcept {
  std::uint8_t unused = 0;
  const bytes bits = reader.read_bit_string(unused);
  if (bits.empty() || bits.size() > 2 || ((bits[bits.size() - 1] >> unused) & 1) == 0) {
    reader.fail(errc::extension_malformed);  // spec: X-010
    return;
  }
  unsigned left = bits[0] * 256U + (bits.size() > 1 ? bits[1] : 0U);
  unsigned usage = 0;
  for (unsigned bit = 1; left != 0; bit <<= 1U, left = (left << 1U) & 0xFFFF) {
    if ((left & 0x8000) != 0) usage |= bit;
  }
  out.key_usage = static_cast<std::uint16_t>(usage);
}

/// ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER
inline void skip_ext_key_usage(der_reader& reader) noexcept {
  const der_reader::outer_end outer = reader.enter(der_tag::sequence);
  do {
    static_cast<void>(reader.read_oid());
  } while (reader.more());
  reader.leave(outer);
}

/// Takes note of an extension of those under 2.5.29.
inline errc note_standard_extension(const extension& e, certificate& out) noexcept {
  der_reader reader{e.value};
  switch (e.id[2]) {
    case 15:
      out.has_key_usage = true;
      out.key_usage_critical = e.critical;
      read_key_usage(reader, out);
      break;
    case 17:
      out.has_subject_alt_name = true;
      out.subject_alt_name = e.value;
      skip_general_names(reader);
      break;
    case 19:
      out.has_basic_constraints = true;
      out.basic_constraints_critical = e.critical;
      read_basic_constraints(reader, out);
      break;
    case 37:
      out.has_ext_key_usage = true;
      out.ext_key_usage_critical = e.critical;
      out.ext_key_usage = e.value;
      skip_ext_key_usage(reader);
      break;
    case 30:
      out.name_constraints = e.value;
      out.name_constraints_critical = e.critical;
      return errc::ok;
    case 31:
      out.crl_distribution_points = e.value;
      out.has_unknown_critical |= e.critical;
      return errc::ok;
    case 46:
      out.has_freshest_crl = true;
      out.has_unknown_critical |= e.critical;
      return errc::ok;
    default:
      out.has_unknown_critical |= e.critical;
      return errc::ok;
  }
  return reader.finish();
}

inline errc note_extension(const extension& e, certificate& out) noexcept {
  if (e.id.size() == 3 && equal(e.id.first(2), oid::certificate_extension)) {
    return note_standard_extension(e, out);
  }
  if (equal(e.id, oid::authority_info_access)) out.authority_info_access = e.value;
  out.has_unknown_critical |= e.critical;
  return errc::ok;
}

/// Whether `list` has an extension `id` before the one that lies at `id`.
inline bool is_repeated(bytes list, bytes id) noexcept {
  der_reader reader{list};
  while (reader.more()) {
    const bytes other = read_extension(reader).id;
    if (other.data() == id.data()) return false;
    if (equal(other, id)) return true;
  }
  return false;
}

/// Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension
inline void read_extensions(der_reader& reader, certificate& out) noexcept {
  const der_reader::outer_end outer = reader.enter(der_tag::sequence);
  const bytes list = reader.rest();
  if (!reader.more()) reader.fail(errc::extension_malformed);  // spec: X-010
  // One bit for the last byte of each OID seen: most lists need no closer look for duplicates.
  std::uint32_t seen = 0;
  for (std::size_t count = 0; reader.more(); ++count) {
    if (count == max_extensions) reader.fail(errc::extension_count);  // spec: G-003
    const extension e = read_extension(reader);
    if (reader.error() != errc::ok) break;
    const std::uint32_t mark = std::uint32_t{1} << (e.id[e.id.size() - 1] & 31U);
    if ((seen & mark) != 0 && is_repeated(list, e.id)) reader.fail(errc::extension_duplicate);
    seen |= mark;
    if (const errc code = note_extension(e, out); code != errc::ok) reader.fail(code);
  }
  reader.leave(outer);
}

/// Version ::= INTEGER { v1(0), v2(1), v3(2) }, absent for v1
inline void read_version(der_reader& reader, certificate& out) noexcept {
  out.version = 1;
  if (!reader.next_is(der_tag::context_constructed(0))) return;
  const der_reader::outer_end outer = reader.enter(der_tag::context_constructed(0));
  const std::uint32_t number = reader.read_small();
  reader.leave(outer);
  if (number != 1 && number != 2) reader.fail(errc::certificate_version);  // spec: X-002
  out.version = static_cast<std::uint8_t>(number + 1);
}

/// CertificateSerialNumber ::= INTEGER
inline void read_serial(der_reader& reader, certificate& out) noexcept {
  out.serial = reader.read_integer();
  if (out.serial.size() > max_serial_size) {
    reader.fail(errc::certificate_serial_length);  // spec: X-003
  } else if (!out.serial.empty() && out.serial[0] >= 0x80) {
    reader.fail(errc::certificate_serial);  // spec: X-003
  }
}

/// TBSCertificate ::= SEQUENCE {
///   version [0] EXPLICIT Version DEFAULT v1, serialNumber CertificateSerialNumber,
///   signature AlgorithmIdentifier, issuer Name,
///   validity SEQUENCE { notBefore Time, notAfter Time },
///   subject Name, subjectPublicKeyInfo SubjectPublicKeyInfo,
///   issuerUniqueID [1] IMPLICIT BIT STRING OPTIONAL, -- v2, v3
///   subjectUniqueID [2] IMPLICIT BIT STRING OPTIONAL, -- v2, v3
///   extensions [3] EXPLICIT Extensions OPTIONAL -- v3 }
inline bytes read_tbs(der_reader& reader, certificate& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  read_version(reader, out);
  read_serial(reader, out);
  const bytes algorithm = reader.read_element(der_tag::sequence);
  out.issuer = reader.read_element(der_tag::sequence);
  const der_reader::outer_end validity = reader.enter(der_tag::sequence);
  out.not_before = reader.read_time();
  out.not_after = reader.read_time();
  reader.leave(validity);
  out.subject = reader.read_element(der_tag::sequence);
  out.spki = reader.read_element(der_tag::sequence);
  bool is_v2 = false, is_v3 = false;
  for (unsigned number = 1; number < 3; ++number) {
    bytes unique_id;
    if (reader.read_optional(der_tag::context(number), unique_id)) is_v2 = true;
  }
  if (reader.next_is(der_tag::context_constructed(3))) {
    is_v3 = true;
    const der_reader::outer_end outer = reader.enter(der_tag::context_constructed(3));
    read_extensions(reader, out);
    reader.leave(outer);
  }
  // spec: X-002
  if (is_v3 ? out.version < 3 : is_v2 && out.version < 2) reader.fail(errc::certificate_version);
  reader.leave(end);
  return algorithm;
}

/// Certificate ::= SEQUENCE {
///   tbsCertificate TBSCertificate, signatureAlgorithm AlgorithmIdentifier, signature BIT STRING }
inline errc parse_certificate(bytes der, certificate& out) noexcept {
  der_reader reader{der};
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  const bytes contents = reader.rest();
  const bytes inner_algorithm = read_tbs(reader, out);
  out.der = der;
  out.tbs = contents.first(contents.size() - reader.rest().size());
  const bytes algorithm = reader.read_element(der_tag::sequence);
  const der_reader::outer_end signature = reader.enter_bit_string();
  out.signature = reader.read_rest();
  reader.leave(signature);
  reader.leave(end);
  NV2_TRY(reader.finish());
  if (!equal(inner_algorithm, algorithm)) return errc::certificate_algorithms;  // spec: X-004
  NV2_TRY(check_name(out.issuer));
  NV2_TRY(check_name(out.subject));
  NV2_TRY(parse_public_key(out.spki, out.key));
  return parse_signature_algorithm(algorithm, out.signed_with);
}

}  // namespace detail

/// Parses exactly one certificate. // spec
/// `out` holds a certificate after errc::ok and nothing after an error. Linear in the size of `der`,
/// no signature check.
[[nodiscard]] inline errc parse_certificate(bytes der, certificate& out) noexcept {
  out = {};
  const errc code = detail::parse_certificate(der, out);
  if (code != errc::ok) out = {};
  return code;
}

/// Whether the extKeyUsage of `cert` lists the purpose `id` (namespace oid). False without one.
[[nodiscard]] inline bool has_purpose(const certificate& cert, bytes id) noexcept {
  der_reader reader{cert.ext_key_usage};
  static_cast<void>(reader.enter(der_tag::sequence));
  while (reader.more()) {
    if (equal(reader.read_oid(), id)) return true;
  }
  return false;
}

/// Lists the extensions of a parsed certificate in their order.
class extension_reader {
 public:
  explicit extension_reader(const certificate& cert) noexcept : reader_(cert.tbs) {
    constexpr std::uint8_t extensions = der_tag::context_constructed(3);
    static_cast<void>(reader_.enter(der_tag::sequence));
    while (reader_.more() && !reader_.next_is(extensions)) reader_.skip_any();
    static_cast<void>(reader_.enter(extensions));
    static_cast<void>(reader_.enter(der_tag::sequence));
  }
  /// The next extension, false at the end.
  bool next(extension& out) noexcept {
    if (!reader_.more()) return false;
    out = read_extension(reader_);
    return reader_.error() == errc::ok;
  }

 private:
  der_reader reader_;
};

NV2_NAMESPACE_END

#endif  // NV2_X509_CERTIFICATE_HPP
