// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The weighed program on a hosted system: all inputs, or the one whose index is given.
#include <cstdio>
#include <cstdlib>

#include "core.hpp"

void size_paint_stack() noexcept {}
std::size_t size_used_stack() noexcept { return 0; }
void size_print(const char* text) noexcept { std::fputs(text, stdout); }

int main(int count, char** arguments) {
  if (count == 2) return size_run(static_cast<std::size_t>(std::atoi(arguments[1]))) ? 0 : 1;
  bool good = true;
  for (std::size_t i = 0; i < size_inputs.size(); ++i) good = size_run(i) && good;
  return good ? 0 : 1;
}
