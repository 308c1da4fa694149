// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The one place that can say yes.
// Does: run the stages in order - envelope, signer, signature, names, times, artifact - and stop at
// the first refusal.
// Does not: read clocks, files or networks, or keep anything after the call. // spec: G-001 G-002
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
#include <nv2/base/hardened.hpp>
#include <nv2/base/result.hpp>
#include <nv2/base/time.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/binding.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/envelope/nv2_kid.hpp>
#include <nv2/oci/descriptor.hpp>
#include <nv2/trust/levels.hpp>
#include <nv2/trust/policy.hpp>
#include <nv2/verification.hpp>

NV2_NAMESPACE_BEGIN

/// Formats a verifier accepts: pointers to their tables. What is not listed is not linked.
using format_list = view<const envelope_format*>;

namespace detail {
/// Room for what is known in the course of a verification.
constexpr std::size_t run_size = 80 * sizeof(void*) + 400;
}  // namespace detail

/// Bytes of workspace that verify() never needs more than, for an envelope of `envelope_size` bytes in
/// this format: what its parser says, and a constant for parsed certificates, a hash state of up to
/// 512 bytes, and what is known in between. Parsing text takes three quarters of the envelope, since
/// base64 is decoded once; COSE takes nothing that grows.
constexpr std::size_t workspace_bound(const envelope_format& format,
                                      std::size_t envelope_size) noexcept {
  constexpr std::size_t certificates =
      limits::certificates * sizeof(bytes) + (limits::certificates + 2) * sizeof(certificate);
  constexpr std::size_t hash_state = 512 + max_digest_size;
  constexpr std::size_t gaps = 8 * alignof(std::max_align_t);
  return (format.has_base64 ? envelope_size / 4 * 3 + 3 : 0) + format.working_memory +
         certificates + hash_state + detail::run_size + gaps;
}

/// The same for any of `formats`.
constexpr std::size_t workspace_bound(format_list formats, std::size_t envelope_size) noexcept {
  std::size_t most = 0;
  for (const envelope_format* const format : formats) {
    const std::size_t bound = workspace_bound(*format, envelope_size);
    most = bound > most ? bound : most;
  }
  return most;
}

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
  /// the content chooses among the formats. Needs at most workspace_bound(formats, envelope.size()) of
  /// `memory`. Costs at most limits::signature_checks signature checks, one or two for an honest
  /// short chain, and one pass over the artifact.
  /// In the hardened profile the arguments are read twice: what they refer to must not lie where a
  /// fault could leave an older value, as it could on a stack.
  [[nodiscard]] NV2_DECISION verification
  verify(const bytes& envelope, const artifact& subject, const time_basis& time, workspace& memory,
         const std::string_view& declared = {}) const noexcept;

 private:
  class run;
  /// One judgement, from the beginning to the end; `out` must be fresh.
  void judge(const bytes& envelope, const artifact& subject, const time_basis& time,
             workspace& memory, const std::string_view& declared, verification& out) const noexcept;
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
        parse_{memory, self.policy_.leniency(), out.status_.offset, self.policy_.understood()},
        signer_{self.crypto_,           memory,
                self.policy_.anchors(), self.policy_.leniency(),
                path_rules{time},       self.policy_.timestamps()} {
    out.facts_ = &facts_;
    signer_.rules.min_rsa_bits = self.policy_.min_rsa_bits();
    signer_.rules.max_signature_checks = limits::signature_checks;
    signer_.rules.ordered = has(parse_.leniency, compat::nv2_ordered_x5c);
  }

  [[nodiscard]] errc judge(bytes envelope, const artifact& subject) noexcept {
    NV2_TRY(format().parse(envelope, parse_, message_));
    NV2_TRY(try_signatures());
    at(stage::time);
    // spec: N-019
    const errc times = check_claim_times(claims_, signer_.rules.time, parse_.leniency);
    NV2_TRY(settle(validation::expiry, times));
    at(stage::binding);
    const hash_algorithm key_hash = message_.algorithm.hash;
    NV2_TRY(check_binding(subject, format(), self_.crypto_, parse_, key_hash, claims_));
    NV2_TRY(self_.policy_.check_metadata(claims_.annotations));  // spec: M-002
    NV2_TRY(self_.policy_.check_version(claims_, parse_.memory));
    passed(check::binding);
    return errc::ok;
  }

 private:
  const envelope_format& format() const noexcept { return *out_.value_.format_; }
  void at(stage where) noexcept { out_.status_.where = where; }
  void passed(check kind) noexcept {
    out_.passed_ = static_cast<std::uint8_t>(out_.passed_ | verification::bit(kind));
  }
  /// What `code`, from the validation `step`, leads to: the end, unless the policy takes only note.
  /// // spec: W-005 W-006
  [[nodiscard]] errc settle(validation step, errc code) noexcept {
    const auto kind = static_cast<check>(step);
    if (code == errc::ok) {
      passed(kind);
      return errc::ok;
    }
    const action what = self_.policy_.actions().on_failure(step, code);
    if (what == action::enforce) return code;
    errc& first = out_.logged_[static_cast<std::size_t>(kind)];
    if (first == errc::unset) first = code;
    out_.has_logged_ = true;
    return errc::ok;
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
    forget();
    at(stage::envelope);
    if (format().select != nullptr) NV2_TRY(format().select(parse_, message_));
    at(stage::chain);
    const errc found = format().verify_signer(message_, signer_, found_);
    out_.status_.certificate = found_.chain.concerned;
    NV2_TRY(found);
    out_.status_.certificate = -1;
    out_.value_.signer_ = found_.fields;
    out_.value_.claims_ = &claims_;
    at(stage::signature);
    NV2_TRY(check_signature());
    passed(check::integrity);
    claims_.has_expiry = message_.has_expiry;
    claims_.expiry = message_.expiry;
    NV2_TRY(check_trust());
    at(stage::claims);
    const errc parsed = format().parse_claims(message_, parse_, claims_);  // spec: N-005
    final_ = final_ || parsed != errc::ok;
    NV2_TRY(parsed);
    at(stage::identity);
    if (format().check_references != nullptr) {
      NV2_TRY(format().check_references(claims_, *found_.fields, parse_));
    }
    final_ = true;
    return errc::ok;
  }
  /// Nothing of the signature before goes for the next.
  void forget() noexcept {
    ::new (static_cast<void*>(&found_)) signer_certificate;
    ::new (static_cast<void*>(&claims_)) signed_claims;
    out_.passed_ = 0;
    out_.has_logged_ = false;
    facts_ = {};
    facts_.times.present = signer_.rules.time;
    for (errc& code : out_.logged_) code = errc::unset;
  }

  /// Who signed, and when: anchor and identity, expiry, validity of the chain. // spec: W-020
  [[nodiscard]] errc check_trust() noexcept {
    at(stage::identity);
    NV2_TRY(settle(validation::authenticity, found_.trust));  // spec: W-031
    NV2_TRY(settle(validation::authenticity, self_.policy_.check_identity(*found_.fields)));
    at(stage::time);
    // spec: W-050
    NV2_TRY(
        settle(validation::expiry, check_claim_times(claims_, signer_.rules.time, compat::none)));
    at(stage::chain);
    const errc valid = check_validity_time();
    out_.status_.certificate = found_.invalid;
    NV2_TRY(settle(validation::authentic_timestamp, valid));  // spec: W-061 W-063 W-064
    out_.status_.certificate = -1;
    const bool skips = self_.policy_.actions().of(validation::revocation) == action::skip ||
                       !self_.policy_.revocation_decision().is_checked();
    if (skips) return errc::ok;
    at(stage::revocation);
    const errc revoked = self_.policy_.revocation_decision().check_chain(found_, signer_, facts_);
    out_.status_.certificate = facts_.revocation.certificate;
    NV2_TRY(settle(validation::revocation, revoked));  // spec: W-070
    out_.status_.certificate = -1;
    return errc::ok;
  }
  /// Whether the chain was valid when it had to be, and when that is.
  [[nodiscard]] errc check_validity_time() noexcept {
    time_report& times = facts_.times;
    times.source = time_source::present;
    if (message_.scheme == signing_scheme::signing_authority) {
      times.source = time_source::signing_authority;
      times.first = message_.signing_time;
      times.last = message_.signing_time + (message_.signing_nanoseconds != 0 ? 1 : 0);
      facts_.raise_floor(times.first);
    }
    if (found_.validity != errc::notary_timestamp) return found_.validity;
    // spec: W-063
    return self_.policy_.check_timestamp(message_, found_, signer_, facts_);
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
      for (const bytes part : message_.signed_parts) state.update(part);
      NV2_TRY(state.finish(digest));
    }
    return verify_signature(self_.crypto_, key, message_.algorithm, digest.view(),
                            message_.signature);
  }

  const verifier& self_;
  verification& out_;
  parse_context parse_;
  signer_context signer_;
  signed_message message_;
  signed_claims claims_;
  signer_certificate found_;
  trust_report facts_;
  digest_value digests_[3];
  bool final_ = false;
};

/// The declared media type decides; without one, the content. // spec: G-020
inline errc verifier::find_format(bytes envelope, std::string_view declared,
                                  const envelope_format*& out) const noexcept {
  if (envelope.empty()) return errc::envelope_empty;                          // spec: N-030
  if (envelope.size() > limits::envelope_size) return errc::input_too_large;  // spec: G-003
  const envelope_format* fitting = nullptr;
  for (const envelope_format* candidate : formats_) {
    const bool is_declared = candidate->media_type == declared;
    if (is_declared) out = candidate;
    if ((is_declared || fitting == nullptr) && candidate->sniff(envelope)) fitting = candidate;
  }
  if (declared.empty()) out = fitting;
  if (out == nullptr) return errc::format_unknown;
  // What looks like no format at all is left to the parser, which knows best what is wrong with it.
  return fitting == nullptr || fitting == out ? errc::ok : errc::format_mismatch;
}

inline void verifier::judge(const bytes& envelope, const artifact& subject, const time_basis& time,
                            workspace& memory, const std::string_view& declared,
                            verification& out) const noexcept {
  out.enforcing_ = policy_.actions().enforces_everything();
  out.status_.where = stage::policy;
  out.status_.code = errc::policy_skips;
  if (policy_.actions().skips_everything()) return;  // spec: W-003
  out.status_.where = stage::envelope;
  errc code = find_format(envelope, declared, out.value_.format_);
  if (code == errc::ok) {
    static_assert(sizeof(run) <= detail::run_size);
    void* const place = memory.take(sizeof(run), alignof(run));  // not on the stack
    code = errc::workspace_exhausted;
    if (place != nullptr) {
      code = (::new (place) run(*this, time, memory, out))->judge(envelope, subject);
    }
  }
  out.status_.code = code;
}

inline verification verifier::verify(const bytes& envelope, const artifact& subject,
                                     const time_basis& time, workspace& memory,
                                     const std::string_view& declared) const noexcept {
  verification out;
  [[maybe_unused]] const std::size_t mark = memory.mark();
  judge(envelope, subject, time, memory, declared, out);
  if constexpr (is_hardened) {
    if (!out.status_.ok()) return out;
    const std::uint32_t first = out.grade();
    memory.rewind(mark);
    out = verification{};
    judge(envelope, subject, time, memory, declared, out);
    out.agreed_.seal(first, out.grade());
  }
  return out;
}

NV2_NAMESPACE_END

#endif  // NV2_VERIFIER_HPP
