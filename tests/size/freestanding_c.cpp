// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2.h with every format, and with BearSSL where NV2_SIZE_BEARSSL is 1, or else with the stub backend.
#include <nv2/c_api.hpp>
#if NV2_SIZE_BEARSSL
#include <nv2/crypto/bearssl.hpp>
#define NV2_TEST_BACKEND nv2::bearssl_crypto
#else
#include <stub_backend.hpp>
#define NV2_TEST_BACKEND nv2_test::stub_crypto
#endif

NV2_C_API(NV2_TEST_BACKEND, &nv2::nv2_json_format, &nv2::nv2_jwt_format, &nv2::notary_jws_format,
          &nv2::notary_cose_format);
