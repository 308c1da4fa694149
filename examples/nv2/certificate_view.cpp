// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Certificates through OpenSSL, which reads more than the verifier accepts.
#include "certificate_view.hpp"

#include <arpa/inet.h>

#include <ctime>

#include <fmt/format.h>
#include <nv2/base/workspace.hpp>
#include <nv2/crypto/openssl.hpp>
#include <nv2/envelope/nv2_kid.hpp>
#include <openssl/err.h>
#include <openssl/sha.h>

#include "errors.hpp"
#include "hex.hpp"
#include "openssl_handle.hpp"

namespace client {
namespace {

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

/// RFC 4514 order, UTF-8; special characters have a backslash.
std::string name_text(const X509_NAME* name) {
  constexpr unsigned long form =
      (XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  const bio_handle out{BIO_new(BIO_s_mem())};
  if (out == nullptr || X509_NAME_print_ex(out.get(), name, 0, form) < 0) return "?";
  return text_of(out.get());
}

std::string string_text(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  char text[INET6_ADDRSTRLEN] = {};
  const int family = ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;
  const int size = ASN1_STRING_length(address);
  if ((size != 4 && size != 16) ||
      inet_ntop(family, ASN1_STRING_get0_data(address), text, sizeof text) == nullptr) {
    return "?";
  }
  return text;
}

std::string general_name_text(const GENERAL_NAME* name) {
  switch (name->type) {
    case GEN_DNS: return "DNS:" + string_text(name->d.dNSName);
    case GEN_EMAIL: return "email:" + string_text(name->d.rfc822Name);
    case GEN_URI: return "URI:" + string_text(name->d.uniformResourceIdentifier);
    case GEN_IPADD: return "IP:" + address_text(name->d.iPAddress);
    case GEN_DIRNAME: return "directory:" + name_text(name->d.directoryName);
    default: return "other name";
  }
}

std::vector<std::string> names_in(const X509* certificate) {
  std::vector<std::string> out;
  const names_handle names{static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  const int count = names == nullptr ? 0 : sk_GENERAL_NAME_num(names.get());
  out.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    out.push_back(general_name_text(sk_GENERAL_NAME_value(names.get(), i)));
  }
  return out;
}

std::string object_text(const ASN1_OBJECT* object) {
  const int known = OBJ_obj2nid(object);
  if (known != NID_undef) return OBJ_nid2ln(known);
  char text[80] = {};
  OBJ_obj2txt(text, sizeof text, object, 1);
  return text;
}

std::vector<std::string> purposes_in(const X509* certificate) {
  std::vector<std::string> out;
  const purposes_handle purposes{static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr))};
  const int count = purposes == nullptr ? 0 : sk_ASN1_OBJECT_num(purposes.get());
  out.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    out.push_back(object_text(sk_ASN1_OBJECT_value(purposes.get(), i)));
  }
  return out;
}

std::vector<std::string> key_usage_in(X509* certificate) {
  struct usage {
    std::uint32_t bit;
    const char* name;
  };
  constexpr usage usages[] = {{KU_DIGITAL_SIGNATURE, "digitalSignature"},
                              {KU_NON_REPUDIATION, "contentCommitment"},
                              {KU_KEY_ENCIPHERMENT, "keyEncipherment"},
                              {KU_DATA_ENCIPHERMENT, "dataEncipherment"},
                              {KU_KEY_AGREEMENT, "keyAgreement"},
                              {KU_KEY_CERT_SIGN, "keyCertSign"},
                              {KU_CRL_SIGN, "cRLSign"},
                              {KU_ENCIPHER_ONLY, "encipherOnly"},
                              {KU_DECIPHER_ONLY, "decipherOnly"}};
  std::vector<std::string> out;
  if (X509_get_ext_by_NID(certificate, NID_key_usage, -1) < 0) return out;
  const std::uint32_t bits = X509_get_key_usage(certificate);
  for (const usage& candidate : usages) {
    if ((bits & candidate.bit) != 0) out.emplace_back(candidate.name);
  }
  return out;
}

std::string key_text(const X509* certificate) {
  EVP_PKEY* const key = X509_get0_pubkey(certificate);
  if (key == nullptr) return "a key that cannot be read";
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
    char curve[80] = {};
    std::size_t length = 0;
    EVP_PKEY_get_group_name(key, curve, sizeof curve, &length);
    return fmt::format("EC {}", curve);
  }
  const char* const type = EVP_PKEY_get0_type_name(key);
  return fmt::format("{} {}", type == nullptr ? "?" : type, EVP_PKEY_get_bits(key));
}

std::optional<nv2::unix_time> instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  nv2::civil_time t;
  t.year = parts.tm_year + 1900;
  t.month = static_cast<std::uint8_t>(parts.tm_mon + 1);
  t.day = static_cast<std::uint8_t>(parts.tm_mday);
  t.hour = static_cast<std::uint8_t>(parts.tm_hour);
  t.minute = static_cast<std::uint8_t>(parts.tm_min);
  t.second = static_cast<std::uint8_t>(parts.tm_sec);
  return nv2::to_unix_time(t);
}

std::string fingerprint_of(const X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (size <= 0) return {};
  std::string out = key_fingerprint({der, static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return out;
}

std::string serial_text(const X509* certificate) {
  const ASN1_INTEGER* const serial = X509_get0_serialNumber(certificate);
  const bool negative = (ASN1_STRING_type(serial) & V_ASN1_NEG) != 0;
  const auto size = static_cast<std::size_t>(ASN1_STRING_length(serial));
  return (negative ? "-" : "") + hex_text({ASN1_STRING_get0_data(serial), size});
}

}  // namespace

std::string key_fingerprint(nv2::bytes public_key_info) {
  nv2::static_workspace<1024> memory;
  nv2::kid_text kid;
  if (nv2::compute_kid(public_key_info, nv2::openssl_crypto, memory, kid) != nv2::errc::ok) {
    throw failure(exit_code::unavailable, "the crypto library failed");
  }
  return std::string(kid.view().as_text());
}

certificate_view view_certificate(nv2::bytes der) {
  certificate_view out;
  std::uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256(der.data(), der.size(), digest);
  out.sha256 = hex_text(digest);
  const unsigned char* at = der.data();
  const x509_handle parsed{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  if (parsed == nullptr) {
    ERR_clear_error();
    return out;
  }
  X509* const certificate = parsed.get();
  out.readable = true;
  out.subject = name_text(X509_get_subject_name(certificate));
  out.issuer = name_text(X509_get_issuer_name(certificate));
  out.self_issued =
      X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
  out.serial = serial_text(certificate);
  out.key = key_text(certificate);
  out.kid = fingerprint_of(certificate);
  out.signed_with = OBJ_nid2ln(X509_get_signature_nid(certificate));
  out.not_before = instant_of(X509_get0_notBefore(certificate));
  out.not_after = instant_of(X509_get0_notAfter(certificate));
  out.names = names_in(certificate);
  out.key_usage = key_usage_in(certificate);
  out.purposes = purposes_in(certificate);
  out.is_ca = X509_check_ca(certificate) == 1;
  ERR_clear_error();
  return out;
}

std::string subject_of(nv2::bytes der) {
  const certificate_view shown = view_certificate(der);
  return shown.readable ? shown.subject : "a certificate that cannot be read";
}

}  // namespace client
