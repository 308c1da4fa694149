# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""The certificates of the Notary Project vectors. Those that sign are C=US, ST=WA, O=Acme unless a case is about that."""
import datetime

from der import acme, attribute, certificate, der, name

PAST, FUTURE = datetime.datetime(2021, 1, 1), datetime.datetime(2040, 1, 1)
CA_USAGE = ("cert_sign", "crl_sign")
NULL = b"\x05\x00"
UNKNOWN = "1.3.6.1.4.1.55555.1"

CRL_POINT = ("2.5.29.31", der(0x30, der(0x30, der(0xA0, der(0xA0, der(0x86, b"http://crl.acme.example/a.crl"))))), False)

# Same name and key as the root: the leaf that the root issued fits them too.
ROOTS = {
    "again": {}, "crl_point": {"others": [CRL_POINT]}, "expired": {"end": PAST}, "not_yet": {"start": FUTURE},
    "constraints_not_critical": {"ca_critical": False}, "no_constraints": {"ca": None},
    "path_length_0": {"path_length": 0}, "path_length_1": {"path_length": 1},
    "no_usage": {"usage": None}, "usage_crl_only": {"usage": ("crl_sign",)},
    "usage_not_critical": {"usage_critical": False},
    "usage_more": {"usage": ("digital_signature", "cert_sign", "crl_sign")},
    "purpose_server": {"purposes": ["server"]},
    "name_constraints": {"others": [("2.5.29.30", der(0x30, der(0xA0, der(0x30, der(0x82, b"other.example")))), True)]},
}
LEAVES = {
    "purpose_code": {"purposes": ["code"]}, "purpose_unknown": {"purposes": ["unknown"]},
    "purpose_ipsec": {"purposes": ["ipsec_user"]}, "purpose_any": {"purposes": ["any"]},
    "purpose_ocsp": {"purposes": ["ocsp"]}, "purpose_server": {"purposes": ["code", "server"]},
    "purpose_client": {"purposes": ["client"]}, "purpose_email": {"purposes": ["email"]},
    "purpose_timestamp": {"purposes": ["timestamp"]},
    "usage_commitment": {"usage": ("digital_signature", "content_commitment")},
    "usage_commitment_only": {"usage": ("content_commitment",)},
    "usage_not_critical": {"usage_critical": False}, "no_usage": {"usage": None},
    "critical_unknown": {"others": [(UNKNOWN, NULL, True)]},
    "crl_point": {"others": [CRL_POINT]},
    "not_ca": {"ca": False}, "is_ca": {"ca": True},
    "expired": {"end": PAST}, "not_yet": {"start": FUTURE},
    "sha1": {"hash_bits": "1"}, "outlives": {"end": datetime.datetime(2049, 1, 1)},
}
MORE_USAGES = ("key_encipherment", "data_encipherment", "key_agreement", "cert_sign", "crl_sign", "encipher_only",
               "decipher_only")
US, WA, O = ("C", "US"), ("ST", "WA"), ("O", "Acme")

# Subjects of lone certificates, for identities.
SUBJECTS = {
    "plain": name(("CN", "leaf"), O, WA, US), "no_name": name(O, WA, US), "nobody": name(),
    "two_units": name(US, WA, O, ("OU", "a"), ("OU", "b")),
    "email": name(US, WA, O, ("emailAddress", "a@acme.example", 0x16)),
    "no_state": name(US, O, ("CN", "leaf")), "comma": name(US, WA, ("O", "Acme, Inc.")),
    "equals": name(US, WA, ("O", "a=b")), "space_first": name(US, WA, ("O", " Acme")),
    "space_last": name(US, WA, ("O", "Acme ")), "equals_number": name(US, WA, ("O", "a=#b")),
    "number": name(US, WA, ("O", "#A")), "plus": name(US, WA, ("O", "A+B")),
    "address": name(US, WA, O, ("SERIALNUMBER", "7", 0x13), ("POSTALCODE", "98101"), ("STREET", "Pine")),
    "umlaut": name(US, WA, ("O", "Ácme Zürich")), "one_rdn": name([US, WA], O),
    "two_names": name(US, WA, O, ("CN", "a"), ("CN", "b")), "title": name(US, WA, O, ("title", "Dr")),
    "component": name(US, WA, O, ("DC", "acme", 0x16)), "two_countries": name(US, US, WA, O),
    "two_owners": name(US, WA, O, ("O", "")), "empty_name": name(US, WA, O, ("CN", "")),
    "two_spaces": name(US, WA, ("O", "Acme  Inc")),
    "bad_utf8": der(0x30, *[der(0x31, attribute(*a)) for a in (US, WA, ("O", "Acme"))],
                    der(0x31, der(0x30, bytes.fromhex("0603550403"), der(0x0C, b"\xc3\x28")))),
}


def roots_and_leaves():
    root = dict(ca=True, usage=CA_USAGE)
    certificate("acme_root", "p256_issuing", acme("root"), **root)
    for what, change in ROOTS.items():
        certificate(f"acme_root_{what}", "p256_issuing", acme("root"), **{**root, **change})
    certificate("acme_unrelated", "p384_root", acme("unrelated"), hash_bits="384", **root)
    certificate("acme_leaf", "p256_leaf", acme("leaf"), "acme_root")
    for what, change in LEAVES.items():
        certificate(f"acme_leaf_{what}", "p256_leaf", acme("leaf"), "acme_root", **change)
    for usage in MORE_USAGES:
        certificate(f"acme_leaf_usage_{usage}", "p256_leaf", acme("leaf"), "acme_root",
                    usage=("digital_signature", usage))
    for kind in ("rsa2048", "rsa2560", "rsa3072", "rsa4096", "rsa2047", "p384", "p521", "ed25519"):
        certificate(f"acme_leaf_{kind}", f"{kind}_signer", acme("leaf"), "acme_root")
    for kind in ("rsa1024", "p224"):
        certificate(f"acme_root_{kind}", f"{kind}_signer", acme(f"{kind} root"), **root)
        certificate(f"acme_leaf_of_{kind}", "p256_leaf", acme("leaf"), f"acme_root_{kind}")


def longer_chains():
    root = dict(ca=True, usage=CA_USAGE)
    certificate("acme_issuing", "p256_other", acme("issuing"), "acme_root", **root)
    certificate("acme_issuing_path_length_0", "p256_other", acme("issuing"), "acme_root", path_length=0, **root)
    certificate("acme_leaf_three", "p256_leaf", acme("leaf"), "acme_issuing")
    certificate("acme_same_name", "p256_other", acme("root"), "acme_root", **root)
    certificate("acme_leaf_same_name", "p256_leaf", acme("leaf"), "acme_same_name")
    certificate("acme_issuing_foreign", "p256_other", acme("issuing"), "acme_unrelated", hash_bits="384", **root)
    certificate("acme_tsa_root", "p384_root", acme("timestamps"), hash_bits="384", **root)


def lone():
    certificate("acme_lone", "p256_signer", acme("lone"))
    certificate("acme_lone_expired", "p256_signer", acme("lone"), end=PAST)
    certificate("acme_lone_sha1", "p256_signer", acme("lone"), hash_bits="1")
    certificate("acme_lone_ca", "p256_signer", acme("lone"), ca=True, usage=CA_USAGE)
    certificate("acme_lone_signing_ca", "p256_signer", acme("lone"), ca=True, usage=("digital_signature",))
    for what, subject in SUBJECTS.items():
        certificate(f"acme_subject_{what}", "p256_signer", subject)


def make():
    roots_and_leaves()
    longer_chains()
    lone()
