// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The image of this bootloader, as it lies in a slot of the flash. All numbers little endian.
//
//   header    "NV2B", size of the header (32), flags (0), size of the body, load address, 16 zeros
//             4       u16                      u16        u32               u32           16
//   body      what is booted
//   trailer   magic 0x5476, size of the trailer, then entries: type, size, value
//             u16           u16                                u16   u16   bytes
//
// The signature is over header and body, as a blob. Entry 1 of the trailer holds its envelope; entries
// of other types are passed over, since nothing in a trailer is signed.
#ifndef NV2_EXAMPLE_BOOTLOADER_IMAGE_H
#define NV2_EXAMPLE_BOOTLOADER_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#define IMAGE_HEADER_SIZE 32U
#define IMAGE_MAX_ENVELOPE 4096U

/// A slot: how to read it. What is memory-mapped reads by copying; see slot_read_mapped().
typedef struct slot {
  /// Reads `size` bytes from `offset`; 0 = done.
  int (*read)(const struct slot* self, uint32_t offset, void* to, uint32_t size);
  const void* base;
  uint32_t size;
} slot;

int slot_read_mapped(const slot* self, uint32_t offset, void* to, uint32_t size);

typedef struct image {
  /// The header as it was read: what is hashed is what was looked at, should the flash say something else then.
  uint8_t header[IMAGE_HEADER_SIZE];
  /// Header and body, from the beginning of the slot.
  uint32_t signed_size;
  uint32_t load_address;
  uint32_t envelope_offset, envelope_size;
} image;

/// Why an image was not even looked at; others are those of nv2.h.
enum {
  IMAGE_OK = 0,
  IMAGE_UNREADABLE = 1,
  IMAGE_NO_HEADER = 2,
  IMAGE_TOO_LONG = 3,
  IMAGE_NO_ENVELOPE = 4
};

/// Finds the parts of the image in `from`. Every size is checked against the slot before it is used.
int image_find(const slot* from, image* out);

#endif  // NV2_EXAMPLE_BOOTLOADER_IMAGE_H
