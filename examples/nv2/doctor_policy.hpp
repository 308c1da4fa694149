// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether a policy for images enforces, and whether anybody can satisfy it.
#ifndef NV2_CLIENT_DOCTOR_POLICY_HPP
#define NV2_CLIENT_DOCTOR_POLICY_HPP

#include <string>

#include "doctor_findings.hpp"
#include "options.hpp"

namespace client {

/// Looks at the policy that `given` names, each statement of it, each store that they name, and each
/// certificate in those.
void check_policy(const trust_options& given, doctor_findings& out);

/// Whether the clock can be right.
void check_clock(const std::string& newest_file, doctor_findings& out);

}  // namespace client

#endif  // NV2_CLIENT_DOCTOR_POLICY_HPP
