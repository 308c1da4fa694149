// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The certificates that the command line trusts.
#ifndef NV2_CLIENT_TRUST_HPP
#define NV2_CLIENT_TRUST_HPP

#include <string>
#include <utility>
#include <vector>

#include <nv2/x509/anchor.hpp>

#include "file_io.hpp"

namespace client {

/// Owns trusted certificates and lists them as the library wants them.
class trust {
 public:
  trust() = default;
  trust(const trust&) = delete;
  trust& operator=(const trust&) = delete;
  trust(trust&&) = default;
  trust& operator=(trust&&) = default;
  ~trust() = default;

  /// Trusts `der` as a signer and as an anchor. // spec: N-083
  void add_signer(byte_buffer der) { add(std::move(der), nv2::anchor_role::signer); }
  /// Reads --cert and --ca-cert files. // spec: N-170 N-171
  static trust from_files(const std::vector<std::string>& signers,
                          const std::vector<std::string>& authorities);

  nv2::view<nv2::trust_anchor> anchors() const { return {anchors_.data(), anchors_.size()}; }

 private:
  void add(byte_buffer der, nv2::anchor_role role);
  void add_files(const std::vector<std::string>& paths, nv2::anchor_role role);

  std::vector<byte_buffer> certificates_;
  std::vector<nv2::trust_anchor> anchors_;
};

}  // namespace client

#endif  // NV2_CLIENT_TRUST_HPP
