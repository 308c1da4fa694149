#!/usr/bin/python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/vectors/notary/<case>/: one folder a case, a Notary Project envelope and a case.json that says by whom
and what it is to be trusted, and what must come of it. Keys, certificates and envelopes that are there are kept, since
ECDSA signatures differ with every run; an envelope is made anew when its folder is removed, or all with --force.

All certificates are good from 2020 to 2045 and all times lie before 2022 or after 2040 where that is the point, so that
the cases can also be put to a program that reads the clock.

Needs Debian's python3-cryptography. Run: tests/vectors/notary_generate.py [--force]
"""
import hashlib
import json
import pathlib
import sys

import notary_cases_cose
import notary_cases_jws
import notary_cases_trust
import notary_pki
from notary_envelope import AUTHORITY, FORMS, changed, compact

OUT = pathlib.Path(__file__).parent / "notary"
NOW = 1767225600  # 2026-01-01T00:00:00Z
OCI = "application/vnd.oci.image.manifest.v1+json"
FORCE = "--force" in sys.argv[1:]
EMPTY = {"mediaType": "application/vnd.oci.empty.v1+json", "size": 2, "digest": "sha256:" + hashlib.sha256(b"{}").hexdigest()}
MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": OCI, "artifactType": "application/vnd.example.artifact",
                       "config": EMPTY, "layers": [EMPTY]}, indent=1).encode()
FORMATS = {"jws": "application/jose+json", "cose": "application/cose"}
CASES = {}


def digest(data, algorithm="sha256"):
    return f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


def payload_of(target):
    members = {"mediaType": OCI, "digest": digest(MANIFEST), "size": len(MANIFEST)}
    return compact({"targetArtifact": changed(members, target)})


class Table:
    """What the tables of cases call."""
    MANIFEST, OCI, NOW, digest, payload_of = MANIFEST, OCI, NOW, staticmethod(digest), staticmethod(payload_of)

    @staticmethod
    def case(name, row, rules, expect="ok", *, form, reference=None, anchors=None, identities=("*",), level="strict",
             override=None, verify_timestamp="", understands=(), user_metadata=None, blob=False, time="at", now=NOW,
             compat=(), artifact="manifest.json", media_type=None, declared="", verdict=None, logged=None, title="",
             min_rsa_bits=None, revocation=None, payload=None, target=None, **changes):
        """`row`: of the rule books, "" = none. `anchors`: (certificate, role), by default the end of the chain.
        `reference`: what notation does, by default what we do. `logged`: the failures that the level lets pass."""
        name = f"{form}_{name}"
        assert name not in CASES, name
        plan = FORMS[form](payload if payload is not None else payload_of(target or {}), changes)
        if anchors is None:
            anchors = [(plan.certs[-1], "signing_authority" if plan.scheme == AUTHORITY else "ca")]
        if verdict is None:
            verdict = "rejected" if expect != "ok" else "accepted" if logged else "trusted"
        if reference is None:
            reference = "n/a" if not row else "accept" if verdict != "rejected" else "reject"
        CASES[name] = (plan, changed({
            "title": title, "row": row, "rules": rules.split() + row.split(), "format": form, "declared": declared,
            "envelope": f"signature.{plan.suffix}", "artifact": f"../{artifact}",
            "media_type": OCI if media_type is None and not blob else media_type or "", "blob": blob,
            "anchors": [{"file": f"../../pki/{c}.der", "role": role} for c, role in anchors],
            "identities": list(identities), "level": level, "override": override or {},
            "verify_timestamp": verify_timestamp, "understands": list(understands),
            "user_metadata": user_metadata or {}, "time": {"basis": time, "value": now}, "compat": list(compat),
            "reference": reference, "expect": expect, "verdict": verdict, "logged": logged or {}},
            {"min_rsa_bits": min_rsa_bits, "revocation": revocation}))

    @classmethod
    def both(cls, name, rows, rules, expect="ok", **arguments):
        """The same in JWS and in COSE; `rows` is one row for both, or one each."""
        rows = (rows, rows) if isinstance(rows, str) else rows
        for form, row in zip(FORMS, rows):
            cls.case(name, row, rules, expect, form=form, **arguments)


def write():
    OUT.mkdir(exist_ok=True)
    (OUT / "manifest.json").write_bytes(MANIFEST)
    (OUT / "manifest-tampered.json").write_bytes(MANIFEST.replace(b'"size": 2', b'"size": 3', 1))
    (OUT / "manifest-longer.json").write_bytes(MANIFEST + b"\n")
    for name, (plan, facts) in CASES.items():
        folder = OUT / name
        folder.mkdir(exist_ok=True)
        envelope = folder / facts["envelope"]
        if FORCE or not envelope.exists():
            envelope.write_bytes(plan.envelope())
        (folder / "case.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
    for folder in OUT.iterdir():
        if folder.is_dir() and folder.name not in CASES:
            print(f"not in the tables of cases: {folder.name}")
    print(f"{len(CASES)} cases")


if __name__ == "__main__":
    notary_pki.make()
    for table in (notary_cases_jws, notary_cases_cose, notary_cases_trust):
        table.define(Table)
    write()
