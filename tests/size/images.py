# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Whole programs on a Cortex-M4 with real crypto libraries, and what their bytes are: core, adapter, library, C library, start-up."""
from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import link_map
from measure import Workshop, compile_to, read_runs
from programs import COUNTED_EC, HERE, ROOT, inputs
from targets import TARGETS, ToolError, check_allocators, execute, link

TARGET = "m4"
SHOWN = ("cose", "jws", "all")
EC, RSA = COUNTED_EC, ("rsa2048.cose", "rsa2048.jws")


@dataclass(frozen=True)
class Backend:
    title: str
    define: str
    libraries: tuple[str, ...]  # folders of build_embedded_crypto.sh, whose archives are linked in this order
    heap: int = 0  # bytes of the buffer that the library allocates from
    flags: tuple[str, ...] = ()
    judges: tuple[str, ...] = EC + RSA


BACKENDS = {
    "p256m": Backend("p256-m, SHA-256 of mbedTLS", "P256M", ("p256-m", "mbedtls"), judges=EC),
    "bearssl_small": Backend("BearSSL, smallest", "BEARSSL_SMALL", ("bearssl",)),
    "bearssl": Backend("BearSSL, recommended", "BEARSSL", ("bearssl",)),
    "mbedtls": Backend("mbedTLS 3.6", "MBEDTLS", ("mbedtls",), heap=16 * 1024),
    "psa": Backend("mbedTLS 3.6, PSA Crypto", "PSA", ("psa",), heap=16 * 1024),
    "wolfcrypt": Backend("wolfCrypt 5, no heap", "WOLFCRYPT", ("wolfcrypt",), flags=("-DWOLFSSL_USER_SETTINGS",)),
}
# Of board.cpp: what starts a program. The rest of it, the inputs and what measures are not of the image.
START = re.compile(r"vectors$|text\.nv2_reset$")
MEASURING = {"run.o", "board.o", "blobs.o", "inputs.o", "heap.o"}
PARTS = ("core", "adapter", "crypto", "libc", "start")


def part_of(section: link_map.Section) -> str | None:
    if link_map.is_library(section):
        return "core"
    if section.file == "board.o" and START.match(section.name):
        return "start"
    if section.file in MEASURING:
        return None
    if section.file == "adapter.o":
        return "adapter"
    archive = section.file.split("(")[0]
    if archive in ("libc_nano.a", "libgcc.a", "libnosys.a", "libg_nano.a"):
        return "libc"
    if archive in ("libbearssl.a", "libmbedcrypto.a", "libp256-m.a", "libwolfssl.a"):
        return "crypto"
    raise ToolError(f"link map: which part of the image is {section}?")


def split(sections: list[link_map.Section]) -> dict[str, int]:
    """Bytes in flash by part, their sum, and bytes in RAM. What starts as something else than zero is in both."""
    numbers = dict.fromkeys((*PARTS, "flash", "ram"), 0)
    for section in sections:
        part = part_of(section)
        if part is None:
            continue
        if section.kind in ("text", "rodata", "data"):
            numbers[part] += section.size
            numbers["flash"] += section.size
        if section.kind in ("data", "bss"):
            numbers["ram"] += section.size
    return numbers


class Images:
    def __init__(self, shop: Workshop, crypto: Path) -> None:
        self.shop, self.crypto = shop, crypto / TARGET
        self.board = [shop.pool.submit(shop.compile, TARGET, "image", source)
                      for source in (HERE / "run.cpp", ROOT / "tests/target/support/board.cpp")]

    def adapter(self, name: str) -> list[Path]:
        backend = BACKENDS[name]
        flags = [f"-DNV2_SIZE_{backend.define}", *backend.flags, *(["-DNV2_SIZE_HEAP=%d" % backend.heap] if backend.heap else []),
                 *(f"-isystem{self.crypto / library / 'include'}" for library in backend.libraries)]
        return [self.shop.compile(TARGET, f"image_{name}", HERE / source, *flags) for source in ("adapter.cpp", "heap.cpp")]

    def measure(self, program: str, name: str, adapter: list[Path]) -> dict[str, int]:
        backend, target, place = BACKENDS[name], TARGETS[TARGET], self.shop.folder / TARGET / f"{program}_{name}"
        place.mkdir(exist_ok=True)
        source, names = inputs(program, self.shop.blobs, backend.judges)
        (place / "inputs.cpp").write_text(source, encoding="utf-8")
        compile_to(target, place / "inputs.cpp", place / "inputs.o")
        objects = [self.shop.core(TARGET, program)[0], place / "inputs.o", *adapter, *(each.result() for each in self.board),
                   self.shop.common[TARGET, "plain"][-1].result()]
        # Nothing but the first of several libraries may be wanted twice.
        archives = [archive for library in backend.libraries for archive in sorted((self.crypto / library / "lib").glob("*.a"))]
        text = link(target, [*objects, *archives], place / "image", *(["-Wl,--wrap=mbedtls_calloc"] if backend.heap else []))
        check_allocators(target, place / "image", backend.heap > 0)
        numbers = split(link_map.read(text))
        runs = read_runs(execute(target, place / "image"), names)
        numbers["stack"] = max(each.stack for each in runs.values())
        numbers["workspace"] = max(each.workspace for each in runs.values())
        numbers["heap"] = max(each.allocations for each in runs.values())
        for kind, counted in (("instructions", RSA), ("instructions_ec", EC)):
            found = [runs[each].instructions for each in counted if each in runs]
            if found:
                numbers[kind] = found[0]
        return numbers


def build_libraries(folder: Path) -> str | None:
    """Has the crypto libraries built into `folder`; tells why not when they cannot be had."""
    done = subprocess.run([str(ROOT / "tests/tools/build_embedded_crypto.sh"), "--all", str(folder), TARGET], text=True, capture_output=True, check=False)
    if done.returncode == 77:
        return done.stderr.strip() or "the crypto libraries cannot be had here"
    if done.returncode != 0:
        raise ToolError(done.stdout + done.stderr)
    return None


def library_versions(folder: Path) -> dict[str, str]:
    found = {}
    for log in sorted((folder / "source").glob("*/debian/changelog")):
        first = log.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0]
        version = re.match(r"\S+ \((?:\d+:)?([^)-]+)", first)
        found[log.parents[1].name] = version[1] if version else "unknown"
    return found


def measure_images(shop: Workshop, crypto: Path) -> dict[str, dict[str, dict[str, int]]]:
    images = Images(shop, crypto)
    adapters = {name: shop.pool.submit(images.adapter, name) for name in BACKENDS}
    ready = {name: adapter.result() for name, adapter in adapters.items()}
    wanted = [(program, name) for program in SHOWN for name in BACKENDS]
    found = dict(zip(wanted, shop.pool.map(lambda one: images.measure(*one, ready[one[1]]), wanted)))
    return {program: {name: found[program, name] for name in BACKENDS} for program in SHOWN}
