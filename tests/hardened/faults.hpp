// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Which faults there are at one step of a run. Knows just enough of Thumb for that.
#ifndef NV2_TEST_HARDENED_FAULTS_HPP
#define NV2_TEST_HARDENED_FAULTS_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "machine.hpp"

enum class fault_kind { skip, invert, flip };
inline const char* name(fault_kind kind) {
  constexpr const char* names[] = {"skip", "invert", "flip"};
  return names[static_cast<std::size_t>(kind)];
}

/// For each step whether it is in an IT block, behind the IT instruction.
std::vector<bool> find_blocks(const std::uint8_t* code, const trace& golden);

/// Running on from `step` without any fault: what shows that the emulator resumes where it was.
fault no_fault(const trace& golden, std::size_t step);

/// Whether the IT block at `step` is left by a branch from within, which invert does not model.
bool is_left_by_branch(const std::uint8_t* code, const trace& golden, std::size_t step);

/// Appends the faults of this kind at `step`. Those of the instructions in an IT block belong to the step of the IT
/// instruction itself, since the emulator cannot be resumed within: the block is run with changed code. So `step` must not
/// be within one.
void find_faults(const std::uint8_t* code, const trace& golden, std::size_t step, fault_kind kind,
                 std::vector<fault>& out);

#endif  // NV2_TEST_HARDENED_FAULTS_HPP
