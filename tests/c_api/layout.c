// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What a binary knows of nv2.h, as recorded: sizes and places of members where pointers have 32 and 64 bits, and numbers.
// Compiled only. A change here means that programs and the library they link must be built anew together.
#include <nv2.h>

#define BITS_64 (sizeof(void*) == 8)
#define SIZE(type, small, large) \
  _Static_assert(sizeof(type) == (BITS_64 ? (large) : (small)), #type " has another size")
#define PLACE(type, member, small, large) \
  _Static_assert(offsetof(type, member) == (BITS_64 ? (large) : (small)), #type "." #member)
#define NUMBER(name, value) _Static_assert((name) == (value), #name " has another value now")

SIZE(nv2_context, 384, 640);
SIZE(nv2_error, 4, 4);
SIZE(nv2_verdict, 4, 4);
SIZE(nv2_outcome, 4, 4);
SIZE(nv2_bytes, 8, 16);
PLACE(nv2_bytes, data, 0, 0);
PLACE(nv2_bytes, size, 4, 8);
SIZE(nv2_text, 8, 16);
PLACE(nv2_text, data, 0, 0);
PLACE(nv2_text, size, 4, 8);
SIZE(nv2_anchor, 12, 24);
PLACE(nv2_anchor, der, 0, 0);
PLACE(nv2_anchor, size, 4, 8);
PLACE(nv2_anchor, role, 8, 16);
SIZE(nv2_annotation, 16, 32);
PLACE(nv2_annotation, key, 0, 0);
PLACE(nv2_annotation, value, 8, 16);
SIZE(nv2_version, 16, 16);
PLACE(nv2_version, parts, 0, 0);
SIZE(nv2_status, 16, 16);
PLACE(nv2_status, code, 0, 0);
PLACE(nv2_status, stage, 4, 4);
PLACE(nv2_status, certificate, 8, 8);
PLACE(nv2_status, offset, 12, 12);

NUMBER(NV2_UNSET, 0);
NUMBER(NV2_OK, 0xF69A);
NUMBER(NV2_ERR_workspace_exhausted, 0x0101);
NUMBER(NV2_ERR_signature_mismatch, 0x0301);
NUMBER(NV2_ERR_artifact_digest, 0x0703);
NUMBER(NV2_ERR_version_too_low, 0x0713);
NUMBER(NV2_ERR_c_context, 0x0901);
NUMBER(NV2_ERR_c_argument, 0x0902);
NUMBER(NV2_ERR_c_incomplete, 0x0903);
NUMBER(NV2_REJECTED, 0);
NUMBER(NV2_SKIPPED, 0x0FF0);
NUMBER(NV2_ACCEPTED, 0x5AC3);
NUMBER(NV2_TRUSTED, 0xA53C);
NUMBER(NV2_STAGE_NONE, 0);
NUMBER(NV2_STAGE_ENVELOPE, 1);
NUMBER(NV2_STAGE_CERTIFICATE, 2);
NUMBER(NV2_STAGE_CHAIN, 3);
NUMBER(NV2_STAGE_SIGNATURE, 4);
NUMBER(NV2_STAGE_IDENTITY, 5);
NUMBER(NV2_STAGE_CLAIMS, 6);
NUMBER(NV2_STAGE_TIME, 7);
NUMBER(NV2_STAGE_REVOCATION, 8);
NUMBER(NV2_STAGE_BINDING, 9);
NUMBER(NV2_STAGE_POLICY, 10);
NUMBER(NV2_CHECK_INTEGRITY, 0);
NUMBER(NV2_CHECK_AUTHENTICITY, 1);
NUMBER(NV2_CHECK_AUTHENTIC_TIMESTAMP, 2);
NUMBER(NV2_CHECK_EXPIRY, 3);
NUMBER(NV2_CHECK_REVOCATION, 4);
NUMBER(NV2_CHECK_BINDING, 5);
NUMBER(NV2_NOT_RUN, 0);
NUMBER(NV2_PASSED, 1);
NUMBER(NV2_FAILED, 2);
NUMBER(NV2_LOGGED, 3);
NUMBER(NV2_STRICT, 0);
NUMBER(NV2_PERMISSIVE, 1);
NUMBER(NV2_AUDIT, 2);
NUMBER(NV2_SKIP, 3);
NUMBER(NV2_ACTION_ENFORCE, 0);
NUMBER(NV2_ACTION_LOG, 1);
NUMBER(NV2_ACTION_SKIP, 2);
NUMBER(NV2_ROLE_CA, 0);
NUMBER(NV2_ROLE_SIGNING_AUTHORITY, 1);
NUMBER(NV2_ROLE_TSA, 2);
NUMBER(NV2_ROLE_SIGNER, 3);
NUMBER(NV2_TIMESTAMP_ALWAYS, 0);
NUMBER(NV2_TIMESTAMP_AFTER_CERT_EXPIRY, 1);
NUMBER(NV2_BELIEVE_SIGNING_AUTHORITY, 0x08000000);
NUMBER(NV2_BELIEVE_TIMESTAMP, 0x40000000);
NUMBER(NV2_STALE_REFUSED, 0);
NUMBER(NV2_STALE_IN_GRACE, 1);
NUMBER(NV2_STALE_IGNORED, 2);
NUMBER(NV2_MEMORY(4000), BITS_64 ? 15403 : 12203);
NUMBER(NV2_MEMORY_COSE, BITS_64 ? 9600 : 6400);
NUMBER(NV2_MEMORY_TIMESTAMPS, BITS_64 ? 5440 : 3520);
