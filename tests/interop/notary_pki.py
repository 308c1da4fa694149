# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Keys, code-signing chains, OCI layouts and notation configuration directories for the tests of Notary Project forms."""
from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import textwrap
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
INDEX_TYPE = "application/vnd.oci.image.index.v1+json"
MEDIA_TYPES = {"jws": "application/jose+json", "cose": "application/cose"}
CURVES = {"p256": ec.SECP256R1, "p384": ec.SECP384R1, "p521": ec.SECP521R1}
KINDS = ("rsa2048", "rsa3072", "rsa4096", "p256", "p384", "p521")
HASHES = {"rsa2048": hashes.SHA256, "rsa3072": hashes.SHA384, "rsa4096": hashes.SHA512,
          "p256": hashes.SHA256, "p384": hashes.SHA384, "p521": hashes.SHA512}
PURPOSES = {"code": "1.3.6.1.5.5.7.3.3", "server": "1.3.6.1.5.5.7.3.1"}
USAGES = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
          "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]


@dataclass
class Key:
    kind: str
    private: object
    path: Path

    @classmethod
    def at(cls, path: Path, kind: str) -> Key:
        """The key in that file, which is made when it is not there."""
        if path.exists():
            return cls(kind, serialization.load_pem_private_key(path.read_bytes(), None), path)
        private = (rsa.generate_private_key(public_exponent=65537, key_size=int(kind[3:])) if kind.startswith("rsa")
                   else ec.generate_private_key(CURVES[kind]()))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                               serialization.NoEncryption()))
        return cls(kind, private, path)


@dataclass
class Cert:
    key: Key
    x509: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.x509.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.x509.public_bytes(serialization.Encoding.PEM)


class StoredCert:
    """A certificate of which only the bytes are known."""

    def __init__(self, der: bytes) -> None:
        self.der = der

    @property
    def pem(self) -> bytes:
        lines = textwrap.fill(base64.b64encode(self.der).decode(), 64)
        return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n".encode()


def name(common_name: str, organization: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in (
        (NameOID.COUNTRY_NAME, "US"), (NameOID.STATE_OR_PROVINCE_NAME, "WA"), (NameOID.LOCALITY_NAME, "Seattle"),
        (NameOID.ORGANIZATION_NAME, organization), (NameOID.COMMON_NAME, common_name))])


def make_cert(key: Key, common_name: str, *, issuer: Cert | None = None, ca: bool = False, path_length: int | None = None,
              organization: str = "Wabbit Networks", purposes: tuple[str, ...] = (), usage: tuple[str, ...] | None = None,
              starts: datetime | None = None, ends: datetime | None = None, usage_critical: bool = True,
              extensions: tuple[tuple[x509.ExtensionType, bool], ...] = ()) -> Cert:
    """A certificate as the profile of code signing wants it; self-signed without `issuer`."""
    now = datetime.utcnow().replace(microsecond=0)
    usage = usage if usage is not None else (("key_cert_sign", "crl_sign") if ca else ("digital_signature",))
    subject = name(common_name, organization)
    signer = issuer.key if issuer else key
    builder = (x509.CertificateBuilder().subject_name(subject)
               .issuer_name(issuer.x509.subject if issuer else subject).public_key(key.private.public_key())
               .serial_number(x509.random_serial_number())
               .not_valid_before(starts or now - timedelta(days=2)).not_valid_after(ends or now + timedelta(days=3650))
               .add_extension(x509.BasicConstraints(ca, path_length if ca else None), True)
               .add_extension(x509.KeyUsage(**{each: each in usage for each in USAGES}), usage_critical)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.private.public_key()), False))
    if issuer:
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.private.public_key()), False)
    if purposes:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([x509.ObjectIdentifier(PURPOSES[each]) for each in purposes]), False)
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    return Cert(key, builder.sign(signer.private, HASHES[signer.kind]()))


def make_chain(keys: list[Key], who: str, **options) -> list[Cert]:
    """A chain for these keys, leaf first. One key: a self-signed certificate. Options go to the leaf, but for the dates and the
    organization, which all share."""
    shared = {each: options.pop(each) for each in ("starts", "ends", "organization") if each in options}
    issuer = None
    made: list[Cert] = []
    for depth, key in enumerate(reversed(keys)):
        below = len(keys) - 1 - depth
        if below:
            title = f"{who} Root" if depth == 0 else f"{who} Issuing CA {depth}"
            issuer = make_cert(key, title, issuer=issuer, ca=True, path_length=below - 1, **shared)
        else:
            issuer = make_cert(key, who, issuer=issuer, **options, **shared)
        made.insert(0, issuer)
    return made


def write_pem(path: Path, certs: list[Cert]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(each.pem for each in certs))
    return path


# --- revocation -------------------------------------------------------------------------------------------------

def point(url: str) -> tuple[x509.ExtensionType, bool]:
    where = x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)
    return x509.CRLDistributionPoints([where]), False


def revoked_entry(cert: Cert, *, reason: x509.ReasonFlags | None = x509.ReasonFlags.key_compromise, days: int = -1,
                  invalid: datetime | None = None, extensions=()) -> x509.RevokedCertificate:
    """What a list says of that certificate; revoked so many days from now."""
    when = datetime.utcnow().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)
    entry = x509.RevokedCertificateBuilder().serial_number(cert.x509.serial_number).revocation_date(when)
    known = [] if reason is None else [(x509.CRLReason(reason), False)]
    known += [] if invalid is None else [(x509.InvalidityDate(invalid), False)]
    for value, critical in (*known, *extensions):
        entry = entry.add_extension(value, critical)
    return entry.build()


def revocation_list(issuer: Cert, listed: list = (), *, starts: int = -60, ends: int = 86400, number: int = 5, extensions=(),
                    signer: Cert | None = None, as_name: x509.Name | None = None,
                    digest: hashes.HashAlgorithm | None = None) -> bytes:
    """A list by `issuer` as DER, of certificates or pairs of one and what is said of it, see revoked_entry(). Times are seconds
    from now."""
    now = datetime.utcnow().replace(microsecond=0)
    made = (x509.CertificateRevocationListBuilder().issuer_name(as_name or issuer.x509.subject)
            .last_update(now + timedelta(seconds=starts)).next_update(now + timedelta(seconds=ends))
            .add_extension(x509.CRLNumber(number), False))
    for each in listed:
        cert, said = each if isinstance(each, tuple) else (each, {})
        made = made.add_revoked_certificate(revoked_entry(cert, **said))
    for value, critical in extensions:
        made = made.add_extension(value, critical)
    key = (signer or issuer).key
    return made.sign(key.private, digest or HASHES[key.kind]()).public_bytes(serialization.Encoding.DER)


# --- OCI layouts ------------------------------------------------------------------------------------------------

def digest_of(data: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def blob_path(layout: Path, digest: str) -> Path:
    algorithm, encoded = digest.split(":")
    return layout / "blobs" / algorithm / encoded


def put_blob(layout: Path, data: bytes, media_type: str) -> dict:
    digest = digest_of(data)
    path = blob_path(layout, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return {"mediaType": media_type, "digest": digest, "size": len(data)}


def image(layout: Path, text: bytes) -> dict:
    """A small image whose only layer has that text; returns the descriptor of its manifest."""
    config = put_blob(layout, b'{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}',
                      "application/vnd.oci.image.config.v1+json")
    layer = put_blob(layout, text, "application/vnd.oci.image.layer.v1.tar")
    return put_blob(layout, compact({"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "config": config, "layers": [layer]}),
                    MANIFEST_TYPE)


def make_layout(layout: Path, tags: dict[str, bytes]) -> dict[str, dict]:
    """A layout with one small image for each tag; returns the descriptors of the manifests."""
    found = {tag: image(layout, text) for tag, text in tags.items()}
    (layout / "oci-layout").write_bytes(b'{"imageLayoutVersion":"1.0.0"}')
    entries = [each | {"annotations": {"org.opencontainers.image.ref.name": tag}} for tag, each in found.items()]
    (layout / "index.json").write_bytes(compact({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": entries}))
    return found


SIGNATURE_TYPE, EMPTY_TYPE = "application/vnd.cncf.notary.signature", "application/vnd.oci.empty.v1+json"


def signature_manifest(artifact: dict, layer: dict, *, modern: bool = False, **changes: object) -> dict:
    """modern: with artifactType, as version 2 of notation writes it; version 1.3 finds only the other form."""
    manifest: dict = {"schemaVersion": 2, "mediaType": MANIFEST_TYPE}
    if modern:
        manifest["artifactType"] = SIGNATURE_TYPE
    manifest |= {"config": {"mediaType": EMPTY_TYPE if modern else SIGNATURE_TYPE, "digest": digest_of(b"{}"), "size": 2},
                 "layers": [layer], "subject": {each: artifact[each] for each in ("mediaType", "digest", "size")}}
    for member, value in changes.items():
        if value is ...:
            manifest.pop(member)
        else:
            manifest[member] = value
    return manifest


def list_manifest(layout: Path, manifest: bytes, media_type: str = MANIFEST_TYPE, **members: object) -> str:
    """Stores a manifest and lists it in the index; returns its digest."""
    entry = put_blob(layout, manifest, media_type) | members
    index = json.loads((layout / "index.json").read_bytes())
    index["manifests"].append(entry)
    (layout / "index.json").write_bytes(compact(index))
    return entry["digest"]


def attach(layout: Path, subject: dict, envelope: bytes, media_type: str, **options: object) -> str:
    """Stores a signature of `subject` as notation would; returns the digest of its manifest."""
    put_blob(layout, b"{}", EMPTY_TYPE)
    layer = put_blob(layout, envelope, media_type)
    return list_manifest(layout, compact(signature_manifest(subject, layer, **options)))


def index_entries(layout: Path) -> list[dict]:
    return json.loads((layout / "index.json").read_bytes())["manifests"]


def signatures_of(layout: Path, digest: str) -> list[tuple[str, bytes, str]]:
    """What signs the manifest with that digest: (media type, envelope, digest of the signature manifest)."""
    found = []
    for entry in index_entries(layout):
        manifest = json.loads(blob_path(layout, entry["digest"]).read_bytes())
        if manifest.get("subject", {}).get("digest") == digest:
            layer = manifest["layers"][0]
            found.append((layer["mediaType"], blob_path(layout, layer["digest"]).read_bytes(), entry["digest"]))
    return found


# --- notation's configuration -----------------------------------------------------------------------------------

def statement(stores: list[str], *, level: str = "strict", identities: tuple[str, ...] = ("*",), override: dict | None = None,
              timestamp: str = "", **members) -> dict:
    verification = {"level": level} | ({"override": override} if override else {})
    verification |= {"verifyTimestamp": timestamp} if timestamp else {}
    trust = {} if level == "skip" else {"trustStores": stores, "trustedIdentities": list(identities)}
    return {"name": "tests", "signatureVerification": verification, **trust, **members}


def write_config(config: Path, anchors: dict[str, list[Cert]], oci: list[dict] | None = None,
                 blob: list[dict] | None = None) -> Path:
    """anchors: "type:name" to certificates."""
    shutil.rmtree(config, ignore_errors=True)
    config.mkdir(parents=True)
    for where, certs in anchors.items():
        kind, store = where.split(":")
        for index, cert in enumerate(certs):
            write_pem(config / "truststore" / "x509" / kind / store / f"{index}.crt", [cert])
    for file, entries in (("trustpolicy.json", oci), ("trustpolicy.blob.json", blob)):
        if entries is not None:
            (config / file).write_text(json.dumps({"version": "1.0", "trustPolicies": entries}, indent=2) + "\n")
    return config


def write_signing_keys(config: Path, keys: dict[str, tuple[Path, Path]]) -> None:
    """names to (key file, chain file), for `notation sign --key NAME`"""
    entries = [{"name": each, "keyPath": os.path.abspath(key), "certPath": os.path.abspath(chain)}
               for each, (key, chain) in keys.items()]
    config.mkdir(parents=True, exist_ok=True)
    (config / "signingkeys.json").write_text(json.dumps({"default": entries[0]["name"], "keys": entries}))
