# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""COSE attributes that nobody reads: which values does notation refuse all the same, and do we?"""
from __future__ import annotations

import base64
from dataclasses import dataclass

import notary_pki as pki
from notary_bench import SCOPE, Bench
from notary_mutations import CONTENT_TYPE, DESCRIPTOR, MANIFEST, N, cbor, golden_chain, raw_signature
from notation_tools import TRUSTED, Peer

ACCEPT, REJECT = "accept", "reject"


@dataclass
class Value:
    name: str
    item: str                 # CBOR, hexadecimal
    reference: str            # in the protected header; tags are refused in the other one
    ours: str = ""
    rule: str = "C-008"

    @property
    def has_tag(self) -> bool:
        return "tag" in self.name


VALUES = [
    Value("2^63-1", "1b7fffffffffffffff", ACCEPT), Value("2^63", "1b8000000000000000", REJECT),
    Value("-2^63", "3b7fffffffffffffff", ACCEPT), Value("-2^63-1", "3b8000000000000000", ACCEPT, REJECT),
    Value("2^63 in an array", "811b8000000000000000", REJECT), Value("2^63 in a map", "a1011b8000000000000000", REJECT),
    Value("2^63 as a key", "a11b800000000000000001", REJECT), Value("-2^63-1 as a key", "a13b800000000000000001", REJECT),
    Value("2^63 in a tag", "d8631b8000000000000000", REJECT), Value("a tag of number 2^63", "db800000000000000001", ACCEPT),
    Value("tag 0 about a date", "c074323034302d30312d30315430303a30303a30305a", ACCEPT),
    Value("tag 0 about a text that is no date", "c0617a", REJECT, ACCEPT), Value("tag 0 about a number", "c001", REJECT),
    Value("tag 1 about a text", "c1617a", REJECT), Value("tag 1 about 2^63", "c11b8000000000000000", REJECT),
    Value("tag 1 about infinity", "c1f97c00", ACCEPT), Value("tag 2 about bytes", "c249010000000000000000", ACCEPT),
    Value("tag 2 about a number", "c201", REJECT), Value("tag 4", "c4820001", ACCEPT),
    Value("tag 55799", "d9d9f701", ACCEPT), Value("undefined", "f7", ACCEPT), Value("simple value 255", "f8ff", ACCEPT),
    Value("null as a key", "a1f601", ACCEPT), Value("null as a key twice", "a2f601f602", REJECT),
    Value("float as a key", "a1f93c0001", ACCEPT), Value("the same float in two sizes", "a2f93c0001fa3f80000002", REJECT),
    Value("1.0 and 1", "a2f93c00010102", ACCEPT), Value("0.0 and -0.0", "a2f9000001f9800002", REJECT, ACCEPT),
    Value("NaN as a key twice", "a2f97e0001f97e0002", ACCEPT, REJECT, "C-007"), Value("array as a key", "a18001", REJECT),
    Value("a tag as a key", "a1c10101", ACCEPT, REJECT), Value("bytes and text as keys", "a2416101616102", ACCEPT)]


def envelope(value: Value, in_protected: bool) -> bytes:
    key, chain = golden_chain()

    def header(members: dict, more: bool) -> bytes:
        encoded = cbor(members)
        return bytes([encoded[0] + more]) + encoded[1:] + (cbor("x") + bytes.fromhex(value.item) if more else b"")
    protected = header({1: -7, 2: [N + "signingScheme"], 3: CONTENT_TYPE, N + "signingScheme": "notary.x509",
                        N + "signingTime": (1, 1700000000)}, in_protected)
    payload = pki.compact({"targetArtifact": DESCRIPTOR})
    signature = raw_signature(key, cbor(["Signature1", protected, b"", payload]))
    return (b"\xd2\x84" + cbor(protected) + header({33: [each.der for each in chain]}, not in_protected) + cbor(payload)
            + cbor(signature))


def run(bench: Bench) -> None:
    _, chain = golden_chain()
    policy = bench.policy({"ca": chain[-1:]})
    folder = bench.folder("attributes")
    (folder / "manifest.json").write_bytes(MANIFEST)
    file = folder / "x.cose.sig"
    for value in VALUES:
        for where in ("protected", "unprotected"):
            data = envelope(value, where == "protected")
            refused = value.has_tag and where == "unprotected"  # C-009
            reference = REJECT if refused else value.reference
            ours = REJECT if refused else value.ours or value.reference
            case = f"attribute {value.name}, {where} {value.rule}"
            if bench.peer:
                answer = bench.peer.ask(do="judge", format="cose", envelope=base64.b64encode(data).decode(),
                                        artifact=DESCRIPTOR, anchors={"ca": [base64.b64encode(chain[-1].der).decode()]})
                found = ACCEPT if Peer.verdict(answer).passes else REJECT
                bench.report.check(f"{case} [peer]", found == reference, f"{found} {answer.get('error', '')}")
                bench.verdicts[case] = found
            if bench.client:
                file.write_bytes(data)
                verdict = bench.client.verify("--signature", str(file), "--format", "cose", "--config", str(policy.config),
                                              "--scope", SCOPE, "--media-type", pki.MANIFEST_TYPE,
                                              f"file:{folder / 'manifest.json'}")
                found = ACCEPT if verdict.word == TRUSTED else REJECT if verdict.word == "rejected" else verdict.word
                bench.report.check(f"{case} [nv2]", found == ours, f"{found} {verdict.says}")
