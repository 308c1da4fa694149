// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The one call into the verifier.
#ifndef NV2_CLIENT_JUDGE_HPP
#define NV2_CLIENT_JUDGE_HPP

#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/time.hpp>

#include "options.hpp"
#include "trust.hpp"
#include "verdict.hpp"

namespace client {

/// Everything a verdict depends on. All of it is borrowed.
struct judgement {
  nv2::bytes envelope, manifest;
  std::string_view media_type;
  /// The one format allowed, "" = any.
  std::string_view format;
  /// The declared media type of the envelope, "" = none.
  std::string_view envelope_media_type;
  nv2::time_basis time;
  leniency deviations;
  const trust& trusted;
};

verdict judge(const judgement& input);

}  // namespace client

#endif  // NV2_CLIENT_JUDGE_HPP
