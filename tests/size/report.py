#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""The ledger of bytes: weighs small programs with one format or all, on four processors, and whole images with crypto libraries.

  report.py              measures and prints the main tables
  report.py --update     and writes recorded.json and, between their markers, the tables of README.md and docs/size.md
  report.py --check      and fails when a number is larger than the recorded one, when areas or peers have another number than that,
                         when something is linked that is not named, or when a table shows other numbers; tells what is smaller
  report.py --functions [PROGRAM]      lists what the linker kept of a program on the Cortex-M4, largest last
  report.py --profile PROGRAM [INPUT]  lists where instructions are spent on the Cortex-M4, most first

  --crypto DIR   where tests/tools/build_embedded_crypto.sh keeps its libraries (default: build/embedded)
  --jobs N       how many compilers run at a time (default: as many as there are processors)

text, rodata, data, bss   bytes that the linker kept of the weighed program (core.cpp), by link map: no crypto, no C library
stack          most bytes of stack below the call of verify(), painted; the backend of the programs needs next to none
workspace      most bytes of workspace in use, over all inputs
heap           requests to an allocator; of the core there are none, because it asks the linker for memory functions only
instructions   executed outside the backend, C library included, for one signature by an RSA key with three certificates: COSE
               where the program knows it, else JWS, else JWT; for a feature that this one does not use, one by an ECDSA key with
               two certificates that does; instructions_ec for three certificates with ECDSA keys

Exit codes: 0 done, 1 something is larger than recorded, 2 wrong usage or a tool failed, 77 a compiler or an emulator is missing.
The last line of --check is `N passed, N failed, N skipped`.
"""
from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import images
import link_map
import tables
import trimming
from areas import by_area
from measure import Workshop, measure
from origins import origins
from peers import measure_peers
from profile import profile
from programs import HERE, PROGRAMS, ROOT
from targets import TARGETS, ToolError, missing_tools, run, versions

RECORDED = HERE / "recorded.json"
EXPLAINED = ("cose", "jws", "notary")
# Counts depend a little on the C library, which picks its memcpy by processor, and on the emulator. The rest does not vary.
TOLERANCE = 0.03
# Parts of the ledger that may not become smaller without notice either: with them, tables say who spends how much.
EXACT = ("areas", "peers")


def measure_all(shop: Workshop, crypto: Path) -> tuple[dict, list[str], int, str | None]:
    """All numbers; what is linked without being named; how many were right; and why there are no images, if so."""
    result = {"compilers": versions(), "sizes": measure(shop)}
    unavailable = images.build_libraries(crypto)
    if unavailable is None:
        result["libraries"] = images.library_versions(crypto)
        result["images"] = images.measure_images(shop, crypto)
        result["peers"] = measure_peers(shop, crypto)
    passed, findings, result["areas"] = 0, [], {}
    for program in PROGRAMS:
        binary = shop.folder / "m4" / program / "program"
        sections = link_map.read(binary.with_suffix(".map").read_text(encoding="utf-8"))
        found = origins(TARGETS["m4"], binary, sections)
        good, wrong = trimming.judge(program, sections, found)
        passed, findings = passed + good, findings + wrong
        if program in EXPLAINED:
            result["areas"][program] = by_area(found)
            weight = link_map.weigh(sections)
            if sum(found.values()) != weight["text"] + weight["rodata"]:
                raise ToolError(f"{program}: the areas have {sum(found.values())} bytes, the link map {weight}")
    return result, findings, passed, unavailable


def flat(tree: dict, path: str = "") -> dict[str, int]:
    if not isinstance(tree, dict):
        return {path: tree}
    return {key: value for name, part in tree.items() for key, value in flat(part, f"{path}, {name}" if path else name).items()}


def compare(result: dict, recorded: dict) -> tuple[int, list[str], list[str]]:
    """How many numbers are right, which are not, and which are right but smaller than recorded."""
    passed, findings, smaller = 0, [], []
    for kind in ("sizes", "images", *EXACT):
        path = kind if kind in EXACT else ""
        now, limits = flat(result.get(kind, {}), path), flat(recorded.get(kind, {}), path)
        for name, value in now.items():
            limit = limits.get(name)
            tolerance = TOLERANCE * (limit or 0) * (kind != "areas" and "instructions" in name)
            if limit is None or value > limit + tolerance or (kind in EXACT and value < limit - tolerance):
                findings.append(f"{name}: {value}, recorded {limit}")
                continue
            passed += 1
            if value < limit:
                smaller.append(f"{name}: {value}, recorded {limit}")
        findings += [f"{name}: not measured any more" for name in limits if kind in result and name not in now]
    return passed, findings, smaller


def explain(title: str, findings: list[str], why: str, fix: str) -> None:
    if findings:
        print(f"{title}:\n  " + "\n  ".join(findings) + f"\n    Why: {why}\n    Fix: {fix}")


def check(result: dict, not_trimmed: list[str], passed: int, unavailable: str | None) -> int:
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    if recorded["compilers"] != result["compilers"]:
        print(f"skipped: recorded with {recorded['compilers']}, here is {result['compilers']}")
        return 77
    skipped = 0
    if unavailable is None and recorded["libraries"] != result["libraries"]:
        unavailable = f"images were recorded with {recorded['libraries']}, here is {result['libraries']}"
        del result["images"], result["peers"]
    if unavailable is not None:
        skipped = 1
        print(f"skipped: whole images and peers: {unavailable}")
    good, larger, smaller = compare(result, recorded)
    if smaller:
        print(f"smaller than recorded: run tests/size/report.py --update ({len(smaller)} numbers)\n  " + "\n  ".join(smaller[:20]))
    explain("larger than recorded, or not the number of an area or a peer", larger,
            "small size and stack are what the core is for; growth must be a decision.",
            "make it smaller, or run tests/size/report.py --update and say in the commit what the bytes buy.")
    explain("linked without being named, or not found where it is", not_trimmed, "what a program does not name may cost it nothing.",
            "cut what leads from the one to the other, or correct FEATURES in tests/size/areas.py.")
    stale = tables.update(recorded, write=False)
    explain("tables", stale, "nobody may copy numbers by hand.", "run tests/size/report.py --update.")
    failed = len(larger) + len(not_trimmed) + len(stale)
    print(f"{passed + good} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


def list_functions(shop: Workshop, program: str) -> None:
    _, sections = shop.build("m4", program)
    for section in sorted(filter(link_map.is_library, sections), key=lambda each: each.size):
        print(f"{section.size:6} {run('c++filt', section.symbol).strip()}")


def list_profile(shop: Workshop, program: str, name: str | None) -> None:
    names = shop.inputs[program][1]
    chosen = name or names[0]
    if chosen not in names:
        raise ToolError(f"inputs of {program}: {' '.join(names)}")
    binary, _ = shop.build("m4", program)
    counts = profile(TARGETS["m4"], binary, names.index(chosen))
    print(f"{sum(counts.values()):7} in all, {chosen}")
    for function, count in counts.most_common():
        print(f"{count:7} {function}")


def arguments() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = options.add_mutually_exclusive_group()
    what.add_argument("--update", action="store_true")
    what.add_argument("--check", action="store_true")
    what.add_argument("--functions", nargs="?", const="all", choices=PROGRAMS)
    what.add_argument("--profile", nargs="+", metavar=("PROGRAM", "INPUT"))
    options.add_argument("--crypto", type=Path, default=ROOT / "build/embedded")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    given = options.parse_args()
    if given.profile and (given.profile[0] not in PROGRAMS or len(given.profile) > 2):
        options.error(f"--profile needs one of {', '.join(PROGRAMS)}, and an input")
    return given


def main() -> int:
    given = arguments()
    missing = missing_tools()
    if missing:
        print(f"skipped: not found: {', '.join(missing)}")
        return 77
    with tempfile.TemporaryDirectory(prefix="nv2-size-") as scratch:
        shop = Workshop(Path(scratch), given.jobs)
        if given.functions:
            list_functions(shop, given.functions)
            return 0
        if given.profile:
            list_profile(shop, *given.profile, *[None] * (2 - len(given.profile)))
            return 0
        result, not_trimmed, passed, unavailable = measure_all(shop, given.crypto)
    print(tables.main_table(result) + "\n\n" + tables.target_table(result))
    if given.check:
        return check(result, not_trimmed, passed, unavailable)
    print("\n" + (f"no images: {unavailable}" if unavailable else tables.goal_table(result) + "\n\n" + tables.image_table(result)))
    if given.update:
        if unavailable:
            raise ToolError("--update needs the crypto libraries")
        RECORDED.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        for finding in tables.update(result, write=True):
            print(f"error: {finding}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ToolError as error:
        print(f"error: {error}")
        sys.exit(2)
