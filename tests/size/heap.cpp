// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What a real backend is given before it is used: nothing, or for mbedTLS a heap in a buffer, the requests to which are
// counted. Linked with --wrap=mbedtls_calloc. Of an image without a heap there is nothing to count: images.py reads its
// symbols, and fails when an allocator is among them.
#include "core.hpp"

#if defined(NV2_SIZE_HEAP)
#include <mbedtls/memory_buffer_alloc.h>
#if defined(NV2_SIZE_PSA)
#include <psa/crypto.h>

// Verification needs no random numbers.
psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t*, uint8_t*,
                                             size_t, size_t*) {
  return PSA_ERROR_INSUFFICIENT_ENTROPY;
}
#endif

namespace {

alignas(8) unsigned char heap[NV2_SIZE_HEAP];
std::size_t allocations;

}  // namespace

extern "C" void* __real_mbedtls_calloc(std::size_t count, std::size_t size);
extern "C" void* __wrap_mbedtls_calloc(std::size_t count, std::size_t size);
void* __wrap_mbedtls_calloc(std::size_t count, std::size_t size) {
  ++allocations;
  return __real_mbedtls_calloc(count, size);
}

void size_backend_prepare() noexcept {
#if defined(NV2_SIZE_PSA)
  if (allocations == 0) mbedtls_memory_buffer_alloc_init(heap, sizeof(heap));
  static_cast<void>(psa_crypto_init());
#else
  mbedtls_memory_buffer_alloc_init(heap, sizeof(heap));
#endif
}
std::size_t size_backend_allocations() noexcept { return allocations; }
#else
void size_backend_prepare() noexcept {}
std::size_t size_backend_allocations() noexcept { return 0; }
#endif
std::uint32_t size_backend_count() noexcept { return 0; }
