# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the weighed programs and takes their numbers."""
from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import link_map
from programs import CHAIN, COUNTED_EC, COUNTED_RSA, HERE, PROGRAMS, Blobs, inputs, options, pem, profile_of, switches
from targets import TARGETS, Target, ToolError, compile_to, count_by_callgrind, execute, link, undefined_symbols

RUN = re.compile(r"^run (\S+) (accepted|refused) (\d+) (\d+) (\d+) (\d+) (\d+)$", re.M)
# What compilers ask for anyway; anything else would be a library.
ALLOWED = {"memcpy", "memmove", "memset", "memcmp"}


class Run(NamedTuple):
    workspace: int
    stack: int
    instructions: int
    allocations: int


class Workshop:
    """A folder with everything that programs have in common, compiled once."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self.folder, self.pool = folder, ThreadPoolExecutor(jobs)
        self.blobs = Blobs(folder / "blobs")
        self.inputs = {program: inputs(program, self.blobs) for program in PROGRAMS}
        for program, (source, _) in self.inputs.items():
            (folder / f"{program}_inputs.cpp").write_text(source, encoding="utf-8")
        for certificate in pem(CHAIN):  # for peers.py
            self.blobs.ref(certificate)
        (folder / "blobs.s").write_text(self.blobs.source(), encoding="utf-8")
        sources = {name: [HERE / "run.cpp", HERE / "backend.cpp", *target.board, folder / "blobs.s"]
                   for name, target in TARGETS.items()}
        self.common = {(name, profile): [self.pool.submit(self.compile, name, profile, source, *options(profile)) for source in list_of]
                       for name, list_of in sources.items() for profile in ("plain", "hardened")}

    def compile(self, target: str, program: str, source: Path, *flags: str, name: str = "") -> Path:
        place = self.folder / target / program
        place.mkdir(parents=True, exist_ok=True)
        return compile_to(TARGETS[target], source, place / f"{name or source.stem}.o", *flags)

    def core(self, target: str, program: str) -> list[Path]:
        """The part that is weighed, compiled: core.o, and inputs.o, whose policies point to some of it."""
        place = self.folder / target / program
        if (place / "inputs.o").exists():
            return [place / "core.o", place / "inputs.o"]
        return [self.compile(target, program, HERE / "core.cpp", *switches(program)),
                self.compile(target, program, self.folder / f"{program}_inputs.cpp", *switches(program), name="inputs")]

    def build(self, target: str, program: str) -> tuple[Path, list[link_map.Section]]:
        core = self.core(target, program)
        check_needs(TARGETS[target], core[0])
        out = self.folder / target / program / "program"
        text = link(TARGETS[target], [*core, *(each.result() for each in self.common[target, profile_of(program)])], out)
        return out, link_map.read(text)


def check_needs(target: Target, core: Path) -> None:
    """No allocator, no C++ runtime, no library: the core asks for memory functions only, and for the backend and the like."""
    needs = {name for name in undefined_symbols(target, core) if not re.match(r"size_|__(aeabi_|gnu_thumb1_|riscv_save|riscv_restore)", name)}
    # Functions of the compiler's own library, for arithmetic that the processor lacks.
    needs -= {name for name in needs if re.fullmatch(r"__[a-z]+[sdt]i[234]", name)}
    if needs - ALLOWED:
        raise ToolError(f"{core} needs {sorted(needs - ALLOWED)}")


def read_runs(output: str, names: list[str]) -> dict[str, Run]:
    """What a program printed, all of whose inputs must have been accepted."""
    rows = RUN.findall(output)
    refused = [row[0] for row in rows if row[1] != "accepted"]
    if refused or [row[0] for row in rows] != names:
        raise ToolError(f"not accepted by the weighed program: {refused or 'inputs are missing'}\n{output}")
    return {name: Run(*map(int, numbers)) for name, _, _, *numbers in rows}


def first_of(wanted: tuple[str, ...], names: list[str]) -> str | None:
    return next((name for name in wanted if name in names), None)


def measure_program(shop: Workshop, name: str, program: str) -> dict[str, int]:
    target, names = TARGETS[name], shop.inputs[program][1]
    binary, sections = shop.build(name, program)
    numbers = link_map.weigh(sections)
    runs = read_runs(execute(target, binary), names)
    numbers["workspace"] = max(each.workspace for each in runs.values())
    numbers["stack"] = max(each.stack for each in runs.values())
    numbers["heap"] = max(each.allocations for each in runs.values())
    rsa, ec = first_of(COUNTED_RSA, names), first_of(COUNTED_EC, names)
    if target.counts:
        for kind, counted in (("instructions", rsa), ("instructions_ec", ec)):
            if counted:
                numbers[kind] = runs[counted].instructions
    elif rsa:
        numbers["instructions"] = count_by_callgrind(binary, names.index(rsa), binary.parent)
    return numbers


def measure(shop: Workshop) -> dict[str, dict[str, dict[str, int]]]:
    wanted = [(program, target) for program in PROGRAMS for target in TARGETS]
    found = dict(zip(wanted, shop.pool.map(lambda one: measure_program(shop, one[1], one[0]), wanted)))
    return {program: {target: found[program, target] for target in TARGETS} for program in PROGRAMS}
