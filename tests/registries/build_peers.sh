#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
#
# Builds the real programs that the tests of registries work with, from the Go module proxy that `go env GOPROXY` names:
#   build_peers.sh OUTDIR
# leaves OUTDIR/oras, OUTDIR/oci-registry (a registry with the referrers API, see oci_registry/main.go), OUTDIR/containerd and
# OUTDIR/ctr. Versions and hashes: go.mod and go.sum in the folders beside this file. The registry without the referrers API is
# Debian's docker-registry, and notation is built by ../interop/build_notation.sh.
# Exit 0: all are there. 77: skipped, Go or a module cannot be had here. 1: something else went wrong.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: build_peers.sh OUTDIR" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export GOFLAGS="-mod=readonly -buildvcs=false" GOTOOLCHAIN=local CGO_ENABLED=0
# What the tests do not start need not be compiled.
containerd_tags="no_btrfs no_cri no_devmapper no_zfs no_tracing no_erofs no_blockfile no_nri"

skip() {
    echo "skipped: $1" >&2
    exit 77
}

build() { # name folder package [build tags]
    command -v go >/dev/null 2>&1 || skip "no Go toolchain (the program 'go') on this machine"
    if (cd "$here/$2" && go build -p 2 -tags "${4:-}" -o "$out/$1" "$3") >"$log" 2>&1; then
        return
    fi
    rm -f "$out/$1"
    sed -e 's|https*://[^ ]*|<proxy>|g' -e 's/^/  /' "$log" >&2
    if grep -Eqi '(403|404|410|5[0-9][0-9]) |dial tcp|i/o timeout|no such host|proxy|requires go >=' "$log"; then
        skip "a module of $1 cannot be had through the Go module proxy, or needs a newer Go"
    fi
    echo "error: building $1 failed" >&2
    exit 1
}

build oci-registry oci_registry .
build oras oras_cli oras.land/oras/cmd/oras
build containerd containerd_cli github.com/containerd/containerd/v2/cmd/containerd "$containerd_tags"
build ctr containerd_cli github.com/containerd/containerd/v2/cmd/ctr "$containerd_tags"
