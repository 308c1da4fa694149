// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The commands in terms of CLI11.
#include "command_line.hpp"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nv2/base/config.hpp>

#include "arguments.hpp"
#include "errors.hpp"
#include "option_values.hpp"
#include "time_text.hpp"

namespace client {
namespace {

constexpr const char* description =
    "Verifies and makes Notary v2 signatures of container manifests.\n"
    "Without TARGET the manifest is read from standard input.";

constexpr const char* footer =
    "Exit codes:\n"
    "  0  trusted, or done\n"
    "  1  judged and refused: do not run the artifact\n"
    "  2  the command line or a certificate that is to be trusted is wrong\n"
    "  3  something could not be had: a file, memory";

/// Option values as they were typed.
struct raw_values {
  std::string target, color = "auto", form = "text", media_type = default_media_type;
  std::string username, password;
  bool insecure = false;
  std::vector<std::string> compat;
  // verify
  std::string signature, time, envelope_media_type, accepted_format = "auto";
  std::vector<std::string> certificates, ca_certificates;
  // sign
  std::string method, key, certificate, expiry = "0s", output, written_format = "nv2-jwt";
  std::vector<std::string> references;
  // help
  std::string topic;
};

/// An option that may stand once or, as the prototype had it, several times with the last counting.
CLI::Option* add_single(CLI::App& app, const char* names, std::string& value, const char* type,
                        const std::string& help) {
  return app.add_option(names, value, help)->type_name(type)->take_last();
}

CLI::Option* add_list(CLI::App& app, const char* names, std::vector<std::string>& values,
                      const char* type, const std::string& help) {
  return app.add_option(names, values, help)->type_name(type)->allow_extra_args(false);
}

void add_common(CLI::App& app, raw_values& values) {
  add_single(app, "--media-type", values.media_type, "TYPE",
             fmt::format("media type of the manifest (default {})", default_media_type));
  add_list(app, "--compat", values.compat, "NAME",
           "named deviation from the rules, repeatable; nv2 help compat lists them");
  add_single(app, "-u,--username", values.username, "NAME",
             "for registries, unused in this version");
  add_single(app, "-p,--password", values.password, "TEXT",
             "for registries, unused in this version");
  // spec: N-167
  app.add_flag("--insecure", values.insecure, "for registries, unused in this version");
}

void add_color(CLI::App& app, raw_values& values) {
  add_single(app, "--color", values.color, "WHEN", "auto, always or never (default auto)");
}

void add_target(CLI::App& app, raw_values& values) {
  app.add_option("TARGET", values.target,
                 "file:PATH or file:///ABSOLUTE/PATH; none = the manifest on standard input")
      ->type_name("");
}

// spec: N-169 N-170 N-171
CLI::App* add_verify(CLI::App& app, raw_values& values) {
  CLI::App* const out =
      app.add_subcommand("verify", "decides whether a signature is trusted over exactly TARGET");
  add_target(*out, values);
  add_single(*out, "-s,-f,--signature", values.signature, "FILE", "signature file (required)")
      ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  add_list(*out, "-c,--cert", values.certificates, "FILE",
           "certificates of signers, trusted as such and as anchors; PEM or DER, repeatable");
  add_list(*out, "--ca-cert", values.ca_certificates, "FILE",
           "certificates of authorities, trusted as anchors; PEM or DER, repeatable");
  add_single(*out, "--format", values.accepted_format, "NAME",
             "auto, nv2-json or nv2-jwt (default auto)");
  add_single(*out, "--envelope-media-type", values.envelope_media_type, "TYPE",
             "declared media type of the signature file");
  add_single(*out, "--time", values.time, "TIME",
             "what is known of the time: 2026-01-15T12:00:00Z, seconds since 1970, after:TIME or "
             "unknown (default: the system clock)");
  add_single(*out, "--output", values.form, "FORM", "what is printed: text or json (default text)");
  add_common(*out, values);
  add_color(*out, values);
  return out;
}

// spec: N-161 N-162 N-163 N-164 N-165 N-166
CLI::App* add_sign(CLI::App& app, raw_values& values) {
  CLI::App* const out = app.add_subcommand("sign", "makes a signature of TARGET");
  add_target(*out, values);
  add_single(*out, "-m,--method", values.method, "NAME", "signing method, x509 (required)");
  add_single(*out, "-k,--key", values.key, "FILE",
             "private key (required); PEM: PKCS#8, PKCS#1 or SEC1, not encrypted");
  add_single(*out, "-c,--cert", values.certificate, "FILE",
             "certificate of the key and its issuers; without it the signature names the key only");
  add_single(*out, "-e,--expiry", values.expiry, "DURATION",
             "validity like 8760h or 30m (default 0s = no end)");
  add_list(*out, "-r,--reference", values.references, "REFERENCE",
           "original reference of the artifact, repeatable");
  add_single(*out, "-o,--output", values.output, "FILE",
             "where the signature goes (default: the hexadecimal digest and .nv2)");
  add_single(*out, "--format", values.written_format, "NAME",
             "nv2-jwt, nv2-json or nv2-json-array (default nv2-jwt)");
  add_common(*out, values);
  add_color(*out, values);
  return out;
}

CLI::App* add_inspect(CLI::App& app, raw_values& values) {
  CLI::App* const out =
      app.add_subcommand("inspect", "shows what is in a signature file, judging nothing");
  out->add_option("FILE", values.target, "signature file; - = standard input")->type_name("");
  add_single(*out, "--output", values.form, "FORM", "what is printed: text or json (default text)");
  add_color(*out, values);
  return out;
}

/// Fails unless every flag in `needed` (name, value) was given. // spec: N-174
void require_flags(std::initializer_list<std::pair<const char*, const std::string*>> needed,
                   const char* command) {
  std::string missing;
  std::size_t count = 0;
  for (const auto& [name, value] : needed) {
    if (!value->empty()) continue;
    missing += (count++ == 0 ? "" : ", ") + std::string(name);
  }
  if (count == 0) return;
  throw failure(exit_code::usage,
                fmt::format("Required flag{} \"{}\" not set", count == 1 ? "" : "s", missing),
                {next_step(fmt::format("nv2 {} --help", command))});
}

}  // namespace

class command_line::parser {
 public:
  parser() {
    app_.get_formatter()->column_width(34);
    app_.set_version_flag("-v,--version", fmt::format("nv2 version {}.{}.{}", NV2_VERSION_MAJOR,
                                                      NV2_VERSION_MINOR, NV2_VERSION_PATCH));
    app_.footer(footer);
    app_.require_subcommand(0, 1);
    help_->alias("h")
        ->add_option("COMMAND", values_.topic, "verify, sign, inspect or compat")
        ->type_name("");
  }

  request read(const std::vector<std::string>& arguments) {
    std::vector<std::string> reversed = normalised(app_, arguments);
    std::reverse(reversed.begin(), reversed.end());
    try {
      app_.parse(reversed);
    } catch (const CLI::CallForVersion& wanted) {
      return print_request{std::string(wanted.what()) + "\n"};
    } catch (const CLI::CallForHelp&) {
      return print_request{app_.help()};
    } catch (const CLI::ExtrasError&) {
      refuse_extras();
    } catch (const CLI::ParseError& error) {
      throw failure(exit_code::usage, error.what(), {next_step("nv2 --help")});
    }
    return checked();
  }

  bool wants_json_verdict() const {
    return verify_->parsed() && last_of(*verify_, "--output") == "json";
  }
  color_choice color() const {
    for (const CLI::App* const command : {verify_, sign_, inspect_}) {
      const std::string wanted = command->parsed() ? last_of(*command, "--color") : "";
      if (wanted == "always") return color_choice::always;
      if (wanted == "never") return color_choice::never;
    }
    return color_choice::automatic;
  }

 private:
  static std::string last_of(const CLI::App& command, const char* option) {
    const std::vector<std::string>& given = command.get_option(option)->results();
    return given.empty() ? "" : given.back();
  }

  /// The help of the program itself, even when `nv2 help` was the command.
  std::string overview() const {
    return app_.get_formatter()->make_help(&app_, "", CLI::AppFormatMode::Normal);
  }

  [[noreturn]] void refuse_extras() const {
    const std::vector<std::string> extras = app_.remaining(true);
    const std::string first = extras.empty() ? "" : extras.front();
    const bool option = first.size() > 1 && first[0] == '-';
    const bool command = app_.get_subcommands().empty();
    const char* const what = option    ? "unknown option"
                             : command ? "unknown command"
                                       : "unexpected argument";
    throw failure(exit_code::usage, fmt::format("{}: {}", what, first),
                  {next_step("nv2 --help and nv2 COMMAND --help list what this version knows")});
  }

  request checked() {
    if (verify_->parsed()) return checked_verify();
    if (sign_->parsed()) return checked_sign();
    if (inspect_->parsed()) return checked_inspect();
    if (values_.topic.empty()) return print_request{overview()};  // spec: N-160
    if (values_.topic == "compat") return print_request{compat_help()};
    for (const CLI::App* const command : {verify_, sign_, inspect_}) {
      if (command->get_name() == values_.topic) return print_request{command->help("nv2")};
    }
    throw failure(exit_code::usage, fmt::format("unknown command: {}", values_.topic),
                  {next_step("nv2 --help")});
  }

  verify_options checked_verify() {
    require_flags({{"signature", &values_.signature}}, "verify");
    verify_options out;
    out.target = values_.target;
    out.signature = values_.signature;
    out.certificates = values_.certificates;
    out.ca_certificates = values_.ca_certificates;
    out.media_type = values_.media_type;
    out.format = read_format(values_.accepted_format);
    out.envelope_media_type = values_.envelope_media_type;
    const bool timed = verify_->count("--time") > 0;
    out.time = timed ? read_time(values_.time) : system_time();
    out.deviations = read_compat(values_.compat);
    out.output = read_output_form(values_.form);
    out.color = read_color(values_.color);
    return out;
  }

  sign_options checked_sign() {
    require_flags({{"method", &values_.method}, {"key", &values_.key}}, "sign");
    check_method(values_.method);
    sign_options out;
    out.target = values_.target;
    out.key = values_.key;
    out.certificates = values_.certificate;
    out.output = values_.output;
    out.references = values_.references;
    out.media_type = values_.media_type;
    out.form = read_envelope_form(values_.written_format);
    out.expiry = read_expiry(values_.expiry);
    out.deviations = read_compat(values_.compat);
    out.color = read_color(values_.color);
    return out;
  }

  inspect_options checked_inspect() {
    if (values_.target.empty()) {
      throw failure(exit_code::usage, "no signature file given", {next_step("nv2 inspect FILE")});
    }
    inspect_options out;
    out.file = values_.target;
    out.output = read_output_form(values_.form);
    out.color = read_color(values_.color);
    return out;
  }

  raw_values values_;
  CLI::App app_{description, "nv2"};
  CLI::App* verify_ = add_verify(app_, values_);
  CLI::App* sign_ = add_sign(app_, values_);
  CLI::App* inspect_ = add_inspect(app_, values_);
  CLI::App* help_ = app_.add_subcommand("help", "prints the help of a command, or of compat");
};

command_line::command_line(std::vector<std::string> arguments)
    : arguments_(std::move(arguments)), parser_(std::make_unique<parser>()) {}

command_line::~command_line() = default;

request command_line::read() { return parser_->read(arguments_); }

bool command_line::wants_json_verdict() const { return parser_->wants_json_verdict(); }

color_choice command_line::color() const { return parser_->color(); }

}  // namespace client
