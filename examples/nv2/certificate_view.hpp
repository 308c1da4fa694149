// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What stands in a certificate, for people. Decides nothing.
#ifndef NV2_CLIENT_CERTIFICATE_VIEW_HPP
#define NV2_CLIENT_CERTIFICATE_VIEW_HPP

#include <optional>
#include <string>
#include <vector>

#include <nv2/base/bytes.hpp>
#include <nv2/base/time.hpp>

namespace client {

struct certificate_view {
  /// Of the DER bytes; known even when they are no certificate.
  std::string sha256;
  bool readable = false;
  std::string subject, issuer, serial, key, signed_with;
  /// The fingerprint that the prototype calls `kid`.
  std::string kid;
  std::optional<nv2::unix_time> not_before, not_after;
  /// "DNS:…", "IP:…" and so on.
  std::vector<std::string> names;
  std::vector<std::string> key_usage, purposes;
  bool is_ca = false, self_issued = false;
};

certificate_view view_certificate(nv2::bytes der);

/// "CN=…,O=…" of `der`, or "a certificate that cannot be read".
std::string subject_of(nv2::bytes der);

/// The prototype's key fingerprint of a SubjectPublicKeyInfo.
std::string key_fingerprint(nv2::bytes public_key_info);

}  // namespace client

#endif  // NV2_CLIENT_CERTIFICATE_VIEW_HPP
