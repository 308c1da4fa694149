// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of nv2 copy and nv2 pull: those of verify, and where the copy goes.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "command_line_verify.hpp"
#include "errors.hpp"

namespace client {
namespace {

constexpr const char* unverified_help =
    "copy although nobody looked at the signatures; what is copied is not to be used before it is "
    "verified";

class copy_command : public command {
 public:
  copy_command(CLI::App& app, bool is_pull) : command(app), is_pull_(is_pull), arguments_(app) {
    if (is_pull) {
      add_single(app, "-o,--output-layout", destination_, "DIRECTORY[:TAG]",
                 "layout directory that the artifact goes to, new or not (required)");
    } else {
      app.add_option("DESTINATION", destination_,
                     "docker://HOST/REPOSITORY:TAG or oci-layout:DIRECTORY:TAG")
          ->type_name("");
    }
    app.add_flag("--unverified", unverified_, unverified_help);
  }

  request checked() const override {
    copy_options out;
    out.verified = arguments_.read();
    if (is_pull_) {
      require_flags({{"output-layout", &destination_}}, "pull");
      out.destination = "oci-layout:" + destination_;
    } else if (destination_.empty()) {
      throw failure(exit_code::usage, "no destination given",
                    {next_step("nv2 copy TARGET DESTINATION")});
    } else {
      out.destination = destination_;
    }
    out.is_unverified = unverified_;
    if (unverified_) refuse_demands();
    return out;
  }

 private:
  /// Who says what is trusted means it.
  void refuse_demands() const {
    constexpr std::array<std::string_view, 9> others{
        "--unverified", "--output-layout", "--username", "--password", "--password-stdin",
        "--insecure",   "--offline",       "--timeout",  "--color"};
    for (const CLI::Option* const each : app().get_options()) {
      const std::string name = each->get_name();
      const bool is_demand = name.compare(0, 2, "--") == 0 &&
                             std::find(others.begin(), others.end(), name) == others.end();
      if (each->count() == 0 || !is_demand) continue;
      throw failure(exit_code::usage,
                    fmt::format("--unverified and {} contradict each other", name),
                    {next_step("leave one of them out")});
    }
  }

  bool is_pull_;
  verify_arguments arguments_;
  std::string destination_;
  bool unverified_ = false;
};

}  // namespace

std::unique_ptr<command> make_copy_command(CLI::App& parent) {
  return std::make_unique<copy_command>(
      *parent.add_subcommand("copy", "copies a trusted artifact with its signatures"), false);
}

std::unique_ptr<command> make_pull_command(CLI::App& parent) {
  return std::make_unique<copy_command>(
      *parent.add_subcommand("pull",
                             "gets a trusted artifact with its signatures into a layout directory"),
      true);
}

}  // namespace client
