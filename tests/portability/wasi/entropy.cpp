// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The source of entropy that mbedtls_config.h tells mbedTLS to take, in terms of WASI.
#include <unistd.h>

#include <cstddef>

extern "C" int mbedtls_hardware_poll(void* /*context*/, unsigned char* output, std::size_t size,
                                     std::size_t* written) {
  *written = size <= 256 && getentropy(output, size) == 0 ? size : 0;
  return *written == size ? 0 : -1;
}
