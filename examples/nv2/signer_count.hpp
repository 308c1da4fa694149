// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Several signatures of one artifact where several signers must have signed.
#ifndef NV2_CLIENT_SIGNER_COUNT_HPP
#define NV2_CLIENT_SIGNER_COUNT_HPP

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/binding.hpp>
#include <nv2/quorum.hpp>

#include "file_io.hpp"
#include "options.hpp"
#include "trust.hpp"
#include "verdict.hpp"
#include "verify.hpp"

namespace client {

/// What an artifact may be named by: "sha256:…", "sha384:…" and "sha512:…".
using artifact_names = std::array<std::string, 3>;
artifact_names names_of(nv2::bytes content);

/// Judges signatures one after the other and counts their signers. Only trusted ones count, whatever
/// the level, and two that share key, subject or trusted identity are one. // spec: W-040 W-081
class signer_count {
 public:
  /// `names` are those of the artifact, made from the bytes that are judged. Borrows all of it but them.
  signer_count(const verify_options& options, trust& trusted, artifact_names names);
  signer_count(const signer_count&) = delete;
  signer_count& operator=(const signer_count&) = delete;
  ~signer_count() = default;

  /// Whether another signature is needed and may be tried. // spec: W-041
  bool may_try() { return signers_.may_try(); }
  /// Judges one signature; `about` says where it is from, and is kept with what came of it.
  void judge(tried_signature about, byte_buffer envelope, const nv2::artifact& artifact,
             const std::string& declared, const std::string& format);
  /// The signature cannot be had, for the reason in `about`. // spec: W-042
  void add_unavailable(tried_signature about);

  /// The verdict on the artifact: that of the first signer who counts, with all of them, when everybody
  /// signed who must; else a refusal. Lists what was tried.
  void finish(examination& out);

 private:
  static constexpr std::size_t room = nv2::policy_limits::threshold;

  struct judged {
    verdict answer;
    byte_buffer envelope;
  };

  const verify_options& options_;
  trust& trusted_;
  artifact_names names_;
  std::array<std::string_view, 3> name_views_;
  nv2::quorum_rules rules_;
  nv2::static_quorum<room> signers_;
  std::vector<judged> judged_;
  std::vector<tried_signature> tried_;
};

}  // namespace client

#endif  // NV2_CLIENT_SIGNER_COUNT_HPP
