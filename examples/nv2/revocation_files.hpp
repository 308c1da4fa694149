// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Revocation lists and OCSP responses that a verdict may use.
#ifndef NV2_CLIENT_REVOCATION_FILES_HPP
#define NV2_CLIENT_REVOCATION_FILES_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <nv2/trust/revocation.hpp>

#include "file_io.hpp"
#include "options.hpp"

namespace client {

/// Where a list that lies at an address was looked for at last.
enum class list_search : std::uint8_t { nowhere, cache, network };

/// What servers of revocation lists answered, for whoever asks the same ones again; for several threads at a
/// time. Lists beyond a limit are not kept.
class fetched_lists {
 public:
  struct answer {
    /// Empty = there was none, for the reason that `note` tells.
    byte_buffer list;
    std::string note;
  };
  /// What came from `address`, null = it was not asked.
  std::shared_ptr<const answer> find(const std::string& address) const;
  void keep(const std::string& address, answer what);

 private:
  mutable std::mutex lock_;
  std::map<std::string, std::shared_ptr<const answer>> kept_;
  std::size_t size_ = 0;
};

/// Owns revocation data, and lends it to the library. A copy costs no copies of the data.
class revocation_files {
 public:
  revocation_files() = default;
  /// Reads the files that `options` name. Fails with exit code 2 when one is no list or response.
  explicit revocation_files(const revocation_options& options);

  void add_list(byte_buffer der);
  void add_response(byte_buffer der);
  /// How far the search for the list at `address` got, to be written by who goes on.
  list_search& search(const std::string& address) { return searches_[address]; }
  /// What servers answered to anybody who has a copy of this.
  fetched_lists& fetched() const { return *fetched_; }
  /// How long servers of lists took, to be written by who asks them.
  std::chrono::steady_clock::duration& time_taken() { return time_taken_; }
  /// All of it, as long as nothing is added.
  nv2::revocation_data data() const;

 private:
  void read_lists(const std::string& path);

  void keep(byte_buffer der, std::vector<nv2::bytes>& list);

  // Copies have it in common, so that all their views stay good.
  std::vector<std::shared_ptr<const byte_buffer>> kept_;
  std::vector<nv2::bytes> lists_, responses_;
  std::map<std::string, list_search> searches_;
  std::chrono::steady_clock::duration time_taken_{};
  std::shared_ptr<fetched_lists> fetched_ = std::make_shared<fetched_lists>();
  nv2::stale_rule stale_ = nv2::stale_rule::strict;
  std::uint32_t grace_seconds_ = 0;
};

}  // namespace client

#endif  // NV2_CLIENT_REVOCATION_FILES_HPP
