// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Looks for the extensions that say whom to ask.
#include "revocation_check.hpp"

#include <nv2/codec/der.hpp>
#include <nv2/x509/certificate.hpp>

#include "self_signed.hpp"

namespace client {
namespace {

/// id-ad-ocsp, 1.3.6.1.5.5.7.48.1
constexpr std::uint8_t ocsp[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01};

/// Whether the extension lists an OCSP service; one that cannot be read may list it.
///
///     AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
///     AccessDescription ::= SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName }
bool lists_ocsp(nv2::bytes extension) {
  nv2::der_reader outer{extension};
  nv2::der_reader list{outer.read(nv2::der_tag::sequence)};
  while (list.more()) {
    nv2::der_reader description{list.read(nv2::der_tag::sequence)};
    const nv2::bytes method = description.read_oid();
    if (description.error() != nv2::errc::ok || nv2::equal(method, nv2::bytes{ocsp})) return true;
  }
  return outer.finish() != nv2::errc::ok || list.finish() != nv2::errc::ok;
}

bool names_source(const nv2::certificate& subject) {
  const bool has_points = subject.crl_distribution_points.data() != nullptr;
  const bool has_access = subject.authority_info_access.data() != nullptr;
  return has_points || subject.has_freshest_crl ||
         (has_access && lists_ocsp(subject.authority_info_access));
}

}  // namespace

revocation_result check_revocation(nv2::view<nv2::bytes> certificates) {
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    nv2::certificate parsed;
    const nv2::errc code = nv2::parse_certificate(certificates[i], parsed);
    if (code == nv2::errc::ok && is_self_signed(parsed)) continue;  // spec: R-001
    // spec: R-004
    if (code != nv2::errc::ok || names_source(parsed)) {
      return {nv2::errc::revocation_unknown, static_cast<std::int8_t>(i)};
    }
  }
  return {};
}

}  // namespace client
