// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The kinds of stores.
#include "artifact_source.hpp"

#include <fmt/format.h>

#include "errors.hpp"
#include "layout_source.hpp"
#include "registry_source.hpp"

namespace client {

std::optional<stored_target> find_stored_target(const std::string& target) {
  if (const auto found = find_layout_target(target)) return *found;
  if (const auto found = find_registry_target(target)) return *found;
  return {};
}

void check_one_registry(const registry_options& options, const std::vector<std::string>& targets) {
  if (options.username.empty() && options.password.empty()) return;
  std::string host;
  for (const std::string& each : targets) {
    const auto found = find_registry_target(each);
    if (!found) continue;
    if (!host.empty() && host != found->host) {
      throw failure(
          exit_code::usage,
          fmt::format("whether --username and --password are for {} or for {} is not known", host,
                      found->host),
          {next_step("docker login keeps them for each registry")});
    }
    host = found->host;
  }
}

std::unique_ptr<artifact_source> open_source(const stored_target& target,
                                             const registry_options& options) {
  if (const auto* const in_layout = std::get_if<layout_target>(&target)) {
    return std::make_unique<layout_source>(*in_layout);
  }
  return std::make_unique<registry_source>(std::get<registry_target>(target), options);
}

}  // namespace client
