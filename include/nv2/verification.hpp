// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The answer of a verifier.
// Does: tell trust from what a lenient policy let pass, from what nobody looked at, and from a no.
// Does not: let anybody but a verifier say yes.
// The caller must: keep envelope, anchors and workspace alive as long as an answer is looked at.
#ifndef NV2_VERIFICATION_HPP
#define NV2_VERIFICATION_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/hardened.hpp>
#include <nv2/base/result.hpp>
#include <nv2/base/time.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/trust/levels.hpp>
#include <nv2/trust/report.hpp>
#include <nv2/x509/certificate.hpp>

NV2_NAMESPACE_BEGIN

/// What was verified about an artifact. Only a verifier makes one; its slices lie in the envelope, in
/// the workspace, or, for a signer that was found by its fingerprint, in the caller's anchors.
class verified {
 public:
  /// The digest of the artifact, "sha256:...": use the artifact by this name only.
  /// // spec: N-146 D-025
  std::string_view digest() const noexcept { return claims_->digest.as_text(); }
  std::int64_t size() const noexcept { return claims_->size; }
  /// The signed media type, "" when the format has none.
  std::string_view media_type() const noexcept { return claims_->media_type.as_text(); }
  /// The JSON array of the references that the signer's certificate covers, "" when there are none.
  std::string_view references() const noexcept { return claims_->references.as_text(); }
  /// The JSON object of the signed annotations, "" when there are none.
  std::string_view annotations() const noexcept { return claims_->annotations.as_text(); }
  bool has_expiry() const noexcept { return claims_->has_expiry; }
  unix_time expiry() const noexcept { return claims_->expiry; }
  /// The certificate whose key made the signature.
  const certificate& signer() const noexcept { return *signer_; }
  const envelope_format& format() const noexcept { return *format_; }
  /// Which of the signatures in the envelope it was, counted from 0.
  std::uint16_t signature_index() const noexcept { return index_; }

 private:
  friend class verifier;
  friend class verification;
  verified() noexcept = default;

  const signed_claims* claims_ = nullptr;
  const certificate* signer_ = nullptr;
  const envelope_format* format_ = nullptr;
  std::uint16_t index_ = 0;
};

/// The kinds of check that a report tells apart: the validations of policies, and binding.
enum class check : std::uint8_t {
  integrity,
  authenticity,
  authentic_timestamp,
  expiry,
  revocation,
  binding
};
constexpr std::size_t check_count = 6;

/// What came of a check. `not_run`: an earlier one failed, or the caller's policy leaves it out.
/// `logged`: it failed, and the policy lets that pass.
enum class outcome : std::uint8_t { not_run, passed, failed, logged };

/// The kind of check that failed with `refusal`. What says nothing of itself - a limit, a resource, an
/// unknown time - counts for the check that was under way.
constexpr check check_of(const status& refusal) noexcept {
  const error_class group = class_of(refusal.code);
  const validation found = validation_of(group);
  if (found != validation::integrity) return static_cast<check>(found);
  if (group == error_class::binding) return check::binding;
  if (refusal.where == stage::time) return check::expiry;
  if (group == error_class::clock) return check::authentic_timestamp;
  return refusal.where == stage::binding ? check::binding : check::integrity;
}

/// The four answers. `accepted`: at least one check failed, but the policy only takes note of it.
/// `skipped`: the policy wants no verification, and nothing was looked at. Any two are eight bits apart.
/// // spec: W-003 W-005
enum class verdict : std::uint16_t {
  rejected = 0,
  skipped = 0x0FF0,
  accepted = 0x5AC3,
  trusted = 0xA53C
};

/// The answer of a verifier. A fresh one says no.
class verification {
 public:
  nv2::verdict verdict() const noexcept {
    if (status_.code == errc::policy_skips) return nv2::verdict::skipped;
    if (ok()) return nv2::verdict::trusted;
    return accepted() ? nv2::verdict::accepted : nv2::verdict::rejected;
  }
  /// Whether every check that was asked for passed: the artifact is what a trusted signer signed. What
  /// a policy like audit let pass is not ok. // spec: W-081
  NV2_DECISION bool ok() const noexcept {
    return detail::read_again(status_.code) == errc::ok && !detail::read_again(has_logged_) &&
           agreed_.is(grade(false));
  }
  NV2_DECISION explicit operator bool() const noexcept { return ok(); }
  /// Whether the policy lets the artifact pass, with or without failures at a note. Look at logged().
  NV2_DECISION bool accepted() const noexcept {
    return detail::read_again(status_.code) == errc::ok && agreed_.is(grade(has_logged_));
  }
  /// Whether the policy would have refused any failure of what it checks. False for every answer under
  /// the levels permissive, audit and skip, whatever came out.
  bool all_enforced() const noexcept { return ok() && enforcing_; }

  /// Why not, and where; ok when accepted().
  const nv2::status& status() const noexcept { return status_; }
  /// What was verified, or null unless ok().
  NV2_DECISION const verified* value() const& noexcept { return ok() ? &value_ : nullptr; }
  const verified* value() const&& = delete;
  /// What was signed, or null unless accepted(): the signature holds and is about the artifact, but
  /// who signed, and when, is only as sure as report() says.
  NV2_DECISION const verified* accepted_value() const& noexcept {
    return accepted() ? &value_ : nullptr;
  }
  const verified* accepted_value() const&& = delete;
  /// The format of the envelope, null when it was not recognised.
  const envelope_format* format() const noexcept { return value_.format_; }
  /// Why each signature of the envelope that was tried failed, in order. The last one of a trusted
  /// envelope is ok. // spec: N-018
  view<errc> tried() const noexcept { return tried_; }

  /// What came of one kind of check.
  outcome report(check kind) const noexcept {
    if (status_.code == errc::policy_skips) return outcome::not_run;
    if (!status_.ok() && check_of(status_) == kind) return outcome::failed;
    if (logged(kind) != errc::unset) return outcome::logged;
    return (passed_ & bit(kind)) != 0 ? outcome::passed : outcome::not_run;
  }
  /// The first failure of a check that the policy lets pass; unset when there is none. // spec: W-005
  errc logged(check kind) const noexcept { return logged_[static_cast<std::size_t>(kind)]; }

  /// Which time counted, and how it was known.
  const time_report& times() const noexcept { return facts().times; }
  /// How the question for revocation of the signer's chain was answered: which certificate decided,
  /// and how current the data was. When a timestamp ended it before, that of its service.
  const revocation_answer& revocation() const noexcept { return facts().revocation; }
  /// A time that the present cannot lie before, because somebody trusted made a timestamp, a list or a
  /// signature then: `out` when ok() and there is one. A caller without a trusted clock keeps the latest
  /// for time_basis::from_clock() or not_before(), so that the time it knows never goes back.
  bool time_floor(unix_time& out) const noexcept {
    const bool known = ok() && facts().has_floor;
    if (known) out = facts().floor;
    return known;
  }

 private:
  friend class verifier;
  const trust_report& facts() const noexcept {
    static constexpr trust_report nothing{};
    return facts_ == nullptr ? nothing : *facts_;
  }
  static constexpr unsigned bit(check kind) noexcept { return 1U << static_cast<unsigned>(kind); }
  /// What a judgement that says yes comes to, for another to agree with.
  static constexpr std::uint32_t grade(bool has_logged) noexcept {
    return static_cast<std::uint32_t>(errc::ok) << 16 | (has_logged ? 0xA5C3U : 0x5A96U);
  }
  /// What this one came to.
  std::uint32_t grade() const noexcept {
    const auto code = static_cast<std::uint32_t>(detail::read_again(status_.code));
    return code << 16 | (detail::read_again(has_logged_) ? 0xA5C3U : 0x5A96U);
  }

  nv2::status status_;
  verified value_;
  view<errc> tried_;
  /// In the workspace; null when nothing was looked at.
  const trust_report* facts_ = nullptr;
  errc logged_[check_count] = {};
  std::uint8_t passed_ = 0;
  bool has_logged_ = false;
  bool enforcing_ = false;
  detail::agreement<is_hardened> agreed_;
};

NV2_NAMESPACE_END

#endif  // NV2_VERIFICATION_HPP
