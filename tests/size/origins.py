# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Tells from which header each byte of the core comes, inlined code included, by the line table of a linked program."""
from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from pathlib import Path

from link_map import Section, is_library
from programs import HERE, ROOT
from targets import Target, run

HEADERS = f"{ROOT / 'include/nv2'}/"
CALLER, STANDARD, COMPILER = "(caller)", "(standard library)", "(compiler)"


def name_of(path: str) -> str:
    """`codec/der.hpp`, or which other kind of file it is."""
    if path.startswith(HEADERS):
        return path.removeprefix(HEADERS)
    return CALLER if path.startswith(f"{HERE}/") or path.startswith("core.") else STANDARD


def line_table(target: Target, program: Path) -> list[tuple[int, str]]:
    """Addresses where code from another file begins, ascending."""
    rows, file, sequence = [], "", []
    for line in run(f"{target.tools}readelf", "-W", "--debug-dump=decodedline", program).splitlines():
        header = re.match(r"^(?:CU: )?(\S*/\S+):$", line)
        row = re.match(r"^\S+\s+(\d+|-)\s+(0x[0-9a-f]+|0)\b", line)
        if header:
            file = header[1].removeprefix("./")
        elif row and row[1] == "-":
            # What was not linked seems to lie at 0, where no code is.
            if sequence and sequence[0][0] != 0:
                rows += sequence
            sequence = []
        elif row:
            sequence.append((int(row[2], 16), file))
    return sorted(rows, key=lambda entry: entry[0])


def origins_of_code(sections: list[Section], table: list[tuple[int, str]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    addresses = [address for address, _ in table]
    for section in sections:
        at, end = section.address, section.address + section.size
        index = bisect_right(addresses, at) - 1
        while at < end:
            until = min(end, addresses[index + 1]) if index + 1 < len(addresses) else end
            name = name_of(table[index][1]) if index >= 0 else COMPILER
            sums[name] = sums.get(name, 0) + until - at
            at, index = max(at, until), index + 1
    return sums


def places_of_symbols(target: Target, program: Path) -> dict[str, str]:
    found = {}
    for line in run(f"{target.tools}nm", "-l", program).splitlines():
        row = re.match(r"^[0-9a-f]+ \w (\S+)(?:\t(.*):\d+)?$", line)
        if row:
            found[row[1]] = row[2] or header_that_defines(row[1])
    return {symbol: place for symbol, place in found.items() if place}


@cache
def header_that_defines(symbol: str) -> str | None:
    """Of inline constants the debug information does not tell the place."""
    names = [part[2] for part in re.finditer(r"(?=(?<!\d)(\d+)(\D\w*)E$)", symbol) if int(part[1]) == len(part[2])]
    if not names:
        return None
    defined = re.compile(rf"^\s*(?:inline |static )?constexpr [^;(]*?\b{names[0]}\b(?:\[\w*\])* ?[={{]", re.M)
    files = [path for path in sorted(Path(HEADERS).rglob("*.hpp")) if defined.search(path.read_text(encoding="utf-8"))]
    return str(files[0]) if len(files) == 1 else None


def origins(target: Target, program: Path, sections: list[Section]) -> dict[str, int]:
    """Bytes of text and rodata by header; their sum is that of the core's sections."""
    library = [section for section in sections if is_library(section) and section.kind in ("text", "rodata")]
    sums = origins_of_code([section for section in library if section.kind == "text"], line_table(target, program))
    places = places_of_symbols(target, program)
    for section in library:
        if section.kind == "rodata":
            # A constant, or the texts and tables of a function; else nobody knows whose it is.
            symbol = re.sub(r"\.(str|cst)\d+(\.\d+)?$", "", section.symbol)
            name = name_of(places[symbol]) if symbol in places else COMPILER
            sums[name] = sums.get(name, 0) + section.size
    return sums
