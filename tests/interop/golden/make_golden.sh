#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
#
# Signs the manifests of this folder anew and rewrites index.json.
#   make_golden.sh [--go-json PROGRAM --go-jwt PROGRAM] [--new-keys]
# Without the two programs they are obtained with ../build_go_nv2.sh. Keys and certificates are kept unless --new-keys.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
case " $* " in
*" --go-json "* | *" --help "* | *" -h "*) exec python3 "$here/make_golden.py" "$@" ;;
esac
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
sh "$here/../build_go_nv2.sh" "$tools"
python3 "$here/make_golden.py" --go-json "$tools/nv2-json" --go-jwt "$tools/nv2-jwt" "$@"
