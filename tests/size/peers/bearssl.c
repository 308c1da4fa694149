/* SPDX-FileCopyrightText: The nv2 authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* A chain of three certificates judged by the smaller X.509 engine of BearSSL: what is weighed is x509_minimal.o. */
#include <bearssl.h>

#include "../../target/support/board.h"
#include "peer.h"

static br_x509_minimal_context engine;
static br_x509_decoder_context decoder;
static unsigned char name[512];
static size_t name_size;
static uint32_t in_crypto;

static void keep_name(void* context, const void* data, size_t size) {
  const unsigned char* from = data;
  (void)context;
  for (size_t i = 0; i < size && name_size < sizeof name; ++i) name[name_size++] = from[i];
}

/* Hash and signature check, counted apart. The hash passes by its state, as the engine takes it. */
static void start_hash(const br_hash_class** hash);
static void add_to_hash(const br_hash_class** hash, const void* data, size_t size) {
  const uint32_t begin = board_count();
  br_sha256_update((br_sha256_context*)hash, data, size);
  in_crypto += board_count() - begin;
}
static void end_hash(const br_hash_class* const* hash, void* digest) {
  const uint32_t begin = board_count();
  br_sha256_out((const br_sha256_context*)hash, digest);
  in_crypto += board_count() - begin;
}
static uint64_t hash_state(const br_hash_class* const* hash, void* state) {
  return br_sha256_state((const br_sha256_context*)hash, state);
}
static void set_hash_state(const br_hash_class** hash, const void* state, uint64_t count);

static const br_hash_class counted_sha256 = {sizeof(br_sha256_context),
                                             BR_HASHDESC_ID(br_sha256_ID) | BR_HASHDESC_OUT(32) |
                                                 BR_HASHDESC_STATE(32) | BR_HASHDESC_LBLEN(6) |
                                                 BR_HASHDESC_MD_PADDING | BR_HASHDESC_MD_PADDING_BE,
                                             start_hash,
                                             add_to_hash,
                                             end_hash,
                                             hash_state,
                                             set_hash_state};

static void start_hash(const br_hash_class** hash) {
  br_sha256_init((br_sha256_context*)hash);
  *hash = &counted_sha256;
}
static void set_hash_state(const br_hash_class** hash, const void* state, uint64_t count) {
  br_sha256_set_state((br_sha256_context*)hash, state, count);
  *hash = &counted_sha256;
}

static uint32_t open_rsa(const unsigned char* signature, size_t size, const unsigned char* oid,
                         size_t hash_size, const br_rsa_public_key* key, unsigned char* hash) {
  const uint32_t begin = board_count();
  const uint32_t good = br_rsa_i31_pkcs1_vrfy(signature, size, oid, hash_size, key, hash);
  in_crypto += board_count() - begin;
  return good;
}

static unsigned judge(void) {
  const br_x509_class** const chain = &engine.vtable;
  engine.vtable->start_chain(chain, 0);
  for (size_t i = 0; i + 1 < peer_certificate_count; ++i) {
    engine.vtable->start_cert(chain, (uint32_t)peer_certificates[i].size);
    engine.vtable->append(chain, peer_certificates[i].data, peer_certificates[i].size);
    engine.vtable->end_cert(chain);
  }
  return engine.vtable->end_chain(chain);
}

int board_main(void) {
  const struct peer_certificate* const root = &peer_certificates[peer_certificate_count - 1];
  br_x509_decoder_init(&decoder, keep_name, 0);
  br_x509_decoder_push(&decoder, root->data, root->size);
  const br_x509_trust_anchor anchor = {
      {name, name_size}, BR_X509_TA_CA, *br_x509_decoder_get_pkey(&decoder)};
  br_x509_minimal_init(&engine, &counted_sha256, &anchor, 1);
  br_x509_minimal_set_hash(&engine, br_sha256_ID, &counted_sha256);
  br_x509_minimal_set_rsa(&engine, open_rsa);
  br_x509_minimal_set_time(&engine, (uint32_t)(719528 + PEER_TIME / 86400), PEER_TIME % 86400);
  board_paint_stack();
  board_start_count();
  const uint32_t begin = board_count();
  const unsigned error = judge();
  const uint32_t count = board_count() - begin;
  peer_report(error, board_used_stack(), count - in_crypto, 0, sizeof engine);
  return error != 0;
}
