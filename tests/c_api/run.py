#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Checks what a C program and its linker see of nv2.h.

  run.py          every compiler that is found: gcc, clang, arm-none-eabi-gcc and gcc -m32
  run.py --all    and fails when one is missing

* nv2.h is clean as C99, C11, C17, C23 and C++98 to C++23, and its sizes, places and numbers are the recorded ones (layout.c).
* The object of the C++ source defines exactly the functions that nv2.h declares, besides what is C++, and asks for mbedTLS
  and the memory functions only.
* C programs are linked by the C compiler, without libstdc++, and pass their tests (api.c).
* A program keeps what it uses: one that names COSE has nothing of the other formats, and no function that it does not call.

Exit 0: all passed. 1: not. 77: no compiler, or no mbedTLS. The last line is `N passed, N failed, N skipped`.
"""
from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
INCLUDE = ROOT / "include"
HEADER = INCLUDE / "nv2.h"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wundef", "-Wcast-align",
            "-Wcast-qual", "-Werror"]
C_WARNINGS = ["-Wstrict-prototypes", "-Wmissing-prototypes", "-Wold-style-definition"]
CXX = ["-std=c++17", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-ffunction-sections", "-fdata-sections"]
MEMORY = {"memcpy", "memmove", "memset", "memcmp", "bcmp"}  # bcmp is what Clang makes of memcmp where there is a C library
M32 = ["-m32", "-idirafter", "/usr/include/x86_64-linux-gnu"]
# Compiler, flags, and whether programs of it run here.
TARGETS = {"gcc": ("gcc", []), "clang": ("clang", []), "gcc -m32": ("gcc", M32),
           "arm-none-eabi-gcc": ("arm-none-eabi-gcc", ["-mcpu=cortex-m4", "-mthumb"])}


class Results:
    passed = failed = skipped = 0

    def note(self, what: str, trouble: str) -> None:
        self.passed, self.failed = self.passed + (not trouble), self.failed + bool(trouble)
        print(f"{'FAIL' if trouble else 'ok  '} {what}{': ' + trouble if trouble else ''}", flush=True)

    def skip(self, what: str) -> None:
        self.skipped += 1
        print(f"skipped: {what}", flush=True)


def run(*command: str | Path) -> str:
    """"" when it went well, else what it printed."""
    done = subprocess.run([str(c) for c in command], text=True, capture_output=True, check=False)
    return "" if done.returncode == 0 else (done.stderr + done.stdout or f"exit status {done.returncode}")


def output(*command: str | Path) -> str:
    return subprocess.run([str(c) for c in command], text=True, capture_output=True, check=True).stdout


def cxx_of(compiler: str) -> str:
    return "clang++" if compiler == "clang" else compiler.replace("gcc", "g++")


def declared() -> set[str]:
    """The functions that nv2.h declares."""
    text = re.sub(r"//[^\n]*", "", HEADER.read_text(encoding="utf-8"))
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", "", text, flags=re.M)
    return set(re.findall(r"\b(nv2_\w+)\((?!\*)", text))


def check_header(results: Results, name: str, compiler: str, flags: list[str]) -> None:
    found = []
    for standard in ("c99", "c11", "c17", "c2x"):
        found.append(run(compiler, *flags, *WARNINGS, *C_WARNINGS, f"-std={standard}", "-ffreestanding", "-xc", "-fsyntax-only",
                         f"-I{INCLUDE}", HEADER))
    for standard in ("c++98", "c++11", "c++17", "c++20", "c++2b"):
        found.append(run(cxx_of(compiler), *flags, *WARNINGS, "-Wold-style-cast", f"-std={standard}", "-Wno-long-long", "-xc++",
                         "-fsyntax-only", f"-I{INCLUDE}", HEADER))
    results.note(f"{name}: nv2.h in nine languages", "".join(found))
    results.note(f"{name}: layout", run(compiler, *flags, *WARNINGS, "-std=c11", "-fsyntax-only", f"-I{INCLUDE}", HERE / "layout.c"))


def check_self(results: Results, folder: Path) -> None:
    """A wrong size in the recorded layout is seen."""
    spoilt = folder / "spoilt.c"
    spoilt.write_text((HERE / "layout.c").read_text(encoding="utf-8").replace("SIZE(nv2_status, 16, 16)", "SIZE(nv2_status, 12, 12)"),
                      encoding="utf-8")
    seen = "nv2_status has another size" in run("gcc", "-std=c11", "-fsyntax-only", f"-I{INCLUDE}", spoilt)
    results.note("a wrong layout is noticed", "" if seen else "it was not")


def check_symbols(nm_output: str) -> str:
    rows = [row.split() for row in nm_output.splitlines() if row.strip()]
    undefined = {row[-1] for row in rows if row[-2] in "Uw"}
    strong = {row[-1] for row in rows if row[-2].isupper() and row[-2] not in "UWV"}
    weak = {row[-1] for row in rows if row[-2] in "WVu"}
    trouble = []
    if strong != declared():
        trouble.append(f"declared only: {sorted(declared() - strong)}, defined only: {sorted(strong - declared())}")
    foreign = {s for s in undefined if s not in MEMORY and not s.startswith("mbedtls_") and s != "_GLOBAL_OFFSET_TABLE_"}
    if foreign:
        trouble.append(f"asks for {sorted(foreign)}")
    if not all(s.startswith("_Z") for s in weak):
        trouble.append(f"defines what is not C++: {sorted(s for s in weak if not s.startswith('_Z'))}")
    return "; ".join(trouble)


def build_implementation(compiler: str, folder: Path, source: Path = HERE / "implementation.cpp", level: str = "-O1") -> Path:
    out = folder / f"{source.stem}-{compiler}{level}.o"
    trouble = run(cxx_of(compiler), *CXX, *WARNINGS, "-Wold-style-cast", level, f"-I{INCLUDE}", "-c", source, "-o", out)
    if trouble:
        sys.exit(f"error: {source.name} with {cxx_of(compiler)}\n{trouble}")
    return out


def check_program(results: Results, compiler: str, folder: Path) -> None:
    # Without optimization what would be inlined is asked for.
    plain = build_implementation(compiler, folder, level="-O0")
    object_file = build_implementation(compiler, folder)
    for file in (plain, object_file):
        results.note(f"{compiler}: symbols of {file.name}", check_symbols(output("nm", file)))
    for standard in ("c99", "c17"):
        program = folder / f"api-{compiler}-{standard}"
        trouble = run(compiler, f"-std={standard}", *WARNINGS, *C_WARNINGS, f"-I{INCLUDE}", HERE / "api.c", object_file,
                      "-lmbedcrypto", "-o", program)
        results.note(f"{compiler} -std={standard}: api.c, linked by the C compiler", trouble or run(program, ROOT / "tests"))
    needed = output("objdump", "-p", folder / f"api-{compiler}-c99")
    libraries = re.findall(r"NEEDED\s+(\S+)", needed)
    alien = [name for name in libraries if not name.startswith(("libc.", "libmbedcrypto."))]
    results.note(f"{compiler}: libraries of the program", f"{alien}" if alien or not libraries else "")


def check_trimming(results: Results, folder: Path) -> None:
    """The hello of examples/c with COSE alone."""
    source = folder / "cose.cpp"
    source.write_text("#include <nv2/c_api.hpp>\n#include <nv2/crypto/mbedtls.hpp>\n"
                      "NV2_C_API(nv2::mbedtls_crypto, &nv2::notary_cose_format);\n", encoding="utf-8")
    program = folder / "trimmed"
    trouble = run("gcc", "-std=c99", f"-I{INCLUDE}", ROOT / "examples/c/hello.c", build_implementation("gcc", folder, source),
                  "-Wl,--gc-sections", "-lmbedcrypto", "-o", program)
    kept = "" if trouble else output("nm", "-C", program)
    extra = [word for word in ("jws", "nv2_jwt", "nv2_json", "check_timestamp", "check_identities", "check_version", "crl", "ocsp",
                               "nv2_require", "nv2_blob", "nv2_logged") if re.search(rf"\b{word}", kept)]
    wanted = [word for word in ("nv2_verify", "cose") if word not in kept]
    results.note("a program keeps what it uses", trouble or (f"kept {extra}, lost {wanted}" if extra or wanted else ""))


def main() -> int:
    if shutil.which("gcc") is None or run("gcc", "-xc", "-fsyntax-only", "-include", "mbedtls/version.h", "/dev/null"):
        print("skipped: gcc or mbedTLS not found")
        return 77
    results = Results()
    with tempfile.TemporaryDirectory(prefix="nv2-c-") as scratch:
        folder = Path(scratch)
        for name, (compiler, flags) in TARGETS.items():
            usable = shutil.which(compiler) and shutil.which(cxx_of(compiler)) and not run(
                cxx_of(compiler), *flags, "-xc++", "-fsyntax-only", "-include", "cstring", "/dev/null")
            if not usable:
                results.skip(name)
                continue
            check_header(results, name, compiler, flags)
            if not flags:
                check_program(results, compiler, folder)
        check_self(results, folder)
        check_trimming(results, folder)
    print(f"{results.passed} passed, {results.failed} failed, {results.skipped} skipped")
    return 1 if results.failed or (results.skipped and sys.argv[1:] == ["--all"]) else 0


if __name__ == "__main__":
    sys.exit(main())
