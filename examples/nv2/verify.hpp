// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 verify
#ifndef NV2_CLIENT_VERIFY_HPP
#define NV2_CLIENT_VERIFY_HPP

#include <optional>

#include "errors.hpp"
#include "file_io.hpp"
#include "options.hpp"
#include "signatures.hpp"
#include "trust.hpp"
#include "trust_shelf.hpp"
#include "verdict.hpp"

namespace client {

/// A verdict and what led to it.
struct examination {
  trust trusted;
  /// Empty when the policy skips verification.
  byte_buffer envelope;
  verdict answer;
  /// The artifact as its registry or layout has it, nothing = it is not stored in one.
  std::optional<owned_descriptor> artifact;
};

/// Reads and judges what `options` name. Certificates and policy come before the signature, the
/// signature before the target; with the level skip nothing of the last two is read.
/// // spec: N-176 W-003 W-020
examination examine(const verify_options& options);
/// The same with trust that was read before, for several threads at a time.
examination examine(const verify_options& options, trust_shelf& shelf);

/// Tells what a lenient level let pass: under audit, signers that nobody trusts.
/// // spec: W-005 W-081 Q-002 Q-009
void print_logged(const verdict& answer, color_choice color);
/// Tells loudly that nothing was verified.
exit_code report_skipped(const examination& done, const verify_options& options);
/// Tells why the artifact is not trusted, and what to do; the exit code is never ok.
exit_code report_refused(const examination& done, const verify_options& options);

/// Prints the digest of the target when its signature is trusted, else says why not.
exit_code run_verify(const verify_options& options);

}  // namespace client

#endif  // NV2_CLIENT_VERIFY_HPP
