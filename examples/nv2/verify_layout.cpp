// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The signatures of an artifact in a layout, one after the other.
#include "verify_layout.hpp"

#include <utility>

#include <fmt/format.h>
#include <nv2/envelope/envelope.hpp>
#include <nv2/oci/attempts.hpp>

#include "judge.hpp"
#include "layout.hpp"
#include "refusal.hpp"
#include "signatures.hpp"

namespace client {
namespace {

using nv2::errc;

class layout_examination {
 public:
  layout_examination(const verify_options& options, const layout_target& target, examination& out)
      : options_(options),
        layout_(target.path),
        artifact_(find_artifact(layout_, target)),
        out_(out) {
    const std::string& found = artifact_.descriptor.media_type;
    if (!options.names_media_type || options.media_type == found) return;
    throw failure(exit_code::refused,
                  fmt::format("the artifact has another media type than --media-type: {}", found),
                  {{"rule", rule_text(errc::artifact_media_type)},
                   next_step("leave --media-type out: a layout tells that of its artifacts")});
  }

  /// Judges a signature from a file. Its format is told by options and content.
  void judge_file() {
    out_.envelope = read_file(options_.signature, "signature file", nv2::limits::envelope_size);
    out_.answer = judge_envelope(options_.envelope_media_type);
  }

  void try_all() {
    signature_list found = find_signatures(layout_, artifact_);
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
    out_.answer.in_layout = true;
    out_.answer.signatures = std::move(tried);
    for (const found_signature& each : found.unreadable) {
      out_.answer.unreadable.push_back({each.manifest, {}, each.code});  // spec: L-006
    }
  }

 private:
  errc try_one(const found_signature& each) {
    errc code = each.code;
    out_.envelope.clear();
    if (code == errc::ok) {
      // spec: O-008 O-032
      code = layout_.read(each.envelope.view(), nv2::limits::envelope_size, out_.envelope);
    }
    if (code != errc::ok) {
      out_.envelope.clear();
      refuse(code);
      return code;
    }
    out_.answer = judge_envelope(each.envelope.media_type);  // spec: O-006
    return out_.answer.accepted ? errc::ok : out_.answer.status.code;
  }

  verdict judge_envelope(const std::string& declared) const {
    const nv2::bytes manifest = view_of(artifact_.manifest);
    // spec: O-040 O-041
    const auto artifact = nv2::artifact::content(manifest, artifact_.descriptor.media_type);
    return judge_with(options_, out_.trusted, view_of(out_.envelope), artifact, declared);
  }

  /// The verdict that nothing was judged for.
  void refuse(errc code) {
    out_.answer = unjudged(out_.trusted, options_.time);
    out_.answer.status = {code, nv2::stage::envelope, -1, 0};
    out_.answer.of(nv2::check_of(out_.answer.status)) = nv2::outcome::failed;
  }

  const verify_options& options_;
  const layout layout_;
  const layout_artifact artifact_;
  examination& out_;
};

}  // namespace

void examine_layout(const verify_options& options, const layout_target& target, examination& out) {
  layout_examination work{options, target, out};
  if (options.signature.empty()) {
    work.try_all();
  } else {
    work.judge_file();
  }
}

}  // namespace client
