// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 for C: decides whether an artifact is signed by somebody the caller trusts. C99 and later, C++.
// Does: what the C++ library does, through functions that one C++ source of the program defines
// (nv2/c_api.hpp), with a crypto library and with formats of the program's choice.
// Does not: allocate, keep globals, read clocks, files or networks, or need a C++ runtime.
// The caller must: keep whatever a function was given - memory, anchors, texts, envelope, artifact -
// alive and unchanged until the context is used for the last time or nv2_init() is called again.
//
// One context serves one verification after the other, for one thread at a time; contexts know nothing
// of each other. Every function may be called with a null context, with one of zeros, or with one that
// failed: the answer is then no. docs/c.md tells more.
#ifndef NV2_H
#define NV2_H

#include <stddef.h>  // NOLINT(modernize-deprecated-headers): C has no other
#include <stdint.h>  // NOLINT(modernize-deprecated-headers)

// Every way to say no, with a number and a sentence; preprocessor only.
#include <nv2/base/errc_list.hpp>

#if defined(__cplusplus) && __cplusplus >= 201103L
#define NV2_NOEXCEPT noexcept
#else
#define NV2_NOEXCEPT
#endif

#if defined(__GNUC__)
#define NV2_MUST_USE __attribute__((__warn_unused_result__))
#else
#define NV2_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif

// --- numbers --------------------------------------------------------------------------------------

/// An error. Compare with NV2_OK, never with zero: everything but NV2_OK is a no.
typedef uint32_t nv2_error;
enum {
  /// What a context holds before anything was decided. A failure.
  NV2_UNSET = 0,
// NV2_ERR_artifact_digest and so on; the numbers never change.
#define NV2_X(name, code, rule, group, message) NV2_ERR_##name = code,
  NV2_ERRC_LIST(NV2_X)
#undef NV2_X
      NV2_OK = 0xF69A
};

/// The four answers. Only NV2_TRUSTED is a yes. NV2_ACCEPTED: something failed, and the level lets
/// that pass; NV2_SKIPPED: the level wants no verification, and nothing was looked at.
typedef uint32_t nv2_verdict;
enum { NV2_REJECTED = 0, NV2_SKIPPED = 0x0FF0, NV2_ACCEPTED = 0x5AC3, NV2_TRUSTED = 0xA53C };

/// The step at which a verification ended.
typedef uint32_t nv2_stage;
enum {
  NV2_STAGE_NONE,
  NV2_STAGE_ENVELOPE,
  NV2_STAGE_CERTIFICATE,
  NV2_STAGE_CHAIN,
  NV2_STAGE_SIGNATURE,
  NV2_STAGE_IDENTITY,
  NV2_STAGE_CLAIMS,
  NV2_STAGE_TIME,
  NV2_STAGE_REVOCATION,
  NV2_STAGE_BINDING,
  NV2_STAGE_POLICY
};

/// What is checked. All but the last can have an action, see nv2_set_action().
typedef uint32_t nv2_check;
enum {
  NV2_CHECK_INTEGRITY,
  NV2_CHECK_AUTHENTICITY,
  NV2_CHECK_AUTHENTIC_TIMESTAMP,
  NV2_CHECK_EXPIRY,
  NV2_CHECK_REVOCATION,
  NV2_CHECK_BINDING
};

/// What came of a check. NV2_NOT_RUN: another one failed before, or it was left out; NV2_LOGGED: it
/// failed, and the level lets that pass.
typedef uint32_t nv2_outcome;
enum { NV2_NOT_RUN, NV2_PASSED, NV2_FAILED, NV2_LOGGED };

/// What failures lead to. NV2_STRICT is what a context starts with: every one is a no.
typedef uint32_t nv2_level;
enum { NV2_STRICT, NV2_PERMISSIVE, NV2_AUDIT, NV2_SKIP };

/// What the failure of one check leads to.
typedef uint32_t nv2_action;
enum { NV2_ACTION_ENFORCE, NV2_ACTION_LOG, NV2_ACTION_SKIP };

/// What a certificate is trusted for: to issue certificates of signers; the same for signers whose
/// service vouches for the time; to issue certificates of timestamp services; or to be a signer
/// itself, which only the prototype's formats know.
typedef uint32_t nv2_role;
enum { NV2_ROLE_CA, NV2_ROLE_SIGNING_AUTHORITY, NV2_ROLE_TSA, NV2_ROLE_SIGNER };

/// When a timestamp is asked for.
typedef uint32_t nv2_timestamp_rule;
enum { NV2_TIMESTAMP_ALWAYS, NV2_TIMESTAMP_AFTER_CERT_EXPIRY };

/// What revocation data is worth after its time: nothing, or as much as before for the seconds given.
typedef uint32_t nv2_stale_rule;
enum { NV2_STALE_REFUSED, NV2_STALE_IN_GRACE, NV2_STALE_IGNORED };

/// What a device without a clock may believe those whom it trusts: that a time they vouch for has come,
/// although it lies after nv2_time_not_before(). docs/time.md tells why that is needed.
typedef uint32_t nv2_belief;
enum { NV2_BELIEVE_SIGNING_AUTHORITY = 0x08000000, NV2_BELIEVE_TIMESTAMP = 0x40000000 };

// --- values ---------------------------------------------------------------------------------------

/// Bytes or characters of somebody else, without a zero at the end. Nothing = a null pointer and 0.
typedef struct nv2_bytes {
  const uint8_t* data;
  size_t size;
} nv2_bytes;
typedef struct nv2_text {
  const char* data;
  size_t size;
} nv2_text;

/// One certificate as DER, and what it is trusted for.
typedef struct nv2_anchor {
  const uint8_t* der;
  size_t size;
  nv2_role role;
} nv2_anchor;

/// An annotation that must have been signed.
typedef struct nv2_annotation {
  nv2_text key, value;
} nv2_annotation;

/// Up to four numbers of a version, the most significant first; those not written are 0.
typedef struct nv2_version {
  uint32_t parts[4];
} nv2_version;

/// Why not, and where. `certificate` is a place in the envelope's list, -1 = none; `offset` the byte of
/// a JSON envelope at which a syntax error was seen, 0 = not known.
typedef struct nv2_status {
  nv2_error code;
  nv2_stage stage;
  int32_t certificate;
  uint32_t offset;
} nv2_status;

/// Bytes of a context.
#define NV2_CONTEXT_SIZE (128U + 64U * sizeof(void*))

/// Everything that belongs to one verification, opaque. Lay it out where you like; nv2_init() makes
/// something of it. It holds addresses of itself: a copy of it is worth nothing, and says no.
typedef union nv2_context {
  uint64_t alignment;
  void* pointer;
  unsigned char storage[NV2_CONTEXT_SIZE];
} nv2_context;

/// Bytes of memory for every envelope of up to `envelope_size` bytes in any format, and for every COSE
/// envelope whatever its size: constants, with room for ten anchors and as many texts. What goes to
/// nv2_trust_pem() and timestamps come on top.
#define NV2_MEMORY(envelope_size) (6000U + 800U * sizeof(void*) + (envelope_size) / 4U * 3U + 3U)
#define NV2_MEMORY_COSE (3200U + 800U * sizeof(void*))
#define NV2_MEMORY_TIMESTAMPS (1600U + 480U * sizeof(void*))

/// Hands out the bytes of an artifact from `offset` on, as many as there are at hand, which must stay
/// until the next call; `size` 0 ends it. Returns NV2_OK; whatever else says that it cannot be read, or
/// not from there. Each nv2_verify() reads from 0 on, in the hardened profile twice: a source that
/// cannot go back must say no then, and never hand out what stands elsewhere.
typedef nv2_error (*nv2_read)(void* user, uint64_t offset, const uint8_t** piece, size_t* size);

// --- before: what is trusted, and what is asked ---------------------------------------------------
//
// Each of these returns NV2_OK or an error. The first error sticks: nv2_verify() then returns it, so
// that a program may look at the result of nv2_verify() alone. Whatever is set makes the answer of an
// earlier nv2_verify() a no. A null pointer with size or count 0 is nothing; with another it is
// NV2_ERR_c_argument. Texts and arrays are borrowed; those that are kept in another form take memory
// of the context, a few words each.

/// Makes a context that trusts nobody. `context_size` is sizeof(nv2_context); `memory` of any
/// alignment is what the library writes to besides its stack: see NV2_MEMORY, nv2_workspace_bound().
nv2_error nv2_init(nv2_context* context, size_t context_size, void* memory,
                   size_t memory_size) NV2_NOEXCEPT;

/// Trusts `count` certificates more.
nv2_error nv2_trust(nv2_context* context, const nv2_anchor* anchors, size_t count) NV2_NOEXCEPT;
/// Trusts all certificates of a PEM text more. They are decoded into the memory of the context.
nv2_error nv2_trust_pem(nv2_context* context, const char* pem, size_t size,
                        nv2_role role) NV2_NOEXCEPT;

/// Wants a signer who is one of these identities, "x509.subject: C=US, ST=WA, O=acme". None = nobody.
/// They take the place of those of an earlier call, as in the next three functions.
/// Without this call every signer is good whom an anchor vouches for.
nv2_error nv2_require_identities(nv2_context* context, const nv2_text* identities,
                                 size_t count) NV2_NOEXCEPT;
/// Wants these annotations among the signed ones.
nv2_error nv2_require_annotations(nv2_context* context, const nv2_annotation* annotations,
                                  size_t count) NV2_NOEXCEPT;
/// Wants a signed version that is not lower than `floor`: in the annotation `key`. See
/// nv2_signed_version() for the next floor.
nv2_error nv2_require_version(nv2_context* context, const char* key, size_t key_size,
                              nv2_version floor) NV2_NOEXCEPT;
/// The same for the tag of the one signed reference in `repository`; none = of the one reference.
nv2_error nv2_require_version_tag(nv2_context* context, const char* repository,
                                  size_t repository_size, nv2_version floor) NV2_NOEXCEPT;
/// Wants RSA keys of at least `bits`, 2048 or more.
nv2_error nv2_require_rsa_bits(nv2_context* context, size_t bits) NV2_NOEXCEPT;

/// What failures lead to. Form, signature, chain and artifact are enforced at every level but
/// NV2_SKIP.
nv2_error nv2_set_level(nv2_context* context, nv2_level level) NV2_NOEXCEPT;
/// What failures of one check lead to, after nv2_set_level(). Never softens integrity, and skips
/// revocation only.
nv2_error nv2_set_action(nv2_context* context, nv2_check check, nv2_action action) NV2_NOEXCEPT;
/// Verifies timestamps, which anchors with NV2_ROLE_TSA ask for.
nv2_error nv2_use_timestamps(nv2_context* context, nv2_timestamp_rule rule) NV2_NOEXCEPT;
/// Believes a time that lies ahead of what is known: one or both of the above.
nv2_error nv2_believe(nv2_context* context, nv2_belief whom) NV2_NOEXCEPT;

// One decision about revocation has to be made.

/// Nobody asks whether certificates were revoked.
nv2_error nv2_revocation_not_checked(nv2_context* context) NV2_NOEXCEPT;
/// Only certificates pass that name nobody to ask; of others nothing is known.
nv2_error nv2_revocation_no_data(nv2_context* context) NV2_NOEXCEPT;
/// Revocation lists as DER decide.
nv2_error nv2_revocation_by_lists(nv2_context* context, const nv2_bytes* lists, size_t count,
                                  nv2_stale_rule stale, uint32_t grace_seconds) NV2_NOEXCEPT;
/// OCSP responses and revocation lists as DER decide.
nv2_error nv2_revocation_by_data(nv2_context* context, const nv2_bytes* responses,
                                 size_t response_count, const nv2_bytes* lists, size_t list_count,
                                 nv2_stale_rule stale, uint32_t grace_seconds) NV2_NOEXCEPT;

// One statement about the present has to be made. Seconds since 1970-01-01T00:00:00Z.

/// The present is `now`, by a clock that the caller trusts.
nv2_error nv2_time_at(nv2_context* context, int64_t now) NV2_NOEXCEPT;
/// The present is `bound` or later: a build time, or a stored nv2_time_floor().
nv2_error nv2_time_not_before(nv2_context* context, int64_t bound) NV2_NOEXCEPT;
/// The present is what a clock says that may have lost the time; if it stands before `bound`, it has,
/// and only the bound counts.
nv2_error nv2_time_from_clock(nv2_context* context, int64_t clock, int64_t bound) NV2_NOEXCEPT;
/// Nothing is known: every check that needs the time fails.
nv2_error nv2_time_unknown(nv2_context* context) NV2_NOEXCEPT;

// One artifact has to be named, by its very bytes. `media_type` without parameters comes from a
// trusted place; formats that sign one compare it. There is no way to name it by a digest that
// somebody else made.

/// All bytes at once.
nv2_error nv2_artifact(nv2_context* context, const void* content, size_t size,
                       const char* media_type, size_t media_type_size) NV2_NOEXCEPT;
/// Bytes that `read` hands out piece by piece.
nv2_error nv2_artifact_pieces(nv2_context* context, nv2_read read, void* user,
                              const char* media_type, size_t media_type_size) NV2_NOEXCEPT;
/// The same for a blob, as `notation blob sign` signs files and firmware: the media type is compared
/// only when there is one, and the digest must be made with the hash of the signer's key.
nv2_error nv2_blob(nv2_context* context, const void* content, size_t size, const char* media_type,
                   size_t media_type_size) NV2_NOEXCEPT;
nv2_error nv2_blob_pieces(nv2_context* context, nv2_read read, void* user, const char* media_type,
                          size_t media_type_size) NV2_NOEXCEPT;

/// The media type of the envelope, from a trusted place. Without this call its content tells.
nv2_error nv2_envelope_type(nv2_context* context, const char* media_type,
                            size_t media_type_size) NV2_NOEXCEPT;

// --- the decision ---------------------------------------------------------------------------------

/// Decides whether `envelope` is a valid signature by a trusted signer over exactly the artifact.
/// NV2_OK when every check that was asked for passed, and for nothing else. When the level let a
/// failure pass, returns that failure, and nv2_get_verdict() is NV2_ACCEPTED.
NV2_MUST_USE nv2_error nv2_verify(nv2_context* context, const void* envelope,
                                  size_t envelope_size) NV2_NOEXCEPT;

/// The result of the last nv2_verify() once more, made anew from what was found: NV2_OK or not. Callers
/// that fear faults in the hardware ask nv2_get_verdict() as well: its yes is another word, which no
/// compiler takes for the same.
NV2_MUST_USE nv2_error nv2_result(const nv2_context* context) NV2_NOEXCEPT;

// --- after: what was decided ----------------------------------------------------------------------

nv2_verdict nv2_get_verdict(const nv2_context* context) NV2_NOEXCEPT;
/// Why not, and where. Its code is NV2_OK for NV2_ACCEPTED, too.
nv2_status nv2_get_status(const nv2_context* context) NV2_NOEXCEPT;
nv2_outcome nv2_report(const nv2_context* context, nv2_check check) NV2_NOEXCEPT;
/// The first failure of a check that the level let pass, NV2_UNSET = none.
nv2_error nv2_logged(const nv2_context* context, nv2_check check) NV2_NOEXCEPT;

// Nothing unless NV2_TRUSTED, and until something is set or verified again. They lie in the envelope,
// in the memory of the context, or in an anchor.

/// The digest of the artifact, "sha256:...": use the artifact by this name.
nv2_text nv2_digest(const nv2_context* context) NV2_NOEXCEPT;
/// The signed media type, nothing when the format has none.
nv2_text nv2_media_type(const nv2_context* context) NV2_NOEXCEPT;
/// JSON: an array of the signed references, and an object of the signed annotations.
nv2_text nv2_references(const nv2_context* context) NV2_NOEXCEPT;
nv2_text nv2_annotations(const nv2_context* context) NV2_NOEXCEPT;
/// The signer: the certificate, and the Name in it, as DER.
nv2_bytes nv2_signer(const nv2_context* context) NV2_NOEXCEPT;
nv2_bytes nv2_signer_subject(const nv2_context* context) NV2_NOEXCEPT;
/// Bytes of the artifact as signed, -1 = nothing.
int64_t nv2_artifact_size(const nv2_context* context) NV2_NOEXCEPT;
/// The digest for NV2_ACCEPTED, too: the signature holds and is about the artifact, but who signed and
/// when is only as sure as nv2_report() says.
nv2_text nv2_accepted_digest(const nv2_context* context) NV2_NOEXCEPT;

/// A time that the present cannot lie before. NV2_OK when there is one; else `floor` stays as it is.
nv2_error nv2_time_floor(const nv2_context* context, int64_t* floor) NV2_NOEXCEPT;
/// The version that nv2_require_version() looked at: the next floor, once the artifact is installed.
/// Else than with NV2_OK `version` stays as it is.
nv2_error nv2_signed_version(nv2_context* context, nv2_version* version) NV2_NOEXCEPT;

/// The most bytes of the memory that were in use.
size_t nv2_memory_peak(const nv2_context* context) NV2_NOEXCEPT;

// --- about the library ----------------------------------------------------------------------------

/// "artifact_digest", "N-140", "the signed digest is not ...", "binding"; "" for what is not known or
/// where names were left out (NV2_ERROR_STRINGS=0).
const char* nv2_error_name(nv2_error code) NV2_NOEXCEPT;
const char* nv2_error_rule(nv2_error code) NV2_NOEXCEPT;
const char* nv2_error_message(nv2_error code) NV2_NOEXCEPT;
const char* nv2_stage_name(nv2_stage stage) NV2_NOEXCEPT;
/// What sizeof(nv2_context) must be at least, for callers who do not see this header.
size_t nv2_context_size(void) NV2_NOEXCEPT;
/// Bytes of memory for any envelope of that size in the formats that the program has; anchors, texts,
/// lists and timestamps come on top.
size_t nv2_workspace_bound(size_t envelope_size) NV2_NOEXCEPT;
/// Major, minor and patch number, eight bits each.
uint32_t nv2_library_version(void) NV2_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif  // NV2_H
