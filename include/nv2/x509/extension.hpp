// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Certificate extensions, one by one (RFC 5280 section 4.2).
// Does: read the envelope of an extension and check the form of general names.
// Does not: decide what a critical extension means for trust.
#ifndef NV2_X509_EXTENSION_HPP
#define NV2_X509_EXTENSION_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/codec/der.hpp>

NV2_NAMESPACE_BEGIN

namespace oid {
/// 2.5.29, followed by the number of the extension.
inline constexpr std::uint8_t certificate_extension[] = {0x55, 0x1D};
inline constexpr std::uint8_t authority_info_access[] = {0x2B, 0x06, 0x01, 0x05,
                                                         0x05, 0x07, 0x01, 0x01};
inline constexpr std::uint8_t any_purpose[] = {0x55, 0x1D, 0x25, 0x00};
inline constexpr std::uint8_t server_auth[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01};
inline constexpr std::uint8_t client_auth[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02};
inline constexpr std::uint8_t code_signing[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03};
inline constexpr std::uint8_t email_protection[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04};
inline constexpr std::uint8_t time_stamping[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08};
inline constexpr std::uint8_t ocsp_signing[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09};
}  // namespace oid

/// Bits of the keyUsage extension.
namespace key_usage {
constexpr std::uint16_t digital_signature = 1 << 0, content_commitment = 1 << 1,
                        key_encipherment = 1 << 2, data_encipherment = 1 << 3,
                        key_agreement = 1 << 4, cert_sign = 1 << 5, crl_sign = 1 << 6,
                        encipher_only = 1 << 7, decipher_only = 1 << 8;
}  // namespace key_usage

/// An extension as it stands in the certificate.
struct extension {
  /// Contents of the OBJECT IDENTIFIER.
  bytes id;
  /// What lies in the OCTET STRING.
  bytes value;
  bool critical = false;
};

/// Reads one extension.
//
//   Extension ::= SEQUENCE {
//     extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
inline extension read_extension(der_reader& reader) noexcept {
  extension out;
  const der_reader::outer_end outer = reader.enter(der_tag::sequence);
  out.id = reader.read_oid();
  out.critical = reader.read_flag();
  out.value = reader.read(der_tag::octet_string);
  reader.leave(outer);
  return out;
}

/// Checks the form of a list of general names; directory names and other names are not looked into.
//
//   GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName
//   GeneralName ::= CHOICE {
//     otherName [0] OtherName, rfc822Name [1] IA5String, dNSName [2] IA5String,
//     x400Address [3] ORAddress, directoryName [4] Name, ediPartyName [5] EDIPartyName,
//     uniformResourceIdentifier [6] IA5String, iPAddress [7] OCTET STRING,
//     registeredID [8] OBJECT IDENTIFIER }
inline void skip_general_names(der_reader& reader) noexcept {
  constexpr unsigned primitive = 0x1C6, constructed = 0x039, ip_address = 7;
  const der_reader::outer_end outer = reader.enter(der_tag::sequence);
  if (!reader.more()) reader.fail(errc::extension_malformed);  // spec: X-010
  while (reader.more()) {
    std::uint8_t tag = 0;
    const bytes name = reader.read_any(tag);
    const unsigned kind = tag & 0x1FU;
    const unsigned allowed = (tag & 0xE0) == 0x80 ? primitive : (tag & 0xE0) == 0xA0 ? constructed : 0;
    const bool known = ((allowed >> kind) & 1) != 0;
    const bool sized = tag != der_tag::context(ip_address) || name.size() == 4 || name.size() == 16;
    if (!known || !sized) reader.fail(errc::extension_malformed);  // spec: X-010
  }
  reader.leave(outer);
}

NV2_NAMESPACE_END

#endif  // NV2_X509_EXTENSION_HPP
