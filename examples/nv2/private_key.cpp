// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Private keys through OpenSSL, which wipes them when it frees them.
#include "private_key.hpp"

#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "errors.hpp"
#include "refusal.hpp"

namespace client {
namespace {

constexpr std::size_t max_key_file = std::size_t{1} << 20;

/// The first PEM block of a key file; its content is wiped.
class key_block {
 public:
  explicit key_block(const std::string& path) {
    byte_buffer text = read_file(path, "key file", max_key_file);
    const bio_handle source{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
    const int found = PEM_read_bio(source.get(), &name_, &header_, &der_, &size_);
    OPENSSL_cleanse(text.data(), text.size());
    if (found != 1) {
      ERR_clear_error();
      throw failure(
          exit_code::refused, fmt::format("no PEM block in the key file: {}", path),
          {next_step(
              "give the private key as PEM: openssl pkey -inform DER -in KEY -out KEY.pem")});
    }
  }
  key_block(const key_block&) = delete;
  key_block& operator=(const key_block&) = delete;
  ~key_block() {
    OPENSSL_free(name_);
    OPENSSL_free(header_);
    OPENSSL_clear_free(der_, static_cast<std::size_t>(size_));
  }

  std::string_view label() const { return name_; }
  bool encrypted() const {
    return label() == "ENCRYPTED PRIVATE KEY" || std::strstr(header_, "ENCRYPTED") != nullptr;
  }
  /// The key inside, null when it is none.
  key_handle parse() const {
    const unsigned char* at = der_;
    if (label() == "RSA PRIVATE KEY")
      return key_handle{d2i_PrivateKey(EVP_PKEY_RSA, nullptr, &at, size_)};
    if (label() == "EC PRIVATE KEY")
      return key_handle{d2i_PrivateKey(EVP_PKEY_EC, nullptr, &at, size_)};
    return key_handle{d2i_AutoPrivateKey(nullptr, &at, size_)};
  }

 private:
  char* name_ = nullptr;
  char* header_ = nullptr;
  unsigned char* der_ = nullptr;
  long size_ = 0;
};

bool is_key_label(std::string_view label) {
  return label == "PRIVATE KEY" || label == "RSA PRIVATE KEY" || label == "EC PRIVATE KEY";
}

/// Says why the first block of `path` is no usable key.
void check_block(const key_block& block, const std::string& path) {
  if (block.encrypted()) {
    throw failure(exit_code::refused, fmt::format("the key is encrypted: {}", path),
                  {next_step("decrypt it first: openssl pkey -in KEY -out PLAIN_KEY")});
  }
  if (!is_key_label(block.label())) {
    throw failure(
        exit_code::refused,
        fmt::format("the first PEM block is '{}', not a private key: {}", block.label(), path),
        {{"rule", "N-162"},
         next_step("let the file begin with the key (openssl ecparam has -noout for that)")});
  }
}

nv2::key_kind curve_kind(EVP_PKEY* key) {
  char name[32] = {};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key, name, sizeof name, &length) != 1)
    return nv2::key_kind::unsupported;
  switch (OBJ_sn2nid(name)) {
    case NID_X9_62_prime256v1: return nv2::key_kind::ec_p256;
    case NID_secp384r1: return nv2::key_kind::ec_p384;
    case NID_secp521r1: return nv2::key_kind::ec_p521;
    default: return nv2::key_kind::unsupported;
  }
}

nv2::key_kind kind_of(EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA: return nv2::key_kind::rsa;
    case EVP_PKEY_EC: return curve_kind(key);
    default: return nv2::key_kind::unsupported;
  }
}

const EVP_MD* hash_of(nv2::hash_algorithm hash) {
  switch (hash) {
    case nv2::hash_algorithm::sha384: return EVP_sha384();
    case nv2::hash_algorithm::sha512: return EVP_sha512();
    default: return EVP_sha256();
  }
}

[[noreturn]] void fail_openssl(const char* what) {
  const unsigned long code = ERR_get_error();
  const char* const reason = ERR_reason_error_string(code);
  ERR_clear_error();
  throw failure(exit_code::unavailable,
                fmt::format("{}: {}", what, reason == nullptr ? "?" : reason));
}

/// SubjectPublicKeyInfo with a named curve and an uncompressed point. // spec: N-070
byte_buffer canonical_public_key(EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
      (EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, "named_curve") != 1 ||
       EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                      "uncompressed") != 1)) {
    fail_openssl("cannot encode the public key");
  }
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  if (size <= 0) fail_openssl("cannot encode the public key");
  byte_buffer out{der, der + size};
  OPENSSL_free(der);
  return out;
}

/// DER ECDSA-Sig-Value to r || s. // spec: N-052
byte_buffer raw_ecdsa(const byte_buffer& der, std::size_t coordinate) {
  const unsigned char* at = der.data();
  const ecdsa_handle pair{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))};
  byte_buffer raw(2 * coordinate);
  const int width = static_cast<int>(coordinate);
  if (pair == nullptr || BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), raw.data(), width) != width ||
      BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), raw.data() + coordinate, width) != width) {
    fail_openssl("cannot sign");
  }
  return raw;
}

/// MGF1 with the hash of the message, and a salt as long. // spec: J-044 C-053
bool use_pss(EVP_PKEY_CTX* settings) {
  return EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) == 1;
}

}  // namespace

private_key private_key::load(const std::string& path, nv2::errc unsupported) {
  const key_block block{path};
  check_block(block, path);
  key_handle key = block.parse();
  if (key == nullptr) {
    ERR_clear_error();
    throw failure(exit_code::refused, fmt::format("the private key is malformed: {}", path));
  }
  const nv2::key_kind kind = kind_of(key.get());
  if (kind == nv2::key_kind::unsupported) {
    throw failure(exit_code::refused,
                  fmt::format("the key type or curve is not supported: {}", path),
                  {{"rule", rule_text(unsupported)},
                   next_step("use an RSA key, or an EC key on P-256, P-384 or P-521")});
  }
  return {std::move(key), kind};
}

private_key::private_key(key_handle key, nv2::key_kind kind)
    : key_(std::move(key)), kind_(kind), public_key_info_(canonical_public_key(key_.get())) {}

std::string_view private_key::algorithm() const noexcept {
  switch (kind_) {
    case nv2::key_kind::ec_p256: return "ES256";
    case nv2::key_kind::ec_p384: return "ES384";
    case nv2::key_kind::ec_p521: return "ES512";
    default: return "RS256";
  }
}

byte_buffer private_key::sign(std::string_view message) const {
  return sign(message, nv2::find_jose_algorithm(algorithm()));
}

byte_buffer private_key::sign(std::string_view message, nv2::signature_algorithm algorithm) const {
  const digest_handle context{EVP_MD_CTX_new()};
  const EVP_MD* const hash = hash_of(algorithm.hash);
  const nv2::bytes data = nv2::bytes::of(message);
  EVP_PKEY_CTX* settings = nullptr;  // part of `context`
  std::size_t size = 0;
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), &settings, hash, nullptr, key_.get()) != 1 ||
      (algorithm.scheme == nv2::signature_scheme::rsa_pss && !use_pss(settings)) ||
      EVP_DigestSign(context.get(), nullptr, &size, data.data(), data.size()) != 1) {
    fail_openssl("cannot sign");
  }
  byte_buffer signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, data.data(), data.size()) != 1) {
    fail_openssl("cannot sign");
  }
  signature.resize(size);
  return nv2::is_ec(kind_) ? raw_ecdsa(signature, nv2::coordinate_size(kind_)) : signature;
}

}  // namespace client
