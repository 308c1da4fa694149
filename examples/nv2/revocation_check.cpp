// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The certificates of a signature, one by one.
#include "revocation_check.hpp"

#include <nv2/x509/certificate.hpp>
#include <nv2/x509/revocation.hpp>

#include "self_signed.hpp"

namespace client {

revocation_result check_revocation(nv2::view<nv2::bytes> certificates) {
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    nv2::certificate parsed;
    const nv2::errc code = nv2::parse_certificate(certificates[i], parsed);
    if (code == nv2::errc::ok && is_self_signed(parsed)) continue;  // spec: R-001
    if (code != nv2::errc::ok || nv2::check_irrevocable(parsed) != nv2::errc::ok) {
      return {nv2::errc::revocation_unknown, static_cast<std::int8_t>(i)};
    }
  }
  return {};
}

}  // namespace client
