#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Makes the signatures of this folder with two real prototype binaries and writes index.json. See README.md."""
from __future__ import annotations

import argparse
import base64
import json
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.dont_write_bytecode = True
import testpki  # noqa: E402

HERE = Path(__file__).resolve().parent
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
OCI = "application/vnd.oci.image.manifest.v1+json"
NET_MONITOR = "registry.acme-rockets.io/net-monitor:v1"
WABBIT = "registry.wabbit-networks.io/net-monitor:v1"


def make_keys_and_certs() -> None:
    def key(stem: str, kind: str) -> testpki.Key:
        return testpki.Key.generate(kind, HERE / f"{stem}.test-only.key")

    acme = {"san": ["registry.acme-rockets.io", "*.dev.acme-rockets.io"], "organization": "ACME Rockets (test only)"}
    for kind, purposes in (("rsa2048", None), ("p256", ["serverAuth", "codeSigning"]),
                           ("p384", None), ("p521", None)):
        stem = f"acme-{kind}"
        cert = testpki.make_cert(key(stem, kind), "registry.acme-rockets.io", usage=["digitalSignature"],
                                 purposes=purposes, ca=False, **acme)
        testpki.bundle(HERE / f"{stem}.crt", cert)

    wabbit = {"organization": "Wabbit Networks (test only)"}
    root = testpki.make_ca(key("wabbit-root", "rsa2048"), "Wabbit Networks Test Root", path_length=1, **wabbit)
    issuing = testpki.make_ca(key("wabbit-issuing", "rsa2048"), "Wabbit Networks Test Issuing CA", path_length=0,
                              issuer=root, **wabbit)
    leaf = testpki.make_cert(key("wabbit-leaf", "rsa2048"), "registry.wabbit-networks.io",
                             san=["registry.wabbit-networks.io"], usage=["digitalSignature"], ca=False,
                             purposes=["serverAuth"], issuer=issuing, **wabbit)
    testpki.bundle(HERE / "wabbit-root.crt", root)
    testpki.bundle(HERE / "wabbit-issuing.crt", issuing)
    testpki.bundle(HERE / "wabbit-leaf.crt", leaf)
    testpki.bundle(HERE / "wabbit-chain2.crt", leaf, issuing)
    testpki.bundle(HERE / "wabbit-chain3.crt", leaf, issuing, root)


def plan() -> list[dict]:
    """One entry a signature: name behind the format, key, how it is named in the file, what else is claimed."""
    def row(suffix: str, key: str, mode: str, references: list[str], **more) -> dict:
        return {"suffix": suffix, "key": key, "mode": mode, "references": references, **more}

    two = [NET_MONITOR, "build.dev.acme-rockets.io/net-monitor:v1"]
    rows = [row(f"{kind}-{mode}", f"acme-{kind}", mode, [NET_MONITOR])
            for kind in ("rsa2048", "p256") for mode in ("x5c", "kid")]
    rows += [row("p384-x5c", "acme-p384", "x5c", [NET_MONITOR]),
             row("p521-kid", "acme-p521", "kid", [NET_MONITOR]),
             row("p256-x5c-noref", "acme-p256", "x5c", []),
             row("rsa2048-kid-noref", "acme-rsa2048", "kid", []),
             row("rsa2048-x5c-tworefs", "acme-rsa2048", "x5c", two),
             row("p256-x5c-expiry", "acme-p256", "x5c", [NET_MONITOR], expiry="8760h"),
             row("rsa2048-chain2", "wabbit-leaf", "x5c", [WABBIT], bundle="wabbit-chain2.crt",
                 ca_certs=["wabbit-root.crt"]),
             row("rsa2048-chain3", "wabbit-leaf", "x5c", [WABBIT], bundle="wabbit-chain3.crt",
                 ca_certs=["wabbit-root.crt"]),
             row("p256-x5c-oci", "acme-p256", "x5c", [NET_MONITOR], manifest="manifest-oci.json", media_type=OCI)]
    return rows


def claims_of(file: Path, form: str) -> dict:
    text = file.read_text()
    if form == "nv2-json":
        return json.loads(text)["signed"]
    part = text.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"failed: {' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--go-json", required=True, type=Path, help="the prototype program of version 0.1.2")
    parser.add_argument("--go-jwt", required=True, type=Path, help="the prototype program of version 0.2.0")
    parser.add_argument("--new-keys", action="store_true", help="make new keys and certificates too")
    options = parser.parse_args()
    tools = {"nv2-jwt": options.go_jwt.resolve(), "nv2-json": options.go_json.resolve()}

    if options.new_keys or not (HERE / "acme-rsa2048.crt").exists():
        make_keys_and_certs()

    index = []
    for form, tool in tools.items():
        for row in plan():
            manifest, media_type = row.get("manifest", "manifest.json"), row.get("media_type", DOCKER)
            file = f"{form[4:]}-{row['suffix']}.nv2"
            is_jwt = form == "nv2-jwt"
            sign = ["sign", "-m", "x509", "-k", f"{row['key']}.test-only.key"]
            if row["mode"] == "x5c":
                sign += ["-c", row.get("bundle", f"{row['key']}.crt")]
            for reference in row["references"]:
                sign += ["-r", reference]
            if "expiry" in row:
                sign += ["-e", row["expiry"]]
            media = ["--media-type", media_type] if is_jwt and media_type != DOCKER else []
            sign += [*media, "-o", file, f"file:{manifest}"]
            ca_certs = row.get("ca_certs", [])
            certs = [] if ca_certs else [f"{row['key']}.crt"]
            verify = ["verify", "-s", file]
            for each in certs:
                verify += ["-c", each]
            for each in ca_certs:
                verify += ["--ca-cert", each]
            verify += [*media, f"file:{manifest}"]

            digest = run([str(tool), *sign])
            if run([str(tool), *verify]) != digest:
                raise SystemExit(f"{file}: the program does not verify what it signed")
            claims = claims_of(HERE / file, form)
            index.append({
                "file": file, "format": form, "media_type": media_type, "manifest": manifest,
                "certs": certs, "ca_certs": ca_certs, "time": claims["iat"] + 60, "digest": digest,
                "key": f"{row['key']}.test-only.key", "mode": row["mode"], "references": row["references"],
                "iat": claims["iat"], "nbf": claims.get("nbf"), "exp": claims.get("exp"),
                "made_by": "nv2 " + " ".join(sign)})
    comment = "Signatures by the real 2020 prototype programs; see README.md. Paths are relative to this file."
    text = {"comment": comment,
            "made": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
            "tampered_manifests": {"manifest.json": "manifest-tampered.json"},
            "signatures": index}
    (HERE / "index.json").write_text(json.dumps(text, indent=1, ensure_ascii=True) + "\n")
    print(f"{len(index)} signatures written")


if __name__ == "__main__":
    main()
