// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "boot.h"

#include <string.h>

/// Signed with the image, by `notation blob sign --user-metadata version=1.2.0`.
static const char version_key[] = "version";

// Not on the stack of a bootloader, which may be small. One image is judged at a time.
static nv2_context context;
static unsigned char memory[NV2_MEMORY_COSE];
static uint8_t envelope[IMAGE_MAX_ENVELOPE];

/// Header and body, piece by piece.
typedef struct body_reader {
  const slot* from;
  const image* found;
  uint8_t piece[256];
} body_reader;

static nv2_error read_body(void* user, uint64_t offset, const uint8_t** piece, size_t* size) {
  body_reader* const self = user;
  if (offset < IMAGE_HEADER_SIZE) {
    *piece = self->found->header + offset;
    *size = IMAGE_HEADER_SIZE - (size_t)offset;
    return NV2_OK;
  }
  if (offset > self->found->signed_size) return NV2_UNSET;
  const uint32_t left = self->found->signed_size - (uint32_t)offset;
  const uint32_t count = left < sizeof self->piece ? left : (uint32_t)sizeof self->piece;
  if (count > 0 && self->from->read(self->from, (uint32_t)offset, self->piece, count) != 0) {
    return NV2_UNSET;
  }
  *piece = self->piece;
  *size = count;
  return NV2_OK;
}

boot_verdict boot_check(const slot* from, const boot_trust* trust, const boot_floors* floors) {
  static body_reader body;
  boot_verdict verdict;
  image found;
  memset(&verdict, 0, sizeof verdict);
  const int form = image_find(from, &found);
  if (form != IMAGE_OK) {
    verdict.code = (uint32_t)form;
    return verdict;
  }
  if (from->read(from, found.envelope_offset, envelope, found.envelope_size) != 0) {
    verdict.code = IMAGE_UNREADABLE;
    return verdict;
  }
  body.from = from;
  body.found = &found;

  // The first error sticks, and comes out of nv2_verify().
  nv2_init(&context, sizeof context, memory, sizeof memory);
  nv2_trust(&context, trust->anchors, trust->anchor_count);
  nv2_require_identities(&context, trust->identities, trust->identity_count);
  nv2_require_version(&context, version_key, sizeof version_key - 1, floors->version);
  nv2_revocation_not_checked(&context);
  // There is no clock: who vouches for a time and is trusted is believed, and the floor rises.
  nv2_time_not_before(&context, floors->time);
  nv2_believe(&context, NV2_BELIEVE_SIGNING_AUTHORITY);
  nv2_blob_pieces(&context, read_body, &body, NULL, 0);
  verdict.code = nv2_verify(&context, envelope, found.envelope_size);
  if (verdict.code != NV2_OK) return verdict;
  verdict.code = nv2_result(&context);
  if (verdict.code != NV2_OK) return verdict;

  verdict.next = *floors;
  verdict.code = nv2_signed_version(&context, &verdict.next.version);
  int64_t time = 0;
  if (nv2_time_floor(&context, &time) == NV2_OK && time > floors->time) verdict.next.time = time;
  verdict.entry = found.load_address;
  return verdict;
}

/// Whether `left` is a lower version than `right`.
static int is_lower(const nv2_version* left, const nv2_version* right) {
  size_t i = 0;
  while (i < 3 && left->parts[i] == right->parts[i]) ++i;
  return left->parts[i] < right->parts[i];
}

void boot_confirm(const boot_verdict* verdict, boot_floors* floors) {
  if (verdict->code != NV2_OK) return;
  // Another image may have been confirmed since the check.
  if (verdict->next.time > floors->time) floors->time = verdict->next.time;
  if (is_lower(&floors->version, &verdict->next.version)) floors->version = verdict->next.version;
}
