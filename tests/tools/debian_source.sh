# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# For build scripts, which read it with `.` and set `what` to what is missing where sources cannot be had:
# source packages of Debian, of `release` or, where the archive has lost a file of that, of one of `next_releases`.
#
# They come from the archive that this machine's own apt sources name, through a private apt state; apt
# checks their signatures as always. Nothing of the system is changed.

release=trixie
next_releases="testing bookworm"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The source cannot be had here: exit status 77.
unavailable() {
  echo "${0##*/}: $1; no $what here" >&2
  exit 77
}

# Fails early when a program is missing. Usage: need PROGRAM...
need() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 || unavailable "$tool is missing"
  done
}

# Makes the folder `work`, which goes when the script ends, and the private apt state in it.
prepare_sources() {
  need apt-get dpkg-source
  [ -r "$keyring" ] || unavailable "debian-archive-keyring is missing"
  work=$(mktemp -d "${TMPDIR:-/tmp}/nv2-source.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/source"
  chmod 755 "$work"

  # Lines for each archive that serves this machine's own release, with the suite replaced. Only
  # keys of Debian's archive are accepted, whatever else this machine trusts.
  installed=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 2>/dev/null |
    awk -F '|' -v installed="$installed" -v releases="$release $next_releases" -v keyring="$keyring" '
      $2 == installed && $3 == "main" {
        count = split(releases, suite, " ")
        for (i = 1; i <= count; ++i) print "deb-src [signed-by=" keyring "] " $1 " " suite[i] " main"
      }' | sort -u >"$work/sources.list"
  [ -s "$work/sources.list" ] || unavailable "apt names no archive of this Debian release"
  private_apt update >"$work/log" 2>&1 || { cat "$work/log" >&2; unavailable "apt-get update failed"; }
}

# apt with the machine's configuration (a proxy, say), but with sources and state of its own.
private_apt() {
  apt-get -q -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State="$work/state" -o Dir::Cache="$work/cache" -o Dir::Cache::pkgcache= \
    -o Dir::Cache::srcpkgcache= -o APT::Get::List-Cleanup=false -o Acquire::Languages=none \
    -o APT::Get::AllowUnauthenticated=false -o Acquire::AllowInsecureRepositories=false \
    -o APT::Update::Error-Mode=any -o APT::Sandbox::User= "$@"
}

# Unpacks a source package, with Debian's patches, into "$work/source". Usage: get_source PACKAGE
get_source() {
  : >"$work/log"
  for suite in $release $next_releases; do
    ! (cd "$work/source" && private_apt source "$1/$suite") >>"$work/log" 2>&1 || return 0
  done
  cat "$work/log" >&2
  unavailable "apt-get source $1 failed"
}

# Runs a step of a build, and shows the end of what it said if it fails. Usage: build COMMAND...
build() {
  "$@" >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; exit 1; }
}

# The version of the mbedTLS in the current folder, which must be 3.6.
mbedtls_version() {
  version=$(sed -n 's/^#define MBEDTLS_VERSION_STRING  *"\(.*\)"/\1/p' include/mbedtls/build_info.h)
  case $version in
    3.6.*) echo "$version" ;;
    *) unavailable "Debian has mbedTLS ${version:-of an unknown version}" ;;
  esac
}
