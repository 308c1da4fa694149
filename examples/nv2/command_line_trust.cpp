// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of nv2 trust.
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "acquisition_file.hpp"
#include "command.hpp"
#include "errors.hpp"
#include "option_values.hpp"

namespace client {
namespace {

constexpr const char* acquire_help =
    "acquire.json in the configuration directory says where keys can be had:\n"
    "  {\"schema\": \"nv2.acquire/1\", \"keys\": [{\"prefix\": \"docker.io/wabbit-networks\",\n"
    "    \"url\": \"https://wabbit-networks.example/key.pem\", \"store\": \"ca:wabbit-networks\",\n"
    "    \"sha256\": \"(may be left out)\"}]}";

class trust_command : public command {
 public:
  explicit trust_command(CLI::App& app) : command(app) {
    app.add_option("ACTION", action_, "add, list or remove")->type_name("");
    app.add_option("NAME", name_,
                   "add: a reference, or the beginning of one, that acquire.json has an entry for; "
                   "remove: a store, TYPE:NAME")
        ->type_name("");
    add_single(app, "--from", source_, "SOURCE",
               "file or address of a certificate, PEM or DER (default: that of acquire.json)");
    add_single(app, "--store", store_, "TYPE:NAME",
               "trust store that it goes to (default: that of acquire.json)");
    add_single(app, "--sha256", sha256_, "HEX", "the one certificate that may be added or removed");
    add_single(app, "--config", config_, "DIR",
               "directory with trust policies and trust stores, as notation has it (default "
               "$NOTATION_CONFIG or ~/.config/notation)");
    app.add_flag("--offline", offline_, "get nothing from the network");
    app.add_flag("--insecure", insecure_, "take what comes by http without a pin");
    app.add_flag("-y,--yes", yes_, "do not ask");
    add_output_form(app, form_);
    add_color(app, color_);
    app.footer(acquire_help);
  }

  request checked() const override {
    trust_key_options out;
    out.what = read_action();
    out.name = name_;
    const bool needs_name = out.what != trust_action::list;
    if (needs_name == name_.empty()) {
      throw failure(exit_code::usage, needs_name ? "no name given" : "list takes no name",
                    {next_step("nv2 trust --help")});
    }
    check_values();
    if (out.what != trust_action::add) refuse({"--from", "--store", "--offline", "--insecure"});
    if (out.what == trust_action::list) refuse({"--sha256", "--yes"});
    out.source = source_;
    out.store = store_;
    out.config = config_;
    if (app_.count("--sha256") > 0) {
      out.sha256 = normalised_sha256(sha256_);
      if (out.sha256.empty()) {
        throw failure(exit_code::usage, "the value of --sha256 is not 64 hexadecimal digits",
                      {next_step("openssl x509 -fingerprint -sha256 shows that of a certificate")});
      }
    }
    out.offline = offline_;
    out.insecure = insecure_;
    out.yes = yes_;
    out.output = read_output_form(form_);
    out.color = read_color(color_);
    return out;
  }

 private:
  trust_action read_action() const {
    if (action_ == "add") return trust_action::add;
    if (action_ == "list") return trust_action::list;
    if (action_ == "remove") return trust_action::remove;
    throw failure(exit_code::usage,
                  action_.empty() ? "no action given" : "unknown action: " + action_,
                  {next_step("nv2 trust add NAME, nv2 trust list, or nv2 trust remove TYPE:NAME")});
  }

  /// A variable of a script that is not set must not mean the default.
  void check_values() const {
    const std::pair<const char*, const std::string*> values[] = {
        {"--from", &source_}, {"--store", &store_}, {"--config", &config_}};
    for (const auto& [option, value] : values) {
      if (app_.count(option) == 0 || !value->empty()) continue;
      throw failure(exit_code::usage, fmt::format("the value of {} is empty", option),
                    {next_step("leave the option out, or give it a value")});
    }
  }
  /// Ignored, they would let the action do more than was meant.
  void refuse(std::initializer_list<const char*> options) const {
    for (const char* const option : options) {
      if (app_.count(option) == 0) continue;
      throw failure(exit_code::usage, fmt::format("{} is not for nv2 trust {}", option, action_),
                    {next_step("leave it out")});
    }
  }

  std::string action_, name_, source_, store_, sha256_, config_, form_ = "text", color_ = "auto";
  bool offline_ = false, insecure_ = false, yes_ = false;
};

}  // namespace

std::unique_ptr<command> make_trust_command(CLI::App& parent) {
  return std::make_unique<trust_command>(*parent.add_subcommand(
      "trust", "trust add, list, remove: the certificates in the trust stores"));
}

}  // namespace client
