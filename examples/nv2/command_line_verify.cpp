// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of nv2 verify, and a command that has no others.
#include "command_line_verify.hpp"

#include <fmt/format.h>

#include "blob.hpp"
#include "errors.hpp"
#include "option_values.hpp"
#include "target.hpp"
#include "time_text.hpp"

namespace client {

verify_arguments::verify_arguments(CLI::App& app) : app_(app) {
  add_target(app, target_);
  add_signature(app);
  add_trust(app);
  add_quorum(app);
  add_policy(app);
  add_revocation(app);
  add_requirements(app);
  add_output_form(app, form_);
  add_common(app, common_);
}

verify_options verify_arguments::read() const {
  verify_options out;
  out.target = target_;
  if (!signatures_.empty()) {
    out.signature = signatures_.front();
    out.other_signatures.assign(signatures_.begin() + 1, signatures_.end());
  }
  read_bundle(out);
  out.trusted = checked_trust();
  if (const auto registry = find_registry_target(target_)) {
    out.trusted.repository = registry->name();
  }
  out.revocation = checked_revocation();
  out.is_blob = blob_;
  out.media_type = blob_ && app_.count("--media-type") == 0 ? "" : common_.media_type;
  out.names_media_type = app_.count("--media-type") > 0;
  out.format = checked_format();
  out.envelope_media_type = envelope_media_type_;
  out.user_metadata = read_required_metadata(metadata_);
  out.understood = understood_;
  read_version_rule(out);
  if (app_.count("--max-signatures") > 0) {
    out.max_signatures = read_max_signatures(typed("--max-signatures"));
  }
  out.time = app_.count("--time") > 0 ? read_time(time_) : system_time();
  out.deviations = read_compat(common_.compat);
  out.output = read_output_form(form_);
  out.color = read_color(common_.color);
  out.registry = read_registry(common_.registry, out.color, reads_stdin());
  out.registry.offline = offline_;
  return out;
}

void verify_arguments::add_signature(CLI::App& app) {
  add_list(app, "-s,-f,--signature", signatures_, "FILE",
           "signature file, or a target that leads to the manifest of one; layouts and registries "
           "have signatures of their own; repeatable with --threshold");
  add_single(app, "--bundle", bundle_, "FILE",
             "bundle with signatures and revocation data, in place of --signature");
  add_single(app, "--bundle-floor", floor_, "N",
             "the lowest counter of a bundle that will do (default 0)");
  add_single(app, "--format", format_, "NAME",
             "auto, nv2-json, nv2-jwt, jws or cose (default auto: by content, or for a blob by "
             "the name of the signature file)");
  add_single(app, "--envelope-media-type", envelope_media_type_, "TYPE",
             "declared media type of the signature file");
  app.add_flag("--blob", blob_,
               "TARGET is a file of any kind; its media type counts when --media-type is given");
}

void verify_arguments::add_trust(CLI::App& app) {
  add_list(app, "-c,--cert", certificates_, "FILE",
           "certificates of signers, trusted as such and as anchors; PEM or DER, repeatable");
  add_list(app, "--ca-cert", ca_certificates_, "FILE",
           "certificates of authorities, trusted as anchors; PEM or DER, repeatable");
  add_list(app, "--sa-cert", sa_certificates_, "FILE",
           "the same of signing authorities, whose signing times are believed");
  add_list(app, "--tsa-cert", tsa_certificates_, "FILE", "the same of timestamp services");
  add_list(app, "--identity", identities_, "NAME",
           "who may sign, like \"x509.subject: C=US, ST=WA, O=example.com\" (default * = anybody "
           "with a trusted certificate), repeatable");
  add_single(app, "--level", level_, "LEVEL",
             "strict, permissive or audit: which failures only lead to a warning (default "
             "strict)");
}

void verify_arguments::add_quorum(CLI::App& app) {
  add_single(app, "--threshold", threshold_, "N",
             fmt::format("so many different trusted signers must have signed, at most {}; makes a "
                         "policy stricter, never weaker",
                         nv2::policy_limits::threshold));
  add_list(app, "--require-identity", required_, "NAME",
           "who must be among them, written like --identity, repeatable");
}

void verify_arguments::add_policy(CLI::App& app) {
  add_single(app, "--policy", policy_, "FILE",
             "trust policy document, in place of the options above");
  add_single(app, "--config", config_, "DIR",
             "directory with trust policies and trust stores, as notation has it (default "
             "$NOTATION_CONFIG or ~/.config/notation)");
  add_single(app, "--trust-store", store_, "DIR",
             "directory with the trust stores, x509/TYPE/NAME (default: in that of --config)");
  add_single(app, "--scope", scope_, "REPOSITORY",
             "what the policy is looked up with, like registry.example.com/name (default: the "
             "repository of TARGET in a registry)");
  add_single(app, "--policy-name", policy_name_, "NAME",
             "statement of the policy for blobs (default: the global one)");
}

void verify_arguments::add_revocation(CLI::App& app) {
  add_list(app, "--crl", lists_, "FILE",
           "revocation lists, PEM or DER; without a policy revocation counts only when some data "
           "is given, repeatable");
  add_list(app, "--ocsp", responses_, "FILE", "OCSP response, DER, repeatable");
  add_single(app, "--stale-revocation", stale_, "RULE",
             "what lists and responses are worth after their time: strict, grace=DURATION or "
             "ignore (default strict)");
  app.add_flag("--offline", offline_,
               "get nothing from the network, revocation lists that certificates name included");
  add_single(app, "--revocation-cache", cache_, "DIR",
             "where copies of revocation lists are kept (default ~/.cache/nv2/crl)");
}

void verify_arguments::add_requirements(CLI::App& app) {
  add_list(app, "--user-metadata", metadata_, "KEY=VALUE",
           "annotation that must have been signed, repeatable");
  add_single(app, "--min-version", min_version_, "VERSION",
             "the signed version must be this one or a higher one, like 1.2.3; raise it only after "
             "the artifact was installed");
  add_single(app, "--version-key", version_key_, "KEY",
             "annotation that the version stands in (default: the tag of the signed reference)");
  add_list(app, "--understands", understood_, "NAME",
           "critical extended attribute that you process yourself, repeatable");
  add_single(
      app, "--max-signatures", max_signatures_, "N",
      fmt::format("stored signatures that are tried at most (default {})", nv2::limits::attempts));
  add_single(app, "--time", time_, "TIME",
             "what is known of the time: 2026-01-15T12:00:00Z, seconds since 1970, after:TIME or "
             "unknown (default: the system clock)");
}

bool verify_arguments::reads_stdin() const {
  const auto in_layout = find_layout_target(target_);
  return target_.empty() || (in_layout && in_layout->path == "-");
}

void verify_arguments::refuse_empty(const char* option) const {
  if (app_.count(option) > 0) refuse_empty_value(option, typed(option));
}

void verify_arguments::refuse_empty_value(const char* option, const std::string& value) {
  if (!value.empty()) return;
  throw failure(exit_code::usage, fmt::format("the value of {} is empty", option),
                {next_step("leave the option out, or give it a value")});
}

trust_options verify_arguments::checked_trust() const {
  trust_options out;
  out.certificates = certificates_;
  out.ca_certificates = ca_certificates_;
  out.sa_certificates = sa_certificates_;
  out.tsa_certificates = tsa_certificates_;
  out.identities = identities_;
  if (app_.count("--level") > 0) out.level = read_level(level_);
  out.policy = policy_;
  out.config = config_;
  out.store = store_;
  out.scope = scope_;
  if (app_.count("--threshold") > 0) out.threshold = read_threshold(typed("--threshold"));
  out.required = required_;
  out.policy_name = policy_name_;
  for (const char* const option : {"--policy", "--config", "--trust-store", "--scope",
                                   "--policy-name", "--envelope-media-type", "--version-key"}) {
    refuse_empty(option);
  }
  if (blob_) refuse_empty("--media-type");  // it would mean any
  for (const std::string& each : signatures_) refuse_empty_value("--signature", each);
  return out;
}

void verify_arguments::read_bundle(verify_options& out) const {
  refuse_empty("--bundle");
  out.bundle = bundle_;
  if (app_.count("--bundle-floor") == 0) return;
  if (bundle_.empty()) {
    throw failure(exit_code::usage, "--bundle-floor has no use without --bundle",
                  {next_step("leave it out, or give --bundle FILE")});
  }
  out.bundle_floor = read_counter("--bundle-floor", floor_);
}

void verify_arguments::read_version_rule(verify_options& out) const {
  if (app_.count("--min-version") > 0) {
    out.min_version = read_min_version(typed("--min-version"));
  } else if (app_.count("--version-key") > 0) {
    throw failure(exit_code::usage, "--version-key has no use without --min-version",
                  {next_step("give --min-version 0 when no version was installed yet")});
  }
  out.version_key = version_key_;
}

revocation_options verify_arguments::checked_revocation() const {
  revocation_options out;
  out.lists = lists_;
  out.responses = responses_;
  if (app_.count("--stale-revocation") > 0) read_stale_rule(stale_, out);
  out.offline = offline_;
  refuse_empty("--revocation-cache");
  out.cache = cache_;
  return out;
}

std::string verify_arguments::checked_format() const {
  std::string given = read_format(format_);
  if (signatures_.size() > 1) return given;  // each file has its own
  const std::string file = signatures_.empty() ? "" : signatures_.front();
  const std::string named = blob_ ? format_of_signature_name(file) : "";
  if (blob_ && given.compare(0, 4, "nv2-") == 0) {
    throw failure(exit_code::usage, fmt::format("blobs have no signatures of the format {}", given),
                  {next_step("use --format jws or --format cose")});
  }
  if (!given.empty() && !named.empty() && given != named) {
    throw failure(
        exit_code::usage,
        fmt::format("--format {} contradicts the name of the signature file: {}", given, file),
        {{"rule", "O-050"}, next_step("leave --format out, or rename the file")});
  }
  return given.empty() ? named : given;
}

std::string verify_arguments::typed(const char* option) const { return last_typed(app_, option); }

namespace {

class explain_command : public command {
 public:
  explicit explain_command(CLI::App& app) : command(app), arguments_(app) {}
  request checked() const override { return explain_options{arguments_.read()}; }

 private:
  verify_arguments arguments_;
};

}  // namespace

std::unique_ptr<command> make_explain_command(CLI::App& parent) {
  return std::make_unique<explain_command>(*parent.add_subcommand(
      "explain", "tells what leads to the verdict of verify, and what would change it"));
}

}  // namespace client
