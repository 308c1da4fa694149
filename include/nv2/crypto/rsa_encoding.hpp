// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What an RSA signature must say once the key has opened it, for libraries that only open it.
// Does: compare the encoded message of both RSA schemes whole, in one way for all such libraries.
// Does not: compute with big numbers.
// The caller must: hand over as many bytes as the modulus has.
#ifndef NV2_CRYPTO_RSA_ENCODING_HPP
#define NV2_CRYPTO_RSA_ENCODING_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/crypto/algorithm.hpp>

NV2_NAMESPACE_BEGIN

/// Decides whether a library may be asked to compute with an RSA key. key_malformed: modulus even or
/// below 128 bits; exponent even, below 3 or not below the modulus. // spec: X-007
[[nodiscard]] inline errc check_rsa_numbers(const public_key& key) noexcept {
  const bytes modulus = key.modulus;
  bytes exponent = key.exponent;
  while (!exponent.empty() && exponent[0] == 0) exponent = exponent.drop(1);
  if (rsa_bits(key) < 128 || exponent.empty()) return errc::key_malformed;
  const bool are_odd = (modulus[modulus.size() - 1] & exponent[exponent.size() - 1] & 1) != 0;
  const bool is_one = exponent.size() == 1 && exponent[0] == 1;
  const bool is_below = exponent.size() < modulus.size() ||
                        (exponent.size() == modulus.size() &&
                         std::memcmp(exponent.data(), modulus.data(), modulus.size()) < 0);
  return are_odd && !is_one && is_below ? errc::ok : errc::key_malformed;
}

/// Decides whether `signature`, as long as the modulus, is a number below it. // spec: N-054
[[nodiscard]] inline errc check_rsa_reduced(const public_key& key, bytes signature) noexcept {
  const bool is_below = std::memcmp(signature.data(), key.modulus.data(), signature.size()) < 0;
  return is_below ? errc::ok : errc::signature_mismatch;
}

/// What PKCS#1 v1.5 signs of a digest (RFC 8017, 9.2), with the NULL:
///
///   DigestInfo ::= SEQUENCE { AlgorithmIdentifier { hash, NULL }, OCTET STRING digest }
class digest_info {
 public:
  digest_info(hash_algorithm hash, bytes digest) noexcept
      : size_(static_cast<std::uint8_t>(header_size + digest.size())) {
    const std::uint8_t length = static_cast<std::uint8_t>(digest.size());
    // id-sha256, -384, -512 differ in the last byte: 2.16.840.1.101.3.4.2.{1,2,3}.
    const std::uint8_t header[header_size] = {0x30,
                                              static_cast<std::uint8_t>(length + 17),
                                              0x30,
                                              0x0D,
                                              0x06,
                                              0x09,
                                              0x60,
                                              0x86,
                                              0x48,
                                              0x01,
                                              0x65,
                                              0x03,
                                              0x04,
                                              0x02,
                                              static_cast<std::uint8_t>(hash),
                                              0x05,
                                              0x00,
                                              0x04,
                                              length};
    std::memcpy(text_, header, header_size);
    std::memcpy(text_ + header_size, digest.data(), length);
  }
  bytes view() const noexcept { return {text_, size_}; }
  /// Whether an encoding of `size` bytes has room for it, and for at least eight bytes FF.
  bool fits(std::size_t size) const noexcept { return size >= 3u + least_padding + size_; }

 private:
  static constexpr std::size_t header_size = 19, least_padding = 8;
  std::uint8_t text_[header_size + max_digest_size];
  std::uint8_t size_;
};

/// Decides whether `encoded` is the one PKCS#1 v1.5 encoding of `digest` (RFC 8017, 9.2):
///
///   EM = 00 01 FF … FF 00 || DigestInfo
///
/// with at least eight bytes FF. // spec: N-054
[[nodiscard]] inline errc check_pkcs1_encoding(bytes encoded, hash_algorithm hash,
                                               bytes digest) noexcept {
  const digest_info info{hash, digest};
  if (!info.fits(encoded.size())) return errc::signature_mismatch;
  const std::size_t zero = encoded.size() - info.view().size() - 1;
  std::uint8_t wrong = static_cast<std::uint8_t>(encoded[0] | (encoded[1] ^ 0x01) | encoded[zero]);
  for (std::size_t i = 2; i < zero; ++i) {
    wrong = static_cast<std::uint8_t>(wrong | (encoded[i] ^ 0xFF));
  }
  const bytes tail = encoded.drop(zero + 1);
  const bool is_equal =
      wrong == 0 && std::memcmp(tail.data(), info.view().data(), tail.size()) == 0;
  return is_equal ? errc::ok : errc::signature_mismatch;
}

/// Bytes of a PSS encoding under a modulus of so many bits: it has a bit less than the modulus.
constexpr std::size_t pss_encoded_size(std::size_t modulus_bits) noexcept {
  return (modulus_bits + 6) / 8;
}

namespace detail {

/// Hash of up to three texts with the functions of `Adapter`, written to `out`.
template <typename Adapter>
bool hash_texts(hash_algorithm hash, bytes first, bytes second, bytes third,
                std::uint8_t* out) noexcept {
  typename Adapter::hash_state state;
  if (!Adapter::hash_begin(state, hash)) return false;
  bool works = Adapter::hash_update(state, first) && Adapter::hash_update(state, second);
  works = works && Adapter::hash_update(state, third);
  return Adapter::hash_end(state, mutable_bytes{out, digest_size(hash)}) && works;
}

/// Takes the mask that MGF1 (RFC 8017, B.2.1) makes of `seed` off `text`.
template <typename Adapter>
bool unmask(hash_algorithm hash, bytes seed, std::uint8_t* text, std::size_t size) noexcept {
  const std::size_t step = digest_size(hash);
  std::uint8_t mask[max_digest_size];
  std::uint8_t counter[4] = {};
  for (std::size_t at = 0; at < size; at += step, ++counter[3]) {
    if (!hash_texts<Adapter>(hash, seed, {counter, sizeof counter}, {}, mask)) return false;
    for (std::size_t i = 0; i < step && at + i < size; ++i) {
      text[at + i] = static_cast<std::uint8_t>(text[at + i] ^ mask[i]);
    }
  }
  return true;
}

}  // namespace detail

/// Decides whether `encoded` is a PSS encoding of `digest` (RFC 8017, 9.1.2) with MGF1 over the same
/// hash, a salt as long as the hash, and trailer BC:
///
///   EM = ((00 … 00 01 || salt) xor MGF1(H)) || H || BC,   H = hash(8 × 00 || digest || salt)
///
/// `encoded` is worked on in place. Costs size / digest + 2 hashes. // spec: J-044
template <typename Adapter>
[[nodiscard]] errc check_pss_encoding(mutable_bytes encoded, std::size_t modulus_bits,
                                      hash_algorithm hash, bytes digest) noexcept {
  constexpr std::uint8_t zeros[8] = {};
  const std::size_t length = digest_size(hash);
  std::uint8_t* text = encoded.data();
  std::size_t size = encoded.size();
  // The encoding has a bit less than the modulus, which may take its first byte away.
  const unsigned free_bits = static_cast<unsigned>((modulus_bits - 1) % 8);
  if (free_bits == 0) {
    if (text[0] != 0) return errc::signature_mismatch;
    ++text;
    --size;
  }
  if (size < 2 * length + 2 || size / length > 200) return errc::signature_mismatch;
  const std::size_t hash_at = size - length - 1, salt_at = hash_at - length;
  const std::uint8_t top =
      static_cast<std::uint8_t>(free_bits == 0 ? 0 : 0xFFU << free_bits & 0xFFU);
  if (text[size - 1] != 0xBC || (text[0] & top) != 0) return errc::signature_mismatch;
  const bytes sealed{text + hash_at, length};
  if (!detail::unmask<Adapter>(hash, sealed, text, hash_at)) return errc::crypto_failure;
  text[0] = static_cast<std::uint8_t>(text[0] & ~top);
  std::uint8_t wrong = static_cast<std::uint8_t>(text[salt_at - 1] ^ 0x01);
  for (std::size_t i = 0; i + 1 < salt_at; ++i) wrong = static_cast<std::uint8_t>(wrong | text[i]);
  std::uint8_t expected[max_digest_size];
  const bytes salt{text + salt_at, length};
  if (!detail::hash_texts<Adapter>(hash, {zeros, sizeof zeros}, digest, salt, expected)) {
    return errc::crypto_failure;
  }
  const bool is_equal = wrong == 0 && std::memcmp(expected, sealed.data(), length) == 0;
  return is_equal ? errc::ok : errc::signature_mismatch;
}

NV2_NAMESPACE_END

#endif  // NV2_CRYPTO_RSA_ENCODING_HPP
