// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The unit tests have the heap of the C library; mbedTLS as configured for boards has to be told.
#include <cstdlib>

#include <mbedtls/platform.h>

namespace {
[[maybe_unused]] const int told = mbedtls_platform_set_calloc_free(std::calloc, std::free);
}
