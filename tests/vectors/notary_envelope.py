# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Notary Project envelopes to order. A plan says what is different from a good one: JWS and COSE share the words."""
import base64
import json

import cbor
import pki
from cbor import Pairs, Tag

N = "io.cncf.notary."
CONTENT_TYPE = "application/vnd.cncf.notary.payload.v1+json"
X509, AUTHORITY = "notary.x509", "notary.x509.signingAuthority"
SIGNED_AT = (1700000000, "2023-11-14T22:13:20Z")
ALGORITHMS = {"p256": "ES256", "p384": "ES384", "p521": "ES512", "rsa3072": "PS384", "rsa4096": "PS512"}
LABELS = {"ES256": -7, "ES384": -35, "ES512": -36, "PS256": -37, "PS384": -38, "PS512": -39}


def b64(data):
    return base64.b64encode(data).decode()


def b64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def certificate(name):
    return (pki.DIR / f"{name}.der").read_bytes()


def changed(members, changes):
    """`members` with some replaced, added at the end or, for None, removed."""
    made = {**members, **changes}
    return {k: v for k, v in made.items() if v is not None}


class Plan:
    """What both forms have."""

    def __init__(self, payload, changes):
        self.payload = payload
        self.key = "p256_leaf"
        self.certs = ["acme_leaf", "acme_root"]
        self.alg = None             # what the header says, as it stands there
        self.header_alg = None      # the same by its name in JWS
        self.signed_as = None       # what is really used
        self.salt = None            # of PSS
        self.scheme = X509
        self.signed_at = SIGNED_AT  # seconds, text
        self.expiry = None          # the same
        self.attributes = {}        # protected members to set; None removes one
        self.header = {}            # unprotected members to set
        self.crit = None            # the whole list
        self.more_crit = []         # entries after the ones that must be there
        self.not_crit = []          # entries to leave out
        self.edit_protected = None  # function(bytes) -> bytes
        self.der_signature = False
        self.mutate = None          # function(envelope) -> envelope
        unknown = set(changes) - set(self.__dict__) - set(self.more_fields())
        assert not unknown, unknown
        self.__dict__.update({**self.more_fields(), **changes})

    def algorithm(self):
        return self.header_alg or ALGORITHMS.get(self.key.split("_")[0], "PS256")

    def sign(self, data):
        return pki.sign(self.key, self.signed_as or self.algorithm(), data, self.der_signature, self.salt)

    def time_name(self):
        return N + ("signingTime" if self.scheme != AUTHORITY else "authenticSigningTime")

    def critical(self):
        listed = [N + "signingScheme"]
        if self.scheme == AUTHORITY:
            listed.append(self.time_name())
        if self.expiry is not None:
            listed.append(N + "expiry")
        return [name for name in listed if name not in self.not_crit] + self.more_crit

    def envelope(self):
        made = self.build()
        return self.mutate(made) if self.mutate else made


class Jws(Plan):
    name, suffix = "jws", "jws"

    @staticmethod
    def more_fields():
        return {"top": {}, "wrap": None, "edit_header": None}

    def protected(self):
        members = {"alg": self.alg or self.algorithm(), "crit": self.critical() if self.crit is None else self.crit,
                   "cty": CONTENT_TYPE, N + "signingScheme": self.scheme, self.time_name(): self.signed_at[1],
                   N + "expiry": self.expiry and self.expiry[1]}
        made = compact(changed(members, self.attributes))
        return self.edit_protected(made) if self.edit_protected else made

    def build(self):
        protected, payload = b64url(self.protected()), b64url(self.payload)
        header = changed({"x5c": [b64(certificate(c)) for c in self.certs]}, self.header)
        members = {"payload": payload, "protected": protected, "header": header,
                   "signature": b64url(self.sign(f"{protected}.{payload}".encode()))}
        for key, value in self.top.items():  # functions change what is there
            if callable(value):
                members[key] = value(members[key])
            elif value is None:
                del members[key]
            else:
                members[key] = value
        return self.wrap(members) if self.wrap else compact(members)


class Cose(Plan):
    name, suffix = "cose", "cose"

    @staticmethod
    def more_fields():
        # pairs: function(list of pairs) -> list or Raw; item: function(protected bytes) -> encoded element 1
        return {"pairs": None, "unprotected": None, "item": None, "elements": None, "start": b"\xd2\x84",
                "sign_item": False}

    def protected(self):
        expiry = None if self.expiry is None else Tag(1, self.expiry[0])
        members = {1: LABELS[self.algorithm()] if self.alg is None else self.alg,
                   2: self.critical() if self.crit is None else self.crit, 3: CONTENT_TYPE,
                   N + "signingScheme": self.scheme, self.time_name(): Tag(1, self.signed_at[0]), N + "expiry": expiry}
        listed = Pairs(changed(members, self.attributes).items())
        made = cbor.encode(self.pairs(listed) if self.pairs else listed)
        return self.edit_protected(made) if self.edit_protected else made

    def build(self):
        protected = self.protected()
        item = self.item(protected) if self.item else cbor.encode(protected)
        body = item if self.sign_item else cbor.encode(protected)
        signed = b"\x84" + cbor.encode("Signature1") + body + b"\x40" + cbor.encode(self.payload)
        header = Pairs(changed({33: [certificate(c) for c in self.certs]}, self.header).items())
        if self.unprotected:
            header = self.unprotected(header)
        elements = [item, cbor.encode(header), cbor.encode(self.payload), cbor.encode(self.sign(signed))]
        if self.elements:
            elements = self.elements(elements)
        return self.start + b"".join(elements)


FORMS = {"jws": Jws, "cose": Cose}
