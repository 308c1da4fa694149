// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// RFC 4648 encoders.
#include "base64_text.hpp"

#include <openssl/evp.h>

namespace client {

std::string base64_standard(nv2::bytes data) {
  std::string out((data.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL writes a NUL at the end
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), data.data(),
                                   static_cast<int>(data.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string base64_url(nv2::bytes data) {
  std::string out = base64_standard(data);
  while (!out.empty() && out.back() == '=') out.pop_back();
  for (char& c : out) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return out;
}

}  // namespace client
