// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <nv2.hpp>

#include <nv2/nv2.hpp>  // the other form, after the single header
#if NV2_TEST_MBEDTLS
#include <nv2/crypto/mbedtls.hpp>
#include <nv2_mbedtls.hpp>
#endif
#if NV2_TEST_OPENSSL
#include <nv2_openssl.hpp>
#include <nv2/crypto/openssl.hpp>
#endif

#include "report.inc"

odr_report report_single() noexcept { return make_report(); }
