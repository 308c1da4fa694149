// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Certificate files to trust anchors.
#include "trust.hpp"

#include <utility>

#include "certificate_files.hpp"

namespace client {

void trust::add(byte_buffer der, nv2::anchor_role role) {
  // Moving a vector keeps its memory, so views of earlier certificates stay good.
  certificates_.push_back(std::move(der));
  anchors_.push_back({view_of(certificates_.back()), role});
}

void trust::add_files(const std::vector<std::string>& paths, nv2::anchor_role role) {
  for (const std::string& path : paths) {
    for (byte_buffer& der : read_certificates(path, exit_code::usage)) add(std::move(der), role);
  }
}

trust trust::from_files(const std::vector<std::string>& signers,
                        const std::vector<std::string>& authorities) {
  trust out;
  out.add_files(signers, nv2::anchor_role::signer);
  out.add_files(authorities, nv2::anchor_role::ca);
  return out;
}

}  // namespace client
