// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Stands for what starts a program under ESP-IDF.
extern "C" void app_main();

int main() { app_main(); }
