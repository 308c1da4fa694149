/* SPDX-FileCopyrightText: The nv2 authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs of tests/size/peers have in common: a chain, the signer first, and the line that peers.py reads. */
#ifndef NV2_TEST_SIZE_PEER_H
#define NV2_TEST_SIZE_PEER_H

#include <stddef.h>
#include <stdint.h>

#include "../../target/support/board.h"

#define PEER_TIME 1795582131

struct peer_certificate {
  const unsigned char* data;
  size_t size;
};
/* Made by peers.py. */
extern const struct peer_certificate peer_certificates[];
extern const size_t peer_certificate_count;

/* `context`: bytes of memory that the caller gives beside stack and heap. */
static inline void peer_report(unsigned error, size_t stack, uint32_t instructions,
                               uint32_t allocations, size_t context) {
  const uint32_t numbers[] = {error, (uint32_t)stack, instructions, allocations, (uint32_t)context};
  board_print("peer");
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; ++i) {
    board_print(" ");
    board_print_number(numbers[i]);
  }
  board_print("\n");
}

#endif
