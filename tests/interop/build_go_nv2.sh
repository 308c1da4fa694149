#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
#
# Builds the two real prototype programs from the Go module proxy that `go env GOPROXY` names:
#   build_go_nv2.sh OUTDIR
# leaves OUTDIR/nv2-json (version 0.1.2, JSON form) and OUTDIR/nv2-jwt (version 0.2.0, JWT form).
# Exit 0: both are there. 77: skipped, Go or the module cannot be had here. 1: something else went wrong.
# NV2_GO_JSON and NV2_GO_JWT, when set, name programs that exist already; they are linked instead of built.
set -eu

module=github.com/notaryproject/nv2
json_version=v0.0.0-20200731053604-efe151ddf6a7 # commit efe151d
jwt_version=v0.0.0-20210303162739-a7ae4ebfe077  # end of branch prototype-1

if [ $# -ne 1 ]; then
    echo "usage: build_go_nv2.sh OUTDIR" >&2
    exit 2
fi
mkdir -p "$1"
out=$(cd "$1" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

skip() {
    echo "skipped: $1" >&2
    exit 77
}

build() { # name version ready-made-program
    stamp="$out/.$1.version"
    if [ -n "$3" ]; then
        [ -x "$3" ] || { echo "error: $3 is not a program" >&2; exit 1; }
        ln -sf "$(cd "$(dirname "$3")" && pwd)/$(basename "$3")" "$out/$1"
        rm -f "$stamp"
        return
    fi
    command -v go >/dev/null 2>&1 || skip "no Go toolchain (the program 'go') on this machine"
    want="$2 $(go env GOVERSION)"
    if [ -x "$out/$1" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then
        return
    fi
    rm -f "$out/$1" "$stamp"
    if ! (cd "$scratch" && go mod download "$module@$2") >"$scratch/log" 2>&1; then
        sed -e 's|https*://[^ ]*|<proxy>|g' -e 's/^/  /' "$scratch/log" >&2
        skip "$module@$2 cannot be had through the Go module proxy"
    fi
    if ! (cd "$scratch" && GOBIN="$scratch/bin" go install -p 2 "$module/cmd/nv2@$2") >"$scratch/log" 2>&1; then
        cat "$scratch/log" >&2
        if grep -Eq '(403|404|410|5[0-9][0-9]) |dial tcp|i/o timeout|no such host|proxy' "$scratch/log"; then
            skip "a dependency of $module cannot be had through the Go module proxy"
        fi
        echo "error: building $module@$2 failed" >&2
        exit 1
    fi
    mv "$scratch/bin/nv2" "$out/$1"
    echo "$want" >"$stamp"
}

build nv2-json "$json_version" "${NV2_GO_JSON:-}"
build nv2-jwt "$jwt_version" "${NV2_GO_JWT:-}"
