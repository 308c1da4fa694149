// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// One command in terms of CLI11, and what the commands share.
#ifndef NV2_CLIENT_COMMAND_HPP
#define NV2_CLIENT_COMMAND_HPP

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <CLI/CLI.hpp>

#include "command_line_registry.hpp"
#include "options.hpp"

namespace client {

/// A text to be printed in place of running a command: help, version.
struct print_request {
  std::string text;
};

using request =
    std::variant<print_request, verify_options, explain_options, sign_options, inspect_options,
                 policy_check_options, trust_key_options, bundle_create_options,
                 bundle_show_options, doctor_options, attach_options, list_options, copy_options,
                 batch_options, run_options>;

/// The last value that was typed for `option`, or "".
std::string last_typed(const CLI::App& app, const char* option);

/// A command: declares its options when it is made, and checks their values after CLI11 read them.
class command {
 public:
  command(const command&) = delete;
  command& operator=(const command&) = delete;
  virtual ~command() = default;

  /// What to do. Fails with exit code 2.
  virtual request checked() const = 0;
  /// Whether a failure is to be told as a verdict document if `--output json` was given.
  virtual bool gives_verdict() const { return false; }
  /// Whether what follows -- is a command, which then is given.
  virtual bool takes_command() const { return false; }
  virtual void give_command(const std::vector<std::string>&) {}

  const CLI::App& app() const { return app_; }
  /// The last value that was typed for `option`, or "".
  std::string typed(const char* option) const;

 protected:
  explicit command(CLI::App& app) : app_(app) {}
  CLI::App& app_;
};

// Each adds its command to `parent`, which must outlive it.
std::unique_ptr<command> make_verify_command(CLI::App& parent);
std::unique_ptr<command> make_run_command(CLI::App& parent);
std::unique_ptr<command> make_explain_command(CLI::App& parent);
std::unique_ptr<command> make_sign_command(CLI::App& parent);
std::unique_ptr<command> make_inspect_command(CLI::App& parent);
std::unique_ptr<command> make_policy_command(CLI::App& parent);
std::unique_ptr<command> make_trust_command(CLI::App& parent);
std::unique_ptr<command> make_bundle_command(CLI::App& parent);
std::unique_ptr<command> make_doctor_command(CLI::App& parent);
std::unique_ptr<command> make_attach_command(CLI::App& parent);
std::unique_ptr<command> make_list_command(CLI::App& parent);
std::unique_ptr<command> make_copy_command(CLI::App& parent);
std::unique_ptr<command> make_pull_command(CLI::App& parent);

/// Option values, as they were typed, that verify and sign share.
struct common_values {
  std::string media_type = default_media_type, color = "auto";
  registry_values registry;
  std::vector<std::string> compat;
};

/// An option that may stand once or, as the prototype had it, several times with the last counting.
CLI::Option* add_single(CLI::App& app, const char* names, std::string& value, const char* type,
                        const std::string& help);
/// A repeatable option.
CLI::Option* add_list(CLI::App& app, const char* names, std::vector<std::string>& values,
                      const char* type, const std::string& help);
void add_common(CLI::App& app, common_values& values);
void add_color(CLI::App& app, std::string& value);
void add_output_form(CLI::App& app, std::string& value);
void add_target(CLI::App& app, std::string& value);

/// Fails unless every flag in `needed` (name, value) was given. // spec: N-174
void require_flags(std::initializer_list<std::pair<const char*, const std::string*>> needed,
                   const char* command_name);

}  // namespace client

#endif  // NV2_CLIENT_COMMAND_HPP
