// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The crypto backend over OpenSSL 3.
// Does: hash and check signatures with the default library context, through EVP only.
// Does not: keep any state between calls; each check builds its key and frees it.
// The caller must: link libcrypto. The OpenSSL error queue of the thread is empty after a call.
#ifndef NV2_CRYPTO_OPENSSL_HPP
#define NV2_CRYPTO_OPENSSL_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>

NV2_NAMESPACE_BEGIN
namespace detail {

/// Owns one OpenSSL object. Every free function of OpenSSL takes null.
template <typename T, void (*Free)(T*)>
class openssl_owner {
 public:
  explicit openssl_owner(T* object) noexcept : object_(object) {}
  openssl_owner(const openssl_owner&) = delete;
  openssl_owner& operator=(const openssl_owner&) = delete;
  ~openssl_owner() { Free(object_); }

  T* get() const noexcept { return object_; }
  /// For functions that hand out a new object. Only while nothing is owned.
  T** out() noexcept { return &object_; }

 private:
  T* object_;
};

using openssl_number = openssl_owner<BIGNUM, BN_free>;
using openssl_builder = openssl_owner<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using openssl_params = openssl_owner<OSSL_PARAM, OSSL_PARAM_free>;
using openssl_key = openssl_owner<EVP_PKEY, EVP_PKEY_free>;
using openssl_context = openssl_owner<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

struct openssl_hash_state {
  EVP_MD_CTX* context = nullptr;
};

inline const EVP_MD* openssl_md(hash_algorithm hash) noexcept {
  switch (hash) {
    case hash_algorithm::sha256: return EVP_sha256();
    case hash_algorithm::sha384: return EVP_sha384();
    case hash_algorithm::sha512: return EVP_sha512();
    default: return nullptr;
  }
}

/// Owns the error queue of the thread for one call: empty at both ends.
struct openssl_errors {
  openssl_errors() noexcept { ERR_clear_error(); }
  openssl_errors(const openssl_errors&) = delete;
  openssl_errors& operator=(const openssl_errors&) = delete;
  ~openssl_errors() { ERR_clear_error(); }

  /// The oldest error is the cause of the others: a verdict when `library` reported it, while lack
  /// of memory and whatever else is reported tells of a failure.
  static bool judged_by(int library) noexcept {
    const unsigned long cause = ERR_peek_error();
    return ERR_GET_LIB(cause) == library && ERR_GET_REASON(cause) != ERR_R_MALLOC_FAILURE;
  }
};

inline errc openssl_import(const char* type, OSSL_PARAM* params, openssl_key& key) noexcept {
  const openssl_context context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
  if (context.get() == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1) {
    return errc::crypto_failure;
  }
  if (EVP_PKEY_fromdata(context.get(), key.out(), EVP_PKEY_PUBLIC_KEY, params) == 1) {
    return errc::ok;
  }
  // spec: X-007
  return openssl_errors::judged_by(ERR_LIB_EC) ? errc::key_malformed : errc::crypto_failure;
}

inline openssl_number make_openssl_number(bytes big_endian) noexcept {
  return openssl_number{BN_bin2bn(big_endian.data(), static_cast<int>(big_endian.size()), nullptr)};
}

/// key_malformed: modulus even or below 128 bits; exponent even, below 3 or not below modulus.
/// OpenSSL itself does not look.
inline errc load_openssl_rsa(const public_key& key, openssl_key& out) noexcept {
  const openssl_number modulus = make_openssl_number(key.modulus);
  const openssl_number exponent = make_openssl_number(key.exponent);
  const openssl_builder builder{OSSL_PARAM_BLD_new()};
  if (modulus.get() == nullptr || exponent.get() == nullptr || builder.get() == nullptr) {
    return errc::crypto_failure;
  }
  if (BN_is_odd(modulus.get()) == 0 || BN_num_bits(modulus.get()) < 128 ||
      BN_is_odd(exponent.get()) == 0 || BN_num_bits(exponent.get()) < 2 ||
      BN_cmp(exponent.get(), modulus.get()) >= 0) {
    return errc::key_malformed;  // spec: X-007
  }
  if (OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
    return errc::crypto_failure;
  }
  const openssl_params params{OSSL_PARAM_BLD_to_param(builder.get())};
  if (params.get() == nullptr) return errc::crypto_failure;
  return openssl_import("RSA", params.get(), out);
}

/// key_malformed unless the point is uncompressed, has reduced coordinates, and is on the curve.
inline errc load_openssl_ec(const public_key& key, openssl_key& out) noexcept {
  if (key.point.size() != 1 + 2 * coordinate_size(key.kind) || key.point[0] != 0x04) {
    return errc::key_malformed;  // spec: X-007
  }
  char curve[] = "P-256";
  if (key.kind == key_kind::ec_p384) std::memcpy(curve, "P-384", sizeof curve);
  if (key.kind == key_kind::ec_p521) std::memcpy(curve, "P-521", sizeof curve);
  // The parameter wants a writable pointer and only reads.
  auto* const point = const_cast<std::uint8_t*>(key.point.data());
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, key.point.size()),
      OSSL_PARAM_construct_end()};
  return openssl_import("EC", params, out);
}

/// A non-negative INTEGER of `big_endian` in DER at `out`; the bytes written, at most size + 3.
/// Content is shorter than 128 bytes.
inline std::size_t put_der_integer(bytes big_endian, std::uint8_t* out) noexcept {
  while (big_endian.size() > 1 && big_endian[0] == 0) big_endian = big_endian.drop(1);
  const std::size_t sign = big_endian[0] >> 7;
  out[0] = 0x02;
  out[1] = static_cast<std::uint8_t>(big_endian.size() + sign);
  out[2] = 0;
  std::memcpy(out + 2 + sign, big_endian.data(), big_endian.size());
  return 2 + sign + big_endian.size();
}

/// Room for a DER signature of P-521: two integers of 66 bytes, a sign byte each, and headers.
constexpr std::size_t max_openssl_signature = 3 + 2 * (3 + 66);

/// Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER } of a raw r || s, at `out`.
inline bytes put_der_signature(bytes raw, std::uint8_t (&out)[max_openssl_signature]) noexcept {
  const std::size_t half = raw.size() / 2;
  std::uint8_t* const content = out + 3;
  std::size_t size = put_der_integer(raw.first(half), content);
  size += put_der_integer(raw.drop(half), content + size);
  std::uint8_t* start = out + 1;
  out[2] = static_cast<std::uint8_t>(size);
  if (size >= 128) {
    start = out;
    out[1] = 0x81;
  }
  start[0] = 0x30;
  return {start, size + static_cast<std::size_t>(content - start)};
}

inline errc verify_openssl_rsa(const public_key& key, hash_algorithm hash, int padding,
                               bytes digest, bytes signature) noexcept {
  const EVP_MD* const md = openssl_md(hash);
  if (md == nullptr) return errc::crypto_unsupported;
  const openssl_errors errors;
  openssl_key rsa{nullptr};
  NV2_TRY(load_openssl_rsa(key, rsa));
  const openssl_context context{EVP_PKEY_CTX_new_from_pkey(nullptr, rsa.get(), nullptr)};
  if (context.get() == nullptr || EVP_PKEY_verify_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context.get(), md) != 1) {
    return errc::crypto_failure;
  }
  if (padding == RSA_PKCS1_PSS_PADDING &&
      (EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), md) != 1 ||
       EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return errc::crypto_failure;
  }
  if (EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(),
                      digest.size()) == 1) {
    return errc::ok;
  }
  // PKCS#1 padding around nothing has no error of its own, only that of the provider.
  const bool judged = openssl_errors::judged_by(ERR_LIB_RSA) ||
                      (padding == RSA_PKCS1_PADDING && openssl_errors::judged_by(ERR_LIB_PROV));
  return judged ? errc::signature_mismatch : errc::crypto_failure;
}

/// The functions behind openssl_crypto. A malformed key - a point off its curve, an even modulus -
/// is refused with key_malformed before the signature is looked at.
struct openssl_adapter {
  static constexpr const char name[] = "openssl";
  using hash_state = openssl_hash_state;

  static bool hash_begin(hash_state& state, hash_algorithm hash) noexcept {
    const EVP_MD* const md = openssl_md(hash);
    if (md == nullptr) return false;
    const openssl_errors errors;
    state.context = EVP_MD_CTX_new();
    if (state.context == nullptr) return false;
    if (EVP_DigestInit_ex(state.context, md, nullptr) == 1) return true;
    EVP_MD_CTX_free(state.context);
    return false;
  }
  static bool hash_update(hash_state& state, bytes data) noexcept {
    return EVP_DigestUpdate(state.context, data.data(), data.size()) == 1;
  }
  static bool hash_end(hash_state& state, mutable_bytes digest) noexcept {
    const int result = EVP_DigestFinal_ex(state.context, digest.data(), nullptr);
    EVP_MD_CTX_free(state.context);
    return result == 1;
  }

  /// The whole encoded message is compared, DigestInfo with NULL included. // spec: N-054
  static errc verify_rsa_pkcs1(const public_key& key, hash_algorithm hash, bytes digest,
                               bytes signature) noexcept {
    return verify_openssl_rsa(key, hash, RSA_PKCS1_PADDING, digest, signature);
  }
  /// The salt must be as long as the hash.
  static errc verify_rsa_pss(const public_key& key, hash_algorithm hash, bytes digest,
                             bytes signature) noexcept {
    return verify_openssl_rsa(key, hash, RSA_PKCS1_PSS_PADDING, digest, signature);
  }
  /// r and s must be in [1, n-1]; a high s is as good as a low one. // spec: N-052
  static errc verify_ecdsa(const public_key& key, hash_algorithm, bytes digest,
                           bytes signature) noexcept {
    const openssl_errors errors;
    openssl_key ec{nullptr};
    NV2_TRY(load_openssl_ec(key, ec));
    const openssl_context context{EVP_PKEY_CTX_new_from_pkey(nullptr, ec.get(), nullptr)};
    if (context.get() == nullptr || EVP_PKEY_verify_init(context.get()) != 1) {
      return errc::crypto_failure;
    }
    std::uint8_t memory[max_openssl_signature];
    const bytes der = put_der_signature(signature, memory);
    if (EVP_PKEY_verify(context.get(), der.data(), der.size(), digest.data(), digest.size()) == 1) {
      return errc::ok;
    }
    // Two numbers that do not fit are no error to OpenSSL, numbers out of range are one.
    const bool judged = ERR_peek_error() == 0 || openssl_errors::judged_by(ERR_LIB_EC);
    return judged ? errc::signature_mismatch : errc::crypto_failure;
  }
};

}  // namespace detail

/// OpenSSL 3 as a backend. Hash state: one pointer. Verdicts are those of every backend.
inline constexpr crypto_backend openssl_crypto = make_backend<detail::openssl_adapter>();

NV2_NAMESPACE_END

#endif  // NV2_CRYPTO_OPENSSL_HPP
