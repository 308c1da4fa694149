#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Tests the image verifier for containerd without containerd, and `nv2 doctor`: a small registry on the loopback is enough.

  run.py VERIFIER CLIENT [-v] [-k PATTERN]

Needs Python 3.9 and the openssl program. The last line is `N passed, N failed`; the exit code is 0 when none failed.
"""
from __future__ import annotations

import argparse
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "client"))
import harness  # noqa: E402
from run import Result  # noqa: E402

sys.path.insert(0, str(HERE))
import images  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verifier")
    parser.add_argument("client")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("-k", "--pattern", help="run only tests whose name contains this")
    options = parser.parse_args()
    images.verifier = str(Path(options.verifier).resolve())
    harness.program = str(Path(options.client).resolve())
    loader = unittest.TestLoader()
    if options.pattern:
        loader.testNamePatterns = [f"*{options.pattern}*"]
    suite = loader.discover(str(HERE), pattern="test_*.py", top_level_dir=str(HERE))
    result = Result(options.verbose)
    suite.run(result)
    print(f"{result.passed} passed, {len(result.bad)} failed")
    return 1 if result.bad or result.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
