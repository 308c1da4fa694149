// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Revocation as far as it can be known without any revocation data.
#ifndef NV2_CLIENT_REVOCATION_CHECK_HPP
#define NV2_CLIENT_REVOCATION_CHECK_HPP

#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/errc.hpp>

namespace client {

struct revocation_result {
  /// ok: no certificate can be revoked; revocation_unknown: one can.
  nv2::errc code = nv2::errc::ok;
  /// Its index in the chain, -1 = none.
  std::int8_t certificate = -1;
};

/// Judges the certificates of a signature that was verified. One that names nobody to ask cannot be
/// revoked; of others nothing is known, since nobody is asked in this version. Self-signed ones, of
/// which a verified chain has its root only, are not looked at. // spec: R-001 R-002 R-003 R-004
revocation_result check_revocation(nv2::view<nv2::bytes> certificates);

}  // namespace client

#endif  // NV2_CLIENT_REVOCATION_CHECK_HPP
