// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The decision of a bootloader without a clock: whether the image in a slot may run, and which floors
// rise once it did.
#ifndef NV2_EXAMPLE_BOOTLOADER_BOOT_H
#define NV2_EXAMPLE_BOOTLOADER_BOOT_H

#include <nv2.h>

#include "image.h"

/// What a device keeps where nobody else can lower it: a monotonic counter, OTP fuses, or flash that is
/// locked before the image runs. Both only rise. A new device has version 0 and the time at which the
/// bootloader was built.
typedef struct boot_floors {
  nv2_version version;
  int64_t time;
} boot_floors;

/// Whom this device trusts: constants, in flash.
typedef struct boot_trust {
  const nv2_anchor* anchors;
  size_t anchor_count;
  const nv2_text* identities;
  size_t identity_count;
} boot_trust;

/// What became of the image in a slot. `code` is NV2_OK, an error of nv2.h, or below 0x100 one of
/// image.h.
typedef struct boot_verdict {
  uint32_t code;
  /// Only with NV2_OK: what the floors become by boot_confirm().
  boot_floors next;
  uint32_t entry;
} boot_verdict;

/// Decides whether the image in `from` may run: signed by somebody trusted, not older than the floors,
/// and every byte of header and body as it was signed. Reads the flash in pieces.
boot_verdict boot_check(const slot* from, const boot_trust* trust, const boot_floors* floors);

/// Raises the floors after the image of `verdict` ran and reported that it is well. Raised before, a
/// broken update would lock out the image that works.
void boot_confirm(const boot_verdict* verdict, boot_floors* floors);

// --- hooks in the style of others -----------------------------------------------------------------

/// The board: the slots, whom it trusts, and its floors. Defined by the program.
const slot* board_slot(int image_index, int slot_index);
extern const boot_trust board_trust;
extern boot_floors board_floors;

/// As MCUboot asks a board about an image: FIH_SUCCESS, or FIH_FAILURE. Two values that no single bit
/// makes of each other.
typedef uint32_t fih_ret;
enum { FIH_SUCCESS = 0x5A3C, FIH_FAILURE = 0x25C3 };
fih_ret boot_image_check_hook(int image_index, int slot_index);

/// As commands of U-Boot ask about an image in memory: 0, or a negative number of errno.h.
int board_image_verify(const void* start, size_t size);

#endif  // NV2_EXAMPLE_BOOTLOADER_BOOT_H
