#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Measures `nv2 verify --batch` on one and on two processors.

  batch.py --nv2 CLIENT [--targets N] [--rounds N] [--check]

Targets are those of tests/interop/golden/notary, in turn: signature files, JWS and COSE, RSA-2048 and P-256. One and
two processors take turns, by affinity and --jobs; the best of the rounds counts, and --check fails when two do not come to 1.9 times
the targets a second of one. Peak memory is that of the largest run.
"""
from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent.parent / "interop" / "golden" / "notary"
GOAL = 1.9
SCOPE = json.loads((GOLDEN / "index.json").read_text())["scope"]


def lines(count: int) -> list[str]:
    files = [{"target": f"file:{GOLDEN / f'{name}-{form}.manifest.json'}", "signature": str(GOLDEN / f"{name}.{form}.sig"), "scope": SCOPE}
             for name in ("p256", "rsa2048") for form in ("jws", "cose")]
    return [json.dumps(files[i % len(files)]) for i in range(count)]


def run(client: str, batch: Path, processors: set[int], targets: int) -> float:
    """Targets a second."""
    begin = time.monotonic()
    done = subprocess.run([client, "verify", f"--batch={batch}", "--jobs", str(len(processors)), "--config", GOLDEN / "config", "--media-type",
                           "application/vnd.oci.image.manifest.v1+json", "--time", "2026-11-25T06:00:00Z"],
                          stdout=subprocess.PIPE, check=True, preexec_fn=lambda: os.sched_setaffinity(0, processors))
    taken = time.monotonic() - begin
    if done.stdout.count(b'"verdict":"trusted"') != targets:
        raise RuntimeError("not all targets are trusted")
    return targets / taken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nv2", required=True)
    parser.add_argument("--targets", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        print("needs two processors")
        return 1
    with tempfile.TemporaryDirectory(prefix="nv2-measure-") as folder:
        batch = Path(folder) / "targets.ndjson"
        batch.write_text("\n".join(lines(options.targets)) + "\n")
        one, two = 0.0, 0.0
        for _ in range(options.rounds):
            one = max(one, run(options.nv2, batch, set(usable[:1]), options.targets))
            two = max(two, run(options.nv2, batch, set(usable[:2]), options.targets))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{options.targets} targets: {one:.0f} a second on one processor, {two:.0f} on two: {two / one:.2f} times; peak {peak:.1f} MiB")
    return 1 if options.check and two / one < GOAL else 0


if __name__ == "__main__":
    sys.exit(main())
