// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The weighed program on a hosted system: all inputs, or the one whose index is given.
#include <cstdio>
#include <cstdlib>

#include "../target/support/board.h"
#include "core.hpp"

void board_paint_stack() {}
std::size_t board_used_stack() { return 0; }
void board_print(const char* text) { std::fputs(text, stdout); }
void board_print_number(std::uint32_t value) {
  std::printf("%lu", static_cast<unsigned long>(value));
}

int main(int count, char** arguments) {
  if (count != 2) return board_main();
  return size_run(static_cast<std::size_t>(std::atoi(arguments[1]))) ? 0 : 1;
}
