#!/usr/bin/python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/vectors/nv2/<case>/: one folder a case, an envelope and a case.json that says what must
come of it. Keys and certificates in tests/vectors/pki/ are made once and then kept; existing envelopes
are kept too unless --force is given, since ECDSA signatures differ with every run.

Needs Debian's python3-cryptography. Run: tests/vectors/generate.py [--force]
"""
import base64
import datetime
import hashlib
import json
import pathlib
import sys

import pki

ROOT = pathlib.Path(__file__).parent
OUT = ROOT / "nv2"
NOW = 1767225600  # 2026-01-01T00:00:00Z
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
OCI = "application/vnd.oci.image.manifest.v1+json"
FORCE = "--force" in sys.argv[1:]
REF = "registry.example.com/net-monitor:v1"

MANIFEST = json.dumps({
    "schemaVersion": 2, "mediaType": DOCKER,
    "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 1510,
               "digest": "sha256:" + hashlib.sha256(b"nv2 vectors: config").hexdigest()},
    "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": 977,
                "digest": "sha256:" + hashlib.sha256(b"nv2 vectors: layer").hexdigest()}]},
    indent=2).encode()


def b64(data):
    return base64.b64encode(data).decode()


def b64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def digest(data, algorithm="sha256"):
    return f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def setup_pki():
    """Certificates by name; see pki.certificate for what the arguments mean."""
    c = pki.certificate
    host = ["registry.example.com"]
    for kind in ("rsa2048", "rsa3072", "rsa4096", "p256", "p384", "p521"):
        c(f"self_{kind}", key_name=f"{kind}_signer", san=host)
    for kind in ("rsa1024", "k256", "ed25519"):
        c(f"self_{kind}", key_name=f"{kind}_signer", san=host)
    c("self_other", key_name="p256_other", san=host)
    c("self_same_key", key_name="p256_signer", subject="another certificate for the same key", san=host)
    # names
    c("names_wildcard", key_name="p256_signer", san=["*.example.com"])
    c("names_star", key_name="p256_signer", san=["*"])
    c("names_partial", key_name="p256_signer", san=["reg*.example.com"])
    c("names_ip", key_name="p256_signer", san=["127.0.0.1", "::1"])
    c("names_port", key_name="p256_signer", san=["localhost:5000"])
    c("names_docker", key_name="p256_signer", san=["docker.io"])
    c("names_cn", key_name="p256_signer", subject="registry.example.com")
    c("names_cn_ip", key_name="p256_signer", subject="127.0.0.1")
    c("names_cn_and_san", key_name="p256_signer", subject="registry.example.com", san=["other.example"])
    # purposes and usage
    c("eku_code", key_name="p256_signer", san=host, purposes=["code"])
    c("eku_server", key_name="p256_signer", san=host, purposes=["code", "server"])
    c("eku_any", key_name="p256_signer", san=host, purposes=["any"])
    c("ku_encipherment", key_name="p256_signer", san=host, usage=("key_encipherment",))
    c("ku_absent", key_name="p256_signer", san=host, usage=None)
    c("critical_unknown", key_name="p256_signer", san=host, critical_unknown=True)
    past, future = datetime.datetime(2021, 1, 1), datetime.datetime(2040, 1, 1)
    c("expired", key_name="p256_signer", san=host, end=past)
    c("not_yet", key_name="p256_signer", san=host, start=future)
    # a chain of three
    cs = ("key_cert_sign", "crl_sign")
    c("root", key_name="rsa2048_root", ca=True, usage=cs)
    c("issuing", key_name="rsa2048_issuing", ca=True, path_length=0, usage=cs, issuer="root",
      issuer_key="rsa2048_root")
    c("leaf", key_name="rsa2048_leaf", san=host, issuer="issuing", issuer_key="rsa2048_issuing")
    c("ec_root", key_name="p384_root", ca=True, usage=cs, hash_bits="384")
    c("ec_issuing", key_name="p256_issuing", ca=True, usage=cs, issuer="ec_root", issuer_key="p384_root",
      hash_bits="384")
    c("ec_leaf", key_name="p256_leaf", san=host, issuer="ec_issuing", issuer_key="p256_issuing")
    c("unrelated_one", key_name="p256_other", ca=True, usage=cs)
    c("unrelated_two", key_name="p384_root", subject="unrelated two", ca=True, usage=cs)
    # chains with one defect each; every leaf is issued by the defective authority
    flaws = {
        "ca_not": dict(ca=False, usage=cs), "ca_absent": dict(ca=None, usage=cs),
        "ca_usage": dict(ca=True, usage=("crl_sign",)), "ca_expired": dict(ca=True, usage=cs, end=past),
        "ca_not_yet": dict(ca=True, usage=cs, start=future),
        "ca_critical": dict(ca=True, usage=cs, critical_unknown=True),
        "ca_constraints": dict(ca=True, usage=cs, constraints=["other.example"]),
        "ca_path_length": dict(ca=True, usage=cs, path_length=0),
    }
    for name, arguments in flaws.items():
        c(name, key_name="p256_issuing", **arguments)
        c(f"leaf_{name}", key_name="p256_leaf", san=host, issuer=name, issuer_key="p256_issuing")
    c("below_path_length", key_name="p256_other", ca=True, usage=cs, issuer="ca_path_length",
      issuer_key="p256_issuing")
    c("leaf_below_path_length", key_name="p256_leaf", san=host, issuer="below_path_length",
      issuer_key="p256_other")
    c("leaf_sha1", key_name="rsa2048_leaf", san=host, issuer="root", issuer_key="rsa2048_root",
      hash_bits="1")
    c("leaf_wrong_key", key_name="p256_leaf", san=host, issuer="ec_root", issuer_key="p384_impostor",
      hash_bits="384")
    c("leaf_trailing", key_name="p256_signer", san=host, after=lambda der: der + b"\0")


def cert(name):
    return (pki.DIR / f"{name}.der").read_bytes()


class Case:
    """What goes into one envelope. Every field can be replaced by the case that needs it otherwise."""

    def __init__(self, **changes):
        self.form = "jwt"
        self.key = "p256_signer"
        self.alg = None
        self.certs = ["self_p256"]
        self.kid = None
        self.typ = "x509"
        self.claims = {}            # members to set; None removes one
        self.header = {}            # the same for the header or signature object
        self.raw_claims = None      # claims as bytes, in place of everything above
        self.raw_header = None      # JWT header as bytes
        self.mutate = None          # function(envelope bytes) -> bytes
        self.der_signature = False
        self.elements = None        # array form: list of changes, one an element
        self.wrap = None            # function(signed bytes, signature object) -> envelope bytes
        self.__dict__.update(changes)

    def algorithm(self):
        kind = self.key.split("_")[0]
        return self.alg or {"p256": "ES256", "p384": "ES384", "p521": "ES512"}.get(kind, "RS256")

    def claims_bytes(self):
        if self.raw_claims is not None:
            return self.raw_claims
        members = {"mediaType": DOCKER, "digest": digest(MANIFEST), "size": len(MANIFEST),
                   "references": [REF], "iat": NOW - 60}
        if self.form != "jwt":
            del members["mediaType"]
        members.update(self.claims)
        return compact({k: v for k, v in members.items() if v is not None})

    def header_members(self):
        members = {"typ": self.typ, "alg": self.algorithm(), "kid": self.kid,
                   "x5c": [b64(cert(c)) for c in self.certs] if self.certs else None}
        members.update(self.header)
        return {k: v for k, v in members.items() if v is not None}

    def signature(self, data):
        return pki.sign(self.key, self.algorithm() if self.algorithm()[2:] in pki.HASHES else "RS256",
                        data, self.der_signature)

    def jwt(self):
        header = self.raw_header if self.raw_header is not None else compact(self.header_members())
        data = f"{b64url(header)}.{b64url(self.claims_bytes())}".encode()
        return data + b"." + b64url(self.signature(data)).encode()

    def signature_object(self, data):
        members = {"sig": b64(self.signature(data)), **self.header_members(), **self.header}
        return {k: v for k, v in members.items() if v is not None}

    def json(self):
        data = self.claims_bytes()
        if self.elements is not None:
            objects = []
            for change in self.elements:
                element = Case(**{**self.__dict__, "elements": None, **change})
                objects.append(change.get("raw") or compact(element.signature_object(data)))
            return b'{"signed":' + data + b',"signatures":[' + b",".join(objects) + b"]}"
        if self.wrap is not None:
            return self.wrap(data, compact(self.signature_object(data)))
        return b'{"signed":' + data + b',"signature":' + compact(self.signature_object(data)) + b"}"

    def envelope(self):
        made = self.jwt() if self.form == "jwt" else self.json()
        return self.mutate(made) if self.mutate else made


CASES = {}


def case(name, rules, expect, *, anchors=None, compat=(), time="at", now=NOW, media_type=DOCKER,
         artifact="manifest.json", reference="reject", stage=None, min_rsa_bits=None, declared="",
         title="", **changes):
    """Registers a case. `anchors`: list of (certificate, role); `reference`: verdict of the prototype."""
    assert name not in CASES, name
    built = Case(**changes)
    if anchors is None:
        anchors = [(c, "signer") for c in built.certs[:1]]
    CASES[name] = (built, {
        "title": title, "rules": rules.split(), "format": "nv2-jwt" if built.form == "jwt" else "nv2-json",
        "declared": declared, "envelope": "signature.nv2", "artifact": f"../{artifact}",
        "media_type": media_type,
        "anchors": [{"file": f"../../pki/{c}.der", "role": role} for c, role in anchors],
        "time": {"basis": time, "value": now}, "compat": list(compat),
        **({"min_rsa_bits": min_rsa_bits} if min_rsa_bits else {}),
        "reference_tool": "accept" if expect == "ok" and reference == "reject" else reference,
        "expect": expect, **({"stage": stage} if stage else {})})


def both(name, rules, expect, **arguments):
    """The same case in the JWT form and in the single-signature JSON form."""
    case(f"jwt_{name}", rules, expect, form="jwt", **arguments)
    case(f"json_{name}", rules, expect, form="json", **arguments)


def replace(old, new):
    def change(envelope):
        assert old in envelope, (old, envelope[:200])
        return envelope.replace(old, new, 1)
    return change


def tamper_segment(index, change):
    def apply(envelope):
        parts = envelope.split(b".")
        parts[index] = change(parts[index])
        return b".".join(parts)
    return apply


def with_member_twice(member):
    """`member` (JSON text) stands in front of the object that already has it."""
    return lambda data: data.replace(b"{", b"{" + member + b",", 1)


def nonzero_unused_bits(segment):
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return segment[:-1] + bytes([alphabet[alphabet.index(segment[-1]) ^ 1]])





def write():
    OUT.mkdir(exist_ok=True)
    (OUT / "manifest.json").write_bytes(MANIFEST)
    (OUT / "manifest-tampered.json").write_bytes(MANIFEST.replace(b"977", b"978"))
    (OUT / "manifest-longer.json").write_bytes(MANIFEST + b"\n")
    for name, (built, facts) in CASES.items():
        folder = OUT / name
        folder.mkdir(exist_ok=True)
        envelope = folder / "signature.nv2"
        if FORCE or not envelope.exists():
            envelope.write_bytes(built.envelope())
        (folder / "case.json").write_text(json.dumps(facts, indent=1) + "\n")
    for folder in OUT.iterdir():
        if folder.is_dir() and folder.name not in CASES:
            print(f"not in the table of cases: {folder.name}")
    print(f"{len(CASES)} cases")


if __name__ == "__main__":
    setup_pki()
    import cases  # the table of cases uses the helpers above
    cases.define(sys.modules[__name__])
    write()
