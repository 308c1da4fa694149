// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Tells how much stack a call needed, by painting what lies below and looking what was painted over: the part of
// board.h that is the same on every machine whose stack is known to be deep enough.
#include <cstddef>
#include <cstdint>

#include "../target/support/board.h"

namespace {

constexpr std::uint32_t paint = 0xC5C5C5C5;
constexpr std::size_t depth = 48 * 1024;
// The words next to the caller's frame are in use while the stack is painted, and stay as they are.
constexpr std::size_t in_use = 64;
std::uintptr_t top;

}  // namespace

// Called by the function that calls size_verify, so the frames of both begin at the same address.
[[gnu::noinline]] void board_paint_stack() {
  top = reinterpret_cast<std::uintptr_t>(__builtin_dwarf_cfa());
  for (std::uintptr_t at = top - depth; at < top - in_use; at += sizeof paint)
    *reinterpret_cast<volatile std::uint32_t*>(at) = paint;
}

[[gnu::noinline]] std::size_t board_used_stack() {
  std::uintptr_t at = top - depth;
  while (*reinterpret_cast<const volatile std::uint32_t*>(at) == paint) at += sizeof paint;
  return top - at;
}
