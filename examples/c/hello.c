// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The smallest whole verifier in C: hello ARTIFACT MEDIA-TYPE ENVELOPE CERTIFICATE [UNIX-TIME]
// prints the digest when the envelope is a signature over the artifact by somebody for whom the PEM
// certificate vouches, or why not.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <nv2.h>

typedef struct file {
  unsigned char data[64 * 1024];
  size_t size;
} file;

static int read_file(const char* path, file* out) {
  FILE* const stream = fopen(path, "rb");
  if (stream == NULL) return 0;
  out->size = fread(out->data, 1, sizeof out->data, stream);
  fclose(stream);
  return out->size > 0 && out->size < sizeof out->data;
}

int main(int count, char** arguments) {
  static file artifact, envelope, certificate;
  static unsigned char memory[NV2_MEMORY(sizeof envelope.data) + sizeof certificate.data];
  static nv2_context context;
  if (count < 5 || !read_file(arguments[1], &artifact) || !read_file(arguments[3], &envelope) ||
      !read_file(arguments[4], &certificate)) {
    fprintf(stderr, "usage: hello ARTIFACT MEDIA-TYPE ENVELOPE CERTIFICATE [UNIX-TIME]\n");
    return 2;
  }
  const char* const type = arguments[2];
  const int64_t now = count > 5 ? strtoll(arguments[5], NULL, 10) : (int64_t)time(NULL);

  // The first error sticks, and comes out of nv2_verify().
  nv2_init(&context, sizeof context, memory, sizeof memory);
  nv2_trust_pem(&context, (const char*)certificate.data, certificate.size, NV2_ROLE_CA);
  nv2_revocation_not_checked(&context);
  nv2_time_at(&context, now);
  nv2_artifact(&context, artifact.data, artifact.size, type, strlen(type));
  const nv2_error code = nv2_verify(&context, envelope.data, envelope.size);
  if (code != NV2_OK) {
    printf("refused: %s (%s)\n", nv2_error_name(code), nv2_error_message(code));
    return 1;
  }
  const nv2_text digest = nv2_digest(&context);
  printf("%.*s\n", (int)digest.size, digest.data);
  return 0;
}
