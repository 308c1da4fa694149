#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Weighs the core: small programs with one format or all, without crypto and C library.

  report.py              measures and prints the table
  report.py --update     and writes it into recorded.json and, between its markers, into README.md
  report.py --check      and fails when a number is larger than the recorded one, or README.md shows other numbers
  report.py --functions [PROGRAM]  lists what the linker kept of a program on the Cortex-M4, largest last

text, data     bytes that the linker kept of the weighed program (tests/size/core.cpp), read-only data included, by link map
stack          most bytes of stack below the call of verify(), painted, on an emulated Cortex-M4; the backend needs next to none
workspace      most bytes of workspace in use, over all inputs
instructions   executed outside the backend, C library included, for one signature by an RSA key with three certificates:
               COSE where the program knows it, else JWS, else JWT; for a feature that this one does not use, one by an ECDSA
               key with two certificates that does

Needs g++, arm-none-eabi-g++, qemu-system-arm and valgrind; exit 77 when one is missing. The last line is `N passed, N failed`.
"""
from __future__ import annotations

import argparse
import base64
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GOLDEN = ROOT / "tests/interop/golden"
RECORDED = HERE / "recorded.json"
README = ROOT / "README.md"
BEGIN, END = "<!-- size:begin -->", "<!-- size:end -->"

# What each program knows: formats, and what else is linked.
PROGRAMS = {
    "cose": ("Notary COSE", {"cose"}),
    "jws": ("Notary JWS", {"jws"}),
    "notary": ("Notary COSE and JWS", {"cose", "jws"}),
    "identities": ("the same, with a list of trusted identities", {"cose", "jws", "identities"}),
    "policy": ("the same, with a trust policy document", {"cose", "jws", "policy"}),
    "timestamps": ("the same, with timestamps", {"cose", "jws", "timestamps"}),
    "lists": ("the same, with revocation lists", {"cose", "jws", "lists"}),
    "responses": ("the same, with OCSP responses and revocation lists", {"cose", "jws", "responses"}),
    "bundle": ("the same, from a bundle with revocation lists", {"cose", "jws", "lists", "bundle"}),
    "quorum": ("the same, with a count of up to four signers", {"cose", "jws", "quorum"}),
    "versions": ("the same, with a floor of signed versions", {"cose", "jws", "versions"}),
    "jwt": ("prototype JWT", {"jwt"}),
    "json": ("prototype JSON", {"json"}),
    "prototype": ("all prototype forms", {"jwt", "json"}),
    "all": ("all formats", {"cose", "jws", "jwt", "json"}),
}
SWITCHES = ("cose", "jws", "jwt", "json", "identities", "policy", "quorum", "bundle")
# By an RSA key with three certificates, made by the real tools; the first that a program knows is counted.
COUNTED_INPUTS = ("stamped.cose", "valid.cose", "access.cose", "rsa2048.cose", "rsa2048.jws", "jwt-rsa2048-chain3", "expiring.cose")
# What else a program judges: an envelope of tests/vectors/matrix, the data about its revocation, and whether it is stamped.
MORE_INPUTS = {"timestamps": ("stamped", None), "lists": ("valid", "good.crl"), "responses": ("access", "good.ocsp")}
COMMON = ["-std=gnu++17", "-fno-exceptions", "-fno-rtti", "-ffunction-sections", "-fdata-sections", "-fno-threadsafe-statics",
          f"-I{ROOT / 'include'}"]
M4 = ["-mcpu=cortex-m4", "-mthumb", "-Os"]
# Instruction counts depend a little on the C library, which picks its memcpy by processor. The rest does not vary.
TOLERANCE = {"instructions": 0.03}
TARGETS = {"m4": "arm-none-eabi-g++", "x86_64": "g++"}


def run(*command: str | Path) -> str:
    done = subprocess.run([str(c) for c in command], text=True, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"error: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def array(data: bytes) -> str:
    return "{" + ",".join(map(str, data)) + "}"


def pem(path: Path) -> list[bytes]:
    blocks = re.findall(r"-----BEGIN CERTIFICATE-----(.*?)-----END", path.read_text(encoding="ascii"), re.S)
    return [base64.b64decode(block) for block in blocks]


def prototype_signatures():
    index = json.loads((GOLDEN / "index.json").read_text(encoding="utf-8"))
    for entry in index["signatures"]:
        if re.search(r"p384|p521", entry["file"]):
            continue  # the backend here hashes with SHA-256 only
        anchors = [(der, role) for role, key in (("signer", "certs"), ("ca", "ca_certs")) for file in entry[key]
                   for der in pem(GOLDEN / file)]
        yield (Path(entry["file"]).stem, entry["format"].removeprefix("nv2-"), GOLDEN / entry["file"], GOLDEN / entry["manifest"],
               entry["media_type"], anchors, entry["time"], "")


def notary_signatures():
    folder = GOLDEN / "notary"
    roles = {"ca": "ca", "signingAuthority": "signing_authority"}
    for entry in json.loads((folder / "index.json").read_text(encoding="utf-8"))["signatures"]:
        if "manifest" in entry:
            yield (entry["file"].removesuffix(".sig"), entry["format"], folder / entry["file"], folder / entry["manifest"],
                   entry["manifest_media_type"], [(der, roles[entry["store"]]) for der in pem(folder / entry["anchor"])],
                   entry["time"], entry["identity"])


def matrix_signatures(program: str):
    """The signatures of the matrix that need the feature of `program`."""
    vectors = ROOT / "tests/vectors"
    pki = {role: (vectors / "pki" / f"{name}.der").read_bytes() for role, name in (("ca", "acme_root"), ("tsa", "matrix_tsa_root"))}
    for feature, (name, _) in MORE_INPUTS.items():
        for form in ("cose", "jws") if feature in PROGRAMS[program][1] else ():
            anchors = [(der, role) for role, der in pki.items() if role == "ca" or feature == "timestamps"]
            yield (f"{name}.{form}", form, vectors / "matrix" / f"{name}.{form}", vectors / "notary/manifest.json",
                   "application/vnd.oci.image.manifest.v1+json", anchors, 1893456000, "")


def decision(program: str, lines: list[str]) -> str:
    """The C++ expression of what decides about revocation in `program`; its data goes to `lines`."""
    for feature, function in (("lists", "lists"), ("responses", "data")):
        if feature in PROGRAMS[program][1]:
            data = (ROOT / "tests/vectors/matrix" / MORE_INPUTS[feature][1]).read_bytes()
            lines += [f"constexpr std::uint8_t revocation_der[] = {array(data)};",
                      "constexpr nv2::bytes revocation_list[] = {revocation_der};",
                      f"constexpr nv2::revocation_data revocation{{{'' if feature == 'lists' else '{}, '}revocation_list}};"]
            return f"nv2::revocation_by_{function}(revocation)"
    return "nv2::revocation::not_checked()"


def head(major: int, value: int) -> bytes:
    """A CBOR head."""
    if value < 24:
        return bytes([major << 5 | value])
    width = 1 if value < 0x100 else 2 if value < 0x10000 else 4
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26}[width]]) + value.to_bytes(width, "big")


def bundle(form: str, envelope: bytes) -> bytes:
    """A bundle with one signature and one revocation list."""
    def string(major: int, content: bytes) -> bytes:
        return head(major, len(content)) + content

    media_type = {"cose": b"application/cose", "jws": b"application/jose+json"}[form]
    revoked = (ROOT / "tests/vectors/matrix/good.crl").read_bytes()
    return (b"\x83" + string(3, b"nv2-bundle") + b"\x01\xa3\x00\x01\x01\x81\x82" + string(3, media_type) + string(2, envelope)
            + b"\x02\x81" + string(2, revoked))


def inputs(program: str) -> tuple[str, list[str]]:
    """The C++ source of all inputs that `program` can judge, and their names."""
    lines, rows, names = ['#include "core.hpp"', "#include <nv2/trust/revocation_responses.hpp>", "namespace {"], [], []
    revocation = decision(program, lines)
    known = (*prototype_signatures(), *notary_signatures(), *matrix_signatures(program))
    for name, form, envelope, manifest, media_type, anchors, time, identity in known:
        has_versions = "versions" in PROGRAMS[program][1]
        if form not in PROGRAMS[program][1] or (has_versions and not name.startswith("expiring")):
            continue
        number = len(names)
        for i, (der, _) in enumerate(anchors):
            lines.append(f"constexpr std::uint8_t der{number}_{i}[] = {array(der)};")
        refs = ", ".join(f"{{der{number}_{i}, nv2::anchor_role::{role}}}" for i, (_, role) in enumerate(anchors))
        lines.append(f"constexpr nv2::trust_anchor anchors{number}[] = {{{refs}}};")
        trust = f"nv2::policy::strict(anchors{number}, {revocation})"
        if "timestamps" in PROGRAMS[program][1]:
            trust += ".with_timestamps(nv2::timestamp_rule::always)"
        if "identities" in PROGRAMS[program][1]:
            lines.append(f"constexpr std::uint8_t text{number}[] = {array(identity.encode())};")
            lines.append(f"constexpr nv2::bytes identities{number}[] = {{text{number}}};")
            trust += f".with_identities(identities{number})"
        if has_versions:  # these have the annotation build, which is 42
            lines.append(f'constexpr nv2::version_rule rule{number} = nv2::version_rule::annotation("build", {{{{7}}}});')
            trust += f".with_version_floor(rule{number})"
        lines.append(f"constexpr nv2::policy trust{number} = {trust};")
        content = envelope.read_bytes()
        if "bundle" in PROGRAMS[program][1]:
            content = bundle(form, content)
        lines.append(f"constexpr std::uint8_t envelope{number}[] = {array(content)};")
        lines.append(f"constexpr std::uint8_t manifest{number}[] = {array(manifest.read_bytes())};")
        rows.append(f'{{"{name}", envelope{number}, manifest{number}, "{media_type}", trust{number}, {time}}}')
        names.append(name)
    lines += [f"const size_input all[] = {{{', '.join(rows)}}};", "}", "extern const nv2::view<size_input> size_inputs{all};"]
    return "\n".join(lines), names


def build(target: str, program: str, folder: Path) -> tuple[Path, str]:
    """Compiles and links; gives the program and its link map."""
    switches = [f"-DNV2_SIZE_{switch.upper()}={int(switch in PROGRAMS[program][1])}" for switch in SWITCHES]
    compiler, flags = TARGETS[target], [*COMMON, *switches, f"-I{HERE}"]
    own = ["host.cpp"] if target == "x86_64" else ["../target/support/board.cpp"]
    flags += M4 if target == "m4" else ["-O2", "-g"]
    (folder / "inputs.cpp").write_text(inputs(program)[0], encoding="utf-8")
    objects = []
    for source in [HERE / "core.cpp", HERE / "run.cpp", HERE / "backend.cpp", folder / "inputs.cpp", *(HERE / o for o in own)]:
        objects.append(folder / (source.stem + ".o"))
        run(compiler, *flags, "-c", source, "-o", objects[-1])
    link = ["-Wl,--gc-sections", f"-Wl,-Map={folder / 'map'}"]
    if target == "x86_64":
        link.append("-Wl,-z,now")  # or the dynamic linker would be counted
    if target == "m4":
        link += [*M4, "-nostartfiles", "--specs=nano.specs", "--specs=nosys.specs", f"-T{ROOT / 'tests/target/support/mps2.ld'}"]
    run(compiler, *objects, *link, "-o", folder / "program")
    return folder / "program", (folder / "map").read_text(encoding="utf-8")


def weigh(link_map: str) -> dict[str, int]:
    """Bytes of the library that were kept, by kind: core.o, and what the policies in inputs.o point to."""
    kept = link_map.split("Linker script and memory map", 1)[1]
    sums = {"text": 0, "data": 0}
    for section, size, file in re.findall(r"^ \.(\S+)\s+0x[0-9a-f]+\s+(0x[0-9a-f]+)\s+\S*/(core|inputs)\.o$", kept, re.M):
        kind = section.split(".")[0]
        if file == "inputs" and ("3nv2" not in section or "_GLOBAL__N_" in section):
            continue
        if kind in ("text", "rodata", "init_array") or section.startswith("ARM.ex"):
            sums["text"] += int(size, 16)
        elif kind in ("data", "bss", "tbss", "tdata"):
            sums["data"] += int(size, 16)
    if sums["text"] == 0:
        sys.exit("error: nothing of core.o in the link map")
    return sums


def list_functions(program: str) -> None:
    with tempfile.TemporaryDirectory(prefix="nv2-size-") as scratch:
        link_map = build("m4", program, Path(scratch))[1].split("Linker script and memory map", 1)[1]
    rows = re.findall(r"^ \.(\S+)\s+0x[0-9a-f]+\s+(0x[0-9a-f]+)\s+\S*/core\.o$", link_map, re.M)
    for section, size in sorted(rows, key=lambda row: int(row[1], 16)):
        if int(size, 16) > 0:
            name = re.sub(r"^(?:text|rodata|data|bss)\.(?=.)", "", section)
            print(f"{int(size, 16):6} {run('c++filt', name).strip()}")


def judge(output: str, names: list[str], accepted: int) -> tuple[int, int]:
    """Largest workspace and stack in the output of a program, all of whose inputs must have been accepted."""
    rows = re.findall(r"^run (\S+) (\d+) (\d+) (\d+)$", output, re.M)
    refused = [row[0] for row in rows if int(row[1]) != accepted]
    if refused or [row[0] for row in rows] != names:
        sys.exit(f"error: not accepted by the weighed program: {refused or 'inputs are missing'}\n{output}")
    return max(int(row[2]) for row in rows), max(int(row[3]) for row in rows)


def count_instructions(program: Path, index: int, folder: Path) -> int:
    run("valgrind", "--tool=callgrind", f"--callgrind-out-file={folder / 'callgrind'}", "--toggle-collect=size_verify",
        *(f"--toggle-collect=size_backend_{f}" for f in ("begin", "update", "end", "verify")), program, str(index))
    found = re.search(r"^summary: (\d+)", (folder / "callgrind").read_text(encoding="utf-8", errors="replace"), re.M)
    return int(found[1]) if found else 0


def measure() -> dict[str, dict[str, dict[str, int]]]:
    ok = int(re.search(r"\bok = (0x[0-9A-Fa-f]+)", (ROOT / "include/nv2/base/errc.hpp").read_text(encoding="utf-8"))[1], 16)
    result: dict[str, dict[str, dict[str, int]]] = {}
    for program in PROGRAMS:
        names = inputs(program)[1]
        result[program] = {}
        for target in TARGETS:
            with tempfile.TemporaryDirectory(prefix="nv2-size-") as scratch:
                folder = Path(scratch)
                binary, link_map = build(target, program, folder)
                numbers = weigh(link_map)
                if target == "m4":
                    printed = run("qemu-system-arm", "-machine", "mps2-an386", "-display", "none", "-monitor", "none", "-serial",
                                  "none", "-semihosting-config", "enable=on,target=native", "-kernel", binary)
                    numbers["workspace"], numbers["stack"] = judge(printed, names, ok)
                else:
                    numbers["workspace"], _ = judge(run(binary), names, ok)
                    counted = next((name for name in COUNTED_INPUTS if name in names), None)
                    if counted is not None:
                        numbers["instructions"] = count_instructions(binary, names.index(counted), folder)
                result[program][target] = numbers
    return result


def table(result: dict[str, dict[str, dict[str, int]]]) -> str:
    rows = ["| program | Cortex-M4 text | data + bss | stack | workspace | x86-64 text | x86-64 instructions |",
            "|---|---:|---:|---:|---:|---:|---:|"]
    for program, targets in result.items():
        m4, x86 = targets["m4"], targets["x86_64"]
        count = f"{x86['instructions']:,}" if "instructions" in x86 else "-"
        rows.append(f"| {PROGRAMS[program][0]} | {m4['text']:,} | {m4['data']} | {m4['stack']} | {m4['workspace']:,} "
                    f"| {x86['text']:,} | {count} |")
    return "\n".join(rows)


def readme_with(text: str) -> str | None:
    """README.md with `text` between its markers, or None when it has none."""
    old = README.read_text(encoding="utf-8") if README.is_file() else ""
    if BEGIN not in old or END not in old:
        return None
    return old.split(BEGIN)[0] + f"{BEGIN}\n{text}\n{END}" + old.split(END, 1)[1]


def compare(result, recorded) -> tuple[int, list[str]]:
    passed, findings = 0, []
    for program, targets in result.items():
        for target, numbers in targets.items():
            for kind, value in numbers.items():
                limit = recorded.get(program, {}).get(target, {}).get(kind)
                if limit is None or value > limit * (1 + TOLERANCE.get(kind, 0)):
                    findings.append(f"{program}, {target}, {kind}: {value}, recorded {limit}")
                else:
                    passed += 1
    return passed, findings


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--update", action="store_true")
    options.add_argument("--check", action="store_true")
    options.add_argument("--functions", nargs="?", const="all", choices=PROGRAMS)
    given = options.parse_args()
    missing = [t for t in (*TARGETS.values(), "qemu-system-arm", "valgrind") if shutil.which(t) is None]
    if missing:
        print(f"skipped: {', '.join(missing)} not found")
        return 77
    if given.functions:
        list_functions(given.functions)
        return 0
    versions = {target: run(compiler, "-dumpfullversion").strip() for target, compiler in TARGETS.items()}
    result = measure()
    print(table(result))
    if given.update:
        RECORDED.write_text(json.dumps({"compilers": versions, "sizes": result}, indent=2) + "\n", encoding="utf-8")
        text = readme_with(table(result))
        if text is None:
            print(f"README.md has no {BEGIN} and {END}; the table is in recorded.json only")
        else:
            README.write_text(text, encoding="utf-8")
    if not given.check:
        return 0

    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    if recorded["compilers"] != versions:
        print(f"skipped: recorded with {recorded['compilers']}, here is {versions}")
        return 77
    passed, findings = compare(result, recorded["sizes"])
    if findings:
        print("larger than recorded:\n  " + "\n  ".join(findings) +
              "\n    Why: small size and stack are what the core is for; growth must be a decision."
              "\n    Fix: make it smaller, or run tests/size/report.py --update and say in the commit what the bytes buy.")
    if README.is_file() and readme_with(table(recorded["sizes"])) != README.read_text(encoding="utf-8"):
        findings.append("README.md")
        print("README.md does not show the recorded table.\n    Why: nobody may copy numbers by hand."
              f"\n    Fix: keep {BEGIN} and {END} in it, and run tests/size/report.py --update.")
    print(f"{passed} passed, {len(findings)} failed")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
