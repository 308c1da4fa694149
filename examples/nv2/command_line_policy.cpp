// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of nv2 policy.
#include "command.hpp"
#include "errors.hpp"
#include "option_values.hpp"

namespace client {
namespace {

class policy_command : public command {
 public:
  explicit policy_command(CLI::App& app) : command(app) {
    app.add_option("ACTION", action_, "check")->type_name("");
    app.add_option("FILE", files_, "trust policy documents (default: those of the configuration)")
        ->type_name("");
    add_single(app, "--config", config_, "DIR",
               "directory with trust policies and trust stores, as notation has it (default "
               "$NOTATION_CONFIG or ~/.config/notation)");
    add_single(app, "--trust-store", store_, "DIR",
               "directory with the trust stores, x509/TYPE/NAME, which are checked too");
    add_single(app, "--kind", kind_, "KIND",
               "oci or blob (default: by the name of the file, or else by its content)");
    add_list(app, "--compat", compat_, "NAME",
             "named deviation from the rules, repeatable; nv2 help compat lists them");
    add_output_form(app, form_);
    add_color(app, color_);
  }

  request checked() const override {
    if (action_ != "check") {
      throw failure(exit_code::usage,
                    action_.empty() ? "no action given" : "unknown action: " + action_,
                    {next_step("nv2 policy check [FILE]...")});
    }
    policy_check_options out;
    out.files = files_;
    out.config = config_;
    out.store = store_;
    if (app_.count("--kind") > 0) out.kind = read_policy_kind(kind_);
    out.deviations = read_compat(compat_);
    out.output = read_output_form(form_);
    out.color = read_color(color_);
    return out;
  }

 private:
  std::string action_, config_, store_, kind_, form_ = "text", color_ = "auto";
  std::vector<std::string> files_, compat_;
};

}  // namespace

std::unique_ptr<command> make_policy_command(CLI::App& parent) {
  return std::make_unique<policy_command>(*parent.add_subcommand(
      "policy", "policy check: tells what is wrong with trust policies and trust stores"));
}

}  // namespace client
