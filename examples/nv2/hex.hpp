// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Bytes as hexadecimal text.
#ifndef NV2_CLIENT_HEX_HPP
#define NV2_CLIENT_HEX_HPP

#include <string>

#include <nv2/base/bytes.hpp>

namespace client {

/// Two lower-case digits a byte.
inline std::string hex_text(nv2::bytes data) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(data.size() * 2);
  for (const std::uint8_t byte : data) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace client

#endif  // NV2_CLIENT_HEX_HPP
