// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs the weighed program once and prints: name, errc, workspace peak, stack peak.
#include "../target/support/board.h"
#include "core.hpp"

namespace {

alignas(16) std::uint8_t buffer[32 * 1024];

void print_number(std::size_t value) noexcept {
  board_print(" ");
  board_print_number(static_cast<std::uint32_t>(value));
}

}  // namespace

bool size_run(std::size_t index) noexcept {
  nv2::workspace memory{buffer};
  std::string_view digest;
  board_paint_stack();
  const nv2::errc answer = size_verify(size_inputs[index], memory, digest);
  const std::size_t stack = board_used_stack();
  board_print("run ");
  board_print(size_inputs[index].name);
  print_number(static_cast<std::size_t>(answer));
  print_number(memory.peak());
  print_number(stack);
  board_print("\n");
  return answer == nv2::errc::ok && digest.size() == 71;
}

int board_main() {
  bool good = true;
  for (std::size_t i = 0; i < size_inputs.size(); ++i) good = size_run(i) && good;
  return good ? 0 : 1;
}
