// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Names and passwords for registries: from the command line, or as docker keeps them.
#ifndef NV2_CLIENT_CREDENTIALS_HPP
#define NV2_CLIENT_CREDENTIALS_HPP

#include <optional>
#include <string>

#include "options.hpp"

namespace client {

struct credentials {
  std::string username, password;
  /// In place of a password, for token servers.
  std::string identity_token;
};

/// What is known for `host`: what was given on the command line, else what $DOCKER_CONFIG/config.json or
/// ~/.docker/config.json has, itself or by a helper. Nothing when there is none. Fails with exit code 2
/// when that file is broken, and with 3 when a helper fails.
std::optional<credentials> find_credentials(const std::string& host,
                                            const registry_options& options);

}  // namespace client

#endif  // NV2_CLIENT_CREDENTIALS_HPP
