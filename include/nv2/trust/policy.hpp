// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the caller trusts.
// Does: hold the caller's decisions as values that may be constants in flash.
// Does not: read documents or stores, and never takes a decision from an envelope.
// The caller must: keep anchors alive as long as the policy.
#ifndef NV2_TRUST_POLICY_HPP
#define NV2_TRUST_POLICY_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/base/config.hpp>
#include <nv2/x509/anchor.hpp>

NV2_NAMESPACE_BEGIN

/// The decision about revocation, which has no default: it must be spelled.
class revocation {
 public:
  /// Nobody asks whether a certificate was revoked; the report says so.
  static constexpr revocation not_checked() noexcept { return revocation{}; }

 private:
  // Not defaulted: that would be an aggregate, which anybody may write as revocation{}.
  constexpr revocation() noexcept {}
};

/// The caller's trust: anchors, named deviations, and limits. Everything is enforced.
class policy {
 public:
  /// Trusts the certificates in `anchors`, each in its role, and nothing else.
  /// Borrows `anchors`.
  static constexpr policy strict(view<trust_anchor> anchors, revocation decision) noexcept {
    return policy{anchors, decision};
  }
  template <std::size_t N>
  static policy strict(const trust_anchor (&&anchors)[N], revocation) = delete;

  /// The same policy with the named deviations `flags` in addition.
  constexpr policy with(compat flags) const noexcept {
    policy changed = *this;
    changed.leniency_ = leniency_ | flags;
    return changed;
  }
  /// The same policy accepting RSA keys from `bits` on; below 2048 this is the deviation
  /// nv2_min_rsa_bits. // spec: N-055
  constexpr policy with_min_rsa_bits(std::size_t bits) const noexcept {
    policy changed = *this;
    changed.min_rsa_bits_ = bits;
    return changed;
  }

  constexpr view<trust_anchor> anchors() const noexcept { return anchors_; }
  constexpr compat leniency() const noexcept { return leniency_; }
  constexpr std::size_t min_rsa_bits() const noexcept { return min_rsa_bits_; }

 private:
  constexpr policy(view<trust_anchor> anchors, revocation) noexcept : anchors_(anchors) {}

  view<trust_anchor> anchors_;
  std::size_t min_rsa_bits_ = 2048;
  compat leniency_ = compat::none;
};

NV2_NAMESPACE_END

#endif  // NV2_TRUST_POLICY_HPP
