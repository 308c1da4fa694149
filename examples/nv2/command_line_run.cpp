// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 run-if-trusted TARGET … -- COMMAND …
#include <utility>

#include "command.hpp"
#include "command_line_verify.hpp"
#include "errors.hpp"
#include "target.hpp"

namespace client {
namespace {

[[noreturn]] void refuse(const char* what, const char* next) {
  throw failure(exit_code::usage, what, {next_step(next)});
}

class run_command : public command {
 public:
  explicit run_command(CLI::App& app) : command(app), arguments_(app) {
    app.add_flag(
        "--allow-skipped", allows_skipped_,
        "run the command also where the policy skips verification, or lets pass whoever signed");
    app.footer(
        "-- COMMAND ARGUMENT... ends the options. In its arguments {} stands for the name that was "
        "verified, host/repository@digest, and {digest} for the digest alone. The exit code is "
        "that "
        "of COMMAND, 126 or 127 when it cannot be run, or 1, 2, 3 when TARGET is not trusted.");
  }
  bool takes_command() const override { return true; }
  void give_command(const std::vector<std::string>& words) override { words_ = words; }

  request checked() const override {
    if (words_.empty() || words_.front().empty()) {
      refuse("there is no command", "write -- COMMAND ARGUMENT... at the end");
    }
    if (words_.front().find("{}") != std::string::npos) {
      refuse("the command itself cannot be {}", "name a program after --");
    }
    if (app_.count("--output") != 0) {
      refuse("--output: standard output belongs to the command",
             "nv2 verify --output json tells the verdict");
    }
    run_options out;
    out.allows_skipped = allows_skipped_;
    out.command = words_;
    const std::string target = typed("TARGET");
    const auto layout = find_layout_target(target);
    if (target.empty() || (layout && layout->path == "-")) {
      refuse("TARGET must be named: standard input belongs to the command",
             "give TARGET before --");
    }
    out.verified = arguments_.read();
    return out;
  }

 private:
  verify_arguments arguments_;
  std::vector<std::string> words_;
  bool allows_skipped_ = false;
};

}  // namespace

std::unique_ptr<command> make_run_command(CLI::App& parent) {
  return std::make_unique<run_command>(*parent.add_subcommand(
      "run-if-trusted", "runs a command with TARGET, pinned to its digest, if it is trusted"));
}

}  // namespace client
