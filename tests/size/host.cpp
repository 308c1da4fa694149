// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The weighed program on a hosted system: all inputs, or the one whose index is given. Nothing counts instructions here.
#include <cstdio>
#include <cstdlib>

#include "../target/support/board.h"
#include "core.hpp"

void board_start_count() {}
std::uint32_t board_count() { return 0; }
void board_print(const char* text) { std::fputs(text, stdout); }
void board_print_number(std::uint32_t value) {
  std::printf("%lu", static_cast<unsigned long>(value));
}

namespace {

/// The stack that will be painted must be there.
[[gnu::noinline]] void grow_stack() noexcept {
  volatile char room[64 * 1024];
  for (std::size_t i = 0; i < sizeof(room); i += 1024) room[i] = 0;
}

}  // namespace

int main(int count, char** arguments) {
  grow_stack();
  if (count != 2) return board_main();
  return size_run(static_cast<std::size_t>(std::atoi(arguments[1]))) ? 0 : 1;
}
