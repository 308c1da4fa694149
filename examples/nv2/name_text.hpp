// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Distinguished names as text.
#ifndef NV2_CLIENT_NAME_TEXT_HPP
#define NV2_CLIENT_NAME_TEXT_HPP

#include <string>

#include <nv2/base/bytes.hpp>

namespace client {

/// "CN=…,O=…" of a whole Name: order and escapes of RFC 4514, in UTF-8. "?" when it is no Name.
std::string name_text(nv2::bytes name);

}  // namespace client

#endif  // NV2_CLIENT_NAME_TEXT_HPP
