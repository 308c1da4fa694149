# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""A whole device: Notary COSE with ES256, p256-m and SHA-256. What it weighs to the byte, and whether it starts what it must."""
from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boards
import pack

sys.path.append(str(boards.ROOT / "tests/size"))
import link_map  # noqa: E402

GOAL = 13 * 1024
# Bytes of flash on the Cortex-M4, without envelope and artifact. Growth must be a decision; lower it when it shrinks.
CEILING = 21392
COMPILER = "12.2.1"  # that it was measured with
PARTS = {"firmware.o": "core and adapter", "libp256-m.a": "p256-m", "libmbedcrypto.a": "SHA-256", "libc_nano.a": "C library",
         "libgcc.a": "C library", "board.o": "start-up"}


def array(name: str, data: bytes) -> str:
    return f"constexpr std::uint8_t {name}[] = {{{','.join(map(str, data))}}};"


def signature() -> tuple[dict, bytes, bytes, bytes]:
    """One by notation: what is said of it, envelope, artifact and root."""
    folder = pack.GOLDEN / "notary"
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    facts = next(entry for entry in index["signatures"] if entry["file"] == "p256.cose.sig")
    return facts, *((folder / facts[key]).read_bytes() for key in ("file", "manifest")), pack.pem(folder / facts["anchor"])[0]


def variants() -> dict[str, tuple[str, int]]:
    """signed.inc and exit status by name."""
    facts, envelope, artifact, anchor = signature()
    other = pack.pem(pack.GOLDEN / "notary/rsa2048-root.crt")[0]
    made = {}
    for name, e, a, root, status in (
            ("good", envelope, artifact, anchor, 0), ("other signature", pack.damaged("cose", envelope), artifact, anchor, 1),
            ("other artifact", envelope, artifact[:-1] + bytes([artifact[-1] ^ 1]), anchor, 1), ("other root", envelope, artifact, other, 1)):
        made[name] = ("\n".join([
            "#include <cstdint>\n#include <string_view>", array("envelope_bytes", e), array("artifact_bytes", a), array("anchor_der", root),
            f'constexpr std::string_view artifact_type = "{facts["manifest_media_type"]}";',
            f"constexpr std::int64_t now = {facts['time']};", ""]), status)
    return made


class Firmware:
    def __init__(self, builder: boards.Builder, pool: ThreadPoolExecutor) -> None:
        self.builder, self.pool = builder, pool
        self.passed, self.failures, self.lines = 0, [], []

    def expect(self, right: bool, what: str) -> None:
        self.passed += right
        if not right:
            self.failures.append(what)

    def build(self, board: str, name: str, source: str) -> Path:
        builder = boards.Builder(self.builder.folder / name.replace(" ", "-"), self.builder.crypto, self.builder.include)
        builder.folder.mkdir(parents=True, exist_ok=True)
        (builder.folder / "signed.inc").write_text(source, encoding="utf-8")
        includes = [f"-I{builder.folder}", *(f"-isystem{builder.crypto / board / library / 'include'}"
                                             for library in boards.BACKENDS["p256m"].libraries)]
        objects = [builder.compile(board, boards.HERE / file, *boards.SIZE_FLAGS, *boards.WARNINGS, *includes)
                   for file in ("firmware.cpp", "support/board.cpp")]
        return builder.link(board, "firmware", objects, *builder.archives(board, "p256m"), "--specs=nano.specs")

    def weigh(self, image: Path) -> None:
        sums = dict.fromkeys(["core and adapter", "p256-m", "SHA-256", "C library", "start-up", "root certificate"], 0)
        for section in link_map.read(Path(f"{image}.map").read_text(encoding="utf-8")):
            if section.kind not in ("text", "rodata", "data") or "envelope_bytes" in section.name or "artifact_bytes" in section.name:
                continue
            part = "root certificate" if "anchor_der" in section.name else PARTS[section.file.split("(")[0]]
            sums[part] += section.size
        total = sum(sums.values())
        self.lines.append("whole device, flash on m4: " + ", ".join(f"{part} {size:,}" for part, size in sums.items()) +
                          f"; {total:,} in all, {total - GOAL:,} over the goal of {GOAL:,}")
        version = boards.command(boards.CXX, "-dumpfullversion").strip()
        if version != COMPILER:
            self.lines.append(f"not compared with {CEILING:,}, which is of GCC {COMPILER}: this is {version}")
            return
        self.expect(total <= CEILING, f"the device takes {total:,} bytes of flash, more than {CEILING:,}.\n"
                    "    Why: small size is what the core is for; growth must be a decision.\n"
                    "    Fix: make it smaller, or raise CEILING in tests/target/firmware.py and say in the commit what the bytes buy.")

    def run(self, machines: list[str]) -> None:
        tried = variants()
        first = "m4" if "m4" in machines else machines[0]
        wanted = [(board, name, *tried[name]) for board in machines for name in (tried if board == first else ["good"])]
        images = list(self.pool.map(lambda one: self.build(*one[:3]), wanted))
        done = list(self.pool.map(lambda one: boards.run(one[0][0], one[1])[0], zip(wanted, images)))
        for (board, name, _, expected), image, status in zip(wanted, images, done):
            self.expect(status == expected, f"device on {board}, {name}: exit status {status}, expected {expected}")
            if board == "m4" and name == "good":
                self.weigh(image)
