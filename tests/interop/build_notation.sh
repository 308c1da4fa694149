#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
#
# Builds two programs on the Notary Project's own code, which comes from the Go module proxy that `go env GOPROXY` names:
#   build_notation.sh OUTDIR
# leaves OUTDIR/notation (the released command, version 1.3.2) and OUTDIR/notation_peer (requests and answers over the library
# of version 2, which also knows blobs; see notation_peer/main.go). Versions and hashes: go.mod and go.sum beside them.
# Exit 0: both are there. 77: skipped, Go or a module cannot be had here. 1: something else went wrong.
# NV2_NOTATION and NV2_NOTATION_PEER, when set, name programs that exist already; they are linked instead of built.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: build_notation.sh OUTDIR" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export GOFLAGS="-mod=readonly -buildvcs=false" GOTOOLCHAIN=local CGO_ENABLED=0

skip() {
    echo "skipped: $1" >&2
    exit 77
}

build() { # name folder package ready-made-program
    if [ -n "$4" ]; then
        [ -x "$4" ] || { echo "error: $4 is not a program" >&2; exit 1; }
        ln -sf "$(cd "$(dirname "$4")" && pwd)/$(basename "$4")" "$out/$1"
        return
    fi
    command -v go >/dev/null 2>&1 || skip "no Go toolchain (the program 'go') on this machine"
    if (cd "$here/$2" && go build -p 2 -o "$out/$1" "$3") >"$log" 2>&1; then
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

build notation notation_cli github.com/notaryproject/notation/cmd/notation "${NV2_NOTATION:-}"
build notation_peer notation_peer . "${NV2_NOTATION_PEER:-}"
