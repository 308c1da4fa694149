// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Every function of nv2.h, called from C: a yes, and each no by its name. Usage: api FOLDER, the folder tests/.
// The last line is `N passed, N failed`.
#include <nv2.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1795582131)
#define IDENTITY "x509.subject: C=US, ST=WA, L=Seattle, O=ACME Rockets"
#define MANIFEST_TYPE "application/vnd.oci.image.manifest.v1+json"
#define LITERAL(text) (text), (sizeof(text) - 1)

static unsigned passed, failed;

static void check(int holds, const char* what, int line) {
  if (holds) {
    ++passed;
  } else {
    ++failed;
    printf("api.c:%d: %s\n", line, what);
  }
}
static void check_code(nv2_error found, nv2_error expected, const char* what, int line) {
  if (found != expected)
    printf("%s instead of %s: ", nv2_error_name(found), nv2_error_name(expected));
  check(found == expected, what, line);
}
#define CHECK(condition) check(condition, #condition, __LINE__)
#define CHECK_CODE(call, expected) check_code(call, expected, #call, __LINE__)

typedef struct file {
  uint8_t data[8192];
  size_t size;
} file;

static const char* folder;

static void read_file(const char* name, file* out) {
  char path[1024];
  const int length = snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE* const stream = length > 0 && (size_t)length < sizeof path ? fopen(path, "rb") : NULL;
  out->size = stream == NULL ? 0 : fread(out->data, 1, sizeof out->data, stream);
  if (stream != NULL) fclose(stream);
  if (out->size == 0 || out->size == sizeof out->data) {
    printf("error: cannot read %s\n", path);
    exit(2);
  }
}

/// What most cases begin with; parts of it are then made worse.
typedef struct scene {
  nv2_context context;
  unsigned char memory[NV2_MEMORY(8192)];
  file envelope, content, root;
} scene;

static void load(scene* s, const char* envelope, const char* content) {
  char name[256];
  snprintf(name, sizeof name, "interop/golden/notary/%s", envelope);
  read_file(name, &s->envelope);
  snprintf(name, sizeof name, "interop/golden/notary/%s", content);
  read_file(name, &s->content);
  read_file("interop/golden/notary/p256-root.crt", &s->root);
}
/// Everything but the artifact.
static void prepare(scene* s) {
  CHECK_CODE(nv2_init(&s->context, sizeof s->context, s->memory, sizeof s->memory), NV2_OK);
  CHECK_CODE(nv2_trust_pem(&s->context, (const char*)s->root.data, s->root.size, NV2_ROLE_CA),
             NV2_OK);
  CHECK_CODE(nv2_revocation_not_checked(&s->context), NV2_OK);
  CHECK_CODE(nv2_time_at(&s->context, NOW), NV2_OK);
}
static void start(scene* s, const char* envelope, const char* content) {
  load(s, envelope, content);
  prepare(s);
  CHECK_CODE(nv2_artifact(&s->context, s->content.data, s->content.size, LITERAL(MANIFEST_TYPE)),
             NV2_OK);
}
static nv2_error verify(scene* s) {
  return nv2_verify(&s->context, s->envelope.data, s->envelope.size);
}

static int is_text(nv2_text text, const char* expected) {
  return text.size == strlen(expected) &&
         (text.size == 0 || memcmp(text.data, expected, text.size) == 0);
}

/// What every answer but a yes promises: nothing.
static void check_no(nv2_context* context, nv2_error code, nv2_verdict verdict) {
  int64_t floor = 7;
  nv2_version version = {{7, 7, 7, 7}};
  CHECK(code != NV2_OK);
  CHECK_CODE(nv2_result(context), code);
  CHECK(nv2_get_verdict(context) == verdict);
  CHECK(nv2_digest(context).data == NULL && nv2_digest(context).size == 0);
  CHECK(nv2_media_type(context).data == NULL);
  CHECK(nv2_references(context).data == NULL);
  CHECK(nv2_annotations(context).data == NULL);
  CHECK(nv2_signer(context).data == NULL);
  CHECK(nv2_signer_subject(context).data == NULL);
  CHECK(nv2_artifact_size(context) == -1);
  CHECK(nv2_time_floor(context, &floor) != NV2_OK && floor == 7);
  CHECK(nv2_signed_version(context, &version) != NV2_OK && version.parts[0] == 7);
  if (verdict != NV2_ACCEPTED) CHECK(nv2_accepted_digest(context).data == NULL);
}
static void check_rejected(scene* s, nv2_error code, nv2_stage stage) {
  CHECK_CODE(verify(s), code);
  CHECK_CODE(nv2_get_status(&s->context).code, code);
  CHECK(nv2_get_status(&s->context).stage == stage);
  check_no(&s->context, code, NV2_REJECTED);
}

// --- a yes ----------------------------------------------------------------------------------------

static void accepts_what_is_good(scene* s) {
  static const char* const envelopes[][2] = {{"p256.cose.sig", "p256-cose.manifest.json"},
                                             {"p256.jws.sig", "p256-jws.manifest.json"}};
  for (size_t i = 0; i < 2; ++i) {
    start(s, envelopes[i][0], envelopes[i][1]);
    CHECK_CODE(nv2_result(&s->context), NV2_UNSET);
    CHECK_CODE(verify(s), NV2_OK);
    CHECK_CODE(nv2_result(&s->context), NV2_OK);
    CHECK(nv2_get_verdict(&s->context) == NV2_TRUSTED);
    CHECK_CODE(nv2_get_status(&s->context).code, NV2_OK);
    CHECK(nv2_get_status(&s->context).certificate == -1);
    CHECK(nv2_digest(&s->context).size == 71 &&
          memcmp(nv2_digest(&s->context).data, "sha256:", 7) == 0);
    CHECK(is_text(nv2_accepted_digest(&s->context), nv2_digest(&s->context).data) == 0);
    CHECK(nv2_accepted_digest(&s->context).data == nv2_digest(&s->context).data);
    CHECK(is_text(nv2_media_type(&s->context), MANIFEST_TYPE));
    CHECK(nv2_references(&s->context).data == NULL);
    CHECK(nv2_annotations(&s->context).data == NULL);
    CHECK(nv2_artifact_size(&s->context) == (int64_t)s->content.size);
    CHECK(nv2_signer(&s->context).size > nv2_signer_subject(&s->context).size);
    CHECK(nv2_signer_subject(&s->context).size > 2 &&
          nv2_signer_subject(&s->context).data[0] == 0x30);
    CHECK(nv2_report(&s->context, NV2_CHECK_INTEGRITY) == NV2_PASSED);
    CHECK(nv2_report(&s->context, NV2_CHECK_AUTHENTICITY) == NV2_PASSED);
    CHECK(nv2_report(&s->context, NV2_CHECK_REVOCATION) == NV2_NOT_RUN);
    CHECK(nv2_report(&s->context, NV2_CHECK_BINDING) == NV2_PASSED);
    CHECK(nv2_report(&s->context, NV2_CHECK_BINDING + 1) == NV2_NOT_RUN);
    CHECK_CODE(nv2_logged(&s->context, NV2_CHECK_EXPIRY), NV2_UNSET);
    CHECK(nv2_memory_peak(&s->context) > 500 && nv2_memory_peak(&s->context) <= sizeof s->memory);
    CHECK(nv2_memory_peak(&s->context) < nv2_workspace_bound(s->envelope.size) + 2048);
    // Once more: nothing of it was used up.
    CHECK_CODE(verify(s), NV2_OK);
    // Whatever is set makes it a no.
    CHECK_CODE(nv2_time_at(&s->context, NOW), NV2_OK);
    check_no(&s->context, NV2_UNSET, NV2_REJECTED);
    CHECK_CODE(verify(s), NV2_OK);
  }
  CHECK_CODE(nv2_envelope_type(&s->context, LITERAL("application/jose+json")), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(nv2_envelope_type(&s->context, LITERAL("application/cose")), NV2_OK);
  check_rejected(s, NV2_ERR_format_mismatch, NV2_STAGE_ENVELOPE);
}

static void accepts_the_prototype(scene* s) {
  read_file("interop/golden/jwt-rsa2048-x5c.nv2", &s->envelope);
  read_file("interop/golden/manifest.json", &s->content);
  read_file("interop/golden/acme-rsa2048.crt", &s->root);
  CHECK_CODE(nv2_init(&s->context, sizeof s->context, s->memory, sizeof s->memory), NV2_OK);
  CHECK_CODE(nv2_trust_pem(&s->context, (const char*)s->root.data, s->root.size, NV2_ROLE_SIGNER),
             NV2_OK);
  CHECK_CODE(nv2_revocation_no_data(&s->context), NV2_OK);
  CHECK_CODE(nv2_time_at(&s->context, 1800000000), NV2_OK);
  CHECK_CODE(nv2_artifact(&s->context, s->content.data, s->content.size,
                          LITERAL("application/vnd.docker.distribution.manifest.v2+json")),
             NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK(nv2_references(&s->context).size > 2 && nv2_references(&s->context).data[0] == '[');
  // Its tag is v1.
  const nv2_version low = {{0, 9, 0, 0}}, high = {{2, 0, 0, 0}};
  nv2_version found = {{0, 0, 0, 0}};
  CHECK_CODE(nv2_require_version_tag(&s->context, NULL, 0, low), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(nv2_signed_version(&s->context, &found), NV2_OK);
  CHECK(found.parts[0] == 1 && found.parts[1] == 0);
  CHECK_CODE(nv2_require_version_tag(&s->context, NULL, 0, high), NV2_OK);
  check_rejected(s, NV2_ERR_version_too_low, NV2_STAGE_BINDING);
}

// --- each no --------------------------------------------------------------------------------------

static void refuses_what_was_changed(scene* s) {
  start(s, "p256.cose.sig", "p256-cose.manifest.json");
  s->content.data[s->content.size - 1] ^= 1;
  check_rejected(s, NV2_ERR_artifact_digest, NV2_STAGE_BINDING);
  CHECK(nv2_report(&s->context, NV2_CHECK_BINDING) == NV2_FAILED);
  CHECK(nv2_report(&s->context, NV2_CHECK_INTEGRITY) == NV2_PASSED);
  s->content.data[s->content.size - 1] ^= 1;
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(
      nv2_artifact(&s->context, s->content.data, s->content.size - 1, LITERAL(MANIFEST_TYPE)),
      NV2_OK);
  check_rejected(s, NV2_ERR_artifact_size, NV2_STAGE_BINDING);
  CHECK_CODE(nv2_artifact(&s->context, s->content.data, s->content.size, NULL, 0), NV2_OK);
  check_rejected(s, NV2_ERR_artifact_media_type, NV2_STAGE_BINDING);
  CHECK_CODE(nv2_artifact(&s->context, s->content.data, s->content.size, LITERAL(MANIFEST_TYPE)),
             NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  s->envelope.data[s->envelope.size - 1] ^= 1;  // COSE ends with the signature
  check_rejected(s, NV2_ERR_signature_mismatch, NV2_STAGE_SIGNATURE);
  s->envelope.size = 0;
  check_rejected(s, NV2_ERR_envelope_empty, NV2_STAGE_ENVELOPE);
  load(s, "p256.jws.sig", "p256-cose.manifest.json");
  s->envelope.data[40] = '\x01';
  CHECK(verify(s) != NV2_OK);
  CHECK(nv2_get_status(&s->context).stage == NV2_STAGE_ENVELOPE);
  CHECK(nv2_get_status(&s->context).offset == 40);
}

static void refuses_other_signers(scene* s) {
  static const nv2_text right = {LITERAL(IDENTITY)};
  static const nv2_text wrong = {LITERAL("x509.subject: C=US, ST=WA, O=Wabbit Networks")};
  start(s, "p256.cose.sig", "p256-cose.manifest.json");
  CHECK_CODE(nv2_require_identities(&s->context, &right, 1), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(nv2_require_identities(&s->context, &wrong, 1), NV2_OK);
  check_rejected(s, NV2_ERR_identity_mismatch, NV2_STAGE_IDENTITY);
  CHECK(nv2_report(&s->context, NV2_CHECK_AUTHENTICITY) == NV2_FAILED);
  CHECK_CODE(nv2_require_identities(&s->context, NULL, 0), NV2_OK);
  check_rejected(s, NV2_ERR_identity_mismatch, NV2_STAGE_IDENTITY);

  start(s, "rsa2048.cose.sig", "rsa2048-cose.manifest.json");
  check_rejected(s, NV2_ERR_notary_not_anchored, NV2_STAGE_IDENTITY);
  static file second;
  read_file("interop/golden/notary/rsa2048-root.crt", &second);
  CHECK_CODE(
      nv2_trust_pem(&s->context, (const char*)second.data, second.size, NV2_ROLE_SIGNING_AUTHORITY),
      NV2_OK);
  check_rejected(s, NV2_ERR_notary_not_anchored, NV2_STAGE_IDENTITY);
  CHECK_CODE(nv2_trust_pem(&s->context, (const char*)second.data, second.size, NV2_ROLE_CA),
             NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(nv2_require_rsa_bits(&s->context, 3072), NV2_OK);
  CHECK(verify(s) != NV2_OK);

  CHECK_CODE(nv2_init(&s->context, sizeof s->context, s->memory, sizeof s->memory), NV2_OK);
  CHECK_CODE(nv2_trust(&s->context, NULL, 0), NV2_OK);
  CHECK_CODE(nv2_revocation_not_checked(&s->context), NV2_OK);
  CHECK_CODE(nv2_time_at(&s->context, NOW), NV2_OK);
  CHECK_CODE(nv2_artifact(&s->context, s->content.data, s->content.size, LITERAL(MANIFEST_TYPE)),
             NV2_OK);
  check_rejected(s, NV2_ERR_notary_no_anchor, NV2_STAGE_IDENTITY);
}

static void asks_for_the_time(scene* s) {
  const int64_t valid_from = 1735689600;  // 2025-01-01
  start(s, "expiring.cose.sig", "expiring-cose.manifest.json");
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(nv2_time_at(&s->context, NOW + 2 * 86400), NV2_OK);
  check_rejected(s, NV2_ERR_signature_expired, NV2_STAGE_TIME);
  CHECK(nv2_report(&s->context, NV2_CHECK_EXPIRY) == NV2_FAILED);
  CHECK_CODE(nv2_time_not_before(&s->context, NOW + 2 * 86400), NV2_OK);
  check_rejected(s, NV2_ERR_signature_expired, NV2_STAGE_TIME);
  CHECK_CODE(nv2_time_not_before(&s->context, NOW), NV2_OK);
  check_rejected(s, NV2_ERR_time_unknown, NV2_STAGE_TIME);
  CHECK_CODE(nv2_time_unknown(&s->context), NV2_OK);
  check_rejected(s, NV2_ERR_time_unknown, NV2_STAGE_TIME);
  CHECK_CODE(nv2_time_from_clock(&s->context, NOW, valid_from), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(nv2_time_from_clock(&s->context, 0, valid_from), NV2_OK);
  check_rejected(s, NV2_ERR_time_unknown, NV2_STAGE_TIME);

  start(s, "p256.cose.sig", "p256-cose.manifest.json");
  CHECK_CODE(nv2_time_at(&s->context, valid_from - 86400), NV2_OK);
  check_rejected(s, NV2_ERR_certificate_not_yet_valid, NV2_STAGE_CHAIN);
  CHECK(nv2_get_status(&s->context).certificate >= 0);
  int64_t floor = 7;
  CHECK_CODE(nv2_time_at(&s->context, NOW), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(nv2_time_floor(&s->context, &floor), NV2_UNSET);  // nobody vouches for a time
  CHECK(floor == 7);
  CHECK_CODE(nv2_time_floor(&s->context, NULL), NV2_ERR_c_argument);

  start(s, "authority.jws.sig", "authority-jws.manifest.json");
  CHECK_CODE(nv2_trust_pem(&s->context, (const char*)s->root.data, s->root.size,
                           NV2_ROLE_SIGNING_AUTHORITY),
             NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(nv2_time_floor(&s->context, &floor), NV2_OK);
  CHECK(floor == 1768478400);
  // A device without a clock, which was built before.
  CHECK_CODE(nv2_time_not_before(&s->context, valid_from), NV2_OK);
  check_rejected(s, NV2_ERR_time_unknown, NV2_STAGE_CHAIN);
  CHECK_CODE(nv2_believe(&s->context, NV2_BELIEVE_TIMESTAMP), NV2_OK);
  check_rejected(s, NV2_ERR_time_unknown, NV2_STAGE_CHAIN);
  CHECK_CODE(nv2_believe(&s->context, NV2_BELIEVE_SIGNING_AUTHORITY), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  floor = 0;
  CHECK_CODE(nv2_time_floor(&s->context, &floor), NV2_OK);
  CHECK(floor == 1768478400);
}

static void asks_for_annotations_and_versions(scene* s) {
  static const nv2_annotation good[] = {{{LITERAL("build")}, {LITERAL("42")}},
                                        {{LITERAL("commit")}, {LITERAL("0a1b2c")}}};
  static const nv2_annotation bad = {{LITERAL("build")}, {LITERAL("43")}};
  const nv2_version same = {{42, 0, 0, 0}}, higher = {{42, 0, 0, 1}};
  nv2_version found = {{0, 0, 0, 0}};
  start(s, "expiring.cose.sig", "expiring-cose.manifest.json");
  CHECK_CODE(nv2_require_annotations(&s->context, good, 2), NV2_OK);
  CHECK_CODE(nv2_require_version(&s->context, LITERAL("build"), same), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK(nv2_annotations(&s->context).size > 2 && nv2_annotations(&s->context).data[0] == '{');
  CHECK_CODE(nv2_signed_version(&s->context, &found), NV2_OK);
  CHECK(memcmp(&found, &same, sizeof found) == 0);
  CHECK_CODE(nv2_signed_version(&s->context, NULL), NV2_ERR_c_argument);
  CHECK_CODE(nv2_require_version(&s->context, LITERAL("build"), higher), NV2_OK);
  check_rejected(s, NV2_ERR_version_too_low, NV2_STAGE_BINDING);
  CHECK_CODE(nv2_require_version(&s->context, LITERAL("commit"), same), NV2_OK);
  check_rejected(s, NV2_ERR_version_malformed, NV2_STAGE_BINDING);
  CHECK_CODE(nv2_require_version(&s->context, LITERAL("none"), same), NV2_OK);
  check_rejected(s, NV2_ERR_version_missing, NV2_STAGE_BINDING);
  CHECK_CODE(nv2_require_version(&s->context, LITERAL("build"), same), NV2_OK);
  CHECK_CODE(nv2_require_annotations(&s->context, &bad, 1), NV2_OK);
  check_rejected(s, NV2_ERR_metadata_mismatch, NV2_STAGE_BINDING);
}

static void takes_note_at_other_levels(scene* s) {
  static const nv2_text wrong = {LITERAL("x509.subject: C=US, ST=WA, O=Wabbit Networks")};
  start(s, "expiring.cose.sig", "expiring-cose.manifest.json");
  CHECK_CODE(nv2_set_level(&s->context, NV2_AUDIT), NV2_OK);
  CHECK_CODE(nv2_require_identities(&s->context, &wrong, 1), NV2_OK);
  CHECK_CODE(nv2_time_at(&s->context, NOW + 2 * 86400), NV2_OK);
  CHECK_CODE(verify(s), NV2_ERR_identity_mismatch);
  check_no(&s->context, NV2_ERR_identity_mismatch, NV2_ACCEPTED);
  CHECK_CODE(nv2_get_status(&s->context).code, NV2_OK);
  CHECK_CODE(nv2_logged(&s->context, NV2_CHECK_AUTHENTICITY), NV2_ERR_identity_mismatch);
  CHECK_CODE(nv2_logged(&s->context, NV2_CHECK_EXPIRY), NV2_ERR_signature_expired);
  CHECK_CODE(nv2_logged(&s->context, NV2_CHECK_INTEGRITY), NV2_UNSET);
  CHECK_CODE(nv2_logged(&s->context, NV2_CHECK_BINDING + 1), NV2_UNSET);
  CHECK(nv2_report(&s->context, NV2_CHECK_AUTHENTICITY) == NV2_LOGGED);
  CHECK(nv2_accepted_digest(&s->context).size == 71);
  // Audit softens no form and no binding.
  s->content.data[0] ^= 1;
  check_rejected(s, NV2_ERR_artifact_digest, NV2_STAGE_BINDING);
  s->content.data[0] ^= 1;
  // Enforced again, one by one.
  CHECK_CODE(nv2_set_action(&s->context, NV2_CHECK_AUTHENTICITY, NV2_ACTION_ENFORCE), NV2_OK);
  check_rejected(s, NV2_ERR_identity_mismatch, NV2_STAGE_IDENTITY);
  CHECK_CODE(nv2_set_level(&s->context, NV2_PERMISSIVE), NV2_OK);
  check_rejected(s, NV2_ERR_identity_mismatch, NV2_STAGE_IDENTITY);
  CHECK_CODE(nv2_set_level(&s->context, NV2_SKIP), NV2_OK);
  CHECK_CODE(verify(s), NV2_ERR_policy_skips);
  check_no(&s->context, NV2_ERR_policy_skips, NV2_SKIPPED);
  CHECK(nv2_report(&s->context, NV2_CHECK_BINDING) == NV2_NOT_RUN);
  CHECK_CODE(nv2_set_action(&s->context, NV2_CHECK_REVOCATION, NV2_ACTION_SKIP),
             NV2_ERR_policy_override_of_skip);
  start(s, "p256.cose.sig", "p256-cose.manifest.json");
  CHECK_CODE(nv2_set_action(&s->context, NV2_CHECK_REVOCATION, NV2_ACTION_SKIP), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(nv2_set_action(&s->context, NV2_CHECK_INTEGRITY, NV2_ACTION_LOG),
             NV2_ERR_policy_override);
}

// --- pieces, blobs, data --------------------------------------------------------------------------

typedef struct reader {
  const file* source;
  /// `skips` bytes of the file are hidden; a reader that `is_once` does not go back.
  size_t skips, step, place;
  int breaks, lies, is_once;
} reader;

static nv2_error next_piece(void* user, uint64_t offset, const uint8_t** piece, size_t* size) {
  reader* const self = user;
  const size_t from = self->skips + (size_t)offset;
  const size_t left = self->source->size - from;
  const size_t count = left < self->step ? left : self->step;
  if (self->breaks && offset > 0) return NV2_UNSET;
  if (self->is_once && offset != self->place) return NV2_UNSET;
  *piece = self->lies ? NULL : self->source->data + from;
  *size = count;
  self->place = (size_t)offset + count;
  return NV2_OK;
}

static void reads_in_pieces(scene* s) {
  reader r = {&s->content, 0, 1, 0, 0, 0, 0};
  load(s, "p256.cose.sig", "p256-cose.manifest.json");
  prepare(s);
  for (r.step = 1; r.step < 600; r.step += 97) {
    CHECK_CODE(nv2_artifact_pieces(&s->context, next_piece, &r, LITERAL(MANIFEST_TYPE)), NV2_OK);
    CHECK_CODE(verify(s), NV2_OK);
    r.skips = 1;
    check_rejected(s, NV2_ERR_artifact_size, NV2_STAGE_BINDING);
    r.skips = 0;
  }
  r.step = 100, r.breaks = 1;
  check_rejected(s, NV2_ERR_artifact_unreadable, NV2_STAGE_BINDING);
  r.breaks = 0, r.lies = 1;
  check_rejected(s, NV2_ERR_artifact_unreadable, NV2_STAGE_BINDING);
  CHECK_CODE(nv2_artifact_pieces(&s->context, NULL, NULL, NULL, 0), NV2_ERR_c_argument);
}

/// Something of the attacker's with the signed manifest behind it: refused, and refused again.
static void reads_from_the_beginning_again(scene* s) {
  static file longer;
  reader r = {&longer, 0, 1024, 0, 0, 0, 0};
  load(s, "p256.cose.sig", "p256-cose.manifest.json");
  prepare(s);
  memset(longer.data, 'x', 1024);
  memcpy(longer.data + 1024, s->content.data, s->content.size);
  longer.size = 1024 + s->content.size;
  CHECK_CODE(nv2_artifact_pieces(&s->context, next_piece, &r, LITERAL(MANIFEST_TYPE)), NV2_OK);
  check_rejected(s, NV2_ERR_artifact_size, NV2_STAGE_BINDING);
  check_rejected(s, NV2_ERR_artifact_size, NV2_STAGE_BINDING);
  r.is_once = 1, r.place = 0;
  check_rejected(s, NV2_ERR_artifact_size, NV2_STAGE_BINDING);
  check_rejected(s, NV2_ERR_artifact_unreadable, NV2_STAGE_BINDING);
}

static void verifies_blobs(scene* s) {
  reader r = {&s->content, 0, 10, 0, 0, 0, 0};
  load(s, "blob-p256.bin.cose.sig", "blob.bin");
  prepare(s);
  CHECK_CODE(nv2_blob(&s->context, s->content.data, s->content.size, NULL, 0), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(nv2_blob(&s->context, s->content.data, s->content.size, LITERAL("text/plain")),
             NV2_OK);
  check_rejected(s, NV2_ERR_artifact_media_type, NV2_STAGE_BINDING);
  CHECK_CODE(nv2_blob_pieces(&s->context, next_piece, &r, NULL, 0), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  r.skips = 1;
  check_rejected(s, NV2_ERR_artifact_size, NV2_STAGE_BINDING);
  CHECK_CODE(nv2_artifact(&s->context, s->content.data, s->content.size, NULL, 0), NV2_OK);
  check_rejected(s, NV2_ERR_artifact_media_type, NV2_STAGE_BINDING);
}

/// The scene of tests/vectors/matrix, whose anchors are DER.
static void start_matrix(scene* s, const char* envelope) {
  static file root;
  char name[128];
  snprintf(name, sizeof name, "vectors/matrix/%s", envelope);
  read_file(name, &s->envelope);
  read_file("vectors/notary/manifest.json", &s->content);
  read_file("vectors/pki/acme_root.der", &root);
  const nv2_anchor anchor = {root.data, root.size, NV2_ROLE_CA};
  CHECK_CODE(nv2_init(&s->context, sizeof s->context, s->memory, sizeof s->memory), NV2_OK);
  CHECK_CODE(nv2_trust(&s->context, &anchor, 1), NV2_OK);
  CHECK_CODE(nv2_time_at(&s->context, 1893456000), NV2_OK);
  CHECK_CODE(nv2_artifact(&s->context, s->content.data, s->content.size, LITERAL(MANIFEST_TYPE)),
             NV2_OK);
}

static void asks_about_revocation(scene* s) {
  static file good, listed, stale, answer, revoked;
  read_file("vectors/matrix/good.crl", &good);
  read_file("vectors/matrix/listed.crl", &listed);
  read_file("vectors/matrix/stale.crl", &stale);
  read_file("vectors/matrix/good.ocsp", &answer);
  read_file("vectors/matrix/revoked.ocsp", &revoked);
  const nv2_bytes good_list = {good.data, good.size}, bad_list = {listed.data, listed.size};
  const nv2_bytes old_list = {stale.data, stale.size};
  const nv2_bytes good_answer = {answer.data, answer.size},
                  bad_answer = {revoked.data, revoked.size};
  start_matrix(s, "valid.cose");
  CHECK_CODE(nv2_revocation_by_lists(&s->context, &good_list, 1, NV2_STALE_REFUSED, 0), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK(nv2_report(&s->context, NV2_CHECK_REVOCATION) == NV2_PASSED);
  int64_t floor = 0;
  CHECK_CODE(nv2_time_floor(&s->context, &floor), NV2_OK);
  CHECK(floor > 1735689600);
  CHECK_CODE(nv2_revocation_by_lists(&s->context, &bad_list, 1, NV2_STALE_REFUSED, 0), NV2_OK);
  check_rejected(s, NV2_ERR_certificate_revoked, NV2_STAGE_REVOCATION);
  CHECK_CODE(nv2_revocation_by_lists(&s->context, &old_list, 1, NV2_STALE_REFUSED, 0), NV2_OK);
  check_rejected(s, NV2_ERR_crl_stale, NV2_STAGE_REVOCATION);
  CHECK_CODE(nv2_revocation_by_lists(&s->context, &old_list, 1, NV2_STALE_IGNORED, 0), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(nv2_revocation_by_lists(&s->context, &old_list, 1, NV2_STALE_IN_GRACE, 400000000),
             NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(nv2_revocation_no_data(&s->context), NV2_OK);
  CHECK(verify(s) != NV2_OK);
  CHECK(nv2_report(&s->context, NV2_CHECK_REVOCATION) == NV2_FAILED);

  start_matrix(s, "access.cose");
  CHECK_CODE(nv2_revocation_by_data(&s->context, &good_answer, 1, NULL, 0, NV2_STALE_REFUSED, 0),
             NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  CHECK_CODE(
      nv2_revocation_by_data(&s->context, &bad_answer, 1, &good_list, 1, NV2_STALE_REFUSED, 0),
      NV2_OK);
  check_rejected(s, NV2_ERR_certificate_revoked, NV2_STAGE_REVOCATION);
}

static void asks_for_timestamps(scene* s) {
  static file service;
  read_file("vectors/pki/matrix_tsa_root.der", &service);
  const nv2_anchor anchor = {service.data, service.size, NV2_ROLE_TSA};
  start_matrix(s, "stamped.cose");
  CHECK_CODE(nv2_revocation_not_checked(&s->context), NV2_OK);
  CHECK_CODE(nv2_trust(&s->context, &anchor, 1), NV2_OK);
  check_rejected(s, NV2_ERR_notary_timestamp, NV2_STAGE_CHAIN);  // nobody verifies it
  CHECK_CODE(nv2_use_timestamps(&s->context, NV2_TIMESTAMP_ALWAYS), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
  int64_t floor = 0;
  CHECK_CODE(nv2_time_floor(&s->context, &floor), NV2_OK);
  CHECK(floor > 1735689600);
  start_matrix(s, "valid.cose");
  CHECK_CODE(nv2_revocation_not_checked(&s->context), NV2_OK);
  CHECK_CODE(nv2_trust(&s->context, &anchor, 1), NV2_OK);
  CHECK_CODE(nv2_use_timestamps(&s->context, NV2_TIMESTAMP_ALWAYS), NV2_OK);
  check_rejected(s, NV2_ERR_timestamp_absent, NV2_STAGE_CHAIN);
  CHECK_CODE(nv2_use_timestamps(&s->context, NV2_TIMESTAMP_AFTER_CERT_EXPIRY), NV2_OK);
  CHECK_CODE(verify(s), NV2_OK);
}

// --- misuse ---------------------------------------------------------------------------------------

/// Every function that takes a context, with one that is none.
static void refuses_bad_context(nv2_context* context) {
  const nv2_version version = {{0, 0, 0, 0}};
  const nv2_error expected = NV2_ERR_c_context;
  CHECK_CODE(nv2_trust(context, NULL, 0), expected);
  CHECK_CODE(nv2_trust_pem(context, NULL, 0, NV2_ROLE_CA), expected);
  CHECK_CODE(nv2_require_identities(context, NULL, 0), expected);
  CHECK_CODE(nv2_require_annotations(context, NULL, 0), expected);
  CHECK_CODE(nv2_require_version(context, NULL, 0, version), expected);
  CHECK_CODE(nv2_require_version_tag(context, NULL, 0, version), expected);
  CHECK_CODE(nv2_require_rsa_bits(context, 2048), expected);
  CHECK_CODE(nv2_set_level(context, NV2_STRICT), expected);
  CHECK_CODE(nv2_set_action(context, NV2_CHECK_EXPIRY, NV2_ACTION_LOG), expected);
  CHECK_CODE(nv2_use_timestamps(context, NV2_TIMESTAMP_ALWAYS), expected);
  CHECK_CODE(nv2_believe(context, 0), expected);
  CHECK_CODE(nv2_revocation_not_checked(context), expected);
  CHECK_CODE(nv2_revocation_no_data(context), expected);
  CHECK_CODE(nv2_revocation_by_lists(context, NULL, 0, NV2_STALE_REFUSED, 0), expected);
  CHECK_CODE(nv2_revocation_by_data(context, NULL, 0, NULL, 0, NV2_STALE_REFUSED, 0), expected);
  CHECK_CODE(nv2_time_at(context, NOW), expected);
  CHECK_CODE(nv2_time_not_before(context, NOW), expected);
  CHECK_CODE(nv2_time_from_clock(context, NOW, NOW), expected);
  CHECK_CODE(nv2_time_unknown(context), expected);
  CHECK_CODE(nv2_artifact(context, NULL, 0, NULL, 0), expected);
  CHECK_CODE(nv2_artifact_pieces(context, next_piece, NULL, NULL, 0), expected);
  CHECK_CODE(nv2_blob(context, NULL, 0, NULL, 0), expected);
  CHECK_CODE(nv2_blob_pieces(context, next_piece, NULL, NULL, 0), expected);
  CHECK_CODE(nv2_envelope_type(context, NULL, 0), expected);
  CHECK_CODE(nv2_verify(context, "x", 1), expected);
  CHECK(nv2_report(context, NV2_CHECK_INTEGRITY) == NV2_NOT_RUN);
  CHECK_CODE(nv2_logged(context, NV2_CHECK_INTEGRITY), NV2_UNSET);
  CHECK_CODE(nv2_get_status(context).code, expected);
  CHECK(nv2_get_status(context).certificate == -1);
  CHECK(nv2_memory_peak(context) == 0);
  check_no(context, expected, NV2_REJECTED);
}

static void refuses_bad_contexts(scene* s) {
  static nv2_context other;
  refuses_bad_context(NULL);
  memset(&other, 0, sizeof other);
  refuses_bad_context(&other);
  memset(&other, 0xFF, sizeof other);
  refuses_bad_context(&other);
  start(s, "p256.cose.sig", "p256-cose.manifest.json");
  CHECK_CODE(verify(s), NV2_OK);
  other = s->context;  // a copy of a trusted one
  refuses_bad_context(&other);
  CHECK_CODE(nv2_result(&s->context), NV2_OK);
  memset(&s->context, 0, sizeof s->context);
  refuses_bad_context(&s->context);

  CHECK_CODE(nv2_init(NULL, sizeof other, s->memory, sizeof s->memory), NV2_ERR_c_context);
  CHECK_CODE(nv2_init(&other, nv2_context_size() - 1, s->memory, sizeof s->memory),
             NV2_ERR_c_context);
  CHECK(nv2_context_size() <= sizeof other);
  CHECK_CODE(nv2_init(&other, sizeof other, NULL, 1), NV2_ERR_c_argument);
  CHECK_CODE(nv2_time_at(&other, NOW), NV2_OK);
  CHECK_CODE(nv2_result(&other), NV2_ERR_c_argument);  // the first error sticks
  CHECK_CODE(nv2_init(&other, sizeof other, NULL, 0), NV2_OK);
  CHECK_CODE(nv2_trust_pem(&other, (const char*)s->root.data, s->root.size, NV2_ROLE_CA),
             NV2_ERR_workspace_exhausted);
}

/// Sets one thing wrong in a good scene; nothing comes of it any more.
#define REFUSE(call, expected)                            \
  do {                                                    \
    start(s, "p256.cose.sig", "p256-cose.manifest.json"); \
    CHECK_CODE(verify(s), NV2_OK);                        \
    CHECK_CODE(call, expected);                           \
    check_no(&s->context, expected, NV2_REJECTED);        \
    CHECK_CODE(nv2_time_at(&s->context, NOW), NV2_OK);    \
    check_rejected(s, expected, NV2_STAGE_POLICY);        \
  } while (0)

static void refuses_bad_arguments(scene* s) {
  static const nv2_anchor no_certificate = {NULL, 0, NV2_ROLE_CA},
                          no_role = {(const uint8_t*)"x", 1, 4};
  static const nv2_text no_text = {NULL, 1};
  static const nv2_annotation no_key = {{NULL, 0}, {LITERAL("x")}},
                              no_value = {{LITERAL("x")}, {NULL, 1}};
  static const nv2_bytes no_list = {NULL, 1};
  static const nv2_version version = {{0, 0, 0, 0}};
  nv2_context* const context = &s->context;
  const nv2_error expected = NV2_ERR_c_argument;
  REFUSE(nv2_trust(context, NULL, 1), expected);
  REFUSE(nv2_trust(context, &no_certificate, 1), expected);
  REFUSE(nv2_trust(context, &no_role, 1), expected);
  REFUSE(nv2_trust(context, &no_role, SIZE_MAX / 4), NV2_ERR_workspace_exhausted);
  REFUSE(nv2_trust_pem(context, NULL, 1, NV2_ROLE_CA), expected);
  REFUSE(nv2_trust_pem(context, "x", 1, NV2_ROLE_SIGNER + 1), expected);
  REFUSE(nv2_trust_pem(context, "x", 1, NV2_ROLE_CA), NV2_ERR_pem_empty);
  REFUSE(nv2_trust_pem(context,
                       LITERAL("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
                       NV2_ROLE_CA),
         NV2_ERR_pem_label);
  REFUSE(nv2_require_identities(context, NULL, 1), expected);
  REFUSE(nv2_require_identities(context, &no_text, 1), expected);
  REFUSE(nv2_require_identities(context, &no_text, SIZE_MAX), NV2_ERR_workspace_exhausted);
  REFUSE(nv2_require_annotations(context, NULL, 1), expected);
  REFUSE(nv2_require_annotations(context, &no_key, 1), expected);
  REFUSE(nv2_require_annotations(context, &no_value, 1), expected);
  REFUSE(nv2_require_version(context, NULL, 1, version), expected);
  REFUSE(nv2_require_version_tag(context, NULL, 1, version), expected);
  REFUSE(nv2_require_rsa_bits(context, 2047), expected);
  REFUSE(nv2_set_level(context, NV2_SKIP + 1), expected);
  REFUSE(nv2_set_action(context, NV2_CHECK_BINDING, NV2_ACTION_LOG), expected);
  REFUSE(nv2_set_action(context, NV2_CHECK_EXPIRY, NV2_ACTION_SKIP + 1), expected);
  REFUSE(nv2_set_action(context, NV2_CHECK_EXPIRY, NV2_ACTION_SKIP), NV2_ERR_policy_override);
  REFUSE(nv2_use_timestamps(context, NV2_TIMESTAMP_AFTER_CERT_EXPIRY + 1), expected);
  REFUSE(nv2_believe(context, 1), expected);
  REFUSE(nv2_revocation_by_lists(context, NULL, 1, NV2_STALE_REFUSED, 0), expected);
  REFUSE(nv2_revocation_by_lists(context, &no_list, 1, NV2_STALE_REFUSED, 0), expected);
  REFUSE(nv2_revocation_by_lists(context, NULL, 0, NV2_STALE_IGNORED + 1, 0), expected);
  REFUSE(nv2_revocation_by_data(context, NULL, 1, NULL, 0, NV2_STALE_REFUSED, 0), expected);
  REFUSE(nv2_revocation_by_data(context, NULL, 0, NULL, 1, NV2_STALE_REFUSED, 0), expected);
  REFUSE(nv2_artifact(context, NULL, 1, NULL, 0), expected);
  REFUSE(nv2_artifact(context, "x", 1, NULL, 1), expected);
  REFUSE(nv2_artifact_pieces(context, next_piece, NULL, NULL, 1), expected);
  REFUSE(nv2_blob(context, NULL, 1, NULL, 0), expected);
  REFUSE(nv2_blob_pieces(context, NULL, NULL, NULL, 0), expected);
  REFUSE(nv2_envelope_type(context, NULL, 1), expected);

  // What only the envelope lacks can be mended.
  start(s, "p256.cose.sig", "p256-cose.manifest.json");
  CHECK_CODE(nv2_verify(context, NULL, 1), expected);
  CHECK_CODE(nv2_get_status(context).code, expected);
  check_no(context, expected, NV2_REJECTED);
  CHECK_CODE(nv2_verify(context, NULL, 0), NV2_ERR_envelope_empty);
  CHECK_CODE(verify(s), NV2_OK);
}

static void refuses_what_was_not_told(scene* s) {
  nv2_context* const context = &s->context;
  for (unsigned left_out = 0; left_out < 3; ++left_out) {
    load(s, "p256.cose.sig", "p256-cose.manifest.json");
    CHECK_CODE(nv2_init(context, sizeof *context, s->memory, sizeof s->memory), NV2_OK);
    CHECK_CODE(nv2_trust_pem(context, (const char*)s->root.data, s->root.size, NV2_ROLE_CA),
               NV2_OK);
    if (left_out != 0) CHECK_CODE(nv2_revocation_not_checked(context), NV2_OK);
    if (left_out != 1) CHECK_CODE(nv2_time_at(context, NOW), NV2_OK);
    if (left_out != 2) {
      CHECK_CODE(nv2_artifact(context, s->content.data, s->content.size, LITERAL(MANIFEST_TYPE)),
                 NV2_OK);
    }
    check_rejected(s, NV2_ERR_c_incomplete, NV2_STAGE_POLICY);
    if (left_out == 0) CHECK_CODE(nv2_revocation_not_checked(context), NV2_OK);
    if (left_out == 1) CHECK_CODE(nv2_time_at(context, NOW), NV2_OK);
    if (left_out == 2) {
      CHECK_CODE(nv2_artifact(context, s->content.data, s->content.size, LITERAL(MANIFEST_TYPE)),
                 NV2_OK);
    }
    CHECK_CODE(verify(s), NV2_OK);
  }
}

/// Whatever the size of the memory, and wherever it begins: a lack of memory, and once there is enough, a yes.
static void runs_out_of_memory_cleanly(scene* s) {
  unsigned yes = 0, no = 0;
  size_t size = 0;
  load(s, "p256.cose.sig", "p256-cose.manifest.json");
  for (; size + 7 < sizeof s->memory && yes < 20; size += 31) {
    CHECK_CODE(nv2_init(&s->context, sizeof s->context, s->memory + size % 7, size), NV2_OK);
    (void)nv2_trust_pem(&s->context, (const char*)s->root.data, s->root.size, NV2_ROLE_CA);
    (void)nv2_revocation_not_checked(&s->context);
    (void)nv2_time_at(&s->context, NOW);
    (void)nv2_artifact(&s->context, s->content.data, s->content.size, LITERAL(MANIFEST_TYPE));
    const nv2_error code = verify(s);
    if (yes == 0 && code == NV2_ERR_workspace_exhausted) {
      ++no;
    } else {
      CHECK_CODE(code, NV2_OK);
      ++yes;
    }
  }
  CHECK(yes == 20 && no > 30 && size < NV2_MEMORY_COSE + 20 * 31);
}

static void tells_of_the_library(void) {
  CHECK(strcmp(nv2_error_name(NV2_OK), "ok") == 0);
  CHECK(strcmp(nv2_error_name(NV2_UNSET), "unset") == 0);
  CHECK(strcmp(nv2_error_name(NV2_ERR_artifact_digest), "artifact_digest") == 0);
  CHECK(strcmp(nv2_error_rule(NV2_ERR_artifact_digest), "N-140") == 0);
  CHECK(strcmp(nv2_error_message(NV2_ERR_artifact_digest),
               "the signed digest is not the digest of the artifact") == 0);
  CHECK(nv2_error_name(1)[0] == '\0' && nv2_error_rule(1)[0] == '\0' &&
        nv2_error_message(1)[0] == '\0');
  CHECK(nv2_error_name(0x10000 + NV2_OK)[0] == '\0' && nv2_error_rule(UINT32_MAX)[0] == '\0');
  CHECK(nv2_error_message(0x10000 + NV2_ERR_artifact_digest)[0] == '\0');
  CHECK(strcmp(nv2_stage_name(NV2_STAGE_BINDING), "binding") == 0);
  CHECK(nv2_stage_name(NV2_STAGE_POLICY + 1)[0] == '\0');
  CHECK(nv2_workspace_bound(0) <= NV2_MEMORY(0) &&
        nv2_workspace_bound(100000) <= NV2_MEMORY(100000));
  CHECK(nv2_library_version() > 0 && nv2_library_version() < 0x1000000);
}

int main(int count, char** arguments) {
  static scene s;
  if (count != 2) {
    fprintf(stderr, "usage: api FOLDER\n");
    return 2;
  }
  folder = arguments[1];
  accepts_what_is_good(&s);
  accepts_the_prototype(&s);
  refuses_what_was_changed(&s);
  refuses_other_signers(&s);
  asks_for_the_time(&s);
  asks_for_annotations_and_versions(&s);
  takes_note_at_other_levels(&s);
  reads_in_pieces(&s);
  reads_from_the_beginning_again(&s);
  verifies_blobs(&s);
  asks_about_revocation(&s);
  asks_for_timestamps(&s);
  refuses_bad_contexts(&s);
  refuses_bad_arguments(&s);
  refuses_what_was_not_told(&s);
  runs_out_of_memory_cleanly(&s);
  tells_of_the_library();
  printf("%u passed, %u failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
