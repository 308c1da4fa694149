// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of nv2 sign.
#include <set>

#include <fmt/format.h>

#include "command.hpp"
#include "errors.hpp"
#include "option_values.hpp"
#include "refusal.hpp"

namespace client {
namespace {

constexpr const char* blob_media_type = "application/octet-stream";
constexpr duration one_second = 1000000000;

/// Keys and values must not be empty, no key may stand twice, and some are not for users.
void check_metadata(const std::vector<metadata_pair>& pairs) {
  std::set<std::string_view> keys;
  for (const auto& [key, value] : pairs) {
    if (key.compare(0, 14, "io.cncf.notary") == 0) {  // spec: M-003
      throw failure(exit_code::usage, fmt::format("the annotation '{}' is reserved", key),
                    {{"rule", rule_text(nv2::errc::metadata_reserved)},
                     next_step("choose a name that does not begin with io.cncf.notary")});
    }
    if (!keys.insert(key).second) {
      throw failure(exit_code::usage, fmt::format("--user-metadata names '{}' twice", key),
                    {next_step("give every key one value")});
    }
  }
}

class sign_command : public command {
 public:
  // spec: N-161 N-162 N-163 N-164 N-165 N-166
  explicit sign_command(CLI::App& app) : command(app) {
    add_target(app, target_);
    add_single(app, "-m,--method", method_, "NAME",
               "signing method, x509 (required but for jws and cose)");
    add_single(app, "-k,--key", key_, "FILE",
               "private key (required); PEM: PKCS#8, PKCS#1 or SEC1, not encrypted");
    add_single(app, "-c,--cert", certificate_, "FILE",
               "certificate of the key and its issuers; jws and cose need all of them up to the "
               "root, the other forms name the key only when there is none");
    add_single(app, "-e,--expiry", expiry_, "DURATION",
               "validity like 8760h or 30m (default 0s = no end)");
    add_list(app, "-r,--reference", references_, "REFERENCE",
             "original reference of the artifact, repeatable; not for jws and cose");
    add_single(app, "-o,--output", output_, "FILE",
               "where the signature goes (default: the hexadecimal digest and .nv2, .jws.sig or "
               ".cose.sig; for a blob its own name and the last two)");
    add_single(app, "--format", format_, "NAME",
               "nv2-jwt, nv2-json, nv2-json-array, jws or cose (default nv2-jwt; with --blob or "
               "--attach jws)");
    add_notary(app);
    add_common(app, common_);
  }

  request checked() const override {
    sign_options out;
    out.form = read_envelope_form(form_name());
    if (is_notary(out.form)) {
      require_flags({{"key", &key_}, {"cert", &certificate_}}, "sign");
      if (!method_.empty()) check_method(method_);
    } else {
      require_flags({{"method", &method_}, {"key", &key_}}, "sign");
      check_method(method_);
    }
    out.target = target_;
    out.key = key_;
    out.certificates = certificate_;
    out.output = output_;
    out.references = references_;
    out.is_blob = blob_;
    out.attach = attach_;
    const bool any_blob = blob_ && typed("--media-type").empty();
    out.media_type = any_blob ? blob_media_type : common_.media_type;
    out.expiry = read_expiry(expiry_);
    out.scheme = read_signing_scheme(scheme_);
    out.user_metadata = read_metadata(metadata_);
    out.deviations = read_compat(common_.compat);
    out.color = read_color(common_.color);
    out.registry = read_registry(common_.registry, out.color, target_.empty());
    check_metadata(out.user_metadata);
    check_combination(out);
    return out;
  }

 private:
  void add_notary(CLI::App& app) {
    add_single(app, "--signing-scheme", scheme_, "NAME",
               "for jws and cose: notary.x509 or notary.x509.signingAuthority (default "
               "notary.x509)");
    add_list(app, "--user-metadata", metadata_, "KEY=VALUE",
             "annotation to be signed, repeatable; for jws and cose");
    app.add_flag("--blob", blob_,
                 "TARGET is a file of any kind, no manifest; for jws and cose. Its media type is "
                 "application/octet-stream unless told");
    app.add_flag("--attach", attach_,
                 "put the signature beside TARGET, into its registry or layout directory");
  }
  std::string form_name() const {
    if (!format_.empty()) return format_;
    return blob_ || attach_ ? "jws" : "nv2-jwt";
  }
  /// Fails when an option has no meaning beside the others.
  void check_combination(const sign_options& wanted) const {
    const auto refuse_if = [](bool refused, const char* what, const char* next) {
      if (refused) throw failure(exit_code::usage, what, {next_step(next)});
    };
    const bool notary = is_notary(wanted.form);
    const bool notary_only = blob_ || !scheme_.empty() || !metadata_.empty();
    refuse_if(!notary && notary_only,
              "--blob, --signing-scheme and --user-metadata are not for this format",
              "add --format jws or --format cose");
    refuse_if(notary && !references_.empty(), "--reference is not for this format",
              "leave it out: these signatures name no place");  // spec: O-044
    refuse_if(notary && wanted.expiry != 0 && wanted.expiry < one_second,
              "--expiry is shorter than a second", "give at least 1s, or 0s for no end");
    refuse_if(attach_ && blob_, "--attach is not for blobs", "leave out one of them");
    refuse_if(attach_ && !output_.empty(), "--attach writes no --output file",
              "leave out one of them");
  }

  common_values common_;
  std::string target_, method_, key_, certificate_, output_, expiry_ = "0s", format_, scheme_;
  std::vector<std::string> references_, metadata_;
  bool blob_ = false, attach_ = false;
};

}  // namespace

std::unique_ptr<command> make_sign_command(CLI::App& parent) {
  return std::make_unique<sign_command>(
      *parent.add_subcommand("sign", "makes a signature of TARGET"));
}

}  // namespace client
