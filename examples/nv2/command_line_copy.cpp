// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of nv2 copy and nv2 pull: those of verify, and where the copy goes.
#include <string>

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
    return out;
  }

 private:
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
