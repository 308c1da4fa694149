// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// One artifact, several signatures: the first good one decides.
//
//     signature_attempts attempts;
//     for (each signature of the artifact, in the order in which they are listed) {
//       if (!attempts.may_try()) break;
//       if (it could not be had) { attempts.add_unavailable(); continue; }
//       attempts.add(verifier.verify(…).status().code);
//     }
//     return attempts.result();
//
// Does: count, and keep the outcome.
// Does not: find signatures or verify them.
#ifndef NV2_OCI_ATTEMPTS_HPP
#define NV2_OCI_ATTEMPTS_HPP

#include <cstddef>

#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>

NV2_NAMESPACE_BEGIN

namespace limits {
/// Signatures of an artifact that are tried unless the caller says otherwise. // spec: W-041
constexpr std::size_t attempts = 100;
}  // namespace limits

/// What trying the signatures of one artifact has led to so far.
class signature_attempts {
 public:
  /// At most `limit` signatures are tried. // spec: W-041
  explicit constexpr signature_attempts(std::size_t limit = limits::attempts) noexcept
      : left_(limit) {}

  /// Whether the next signature may be tried: none was good yet, and the limit allows one more. Ask it
  /// once for each; a no at the limit is part of the result. // spec: W-040
  [[nodiscard]] constexpr bool may_try() noexcept {
    if (result_ == errc::ok) return false;
    if (left_ == 0) {
      result_ = errc::signatures_left;  // spec: W-041
      return false;
    }
    --left_;
    return true;
  }
  /// What came of the signature, status().code of the verifier: ok makes the artifact verified,
  /// whatever the others are. Under a policy that takes note of failures the first accepted signature
  /// decides, even if a later one would be trusted.
  constexpr void add(errc code) noexcept {
    if (result_ != errc::ok) result_ = code;
  }
  /// The signature, or the manifest that leads to it, cannot be had or cannot be used: it counts as a
  /// failed one, and the next is tried. // spec: W-042
  constexpr void add_unavailable() noexcept { add(errc::signature_unavailable); }

  /// ok when a signature was good; otherwise why the last one was not, no_signature when there was
  /// none, or signatures_left when the limit kept others from being tried.
  [[nodiscard]] constexpr errc result() const noexcept { return result_; }

 private:
  std::size_t left_;
  errc result_ = errc::no_signature;  // spec: W-043
};

NV2_NAMESPACE_END

#endif  // NV2_OCI_ATTEMPTS_HPP
