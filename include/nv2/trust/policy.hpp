// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the caller trusts.
// Does: hold the caller's decisions as values that may be constants in flash.
// Does not: read documents or stores, and never takes a decision from an envelope.
// The caller must: keep anchors and lists alive as long as the policy.
#ifndef NV2_TRUST_POLICY_HPP
#define NV2_TRUST_POLICY_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/envelope/notary_payload.hpp>
#include <nv2/trust/identity.hpp>
#include <nv2/trust/levels.hpp>
#include <nv2/trust/revocation.hpp>
#include <nv2/trust/timestamp.hpp>
#include <nv2/trust/version_rule.hpp>
#include <nv2/x509/anchor.hpp>
#include <nv2/x509/certificate.hpp>

NV2_NAMESPACE_BEGIN

/// The caller's trust: anchors, identities, what failures lead to, named deviations, and limits.
/// What is not said is as strict as can be, but for identities: without a list any signer is good
/// whom the anchors vouch for. What no policy of a program uses is not linked.
class policy {
 public:
  /// Trusts the certificates in `anchors`, each in its role, and nothing else. Everything is enforced.
  /// Borrows `anchors`.
  static constexpr policy strict(view<trust_anchor> anchors, revocation decision) noexcept {
    return policy{anchors, decision};
  }
  template <std::size_t N>
  static policy strict(const trust_anchor (&&anchors)[N], revocation) = delete;

  /// The same policy trusting `anchors` instead. Borrows them.
  constexpr policy with_anchors(view<trust_anchor> anchors) const noexcept {
    policy changed = *this;
    changed.anchors_ = anchors;
    return changed;
  }
  template <std::size_t N>
  policy with_anchors(const trust_anchor (&&anchors)[N]) const = delete;
  /// The same policy with the named deviations `flags` in addition.
  constexpr policy with(compat flags) const noexcept {
    policy changed = *this;
    changed.leniency_ = leniency_ | flags;
    return changed;
  }
  /// The same policy accepting RSA keys from `bits` on; below 2048 this is the deviation
  /// nv2_min_rsa_bits, which Notary Project forms do not have. // spec: N-055
  constexpr policy with_min_rsa_bits(std::size_t bits) const noexcept {
    policy changed = *this;
    changed.min_rsa_bits_ = bits;
    return changed;
  }
  /// The same policy for signers that are one of `items` only, whatever the format. An empty list is
  /// nobody. See check_identities(). Borrows `items`. // spec: W-032
  constexpr policy with_identities(view<bytes> items) const noexcept {
    policy changed = *this;
    changed.identities_ = items;
    changed.check_identities_ = nv2::check_identities;
    return changed;
  }
  template <std::size_t N>
  policy with_identities(const bytes (&&items)[N]) const = delete;
  /// The same policy with these consequences of failures. In prototype forms only identities and the
  /// times of claims can be left at a note. // spec: W-004 W-005
  constexpr policy with_actions(validation_actions actions) const noexcept {
    policy changed = *this;
    changed.actions_ = actions;
    return changed;
  }
  /// The same policy verifying timestamps, which it asks for by `rule` if an anchor is a timestamp
  /// service. Without this such an anchor makes every signature fail that would need a timestamp. Adds
  /// timestamp_memory to the workspace. // spec: W-060 W-063
  constexpr policy with_timestamps(timestamp_rule rule) const noexcept {
    policy changed = *this;
    changed.timestamps_ = rule;
    changed.check_timestamp_ = nv2::check_timestamp;
    return changed;
  }
  /// The same policy with `decision` about revocation.
  constexpr policy with_revocation(nv2::revocation decision) const noexcept {
    policy changed = *this;
    changed.revocation_ = decision;
    return changed;
  }
  /// The same policy for a caller that processes the extended attributes `names` after a signature
  /// was accepted; other critical ones are refused. At most notary_max_understood. Borrows `names`.
  /// // spec: J-035 C-035
  constexpr policy with_understood(view<std::string_view> names) const noexcept {
    policy changed = *this;
    changed.understood_ = names;
    return changed;
  }
  template <std::size_t N>
  policy with_understood(const std::string_view (&&names)[N]) const = delete;
  /// The same policy for artifacts that were signed with these annotations. Borrows `pairs`.
  /// // spec: M-001 M-002
  constexpr policy with_user_metadata(view<required_annotation> pairs) const noexcept {
    policy changed = *this;
    changed.metadata_ = pairs;
    changed.check_metadata_ = check_user_metadata;
    return changed;
  }

  template <std::size_t N>
  policy with_user_metadata(const required_annotation (&&pairs)[N]) const = delete;

  /// The same policy for artifacts whose signed version is not lower than the floor of `rule`; no level
  /// softens that. read_version() tells the version of what was verified. Borrows `rule`.
  /// // spec: M-002
  constexpr policy with_version_floor(const version_rule& rule) const noexcept {
    policy changed = *this;
    changed.version_ = &rule;
    changed.check_version_ = nv2::check_version;
    return changed;
  }
  policy with_version_floor(const version_rule&&) const = delete;

  constexpr view<trust_anchor> anchors() const noexcept { return anchors_; }
  /// The trusted identities, none without a list of them.
  constexpr view<bytes> identities() const noexcept { return identities_; }
  constexpr compat leniency() const noexcept { return leniency_; }
  constexpr std::size_t min_rsa_bits() const noexcept { return min_rsa_bits_; }
  constexpr validation_actions actions() const noexcept { return actions_; }
  constexpr timestamp_rule timestamps() const noexcept { return timestamps_; }
  constexpr view<std::string_view> understood() const noexcept { return understood_; }
  constexpr const nv2::revocation& revocation_decision() const noexcept { return revocation_; }

  /// What the timestamp of `message` says about the validity of `signer`: check_timestamp(), or
  /// notary_timestamp when the policy verifies none.
  [[nodiscard]] errc check_timestamp(const signed_message& message, signer_certificate& signer,
                                     signer_context& context, trust_report& report) const noexcept {
    if (check_timestamp_ == nullptr) return errc::notary_timestamp;
    return check_timestamp_(message, signer, context, revocation_, report);
  }
  /// Whether `signer` is one of the trusted identities, if there is a list of them.
  [[nodiscard]] errc check_identity(const certificate& signer) const noexcept {
    return check_identities_ == nullptr ? errc::ok : check_identities_(identities_, signer);
  }
  /// Whether `annotations`, checked before, have what is required.
  [[nodiscard]] errc check_metadata(bytes annotations) const noexcept {
    return check_metadata_ == nullptr ? errc::ok : check_metadata_(annotations, metadata_);
  }
  /// Whether the version in `claims`, verified before, is high enough.
  [[nodiscard]] errc check_version(const signed_claims& claims, workspace& memory) const noexcept {
    if (check_version_ == nullptr) return errc::ok;
    return check_version_(*version_, claims.annotations, claims.references, memory);
  }

 private:
  constexpr policy(view<trust_anchor> anchors, revocation decision) noexcept
      : anchors_(anchors), revocation_(decision) {}

  view<trust_anchor> anchors_;
  nv2::revocation revocation_;
  view<bytes> identities_;
  view<std::string_view> understood_;
  view<required_annotation> metadata_;
  errc (*check_identities_)(view<bytes>, const certificate&) noexcept = nullptr;
  errc (*check_metadata_)(bytes, view<required_annotation>) noexcept = nullptr;
  const version_rule* version_ = nullptr;
  errc (*check_version_)(const version_rule&, bytes, bytes, workspace&) noexcept = nullptr;
  errc (*check_timestamp_)(const signed_message&, signer_certificate&, signer_context&,
                           const nv2::revocation&, trust_report&) noexcept = nullptr;
  std::size_t min_rsa_bits_ = 2048;
  compat leniency_ = compat::none;
  validation_actions actions_;
  timestamp_rule timestamps_ = timestamp_rule::always;
};

NV2_NAMESPACE_END

#endif  // NV2_TRUST_POLICY_HPP
