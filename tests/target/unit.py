# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""The unit tests on the boards, unchanged: with doctest, the C++ library with its exceptions, and files of the host.

They are compiled for the Cortex-M3, whose code the other processors run too.
"""
from __future__ import annotations

import re
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boards

UNIT = boards.ROOT / "tests/unit"
# Of the short run: what depends most on the size of integers and addresses, but not on sweeps of half a minute.
SHORT = ("base", "codec", "crypto", "envelope")
NOT_SHORT = ("codec/cbor_sweep.cpp", "codec/json.cpp", "codec/utf8.cpp")
BUILT_FOR = "m3"
LIBRARIES = ("mbedtls", "bearssl")
HEAPS = {"m7": "0x60000000", "m33": "0x80000000"}
FLAGS = ["-Os", "-Wno-psabi", "-ffunction-sections", "-fdata-sections", "-fno-threadsafe-statics", '-DNV2_SOURCE_DIR="."',
         "-DDOCTEST_CONFIG_SUPER_FAST_ASSERTS", "-DDOCTEST_CONFIG_NO_POSIX_SIGNALS", "-DDOCTEST_CONFIG_NO_MULTITHREADING",
         "-DNV2_TEST_OPENSSL=0", "-DNV2_TEST_BEARSSL=1", f"-I{boards.ROOT / 'tests'}", f"-I{boards.ROOT / 'tests/support'}"]

FOLDERS = "directory iterator cannot open"  # the C++ library knows no folders here
MEMORY = "std::bad_alloc"  # more than the 16 MB of a board
# Tests that a board cannot run, and how they must fail.
NOT_HERE = {
    "each case of responses gets the code and the answer it names, from every backend": FOLDERS,
    "each case of lists gets the code and the answer it names, from every backend": FOLDERS,
    "we differ from the Notary Project's library where the rule books say so, and only there": FOLDERS,
    "G-003 a list of exactly 32 MiB is read": MEMORY,
    "a long list is read to its end in one go": MEMORY,
    "a bundle has limits of its own (G-003)": MEMORY,
    "an envelope over the limit is refused before anything is read (G-003)": MEMORY,
}


def find_header(name: str) -> Path:
    for place in (Path("/usr/include"), Path("/usr/local/include")):
        if (place / name).is_file():
            return (place / name).parent
    raise boards.BuildError(f"{name} not found")


def sources(everything: bool) -> list[Path]:
    found = sorted(UNIT.glob("*/*.cpp"))
    if everything:
        return found
    return [file for file in found if file.parent.name in SHORT and str(file.relative_to(UNIT)) not in NOT_SHORT]


def gone() -> list[str]:
    """Names in NOT_HERE that no test has any more."""
    text = "".join(file.read_text(encoding="utf-8") for file in sources(everything=True))
    text = re.sub(r'"\s*\n\s*"', "", text)  # a name may go on in the next line
    return sorted(name for name in NOT_HERE if f'"{name}"' not in text)


class Unit:
    def __init__(self, builder: boards.Builder, everything: bool, words: str, pool: ThreadPoolExecutor) -> None:
        self.builder, self.words, self.pool = builder, words, pool
        self.sources = sources(everything)
        self.all = everything and not words
        self.passed, self.failures, self.lines = 0, [], []

    def headers(self) -> Path:
        """A folder with nothing but the headers of doctest and nlohmann/json: those of the host's C library must not be found."""
        folder = self.builder.folder / "include"
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("doctest/doctest.h", "nlohmann/json.hpp"):
            link = folder / name.split("/")[0]
            if not link.is_symlink():
                link.symlink_to(find_header(name))
        return folder

    def objects(self) -> list[Path]:
        includes = [f"-isystem{self.builder.crypto / BUILT_FOR / library / 'include'}" for library in LIBRARIES]
        flags = [*FLAGS, *includes, f"-isystem{self.headers()}"]
        own = [boards.HERE / name for name in ("unit_heap.cpp", "support/board.cpp", "support/newlib.cpp")]

        def compile_one(source: Path) -> Path:
            name = source.relative_to(boards.ROOT / "tests").with_suffix("").as_posix().replace("/", "_")
            return self.builder.compile(BUILT_FOR, source, *flags, name=name)

        # The slowest of them are the largest.
        ordered = sorted([UNIT / "main.cpp", *self.sources, *own], key=lambda file: -file.stat().st_size)
        return list(self.pool.map(compile_one, ordered))

    def image(self, board: str, objects: list[Path]) -> Path:
        archives = [file for library in LIBRARIES for file in (self.builder.crypto / BUILT_FOR / library / "lib").glob("*.a")]
        return self.builder.link(board, "unit", objects, *archives, "--specs=nosys.specs", "-Wl,--defsym=nv2_stack_size=256K",
                                 f"-Wl,--defsym=nv2_heap={HEAPS.get(board, '0x21000000')}")

    def judge(self, board: str, output: str) -> None:
        begin = output.find("<?xml")
        try:
            report = xml.fromstring(output[begin:])
        except xml.ParseError:
            self.failures.append(f"{board}: the unit tests did not end: {output[-200:]!r}")
            return
        impossible, missed = 0, set(NOT_HERE)
        for test in report.iter("TestCase"):
            name, result = test.get("name", ""), test.find("OverallResultsAsserts")
            if result is None:  # not chosen
                continue
            missed.discard(name)
            reason = NOT_HERE.get(name)
            thrown = "".join(each.text or "" for each in test.iter("Exception"))
            if reason is not None and reason in thrown and result.get("failures") == "0":
                impossible += 1
            elif reason is None and result.get("test_case_success") == "true":
                self.passed += 1
            else:
                said = thrown or " ".join((each.text or "").strip() for each in test.iter("Original"))
                self.failures.append(f"{board}: {name}: {said.strip()[:200] or 'passed, though a board cannot'}")
        if self.all:
            self.failures += [f"{board}: {name}: is in NOT_HERE of unit.py, but was not run" for name in sorted(missed)]
        totals = report.find("OverallResultsAsserts")
        made = "no" if totals is None else f"{int(totals.get('successes', 0)):,}"
        self.lines.append(f"unit tests on {board}: {made} assertions; {impossible} tests are not for boards")

    def run(self, machines: list[str]) -> None:
        self.failures += [f"{name}: is in NOT_HERE of unit.py, but no test has this name" for name in gone()]
        objects = self.objects()
        images = dict(zip(machines, self.pool.map(lambda board: self.image(board, objects), machines)))
        chosen = [f"--test-case=*{self.words.replace(' ', '?')}*"] if self.words else []

        def execute(board: str) -> str:
            return boards.run(board, images[board], "--reporters=xml", "--no-path-filenames=true", *chosen, counted=False)[1]

        for board, output in zip(machines, self.pool.map(execute, machines)):
            self.judge(board, output)
        if not self.passed:
            self.failures.append("no unit test was run")
