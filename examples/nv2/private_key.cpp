// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Private keys through mbedTLS, which wipes them when it frees them.
#include "private_key.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/version.h>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/base64.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/x509/key.hpp>

#include "client_crypto.hpp"
#include "errors.hpp"
#include "refusal.hpp"

namespace client {
namespace {

constexpr std::size_t max_key_file = std::size_t{1} << 20;

/// Bytes that are wiped in the end.
struct secret_bytes {
  explicit secret_bytes(byte_buffer content) : data(std::move(content)) {}
  secret_bytes(const secret_bytes&) = delete;
  secret_bytes& operator=(const secret_bytes&) = delete;
  ~secret_bytes() { mbedtls_platform_zeroize(data.data(), data.size()); }

  std::string_view text() const {
    return {reinterpret_cast<const char*>(data.data()), data.size()};
  }

  byte_buffer data;
};

/// Label and body of the first PEM block in `text`.
///
///     "-----BEGIN " label "-----" body "-----END " label "-----"
struct block_text {
  std::string_view label, body;
};
std::optional<block_text> first_block(std::string_view text) {
  constexpr std::string_view begin = "-----BEGIN ", dashes = "-----";
  const std::size_t start = text.find(begin);
  if (start == text.npos || (start > 0 && text[start - 1] != '\n')) return std::nullopt;
  text.remove_prefix(start + begin.size());
  block_text out;
  out.label = text.substr(0, text.find(dashes));
  const std::size_t end = text.find(std::string("\n-----END ").append(out.label).append(dashes));
  if (end == text.npos) return std::nullopt;
  const std::size_t body = out.label.size() + dashes.size();
  if (body <= end) out.body = text.substr(body, end - body);
  return out;
}

/// The first PEM block of a key file; its content is wiped.
class key_block {
 public:
  explicit key_block(const std::string& path)
      : text_(read_file(path, "key file", max_key_file)), der_({}) {
    const std::optional<block_text> found = first_block(text_.text());
    if (found) label_ = found->label;
    if (!found || (!encrypted_body(found->body) && !decode(found->body))) {
      throw failure(
          exit_code::refused, fmt::format("no PEM block in the key file: {}", path),
          {next_step(
              "give the private key as PEM: openssl pkey -inform DER -in KEY -out KEY.pem")});
    }
  }

  std::string_view label() const { return label_; }
  bool encrypted() const { return encrypted_ || label_ == "ENCRYPTED PRIVATE KEY"; }
  nv2::bytes der() const { return view_of(der_.data); }

 private:
  /// Whether header lines say so (RFC 1421), as OpenSSL wrote them for keys that are not PKCS#8.
  bool encrypted_body(std::string_view body) {
    encrypted_ = body.find("ENCRYPTED") != body.npos;
    return encrypted_;
  }
  bool decode(std::string_view body) {
    secret_bytes digits{{}};
    digits.data.reserve(body.size());
    std::copy_if(body.begin(), body.end(), std::back_inserter(digits.data),
                 [](char c) { return c != '\n' && c != '\r' && c != ' ' && c != '\t'; });
    der_.data.resize(nv2::max_decoded_size(digits.data.size()));
    std::size_t size = 0;
    const nv2::errc code =
        nv2::decode_base64(view_of(digits.data), nv2::base64_alphabet::standard_padded,
                           nv2::base64_rules::lenient, {der_.data.data(), der_.data.size()}, size);
    der_.data.resize(size);
    return code == nv2::errc::ok;
  }

  secret_bytes text_, der_;
  std::string_view label_;
  bool encrypted_ = false;
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

/// Numbers for signing, from the system's source.
class random_numbers {
 public:
  random_numbers() {
    mbedtls_entropy_init(&source_);
    mbedtls_ctr_drbg_init(&generator_);
  }
  random_numbers(const random_numbers&) = delete;
  random_numbers& operator=(const random_numbers&) = delete;
  ~random_numbers() {
    mbedtls_ctr_drbg_free(&generator_);
    mbedtls_entropy_free(&source_);
  }
  int seed() {
    return mbedtls_ctr_drbg_seed(&generator_, mbedtls_entropy_func, &source_, nullptr, 0);
  }
  mbedtls_ctr_drbg_context* generator() { return &generator_; }

 private:
  mbedtls_entropy_context source_;
  mbedtls_ctr_drbg_context generator_;
};

void check(int result, const char* what) {
  if (result == 0) return;
  char reason[100] = {};
  mbedtls_strerror(result, reason, sizeof reason);
  throw failure(exit_code::unavailable, fmt::format("{}: {}", what, reason));
}

// What differs between the versions of mbedTLS: 3.x blinds when it reads a key, and is told the size
// of signatures.
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
int parse_key(mbedtls_pk_context* key, nv2::bytes der, mbedtls_ctr_drbg_context* random) {
  return mbedtls_pk_parse_key(key, der.data(), der.size(), nullptr, 0, mbedtls_ctr_drbg_random,
                              random);
}
int sign_digest(mbedtls_pk_context* key, mbedtls_md_type_t hash, nv2::bytes digest,
                byte_buffer& out, std::size_t& size, mbedtls_ctr_drbg_context* random) {
  return mbedtls_pk_sign(key, hash, digest.data(), digest.size(), out.data(), out.size(), &size,
                         mbedtls_ctr_drbg_random, random);
}
#else
int parse_key(mbedtls_pk_context* key, nv2::bytes der, mbedtls_ctr_drbg_context*) {
  return mbedtls_pk_parse_key(key, der.data(), der.size(), nullptr, 0);
}
int sign_digest(mbedtls_pk_context* key, mbedtls_md_type_t hash, nv2::bytes digest,
                byte_buffer& out, std::size_t& size, mbedtls_ctr_drbg_context* random) {
  return mbedtls_pk_sign(key, hash, digest.data(), digest.size(), out.data(), &size,
                         mbedtls_ctr_drbg_random, random);
}
#endif

/// RSA without parameters of its own, or EC on one of our curves, as far as the key says what it is.
//
//   PrivateKeyInfo ::= SEQUENCE { version INTEGER, algorithm AlgorithmIdentifier, ... }
//   ECPrivateKey ::= SEQUENCE { version INTEGER, privateKey OCTET STRING, parameters [0] OID, ... }
bool is_other_kind(const key_block& block) {
  static constexpr std::uint8_t rsa[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01};
  static constexpr std::uint8_t ec[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
  static constexpr std::uint8_t p256[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
  static constexpr std::uint8_t p384[] = {0x2B, 0x81, 0x04, 0x00, 0x22};
  static constexpr std::uint8_t p521[] = {0x2B, 0x81, 0x04, 0x00, 0x23};
  nv2::der_reader reader{block.der()};
  static_cast<void>(reader.enter(nv2::der_tag::sequence));
  static_cast<void>(reader.read_integer());
  if (block.label() == "EC PRIVATE KEY") {
    reader.skip(nv2::der_tag::octet_string);
    if (!reader.next_is(nv2::der_tag::context_constructed(0))) return false;
    static_cast<void>(reader.enter(nv2::der_tag::context_constructed(0)));
  } else {
    if (block.label() != "PRIVATE KEY") return false;
    static_cast<void>(reader.enter(nv2::der_tag::sequence));
    const nv2::bytes algorithm = reader.read_oid();
    if (reader.error() != nv2::errc::ok || nv2::equal(algorithm, rsa)) return false;
    if (!nv2::equal(algorithm, ec)) return true;
  }
  const nv2::bytes curve = reader.read_oid();
  return reader.error() == nv2::errc::ok && !nv2::equal(curve, p256) && !nv2::equal(curve, p384) &&
         !nv2::equal(curve, p521);
}

/// PKCS#8 says itself what it holds, the others by their label.
bool fits_label(std::string_view label, nv2::key_kind kind) {
  return label == "PRIVATE KEY" || (label == "RSA PRIVATE KEY") == (kind == nv2::key_kind::rsa);
}

/// SubjectPublicKeyInfo with a named curve and an uncompressed point. // spec: N-070
byte_buffer canonical_public_key(mbedtls_pk_context& key) {
  byte_buffer room(4096);  // is filled from its end
  const int size = mbedtls_pk_write_pubkey_der(&key, room.data(), room.size());
  check(size < 0 ? size : 0, "cannot encode the public key");
  return {room.end() - size, room.end()};
}

nv2::key_kind kind_of(const byte_buffer& public_key_info) {
  nv2::public_key key;
  const nv2::errc code = nv2::parse_public_key(view_of(public_key_info), key);
  return code == nv2::errc::ok ? key.kind : nv2::key_kind::unsupported;
}

/// Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER } as r || s. // spec: N-052
byte_buffer raw_ecdsa(const byte_buffer& der, std::size_t coordinate) {
  nv2::der_reader reader{view_of(der)};
  const nv2::der_reader::outer_end outer = reader.enter(nv2::der_tag::sequence);
  const nv2::bytes numbers[] = {reader.read_unsigned(), reader.read_unsigned()};
  reader.leave(outer);
  byte_buffer raw;
  for (const nv2::bytes number : numbers) {
    if (reader.finish() != nv2::errc::ok || number.size() > coordinate) {
      throw failure(exit_code::unavailable, "cannot sign: the crypto library failed");
    }
    raw.insert(raw.end(), coordinate - number.size(), 0);
    raw.insert(raw.end(), number.begin(), number.end());
  }
  return raw;
}

}  // namespace

void key_deleter::operator()(mbedtls_pk_context* key) const noexcept {
  mbedtls_pk_free(key);
  delete key;
}

private_key private_key::load(const std::string& path, nv2::errc unsupported) {
  const key_block block{path};
  check_block(block, path);
  key_handle key{new mbedtls_pk_context};
  mbedtls_pk_init(key.get());
  random_numbers random;
  check(random.seed(), "cannot read the private key");
  private_key out;
  if (parse_key(key.get(), block.der(), random.generator()) == 0) {
    out.public_key_info_ = canonical_public_key(*key);
    out.kind_ = kind_of(out.public_key_info_);
    out.key_ = std::move(key);
    if (out.kind_ != nv2::key_kind::unsupported && fits_label(block.label(), out.kind_)) return out;
  }
  if (out.key_ == nullptr ? !is_other_kind(block) : out.kind_ != nv2::key_kind::unsupported) {
    throw failure(exit_code::refused, fmt::format("the private key is malformed: {}", path));
  }
  throw failure(exit_code::refused, fmt::format("the key type or curve is not supported: {}", path),
                {{"rule", rule_text(unsupported)},
                 next_step("use an RSA key, or an EC key on P-256, P-384 or P-521")});
}

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
  nv2::static_workspace<512> memory;
  nv2::bytes digest;
  if (nv2::hash_bytes(client_crypto, algorithm.hash, nv2::bytes::of(message), memory, digest) !=
      nv2::errc::ok) {
    throw failure(exit_code::unavailable, "cannot sign: the crypto library failed");
  }
  random_numbers random;
  check(random.seed(), "cannot sign");
  const mbedtls_md_type_t hash = nv2::detail::mbedtls_md_type(algorithm.hash);
  byte_buffer signature(MBEDTLS_PK_SIGNATURE_MAX_SIZE);
  std::size_t size = 0;
  if (algorithm.scheme == nv2::signature_scheme::rsa_pss) {
    // MGF1 with the hash of the message, and a salt as long. // spec: J-044 C-053
    mbedtls_rsa_context* const rsa = mbedtls_pk_rsa(*key_);
    static_cast<void>(mbedtls_rsa_set_padding(rsa, MBEDTLS_RSA_PKCS_V21, hash));
    check(mbedtls_rsa_rsassa_pss_sign_ext(rsa, mbedtls_ctr_drbg_random, random.generator(), hash,
                                          static_cast<unsigned>(digest.size()), digest.data(),
                                          static_cast<int>(digest.size()), signature.data()),
          "cannot sign");
    size = mbedtls_rsa_get_len(rsa);
    static_cast<void>(mbedtls_rsa_set_padding(rsa, MBEDTLS_RSA_PKCS_V15, MBEDTLS_MD_NONE));
  } else {
    check(sign_digest(key_.get(), hash, digest, signature, size, random.generator()),
          "cannot sign");
  }
  signature.resize(size);
  return nv2::is_ec(kind_) ? raw_ecdsa(signature, nv2::coordinate_size(kind_)) : signature;
}

}  // namespace client
