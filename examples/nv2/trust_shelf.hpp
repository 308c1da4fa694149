// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Trust for many targets, read once.
#ifndef NV2_CLIENT_TRUST_SHELF_HPP
#define NV2_CLIENT_TRUST_SHELF_HPP

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "options.hpp"
#include "policy_file.hpp"
#include "trust.hpp"

namespace client {

/// Keeps what find_trust() reads, for targets that differ in nothing but the target, the signature, the
/// scope and the name of the statement: every file is read when it is first needed, and no more after
/// that, so that all targets are judged by the same. For several threads at a time.
class trust_shelf {
 public:
  trust_shelf() = default;
  trust_shelf(const trust_shelf&) = delete;
  trust_shelf& operator=(const trust_shelf&) = delete;

  /// As find_trust(), whose failures it has.
  trust find(const verify_options& options);

 private:
  const policy_file& document(const verify_options& options);
  trust read(const verify_options& options, const nv2::policy_statement* statement);

  std::mutex lock_;
  std::unique_ptr<const policy_file> document_;
  /// By statement; null = the command line says who is trusted.
  std::map<const nv2::policy_statement*, trust> known_;
  std::optional<revocation_files> revocation_;
};

}  // namespace client

#endif  // NV2_CLIENT_TRUST_SHELF_HPP
