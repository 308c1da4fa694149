// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Public keys and signature algorithms as certificates write them (RFC 3279, 4055, 5480).
// Does: turn SubjectPublicKeyInfo into public_key, AlgorithmIdentifier into signature_algorithm.
// Does not: judge key sizes, or whether a point lies on its curve; the crypto backend does that.
// Does not look into an AlgorithmIdentifier that it does not know.
#ifndef NV2_X509_KEY_HPP
#define NV2_X509_KEY_HPP

#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/x509/oid.hpp>

NV2_NAMESPACE_BEGIN

/// Reads an AlgorithmIdentifier that names a signature algorithm. // spec: X-011
/// Whatever is not RSA PKCS#1 v1.5, RSASSA-PSS or ECDSA with SHA-2 in its one proper form gives
/// none without being an error.
//
//   AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }
[[nodiscard]] inline signature_algorithm read_signature_algorithm(der_reader& reader) noexcept {
  // SHA-256, SHA-384 and SHA-512 have numbers in a row. PKCS#1 v1.5 has NULL parameters; a reader
  // must also accept none (RFC 4055 section 5).
  struct family {
    detail::known sha256;
    signature_scheme scheme;
  };
  static constexpr family families[] = {
      {detail::known::sha256_with_rsa, signature_scheme::rsa_pkcs1},
      {detail::known::sha256_with_rsa_without_null, signature_scheme::rsa_pkcs1},
      {detail::known::ecdsa_with_sha256, signature_scheme::ecdsa},
      {detail::known::rsassa_pss_sha256, signature_scheme::rsa_pss}};
  const detail::known id = detail::find_known(reader.read(der_tag::sequence));
  for (const family& f : families) {
    const unsigned number = static_cast<unsigned>(id) - static_cast<unsigned>(f.sha256);
    if (number < 3) return {f.scheme, static_cast<hash_algorithm>(number + 1)};
  }
  return {};
}

namespace detail {

/// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
inline void read_rsa_key(der_reader& reader, public_key& out) noexcept {
  const der_reader::outer_end outer = reader.enter(der_tag::sequence);
  out.kind = key_kind::rsa;
  out.modulus = reader.read_unsigned();
  out.exponent = reader.read_unsigned();
  reader.leave(outer);
  const std::uint32_t e = der_reader::small_value(out.exponent);
  const bool good = !out.modulus.empty() && out.modulus[0] != 0 && e % 2 == 1 && e - 3 < 0x7FFFFFFD;
  if (!good) reader.fail(errc::key_malformed);  // spec: X-007
}

/// ECPoint ::= OCTET STRING, the contents of the BIT STRING
inline void read_ec_key(der_reader& reader, key_kind kind, public_key& out) noexcept {
  out.kind = kind;
  out.point = reader.read_rest();
  // spec: X-007 uncompressed
  if (out.point.size() != 1 + 2 * coordinate_size(kind) || out.point[0] != 4) {
    reader.fail(errc::key_malformed);
  }
}

}  // namespace detail

/// Reads a SubjectPublicKeyInfo into slices of it. // spec: X-007
/// A key type or curve that is not ours gives key_kind::unsupported; a malformed key of ours is
/// errc::key_malformed or a DER error.
//
//   SubjectPublicKeyInfo ::= SEQUENCE {
//     algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }
inline void read_public_key(der_reader& reader, public_key& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  const detail::known algorithm = detail::find_known(reader.read(der_tag::sequence));
  const der_reader::outer_end key = reader.enter_bit_string();
  switch (algorithm) {
    case detail::known::rsa_encryption: detail::read_rsa_key(reader, out); break;
    case detail::known::p256: detail::read_ec_key(reader, key_kind::ec_p256, out); break;
    case detail::known::p384: detail::read_ec_key(reader, key_kind::ec_p384, out); break;
    case detail::known::p521: detail::read_ec_key(reader, key_kind::ec_p521, out); break;
    case detail::known::rsa_encryption_without_null:
      reader.fail(errc::key_malformed);  // spec: X-007
      break;
    default: static_cast<void>(reader.read_rest()); break;
  }
  reader.leave(key);
  reader.leave(end);
}

/// Parses exactly one SubjectPublicKeyInfo, see read_public_key().
[[nodiscard]] inline errc parse_public_key(bytes spki, public_key& out) noexcept {
  out = {};
  der_reader reader{spki};
  read_public_key(reader, out);
  return reader.finish();
}

NV2_NAMESPACE_END

#endif  // NV2_X509_KEY_HPP
