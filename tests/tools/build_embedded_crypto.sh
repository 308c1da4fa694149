#!/bin/sh
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# build_embedded_crypto.sh [--all] OUTDIR TARGET... - crypto libraries for bare targets: what verification needs of them, for size.
#
#   TARGET   m0plus, m3, m4, m7, m33 (arm-none-eabi-gcc), rv32imc (riscv64-unknown-elf-gcc, or else clang with the headers
#            of newlib, which must be installed for it: libnewlib-arm-none-eabi)
#
# Makes OUTDIR/TARGET/NAME/{include,lib}, where NAME is
#   bearssl  libbearssl.a: hashes, RSA public operation, ECDSA verification in all arithmetics for 32 bits
#   mbedtls  libmbedcrypto.a of mbedTLS 3.6 with the configuration tests/tools/mbedtls_config.h, which is installed as
#            its own: heap from mbedtls_memory_buffer_alloc_init() only, no files, no entropy, no threads
#   p256-m   libp256-m.a, out of mbedTLS: ECDSA with P-256, no hash
# and with --all also
#   psa      libmbedcrypto.a of mbedTLS 3.6 with PSA Crypto (psa_crypto_config.h), whose random numbers the program must bring
#   wolfcrypt  libwolfssl.a of wolfSSL 5 with the settings wolfcrypt_settings.h: no heap; compile with WOLFSSL_USER_SETTINGS
# and leaves the sources in OUTDIR/source. What is complete there is left as it is.
#
# The source packages are Debian's, got as debian_source.sh says.
# Exit status: 0 done, 77 when the sources or a compiler cannot be had here, other values for a failed build.
set -eu

all=no
[ "${1:-}" != --all ] || { all=yes; shift; }
outdir=${1:?usage: build_embedded_crypto.sh [--all] OUTDIR TARGET...}
shift
: "${1:?usage: build_embedded_crypto.sh [--all] OUTDIR TARGET...}"
here=$(cd "${0%/*}" && pwd)
what="embedded crypto"
. "$here/debian_source.sh"
# A script that changes what is built must build it anew.
recipe=$(cat "$0" "$here/mbedtls_config.h" "$here/psa_crypto_config.h" "$here/wolfcrypt_settings.h" | cksum)

# Sets cc, ar and flags for a target.
choose_compiler() {
  cc=arm-none-eabi-gcc ar=arm-none-eabi-ar
  case $1 in
    m0plus) flags="-mcpu=cortex-m0plus -mthumb" ;;
    m3 | m4 | m7) flags="-mcpu=cortex-$1 -mthumb" ;;
    m33) flags="-mcpu=cortex-m33 -mthumb" ;;
    rv32imc)
      flags="-march=rv32imc -mabi=ilp32"
      if command -v riscv64-unknown-elf-gcc >/dev/null 2>&1; then
        cc=riscv64-unknown-elf-gcc ar=riscv64-unknown-elf-ar
        ! $cc --print-file-name=picolibc.specs | grep -q / || flags="$flags --specs=picolibc.specs"
      else
        cc=clang ar=ar
        flags="--target=riscv32-unknown-elf $flags -isystem /usr/include/newlib"
      fi ;;
    *) echo "${0##*/}: unknown target $1" >&2; exit 2 ;;
  esac
  need "$cc" "$ar" xargs
  flags="$flags -Os -ffunction-sections -fdata-sections -fno-common"
}

# Where the sources are, after this: "$outdir/source/bearssl" and "$outdir/source/mbedtls".
get_sources() {
  [ ! -f "$outdir/source/complete" ] || return 0
  prepare_sources
  get_source mbedtls
  get_source bearssl
  (cd "$work"/source/mbedtls-*/ && mbedtls_version >/dev/null)
  rm -rf "$outdir/source"
  mkdir -p "$outdir/source"
  mv "$work"/source/mbedtls-*/ "$outdir/source/mbedtls"
  mv "$work"/source/bearssl-*/ "$outdir/source/bearssl"
  touch "$outdir/source/complete"
}

# Where one more is: "$outdir/source/wolfssl".
get_more_sources() {
  [ ! -d "$outdir/source/wolfssl" ] || return 0
  prepare_sources
  get_source wolfssl
  mv "$work"/source/wolfssl-*/ "$outdir/source/wolfssl"
}

# Compiles files with $flags and more, two at a time, into a library. Usage: make_library PREFIX NAME "FLAGS" FILE...
make_library() {
  prefix=$1 name=$2 more=$3
  shift 3
  rm -rf "$prefix" && mkdir -p "$prefix/include" "$prefix/lib/objects"
  log=$prefix/lib/log
  printf '%s\n' "$@" | xargs -P 2 -n 8 sh -c 'cd "$0" && exec "$@"' "$prefix/lib/objects" $cc $flags $more -c >"$log" 2>&1 ||
    { tail -n 40 "$log" >&2; exit 1; }
  $ar rcs "$prefix/lib/lib$name.a" "$prefix"/lib/objects/*.o
  rm -rf "$prefix/lib/objects" "$log"
}

build_bearssl() { # prefix
  src=$outdir/source/bearssl
  make_library "$1" bearssl "-I$src/inc -I$src/src -DBR_USE_URANDOM=0 -DBR_USE_UNIX_TIME=0 -DBR_USE_GETENTROPY=0" \
    "$src"/src/hash/sha2small.c "$src"/src/hash/sha2big.c "$src"/src/codec/ccopy.c "$src"/src/codec/dec*.c \
    "$src"/src/codec/enc*.c "$src"/src/int/i15_*.c "$src"/src/int/i31_*.c "$src"/src/int/i32_div32.c \
    "$src"/src/ec/ec_all_*.c "$src"/src/ec/ec_c25519_*.c "$src"/src/ec/ec_curve25519.c "$src"/src/ec/ec_default.c \
    "$src"/src/ec/ec_p256_*.c "$src"/src/ec/ec_prime_*.c "$src"/src/ec/ec_secp*.c "$src"/src/ec/ecdsa_*_bits.c \
    "$src"/src/ec/ecdsa_*_vrfy_raw.c "$src"/src/rsa/rsa_default_pub.c "$src"/src/rsa/rsa_i15_pub.c \
    "$src"/src/rsa/rsa_i31_pub.c
  cp "$src"/inc/*.h "$1/include/"
}

build_mbedtls() { # prefix
  src=$outdir/source/mbedtls
  for unit in asn1parse asn1write bignum bignum_core constant_time ecdsa ecp ecp_curves md memory_buffer_alloc oid platform \
    platform_util rsa rsa_alt_helpers sha256 sha512; do
    set -- "$@" "$src/library/$unit.c"
  done
  prefix=$1
  shift
  make_library "$prefix" mbedcrypto "-I$src/include -I$src/library -DMBEDTLS_CONFIG_FILE=\"$here/mbedtls_config.h\"" "$@"
  cp -R "$src"/include/mbedtls "$src"/include/psa "$prefix/include/"
  cp "$here/mbedtls_config.h" "$prefix/include/mbedtls/mbedtls_config.h"
}

# What p256-m takes from mbedTLS: a switch, and one function.
build_p256m() { # prefix
  src=$outdir/source/mbedtls/3rdparty/p256-m/p256-m stand_in=$1.stand_in
  mkdir -p "$stand_in/mbedtls" "$stand_in/psa"
  : >"$stand_in/psa/crypto.h"
  cat >"$stand_in/mbedtls/platform_util.h" <<'EOF'
static inline void mbedtls_platform_zeroize(void *memory, unsigned size) {
  for (volatile unsigned char *at = memory; size > 0; --size) *at++ = 0;
}
EOF
  make_library "$1" p256-m "-I$stand_in -DMBEDTLS_PSA_P256M_DRIVER_ENABLED" "$src/p256-m.c"
  cp "$src/p256-m.h" "$1/include/"
  rm -rf "$stand_in"
}

build_psa() { # prefix
  src=$outdir/source/mbedtls settings=$1.settings
  mkdir -p "$settings/mbedtls" "$settings/psa"
  cat "$here/mbedtls_config.h" - >"$settings/mbedtls/mbedtls_config.h" <<'EOF'
#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_PSA_CRYPTO_CONFIG
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG
EOF
  cp "$here/psa_crypto_config.h" "$settings/psa/crypto_config.h"
  prefix=$1
  set --
  for unit in asn1parse asn1write bignum bignum_core constant_time ecdsa ecp ecp_curves md memory_buffer_alloc oid platform \
    platform_util psa_crypto psa_crypto_client psa_crypto_driver_wrappers_no_static psa_crypto_ecp psa_crypto_hash psa_crypto_rsa \
    psa_crypto_slot_management psa_util rsa rsa_alt_helpers sha256 sha512; do
    set -- "$@" "$src/library/$unit.c"
  done
  make_library "$prefix" mbedcrypto "-I$settings -I$src/include -I$src/library" "$@"
  cp -R "$src"/include/mbedtls "$src"/include/psa "$settings"/* "$prefix/include/"
  rm -rf "$settings"
}

build_wolfcrypt() { # prefix
  src=$outdir/source/wolfssl settings=$1.settings prefix=$1
  mkdir -p "$settings"
  cp "$here/wolfcrypt_settings.h" "$settings/user_settings.h"
  set --
  for unit in asn ecc hash memory rsa sha256 sha512 sp_int wc_port wolfmath; do
    set -- "$@" "$src/wolfcrypt/src/$unit.c"
  done
  # asn.c calls a function that this configuration does not declare, in what is not linked.
  make_library "$prefix" wolfssl "-I$settings -I$src -DWOLFSSL_USER_SETTINGS -Wno-implicit-function-declaration" "$@"
  cp -R "$src/wolfssl" "$settings/user_settings.h" "$prefix/include/"
  rm -rf "$settings"
}

# Whether what a stamp stands for has been built, by this very script.
is_built() { # stamp
  [ "$(cat "$1" 2>/dev/null)" = "$recipe" ]
}

mkdir -p "$outdir"
outdir=$(cd "$outdir" && pwd)
for target in "$@"; do
  stamp=$outdir/$target/complete
  choose_compiler "$target"
  if is_built "$stamp"; then
    echo "$target is already in $outdir/$target"
  else
    get_sources
    rm -f "$stamp"
    mkdir -p "$outdir/$target"
    build_bearssl "$outdir/$target/bearssl"
    build_mbedtls "$outdir/$target/mbedtls"
    build_p256m "$outdir/$target/p256-m"
    echo "$recipe" >"$stamp"
    echo "$target is in $outdir/$target"
  fi
  if [ $all = yes ] && ! is_built "$stamp-all"; then
    get_more_sources
    rm -f "$stamp-all"
    build_psa "$outdir/$target/psa"
    build_wolfcrypt "$outdir/$target/wolfcrypt"
    echo "$recipe" >"$stamp-all"
    echo "psa and wolfcrypt for $target are in $outdir/$target"
  fi
done
