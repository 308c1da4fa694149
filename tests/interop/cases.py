# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Hand-made envelopes with the verdict that the prototype and that this project give on each.

Ids that begin with NV are rows of the verdict matrix in the rule book; all others name the rule that they pin down.
"""
from __future__ import annotations

import base64
import hashlib
import json
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable, Iterable

import testpki
from testpki import Cert, Key

JSON, JWT = "nv2-json", "nv2-jwt"
FORMS = (JSON, JWT)
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
HOST = "registry.example.com"
ACCEPT, REJECT = "accept", "reject"


@dataclass
class Case:
    id: str
    form: str
    envelope: bytes
    manifest: bytes
    certs: list[bytes]               # PEM files for --cert
    ca_certs: list[bytes]            # PEM files for --ca-cert
    reference: str                   # what the real prototype says
    ours: str                        # what this project says
    note: str = ""
    media_type: str | None = None    # given as --media-type (JWT form only)
    our_exits: tuple[int, ...] = field(default=())
    prints: str = ""                 # the digest printed on acceptance: the signed one

    def __post_init__(self) -> None:
        self.prints = self.prints or digest_of(self.manifest)
        self.our_exits = self.our_exits or ((0,) if self.ours == ACCEPT else (1,))


def digest_of(data: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def seal(form: str, claims: str | bytes, key: Key, *, x5c: Iterable[bytes] | None = None, kid: str | None = None,
         alg: str | None = None, name: str | None = None, typ: str | None = "x509",
         edit: Callable[[str], str] = lambda text: text, head: Callable[[str], str] = lambda text: text,
         signature: Callable[[bytes], bytes] | None = None) -> bytes:
    """Signs `claims` as given. alg: how it is signed; name: what the file calls that (default: the truth).
    edit changes the JSON text of the signature object or JWT header, head the base64url text of the JWT header.
    signature makes the signature octets in place of the key."""
    alg = alg or key.alg
    signature = signature or (lambda message: key.sign(message, alg))
    claims = claims.encode() if isinstance(claims, str) else claims
    about: dict = {} if typ is None else {"typ": typ}
    if form == JSON:
        about["sig"] = b64(signature(claims))
    about["alg"] = alg if name is None else name
    if kid is not None:
        about["kid"] = kid
    if x5c is not None:
        about["x5c"] = [b64(der) for der in x5c]
    text = edit(compact(about))
    if form == JSON:
        return b'{"signed":' + claims + b',"signature":' + text.encode() + b"}"
    signed = (head(b64url(text.encode())) + "." + b64url(claims)).encode()
    return signed + b"." + b64url(signature(signed)).encode()


class Bench:
    """Keys, certificates and the plain case; every row is a small change of it."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.keys: dict[str, Key] = {}
        self.cases: list[Case] = []
        self.manifest = compact({
            "schemaVersion": 2, "mediaType": DOCKER,
            "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 7023,
                       "digest": digest_of(b"config")},
            "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": 32654,
                        "digest": digest_of(b"layer")}]}).encode()
        self.use("rsa2048")

    def use(self, kind: str) -> None:
        self.key = self.make_key(kind)
        self.cert = self.make_cert(self.key)

    def make_key(self, kind: str, tag: str = "") -> Key:
        stem = f"{kind}{tag}"
        if stem not in self.keys:
            self.keys[stem] = Key.generate(kind, self.work / f"{stem}.key")
        return self.keys[stem]

    def make_cert(self, key: Key, **options) -> Cert:
        options.setdefault("san", [HOST])
        options.setdefault("usage", ["digitalSignature"])
        return testpki.make_cert(key, options.pop("common_name", HOST), **options)

    def claims(self, form: str, references: list[str] | None = None, **changes) -> str:
        """Claims over the manifest; a change to ... removes a member, others replace or add one."""
        values: dict = {"mediaType": DOCKER} if form == JWT else {}
        values |= {"digest": digest_of(self.manifest), "size": len(self.manifest)}
        if references is not None:
            values["references"] = references
        values["iat"] = int(time.time()) - 60
        for member, value in changes.items():
            if value is ...:
                values.pop(member, None)
            else:
                values[member] = value
        return compact(values)

    def good(self, form: str, **options) -> bytes:
        return seal(form, self.claims(form, [f"{HOST}/app:v1"]), self.key, x5c=[self.cert.der], **options)

    def add(self, row: str, form: str, envelope: bytes | str, reference: str, ours: str, *, certs=None, ca_certs=(),
            **options) -> None:
        certs = [self.cert] if certs is None else certs
        as_pem = [testpki.pem(each.der) for each in certs]
        ca_pem = [testpki.pem(each.der) for each in ca_certs]
        envelope = envelope.encode() if isinstance(envelope, str) else envelope
        options.setdefault("manifest", self.manifest)
        self.cases.append(Case(f"{row} {form[4:]}", form, envelope, certs=as_pem, ca_certs=ca_pem,
                               reference=reference, ours=ours, **options))

    def by_cert(self, row: str, form: str, cert: Cert, references: list[str] | None, reference: str, ours: str,
                kid: bool = False, **options) -> None:
        envelope = seal(form, self.claims(form, references), cert.key,
                        **({"kid": cert.key.kid} if kid else {"x5c": [cert.der]}))
        self.add(row, form, envelope, reference, ours, certs=[cert], **options)


def replaced(text: bytes, old: bytes, new: bytes) -> bytes:
    if text.count(old) != 1:
        raise ValueError(f"{old!r} is not there exactly once")
    return text.replace(old, new)


def swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: replaced(text.encode(), old.encode(), new.encode()).decode()


# --- groups of rows ---------------------------------------------------------------------------------------------

def containers(bench: Bench) -> None:
    """JSON form: what may stand around and between the members."""
    good = bench.good(JSON)
    add = bench.add
    add("NV-02 trailing-newline", JSON, good + b"\n", ACCEPT, ACCEPT)
    add("NV-03 trailing-garbage", JSON, good + b"garbage", ACCEPT, REJECT)
    add("NV-03 trailing-object", JSON, good + b"{}", ACCEPT, REJECT)
    add("NV-04 bom", JSON, b"\xef\xbb\xbf" + good, REJECT, REJECT)
    spaced = json.dumps(json.loads(bench.claims(JSON, [f"{HOST}/app:v1"])), indent=2)
    envelope = seal(JSON, spaced, bench.key, x5c=[bench.cert.der])
    add("NV-05 space-inside-and-around", JSON, replaced(envelope, b'"signed":{', b'"signed" : \n {'), ACCEPT, ACCEPT)
    add("NV-06 signature-over-compact-form", JSON,
        seal(JSON, spaced, bench.key, x5c=[bench.cert.der],
             signature=lambda message: bench.key.sign(compact(json.loads(message)).encode())), REJECT, REJECT)
    add("NV-09 Signed", JSON, replaced(good, b'"signed":', b'"Signed":'), ACCEPT, REJECT)
    add("NV-09 SIGNATURE", JSON, replaced(good, b'"signature":', b'"SIGNATURE":'), ACCEPT, REJECT)
    wrong = bench.claims(JSON, digest=digest_of(b"something else")).encode()
    add("NV-10 signed-twice", JSON, replaced(good, b'{"signed":', b'{"signed":' + wrong + b',"signed":'),
        ACCEPT, REJECT)
    add("NV-12 unknown-top-level", JSON, replaced(good, b'{"signed":', b'{"x":[1,{"y":null}],"signed":'),
        ACCEPT, ACCEPT)
    add("NV-16 sig-without-padding", JSON, bench.good(JSON, edit=lambda text: replaced(
        text.encode(), b'==","alg"', b'","alg"').decode()), REJECT, REJECT)
    add("NV-16 sig-url-alphabet", JSON, bench.good(JSON, edit=lambda text: text[:text.index('"alg"')].replace(
        "+", "-").replace("/", "_") + text[text.index('"alg"'):]), REJECT, REJECT)
    body = json.loads(good)
    text = good[len(b'{"signed":'):good.index(b',"signature":')]
    array = b'{"signed":' + text + b',"signatures":[' + compact(body["signature"]).encode() + b"]}"
    add("NV-57 array-form", JSON, array, REJECT, ACCEPT, note="accepted as form A")
    add("N-001 signature-and-signatures", JSON, good[:-1] + b',"signatures":[]}', ACCEPT, REJECT)
    add("N-003 signed-is-a-string", JSON, b'{"signed":' + compact(text.decode()).encode() + b',"signature":'
        + compact(body["signature"]).encode() + b"}", REJECT, REJECT)
    add("N-010 empty-sig", JSON, seal(JSON, text, bench.key, x5c=[bench.cert.der], signature=lambda _: b""),
        REJECT, REJECT)
    add("N-010 no-sig", JSON, seal(JSON, text, bench.key, x5c=[bench.cert.der], signature=lambda _: b"",
                                   edit=swap('"sig":"",', "")), REJECT, REJECT)
    add("N-010 sig-unused-bits", JSON, bench.good(JSON, edit=_unused_bits_in_sig), ACCEPT, REJECT, note="G-016")
    add("G-012 signature-twice", JSON, replaced(good, b'{"signed":', b'{"signature":{"typ":"gpg"},"signed":'),
        ACCEPT, REJECT)
    add("N-002 truncated", JSON, good[:-1], REJECT, REJECT)


def _unused_bits_in_sig(text: str) -> str:
    at = text.index('==","alg"') - 1
    return text[:at] + {"A": "B", "Q": "R", "g": "h", "w": "x"}[text[at]] + text[at + 1:]


def compact_serialization(bench: Bench) -> None:
    """JWT form: segments and header."""
    good = bench.good(JWT)
    add = bench.add
    first, second, third = good.split(b".")
    add("NV-40 trailing-LF", JWT, good + b"\n", ACCEPT, ACCEPT)
    add("NV-40 trailing-CRLF", JWT, good + b"\r\n", ACCEPT, ACCEPT)
    add("N-031 two-trailing-LF", JWT, good + b"\n\n", ACCEPT, REJECT)
    add("NV-41 trailing-space", JWT, good + b" ", REJECT, REJECT)
    add("NV-41 trailing-padding", JWT, good + b"==", REJECT, REJECT)
    add("NV-42 leading-LF", JWT, b"\n" + good, REJECT, REJECT)
    add("N-031 leading-LF-signed", JWT, bench.good(JWT, head=lambda text: "\n" + text), ACCEPT, REJECT)
    add("NV-43 four-segments", JWT, good + b".", REJECT, REJECT)
    add("N-030 two-segments", JWT, first + b"." + second, REJECT, REJECT)
    add("N-030 empty-signature", JWT, first + b"." + second + b".", REJECT, REJECT)
    add("N-032 standard-alphabet", JWT, first + b"." + second + b"."
        + third.replace(b"-", b"+").replace(b"_", b"/"), REJECT, REJECT)
    add("NV-44 LF-inside-signature", JWT, first + b"." + second + b"." + third[:20] + b"\n" + third[20:],
        ACCEPT, REJECT)
    last = third[-1:].decode()
    other = {"A": "B", "Q": "R", "g": "h", "w": "x"}[last]
    add("NV-45 unused-bits", JWT, good[:-1] + other.encode(), ACCEPT, REJECT)
    add("NV-46 header-trailing-space", JWT, bench.good(JWT, edit=lambda text: text + " \n"), ACCEPT, ACCEPT)
    add("NV-46 header-trailing-garbage", JWT, bench.good(JWT, edit=lambda text: text + "x"), REJECT, REJECT)
    add("NV-47 TYP", JWT, bench.good(JWT, edit=swap('"typ"', '"TYP"')), ACCEPT, REJECT)
    add("NV-48 crit", JWT, bench.good(JWT, edit=swap('{"typ"', '{"crit":["exp"],"typ"')), ACCEPT, REJECT)
    add("N-035 jwk-and-jku", JWT, bench.good(JWT, edit=swap(
        '{"typ"', '{"jwk":{"kty":"RSA"},"jku":"https://keys.example.com/","typ"')), ACCEPT, ACCEPT)
    untyped = seal(JWT, bench.claims(JWT, mediaType=...), bench.key, x5c=[bench.cert.der])
    add("NV-49 no-media-type", JWT, untyped, REJECT, REJECT)
    add("NV-49 no-media-type-empty-flag", JWT, untyped, ACCEPT, REJECT, media_type="", our_exits=(1, 2))
    add("NV-50 empty-file", JWT, b"", REJECT, REJECT)
    spaced = json.dumps(json.loads(bench.claims(JWT)), indent=1) + "\n"
    add("N-037 claims-with-space", JWT, seal(JWT, spaced, bench.key, x5c=[bench.cert.der]), ACCEPT, ACCEPT)
    add("N-037 claims-trailing-garbage", JWT, seal(JWT, bench.claims(JWT) + "x", bench.key, x5c=[bench.cert.der]),
        REJECT, REJECT)
    oci = "application/vnd.oci.image.manifest.v1+json"
    other_type = seal(JWT, bench.claims(JWT, mediaType=oci), bench.key, x5c=[bench.cert.der])
    add("N-143 other-media-type", JWT, other_type, REJECT, REJECT)
    add("N-143 other-media-type-stated", JWT, other_type, ACCEPT, ACCEPT, media_type=oci)
    parameter = f"{oci}; charset=utf-8"
    add("N-038 media-type-with-parameter", JWT, seal(JWT, bench.claims(JWT, mediaType=parameter), bench.key,
        x5c=[bench.cert.der]), ACCEPT, REJECT, media_type=parameter, our_exits=(1, 2))


def claims(bench: Bench, form: str) -> None:
    """What is signed: types, names, digest, size, time."""
    def row(name: str, text: str | bytes, reference: str, ours: str, **options) -> None:
        bench.add(name, form, seal(form, text, bench.key, x5c=[bench.cert.der]), reference, ours, **options)

    now = int(time.time())
    good, ref = bench.claims(form), [f"{HOST}/app:v1"]
    digest, size = digest_of(bench.manifest), len(bench.manifest)
    bad = "sha256:" + "0" * 64
    bench.add("NV-01 good", form, bench.good(form), ACCEPT, ACCEPT)
    bench.add("N-140 other-manifest", form, bench.good(form), REJECT, REJECT, manifest=bench.manifest + b"\n")
    row("NV-11 digest-twice", good.replace('"digest":', f'"digest":"{bad}","digest":'), ACCEPT, REJECT)
    row("NV-11 digest-and-Digest", good.replace(f'"digest":"{digest}"', f'"digest":"{bad}","Digest":"{digest}"'),
        ACCEPT, REJECT)
    row("G-012 digest-twice-escaped", good.replace('"digest":', f'"di\\u0067est":"{bad}","digest":'), ACCEPT, REJECT)
    row("G-011 escaped-name", good.replace('"digest":', '"di\\u0067est":'), ACCEPT, ACCEPT)
    row("NV-12 unknown-claim", bench.claims(form, note={"a": [1.5, None]}), ACCEPT, ACCEPT)
    for text in (f"{size}.0", f"{size / 10}e1", f'"{size}"'):
        row(f"NV-13 size-{text}", good.replace(f'"size":{size}', f'"size":{text}'), REJECT, REJECT)
    row("G-013 size-leading-zero", good.replace(f'"size":{size}', f'"size":0{size}'), REJECT, REJECT)
    row("G-013 exp-beyond-int64", bench.claims(form, exp=2**63), REJECT, REJECT)
    row("N-006 no-digest", bench.claims(form, digest=...), REJECT, REJECT)
    row("N-006 no-size", bench.claims(form, size=...), REJECT, REJECT)
    empty = bench.claims(form, digest=digest_of(b""), size=...)
    row("N-006 no-size-empty-manifest", empty, ACCEPT, REJECT, manifest=b"", note="a missing size counts as 0 there")
    row("N-140 size-differs", bench.claims(form, size=size + 1), REJECT, REJECT)
    sha512 = digest_of(bench.manifest, "sha512")
    row("N-141 sha512", bench.claims(form, digest=sha512), REJECT, ACCEPT, prints=sha512)
    row("NV-26 upper-case-digest", bench.claims(form, digest="sha256:" + digest[7:].upper()), REJECT, REJECT)
    row("NV-27 empty-references", bench.claims(form, []), ACCEPT, REJECT)
    row("N-007 reference-is-a-number", bench.claims(form, [1]), REJECT, REJECT)
    row("N-007 references-is-a-string", bench.claims(form, ref[0]), REJECT, REJECT)
    row("NV-28 exp-0", bench.claims(form, exp=0), ACCEPT, REJECT)
    row("N-132 nbf-0", bench.claims(form, nbf=0), ACCEPT, ACCEPT)
    row("NV-29 exp-past", bench.claims(form, exp=now - 3600), REJECT, REJECT)
    row("NV-29 nbf-future", bench.claims(form, nbf=now + 36000), REJECT, REJECT)
    row("NV-29 exp-1.5", bench.claims(form, exp=1.5), REJECT, REJECT)
    row("NV-29 exp-negative", bench.claims(form, exp=-1), REJECT, REJECT)
    row("N-133 nbf-negative", bench.claims(form, nbf=-1), ACCEPT, ACCEPT)
    row("N-131 nbf-past-exp-future", bench.claims(form, exp=now + 360000, nbf=now - 3600), ACCEPT, ACCEPT)
    row("N-134 iat-future", bench.claims(form, iat=now + 360000), ACCEPT, ACCEPT)
    row("N-134 no-iat", bench.claims(form, iat=...), ACCEPT, ACCEPT)
    row("NV-30 exp-null", bench.claims(form, exp=None), ACCEPT, REJECT)
    row("NV-30 references-null", good[:-1] + ',"references":null}', ACCEPT, REJECT)
    row("G-010 invalid-utf8", good[:-1].encode() + b',"note":"\xff"}', ACCEPT, REJECT)
    row("G-010 lone-surrogate", good[:-1] + ',"note":"\\ud800"}', ACCEPT, REJECT)
    row("G-003 nested-40", good[:-1] + ',"note":' + "[" * 40 + "]" * 40 + "}", ACCEPT, REJECT,
        note="deeper than 32 levels")


def algorithms(bench: Bench, form: str) -> None:
    """Algorithm names and the primitive signature."""
    add, good = bench.add, bench.claims(form, [f"{HOST}/app:v1"])
    x5c = [bench.cert.der]
    for alg in ("RS384", "RS512"):
        add(f"NV-07 {alg}", form, seal(form, good, bench.key, x5c=x5c, alg=alg), ACCEPT, ACCEPT)
    for name in ("rs256", "", "PS256", "none"):
        add(f"NV-08 alg-{name or 'empty'}", form, seal(form, good, bench.key, x5c=x5c, name=name), REJECT, REJECT)
    add("N-012 no-alg", form, seal(form, good, bench.key, x5c=x5c, edit=swap('"alg":"RS256",', "")), REJECT, REJECT)
    add("N-051 ES256-for-rsa-key", form, seal(form, good, bench.key, x5c=x5c, name="ES256"), REJECT, REJECT)
    add("N-051 RS512-named-RS256", form, seal(form, good, bench.key, x5c=x5c, alg="RS512", name="RS256"),
        REJECT, REJECT)
    weak = bench.make_key("rsa1024")
    bench.by_cert("NV-56 rsa1024", form, bench.make_cert(weak), None, ACCEPT, REJECT)
    bench.by_cert("N-055 rsa512", form, bench.make_cert(bench.make_key("rsa512")), None, ACCEPT, REJECT,
                  note="newer Go refuses less than 1024 bits only if go.mod asks for Go 1.24; here it asks for 1.14")
    ec_key = bench.make_key("p256")
    ec = bench.make_cert(ec_key)

    def primitive(name: str, signature: Callable[[bytes], bytes], verdict: str, cert: Cert = ec) -> None:
        add(name, form, seal(form, good, cert.key, x5c=[cert.der], signature=signature), verdict, verdict, certs=[cert])

    def other_s(message: bytes) -> bytes:
        raw, order = ec_key.sign(message), 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
        return raw[:32] + (order - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")

    primitive("N-052 as-made", ec_key.sign, ACCEPT)
    primitive("N-052 other-s", other_s, ACCEPT)
    primitive("N-052 der-signature", ec_key.sign_der, REJECT)
    primitive("N-052 r-and-s-zero", lambda _: bytes(64), REJECT)
    primitive("N-052 zero-octets-before", lambda message: b"\0\0" + ec_key.sign(message), REJECT)
    primitive("N-052 one-octet-short", lambda message: ec_key.sign(message)[:-1], REJECT)
    primitive("N-054 zero-octet-before", lambda message: b"\0" + bench.key.sign(message), REJECT, bench.cert)
    primitive("N-054 octet-behind", lambda message: bench.key.sign(message) + b"\0", REJECT, bench.cert)
    big = bench.make_key("p384")
    big_cert = bench.make_cert(big)
    add("N-051 p384-named-ES256", form, seal(form, good, big, x5c=[big_cert.der], name="ES256"), REJECT, REJECT,
        certs=[big_cert])
    koblitz = Key("p256", bench.work / f"secp256k1-{form}.key")
    koblitz.path.write_bytes(testpki.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1",
                                             "-pkeyopt", "ec_param_enc:named_curve"))
    bench.by_cert("N-053 secp256k1", form, bench.make_cert(koblitz), None, REJECT, REJECT)


def parameters(bench: Bench, form: str) -> None:
    """Type, certificates and key identifier of the signature."""
    add, good = bench.add, bench.claims(form, [f"{HOST}/app:v1"])
    x5c = [bench.cert.der]
    add("NV-17 typ-X509", form, seal(form, good, bench.key, x5c=x5c, typ="X509"), REJECT, REJECT)
    add("NV-17 no-typ", form, seal(form, good, bench.key, x5c=x5c, typ=None), REJECT, REJECT)
    add("N-011 typ-JWT", form, seal(form, good, bench.key, x5c=x5c, typ="JWT"), REJECT, REJECT)
    add("NV-18 no-x5c-no-kid", form, seal(form, good, bench.key), REJECT, REJECT)
    add("NV-18 empty-x5c", form, seal(form, good, bench.key, x5c=[]), REJECT, REJECT)
    numbers = compact([list(bench.cert.der)])
    element = f'["{b64(bench.cert.der)}"]'
    add("NV-14 x5c-array-of-numbers", form, seal(form, good, bench.key, x5c=x5c, edit=swap(element, numbers)),
        ACCEPT, REJECT)
    add("NV-15 LF-in-x5c", form, seal(form, good, bench.key, x5c=x5c, edit=swap('"MII', '"M\\nII')), ACCEPT, REJECT)
    add("N-080 x5c-url-alphabet", form, seal(form, good, bench.key, x5c=x5c, edit=lambda text: text.replace(
        b64(bench.cert.der), b64(bench.cert.der).replace("+", "-").replace("/", "_"))), REJECT, REJECT)
    kid = bench.key.kid
    add("N-072 kid", form, seal(form, good, bench.key, kid=kid), ACCEPT, ACCEPT)
    add("N-072 kid-other-cert", form, seal(form, good, bench.key, kid=kid), REJECT, REJECT,
        certs=[bench.make_cert(bench.make_key("p384"))])
    add("N-073 kid-lower-case", form, seal(form, good, bench.key, kid=kid.lower()), REJECT, REJECT)
    add("N-073 kid-without-colons", form, seal(form, good, bench.key, kid=kid.replace(":", "")), REJECT, REJECT)
    add("N-076 two-certs-one-key", form, seal(form, good, bench.key, kid=kid), ACCEPT, REJECT,
        certs=[bench.make_cert(bench.key), bench.cert], our_exits=(1, 2))
    add("N-076 same-cert-twice", form, seal(form, good, bench.key, kid=kid), ACCEPT, ACCEPT,
        certs=[bench.cert, bench.cert])
    add("N-013 kid-empty", form, seal(form, good, bench.key, kid=""), REJECT, REJECT)
    other = "AAAA:" * 11 + "AAAA"
    add("NV-33 x5c-and-other-kid", form, seal(form, good, bench.key, x5c=x5c, kid=other), ACCEPT, REJECT)
    add("N-071 x5c-and-right-kid", form, seal(form, good, bench.key, x5c=x5c, kid=kid), ACCEPT, ACCEPT)
    add("NV-32 certificate-twice", form, seal(form, good, bench.key, x5c=x5c * 2), ACCEPT, ACCEPT)
    add("NV-37 second-x5c-garbage", form, seal(form, good, bench.key, x5c=[*x5c, b"garbage"]), REJECT, REJECT)
    add("NV-37 x5c-trailing-octet", form, seal(form, good, bench.key, x5c=[bench.cert.der + b"\0"]), REJECT, REJECT)
    add("NV-51 kid-with-ca-cert-only", form, seal(form, good, bench.key, kid=kid), REJECT, REJECT,
        certs=[], ca_certs=[bench.cert])
    add("N-083 self-signed-as-ca-cert", form, bench.good(form), ACCEPT, ACCEPT, certs=[], ca_certs=[bench.cert])
    add("N-090 no-anchor", form, bench.good(form), REJECT, REJECT, certs=[])
    add("N-084 other-anchor", form, bench.good(form), REJECT, REJECT, certs=[bench.make_cert(bench.make_key("p384"))])


def references(bench: Bench, form: str) -> None:
    """References against the names of the certificate."""
    def row(name: str, entries: list[str], reference: str, ours: str, cert: Cert = bench.cert, **options) -> None:
        bench.by_cert(name, form, cert, entries, reference, ours, **options)

    ported = bench.make_cert(bench.key, san=["localhost:5000"])
    ips = bench.make_cert(bench.key, san=["127.0.0.1", "::1"])
    star = bench.make_cert(bench.key, san=["*.example.com"])
    row("NV-19 host-and-port-as-name", ["localhost:5000/a:b"], ACCEPT, ACCEPT, ported)
    row("N-104 port-not-in-name", [f"{HOST}:5000/a:b"], REJECT, REJECT)
    row("NV-20 ipv4", ["127.0.0.1/a"], ACCEPT, ACCEPT, ips)
    row("NV-20 ipv6", ["[::1]/x"], ACCEPT, ACCEPT, ips)
    row("NV-21 ipv6-and-port", ["[::1]:5000/x"], REJECT, REJECT, ips)
    row("N-113 ip-as-dns-name", ["10.0.0.1/a"], REJECT, REJECT)
    row("NV-22 slash-first", ["/foo"], ACCEPT, REJECT)
    row("NV-22 empty", [""], ACCEPT, REJECT)
    row("NV-23 wildcard", ["REG.Example.com/a"], ACCEPT, ACCEPT, star)
    row("NV-23 wildcard-two-labels", ["a.b.example.com/a"], REJECT, REJECT, star)
    row("N-114 wildcard-bare-name", ["example.com/a"], REJECT, REJECT, star)
    row("N-106 upper-case-host", ["Registry.EXAMPLE.com/a"], ACCEPT, ACCEPT)
    row("NV-24 no-path", [HOST], ACCEPT, REJECT)
    row("NV-24 trailing-dot", [f"{HOST}./a"], ACCEPT, REJECT)
    row("NV-24 bad-path", [f"{HOST}/A B@@@"], ACCEPT, REJECT)
    row("NV-25 https", [f"https://{HOST}/a"], REJECT, REJECT)
    row("NV-31 one-of-two", [f"{HOST}/a:v1", "registry.example.org/a:v1"], REJECT, REJECT)
    row("N-116 both-of-two", [f"{HOST}/a:v1", f"{HOST}/b/c:v2"], ACCEPT, ACCEPT)
    row("N-103 unqualified", ["library/hello-world:latest"], REJECT, REJECT)
    named = bench.make_cert(bench.key, san=["library"])
    row("N-103 first-component-as-name", ["library/hello-world:latest"], ACCEPT, REJECT, named)
    row("N-108 own-digest", [f"{HOST}/a@{digest_of(bench.manifest)}"], ACCEPT, ACCEPT)
    row("N-108 other-digest", [f"{HOST}/a@sha256:{'0' * 64}"], ACCEPT, REJECT)
    row("N-114 lone-star", ["example/a"], REJECT, REJECT, bench.make_cert(bench.key, san=["*"]))
    row("N-114 partial-star", [f"{HOST}/a"], REJECT, REJECT, bench.make_cert(bench.key, san=["reg*.example.com"]))
    bare = bench.make_cert(bench.key, san=None, common_name=HOST)
    row("NV-39 common-name-only", [f"{HOST}/a"], REJECT, ACCEPT, bare, note="Go 1.15 and later ignores the common name")
    row("N-112 common-name-only-no-reference", None, ACCEPT, ACCEPT, bare)
    row("N-111 empty-san", [f"{HOST}/a"], REJECT, REJECT, bench.make_cert(
        bench.key, san=None, common_name=HOST, extra=testpki.extension("2.5.29.17", testpki.seq())),
        our_exits=(1, 2), note="a broken certificate given as trusted is a wrong configuration")
    row("N-111 common-name-beside-other-san", [f"{HOST}/a"], REJECT, REJECT,
        bench.make_cert(bench.key, san=["other.example.com"], common_name=HOST))


def certificates(bench: Bench, form: str) -> None:
    """Certificates and chains."""
    some = [f"{HOST}/app:v1"]
    good = bench.claims(form, some)
    at = lambda year: datetime(year, 1, 1, tzinfo=timezone.utc)  # noqa: E731

    expired = bench.make_cert(bench.key, not_before=at(2019), not_after=at(2020))
    future = bench.make_cert(bench.key, not_before=at(2110))
    bench.by_cert("NV-34 kid-expired", form, expired, None, ACCEPT, REJECT, kid=True)
    bench.by_cert("NV-34 kid-expired-with-reference", form, expired, some, REJECT, REJECT, kid=True)
    bench.by_cert("N-085 x5c-expired", form, expired, None, REJECT, REJECT)
    bench.by_cert("N-085 x5c-not-yet-valid", form, future, None, REJECT, REJECT)
    critical = bench.make_cert(bench.key, extra=testpki.UNKNOWN_CRITICAL)
    bench.by_cert("NV-35 kid-unknown-critical", form, critical, None, ACCEPT, REJECT, kid=True)
    bench.by_cert("NV-35 kid-unknown-critical-with-reference", form, critical, some, REJECT, REJECT, kid=True)
    bench.by_cert("NV-55 x5c-unknown-critical", form, critical, None, REJECT, REJECT)
    bench.by_cert("N-081 extension-twice", form, bench.make_cert(bench.key, extra=testpki.alt_names([HOST])), some,
                  REJECT, REJECT, our_exits=(1, 2))
    bench.by_cert("NV-36 keyEncipherment-only", form, bench.make_cert(bench.key, usage=["keyEncipherment"]), some,
                  ACCEPT, REJECT)
    bench.by_cert("N-092 no-key-usage", form, bench.make_cert(bench.key, usage=None), some, ACCEPT, ACCEPT)
    coder = bench.make_cert(bench.key, purposes=["codeSigning"])
    bench.by_cert("NV-38 codeSigning-with-reference", form, coder, some, REJECT, REJECT)
    bench.by_cert("NV-38 codeSigning-without-reference", form, coder, None, ACCEPT, ACCEPT)
    bench.by_cert("N-120 serverAuth", form, bench.make_cert(bench.key, purposes=["serverAuth", "codeSigning"]), some,
                  ACCEPT, ACCEPT)

    root_key, mid_key = bench.make_key("p256", "-root"), bench.make_key("p256", "-mid")
    root = testpki.make_ca(root_key, "Test Root")
    mid = testpki.make_ca(mid_key, "Test Intermediate", issuer=root)
    leaf = bench.make_cert(bench.key, issuer=mid)
    stranger = bench.make_cert(bench.make_key("p384"), common_name="stranger.example.com")

    def chain(row: str, x5c: list[Cert], anchors: list[Cert], reference: str, ours: str, **options) -> None:
        envelope = seal(form, good, bench.key, x5c=[each.der for each in x5c])
        bench.add(row, form, envelope, reference, ours, certs=[], ca_certs=anchors, **options)

    chain("NV-52 root-anchor", [leaf, mid], [root], ACCEPT, ACCEPT)
    chain("NV-52 leaf-only", [leaf], [root], REJECT, REJECT)
    chain("NV-52 intermediate-anchor", [leaf], [mid], ACCEPT, ACCEPT)
    chain("NV-52 intermediate-in-x5c-and-anchor", [leaf, mid], [mid], ACCEPT, ACCEPT)
    chain("NV-53 unrelated-between", [leaf, stranger, bench.cert, mid], [root], ACCEPT, ACCEPT)
    chain("N-082 any-order", [leaf, root, mid], [root], ACCEPT, ACCEPT)
    chain("N-083 leaf-is-anchor", [leaf], [leaf], ACCEPT, ACCEPT)

    def under(row: str, ca: Cert, reference: str, ours: str, **options) -> None:
        chain(row, [bench.make_cert(bench.key, issuer=ca)], [ca], reference, ours, **options)

    plain = testpki.make_cert(mid_key, "No constraints", usage=["keyCertSign"])
    under("NV-54 issuer-without-basicConstraints", plain, REJECT, REJECT)
    under("N-086 cA-false", testpki.make_cert(mid_key, "Not a CA", ca=False, usage=["keyCertSign"]), REJECT, REJECT)
    under("N-086 no-keyCertSign", testpki.make_cert(mid_key, "No signing", ca=True, usage=["cRLSign"]), REJECT, REJECT)
    under("N-086 no-key-usage", testpki.make_cert(mid_key, "Any usage", ca=True), ACCEPT, ACCEPT)
    old = testpki.make_ca(mid_key, "Old", not_before=at(2019), not_after=at(2020))
    under("N-085 expired-anchor", old, REJECT, REJECT)
    under("N-087 critical-in-anchor", testpki.make_ca(mid_key, "Odd", extra=testpki.UNKNOWN_CRITICAL), REJECT, REJECT)
    short = testpki.make_ca(root_key, "Short Root", path_length=0)
    below = testpki.make_ca(mid_key, "Too Deep", issuer=short)
    chain("N-086 pathLen-exceeded", [bench.make_cert(bench.key, issuer=below), below], [short], REJECT, REJECT)
    enough = testpki.make_ca(root_key, "Long Root", path_length=1)
    inside = testpki.make_ca(mid_key, "Deep Enough", issuer=enough)
    chain("N-086 pathLen-reached", [bench.make_cert(bench.key, issuer=inside), inside], [enough], ACCEPT, ACCEPT)
    ended = testpki.make_ca(mid_key, "Ended", issuer=root, not_before=at(2019), not_after=at(2020))
    chain("N-085 expired-intermediate", [bench.make_cert(bench.key, issuer=ended), ended], [root], REJECT, REJECT)
    limits = testpki.extension("2.5.29.30", testpki.seq(testpki.tlv(0xA0, testpki.seq(
        testpki.tlv(0x82, b"example.com")))), critical=True)
    under("N-087 name-constraint-kept", testpki.make_ca(mid_key, "Constrained", extra=limits), ACCEPT, ACCEPT,
          our_exits=(0, 1), note="a build without name constraints refuses a critical one")
    other = testpki.extension("2.5.29.30", testpki.seq(testpki.tlv(0xA0, testpki.seq(
        testpki.tlv(0x82, b"example.org")))), critical=True)
    under("N-087 name-constraint-broken", testpki.make_ca(mid_key, "Constrained Elsewhere", extra=other),
          REJECT, REJECT)
    sha1 = testpki.make_cert(bench.key, HOST, san=[HOST], usage=["digitalSignature"], issuer=mid, hash_name="sha1")
    chain("N-089 sha1-link", [sha1, mid], [root], REJECT, REJECT)


def all_cases(work: Path) -> list[Case]:
    bench = Bench(work)
    containers(bench)
    compact_serialization(bench)
    for form in FORMS:
        algorithms(bench, form)
    bench.use("p256")  # short files where the algorithm does not matter
    for form in FORMS:
        parameters(bench, form)
        claims(bench, form)
        references(bench, form)
        certificates(bench, form)
    names = [case.id for case in bench.cases]
    if twice := {each for each in names if names.count(each) > 1}:
        raise ValueError(f"case ids used twice: {sorted(twice)}")
    return bench.cases
