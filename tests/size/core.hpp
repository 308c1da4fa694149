// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The seam between the weighed program (core.cpp) and what is not weighed: crypto, inputs, start-up.
#ifndef NV2_TEST_SIZE_CORE_HPP
#define NV2_TEST_SIZE_CORE_HPP

#include <cstddef>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/trust/policy.hpp>

struct size_input {
  const char* name;
  nv2::bytes envelope, manifest;
  std::string_view media_type;
  const nv2::policy& trust;
  nv2::unix_time time;
};

/// Hashes for real and accepts every signature (backend.cpp), or a real one (adapter.cpp).
extern const nv2::crypto_backend size_backend;
/// Made by programs.py.
extern const nv2::view<size_input> size_inputs;

/// The 20 lines that a user writes. `digest` is set only when the answer is ok.
extern "C" nv2::errc size_verify(const size_input& input, nv2::workspace& memory,
                                 std::string_view& digest) noexcept;

/// What the backend is asked to do before it is used, and how often it took memory from a heap.
void size_backend_prepare() noexcept;
std::size_t size_backend_allocations() noexcept;
/// Instructions spent in the backend so far, and in counting them; 0 for a real one, whose own are the caller's to know.
std::uint32_t size_backend_count() noexcept;

/// Judges the input at `index`, prints one line about it; false unless it was accepted.
bool size_run(std::size_t index) noexcept;

#endif  // NV2_TEST_SIZE_CORE_HPP
