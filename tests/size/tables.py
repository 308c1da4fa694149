# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the tables of README.md and docs/size.md from the recorded numbers, and puts them between their markers."""
from __future__ import annotations

import re
from pathlib import Path

from areas import FEATURES
from images import BACKENDS, PARTS
from peers import PEERS, TARGET
from programs import PROGRAMS, ROOT
from targets import TARGETS

README, DOCS = ROOT / "README.md", ROOT / "docs/size.md"
KB = 1024
CERTIFICATE_AREAS = ("DER reader", "certificates: form, keys, names, object identifiers", "chains: profile, links, validity")


def number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def flash(numbers: dict[str, int]) -> int:
    return numbers["text"] + numbers["rodata"]


def ram(numbers: dict[str, int]) -> int:
    return numbers["data"] + numbers["bss"]


def markdown(head: list[str], rows: list[list[str]], left: int = 1) -> str:
    rule = ["---"] * left + ["---:"] * (len(head) - left)
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "|".join(rule) + "|", *("| " + " | ".join(row) + " |" for row in rows)])


def main_table(recorded: dict) -> str:
    rows = []
    for program, targets in recorded["sizes"].items():
        m4, x86 = targets["m4"], targets["x86_64"]
        rows.append([PROGRAMS[program][0], number(flash(m4)), number(ram(m4)), number(m4["stack"]), number(m4["workspace"]),
                     number(m4.get("instructions")), number(flash(x86)), number(x86.get("instructions"))])
    return markdown(["program", "Cortex-M4 flash", "data + bss", "stack", "workspace", "instructions", "x86-64 flash",
                     "x86-64 instructions"], rows)


def target_table(recorded: dict) -> str:
    rows = [[PROGRAMS[program][0], *(number(flash(targets[target])) for target in TARGETS),
             *(number(targets[target]["stack"]) for target in TARGETS)] for program, targets in recorded["sizes"].items()]
    titles = [target.title for target in TARGETS.values()]
    return markdown(["program", *(f"{title} flash" for title in titles), *(f"{title} stack" for title in titles)], rows)


def kinds_table(recorded: dict) -> str:
    kinds = ("text", "rodata", "data", "bss", "stack", "workspace", "heap", "instructions", "instructions_ec")
    rows = [[PROGRAMS[program][0], TARGETS[target].title, *(number(numbers.get(kind)) for kind in kinds)]
            for program, targets in recorded["sizes"].items() for target, numbers in targets.items()]
    return markdown(["program", "processor", "text", "rodata", "data", "bss", "stack", "workspace", "heap calls", "instructions RSA",
                     "instructions EC"], rows, left=2)


def image_table(recorded: dict) -> str:
    rows = []
    for program, backends in recorded["images"].items():
        for name, numbers in backends.items():
            rows.append([PROGRAMS[program][0], BACKENDS[name].title, *(number(numbers[part]) for part in PARTS),
                         f"**{number(numbers['flash'])}**", number(numbers["ram"]), number(numbers["stack"]), number(numbers["heap"]),
                         *(f"{numbers[kind] / 1e6:.1f} M" if kind in numbers else "-" for kind in ("instructions", "instructions_ec"))])
    return markdown(["program", "crypto library", "core", "adapter", "crypto", "C library", "start-up", "image", "data + bss", "stack",
                     "heap calls", "instructions RSA", "instructions EC"], rows, left=2)


def goals(recorded: dict) -> list[tuple[str, float, float, str]]:
    """What is wanted, the limit, the number, and its unit."""
    sizes = {program: recorded["sizes"][program]["m4"] for program in ("cose", "jws", "notary")}
    rows = [(f"{PROGRAMS[program][0]}, flash", limit * KB, flash(sizes[program]), "bytes")
            for program, limit in (("cose", 6.5), ("jws", 7.0), ("notary", 8.5))]
    rows += [(what, limit, max(value(each) for each in sizes.values()), unit) for what, limit, value, unit in (
        ("data + bss", 0, ram, "bytes"), ("heap calls", 0, lambda each: each["heap"], "calls"), ("stack", 768, lambda each: each["stack"], "bytes"))]
    rows += [(f"{PROGRAMS[program][0]}, instructions outside crypto, {keys} chain of three", limit, sizes[program][kind], "instructions")
             for program, keys, kind, limit in (("cose", "RSA", "instructions", 18000), ("cose", "EC", "instructions_ec", 18000),
                                                ("jws", "RSA", "instructions", 50000), ("jws", "EC", "instructions_ec", 36000))]
    image = recorded["images"]["cose"]["p256m"]["flash"]
    return [*rows, ("whole image for COSE with ES256, p256-m and SHA-256", 13 * KB, image, "bytes")]


def goal_table(recorded: dict) -> str:
    rows = []
    for what, limit, value, unit in goals(recorded):
        over = value - limit
        rows.append([what, number(round(limit)), number(value), "holds" if over <= 0 else f"missed by {number(round(over))} {unit}"])
    return markdown(["goal, on Cortex-M4", "at most", "now", ""], rows)


def area_table(recorded: dict) -> str:
    areas = recorded["areas"]
    order = dict.fromkeys(area for program in areas.values() for area in program)
    rows = [[area, *(number(areas[program].get(area)) for program in areas)]
            for area in sorted(order, key=lambda area: -max(areas[program].get(area, 0) for program in areas))]
    rows.append(["**all**", *(f"**{number(sum(areas[program].values()))}**" for program in areas)])
    return markdown(["area", *(PROGRAMS[program][0] for program in areas)], rows)


def peer_table(recorded: dict) -> str:
    kinds = ("flash", "stack", "context", "heap", "instructions")
    rows = [[PEERS[name].title, *(number(numbers[kind]) for kind in kinds)] for name, numbers in recorded["peers"].items()]
    cose = recorded["sizes"]["cose"][TARGET]
    own = sum(recorded["areas"]["cose"].get(area, 0) for area in CERTIFICATE_AREAS)
    rows.append(["nv2: DER reader, certificates and chains, of the areas above", number(own), "-", "-", number(cose["heap"]), "-"])
    return markdown(["a chain of three RSA-2048 certificates on a Cortex-M4", "flash", "stack", "context", "heap calls",
                     "instructions outside crypto"], rows)


def feature_table() -> str:
    rows = [[feature, ", ".join(f"`{header}`" for header in headers) or f"functions named `{pattern}`",
             ", ".join(program for program in PROGRAMS if program in programs)]
            for feature, (headers, pattern, programs) in FEATURES.items()]
    return markdown(["feature", "is in", "linked by programs"], rows, left=3)


def wanted(recorded: dict) -> dict[Path, dict[str, str]]:
    """By file and name of the markers, what must stand between them."""
    return {README: {"size": main_table(recorded), "targets": target_table(recorded)},
            DOCS: {"goals": goal_table(recorded), "areas": area_table(recorded), "images": image_table(recorded), "peers": peer_table(recorded),
                   "kinds": kinds_table(recorded), "features": feature_table()}}


def replaced(text: str, name: str, table: str) -> str | None:
    """`text` with `table` between the markers called `name`, or None when it has none."""
    begin, end = f"<!-- {name}:begin -->\n", f"\n<!-- {name}:end -->"
    found = re.search(re.escape(begin) + "(.*?)" + re.escape(end), text, re.S)
    return None if found is None else text[:found.start(1)] + table + text[found.end(1):]


def update(recorded: dict, write: bool) -> list[str]:
    """Puts all tables into their files, or only tells which of them do not show the recorded numbers."""
    findings = []
    for file, sections in wanted(recorded).items():
        text = old = file.read_text(encoding="utf-8")
        for name, table in sections.items():
            changed = replaced(text, name, table)
            if changed is None:
                findings.append(f"{file.name} has no markers {name}:begin and {name}:end, each on a line of its own")
            text = changed or text
        if text != old and write:
            file.write_text(text, encoding="utf-8")
        elif text != old:
            findings.append(f"{file.name} does not show the recorded numbers")
    return findings
