# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Keys and certificates of the vectors: made once, kept as files, read back afterwards."""
import datetime
import hashlib
import base64
import ipaddress
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DIR = pathlib.Path(__file__).parent / "pki"
START = datetime.datetime(2020, 1, 1)
END = datetime.datetime(2050, 1, 1)
CURVES = {"p256": ec.SECP256R1, "p384": ec.SECP384R1, "p521": ec.SECP521R1, "k256": ec.SECP256K1,
          "p224": ec.SECP224R1}
HASHES = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512, "1": hashes.SHA1}
PURPOSES = {"server": ExtendedKeyUsageOID.SERVER_AUTH, "code": ExtendedKeyUsageOID.CODE_SIGNING,
            "any": x509.ObjectIdentifier("2.5.29.37.0")}


def key(name):
    """The private key `name`, whose kind is the part before the first underscore."""
    path = DIR / f"{name}.test-only.key"
    if path.exists():
        return serialization.load_pem_private_key(path.read_bytes(), None)
    kind = name.split("_")[0]
    if kind.startswith("rsa"):
        made = rsa.generate_private_key(public_exponent=65537, key_size=int(kind[3:]))
    elif kind == "ed25519":
        made = ed25519.Ed25519PrivateKey.generate()
    else:
        made = ec.generate_private_key(CURVES[kind]())
    DIR.mkdir(exist_ok=True)
    path.write_bytes(made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                        serialization.NoEncryption()))
    return made


def name_of(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
                      x509.NameAttribute(NameOID.ORGANIZATION_NAME, "nv2 test vectors"),
                      x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def general_name(text):
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def key_usage_of(words):
    flags = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
             "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{flag: flag in words for flag in flags})


def certificate(name, *, key_name, subject=None, issuer=None, issuer_key=None, san=None, ca=None,
                path_length=None, usage=("digital_signature",), purposes=None, start=START, end=END,
                hash_bits="256", critical_unknown=False, constraints=None, after=None):
    """The certificate `name` (DER); `issuer` is the common name of the issuer, None = self-signed."""
    path = DIR / f"{name}.der"
    if path.exists():
        return path.read_bytes()
    subject = subject or name
    signing_key = key(issuer_key or key_name)
    builder = (x509.CertificateBuilder().subject_name(name_of(subject))
               .issuer_name(name_of(issuer or subject)).public_key(key(key_name).public_key())
               .serial_number(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") | 1)
               .not_valid_before(start).not_valid_after(end))
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca, path_length if ca else None), True)
    if usage is not None:
        builder = builder.add_extension(key_usage_of(usage), True)
    if purposes is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([PURPOSES[p] for p in purposes]), False)
    if san is not None:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([general_name(text) for text in san]), False)
    if constraints is not None:
        builder = builder.add_extension(
            x509.NameConstraints([x509.DNSName(text) for text in constraints], None), True)
    if critical_unknown:
        builder = builder.add_extension(
            x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00"), True)
    algorithm = None if isinstance(signing_key, ed25519.Ed25519PrivateKey) else HASHES[hash_bits]()
    der = builder.sign(signing_key, algorithm).public_bytes(serialization.Encoding.DER)
    if after is not None:
        der = after(der)
    DIR.mkdir(exist_ok=True)
    path.write_bytes(der)
    return der


def kid(key_name):
    spki = key(key_name).public_key().public_bytes(serialization.Encoding.DER,
                                                   serialization.PublicFormat.SubjectPublicKeyInfo)
    text = base64.b32encode(hashlib.sha256(spki).digest()[:30]).decode()
    return ":".join(text[i:i + 4] for i in range(0, len(text), 4))


def sign(key_name, alg, data, der_signature=False, salt=None):
    """A JOSE signature, raw r || s for ECDSA; `salt` is the length of that of PSS, if it is another one."""
    private = key(key_name)
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return private.sign(data)
    chosen = HASHES[alg[2:]]()
    if isinstance(private, rsa.RSAPrivateKey):
        scheme = padding.PKCS1v15()
        if alg.startswith("PS"):
            scheme = padding.PSS(padding.MGF1(chosen), chosen.digest_size if salt is None else salt)
        return private.sign(data, scheme, chosen)
    signature = private.sign(data, ec.ECDSA(chosen))
    if der_signature:
        return signature
    size = (private.curve.key_size + 7) // 8
    r, s = utils.decode_dss_signature(signature)
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")
