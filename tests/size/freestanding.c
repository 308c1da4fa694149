// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// An entry point in C that uses most of nv2.h. Linked with memory.c, with freestanding_c.cpp, and without any library but
// that of the crypto backend and the compiler's own.
#include <nv2.h>

void nv2_entry(void);

nv2_bytes nv2_test_envelope, nv2_test_manifest, nv2_test_list;
nv2_text nv2_test_pem;
nv2_context nv2_test_context;
unsigned char nv2_test_memory[NV2_MEMORY(8192) + NV2_MEMORY_TIMESTAMPS];
volatile char nv2_test_sink;

void nv2_entry(void) {
  nv2_context* const context = &nv2_test_context;
  const nv2_version floor = {{1, 0, 0, 0}};
  nv2_version version;
  nv2_init(context, sizeof *context, nv2_test_memory, sizeof nv2_test_memory);
  nv2_trust_pem(context, nv2_test_pem.data, nv2_test_pem.size, NV2_ROLE_CA);
  nv2_require_identities(context, &nv2_test_pem, 1);
  nv2_require_version(context, nv2_test_pem.data, nv2_test_pem.size, floor);
  nv2_use_timestamps(context, NV2_TIMESTAMP_ALWAYS);
  nv2_revocation_by_data(context, &nv2_test_list, 1, &nv2_test_list, 1, NV2_STALE_REFUSED, 0);
  nv2_time_not_before(context, 1);
  nv2_artifact(context, nv2_test_manifest.data, nv2_test_manifest.size, nv2_test_pem.data,
               nv2_test_pem.size);
  const nv2_error code = nv2_verify(context, nv2_test_envelope.data, nv2_test_envelope.size);
  nv2_test_sink = *nv2_error_message(code);
  if (nv2_signed_version(context, &version) == NV2_OK) nv2_test_sink = nv2_digest(context).data[0];
}
