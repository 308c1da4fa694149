# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Signatures that we, notation and oras put beside an image, in every kind of registry: each finds those of the others."""
from __future__ import annotations

import json
import re
from pathlib import Path

import harness
import peers
from harness import ClientTest

SIGNATURE = "application/vnd.cncf.notary.signature"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
ENVELOPES = {"jws": "application/jose+json", "cose": "application/cose"}
REGISTRIES = {"docker-registry": peers.docker_registry, "with referrers": peers.oci_registry,
              "with referrers, not filtering": lambda: peers.oci_registry(filters=False),
              "without referrers": lambda: peers.oci_registry(referrers=False)}


class Others(ClientTest):
    def setUp(self) -> None:
        super().setUp()
        if not peers.notation_program.exists():
            self.skipTest("no notation")
        self.key, self.certificate = self.bench.key_path("p256"), self.bench.certs["p256"]
        config = self.work / "config" / "notation"
        store = config / "truststore" / "x509" / "ca" / "signer"
        store.mkdir(parents=True)
        (store / "signer.pem").write_bytes(Path(self.certificate).read_bytes())
        (config / "signingkeys.json").write_text(json.dumps({"default": "key", "keys": [
            {"name": "key", "keyPath": str(self.key), "certPath": str(self.certificate)}]}))
        (config / "trustpolicy.json").write_text(json.dumps({"version": "1.0", "trustPolicies": [
            {"name": "all", "registryScopes": ["*"], "signatureVerification": {"level": "strict"}, "trustStores": ["ca:signer"],
             "trustedIdentities": ["*"]}]}))

    # --- who puts a signature there ---------------------------------------------------------------
    def by_us(self, name: str, form: str) -> None:
        done = self.run_client("sign", "--format", form, "-k", self.key, "-c", self.certificate, "--insecure", "--attach", f"docker://{name}")
        self.assertEqual(done.code, 0, done)

    def by_notation(self, name: str, form: str) -> None:
        peers.notation("sign", "--insecure-registry", "--signature-format", form, name, config=self.work / "config")

    def by_oras(self, name: str, form: str) -> None:
        manifest = self.work / "manifest.json"
        manifest.write_bytes(peers.oras("manifest", "fetch", "--plain-http", name).stdout)
        peers.run(harness.program, "sign", "--format", form, "-k", self.key, "-c", self.certificate, "--media-type", MANIFEST, "-o",
                  self.work / "envelope", f"file:{manifest}")
        peers.oras("attach", "--plain-http", "--artifact-type", SIGNATURE, name, f"envelope:{ENVELOPES[form]}", cwd=self.work)

    # --- who finds it -----------------------------------------------------------------------------
    def check(self, name: str, digest: str, count: int) -> None:
        """Everybody sees so many signatures, and trusts the image."""
        run = self.run_client("verify", "--insecure", "--ca-cert", self.certificate, f"docker://{name}")
        self.assertEqual((run.code, run.out), (0, digest + "\n"), run)
        run = self.run_client("inspect", "--insecure", "--output", "json", f"docker://{name}")
        self.assertEqual((run.code, len(json.loads(run.out)["signatures"])), (0, count), run)
        by_digest = f"{name.rsplit(':', 1)[0]}@{digest}"
        listed = peers.notation("list", "--insecure-registry", by_digest, config=self.work / "config").stdout.decode()
        self.assertEqual(len(re.findall(r"── sha256:", listed)), count, listed)
        peers.notation("verify", "--insecure-registry", by_digest, config=self.work / "config")
        seen = json.loads(peers.oras("discover", "--plain-http", "--format", "json", "--artifact-type", SIGNATURE, name).stdout)
        self.assertEqual(len(seen.get("referrers") or seen.get("manifests")), count, seen)

    def test_matrix(self) -> None:
        """// spec: F-001 F-002 F-004 F-006 F-008 O-003"""
        writers = {"nv2": self.by_us, "notation": self.by_notation, "oras": self.by_oras}
        for kind, start in REGISTRIES.items():
            with start() as registry:
                for writer, write in writers.items():
                    for form in ENVELOPES:
                        with self.subTest(kind, writer=writer, form=form):
                            name = f"{registry.host}/{writer}/{form}:v1"
                            digest = peers.push_image(registry, f"{writer}/{form}:v1", self.work / "image", f"{writer}{form}".encode())
                            write(name, form)
                            self.check(name, digest, 1)

    def test_together(self) -> None:
        """One image, a signature of each: nobody takes those of the others out of the list."""
        for kind, start in REGISTRIES.items():
            with self.subTest(kind), start() as registry:
                name = f"{registry.host}/app:v1"
                digest = peers.push_image(registry, "app:v1", self.work / "image")
                for count, write in enumerate((self.by_notation, self.by_us, self.by_oras, self.by_us), 1):
                    write(name, "cose" if count == 4 else "jws")
                    self.check(name, digest, count)

    def test_beside_other_things(self) -> None:
        """What refers to an image and is no signature is none, whoever put it there."""
        for kind, start in REGISTRIES.items():
            with self.subTest(kind), start() as registry:
                name = f"{registry.host}/app:v1"
                digest = peers.push_image(registry, "app:v1", self.work / "image")
                (self.work / "bill.json").write_text("{}")
                peers.oras("attach", "--plain-http", "--artifact-type", "application/vnd.example.bill", name, "bill.json:application/json",
                           cwd=self.work)
                run = self.run_client("verify", "--insecure", "--ca-cert", self.certificate, f"docker://{name}")
                self.assert_failed(run, 1, "W-043")
                self.by_us(name, "jws")
                self.check(name, digest, 1)
                seen = json.loads(peers.oras("discover", "--plain-http", "--format", "json", name).stdout)
                self.assertEqual(len(seen.get("referrers") or seen.get("manifests")), 2, seen)
