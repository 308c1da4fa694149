// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 doctor
#ifndef NV2_CLIENT_DOCTOR_HPP
#define NV2_CLIENT_DOCTOR_HPP

#include "errors.hpp"
#include "options.hpp"

namespace client {

/// Proves, as far as that goes without pulling anything, that this node lets only trusted artifacts pass.
/// Exit code 0 only when everything that was asked is proven, 1 when a hole or a fault was found, 3 when
/// something could not be found out.
exit_code run_doctor(const doctor_options& options);

}  // namespace client

#endif  // NV2_CLIENT_DOCTOR_HPP
