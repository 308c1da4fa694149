// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of nv2 doctor.
#include "command.hpp"
#include "command_line_registry.hpp"
#include "errors.hpp"
#include "option_values.hpp"

namespace client {
namespace {

class doctor_command : public command {
 public:
  explicit doctor_command(CLI::App& app) : command(app) {
    add_list(app, "--trusted", trusted_, "REFERENCE",
             "an artifact in a registry that must pass, repeatable");
    add_list(app, "--untrusted", untrusted_, "REFERENCE",
             "an artifact in a registry that must not pass, repeatable");
    add_single(app, "--policy", policy_, "FILE", "a trust policy document");
    add_single(app, "--config", config_, "DIR",
               "directory with trust policies and trust stores, as notation has it (default "
               "$NOTATION_CONFIG or ~/.config/notation)");
    add_single(app, "--trust-store", store_, "DIR",
               "directory with the trust stores, x509/TYPE/NAME");
    app.add_flag("--containerd", is_containerd_,
                 "examine what containerd enforces, with its verifiers and their configuration");
    add_single(app, "--bin-dir", bin_dir_, "DIR",
               "where containerd's verifiers lie (default: as its configuration says)");
    add_single(app, "--containerd-config", containerd_config_, "FILE",
               "containerd's configuration (default /etc/containerd/config.toml)");
    add_single(app, "--verifier-config", verifier_config_, "FILE",
               "the configuration of nv2-containerd-verifier (default: where that looks for it)");
    add_registry(app, registry_);
    add_output_form(app, form_);
    add_color(app, color_);
  }

  request checked() const override {
    doctor_options out;
    const bool names_policy = !policy_.empty() || !config_.empty() || !store_.empty();
    const bool names_plugins =
        !bin_dir_.empty() || !containerd_config_.empty() || !verifier_config_.empty();
    if (is_containerd_ && names_policy) {
      refuse("--policy, --config and --trust-store do not go with --containerd",
             "leave them out: the configuration of the verifier names them");
    }
    if (!is_containerd_ && names_plugins) {
      refuse("--bin-dir, --containerd-config and --verifier-config need --containerd",
             "give --containerd too");
    }
    if (!policy_.empty() && store_.empty() && config_.empty()) {
      refuse("--policy needs --trust-store or --config", "tell where the trust stores are");
    }
    out.trusted = trusted_;
    out.untrusted = untrusted_;
    out.trusted_by.policy = policy_;
    out.trusted_by.config = config_;
    out.trusted_by.store = store_;
    out.is_containerd = is_containerd_;
    out.bin_dir = bin_dir_;
    out.containerd_config = containerd_config_;
    out.verifier_config = verifier_config_;
    out.output = read_output_form(form_);
    out.color = read_color(color_);
    out.registry = read_registry(registry_, out.color);
    return out;
  }

 private:
  [[noreturn]] static void refuse(const char* what, const char* next) {
    throw failure(exit_code::usage, what, {next_step(next)});
  }

  std::vector<std::string> trusted_, untrusted_;
  std::string policy_, config_, store_, bin_dir_, containerd_config_, verifier_config_;
  std::string form_ = "text", color_ = "auto";
  bool is_containerd_ = false;
  registry_values registry_;
};

}  // namespace

std::unique_ptr<command> make_doctor_command(CLI::App& parent) {
  return std::make_unique<doctor_command>(*parent.add_subcommand(
      "doctor", "proves that this node lets only trusted artifacts pass, or finds the hole"));
}

}  // namespace client
