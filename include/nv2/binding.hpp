// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// From verified claims to the artifact in hand.
// Does: hash the artifact and compare digest, size and media type; check the times of the claims.
// Does not: believe a digest, size or media type that came with the signature's transport.
// The caller must: pass the very bytes that will be used, and their media type from a trusted place.
#ifndef NV2_BINDING_HPP
#define NV2_BINDING_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/oci/descriptor.hpp>

NV2_NAMESPACE_BEGIN

/// Hands out the bytes of an artifact from `offset` on, as many as there are at hand; an empty piece ends
/// it. False = it cannot be read, or not from there. An artifact is read from 0 on each time it is
/// hashed, which several signatures or a refusal can make several times: a source that cannot go back
/// must say false then, and never hand out what stands elsewhere.
using read_piece = bool (*)(void* context, std::uint64_t offset, bytes& piece) noexcept;

/// The artifact to be judged: its bytes, at once or in pieces, and its media type.
class artifact {
 public:
  /// All bytes at once. `media_type`, without parameters, is compared by the formats that sign one;
  /// empty matches none. // spec: N-143 N-144
  /// Borrows both.
  static constexpr artifact content(bytes all, std::string_view media_type = {}) noexcept {
    artifact made;
    made.content_ = all;
    made.media_type_ = media_type;
    return made;
  }
  /// Bytes that `read` hands out piece by piece. // spec: N-140
  static constexpr artifact pieces(read_piece read, void* context,
                                   std::string_view media_type = {}) noexcept {
    artifact made;
    made.read_ = read;
    made.context_ = context;
    made.media_type_ = media_type;
    return made;
  }
  /// A blob, which is no manifest: the signed digest must be made with the hash of the signer's key,
  /// and the media type is compared only when one is given. // spec: J-056 O-045
  static constexpr artifact blob(bytes all, std::string_view media_type = {}) noexcept {
    artifact made = content(all, media_type);
    made.is_blob_ = true;
    return made;
  }
  /// As blob(), piece by piece.
  static constexpr artifact blob_pieces(read_piece read, void* context,
                                        std::string_view media_type = {}) noexcept {
    artifact made = pieces(read, context, media_type);
    made.is_blob_ = true;
    return made;
  }

  std::string_view media_type() const noexcept { return media_type_; }
  bool is_blob() const noexcept { return is_blob_; }

  /// Hashes the artifact and counts its bytes, giving up beyond `limit` bytes. // spec: D-005
  [[nodiscard]] errc hash(hasher& state, std::int64_t limit, digest_value& digest,
                          std::int64_t& size) const noexcept {
    bytes piece = content_;
    size = 0;
    do {
      if (read_ != nullptr && !read_(context_, static_cast<std::uint64_t>(size), piece)) {
        return errc::artifact_unreadable;
      }
      if (static_cast<std::uint64_t>(limit - size) < piece.size()) return errc::artifact_size;
      size += static_cast<std::int64_t>(piece.size());
      state.update(piece);
    } while (read_ != nullptr && !piece.empty());
    return state.finish(digest);
  }

 private:
  constexpr artifact() noexcept = default;

  bytes content_;
  read_piece read_ = nullptr;
  void* context_ = nullptr;
  std::string_view media_type_;
  bool is_blob_ = false;
};

/// Checks `exp` and `nbf` against what is known of the time.
[[nodiscard]] inline errc check_claim_times(const signed_claims& claims, const time_basis& time,
                                            compat leniency) noexcept {
  if (claims.has_expiry) {
    const bool inclusive = has(leniency, compat::nv2_exp_inclusive) && claims.expiry != INT64_MAX;
    const time_order now = time.relative_to(inclusive ? claims.expiry + 1 : claims.expiry);
    if (now == time_order::unknown) return errc::time_unknown;          // spec: G-001
    if (now == time_order::not_before) return errc::signature_expired;  // spec: N-130 N-132 N-133
  }
  if (claims.has_not_before) {
    const time_order now = time.relative_to(claims.not_before);
    if (now == time_order::unknown) return errc::time_unknown;            // spec: G-001
    if (now == time_order::before) return errc::signature_not_yet_valid;  // spec: N-131
  }
  return errc::ok;
}

/// Checks that size and digest in `claims` are those of the artifact. // spec: N-140 N-142 D-005
[[nodiscard]] inline errc check_descriptor(const signed_claims& claims,
                                           const artifact_facts& facts) noexcept {
  if (claims.size != facts.size) return errc::artifact_size;  // spec: N-140
  const bool same = digest_equals(split_digest(claims.digest), facts.digest);
  return same ? errc::ok : errc::artifact_digest;  // spec: N-140
}

/// Hashes the artifact with the algorithm of the claims. // spec: N-140 N-141 N-145
[[nodiscard]] inline errc hash_artifact(const artifact& subject, const signed_claims& claims,
                                        std::int64_t limit, const crypto_backend& crypto,
                                        workspace& memory, artifact_facts& out) noexcept {
  hasher state{crypto, memory, split_digest(claims.digest).algorithm};
  return subject.hash(state, limit, out.digest, out.size);
}

/// Checks that the media type, and the digest algorithm of a blob, are those that were signed.
/// `key_hash` is the hash of the signer's key. // spec: J-055 J-056 O-040
[[nodiscard]] inline errc check_kind(const artifact& subject, const signed_claims& claims,
                                     hash_algorithm key_hash) noexcept {
  const bool any_type = subject.is_blob() && subject.media_type().empty();
  if (!claims.media_type.empty() && !any_type && !equal(claims.media_type, subject.media_type())) {
    return errc::artifact_media_type;  // spec: N-143 J-055
  }
  const bool other_hash = subject.is_blob() && split_digest(claims.digest).algorithm != key_hash;
  return other_hash ? errc::blob_algorithm : errc::ok;  // spec: J-056
}

/// Checks that `claims` are about `subject`: media type when the format signs one, size and digest.
/// When the claims list several manifests, one of them must be the artifact and replaces digest, size
/// and references in `claims`; entries with another digest algorithm than the first match nothing.
/// Costs one pass over the artifact. // spec: N-019 N-021 W-080
[[nodiscard]] inline errc check_binding(const artifact& subject, const envelope_format& format,
                                        const crypto_backend& crypto, const parse_context& context,
                                        hash_algorithm key_hash, signed_claims& claims) noexcept {
  NV2_TRY(check_kind(subject, claims, key_hash));
  artifact_facts facts;
  std::int64_t limit = claims.size;
  const bool listed = !claims.manifests.empty();
  if (listed) NV2_TRY(format.find_manifest(context, nullptr, claims, limit));
  const errc hashed = hash_artifact(subject, claims, limit, crypto, context.memory, facts);
  if (!listed) {
    NV2_TRY(hashed);
    return check_descriptor(claims, facts);
  }
  if (hashed == errc::artifact_size) return errc::artifact_not_signed;  // larger than all of them
  NV2_TRY(hashed);
  return format.find_manifest(context, &facts, claims, limit);
}

NV2_NAMESPACE_END

#endif  // NV2_BINDING_HPP
