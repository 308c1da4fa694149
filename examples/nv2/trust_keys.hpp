// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 trust: the certificates that are trusted, in the stores of a configuration directory.
#ifndef NV2_CLIENT_TRUST_KEYS_HPP
#define NV2_CLIENT_TRUST_KEYS_HPP

#include "errors.hpp"
#include "options.hpp"

namespace client {

/// Adds, lists or removes certificates, as `options` say. Nothing is added that trust stores may not
/// have, or that is not the certificate that was pinned. // spec: Q-001 S-001 S-002 S-003
exit_code run_trust(const trust_key_options& options);

}  // namespace client

#endif  // NV2_CLIENT_TRUST_KEYS_HPP
