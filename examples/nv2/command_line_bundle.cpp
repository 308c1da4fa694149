// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of nv2 bundle.
#include <fmt/format.h>

#include "command.hpp"
#include "errors.hpp"
#include "option_values.hpp"
#include "target.hpp"

namespace client {
namespace {

class bundle_command : public command {
 public:
  explicit bundle_command(CLI::App& app) : command(app) {
    app.add_option("ACTION", action_, "create or show")->type_name("");
    app.add_option("TARGET", target_,
                   "create: the artifact, file:PATH; or docker://HOST/REPOSITORY[:TAG|@DIGEST] or "
                   "oci-layout:PATH[:TAG|@DIGEST] for one with all its signatures; none = the "
                   "bundle does not tell. show: the bundle")
        ->type_name("");
    add_single(app, "-o,--output", output_, "FILE",
               "create: where the bundle goes (required). show: what is printed, text or json "
               "(default text)");
    add_list(app, "-s,-f,--signature", signatures_, "FILE",
             "create: signature file, or a target that leads to the manifest of one, repeatable; "
             "with their timestamps and certificates inside");
    add_list(app, "--crl", lists_, "FILE", "create: revocation lists, PEM or DER, repeatable");
    add_list(app, "--ocsp", responses_, "FILE", "create: OCSP response, DER, repeatable");
    add_single(app, "--policy", policy_, "FILE",
               "create: trust policy document to go with it, which no verifier believes");
    add_single(app, "--counter", counter_, "N",
               "create: number that rises with every bundle of the same line (default 0)");
    add_single(app, "--reference", reference_, "REFERENCE",
               "create: where TARGET is said to come from");
    add_single(app, "--media-type", media_type_, "TYPE",
               fmt::format("create: media type of a TARGET file (default {})", default_media_type));
    add_single(app, "--extract-policy", extracted_, "FILE",
               "show: where the trust policy document in the bundle goes, to be read by you");
    add_registry(app, registry_);
    add_color(app, color_);
  }

  request checked() const override {
    if (action_ == "create") return checked_create();
    if (action_ == "show") return checked_show();
    throw failure(exit_code::usage,
                  action_.empty() ? "no action given" : "unknown action: " + action_,
                  {next_step("nv2 bundle create -o FILE TARGET, or nv2 bundle show FILE")});
  }

 private:
  request checked_create() const {
    require_flags({{"output", &output_}}, "bundle");
    refuse({"--extract-policy"}, "show");
    bundle_create_options out;
    out.target = target_;
    out.output = output_;
    out.signatures = signatures_;
    out.lists = lists_;
    out.responses = responses_;
    out.policy = policy_;
    out.reference = reference_;
    out.media_type = media_type_;
    out.names_media_type = app_.count("--media-type") > 0;
    if (app_.count("--counter") > 0) out.counter = read_counter("--counter", counter_);
    out.color = read_color(color_);
    out.registry = read_registry(registry_, out.color, reads_stdin());
    if (target_.empty() && (!reference_.empty() || out.names_media_type)) {
      throw failure(exit_code::usage, "--reference and --media-type are about TARGET",
                    {next_step("give a TARGET, or leave them out")});
    }
    return out;
  }
  request checked_show() const {
    refuse(
        {"--signature", "--crl", "--ocsp", "--policy", "--counter", "--reference", "--media-type",
         "--username", "--password", "--password-stdin", "--insecure", "--timeout"},
        "create");
    if (target_.empty()) {
      throw failure(exit_code::usage, "no bundle given", {next_step("nv2 bundle show FILE")});
    }
    bundle_show_options out;
    out.file = target_;
    out.extracted_policy = extracted_;
    if (!output_.empty()) out.output = read_output_form(output_);
    out.color = read_color(color_);
    return out;
  }
  bool reads_stdin() const {
    const auto in_layout = find_layout_target(target_);
    return in_layout && in_layout->path == "-";
  }
  /// Fails when an option was given that is one of the other action.
  void refuse(std::initializer_list<const char*> options, const char* other) const {
    for (const char* const option : options) {
      if (app_.count(option) == 0) continue;
      throw failure(exit_code::usage,
                    fmt::format("{} is for nv2 bundle {}, not for {}", option, other, action_),
                    {next_step("leave it out")});
    }
  }

  registry_values registry_;
  std::string action_, target_, output_, policy_, counter_, reference_, extracted_;
  std::string media_type_ = default_media_type, color_ = "auto";
  std::vector<std::string> signatures_, lists_, responses_;
};

}  // namespace

std::unique_ptr<command> make_bundle_command(CLI::App& parent) {
  return std::make_unique<bundle_command>(*parent.add_subcommand(
      "bundle", "bundle create, bundle show: everything about an artifact in one file"));
}

}  // namespace client
