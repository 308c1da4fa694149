// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What a server that answers with status 401 wants to know (RFC 7235).
#ifndef NV2_CLIENT_CHALLENGE_HPP
#define NV2_CLIENT_CHALLENGE_HPP

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace client {

struct challenge {
  /// In lower case, as the names of the parameters.
  std::string scheme;
  std::map<std::string, std::string> parameters;

  std::string parameter(const std::string& name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string{} : found->second;
  }
};

/// The challenges of one WWW-Authenticate header:
///
///   challenge *( "," challenge ),  challenge = scheme SP name "=" ( token / quoted ) *( "," … )
///
/// Empty when it is not written so, or has a parameter twice.
std::vector<challenge> parse_challenges(std::string_view text);

}  // namespace client

#endif  // NV2_CLIENT_CHALLENGE_HPP
