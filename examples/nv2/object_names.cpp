// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "object_names.hpp"

#include <cstdint>

#include <fmt/format.h>

namespace client {
namespace {

struct object_name {
  std::string_view dotted, name;
};

constexpr object_name attributes[] = {{"2.5.4.3", "CN"},
                                      {"2.5.4.4", "SN"},
                                      {"2.5.4.5", "serialNumber"},
                                      {"2.5.4.6", "C"},
                                      {"2.5.4.7", "L"},
                                      {"2.5.4.8", "ST"},
                                      {"2.5.4.9", "street"},
                                      {"2.5.4.10", "O"},
                                      {"2.5.4.11", "OU"},
                                      {"2.5.4.12", "title"},
                                      {"2.5.4.13", "description"},
                                      {"2.5.4.15", "businessCategory"},
                                      {"2.5.4.17", "postalCode"},
                                      {"2.5.4.41", "name"},
                                      {"2.5.4.42", "GN"},
                                      {"2.5.4.43", "initials"},
                                      {"2.5.4.44", "generationQualifier"},
                                      {"2.5.4.46", "dnQualifier"},
                                      {"2.5.4.65", "pseudonym"},
                                      {"2.5.4.97", "organizationIdentifier"},
                                      {"0.9.2342.19200300.100.1.1", "UID"},
                                      {"0.9.2342.19200300.100.1.25", "DC"},
                                      {"1.2.840.113549.1.9.1", "emailAddress"},
                                      {"1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL"},
                                      {"1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST"},
                                      {"1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"}};

constexpr object_name others[] = {
    // signature algorithms
    {"1.2.840.113549.1.1.4", "md5WithRSAEncryption"},
    {"1.2.840.113549.1.1.5", "sha1WithRSAEncryption"},
    {"1.2.840.113549.1.1.10", "rsassaPss"},
    {"1.2.840.113549.1.1.11", "sha256WithRSAEncryption"},
    {"1.2.840.113549.1.1.12", "sha384WithRSAEncryption"},
    {"1.2.840.113549.1.1.13", "sha512WithRSAEncryption"},
    {"1.2.840.113549.1.1.14", "sha224WithRSAEncryption"},
    {"1.2.840.10045.4.1", "ecdsa-with-SHA1"},
    {"1.2.840.10045.4.3.1", "ecdsa-with-SHA224"},
    {"1.2.840.10045.4.3.2", "ecdsa-with-SHA256"},
    {"1.2.840.10045.4.3.3", "ecdsa-with-SHA384"},
    {"1.2.840.10045.4.3.4", "ecdsa-with-SHA512"},
    {"1.2.840.10040.4.3", "dsaWithSHA1"},
    {"2.16.840.1.101.3.4.3.2", "dsa_with_SHA256"},
    // keys
    {"1.2.840.113549.1.1.1", "RSA"},
    {"1.2.840.10040.4.1", "DSA"},
    {"1.3.101.110", "X25519"},
    {"1.3.101.111", "X448"},
    {"1.3.101.112", "ED25519"},
    {"1.3.101.113", "ED448"},
    // curves
    {"1.2.840.10045.3.1.1", "prime192v1"},
    {"1.2.840.10045.3.1.7", "prime256v1"},
    {"1.3.132.0.10", "secp256k1"},
    {"1.3.132.0.33", "secp224r1"},
    {"1.3.132.0.34", "secp384r1"},
    {"1.3.132.0.35", "secp521r1"},
    {"1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"},
    {"1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"},
    {"1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"},
    // purposes
    {"2.5.29.37.0", "Any Extended Key Usage"},
    {"1.3.6.1.5.5.7.3.1", "TLS Web Server Authentication"},
    {"1.3.6.1.5.5.7.3.2", "TLS Web Client Authentication"},
    {"1.3.6.1.5.5.7.3.3", "Code Signing"},
    {"1.3.6.1.5.5.7.3.4", "E-mail Protection"},
    {"1.3.6.1.5.5.7.3.8", "Time Stamping"},
    {"1.3.6.1.5.5.7.3.9", "OCSP Signing"},
    {"1.3.6.1.4.1.311.2.1.21", "Microsoft Individual Code Signing"},
    {"1.3.6.1.4.1.311.2.1.22", "Microsoft Commercial Code Signing"}};

template <std::size_t Size>
std::string_view find_name(const object_name (&table)[Size], std::string_view dotted) {
  for (const object_name& entry : table) {
    if (entry.dotted == dotted) return entry.name;
  }
  return {};
}

}  // namespace

std::string dotted_text(nv2::bytes object) {
  std::string out;
  std::uint64_t number = 0;
  for (const std::uint8_t byte : object) {
    if (number >> 57 != 0) return out + ".?";  // has no place in 64 bits
    number = number << 7 | (byte & 0x7FU);
    if ((byte & 0x80U) != 0) continue;
    if (out.empty()) {
      const std::uint64_t first = number < 80 ? number / 40 : 2;
      out = fmt::format("{}.{}", first, number - 40 * first);
    } else {
      out += fmt::format(".{}", number);
    }
    number = 0;
  }
  return out;
}

std::string_view attribute_name(nv2::bytes object) {
  return find_name(attributes, dotted_text(object));
}

std::string object_text(nv2::bytes object) {
  std::string dotted = dotted_text(object);
  const std::string_view name = find_name(others, dotted);
  return name.empty() ? dotted : std::string(name);
}

}  // namespace client
