// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Certificate revocation lists as views into their DER (RFC 5280 section 5), and the places that
// certificates name for them.
// Does: check the form of all that any decision looks at, and list entries and places.
// Does not: decide, verify a signature, or know whether a list is current.
// The caller must: keep the DER alive as long as anything made from it is used.
#ifndef NV2_X509_CRL_HPP
#define NV2_X509_CRL_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/x509/extension.hpp>
#include <nv2/x509/key.hpp>
#include <nv2/x509/oid.hpp>

NV2_NAMESPACE_BEGIN

/// What a list is limited to: bits of certificate_list::scope, numbered as the fields of
/// IssuingDistributionPoint are.
namespace list_scope {
constexpr std::uint8_t users = 1 << 1, authorities = 1 << 2, some_reasons = 1 << 3,
                       indirect = 1 << 4, attributes = 1 << 5;
}  // namespace list_scope

/// A parsed list. Every view lies in its DER; a view without data means "absent".
struct certificate_list {
  /// The part that is signed, and the name of who signed it, each a whole element.
  bytes tbs, issuer;
  /// The signature bits.
  bytes signature;
  /// The entries one after the other, for revoked_reader.
  bytes entries;
  /// The number of the list, and of the list that it has the changes to when it is a delta:
  /// big-endian, without leading zeros.
  bytes number, base_number;
  /// The value of the extension issuingDistributionPoint, and of it the DistributionPointName.
  bytes issuing_point, point_name;
  unix_time this_update = 0, next_update = 0;
  /// Scheme none when it is not one of X-011.
  signature_algorithm signed_with;
  /// Bits of namespace list_scope; 0 for a list of everything.
  std::uint8_t scope = 0;
  bool has_next_update = false;
  bool has_freshest_crl = false;
  /// A critical extension is there that no field above tells of.
  bool has_unknown_critical = false;

  bool is_delta() const noexcept { return base_number.data() != nullptr; }
};

/// The reasons that can be taken back, of the CRLReasons 0 to 10.
namespace crl_reason {
constexpr std::int8_t none = -1, hold = 6, remove = 8;
}  // namespace crl_reason

/// An entry of a list: contents of the serial number, and all that follows it, not looked at.
struct revoked_certificate {
  bytes serial, details;
};

/// What an entry says besides the serial number.
struct revoked_details {
  unix_time date = 0;
  /// From then on the key was not good any more.
  unix_time invalidity_date = 0;
  bool has_invalidity_date = false;
  /// CRLReason, whether listed there or not, crl_reason::none without one.
  std::int8_t reason = crl_reason::none;
  /// A critical extension other than invalidityDate is there.
  bool has_other_critical = false;
};

namespace detail {

/// Extension ::= SEQUENCE {
///   extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
inline extension next_extension(der_reader& reader) noexcept {
  extension out;
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  out.id = reader.read_oid();
  out.critical = reader.read_flag();
  out.value = reader.read(der_tag::octet_string);
  reader.leave(end);
  return out;
}

/// IssuingDistributionPoint ::= SEQUENCE {
///   distributionPoint [0] DistributionPointName OPTIONAL,
///   onlyContainsUserCerts [1] BOOLEAN DEFAULT FALSE,
///   onlyContainsCACerts [2] BOOLEAN DEFAULT FALSE,
///   onlySomeReasons [3] ReasonFlags OPTIONAL,
///   indirectCRL [4] BOOLEAN DEFAULT FALSE,
///   onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE } -- never empty
inline void read_issuing_point(der_reader& reader, certificate_list& out) noexcept {
  if (out.issuing_point.data() != nullptr) reader.fail(errc::extension_duplicate);  // spec: X-005
  out.issuing_point = reader.rest();
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  if (!reader.more()) reader.fail(errc::extension_malformed);  // spec: R-016
  reader.read_optional(der_tag::context_constructed(0), out.point_name);
  constexpr unsigned reasons = 3, last = 5;
  for (unsigned number = 1; number <= last; ++number) {
    bytes value;
    if (!reader.read_optional(der_tag::context(number), value)) continue;
    const bool is_true = value.size() == 1 && value[0] == 0xFF;
    if (number != reasons && !is_true) reader.fail(errc::der_boolean);  // spec: X-001
    out.scope = static_cast<std::uint8_t>(out.scope | 1U << number);
  }
  reader.leave(end);
}

/// CRLNumber ::= INTEGER (0..MAX)
/// BaseCRLNumber ::= CRLNumber
inline void read_list_number(der_reader& reader, bytes& out) noexcept {
  if (out.data() != nullptr) reader.fail(errc::extension_duplicate);  // spec: X-005
  out = reader.read_unsigned();
}

/// Takes note of one of the extensions of a list.
inline void read_list_extension(der_reader& reader, certificate_list& out) noexcept {
  const extension found = next_extension(reader);
  der_reader value{found.value};
  switch (find_known(found.id)) {
    case known::crl_number: read_list_number(value, out.number); break;
    case known::delta_crl_indicator: read_list_number(value, out.base_number); break;
    case known::issuing_distribution_point: read_issuing_point(value, out); break;
    case known::freshest_crl: out.has_freshest_crl = true; return;
    default: out.has_unknown_critical |= found.critical; return;
  }
  const errc code = value.finish();
  if (code != errc::ok) reader.fail(code);
}

/// Time ::= CHOICE { utcTime UTCTime, generalTime GeneralizedTime }
inline bool next_is_time(const der_reader& reader) noexcept {
  return reader.next_is(der_tag::utc_time) || reader.next_is(der_tag::generalized_time);
}

/// TBSCertList ::= SEQUENCE {
///   version Version, -- always there and v2(1)
///   signature AlgorithmIdentifier, issuer Name, thisUpdate Time, nextUpdate Time OPTIONAL,
///   revokedCertificates SEQUENCE OF SEQUENCE {
///     userCertificate CertificateSerialNumber, revocationDate Time,
///     crlEntryExtensions Extensions OPTIONAL } OPTIONAL,
///   crlExtensions [0] EXPLICIT Extensions OPTIONAL }
/// Returns where `signature` begins.
/// spec-exception: R-010 a list of no revoked certificates may be spelled out, as real ones do.
inline const std::uint8_t* read_list_tbs(der_reader& reader, certificate_list& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  // spec: R-010
  if (!reader.next_is(der_tag::integer) || reader.read_small() != 1) {
    reader.fail(errc::crl_version);
  }
  const std::uint8_t* const algorithm = reader.rest().data();
  reader.skip(der_tag::sequence);
  out.issuer = reader.read_element(der_tag::sequence);
  out.this_update = reader.read_time();
  out.has_next_update = next_is_time(reader);
  if (out.has_next_update) out.next_update = reader.read_time();
  reader.read_optional(der_tag::sequence, out.entries);
  if (reader.next_is(der_tag::context_constructed(0))) {
    const der_reader::outer_end outer = reader.enter(der_tag::context_constructed(0));
    const der_reader::outer_end list = reader.enter(der_tag::sequence);
    do {
      read_list_extension(reader, out);
    } while (reader.more());
    reader.leave(list);
    reader.leave(outer);
  }
  reader.leave(end);
  return algorithm;
}

}  // namespace detail

/// Parses exactly one list of version 2. // spec: R-010
/// `out` holds a list after errc::ok and nothing of use after an error. The issuer's name is not
/// looked into, nor are the entries, so that this takes no longer for a long list.
/// Errors: crl_version, crl_algorithms, extension_malformed, extension_duplicate and those of DER.
//
//   CertificateList ::= SEQUENCE {
//     tbsCertList TBSCertList, signatureAlgorithm AlgorithmIdentifier, signature BIT STRING }
[[nodiscard]] inline errc parse_certificate_list(bytes der, certificate_list& out) noexcept {
  out = {};
  der_reader reader{der};
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  const std::uint8_t* start = reader.rest().data();
  const std::uint8_t* const inner = detail::read_list_tbs(reader, out);
  out.tbs = reader.since(start);
  start = reader.rest().data();
  out.signed_with = read_signature_algorithm(reader);
  // The inner one lies before: as many bytes are there, and the same header means the same length.
  // spec: R-010
  if (!reader.failed() && std::memcmp(inner, start, reader.since(start).size()) != 0) {
    reader.fail(errc::crl_algorithms);
  }
  const der_reader::outer_end signature = reader.enter_bit_string();
  out.signature = reader.read_rest();
  reader.leave(signature);
  reader.leave(end);
  return reader.finish();  // spec: R-010
}

/// Lists the entries of a parsed list in their order. Linear, and as little work for an entry as
/// finding the next one is.
class revoked_reader {
 public:
  explicit revoked_reader(const certificate_list& list) noexcept : reader_(list.entries) {}

  /// The next entry; false at the end, and at one that is not well-formed, which error() tells.
  bool next(revoked_certificate& out) noexcept {
    if (!reader_.more()) return false;
    const der_reader::outer_end end = reader_.enter(der_tag::sequence);
    out.serial = reader_.read_integer();
    const std::uint8_t* const start = reader_.rest().data();
    const bool is_utc = reader_.next_is(der_tag::utc_time);
    reader_.skip(is_utc ? der_tag::utc_time : der_tag::generalized_time);
    reader_.skip_optional(der_tag::sequence);
    out.details = reader_.since(start);
    reader_.leave(end);
    return !reader_.failed();
  }
  errc error() const noexcept { return reader_.error(); }

 private:
  der_reader reader_;
};

namespace detail {

/// CRLReason ::= ENUMERATED { unspecified (0), ..., aACompromise (10) }
inline std::int8_t read_crl_reason(der_reader& reader) noexcept {
  const bytes value = reader.read(der_tag::enumerated);
  if (value.size() == 1 && value[0] < 0x80) return static_cast<std::int8_t>(value[0]);
  reader.fail(errc::extension_malformed);
  return crl_reason::none;
}

/// GeneralizedTime, where no UTCTime may stand
inline unix_time read_generalized_time(der_reader& reader) noexcept {
  if (!reader.next_is(der_tag::generalized_time)) reader.fail(errc::der_time);
  return reader.read_time();
}

/// Takes note of one of the extensions of an entry.
/// InvalidityDate ::= GeneralizedTime
inline void read_entry_extension(der_reader& reader, revoked_details& out) noexcept {
  const extension found = next_extension(reader);
  der_reader value{found.value};
  bool again = false;
  switch (find_known(found.id)) {
    case known::reason_code:
      again = out.reason != crl_reason::none;
      out.reason = read_crl_reason(value);
      out.has_other_critical |= found.critical;
      break;
    case known::invalidity_date:
      again = out.has_invalidity_date;
      out.has_invalidity_date = true;
      out.invalidity_date = read_generalized_time(value);
      break;
    default: out.has_other_critical |= found.critical; return;
  }
  if (again) value.fail(errc::extension_duplicate);  // spec: X-005
  const errc code = value.finish();
  if (code != errc::ok) reader.fail(code);
}

}  // namespace detail

/// Parses what an entry says. Errors: extension_malformed, extension_duplicate and those of DER.
//
//   revocationDate Time, crlEntryExtensions SEQUENCE SIZE (1..MAX) OF Extension OPTIONAL
[[nodiscard]] inline errc parse_revoked(const revoked_certificate& entry,
                                        revoked_details& out) noexcept {
  out = {};
  der_reader reader{entry.details};
  out.date = reader.read_time();
  if (reader.more()) {
    const der_reader::outer_end end = reader.enter(der_tag::sequence);
    do {
      detail::read_entry_extension(reader, out);
    } while (reader.more());
    reader.leave(end);
  }
  return reader.finish();
}

/// A place at which lists for a certificate lie.
struct distribution_point {
  /// DistributionPointName; empty when it is only named who issues the lists.
  bytes name;
  /// What lies there covers some reasons only, or is issued by somebody else.
  bool is_limited = false;
};

/// Lists the places of the extension cRLDistributionPoints, or of freshestCRL, in their order.
//
//   CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
//   DistributionPoint ::= SEQUENCE {
//     distributionPoint [0] DistributionPointName OPTIONAL, reasons [1] ReasonFlags OPTIONAL,
//     cRLIssuer [2] GeneralNames OPTIONAL }
//   DistributionPointName ::= CHOICE {
//     fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
class distribution_point_reader {
 public:
  explicit distribution_point_reader(bytes extension) noexcept : reader_(extension) {
    static_cast<void>(reader_.enter(der_tag::sequence));
  }

  /// The next place; false at the end, and at one that is not well-formed, which error() tells.
  bool next(distribution_point& out) noexcept {
    out = {};
    if (!reader_.more()) return false;
    const der_reader::outer_end end = reader_.enter(der_tag::sequence);
    reader_.read_optional(der_tag::context_constructed(0), out.name);
    out.is_limited = reader_.more();
    reader_.skip_optional(der_tag::context(1));
    reader_.skip_optional(der_tag::context_constructed(2));
    reader_.leave(end);
    return !reader_.failed();
  }
  errc error() const noexcept { return reader_.error(); }

 private:
  der_reader reader_;
};

/// How many names of a list's place are compared. // spec: G-003
constexpr std::size_t max_point_names = 8;

/// Whether two DistributionPointNames have a general name in common, byte by byte, or are the same.
/// Of the names of `listed` those beyond max_point_names are not looked at, so that this is linear.
//
//   fullName [0] IMPLICIT SEQUENCE SIZE (1..MAX) OF GeneralName
[[nodiscard]] inline bool names_same_point(bytes wanted, bytes listed) noexcept {
  if (!wanted.empty() && equal(wanted, listed)) return true;
  constexpr std::uint8_t full_name = der_tag::context_constructed(0);
  der_reader all{der_reader{listed}.read(full_name)};
  std::uint8_t tag = 0;
  for (std::size_t count = 0; all.more() && count < max_point_names; ++count) {
    const bytes name = all.read_any_element(tag);
    der_reader names{der_reader{wanted}.read(full_name)};
    while (names.more()) {
      if (equal(names.read_any_element(tag), name) && all.error() == errc::ok) return true;
    }
  }
  return false;
}

NV2_NAMESPACE_END

#endif  // NV2_X509_CRL_HPP
