// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The signatures of a bundle, one after the other.
#include "verify_bundle.hpp"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nv2/base/workspace.hpp>
#include <nv2/bundle.hpp>
#include <nv2/oci/attempts.hpp>

#include "client_crypto.hpp"
#include "judge.hpp"
#include "artifact_source.hpp"
#include "refusal.hpp"
#include "signature_files.hpp"
#include "signatures.hpp"
#include "signer_count.hpp"

namespace client {
namespace {

using nv2::errc;

/// A hash state.
constexpr std::size_t scratch_size = 1024;

byte_buffer copy_of(nv2::bytes data) { return {data.begin(), data.end()}; }

class bundle_examination {
 public:
  bundle_examination(const verify_options& options, examination& out)
      : options_(options),
        content_(read_file(options.bundle, "bundle", nv2::limits::bundle_size)),
        out_(out) {}

  void run(const std::optional<stored_target>& stored) {
    const errc parsed = nv2::parse_bundle(view_of(content_), carried_);
    if (parsed != errc::ok) return refuse(parsed);
    // Before the artifact is read. // spec: G-021
    if (carried_.counter < options_.bundle_floor) return refuse(errc::bundle_rolled_back);
    read_artifact(stored);
    const errc fits = check();
    if (fits != errc::ok) return refuse(fits);
    take_revocation();
    if (out_.trusted.asks_for_quorum()) {
      count_all();
    } else {
      try_all();
    }
    out_.answer.bundle_counter = carried_.counter;
  }

 private:
  void read_artifact(const std::optional<stored_target>& stored) {
    media_type_ = options_.media_type;
    if (stored) {
      stored_artifact found = open_source(*stored, options_.registry)->find_artifact();
      artifact_ = std::move(found.manifest);
      media_type_ = found.descriptor.media_type;  // spec: O-040 O-041
    } else if (options_.is_blob) {
      artifact_ = read_counted_blob(target_path(options_.target));
    } else {
      artifact_ = read_manifest(options_.target);
    }
  }
  nv2::artifact artifact() const {
    return options_.is_blob ? nv2::artifact::blob(view_of(artifact_), media_type_)
                            : nv2::artifact::content(view_of(artifact_), media_type_);
  }
  /// Whether the bundle is for this artifact. // spec: D-005
  errc check() const {
    nv2::static_workspace<scratch_size> memory;
    return nv2::check_bundle(carried_, options_.bundle_floor, artifact(), client_crypto, memory);
  }
  void take_revocation() {
    nv2::bundle_cursor lists{carried_.lists}, responses{carried_.responses};
    nv2::bytes file;
    while (lists.next(file)) out_.trusted.revocation().add_list(copy_of(file));
    while (responses.next(file)) out_.trusted.revocation().add_response(copy_of(file));
  }

  void try_all() {
    nv2::signature_attempts attempts(options_.max_signatures);
    std::vector<tried_signature> tried;
    nv2::bundle_cursor cursor{carried_.signatures};
    for (nv2::bundled_signature each; cursor.next(each) && attempts.may_try();) {  // spec: W-041
      out_.envelope = copy_of(each.envelope);
      const std::string declared{each.media_type};
      out_.answer = judge_with(options_, out_.trusted,
                               {view_of(out_.envelope), declared, options_.format}, artifact());
      const errc code = out_.answer.accepted ? errc::ok : out_.answer.status.code;
      attempts.add(code);
      tried.push_back(about(tried.size(), each, code));
    }
    if (attempts.result() == errc::signatures_left) refuse(errc::signatures_left);
    out_.answer.signatures = std::move(tried);
  }

  /// Goes on until everybody signed who must. // spec: W-040
  void count_all() {
    signer_count count{options_, out_.trusted, names_of(view_of(artifact_))};
    nv2::bundle_cursor cursor{carried_.signatures};
    std::size_t number = 0;
    for (nv2::bundled_signature each; cursor.next(each) && count.may_try();) {  // spec: W-041
      count.judge(about(number++, each, errc::unset), copy_of(each.envelope), artifact(),
                  std::string(each.media_type), options_.format);
    }
    count.finish(out_);
  }

  tried_signature about(std::size_t number, const nv2::bundled_signature& each, errc code) const {
    tried_signature out{{}, std::string(each.media_type), code};
    out.file = fmt::format("{}, signature {}", options_.bundle, number + 1);
    return out;
  }

  /// The verdict that nothing was judged for.
  void refuse(errc code) {
    out_.answer = unjudged(out_.trusted, options_.time);
    out_.answer.status = {code, nv2::stage::envelope, -1, 0};
    out_.answer.of(nv2::check_of(out_.answer.status)) = nv2::outcome::failed;
  }

  const verify_options& options_;
  const byte_buffer content_;
  nv2::bundle carried_;
  byte_buffer artifact_;
  std::string media_type_;
  examination& out_;
};

}  // namespace

void check_bundle_options(const verify_options& options) {
  if (options.signature.empty() && options.envelope_media_type.empty()) return;
  throw failure(exit_code::usage, "--signature and --envelope-media-type do not go with --bundle",
                {next_step("leave them out: the bundle has the signatures and their media types")});
}

void examine_bundle(const verify_options& options, const std::optional<stored_target>& stored,
                    examination& out) {
  bundle_examination{options, out}.run(stored);
}

}  // namespace client
