#!/bin/sh
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# build_mbedtls36.sh PREFIX - puts a static libmbedcrypto 3.6 with its headers into PREFIX, and the p256-m that comes with it:
# libp256-m.a and p256-m.h, with the switch on without which it is empty.
#
# The source package is Debian's, got as debian_source.sh says. A PREFIX that is complete is left as it is.
# Exit status: 0 done, 77 when the source cannot be had here, other values for a failed build.
set -eu

prefix=${1:?usage: build_mbedtls36.sh PREFIX}
stamp=$prefix/nv2-mbedtls-version
what="mbedTLS 3.6"
. "${0%/*}/debian_source.sh"

if [ -f "$stamp" ] && [ -f "$prefix/lib/libp256-m.a" ]; then
  echo "mbedTLS $(cat "$stamp") is already in $prefix"
  exit 0
fi

need make "${CC:-cc}" "${AR:-ar}"
prepare_sources
get_source mbedtls
cd "$work"/source/mbedtls-*/
version=$(mbedtls_version)

# The generated sources are part of the package: GEN_FILES= keeps make from asking for their tools.
build make -C library -j2 GEN_FILES= CFLAGS=-O2 libmbedcrypto.a
p256m=3rdparty/p256-m/p256-m
build "${CC:-cc}" -O2 -ffunction-sections -DMBEDTLS_PSA_P256M_DRIVER_ENABLED -Iinclude -c $p256m/p256-m.c -o p256-m.o
build "${AR:-ar}" rcs libp256-m.a p256-m.o

mkdir -p "$prefix/lib" "$prefix/include"
cp -R include/mbedtls include/psa $p256m/p256-m.h "$prefix/include/"
cp library/libmbedcrypto.a libp256-m.a "$prefix/lib/"
echo "$version" >"$stamp"
echo "mbedTLS $version is in $prefix"
