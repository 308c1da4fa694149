// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "image.h"

#include <string.h>

enum { TRAILER_MAGIC = 0x5476, ENTRY_ENVELOPE = 1 };

static uint32_t u16(const uint8_t* at) { return at[0] | (uint32_t)at[1] << 8; }
static uint32_t u32(const uint8_t* at) { return u16(at) | u16(at + 2) << 16; }

int slot_read_mapped(const slot* self, uint32_t offset, void* to, uint32_t size) {
  if (offset > self->size || size > self->size - offset) return -1;
  memcpy(to, (const uint8_t*)self->base + offset, size);
  return 0;
}

/// Looks for the envelope among the entries from `at` to `end`.
static int find_envelope(const slot* from, uint32_t at, uint32_t end, image* out) {
  while (end - at >= 4) {
    uint8_t entry[4];
    if (from->read(from, at, entry, sizeof entry) != 0) return IMAGE_UNREADABLE;
    const uint32_t size = u16(entry + 2);
    at += 4;
    if (size > end - at) return IMAGE_TOO_LONG;
    if (u16(entry) == ENTRY_ENVELOPE) {
      if (size > IMAGE_MAX_ENVELOPE) return IMAGE_TOO_LONG;
      out->envelope_offset = at;
      out->envelope_size = size;
      return IMAGE_OK;
    }
    at += size;
  }
  return IMAGE_NO_ENVELOPE;
}

int image_find(const slot* from, image* out) {
  static const uint8_t magic[4] = {'N', 'V', '2', 'B'};
  uint8_t trailer[4];
  uint8_t* const header = out->header;
  memset(out, 0, sizeof *out);
  if (from->size < IMAGE_HEADER_SIZE) return IMAGE_NO_HEADER;
  if (from->read(from, 0, header, IMAGE_HEADER_SIZE) != 0) return IMAGE_UNREADABLE;
  if (memcmp(header, magic, sizeof magic) != 0 || u16(header + 4) != IMAGE_HEADER_SIZE)
    return IMAGE_NO_HEADER;
  const uint32_t body = u32(header + 8);
  if (body > from->size - IMAGE_HEADER_SIZE) return IMAGE_TOO_LONG;
  out->signed_size = IMAGE_HEADER_SIZE + body;
  out->load_address = u32(header + 12);
  if (from->size - out->signed_size < sizeof trailer) return IMAGE_NO_ENVELOPE;
  if (from->read(from, out->signed_size, trailer, sizeof trailer) != 0) return IMAGE_UNREADABLE;
  const uint32_t size = u16(trailer + 2);
  if (u16(trailer) != TRAILER_MAGIC || size < sizeof trailer) return IMAGE_NO_ENVELOPE;
  if (size > from->size - out->signed_size) return IMAGE_TOO_LONG;
  return find_envelope(from, out->signed_size + (uint32_t)sizeof trailer, out->signed_size + size,
                       out);
}
