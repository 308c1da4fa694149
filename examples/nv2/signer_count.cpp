// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Counting signers: the library decides who counts, this keeps what is told of them.
#include "signer_count.hpp"

#include <utility>

#include <fmt/format.h>

#include "client_crypto.hpp"
#include "errors.hpp"
#include "hex.hpp"
#include "judge.hpp"

namespace client {
namespace {

std::string name_of(nv2::bytes content, nv2::hash_algorithm algorithm, const char* prefix) {
  constexpr std::size_t state_size = 1024;
  nv2::static_workspace<state_size> memory;
  nv2::hasher state{client_crypto, memory, algorithm};
  state.update(content);
  nv2::digest_value digest;
  if (state.finish(digest) != nv2::errc::ok) {
    throw failure(exit_code::unavailable, "the artifact cannot be hashed", {});
  }
  return prefix + hex_text(digest.view());
}

}  // namespace

artifact_names names_of(nv2::bytes content) {
  return {name_of(content, nv2::hash_algorithm::sha256, "sha256:"),
          name_of(content, nv2::hash_algorithm::sha384, "sha384:"),
          name_of(content, nv2::hash_algorithm::sha512, "sha512:")};
}

signer_count::signer_count(const verify_options& options, trust& trusted, artifact_names names)
    : options_(options),
      trusted_(trusted),
      names_(std::move(names)),
      name_views_{names_[0], names_[1], names_[2]},
      rules_(trusted.quorum_rules()),
      signers_(rules_, options.max_signatures) {
  rules_.names = {name_views_.data(), name_views_.size()};
}

void signer_count::judge(tried_signature about, byte_buffer envelope, const nv2::artifact& artifact,
                         const std::string& declared, const std::string& format) {
  verdict answer =
      judge_with(options_, trusted_, {view_of(envelope), declared, format}, artifact, &signers_);
  about.code = answer.counted;
  tried_.push_back(std::move(about));
  judged_.push_back({std::move(answer), std::move(envelope)});
}

void signer_count::add_unavailable(tried_signature about) {
  signers_.add_unavailable();
  tried_.push_back(std::move(about));
  judged_.emplace_back();
}

void signer_count::finish(examination& out) {
  const nv2::errc result = signers_.result();
  const nv2::view<nv2::counted_signer> counted = signers_.signers();
  if (result == nv2::errc::ok) {
    judged& first = judged_[counted[0].signature];
    out.answer = first.answer;
    out.envelope = std::move(first.envelope);
  } else {
    out.answer = unjudged(trusted_, options_.time);
    out.answer.status = {result, nv2::stage::policy, -1, 0};
    out.answer.of(nv2::check_of(out.answer.status)) = nv2::outcome::failed;
    out.envelope.clear();
  }
  out.answer.is_counted = result == nv2::errc::ok;
  out.answer.threshold = rules_.threshold;
  for (const nv2::counted_signer& each : counted) {
    const verdict& answer = judged_[each.signature].answer;
    out.answer.signers.push_back({answer.signer_subject, answer.signer_sha256});
    // The oldest counts: no signer alone can raise a floor. // spec: M-002
    if (answer.version && out.answer.is_counted && *answer.version < *out.answer.version) {
      out.answer.version = answer.version;
    }
  }
  out.answer.signatures = std::move(tried_);
}

}  // namespace client
