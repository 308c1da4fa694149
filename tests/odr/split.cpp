// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <nv2/nv2.hpp>
#include <nv2/codec/json.hpp>  // what the umbrella brought already

#include <nv2.hpp>  // the other form, after the split headers

#include "report.inc"

odr_report report_split() noexcept { return make_report(); }
