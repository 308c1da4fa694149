#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Checks what makes nv2 a package of Zephyr, ESP-IDF, PlatformIO and Arduino, with their own tools where PyPI has them.

  run.py [NAME...]      all of: reuse, platformio, esp-idf, zephyr, arduino, facts; or those named

The tools are installed into build/packaging/venv. What each test proves, and what only stands for the ecosystem, is told
in docs/packaging.md. Exit 0: nothing failed. 77: the tools cannot be had. The last line is `N passed, N failed`.
"""
from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / "build/packaging/venv"
# SCons is what PlatformIO would get from its own registry, in the version it asks for.
TOOLS = ["platformio==6.2.*", "scons==4.11.1", "idf-component-manager==3.*", "kconfiglib==14.*", "west==1.*", "reuse==6.*"]


def make_venv() -> None:
    done = VENV / "tools.txt"
    wanted = "\n".join(TOOLS)
    if done.is_file() and done.read_text(encoding="utf-8") == wanted:
        return
    install = [VENV / "bin/pip", "install", "--quiet", "--disable-pip-version-check", *TOOLS]
    for command in ([sys.executable, "-m", "venv", "--clear", VENV], install):
        made = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if made.returncode != 0:
            print(made.stdout)
            print("skipped: the tools cannot be installed")
            sys.exit(77)
    done.write_text(wanted, encoding="utf-8")


def inside(names: list[str]) -> int:
    from ecosystems import ECOSYSTEMS  # pylint: disable=import-outside-toplevel
    unknown = set(names) - set(ECOSYSTEMS)
    if unknown:
        print(f"error: {', '.join(unknown)} is none of {', '.join(ECOSYSTEMS)}", file=sys.stderr)
        return 2
    passed = failed = 0
    chosen = names or list(ECOSYSTEMS)
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # what takes time are other programs
        for name, results in zip(chosen, threads.map(lambda name: list(ECOSYSTEMS[name]()), chosen)):
            for what, finding in results:
                passed, failed = passed + (not finding), failed + bool(finding)
                print(f"{'FAILED' if finding else 'ok':<6} {name}: {what}{': ' if finding else ''}{finding}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def main(arguments: list[str]) -> int:
    if any(a.startswith("-") for a in arguments):
        print(__doc__, file=sys.stderr)
        return 2
    if Path(sys.prefix) == VENV:
        return inside(arguments)
    make_venv()
    python = VENV / "bin/python"
    os.execv(python, [str(python), "-B", __file__, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
