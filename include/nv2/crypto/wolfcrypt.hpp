// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The crypto backend over wolfCrypt, of wolfSSL 5.
// Does: offer what the configuration of wolfSSL contains; a missing scheme is a null slot, a missing
// hash or curve is refused.
// Does not: take RSA keys beyond 4096 bits.
// The caller must: link a wolfSSL of the configuration that this header sees.
#ifndef NV2_CRYPTO_WOLFCRYPT_HPP
#define NV2_CRYPTO_WOLFCRYPT_HPP

#include <cstddef>
#include <cstdint>

// Where the configuration lies, as wolfSSL itself looks for it.
#if !defined(WOLFSSL_USER_SETTINGS)
#include <wolfssl/options.h>
#endif
#include <wolfssl/wolfcrypt/settings.h>

#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/rsa.h>
#include <wolfssl/wolfcrypt/sha256.h>
#include <wolfssl/wolfcrypt/sha512.h>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/crypto/rsa_encoding.hpp>

NV2_NAMESPACE_BEGIN
namespace detail {

/// A running hash. SHA-384 has the context of SHA-512.
struct wolfcrypt_hash_state {
  union {
    wc_Sha256 sha256;
#if defined(WOLFSSL_SHA512) || defined(WOLFSSL_SHA384)
    wc_Sha512 sha512;
#endif
  };
  hash_algorithm hash;

  wolfcrypt_hash_state() noexcept : hash(hash_algorithm::none) {}
};

constexpr word32 wolfcrypt_size(bytes of) noexcept { return static_cast<word32>(of.size()); }

#if !defined(NO_RSA)
/// What an RSA signature holds.
class wolfcrypt_rsa {
 public:
  wolfcrypt_rsa() noexcept : works_(wc_InitRsaKey(&key_, nullptr) == 0) {}
  wolfcrypt_rsa(const wolfcrypt_rsa&) = delete;
  wolfcrypt_rsa& operator=(const wolfcrypt_rsa&) = delete;
  ~wolfcrypt_rsa() { wc_FreeRsaKey(&key_); }

  errc open(const public_key& key, bytes signature) noexcept {
    NV2_TRY(check_rsa_numbers(key));
    NV2_TRY(check_rsa_reduced(key, signature));
    if (signature.size() > sizeof text_) return errc::crypto_unsupported;
    if (!works_ ||
        wc_RsaPublicKeyDecodeRaw(key.modulus.data(), wolfcrypt_size(key.modulus),
                                 key.exponent.data(), wolfcrypt_size(key.exponent), &key_) != 0) {
      return errc::crypto_failure;
    }
    size_ = sizeof text_;
    const int result = wc_RsaFunction(signature.data(), wolfcrypt_size(signature), text_, &size_,
                                      RSA_PUBLIC_DECRYPT, &key_, nullptr);
    if (result == RSA_OUT_OF_RANGE_E) return errc::signature_mismatch;
    return result == 0 && size_ == signature.size() ? errc::ok : errc::crypto_failure;
  }
  mutable_bytes view() noexcept { return {text_, size_}; }

 private:
  RsaKey key_;
  std::uint8_t text_[512] = {};
  word32 size_ = 0;
  bool works_;
};
#endif

#if defined(HAVE_ECC)
class wolfcrypt_point {
 public:
  wolfcrypt_point() noexcept : works_(wc_ecc_init(&key_) == 0) {}
  wolfcrypt_point(const wolfcrypt_point&) = delete;
  wolfcrypt_point& operator=(const wolfcrypt_point&) = delete;
  ~wolfcrypt_point() { wc_ecc_free(&key_); }

  /// key_malformed unless the point is uncompressed, has reduced coordinates, and is on the curve.
  errc load(const public_key& key) noexcept {
    if (key.point.size() != 1 + 2 * coordinate_size(key.kind) || key.point[0] != 0x04) {
      return errc::key_malformed;  // spec: X-007
    }
    const int curve = key.kind == key_kind::ec_p256   ? ECC_SECP256R1
                      : key.kind == key_kind::ec_p384 ? ECC_SECP384R1
                                                      : ECC_SECP521R1;
    if (wc_ecc_get_curve_idx(curve) == ECC_CURVE_INVALID) return errc::crypto_unsupported;
    if (!works_) return errc::crypto_failure;
    int result = wc_ecc_import_x963_ex(key.point.data(), wolfcrypt_size(key.point), &key_, curve);
    if (result == 0) result = wc_ecc_check_key(&key_);
    switch (result) {
      case 0: return errc::ok;
      case IS_POINT_E:
      case ECC_INF_E:
      case ECC_OUT_OF_RANGE_E: return errc::key_malformed;  // spec: X-007
      default: return errc::crypto_failure;
    }
  }
  ecc_key* get() noexcept { return &key_; }

 private:
  ecc_key key_;
  bool works_;
};
#endif

/// The functions behind wolfcrypt_crypto. A malformed key - a point off its curve, an even modulus - is
/// refused with key_malformed before the signature is looked at.
struct wolfcrypt_adapter {
  static constexpr const char name[] = "wolfcrypt";
  using hash_state = wolfcrypt_hash_state;

  static bool hash_begin(hash_state& state, hash_algorithm hash) noexcept {
    state.hash = hash;
    switch (hash) {
      case hash_algorithm::sha256: return wc_InitSha256(&state.sha256) == 0;
#if defined(WOLFSSL_SHA384)
      case hash_algorithm::sha384: return wc_InitSha384(&state.sha512) == 0;
#endif
#if defined(WOLFSSL_SHA512)
      case hash_algorithm::sha512: return wc_InitSha512(&state.sha512) == 0;
#endif
      default: return false;
    }
  }
  static bool hash_update(hash_state& state, bytes data) noexcept {
    constexpr std::size_t most = std::size_t{1} << 30;
    for (; data.size() > most; data = data.drop(most)) {
      if (!update_piece(state, data.first(most))) return false;
    }
    return update_piece(state, data);
  }
  static bool update_piece(hash_state& state, bytes data) noexcept {
    switch (state.hash) {
      case hash_algorithm::sha256:
        return wc_Sha256Update(&state.sha256, data.data(), wolfcrypt_size(data)) == 0;
#if defined(WOLFSSL_SHA384)
      case hash_algorithm::sha384:
        return wc_Sha384Update(&state.sha512, data.data(), wolfcrypt_size(data)) == 0;
#endif
#if defined(WOLFSSL_SHA512)
      case hash_algorithm::sha512:
        return wc_Sha512Update(&state.sha512, data.data(), wolfcrypt_size(data)) == 0;
#endif
      default: return false;
    }
  }
  static bool hash_end(hash_state& state, mutable_bytes digest) noexcept {
    bool works = false;
    switch (state.hash) {
      case hash_algorithm::sha256:
        works = wc_Sha256Final(&state.sha256, digest.data()) == 0;
        wc_Sha256Free(&state.sha256);
        break;
#if defined(WOLFSSL_SHA384)
      case hash_algorithm::sha384:
        works = wc_Sha384Final(&state.sha512, digest.data()) == 0;
        wc_Sha384Free(&state.sha512);
        break;
#endif
#if defined(WOLFSSL_SHA512)
      case hash_algorithm::sha512:
        works = wc_Sha512Final(&state.sha512, digest.data()) == 0;
        wc_Sha512Free(&state.sha512);
        break;
#endif
      default: break;
    }
    return works;
  }

#if !defined(NO_RSA)
  static errc verify_rsa_pkcs1(const public_key& key, hash_algorithm hash, bytes digest,
                               bytes signature) noexcept {
    wolfcrypt_rsa message;
    NV2_TRY(message.open(key, signature));
    return check_pkcs1_encoding(message.view(), hash, digest);
  }
  static errc verify_rsa_pss(const public_key& key, hash_algorithm hash, bytes digest,
                             bytes signature) noexcept {
    wolfcrypt_rsa message;
    NV2_TRY(message.open(key, signature));
    return check_pss_encoding<wolfcrypt_adapter>(message.view(), rsa_bits(key), hash, digest);
  }
#else
  static constexpr verify_function verify_rsa_pkcs1 = nullptr;
  static constexpr verify_function verify_rsa_pss = nullptr;
#endif

#if defined(HAVE_ECC)
  /// r and s must be in [1, n-1]; a high s is as good as a low one. // spec: N-052
  static errc verify_ecdsa(const public_key& key, hash_algorithm, bytes digest,
                           bytes signature) noexcept {
    wolfcrypt_point point;
    NV2_TRY(point.load(key));
    const word32 half = wolfcrypt_size(signature) / 2;
    std::uint8_t der[ECC_MAX_SIG_SIZE];
    word32 der_size = sizeof der;
    int result =
        wc_ecc_rs_raw_to_sig(signature.data(), half, signature.data() + half, half, der, &der_size);
    int is_good = 0;
    if (result == 0) {
      result = wc_ecc_verify_hash(der, der_size, digest.data(), wolfcrypt_size(digest), &is_good,
                                  point.get());
    }
    if (result == 0 && is_good == 1) return errc::ok;
    // Numbers that are zero or not below the order have errors of their own.
    const bool judged = result == 0 || result == MP_ZERO_E || result == MP_VAL;
    return judged ? errc::signature_mismatch : errc::crypto_failure;
  }
#else
  static constexpr verify_function verify_ecdsa = nullptr;
#endif
};

}  // namespace detail

/// wolfCrypt as a backend. Hash state: one SHA-512 context. Stack: an RsaKey or ecc_key of the
/// configuration. Verdicts are those of every backend, except that wolfCrypt fails with crypto_failure
/// where its heap is too small, or where it takes no RSA keys of that size.
inline constexpr crypto_backend wolfcrypt_crypto = make_backend<detail::wolfcrypt_adapter>();

NV2_NAMESPACE_END

#endif  // NV2_CRYPTO_WOLFCRYPT_HPP
