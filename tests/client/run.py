#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Tests the command-line contract of the client.

  run.py CLIENT [-v] [-k PATTERN] [-j PROCESSES]

Needs Python 3.9 and the openssl program. The last line is `N passed, N failed`; the exit code is 0 when none failed.
"""
from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import unittest
from collections.abc import Iterator
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import harness  # noqa: E402

classes: list[unittest.TestSuite] = []
verbose = False


class Result(unittest.TestResult):
    """Counts tests; a test with a failed row counts as one failure."""

    def __init__(self, verbose: bool) -> None:
        super().__init__()
        self.verbose, self.passed, self.bad = verbose, 0, {}

    def _note(self, test, error) -> None:
        case = getattr(test, "test_case", test)
        text = self._exc_info_to_string(error, test)
        self.bad.setdefault(case.id(), []).append(text)
        print(f"FAIL  {test.id()}\n{text}", flush=True)

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
                print(f"ok    {test.id()}", flush=True)


def cases_of(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    for test in suite:
        yield from cases_of(test) if isinstance(test, unittest.TestSuite) else (test,)


def by_class(suite: unittest.TestSuite) -> list[unittest.TestSuite]:
    """The tests of each class, those with the most tests first: they share what is made for the class."""
    classes: dict[type, list[unittest.TestCase]] = {}
    for case in cases_of(suite):
        classes.setdefault(type(case), []).append(case)
    return [unittest.TestSuite(cases) for cases in sorted(classes.values(), key=len, reverse=True)]


def run_class(number: int) -> tuple[int, list[str], list[tuple[str, str]]]:
    """In a process of its own: the count of tests that passed, the names of the others, and what was not run and why."""
    result = Result(verbose)
    classes[number].run(result)
    return result.passed, list(result.bad), [(test.id(), why) for test, why in result.skipped]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("client")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("-k", "--pattern", help="run only tests whose name contains this")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one a processor)")
    options = parser.parse_args()
    harness.program = str(Path(options.client).resolve())

    loader = unittest.TestLoader()
    if options.pattern:
        loader.testNamePatterns = [f"*{options.pattern}*"]
    global classes, verbose  # pylint: disable=global-statement
    classes, verbose = by_class(loader.discover(str(HERE), pattern="test_*.py")), options.verbose
    passed, bad = 0, []
    with tempfile.TemporaryDirectory(prefix="nv2-client-") as tempfile.tempdir:  # of all processes, which do not clean up
        with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
            for good, others, skipped in pool.imap_unordered(run_class, range(len(classes))):
                passed += good
                bad += others
                for test, why in skipped:
                    print(f"not run here: {test}: {why}")
    print(f"{passed} passed, {len(bad)} failed")
    return 1 if bad or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
