# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""The processors that programs are weighed on: how to compile, link and run there."""
from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from programs import HERE, ROOT

COMMON = ["-std=gnu++17", "-fno-exceptions", "-fno-rtti", "-ffunction-sections", "-fdata-sections", "-fno-threadsafe-statics",
          "-fno-asynchronous-unwind-tables", "-fno-unwind-tables", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'include'}", f"-I{HERE}"]
# How programs get memory from a heap: functions of C libraries, of mbedTLS, and of C++.
ALLOCATOR = re.compile(r"_?(?:[mc]alloc|realloc|free|sbrk|_(?:malloc|calloc|realloc|free|sbrk)_r)|mbedtls_calloc|_Zn[wa]\w*|_Zd[la]\w*")
QUIET = ["-display", "none", "-monitor", "none", "-serial", "none", "-semihosting-config", "enable=on,target=native"]
# An instruction takes 64 ns of the timer that board.cpp reads, and 1 ns of the counter of the RISC-V; both make counts repeatable.
ARM_COUNT, RISCV_COUNT = ["-icount", "shift=6"], ["-icount", "shift=0"]


class ToolError(Exception):
    """A compiler, linker or emulator failed, and what it said."""


def run(*command: str | Path) -> str:
    done = subprocess.run([str(c) for c in command], text=True, capture_output=True, check=False, timeout=600)
    if done.returncode != 0:
        raise ToolError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


@dataclass(frozen=True)
class Target:
    title: str
    tools: str  # what the names of gcc, nm and so on begin with
    flags: tuple[str, ...]
    link: tuple[str, ...]
    board: tuple[Path, ...]  # start-up, output, painted stack, counter
    emulator: tuple[str, ...]  # empty: runs here
    counts: bool = False  # instructions, by itself

    @property
    def compiler(self) -> str:
        return f"{self.tools}g++"

    def programs(self) -> set[str]:
        """The commands that are needed."""
        return {self.compiler, f"{self.tools}gcc", f"{self.tools}nm", *self.emulator[:1]}


def cpp_headers_for_riscv() -> list[str]:
    """Debian's compiler for bare RISC-V comes without the C++ library. The headers that the core includes are the same for every
    target of 32 bits, so those that belong to the Arm compiler of the same release are taken."""
    for folder in sorted(Path("/usr/include/newlib/c++").glob("12.*")):
        return ["-nostdinc++", "-isystem", str(folder), "-isystem", str(folder / "arm-none-eabi/thumb/nofp")]
    return []


BOARD = ROOT / "tests/target/support"
ARM_LINK = ("-nostartfiles", "--specs=nano.specs", "--specs=nosys.specs", f"-T{BOARD / 'mps2.ld'}")
RISCV = ("-march=rv32imc", "-mabi=ilp32", "-msmall-data-limit=0", "--specs=picolibc.specs")

TARGETS = {
    # Its instructions are a part of the Cortex-M3's, which runs them here.
    "m0plus": Target("Cortex-M0+", "arm-none-eabi-", ("-mcpu=cortex-m0plus", "-mthumb", "-Os"), ARM_LINK, (BOARD / "board.cpp",),
                     ("qemu-system-arm", "-machine", "mps2-an385", *QUIET, *ARM_COUNT, "-kernel"), counts=True),
    # With line numbers, for origins.py.
    "m4": Target("Cortex-M4", "arm-none-eabi-", ("-mcpu=cortex-m4", "-mthumb", "-Os", "-g"), ARM_LINK, (BOARD / "board.cpp",),
                 ("qemu-system-arm", "-machine", "mps2-an386", *QUIET, *ARM_COUNT, "-kernel"), counts=True),
    "rv32imc": Target("RV32IMC", "riscv64-unknown-elf-", (*RISCV, "-Os", *cpp_headers_for_riscv()),
                      ("-nostartfiles", f"-T{HERE / 'target/virt32.ld'}"), (HERE / "target/board_riscv.cpp", HERE / "stack.cpp"),
                      ("qemu-system-riscv32", "-machine", "virt", "-bios", "none", *QUIET, *RISCV_COUNT, "-kernel"), counts=True),
    # Bound at once, or the dynamic linker would be counted.
    "x86_64": Target("x86-64", "", ("-O2", "-fno-pie"), ("-no-pie", "-Wl,-z,now"), (HERE / "host.cpp", HERE / "stack.cpp"), ()),
}


def missing_tools() -> list[str]:
    needed = {"valgrind", *(tool for target in TARGETS.values() for tool in target.programs())}
    found = sorted(tool for tool in needed if shutil.which(tool) is None)
    if not cpp_headers_for_riscv():
        found.append("the headers of libstdc++-arm-none-eabi-newlib")
    return found


def versions() -> dict[str, str]:
    return {name: run(target.compiler, "-dumpfullversion").strip() for name, target in TARGETS.items()}


def compile_to(target: Target, source: Path, out: Path, *more: str) -> Path:
    # Assembler sources are data only.
    flags = () if source.suffix == ".s" else (*COMMON, *more)
    run(target.compiler, *target.flags, *flags, "-c", source, "-o", out)
    return out


def link(target: Target, objects: list[Path], out: Path, *more: str) -> str:
    """Gives the link map."""
    link_map = out.with_suffix(".map")
    # By the compiler for C, which adds no C++ runtime.
    run(f"{target.tools}gcc", *target.flags, *objects, *target.link, "-Wl,--gc-sections", f"-Wl,-Map={link_map}", *more, "-o", out)
    return link_map.read_text(encoding="utf-8")


def execute(target: Target, program: Path) -> str:
    return run(*target.emulator, program)


def undefined_symbols(target: Target, file: Path) -> set[str]:
    return {line.split()[-1] for line in run(f"{target.tools}nm", "-u", file).splitlines() if line}


def check_allocators(target: Target, program: Path, has_heap: bool) -> None:
    """No allocator in a program without a heap, so that it makes no heap calls; in one with a heap, that whose calls are counted."""
    names = {line.split()[-1] for line in run(f"{target.tools}nm", program).splitlines() if line}
    found = sorted(filter(ALLOCATOR.fullmatch, names))
    if found != ["mbedtls_calloc"] * has_heap:
        raise ToolError(f"{program.parent.name}: allocators in the program: {found}")


def count_by_callgrind(program: Path, index: int, folder: Path) -> int:
    """Instructions of size_verify outside the backend, on this machine."""
    out = folder / "callgrind"
    run("valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--toggle-collect=size_verify",
        *(f"--toggle-collect=size_backend_{f}" for f in ("begin", "update", "end", "verify")), program, str(index))
    found = re.search(r"^summary: (\d+)", out.read_text(encoding="utf-8", errors="replace"), re.M)
    if found is None:
        raise ToolError("callgrind counted nothing")
    return int(found[1])
