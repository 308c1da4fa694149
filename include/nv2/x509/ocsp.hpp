// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// OCSP responses as views into their DER (RFC 6960 section 4.2).
// Does: check the form of all that any decision looks at, and list what is said of which certificate.
// Does not: decide, verify a signature, know whether a response is current, or compare it with a
// request. Who signed is told by a key that fits, not by the ResponderID.
// The caller must: keep the DER alive as long as anything made from it is used.
#ifndef NV2_X509_OCSP_HPP
#define NV2_X509_OCSP_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/x509/crl.hpp>
#include <nv2/x509/extension.hpp>
#include <nv2/x509/key.hpp>
#include <nv2/x509/oid.hpp>

NV2_NAMESPACE_BEGIN

/// A parsed response. Every view lies in its DER.
struct ocsp_response {
  /// The part that is signed, a whole element, and the signature bits.
  bytes tbs, signature;
  /// What is said, one certificate after the other, for certificate_status_reader.
  bytes statuses;
  /// The embedded certificates, one after the other; empty = none.
  bytes certificates;
  unix_time produced_at = 0;
  /// Scheme none when it is not one of X-011.
  signature_algorithm signed_with;
  /// A critical extension of the whole response is there, other than a nonce.
  bool has_unknown_critical = false;
};

/// What a response says of a certificate. `unknown`: the responder does not know it.
enum class ocsp_status : std::uint8_t { good, revoked, unknown };

/// The hash by which a response names the issuer.
enum class issuer_hash : std::uint8_t { sha1, sha256, sha384, sha512, other };

/// One SingleResponse.
struct certificate_status {
  /// Contents of the serial number.
  bytes serial;
  /// Hashes by `hash`: of the issuer's name as a whole element, and of its subjectPublicKey as bits.
  bytes issuer_name_hash, issuer_key_hash;
  unix_time this_update = 0, next_update = 0;
  /// From then on the key was not good any more.
  unix_time invalidity_date = 0;
  issuer_hash hash = issuer_hash::other;
  ocsp_status status = ocsp_status::unknown;
  /// CRLReason, whether listed there or not, crl_reason::none without one.
  std::int8_t reason = crl_reason::none;
  bool has_next_update = false;
  bool has_invalidity_date = false;
  /// A critical extension is there, whichever.
  bool has_critical = false;
};

namespace detail {

/// The members of id-pkix-ocsp, 1.3.6.1.5.5.7.48.1, by their last arc.
namespace ocsp_id {
constexpr unsigned basic = 1, nonce = 2, nocheck = 5;
}  // namespace ocsp_id

/// The last arc of a member of id-pkix-ocsp, 0 for all else.
inline unsigned find_ocsp_id(bytes id) noexcept {
  constexpr std::uint8_t arc[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01};
  const bool is_member = id.size() == sizeof arc + 1 && equal(id.first(sizeof arc), bytes{arc});
  return is_member ? id[sizeof arc] : 0U;
}

/// AlgorithmIdentifier of SHA-1 (1.3.14.3.2.26) or SHA-2, with NULL parameters or none
inline issuer_hash read_issuer_hash(der_reader& reader) noexcept {
  constexpr std::uint8_t sha1[] = {0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00};
  der_reader ahead = reader;
  const bytes id = ahead.read(der_tag::sequence);
  const bool is_sha1 = equal(id, bytes{sha1}) || equal(id, bytes{sha1}.first(7));
  const hash_algorithm sha2 = read_sha2(reader);
  if (is_sha1) return issuer_hash::sha1;
  return sha2 == hash_algorithm::none ? issuer_hash::other : static_cast<issuer_hash>(sha2);
}
static_assert(static_cast<unsigned>(issuer_hash::sha512) ==
              static_cast<unsigned>(hash_algorithm::sha512));

/// CertID ::= SEQUENCE {
///   hashAlgorithm AlgorithmIdentifier, issuerNameHash OCTET STRING, issuerKeyHash OCTET STRING,
///   serialNumber CertificateSerialNumber }
inline void read_status_subject(der_reader& reader, certificate_status& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  out.hash = read_issuer_hash(reader);
  out.issuer_name_hash = reader.read(der_tag::octet_string);
  out.issuer_key_hash = reader.read(der_tag::octet_string);
  out.serial = reader.read_integer();
  reader.leave(end);
}

/// CertStatus ::= CHOICE {
///   good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo, unknown [2] IMPLICIT NULL }
/// RevokedInfo ::= SEQUENCE {
///   revocationTime GeneralizedTime, revocationReason [0] EXPLICIT CRLReason OPTIONAL }
inline void read_status(der_reader& reader, certificate_status& out) noexcept {
  constexpr std::uint8_t revoked = der_tag::context_constructed(1);
  if (!reader.next_is(revoked)) {
    const bool is_good = reader.next_is(der_tag::context(0));
    out.status = is_good ? ocsp_status::good : ocsp_status::unknown;
    reader.leave(reader.enter(is_good ? der_tag::context(0) : der_tag::context(2)));
    return;
  }
  out.status = ocsp_status::revoked;
  const der_reader::outer_end end = reader.enter(revoked);
  static_cast<void>(read_generalized_time(reader));
  if (reader.more()) {
    const der_reader::outer_end reason = reader.enter(der_tag::context_constructed(0));
    out.reason = read_crl_reason(reader);
    reader.leave(reason);
  }
  reader.leave(end);
}

/// Takes note of one of the extensions of a status.
/// InvalidityDate ::= GeneralizedTime
inline void read_status_extension(der_reader& reader, certificate_status& out) noexcept {
  const extension found = next_extension(reader);
  out.has_critical |= found.critical;
  if (find_known(found.id) != known::invalidity_date) return;
  der_reader value{found.value};
  if (out.has_invalidity_date) value.fail(errc::extension_duplicate);  // spec: X-005
  out.has_invalidity_date = true;
  out.invalidity_date = read_generalized_time(value);
  const errc code = value.finish();
  if (code != errc::ok) reader.fail(code);
}

/// SingleResponse ::= SEQUENCE {
///   certID CertID, certStatus CertStatus, thisUpdate GeneralizedTime,
///   nextUpdate [0] EXPLICIT GeneralizedTime OPTIONAL,
///   singleExtensions [1] EXPLICIT SEQUENCE SIZE (1..MAX) OF Extension OPTIONAL }
inline void read_single_response(der_reader& reader, certificate_status& out) noexcept {
  constexpr std::uint8_t next_update = der_tag::context_constructed(0);
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  read_status_subject(reader, out);
  read_status(reader, out);
  out.this_update = read_generalized_time(reader);
  out.has_next_update = reader.next_is(next_update);
  if (out.has_next_update) {
    const der_reader::outer_end outer = reader.enter(next_update);
    out.next_update = read_generalized_time(reader);
    reader.leave(outer);
  }
  if (reader.more()) {
    const der_reader::outer_end outer = reader.enter(der_tag::context_constructed(1));
    const der_reader::outer_end list = reader.enter(der_tag::sequence);
    do {
      read_status_extension(reader, out);
    } while (reader.more());
    reader.leave(list);
    reader.leave(outer);
  }
  reader.leave(end);
}

/// ResponderID ::= CHOICE { byName [1] EXPLICIT Name, byKey [2] EXPLICIT OCTET STRING }
inline void skip_responder_id(der_reader& reader) noexcept {
  const bool by_name = reader.next_is(der_tag::context_constructed(1));
  const der_reader::outer_end end = reader.enter(der_tag::context_constructed(by_name ? 1 : 2));
  reader.skip(by_name ? der_tag::sequence : der_tag::octet_string);
  reader.leave(end);
}

/// ResponseData ::= SEQUENCE {
///   version [0] EXPLICIT INTEGER DEFAULT v1(0), -- there is no other, and DER leaves it out
///   responderID ResponderID, producedAt GeneralizedTime, responses SEQUENCE OF SingleResponse,
///   responseExtensions [1] EXPLICIT SEQUENCE SIZE (1..MAX) OF Extension OPTIONAL }
inline void read_response_data(der_reader& reader, ocsp_response& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  if (reader.next_is(der_tag::context_constructed(0))) {
    reader.fail(errc::ocsp_version);  // spec: R-030 X-001
  }
  skip_responder_id(reader);
  out.produced_at = read_generalized_time(reader);
  out.statuses = reader.read(der_tag::sequence);
  if (reader.more()) {
    const der_reader::outer_end outer = reader.enter(der_tag::context_constructed(1));
    const der_reader::outer_end list = reader.enter(der_tag::sequence);
    do {
      const extension found = next_extension(reader);
      // Nobody has sent a request that a nonce could repeat. // spec: R-038
      const bool is_nonce = find_ocsp_id(found.id) == ocsp_id::nonce;
      out.has_unknown_critical |= found.critical && !is_nonce;
    } while (reader.more());
    reader.leave(list);
    reader.leave(outer);
  }
  reader.leave(end);
}

/// BasicOCSPResponse ::= SEQUENCE {
///   tbsResponseData ResponseData, signatureAlgorithm AlgorithmIdentifier, signature BIT STRING,
///   certs [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
inline void read_basic_response(der_reader& reader, ocsp_response& out) noexcept {
  constexpr std::uint8_t certificates = der_tag::context_constructed(0);
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  const std::uint8_t* const start = reader.rest().data();
  read_response_data(reader, out);
  out.tbs = reader.since(start);
  out.signed_with = read_signature_algorithm(reader);
  const der_reader::outer_end signature = reader.enter_bit_string();
  out.signature = reader.read_rest();
  reader.leave(signature);
  if (reader.next_is(certificates)) {
    const der_reader::outer_end outer = reader.enter(certificates);
    out.certificates = reader.read(der_tag::sequence);
    reader.leave(outer);
  }
  reader.leave(end);
}

}  // namespace detail

/// Parses exactly one response, which is successful and of the basic type. // spec: R-030
/// `out` holds a response after errc::ok and nothing of use after an error. Neither statuses nor
/// certificates are looked into.
/// Errors: ocsp_unsuccessful, ocsp_type, ocsp_version and those of DER.
//
//   OCSPResponse ::= SEQUENCE {
//     responseStatus ENUMERATED { successful (0), malformedRequest (1), ... },
//     responseBytes [0] EXPLICIT SEQUENCE {
//       responseType OBJECT IDENTIFIER, response OCTET STRING } OPTIONAL } -- there when successful
[[nodiscard]] inline errc parse_ocsp_response(bytes der, ocsp_response& out) noexcept {
  out = {};
  der_reader reader{der};
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  const bytes status = reader.read(der_tag::enumerated);
  if (status.size() != 1 || status[0] != 0) reader.fail(errc::ocsp_unsuccessful);  // spec: R-030
  const der_reader::outer_end outer = reader.enter(der_tag::context_constructed(0));
  const der_reader::outer_end response = reader.enter(der_tag::sequence);
  // spec: R-030
  if (detail::find_ocsp_id(reader.read_oid()) != detail::ocsp_id::basic) {
    reader.fail(errc::ocsp_type);
  }
  const der_reader::outer_end basic = reader.enter(der_tag::octet_string);
  detail::read_basic_response(reader, out);
  reader.leave(basic);
  reader.leave(response);
  reader.leave(outer);
  reader.leave(end);
  return reader.finish();  // spec: R-030
}

/// Lists what a parsed response says of each certificate, in its order. Linear.
class certificate_status_reader {
 public:
  explicit certificate_status_reader(const ocsp_response& response) noexcept
      : reader_(response.statuses) {}

  /// The next status; false at the end, and at one that is not well-formed, which error() tells.
  bool next(certificate_status& out) noexcept {
    out = {};
    if (!reader_.more()) return false;
    detail::read_single_response(reader_, out);
    return !reader_.failed();
  }
  errc error() const noexcept { return reader_.error(); }

 private:
  der_reader reader_;
};

/// Whether an extension says that nobody need ask whether its certificate, that of a responder, was
/// revoked.
//
//   id-pkix-ocsp-nocheck, 1.3.6.1.5.5.7.48.1.5; its value is NULL, which nobody looks at
[[nodiscard]] inline bool is_ocsp_nocheck(const extension& found) noexcept {
  return detail::find_ocsp_id(found.id) == detail::ocsp_id::nocheck;
}

NV2_NAMESPACE_END

#endif  // NV2_X509_OCSP_HPP
