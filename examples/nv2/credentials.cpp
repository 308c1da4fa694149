// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// docker's configuration file, and the helpers that it names.
#include "credentials.hpp"

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <nv2/codec/base64.hpp>

#include "credential_helper.hpp"
#include "errors.hpp"
#include "file_io.hpp"
#include "strict_json.hpp"

namespace client {
namespace {

using nlohmann::json;

constexpr std::size_t max_config_size = std::size_t{1} << 20;
constexpr std::string_view docker_key = "https://index.docker.io/v1/";

std::string configuration_path() {
  const char* const folder = std::getenv("DOCKER_CONFIG");
  if (folder != nullptr && *folder != '\0') return std::string(folder) + "/config.json";
  const char* const home = std::getenv("HOME");
  return home != nullptr && *home != '\0' ? std::string(home) + "/.docker/config.json" : "";
}

[[noreturn]] void refuse(const std::string& path, const char* what) {
  throw failure(exit_code::usage, fmt::format("{}: {}", what, path),
                {next_step("mend the file, name another folder with DOCKER_CONFIG, or give "
                           "--username and --password-stdin")});
}

/// The key that docker itself writes for `host`.
std::string key_of(const std::string& host) {
  return host == "docker.io" ? std::string(docker_key) : host;
}

/// The host that a key of `auths` means: keys are hosts, or addresses of old kinds of servers.
std::string_view host_of_key(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (key.substr(0, scheme.size()) == scheme) key.remove_prefix(scheme.size());
  }
  key = key.substr(0, key.find('/'));
  return key == "index.docker.io" || key == "registry-1.docker.io" ? "docker.io" : key;
}

/// "name:password" in base64, as docker writes it.
credentials decode(const std::string& text, const std::string& path) {
  byte_buffer plain(nv2::max_decoded_size(text.size()));
  std::size_t size = 0;
  const nv2::errc code =
      nv2::decode_base64(nv2::bytes::of(text), nv2::base64_alphabet::standard_padded,
                         nv2::base64_rules::strict, {plain.data(), plain.size()}, size);
  const std::string pair(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(size));
  const std::size_t colon = pair.find(':');
  if (code != nv2::errc::ok || colon == pair.npos) refuse(path, "an auth is no name and password");
  return {pair.substr(0, colon), pair.substr(colon + 1), {}};
}

std::optional<credentials> read_entry(const json& entry, const std::string& path) {
  const std::string encoded = text_of(entry, "auth");
  credentials out = encoded.empty()
                        ? credentials{text_of(entry, "username"), text_of(entry, "password"), {}}
                        : decode(encoded, path);
  out.identity_token = text_of(entry, "identitytoken");
  if (out.username.empty() && out.identity_token.empty()) return {};
  return out;
}

std::optional<credentials> find_entry(const json& config, const std::string& host,
                                      const std::string& path) {
  const auto entries = config.find("auths");
  if (entries == config.end() || !entries->is_object()) return {};
  const auto own = entries->find(key_of(host));
  if (own != entries->end()) return read_entry(*own, path);
  for (const auto& [key, entry] : entries->items()) {
    if (host_of_key(key) == host) return read_entry(entry, path);
  }
  return {};
}

/// The program that keeps the credentials of `host`; "" = none.
std::string find_helper(const json& config, const std::string& host) {
  const auto helpers = config.find("credHelpers");
  const std::string own = helpers == config.end() ? "" : text_of(*helpers, host.c_str());
  return own.empty() ? text_of(config, "credsStore") : own;
}

std::optional<credentials> find_in_configuration(const std::string& host) {
  const std::string path = configuration_path();
  if (path.empty() || !std::filesystem::exists(path)) return {};
  const byte_buffer text = read_file(path, "docker configuration", max_config_size);
  const std::optional<json> config = parse_strict(view_of(text));
  if (!config || !config->is_object()) refuse(path, "docker's configuration is no JSON object");
  const std::string helper = find_helper(*config, host);
  if (!helper.empty()) {
    if (auto found = ask_credential_helper(helper, key_of(host))) return found;
  }
  return find_entry(*config, host, path);
}

}  // namespace

std::optional<credentials> find_credentials(const std::string& host,
                                            const registry_options& options) {
  if (!options.username.empty() || !options.password.empty()) {
    // A password without a name is a token, as docker and oras have it.
    if (options.username.empty()) return credentials{{}, {}, options.password};
    return credentials{options.username, options.password, {}};
  }
  return find_in_configuration(host);
}

}  // namespace client
