// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of nv2 inspect.
#include "command.hpp"
#include "errors.hpp"
#include "option_values.hpp"

namespace client {
namespace {

class inspect_command : public command {
 public:
  explicit inspect_command(CLI::App& app) : command(app) {
    app.add_option("FILE", file_,
                   "signature file, - = standard input; or docker://HOST/REPOSITORY:TAG or "
                   "oci-layout:PATH:TAG, an artifact with its signatures")
        ->type_name("");
    add_output_form(app, form_);
    add_registry(app, registry_);
    add_color(app, color_);
  }

  request checked() const override {
    if (file_.empty()) {
      throw failure(exit_code::usage, "no signature file given", {next_step("nv2 inspect FILE")});
    }
    inspect_options out;
    out.file = file_;
    out.output = read_output_form(form_);
    out.color = read_color(color_);
    out.registry = read_registry(registry_, out.color, file_ == "-");
    return out;
  }

 private:
  registry_values registry_;
  std::string file_, form_ = "text", color_ = "auto";
};

}  // namespace

std::unique_ptr<command> make_inspect_command(CLI::App& parent) {
  return std::make_unique<inspect_command>(
      *parent.add_subcommand("inspect", "shows what is in signatures, judging nothing"));
}

}  // namespace client
