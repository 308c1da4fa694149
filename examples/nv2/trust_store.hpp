// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Trust stores: directories of certificates, as notation lays them out.
#ifndef NV2_CLIENT_TRUST_STORE_HPP
#define NV2_CLIENT_TRUST_STORE_HPP

#include <string>
#include <vector>

#include <nv2/trust/policy_statement.hpp>
#include <nv2/x509/anchor.hpp>

#include "file_io.hpp"

namespace client {

struct stored_certificate {
  std::string path;
  byte_buffer der;
};

/// A store as it was found.
struct trust_store {
  nv2::anchor_role type = nv2::anchor_role::ca;
  /// "ca:acme"
  std::string name;
  std::string path;
  /// A store that is not there is an empty one: whoever needs it fails. // spec: S-011
  bool exists = false;
  std::vector<stored_certificate> certificates;
};

/// Reads the store `wanted` below `root`, a directory that holds TYPE/NAME/FILE: PEM or DER
/// certificates, whose dates are not looked at. What should not be there ends with exit code 2, what
/// cannot be read with 3. Files come in the order of their names. Intermediate authorities may be
/// there, and then are trusted as roots are.
/// // spec: S-003 S-004 S-005 S-006 S-007 S-010 S-011 S-012 S-013 S-021
trust_store read_trust_store(const std::string& root, nv2::store_name wanted);

/// The certificates in the content of a file for the store `name` of the type, which `path` names in
/// messages; what a store of that type may not have ends with exit code 2.
/// // spec: S-007 S-010 S-012
std::vector<stored_certificate> check_store_file(nv2::anchor_role type, const std::string& name,
                                                 const std::string& path, byte_buffer content);

/// "signingAuthority": what policies and directories call the type.
const char* store_type_name(nv2::anchor_role type);

}  // namespace client

#endif  // NV2_CLIENT_TRUST_STORE_HPP
