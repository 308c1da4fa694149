# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Reads link maps of GNU ld: what was kept of which file, and where it lies."""
from __future__ import annotations

import re
from typing import NamedTuple

# By the first word of the name of an input section.
KINDS = {"text": "text", "init": "text", "fini": "text", "rodata": "rodata", "srodata": "rodata", "ARM": "rodata",
         "eh_frame": "rodata", "init_array": "rodata", "vectors": "rodata", "data": "data", "sdata": "data", "tdata": "data",
         "bss": "bss", "sbss": "bss", "tbss": "bss", "COMMON": "bss", "scommon": "bss"}
# Only for debuggers and the linker.
IGNORED = re.compile(r"debug_|comment|note|ARM\.attributes|riscv\.attributes|gnu\.|symtab|strtab|shstrtab|stab")
ROW = re.compile(r"^ (\.\S+|COMMON)\s+(0x[0-9a-f]+)\s+(0x[0-9a-f]+)\s+(\S+)$", re.M)
FILL = re.compile(r"^ \*fill\*\s+(0x[0-9a-f]+)\s+(0x[0-9a-f]+)", re.M)


class Section(NamedTuple):
    name: str
    kind: str
    address: int
    size: int
    file: str  # core.o, or libc.a(memcpy.o)

    @property
    def symbol(self) -> str:
        """The function or constant it was made for, as far as its name says."""
        return re.sub(r"^(?:text|rodata|srodata|data|bss)\.(?=.)", "", self.name)


def read(text: str) -> list[Section]:
    """All input sections that take space in the program."""
    kept = text.split("Linker script and memory map", 1)[1]
    result = []
    for name, address, size, file in ROW.findall(kept):
        name = name.lstrip(".")
        if int(size, 16) == 0 or IGNORED.match(name):
            continue
        kind = KINDS.get(name.split(".")[0], "other")
        result.append(Section(name, kind, int(address, 16), int(size, 16), file.rsplit("/", 1)[-1]))
    return result


def padding(text: str) -> int:
    """Bytes between sections in output sections that take space in a file."""
    kept = text.split("Linker script and memory map", 1)[1]
    return sum(int(size, 16) for _, size in FILL.findall(kept))


def is_library(section: Section) -> bool:
    """Of nv2: core.o, and what the policies in inputs.o point to."""
    if section.file == "core.o":
        return True
    return section.file == "inputs.o" and "3nv2" in section.name and "_GLOBAL__N_" not in section.name


def weigh(sections: list[Section]) -> dict[str, int]:
    """Bytes of the library that were kept, by kind."""
    sums = {"text": 0, "rodata": 0, "data": 0, "bss": 0}
    for section in filter(is_library, sections):
        if section.kind not in sums:
            raise ValueError(f"link map: what kind of section is {section.name} of {section.file}?")
        sums[section.kind] += section.size
    if sums["text"] == 0:
        raise ValueError("nothing of core.o in the link map")
    return sums
