// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The configuration of containerd 2, as its documents image-verification.md and cri/config.md tell.
#include "doctor_containerd.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "duration.hpp"
#include "file_io.hpp"
#include "toml_text.hpp"

namespace client {
namespace {

using nlohmann::json;

constexpr std::size_t max_size = std::size_t{4} << 20;
constexpr const char* verifier_plugin = "io.containerd.image-verifier.v1.bindir";
constexpr const char* transfer_plugin = "io.containerd.transfer.v1.local";
constexpr duration millisecond = 1'000'000;
constexpr std::int64_t usual_downloads = 3;

const json& at(const json& from, const char* name) {
  static const json nothing;
  if (!from.is_object()) return nothing;
  const auto found = from.find(name);
  return found == from.end() ? nothing : *found;
}

bool is_true(const json& value) { return value.is_boolean() && value.get<bool>(); }
bool is_false(const json& value) { return value.is_boolean() && !value.get<bool>(); }
bool has_entries(const json& value) { return value.is_object() && !value.empty(); }

class containerd_doctor {
 public:
  containerd_doctor(const std::string& path, doctor_findings& out) : path_(path), out_(out) {}

  void run(const json& config) {
    check_version(config);
    check_imports(config);
    check_disabled(config);
    read_settings(at(at(config, "plugins"), verifier_plugin));
    const json& images = at(at(config, "plugins"), "io.containerd.cri.v1.images");
    check_local_pull(images);
    if (is_good_) {
      add(proof::proven, "verifiers are asked before images are pulled by the transfer service",
          "");
    }
  }

  verifier_settings settings;

 private:
  void add(proof kind, std::string message, std::string next) {
    is_good_ = is_good_ && kind <= proof::noted;
    out_.add({kind, "containerd", path_, std::move(message), std::move(next)});
  }

  /// Older forms are moved into the present one when containerd starts, so they say more than is seen.
  void check_version(const json& config) {
    constexpr std::int64_t present = 3;
    const json& version = at(config, "version");
    if (version.is_number_integer() && version.get<std::int64_t>() >= present) return;
    add(proof::unproven, "it is written for an older containerd, and means more than it says",
        "give what `containerd config dump` prints as --containerd-config");
  }
  void check_imports(const json& config) {
    const json& imports = at(config, "imports");
    if (!imports.is_array() || imports.empty()) return;
    add(proof::unproven, "it imports other files, which are not read",
        "give what `containerd config dump` prints as --containerd-config");
  }

  void check_disabled(const json& config) {
    const json& disabled = at(config, "disabled_plugins");
    if (!disabled.is_array()) return;
    for (const char* const plugin : {verifier_plugin, transfer_plugin}) {
      if (std::find(disabled.begin(), disabled.end(), json(plugin)) == disabled.end()) continue;
      add(proof::hole, fmt::format("the plugin {} is disabled", plugin),
          "take it out of disabled_plugins, and restart containerd");
    }
  }

  void read_settings(const json& plugin) {
    const json &folder = at(plugin, "bin_dir"), &most = at(plugin, "max_verifiers"),
               &patience = at(plugin, "per_verifier_timeout");
    // Numbers may be written in forms that are not read here.
    if (!most.is_null() && !most.is_number_integer()) {
      add(proof::unproven, "max_verifiers is no plain number", "write it in decimal digits");
    }
    if (folder.is_string()) settings.bin_dir = folder.get<std::string>();
    if (most.is_number_integer()) settings.max_verifiers = most.get<long>();
    if (settings.max_verifiers == 0) {
      add(proof::hole, "max_verifiers = 0: no verifier is ever asked", "leave it out");
    }
    if (!patience.is_string()) return;
    const std::optional<duration> given = parse_duration(patience.get<std::string>());
    if (given && *given > 0) {
      settings.timeout = std::chrono::milliseconds(*given / millisecond);
    } else {
      add(proof::fault, "per_verifier_timeout is no time", "write \"10s\"");
    }
  }

  /// What makes the plugin for Kubernetes pull on its own, past every verifier.
  void check_local_pull(const json& images) {
    const json &registry = at(images, "registry"), &most = at(images, "max_concurrent_downloads");
    struct reason {
      bool applies;
      const char* name;
    };
    const std::array<reason, 8> reasons{{
        {is_true(at(images, "use_local_image_pull")), "use_local_image_pull"},
        {is_false(at(images, "disable_snapshot_annotations")), "disable_snapshot_annotations"},
        {is_true(at(images, "discard_unpacked_layers")), "discard_unpacked_layers"},
        {is_true(at(images, "image_pull_with_sync_fs")), "image_pull_with_sync_fs"},
        {!most.is_null() && most != usual_downloads, "max_concurrent_downloads"},
        {has_entries(at(registry, "mirrors")), "registry.mirrors"},
        {has_entries(at(registry, "configs")), "registry.configs"},
        {has_entries(at(registry, "auths")), "registry.auths"},
    }};
    for (const reason& each : reasons) {
      if (!each.applies) continue;
      add(proof::hole,
          fmt::format("{} makes Kubernetes pull images without asking verifiers", each.name),
          "take it out of plugins.\"io.containerd.cri.v1.images\", and restart containerd");
    }
  }

  const std::string& path_;
  doctor_findings& out_;
  bool is_good_ = true;
};

}  // namespace

verifier_settings check_containerd(const std::string& path, doctor_findings& out) {
  try {
    const byte_buffer text = read_file(path, "configuration of containerd", max_size);
    containerd_doctor doctor{path, out};
    doctor.run(parse_toml(view_of(text).as_text(), path));
    return doctor.settings;
  } catch (const failure& reason) {
    out.add({proof::unproven, "containerd", path, reason.message().headline,
             "give what `containerd config dump` prints as --containerd-config"});
    return {};
  }
}

}  // namespace client
