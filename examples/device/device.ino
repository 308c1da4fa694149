// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A board checks a release that lies in its flash. ESP32: its core is C++17 or newer and has mbedTLS.
#include <nv2.hpp>
#include <nv2_mbedtls.hpp>

#include "check_release.hpp"

static void print(const char* what, const char* verdict) {
  Serial.print(what);
  Serial.println(verdict);
}

void setup() {
  Serial.begin(115200);
  if (!check_both(nv2::mbedtls_crypto, print)) Serial.println("not as it should be");
}

void loop() {}
