#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Tests the client with real registries and real peers.

  run.py --nv2 CLIENT --peers DIR [--notation PROGRAM] [--verifier PROGRAM] [-v] [-k PATTERN] [-j N]

DIR is what build_peers.sh made; docker-registry and openssl must be in PATH. The last line is `N passed, N failed, N skipped`; the
exit code is 0 when none failed.
"""
from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import peers  # noqa: E402

sys.path.insert(0, str(HERE.parent / "client"))
import harness  # noqa: E402
from run import Result  # noqa: E402


def run_each(jobs: int) -> int:
    """Runs every file of tests in a process of its own, so many at a time."""
    command = [sys.executable, "-B", __file__, *sys.argv[1:], "-j", "1", "--file"]
    files = sorted(each.name for each in HERE.glob("test_*.py"))
    counts = [0, 0, 0]
    with ThreadPoolExecutor(jobs) as pool:
        for name, done in zip(files, pool.map(lambda name: subprocess.run([*command, name], capture_output=True, text=True), files)):
            *lines, last = done.stdout.strip().split("\n")
            numbers = re.fullmatch(r"(\d+) passed, (\d+) failed, (\d+) skipped", last)
            if numbers is None:
                lines.append(f"{last}\nFAIL  {name}: exit code {done.returncode}")
            for each in [*lines, *done.stderr.split("\n")]:
                if each:
                    print(each, flush=True)
            for at, number in enumerate(map(int, numbers.groups()) if numbers else (0, 1, 0)):
                counts[at] += number
    print("{} passed, {} failed, {} skipped".format(*counts))
    return 0 if counts[0] and not counts[1] else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nv2", required=True, type=Path)
    parser.add_argument("--peers", required=True, type=Path)
    parser.add_argument("--notation", type=Path)
    parser.add_argument("--verifier", type=Path, help="the verifier for containerd")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("-k", "--pattern", help="run only tests whose name contains this")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="how many files of tests run at a time")
    parser.add_argument("--file", help="run only the tests of this file")
    options = parser.parse_args()
    if shutil.which("docker-registry") is None:
        print("skipped: no docker-registry on this machine")
        return 77
    if options.jobs > 1:
        return run_each(options.jobs)
    harness.program = str(options.nv2.resolve())
    peers.folder = options.peers.resolve()
    peers.notation_program = (options.notation or options.peers / "notation").resolve()
    peers.verifier_program = options.verifier.resolve() if options.verifier else None
    loader = unittest.TestLoader()
    if options.pattern:
        loader.testNamePatterns = [f"*{options.pattern}*"]
    sys.path.insert(0, str(HERE))  # before those of the client, which may have the same names
    suite = loader.discover(str(HERE), pattern=options.file or "test_*.py", top_level_dir=str(HERE))
    result = Result(options.verbose)
    suite.run(result)
    skipped = len(result.skipped)
    for test, why in result.skipped:
        print(f"skipped: {test.id()}: {why}")
    print(f"{result.passed} passed, {len(result.bad)} failed, {skipped} skipped")
    return 0 if not result.bad and result.passed else 1


if __name__ == "__main__":
    sys.exit(main())
