/* SPDX-FileCopyrightText: The nv2 authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* wolfCrypt 5 as a verifier on a microcontroller wants it: hashes, RSA and ECDSA in small code, and no heap at all. */
#ifndef NV2_WOLFCRYPT_SETTINGS_H
#define NV2_WOLFCRYPT_SETTINGS_H

#define WOLFCRYPT_ONLY
#define SINGLE_THREADED
#define NO_FILESYSTEM
#define NO_MAIN_DRIVER
#define NO_ERROR_STRINGS
#define WC_NO_RNG
#define WOLFSSL_NO_MALLOC
#define NO_WOLFSSL_MEMORY

#define WOLFSSL_SP_MATH_ALL
#define WOLFSSL_SP_SMALL
#define SP_INT_BITS 4096

#define WOLFSSL_SHA384
#define WOLFSSL_SHA512
#define USE_SLOW_SHA256
#define USE_SLOW_SHA512

#define HAVE_ECC
#define ECC_USER_CURVES
#define HAVE_ECC384
#define HAVE_ECC521
#define NO_ECC_SIGN
#define NO_ECC_DHE
#define ECC_TIMING_RESISTANT

#define WOLFSSL_RSA_VERIFY_ONLY
#define WOLFSSL_RSA_PUBLIC_ONLY
#define WC_NO_RSA_OAEP

#define WOLFSSL_ASN_TEMPLATE
#define NO_CERTS
#define NO_ASN_TIME
#define NO_AES
#define NO_DES3
#define NO_RC4
#define NO_MD4
#define NO_MD5
#define NO_SHA
#define NO_DH
#define NO_DSA
#define NO_HMAC
#define NO_PWDBASED
#define NO_SIG_WRAPPER

#endif
