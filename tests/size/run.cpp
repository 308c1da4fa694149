// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs the weighed program once and prints: name, whether it was accepted, errc, workspace peak, stack peak, instructions
// outside the backend, allocations of the backend.
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
  board_start_count();
  size_backend_prepare();
  const std::size_t allocations = size_backend_allocations();
  board_paint_stack();
  const std::uint32_t in_backend = size_backend_count();
  const std::uint32_t begin = board_count();
  const nv2::errc answer = size_verify(size_inputs[index], memory, digest);
  const std::uint32_t count = board_count() - begin - (size_backend_count() - in_backend);
  const std::size_t stack = board_used_stack();
  const bool accepted = answer == nv2::errc::ok && digest.size() == 71;
  board_print("run ");
  board_print(size_inputs[index].name);
  board_print(accepted ? " accepted" : " refused");
  print_number(static_cast<std::size_t>(answer));
  print_number(memory.peak());
  print_number(stack);
  print_number(count);
  print_number(size_backend_allocations() - allocations);
  board_print("\n");
  return accepted;
}

int board_main() {
  bool good = true;
  for (std::size_t i = 0; i < size_inputs.size(); ++i) good = size_run(i) && good;
  return good ? 0 : 1;
}
