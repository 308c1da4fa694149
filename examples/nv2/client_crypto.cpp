// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "client_crypto.hpp"

#include <cstring>

#include <nv2/base/workspace.hpp>

#include "errors.hpp"

namespace client {

sha256_value sha256_of(nv2::bytes data) {
  nv2::static_workspace<512> memory;
  nv2::bytes digest;
  if (nv2::hash_bytes(client_crypto, nv2::hash_algorithm::sha256, data, memory, digest) !=
      nv2::errc::ok) {
    throw failure(exit_code::unavailable, "the crypto library failed");
  }
  sha256_value out;
  std::memcpy(out.data(), digest.data(), out.size());
  return out;
}

}  // namespace client
