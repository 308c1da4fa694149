// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The weighed program on a bare Cortex-M board of an emulator: start-up, semihosting, painted stack.
#include "../core.hpp"

extern "C" {
extern std::uint32_t nv2_data_load[], nv2_data_begin[], nv2_data_end[], nv2_bss_begin[],
    nv2_bss_end[], nv2_stack_end[], nv2_stack_top[];
using initializer = void (*)();
extern initializer nv2_init_begin[], nv2_init_end[];
}

namespace {

constexpr std::uint32_t paint = 0xC5C5C5C5;
std::uintptr_t painted_below;

/// A request to the debugger, which the emulator plays.
std::uint32_t semihost(std::uint32_t operation, const void* argument) noexcept {
  register std::uint32_t r0 asm("r0") = operation;
  register const void* r1 asm("r1") = argument;
  asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

[[noreturn]] void leave(std::uint32_t status) noexcept {
  const std::uint32_t block[2] = {0x20026 /* ADP_Stopped_ApplicationExit */, status};
  semihost(0x20 /* SYS_EXIT_EXTENDED */, block);
  for (;;) {
  }
}

void fault() noexcept {
  size_print("fault\n");
  leave(3);
}

}  // namespace

void size_print(const char* text) noexcept { semihost(0x04 /* SYS_WRITE0 */, text); }

// Called by the function that calls size_verify, so the frames of both begin at the same address. The words next to it are
// in use here and stay unpainted.
[[gnu::noinline]] void size_paint_stack() noexcept {
  painted_below = reinterpret_cast<std::uintptr_t>(__builtin_dwarf_cfa());
  const std::uintptr_t end = painted_below - 64;
  for (volatile std::uint32_t* at = nv2_stack_end; reinterpret_cast<std::uintptr_t>(at) < end; ++at)
    *at = paint;
}
[[gnu::noinline]] std::size_t size_used_stack() noexcept {
  const volatile std::uint32_t* at = nv2_stack_end;
  while (*at == paint) ++at;
  return painted_below - reinterpret_cast<std::uintptr_t>(at);
}

extern "C" [[noreturn]] void nv2_reset() {
  for (std::uint32_t *from = nv2_data_load, *to = nv2_data_begin; to < nv2_data_end;)
    *to++ = *from++;
  for (std::uint32_t* to = nv2_bss_begin; to < nv2_bss_end;) *to++ = 0;
  for (initializer* each = nv2_init_begin; each < nv2_init_end; ++each) (*each)();
  bool good = true;
  for (std::size_t i = 0; i < size_inputs.size(); ++i) good = size_run(i) && good;
  leave(good ? 0 : 1);
}

[[gnu::section(".vectors"), gnu::used]] const initializer nv2_vectors[16] = {
    reinterpret_cast<initializer>(nv2_stack_top), nv2_reset, fault, fault, fault, fault, fault};
