// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#define NV2_ERROR_STRINGS 0
// The helpers of the tests are compiled for this configuration too, so they need a name of their own.
#define nv2_test nv2_test_quiet
#include <nv2/nv2.hpp>

#include "report.inc"

odr_report report_quiet() noexcept { return make_report(); }
