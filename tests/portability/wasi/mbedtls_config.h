/* SPDX-FileCopyrightText: The nv2 authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* Read after the usual configuration of mbedTLS, as MBEDTLS_USER_CONFIG_FILE: what that asks of a system and WASI does not have. */
#undef MBEDTLS_HAVE_TIME
#undef MBEDTLS_HAVE_TIME_DATE
#undef MBEDTLS_NET_C
#undef MBEDTLS_PSA_CRYPTO_STORAGE_C
#undef MBEDTLS_PSA_ITS_FILE_C
#undef MBEDTLS_TIMING_C
#define MBEDTLS_NO_PLATFORM_ENTROPY
#define MBEDTLS_ENTROPY_HARDWARE_ALT /* entropy.cpp */
