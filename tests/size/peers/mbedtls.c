/* SPDX-FileCopyrightText: The nv2 authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* A chain of three certificates judged by mbedTLS: what is weighed is its X.509, keys and ASN.1. Linked with --wrap for what is
   counted apart: the heap, hashes, and checks of signatures. */
#include <mbedtls/memory_buffer_alloc.h>
#include <mbedtls/x509_crt.h>

#include "../../target/support/board.h"
#include "peer.h"

static unsigned char heap[32 * 1024];
static uint32_t in_crypto, allocations;

void* __real_mbedtls_calloc(size_t count, size_t size);
void* __wrap_mbedtls_calloc(size_t count, size_t size);
void* __wrap_mbedtls_calloc(size_t count, size_t size) {
  ++allocations;
  return __real_mbedtls_calloc(count, size);
}

int __real_mbedtls_md(const mbedtls_md_info_t* md, const unsigned char* data, size_t size,
                      unsigned char* digest);
int __wrap_mbedtls_md(const mbedtls_md_info_t* md, const unsigned char* data, size_t size,
                      unsigned char* digest);
int __wrap_mbedtls_md(const mbedtls_md_info_t* md, const unsigned char* data, size_t size,
                      unsigned char* digest) {
  const uint32_t begin = board_count();
  const int result = __real_mbedtls_md(md, data, size, digest);
  in_crypto += board_count() - begin;
  return result;
}

int __real_mbedtls_pk_verify_ext(mbedtls_pk_type_t type, const void* options,
                                 mbedtls_pk_context* key, mbedtls_md_type_t md,
                                 const unsigned char* hash, size_t hash_size,
                                 const unsigned char* signature, size_t size);
int __wrap_mbedtls_pk_verify_ext(mbedtls_pk_type_t type, const void* options,
                                 mbedtls_pk_context* key, mbedtls_md_type_t md,
                                 const unsigned char* hash, size_t hash_size,
                                 const unsigned char* signature, size_t size);
int __wrap_mbedtls_pk_verify_ext(mbedtls_pk_type_t type, const void* options,
                                 mbedtls_pk_context* key, mbedtls_md_type_t md,
                                 const unsigned char* hash, size_t hash_size,
                                 const unsigned char* signature, size_t size) {
  const uint32_t begin = board_count();
  const uint32_t before = allocations;
  const int result =
      __real_mbedtls_pk_verify_ext(type, options, key, md, hash, hash_size, signature, size);
  allocations = before;
  in_crypto += board_count() - begin;
  return result;
}

static int judge(void) {
  static mbedtls_x509_crt chain, anchor;
  uint32_t flags = 0;
  mbedtls_x509_crt_init(&chain);
  mbedtls_x509_crt_init(&anchor);
  int error = 0;
  for (size_t i = 0; i < peer_certificate_count && error == 0; ++i) {
    mbedtls_x509_crt* const list = i + 1 < peer_certificate_count ? &chain : &anchor;
    error = mbedtls_x509_crt_parse_der_nocopy(list, peer_certificates[i].data,
                                              peer_certificates[i].size);
  }
  if (error == 0) error = mbedtls_x509_crt_verify(&chain, &anchor, 0, 0, &flags, 0, 0);
  mbedtls_x509_crt_free(&chain);
  mbedtls_x509_crt_free(&anchor);
  return error;
}

int board_main(void) {
  mbedtls_memory_buffer_alloc_init(heap, sizeof heap);
  board_paint_stack();
  board_start_count();
  const uint32_t begin = board_count();
  const int error = judge();
  const uint32_t count = board_count() - begin;
  peer_report((unsigned)error, board_used_stack(), count - in_crypto, allocations, 0);
  return error != 0;
}
