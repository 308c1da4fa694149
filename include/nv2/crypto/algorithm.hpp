// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Names of hashes, keys and signature schemes, without any implementation.
// Does: map names to schemes and say which scheme a key can make.
// Does not: decide trust or strength; limits live with the rules that set them.
#ifndef NV2_CRYPTO_ALGORITHM_HPP
#define NV2_CRYPTO_ALGORITHM_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>

NV2_NAMESPACE_BEGIN

enum class hash_algorithm : std::uint8_t { none, sha256, sha384, sha512 };

constexpr std::size_t max_digest_size = 64;

/// Output bytes of `hash`, 0 for none.
constexpr std::size_t digest_size(hash_algorithm hash) noexcept {
  return hash == hash_algorithm::none ? 0 : 16 + 16 * static_cast<std::size_t>(hash);
}
static_assert(digest_size(hash_algorithm::sha256) == 32 &&
              digest_size(hash_algorithm::sha384) == 48 &&
              digest_size(hash_algorithm::sha512) == 64);

enum class key_kind : std::uint8_t { unsupported, rsa, ec_p256, ec_p384, ec_p521 };

constexpr bool is_ec(key_kind kind) noexcept { return kind >= key_kind::ec_p256; }

/// Bytes of one coordinate on the curve of `kind`, 0 for other keys.
constexpr std::size_t coordinate_size(key_kind kind) noexcept {
  switch (kind) {
    case key_kind::ec_p256: return 32;
    case key_kind::ec_p384: return 48;
    case key_kind::ec_p521: return 66;
    default: return 0;
  }
}

enum class signature_scheme : std::uint8_t { none, rsa_pkcs1, rsa_pss, ecdsa };

/// A scheme with its hash. RSASSA-PSS always means MGF1 with the same hash, a salt as long as the
/// hash, and trailer 1.
struct signature_algorithm {
  signature_scheme scheme = signature_scheme::none;
  hash_algorithm hash = hash_algorithm::none;

  friend constexpr bool operator==(signature_algorithm a, signature_algorithm b) noexcept {
    return a.scheme == b.scheme && a.hash == b.hash;
  }
  friend constexpr bool operator!=(signature_algorithm a, signature_algorithm b) noexcept {
    return !(a == b);
  }
};

/// A public key as slices of the SubjectPublicKeyInfo it came from.
struct public_key {
  key_kind kind = key_kind::unsupported;
  /// RSA: big-endian, no leading zero byte.
  bytes modulus, exponent;
  /// EC: the uncompressed point 04 || X || Y.
  bytes point;
};

/// Bits of the RSA modulus, 0 for other keys.
constexpr std::size_t rsa_bits(const public_key& key) noexcept {
  if (key.kind != key_kind::rsa || key.modulus.empty()) return 0;
  std::size_t bits = key.modulus.size() * 8;
  for (std::uint8_t top = key.modulus[0]; (top & 0x80) == 0 && bits > 0; --bits) {
    top = static_cast<std::uint8_t>(top << 1);
  }
  return bits;
}

/// Bytes of a raw signature by `key`: the modulus length, or r || s. 0 for unsupported keys.
constexpr std::size_t signature_size(const public_key& key) noexcept {
  return key.kind == key_kind::rsa ? key.modulus.size() : 2 * coordinate_size(key.kind);
}

/// The SHA-2 hash of so many bits, written in the three characters at `bits`; none for all others.
template <typename Character>
constexpr hash_algorithm find_sha2(const Character* bits) noexcept {
  constexpr char names[] = "256384512";
  for (unsigned i = 0; i < 3; ++i) {
    const char* const name = names + 3 * i;
    if (bits[0] == name[0] && bits[1] == name[1] && bits[2] == name[2]) {
      return static_cast<hash_algorithm>(i + 1);
    }
  }
  return hash_algorithm::none;
}

/// The scheme of a JOSE `alg` name (RS256 .. ES512, PS256 .. PS512), exact and case-sensitive; none
/// for every other text. The prototype signs with RS256 only, but RS384 and RS512 count as well.
/// // spec: N-050 N-056
constexpr signature_algorithm find_jose_algorithm(std::string_view alg) noexcept {
  if (alg.size() != 5 || alg[1] != 'S') return {};
  const hash_algorithm hash = find_sha2(alg.data() + 2);
  if (hash == hash_algorithm::none) return {};
  switch (alg[0]) {
    case 'R': return {signature_scheme::rsa_pkcs1, hash};
    case 'P': return {signature_scheme::rsa_pss, hash};
    case 'E': return {signature_scheme::ecdsa, hash};
    default: return {};
  }
}

/// The hash that JOSE and COSE pair with the curve of `kind`.
constexpr hash_algorithm curve_hash(key_kind kind) noexcept {
  switch (kind) {
    case key_kind::ec_p256: return hash_algorithm::sha256;
    case key_kind::ec_p384: return hash_algorithm::sha384;
    case key_kind::ec_p521: return hash_algorithm::sha512;
    default: return hash_algorithm::none;
  }
}

NV2_NAMESPACE_END

#endif  // NV2_CRYPTO_ALGORITHM_HPP
