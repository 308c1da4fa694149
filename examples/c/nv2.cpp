// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The one C++ source of a C program: which crypto library it uses, and which formats it knows.
#include <nv2/c_api.hpp>
#include <nv2/crypto/mbedtls.hpp>

NV2_C_API(nv2::mbedtls_crypto, &nv2::notary_cose_format, &nv2::notary_jws_format);
