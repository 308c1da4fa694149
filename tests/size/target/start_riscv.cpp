// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The weighed program on a bare RISC-V machine of an emulator, started in RAM: start-up, semihosting, counter.
#include "../core.hpp"

extern "C" {
extern std::uint32_t nv2_bss_begin[], nv2_bss_end[];
using initializer = void (*)();
extern initializer nv2_init_begin[], nv2_init_end[];
[[noreturn]] void nv2_main();
}

namespace {

/// A request to the debugger, which the emulator plays. The three instructions must be of 32 bits and in one page.
std::uint32_t semihost(std::uint32_t operation, const void* argument) noexcept {
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

[[noreturn]] void leave(std::uint32_t status) noexcept {
  const std::uint32_t block[2] = {0x20026 /* ADP_Stopped_ApplicationExit */, status};
  semihost(0x20 /* SYS_EXIT_EXTENDED */, block);
  for (;;) {
  }
}

}  // namespace

void size_print(const char* text) noexcept { semihost(0x04 /* SYS_WRITE0 */, text); }

std::uint32_t size_ticks() noexcept {
  std::uint32_t value;
  asm volatile("rdinstret %0" : "=r"(value));
  return value;
}

extern "C" [[noreturn, gnu::aligned(4)]] void nv2_fault() {
  size_print("fault\n");
  leave(3);
}

extern "C" [[noreturn]] void nv2_main() {
  for (std::uint32_t* to = nv2_bss_begin; to < nv2_bss_end;) *to++ = 0;
  for (initializer* each = nv2_init_begin; each < nv2_init_end; ++each) (*each)();
  bool good = true;
  for (std::size_t i = 0; i < size_inputs.size(); ++i) good = size_run(i) && good;
  leave(good ? 0 : 1);
}

asm(".section .vectors,\"ax\"\n"
    ".globl nv2_reset\n"
    "nv2_reset:\n"
    ".option push\n.option norelax\n"
    "la gp, __global_pointer$\n"
    ".option pop\n"
    "la sp, nv2_stack_top\n"
    "la t0, nv2_fault\n"
    "csrw mtvec, t0\n"
    "j nv2_main\n"
    ".previous");
