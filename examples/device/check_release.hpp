// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the programs in this folder share: a device checks a release that lies in its flash.
// A real device has its own root certificate, a clock or a bound for the time, and the release from outside.
#ifndef NV2_EXAMPLES_DEVICE_CHECK_RELEASE_HPP
#define NV2_EXAMPLES_DEVICE_CHECK_RELEASE_HPP

#if __has_include(<nv2/verifier.hpp>)
#include <nv2/envelope/notary_cose.hpp>
#include <nv2/verifier.hpp>
#else
#include <nv2.hpp>  // the single header is what Arduino has
#endif

#include <cstring>

#include "release.hpp"

/// What nv2 says of `manifest` as the content that was signed; only errc::ok may run.
inline nv2::errc check_release(nv2::bytes manifest, const nv2::crypto_backend& crypto) noexcept {
  static constexpr nv2::trust_anchor roots[] = {{release::root}};
  static constexpr auto policy = nv2::policy::strict(roots, nv2::revocation::not_checked());
  static constexpr const nv2::envelope_format* formats[] = {&nv2::notary_cose_format};
  static std::uint8_t memory[nv2::workspace_bound(formats, sizeof release::signature)];

  nv2::workspace workspace{memory};
  const nv2::verifier verifier{crypto, formats, policy};
  const auto artifact = nv2::artifact::content(manifest, release::media_type);
  const auto now = nv2::time_basis::at(release::time);
  const auto answer = verifier.verify(release::signature, artifact, now, workspace);
  if (answer.ok()) return nv2::errc::ok;
  // A policy that lets failures pass would say accepted(), which is no yes here.
  return answer.accepted() ? nv2::errc::unset : answer.status().code;
}

/// Checks the release, and again with one bit turned. True when the first is trusted and the second refused;
/// `print` gets a line of text for each.
template <typename Print>
bool check_both(const nv2::crypto_backend& crypto, Print print) noexcept {
  static std::uint8_t tampered[sizeof release::manifest];
  std::memcpy(tampered, release::manifest, sizeof tampered);
  tampered[sizeof tampered / 2] ^= 1;

  const nv2::errc good = check_release(release::manifest, crypto);
  print("release: ", good == nv2::errc::ok ? "trusted" : nv2::name(good));
  const nv2::errc bad = check_release(tampered, crypto);
  print("tampered: ", bad == nv2::errc::ok ? "trusted" : nv2::name(bad));
  return good == nv2::errc::ok && bad == nv2::errc::artifact_digest;
}

#endif  // NV2_EXAMPLES_DEVICE_CHECK_RELEASE_HPP
