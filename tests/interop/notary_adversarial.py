# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""The vectors of tests/vectors/notary, put to the real library: is what they say of the reference true?

Each case says what we must do with an envelope (`verdict`), which the unit tests check, and what notation does
(`reference`), which is checked here. Where the two differ, the rule book lists the row.
"""
from __future__ import annotations

import base64
import json
from pathlib import Path

import notary_pki as pki
from notary_bench import Bench
from notation_tools import Peer

VECTORS = Path(__file__).resolve().parent.parent / "vectors" / "notary"
ROLES = {"ca": "ca", "signing_authority": "signingAuthority", "tsa": "tsa"}
# Rows of the rule books in which we accept what the reference refuses, with the rule that says why.
NOW = 1767225600  # of most cases; at another time the reference, which reads the clock, answers another question
WE_ACCEPT_MORE = {"JV-15": "G-011", "JV-72": "J-054"}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def request(folder: Path, case: dict) -> dict:
    """What notation_peer is asked about a case."""
    artifact = (folder / case["artifact"]).read_bytes()
    anchors: dict[str, list[str]] = {}
    for anchor in case["anchors"]:
        anchors.setdefault(ROLES[anchor["role"]], []).append(b64((folder / anchor["file"]).read_bytes()))
    asked = {"do": "judge", "format": case["format"], "envelope": b64((folder / case["envelope"]).read_bytes()),
             "anchors": anchors, "metadata": case["user_metadata"],
             "statement": {"level": case["level"], "override": case["override"] or None,
                           "verify_timestamp": case["verify_timestamp"], "identities": case["identities"]}}
    if case["blob"]:
        return asked | {"content": b64(artifact), "media_type": case["media_type"]}
    algorithm = "sha512" if "sha512" in folder.name else "sha384" if "sha384" in folder.name else "sha256"
    descriptor = {"mediaType": case["media_type"], "digest": pki.digest_of(artifact, algorithm), "size": len(artifact)}
    return asked | {"artifact": descriptor}


def load() -> dict[str, tuple[Path, dict]]:
    found = {path.parent.name: (path.parent, json.loads(path.read_text())) for path in sorted(VECTORS.glob("*/case.json"))}
    # Anchors of the prototype's role mean nothing to the reference.
    return {name: each for name, each in found.items() if all(anchor["role"] in ROLES for anchor in each[1]["anchors"])}


def check(bench: Bench, name: str, case: dict, found: str, says: str) -> None:
    """found: what the real library says of the case."""
    if case["reference"] != "n/a":
        bench.report.check(f"vector {name} {case['row']} [peer]", found == case["reference"],
                           f"the case says {case['reference']}, notation {found} ({says})")
    ours = "reject" if case["verdict"] == "rejected" else "accept"
    plain = not case["compat"] and not case["understands"] and case["time"] == {"basis": "at", "value": NOW}
    if plain and ours == "accept" and found == "reject" and case["row"].split(" ")[0] not in WE_ACCEPT_MORE:
        bench.report.check(f"vector {name} {case['row']} [nv2 accepts no more]", False, f"notation refuses it ({says})")


def run(bench: Bench) -> None:
    if not bench.peer:
        bench.report.skip("vectors", "no program for peer")
        return
    for name, (folder, case) in load().items():
        answer = bench.peer.ask(**request(folder, case))
        found = "accept" if Peer.verdict(answer).passes else "reject"
        check(bench, name, case, found, answer.get("error", ""))
        bench.verdicts[f"vector {name}"] = found


def replay(bench: Bench, verdicts: dict[str, str]) -> None:
    for name, (_, case) in load().items():
        found = verdicts.get(f"vector {name}")
        if found is None:
            bench.report.check(f"vector {name} [recorded]", case["reference"] == "n/a", "the recording does not have it")
        else:
            check(bench, name, case, found, "recorded")
