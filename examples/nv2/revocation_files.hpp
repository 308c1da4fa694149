// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Revocation lists and OCSP responses that a verdict may use.
#ifndef NV2_CLIENT_REVOCATION_FILES_HPP
#define NV2_CLIENT_REVOCATION_FILES_HPP

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nv2/trust/revocation.hpp>

#include "file_io.hpp"
#include "options.hpp"

namespace client {

/// Where a list that lies at an address was looked for at last.
enum class list_search : std::uint8_t { nowhere, cache, network };

/// Owns revocation data, and lends it to the library.
class revocation_files {
 public:
  revocation_files() = default;
  /// Reads the files that `options` name. Fails with exit code 2 when one is no list or response.
  explicit revocation_files(const revocation_options& options);

  void add_list(byte_buffer der);
  void add_response(byte_buffer der);
  /// How far the search for the list at `address` got, to be written by who goes on.
  list_search& search(const std::string& address) { return searches_[address]; }
  /// All of it, as long as nothing is added.
  nv2::revocation_data data() const;

 private:
  void read_lists(const std::string& path);

  // Moving a vector keeps its memory, so views of earlier elements stay good.
  std::vector<byte_buffer> kept_;
  std::vector<nv2::bytes> lists_, responses_;
  std::map<std::string, list_search> searches_;
  nv2::stale_rule stale_ = nv2::stale_rule::strict;
  std::uint32_t grace_seconds_ = 0;
};

}  // namespace client

#endif  // NV2_CLIENT_REVOCATION_FILES_HPP
