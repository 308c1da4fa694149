#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Shows that misuse does not compile, and that it is the misuse that does not.

  run.py COMPILER FILE...

A line `// expect N: REGEX` in FILE announces case N. FILE must compile as it is (NV2_BAD is 0 then); with -DNV2_BAD=N it must
not, with a message that matches REGEX. The last line is `N passed, N failed`.
"""
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def compile_it(compiler: str, file: Path, case: int) -> tuple[bool, str]:
    command = [compiler, "-std=c++17", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-fno-exceptions", "-fno-rtti",
               f"-I{ROOT / 'include'}", f"-DNV2_BAD={case}", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}, check=False)
    return done.returncode == 0, done.stderr


def main() -> int:
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    passed = failed = 0

    def report(ok: bool, what: str, detail: str) -> None:
        nonlocal passed, failed
        passed, failed = passed + ok, failed + (not ok)
        print(f"{'ok  ' if ok else 'FAIL'} {what}" + ("" if ok else "\n" + detail))

    for file in map(Path, sys.argv[2:]):
        cases = re.findall(r"^// expect (\d+): (.+)$", file.read_text(encoding="utf-8"), re.M)
        good, messages = compile_it(sys.argv[1], file, 0)
        report(good and bool(cases), f"{file.stem}: the right use compiles", messages or "no case in this file")
        for number, expected in cases:
            compiled, messages = compile_it(sys.argv[1], file, int(number))
            what = f"{file.stem} {number}: {expected}"
            if compiled:
                report(False, what, "it compiled")
            else:
                report(re.search(expected, messages) is not None, what, messages)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
