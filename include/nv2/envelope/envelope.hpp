// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What every signature format is turned into, and the table that describes a format.
// Does: name the parts of an envelope as slices of the envelope or of the workspace.
// Does not: believe any of it. Nothing here was checked against a key, a clock or an artifact.
// The caller must: keep envelope and workspace alive as long as a message made from them.
#ifndef NV2_ENVELOPE_ENVELOPE_HPP
#define NV2_ENVELOPE_ENVELOPE_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/base64.hpp>
#include <nv2/codec/json.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/oci/descriptor.hpp>
#include <nv2/x509/anchor.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/chain.hpp>

NV2_NAMESPACE_BEGIN

/// Hard limits on what an envelope may hold. // spec: G-003
namespace limits {
constexpr std::size_t envelope_size = 32U << 20;
constexpr std::size_t certificates = 10;
constexpr std::size_t signatures = 100;
constexpr std::size_t references = 64;
/// Bytes of a reference that is written with escapes.
constexpr std::size_t reference_size = 1024;
constexpr std::size_t manifests = 64;
/// Signature checks of one verification, those on certificates included.
constexpr std::uint16_t signature_checks = 128;
}  // namespace limits

/// What a parser may write to and which deviations it accepts.
struct parse_context {
  workspace& memory;
  compat leniency;
  /// Where in the envelope a syntax error was seen; written on failure only.
  std::uint32_t& error_offset;
  /// Names of extended attributes that the caller processes, so that `crit` may list them; of more
  /// than notary_max_understood the rest is not looked at.
  view<std::string_view> understands = {};

  json_duplicates duplicates() const noexcept {
    return has(leniency, compat::dup_last_wins) ? json_duplicates::last_wins
                                                : json_duplicates::refuse;
  }
  base64_rules base64() const noexcept {
    return has(leniency, compat::b64_lenient) ? base64_rules::lenient : base64_rules::strict;
  }
};

/// Who vouches for the signing time: nobody (`notary.x509`), or the signing authority
/// (`notary.x509.signingAuthority`). Prototype forms have no scheme.
enum class signing_scheme : std::uint8_t { none, x509, signing_authority };

/// One signature and the bytes it covers, as an envelope presents them. Slices lie in the envelope or
/// in the workspace.
struct signed_message {
  signed_message() noexcept { std::memset(static_cast<void*>(this), 0, sizeof *this); }
  /// What the signature covers, to be hashed one after the other; unused ones are empty.
  /// // spec: N-004 N-036 J-042 C-050 C-052
  bytes signed_parts[5];
  /// The claims in transfer form: JSON text, or base64url of it. Nothing of it was looked at.
  /// // spec: J-046
  bytes payload;
  /// The raw primitive signature: as long as the modulus, or r || s. // spec: J-045 C-054
  bytes signature;
  /// The signer's key by fingerprint, empty = not given.
  bytes key_id;
  /// DER certificates, the signer's first; empty = not given.
  view<bytes> certificates;
  signature_algorithm algorithm;
  /// Signatures in the envelope; `unread` is the text of those not yet selected.
  std::uint16_t signature_count = 0;
  bytes unread;
  /// The envelope has a list of signatures, as the forms have that may list manifests.
  bool has_list = false;

  // What only Notary Project envelopes have.
  signing_scheme scheme = signing_scheme::none;
  bool has_expiry = false;
  /// From then on the signature is not good any more; rounded down.
  unix_time expiry = 0;
  /// When it was signed: what an authority vouches for, else a claim that decides nothing.
  /// Rounded down, with what is missing in nanoseconds (COSE: 1 for any fraction); in COSE a claim is
  /// rounded up. // spec: J-029 C-025
  unix_time signing_time = 0;
  std::uint32_t signing_nanoseconds = 0;
  /// An RFC 3161 token, not looked at; empty = none. // spec: J-011 C-044
  bytes timestamp_token;
  /// What made the signature, for display only; JWS: between its quotes, escapes and all.
  /// // spec: J-012 C-045
  bytes signing_agent;
  /// The protected header, a JSON object or a CBOR map, for extended attributes; empty = empty map.
  bytes protected_header;
};

/// What the signed bytes say of the artifact.
struct target_artifact {
  /// Empty when the format has no media type.
  bytes media_type;
  /// As parse_digest() accepts it.
  bytes digest;
  std::int64_t size = 0;
  /// The JSON object of annotations, checked; empty = none.
  bytes annotations;
};

/// What the signed bytes say.
struct signed_claims : target_artifact {
  signed_claims() noexcept { std::memset(static_cast<void*>(this), 0, sizeof *this); }
  /// The JSON array of references, empty = none.
  bytes references;
  /// The JSON array of signed manifests in place of digest, size and references, empty = none.
  bytes manifests;
  /// `issued_at` is told, never checked. // spec: N-134
  unix_time expiry = 0, not_before = 0, issued_at = 0;
  bool has_expiry = false, has_not_before = false, has_issued_at = false;
};

/// What finding a signer may use and spend.
struct signer_context {
  const crypto_backend& crypto;
  workspace& memory;
  view<trust_anchor> anchors;
  compat leniency;
  /// Of chains; `max_signature_checks` is what the envelope has left. // spec: G-003
  path_rules rules;
  timestamp_rule timestamps = timestamp_rule::always;
};

/// The signer of a message, once found.
struct signer_certificate {
  signer_certificate() noexcept {
    std::memset(static_cast<void*>(this), 0, sizeof *this);
    chain.length = 1;
    chain.concerned = invalid = -1;
    trust = validity = errc::ok;
  }
  /// In the workspace.
  const certificate* fields = nullptr;
  /// Its way to an anchor. On failure `concerned` is the index in the message's list, -1 = none.
  path chain;
  /// What a policy may leave at a note: whether the caller trusts a certificate of the chain, and
  /// whether the chain was valid when it had to be. Forms that must enforce both leave ok here.
  /// // spec: W-005
  errc trust = errc::ok, validity = errc::ok;
  /// The index of the certificate that is not valid, -1 = none.
  std::int8_t invalid = -1;
  /// How many certificates of the way could be revoked: the first ones of `chain`, which are places
  /// in `listed`. The one that is trusted in itself is none of them. // spec: R-001
  std::uint8_t revocable = 0;
  view<certificate> listed;
};

/// How to read one format, and how it ties a signature to the caller's trust. None but verify_signer
/// does crypto, trust or time.
struct envelope_format {
  const char* name;
  std::string_view media_type;
  /// Whether `envelope` looks like this format; cheap, and no proof of anything. // spec: G-020
  bool (*sniff)(bytes envelope) noexcept;
  /// Checks the shape of the whole envelope and finds the signed bytes and the signatures.
  errc (*parse)(bytes envelope, const parse_context&, signed_message& out) noexcept;
  /// Decodes the next signature of a parsed message into its fields; null when parse() has done it.
  errc (*select)(const parse_context&, signed_message& message) noexcept;
  /// Finds the certificate whose key must have made the signature, and judges its chain.
  errc (*verify_signer)(const signed_message&, signer_context&, signer_certificate& out) noexcept;
  /// Reads the claims, which must have been verified before. // spec: N-005
  errc (*parse_claims)(const signed_message&, const parse_context&, signed_claims& out) noexcept;
  /// Checks that the names in the signer's certificate cover all references of the claims; null when
  /// the format signs none.
  errc (*check_references)(signed_claims&, const certificate& signer,
                           const parse_context&) noexcept;
  /// Moves one of the listed manifests into digest, size and references of `claims`: the one that is
  /// the artifact; without `facts` the first, and the largest of all sizes into `largest`. Null when
  /// the format signs exactly one.
  errc (*find_manifest)(const parse_context&, const artifact_facts* facts, signed_claims& claims,
                        std::int64_t& largest) noexcept;
  /// How many bytes of workspace parsing needs at most, besides three quarters of the envelope when
  /// `has_base64`.
  std::size_t working_memory;
  bool has_base64;
};

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_ENVELOPE_HPP
