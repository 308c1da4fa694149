// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// RFC 4648 encoders.
#include "base64_text.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace client {
namespace {

/// `digits` is the alphabet. The last group has two or three digits when bytes are missing.
std::string encoded(nv2::bytes data, std::string_view digits) {
  std::string out;
  out.reserve((data.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < data.size(); i += 3) {
    const std::size_t there = data.size() - i < 3 ? data.size() - i : 3;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < there ? data[i + k] : 0U);
    for (std::size_t k = 0; k <= there; ++k) out += digits[group >> (18 - 6 * k) & 63];
  }
  return out;
}

}  // namespace

std::string base64_standard(nv2::bytes data) {
  std::string out =
      encoded(data, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  out.append((4 - out.size() % 4) % 4, '=');
  return out;
}

std::string base64_url(nv2::bytes data) {
  return encoded(data, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}

}  // namespace client
