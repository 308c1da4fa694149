# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Reads and checks Notary Project envelopes without any code of ours: JSON and base64 of Python, a CBOR reader, and the
openssl program for the primitive signature."""
from __future__ import annotations

import base64
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import testpki

PREFIX = "io.cncf.notary."
CONTENT_TYPE = "application/vnd.cncf.notary.payload.v1+json"
#        kind: (JOSE, COSE, hash, bytes of a signature)
ALGORITHMS = {"rsa2048": ("PS256", -37, "sha256", 256), "rsa3072": ("PS384", -38, "sha384", 384),
              "rsa4096": ("PS512", -39, "sha512", 512), "p256": ("ES256", -7, "sha256", 64),
              "p384": ("ES384", -35, "sha384", 96), "p521": ("ES512", -36, "sha512", 132)}


@dataclass
class Tag:
    number: int
    value: object


class Cbor:
    """One item; only what these envelopes need, and only in its shortest form."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    @staticmethod
    def decode(data: bytes) -> object:
        reader = Cbor(data)
        value = reader.item()
        assert reader.at == len(data), "bytes behind the item"
        return value

    def take(self, count: int) -> bytes:
        assert self.at + count <= len(self.data), "broken off"
        self.at += count
        return self.data[self.at - count:self.at]

    def head(self) -> tuple[int, int]:
        first = self.take(1)[0]
        info = first & 31
        if info < 24:
            return first >> 5, info
        assert info < 28, "no definite length"
        width = 1 << (info - 24)
        value = int.from_bytes(self.take(width), "big")
        assert value >= {1: 24, 2: 1 << 8, 4: 1 << 16, 8: 1 << 32}[width], "not the shortest head"
        return first >> 5, value

    def item(self) -> object:
        major, value = self.head()
        if major == 0:
            return value
        if major == 1:
            return -1 - value
        if major == 2:
            return self.take(value)
        if major == 3:
            return self.take(value).decode()
        if major == 4:
            return [self.item() for _ in range(value)]
        if major == 5:
            pairs = [(self.item(), self.item()) for _ in range(value)]
            assert len(dict(pairs)) == len(pairs), "a key stands twice"
            return dict(pairs)
        assert major == 6, "a simple value"
        return Tag(value, self.item())


def head(major: int, value: int) -> bytes:
    for width, info in ((0, None), (1, 24), (2, 25), (4, 26)):
        if width == 0 and value < 24:
            return bytes([major << 5 | value])
        if width and value < 1 << 8 * width:
            return bytes([major << 5 | info]) + value.to_bytes(width, "big")
    raise ValueError(value)


def encode(value: object) -> bytes:
    """Text, bytes, whole numbers, lists, dicts and tags as CBOR."""
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(encode, value))
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(encode(k) + encode(v) for k, v in value.items())
    return head(6, value.number) + encode(value.value)


def unpadded(text: str) -> bytes:
    assert "=" not in text and not set(text) & set("+/\r\n"), text
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Envelope:
    """What an envelope says, with labels of COSE by the names that JWS has for them."""
    signed: dict
    unsigned: dict
    payload: bytes
    signature: bytes
    message: bytes

    @property
    def chain(self) -> list[bytes]:
        return self.unsigned["x5c"]

    @property
    def target(self) -> dict:
        return json.loads(self.payload)["targetArtifact"]

    def name(self, short: str) -> object:
        return self.signed.get(PREFIX + short)


def read_jws(data: bytes) -> Envelope:
    members = json.loads(data)
    assert list(members) == ["payload", "protected", "header", "signature"], list(members)
    header = members["header"]
    header["x5c"] = [base64.b64decode(each, validate=True) for each in header["x5c"]]
    return Envelope(json.loads(unpadded(members["protected"])), header, unpadded(members["payload"]),
                    unpadded(members["signature"]), f"{members['protected']}.{members['payload']}".encode())


def read_cose(data: bytes) -> Envelope:
    assert data[:2] == b"\xd2\x84"
    protected, unsigned, payload, signature = Cbor.decode(data).value
    signed = {{1: "alg", 2: "crit", 3: "cty"}.get(k, k): v for k, v in Cbor.decode(protected).items()}
    unsigned = {{33: "x5c"}.get(k, k): v for k, v in unsigned.items()}
    return Envelope(signed, unsigned, payload, signature, encode(["Signature1", protected, b"", payload]))


def read(data: bytes, form: str) -> Envelope:
    return (read_jws if form == "jws" else read_cose)(data)


def signature_holds(envelope: Envelope, kind: str) -> bool:
    """Whether openssl finds the signature good, by the key of the first certificate; a PSS salt must be as long as the hash."""
    _, _, hash_name, size = ALGORITHMS[kind]
    if len(envelope.signature) != size:
        return False
    signature, options = envelope.signature, []
    if kind.startswith("rsa"):
        options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest", "-sigopt", f"rsa_mgf1_md:{hash_name}"]
    else:
        half = len(signature) // 2
        signature = testpki.seq(*(testpki.integer(int.from_bytes(each, "big")) for each in (signature[:half], signature[half:])))
    with tempfile.TemporaryDirectory() as folder:
        key, file = Path(folder) / "key", Path(folder) / "sig"
        key.write_bytes(testpki.openssl("x509", "-inform", "DER", "-noout", "-pubkey", stdin=envelope.chain[0]))
        file.write_bytes(signature)
        try:
            testpki.openssl("dgst", f"-{hash_name}", "-verify", str(key), "-signature", str(file), *options, stdin=envelope.message)
        except RuntimeError:
            return False
    return True
