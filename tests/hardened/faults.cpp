// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "faults.hpp"

#include <cstring>

namespace {

/// The instruction at an address.
struct instruction {
  std::uint16_t first, second;
  std::uint32_t address, size;

  instruction(const std::uint8_t* code, std::uint32_t place)
      : first(0), second(0), address(place), size(2) {
    if (place + 4 > code_size) return;
    first = static_cast<std::uint16_t>(code[place] | code[place + 1] << 8);
    second = static_cast<std::uint16_t>(code[place + 2] | code[place + 3] << 8);
    if (first >> 11 >= 0x1D) size = 4;
  }

  bool is_it() const { return first >> 8 == 0xBF && (first & 0xF) != 0; }
  /// How many instructions an IT block has.
  unsigned block_size() const {
    unsigned count = 4;
    for (unsigned mask = first & 0xF; (mask & 1) == 0; mask >>= 1) --count;
    return count;
  }
  bool is_compare_and_branch() const { return (first & 0xF500) == 0xB100; }
  bool is_short_conditional() const { return first >> 12 == 0xD && (first >> 8 & 0xF) < 14; }
  bool is_long_conditional() const {
    return first >> 11 == 0x1E && (second & 0xD000) == 0x8000 && (first >> 7 & 7) != 7;
  }
  bool is_conditional() const {
    return is_compare_and_branch() || is_short_conditional() || is_long_conditional();
  }
  /// Where a conditional branch goes when it is taken.
  std::uint32_t target() const {
    if (is_compare_and_branch())
      return address + 4 + ((first >> 3 & 0x1FU) << 1 | (first >> 9 & 1U) << 6);
    if (is_short_conditional()) {
      return address + 4 + static_cast<std::uint32_t>(static_cast<std::int8_t>(first & 0xFF) * 2);
    }
    const std::uint32_t sign = first >> 10 & 1, j1 = second >> 13 & 1, j2 = second >> 11 & 1;
    std::uint32_t offset = (first & 0x3FU) << 12 | (second & 0x7FFU) << 1 | j1 << 18 | j2 << 19;
    if (sign != 0) offset |= 0xFFF00000;
    return address + 4 + offset;
  }
  /// Where the IT block that begins here ends.
  std::uint32_t block_end(const std::uint8_t* code) const {
    std::uint32_t end = address + 2;
    for (unsigned i = 0; i < block_size(); ++i) end += instruction{code, end}.size;
    return end;
  }
  /// Whether it may set the program counter: branches, and what is_return() knows.
  bool is_branch() const {
    return is_return() || is_conditional() || first >> 11 == 0x1C || (first & 0xFF00) == 0x4700 ||
           (first >> 11 == 0x1E && second >> 15 != 0);
  }
  bool is_return() const {
    return first == 0x4770 || first >> 8 == 0xBD || (first == 0xE8BD && second >> 15 != 0) ||
           (first == 0xF85D && second == 0xFB04);
  }
};

fault make(const trace& golden, std::size_t step, std::uint32_t address, std::uint32_t next) {
  fault made{};
  made.from = step;
  made.address = address;
  made.bit = -1;
  made.values = golden.steps[step].values;
  made.values[pc] = next;
  return made;
}

/// The instructions in an IT block, each replaced by one that does nothing.
void skip_in_block(const std::uint8_t* code, const trace& golden, std::size_t step,
                   const instruction& it, std::vector<fault>& out) {
  const std::uint32_t begin = it.address + 2, end = it.block_end(code);
  // Where the undisturbed run goes on behind the block: not always at its end.
  std::size_t after = step + 1;
  while (after < golden.steps.size() && golden.steps[after].values[pc] >= begin &&
         golden.steps[after].values[pc] < end) {
    ++after;
  }
  const std::uint32_t leaves = after < golden.steps.size() ? golden.steps[after].values[pc] : end;
  for (std::uint32_t place = begin; place < end;) {
    const instruction inner{code, place};
    fault made = make(golden, step, place, it.address);
    made.patch_address = place;
    made.patch_size = inner.size;
    const std::uint8_t nothing[] = {0xAF, 0xF3, 0x00, 0x80}, short_nothing[] = {0x00, 0xBF};
    std::memcpy(made.patch, inner.size == 4 ? nothing : short_nothing, inner.size);
    const bool leaves_itself = place + inner.size == end && leaves != end;
    made.until = leaves_itself ? end : leaves;
    out.push_back(made);
    place += inner.size;
  }
}

/// An IT block with the opposite condition.
fault invert_block(const std::uint8_t* code, const trace& golden, std::size_t step,
                   const instruction& it) {
  fault made = make(golden, step, it.address, it.address);
  const unsigned mask = it.first & 0xF, last = mask & (0U - mask);
  const unsigned inverted = (it.first & 0xF0U) ^ 0x10U;
  const unsigned other_mask = (mask ^ 0xFU) & ~(last | (last - 1U));
  made.patch_address = it.address;
  made.patch_size = 2;
  made.patch[0] = static_cast<std::uint8_t>(inverted | other_mask | last);
  made.patch[1] = 0xBF;
  made.until = it.block_end(code);
  return made;
}

}  // namespace

std::vector<bool> find_blocks(const std::uint8_t* code, const trace& golden) {
  std::vector<bool> inside(golden.steps.size());
  for (std::size_t step = 0; step < golden.steps.size(); ++step) {
    const instruction here{code, golden.steps[step].values[pc]};
    if (inside[step] || !here.is_it()) continue;
    const std::uint32_t begin = here.address + 2, end = here.block_end(code);
    for (std::size_t next = step + 1; next < golden.steps.size(); ++next) {
      const std::uint32_t at = golden.steps[next].values[pc];
      if (at < begin || at >= end || next - step > here.block_size()) break;
      inside[next] = true;
    }
  }
  return inside;
}

fault no_fault(const trace& golden, std::size_t step) {
  const std::uint32_t here = golden.steps[step].values[pc];
  return make(golden, step, here, here);
}

bool is_left_by_branch(const std::uint8_t* code, const trace& golden, std::size_t step) {
  const instruction it{code, golden.steps[step].values[pc]};
  if (!it.is_it()) return false;
  for (std::uint32_t place = it.address + 2; place < it.block_end(code);) {
    const instruction inner{code, place};
    if (inner.is_branch()) return true;
    place += inner.size;
  }
  return false;
}

void find_faults(const std::uint8_t* code, const trace& golden, std::size_t step, fault_kind kind,
                 std::vector<fault>& out) {
  const registers& values = golden.steps[step].values;
  const instruction here{code, values[pc]};
  if (kind == fault_kind::skip) {
    out.push_back(make(golden, step, here.address, here.address + here.size));
    if (here.is_it()) skip_in_block(code, golden, step, here, out);
  } else if (kind == fault_kind::invert && here.is_it()) {
    out.push_back(invert_block(code, golden, step, here));
  } else if (kind == fault_kind::invert && here.is_conditional()) {
    const bool taken = golden.steps[step + 1].values[pc] != here.address + here.size;
    out.push_back(
        make(golden, step, here.address, taken ? here.address + here.size : here.target()));
  } else if (kind == fault_kind::flip && here.is_return()) {
    for (int bit = 0; bit < 32; ++bit) {
      fault made = make(golden, step, here.address, here.address);
      made.values[0] ^= 1U << bit;
      made.bit = bit;
      out.push_back(made);
    }
  }
}
