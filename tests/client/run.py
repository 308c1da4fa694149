#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Tests the command-line contract of the client.

  run.py CLIENT [-v] [-k PATTERN]

Needs Python 3.9 and the openssl program. The last line is `N passed, N failed`; the exit code is 0 when none failed.
"""
from __future__ import annotations

import argparse
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import harness  # noqa: E402


class Result(unittest.TestResult):
    """Counts tests; a test with a failed row counts as one failure."""

    def __init__(self, verbose: bool) -> None:
        super().__init__()
        self.verbose, self.passed, self.bad = verbose, 0, {}

    def _note(self, test, error) -> None:
        case = getattr(test, "test_case", test)
        text = self._exc_info_to_string(error, test)
        self.bad.setdefault(case.id(), []).append(text)
        print(f"FAIL  {test.id()}\n{text}")

    def addError(self, test, err) -> None:
        self._note(test, err)

    def addFailure(self, test, err) -> None:
        self._note(test, err)

    def addSubTest(self, test, subtest, err) -> None:
        if err is not None:
            self._note(subtest, err)

    def stopTest(self, test) -> None:
        super().stopTest(test)
        was_run = all(test is not each for each, _ in self.skipped)
        if was_run and test.id() not in self.bad:
            self.passed += 1
            if self.verbose:
                print(f"ok    {test.id()}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("client")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("-k", "--pattern", help="run only tests whose name contains this")
    options = parser.parse_args()
    harness.program = str(Path(options.client).resolve())

    loader = unittest.TestLoader()
    if options.pattern:
        loader.testNamePatterns = [f"*{options.pattern}*"]
    suite = loader.discover(str(HERE), pattern="test_*.py")
    result = Result(options.verbose)
    suite.run(result)
    for test, why in result.skipped:
        print(f"not run here: {test.id()}: {why}")
    print(f"{result.passed} passed, {len(result.bad)} failed")
    return 1 if result.bad or result.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
