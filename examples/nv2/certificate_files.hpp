// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Certificates in files: PEM bundles, or one certificate as DER.
#ifndef NV2_CLIENT_CERTIFICATE_FILES_HPP
#define NV2_CLIENT_CERTIFICATE_FILES_HPP

#include <string>
#include <vector>

#include "errors.hpp"
#include "file_io.hpp"

namespace client {

/// All certificates of `path`, at least one, each well-formed. Labels of PEM blocks are not looked
/// at, as in the prototype. What is no certificate ends with `on_malformed`. // spec: N-163 N-170 N-172
std::vector<byte_buffer> read_certificates(const std::string& path, exit_code on_malformed);

}  // namespace client

#endif  // NV2_CLIENT_CERTIFICATE_FILES_HPP
