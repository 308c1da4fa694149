// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 copy and nv2 pull: from one store to another, by whom it must be signed.
#ifndef NV2_CLIENT_COPY_HPP
#define NV2_CLIENT_COPY_HPP

#include "errors.hpp"
#include "options.hpp"

namespace client {

/// Verifies the target as nv2 verify does, then copies exactly what was verified: the manifest, all that
/// it leads to, and its signatures. Every byte is checked against the digest that led to it before it is
/// stored. Tells the digest.
exit_code run_copy(const copy_options& options);

}  // namespace client

#endif  // NV2_CLIENT_COPY_HPP
