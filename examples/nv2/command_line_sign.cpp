// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of nv2 sign.
#include "command.hpp"
#include "option_values.hpp"

namespace client {
namespace {

class sign_command : public command {
 public:
  // spec: N-161 N-162 N-163 N-164 N-165 N-166
  explicit sign_command(CLI::App& app) : command(app) {
    add_target(app, target_);
    add_single(app, "-m,--method", method_, "NAME", "signing method, x509 (required)");
    add_single(app, "-k,--key", key_, "FILE",
               "private key (required); PEM: PKCS#8, PKCS#1 or SEC1, not encrypted");
    add_single(
        app, "-c,--cert", certificate_, "FILE",
        "certificate of the key and its issuers; without it the signature names the key only");
    add_single(app, "-e,--expiry", expiry_, "DURATION",
               "validity like 8760h or 30m (default 0s = no end)");
    add_list(app, "-r,--reference", references_, "REFERENCE",
             "original reference of the artifact, repeatable");
    add_single(app, "-o,--output", output_, "FILE",
               "where the signature goes (default: the hexadecimal digest and .nv2)");
    add_single(app, "--format", format_, "NAME",
               "nv2-jwt, nv2-json or nv2-json-array (default nv2-jwt)");
    add_common(app, common_);
  }

  request checked() const override {
    require_flags({{"method", &method_}, {"key", &key_}}, "sign");
    check_method(method_);
    sign_options out;
    out.target = target_;
    out.key = key_;
    out.certificates = certificate_;
    out.output = output_;
    out.references = references_;
    out.media_type = common_.media_type;
    out.form = read_envelope_form(format_);
    out.expiry = read_expiry(expiry_);
    out.deviations = read_compat(common_.compat);
    out.color = read_color(common_.color);
    return out;
  }

 private:
  common_values common_;
  std::string target_, method_, key_, certificate_, output_, expiry_ = "0s", format_ = "nv2-jwt";
  std::vector<std::string> references_;
};

}  // namespace

std::unique_ptr<command> make_sign_command(CLI::App& parent) {
  return std::make_unique<sign_command>(
      *parent.add_subcommand("sign", "makes a signature of TARGET"));
}

}  // namespace client
