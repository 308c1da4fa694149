// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The one place that can say yes.
// Does: run the stages in order - envelope, signer, signature, names, times, artifact - and stop at
// the first refusal.
// Does not: read clocks, files or networks, or keep anything after the call.
// The caller must: keep envelope, anchors and workspace alive as long as the answer is looked at, let
// nobody write to envelope or anchors during the call, and use no workspace that overlaps them.
#ifndef NV2_VERIFIER_HPP
#define NV2_VERIFIER_HPP

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/result.hpp>
#include <nv2/base/time.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/binding.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/envelope/nv2_kid.hpp>
#include <nv2/oci/descriptor.hpp>
#include <nv2/trust/policy.hpp>

NV2_NAMESPACE_BEGIN

/// Formats a verifier accepts: pointers to their tables. What is not listed is not linked.
using format_list = view<const envelope_format*>;

/// Bytes of workspace that verify() never needs more than, for an envelope of `envelope_size` bytes:
/// three quarters of it, since base64 text is decoded once, and a constant for member names, parsed
/// certificates, texts with escapes, a hash state of up to 512 bytes, and what is known in between.
constexpr std::size_t workspace_bound(std::size_t envelope_size) noexcept {
  constexpr std::size_t names = 2 * 64 * sizeof(std::uint32_t);
  constexpr std::size_t certificates =
      limits::certificates * sizeof(bytes) + (limits::certificates + 1) * sizeof(certificate);
  constexpr std::size_t texts =
      3 * kid_size + max_digest_text + max_media_type + limits::reference_size;
  constexpr std::size_t results = limits::signatures * sizeof(errc);
  constexpr std::size_t hash_state = 512 + max_digest_size;
  constexpr std::size_t run = 48 * sizeof(void*) + 32;
  constexpr std::size_t gaps = 8 * alignof(std::max_align_t);
  return envelope_size / 4 * 3 + 3 + names + certificates + texts + results + hash_state + run +
         gaps;
}

/// What was verified about an artifact. Only a verifier makes one; its slices lie in the envelope, in
/// the workspace, or, for a signer that was found by its fingerprint, in the caller's anchors.
class verified {
 public:
  /// The digest of the artifact, "sha256:...": use the artifact by this name only. // spec: N-146
  std::string_view digest() const noexcept { return claims_.digest.as_text(); }
  std::int64_t size() const noexcept { return claims_.size; }
  /// The signed media type, "" when the format has none.
  std::string_view media_type() const noexcept { return claims_.media_type.as_text(); }
  /// The JSON array of the references that the signer's certificate covers, "" when there are none.
  std::string_view references() const noexcept { return claims_.references.as_text(); }
  bool has_expiry() const noexcept { return claims_.has_expiry; }
  unix_time expiry() const noexcept { return claims_.expiry; }
  /// The certificate whose key made the signature.
  const certificate& signer() const noexcept { return *signer_; }
  const envelope_format& format() const noexcept { return *format_; }
  /// Which of the signatures in the envelope it was, counted from 0.
  std::uint16_t signature_index() const noexcept { return index_; }

 private:
  friend class verifier;
  friend class verification;
  verified() noexcept = default;

  signed_claims claims_;
  const certificate* signer_ = nullptr;
  const envelope_format* format_ = nullptr;
  std::uint16_t index_ = 0;
};

/// The kinds of check that a report tells apart.
enum class check : std::uint8_t {
  integrity,
  authenticity,
  authentic_timestamp,
  expiry,
  revocation,
  binding
};
/// What came of a check. `not_run`: an earlier one failed, or the caller's policy leaves it out.
enum class outcome : std::uint8_t { not_run, passed, failed };

/// The kind of check that failed with `refusal`. What says nothing of itself - a limit, a resource, an
/// unknown time - counts for the check that was under way.
constexpr check check_of(const status& refusal) noexcept {
  switch (class_of(refusal.code)) {
    case error_class::keynotfound:
    case error_class::trust:
    case error_class::identity: return check::authenticity;
    case error_class::certtime:
    case error_class::timestamp: return check::authentic_timestamp;
    case error_class::expired:
    case error_class::notyet: return check::expiry;
    case error_class::revoked:
    case error_class::revunknown: return check::revocation;
    case error_class::binding: return check::binding;
    case error_class::clock:
      return refusal.where == stage::time ? check::expiry : check::authentic_timestamp;
    default: break;
  }
  if (refusal.where == stage::time) return check::expiry;
  return refusal.where == stage::binding ? check::binding : check::integrity;
}

/// The answer of a verifier. A fresh one says no.
class verification {
 public:
  /// Whether the artifact is what a trusted signer signed.
  bool ok() const noexcept { return status_.ok(); }
  explicit operator bool() const noexcept { return ok(); }
  const nv2::status& status() const noexcept { return status_; }
  /// What was verified, or null unless ok().
  const verified* value() const& noexcept { return ok() ? &value_ : nullptr; }
  const verified* value() const&& = delete;
  /// The format of the envelope, null when it was not recognised.
  const envelope_format* format() const noexcept { return value_.format_; }
  /// Why each signature of the envelope that was tried failed, in order. The last one of a trusted
  /// envelope is ok. // spec: N-018
  view<errc> tried() const noexcept { return tried_; }

  /// What came of one kind of check.
  outcome report(check kind) const noexcept {
    if ((passed_ & bit(kind)) != 0) return outcome::passed;
    return !ok() && check_of(status_) == kind ? outcome::failed : outcome::not_run;
  }

 private:
  friend class verifier;
  static constexpr unsigned bit(check kind) noexcept { return 1U << static_cast<unsigned>(kind); }

  nv2::status status_;
  verified value_;
  view<errc> tried_;
  std::uint8_t passed_ = 0;
};

/// Decides whether artifacts are signed by somebody the policy trusts. Holds references only; copy
/// it freely. Stateless: one verifier serves many threads, each call with its own workspace.
class verifier {
 public:
  /// Borrows all three for its life.
  constexpr verifier(const crypto_backend& crypto, format_list formats,
                     const policy& trust) noexcept
      : crypto_(crypto), formats_(formats), policy_(trust) {}
  verifier(const crypto_backend&, format_list, const policy&&) = delete;
  verifier(const crypto_backend&&, format_list, const policy&) = delete;

  /// Decides whether `envelope` is a valid signature, by a signer the policy trusts, over exactly
  /// `subject`. Never answers ok together with an error. // spec: G-004
  ///
  /// `declared` is the media type that came with the envelope from a trusted place, "" = none: then
  /// the content chooses among the formats. Needs at most workspace_bound(envelope.size()) of
  /// `memory`. Costs at most limits::signature_checks signature checks, one or two for an honest
  /// short chain, and one pass over the artifact.
  [[nodiscard]] verification verify(bytes envelope, const artifact& subject, time_basis time,
                                    workspace& memory,
                                    std::string_view declared = {}) const noexcept;

 private:
  class run;
  [[nodiscard]] errc find_format(bytes envelope, std::string_view declared,
                                 const envelope_format*& out) const noexcept;

  const crypto_backend& crypto_;
  format_list formats_;
  const policy& policy_;
};

/// One call of verify().
class verifier::run {
 public:
  run(const verifier& self, time_basis time, workspace& memory, verification& out) noexcept
      : self_(self),
        out_(out),
        parse_{memory, self.policy_.leniency(), out.status_.offset},
        signer_{self.crypto_, memory, self.policy_.anchors(), self.policy_.leniency(),
                path_rules{time}} {
    signer_.rules.min_rsa_bits = self.policy_.min_rsa_bits();
    signer_.rules.max_signature_checks = limits::signature_checks;
    signer_.rules.ordered = has(parse_.leniency, compat::nv2_ordered_x5c);
  }

  [[nodiscard]] errc judge(bytes envelope, const artifact& subject) noexcept {
    NV2_TRY(format().parse(envelope, parse_, message_));
    NV2_TRY(try_signatures());
    passed(check::integrity);
    passed(check::authenticity);
    passed(check::authentic_timestamp);
    at(stage::time);
    NV2_TRY(check_claim_times(claims(), signer_.rules.time, parse_.leniency));  // spec: N-019
    passed(check::expiry);
    at(stage::binding);
    NV2_TRY(check_binding(subject, format(), self_.crypto_, parse_, claims()));
    passed(check::binding);
    return errc::ok;
  }

 private:
  const envelope_format& format() const noexcept { return *out_.value_.format_; }
  signed_claims& claims() noexcept { return out_.value_.claims_; }
  void at(stage where) noexcept { out_.status_.where = where; }
  void passed(check kind) noexcept {
    out_.passed_ = static_cast<std::uint8_t>(out_.passed_ | verification::bit(kind));
  }

  /// Lack of a resource says nothing about one signature, and the next would fare no better.
  static constexpr bool is_fatal(errc code) noexcept {
    return code == errc::workspace_exhausted || code == errc::crypto_failure ||
           code == errc::signature_budget;
  }

  /// Tries the signatures in order until one passes. // spec: N-017 N-018
  [[nodiscard]] errc try_signatures() noexcept {
    workspace& memory = parse_.memory;
    errc* const results = memory.take_array<errc>(message_.signature_count);
    if (results == nullptr) return errc::workspace_exhausted;
    const std::size_t mark = memory.mark();
    for (std::uint16_t i = 0; i < message_.signature_count; ++i) {
      memory.rewind(mark);
      out_.value_.index_ = i;
      final_ = message_.signature_count == 1;
      const errc code = try_signature();
      results[i] = code;
      out_.tried_ = {results, i + std::size_t{1}};
      if (final_ || is_fatal(code)) return code;
    }
    out_.status_.certificate = -1;
    return errc::no_valid_signature;  // spec: N-018
  }

  /// Judges the next signature alone; sets `final_` when what comes of it goes for the envelope.
  [[nodiscard]] errc try_signature() noexcept {
    at(stage::envelope);
    NV2_TRY(format().select(parse_, message_));
    at(stage::chain);
    found_ = {};
    const errc trusted = format().signer.verify_signer(message_, signer_, found_);
    out_.status_.certificate = found_.chain.concerned;
    NV2_TRY(trusted);
    out_.status_.certificate = -1;
    out_.value_.signer_ = found_.fields;
    at(stage::signature);
    NV2_TRY(check_signature());
    at(stage::claims);
    claims() = {};
    const errc parsed = format().parse_claims(message_, parse_, claims());  // spec: N-005
    final_ = final_ || parsed != errc::ok;
    NV2_TRY(parsed);
    at(stage::identity);
    NV2_TRY(check_names());
    final_ = true;
    return errc::ok;
  }

  /// The primitive signature over the exact bytes. // spec: N-036 N-050 N-051 N-054
  /// Kept apart so that its stack is not needed for chains.
  [[nodiscard]] [[gnu::noinline]] errc check_signature() noexcept {
    const public_key& key = found_.fields->key;
    const hash_algorithm hash = message_.algorithm.hash;
    // The curve decides the hash; RSA keys go with each of them. // spec: N-051
    if (is_ec(key.kind) && hash != curve_hash(key.kind)) return errc::algorithm_key_mismatch;
    if (signer_.rules.max_signature_checks == 0) return errc::signature_budget;  // spec: G-003
    --signer_.rules.max_signature_checks;
    // All signatures of an envelope are over the same bytes: each hash is made once.
    digest_value& digest = digests_[static_cast<std::size_t>(hash) - 1];
    if (digest.hash == hash_algorithm::none) {
      hasher state{self_.crypto_, parse_.memory, hash};
      state.update(message_.signed_bytes);
      NV2_TRY(state.finish(digest));
    }
    return verify_signature(self_.crypto_, key, message_.algorithm, digest.view(),
                            message_.signature);
  }

  /// References of the claims, or of all manifests in them. // spec: N-020 N-021 N-116
  /// Kept apart as check_signature() is.
  [[nodiscard]] [[gnu::noinline]] errc check_names() noexcept {
    bytes unread = claims().manifests;
    do {
      const std::size_t mark = parse_.memory.mark();
      if (!unread.empty()) NV2_TRY(format().select_manifest(parse_, unread, claims()));
      NV2_TRY(format().signer.check_references(claims(), *found_.fields, parse_));
      parse_.memory.rewind(mark);  // check_binding() selects anew
    } while (!unread.empty());
    return errc::ok;
  }

  const verifier& self_;
  verification& out_;
  parse_context parse_;
  signer_context signer_;
  signed_message message_;
  signer_certificate found_;
  digest_value digests_[3];
  bool final_ = false;
};

/// The declared media type decides; without one, the content. // spec: G-020
inline errc verifier::find_format(bytes envelope, std::string_view declared,
                                  const envelope_format*& out) const noexcept {
  if (envelope.empty()) return errc::envelope_empty;                          // spec: N-030
  if (envelope.size() > limits::envelope_size) return errc::input_too_large;  // spec: G-003
  for (const envelope_format* candidate : formats_) {
    if (!declared.empty() && candidate->media_type != declared) continue;
    const bool fits = candidate->sniff(envelope);
    if (!fits && declared.empty()) continue;
    out = candidate;
    return fits ? errc::ok : errc::format_mismatch;
  }
  return errc::format_unknown;
}

inline verification verifier::verify(bytes envelope, const artifact& subject, time_basis time,
                                     workspace& memory, std::string_view declared) const noexcept {
  verification out;
  out.status_.where = stage::envelope;
  errc code = find_format(envelope, declared, out.value_.format_);
  if (code == errc::ok) {
    void* const place = memory.take(sizeof(run), alignof(run));  // not on the stack
    code = errc::workspace_exhausted;
    if (place != nullptr) {
      code = (::new (place) run(*this, time, memory, out))->judge(envelope, subject);
    }
  }
  out.status_.code = code;
  return out;
}

NV2_NAMESPACE_END

#endif  // NV2_VERIFIER_HPP
