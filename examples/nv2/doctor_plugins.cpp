// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What containerd's plugin `bindir` does: every file is a verifier, in the order of names, and all must agree.
#include "doctor_plugins.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "child_process.hpp"
#include "doctor_files.hpp"
#include "tolerant_json.hpp"

namespace client {
namespace {

namespace fs = std::filesystem;

/// As much of a reason as containerd keeps.
constexpr std::size_t max_reason = 32768;
constexpr const char* install_step =
    "link nv2-containerd-verifier into it; docs/containerd.md tells how";

std::string first_line(std::string text) {
  text.resize(std::min(text.find('\n'), text.size()));
  return text.empty() ? "no reason given" : text;
}

std::string describe(const child_outcome& done) {
  switch (done.end) {
    case child_end::exited:
      return fmt::format("exit code {}: {}", done.code, first_line(done.output));
    case child_end::killed: return fmt::format("it was ended by signal {}", done.code);
    case child_end::late: return "it does not answer in time";
    case child_end::not_started: break;
  }
  return "it cannot be started";
}

}  // namespace

bool verifier_plugins::check(doctor_findings& out) {
  const std::string& folder = settings_.bin_dir;
  const auto add = [&](proof kind, std::string message, std::string next) {
    out.add({kind, "plugins", folder, std::move(message), std::move(next)});
  };
  std::error_code error;
  if (!fs::exists(folder, error)) {
    add(proof::hole, "the folder does not exist: containerd pulls everything", install_step);
    return false;
  }
  for (fs::directory_iterator at{folder, error}, end; !error && at != end; at.increment(error)) {
    programs_.push_back(at->path().string());
  }
  if (error) {
    add(proof::unproven, fmt::format("it cannot be read: {}", error.message()), "run as root");
    return false;
  }
  if (programs_.empty()) {
    add(proof::hole, "the folder is empty: containerd pulls everything", install_step);
    return false;
  }
  check_writers("plugins", folder, out);
  std::sort(programs_.begin(), programs_.end());
  for (const std::string& each : programs_) check_program(each, out);
  const auto most = static_cast<std::size_t>(std::max(settings_.max_verifiers, 0L));
  if (settings_.max_verifiers >= 0 && programs_.size() > most) {
    add(proof::hole,
        fmt::format("only {} of {} verifiers are asked, the first by name", most, programs_.size()),
        "raise max_verifiers, and restart containerd");
    programs_.resize(most);
  }
  return !programs_.empty();
}

void verifier_plugins::check_program(const std::string& path, doctor_findings& out) const {
  std::error_code error;
  const bool is_program = fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
  if (!is_program) {
    out.add({proof::fault, "plugin", path, "it is no program: containerd pulls nothing",
             "take it away, or chmod +x"});
    return;
  }
  const std::string part = writable_part(path);
  if (part.empty()) {
    out.add({proof::proven, "plugin", path, "a program that only root can change", ""});
  } else {
    check_writers("plugin", path, out);
  }
}

plugin_answer verifier_plugins::ask(const std::string& name, const owned_descriptor& image) const {
  const std::string input =
      compact({{"mediaType", image.media_type}, {"digest", image.digest}, {"size", image.size}}) +
      "\n";
  plugin_answer out{true, true, {}};
  for (const std::string& program : programs_) {
    const child_outcome done =
        run_child(program,
                  {"-name", name, "-digest", image.digest, "-stdin-media-type",
                   "application/vnd.oci.descriptor.v1+json"},
                  input, settings_.timeout, max_reason);
    const std::string file = fs::path(program).filename().string();
    if (done.end == child_end::exited && done.code == 0) {
      out.reason +=
          fmt::format("{}{}: {}", out.reason.empty() ? "" : "; ", file, first_line(done.output));
      continue;
    }
    // containerd stops here too.
    const bool is_verdict = done.end == child_end::exited && done.code == 1;
    return {false, is_verdict, fmt::format("{}: {}", file, describe(done))};
  }
  return out;
}

}  // namespace client
