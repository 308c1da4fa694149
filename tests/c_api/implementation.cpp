// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2.h with mbedTLS and every format.
#include <nv2/c_api.hpp>
#include <nv2/crypto/mbedtls.hpp>

NV2_C_API(nv2::mbedtls_crypto, &nv2::nv2_json_format, &nv2::nv2_jwt_format, &nv2::notary_jws_format,
          &nv2::notary_cose_format);
