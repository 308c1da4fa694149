# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Envelopes with random edits, signed again where the edit is under the signature: we must accept nothing that notation refuses.

The edits come from a seed, so that a run can be repeated; NV2_MUTATIONS sets how many there are for each format.
"""
from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import re
from typing import Callable

import notary_pki as pki
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from notary_bench import SCOPE, Bench
from notary_matrix import FORMS, GOLDEN
from notation_tools import TRUSTED, Peer

COUNT, SEED = int(os.environ.get("NV2_MUTATIONS", "250")), int(os.environ.get("NV2_MUTATIONS_SEED", "1"))
N = "io.cncf.notary."
CONTENT_TYPE = "application/vnd.cncf.notary.payload.v1+json"
MANIFEST = pki.compact({"schemaVersion": 2, "mediaType": pki.MANIFEST_TYPE, "layers": [],
                        "config": {"mediaType": pki.EMPTY_TYPE, "digest": pki.digest_of(b"{}"), "size": 2}})
DESCRIPTOR = {"mediaType": pki.MANIFEST_TYPE, "digest": pki.digest_of(MANIFEST), "size": len(MANIFEST)}


KNOWN = {"alg", "cty", "crit", "payload", "protected", "header", "signature", "x5c", "targetArtifact", "mediaType", "digest", "size",
         "annotations", *(N + each for each in ("signingScheme", "signingTime", "authenticSigningTime", "expiry", "signingAgent",
                                                "timestampSignature"))}
FOLDED = {each.casefold() for each in KNOWN}


def explained(texts: bytes) -> str:
    """The rule by which we may accept what notation refuses: it takes a member by other spellings of its name, and minds the
    type of some that we do not look at."""
    for found in re.findall(rb'"((?:[^"\\]|\\.)*)"\s*:', texts):
        try:
            name = json.loads(b'"' + found + b'"')
        except ValueError:
            continue
        if name not in KNOWN and name.casefold() in FOLDED:
            return "G-011"
        if name in ("urls", "data", "platform", "artifactType"):
            return "J-054"
    return ""


def raw_signature(key: pki.Key, data: bytes) -> bytes:
    r, s = utils.decode_dss_signature(key.private.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


# --- edits of JSON text -----------------------------------------------------------------------------------------

VALUES = [b"null", b"true", b'""', b"[]", b"{}", b"0", b"-1", b"-0", b"1.0", b"1e2", b"9223372036854775807", b"9223372036854775808",
          b'"\\u0000"', b'"\\ud800"', b'"x"', b'["x"]', b'"2040-01-01T00:00:00Z"', b'"2020-01-01T00:00:00.000Z"',
          b'"2040-01-01t00:00:00z"', b'"2040-01-01T00:00:00+14:00"', b'"0001-01-01T00:00:00Z"', b'"2040-02-30T00:00:00Z"',
          b'"2040-01-01T24:00:00Z"', b'"notary.x509.signingAuthority"', b'"PS256"', b'["io.cncf.notary.signingScheme"]',
          b'["io.cncf.notary.signingScheme","io.cncf.notary.expiry"]', b'["io.cncf.notary.signingScheme","x"]',
          b'["io.cncf.notary.signingScheme","io.cncf.notary.authenticSigningTime"]', str(len(MANIFEST)).encode(), b"\x80", b'"\xc3\xa9"']
NAMES = [b"alg", b"cty", b"crit", b"typ", b"kid", b"b64", b"x5c", b"x", b"", b"exp", b"signatures", b"payload", b"header",
         b"targetArtifact", b"mediaType", b"digest", b"size", b"annotations", b"urls", b"artifactType",
         *((N + each).encode() for each in ("signingScheme", "signingTime", "authenticSigningTime", "expiry", "verificationPlugin",
                                            "verificationPluginMinVersion", "timestampSignature", "signingAgent"))]
BYTES = [each.encode() for each in '"\\{}[],: \n\t\r0159-+.eEaZ/=_u'] + [b"\x00", b"\x7f", b"\x80", b"\xc0\x80", b"\xed\xa0\x80",
                                                                        b"\xef\xbb\xbf", b"\xf4\x90\x80\x80", b"\\u0041", b"\\/"]
TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|\[[^\[\]]*\]|-?\d[\d.eE+-]*|true|false|null')


def edit_json(text: bytes, luck: random.Random) -> bytes:
    kind = luck.choice((0, 1, 2, 3, 3, 4, 5, 5, 6, 6, 7, 7))
    at = luck.randrange(len(text) + 1)
    if kind == 0:
        return text[:at] + luck.choice(BYTES) + text[at:]
    if kind == 1:
        return text[:at] + text[at + luck.randint(1, 3):]
    if kind == 2:
        return text[:at] + luck.choice(BYTES) + text[at + 1:]
    tokens = [each.span() for each in TOKEN.finditer(text)]
    if kind in (3, 4) and tokens:
        start, end = luck.choice(tokens)
        return text[:start] + luck.choice(VALUES) + text[end:]
    if kind == 5:  # another member
        brace = luck.choice([each.end() for each in re.finditer(rb"\{", text)] or [0])
        comma = b"," if not text[brace:].lstrip().startswith(b"}") else b""
        return text[:brace] + b'"' + luck.choice(NAMES) + b'":' + luck.choice(VALUES) + comma + text[brace:]
    names = [each.span(1) for each in re.finditer(rb'"([^"\\]+)"\s*:', text)]
    if not names:
        return text
    start, end = luck.choice(names)
    name = text[start:end]
    if kind == 6:
        other = luck.choice([name.upper(), name.capitalize(), luck.choice(NAMES), name + b" ",
                             b"\\u%04x" % name[0] + name[1:], name.replace(b"s", "ſ".encode())])
        return text[:start] + other + text[end:]
    return text[:start - 1] + text[start - 1:end + 1] + b":" + luck.choice(VALUES) + b"," + text[start - 1:]


def b64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def golden_chain() -> tuple[pki.Key, list[pki.StoredCert]]:
    """Always the same, so that the edits hit the same places in every run."""
    text = (GOLDEN / "p256-chain.crt").read_text()
    bodies = re.findall(r"BEGIN CERTIFICATE-----(.*?)-----END", text, re.S)
    return (pki.Key.at(GOLDEN.parent / "acme-p256.test-only.key", "p256"),
            [pki.StoredCert(base64.b64decode(each)) for each in bodies])


def jws(key: pki.Key, chain: list[pki.StoredCert], luck: random.Random) -> tuple[bytes, bytes]:
    """An envelope with one to three edits, and the texts in which something may be strange."""
    protected = pki.compact({"alg": "ES256", "crit": [N + "signingScheme", N + "expiry"], "cty": CONTENT_TYPE,
                             N + "signingScheme": "notary.x509", N + "signingTime": "2023-11-14T22:13:20Z",
                             N + "expiry": "2039-11-14T22:13:20Z"})
    payload = pki.compact({"targetArtifact": DESCRIPTOR | {"annotations": {"build": "42"}}})
    header = pki.compact({"x5c": [base64.b64encode(each.der).decode() for each in chain], N + "signingAgent": "tests"})
    edits, change = luck.choice((1, 1, 1, 1, 2, 3)), luck.randrange(5)
    for _ in range(edits):
        protected = edit_json(protected, luck) if change in (0, 1) else protected
        payload = edit_json(payload, luck) if change == 2 else payload
        header = edit_json(header, luck) if change == 3 else header
    signed = b64url(protected) + b"." + b64url(payload)
    signature = b64url(raw_signature(key, signed))
    whole = b'{"payload":"%s","protected":"%s","header":%s,"signature":"%s"}' % (b64url(payload), b64url(protected), header,
                                                                                signature)
    for _ in range(edits if change == 4 else 0):
        whole = edit_json(whole, luck)
    return whole, b"\n".join([protected, payload, header, whole])


# --- edits of CBOR ----------------------------------------------------------------------------------------------

def head(major: int, value: int) -> bytes:
    for size, code in ((0, value), (1, 24), (2, 25), (4, 26), (8, 27)):
        if size == 0 and value < 24 or size and value < 1 << 8 * size:
            return bytes([major << 5 | code]) + (value.to_bytes(size, "big") if size else b"")
    raise ValueError(value)


def cbor(value: object) -> bytes:
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(cbor(each) for each in value)
    if isinstance(value, tuple):  # tag, content
        return head(6, value[0]) + cbor(value[1])
    return head(5, len(value)) + b"".join(cbor(name) + cbor(each) for name, each in value.items())


def spans(data: bytes, at: int = 0) -> tuple[list[tuple[int, int]], int]:
    """Where every item begins and ends; only for what this file itself has encoded."""
    start, major, info = at, data[at] >> 5, data[at] & 31
    at += 1
    if info >= 24:
        size = 1 << info - 24
        value, at = int.from_bytes(data[at:at + size], "big"), at + size
    else:
        value = info
    found: list[tuple[int, int]] = []
    if major in (2, 3):
        at += value
    for _ in range(value if major == 4 else 2 * value if major == 5 else 1 if major == 6 else 0):
        inner, at = spans(data, at)
        found += inner
    return [(start, at), *found], at


ITEMS = [cbor(each) for each in (0, 1, 2, 3, 4, 5, 7, 16, 33, -1, -7, -37, 23, 24, 1700000000, 2**63, b"", b"x", "", "x", "a/b", [], {},
                                 ["x"], [N + "signingScheme"], [N + "signingScheme", N + "expiry"], [2], (1, 2200000000),
                                 (1, 0), (0, "2040-01-01T00:00:00Z"), (18, []), N + "signingTime", N + "authenticSigningTime",
                                 N + "expiry", N + "signingScheme", N + "verificationPlugin", "notary.x509",
                                 "notary.x509.signingAuthority", CONTENT_TYPE)]
ITEMS += [bytes.fromhex(each) for each in ("f4", "f6", "f7", "f93c00", "f97e00", "fb41d9549c40000000", "c1fb41e0642330000000",
                                           "1801", "1a00000001", "9fff", "bfff", "5f4178ff", "7f6178ff", "61ff", "62c328",
                                           "c249010000000000000000", "f818", "f800", "ff", "1c", "c1f97c00", "d80100", "a10101")]


def edit_cbor(data: bytes, luck: random.Random) -> bytes:
    kind = luck.choice((0, 1, 2, 3, 3, 4, 4, 5, 5))
    at = luck.randrange(len(data))
    if kind == 0:
        return data[:at] + bytes([data[at] ^ 1 << luck.randrange(8)]) + data[at + 1:]
    if kind == 1:
        return data[:at] + bytes([luck.randrange(256)]) + data[at:]
    if kind == 2:
        return data[:at] + data[at + 1:]
    try:
        places, end = spans(data)
    except (IndexError, ValueError):
        return data + luck.choice(ITEMS)
    start, stop = luck.choice(places)
    if kind in (3, 4):
        return data[:start] + luck.choice(ITEMS) + data[stop:]
    if data[0] >> 5 == 5 and data[0] & 31 < 23:  # another pair in the map
        return bytes([data[0] + 1]) + luck.choice(ITEMS) + luck.choice(ITEMS) + data[1:]
    return data[:start] + data[start:stop] + data[start:]


def cose(key: pki.Key, chain: list[pki.StoredCert], luck: random.Random) -> tuple[bytes, bytes]:
    protected = cbor({1: -7, 2: [N + "signingScheme", N + "expiry"], 3: CONTENT_TYPE, N + "signingScheme": "notary.x509",
                      N + "signingTime": (1, 1700000000), N + "expiry": (1, 2200000000)})
    payload = pki.compact({"targetArtifact": DESCRIPTOR | {"annotations": {"build": "42"}}})
    unprotected = cbor({33: [each.der for each in chain], N + "signingAgent": "tests"})
    change = luck.randrange(6)
    for _ in range(luck.choice((1, 1, 1, 2))):
        protected = edit_cbor(protected, luck) if change in (0, 1, 2) and protected else protected
        unprotected = edit_cbor(unprotected, luck) if change == 3 and unprotected else unprotected
        payload = edit_json(payload, luck) if change == 4 else payload
    signature = raw_signature(key, cbor(["Signature1", protected, b"", payload]))
    whole = b"\xd2\x84" + cbor(protected) + unprotected + cbor(payload) + cbor(signature)
    return edit_cbor(whole, luck) if change == 5 else whole, payload


# --- judging ----------------------------------------------------------------------------------------------------

def run(bench: Bench) -> None:
    if not bench.peer or not bench.client:
        bench.report.skip("mutations", "no program for peer" if not bench.peer else "no program for nv2")
        return
    key, chain = golden_chain()
    policy = bench.policy({"ca": chain[-1:]})
    folder = bench.folder("mutations")
    manifest = folder / "manifest.json"
    manifest.write_bytes(MANIFEST)
    makers: dict[str, Callable] = {"jws": jws, "cose": cose}
    for form in FORMS:
        outcomes: dict[str, list[int]] = {}
        accepted = 0
        for number in range(COUNT):
            envelope, texts = makers[form](key, chain, random.Random(f"{SEED} {form} {number}"))
            answer = bench.peer.ask(do="judge", format=form, envelope=base64.b64encode(envelope).decode(), artifact=DESCRIPTOR,
                                    anchors={"ca": [base64.b64encode(chain[-1].der).decode()]})
            theirs = Peer.verdict(answer)
            file = folder / f"{number}.{form}.sig"
            file.write_bytes(envelope)
            ours = bench.client.verify("--signature", str(file), "--format", form, "--config", str(policy.config), "--scope", SCOPE,
                                       "--media-type", pki.MANIFEST_TYPE, f"file:{manifest}")
            bad = ours.word not in (TRUSTED, "rejected") or ours.word == TRUSTED and not theirs.passes and not explained(texts)
            accepted += ours.word == TRUSTED
            outcome = ("both accept" if ours.word == TRUSTED and theirs.passes else "we accept more" if ours.word == TRUSTED
                     else "both refuse" if not theirs.passes else f"we refuse: {ours.says}")
            outcomes.setdefault(outcome, []).append(number)
            name = hashlib.sha256(envelope).hexdigest()[:8]
            if bad or bench.report.verbose:
                bench.report.check(f"mutation {form} {number} {name}", not bad,
                                   f"ours {ours.word} ({ours.says}), notation refuses it ({theirs.says}): {file}")
            if not bad and not bench.options.work:
                file.unlink()
        bench.report.check(f"mutations {form}: {COUNT} judged", COUNT < 100 or accepted > 0, "none was accepted, so nothing was shown")
        for what, numbers in sorted(outcomes.items(), key=lambda each: -len(each[1])):
            print(f"   {form} {len(numbers):5} {what}, as in {numbers[0]}")
