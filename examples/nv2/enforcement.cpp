// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A JSON file, strictly: what is not understood might have been meant to forbid something.
#include "enforcement.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "duration.hpp"
#include "errors.hpp"
#include "file_io.hpp"
#include "strict_json.hpp"
#include "time_text.hpp"

namespace client {
namespace {

using nlohmann::json;

constexpr std::size_t max_size = std::size_t{1} << 20;
constexpr unsigned max_seconds = 600;
constexpr duration second = 1'000'000'000;

/// Nobody else may decide what is trusted here.
void check_owner(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return;
  const bool is_owned = about.st_uid == 0 || about.st_uid == ::geteuid();
  if (is_owned && (about.st_mode & (S_IWGRP | S_IWOTH)) == 0) return;
  throw failure(exit_code::usage, fmt::format("others may write the configuration: {}", path),
                {next_step("chown it to root, and chmod go-w")});
}

/// Takes the members of the file one by one.
class enforcement_reader {
 public:
  enforcement_reader(const std::string& path, enforcement& out) : out_(out) { out_.path = path; }

  void read(const json& members) {
    for (const auto& [name, value] : members.items()) take(name, value);
    const bool has_policy = !out_.config.empty() || !out_.policy.empty();
    const bool has_stores = !out_.config.empty() || !out_.store.empty();
    if (!has_policy) refuse("neither \"config\" nor \"policy\" tells who is trusted");
    if (!has_stores) refuse("\"policy\" needs \"trustStore\" or \"config\"");
    if (out_.docker_config.empty()) out_.docker_config = folder();
  }

  [[noreturn]] void refuse(const std::string& why) const {
    throw failure(exit_code::usage, fmt::format("{}: {}", why, out_.path),
                  {next_step("mend the file; docs/containerd.md lists its members")});
  }

 private:
  void take(const std::string& name, const json& value) {
    if (name == "policy") return take_path(name, value, out_.policy);
    if (name == "config") return take_path(name, value, out_.config);
    if (name == "trustStore") return take_path(name, value, out_.store);
    if (name == "dockerConfig") return take_path(name, value, out_.docker_config);
    if (name == "revocationCache") return take_path(name, value, out_.revocation.cache);
    if (name == "revocationLists") return take_paths(name, value, out_.revocation.lists);
    if (name == "ocspResponses") return take_paths(name, value, out_.revocation.responses);
    if (name == "fetchRevocation") return take_fetch(name, value);
    if (name == "insecureRegistries") return take_texts(name, value, out_.insecure_registries);
    if (name == "mirrors") return take_mirrors(name, value);
    if (name == "timeout") return take_timeout(name, value);
    if (name == "logLevel") return take_level(name, value);
    refuse(fmt::format("unknown member \"{}\"", name));
  }

  std::string folder() const {
    const std::string above = std::filesystem::path(out_.path).parent_path().string();
    return above.empty() ? "." : above;
  }
  std::string text(const std::string& name, const json& value) const {
    const bool is_text = value.is_string() && !value.get_ref<const std::string&>().empty();
    if (!is_text) refuse(fmt::format("\"{}\" is no text", name));
    return value.get<std::string>();
  }
  void take_path(const std::string& name, const json& value, std::string& out) const {
    out = text(name, value);
    if (out.front() != '/') out = folder() + "/" + out;
  }
  void take_texts(const std::string& name, const json& value, std::vector<std::string>& out) const {
    if (!value.is_array()) refuse(fmt::format("\"{}\" is no list", name));
    for (const json& item : value) out.push_back(text(name, item));
  }
  void take_paths(const std::string& name, const json& value, std::vector<std::string>& out) const {
    if (!value.is_array()) refuse(fmt::format("\"{}\" is no list", name));
    for (const json& item : value) take_path(name, item, out.emplace_back());
  }
  void take_fetch(const std::string& name, const json& value) const {
    if (!value.is_boolean()) refuse(fmt::format("\"{}\" is neither true nor false", name));
    out_.revocation.offline = !value.get<bool>();
  }
  void take_mirrors(const std::string& name, const json& value) const {
    if (!value.is_object()) refuse(fmt::format("\"{}\" is no object", name));
    for (const auto& [host, mirror] : value.items()) out_.mirrors[host] = text(name, mirror);
  }
  void take_timeout(const std::string& name, const json& value) const {
    const std::optional<duration> given = parse_duration(text(name, value));
    const bool is_good = given && *given >= second && *given <= max_seconds * second;
    if (!is_good) refuse(fmt::format("\"{}\" is no time from 1s to {}s", name, max_seconds));
    out_.timeout_seconds = static_cast<unsigned>(*given / second);
  }
  void take_level(const std::string& name, const json& value) const {
    const std::string level = text(name, value);
    if (level != "none" && level != "verdict") {
      refuse(fmt::format("\"{}\" is neither none nor verdict", name));
    }
    out_.is_verbose = level == "verdict";
  }

  enforcement& out_;
};

}  // namespace

verify_options enforcement::options_for(std::string_view host, const std::string& repository,
                                        const std::string& digest) const {
  const auto mirror = mirrors.find(std::string(host));
  const std::string asked = mirror == mirrors.end() ? std::string(host) : mirror->second;
  verify_options out;
  out.target = fmt::format("docker://{}{}@{}", asked, repository.substr(host.size()), digest);
  out.trusted.policy = policy;
  out.trusted.config = config;
  out.trusted.store = store;
  out.trusted.scope = fmt::format("{}@{}", repository, digest);
  out.revocation = revocation;
  out.registry.insecure = std::find(insecure_registries.begin(), insecure_registries.end(),
                                    asked) != insecure_registries.end();
  out.registry.timeout = static_cast<long>(timeout_seconds);
  out.time = system_time();
  return out;
}

std::string enforcement_beside(const std::string& program) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(program, error);
  if (error) return {};
  const std::filesystem::path own =
      real.parent_path().parent_path() / "etc" / "nv2" / "containerd.json";
  return std::filesystem::exists(own, error) ? own.string() : std::string{};
}

enforcement read_enforcement(const std::string& path) {
  enforcement out;
  enforcement_reader reader{path, out};
  const byte_buffer content = read_file(path, "configuration", max_size);
  check_owner(path);
  const std::optional<json> members = parse_strict(view_of(content));
  if (!members || !members->is_object()) reader.refuse("the configuration is no JSON object");
  reader.read(*members);
  return out;
}

}  // namespace client
