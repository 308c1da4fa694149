#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Measures one `nv2 verify` against one `notation verify`: wall time and peak memory, of the same signatures, in turn.

  run.py --nv2 CLIENT --notation PROGRAM [--static CLIENT] [--peers DIR] [--runs N] [--check] [--update FILE]

The signatures are those of tests/interop/golden/notary, made by notation: JWS and COSE, chains of three certificates, RSA-2048 and
P-256; in an OCI layout and, with the peers of tests/registries, in a registry on the loopback. A time is the median of the runs, a
memory the largest peak. --check fails when a ratio misses its goal, --update writes the table into FILE, between its markers.
"""
from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "registries"))
import peers  # noqa: E402

GOLDEN = HERE.parent / "interop" / "golden" / "notary"
SCOPE = "registry.example.com/app"
ROUND = 4  # runs at a time of one program; then comes the other
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
# What time and memory may be at most of those of notation. Where the network, or arithmetic on curves, takes most of the
# time, only that it is not slower.
GOALS = {("layout", "rsa2048"): (1 / 5, 1 / 3), ("layout", "p256"): (1, 1 / 3), ("registry", ""): (1, 1 / 2)}


@dataclass
class Program:
    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    times: list[int] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)

    def run(self, spawn: Path, runs: int) -> None:
        done = subprocess.run([spawn, str(runs), *self.command], capture_output=True, text=True, check=True, timeout=120,
                              env={**os.environ, **self.env})
        for line in done.stdout.splitlines():
            time, peak, status = map(int, line.split())
            if status != 0:
                raise RuntimeError(f"{' '.join(self.command)} ends with status {status}")
            self.times.append(time)
            self.peaks.append(peak)

    @property
    def time(self) -> float:
        return statistics.median(self.times) / 1000

    @property
    def best(self) -> int:
        """What is compared with the goals: other programs on the machine disturb it least."""
        return min(self.times)

    @property
    def peak(self) -> float:
        return max(self.peaks) / 1024


@dataclass
class Case:
    place: str  # layout or registry
    tag: str    # rsa2048-jws
    programs: list[Program]

    def measure(self, spawn: Path, runs: int) -> None:
        for program in self.programs:
            program.run(spawn, 1)  # what is read is in memory from here on
            program.times.clear()
        for _ in range(max(1, runs // ROUND)):
            for program in self.programs:
                program.run(spawn, ROUND)

    def misses(self) -> list[str]:
        theirs = self.programs[-1]
        key = self.tag.split("-")[0]
        time, memory = GOALS.get((self.place, key)) or GOALS[(self.place, "")]
        out = []
        for ours in self.programs[-2:-1]:  # the static one, where it was given: the goals are its
            for what, ratio, goal in (("time", ours.best / theirs.best, time), ("memory", ours.peak / theirs.peak, memory)):
                if ratio > goal:
                    out.append(f"{self.place} {self.tag}: {ours.name} takes {ratio:.2f} of the {what} of notation, goal {goal:.2f}")
        return out


def make_config(work: Path) -> None:
    """The golden configuration, for every scope."""
    shutil.copytree(GOLDEN / "config", work / "config")
    policy = work / "config" / "trustpolicy.json"
    document = json.loads(policy.read_text())
    document["trustPolicies"] = [document["trustPolicies"][0] | {"registryScopes": ["*"]}]
    policy.write_text(json.dumps(document))


def settings(work: Path) -> dict[str, str]:
    return {"NOTATION_CONFIG": str(work / "config"), "NOTATION_EXPERIMENTAL": "1", "NOTATION_CACHE": str(work / "cache"),
            "NOTATION_LIBEXEC": str(work)}


def layout_case(options: argparse.Namespace, tag: str, digest: str, work: Path) -> Case:
    trust = ["--config", str(work / "config"), "--scope", SCOPE]
    target = f"{GOLDEN / 'layout'}@{digest}"
    ours = [Program(name, [str(path), "verify", *trust, f"oci-layout:{target}"]) for name, path in options.clients]
    theirs = [str(options.notation), "verify", "--oci-layout", "--scope", SCOPE, target]
    return Case("layout", tag, [*ours, Program("notation", theirs, settings(work))])


def registry_case(options: argparse.Namespace, registry: peers.Registry, tag: str, digest: str, work: Path) -> Case:
    peers.oras("cp", "-r", "--from-oci-layout", "--to-plain-http", f"{GOLDEN / 'layout'}:{tag}", f"{registry.host}/app:{tag}")
    target = f"{registry.host}/app@{digest}"
    trust = ["--config", str(work / "config"), "--insecure"]
    ours = [Program(name, [str(path), "verify", *trust, f"oci://{target}"]) for name, path in options.clients]
    theirs = [str(options.notation), "verify", "--insecure-registry", target]
    return Case("registry", tag, [*ours, Program("notation", theirs, settings(work))])


def table(cases: list[Case]) -> str:
    lines = ["| signature | program | time | of notation's | peak memory | of notation's |", "|---|---|--:|--:|--:|--:|"]
    for case in cases:
        theirs = case.programs[-1]
        for each in case.programs:
            ratios = ["", ""] if each is theirs else [f"1/{theirs.time / each.time:.1f}", f"1/{theirs.peak / each.peak:.1f}"]
            lines.append(f"| {case.place}, {case.tag} | {each.name} | {each.time:.1f} ms | {ratios[0]} | {each.peak:.1f} MB | {ratios[1]} |")
    return "\n".join(lines)


def update(path: Path, text: str) -> None:
    before = path.read_text()
    head, rest = before.split(BEGIN)
    path.write_text(head + BEGIN + "\n\n" + text + "\n\n" + END + rest.split(END)[1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nv2", required=True, type=Path)
    parser.add_argument("--static", type=Path, help="the static client")
    parser.add_argument("--notation", required=True, type=Path)
    parser.add_argument("--peers", type=Path, help="what tests/registries/build_peers.sh made")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--update", type=Path, metavar="FILE")
    options = parser.parse_args()
    if not options.notation.exists():
        print("skipped: no notation here")
        return 77
    options.clients = [("nv2", options.nv2.resolve())]
    if options.static:
        options.clients.append(("nv2, static", options.static.resolve()))
    index = json.loads((GOLDEN / "layout" / "index.json").read_text())
    digests = {each.get("annotations", {}).get("org.opencontainers.image.ref.name"): each["digest"] for each in index["manifests"]}
    tags = [f"{key}-{form}" for key in ("rsa2048", "p256") for form in ("jws", "cose")]
    cases: list[Case] = []
    with tempfile.TemporaryDirectory(prefix="nv2-measure-") as scratch:
        work = Path(scratch)
        make_config(work)
        spawn = work / "spawn"
        subprocess.run([os.environ.get("CXX", "c++"), "-O1", "-o", spawn, HERE / "spawn.cpp"], check=True)
        for tag in tags:
            cases.append(layout_case(options, tag, digests[tag], work))
            cases[-1].measure(spawn, options.runs)
        if options.peers:
            peers.folder = options.peers.resolve()
            with peers.oci_registry() as registry:
                for tag in tags[:2]:
                    cases.append(registry_case(options, registry, tag, digests[tag], work))
                    cases[-1].measure(spawn, options.runs)
    print(table(cases))
    if options.update:
        update(options.update, table(cases))
    missed = [case for case in cases if case.misses()]
    for case in missed:
        print("\n".join(case.misses()))
    print(f"{len(cases) - len(missed)} passed, {len(missed) if options.check else 0} failed")
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
