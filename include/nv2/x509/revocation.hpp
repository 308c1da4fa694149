// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether a certificate can be revoked at all.
// Does: look for the extensions that say whom to ask.
// Does not: ask, or read lists and responses.
#ifndef NV2_X509_REVOCATION_HPP
#define NV2_X509_REVOCATION_HPP

#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/x509/certificate.hpp>

NV2_NAMESPACE_BEGIN

namespace detail {

/// Whether the extension lists an OCSP service; one that cannot be read may list it.
//
//   AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
//   AccessDescription ::= SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName }
inline bool lists_ocsp(bytes extension) noexcept {
  // id-ad-ocsp, 1.3.6.1.5.5.7.48.1
  constexpr std::uint8_t ocsp[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01};
  der_reader outer{extension};
  der_reader list{outer.read(der_tag::sequence)};
  bool found = false;
  while (list.more()) {
    der_reader description{list.read(der_tag::sequence)};
    const bytes method = description.read_oid();
    found = found || description.error() != errc::ok || equal(method, bytes{ocsp});
  }
  return found || outer.finish() != errc::ok || list.finish() != errc::ok;
}

}  // namespace detail

/// Decides what is known of the revocation of `subject` without any revocation data: ok when it names
/// neither an OCSP service nor a list, so that nobody can revoke it; else revocation_unknown, whether
/// what it names can be reached or not. // spec: R-002 R-003 R-004
[[nodiscard]] inline errc check_irrevocable(const certificate& subject) noexcept {
  const bool has_points = subject.crl_distribution_points.data() != nullptr;
  const bool has_access = subject.authority_info_access.data() != nullptr;
  const bool names_source = has_points || subject.has_freshest_crl ||
                            (has_access && detail::lists_ocsp(subject.authority_info_access));
  return names_source ? errc::revocation_unknown : errc::ok;  // spec: R-004
}

NV2_NAMESPACE_END

#endif  // NV2_X509_REVOCATION_HPP
