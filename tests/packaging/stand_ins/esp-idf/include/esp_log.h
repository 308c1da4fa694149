// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Stands for ESP-IDF's header of this name.
#include <cstdio>
#define ESP_LOGI(tag, format, ...) std::printf(format "\n", __VA_ARGS__)
#define ESP_LOGE(tag, text) std::printf("%s\n", text)
