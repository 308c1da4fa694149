// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Where keys can be had that are not trusted yet, as the user has written it down in acquire.json.
//
//   { "schema": "nv2.acquire/1",
//     "keys": [ { "prefix": "docker.io/wabbit-networks",            registry, or the beginning of names
//                 "url": "https://wabbit-networks.example/key.pem", of a certificate
//                 "store": "ca:wabbit-networks",                    where it goes
//                 "sha256": "0123...ef" | absent } ] }              of the certificate
#ifndef NV2_CLIENT_ACQUISITION_FILE_HPP
#define NV2_CLIENT_ACQUISITION_FILE_HPP

#include <string>
#include <vector>

namespace client {

/// A key that can be acquired.
struct acquirable_key {
  std::string prefix, url, store, sha256;
};

/// Reads acquire.json of the configuration `directory`; no file is an empty table. A broken one ends
/// with exit code 2. // spec: Q-004 Q-005
std::vector<acquirable_key> read_acquisitions(const std::string& directory);

/// The entry for `reference`, null when there is none. // spec: Q-004 Q-008
const acquirable_key* find_acquirable(const std::vector<acquirable_key>& keys,
                                      const std::string& reference);

/// The lower-case digits of a SHA-256 as it may be typed: with or without colons, in any case; "" when it
/// is none.
std::string normalised_sha256(const std::string& text);

}  // namespace client

#endif  // NV2_CLIENT_ACQUISITION_FILE_HPP
