// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The whole verifier on a bare board: judges the cases of the file named by its arguments, and prints for each: number, errc,
// verdict, instructions, stack, workspace, heap of the crypto library. What was expected it does not know.
#include "backend.hpp"
#include "pack.hpp"
#include "support/board.h"

namespace {

alignas(8) std::uint8_t content[128 * 1024];
alignas(8) std::uint8_t working_memory[64 * 1024];
nv2_test::target_case asked;

void print(std::size_t value) {
  board_print(" ");
  board_print_number(static_cast<std::uint32_t>(value));
}

/// What every answer promises, whatever it is.
bool keeps_promises(const nv2::verification& answer) {
  const bool trusted = answer.verdict() == nv2::verdict::trusted;
  const bool accepted = trusted || answer.verdict() == nv2::verdict::accepted;
  return answer.ok() == trusted && answer.accepted() == accepted &&
         (answer.value() != nullptr) == trusted && (answer.accepted_value() != nullptr) == accepted;
}

[[gnu::noinline]] nv2::verification ask(nv2::workspace& memory) {
  const nv2::policy trust = asked.policy();
  const nv2::verifier judge{target_crypto, nv2::all_formats, trust};
  return judge.verify(asked.envelope, asked.subject(), asked.time, memory, asked.declared);
}

[[gnu::noinline]] void run(std::size_t number, nv2::bytes bytes) {
  read_case(nv2_test::case_reader{bytes}, asked);
  nv2::workspace memory{working_memory};
  target_clear_heap();
  board_paint_stack();
  board_start_count();
  const nv2::verification answer = ask(memory);
  const std::uint32_t instructions = board_count();
  const std::size_t stack = board_used_stack();
  board_print("case");
  print(number);
  print(static_cast<std::size_t>(answer.status().code));
  print(static_cast<std::size_t>(answer.verdict()));
  print(instructions);
  print(stack);
  print(memory.peak());
  print(target_used_heap());
  board_print(keeps_promises(answer) ? "\n" : " broken promise\n");
}

}  // namespace

int board_main() {
  const int file = board_open(board_arguments());
  if (file < 0) return 2;
  std::uint32_t left = board_file_size(file);
  for (std::size_t number = 0; left > 0; ++number) {
    std::uint32_t size = 0;
    if (left < sizeof(size) || !board_read(file, &size, sizeof(size))) return 2;
    left -= static_cast<std::uint32_t>(sizeof(size));
    if (size > left || size > sizeof(content) || !board_read(file, content, size)) return 2;
    left -= size;
    run(number, {content, size});
  }
  board_print("end\n");
  return 0;
}
