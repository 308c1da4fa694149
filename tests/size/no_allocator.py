#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Proves by linking what a program that uses the library needs: memcpy, memmove, memset and memcmp, and nothing else.

  no_allocator.py            for every compiler found: g++, clang++, those of Cortex-M0+, Cortex-M4 and RV32IMC
  no_allocator.py --all      and fails when one is missing, and counts a program without its BearSSL as skipped
  no_allocator.py --short    g++ and Cortex-M4 only
  --crypto DIR               where tests/tools/build_embedded_crypto.sh keeps its libraries (default: build/embedded)

Two programs, one in C++ (freestanding.cpp) and one in C (freestanding.c with nv2.h), are compiled with -ffreestanding and
linked with -nostdlib; memory.c brings the four functions. That they link is the proof that there is no allocator, no C++
runtime, no C library; their symbols are read as well. Both have the stub backend; where build_embedded_crypto.sh made a
BearSSL for the target, the program in C is linked with that, too. A counter-proof shows that the same command does not link when the core
asks for an allocator. Of the compiler's own library the helpers that were taken are listed; a division of 64 bits is an error.
The last line is `N passed, N failed, N skipped`.
"""
from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from programs import HERE, ROOT
from targets import TARGETS

COMPILERS = {
    "g++": ("g++", ["-O1"]),
    "clang++": ("clang++", ["-O1"]),
    **{name: (TARGETS[name].compiler, [*TARGETS[name].flags]) for name in ("m0plus", "m4", "rv32imc")},
}
# The script keeps that of its C library away.
LINK_SCRIPT = {"rv32imc": [f"-T{HERE / 'target/virt32.ld'}"]}
FLAGS = ["-ffreestanding", "-fno-stack-protector", "-fno-asynchronous-unwind-tables", "-ffunction-sections", "-fdata-sections",
         f"-I{ROOT / 'include'}", f"-I{ROOT / 'tests/support'}"]
CXX_FLAGS = ["-std=c++17", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics"]
LINK = ["-nostdlib", "-nostartfiles", "-static", "-Wl,-e,nv2_entry", "-Wl,--gc-sections", "-Wl,-u,nv2_entry"]
OWN = {"memcpy", "memmove", "memset", "memcmp"}
FORBIDDEN = ("malloc", "calloc", "realloc", "free", "abort", "_sbrk", "__cxa_", "_Zn", "_Zd", "_ZSt", "_Unwind_", "__gxx_", "str",
             "memchr", "bcmp")
DIVISIONS = ("__aeabi_uldivmod", "__aeabi_ldivmod", "__udivdi3", "__divdi3", "__umoddi3", "__moddi3", "__udivmoddi4")


class Trouble(Exception):
    """What a compiler, or a look at its program, said."""


def run(*command: str | Path) -> str:
    done = subprocess.run([str(c) for c in command], text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise Trouble(done.stderr or "failed")
    return done.stdout


def tool(compiler: str, name: str) -> str:
    """The C compiler or another tool of the same kind as a C++ compiler."""
    if compiler == "clang++":
        return "clang" if name == "gcc" else name
    return compiler.removesuffix("g++") + name if compiler.endswith("-g++") or name == "gcc" else name


def c_flags(flags: list[str]) -> list[str]:
    """Those of `flags` that are not about the C++ library."""
    return [f for f in flags if f != "-isystem" and "c++" not in f]


def build(compiler: str, flags: list[str], sources: list[Path], folder: Path, more: list[str]) -> Path:
    """Compiles each source by the compiler of its language and links by the C compiler."""
    objects = []
    for source in [*sources, HERE / "memory.c"]:
        is_c = source.suffix == ".c"
        objects.append(folder / f"{source.name}.o")
        run(tool(compiler, "gcc") if is_c else compiler, *(["-std=c99", *c_flags(flags)] if is_c else [*CXX_FLAGS, *flags]), *FLAGS,
            *(m for m in more if m.startswith(("-I", "-D", "-isystem"))), "-c", source, "-o", objects[-1])
    program = folder / "program"
    libraries = [m for m in more if m.endswith(".a")]
    scripts = [m for m in more if m.startswith("-T")]
    run(tool(compiler, "gcc"), *c_flags(flags), *LINK, *scripts, *objects, *libraries, "-lgcc", "-o", program)
    return program


def check(compiler: str, flags: list[str], program: Path) -> list[str]:
    """The helpers of the compiler that are in a program, which must have nothing that it may not have."""
    rows = [r.split() for r in run(tool(compiler, "nm"), program).split("\n")]
    defined, undefined = {r[-1] for r in rows if len(r) == 3}, {r[-1] for r in rows if len(r) == 2}
    bad = {s for s in defined | undefined if s.startswith(FORBIDDEN)} | undefined | (defined & set(DIVISIONS))
    if bad or not OWN & defined or "nv2_entry" not in defined:
        raise Trouble(f"symbols that must not be there: {sorted(bad)}")
    library = run(tool(compiler, "gcc"), *c_flags(flags), "-print-libgcc-file-name").strip()
    offered = {r.split()[-1] for r in run(tool(compiler, "nm"), library).split("\n") if len(r.split()) == 3}
    return sorted(defined & offered)


def counter_proof(compiler: str, flags: list[str], folder: Path, more: list[str]) -> None:
    text = (HERE / "freestanding.cpp").read_text(encoding="utf-8")
    spoilt = folder / "spoilt.cpp"
    spoilt.write_text(text.replace("sink = *nv2::rule(code);", "sink = *static_cast<char*>(::operator new(1));"), encoding="utf-8")
    try:
        build(compiler, flags, [spoilt], folder, more)
    except Trouble as trouble:
        if "undefined reference" in str(trouble):
            return
    raise Trouble("the counter-proof linked")


def bearssl(target: str, crypto: Path) -> list[str] | None:
    """How to find a static BearSSL for a target, None = there is none."""
    place = crypto / target / "bearssl"
    library = place / "lib/libbearssl.a"
    return ["-isystem" + str(place / "include"), str(library)] if library.is_file() else None


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--all", action="store_true")
    options.add_argument("--short", action="store_true")
    options.add_argument("--crypto", type=Path, default=ROOT / "build/embedded")
    given = options.parse_args()
    passed = failed = skipped = skipped_programs = 0
    for name, (compiler, flags) in COMPILERS.items():
        if given.short and name not in ("g++", "m4"):
            continue
        if shutil.which(compiler) is None:
            skipped += 1
            print(f"skipped: {compiler} not found")
            continue
        more = LINK_SCRIPT.get(name, [])
        c_sources = [HERE / "freestanding.c", HERE / "freestanding_c.cpp"]
        programs = [("C++", [HERE / "freestanding.cpp"], more), ("C", c_sources, [*more, "-DNV2_SIZE_BEARSSL=0"])]
        library = bearssl(name, given.crypto)
        if library is not None:
            programs.append(("C with BearSSL", c_sources, [*more, "-DNV2_SIZE_BEARSSL=1", *library]))
        elif name in TARGETS:
            skipped_programs += given.all
            print(f"{'skipped: ' if given.all else ''}{name}, C with BearSSL: not built for it in {given.crypto}")
        for title, sources, extra in programs:
            try:
                with tempfile.TemporaryDirectory(prefix="nv2-link-") as scratch:
                    helpers = check(compiler, flags, build(compiler, flags, sources, Path(scratch), extra))
                    if title == "C++" and passed == 0:
                        counter_proof(compiler, flags, Path(scratch), extra)
            except Trouble as trouble:
                failed += 1
                print(f"FAIL {name}, {title}: {trouble}")
            else:
                passed += 1
                print(f"ok   {name}, {title}; helpers of the compiler: {' '.join(helpers) or 'none'}", flush=True)
    print(f"{passed} passed, {failed} failed, {skipped + skipped_programs} skipped")
    return 1 if failed or not passed or (skipped and given.all) else 0


if __name__ == "__main__":
    sys.exit(main())
