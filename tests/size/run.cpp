// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs the weighed program once and prints: name, errc, workspace peak, stack peak.
#include "core.hpp"

namespace {

alignas(16) std::uint8_t buffer[32 * 1024];

void print_number(std::size_t value) noexcept {
  char text[24];
  char* at = text + sizeof(text);
  *--at = '\0';
  do {
    *--at = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  size_print(" ");
  size_print(at);
}

}  // namespace

bool size_run(std::size_t index) noexcept {
  nv2::workspace memory{buffer};
  std::string_view digest;
  size_paint_stack();
  const nv2::errc answer = size_verify(size_inputs[index], memory, digest);
  const std::size_t stack = size_used_stack();
  size_print("run ");
  size_print(size_inputs[index].name);
  print_number(static_cast<std::size_t>(answer));
  print_number(memory.peak());
  print_number(stack);
  size_print("\n");
  return answer == nv2::errc::ok && digest.size() == 71;
}
