#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Proves by linking that a program using the core needs no allocator, no exceptions and no C++ runtime.

  no_allocator.py            for every compiler found: g++, clang++, arm-none-eabi-g++, riscv64-unknown-elf-g++
  no_allocator.py --all      and fails when one is missing

The program (freestanding.cpp) is linked with -nostdlib and brings only memory functions and strlen. That it links
is the proof; its symbols are read as well. A counter-proof shows that the same command does not link when the core asks
for an allocator. The last line is `N passed, N failed, N skipped`.
"""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from programs import HERE, ROOT
from targets import TARGETS

COMPILERS = {
    "g++": ["-O2"],
    "clang++": ["-O2"],
    TARGETS["m4"].compiler: [*TARGETS["m4"].flags],
    # The script keeps that of its C library away.
    TARGETS["rv32imc"].compiler: [*TARGETS["rv32imc"].flags, f"-T{HERE / 'target/virt32.ld'}"],
}
FLAGS = ["-std=c++17", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-fno-stack-protector",
         "-fno-asynchronous-unwind-tables", f"-I{ROOT / 'include'}", f"-I{ROOT / 'tests/support'}"]
LINK = ["-nostdlib", "-nostartfiles", "-static", "-Wl,-e,nv2_entry"]
OWN = {"memcpy", "memmove", "memset", "memcmp", "memchr"}
FORBIDDEN = ("malloc", "calloc", "realloc", "free", "abort", "_sbrk", "__cxa_", "_Zn", "_Zd", "_ZSt", "_Unwind_", "__gxx_")


def link(compiler: str, flags: list[str], source: Path, out: Path) -> str:
    done = subprocess.run([compiler, *FLAGS, *flags, *LINK, str(source), "-o", str(out), "-lgcc"], text=True,
                          capture_output=True, check=False)
    return "" if done.returncode == 0 else done.stderr or "failed"


def symbols(compiler: str, program: Path) -> tuple[set[str], set[str]]:
    nm = compiler.replace("g++", "nm") if compiler.endswith("-elf-g++") or compiler.endswith("-eabi-g++") else "nm"
    rows = [r.split() for r in subprocess.run([nm, str(program)], text=True, capture_output=True, check=True).stdout.split("\n")]
    return ({r[-1] for r in rows if len(r) == 3}, {r[-1] for r in rows if len(r) == 2})


def prove(compiler: str, flags: list[str], folder: Path) -> str:
    program = folder / "program"
    errors = link(compiler, flags, HERE / "freestanding.cpp", program)
    if errors:
        return errors
    defined, undefined = symbols(compiler, program)
    bad = {s for s in defined | undefined if s.startswith(FORBIDDEN)} | undefined
    if bad or not OWN & defined:
        return f"symbols that must not be there: {sorted(bad)}"
    text = (HERE / "freestanding.cpp").read_text(encoding="utf-8")
    spoilt = folder / "spoilt.cpp"
    spoilt.write_text(text.replace("sink = *nv2::rule(code);", "sink = *static_cast<char*>(::operator new(1));"), encoding="utf-8")
    return "" if "undefined reference" in link(compiler, flags, spoilt, program) else "the counter-proof linked"


def main() -> int:
    passed = failed = skipped = 0
    for compiler, flags in COMPILERS.items():
        if shutil.which(compiler) is None:
            skipped += 1
            print(f"skipped: {compiler} not found")
            continue
        with tempfile.TemporaryDirectory(prefix="nv2-link-") as scratch:
            errors = prove(compiler, flags, Path(scratch))
        passed, failed = passed + (not errors), failed + bool(errors)
        print(f"{'FAIL' if errors else 'ok  '} {compiler}{': ' + errors if errors else ''}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed or (skipped and sys.argv[1:] == ["--all"]) else 0


if __name__ == "__main__":
    sys.exit(main())
