// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// test.c on a host. Usage: bootloader FOLDER, which holds the images.
#include <stdio.h>
#include <stdlib.h>

#include "test.h"

static const char* folder;

uint32_t test_load(const char* name, uint8_t* to, uint32_t size) {
  char path[1024];
  const int length = snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE* const stream = length > 0 && (size_t)length < sizeof path ? fopen(path, "rb") : NULL;
  const size_t count = stream == NULL ? 0 : fread(to, 1, size, stream);
  if (stream != NULL) fclose(stream);
  if (count == 0 || count == size) {
    fprintf(stderr, "error: cannot read %s\n", path);
    exit(2);
  }
  return (uint32_t)count;
}
void test_print(const char* text) { fputs(text, stdout); }
void test_print_number(uint32_t value) { printf("%lu", (unsigned long)value); }
uint32_t test_step(void) { return 5; }

int main(int count, char** arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: bootloader FOLDER\n");
    return 2;
  }
  folder = arguments[1];
  return test_run();
}
