#!/bin/sh
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# build_mbedtls36.sh PREFIX - puts a static libmbedcrypto 3.6 with its headers into PREFIX.
#
# The source package is Debian's, of the release below. It comes from the archive that this machine's
# own apt sources name, through a private apt state; apt checks its signatures as always. Nothing of
# the system is changed. A PREFIX that is complete is left as it is.
# Exit status: 0 done, 77 when the source cannot be had here, other values for a failed build.
set -eu

release=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
prefix=${1:?usage: build_mbedtls36.sh PREFIX}
stamp=$prefix/nv2-mbedtls-version

unavailable() {
  echo "build_mbedtls36.sh: $1; no mbedTLS 3.6 here" >&2
  exit 77
}

if [ -f "$stamp" ]; then
  echo "mbedTLS $(cat "$stamp") is already in $prefix"
  exit 0
fi

for tool in apt-get dpkg-source make "${CC:-cc}"; do
  command -v "$tool" >/dev/null 2>&1 || unavailable "$tool is missing"
done
[ -r "$keyring" ] || unavailable "debian-archive-keyring is missing"

work=$(mktemp -d "${TMPDIR:-/tmp}/mbedtls36.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/source"
chmod 755 "$work"

# One line for each archive that serves this machine's own release, with the suite replaced. Only
# keys of Debian's archive are accepted, whatever else this machine trusts.
installed=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 2>/dev/null |
  awk -F '|' -v installed="$installed" -v release="$release" -v keyring="$keyring" '
    $2 == installed && $3 == "main" {
      print "deb-src [signed-by=" keyring "] " $1 " " release " main"
    }' | sort -u >"$work/sources.list"
[ -s "$work/sources.list" ] || unavailable "apt names no archive of this Debian release"

# apt with the machine's configuration (a proxy, say), but with sources and state of its own.
private_apt() {
  apt-get -q -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State="$work/state" -o Dir::Cache="$work/cache" -o Dir::Cache::pkgcache= \
    -o Dir::Cache::srcpkgcache= -o APT::Get::List-Cleanup=false -o Acquire::Languages=none \
    -o APT::Get::AllowUnauthenticated=false -o Acquire::AllowInsecureRepositories=false \
    -o APT::Update::Error-Mode=any -o APT::Sandbox::User= "$@"
}

private_apt update >"$work/log" 2>&1 || { cat "$work/log" >&2; unavailable "apt-get update failed"; }
(cd "$work/source" && private_apt source mbedtls) >"$work/log" 2>&1 ||
  { cat "$work/log" >&2; unavailable "apt-get source failed"; }
cd "$work"/source/mbedtls-*/

version=$(sed -n 's/^#define MBEDTLS_VERSION_STRING  *"\(.*\)"/\1/p' include/mbedtls/build_info.h)
case $version in
  3.6.*) ;;
  *) unavailable "Debian $release has mbedTLS ${version:-of an unknown version}" ;;
esac

# The generated sources are part of the package: GEN_FILES= keeps make from asking for their tools.
make -C library -j2 GEN_FILES= CFLAGS=-O2 libmbedcrypto.a >"$work/log" 2>&1 ||
  { tail -n 40 "$work/log" >&2; exit 1; }

mkdir -p "$prefix/lib" "$prefix/include"
cp -R include/mbedtls include/psa "$prefix/include/"
cp library/libmbedcrypto.a "$prefix/lib/"
echo "$version" >"$stamp"
echo "mbedTLS $version is in $prefix"
