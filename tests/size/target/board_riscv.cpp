// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Of board.h what the weighed program needs, on a bare RISC-V machine of an emulator that is started in RAM.
#include "../../target/support/board.h"

#include <cstdint>

extern "C" {
extern std::uint32_t nv2_bss_begin[], nv2_bss_end[];
using initializer = void (*)();
extern initializer nv2_init_begin[], nv2_init_end[];
[[noreturn]] void nv2_main();
[[noreturn]] void nv2_fault();
}

// The three instructions by which the emulator knows a request must be of 32 bits and in one page.
std::uint32_t board_semihost(std::uint32_t operation, const void* argument) {
  register std::uint32_t a0 asm("a0") = operation;
  register const void* a1 asm("a1") = argument;
  asm volatile(
      ".option push\n.option norvc\n.balign 16\n"
      "slli zero, zero, 0x1f\nebreak\nsrai zero, zero, 7\n.option pop"
      : "+r"(a0)
      : "r"(a1)
      : "memory");
  return a0;
}

void board_leave(int status) {
  const std::uint32_t block[2] = {0x20026 /* ADP_Stopped_ApplicationExit */,
                                  static_cast<std::uint32_t>(status)};
  for (;;) board_semihost(0x20 /* SYS_EXIT_EXTENDED */, block);
}

void board_print(const char* text) { board_semihost(0x04 /* SYS_WRITE0 */, text); }

void board_print_number(std::uint32_t value) {
  char text[11];
  char* at = text + sizeof(text);
  *--at = '\0';
  do {
    *--at = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  board_print(at);
}

// The processor counts from its start.
void board_start_count() {}
std::uint32_t board_count() {
  std::uint32_t value;
  asm volatile("rdinstret %0" : "=r"(value));
  return value;
}

void nv2_fault() {
  board_print("fault\n");
  board_leave(3);
}

void nv2_main() {
  for (std::uint32_t* to = nv2_bss_begin; to < nv2_bss_end;) *to++ = 0;
  for (initializer* each = nv2_init_begin; each < nv2_init_end; ++each) (*each)();
  board_leave(board_main());
}

asm(".section .vectors,\"ax\"\n"
    ".globl nv2_reset\n"
    ".option push\n.option norelax\n.option arch, +zicsr\n"
    "nv2_reset:\n"
    "la gp, __global_pointer$\n"
    "la sp, nv2_stack_top\n"
    "la t0, nv2_fault\n"
    "csrw mtvec, t0\n"
    "j nv2_main\n"
    ".option pop\n"
    ".previous");
