// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Bytes as base64 text. (Reading it is the library's business.)
#ifndef NV2_CLIENT_BASE64_TEXT_HPP
#define NV2_CLIENT_BASE64_TEXT_HPP

#include <string>

#include <nv2/base/bytes.hpp>

namespace client {

/// The standard alphabet, padded.
std::string base64_standard(nv2::bytes data);
/// The URL alphabet, not padded.
std::string base64_url(nv2::bytes data);

}  // namespace client

#endif  // NV2_CLIENT_BASE64_TEXT_HPP
