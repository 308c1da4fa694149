// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the caller decides about revocation.
// Does: give the two answers there are without revocation data.
#ifndef NV2_TRUST_REVOCATION_HPP
#define NV2_TRUST_REVOCATION_HPP

#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/revocation.hpp>

NV2_NAMESPACE_BEGIN

/// The decision about revocation, which has no default: it must be spelled.
class revocation {
 public:
  /// Nobody asks whether a certificate was revoked, whatever the policy's action is; the report says
  /// so.
  static constexpr revocation not_checked() noexcept { return revocation{nullptr}; }
  /// There is no revocation data: a certificate that names nobody to ask cannot be revoked, of others
  /// nothing is known, and the policy's action decides. What trust policy documents want.
  /// // spec: R-004 W-070
  static constexpr revocation no_data() noexcept { return revocation{check_irrevocable}; }

  constexpr bool is_checked() const noexcept { return check_ != nullptr; }
  /// What is known of `subject`. Errors: revocation_unknown.
  [[nodiscard]] errc check(const certificate& subject) const noexcept {
    return check_ == nullptr ? errc::ok : check_(subject);
  }

 private:
  // A function, so that only programs that want it link it.
  using function = errc (*)(const certificate&) noexcept;
  explicit constexpr revocation(function judge) noexcept : check_(judge) {}

  function check_;
};

NV2_NAMESPACE_END

#endif  // NV2_TRUST_REVOCATION_HPP
