# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""What the tests of policies and trust stores share: signatures of the real notation, and a configuration to change."""
from __future__ import annotations

import base64
import hashlib
import json
import shutil
from pathlib import Path

import testpki
from harness import GOLDEN, ClientTest, Run

NOTARY = GOLDEN / "notary"
INDEX = json.loads((NOTARY / "index.json").read_text())
SCOPE = INDEX["scope"]
OCI_TYPE = "application/vnd.oci.image.manifest.v1+json"
ACME = "x509.subject: C=US, ST=WA, L=Seattle, O=ACME Rockets"
WABBIT = "x509.subject: C=US, ST=WA, L=Seattle, O=Wabbit Networks"
TIME = "2026-11-25T06:00:00Z"  # all signatures but the expiring ones are good at any time of their certificates


def statement(**changes) -> dict:
    """A statement that trusts ACME Rockets; a member changed to None is left out."""
    members = {"name": "acme", "registryScopes": [SCOPE], "signatureVerification": {"level": "strict"},
               "trustStores": ["ca:acme-rockets"], "trustedIdentities": [ACME]} | changes
    return {k: v for k, v in members.items() if v is not None}


def level(name: str, **overrides) -> dict:
    return {"level": name} | ({"override": overrides} if overrides else {})


def blob_statement(**changes) -> dict:
    return statement(**({"registryScopes": None, "globalPolicy": True} | changes))


def document(*statements: dict) -> str:
    return json.dumps({"version": "1.0", "trustPolicies": list(statements)}, indent=2)


class PolicyTest(ClientTest):
    """A copy of notation's configuration in `config`, and commands over the signatures beside it."""

    def setUp(self) -> None:
        super().setUp()
        self.config = self.work / "config"
        shutil.copytree(NOTARY / "config", self.config)

    def write_policy(self, *statements: dict, name: str = "trustpolicy.json") -> Path:
        path = self.config / name
        path.write_text(document(*statements))
        return path

    def store(self, name: str = "ca/acme-rockets") -> Path:
        return self.config / "truststore" / "x509" / name

    def judge(self, *more, name: str = "p256", form: str = "jws", scope: str | None = SCOPE,
              config: Path | None = None, command: str = "verify", time: str = TIME, **options) -> Run:
        """Judges the signature `name` over its image."""
        manifest = NOTARY / f"{name}-{form}.manifest.json"
        arguments = [command, "-f", NOTARY / f"{name}.{form}.sig", "--media-type", OCI_TYPE, "--time", time]
        arguments += ["--config", config or self.config] if config is not False else []
        arguments += ["--scope", scope] if scope else []
        return self.run_client(*arguments, *more, f"file:{manifest}", **options)

    def digest(self, name: str = "p256", form: str = "jws") -> str:
        return next(e["manifest_digest"] for e in INDEX["signatures"] if e["file"] == f"{name}.{form}.sig")

    def assert_good(self, run: Run, name: str = "p256", form: str = "jws") -> None:
        self.assert_trusted(run, self.digest(name, form))

    def assert_logged(self, run: Run, *texts: str, name: str = "p256", form: str = "jws") -> None:
        """Exit 0 and the digest, with warnings that tell what was let pass. // spec: W-081"""
        self.assertEqual((run.code, run.out), (0, self.digest(name, form) + "\n"), run)
        self.assertIn("warning: ", run.err)
        for text in texts:
            self.assertIn(text, run.err, run)

    def assert_skipped(self, run: Run) -> None:
        """// spec: W-003"""
        self.assertEqual((run.code, run.out), (0, ""), run)
        self.assertIn("NOT VERIFIED", run.err)
        self.assertNotRegex(run.err, r"sha\d+:")


def der_of(path: Path) -> bytes:
    return testpki.openssl("x509", "-in", str(path), "-outform", "DER")


def seal_jws(manifest: Path, media_type: str, key: testpki.Key, chain: list[testpki.Cert], *, protected: dict | None = None,
             header: dict | None = None, top: dict | None = None) -> bytes:
    """A Notary JWS by `key`, an EC one, over `manifest`; the rest goes into the parts of their names."""
    content = manifest.read_bytes()
    target = {"mediaType": media_type, "digest": "sha256:" + hashlib.sha256(content).hexdigest(), "size": len(content)}
    scheme = "io.cncf.notary.signingScheme"
    about = {"alg": key.alg, "cty": "application/vnd.cncf.notary.payload.v1+json", "crit": [scheme], scheme: "notary.x509",
             "io.cncf.notary.signingTime": "2026-01-01T00:00:00Z"} | (protected or {})
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode()
             for each in (about, {"targetArtifact": target})]
    signature = key.sign(".".join(parts).encode())
    return json.dumps({"payload": parts[1], "protected": parts[0],
                       "header": {"x5c": [base64.b64encode(each.der).decode() for each in chain]} | (header or {}),
                       "signature": base64.urlsafe_b64encode(signature).rstrip(b"=").decode()} | (top or {})).encode()
