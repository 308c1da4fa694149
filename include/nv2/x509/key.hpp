// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Public keys and signature algorithms as certificates write them (RFC 3279, 4055, 5480).
// Does: turn SubjectPublicKeyInfo into a public_key, AlgorithmIdentifier into a signature_algorithm.
// Does not: judge key sizes, or whether a point lies on its curve; the crypto backend does that.
#ifndef NV2_X509_KEY_HPP
#define NV2_X509_KEY_HPP

#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/crypto/algorithm.hpp>

NV2_NAMESPACE_BEGIN

/// Contents of OBJECT IDENTIFIERs, or all of them but the last byte where a family shares it.
namespace oid {
inline constexpr std::uint8_t pkcs1_family[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01};
inline constexpr std::uint8_t sha2_family[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02};
inline constexpr std::uint8_t ecdsa_sha2_family[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03};
inline constexpr std::uint8_t ec_public_key[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
inline constexpr std::uint8_t p256[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
inline constexpr std::uint8_t secg_family[] = {0x2B, 0x81, 0x04, 0x00};
}  // namespace oid

namespace detail {

/// The last byte of `id` when the others are `family`, else 0.
inline std::uint8_t last_arc(bytes id, bytes family) noexcept {
  return id.size() == family.size() + 1 && equal(id.first(family.size()), family)
             ? id[family.size()]
             : std::uint8_t{0};
}

/// SHA-256, SHA-384 and SHA-512 are numbered one after the other from `first` on.
inline hash_algorithm sha2_from(std::uint8_t arc, std::uint8_t first) noexcept {
  return arc >= first && arc < first + 3 ? static_cast<hash_algorithm>(arc - first + 1)
                                         : hash_algorithm::none;
}

/// HashAlgorithm ::= AlgorithmIdentifier, of SHA-2, parameters NULL or absent
inline hash_algorithm read_hash_algorithm(der_reader& reader) noexcept {
  const der_reader::outer_end outer = reader.enter(der_tag::sequence);
  const std::uint8_t arc = last_arc(reader.read_oid(), oid::sha2_family);
  if (reader.more()) reader.read_null();
  reader.leave(outer);
  return sha2_from(arc, 1);
}

/// The hash of the one accepted kind of PSS parameters, else none.
//
//   RSASSA-PSS-params ::= SEQUENCE {
//     hashAlgorithm    [0] HashAlgorithm DEFAULT sha1,
//     maskGenAlgorithm [1] SEQUENCE { id-mgf1, HashAlgorithm } DEFAULT mgf1SHA1,
//     saltLength       [2] INTEGER DEFAULT 20,
//     trailerField     [3] INTEGER DEFAULT 1 }
inline hash_algorithm read_pss_parameters(der_reader reader) noexcept {
  constexpr std::uint8_t mgf1 = 8;
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  der_reader::outer_end field = reader.enter(der_tag::context_constructed(0));
  const hash_algorithm hash = read_hash_algorithm(reader);
  reader.leave(field);

  field = reader.enter(der_tag::context_constructed(1));
  const der_reader::outer_end generator = reader.enter(der_tag::sequence);
  bool accepted = last_arc(reader.read_oid(), oid::pkcs1_family) == mgf1;
  accepted = read_hash_algorithm(reader) == hash && accepted;
  reader.leave(generator);
  reader.leave(field);

  field = reader.enter(der_tag::context_constructed(2));
  accepted = reader.read_small() == digest_size(hash) && accepted;
  reader.leave(field);

  if (reader.more()) {
    field = reader.enter(der_tag::context_constructed(3));
    accepted = reader.read_small() == 1 && accepted;
    reader.leave(field);
  }
  reader.leave(end);
  return reader.finish() == errc::ok && accepted ? hash : hash_algorithm::none;
}

/// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
inline errc read_rsa_key(der_reader& reader, public_key& key) noexcept {
  const der_reader::outer_end outer = reader.enter(der_tag::sequence);
  key.modulus = reader.read_unsigned();
  key.exponent = reader.read_unsigned();
  reader.leave(outer);
  NV2_TRY(reader.error());
  key.kind = key_kind::rsa;
  const bytes e = key.exponent;
  const bool odd = (e[e.size() - 1] & 1) != 0;
  const bool in_range = e.size() < 4 ? e.size() > 1 || e[0] > 2 : e.size() == 4 && e[0] < 0x80;
  // spec: X-007
  return key.modulus[0] != 0 && odd && in_range ? errc::ok : errc::key_malformed;
}

/// The curve of a named-curve OID, or unsupported.
inline key_kind find_curve(bytes id) noexcept {
  if (equal(id, oid::p256)) return key_kind::ec_p256;
  const std::uint8_t arc = last_arc(id, oid::secg_family);
  if (arc == 34) return key_kind::ec_p384;
  return arc == 35 ? key_kind::ec_p521 : key_kind::unsupported;
}

}  // namespace detail

/// Reads an AlgorithmIdentifier that names a signature algorithm. // spec: X-011
/// Whatever is not RSA PKCS#1 v1.5, RSASSA-PSS or ECDSA with SHA-2 in its one proper form gives none
/// without being an error.
//
//   AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }
[[nodiscard]] inline errc parse_signature_algorithm(bytes der, signature_algorithm& out) noexcept {
  constexpr std::uint8_t pss = 10, sha256_with_rsa = 11, ecdsa_with_sha256 = 2;
  der_reader reader{der};
  const der_reader::outer_end outer = reader.enter(der_tag::sequence);
  const bytes id = reader.read_oid();
  const bytes parameters = reader.rest();
  if (reader.more()) reader.skip_any();
  reader.leave(outer);
  NV2_TRY(reader.finish());

  out = {};
  if (const std::uint8_t arc = detail::last_arc(id, oid::pkcs1_family); arc == pss) {
    out.hash = detail::read_pss_parameters(der_reader{parameters});
    out.scheme = signature_scheme::rsa_pss;
  } else if (arc != 0) {
    static constexpr std::uint8_t null[] = {0x05, 0x00};
    // RFC 4055 section 5: NULL, absent to be accepted too.
    if (parameters.empty() || equal(parameters, null)) {
      out.hash = detail::sha2_from(arc, sha256_with_rsa);
    }
    out.scheme = signature_scheme::rsa_pkcs1;
  } else if (parameters.empty()) {
    out.hash = detail::sha2_from(detail::last_arc(id, oid::ecdsa_sha2_family), ecdsa_with_sha256);
    out.scheme = signature_scheme::ecdsa;
  }
  if (out.hash == hash_algorithm::none) out.scheme = signature_scheme::none;
  return errc::ok;
}

/// Reads a SubjectPublicKeyInfo into slices of it. // spec: X-007
/// A key type or curve that is not ours gives key_kind::unsupported; a malformed key of ours is
/// errc::key_malformed or a DER error.
//
//   SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }
[[nodiscard]] inline errc parse_public_key(bytes spki, public_key& out) noexcept {
  constexpr std::uint8_t rsa_encryption = 1;
  out = {};
  der_reader reader{spki};
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  const der_reader::outer_end algorithm = reader.enter(der_tag::sequence);
  const bytes id = reader.read_oid();
  const bool is_rsa = detail::last_arc(id, oid::pkcs1_family) == rsa_encryption;
  key_kind curve = key_kind::unsupported;
  if (is_rsa) {
    reader.read_null();  // spec: X-007
  } else if (equal(id, oid::ec_public_key) && reader.next_is(der_tag::oid)) {
    curve = detail::find_curve(reader.read_oid());
  } else if (reader.more()) {
    reader.skip_any();
  }
  reader.leave(algorithm);

  const der_reader::outer_end key = reader.enter_bit_string();
  if (is_rsa) {
    NV2_TRY(detail::read_rsa_key(reader, out));
  } else {
    const bytes point = reader.read_rest();
    if (curve != key_kind::unsupported) {
      // spec: X-007 uncompressed
      if (point.size() != 1 + 2 * coordinate_size(curve) || point[0] != 4) {
        reader.fail(errc::key_malformed);
      }
      out.kind = curve;
      out.point = point;
    }
  }
  reader.leave(key);
  reader.leave(end);
  return reader.finish();
}

NV2_NAMESPACE_END

#endif  // NV2_X509_KEY_HPP
