// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <nv2/crypto/mbedtls.hpp>

#include <zephyr/sys/printk.h>

#include "check_release.hpp"

int main() {
  const auto print = [](const char* what, const char* verdict) { printk("%s%s\n", what, verdict); };
  return check_both(nv2::mbedtls_crypto, print) ? 0 : 1;
}
