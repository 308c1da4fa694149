// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 doctor: configuration, then what the verifiers say of artifacts that are known to be good and bad.
#include "doctor.hpp"

#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "doctor_containerd.hpp"
#include "doctor_files.hpp"
#include "doctor_findings.hpp"
#include "doctor_plugins.hpp"
#include "doctor_policy.hpp"
#include "enforcement.hpp"
#include "repository.hpp"
#include "target.hpp"
#include "time_text.hpp"
#include "verify.hpp"

namespace client {
namespace {

constexpr const char* usual_containerd_config = "/etc/containerd/config.toml";

/// An artifact that must pass, or must not.
struct specimen {
  std::string reference;
  bool must_pass;
};

std::vector<specimen> specimens_of(const doctor_options& options) {
  std::vector<specimen> out;
  for (const std::string& each : options.trusted) out.push_back({each, true});
  for (const std::string& each : options.untrusted) out.push_back({each, false});
  return out;
}

const char* name_of(const specimen& one) { return one.must_pass ? "trusted" : "untrusted"; }

registry_target target_of(const std::string& reference) {
  const bool has_scheme = reference.find("://") != reference.npos;
  const std::optional<registry_target> found =
      find_registry_target(has_scheme ? reference : "docker://" + reference);
  if (found) return *found;
  throw failure(exit_code::usage, fmt::format("no artifact in a registry: {}", reference),
                {next_step("write registry.example.com/name:tag")});
}

/// The answer of the judge, whoever it is, about one artifact.
void add_answer(const specimen& one, bool allows, bool is_verdict, const std::string& reason,
                doctor_findings& out) {
  finding found{proof::proven, name_of(one), one.reference, "", ""};
  if (one.must_pass) {
    found.kind = allows ? proof::proven : proof::fault;
    found.message = fmt::format("{}: {}", allows ? "it passes" : "it is refused", reason);
    if (!allows) found.next = "nv2 explain tells what would change that";
  } else if (allows) {
    found.kind = proof::hole;
    found.message = fmt::format("it passes: {}", reason);
    found.next = "nv2 explain tells which statement lets it pass";
  } else {
    found.kind = is_verdict ? proof::proven : proof::unproven;
    found.message =
        fmt::format("it is refused{}: {}", is_verdict ? "" : ", but not by a verdict", reason);
    if (!is_verdict) found.next = "mend what kept it from being judged, and ask again";
  }
  out.add(std::move(found));
}

/// Lets this program judge, by the policy of the options.
void try_here(const specimen& one, const doctor_options& options, doctor_findings& out) {
  const registry_target target = target_of(one.reference);
  verify_options wanted;
  wanted.target = fmt::format("docker://{}{}{}", target.name(), target.digest.empty() ? ":" : "@",
                              target.reference());
  wanted.trusted = options.trusted_by;
  wanted.trusted.scope = target.name();
  wanted.registry = options.registry;
  wanted.time = system_time();
  try {
    const examination done = examine(wanted);
    const verdict& answer = done.answer;
    const bool allows = answer.accepted || answer.skipped;
    const std::string reason = answer.skipped    ? "NOT VERIFIED: the policy skips verification"
                               : answer.accepted ? "signed by " + answer.signer_subject
                                                 : nv2::message(answer.status.code);
    add_answer(one, allows, exit_code_of(answer.status.code) == exit_code::refused, reason, out);
  } catch (const failure& reason) {
    add_answer(one, false, reason.code() == exit_code::refused, reason.message().headline, out);
  }
}

class containerd_examination {
 public:
  containerd_examination(const doctor_options& options, doctor_findings& out)
      : options_(options), out_(out) {}

  void run() {
    verifier_settings settings = read_containerd();
    if (!options_.bin_dir.empty()) settings.bin_dir = options_.bin_dir;
    plugins_.emplace(settings);
    const bool has_plugins = plugins_->check(out_);
    read_rules(settings);
    if (!has_plugins) {
      if (!options_.trusted.empty() || !options_.untrusted.empty()) {
        out_.add({proof::unproven, "artifacts", settings.bin_dir, "there is nobody to ask", ""});
      }
      return;
    }
    try_unknown();
    for (const specimen& each : specimens_of(options_)) try_one(each);
  }

 private:
  verifier_settings read_containerd() {
    std::error_code error;
    const bool is_named = !options_.containerd_config.empty();
    const std::string path = is_named ? options_.containerd_config : usual_containerd_config;
    if (is_named || std::filesystem::exists(path, error)) return check_containerd(path, out_);
    out_.add({proof::noted, "containerd", path,
              "there is no such file: containerd has its defaults", ""});
    return {};
  }

  /// The configuration of our verifier, and the policy that it names.
  void read_rules(const verifier_settings& settings) {
    std::string path = options_.verifier_config;
    for (const std::string& each : plugins_->programs()) {
      if (path.empty()) path = enforcement_beside(each);
    }
    if (path.empty()) path = default_enforcement;
    try {
      rules_ = read_enforcement(path);
      check_writers("configuration", path, out_);
      out_.add({proof::proven, "configuration", path, "read", ""});
      if (std::chrono::seconds(rules_->timeout_seconds) >= settings.timeout) {
        out_.add({proof::noted, "configuration", path,
                  "containerd ends the verifier before it can tell a reason",
                  "give \"timeout\" less than per_verifier_timeout"});
      }
      trust_options trusted;
      trusted.policy = rules_->policy;
      trusted.config = rules_->config;
      trusted.store = rules_->store;
      check_policy(trusted, out_);
    } catch (const failure& reason) {
      out_.add({proof::fault, "configuration", path, reason.message().headline,
                "docs/containerd.md tells what it holds"});
    }
  }

  /// An image that is nowhere, which nobody can have verified.
  void try_unknown() {
    const std::string name = "nv2-doctor.invalid/no/such/image";
    owned_descriptor image;
    image.media_type = "application/vnd.oci.image.manifest.v1+json";
    image.digest = "sha256:" + std::string(64, '0');
    image.size = 1;
    const plugin_answer answer = plugins_->ask(name + ":none", image);
    out_.add({answer.allows ? proof::hole : proof::proven, "unknown image", name,
              fmt::format("{}: {}", answer.allows ? "it passes" : "it is refused", answer.reason),
              answer.allows ? "put a verifier into the folder that verifies" : ""});
  }

  void try_one(const specimen& one) {
    try {
      const registry_target target = target_of(one.reference);
      const std::optional<stored_artifact> found = find(target);
      if (!found) {
        out_.add({proof::unproven, name_of(one), one.reference, "there is no such artifact", ""});
        return;
      }
      const std::string name = target.tag.empty()
                                   ? fmt::format("{}@{}", target.name(), target.digest)
                                   : fmt::format("{}:{}", target.name(), target.tag);
      const plugin_answer answer = plugins_->ask(name, found->descriptor);
      add_answer(one, answer.allows, answer.is_verdict, answer.reason, out_);
    } catch (const failure& reason) {
      out_.add({proof::unproven, name_of(one), one.reference, reason.message().headline, ""});
    }
  }

  /// Resolves a tag as containerd would.
  std::optional<stored_artifact> find(const registry_target& target) const {
    registry_options asked = options_.registry;
    registry_target from = target;
    if (rules_) {
      const verify_options here = rules_->options_for(target.host, target.name(), "sha256:0");
      asked.insecure = asked.insecure || here.registry.insecure;
      const auto mirror = rules_->mirrors.find(target.host);
      if (mirror != rules_->mirrors.end()) from.host = mirror->second;
    }
    return repository{from, asked}.get_manifest(from.reference());
  }

  const doctor_options& options_;
  doctor_findings& out_;
  std::optional<verifier_plugins> plugins_;
  std::optional<enforcement> rules_;
};

}  // namespace

exit_code run_doctor(const doctor_options& options) {
  doctor_findings out;
  if (options.is_containerd) {
    containerd_examination{options, out}.run();
  } else {
    check_policy(options.trusted_by, out);
    for (const specimen& each : specimens_of(options)) try_here(each, options, out);
  }
  out.print(options);
  return out.code();
}

}  // namespace client
