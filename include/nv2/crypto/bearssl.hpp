// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The crypto backend over BearSSL 0.6 and later: no heap, no setup, no state of its own.
// Does: choose among the implementations of BearSSL, and check what they leave to the caller.
// Does not: take RSA keys beyond 4096 bits.
// The caller must: link libbearssl.
#ifndef NV2_CRYPTO_BEARSSL_HPP
#define NV2_CRYPTO_BEARSSL_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <bearssl.h>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/crypto/rsa_encoding.hpp>

NV2_NAMESPACE_BEGIN
namespace detail {

/// A running hash. SHA-384 runs in the context of SHA-512.
struct bearssl_hash_state {
  union {
    br_sha256_context sha256;
    br_sha512_context sha512;
  };
  hash_algorithm hash;

  bearssl_hash_state() noexcept : hash(hash_algorithm::none) {}
};

constexpr int bearssl_curve(key_kind kind) noexcept {
  return kind == key_kind::ec_p256   ? BR_EC_secp256r1
         : kind == key_kind::ec_p384 ? BR_EC_secp384r1
                                     : BR_EC_secp521r1;
}

/// BearSSL takes its keys through pointers to what may be written, and only reads.
inline unsigned char* bearssl_bytes(bytes from) noexcept {
  return const_cast<unsigned char*>(from.data());
}

/// key_malformed unless the point is uncompressed, has reduced coordinates, and is on the curve:
/// only then BearSSL multiplies it. // spec: X-007
inline errc check_bearssl_point(const br_ec_impl& curves, const public_key& key) noexcept {
  constexpr std::size_t largest = 1 + 2 * coordinate_size(key_kind::ec_p521);
  constexpr unsigned char one = 1;
  const int curve = bearssl_curve(key.kind);
  if ((curves.supported_curves >> curve & 1U) == 0) return errc::crypto_unsupported;
  if (key.point.size() != 1 + 2 * coordinate_size(key.kind) || key.point[0] != 0x04) {
    return errc::key_malformed;
  }
  unsigned char point[largest];
  std::memcpy(point, key.point.data(), key.point.size());
  return curves.mul(point, key.point.size(), &one, sizeof one, curve) == 1 ? errc::ok
                                                                           : errc::key_malformed;
}

/// The functions behind bearssl_crypto. A malformed key - a point off its curve, an even modulus - is
/// refused with key_malformed before the signature is looked at.
template <typename Choice>
struct bearssl_adapter {
  static constexpr auto& name = Choice::name;
  using hash_state = bearssl_hash_state;

  static bool hash_begin(hash_state& state, hash_algorithm hash) noexcept {
    state.hash = hash;
    switch (hash) {
      case hash_algorithm::sha256: br_sha256_init(&state.sha256); return true;
      case hash_algorithm::sha384: br_sha384_init(&state.sha512); return true;
      case hash_algorithm::sha512: br_sha512_init(&state.sha512); return true;
      default: return false;
    }
  }
  static bool hash_update(hash_state& state, bytes data) noexcept {
    if (data.empty()) return true;
    if (state.hash == hash_algorithm::sha256) {
      br_sha256_update(&state.sha256, data.data(), data.size());
    } else {
      br_sha512_update(&state.sha512, data.data(), data.size());
    }
    return true;
  }
  static bool hash_end(hash_state& state, mutable_bytes digest) noexcept {
    switch (state.hash) {
      case hash_algorithm::sha256: br_sha256_out(&state.sha256, digest.data()); return true;
      case hash_algorithm::sha384: br_sha384_out(&state.sha512, digest.data()); return true;
      case hash_algorithm::sha512: br_sha512_out(&state.sha512, digest.data()); return true;
      default: return false;
    }
  }

  static errc verify_rsa_pkcs1(const public_key& key, hash_algorithm hash, bytes digest,
                               bytes signature) noexcept {
    opened message;
    NV2_TRY(message.open(key, signature));
    return check_pkcs1_encoding(message.view(), hash, digest);
  }
  static errc verify_rsa_pss(const public_key& key, hash_algorithm hash, bytes digest,
                             bytes signature) noexcept {
    opened message;
    NV2_TRY(message.open(key, signature));
    return check_pss_encoding<bearssl_adapter>(message.view(), rsa_bits(key), hash, digest);
  }
  /// r and s must be in [1, n-1]; a high s is as good as a low one. // spec: N-052
  static errc verify_ecdsa(const public_key& key, hash_algorithm, bytes digest,
                           bytes signature) noexcept {
    const br_ec_impl* const curves = Choice::curves();
    NV2_TRY(check_bearssl_point(*curves, key));
    const br_ec_public_key point{bearssl_curve(key.kind), bearssl_bytes(key.point),
                                 key.point.size()};
    const bool is_good = Choice::ecdsa()(curves, digest.data(), digest.size(), &point,
                                         signature.data(), signature.size()) == 1;
    return is_good ? errc::ok : errc::signature_mismatch;
  }

 private:
  /// What an RSA signature holds.
  class opened {
   public:
    errc open(const public_key& key, bytes signature) noexcept {
      NV2_TRY(check_rsa_numbers(key));
      NV2_TRY(check_rsa_reduced(key, signature));
      if (signature.size() > sizeof text_) return errc::crypto_unsupported;
      size_ = signature.size();
      std::memcpy(text_, signature.data(), size_);
      const br_rsa_public_key numbers{bearssl_bytes(key.modulus), key.modulus.size(),
                                      bearssl_bytes(key.exponent), key.exponent.size()};
      return Choice::rsa()(text_, size_, &numbers) == 1 ? errc::ok : errc::signature_mismatch;
    }
    mutable_bytes view() noexcept { return {text_, size_}; }

   private:
    std::uint8_t text_[512];
    std::size_t size_ = 0;
  };
};

/// The implementations that BearSSL recommends for the machine: all curves.
struct bearssl_recommended {
  static constexpr const char name[] = "bearssl";
  static const br_ec_impl* curves() noexcept { return br_ec_get_default(); }
  static br_ecdsa_vrfy ecdsa() noexcept { return br_ecdsa_vrfy_raw_get_default(); }
  static br_rsa_public rsa() noexcept { return br_rsa_public_get_default(); }
};

/// The smallest code for 32 bits: one arithmetic for everything.
struct bearssl_small {
  static constexpr const char name[] = "bearssl-small";
  static const br_ec_impl* curves() noexcept { return &br_ec_prime_i31; }
  static br_ecdsa_vrfy ecdsa() noexcept { return br_ecdsa_i31_vrfy_raw; }
  static br_rsa_public rsa() noexcept { return br_rsa_i31_public; }
};

}  // namespace detail

/// BearSSL as a backend. Hash state: one SHA-512 context. Stack: about 3 KB. Verdicts are those of
/// every backend.
inline constexpr crypto_backend bearssl_crypto =
    make_backend<detail::bearssl_adapter<detail::bearssl_recommended>>();

/// The same in less flash and more time.
inline constexpr crypto_backend bearssl_small_crypto =
    make_backend<detail::bearssl_adapter<detail::bearssl_small>>();

NV2_NAMESPACE_END

#endif  // NV2_CRYPTO_BEARSSL_HPP
