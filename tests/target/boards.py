# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Boards of the emulator, and how programs for them are compiled, linked and run."""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CXX = "arm-none-eabi-g++"
NM = "arm-none-eabi-nm"
EMULATOR = "qemu-system-arm"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wundef", "-Wold-style-cast",
            "-Wcast-qual", "-Werror"]
SIZE_FLAGS = ["-Os", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-ffunction-sections", "-fdata-sections"]


class Board(NamedTuple):
    machine: str  # of the emulator
    processor: str
    addresses: tuple[str, ...] = ()  # other ones than mps2.ld has


BOARDS = {
    "m3": Board("mps2-an385", "cortex-m3"),
    "m4": Board("mps2-an386", "cortex-m4"),
    "m7": Board("mps2-an500", "cortex-m7"),
    "m33": Board("mps2-an505", "cortex-m33", ("-Wl,--defsym=nv2_code=0x10000000", "-Wl,--defsym=nv2_data=0x38000000")),
}


class Backend(NamedTuple):
    libraries: tuple[str, ...]  # folders that build_embedded_crypto.sh makes, linked in this order
    has_heap: bool = False
    only_p256: bool = False


BACKENDS = {
    "mbedtls": Backend(("mbedtls",), has_heap=True),
    "bearssl": Backend(("bearssl",)),
    "p256m": Backend(("p256-m", "mbedtls"), only_p256=True),
}


class BuildError(Exception):
    """What a compiler, linker or script said when it failed."""


def command(*parts: str | Path, timeout: int = 600) -> str:
    done = subprocess.run([str(part) for part in parts], text=True, capture_output=True, check=False, timeout=timeout)
    if done.returncode != 0:
        raise BuildError(f"{' '.join(map(str, parts))}\n{done.stdout}{done.stderr}")
    return done.stdout


def missing_tools() -> list[str]:
    return [tool for tool in (CXX, NM, EMULATOR) if shutil.which(tool) is None]


def build_libraries(folder: Path, boards: list[str]) -> str | None:
    """Has the crypto libraries built into `folder`; tells why not when they cannot be had."""
    script = ROOT / "tests/tools/build_embedded_crypto.sh"
    done = subprocess.run([str(script), str(folder), *boards], text=True, capture_output=True, check=False)
    if done.returncode == 77:
        return done.stderr.strip() or "the crypto libraries cannot be had here"
    if done.returncode != 0:
        raise BuildError(done.stdout + done.stderr)
    return None


class Builder:
    """Compiles into `folder` with the crypto libraries in `crypto` and the headers in `include`."""

    def __init__(self, folder: Path, crypto: Path, include: Path) -> None:
        self.folder, self.crypto, self.include = folder, crypto, include
        cache = shutil.which("ccache")
        self.compiler = [cache, CXX] if cache else [CXX]

    def compile(self, board: str, source: Path, *flags: str, name: str = "") -> Path:
        made = self.folder / board / f"{name or source.stem}.o"
        made.parent.mkdir(parents=True, exist_ok=True)
        command(*self.compiler, "-std=gnu++17", f"-mcpu={BOARDS[board].processor}", "-mthumb", f"-I{self.include}", *flags,
                "-c", source, "-o", made)
        return made

    def backend(self, board: str, backend: str) -> Path:
        includes = [f"-isystem{self.crypto / board / library / 'include'}" for library in BACKENDS[backend].libraries]
        return self.compile(board, HERE / f"backend_{backend}.cpp", *SIZE_FLAGS, *WARNINGS, *includes)

    def link(self, board: str, name: str, objects: list[Path], *flags: str | Path) -> Path:
        made = self.folder / board / name
        made.parent.mkdir(parents=True, exist_ok=True)
        command(CXX, f"-mcpu={BOARDS[board].processor}", "-mthumb", *objects, *flags, "-nostartfiles", "-Wl,--gc-sections",
                f"-Wl,-Map={made}.map", f"-T{HERE / 'support/mps2.ld'}", *BOARDS[board].addresses, "-o", made)
        return made

    def archives(self, board: str, backend: str) -> list[Path]:
        return [file for library in BACKENDS[backend].libraries for file in (self.crypto / board / library / "lib").glob("*.a")]


def run(board: str, image: Path, *arguments: str | Path, timeout: int = 1800, counted: bool = True) -> tuple[int, str]:
    """Exit status and output of an image. `counted` makes board_count() right, and some things slower."""
    given = "".join(",arg=" + str(argument).replace(",", ",,") for argument in ("image", *arguments))
    parts = [EMULATOR, "-machine", BOARDS[board].machine, *(("-icount", "shift=6") if counted else ()), "-display", "none",
             "-monitor", "none", "-serial", "none", "-semihosting-config", f"enable=on,target=native{given}", "-kernel", str(image)]
    try:
        done = subprocess.run(parts, text=True, errors="replace", capture_output=True, check=False, timeout=timeout, cwd=ROOT)
    except subprocess.TimeoutExpired as late:
        said = late.stderr or b""
        return -1, (said if isinstance(said, str) else said.decode(errors="replace")) + "\ntoo slow\n"
    return done.returncode, done.stdout + done.stderr
