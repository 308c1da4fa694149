# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Certificates written element by element, so that they can be wrong in any way a test needs."""
import datetime
import hashlib

import pki

OIDS = {
    "C": "2.5.4.6", "ST": "2.5.4.8", "L": "2.5.4.7", "O": "2.5.4.10", "OU": "2.5.4.11", "CN": "2.5.4.3",
    "SERIALNUMBER": "2.5.4.5", "STREET": "2.5.4.9", "POSTALCODE": "2.5.4.17", "title": "2.5.4.12",
    "emailAddress": "1.2.840.113549.1.9.1", "DC": "0.9.2342.19200300.100.1.25",
    "any": "2.5.29.37.0", "server": "1.3.6.1.5.5.7.3.1", "client": "1.3.6.1.5.5.7.3.2",
    "code": "1.3.6.1.5.5.7.3.3", "email": "1.3.6.1.5.5.7.3.4", "ipsec_user": "1.3.6.1.5.5.7.3.7",
    "timestamp": "1.3.6.1.5.5.7.3.8", "ocsp": "1.3.6.1.5.5.7.3.9", "unknown": "1.3.6.1.4.1.55555.9",
}
USAGES = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
          "cert_sign", "crl_sign", "encipher_only", "decipher_only"]
HASH_ARCS = {"256": 2, "384": 3, "512": 4}


def der(tag, *contents):
    body = b"".join(contents)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    width = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | width]) + size.to_bytes(width, "big") + body


def oid(text):
    arcs = [int(arc) for arc in OIDS.get(text, text).split(".")]
    out = b""
    for arc in [arcs[0] * 40 + arcs[1], *arcs[2:]]:
        part = bytes([arc & 0x7F])
        while arc > 0x7F:
            arc >>= 7
            part = bytes([0x80 | arc & 0x7F]) + part
        out += part
    return der(0x06, out)


def attribute(kind, value, tag=0x0C):
    return der(0x30, oid(kind), der(tag, value.encode()))


def name(*rdns):
    """A Name: each RDN is (type, value), or a list of such for a multi-valued one."""
    return der(0x30, *[der(0x31, *sorted(attribute(*a) for a in (rdn if isinstance(rdn, list) else [rdn])))
                       for rdn in rdns])


def acme(common_name):
    return name(("C", "US"), ("ST", "WA"), ("O", "Acme"), ("CN", common_name))


def time(moment):
    """UTCTime up to 2049, as RFC 5280 wants it."""
    return der(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())


def extension(identifier, value, critical):
    return der(0x30, oid(identifier), der(0x01, b"\xff") if critical else b"", der(0x04, value))


def basic_constraints(ca, path_length):
    length = b"" if path_length is None else der(0x02, bytes([path_length]))
    return der(0x30, der(0x01, b"\xff") if ca else b"", length)


def key_usage(words):
    bits = [USAGES.index(word) for word in words]
    last = max(bits)
    data = bytearray(last // 8 + 1)
    for bit in bits:
        data[bit // 8] |= 0x80 >> bit % 8
    return der(0x03, bytes([7 - last % 8]), bytes(data))


def signature_algorithm(private, hash_bits):
    is_rsa = isinstance(private, pki.rsa.RSAPrivateKey)
    if hash_bits == "1":
        return der(0x30, oid("1.2.840.113549.1.1.5"), der(0x05)) if is_rsa else der(0x30, oid("1.2.840.10045.4.1"))
    if is_rsa:
        return der(0x30, oid(f"1.2.840.113549.1.1.{9 + HASH_ARCS[hash_bits]}"), der(0x05))
    return der(0x30, oid(f"1.2.840.10045.4.3.{HASH_ARCS[hash_bits]}"))


def sign(private, data, hash_bits):
    if isinstance(private, pki.ed25519.Ed25519PrivateKey):
        return private.sign(data)
    chosen = pki.HASHES[hash_bits]()
    if isinstance(private, pki.rsa.RSAPrivateKey):
        return private.sign(data, pki.padding.PKCS1v15(), chosen)
    return private.sign(data, pki.ec.ECDSA(chosen))


def extensions(ca, ca_critical, path_length, usage, usage_critical, purposes, others):
    made = []
    if ca is not None:
        made.append(extension("2.5.29.19", basic_constraints(ca, path_length), ca_critical))
    if usage:
        made.append(extension("2.5.29.15", key_usage(usage), usage_critical))
    if purposes:
        made.append(extension("2.5.29.37", der(0x30, *[oid(p) for p in purposes]), False))
    made += [extension(identifier, value, critical) for identifier, value, critical in others]
    return der(0xA3, der(0x30, *made)) if made else b""


MADE = {}  # name of a certificate -> (its subject, the name of its key)


def certificate(file, key, subject, issuer=None, *, start=datetime.datetime(2020, 1, 1),
                end=datetime.datetime(2045, 1, 1), hash_bits="256", ca=None, ca_critical=True, path_length=None,
                usage=("digital_signature",), usage_critical=True, purposes=(), others=(), serial=None):
    """The certificate in `file`.der, made unless it is there. `issuer` names another one, None = itself. `serial`:
    contents, by default made from `file`."""
    MADE[file] = (subject, key)
    path = pki.DIR / f"{file}.der"
    if path.exists():
        return
    above, signing_key = MADE[issuer or file]
    private = pki.key(signing_key)
    algorithm = signature_algorithm(private, hash_bits)
    spki = pki.key(key).public_key().public_bytes(pki.serialization.Encoding.DER,
                                                  pki.serialization.PublicFormat.SubjectPublicKeyInfo)
    serial = serial or b"\x01" + hashlib.sha256(file.encode()).digest()[:8]
    tbs = der(0x30, der(0xA0, der(0x02, b"\x02")), der(0x02, serial), algorithm, above,
              der(0x30, time(start), time(end)), subject, spki,
              extensions(ca, ca_critical, path_length, usage, usage_critical, purposes, others))
    path.write_bytes(der(0x30, tbs, algorithm, der(0x03, b"\0", sign(private, tbs, hash_bits))))
