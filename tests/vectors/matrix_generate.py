#!/usr/bin/python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/vectors/matrix/: signatures, with and without a timestamp of `openssl ts`, and revocation lists for
tests/matrix. What is there is kept, since signatures differ with every run; --force makes all anew.

The present of the matrix is 2030-01-01: a timestamp made by the clock of this machine is some years old by then, and the
certificate that was valid when it was made has expired.

Needs Debian's python3-cryptography and openssl. Run: tests/vectors/matrix_generate.py [--force]
"""
import datetime
import hashlib
import pathlib
import subprocess
import sys
import tempfile

import pki
from cryptography import x509
from cryptography.x509 import ocsp
from cryptography.hazmat.primitives import hashes, serialization
from der import acme, certificate, der, oid
from notary_envelope import AUTHORITY, FORMS, N, b64, compact

import notary_pki

HERE = pathlib.Path(__file__).parent
OUT = HERE / "matrix"
FORCE = "--force" in sys.argv[1:]
NOW = 1893456000  # 2030-01-01T00:00:00Z
DAY = 86400
SERIAL = 77
AUTHENTIC = (1800000000, "2027-01-15T08:00:00Z")
BEFORE, AFTER = AUTHENTIC[0] - 200 * DAY, AUTHENTIC[0] + 200 * DAY
TOKEN = N + "timestampSignature"


def moment(seconds):
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)


def keep(path, make):
    if FORCE or not path.exists():
        path.write_bytes(make())


def make_certificates():
    notary_pki.make()
    point = ("2.5.29.31", der(0x30, der(0x30, der(0xA0, der(0xA0, der(0x86, b"http://crl.acme.example/a.crl"))))), False)
    common = dict(others=[point], serial=bytes([SERIAL]))
    certificate("matrix_leaf", "p256_leaf", acme("leaf"), "acme_root", **common)
    certificate("matrix_leaf_expired", "p256_leaf", acme("leaf"), "acme_root", end=datetime.datetime(2028, 1, 1), **common)
    access = ("1.3.6.1.5.5.7.1.1",
              der(0x30, der(0x30, oid("1.3.6.1.5.5.7.48.1"), der(0x86, b"http://ocsp.acme.example/"))), False)
    certificate("matrix_leaf_access", "p256_leaf", acme("leaf"), "acme_root", others=[access], serial=bytes([SERIAL]))
    certificate("matrix_tsa_root", "p256_signer", acme("stamps"), ca=True, usage=notary_pki.CA_USAGE)
    certificate("matrix_tsa", "p256_other", acme("stamper"), "matrix_tsa_root",
                others=[("2.5.29.37", der(0x30, oid("timestamp")), True)])


def revocation_list(*, this=NOW - 5 * DAY, end=NOW + 5 * DAY, listed=False, invalidity=None):
    issuer = x509.load_der_x509_certificate((pki.DIR / "acme_root.der").read_bytes()).subject
    made = (x509.CertificateRevocationListBuilder().issuer_name(issuer).last_update(moment(this)).next_update(moment(end))
            .add_extension(x509.CRLNumber(5), critical=False))
    if listed:
        entry = x509.RevokedCertificateBuilder().serial_number(SERIAL).revocation_date(moment(AFTER + DAY))
        entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
        if invalidity is not None:
            entry = entry.add_extension(x509.InvalidityDate(moment(invalidity)), critical=False)
        made = made.add_revoked_certificate(entry.build())
    return made.sign(pki.key("p256_issuing"), hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def response(is_revoked):
    """An OCSP response by the root itself."""
    leaf, root = (x509.load_der_x509_certificate((pki.DIR / f"{n}.der").read_bytes())
                  for n in ("matrix_leaf_access", "acme_root"))
    status = ocsp.OCSPCertStatus.REVOKED if is_revoked else ocsp.OCSPCertStatus.GOOD
    made = ocsp.OCSPResponseBuilder().responder_id(ocsp.OCSPResponderEncoding.NAME, root).add_response(
        leaf, root, hashes.SHA1(), status, moment(NOW - 5 * DAY), moment(NOW + 5 * DAY),
        moment(AFTER) if is_revoked else None, x509.ReasonFlags.key_compromise if is_revoked else None)
    return made.sign(pki.key("p256_issuing"), hashes.SHA256()).public_bytes(serialization.Encoding.DER)


CONFIG = """[tsa]
default_tsa = stamper
[stamper]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/tsa.pem
signer_key = {key}
signer_digest = sha256
default_policy = 1.3.6.1.4.1.55555.2
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def stamp(signature):
    """A token over `signature` by the timestamp authority of OpenSSL."""
    with tempfile.TemporaryDirectory(prefix="nv2-tsa-") as folder:
        place = pathlib.Path(folder)
        tsa = x509.load_der_x509_certificate((pki.DIR / "matrix_tsa.der").read_bytes())
        (place / "tsa.pem").write_bytes(tsa.public_bytes(serialization.Encoding.PEM))
        (place / "config").write_text(CONFIG.format(folder=folder, key=(pki.DIR / "p256_other.test-only.key").resolve()))
        digest = hashlib.sha256(signature).hexdigest()
        for command in (["-query", "-digest", digest, "-sha256", "-cert", "-out", place / "query"],
                        ["-reply", "-config", place / "config", "-queryfile", place / "query", "-token_out", "-out",
                         place / "token"]):
            subprocess.run(["openssl", "ts", *command], check=True, capture_output=True)
        return (place / "token").read_bytes()


def envelope(form, leaf, *, stamped=False, **changes):
    manifest = (HERE / "notary/manifest.json").read_bytes()
    payload = compact({"targetArtifact": {"mediaType": "application/vnd.oci.image.manifest.v1+json",
                                          "digest": "sha256:" + hashlib.sha256(manifest).hexdigest(),
                                          "size": len(manifest)}})
    plan = FORMS[form](payload, {"certs": [leaf, "acme_root"], **changes})
    if stamped:
        made = {}
        sign = plan.sign
        plan.sign = lambda data: made.setdefault("signature", sign(data))  # the same one in both rounds
        plan.build()
        token = stamp(made["signature"])
        plan.header[TOKEN] = b64(token) if form == "jws" else token
    return plan.envelope()


def main():
    OUT.mkdir(exist_ok=True)
    make_certificates()
    for form in FORMS:
        keep(OUT / f"valid.{form}", lambda: envelope(form, "matrix_leaf"))
        keep(OUT / f"access.{form}", lambda: envelope(form, "matrix_leaf_access"))
        keep(OUT / f"expired.{form}", lambda: envelope(form, "matrix_leaf_expired"))
        keep(OUT / f"stamped.{form}", lambda: envelope(form, "matrix_leaf_expired", stamped=True))
        keep(OUT / f"authority.{form}",
             lambda: envelope(form, "matrix_leaf_expired", scheme=AUTHORITY, signed_at=AUTHENTIC))
    keep(OUT / "good.crl", revocation_list)
    keep(OUT / "stale.crl", lambda: revocation_list(this=NOW - 9 * DAY, end=NOW - 2 * DAY))
    keep(OUT / "good.ocsp", lambda: response(False))
    keep(OUT / "revoked.ocsp", lambda: response(True))
    keep(OUT / "listed.crl", lambda: revocation_list(listed=True))
    keep(OUT / "listed_before.crl", lambda: revocation_list(listed=True, invalidity=BEFORE))
    keep(OUT / "listed_after.crl", lambda: revocation_list(listed=True, invalidity=AFTER))


if __name__ == "__main__":
    main()
