// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Why a signature was refused, and what to do about it.
#ifndef NV2_CLIENT_REFUSAL_HPP
#define NV2_CLIENT_REFUSAL_HPP

#include "errors.hpp"
#include "options.hpp"
#include "trust.hpp"
#include "verdict.hpp"

namespace client {

/// The message for a verdict that is not `trusted`. It looks into the refused envelope, so its
/// details may be lies of an attacker; nothing in it is a decision.
diagnostic explain_refusal(const verdict& answer, const verify_options& options,
                           nv2::bytes envelope, const trust& trusted);

/// "N-116 (host_not_covered)".
std::string rule_text(nv2::errc code);

}  // namespace client

#endif  // NV2_CLIENT_REFUSAL_HPP
