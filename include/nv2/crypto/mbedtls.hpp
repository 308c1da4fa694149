// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The crypto backend over mbedTLS, 2.28 and 3.x.
// Does: offer what the configuration of mbedTLS contains; a missing scheme is a null slot, a
// missing hash or curve is refused.
// Does not: allocate. The bignum of mbedTLS does, through mbedtls_calloc.
// The caller must: link a libmbedcrypto of the configuration that this header sees.
#ifndef NV2_CRYPTO_MBEDTLS_HPP
#define NV2_CRYPTO_MBEDTLS_HPP

#include <cstddef>
#include <cstdint>

#include <mbedtls/ecdsa.h>
#include <mbedtls/ecp.h>
#include <mbedtls/md.h>
#include <mbedtls/rsa.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>
#include <mbedtls/version.h>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>

// All that differs between the versions: 2.x has hash functions with a result under another name,
// and RSA functions with a mode.
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
#define NV2_DETAIL_MBEDTLS_HASH(function) function
#define NV2_DETAIL_MBEDTLS_RSA_PADDING
#define NV2_DETAIL_MBEDTLS_RSA_MODE
#else
#define NV2_DETAIL_MBEDTLS_HASH(function) function##_ret
#define NV2_DETAIL_MBEDTLS_RSA_PADDING , MBEDTLS_RSA_PKCS_V15, 0
#define NV2_DETAIL_MBEDTLS_RSA_MODE nullptr, nullptr, MBEDTLS_RSA_PUBLIC,
#endif

#if !defined(MBEDTLS_SHA256_C) && !defined(MBEDTLS_SHA512_C)
#error "nv2/crypto/mbedtls.hpp needs an mbedTLS with MBEDTLS_SHA256_C or MBEDTLS_SHA512_C"
#endif

NV2_NAMESPACE_BEGIN
namespace detail {

/// A running hash. Its contexts share their memory, so only configured ones count.
struct mbedtls_hash_state {
  union {
#if defined(MBEDTLS_SHA256_C)
    mbedtls_sha256_context sha256;
#endif
#if defined(MBEDTLS_SHA512_C)
    mbedtls_sha512_context sha512;  // SHA-384 too
#endif
  };
  hash_algorithm hash;

  mbedtls_hash_state() noexcept : hash(hash_algorithm::none) {}

  /// Calls `function` with the context of the hash; true when it returns 0.
  template <typename Function>
  bool with_context(Function function) noexcept {
#if defined(MBEDTLS_SHA256_C)
    if (hash == hash_algorithm::sha256) return function(sha256) == 0;
#endif
#if defined(MBEDTLS_SHA512_C)
    if (hash == hash_algorithm::sha384 || hash == hash_algorithm::sha512) {
      return function(sha512) == 0;
    }
#endif
    return false;
  }
};

inline int mbedtls_start(mbedtls_sha256_context& context, hash_algorithm) noexcept {
  mbedtls_sha256_init(&context);
  const int result = NV2_DETAIL_MBEDTLS_HASH(mbedtls_sha256_starts)(&context, 0);
  if (result != 0) mbedtls_sha256_free(&context);
  return result;
}
inline int mbedtls_start(mbedtls_sha512_context& context, hash_algorithm hash) noexcept {
  mbedtls_sha512_init(&context);
  const int is_384 = hash == hash_algorithm::sha384 ? 1 : 0;
  const int result = NV2_DETAIL_MBEDTLS_HASH(mbedtls_sha512_starts)(&context, is_384);
  if (result != 0) mbedtls_sha512_free(&context);
  return result;
}
inline int mbedtls_update(mbedtls_sha256_context& context, bytes data) noexcept {
  return NV2_DETAIL_MBEDTLS_HASH(mbedtls_sha256_update)(&context, data.data(), data.size());
}
inline int mbedtls_update(mbedtls_sha512_context& context, bytes data) noexcept {
  return NV2_DETAIL_MBEDTLS_HASH(mbedtls_sha512_update)(&context, data.data(), data.size());
}
inline int mbedtls_finish(mbedtls_sha256_context& context, std::uint8_t* digest) noexcept {
  const int result = NV2_DETAIL_MBEDTLS_HASH(mbedtls_sha256_finish)(&context, digest);
  mbedtls_sha256_free(&context);
  return result;
}
inline int mbedtls_finish(mbedtls_sha512_context& context, std::uint8_t* digest) noexcept {
  const int result = NV2_DETAIL_MBEDTLS_HASH(mbedtls_sha512_finish)(&context, digest);
  mbedtls_sha512_free(&context);
  return result;
}

constexpr mbedtls_md_type_t mbedtls_md_type(hash_algorithm hash) noexcept {
  return hash == hash_algorithm::sha256   ? MBEDTLS_MD_SHA256
         : hash == hash_algorithm::sha384 ? MBEDTLS_MD_SHA384
         : hash == hash_algorithm::sha512 ? MBEDTLS_MD_SHA512
                                          : MBEDTLS_MD_NONE;
}

#if defined(MBEDTLS_RSA_C)
struct mbedtls_rsa_key {
  mbedtls_rsa_context context;

  mbedtls_rsa_key() noexcept { mbedtls_rsa_init(&context NV2_DETAIL_MBEDTLS_RSA_PADDING); }
  mbedtls_rsa_key(const mbedtls_rsa_key&) = delete;
  mbedtls_rsa_key& operator=(const mbedtls_rsa_key&) = delete;
  ~mbedtls_rsa_key() { mbedtls_rsa_free(&context); }

  /// key_malformed: modulus even or below 128 bits; exponent even, below 3 or not below modulus.
  errc load(const public_key& key, mbedtls_md_type_t type) noexcept {
    if (mbedtls_md_info_from_type(type) == nullptr) return errc::crypto_unsupported;
    const int result =
        mbedtls_rsa_import_raw(&context, key.modulus.data(), key.modulus.size(), nullptr, 0,
                               nullptr, 0, nullptr, 0, key.exponent.data(), key.exponent.size());
    if (result != 0) return errc::crypto_failure;
    return mbedtls_rsa_check_pubkey(&context) == 0 ? errc::ok : errc::key_malformed;
  }
};

/// Lists the errors of mbedTLS that tell of a wrong signature: another value, wrong padding, a
/// number that is not below the modulus. All others are failures.
constexpr errc mbedtls_rsa_verdict(int result) noexcept {
  switch (result) {
    case 0: return errc::ok;
    case MBEDTLS_ERR_RSA_VERIFY_FAILED:
    case MBEDTLS_ERR_RSA_INVALID_PADDING:
    case MBEDTLS_ERR_RSA_BAD_INPUT_DATA:
    case MBEDTLS_ERR_RSA_PUBLIC_FAILED + MBEDTLS_ERR_MPI_BAD_INPUT_DATA:
      return errc::signature_mismatch;
    default: return errc::crypto_failure;
  }
}
#endif

#if defined(MBEDTLS_ECDSA_C)
constexpr mbedtls_ecp_group_id mbedtls_curve(key_kind kind) noexcept {
  return kind == key_kind::ec_p256   ? MBEDTLS_ECP_DP_SECP256R1
         : kind == key_kind::ec_p384 ? MBEDTLS_ECP_DP_SECP384R1
         : kind == key_kind::ec_p521 ? MBEDTLS_ECP_DP_SECP521R1
                                     : MBEDTLS_ECP_DP_NONE;
}

struct mbedtls_ec_check {
  mbedtls_ecp_group curve;
  mbedtls_ecp_point point;
  mbedtls_mpi r, s;

  mbedtls_ec_check() noexcept {
    mbedtls_ecp_group_init(&curve);
    mbedtls_ecp_point_init(&point);
    mbedtls_mpi_init(&r);
    mbedtls_mpi_init(&s);
  }
  mbedtls_ec_check(const mbedtls_ec_check&) = delete;
  mbedtls_ec_check& operator=(const mbedtls_ec_check&) = delete;
  ~mbedtls_ec_check() {
    mbedtls_mpi_free(&s);
    mbedtls_mpi_free(&r);
    mbedtls_ecp_point_free(&point);
    mbedtls_ecp_group_free(&curve);
  }

  /// key_malformed unless the point is uncompressed, has reduced coordinates, and is on the curve.
  errc load(const public_key& key) noexcept {
    if (key.point.size() != 1 + 2 * coordinate_size(key.kind) || key.point[0] != 0x04) {
      return errc::key_malformed;  // spec: X-007
    }
    int result = mbedtls_ecp_group_load(&curve, mbedtls_curve(key.kind));
    if (result == MBEDTLS_ERR_ECP_FEATURE_UNAVAILABLE) return errc::crypto_unsupported;
    if (result != 0) return errc::crypto_failure;
    result = mbedtls_ecp_point_read_binary(&curve, &point, key.point.data(), key.point.size());
    if (result != 0) return errc::crypto_failure;
    switch (mbedtls_ecp_check_pubkey(&curve, &point)) {
      case 0: return errc::ok;
      case MBEDTLS_ERR_ECP_INVALID_KEY: return errc::key_malformed;  // spec: X-007
      default: return errc::crypto_failure;
    }
  }
};
#endif

/// The functions behind mbedtls_crypto. A malformed key - a point off its curve, an even modulus -
/// is refused with key_malformed before the signature is looked at.
struct mbedtls_adapter {
  static constexpr const char name[] = "mbedtls";
  using hash_state = mbedtls_hash_state;

  static bool hash_begin(hash_state& state, hash_algorithm hash) noexcept {
    state.hash = hash;
    return state.with_context(
        [hash](auto& context) noexcept { return mbedtls_start(context, hash); });
  }
  static bool hash_update(hash_state& state, bytes data) noexcept {
    return state.with_context(
        [data](auto& context) noexcept { return mbedtls_update(context, data); });
  }
  static bool hash_end(hash_state& state, mutable_bytes digest) noexcept {
    return state.with_context(
        [digest](auto& context) noexcept { return mbedtls_finish(context, digest.data()); });
  }

#if defined(MBEDTLS_RSA_C) && defined(MBEDTLS_PKCS1_V15)
  /// The whole encoded message is compared, DigestInfo with NULL included. // spec: N-054
  static errc verify_rsa_pkcs1(const public_key& key, hash_algorithm hash, bytes digest,
                               bytes signature) noexcept {
    const mbedtls_md_type_t type = mbedtls_md_type(hash);
    mbedtls_rsa_key rsa;
    NV2_TRY(rsa.load(key, type));
    return mbedtls_rsa_verdict(mbedtls_rsa_rsassa_pkcs1_v15_verify(
        &rsa.context, NV2_DETAIL_MBEDTLS_RSA_MODE type, static_cast<unsigned>(digest.size()),
        digest.data(), signature.data()));
  }
#else
  static constexpr verify_function verify_rsa_pkcs1 = nullptr;
#endif

#if defined(MBEDTLS_RSA_C) && defined(MBEDTLS_PKCS1_V21)
  /// The salt must be as long as the hash. mbedTLS needs MBEDTLS_MPI_MAX_SIZE bytes of stack.
  static errc verify_rsa_pss(const public_key& key, hash_algorithm hash, bytes digest,
                             bytes signature) noexcept {
    const mbedtls_md_type_t type = mbedtls_md_type(hash);
    mbedtls_rsa_key rsa;
    NV2_TRY(rsa.load(key, type));
    return mbedtls_rsa_verdict(mbedtls_rsa_rsassa_pss_verify_ext(
        &rsa.context, NV2_DETAIL_MBEDTLS_RSA_MODE type, static_cast<unsigned>(digest.size()),
        digest.data(), type, static_cast<int>(digest_size(hash)), signature.data()));
  }
#else
  static constexpr verify_function verify_rsa_pss = nullptr;
#endif

#if defined(MBEDTLS_ECDSA_C)
  /// r and s must be in [1, n-1]; a high s is as good as a low one. // spec: N-052
  static errc verify_ecdsa(const public_key& key, hash_algorithm, bytes digest,
                           bytes signature) noexcept {
    mbedtls_ec_check ec;
    NV2_TRY(ec.load(key));
    const std::size_t half = signature.size() / 2;
    if (mbedtls_mpi_read_binary(&ec.r, signature.data(), half) != 0 ||
        mbedtls_mpi_read_binary(&ec.s, signature.data() + half, half) != 0) {
      return errc::crypto_failure;
    }
    const int result =
        mbedtls_ecdsa_verify(&ec.curve, digest.data(), digest.size(), &ec.point, &ec.r, &ec.s);
    if (result == 0) return errc::ok;
    const bool judged = result == MBEDTLS_ERR_ECP_VERIFY_FAILED;
    return judged ? errc::signature_mismatch : errc::crypto_failure;
  }
#else
  static constexpr verify_function verify_ecdsa = nullptr;
#endif
};

}  // namespace detail

/// mbedTLS as a backend. Hash state: one SHA-512 context. Verdicts are those of every backend,
/// except that mbedTLS fails with crypto_failure where its heap is too small.
inline constexpr crypto_backend mbedtls_crypto = make_backend<detail::mbedtls_adapter>();

NV2_NAMESPACE_END

#undef NV2_DETAIL_MBEDTLS_HASH
#undef NV2_DETAIL_MBEDTLS_RSA_PADDING
#undef NV2_DETAIL_MBEDTLS_RSA_MODE

#endif  // NV2_CRYPTO_MBEDTLS_HPP
