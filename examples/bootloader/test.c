// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The bootloader on a device of the imagination: slots that can be damaged, floors that only rise. Each image that must not
// run is refused by its code. The same program runs on a Cortex-M4 (test_board.c) and here (test_host.c).
#include "test.h"

#include <errno.h>
#include <string.h>

#include "boot.h"
#include "trust.h"

#define BUILD_TIME INT64_C(1767225600)  // 2026-01-01
#define IDENTITY "x509.subject: C=US, ST=WA, L=Seattle, O=ACME Rockets, CN=firmware"

enum { SLOT_SIZE = 8192, BODY = IMAGE_HEADER_SIZE };

static uint8_t flash[2][SLOT_SIZE];
static slot slots[2];
static uint32_t broken_at = UINT32_MAX;

static const nv2_anchor anchors[] = {
    {trusted_root, sizeof trusted_root, NV2_ROLE_SIGNING_AUTHORITY}};
static const nv2_text identities[] = {{IDENTITY, sizeof IDENTITY - 1}};
const boot_trust board_trust = {anchors, 1, identities, 1};
boot_floors board_floors;

const slot* board_slot(int image_index, int slot_index) {
  return image_index == 0 && (slot_index == 0 || slot_index == 1) ? &slots[slot_index] : NULL;
}

/// A serial flash, some of which may be worn out.
static int read_serial(const slot* self, uint32_t offset, void* to, uint32_t size) {
  const int is_worn = broken_at >= offset && broken_at - offset < size;
  return is_worn ? -1 : slot_read_mapped(self, offset, to, size);
}

static unsigned passed, failed;

static void check(uint32_t found, uint32_t expected, const char* what) {
  if (found == expected) {
    ++passed;
    return;
  }
  ++failed;
  test_print(what);
  test_print(found >= 0x100 ? nv2_error_name(found) : "another code");
  test_print("\n");
}

/// A new device with `name` in a slot.
static void insert(int number, const char* name) {
  slots[number].base = flash[number];
  slots[number].read = number == 0 ? slot_read_mapped : read_serial;
  slots[number].size = test_load(name, flash[number], SLOT_SIZE);
  board_floors.time = BUILD_TIME;
  memset(&board_floors.version, 0, sizeof board_floors.version);
  broken_at = UINT32_MAX;
}
static uint32_t boot(int number) {
  return boot_check(&slots[number], &board_trust, &board_floors).code;
}

static void boots_what_is_good(void) {
  for (int number = 0; number < 2; ++number) {
    insert(number, "good.bin");
    const boot_verdict verdict = boot_check(&slots[number], &board_trust, &board_floors);
    check(verdict.code, NV2_OK, "good image: ");
    check(verdict.entry, 0x20000, "entry: ");
    check(verdict.next.version.parts[1], 2, "next version: ");
    check(verdict.next.time > BUILD_TIME, 1, "next time: ");
    check(board_floors.version.parts[0], 0, "no floor rises before it ran: ");
    check(boot_image_check_hook(0, number), FIH_SUCCESS, "hook: ");
  }
  check(boot_image_check_hook(0, 2), FIH_FAILURE, "no such slot: ");
  check((uint32_t)-board_image_verify(flash[0], slots[0].size), 0, "image in memory: ");
}

static void never_goes_back(void) {
  insert(0, "old.bin");
  insert(1, "good.bin");
  check(boot(0), NV2_OK, "old image on a new device: ");
  boot_verdict verdict = boot_check(&slots[1], &board_trust, &board_floors);
  boot_confirm(&verdict, &board_floors);
  const int64_t time = board_floors.time;
  check(board_floors.version.parts[0] == 1 && board_floors.version.parts[1] == 2, 1, "floor: ");
  check(boot(0), NV2_ERR_version_too_low, "old image after the update: ");
  check((uint32_t)-board_image_verify(flash[0], slots[0].size), EPERM, "the same by number: ");
  check(boot(1), NV2_OK, "the update again: ");
  verdict = boot_check(&slots[0], &board_trust, &board_floors);
  boot_confirm(&verdict, &board_floors);
  check(board_floors.version.parts[1] == 2 && board_floors.time == time, 1,
        "a refusal raises nothing: ");
  board_floors.time = time + 1000;
  verdict = boot_check(&slots[1], &board_trust, &board_floors);
  boot_confirm(&verdict, &board_floors);
  check(board_floors.time == time + 1000, 1, "the time does not go back: ");

  // An older image that was checked before the newer one was confirmed.
  insert(0, "old.bin");
  insert(1, "good.bin");
  const boot_verdict older = boot_check(&slots[0], &board_trust, &board_floors);
  const boot_verdict newer = boot_check(&slots[1], &board_trust, &board_floors);
  check(older.code, NV2_OK, "the older before: ");
  boot_confirm(&newer, &board_floors);
  boot_confirm(&older, &board_floors);
  check(board_floors.version.parts[1] == 2, 1, "the version does not go back: ");
}

/// Flash that shows another load address to who reads it first.
static int reads;
static int read_lying(const slot* self, uint32_t offset, void* to, uint32_t size) {
  const int status = slot_read_mapped(self, offset, to, size);
  if (offset == 0 && reads++ == 0) ((uint8_t*)to)[12] ^= 0x55;
  return status;
}
static void hashes_the_header_that_it_read(void) {
  insert(0, "good.bin");
  slots[0].read = read_lying;
  reads = 0;
  check(boot(0), NV2_ERR_artifact_digest, "another load address at first: ");
}

/// One byte changed in a good image.
static void expect_flip(uint32_t place, uint32_t expected, const char* what) {
  insert(1, "good.bin");
  flash[1][place] ^= 1;
  check(boot(1), expected, what);
  check(boot_image_check_hook(0, 1), FIH_FAILURE, what);
}

static void refuses_what_was_changed(void) {
  image parts;
  insert(1, "good.bin");
  check((uint32_t)image_find(&slots[1], &parts), IMAGE_OK, "parts: ");
  expect_flip(0, IMAGE_NO_HEADER, "magic: ");
  expect_flip(6, NV2_ERR_artifact_digest, "flags: ");
  expect_flip(8, IMAGE_NO_ENVELOPE, "size of the body: ");
  expect_flip(11, IMAGE_TOO_LONG, "size of the body beyond the slot: ");
  expect_flip(12, NV2_ERR_artifact_digest, "load address: ");
  expect_flip(31, NV2_ERR_artifact_digest, "reserved: ");
  expect_flip(BODY, NV2_ERR_artifact_digest, "first byte: ");
  expect_flip(parts.signed_size - 1, NV2_ERR_artifact_digest, "last byte: ");
  expect_flip(parts.signed_size, IMAGE_NO_ENVELOPE, "trailer: ");
  expect_flip(parts.envelope_offset - 4, IMAGE_NO_ENVELOPE, "type of the entry: ");
  expect_flip(parts.envelope_offset + parts.envelope_size - 1, NV2_ERR_signature_mismatch,
              "signature: ");
  expect_flip(parts.envelope_offset, NV2_ERR_format_unknown, "envelope: ");
  // Everywhere, in steps, but for what is not signed: an entry of the trailer that nobody reads, and in the envelope
  // the name of the program that signed.
  static const char agent[] = "io.cncf.notary.signingAgent";
  uint32_t unsigned_text = parts.envelope_offset;
  while (memcmp(flash[1] + unsigned_text, agent, sizeof agent - 1) != 0) ++unsigned_text;
  const uint32_t text_end =
      unsigned_text + (uint32_t)sizeof agent + (uint32_t)sizeof "nv2/0.1.0" - 1;
  for (uint32_t place = 0; place < slots[1].size; place += test_step()) {
    const int is_entry = place >= parts.signed_size + 4 && place < parts.envelope_offset;
    if (is_entry || (place >= unsigned_text && place < text_end)) continue;
    insert(1, "good.bin");
    flash[1][place] ^= 0x10;
    check(boot(1) != NV2_OK, 1, "one byte: ");
  }
}

static void refuses_what_was_cut(void) {
  image parts;
  insert(0, "good.bin");
  check((uint32_t)image_find(&slots[0], &parts), IMAGE_OK, "parts: ");
  const uint32_t ends[] = {0,
                           31,
                           32,
                           parts.signed_size,
                           parts.signed_size + 4,
                           parts.envelope_offset + 9,
                           slots[0].size - 1};
  const uint32_t codes[] = {IMAGE_NO_HEADER, IMAGE_NO_HEADER, IMAGE_TOO_LONG, IMAGE_NO_ENVELOPE,
                            IMAGE_TOO_LONG,  IMAGE_TOO_LONG,  IMAGE_TOO_LONG};
  for (unsigned i = 0; i < sizeof ends / sizeof ends[0]; ++i) {
    slots[0].size = ends[i];
    check(boot(0), codes[i], "cut: ");
  }
  check((uint32_t)-board_image_verify(flash[0], 31), ENOEXEC, "cut, by number: ");
  // Worn out flash: the header, the body, the trailer and the envelope.
  insert(1, "good.bin");
  const uint32_t places[] = {10, BODY + 300, parts.signed_size + 2, parts.envelope_offset + 9};
  const uint32_t reasons[] = {IMAGE_UNREADABLE, NV2_ERR_artifact_unreadable, IMAGE_UNREADABLE,
                              IMAGE_UNREADABLE};
  for (unsigned i = 0; i < 4; ++i) {
    broken_at = places[i];
    check(boot(1), reasons[i], "worn out: ");
  }
}

static void refuses_other_signers(void) {
  static const char other[] = "x509.subject: C=US, ST=WA, L=Seattle, O=ACME Rockets, CN=marketing";
  static const nv2_text not_it[] = {{other, sizeof other - 1}};
  static const nv2_anchor other_role[] = {{trusted_root, sizeof trusted_root, NV2_ROLE_CA}};
  insert(0, "stranger.bin");
  check(boot(0), NV2_ERR_notary_not_anchored, "stranger: ");
  check((uint32_t)-board_image_verify(flash[0], slots[0].size), EACCES, "stranger, by number: ");
  insert(0, "good.bin");
  const boot_trust somebody_else = {anchors, 1, not_it, 1}, nobody = {NULL, 0, NULL, 0},
                   no_time = {other_role, 1, identities, 1};
  check(boot_check(&slots[0], &somebody_else, &board_floors).code, NV2_ERR_identity_mismatch,
        "identity: ");
  check(boot_check(&slots[0], &nobody, &board_floors).code, NV2_ERR_notary_no_anchor, "nobody: ");
  check(boot_check(&slots[0], &no_time, &board_floors).code, NV2_ERR_notary_no_anchor,
        "another scheme: ");
}

int test_run(void) {
  boots_what_is_good();
  never_goes_back();
  hashes_the_header_that_it_read();
  refuses_what_was_changed();
  refuses_what_was_cut();
  refuses_other_signers();
  test_print_number(passed);
  test_print(" passed, ");
  test_print_number(failed);
  test_print(" failed\n");
  return failed == 0 && passed > 0 ? 0 : 1;
}
