// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The one call into the verifier.
#ifndef NV2_CLIENT_JUDGE_HPP
#define NV2_CLIENT_JUDGE_HPP

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/base/bytes.hpp>
#include <nv2/base/time.hpp>
#include <nv2/binding.hpp>
#include <nv2/quorum.hpp>
#include <nv2/trust/version_rule.hpp>

#include "options.hpp"
#include "trust.hpp"
#include "verdict.hpp"

namespace client {

/// Everything a verdict depends on. All of it is borrowed.
struct judgement {
  nv2::bytes envelope;
  const nv2::artifact& artifact;
  const trust& trusted;
  nv2::time_basis time;
  leniency deviations;
  /// The one format allowed, "" = any.
  std::string_view format = {};
  /// The declared media type of the envelope, "" = none.
  std::string_view envelope_media_type = {};
  /// Extended attributes that the caller processes, and annotations that it wants. Null = none.
  const std::vector<std::string>* understood = nullptr;
  const std::vector<metadata_pair>* user_metadata = nullptr;
  /// The digest that the artifact must have, nothing = any. // spec: W-001
  std::optional<std::string_view> digest = {};
  /// Which version will do, null = any.
  const nv2::version_rule* version = nullptr;
  /// Counts the signer, null = nobody is counted.
  nv2::quorum* signers = nullptr;
};

/// One envelope, and what is known of its format, each "" = nothing.
struct given_envelope {
  nv2::bytes content;
  /// The media type that it came with, and the name of the one format allowed.
  std::string_view declared, format;
};

/// Judges one envelope with the revocation data that there is. // spec: R-002 R-004 R-008
verdict judge(const judgement& input);

/// The same with what the options of the command line say. When nothing but revocation data is missing,
/// gets it and judges again. A digest in --scope must be that of the artifact.
/// // spec: W-001 D-001 W-080
///
/// With `signers` the signer is counted if everything is right, and the verdict tells whether it was.
verdict judge_with(const verify_options& options, trust& trusted, const given_envelope& envelope,
                   const nv2::artifact& artifact, nv2::quorum* signers = nullptr);

/// A verdict without a judgement, which says no.
verdict unjudged(const trust& trusted, nv2::time_basis time);

}  // namespace client

#endif  // NV2_CLIENT_JUDGE_HPP
