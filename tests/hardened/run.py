#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Attacks the decision on a Cortex-M with single faults, in an emulator, in both profiles of the library.

  run.py                 the long form: every skip and inversion to every bad input of COSE in the hardened profile, every 5th
                         of the other formats, every 7th flip of these, and every 5th of all that in the plain profile
  run.py --every N       every Nth fault of each kind in both profiles; 1 takes an hour
  run.py --short         what CI runs: every 5th skip and inversion for COSE, every 47th fault elsewhere
  run.py --update        the long form, and its table goes into docs/hardened.md
  run.py --show          also says where each wrong yes of the hardened profile comes from
  run.py --keep FOLDER   leaves the images there, to be read with a disassembler

--format NAME and --profile plain|hardened select. The inputs are vectors of tests/vectors with one thing wrong. A wrong yes
in the hardened profile is a failure. Those of the plain one are counted beside it, and none at all would mean that the
attack finds nothing: a failure, too. Needs g++, arm-none-eabi-g++, libunicorn-dev and libssl-dev; exit 77 when one is
missing. The last line is `N passed, N failed`.
"""
from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
VECTORS = ROOT / "tests/vectors"
PAGE = ROOT / "docs/hardened.md"
BEGIN, END = "<!-- sweep:begin -->", "<!-- sweep:end -->"

# For each format its table, and its inputs: a good one, then what is refused for one reason each. The good one long after
# its certificates have expired is one more.
FORMATS = {
    "cose": ("nv2::notary_cose_format", "notary/cose_baseline",
             ["notary/cose_signature_of_other_payload", "notary/cose_artifact_tampered", "notary/cose_anchor_none",
              "notary/cose_wrong_issuer_key", "notary/cose_valid_leaf_expired", "notary/cose_expiry_past",
              "notary/cose_overridden_stranger", "notary/cose_artifact_type_differs"]),
    "jws": ("nv2::notary_jws_format", "notary/jws_baseline",
            ["notary/jws_signature_of_other_payload", "notary/jws_artifact_tampered", "notary/jws_anchor_none",
             "notary/jws_wrong_issuer_key", "notary/jws_valid_leaf_expired", "notary/jws_expiry_past",
             "notary/jws_identity_other_name", "notary/jws_artifact_type_differs"]),
    "nv2-jwt": ("nv2::nv2_jwt_format", "nv2/jwt_ok_chain",
                ["nv2/jwt_signature_wrong", "nv2/jwt_artifact_tampered", "nv2/jwt_link_signature", "nv2/jwt_exp_past",
                 "nv2/jwt_x5c_expired"]),
    "nv2-json": ("nv2::nv2_json_format", "nv2/json_ok_chain",
                 ["nv2/json_signature_wrong", "nv2/json_artifact_tampered", "nv2/json_link_signature", "nv2/json_exp_past",
                  "nv2/json_x5c_expired"]),
}
FORMATS["cose-c"] = FORMATS["cose"]  # by the functions of nv2.h
PROFILES = {"plain": 0, "hardened": 1}
KINDS = ("skip", "invert", "flip")
TOO_LATE = 32503680000
COMMON = ["-std=c++17", f"-I{ROOT / 'include'}", f"-I{HERE}"]
M4 = ["-mcpu=cortex-m4", "-mthumb", "-Os", "-std=gnu++17", "-fno-exceptions", "-fno-rtti", "-ffunction-sections", "-fdata-sections",
      "-fno-threadsafe-statics", "-Wall", "-Wextra", "-Werror"]


def run(*command: str | Path) -> str:
    done = subprocess.run([str(c) for c in command], text=True, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"error: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def array(data: bytes) -> str:
    return "{" + ",".join(map(str, data)) + "}"


def inputs(good: str, bad: list[str]) -> str:
    """The C++ source of the inputs, the good one last. Every policy is strict, whatever the vector says."""
    lines, rows = ['#include "decide.hpp"', "namespace {"], []
    for number, name in enumerate((*bad, good, good)):
        folder = VECTORS / name
        facts = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        time = TOO_LATE if number == len(bad) else facts["time"]["value"]
        for what, file in (("envelope", facts["envelope"]), ("manifest", facts["artifact"])):
            lines.append(f"constexpr std::uint8_t {what}{number}[] = {array((folder / file).read_bytes())};")
        anchors = []
        for i, anchor in enumerate(facts["anchors"]):
            lines.append(f"constexpr std::uint8_t der{number}_{i}[] = {array((folder / anchor['file']).read_bytes())};")
            anchors.append(f"{{der{number}_{i}, nv2::anchor_role::{anchor['role']}}}")
        trust = "nv2::policy::strict("
        if anchors:
            lines.append(f"constexpr nv2::trust_anchor anchors{number}[] = {{{', '.join(anchors)}}};")
            trust += f"anchors{number}, "
        else:
            trust += "{}, "
        trust += "nv2::revocation::not_checked())"
        texts = [text.encode() for text in facts.get("identities") or []]
        if texts and texts != [b"*"]:
            for i, text in enumerate(texts):
                lines.append(f"constexpr std::uint8_t text{number}_{i}[] = {array(text)};")
            lines.append(f"constexpr nv2::bytes texts{number}[] = {{{', '.join(f'text{number}_{i}' for i in range(len(texts)))}}};")
            trust += f".with_identities(texts{number})"
        lines.append(f"constexpr nv2::policy trust{number} = {trust};")
        rows.append(f'{{envelope{number}, nv2::artifact::content(manifest{number}, "{facts["media_type"]}"), '
                    f'trust{number}, {{attacked_crypto, attacked_formats, trust{number}}}, nv2::time_basis::at({time})}}')
    lines += ["}", f"extern constexpr attacked_input attacked_inputs[] = {{{', '.join(rows)}}};"]
    return "\n".join(lines)


def build_image(form: str, profile: str, folder: Path) -> Path:
    table, good, bad = FORMATS[form]
    stem = f"{form}-{profile}"
    source = folder / f"{stem}.cpp"
    source.write_text(inputs(good, bad), encoding="utf-8")
    image = folder / f"{stem}.elf"
    run("arm-none-eabi-g++", *M4, *COMMON, f"-DNV2_HARDENED={PROFILES[profile]}", f"-DNV2_ATTACKED_FORMAT={table}",
        source, HERE / ("decide_c.cpp" if form.endswith("-c") else "decide.cpp"), "-nostartfiles", "--specs=nano.specs", "--specs=nosys.specs", "-Wl,--gc-sections", "-Wl,-estart",
        "-Wl,-Ttext=0x1000,-Tdata=0x20000000,-Tbss=0x20000100", "-Wl,--no-warn-rwx-segments", "-o", image)
    return image


def build_attacker(folder: Path) -> Path:
    names = ("attack", "machine", "faults")
    objects = [folder / f"{name}.o" for name in names]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda name: run("g++", "-O2", "-Wall", "-Wextra", "-Werror", *COMMON, "-c", HERE / f"{name}.cpp",
                                       "-o", folder / f"{name}.o"), names))
    attacker = folder / "attack"
    run("g++", *objects, "-lunicorn", "-lcrypto", "-lpthread", "-lm", "-o", attacker)
    return attacker


def attack(attacker: Path, image: Path, form: str, every: dict[str, int]) -> tuple[dict[str, list[int]], list[str]]:
    """For each kind of fault, how many there were and how they ended; and where each wrong yes came from."""
    number = str(len(FORMATS[form][2]) + 1)
    printed = "".join(run(attacker, "--fault", kind, "--every", str(every[kind]), image, number) for kind in KINDS)
    sums = {kind: [0] * 5 for kind in KINDS}
    for kind, counts in re.findall(r"^input (\w+) \d+((?: \d+){5})$", printed, re.M):
        sums[kind] = [a + int(b) for a, b in zip(sums[kind], counts.split())]
    return sums, re.findall(r"^  (accepted: .*)$", printed, re.M)


def how_many(job: tuple[str, str], kind: str, is_short: bool) -> int:
    """Of so many faults one is tried."""
    if is_short:
        return 5 if job == ("cose", "hardened") and kind != "flip" else 47
    form, profile = job
    return (1 if form.startswith("cose") else 5) * (7 if kind == "flip" else 1) * (5 if profile == "plain" else 1)


def table(results: dict[tuple[str, str], dict[str, list[int]]]) -> str:
    rows = ["| format | profile | fault | faults | wrong yes | refused | crashed | hung |", "|---|---|---|---:|---:|---:|---:|---:|"]
    for (form, profile), sums in results.items():
        for kind in KINDS:
            rows.append(f"| {form} | {profile} | {kind} | " + " | ".join(f"{n:,}" for n in sums[kind]) + " |")
    return "\n".join(rows)


def judge(results: dict[tuple[str, str], dict[str, list[int]]]) -> tuple[int, list[str]]:
    passed, findings = 0, []
    for (form, profile), sums in results.items():
        for kind in KINDS:
            faults, wrong = sums[kind][:2]
            if faults == 0:
                findings.append(f"{form}, {profile}, {kind}: no fault was tried")
            elif profile == "hardened" and wrong > 0:
                findings.append(f"{form}, {kind}: {wrong} of {faults} faults make a yes of a no in the hardened profile")
            else:
                passed += 1
    plain = [sums for (_, profile), sums in results.items() if profile == "plain"]
    if plain and sum(sums[kind][1] for sums in plain for kind in KINDS) == 0:
        findings.append("the plain profile withstands everything: the attack finds nothing")
    return passed, findings


def is_here(library: str, header: str) -> bool:
    source = f"#include <{header}>\nint main() {{}}"
    return subprocess.run(["g++", "-x", "c++", "-", f"-l{library}", "-o", "/dev/null"], input=source, text=True, capture_output=True,
                          check=False).returncode == 0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--short", action="store_true")
    options.add_argument("--update", action="store_true")
    options.add_argument("--show", action="store_true")
    options.add_argument("--keep", type=Path)
    options.add_argument("--every", type=int)
    options.add_argument("--format", choices=FORMATS, action="append")
    options.add_argument("--profile", choices=PROFILES, action="append")
    given = options.parse_args()
    missing = [t for t in ("g++", "arm-none-eabi-g++") if shutil.which(t) is None]
    missing += [] if missing or is_here("unicorn", "unicorn/unicorn.h") else ["libunicorn-dev"]
    missing += [] if missing or is_here("crypto", "openssl/sha.h") else ["libssl-dev"]
    if missing:
        print(f"skipped: {', '.join(missing)} not found")
        return 77

    jobs = [(form, profile) for form in given.format or FORMATS for profile in given.profile or PROFILES]
    with tempfile.TemporaryDirectory(prefix="nv2-hardened-") as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        attacker = build_attacker(folder)

        def one(job: tuple[str, str]):
            every = {kind: given.every or how_many(job, kind, given.short) for kind in KINDS}
            return attack(attacker, build_image(*job, folder), job[0], every)

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(one, jobs))
    results = {job: sums for job, (sums, _) in zip(jobs, done)}
    for job, (_, places) in zip(jobs, done):
        if given.show and job[1] == "hardened":
            print("\n".join(f"{job[0]}: {place}" for place in places))
    print(table(results))
    if given.update:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(f"{text.split(BEGIN)[0]}{BEGIN}\n{table(results)}\n{END}{text.split(END, 1)[1]}", encoding="utf-8")
    passed, findings = judge(results)
    for finding in findings:
        print(f"failed: {finding}")
    print(f"{passed} passed, {len(findings)} failed")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
