// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of nv2 attach and nv2 list.
#include <string>
#include <vector>

#include "command.hpp"
#include "option_values.hpp"

namespace client {
namespace {

class attach_command : public command {
 public:
  explicit attach_command(CLI::App& app) : command(app) {
    app.add_option("TARGET", target_,
                   "docker://HOST/REPOSITORY[:TAG|@DIGEST], oci://… or "
                   "oci-layout:DIRECTORY[:TAG|@DIGEST]")
        ->type_name("");
    add_list(app, "-s,-f,--signature", signatures_, "FILE",
             "signature file of TARGET, of any format; repeatable");
    add_single(app, "--format", format_, "NAME",
               "auto, nv2-json, nv2-jwt, jws or cose (default auto: by content)");
    add_list(app, "--compat", compat_, "NAME",
             "named deviation from the rules, repeatable; nv2 help compat lists them");
    add_registry(app, registry_);
    add_color(app, color_);
  }

  request checked() const override {
    const std::string first = signatures_.empty() ? "" : signatures_.front();
    require_flags({{"signature", &first}}, "attach");
    attach_options out;
    out.target = target_;
    out.signatures = signatures_;
    out.format = read_format(format_);
    out.deviations = read_compat(compat_);
    out.color = read_color(color_);
    out.registry = read_registry(registry_, out.color);
    return out;
  }

 private:
  registry_values registry_;
  std::string target_, format_ = "auto", color_ = "auto";
  std::vector<std::string> signatures_, compat_;
};

class list_command : public command {
 public:
  explicit list_command(CLI::App& app) : command(app) {
    app.add_option("TARGET", target_,
                   "docker://HOST/REPOSITORY[:TAG|@DIGEST], oci://… or "
                   "oci-layout:PATH[:TAG|@DIGEST]")
        ->type_name("");
    add_output_form(app, form_);
    add_registry(app, registry_);
    add_color(app, color_);
  }

  request checked() const override {
    list_options out;
    out.target = target_;
    out.output = read_output_form(form_);
    out.color = read_color(color_);
    out.registry = read_registry(registry_, out.color);
    return out;
  }

 private:
  registry_values registry_;
  std::string target_, form_ = "text", color_ = "auto";
};

}  // namespace

std::unique_ptr<command> make_attach_command(CLI::App& parent) {
  return std::make_unique<attach_command>(
      *parent.add_subcommand("attach", "puts signature files beside the artifact that they sign"));
}

std::unique_ptr<command> make_list_command(CLI::App& parent) {
  return std::make_unique<list_command>(
      *parent.add_subcommand("list", "lists the signatures of an artifact, judging nothing"));
}

}  // namespace client
