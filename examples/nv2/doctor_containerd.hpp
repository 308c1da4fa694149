// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether containerd is told to ask verifiers.
#ifndef NV2_CLIENT_DOCTOR_CONTAINERD_HPP
#define NV2_CLIENT_DOCTOR_CONTAINERD_HPP

#include <chrono>
#include <string>

#include "doctor_findings.hpp"

namespace client {

/// What containerd starts verifiers by, with its own defaults.
struct verifier_settings {
  std::string bin_dir = "/opt/containerd/image-verifier/bin";
  /// Verifiers that are started at most, the first by their names; less than 0 = all.
  long max_verifiers = 10;
  std::chrono::milliseconds timeout{10'000};
};

/// Reads the configuration of containerd `path`, and finds what makes it pull without verifiers.
verifier_settings check_containerd(const std::string& path, doctor_findings& out);

}  // namespace client

#endif  // NV2_CLIENT_DOCTOR_CONTAINERD_HPP
