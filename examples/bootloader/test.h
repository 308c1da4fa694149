// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the test of the bootloader needs of the machine it runs on.
#ifndef NV2_EXAMPLE_BOOTLOADER_TEST_H
#define NV2_EXAMPLE_BOOTLOADER_TEST_H

#include <stdint.h>

/// Reads images/NAME, of which there are fewer than `size` bytes; ends the program when it cannot.
uint32_t test_load(const char* name, uint8_t* to, uint32_t size);
void test_print(const char* text);
void test_print_number(uint32_t value);
/// Every how many bytes one is changed.
uint32_t test_step(void);

/// 0 when everything passed.
int test_run(void);

#endif  // NV2_EXAMPLE_BOOTLOADER_TEST_H
