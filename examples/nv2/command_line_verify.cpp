// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of nv2 verify.
#include "command.hpp"
#include "option_values.hpp"
#include "time_text.hpp"

namespace client {
namespace {

class verify_command : public command {
 public:
  // spec: N-169 N-170 N-171
  explicit verify_command(CLI::App& app) : command(app) {
    add_target(app, target_);
    add_single(app, "-s,-f,--signature", signature_, "FILE", "signature file (required)")
        ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
    add_list(app, "-c,--cert", certificates_, "FILE",
             "certificates of signers, trusted as such and as anchors; PEM or DER, repeatable");
    add_list(app, "--ca-cert", ca_certificates_, "FILE",
             "certificates of authorities, trusted as anchors; PEM or DER, repeatable");
    add_single(app, "--format", format_, "NAME", "auto, nv2-json or nv2-jwt (default auto)");
    add_single(app, "--envelope-media-type", envelope_media_type_, "TYPE",
               "declared media type of the signature file");
    add_single(app, "--time", time_, "TIME",
               "what is known of the time: 2026-01-15T12:00:00Z, seconds since 1970, after:TIME or "
               "unknown (default: the system clock)");
    add_output_form(app, form_);
    add_common(app, common_);
  }

  bool gives_verdict() const override { return true; }

  request checked() const override {
    require_flags({{"signature", &signature_}}, "verify");
    verify_options out;
    out.target = target_;
    out.signature = signature_;
    out.certificates = certificates_;
    out.ca_certificates = ca_certificates_;
    out.media_type = common_.media_type;
    out.format = read_format(format_);
    out.envelope_media_type = envelope_media_type_;
    out.time = app_.count("--time") > 0 ? read_time(time_) : system_time();
    out.deviations = read_compat(common_.compat);
    out.output = read_output_form(form_);
    out.color = read_color(common_.color);
    return out;
  }

 private:
  common_values common_;
  std::string target_, signature_, time_, envelope_media_type_, format_ = "auto", form_ = "text";
  std::vector<std::string> certificates_, ca_certificates_;
};

}  // namespace

std::unique_ptr<command> make_verify_command(CLI::App& parent) {
  return std::make_unique<verify_command>(*parent.add_subcommand(
      "verify", "decides whether a signature is trusted over exactly TARGET"));
}

}  // namespace client
