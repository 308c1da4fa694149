// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of all commands that talk to registries.
#ifndef NV2_CLIENT_COMMAND_LINE_REGISTRY_HPP
#define NV2_CLIENT_COMMAND_LINE_REGISTRY_HPP

#include <string>

#include <CLI/CLI.hpp>

#include "options.hpp"

namespace client {

/// Option values as they were typed.
struct registry_values {
  std::string username, password, timeout;
  bool reads_password = false, insecure = false;
};

/// Declares --username, --password, --password-stdin, --insecure and --timeout. // spec: N-167
void add_registry(CLI::App& app, registry_values& values);

/// What they mean; reads the password from standard input when that was asked for, which then must not be
/// wanted for something else. Fails with exit code 2.
registry_options read_registry(const registry_values& values, color_choice color,
                               bool needs_stdin = false);

}  // namespace client

#endif  // NV2_CLIENT_COMMAND_LINE_REGISTRY_HPP
