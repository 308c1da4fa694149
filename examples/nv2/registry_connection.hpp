// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Requests to one registry, by whoever may make them.
#ifndef NV2_CLIENT_REGISTRY_CONNECTION_HPP
#define NV2_CLIENT_REGISTRY_CONNECTION_HPP

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "challenge.hpp"
#include "credentials.hpp"
#include "http_session.hpp"
#include "options.hpp"

namespace client {

enum class registry_action { pull, push };

/// A registry and what is known of who asks. Credentials are looked up when the registry wants some.
class registry_connection {
 public:
  /// `host` as references name it, with its port. // spec: N-179
  registry_connection(std::string host, const registry_options& options);

  const std::string& host() const { return host_; }
  /// Where paths begin: "https://registry.example.com/v2/".
  const std::string& base() const { return base_; }
  /// Whether `url` is a place of this registry.
  bool is_own(const std::string& url) const;

  /// Sends `wanted`, whose url is what follows base(), or a whole address that is_own(). When the
  /// registry asks who is there, says so once. Fails with exit code 3 when it still does not want to.
  http_answer send(http_request wanted, std::string_view repository, registry_action action);

 private:
  [[noreturn]] void refuse(const std::string& why) const;
  std::string authorize(const http_answer& refusal, std::string_view repository,
                        registry_action action);
  std::string fetch_token(const challenge& asked, std::string_view repository,
                          registry_action action);
  http_request token_request(const std::string& realm, const std::string& service,
                             const std::string& scope);
  const std::optional<credentials>& known_credentials();

  std::string host_, base_;
  const registry_options& options_;
  http_session session_;
  bool looked_up_ = false;
  /// The body of a request for a token.
  std::string form_;
  std::optional<credentials> credentials_;
  /// Authorization headers by repository and action.
  std::map<std::pair<std::string, registry_action>, std::string> authorizations_;
};

}  // namespace client

#endif  // NV2_CLIENT_REGISTRY_CONNECTION_HPP
