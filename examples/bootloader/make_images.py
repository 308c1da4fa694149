#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Makes images/: slots of a flash with signed images, by the real client, and trust.h, whom the bootloader trusts.

  make_images.py NV2      NV2 is the client, build/release/examples/nv2/nv2

Signs with a fresh key under the published test authority of tests/interop/golden/notary, scheme notary.x509.signingAuthority,
so that a device without a clock learns a time; stranger.bin is signed by an authority of its own. Needs python3-cryptography.
The keys are thrown away. Exit 0: made.
"""
import datetime
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = Path(__file__).resolve().parent
GOLDEN = HERE.parents[1] / "tests/interop/golden/notary"
START, END = datetime.datetime(2026, 1, 1), datetime.datetime(2044, 1, 1)
PEM = serialization.Encoding.PEM
IMAGES = {"old.bin": ("1.1.0", True), "good.bin": ("1.2.0", True), "stranger.bin": ("1.3.0", False)}


def name(organisation: str, common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in (
        (NameOID.COUNTRY_NAME, "US"), (NameOID.STATE_OR_PROVINCE_NAME, "WA"), (NameOID.LOCALITY_NAME, "Seattle"),
        (NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, common))])


def certificate(subject: x509.Name, key, issuer: x509.Name, issuer_key, is_ca: bool) -> x509.Certificate:
    usage = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign",
                           "encipher_only", "decipher_only"), False)
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
               .serial_number(x509.random_serial_number()).not_valid_before(START).not_valid_after(END)
               .add_extension(x509.BasicConstraints(is_ca, 0 if is_ca else None), True)
               .add_extension(x509.KeyUsage(digital_signature=not is_ca, key_cert_sign=is_ca, **usage), True))
    if not is_ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.3")]), False)
    return builder.sign(issuer_key, hashes.SHA256())


def signers(folder: Path) -> dict[bool, tuple[Path, Path]]:
    """Key and chain of who is trusted, and of who is not."""
    golden = [x509.load_pem_x509_certificate(f"-----BEGIN CERTIFICATE-----{block}".encode())
              for block in (GOLDEN / "p256-chain.crt").read_text().split("-----BEGIN CERTIFICATE-----")[1:]]
    issuing_key = serialization.load_pem_private_key((GOLDEN / "acme-p256-issuing.test-only.key").read_bytes(), None)
    other_key = ec.generate_private_key(ec.SECP256R1())
    other = certificate(name("ACME Rockets", "stranger"), other_key, name("ACME Rockets", "stranger"), other_key, True)
    result = {}
    for trusted, (issuer, key, rest) in {True: (golden[1], issuing_key, golden[1:]), False: (other, other_key, [other])}.items():
        leaf_key = ec.generate_private_key(ec.SECP256R1())
        leaf = certificate(name("ACME Rockets", "firmware"), leaf_key, issuer.subject, key, False)
        result[trusted] = (folder / f"{trusted}.key", folder / f"{trusted}.crt")
        result[trusted][0].write_bytes(leaf_key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        result[trusted][1].write_bytes(b"".join(c.public_bytes(PEM) for c in (leaf, *rest)))
    return result


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        keys = signers(folder)
        for file, (version, trusted) in IMAGES.items():
            body = f"firmware {version}\n".encode() + bytes(i * 37 % 256 for i in range(700))
            signed = folder / "signed"
            signed.write_bytes(struct.pack("<4sHHII16x", b"NV2B", 32, 0, len(body), 0x20000) + body)
            key, chain = keys[trusted]
            subprocess.run([sys.argv[1], "sign", "--blob", "--format", "cose", "--signing-scheme", "notary.x509.signingAuthority",
                            "-k", key, "-c", chain, "--user-metadata", f"version={version}", "-o", folder / "envelope",
                            f"file:{signed}"], check=True)
            envelope = (folder / "envelope").read_bytes()
            (folder / "envelope").unlink()
            entries = struct.pack("<HH", 0x40, 3) + b"any" + struct.pack("<HH", 1, len(envelope)) + envelope
            (HERE / "images" / file).write_bytes(signed.read_bytes() + struct.pack("<HH", 0x5476, 4 + len(entries)) + entries)
    root = x509.load_pem_x509_certificate((GOLDEN / "p256-root.crt").read_bytes())
    der = root.public_bytes(serialization.Encoding.DER)
    rows = ",\n".join("    " + ", ".join(f"0x{b:02x}" for b in der[i:i + 16]) for i in range(0, len(der), 16))
    (HERE / "trust.h").write_text(f"""// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The root that this bootloader trusts, made by make_images.py. For tests only: its key is published.
#ifndef NV2_EXAMPLE_BOOTLOADER_TRUST_H
#define NV2_EXAMPLE_BOOTLOADER_TRUST_H

#include <stdint.h>

// clang-format off
static const uint8_t trusted_root[] = {{
{rows}
}};
// clang-format on

#endif  // NV2_EXAMPLE_BOOTLOADER_TRUST_H
""")
    return 0


if __name__ == "__main__":
    sys.exit(main())
