// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Signatures in the prototype's forms.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "certificate_view.hpp"
#include "envelope_writer.hpp"
#include "errors.hpp"
#include "reference_check.hpp"
#include "refusal.hpp"
#include "self_check.hpp"
#include "sign_job.hpp"
#include "terminal.hpp"

namespace client {
namespace {

using nv2::errc;

constexpr std::int64_t second = 1000000000;

/// The instant `expiry` after `now`, kept in range.
std::int64_t later(std::int64_t now, duration expiry) {
  const std::int64_t seconds = whole_seconds(now) + whole_seconds(expiry);
  const std::int64_t rest =
      (now - whole_seconds(now) * second) + (expiry - whole_seconds(expiry) * second);
  return seconds + rest / second;
}

// spec: N-136 N-164
claims make_claims(const sign_job& job) {
  claims out;
  out.media_type = job.target.media_type;
  out.digest = job.target.digest;
  out.size = static_cast<std::int64_t>(job.target.content.size());
  out.references = job.options.references;
  out.issued_at = whole_seconds(job.now);
  if (job.options.expiry != 0) {
    out.not_before = out.issued_at;
    out.expiry = later(job.now, job.options.expiry);
  }
  return out;
}

/// Nothing is handed out that the verifier would not take. // spec: N-177
void check_result(const sign_options& options, const own_signature& made) {
  const errc code = check_own(made);
  if (code == errc::ok) return;
  if (code == errc::claim_times_reversed && options.expiry < 0) {
    print_note("note: the signature has expired before it begins; nobody will accept it",
               options.color);
    return;
  }
  throw failure(
      exit_code_of(code) == exit_code::unavailable ? exit_code::unavailable : exit_code::refused,
      fmt::format("cannot sign: no verifier would accept the result: {}", nv2::message(code)),
      {{"rule", rule_text(code)}, next_step("use a key and a certificate that follow the rule")});
}

}  // namespace

void check_references(const sign_options& options, const std::vector<byte_buffer>& chain) {
  const nv2::bytes signer = chain.empty() ? nv2::bytes{} : view_of(chain.front());
  const auto refused = find_refused(options.references, signer, options.deviations.flags);
  if (!refused) return;
  std::vector<detail_line> details{{"rule", rule_text(refused->code)},
                                   {"reference", refused->text}};
  if (!signer.empty()) {
    const certificate_view shown = view_certificate(signer);
    details.push_back({"certificate", shown.subject});
    details.push_back({"names", fmt::format("{}", fmt::join(shown.names, ", "))});
  }
  details.push_back(
      next_step("name the registry in full, and sign with a certificate that covers it"));
  throw failure(exit_code::refused, fmt::format("cannot sign: {}", nv2::message(refused->code)),
                details);
}

made_signature make_prototype_signature(const sign_job& job) {
  const claims content = make_claims(job);
  const std::string envelope = write_envelope(job.options.form, content, job.key, job.chain);
  check_result(job.options, {envelope, job.target.content, job.target.media_type, job.chain,
                             job.key.public_key_info(), job.options.deviations});
  return {envelope, {content.media_type, content.digest, content.size, {}}};
}

}  // namespace client
