// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Getting the revocation lists that certificates name.
#ifndef NV2_CLIENT_REVOCATION_FETCH_HPP
#define NV2_CLIENT_REVOCATION_FETCH_HPP

#include <string>
#include <vector>

#include <nv2/base/bytes.hpp>

#include "options.hpp"
#include "trust.hpp"
#include "verdict.hpp"

namespace client {

/// Whose revocation data an answer lacks.
struct missing_data {
  bool of_signer = false, of_service = false;
  bool any() const { return of_signer || of_service; }
};

/// Whether `answer` lacks revocation data about a signer or a timestamp service, which is trusted but
/// for that. Only then an address in a certificate may be asked. // spec: R-004
missing_data find_missing(const verdict& answer);

/// Adds to the data of `trusted` the lists that certificates of `envelope`, or of its timestamp, name:
/// those that a trusted certificate vouches for, since anybody can put others beside them. A list comes
/// from the cache as long as it is current. When that did not help, the next call gets it from the
/// network, which is asked once for each address. Returns whether something was added; what cannot be
/// had is told in `notes`, one sentence each.
bool fetch_revocation(nv2::bytes envelope, missing_data missing, const verify_options& options,
                      trust& trusted, std::vector<std::string>& notes);

}  // namespace client

#endif  // NV2_CLIENT_REVOCATION_FETCH_HPP
