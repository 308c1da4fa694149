// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The same decision as other bootloaders ask for it.
#include <errno.h>

#include "boot.h"

fih_ret boot_image_check_hook(int image_index, int slot_index) {
  const slot* const from = board_slot(image_index, slot_index);
  if (from == NULL) return FIH_FAILURE;
  const boot_verdict verdict = boot_check(from, &board_trust, &board_floors);
  return verdict.code == NV2_OK ? FIH_SUCCESS : FIH_FAILURE;
}

static int errno_of(uint32_t code) {
  switch (code) {
    case NV2_OK: return 0;
    case IMAGE_UNREADABLE:
    case NV2_ERR_artifact_unreadable: return -EIO;
    case IMAGE_NO_HEADER: return -ENOEXEC;
    case IMAGE_TOO_LONG: return -EFBIG;
    case IMAGE_NO_ENVELOPE:
    case NV2_ERR_envelope_empty: return -ENOENT;
    case NV2_ERR_version_too_low: return -EPERM;
    case NV2_ERR_workspace_exhausted: return -ENOMEM;
    case NV2_ERR_artifact_digest:
    case NV2_ERR_artifact_size: return -EBADMSG;
    default: return -EACCES;
  }
}

int board_image_verify(const void* start, size_t size) {
  const slot from = {slot_read_mapped, start, size > UINT32_MAX ? 0 : (uint32_t)size};
  return errno_of(boot_check(&from, &board_trust, &board_floors).code);
}
