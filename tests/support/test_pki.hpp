// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Certificates made to order, with any defect a test needs.
// Does: write the DER of a certificate from a list of fields, and let a key sign it.
// Does not: refuse anything: what is asked for is what is written.
#ifndef NV2_TEST_PKI_HPP
#define NV2_TEST_PKI_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nv2/base/bytes.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/x509/anchor.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/key.hpp>

#include "stub_backend.hpp"

namespace nv2_test {

using octets = std::vector<std::uint8_t>;

inline nv2::bytes as_bytes(const octets& data) { return {data.data(), data.size()}; }
inline octets octets_of(std::string_view text) { return {text.begin(), text.end()}; }

// --- DER
// ------------------------------------------------------------------------------------------

inline octets join(std::initializer_list<octets> parts) {
  octets all;
  for (const octets& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

inline octets der(std::uint8_t tag, const octets& contents) {
  octets out{tag};
  const std::size_t size = contents.size();
  if (size >= 0x100) out.push_back(0x82), out.push_back(static_cast<std::uint8_t>(size >> 8));
  if (size >= 0x80 && size < 0x100) out.push_back(0x81);
  out.push_back(static_cast<std::uint8_t>(size));
  out.insert(out.end(), contents.begin(), contents.end());
  return out;
}

inline octets sequence(std::initializer_list<octets> parts) { return der(0x30, join(parts)); }
inline octets der_text(std::uint8_t tag, std::string_view text) {
  return der(tag, octets_of(text));
}

/// A non-negative INTEGER of big-endian digits.
inline octets der_unsigned(octets digits) {
  while (digits.size() > 1 && digits[0] == 0) digits.erase(digits.begin());
  if (digits.empty() || digits[0] >= 0x80) digits.insert(digits.begin(), 0);
  return der(0x02, digits);
}

inline octets der_bits(const octets& bits) { return der(0x03, join({{0}, bits})); }

/// GeneralizedTime.
inline octets der_time(std::string_view yyyymmddhhmmss) {
  return der_text(0x18, std::string{yyyymmddhhmmss} + "Z");
}

inline octets attribute(std::uint8_t type, std::string_view value, std::uint8_t tag = 0x0C) {
  return der(0x31, sequence({der(0x06, {0x55, 0x04, type}), der_text(tag, value)}));
}
/// A distinguished name of one common name; "" is the empty name.
inline octets name_of(std::string_view common_name) {
  return common_name.empty() ? sequence({}) : sequence({attribute(3, common_name)});
}

// --- keys
// -----------------------------------------------------------------------------------------

/// A key pair: what a certificate says of it, and a function that signs as certificates do.
struct test_key {
  octets spki;
  std::function<octets(nv2::signature_algorithm, nv2::bytes)> sign;
};

inline octets ec_spki(const octets& curve_oid, const octets& point) {
  return sequence(
      {sequence({der(0x06, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01}), der(0x06, curve_oid)}),
       der_bits(point)});
}
inline octets rsa_spki(const octets& modulus) {
  return sequence(
      {sequence({der(0x06, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01}), der(0x05, {})}),
       der_bits(sequence({der_unsigned(modulus), der_unsigned({1, 0, 1})}))});
}

/// A signature as stub_crypto takes it, in the form of a certificate.
inline octets stub_certificate_signature(const octets& spki, nv2::signature_algorithm algorithm,
                                         nv2::bytes message) {
  nv2::public_key key;
  static_cast<void>(nv2::parse_public_key(as_bytes(spki), key));
  nv2::static_workspace<256> memory;
  nv2::hasher hash{stub_crypto, memory, algorithm.hash};
  hash.update(message);
  nv2::digest_value digest;
  static_cast<void>(hash.finish(digest));
  octets raw(nv2::signature_size(key), 0);
  stub_sign(key, algorithm, digest.view(), nv2::mutable_bytes{raw.data(), raw.size()});
  if (algorithm.scheme != nv2::signature_scheme::ecdsa) return raw;
  const auto half = raw.begin() + static_cast<std::ptrdiff_t>(raw.size() / 2);
  return sequence({der_unsigned({raw.begin(), half}), der_unsigned({half, raw.end()})});
}

/// Key number `seed` of stub_crypto on a curve, which costs nothing.
inline test_key stub_ec_key(std::uint8_t seed, const octets& curve_oid, unsigned coordinate) {
  octets point{4};
  for (unsigned i = 0; i < 2 * coordinate; ++i)
    point.push_back(static_cast<std::uint8_t>(seed * 7U + i * 3U + 1U));
  octets spki = ec_spki(curve_oid, point);
  auto sign = [spki](nv2::signature_algorithm algorithm, nv2::bytes message) {
    return stub_certificate_signature(spki, algorithm, message);
  };
  return {spki, sign};
}

/// The same on P-256.
inline test_key stub_key(std::uint8_t seed) {
  return stub_ec_key(seed, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07}, 32);
}

/// An RSA key of stub_crypto with a modulus of `bits`.
inline test_key stub_rsa_key(std::size_t bits) {
  octets modulus((bits + 7) / 8, 0xA5);
  modulus[0] = static_cast<std::uint8_t>(0xFFU >> (modulus.size() * 8 - bits));
  octets spki = rsa_spki(modulus);
  auto sign = [spki](nv2::signature_algorithm algorithm, nv2::bytes message) {
    return stub_certificate_signature(spki, algorithm, message);
  };
  return {spki, sign};
}

// --- certificates
// ---------------------------------------------------------------------------------

inline octets algorithm_identifier(nv2::signature_algorithm algorithm) {
  const auto hash = static_cast<unsigned>(algorithm.hash);  // 1, 2, 3
  if (algorithm.scheme == nv2::signature_scheme::ecdsa) {
    return sequence({der(
        0x06, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, static_cast<std::uint8_t>(1 + hash)})});
  }
  if (algorithm.scheme == nv2::signature_scheme::rsa_pss) {
    const octets hash_oid = der(
        0x06, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, static_cast<std::uint8_t>(hash)});
    const octets hash_id = sequence({hash_oid, der(0x05, {})});
    const octets mgf1 =
        sequence({der(0x06, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x08}), hash_id});
    const auto salt = static_cast<std::uint8_t>(nv2::digest_size(algorithm.hash));
    return sequence(
        {der(0x06, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A}),
         sequence({der(0xA0, hash_id), der(0xA1, mgf1), der(0xA2, der_unsigned({salt}))})});
  }
  return sequence({der(0x06, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01,
                              static_cast<std::uint8_t>(10 + hash)}),
                   der(0x05, {})});
}

inline octets extension_of(const octets& id, bool critical, const octets& value) {
  const octets flag = critical ? der(0x01, {0xFF}) : octets{};
  return sequence({der(0x06, id), flag, der(0x04, value)});
}

/// What a certificate is to say. The defaults are a valid signer of today's form.
struct certificate_plan {
  std::string subject, issuer;
  /// When not empty, whole names in place of the two above.
  octets subject_name, issuer_name;
  const test_key* key = nullptr;
  const test_key* signer = nullptr;
  std::string not_before = "20200101000000", not_after = "20300101000000";
  int version = 3;
  bool has_basic_constraints = false, ca = false;
  bool constraints_critical = true;
  int path_length = -1;
  /// Bits of nv2::key_usage, 0 = no extension.
  unsigned key_usage = 0;
  bool usage_critical = true, purposes_critical = false;
  /// Contents of object identifiers.
  std::vector<octets> purposes;
  /// General names, see dns_name() and ip_address().
  std::vector<octets> alt_names;
  std::vector<octets> other_extensions;
  nv2::signature_algorithm algorithm{nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha256};
  /// When not empty, a whole AlgorithmIdentifier in place of the one of `algorithm`.
  octets algorithm_der;
  bool break_signature = false;
  std::uint8_t serial = 1;
};

inline octets dns_name(std::string_view name) { return der_text(0x82, name); }
inline octets ip_address(const octets& address) { return der(0x87, address); }
inline octets email_name(std::string_view name) { return der_text(0x81, name); }

inline octets key_usage_value(unsigned usage) {
  octets bits{0, 0};
  for (unsigned i = 0; i < 9; ++i) {
    if (((usage >> i) & 1U) != 0) {
      bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (0x80U >> (i % 8)));
    }
  }
  if (bits[1] == 0) bits.pop_back();
  std::uint8_t unused = 0;
  while (((unsigned{bits.back()} >> unused) & 1U) == 0) ++unused;
  return der(0x03, join({{unused}, bits}));
}

inline octets extensions_of(const certificate_plan& plan) {
  octets all;
  const auto add = [&all](const octets& id, bool critical, const octets& value) {
    all = join({all, extension_of(id, critical, value)});
  };
  if (plan.has_basic_constraints || plan.ca || plan.path_length >= 0) {
    const octets ca = plan.ca ? der(0x01, {0xFF}) : octets{};
    const octets limit = plan.path_length < 0
                             ? octets{}
                             : der_unsigned({static_cast<std::uint8_t>(plan.path_length)});
    add({0x55, 0x1D, 0x13}, plan.constraints_critical, sequence({ca, limit}));
  }
  if (plan.key_usage != 0)
    add({0x55, 0x1D, 0x0F}, plan.usage_critical, key_usage_value(plan.key_usage));
  if (!plan.purposes.empty()) {
    octets list;
    for (const octets& id : plan.purposes) list = join({list, der(0x06, id)});
    add({0x55, 0x1D, 0x25}, plan.purposes_critical, sequence({list}));
  }
  if (!plan.alt_names.empty()) {
    octets list;
    for (const octets& name : plan.alt_names) list = join({list, name});
    add({0x55, 0x1D, 0x11}, false, sequence({list}));
  }
  for (const octets& extension : plan.other_extensions) all = join({all, extension});
  return all;
}

/// Writes and signs the certificate of `plan`.
inline octets make_certificate(const certificate_plan& plan) {
  const octets algorithm =
      plan.algorithm_der.empty() ? algorithm_identifier(plan.algorithm) : plan.algorithm_der;
  const octets extensions = extensions_of(plan);
  const octets version =
      plan.version == 1 ? octets{}
                        : der(0xA0, der_unsigned({static_cast<std::uint8_t>(plan.version - 1)}));
  const octets tbs =
      sequence({version, der_unsigned({plan.serial}), algorithm,
                plan.issuer_name.empty() ? name_of(plan.issuer) : plan.issuer_name,
                sequence({der_time(plan.not_before), der_time(plan.not_after)}),
                plan.subject_name.empty() ? name_of(plan.subject) : plan.subject_name,
                plan.key->spki, extensions.empty() ? octets{} : der(0xA3, sequence({extensions}))});
  octets signature = plan.signer->sign(plan.algorithm, as_bytes(tbs));
  if (plan.break_signature) signature.back() = static_cast<std::uint8_t>(signature.back() ^ 1U);
  return sequence({tbs, algorithm, der_bits(signature)});
}

}  // namespace nv2_test

#endif  // NV2_TEST_PKI_HPP
