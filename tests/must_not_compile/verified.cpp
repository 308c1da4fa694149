// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Only a verifier makes verified data, nobody can overlook its answer, and every decision must be spelled.
//
// expect 1: private
// expect 2: private
// expect 3: private|inaccessible
// expect 4: nodiscard|ignoring return value
// expect 5: could not convert|cannot convert|no viable conversion|not convertible|not contextually convertible
// expect 6: too few arguments|no matching function|requires 2 arguments
// expect 7: private|no matching
// expect 8: no matching|too few arguments
// expect 9: nodiscard|ignoring return value
#include <nv2/nv2.hpp>

bool decide(const nv2::verifier& verifier, nv2::bytes envelope,
            nv2::view<nv2::trust_anchor> anchors, nv2::workspace& memory) {
  const nv2::artifact artifact = nv2::artifact::content({});
  const nv2::time_basis time = nv2::time_basis::unknown();
#if NV2_BAD == 1
  nv2::verified made;
#elif NV2_BAD == 2
  auto* made = new nv2::verified();
  delete made;
#elif NV2_BAD == 3
  nv2::artifact nothing;
#elif NV2_BAD == 4
  verifier.verify(envelope, artifact, time, memory);
#elif NV2_BAD == 5
  if (nv2::errc::ok) return true;
#elif NV2_BAD == 6
  const auto trust = nv2::policy::strict(anchors);
#elif NV2_BAD == 7
  const auto trust = nv2::policy::strict(anchors, nv2::revocation{});
#elif NV2_BAD == 8
  if (verifier.verify(envelope, artifact, memory)) return true;
#elif NV2_BAD == 9
  nv2::check_claim_times({}, time, nv2::compat::none);
#endif
  static_cast<void>(nv2::policy::strict(anchors, nv2::revocation::not_checked()));
  return verifier.verify(envelope, artifact, time, memory).ok();
}
