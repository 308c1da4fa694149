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

/// Appends the faults of this kind at `step`. Those of the instructions in an IT block belong to the step of the IT
/// instruction itself: the block is run with changed code, since its state cannot be resumed from within.
void find_faults(const std::uint8_t* code, const trace& golden, std::size_t step, fault_kind kind,
                 std::vector<fault>& out);

#endif  // NV2_TEST_HARDENED_FAULTS_HPP
