// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Certificates that vouch for themselves.
#ifndef NV2_CLIENT_SELF_SIGNED_HPP
#define NV2_CLIENT_SELF_SIGNED_HPP

#include <nv2/base/workspace.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/link.hpp>

#include "client_crypto.hpp"

namespace client {

/// Whether the certificate's own key signed it, whatever its names are. // spec: S-010
inline bool is_self_signed(const nv2::certificate& subject) {
  nv2::static_workspace<4096> memory;
  return nv2::verify_link(subject, subject.key, client_crypto, memory) == nv2::errc::ok;
}

}  // namespace client

#endif  // NV2_CLIENT_SELF_SIGNED_HPP
