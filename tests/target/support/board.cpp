// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Start-up, semihosting, painted stack and instruction counter of a bare Cortex-M board of an emulator.
#include "board.h"

#include <cstddef>
#include <cstdint>

extern "C" {
extern std::uint32_t nv2_data_load[], nv2_data_begin[], nv2_data_end[], nv2_bss_begin[],
    nv2_bss_end[], nv2_stack_end[], nv2_stack_top[];
using initializer = void (*)();
extern initializer nv2_init_begin[], nv2_init_end[];
}

namespace {

enum operation : std::uint32_t {
  sys_open = 0x01,
  sys_close = 0x02,
  sys_write0 = 0x04,
  sys_read = 0x06,
  sys_flen = 0x0C,
  sys_get_cmdline = 0x15,
  sys_exit_extended = 0x20
};

constexpr std::uint32_t paint = 0xC5C5C5C5;
std::uintptr_t painted_below;

[[noreturn]] void fault() noexcept {
  board_print("fault\n");
  board_leave(3);
}

/// The CMSDK timer, whose ticks take 40 ns and on the board with the Cortex-M33 50 ns.
struct timer {
  volatile std::uint32_t control, value, reload;
};
constexpr std::uint32_t nanoseconds_an_instruction = 64;  // what shift=6 means

bool is_cortex_m33() noexcept {
  const auto cpuid = *reinterpret_cast<volatile std::uint32_t*>(0xE000ED00);
  return (cpuid >> 4 & 0xFFF) == 0xD21;
}
timer& the_timer() noexcept {
  return *reinterpret_cast<timer*>(is_cortex_m33() ? 0x50000000 : 0x40000000);
}

}  // namespace

std::uint32_t board_semihost(std::uint32_t operation, const void* argument) {
  register std::uint32_t r0 asm("r0") = operation;
  register const void* r1 asm("r1") = argument;
  asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void board_print(const char* text) { board_semihost(sys_write0, text); }

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

const char* board_arguments() {
  static char text[512];
  struct {
    char* to;
    std::uint32_t size;
  } block = {text, sizeof(text)};
  if (board_semihost(sys_get_cmdline, &block) != 0) return "";
  const char* at = text;
  while (*at != '\0' && *at != ' ') ++at;
  return *at == ' ' ? at + 1 : at;
}

void board_leave(int status) {
  const std::uint32_t block[2] = {0x20026 /* ADP_Stopped_ApplicationExit */,
                                  static_cast<std::uint32_t>(status)};
  for (;;) board_semihost(sys_exit_extended, block);
}

int board_open(const char* path) {
  std::uint32_t length = 0;
  while (path[length] != '\0') ++length;
  const struct {
    const char* path;
    std::uint32_t mode, length;
  } block = {path, 1 /* "rb" */, length};
  return static_cast<int>(board_semihost(sys_open, &block));
}
std::uint32_t board_file_size(int file) { return board_semihost(sys_flen, &file); }
int board_read(int file, void* to, std::uint32_t size) {
  const struct {
    int file;
    void* to;
    std::uint32_t size;
  } block = {file, to, size};
  return board_semihost(sys_read, &block) == 0;  // the result is what was not read
}
void board_close(int file) { board_semihost(sys_close, &file); }

// The words next to the frame are in use here and stay unpainted.
[[gnu::noinline]] void board_paint_stack() {
  painted_below = reinterpret_cast<std::uintptr_t>(__builtin_dwarf_cfa());
  const std::uintptr_t end = painted_below - 64;
  for (volatile std::uint32_t* at = nv2_stack_end; reinterpret_cast<std::uintptr_t>(at) < end; ++at)
    *at = paint;
}
[[gnu::noinline]] std::size_t board_used_stack() {
  const volatile std::uint32_t* at = nv2_stack_end;
  while (*at == paint) ++at;
  return painted_below - reinterpret_cast<std::uintptr_t>(at);
}

void board_start_count() {
  timer& clock = the_timer();
  clock.control = 0;
  clock.reload = clock.value = 0xFFFFFFFF;
  clock.control = 1;
}
std::uint32_t board_count() {
  const std::uint32_t ticks = 0xFFFFFFFF - the_timer().value;
  const std::uint32_t nanoseconds_a_tick = is_cortex_m33() ? 50 : 40;
  return static_cast<std::uint32_t>(std::uint64_t{ticks} * nanoseconds_a_tick /
                                    nanoseconds_an_instruction);
}

extern "C" [[noreturn]] void nv2_reset() {
  for (std::uint32_t *from = nv2_data_load, *to = nv2_data_begin; to < nv2_data_end;)
    *to++ = *from++;
  for (std::uint32_t* to = nv2_bss_begin; to < nv2_bss_end;) *to++ = 0;
  for (initializer* each = nv2_init_begin; each < nv2_init_end; ++each) (*each)();
  board_leave(board_main());
}

[[gnu::section(".vectors"), gnu::used]] const initializer nv2_vectors[16] = {
    reinterpret_cast<initializer>(nv2_stack_top), nv2_reset, fault, fault, fault, fault, fault};
