// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// test.c on a Cortex-M board of the emulator, whose arguments name the folder of the images. See run_on_board.py.
#include <board.h>
#include <stddef.h>

#include "test.h"

uint32_t test_load(const char* name, uint8_t* to, uint32_t size) {
  char path[512];
  size_t length = 0;
  for (const char* c = board_arguments(); *c != 0 && length < sizeof path - 40; ++c)
    path[length++] = *c;
  path[length++] = '/';
  for (; *name != 0 && length < sizeof path - 1; ++name) path[length++] = *name;
  path[length] = 0;
  const int file = board_open(path);
  const uint32_t count = file < 0 ? 0 : board_file_size(file);
  if (count == 0 || count >= size || !board_read(file, to, count)) {
    board_print("error: cannot read ");
    board_print(path);
    board_print("\n");
    board_leave(2);
  }
  board_close(file);
  return count;
}
void test_print(const char* text) { board_print(text); }
void test_print_number(uint32_t value) { board_print_number(value); }
uint32_t test_step(void) { return 199; }

int board_main(void) { return test_run(); }
