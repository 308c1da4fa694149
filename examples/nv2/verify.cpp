// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 verify: trust, signature, target, verdict, in this order. // spec: N-176
#include "verify.hpp"

#include <optional>
#include <vector>

#include <fmt/format.h>
#include <nv2/envelope/envelope.hpp>
#include <nv2/trust/acquisition.hpp>

#include "acquisition_file.hpp"
#include "blob.hpp"
#include "judge.hpp"
#include "policy_file.hpp"
#include "refusal.hpp"
#include "signature_files.hpp"
#include "signer_count.hpp"
#include "target.hpp"
#include "terminal.hpp"
#include "verdict_json.hpp"
#include "verify_bundle.hpp"
#include "verify_stored.hpp"

namespace client {
namespace {

/// Files have no signatures of their own. // spec: N-169 N-174
[[noreturn]] void refuse_no_signature() {
  throw failure(exit_code::usage, "Required flag \"signature\" not set",
                {next_step("nv2 verify --help")});
}

void check_stored_options(const verify_options& options) {
  if (options.is_blob) {
    throw failure(exit_code::usage, "--blob does not go with a layout or a registry",
                  {next_step("leave --blob out, or give file:PATH")});
  }
  if (options.signature.empty() && !options.envelope_media_type.empty()) {
    throw failure(
        exit_code::usage, "--envelope-media-type is for a signature file",
        {next_step(
            "leave it out: layouts and registries tell the media types of their signatures")});
  }
}

/// Judges a manifest or a blob with the signatures of files.
class file_examination {
 public:
  file_examination(const verify_options& options, examination& out) : options_(options), out_(out) {
    if (options.signature.empty()) refuse_no_signature();
  }

  void judge_one() {
    signature_file signature = read_signature(options_, options_.signature);
    out_.envelope = std::move(signature.content);
    const given_envelope envelope{view_of(out_.envelope), signature.media_type, signature.format};
    if (options_.is_blob) {
      blob_reader blob{target_path(options_.target)};
      out_.answer =
          judge_with(options_, out_.trusted, envelope, blob.artifact(options_.media_type));
      blob.check();
    } else {
      const byte_buffer manifest = read_manifest(options_.target);
      const auto artifact = nv2::artifact::content(view_of(manifest), options_.media_type);
      out_.answer = judge_with(options_, out_.trusted, envelope, artifact);
    }
  }

  /// All of them over the same bytes. // spec: W-040 W-080
  void count_all() {
    const std::vector<signature_file> files = read_signatures(options_);
    const byte_buffer content = options_.is_blob ? read_counted_blob(target_path(options_.target))
                                                 : read_manifest(options_.target);
    const nv2::bytes all = view_of(content);
    const auto artifact = options_.is_blob ? nv2::artifact::blob(all, options_.media_type)
                                           : nv2::artifact::content(all, options_.media_type);
    signer_count count{options_, out_.trusted, names_of(all)};
    for (const signature_file& each : files) {
      if (!count.may_try()) break;  // spec: W-041
      count.judge({{}, {}, nv2::errc::unset, each.path}, each.content, artifact, each.media_type,
                  each.format);
    }
    count.finish(out_);
  }

 private:
  const verify_options& options_;
  examination& out_;
};

/// Whoever asks for several signers never gets by with what nobody counted. // spec: W-040
void require_count(examination& done) {
  const bool must_count = done.trusted.asks_for_quorum() && !done.answer.skipped;
  if (!must_count || !done.answer.accepted || done.answer.is_counted) return;
  done.answer.refuse(nv2::check::authenticity,
                     {nv2::errc::threshold_not_reached, nv2::stage::policy, -1, 0});
}

/// Where a key can be had that the policy does not know yet, by the user's own table. // spec: Q-004 Q-005
void find_key(const verify_options& options, examination& done) {
  const std::string& reference = options.trusted.lookup();
  const bool is_refused = !done.answer.accepted && nv2::may_be_acquired(done.answer.status.code);
  if (!is_refused || reference.empty()) return;
  const std::string directory =
      options.trusted.config.empty() ? find_default_configuration() : options.trusted.config;
  if (directory.empty()) return;
  const std::vector<acquirable_key> keys = read_acquisitions(directory);
  const acquirable_key* const found = find_acquirable(keys, reference);
  if (found != nullptr) done.answer.acquire = *found;
}

void judge_target(const verify_options& options, const std::optional<stored_target>& stored,
                  examination& out) {
  if (!options.bundle.empty()) return examine_bundle(options, stored, out);
  if (stored) return examine_stored(options, *stored, out);
  file_examination work{options, out};
  if (out.trusted.asks_for_quorum()) {
    work.count_all();
  } else {
    work.judge_one();
  }
}

}  // namespace

examination examine(const verify_options& options, trust_shelf& shelf) {
  if (!options.bundle.empty()) check_bundle_options(options);
  std::vector<std::string> targets = options.other_signatures;
  targets.push_back(options.target);
  targets.push_back(options.signature);
  check_one_registry(options.registry, targets);
  // A wrong target is told before anything is read.
  const std::optional<stored_target> stored = find_stored_target(options.target);
  if (stored) {
    check_stored_options(options);
  } else {
    target_path(options.target);
  }
  examination out;
  out.trusted = shelf.find(options);
  if (out.trusted.actions().skips_everything()) {  // spec: W-003
    out.answer = unjudged(out.trusted, options.time);
    out.answer.skipped = true;
    out.answer.status = {nv2::errc::policy_skips, nv2::stage::policy, -1, 0};
    return out;
  }
  check_signature_files(options, out.trusted);
  judge_target(options, stored, out);
  require_count(out);
  find_key(options, out);
  return out;
}

examination examine(const verify_options& options) {
  trust_shelf shelf;
  return examine(options, shelf);
}

void print_logged(const verdict& answer, color_choice color) {
  for (std::size_t i = 0; i < nv2::check_count; ++i) {
    if (answer.checks[i] != nv2::outcome::logged) continue;
    const char* const kind = check_name(static_cast<nv2::check>(i));
    print_warning({fmt::format("warning: the check {} failed, and the policy lets that pass: {}",
                               kind, nv2::message(answer.logged[i])),
                   {{"check", kind},
                    {"rule", rule_text(answer.logged[i])},
                    {"level", nv2::name(answer.level)}}},
                  color);
  }
}

exit_code report_skipped(const examination& done, const verify_options& options) {
  if (options.output == output_form::json) print_result(verdict_document(done.answer));
  print_warning({"NOT VERIFIED: the policy skips verification, nothing was looked at",
                 {{"policy", fmt::format("statement '{}' of {}", done.trusted.statement(),
                                         done.trusted.policy_path())},
                  {"rule", rule_text(done.answer.status.code)},
                  next_step("whether the artifact may be used is not known; give the statement "
                            "another level than skip")}},
                options.color);
  return exit_code::ok;
}

exit_code report_refused(const examination& done, const verify_options& options) {
  if (options.output == output_form::json) print_result(verdict_document(done.answer));
  print_diagnostic(explain_refusal(done.answer, options, view_of(done.envelope), done.trusted),
                   options.color);
  return exit_code_of(done.answer.status.code);
}

exit_code run_verify(const verify_options& options) {
  const examination done = examine(options);
  const verdict& answer = done.answer;
  if (answer.skipped) return report_skipped(done, options);
  if (!answer.accepted) return report_refused(done, options);
  print_result(options.output == output_form::json ? verdict_document(answer)
                                                   : answer.digest + "\n");  // spec: N-173
  print_logged(answer, options.color);
  return exit_code::ok;
}

}  // namespace client
