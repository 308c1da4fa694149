// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Who may change a file.
#ifndef NV2_CLIENT_DOCTOR_FILES_HPP
#define NV2_CLIENT_DOCTOR_FILES_HPP

#include <string>

#include "doctor_findings.hpp"

namespace client {

/// Tells of `path`, of what it is a link to, and of every folder above both, which of them somebody other
/// than root may write; "" = none.
std::string writable_part(const std::string& path);

/// Finds a hole when anybody but root may change `path`.
void check_writers(const std::string& check, const std::string& path, doctor_findings& out);

}  // namespace client

#endif  // NV2_CLIENT_DOCTOR_FILES_HPP
