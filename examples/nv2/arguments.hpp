// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Arguments as the prototype's flag parser understood them.
#ifndef NV2_CLIENT_ARGUMENTS_HPP
#define NV2_CLIENT_ARGUMENTS_HPP

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace client {

/// Rewrites what the prototype accepted and CLI11 does not: one dash before a long name (-key K), two
/// before a short one (--k K), -k=K, and values that begin with a dash (-e -1h). Everything that
/// is no option of `app` or of the command named first is left alone.
std::vector<std::string> normalised(const CLI::App& app, const std::vector<std::string>& arguments);

}  // namespace client

#endif  // NV2_CLIENT_ARGUMENTS_HPP
