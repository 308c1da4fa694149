// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The programs that keep passwords for docker.
#ifndef NV2_CLIENT_CREDENTIAL_HELPER_HPP
#define NV2_CLIENT_CREDENTIAL_HELPER_HPP

#include <optional>
#include <string>

#include "credentials.hpp"

namespace client {

/// Asks `docker-credential-NAME get` for the credentials of `server`, without a shell and for at most
/// ten seconds. Nothing when it has none. Fails with exit code 2 when `name` is no name of a program,
/// and with 3 when the program cannot be run or says what is no answer.
std::optional<credentials> ask_credential_helper(const std::string& name,
                                                 const std::string& server);

}  // namespace client

#endif  // NV2_CLIENT_CREDENTIAL_HELPER_HPP
