#!/bin/sh
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# build_static_curl.sh PREFIX - puts static libraries of mbedTLS 3.6 and of curl on top of it, with their headers, into
# PREFIX: what static programs need for HTTP and HTTPS, and nothing else.
#
# No other protocols, compressions or libraries; names are looked up by getaddrinfo() in a thread. Trusted certificates
# are those of /etc/ssl/certs/ca-certificates.crt unless the program names others. The source packages are Debian's, got
# as debian_source.sh says. A PREFIX that is complete is left as it is.
# Exit status: 0 done, 77 when the sources cannot be had here, other values for a failed build.
set -eu

prefix=${1:?usage: build_static_curl.sh PREFIX}
stamp=$prefix/nv2-curl-version
what="static curl"
. "${0%/*}/debian_source.sh"

if [ -f "$stamp" ]; then
  echo "curl $(cat "$stamp") is already in $prefix"
  exit 0
fi

need make cmake python3 "${CC:-cc}"
mkdir -p "$prefix/lib" "$prefix/include"
prefix=$(cd "$prefix" && pwd)
prepare_sources
get_source mbedtls
get_source curl
small="-Os -ffunction-sections -fdata-sections"

# A client of TLS 1.2 and 1.3 with ephemeral keys, and what is left of mbedTLS; threads may share it.
cd "$work"/source/mbedtls-*/
version=$(mbedtls_version)
for name in \
    ARIA_C CAMELLIA_C DES_C DHM_C ECJPAKE_C LMS_C NIST_KW_C PADLOCK_C PKCS7_C RIPEMD160_C \
    ECP_DP_BP256R1_ENABLED ECP_DP_BP384R1_ENABLED ECP_DP_BP512R1_ENABLED ECP_DP_CURVE448_ENABLED \
    ECP_DP_SECP192K1_ENABLED ECP_DP_SECP192R1_ENABLED ECP_DP_SECP224K1_ENABLED ECP_DP_SECP224R1_ENABLED \
    ECP_DP_SECP256K1_ENABLED \
    KEY_EXCHANGE_DHE_PSK_ENABLED KEY_EXCHANGE_DHE_RSA_ENABLED KEY_EXCHANGE_ECDH_ECDSA_ENABLED \
    KEY_EXCHANGE_ECDH_RSA_ENABLED KEY_EXCHANGE_ECDHE_PSK_ENABLED KEY_EXCHANGE_PSK_ENABLED \
    KEY_EXCHANGE_RSA_ENABLED KEY_EXCHANGE_RSA_PSK_ENABLED \
    PSA_CRYPTO_STORAGE_C PSA_ITS_FILE_C SELF_TEST VERSION_FEATURES \
    SSL_CACHE_C SSL_CONTEXT_SERIALIZATION SSL_COOKIE_C SSL_DTLS_ANTI_REPLAY SSL_DTLS_CLIENT_PORT_REUSE \
    SSL_DTLS_CONNECTION_ID SSL_DTLS_CONNECTION_ID_COMPAT SSL_DTLS_HELLO_VERIFY SSL_PROTO_DTLS SSL_RENEGOTIATION \
    SSL_SESSION_TICKETS SSL_SRV_C SSL_TICKET_C \
    SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_ENABLED SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_EPHEMERAL_ENABLED; do
  build python3 -B scripts/config.py unset "MBEDTLS_$name"
done
for name in THREADING_C THREADING_PTHREAD; do
  build python3 -B scripts/config.py set "MBEDTLS_$name"
done
# The generated sources are part of the package: GEN_FILES= keeps make from asking for their tools.
build make -C library -j2 GEN_FILES= CFLAGS="$small" static
cp -R include/mbedtls include/psa "$prefix/include/"
cp library/libmbedcrypto.a library/libmbedx509.a library/libmbedtls.a "$prefix/lib/"
echo "$version" >"$prefix/nv2-mbedtls-version"

cd "$work"/source/curl-*/
off=
for name in \
    BUILD_CURL_EXE BUILD_EXAMPLES BUILD_LIBCURL_DOCS BUILD_MISC_DOCS BUILD_SHARED_LIBS BUILD_TESTING ENABLE_CURL_MANUAL \
    CURL_BROTLI CURL_ENABLE_NTLM CURL_ENABLE_SMB CURL_USE_GSSAPI CURL_USE_LIBPSL CURL_USE_LIBSSH CURL_USE_LIBSSH2 \
    CURL_USE_OPENSSL CURL_USE_PKGCONFIG CURL_ZLIB CURL_ZSTD ENABLE_ARES ENABLE_UNIX_SOCKETS PICKY_COMPILER USE_LIBIDN2 \
    USE_NGHTTP2; do
  off="$off -D$name=OFF"
done
for name in \
    ALTSVC AWS BINDLOCAL COOKIES DIGEST_AUTH DOH FORM_API GETOPTIONS HSTS IPFS KERBEROS_AUTH LIBCURL_OPTION MIME \
    NEGOTIATE_AUTH NETRC NTLM PROGRESS_METER SHUFFLE_DNS WEBSOCKETS; do
  off="$off -DCURL_DISABLE_$name=ON"
done
# shellcheck disable=SC2086 # words on purpose
build cmake -S . -B build -Wno-dev -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE="$small -DNDEBUG" \
  -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_PREFIX_PATH="$prefix" -DBUILD_STATIC_LIBS=ON \
  -DHTTP_ONLY=ON -DCURL_USE_MBEDTLS=ON -DENABLE_THREADED_RESOLVER=ON -DENABLE_IPV6=ON \
  -DCURL_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt -DCURL_CA_PATH=none $off
build cmake --build build -j2
build cmake --install build
sed -n 's/^#define LIBCURL_VERSION "\(.*\)"/\1/p' include/curl/curlver.h >"$stamp"
echo "curl $(cat "$stamp") with mbedTLS $version is in $prefix"
