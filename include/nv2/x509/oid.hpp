// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Object identifiers and algorithm identifiers by name.
// Does: recognise what decides how a certificate is read, in one small table of byte patterns.
// Does not: print or parse dotted text.
#ifndef NV2_X509_OID_HPP
#define NV2_X509_OID_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>

NV2_NAMESPACE_BEGIN

/// Contents of OBJECT IDENTIFIERs, for equal() and has_purpose().
namespace oid {
inline constexpr std::uint8_t common_name[] = {0x55, 0x04, 0x03};
inline constexpr std::uint8_t any_purpose[] = {0x55, 0x1D, 0x25, 0x00};
inline constexpr std::uint8_t server_auth[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01};
inline constexpr std::uint8_t client_auth[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02};
inline constexpr std::uint8_t code_signing[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03};
inline constexpr std::uint8_t email_protection[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04};
inline constexpr std::uint8_t time_stamping[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08};
inline constexpr std::uint8_t ocsp_signing[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09};
}  // namespace oid

namespace detail {

// In a pattern: the byte that tells the members of a family apart.
inline constexpr std::uint8_t any_member = 0xFF;

/// What certificates are searched for, each after its size: contents of the OBJECT IDENTIFIER of an
/// extension (0, 1) or of an AlgorithmIdentifier (the others).
// clang-format off
inline constexpr std::uint8_t known_patterns[] = {
    // 0: extensions under 2.5.29
    3, 0x55, 0x1D, any_member,
    // 1: extensions under 1.3.6.1.5.5.7.1
    8, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, any_member,
    // 2: PKCS#1 (1.2.840.113549.1.1) with NULL
    13, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, any_member, 0x05, 0x00,
    // 3: PKCS#1 without parameters
    11, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, any_member,
    // 4: ECDSA with SHA-2 (1.2.840.10045.4.3) without parameters
    10, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, any_member,
    // 5: id-ecPublicKey (1.2.840.10045.2.1) on a curve under 1.2.840.10045.3.1
    19, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
        0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, any_member,
    // 6: id-ecPublicKey on a curve under 1.3.132.0
    16, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
        0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, any_member,
    // 7: SHA-2 (2.16.840.1.101.3.4.2) with NULL
    13, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, any_member, 0x05, 0x00,
    // 8: SHA-2 without parameters
    11, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, any_member,
    // end
    0};
// clang-format on

/// The number of a pattern, then the member of the family. Most members have no name here.
enum class known : std::uint16_t {
  none = 0,
  key_usage = 15,
  subject_alt_name = 17,
  basic_constraints = 19,
  crl_number = 20,
  reason_code = 21,
  invalidity_date = 24,
  delta_crl_indicator = 27,
  issuing_distribution_point = 28,
  name_constraints = 30,
  crl_distribution_points = 31,
  ext_key_usage = 37,
  freshest_crl = 46,
  authority_info_access = 0x0101,
  rsa_encryption = 0x0201,
  sha256_with_rsa = 0x020B,
  rsa_encryption_without_null = 0x0301,
  mgf1_without_parameters = 0x0308,
  rsassa_pss_without_parameters = 0x030A,
  sha256_with_rsa_without_null = 0x030B,
  ecdsa_with_sha256 = 0x0402,
  p256 = 0x0507,
  p384 = 0x0622,
  p521 = 0x0623,
  sha256 = 0x0701,
  sha256_without_null = 0x0801,
};

/// Which pattern `value` follows exactly. The result may have no name, but never a wrong one.
inline known find_known(const bytes& value) noexcept {
  const std::uint8_t* pattern = known_patterns;
  for (unsigned number = 0; *pattern != 0; ++number) {
    const std::size_t size = *pattern++;
    unsigned member = 0;
    std::size_t i = value.size() == size ? 0 : size + 1;
    for (; i < size; ++i) {
      if (pattern[i] == any_member) {
        member = value[i];
      } else if (value[i] != pattern[i]) {
        break;
      }
    }
    if (i == size) return static_cast<known>(number * 256 + member);
    pattern += size;
  }
  return known::none;
}

}  // namespace detail

NV2_NAMESPACE_END

#endif  // NV2_X509_OID_HPP
