#!/bin/sh
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# Verifies a long list of targets in parts, as many at a time as there are workers. On one machine a single
# `nv2 verify --batch` does the same; this shows how an engine that starts processes spreads it.
#
#   spread.sh TARGETS ANSWERS WORKERS [options of nv2 verify]
#
# TARGETS: one JSON object a line. ANSWERS: the verdicts in the same order, written only when every part was
# answered as a whole; their `line` counts in the whole list. $NV2 names the client. The exit code is that of
# nv2 verify --batch over the whole list.
set -eu

targets=$1 answers=$2 workers=$3
shift 3
: "${NV2:=nv2}"
export NV2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lines=$(wc -l < "$targets")
[ -z "$(tail -c 1 "$targets")" ] || lines=$((lines + 1))
size=$(((lines + workers - 1) / workers))
[ "$size" -gt 0 ] || { echo "there is no target in the list" >&2; exit 2; }
export NV2_PART_SIZE="$size"
split -a 5 -d -l "$size" -- "$targets" "$work/part."

# Each part has answers and an exit code of its own; a part without both did not end.
find "$work" -name 'part.?????' -print0 | sort -z | xargs -0 -P "$workers" -I PART sh -c '
  part=$1; shift
  code=0
  "$NV2" verify "--batch=$part" --jobs 1 "$@" > "$part.answers" || code=$?
  echo "$code" > "$part.code"' spread PART "$@"

result=0 first=0
: > "$work/all"
for part in "$work"/part.?????; do
  code=$(cat "$part.code") || { echo "a part was not answered" >&2; exit 3; }
  wanted=$(grep -c '[^[:space:]]' "$part" || true)
  [ "$(wc -l < "$part.answers")" -eq "$wanted" ] || { echo "a part has not all of its answers" >&2; exit 3; }
  [ "$wanted" -gt 0 ] || code=0 # blank lines alone
  # Line 1 of a part is a later one of the list.
  sed -E "s/\"line\":([0-9]+)/\"line\":$first+\1/" "$part.answers" |
    awk '{ if (match($0, /"line":[0-9]+\+[0-9]+/)) {
             split(substr($0, RSTART + 7, RLENGTH - 7), n, "+")
             $0 = substr($0, 1, RSTART + 6) (n[1] + n[2]) substr($0, RSTART + RLENGTH) }
           print }' >> "$work/all"
  first=$((first + NV2_PART_SIZE))
  # Refused counts before wrong, wrong before what could not be had; anything else is a failure.
  case $result$code in
    ?0) ;;
    0[123]) result=$code ;;
    ?1) result=1 ;;
    32) result=2 ;;
    [123][23]) ;;
    *) echo "nv2 ended with $code" >&2; exit 3 ;;
  esac
done
mv "$work/all" "$answers"
exit "$result"
