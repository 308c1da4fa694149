# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""The cases for the boards: those of tests/vectors, and the signatures that the real tools made, good and damaged.

pack() writes what pack.hpp reads. What is expected stays here.
"""
from __future__ import annotations

import base64
import functools
import json
import re
import struct
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests/vectors"
GOLDEN = ROOT / "tests/interop/golden"
ROLES = ["ca", "signing_authority", "tsa", "signer"]
TIMES = ["unknown", "not_before", "at"]
LEVELS = ["strict", "permissive", "audit", "skip"]
ACTIONS = ["enforce", "log", "skip"]
VALIDATIONS = ["integrity", "authenticity", "authenticTimestamp", "expiry", "revocation"]


class Case(NamedTuple):
    name: str
    format: str
    expect: str  # name of an errc
    verdict: str
    content: bytes  # what the board gets


@functools.cache
def codes() -> dict[str, int]:
    """The numbers of the errors by name."""
    found = {}
    for file in (ROOT / "include/nv2/base").glob("errc*.hpp"):
        text = file.read_text(encoding="utf-8")
        found |= {name: int(number, 16) for name, number in re.findall(r"\bX\((\w+), *(0x[0-9A-Fa-f]+),", text)}
        found |= {name: int(number, 0) for name, number in re.findall(r"^  (ok|unset) = (\w+),", text, re.M)}
    return found


@functools.cache
def leniencies() -> dict[str, int]:
    text = (ROOT / "include/nv2/base/compat.hpp").read_text(encoding="utf-8")
    return {name: 1 << int(bit) for name, bit in re.findall(r"^  (\w+) = 1U << (\d+),", text, re.M)}


@functools.cache
def verdicts() -> dict[str, int]:
    text = (ROOT / "include/nv2/verification.hpp").read_text(encoding="utf-8")
    body = re.search(r"^enum class verdict : [\w:]+ {(.*?)^};", text, re.M | re.S)[1]
    return {name: int(number, 0) for name, number in re.findall(r"^  (\w+) = (\w+),?$", body, re.M)}


def u8(value: int | bool) -> bytes:
    return struct.pack("<B", value)


def u32(value: int) -> bytes:
    return struct.pack("<I", value)


def string(value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return u32(len(data)) + data


def strings(values) -> bytes:
    return u32(len(values)) + b"".join(map(string, values))


def encode(facts: dict, envelope: bytes, artifact: bytes, anchors: list[tuple[bytes, str]]) -> bytes:
    """One case in the form of pack.hpp; `facts` are those of a case.json, or fewer."""
    time, level = facts["time"], facts.get("level")
    out = [string(facts["media_type"]), string(facts.get("declared", "")), u8(TIMES.index(time["basis"])),
           struct.pack("<q", time["value"]), u32(sum(leniencies()[flag] for flag in facts.get("compat", []))),
           u32(facts.get("min_rsa_bits", 2048)), u8(facts.get("blob", False)), u8(facts.get("revocation") == "no_data"),
           u8(level is not None)]
    if level is not None:
        override = facts["override"].items()
        out += [u8(facts["verify_timestamp"] == "afterCertExpiry"), u8(LEVELS.index(level)), u32(len(override))]
        out += [u8(VALIDATIONS.index(kind)) + u8(ACTIONS.index(action)) for kind, action in override]
        out += [strings(facts["identities"]) + strings(facts["understands"]), u32(len(facts["user_metadata"]))]
        out += [string(key) + string(value) for key, value in facts["user_metadata"].items()]
    out += [u32(len(anchors)), *(u8(ROLES.index(role)) + string(der) for der, role in anchors)]
    return b"".join([*out, string(artifact), string(envelope)])


def of_vectors(area: str):
    """The cases of a folder of tests/vectors."""
    for file in sorted((VECTORS / area).glob("*/case.json")):
        folder, facts = file.parent, json.loads(file.read_text(encoding="utf-8"))
        anchors = [((folder / anchor["file"]).read_bytes(), anchor["role"]) for anchor in facts["anchors"]]
        content = encode(facts, (folder / facts["envelope"]).read_bytes(), (folder / facts["artifact"]).read_bytes(), anchors)
        verdict = facts.get("verdict", "trusted" if facts["expect"] == "ok" else "rejected")
        yield Case(f"{area}/{folder.name}", facts["format"], facts["expect"], verdict, content)


def pem(path: Path) -> list[bytes]:
    blocks = re.findall(r"-----BEGIN CERTIFICATE-----(.*?)-----END", path.read_text(encoding="ascii"), re.S)
    return [base64.b64decode(block) for block in blocks]


def damaged(form: str, envelope: bytes) -> bytes:
    """The envelope with one bit of its signature turned."""
    if form == "cose":  # the signature is its end
        return envelope[:-1] + bytes([envelope[-1] ^ 1])
    before = {"nv2-jwt": b".", "nv2-json": b'"sig":"', "jws": b'"signature":"'}[form]
    middle = envelope.rindex(before) + len(before) + 40
    return envelope[:middle] + (b"B" if envelope[middle:middle + 1] == b"A" else b"A") + envelope[middle + 1:]


def of_tool(name: str, form: str, envelope: bytes, artifact: bytes, facts: dict, anchors: list[tuple[bytes, str]]):
    """A signature of a real tool: as it is, with another artifact, and damaged."""
    changed = artifact[:-1] + bytes([artifact[-1] ^ 1])
    yield Case(f"golden/{name}", form, "ok", "trusted", encode(facts, envelope, artifact, anchors))
    yield Case(f"golden/{name}/artifact", form, "artifact_digest", "rejected", encode(facts, envelope, changed, anchors))
    yield Case(f"golden/{name}/signature", form, "signature_mismatch", "rejected",
               encode(facts, damaged(form, envelope), artifact, anchors))


def of_tools():
    for entry in json.loads((GOLDEN / "index.json").read_text(encoding="utf-8"))["signatures"]:
        facts = {"media_type": entry["media_type"], "time": {"basis": "at", "value": entry["time"]}}
        anchors = [(der, role) for role, key in (("signer", "certs"), ("ca", "ca_certs")) for file in entry[key]
                   for der in pem(GOLDEN / file)]
        yield from of_tool(entry["file"].removesuffix(".nv2"), entry["format"], (GOLDEN / entry["file"]).read_bytes(),
                           (GOLDEN / entry["manifest"]).read_bytes(), facts, anchors)
    folder, roles = GOLDEN / "notary", {"ca": "ca", "signingAuthority": "signing_authority"}
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    for entry in index["signatures"] + index["blobs"]:
        is_blob = "blob" in entry
        facts = {"media_type": entry["blob_media_type" if is_blob else "manifest_media_type"], "blob": is_blob,
                 "time": {"basis": "at", "value": entry["time"]}, "level": "strict", "override": {}, "verify_timestamp": "",
                 "identities": [entry["identity"]], "understands": [], "user_metadata": {}}
        anchors = [(der, roles[entry["store"]]) for der in pem(folder / entry["anchor"])]
        yield from of_tool(entry["file"].removesuffix(".sig"), entry["format"], (folder / entry["file"]).read_bytes(),
                           (folder / entry["blob" if is_blob else "manifest"]).read_bytes(), facts, anchors)


def all_cases() -> list[Case]:
    return [*of_tools(), *of_vectors("nv2"), *of_vectors("notary")]


def pack(cases: list[Case]) -> bytes:
    return b"".join(string(case.content) for case in cases)
