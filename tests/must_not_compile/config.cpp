// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// An option is 0 or 1. Time has no default.
//
// expect 1: NV2_ERROR_STRINGS must be 0 or 1
// expect 2: no matching|no default|private
// expect 3: NV2_HARDENED must be 0 or 1
#if NV2_BAD == 1
#define NV2_ERROR_STRINGS 2
#endif
#if NV2_BAD == 3
#define NV2_HARDENED 2
#endif
#include <nv2/base/time.hpp>

nv2::time_basis now() {
#if NV2_BAD == 2
  return nv2::time_basis{};
#else
  return nv2::time_basis::unknown();
#endif
}
