// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The folder of verifiers, used as containerd uses it.
#ifndef NV2_CLIENT_DOCTOR_PLUGINS_HPP
#define NV2_CLIENT_DOCTOR_PLUGINS_HPP

#include <string>
#include <vector>

#include "doctor_containerd.hpp"
#include "doctor_findings.hpp"
#include "signatures.hpp"

namespace client {

/// What all verifiers together say of an image.
struct plugin_answer {
  bool allows = false;
  /// Somebody judged the image and said no, in contrast to one that did not get that far.
  bool is_verdict = false;
  /// Who said what.
  std::string reason;
};

class verifier_plugins {
 public:
  explicit verifier_plugins(verifier_settings settings) : settings_(std::move(settings)) {}

  /// Looks for holes in the folder and its files. False when it holds no verifier that could be asked.
  bool check(doctor_findings& out);

  /// The programs that containerd starts, by their names.
  const std::vector<std::string>& programs() const { return programs_; }

  /// Asks them in turn, as containerd does before it pulls `name`.
  plugin_answer ask(const std::string& name, const owned_descriptor& image) const;

 private:
  void check_program(const std::string& path, doctor_findings& out) const;

  verifier_settings settings_;
  std::vector<std::string> programs_;
};

}  // namespace client

#endif  // NV2_CLIENT_DOCTOR_PLUGINS_HPP
