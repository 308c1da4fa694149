// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What to do about a refused signature.
#ifndef NV2_CLIENT_NEXT_STEPS_HPP
#define NV2_CLIENT_NEXT_STEPS_HPP

#include <string>

#include <nv2/base/errc.hpp>

#include "envelope_view.hpp"
#include "options.hpp"
#include "trust.hpp"
#include "verdict.hpp"

namespace client {

/// A refusal, and what its envelope shows, which may be lies of an attacker.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON only asserts
struct refusal_facts {
  const verdict& answer;
  const verify_options& options;
  const trust& trusted;
  envelope_view shown;

  nv2::errc code() const { return answer.status.code; }
  nv2::error_class group() const { return nv2::class_of(code()); }
  bool is_notary() const { return shown.format == "jws" || shown.format == "cose"; }
  /// The signature that the error is about, null when there is not exactly one.
  const signature_view* signature() const {
    return shown.signatures.size() == 1 ? &shown.signatures.front() : nullptr;
  }
  /// The signer's certificate as far as anybody has it.
  nv2::bytes signer() const;
};

/// What to do next, in one sentence.
std::string next_step_for(const refusal_facts& facts);

/// The deviation that accepts what `code` refuses, for those who have old files to live with; null when
/// there is none.
const char* deviation_for(nv2::errc code);

}  // namespace client

#endif  // NV2_CLIENT_NEXT_STEPS_HPP
