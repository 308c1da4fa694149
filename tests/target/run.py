#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the verifier on bare Cortex-M boards of an emulator, with real signatures and real crypto libraries.

  run.py                    short: some cases with each board and each backend, some unit tests
  run.py --all              every case, and all unit tests that a board can run
  run.py vectors            signatures only
  run.py unit               unit tests only
  run.py firmware           a whole device only: COSE with ES256 and p256-m
  run.py --machine m4       one board: m3, m4, m7 or m33
  run.py --backend bearssl  one backend: mbedtls, bearssl or p256m
  run.py -k cose            cases and unit tests whose name has this in it; --list names the cases

Verdict and code of each case must be the expected ones, whatever the board and the backend; a backend that has only P-256
may refuse what needs more. On one board everything is run twice, and the instructions counted must be the same. Images
whose backend has no heap must have no allocator. Prints the instructions by case and backend, and by board and backend
the most bytes of stack, workspace and heap. The unit tests are those of tests/unit, unchanged; those that a board cannot run
must fail for the reason that unit.py names. The device is weighed to the byte and must not be larger than recorded.

Builds into build/target; the crypto libraries come from tests/tools/build_embedded_crypto.sh and are kept in build/embedded.
Exit 0: all passed. 1: something failed. 77: a tool or the libraries cannot be had. The last line is `N passed, N failed`.
"""
from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boards
import firmware
import unit
import vectors


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", choices=("vectors", "unit", "firmware"))
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--machine", choices=boards.BOARDS)
    parser.add_argument("--backend", choices=boards.BACKENDS)
    parser.add_argument("-k", default="", metavar="WORDS")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--build", type=Path, default=boards.ROOT / "build/target")
    parser.add_argument("--crypto", type=Path, default=boards.ROOT / "build/embedded")
    parser.add_argument("--include", type=Path, default=boards.ROOT / "include")
    return parser.parse_args()


def judge_vectors(given: argparse.Namespace, builder: boards.Builder, machines: list[str], pool: ThreadPoolExecutor):
    backends = [given.backend] if given.backend else list(boards.BACKENDS)
    cases = vectors.select(given.all, given.k)
    if not cases:
        return 0, [] if given.part is None else [f"no case has {given.k!r} in its name"]
    judged = vectors.Vectors(builder, cases, pool)
    if not given.k:
        left_out = vectors.kinds_left_out(cases)
        judged.expect(not left_out, f"no case of these kinds: {left_out}")
    judged.run(machines, backends)
    print(judged.report(machines, backends))
    return judged.passed, judged.failures


def judge_unit(given: argparse.Namespace, builder: boards.Builder, machines: list[str], pool: ThreadPoolExecutor):
    tests = unit.Unit(builder, given.all or bool(given.k), given.k, pool)
    tests.run(machines)
    print("\n".join(tests.lines))
    return tests.passed, tests.failures


def judge_firmware(given: argparse.Namespace, builder: boards.Builder, machines: list[str], pool: ThreadPoolExecutor):
    device = firmware.Firmware(builder, pool)
    device.run(machines)
    print("\n".join(device.lines))
    return device.passed, device.failures


def main() -> int:
    given = options()
    machines = [given.machine] if given.machine else list(boards.BOARDS)
    if given.list:
        print("\n".join(case.name for case in vectors.select(given.all, given.k)))
        return 0
    missing = boards.missing_tools()
    wanted = sorted({*machines, unit.BUILT_FOR} if given.part in (None, "unit") else machines)
    trouble = f"{', '.join(missing)} not found" if missing else boards.build_libraries(given.crypto, wanted)
    if trouble:
        print(f"skipped: {trouble}")
        return 77
    given.build.mkdir(parents=True, exist_ok=True)
    builder = boards.Builder(given.build.resolve(), given.crypto.resolve(), given.include.resolve())
    passed, failures = 0, []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, judge in (("vectors", judge_vectors), ("unit", judge_unit), ("firmware", judge_firmware)):
            narrowed = (name == "unit" and given.backend) or (name == "firmware" and (given.backend or given.k))
            if given.part == name or (given.part is None and not narrowed):
                more, failed = judge(given, builder, machines, pool)
                passed, failures = passed + more, failures + failed
    for failure in failures[:60]:
        print(f"FAIL {failure}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or not passed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except boards.BuildError as error:
        sys.exit(f"error: {error}")
