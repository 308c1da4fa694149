// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// X.509 certificates as views into their DER (RFC 5280 section 4.1).
// Does: check the form of all that any decision looks at, and refuse what contradicts itself.
// Does not: decide. Validity, trust, purpose, key size and critical extensions are for others.
// The caller must: keep the DER alive as long as the certificate made from it is used.
#ifndef NV2_X509_CERTIFICATE_HPP
#define NV2_X509_CERTIFICATE_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

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

/// Does what `out = {}` says, in a few bytes of code.
inline void clear(certificate& out) noexcept {
  static_assert(std::is_trivially_copyable_v<certificate>);
  std::memset(static_cast<void*>(&out), 0, sizeof out);
  out.path_length = -1;
}

/// BasicConstraints ::= SEQUENCE {
///   cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }
inline void read_basic_constraints(der_reader& reader, certificate& out) noexcept {
  const der_reader::outer_end outer = reader.enter(der_tag::sequence);
  out.is_ca = reader.read_flag();
  if (reader.more()) {
    const std::uint32_t limit = reader.read_small();
    out.path_length = static_cast<std::int16_t>(limit < 32767 ? limit : 32767);
    if (!out.is_ca) out.path_length = -1;  // nothing to limit: it may not issue
  }
  reader.leave(outer);
}

/// KeyUsage ::= BIT STRING { digitalSignature (0), ..., decipherOnly (8) }
/// One or two bytes after the number of unused bits; at least one bit is set (RFC 5280 4.2.1.3).
/// spec-exception: X-001 zero bits at the end are accepted, as real CA certificates have them.
inline void read_key_usage(der_reader& reader, certificate& out) noexcept {
  const bytes contents = reader.read(der_tag::bit_string);
  unsigned usage = 0;
  if (contents.size() == 2 || contents.size() == 3) {
    const unsigned last = contents.end()[-1];
    if (contents[0] < 8 && (last & ((1U << contents[0]) - 1)) == 0) {
      usage = contents.size() == 3 ? last / 0x80 << 8 : 0;
      for (unsigned i = 0; i < 8; ++i) usage |= (unsigned{contents[1]} << i & 0x80U) >> 7U << i;
    }
  }
  if (usage == 0) reader.fail(errc::extension_malformed);  // spec: X-010
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

/// Takes note of extension `id` whose value `reader` stands in.
inline void read_extension_value(der_reader& reader, known id, bool critical,
                                 certificate& out) noexcept {
  const bytes value = reader.rest();
  switch (id) {
    case known::key_usage:
      out.has_key_usage = true;
      out.key_usage_critical = critical;
      return read_key_usage(reader, out);
    case known::subject_alt_name:
      out.has_subject_alt_name = true;
      out.subject_alt_name = value;
      return skip_general_names(reader);
    case known::basic_constraints:
      out.has_basic_constraints = true;
      out.basic_constraints_critical = critical;
      return read_basic_constraints(reader, out);
    case known::ext_key_usage:
      out.has_ext_key_usage = true;
      out.ext_key_usage_critical = critical;
      out.ext_key_usage = value;
      return skip_ext_key_usage(reader);
    case known::name_constraints:
      out.name_constraints = value;
      out.name_constraints_critical = critical;
      break;
    case known::crl_distribution_points:
      out.crl_distribution_points = value;
      out.has_unknown_critical |= critical;
      break;
    case known::authority_info_access:
      out.authority_info_access = value;
      out.has_unknown_critical |= critical;
      break;
    case known::freshest_crl:
      out.has_freshest_crl = true;
      out.has_unknown_critical |= critical;
      break;
    default: out.has_unknown_critical |= critical; break;
  }
  static_cast<void>(reader.read_rest());
}

/// Whether one of `extensions` begins with `id`, which is an OBJECT IDENTIFIER element.
inline bool has_extension(bytes extensions, bytes id) noexcept {
  der_reader reader{extensions};
  while (reader.more()) {
    // `id` lies behind in the same certificate, so that as many bytes are there to compare.
    if (std::memcmp(reader.read(der_tag::sequence).data(), id.data(), id.size()) == 0) return true;
  }
  return false;
}

/// Extension ::= SEQUENCE {
///   extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
/// Returns the extnID as a whole element.
inline bytes read_extension(der_reader& reader, certificate& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  const std::uint8_t* const start = reader.rest().data();
  const known id = find_known(reader.read_oid());
  const bytes element = reader.since(start);
  const bool critical = reader.read_flag();
  const der_reader::outer_end value = reader.enter(der_tag::octet_string);
  read_extension_value(reader, id, critical, out);
  reader.leave(value);
  reader.leave(end);
  return element;
}

/// Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension
/// spec-exception: X-001 an empty list means nothing and is seen in real certificates: accepted.
inline void read_extensions(der_reader& reader, certificate& out) noexcept {
  const der_reader::outer_end outer = reader.enter(der_tag::sequence);
  const std::uint8_t* const start = reader.rest().data();
  // One bit for the last byte of each OID seen: most lists need no closer look for duplicates.
  std::uint32_t seen = 0;
  for (unsigned count = 0; reader.more(); ++count) {
    if (count == max_extensions) reader.fail(errc::extension_count);  // spec: G-003
    const std::uint8_t* const here = reader.rest().data();
    const bytes id = read_extension(reader, out);
    if (reader.failed()) break;
    const std::uint32_t mark = 1U << (id.end()[-1] % 32U);
    // spec: X-005
    if ((seen & mark) != 0 && has_extension({start, static_cast<std::size_t>(here - start)}, id)) {
      reader.fail(errc::extension_duplicate);
    }
    seen |= mark;
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
  if (number - 1 > 1) reader.fail(errc::certificate_version);  // spec: X-002
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

/// Reads a name that is `known` again, byte for byte; else reads nothing, returns false. What is known
/// was found good, and need not be looked at once more.
inline bool skip_name(der_reader& reader, const bytes& known_name, bytes& out) noexcept {
  out = reader.rest().first(known_name.size());
  if (known_name.empty() || !equal(out, known_name)) return false;
  reader.skip(der_tag::sequence);
  return true;
}

/// TBSCertificate ::= SEQUENCE {
///   version [0] EXPLICIT Version DEFAULT v1, serialNumber CertificateSerialNumber,
///   signature AlgorithmIdentifier, issuer Name,
///   validity SEQUENCE { notBefore Time, notAfter Time },
///   subject Name, subjectPublicKeyInfo SubjectPublicKeyInfo,
///   issuerUniqueID [1] IMPLICIT BIT STRING OPTIONAL, -- v2, v3
///   subjectUniqueID [2] IMPLICIT BIT STRING OPTIONAL, -- v2, v3
///   extensions [3] EXPLICIT Extensions OPTIONAL -- v3 }
/// Returns where `signature` begins.
inline const std::uint8_t* read_tbs(der_reader& reader, const bytes& known_name,
                                    certificate& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  read_version(reader, out);
  read_serial(reader, out);
  const std::uint8_t* const algorithm = reader.rest().data();
  reader.skip(der_tag::sequence);
  if (!skip_name(reader, known_name, out.issuer)) read_name(reader, out.issuer);
  const der_reader::outer_end validity = reader.enter(der_tag::sequence);
  out.not_before = reader.read_time();
  out.not_after = reader.read_time();
  reader.leave(validity);
  if (!skip_name(reader, out.issuer, out.subject) && !skip_name(reader, known_name, out.subject)) {
    read_name(reader, out.subject);
  }
  const std::uint8_t* const start = reader.rest().data();
  read_public_key(reader, out.key);
  out.spki = reader.since(start);
  std::uint8_t needed = 1;
  if (reader.skip_optional(der_tag::context(1))) needed = 2;
  if (reader.skip_optional(der_tag::context(2))) needed = 2;
  if (reader.next_is(der_tag::context_constructed(3))) {
    needed = 3;
    const der_reader::outer_end outer = reader.enter(der_tag::context_constructed(3));
    read_extensions(reader, out);
    reader.leave(outer);
  }
  if (out.version < needed) reader.fail(errc::certificate_version);  // spec: X-002
  reader.leave(end);
  return algorithm;
}

}  // namespace detail

/// Parses exactly one certificate. // spec
/// `out` holds a certificate after errc::ok and nothing after an error. Costs time linear in the
/// size of `der` but for at most 32 extensions compared with each other, and no signature check;
/// about 300 bytes of stack on Cortex-M4. `known_name` may be a name of another certificate that was
/// parsed, and then costs less to be read again; the issuer of the one before is often met twice.
//
//   Certificate ::= SEQUENCE {
//     tbsCertificate TBSCertificate, signatureAlgorithm AlgorithmIdentifier, signature BIT STRING }
[[nodiscard]] inline errc parse_certificate(const bytes& der, certificate& out,
                                            const bytes& known_name = {}) noexcept {
  detail::clear(out);
  der_reader reader{der};
  out.der = der;
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  const std::uint8_t* start = reader.rest().data();
  const std::uint8_t* const inner = detail::read_tbs(reader, known_name, out);
  out.tbs = reader.since(start);
  start = reader.rest().data();
  out.signed_with = read_signature_algorithm(reader);
  // The inner one lies before: as many bytes are there, and the same header means the same length.
  // spec: X-004
  if (!reader.failed() && std::memcmp(inner, start, reader.since(start).size()) != 0) {
    reader.fail(errc::certificate_algorithms);
  }
  const der_reader::outer_end signature = reader.enter_bit_string();
  out.signature = reader.read_rest();
  reader.leave(signature);
  reader.leave(end);
  const errc code = reader.finish();
  if (code != errc::ok) detail::clear(out);
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

/// Lists the extensions of a parsed certificate in their order, for tools and policies.
//
//   Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension
//   Extension ::= SEQUENCE {
//     extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
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
    const der_reader::outer_end outer = reader_.enter(der_tag::sequence);
    out.id = reader_.read_oid();
    out.critical = reader_.read_flag();
    out.value = reader_.read(der_tag::octet_string);
    reader_.leave(outer);
    return !reader_.failed();
  }

 private:
  der_reader reader_;
};

NV2_NAMESPACE_END

#endif  // NV2_X509_CERTIFICATE_HPP
