// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The crypto backend over the PSA Crypto API, 1.0 with PSA_ALG_RSA_PSS_ANY_SALT, as in mbedTLS 2.28 and
// 3.6 and in secure services.
// Does: import each key as a volatile one, ask once, and destroy it; leave as little as PSA allows to
// the implementation's own idea of an RSA encoding.
// Does not: take RSA keys beyond 4096 bits, or exponents beyond 64.
// The caller must: call psa_crypto_init() before; without it signatures are refused with
// crypto_failure. Leave room for one volatile key.
#ifndef NV2_CRYPTO_PSA_HPP
#define NV2_CRYPTO_PSA_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <psa/crypto.h>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/crypto/rsa_encoding.hpp>

// Before there were two names, the one there was took salts of any length.
#if !defined(PSA_ALG_RSA_PSS_ANY_SALT)
#error \
    "nv2/crypto/psa.hpp needs a PSA Crypto API that tells PSA_ALG_RSA_PSS from its _ANY_SALT form"
#endif

NV2_NAMESPACE_BEGIN
namespace detail {

/// PSA_ALG_NONE for none.
constexpr psa_algorithm_t psa_hash(hash_algorithm hash) noexcept {
  return hash == hash_algorithm::sha256   ? PSA_ALG_SHA_256
         : hash == hash_algorithm::sha384 ? PSA_ALG_SHA_384
         : hash == hash_algorithm::sha512 ? PSA_ALG_SHA_512
                                          : PSA_ALG_NONE;
}

/// An RSA key as PSA imports it:
///
///   RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
class psa_rsa_key {
 public:
  /// Decides what is wrong with key or signature before an implementation sees them; then
  /// crypto_unsupported when the numbers are too long.
  errc load(const public_key& key, bytes signature) noexcept {
    NV2_TRY(check_rsa_numbers(key));
    NV2_TRY(check_rsa_reduced(key, signature));
    bytes exponent = key.exponent;
    while (!exponent.empty() && exponent[0] == 0) exponent = exponent.drop(1);
    if (key.modulus.size() > largest_modulus || exponent.size() > largest_exponent) {
      return errc::crypto_unsupported;
    }
    add_head(0x30, integer_size(key.modulus) + integer_size(exponent));
    add_integer(key.modulus);
    add_integer(exponent);
    return errc::ok;
  }
  bytes view() const noexcept { return {text_, size_}; }

 private:
  static constexpr std::size_t largest_modulus = 512, largest_exponent = 8;

  /// Bytes of the contents: a leading zero keeps the number from being negative.
  static std::size_t contents_size(bytes number) noexcept {
    return number.size() + (number[0] >> 7);
  }
  static std::size_t head_size(std::size_t contents) noexcept {
    return contents < 0x80 ? 2 : contents < 0x100 ? 3 : 4;
  }
  static std::size_t integer_size(bytes number) noexcept {
    return head_size(contents_size(number)) + contents_size(number);
  }
  void add(std::size_t byte) noexcept { text_[size_++] = static_cast<std::uint8_t>(byte); }
  void add_head(std::uint8_t tag, std::size_t contents) noexcept {
    add(tag);
    const std::size_t size = head_size(contents);
    if (size > 2) add(0x80 + size - 2);
    if (size > 3) add(contents >> 8);
    add(contents);
  }
  void add_integer(bytes number) noexcept {
    add_head(0x02, contents_size(number));
    if (number[0] >> 7 != 0) add(0);
    std::memcpy(text_ + size_, number.data(), number.size());
    size_ += number.size();
  }

  std::uint8_t text_[4 + 4 + 1 + largest_modulus + 2 + 1 + largest_exponent];
  std::size_t size_ = 0;
};

/// What a status means that is no verdict; PSA_ERROR_INVALID_ARGUMENT is what the caller makes of it.
constexpr errc psa_refusal(psa_status_t status, errc invalid_argument) noexcept {
  return status == PSA_ERROR_NOT_SUPPORTED      ? errc::crypto_unsupported
         : status == PSA_ERROR_INVALID_ARGUMENT ? invalid_argument
                                                : errc::crypto_failure;
}

/// How a key is imported, and what PSA_ERROR_INVALID_ARGUMENT tells then and at the verification.
struct psa_form {
  psa_key_type_t type;
  errc invalid_key, invalid_signature;
};

/// We have judged the numbers of an RSA key. // spec: N-054
constexpr psa_form psa_rsa_pkcs1 = {PSA_KEY_TYPE_RSA_PUBLIC_KEY, errc::crypto_failure,
                                    errc::crypto_failure};
/// mbedTLS says so of encodings whose unused bits are set. // spec: J-044
constexpr psa_form psa_rsa_pss = {PSA_KEY_TYPE_RSA_PUBLIC_KEY, errc::crypto_failure,
                                  errc::signature_mismatch};
/// A point off its curve. // spec: X-007
constexpr psa_form psa_ec = {PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1),
                             errc::key_malformed, errc::crypto_failure};

/// Imports `material`, verifies with it, and destroys it.
inline errc psa_verify(const psa_form& form, bytes material, psa_algorithm_t algorithm,
                       bytes digest, bytes signature) noexcept {
  psa_key_attributes_t attributes = psa_key_attributes_init();
  psa_set_key_type(&attributes, form.type);
  psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_VERIFY_HASH);
  psa_set_key_algorithm(&attributes, algorithm);
  psa_key_id_t key = PSA_KEY_ID_NULL;
  const psa_status_t imported = psa_import_key(&attributes, material.data(), material.size(), &key);
  psa_reset_key_attributes(&attributes);
  if (imported != PSA_SUCCESS) return psa_refusal(imported, form.invalid_key);
  const psa_status_t judged = psa_verify_hash(key, algorithm, digest.data(), digest.size(),
                                              signature.data(), signature.size());
  if (psa_destroy_key(key) != PSA_SUCCESS) return errc::crypto_failure;
  if (judged == PSA_SUCCESS) return errc::ok;
  return judged == PSA_ERROR_INVALID_SIGNATURE ? errc::signature_mismatch
                                               : psa_refusal(judged, form.invalid_signature);
}

/// The functions behind psa_crypto. A malformed key - a point off its curve, an even modulus - is
/// refused with key_malformed before the signature is looked at.
struct psa_adapter {
  static constexpr const char name[] = "psa";
  using hash_state = psa_hash_operation_t;

  static bool hash_begin(hash_state& state, hash_algorithm hash) noexcept {
    state = psa_hash_operation_init();
    return ended_unless(psa_hash_setup(&state, psa_hash(hash)) == PSA_SUCCESS, state);
  }
  static bool hash_update(hash_state& state, bytes data) noexcept {
    return data.empty() || psa_hash_update(&state, data.data(), data.size()) == PSA_SUCCESS;
  }
  static bool hash_end(hash_state& state, mutable_bytes digest) noexcept {
    std::size_t size = 0;
    const bool works = psa_hash_finish(&state, digest.data(), digest.size(), &size) == PSA_SUCCESS;
    return ended_unless(works, state) && size == digest.size();
  }

  /// PSA pads the DigestInfo that we hand to it, so that one without NULL never passes; some
  /// implementations take it when they make it themselves (RFC 8017, 8.2.2). // spec: N-054
  static errc verify_rsa_pkcs1(const public_key& key, hash_algorithm hash, bytes digest,
                               bytes signature) noexcept {
    psa_rsa_key rsa;
    NV2_TRY(rsa.load(key, signature));
    const digest_info info{hash, digest};
    if (!info.fits(signature.size())) return errc::signature_mismatch;
    return psa_verify(psa_rsa_pkcs1, rsa.view(), PSA_ALG_RSA_PKCS1V15_SIGN_RAW, info.view(),
                      signature);
  }
  /// PSA takes shorter salts with keys that have no room for one as long as the hash. // spec: J-044
  static errc verify_rsa_pss(const public_key& key, hash_algorithm hash, bytes digest,
                             bytes signature) noexcept {
    psa_rsa_key rsa;
    NV2_TRY(rsa.load(key, signature));
    if (pss_encoded_size(rsa_bits(key)) < 2 * digest.size() + 2) return errc::signature_mismatch;
    return psa_verify(psa_rsa_pss, rsa.view(), PSA_ALG_RSA_PSS(psa_hash(hash)), digest, signature);
  }
  /// r and s must be in [1, n-1]; a high s is as good as a low one. // spec: N-052
  static errc verify_ecdsa(const public_key& key, hash_algorithm hash, bytes digest,
                           bytes signature) noexcept {
    if (key.point.size() != 1 + 2 * coordinate_size(key.kind) || key.point[0] != 0x04) {
      return errc::key_malformed;  // spec: X-007
    }
    return psa_verify(psa_ec, key.point, PSA_ALG_ECDSA(psa_hash(hash)), digest, signature);
  }

 private:
  static bool ended_unless(bool works, hash_state& state) noexcept {
    if (!works) psa_hash_abort(&state);
    return works;
  }
};

}  // namespace detail

/// PSA Crypto as a backend. Hash state: one psa_hash_operation_t. Stack: 0.7 KB and what PSA needs.
/// Verdicts are those of every backend, except that keys which the implementation does not import are
/// crypto_unsupported - mbedTLS imports no RSA key whose bits are not a multiple of eight - and that
/// mbedTLS without memory may say signature_mismatch of an RSASSA-PSS signature.
inline constexpr crypto_backend psa_crypto = make_backend<detail::psa_adapter>();

NV2_NAMESPACE_END

#endif  // NV2_CRYPTO_PSA_HPP
