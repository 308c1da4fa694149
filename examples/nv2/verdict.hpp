// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The answer of the library, copied out of the memory it lay in.
#ifndef NV2_CLIENT_VERDICT_HPP
#define NV2_CLIENT_VERDICT_HPP

#include <array>
#include <string>
#include <vector>

#include <nv2/base/result.hpp>
#include <nv2/base/time.hpp>
#include <nv2/verifier.hpp>

#include "errors.hpp"

namespace client {

constexpr std::size_t check_count = 6;

struct verdict {
  bool trusted = false;
  /// Of the artifact; empty unless trusted.
  std::string digest;
  /// Of the envelope; empty when it was not recognised.
  std::string format;
  nv2::time_basis time = nv2::time_basis::unknown();
  /// Indexed by nv2::check.
  std::array<nv2::outcome, check_count> checks{};
  std::string signer_subject, signer_sha256;
  nv2::status status;
  /// Why each signature failed, when there were several.
  std::vector<nv2::errc> tried;
};

/// The name of a check in messages and documents: "authenticTimestamp".
const char* check_name(nv2::check kind);

/// What a refusal with `code` means for the caller of the program.
exit_code exit_code_of(nv2::errc code);

}  // namespace client

#endif  // NV2_CLIENT_VERDICT_HPP
