// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options by which a target is judged, for all commands that judge one.
#ifndef NV2_CLIENT_COMMAND_LINE_VERIFY_HPP
#define NV2_CLIENT_COMMAND_LINE_VERIFY_HPP

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "options.hpp"

namespace client {

/// Declares them when it is made, and checks their values after CLI11 read them.
class verify_arguments {
 public:
  explicit verify_arguments(CLI::App& app);
  /// Fails with exit code 2.
  verify_options read() const;

 private:
  std::string typed(const char* option) const;
  // spec: N-169 G-020
  void add_signature(CLI::App& app);
  // spec: N-170 N-171
  void add_trust(CLI::App& app);
  // spec: W-040
  void add_quorum(CLI::App& app);
  void add_policy(CLI::App& app);
  // spec: R-002 R-004 R-014
  void add_revocation(CLI::App& app);
  void add_requirements(CLI::App& app);
  bool reads_stdin() const;
  /// A variable of a script that is not set must not take a demand away.
  void refuse_empty(const char* option) const;
  static void refuse_empty_value(const char* option, const std::string& value);
  trust_options checked_trust() const;
  void read_bundle(verify_options& out) const;
  void read_version_rule(verify_options& out) const;
  revocation_options checked_revocation() const;
  /// For a blob the name of the signature file decides, unless an option does. // spec: O-050 O-051
  std::string checked_format() const;

  CLI::App& app_;
  common_values common_;
  std::string target_, time_, envelope_media_type_, format_ = "auto", form_ = "text";
  std::vector<std::string> certificates_, ca_certificates_, sa_certificates_, tsa_certificates_;
  std::vector<std::string> signatures_, identities_, required_, metadata_, understood_;
  std::string threshold_, min_version_, version_key_;
  std::string max_signatures_, level_, policy_, config_, store_, scope_, policy_name_;
  std::vector<std::string> lists_, responses_;
  std::string stale_, cache_, bundle_, floor_;
  bool blob_ = false, offline_ = false;
};

}  // namespace client

#endif  // NV2_CLIENT_COMMAND_LINE_VERIFY_HPP
