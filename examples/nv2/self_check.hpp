// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A signature is read back by the verifier before anybody else gets it.
#ifndef NV2_CLIENT_SELF_CHECK_HPP
#define NV2_CLIENT_SELF_CHECK_HPP

#include <string>
#include <vector>

#include <nv2/base/errc.hpp>

#include "file_io.hpp"
#include "options.hpp"

namespace client {

/// A signature that was just made, with all it should be good for. All of it is borrowed.
struct own_signature {
  const std::string& envelope;
  const byte_buffer& manifest;
  const std::string& media_type;
  const std::vector<byte_buffer>& certificates;
  nv2::bytes public_key_info;
  leniency deviations;
};

/// With certificates: verifies as somebody would who trusts the first of them, at the present time.
/// Without: checks form, signature, key strength and binding, since no certificate tells names and
/// validity. // spec: N-125 N-177
nv2::errc check_own(const own_signature& made);

}  // namespace client

#endif  // NV2_CLIENT_SELF_CHECK_HPP
