// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Stands for Zephyr's header of this name.
#include <cstdio>
#define printk std::printf
