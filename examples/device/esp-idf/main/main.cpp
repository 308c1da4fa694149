// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <nv2/crypto/mbedtls.hpp>

#include <esp_log.h>

#include "check_release.hpp"

extern "C" void app_main() {
  const auto print = [](const char* what, const char* verdict) {
    ESP_LOGI("nv2", "%s%s", what, verdict);
  };
  if (!check_both(nv2::mbedtls_crypto, print)) ESP_LOGE("nv2", "not as it should be");
}
