// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What certificate extensions hold (RFC 5280 section 4.2).
// Does: name the bits of keyUsage, and check the form of general names.
// Does not: decide what an extension means for trust.
#ifndef NV2_X509_EXTENSION_HPP
#define NV2_X509_EXTENSION_HPP

#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/codec/der.hpp>

NV2_NAMESPACE_BEGIN

/// Bits of the keyUsage extension.
namespace key_usage {
constexpr std::uint16_t digital_signature = 1 << 0, content_commitment = 1 << 1,
                        key_encipherment = 1 << 2, data_encipherment = 1 << 3,
                        key_agreement = 1 << 4, cert_sign = 1 << 5, crl_sign = 1 << 6,
                        encipher_only = 1 << 7, decipher_only = 1 << 8;
}  // namespace key_usage

/// An extension as it stands in a certificate.
struct extension {
  /// Contents of the OBJECT IDENTIFIER.
  bytes id;
  /// What lies in the OCTET STRING.
  bytes value;
  bool critical = false;
};

/// Checks the form of a list of general names; the inside of directory names and of other names is
/// not looked at. Errors: extension_malformed, and those of DER.
//
//   GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName
//   GeneralName ::= CHOICE {
//     otherName [0] OtherName, rfc822Name [1] IA5String, dNSName [2] IA5String,
//     x400Address [3] ORAddress, directoryName [4] Name, ediPartyName [5] EDIPartyName,
//     uniformResourceIdentifier [6] IA5String, iPAddress [7] OCTET STRING,
//     registeredID [8] OBJECT IDENTIFIER }
inline void skip_general_names(der_reader& reader) noexcept {
  constexpr unsigned constructed = 1U << 0 | 1U << 3 | 1U << 4 | 1U << 5;
  constexpr unsigned ip_address = 7, last_choice = 8;
  const der_reader::outer_end outer = reader.enter(der_tag::sequence);
  do {
    const std::uint8_t tag = reader.next_tag();
    const bytes name = reader.read(tag);
    const unsigned choice = tag & 0x1FU;
    const unsigned wanted = 0x80U | (constructed >> choice & 1U) << 5U | choice;
    const bool sized = choice != ip_address || name.size() == 4 || name.size() == 16;
    if (choice > last_choice || tag != wanted || !sized) {
      reader.fail(errc::extension_malformed);  // spec: X-010
    }
  } while (reader.more());
  reader.leave(outer);
}

NV2_NAMESPACE_END

#endif  // NV2_X509_EXTENSION_HPP
