// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A Notary Project signature is read back by the verifier before anybody else gets it.
#ifndef NV2_CLIENT_NOTARY_SELF_CHECK_HPP
#define NV2_CLIENT_NOTARY_SELF_CHECK_HPP

#include <string>

#include <nv2/base/result.hpp>

#include "sign_job.hpp"

namespace client {

/// Verifies `envelope` as somebody would, at the present time, who trusts the last certificate of the
/// chain and asks for no timestamp. // spec: N-177
nv2::status check_own_notary(const sign_job& job, const std::string& envelope);

}  // namespace client

#endif  // NV2_CLIENT_NOTARY_SELF_CHECK_HPP
