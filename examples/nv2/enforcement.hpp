// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What a node lets run: the configuration of the verifier that a container runtime starts.
#ifndef NV2_CLIENT_ENFORCEMENT_HPP
#define NV2_CLIENT_ENFORCEMENT_HPP

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"

namespace client {

/// Where the configuration lies when no place is named.
constexpr const char* default_enforcement = "/etc/nv2/containerd.json";

struct enforcement {
  /// The file that it was read from. Relative paths in it begin where it lies.
  std::string path;
  /// As trust_options has them; at least one is given, and `store` where `config` is not.
  std::string policy, config, store;
  /// Hosts, with their port, that speak plain HTTP.
  std::vector<std::string> insecure_registries;
  /// Who is asked in place of a host. It is trusted with nothing: names and scopes stay as they are.
  std::map<std::string, std::string> mirrors;
  /// The folder of docker's config.json.
  std::string docker_config;
  revocation_options revocation;
  /// Everything must be over by then. Shorter than containerd's own limit, so that a reason is told.
  unsigned timeout_seconds = 9;
  /// Verdicts go to standard error too, which containerd shows at its level debug.
  bool is_verbose = false;

  /// How to verify `digest` of `repository`, which begins with `host`.
  verify_options options_for(std::string_view host, const std::string& repository,
                             const std::string& digest) const;
};

/// The configuration that belongs to the program `program` alone: etc/nv2/containerd.json beside the folder
/// that it lies in, after links were followed; "" = there is none. Not in that folder, which may be the
/// plugin's own, where every file must be a verifier.
std::string enforcement_beside(const std::string& program);

/// Reads the file `path`, which nobody but root and the caller may be able to write. Unknown members are
/// refused. Fails with exit code 2 when it is wrong, and 3 when it cannot be read.
enforcement read_enforcement(const std::string& path);

}  // namespace client

#endif  // NV2_CLIENT_ENFORCEMENT_HPP
