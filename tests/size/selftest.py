#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Shows that the checks of report.py can fail: growth, what is linked unnamed, a byte without an area, a table by hand.

Needs no compiler. The last line is `N passed, N failed`; exit code 1 when one failed.
"""
from __future__ import annotations

import copy
import json
import sys

import areas
import images
import link_map
import measure
import origins
import report
import tables
import targets
import trimming

MAP = """Linker script and memory map
 .text.unused   0x00000000        0x0 /a/core.o
 .text._ZN3nv24readEv
                0x00000040       0x34 /a/core.o
                                 0x38 (size before relaxing)
 .rodata._ZN3nv25namesE
                0x00000074        0x8 /a/core.o
 .text._ZN3nv26base64E
                0x0000007c        0x4 /a/inputs.o
 .text.memcpy   0x00000080       0x1c /usr/lib/libc_nano.a(libc_a-memcpy.o)
 .debug_info    0x00000000       0x99 /a/core.o
 .bss.state     0x20000000        0x4 /a/core.o
"""
checks: list[tuple[str, bool]] = []


def check(what: str, holds: bool) -> None:
    checks.append((what, holds))


def raises(kind: type, function, *arguments) -> bool:
    try:
        function(*arguments)
    except kind:
        return True
    return False


def check_link_map() -> None:
    sections = link_map.read(MAP)
    check("link map: what takes space", [section.size for section in sections] == [0x34, 8, 4, 0x1C, 4])
    check("link map: the library by kind", link_map.weigh(sections) == {"text": 0x38, "rodata": 8, "data": 0, "bss": 4})
    check("link map: parts of an image", images.split(sections) == {
        "core": 0x40, "adapter": 0, "crypto": 0, "libc": 0x1C, "start": 0, "flash": 0x5C, "ram": 4})
    stranger = [link_map.Section("text.f", "text", 0, 4, "libother.a(f.o)")]
    check("link map: a stranger in an image", raises(targets.ToolError, images.split, stranger))
    check("link map: nothing of the library", raises(ValueError, link_map.weigh, stranger))
    code = [section for section in sections if section.kind == "text"][:2]
    table = [(0x40, f"{origins.HEADERS}codec/der.hpp"), (0x50, f"{origins.HEADERS}base/bytes.hpp")]
    check("each byte of code has one origin", origins.origins_of_code(code, table) == {"codec/der.hpp": 0x10, "base/bytes.hpp": 0x24 + 4})


def check_growth(recorded: dict) -> None:
    passed, findings, smaller = report.compare(recorded, recorded)
    check("the same is not larger", passed > 400 and not findings and not smaller)
    larger = copy.deepcopy(recorded)
    larger["sizes"]["cose"]["m4"]["text"] += 1
    larger["images"]["cose"]["p256m"]["flash"] += 1
    larger["sizes"]["jws"]["m4"]["heap"] = 1
    check("a byte more is found", [finding.split(":")[0] for finding in report.compare(larger, recorded)[1]]
          == ["cose, m4, text", "jws, m4, heap", "cose, p256m, flash"])
    smaller = copy.deepcopy(recorded)
    smaller["sizes"]["cose"]["m4"]["text"] -= 1
    check("a byte less is told, and is right", report.compare(smaller, recorded)[1:]
          == ([], [f"cose, m4, text: {smaller['sizes']['cose']['m4']['text']}, recorded {recorded['sizes']['cose']['m4']['text']}"]))
    other = copy.deepcopy(recorded)
    other["areas"]["cose"]["DER reader"] -= 1
    other["peers"]["mbedtls"]["flash"] -= 1
    other["peers"]["bearssl"]["instructions"] -= 1
    answer = report.compare(other, recorded)
    check("another number of an area or a peer is found", [finding.split(":")[0] for finding in answer[1]]
          == ["areas, cose, DER reader", "peers, mbedtls, flash"] and len(answer[2]) == 1)
    alone = {"sizes": recorded["sizes"], "areas": recorded["areas"]}
    check("what cannot be had here is not missed", not report.compare(alone, recorded)[1])
    less = copy.deepcopy(recorded)
    del less["sizes"]["cose"]["m4"]["stack"]
    check("what is not measured any more is found", len(report.compare(less, recorded)[1]) == 1)
    check("what was not recorded is found", len(report.compare(recorded, less)[1]) == 1)


def check_trimming() -> None:
    sections = link_map.read(MAP)
    found = trimming.judge("cose", sections, {"envelope/notary_cose.hpp": 1})[1]
    check("a function that is not named is found", any(finding.startswith("cose, base64: has") for finding in found))
    check("a feature that is missing is found", any(finding.startswith("cose, COSE: shows too little") for finding in found))
    found = trimming.judge("cose", [], {"x509/crl.hpp": 2})[1]
    check("an instruction that was inlined is found", any(finding.startswith("cose, revocation lists: has") for finding in found))
    check("every feature has programs with and without it", all(
        programs and programs != set(tables.PROGRAMS) for _, _, programs in areas.FEATURES.values()))


def check_areas(recorded: dict) -> None:
    check("a header without an area is an error", raises(ValueError, areas.area_of, "codec/new.hpp"))
    headers = [str(path.relative_to(origins.HEADERS)) for path in sorted(tables.ROOT.glob("include/nv2/**/*.hpp"))]
    check("every header has an area", all(areas.area_of(header) for header in headers))
    for program, spent in recorded["areas"].items():
        check(f"areas of {program} add up", sum(spent.values()) == tables.flash(recorded["sizes"][program]["m4"]))


def check_runs() -> None:
    line = "run a accepted 1 2 3 4 5\n"
    check("an accepted input", measure.read_runs(line, ["a"]) == {"a": measure.Run(2, 3, 4, 5)})
    check("a refused input is an error", raises(targets.ToolError, measure.read_runs, line.replace("accepted", "refused"), ["a"]))
    check("a missing input is an error", raises(targets.ToolError, measure.read_runs, line, ["a", "b"]))


def check_allocator_names() -> None:
    named = ("malloc", "calloc", "realloc", "free", "_malloc_r", "_free_r", "_sbrk", "mbedtls_calloc", "_Znwj", "_ZdlPvj")
    check("allocators by name", all(map(targets.ALLOCATOR.fullmatch, named)))
    check("others by name", not any(map(targets.ALLOCATOR.fullmatch, ("mbedtls_sha256_free", "__wrap_mbedtls_calloc", "_ZN3nv24freeEv", "memset"))))


def main() -> int:
    recorded = json.loads(report.RECORDED.read_text(encoding="utf-8"))
    check_link_map()
    check_growth(recorded)
    check_trimming()
    check_areas(recorded)
    check_runs()
    check_allocator_names()
    check("between markers", tables.replaced("a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb", "x", "new") == "a\n<!-- x:begin -->\nnew\n<!-- x:end -->\nb")
    check("no markers", tables.replaced("a", "x", "new") is None)
    failed = [what for what, holds in checks if not holds]
    for what in failed:
        print(f"FAIL {what}")
    print(f"{len(checks) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
