// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Basic and bearer authentication, as registries and their token servers do it.
#include "registry_connection.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base64_text.hpp"
#include "challenge.hpp"
#include "errors.hpp"
#include "strict_json.hpp"

namespace client {
namespace {

constexpr long status_unauthorized = 401;
constexpr std::size_t max_token = std::size_t{64} << 10;

/// What may stand in a header.
bool is_visible(const std::string& text) {
  for (const char c : text) {
    if (c <= ' ' || c >= '\x7F') return false;
  }
  return !text.empty();
}

std::string basic(const credentials& who) {
  return "Basic " + base64_standard(nv2::bytes::of(who.username + ":" + who.password));
}

/// The challenge to answer: a token is worth less to others than a password.
const challenge* choose(const std::vector<challenge>& all) {
  for (const char* const scheme : {"bearer", "basic"}) {
    for (const challenge& each : all) {
      if (each.scheme == scheme) return &each;
    }
  }
  return nullptr;
}

http_rules rules_of(const registry_options& options) {
  http_rules out;
  out.offline = options.offline;
  out.total_seconds = options.timeout;
  out.idle_seconds = std::min(out.idle_seconds, options.timeout);
  return out;
}

}  // namespace

registry_connection::registry_connection(std::string host, const registry_options& options)
    : host_(std::move(host)),
      base_(fmt::format("{}://{}/v2/", options.insecure ? "http" : "https",
                        host_ == "docker.io" ? "registry-1.docker.io" : host_)),  // spec: N-179
      options_(options),
      session_(rules_of(options)) {}

bool registry_connection::is_own(const std::string& url) const {
  return origin_of(url) == origin_of(base_);
}

void registry_connection::refuse(const std::string& why) const {
  throw failure(
      exit_code::unavailable, fmt::format("the registry {} lets nobody in: {}", host_, why),
      {next_step(fmt::format("docker login {}, or give --username and --password-stdin", host_))});
}

const std::optional<credentials>& registry_connection::known_credentials() {
  if (!looked_up_) credentials_ = find_credentials(host_, options_);
  looked_up_ = true;
  return credentials_;
}

http_request registry_connection::token_request(const std::string& realm,
                                                const std::string& service,
                                                const std::string& scope) {
  const std::optional<credentials>& who = known_credentials();
  http_request out;
  out.role = "token";
  out.limit = max_token;
  out.url = realm;
  const std::string query =
      fmt::format("service={}&scope={}", percent_encoded(service), percent_encoded(scope));
  if (who && !who->identity_token.empty()) {
    out.method = "POST";
    out.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    form_ = fmt::format("grant_type=refresh_token&client_id=nv2&{}&refresh_token={}", query,
                        percent_encoded(who->identity_token));
    out.body = nv2::bytes::of(form_);
    return out;
  }
  out.url += (realm.find('?') == realm.npos ? "?" : "&") + query;
  if (who) out.headers.emplace_back("Authorization", basic(*who));
  return out;
}

std::string registry_connection::fetch_token(const challenge& asked, std::string_view repository,
                                             registry_action action) {
  const std::string realm = asked.parameter("realm"), origin = origin_of(realm);
  const bool is_safe = origin.compare(0, 8, "https://") == 0;
  if (origin.empty()) refuse("it names no token server");
  if (!is_safe && !options_.insecure) refuse("its token server is not asked by https");
  const std::string scope = fmt::format("repository:{}:{}", repository,
                                        action == registry_action::push ? "pull,push" : "pull");
  const http_answer answer = session_.send(token_request(realm, asked.parameter("service"), scope));
  if (!answer.is_good()) {
    refuse(fmt::format("its token server answers with status {}", answer.status));
  }
  const auto document = parse_strict(view_of(answer.body));
  if (!document) refuse("its token server does not answer with JSON");
  std::string token = text_of(*document, "token");
  if (token.empty()) token = text_of(*document, "access_token");
  if (!is_visible(token)) refuse("its token server gives no token");
  return "Bearer " + token;
}

std::string registry_connection::authorize(const http_answer& refusal, std::string_view repository,
                                           registry_action action) {
  std::vector<challenge> all;
  for (const auto& [name, value] : refusal.headers) {
    if (!is_header(name, "WWW-Authenticate")) continue;
    for (challenge& each : parse_challenges(value)) all.push_back(std::move(each));
  }
  const challenge* const asked = choose(all);
  if (asked == nullptr) refuse("it does not say how to log in");
  if (asked->scheme == "bearer") return fetch_token(*asked, repository, action);
  const std::optional<credentials>& who = known_credentials();
  if (!who || who->username.empty()) refuse("it wants a name and a password");
  return basic(*who);
}

http_answer registry_connection::send(http_request wanted, std::string_view repository,
                                      registry_action action) {
  if (origin_of(wanted.url).empty()) wanted.url.insert(0, base_);
  if (!is_own(wanted.url)) refuse("it names a place of another server");
  const std::pair<std::string, registry_action> key{repository, action};
  const std::size_t plain_headers = wanted.headers.size();
  for (bool again = false;; again = true) {
    wanted.headers.resize(plain_headers);
    const auto known = authorizations_.find(key);
    if (known != authorizations_.end()) {
      wanted.headers.emplace_back("Authorization", known->second);
    }
    http_answer answer = session_.send(wanted);
    if (answer.status != status_unauthorized || !is_own(answer.url)) return answer;
    if (again) refuse("it does not accept the credentials");
    authorizations_[key] = authorize(answer, repository, action);
  }
}

}  // namespace client
