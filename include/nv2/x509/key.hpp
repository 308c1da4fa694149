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

namespace detail {

/// Reads the next AlgorithmIdentifier. SHA-2 has NULL parameters or none (RFC 4055 section 2.1); all
/// else is no hash.
inline hash_algorithm read_sha2(der_reader& reader) noexcept {
  const unsigned id = static_cast<unsigned>(find_known(reader.read(der_tag::sequence)));
  constexpr unsigned with_null = static_cast<unsigned>(known::sha256),
                     without_null = static_cast<unsigned>(known::sha256_without_null);
  const unsigned number = id - (id < without_null ? with_null : without_null);
  return number < 3 ? static_cast<hash_algorithm>(number + 1) : hash_algorithm::none;
}

/// The hash of RSASSA-PSS, which is also that of MGF1 and as long as the salt; none for all else.
/// Nothing but the trailer may be left to its default, which is SHA-1 for the others. // spec: X-011
//
//   AlgorithmIdentifier ::= SEQUENCE { algorithm id-RSASSA-PSS, parameters RSASSA-PSS-params }
//   RSASSA-PSS-params ::= SEQUENCE {
//     hashAlgorithm [0] HashAlgorithm DEFAULT sha1Identifier,
//     maskGenAlgorithm [1] SEQUENCE { algorithm id-mgf1, parameters HashAlgorithm } DEFAULT ...,
//     saltLength [2] INTEGER DEFAULT 20, trailerField [3] INTEGER DEFAULT 1 }
inline hash_algorithm find_pss_hash(const bytes& algorithm) noexcept {
  der_reader reader{algorithm};
  const known pss = find_known(reader.read_element(der_tag::oid));
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  der_reader::outer_end outer = reader.enter(der_tag::context_constructed(0));
  const hash_algorithm hash = read_sha2(reader);
  reader.leave(outer);
  outer = reader.enter(der_tag::context_constructed(1));
  const der_reader::outer_end mask_end = reader.enter(der_tag::sequence);
  const known mask = find_known(reader.read_element(der_tag::oid));
  const hash_algorithm mask_hash = read_sha2(reader);
  reader.leave(mask_end);
  reader.leave(outer);
  outer = reader.enter(der_tag::context_constructed(2));
  const std::uint32_t salt = reader.read_small();
  reader.leave(outer);
  reader.leave(end);
  const bool good = reader.finish() == errc::ok && pss == known::rsassa_pss_without_parameters &&
                    mask == known::mgf1_without_parameters && mask_hash == hash &&
                    salt == digest_size(hash);
  return good ? hash : hash_algorithm::none;
}

}  // namespace detail

/// Reads an AlgorithmIdentifier that names a signature algorithm. // spec: X-011
/// Whatever is not RSA PKCS#1 v1.5, RSASSA-PSS or ECDSA with SHA-2 in a proper form gives none
/// without being an error.
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
      {detail::known::ecdsa_with_sha256, signature_scheme::ecdsa}};
  const bytes algorithm = reader.read(der_tag::sequence);
  const detail::known id = detail::find_known(algorithm);
  for (const family& f : families) {
    const unsigned number = static_cast<unsigned>(id) - static_cast<unsigned>(f.sha256);
    if (number < 3) return {f.scheme, static_cast<hash_algorithm>(number + 1)};
  }
  const hash_algorithm hash = detail::find_pss_hash(algorithm);
  if (hash == hash_algorithm::none) return {};
  return {signature_scheme::rsa_pss, hash};
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
