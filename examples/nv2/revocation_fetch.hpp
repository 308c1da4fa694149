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
#include "revocation_files.hpp"
#include "verdict.hpp"

namespace client {

/// Whether `answer` lacks revocation data about a signer or a timestamp service that is trusted. Only
/// then an address in a certificate may be asked. // spec: R-004
bool lacks_revocation_data(const verdict& answer);

/// Adds to `files` the lists that the certificates of `envelope` and of its timestamp name, from the
/// cache as long as they are current, else from the network. Returns whether there are any; what cannot
/// be had is told in `notes`, one sentence each.
bool fetch_revocation(nv2::bytes envelope, const verify_options& options, revocation_files& files,
                      std::vector<std::string>& notes);

}  // namespace client

#endif  // NV2_CLIENT_REVOCATION_FETCH_HPP
