# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Test keys, certificates and raw signatures from the Python standard library and the openssl program.

openssl makes keys and signatures; certificates are assembled here byte by byte, because the cases need
certificates that its command line does not offer (fixed dates, unknown critical extensions, missing CA flags).
Nothing here is fit for anything but tests.
"""
from __future__ import annotations

import base64
import hashlib
import ipaddress
import os
import subprocess
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

NOT_BEFORE = datetime(2020, 1, 1, tzinfo=timezone.utc)
NOT_AFTER = datetime(2120, 1, 1, tzinfo=timezone.utc)


def openssl(*args: str, stdin: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *args], input=stdin, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {args[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


# --- DER writing ------------------------------------------------------------------------------------------------

def tlv(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def seq(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def integer(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    out = bytearray()
    for arc in (first * 40 + second, *rest):
        chunk = [arc & 0x7F]
        while arc := arc >> 7:
            chunk.append(0x80 | (arc & 0x7F))
        out += bytes(reversed(chunk))
    return tlv(0x06, bytes(out))


def time_value(when: datetime) -> bytes:
    if when.year < 2050:
        return tlv(0x17, when.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(0x18, when.strftime("%Y%m%d%H%M%SZ").encode())


def read_tlv(data: bytes, at: int = 0) -> tuple[int, bytes, int]:
    """Returns (tag, content, offset behind the value)."""
    tag, length, at = data[at], data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        length, at = int.from_bytes(data[at:at + count], "big"), at + count
    return tag, data[at:at + length], at + length


# --- keys -------------------------------------------------------------------------------------------------------

CURVES = {"p256": ("P-256", 32, "sha256", "ES256"), "p384": ("P-384", 48, "sha384", "ES384"),
          "p521": ("P-521", 66, "sha512", "ES512")}


@dataclass
class Key:
    """A private key in a PKCS#8 PEM file. kind: rsaNNNN or pNNN."""

    kind: str
    path: Path

    @staticmethod
    def generate(kind: str, path: Path) -> "Key":
        if kind.startswith("rsa"):
            options = ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{kind[3:]}"]
        else:
            options = ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{CURVES[kind][0]}",
                       "-pkeyopt", "ec_param_enc:named_curve"]
        path.write_bytes(openssl("genpkey", *options))
        return Key(kind, path)

    @property
    def is_rsa(self) -> bool:
        return self.kind.startswith("rsa")

    @property
    def alg(self) -> str:
        return "RS256" if self.is_rsa else CURVES[self.kind][3]

    @property
    def spki(self) -> bytes:
        return openssl("pkey", "-in", str(self.path), "-pubout", "-outform", "DER")

    @property
    def kid(self) -> str:
        text = base64.b32encode(hashlib.sha256(self.spki).digest()[:30]).decode()
        return ":".join(text[i:i + 4] for i in range(0, len(text), 4))

    def sign_der(self, message: bytes, hash_name: str = "sha256") -> bytes:
        return openssl("dgst", f"-{hash_name}", "-sign", str(self.path), stdin=message)

    def sign(self, message: bytes, alg: str | None = None) -> bytes:
        """The signature octets that a JOSE header with `alg` promises."""
        if self.is_rsa:
            return self.sign_der(message, "sha" + (alg or "RS256")[2:])
        _, width, hash_name, _ = CURVES[self.kind]
        _, pair, _ = read_tlv(self.sign_der(message, hash_name))
        _, r, end = read_tlv(pair)
        _, s, _ = read_tlv(pair, end)
        return b"".join(int.from_bytes(part, "big").to_bytes(width, "big") for part in (r, s))


# --- certificates -----------------------------------------------------------------------------------------------

OIDS = {"serverAuth": "1.3.6.1.5.5.7.3.1", "codeSigning": "1.3.6.1.5.5.7.3.3"}
KEY_USAGE_BITS = ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
                  "keyCertSign", "cRLSign"]


def name(common_name: str, organization: str = "Test only", state: str = "") -> bytes:
    def rdn(attribute: str, tag: int, text: str) -> bytes:
        return tlv(0x31, seq(oid(attribute), tlv(tag, text.encode())))
    return seq(rdn("2.5.4.6", 0x13, "US"), rdn("2.5.4.8", 0x0C, state) if state else b"",
               rdn("2.5.4.10", 0x0C, organization), rdn("2.5.4.3", 0x0C, common_name))


def extension(dotted: str, value: bytes, critical: bool = False) -> bytes:
    return seq(oid(dotted), tlv(0x01, b"\xff") if critical else b"", tlv(0x04, value))


def key_usage(names: list[str]) -> bytes:
    bits = sum(0x80 >> KEY_USAGE_BITS.index(each) for each in names)
    unused = (bits & -bits).bit_length() - 1
    return extension("2.5.29.15", tlv(0x03, bytes([unused, bits])), critical=True)


def alt_names(entries: list[str]) -> bytes:
    """Entries that are IP addresses become iPAddress, all others dNSName."""
    out = []
    for entry in entries:
        try:
            out.append(tlv(0x87, ipaddress.ip_address(entry).packed))
        except ValueError:
            out.append(tlv(0x82, entry.encode()))
    return extension("2.5.29.17", seq(*out))


def basic_constraints(ca: bool, path_length: int | None = None) -> bytes:
    body = (tlv(0x01, b"\xff") if ca else b"") + (integer(path_length) if path_length is not None else b"")
    return extension("2.5.29.19", seq(body), critical=True)


UNKNOWN_CRITICAL = extension("1.3.6.1.4.1.55555.7.1", tlv(0x05), critical=True)


@dataclass
class Cert:
    key: Key
    subject: bytes
    der: bytes


def pem(der: bytes, label: str = "CERTIFICATE") -> bytes:
    text = base64.b64encode(der).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def _key_identifier(spki: bytes) -> bytes:
    _, body, _ = read_tlv(spki)
    _, _, end = read_tlv(body)
    _, bits, _ = read_tlv(body, end)
    return hashlib.sha1(bits[1:]).digest()


def make_cert(key: Key, common_name: str, *, san: list[str] | None = None, usage: list[str] | None = None,
              purposes: list[str] | None = None, ca: bool | None = None, path_length: int | None = None,
              extra: bytes = b"", issuer: Cert | None = None, not_before: datetime = NOT_BEFORE,
              not_after: datetime = NOT_AFTER, organization: str = "Test only", state: str = "",
              hash_name: str = "") -> Cert:
    """A version 3 certificate; self-signed without `issuer`. ca=None leaves basicConstraints out."""
    subject, spki = name(common_name, organization, state), key.spki
    signer = issuer.key if issuer else key
    hash_name = hash_name or ("sha256" if signer.is_rsa else CURVES[signer.kind][2])
    if signer.is_rsa:
        algorithm = seq(oid("1.2.840.113549.1.1." + {"sha1": "5", "sha256": "11"}[hash_name]), tlv(0x05))
    else:
        arc = {"sha1": "1", "sha256": "3.2", "sha384": "3.3", "sha512": "3.4"}[hash_name]
        algorithm = seq(oid("1.2.840.10045.4." + arc))
    extensions = b"".join([
        basic_constraints(ca, path_length) if ca is not None else b"",
        key_usage(usage) if usage else b"",
        extension("2.5.29.37", seq(*(oid(OIDS[each]) for each in purposes))) if purposes else b"",
        alt_names(san) if san else b"",
        extension("2.5.29.14", tlv(0x04, _key_identifier(spki))),
        extension("2.5.29.35", seq(tlv(0x80, _key_identifier(issuer.key.spki)))) if issuer else b"",
        extra])
    serial = int.from_bytes(os.urandom(15), "big") | 1
    tbs = seq(tlv(0xA0, integer(2)), integer(serial), algorithm, issuer.subject if issuer else subject,
              seq(time_value(not_before), time_value(not_after)), subject, spki, tlv(0xA3, seq(extensions)))
    signature = signer.sign_der(tbs, hash_name)
    return Cert(key, subject, seq(tbs, algorithm, tlv(0x03, b"\x00", signature)))


def make_ca(key: Key, common_name: str, **options) -> Cert:
    return make_cert(key, common_name, ca=True, usage=["keyCertSign", "cRLSign"], **options)


def bundle(path: Path, *certs: Cert) -> Path:
    path.write_bytes(b"".join(pem(each.der) for each in certs))
    return path
