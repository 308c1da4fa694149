// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The library's rules for references, one reference at a time.
#include "reference_check.hpp"

#include <nv2/oci/reference.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/host_name.hpp>

namespace client {

std::optional<refused_reference> find_refused(const std::vector<std::string>& references,
                                              nv2::bytes signer, nv2::compat flags) {
  nv2::certificate names;
  const bool named = nv2::parse_certificate(signer, names) == nv2::errc::ok;
  const bool san_only = nv2::has(flags, nv2::compat::nv2_san_only);
  for (const std::string& text : references) {
    nv2::reference parsed;
    nv2::bytes host;
    nv2::errc code = nv2::check_registry_host(nv2::bytes::of(text), flags, parsed, host);
    if (code == nv2::errc::ok && named) code = nv2::check_host(names, host, san_only);
    if (code != nv2::errc::ok) return refused_reference{text, code};
  }
  return std::nullopt;
}

}  // namespace client
