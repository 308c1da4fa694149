// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the bootloader knows: COSE, and the crypto library of the board.
#include <nv2/c_api.hpp>
#if BOOT_BEARSSL
#include <nv2/crypto/bearssl.hpp>
NV2_C_API(nv2::bearssl_small_crypto, &nv2::notary_cose_format);
#else
#include <nv2/crypto/mbedtls.hpp>
NV2_C_API(nv2::mbedtls_crypto, &nv2::notary_cose_format);
#endif
