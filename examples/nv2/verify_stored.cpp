// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The stored signatures of an artifact, one after the other.
#include "verify_stored.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>
#include <nv2/envelope/envelope.hpp>
#include <nv2/oci/attempts.hpp>

#include "judge.hpp"
#include "refusal.hpp"
#include "signature_files.hpp"
#include "signer_count.hpp"
#include "signatures.hpp"

namespace client {
namespace {

using nv2::errc;

class stored_examination {
 public:
  stored_examination(const verify_options& options, const stored_target& target, examination& out)
      : options_(options),
        source_(open_source(target, options.registry)),
        artifact_(source_->find_artifact()),
        out_(out) {
    out_.artifact = artifact_.descriptor;
    const std::string& found = artifact_.descriptor.media_type;
    if (!options.names_media_type || options.media_type == found) return;
    throw failure(
        exit_code::refused,
        fmt::format("the artifact has another media type than --media-type: {}", found),
        {{"rule", rule_text(errc::artifact_media_type)},
         next_step("leave --media-type out: layouts and registries tell that of artifacts")});
  }

  /// Judges the one signature that was named. Its format is told by options and content.
  void judge_named() {
    signature_file signature = read_signature(options_, options_.signature);
    out_.envelope = std::move(signature.content);
    out_.answer = judge_envelope(signature.media_type);
  }

  /// The same for all that were named, and counts their signers.
  void count_named() {
    signer_count count = counting();
    for (signature_file& each : read_signatures(options_)) {
      if (!count.may_try()) break;  // spec: W-041
      count.judge({{}, {}, errc::unset, each.path}, std::move(each.content), artifact(),
                  each.media_type, each.format);
    }
    count.finish(out_);
  }

  /// Goes through the stored signatures until everybody signed who must. // spec: W-040
  void count_all() {
    const signature_list found = source_->find_signatures(artifact_);
    signer_count count = counting();
    for (const found_signature& each : found.signatures) {
      if (!count.may_try()) break;  // spec: W-041
      byte_buffer envelope;
      const errc code = read(each, envelope);
      tried_signature about{each.manifest, each.envelope.media_type, code};
      if (code != errc::ok) {
        count.add_unavailable(std::move(about));  // spec: W-042
      } else {
        count.judge(std::move(about), std::move(envelope), artifact(), each.envelope.media_type,
                    options_.format);
      }
    }
    count.finish(out_);
    tell_unreadable(found);
  }

  /// One signature by anybody who is trusted is enough. // spec: Q-003
  void try_all() {
    signature_list found = source_->find_signatures(artifact_);
    nv2::signature_attempts attempts(options_.max_signatures);
    std::vector<tried_signature> tried;
    for (const found_signature& each : found.signatures) {
      if (!attempts.may_try()) break;  // spec: W-040 W-041
      const errc code = try_one(each);
      attempts.add(code);  // spec: W-042
      tried.push_back({each.manifest, each.envelope.media_type, code});
    }
    if (attempts.result() == errc::no_signature || attempts.result() == errc::signatures_left) {
      refuse(attempts.result());  // spec: W-041 W-043
    }
    out_.answer.signatures = std::move(tried);
    tell_unreadable(found);
  }

 private:
  signer_count counting() {
    return signer_count{options_, out_.trusted, names_of(view_of(artifact_.manifest))};
  }
  nv2::artifact artifact() const {
    // spec: O-040 O-041
    return nv2::artifact::content(view_of(artifact_.manifest), artifact_.descriptor.media_type);
  }
  void tell_unreadable(const signature_list& found) {
    out_.answer.is_stored = true;
    for (const found_signature& each : found.unreadable) {
      out_.answer.unreadable.push_back({each.manifest, {}, each.code});  // spec: L-006
    }
  }

  /// Reads the signature; `out` is empty on a failure. // spec: O-008 O-032
  errc read(const found_signature& each, byte_buffer& out) const {
    out.clear();
    if (each.code != errc::ok) return each.code;
    const errc code = source_->read(each.envelope.view(), nv2::limits::envelope_size, out);
    if (code != errc::ok) out.clear();
    return code;
  }
  errc try_one(const found_signature& each) {
    const errc code = read(each, out_.envelope);
    if (code != errc::ok) {
      refuse(code);
      return code;
    }
    out_.answer = judge_envelope(each.envelope.media_type);  // spec: O-006
    return out_.answer.accepted ? errc::ok : out_.answer.status.code;
  }

  verdict judge_envelope(const std::string& declared) const {
    return judge_with(options_, out_.trusted, {view_of(out_.envelope), declared, options_.format},
                      artifact());
  }

  /// The verdict that nothing was judged for.
  void refuse(errc code) {
    out_.answer = unjudged(out_.trusted, options_.time);
    out_.answer.status = {code, nv2::stage::envelope, -1, 0};
    out_.answer.of(nv2::check_of(out_.answer.status)) = nv2::outcome::failed;
  }

  const verify_options& options_;
  const std::unique_ptr<artifact_source> source_;
  const stored_artifact artifact_;
  examination& out_;
};

}  // namespace

void examine_stored(const verify_options& options, const stored_target& target, examination& out) {
  stored_examination work{options, target, out};
  if (out.trusted.asks_for_quorum()) {
    options.signature.empty() ? work.count_all() : work.count_named();
  } else if (options.signature.empty()) {
    work.try_all();
  } else {
    work.judge_named();
  }
}

}  // namespace client
