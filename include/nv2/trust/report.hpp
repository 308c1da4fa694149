// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What a verification tells of times and of revocation, besides yes or no.
// Does: hold it.
// Does not: decide anything.
#ifndef NV2_TRUST_REPORT_HPP
#define NV2_TRUST_REPORT_HPP

#include <cstdint>

#include <nv2/base/config.hpp>
#include <nv2/base/time.hpp>

NV2_NAMESPACE_BEGIN

/// How current the data was that decided. `ignored`: nobody knows, and the caller does not mind.
enum class freshness : std::uint8_t { none, current, in_grace, ignored };

/// Which data decided; `none`: no data did.
enum class revocation_source : std::uint8_t { none, list, response };

/// How a question was answered, besides the errc.
struct revocation_answer {
  revocation_source source = revocation_source::none;
  freshness fresh = freshness::none;
  /// The CRLReason of a revoked certificate, -1 = none was given.
  std::int8_t reason = -1;
  /// The place of the certificate in its chain, -1 = none.
  std::int8_t certificate = -1;
  /// The thisUpdate of the data that decided.
  bool has_as_of = false;
  unix_time as_of = 0;
};

/// Which time the validity of the signer's certificates was judged at: none, because no check got that
/// far; the present; the signing time that an authority vouches for; or that of a timestamp.
/// // spec: W-061 W-063 W-064
enum class time_source : std::uint8_t { none, present, signing_authority, timestamp };

/// The time that counted for the signer's certificates.
struct time_report {
  /// What the caller knew of the present, which also counts for expiry and revocation.
  time_basis present = time_basis::unknown();
  time_source source = time_source::none;
  /// The certificates had to be valid from `first` to `last`; 0 for none, for present, and for a
  /// timestamp that is not good.
  unix_time first = 0, last = 0;
};

/// All of it.
struct trust_report {
  time_report times;
  /// The answer about revocation that decided; when nothing was wrong, the least current one.
  revocation_answer revocation;
  /// What the present cannot lie before, if everybody is trusted who was asked.
  unix_time floor = 0;
  bool has_floor = false;

  /// What lies ahead by a clock that the caller trusts, as deviations allow, is no bound.
  void raise_floor(unix_time time) noexcept {
    if (times.present.relative_to(time) == time_order::before) return;
    if (!has_floor || time > floor) floor = time;
    has_floor = true;
  }
};

NV2_NAMESPACE_END

#endif  // NV2_TRUST_REPORT_HPP
