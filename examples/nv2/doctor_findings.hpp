// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What nv2 doctor finds.
#ifndef NV2_CLIENT_DOCTOR_FINDINGS_HPP
#define NV2_CLIENT_DOCTOR_FINDINGS_HPP

#include <string>
#include <vector>

#include "errors.hpp"
#include "options.hpp"

namespace client {

/// From best to worst: is as it should be; is worth knowing; could not be found out; keeps trusted artifacts
/// out; lets others in.
enum class proof { proven, noted, unproven, fault, hole };

struct finding {
  proof kind = proof::unproven;
  /// What was looked at: "policy".
  std::string check;
  /// The file, folder or artifact.
  std::string subject;
  std::string message;
  /// The next step, empty when there is nothing to do.
  std::string next;
};

class doctor_findings {
 public:
  void add(finding one) { all_.push_back(std::move(one)); }
  /// What ended `check`, in its own words.
  void add(const std::string& check, const std::string& subject, const failure& reason);

  exit_code code() const;
  /// Prints everything to standard output.
  void print(const doctor_options& options) const;

 private:
  std::string text(color_choice choice) const;
  std::string document() const;

  std::vector<finding> all_;
};

}  // namespace client

#endif  // NV2_CLIENT_DOCTOR_FINDINGS_HPP
