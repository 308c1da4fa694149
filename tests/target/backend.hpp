// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What an image takes from the one of backend_*.cpp that it is linked with.
#ifndef NV2_TEST_TARGET_BACKEND_HPP
#define NV2_TEST_TARGET_BACKEND_HPP

#include <cstddef>

#include <nv2/crypto/backend.hpp>

extern const nv2::crypto_backend& target_crypto;

/// Makes the heap of the crypto library empty; then tells how many of its bytes were in use at the
/// same time, gaps between them included. 0 without a heap.
void target_clear_heap() noexcept;
std::size_t target_used_heap() noexcept;

#endif  // NV2_TEST_TARGET_BACKEND_HPP
