// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 verify: trust, signature, target, verdict, in this order. // spec: N-176
#include "verify.hpp"

#include <fmt/format.h>
#include <nv2/envelope/envelope.hpp>

#include "blob.hpp"
#include "judge.hpp"
#include "refusal.hpp"
#include "target.hpp"
#include "terminal.hpp"
#include "verdict_json.hpp"

namespace client {
namespace {

/// Files have no signatures of their own. // spec: N-169 N-174
[[noreturn]] void refuse_no_signature() {
  throw failure(exit_code::usage, "Required flag \"signature\" not set",
                {next_step("nv2 verify --help")});
}

verdict skipped(const trust& trusted, nv2::time_basis time) {
  verdict out;
  out.skipped = true;
  out.time = time;
  out.statement = trusted.statement();
  out.level = trusted.actions().level();
  out.status = {nv2::errc::policy_skips, nv2::stage::policy, -1, 0};
  return out;
}

verdict judge_with(const verify_options& options, const trust& trusted, nv2::bytes envelope,
                   const nv2::artifact& artifact) {
  judgement input{envelope, artifact, trusted, options.time, options.deviations};
  input.format = options.format;
  input.envelope_media_type = options.envelope_media_type;
  input.understood = &options.understood;
  input.user_metadata = &options.user_metadata;
  return judge(input);
}

/// A digest in --scope must be that of the artifact. // spec: W-001 D-001 W-080
void check_scope_digest(const std::string& scope, verdict& answer) {
  const std::size_t at = scope.rfind('@');
  if (!answer.trusted || at == scope.npos || scope.substr(at + 1) == answer.digest) return;
  answer.refuse(nv2::check::binding, {nv2::errc::reference_digest, nv2::stage::binding, -1, 0});
}

/// What a lenient level let pass. // spec: W-005 W-081
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

}  // namespace

examination examine(const verify_options& options) {
  target_path(options.target);  // a wrong target is told before anything is read
  examination out;
  out.trusted = find_trust(options);
  if (out.trusted.actions().skips_everything()) {  // spec: W-003
    out.answer = skipped(out.trusted, options.time);
    return out;
  }
  if (options.signature.empty()) refuse_no_signature();
  out.envelope = read_file(options.signature, "signature file", nv2::limits::envelope_size);
  const nv2::bytes envelope = view_of(out.envelope);
  if (options.is_blob) {
    blob_reader blob{target_path(options.target)};
    out.answer = judge_with(options, out.trusted, envelope, blob.artifact(options.media_type));
    blob.check();
    return out;
  }
  const byte_buffer manifest = read_manifest(options.target);
  const auto artifact = nv2::artifact::content(view_of(manifest), options.media_type);
  out.answer = judge_with(options, out.trusted, envelope, artifact);
  check_scope_digest(options.trusted.scope, out.answer);
  return out;
}

exit_code run_verify(const verify_options& options) {
  const examination done = examine(options);
  const verdict& answer = done.answer;
  if (answer.skipped) return report_skipped(done, options);
  if (options.output == output_form::json) print_result(verdict_document(answer));
  if (answer.trusted) {
    if (options.output == output_form::text) print_result(answer.digest + "\n");  // spec: N-173
    print_logged(answer, options.color);
    return exit_code::ok;
  }
  print_diagnostic(explain_refusal(answer, options, view_of(done.envelope), done.trusted),
                   options.color);
  return exit_code_of(answer.status.code);
}

}  // namespace client
