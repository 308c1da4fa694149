# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Timestamps that differ in one thing from good ones, by `openssl ts` unless an edit of their bytes makes the difference; the
same in both formats. The rows are those of the rule book on tokens."""
from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

import notary_pki as pki
import testpki
from notary_bench import Bench, Difference, at_level
from notary_matrix import FORMS, kept_form, prepare, sign_by_core
from notary_mutations import cbor
from notation_tools import Verdict
from web_services import Stamper

TOKEN = "io.cncf.notary.timestampSignature"
LATE = ["authenticTimestamp"]
STAMPING, CODE = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING
NULL = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00")


def purposes(*values: x509.ObjectIdentifier, critical: bool = True) -> tuple[x509.ExtensionType, bool]:
    return x509.ExtendedKeyUsage(values), critical


# --- edits of tokens and envelopes ------------------------------------------------------------------------------

def elements(content: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(content):
        end = testpki.read_tlv(content, at)[2]
        found.append(content[at:end])
        at = end
    return found


def with_lists(token: bytes, *lists: bytes) -> bytes:
    """With crls [1]. ContentInfo ::= SEQUENCE { contentType, [0] SignedData }"""
    kind, content = elements(testpki.read_tlv(token)[1])
    parts = elements(testpki.read_tlv(testpki.read_tlv(content)[1])[1])
    parts.insert(len(parts) - 1, testpki.tlv(0xA1, *lists))
    return testpki.seq(kind, testpki.tlv(0xA0, testpki.seq(*parts)))


def flipped(token: bytes, at: int) -> bytes:
    return token[:at] + bytes([token[at] ^ 1]) + token[at + 1:]


def later(token: bytes) -> bytes:
    """With another second of genTime."""
    return flipped(token, re.search(rb"\x18\x0f\d{14}Z", token).end() - 2)


def without_end(token: bytes) -> bytes:
    return b"\x30\x80" + testpki.read_tlv(token)[1] + b"\0\0"


def longer_length(token: bytes) -> bytes:
    content = testpki.read_tlv(token)[1]
    return b"\x30\x84" + len(content).to_bytes(4, "big") + content


def signature_of(envelope: bytes, form: str) -> bytes:
    """Of P-256."""
    if form == "cose":
        return envelope[-64:]
    text = json.loads(envelope)["signature"]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def stamped(envelope: bytes, form: str, token: bytes) -> bytes:
    """With that token, which is in the part that is not signed."""
    if form == "jws":
        changed = json.loads(envelope)
        changed["header"][TOKEN] = base64.b64encode(token).decode()
        return pki.compact(changed)
    width = {0x58: 1, 0x59: 2}[envelope[2]]  # of the protected header's length, behind a tag and the head of an array
    at = 3 + width + int.from_bytes(envelope[3:3 + width], "big")
    return envelope[:at] + bytes([envelope[at] + 1]) + cbor(TOKEN) + cbor(token) + envelope[at + 1:]


# --- rows -------------------------------------------------------------------------------------------------------

@dataclass
class Row:
    name: str
    rule: str
    theirs: list[str]
    ours: list[str] | None = None              # when they are others
    kind: str = "p256"                         # of the service's key
    leaf: dict = field(default_factory=dict)   # of its certificate
    root: dict = field(default_factory=dict)
    middle: bool = False                       # an authority between the two
    brings: str = "leaf root"                  # certificates in the token
    settings: dict = field(default_factory=dict)
    asked: dict = field(default_factory=dict)  # digest, certificates
    edit: object = None                        # function(token)
    timestamp: str = ""
    signer: str = ""                           # "past": the signer's certificate ended before the timestamp

    @property
    def difference(self) -> bool:
        return self.ours is not None


def rows(issuer: pki.Cert | None = None) -> list[Row]:
    """issuer: of revocation lists"""
    soon = datetime.utcnow().replace(microsecond=0)
    past = {"starts": soon - timedelta(days=400), "ends": soon - timedelta(days=300)}
    both = ("digital_signature", "content_commitment")
    return [
        Row("good", "TV-01", []), Row("imprint of another hash", "TV-02 T-012", [], LATE, asked={"digest": "sha512"}),
        Row("imprint by SHA-1", "TV-03 T-011", LATE, asked={"digest": "sha1"}),
        Row("certificate named by SHA-1", "TV-04 T-023", LATE, settings={"ess_cert_id_alg": "sha1"}),
        Row("certificate named by SHA-512", "TV-05 T-024", [],
            settings={"ess_cert_id_alg": "sha512", "signer_digest": "sha512"}),
        Row("signed with SHA-1", "TV-06 T-027", LATE, settings={"signer_digest": "sha1"}),
        Row("no certificates", "TV-07 T-005", LATE, asked={"certificates": False}),
        Row("without the root", "TV-08", [], brings="leaf"),
        Row("authority between", "T-040", [], middle=True, brings="leaf middle"),
        Row("authority between is missing", "T-040", LATE, middle=True, brings="leaf"),
        Row("all certificates named", "T-026", [], middle=True, brings="leaf middle root",
            settings={"ess_cert_id_chain": "yes"}),
        Row("key usage not critical", "TV-09 X-060", [], leaf={"usage_critical": False}),
        Row("key usage of two", "TV-10 X-022", [], leaf={"usage": both}),
        Row("root for code", "TV-11 X-064", LATE, root={"extensions": (purposes(CODE, critical=False),)}),
        Row("root for stamps", "X-064", [], root={"extensions": (purposes(STAMPING, critical=False),)}),
        Row("root with a critical extension", "X-064", LATE, root={"extensions": ((NULL, True),)}),
        Row("key of P-384", "TV-12 T-027", [], kind="p384", settings={"signer_digest": "sha384"}),
        Row("key of P-384 with SHA-256", "T-027", [], kind="p384"), Row("RSA-2048", "T-027", [], kind="rsa2048"),
        Row("RSA-1024", "TV-13 X-060", LATE, kind="rsa1024"),
        Row("accuracy of a minute", "TV-16 T-043", [], settings={"accuracy": "secs:60, millisecs:500, microsecs:7"}),
        Row("accuracy of a month", "TV-17 T-043", LATE, settings={"accuracy": "secs:2592000"}),
        Row("ordering and name", "TV-18 T-013", [], settings={"ordering": "yes", "tsa_name": "yes"}),
        Row("fraction of the second", "T-014", [], settings={"clock_precision_digits": "3"}),
        Row("signer ended before", "TV-19 T-043", LATE, signer="past"),
        Row("service ended before", "T-040", LATE, leaf=past), Row("root of the service ended before", "T-040", LATE, root=past),
        Row("garbage, not needed", "TV-20 W-062", [], edit=lambda token: b"garbage", timestamp="afterCertExpiry"),
        Row("garbage", "TV-21 T-002", LATE, edit=lambda token: b"garbage"),
        Row("byte after it", "TV-22 T-002", LATE, edit=lambda token: token + b"\0"),
        Row("cut", "T-002", LATE, edit=lambda token: token[:-1]),
        Row("its signature changed", "T-022", LATE, edit=lambda token: flipped(token, len(token) - 1)),
        Row("its time changed", "T-021", LATE, edit=later),
        Row("with a list", "TV-27 T-006", LATE, edit=lambda token: with_lists(token, pki.revocation_list(issuer))),
        Row("with no lists", "TV-27 T-006", [], LATE, edit=with_lists),
        Row("without a length", "TV-28 T-002", LATE, edit=without_end),
        Row("long form of its length", "TV-29 T-002", [], LATE, edit=longer_length),
    ]


class World:
    """A service, and how it stamps."""

    def __init__(self, bench: Bench, row: Row) -> None:
        self.root = pki.make_cert(bench.key("p256", "-token-root"), "Token Root", ca=True, **row.root)
        issuer = self.middle = (pki.make_cert(bench.key("p384", "-token-middle"), "Token CA", issuer=self.root, ca=True)
                                if row.middle else self.root)
        key = bench.key(row.kind, "-token")
        options = {"extensions": (purposes(STAMPING),)} | row.leaf
        self.leaf = pki.make_cert(key, "Token Service", issuer=issuer, **options)
        chain = b"".join(getattr(self, each).pem for each in row.brings.split())
        self.stamper = Stamper(bench.folder("stamper"), key.path, self.leaf.pem, chain, **row.settings)


def sign(bench: Bench, form: str, who: str) -> tuple[list[pki.Cert], bytes, str]:
    """A chain, and what the library signed with it: the envelope and its media type."""
    now = datetime.utcnow().replace(microsecond=0)
    dates, more = {}, {}
    if who == "past":
        dates = {"starts": now - timedelta(days=400), "ends": now - timedelta(days=300)}
        more = {"signing_time": (now - timedelta(days=350)).strftime("%Y-%m-%dT%H:%M:%SZ")}
    root = pki.make_cert(bench.key("p256", "-root"), "Tokens Root", ca=True, starts=now - timedelta(days=500))
    chain = [pki.make_cert(bench.key("p256"), "Tokens Signer", issuer=root, **dates), root]
    layout, made = prepare(bench, "tokens", ["v"])
    problem = sign_by_core(bench, layout, "v", made["v"], chain, form, **more)
    bench.report.check(f"{form} {who} to be stamped [peer signs]", not problem, problem)
    media_type, envelope, _ = pki.signatures_of(layout, made["v"]["digest"])[0]
    return chain, envelope, media_type


def run(bench: Bench) -> None:
    if not bench.peer:
        bench.report.skip("tokens", "no program for peer")
        return
    signed = {(form, who): sign(bench, form, who) for form in FORMS for who in ("", "past")}
    for number, row in enumerate(rows(signed["jws", ""][0][1])):
        world = World(bench, row)
        for form in FORMS:
            chain, envelope, media_type = signed[form, row.signer]
            token = world.stamper.token(signature_of(envelope, form), **row.asked)
            judge(bench, f"{form} token {row.name} {row.rule}", row, chain, world,
                  (stamped(envelope, form, row.edit(token) if row.edit else token), media_type), form == kept_form(number))
    other_stores(bench, signed)


def judge(bench: Bench, case: str, row: Row, chain: list[pki.Cert], world: World, made: tuple[bytes, str],
          kept: bool = False) -> None:
    layout = bench.folder("stamped")
    subject = pki.make_layout(layout, {"v": b"tokens v\n"})["v"]
    pki.attach(layout, subject, *made)
    members = {"timestamp": row.timestamp} if row.timestamp else {}
    policy = bench.policy({"ca": chain[-1:], "tsa": [world.root]}, "strict", **members)
    difference = Difference(row.rule, at_level("strict", *row.ours)) if row.difference else None
    bench.artifact(case, layout, "v", policy, at_level("strict", *row.theirs), difference=difference,
                   keep="v" if kept else "")


def other_stores(bench: Bench, signed: dict) -> None:
    """Stores that hold something else than the root of the service, and a token over something else."""
    row = Row("", "", [])
    for form in FORMS:
        chain, envelope, media_type = signed[form, ""]
        world = World(bench, row)
        token = stamped(envelope, form, world.stamper.token(b"something else"))
        judge(bench, f"{form} token over other data TV-15 T-011", Row("", "T-011", LATE), chain, world, (token, media_type))
        good = stamped(envelope, form, world.stamper.token(signature_of(envelope, form)))
        other = pki.make_cert(bench.key("p256", "-token-other"), "Token Root", ca=True)
        for name, anchor in (("another root of that name TV-24 T-040", other), ("the root's key, renewed T-040", world.root)):
            world.root = anchor if anchor is other else pki.make_cert(world.root.key, "Token Root", ca=True)
            judge(bench, f"{form} token, store has {name}", Row("", "T-040", LATE), chain, world, (good, media_type))
        layout = bench.folder("stamped")
        pki.attach(layout, pki.make_layout(layout, {"v": b"tokens v\n"})["v"], good, media_type)
        leaf_only = bench.policy({"ca": chain[-1:], "tsa": [world.leaf]})
        bench.artifact(f"{form} token, store has its signer TV-23 T-041", layout, "v", leaf_only, at_level("strict", *LATE),
                       difference=Difference("S-012", Verdict("policy")))
