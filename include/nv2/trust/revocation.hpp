// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the caller decides about revocation.
#ifndef NV2_TRUST_REVOCATION_HPP
#define NV2_TRUST_REVOCATION_HPP

#include <nv2/base/config.hpp>

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

NV2_NAMESPACE_END

#endif  // NV2_TRUST_REVOCATION_HPP
