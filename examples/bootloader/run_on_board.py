#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the bootloader for a Cortex-M4, as C with one C++ source, and runs its test on a board of the emulator.

  run_on_board.py [--crypto DIR]    DIR is where build_embedded_crypto.sh keeps its libraries (default: build/embedded)

The program has BearSSL, no heap, and is linked by the C compiler with -nostdlib: the four functions of tests/size/memory.c and
the compiler's own are all it has besides. Prints what the bootloader weighs. Exit 0: all passed. 1: not. 77: a tool or BearSSL
is missing. The last line is `N passed, N failed`.
"""
from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CPU = ["-mcpu=cortex-m4", "-mthumb", "-Os", "-ffreestanding", "-ffunction-sections", "-fdata-sections"]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wundef", "-Wcast-qual", "-Werror"]
CXX = ["-std=c++17", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics"]
TOOLS = ("arm-none-eabi-gcc", "arm-none-eabi-g++", "arm-none-eabi-nm", "qemu-system-arm")
SUPPORT = ROOT / "tests/target/support"
SOURCES = [HERE / name for name in ("boot.c", "image.c", "hooks.c", "test.c", "test_board.c", "nv2.cpp")]
SOURCES += [SUPPORT / "board.cpp", ROOT / "tests/size/memory.c"]


def run(*command: str | Path) -> str:
    done = subprocess.run([str(c) for c in command], text=True, capture_output=True, check=False, timeout=300)
    if done.returncode != 0:
        sys.exit(f"error: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}\n0 passed, 1 failed")
    return done.stdout


def build(crypto: Path, folder: Path) -> Path:
    includes = [f"-I{ROOT / 'include'}", f"-I{SUPPORT}", "-isystem", str(crypto / "include")]
    objects = []
    for source in SOURCES:
        objects.append(folder / f"{source.name}.o")
        is_c = source.suffix == ".c"
        run(f"arm-none-eabi-{'gcc' if is_c else 'g++'}", *(["-std=c99"] if is_c else CXX), *CPU, *WARNINGS, *includes,
            "-DBOOT_BEARSSL=1", "-DNV2_ERROR_STRINGS=0", "-c", source, "-o", objects[-1])
    program = folder / "bootloader"
    run("arm-none-eabi-gcc", *CPU, "-nostdlib", "-nostartfiles", f"-T{SUPPORT / 'mps2.ld'}", "-Wl,--gc-sections",
        f"-Wl,-Map={folder / 'map'}", *objects, crypto / "lib/libbearssl.a", "-lgcc", "-o", program)
    return program


def weigh(link_map: str) -> str:
    kept = link_map.split("Linker script and memory map", 1)[1]
    sums: dict[str, dict[str, int]] = {}
    for kind, size, file in re.findall(r"^ \.?(text|rodata|data|bss)\S*\s+0x[0-9a-f]+\s+(0x[0-9a-f]+)\s+\S*?([\w.+-]+\.(?:o|a)\b)", kept, re.M):
        part = {"nv2.cpp.o": "nv2", "libbearssl.a": "BearSSL", "boot.c.o": "bootloader", "image.c.o": "bootloader",
                "hooks.c.o": "bootloader"}.get(file)
        if part is not None:
            place = "flash" if kind in ("text", "rodata", "data") else "RAM"
            sums.setdefault(part, {"flash": 0, "RAM": 0})[place] += int(size, 16)
    return "; ".join(f"{part}: {s['flash']:,} bytes of flash, {s['RAM']:,} of RAM" for part, s in sums.items())


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--crypto", type=Path, default=ROOT / "build/embedded")
    crypto = options.parse_args().crypto / "m4/bearssl"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if not (crypto / "lib/libbearssl.a").is_file():
        missing.append(str(crypto))
    if missing:
        print(f"skipped: {', '.join(missing)} not found")
        return 77
    with tempfile.TemporaryDirectory(prefix="nv2-boot-") as scratch:
        program = build(crypto, Path(scratch))
        names = {row.split()[-1] for row in run("arm-none-eabi-nm", program).splitlines()}
        alien = sorted(n for n in names if n.startswith(("malloc", "_sbrk", "__cxa_", "_Zn", "_Zd", "_ZSt")))
        if alien:
            print(f"the program has {alien}\n0 passed, 1 failed")
            return 1
        print(weigh((Path(scratch) / "map").read_text(encoding="utf-8")))
        done = subprocess.run(["qemu-system-arm", "-machine", "mps2-an386", "-display", "none", "-monitor", "none", "-serial", "none",
                               "-semihosting-config", f"enable=on,target=native,arg=bootloader,arg={HERE / 'images'}", "-kernel",
                               str(program)], text=True, capture_output=True, check=False, timeout=300)
    print(done.stdout + done.stderr, end="")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
