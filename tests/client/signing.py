# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""What the tests of signing for the Notary Project share: keys with chains up to a root, and layouts."""
from __future__ import annotations

import hashlib
import json
from pathlib import Path

import envelopes
import testpki
from harness import MEDIA_TYPE, ClientTest, Run, bench

OCI_TYPE = "application/vnd.oci.image.manifest.v1+json"
KINDS = tuple(envelopes.ALGORITHMS)
_chains: dict = {}


def chains() -> dict:
    """By kind of key: certificates from the signer's to the root. Made once for all tests."""
    if not _chains:
        folder = bench().path
        keys = {kind: testpki.Key.generate(kind, folder / f"notary-{kind}.key") for kind in KINDS}
        root = testpki.make_cert(testpki.Key.generate("p384", folder / "notary-root.key"), "root", ca=True, usage=["keyCertSign"])
        issuer = testpki.make_cert(testpki.Key.generate("p256", folder / "notary-issuer.key"), "issuer", ca=True,
                                   usage=["keyCertSign"], issuer=root)
        for kind, key in keys.items():
            _chains[kind] = [code_signer(key, issuer), issuer, root]
    return _chains


def code_signer(key: testpki.Key, issuer: testpki.Cert | None = None, **changes) -> testpki.Cert:
    options = {"usage": ["digitalSignature"], "purposes": ["codeSigning"]} | changes
    return testpki.make_cert(key, f"signer with {key.kind}", issuer=issuer, **options)


def digest_of(data: bytes, name: str = "sha256") -> str:
    return f"{name}:{hashlib.new(name, data).hexdigest()}"


class LayoutFolder:
    """An OCI layout with one image under the tag v1."""

    def __init__(self, path: Path, media_type: str = OCI_TYPE, hash_name: str = "sha256", indent: int | None = 2) -> None:
        self.path = path
        (path / "blobs" / "sha256").mkdir(parents=True)
        config, layer = self.put(b"{}"), self.put(b"a layer")
        self.manifest = json.dumps({"schemaVersion": 2, "mediaType": media_type, "config": {"mediaType": "a/b", **config},
                                    "layers": [{"mediaType": "c/d", **layer}]}).encode()
        self.subject = {"mediaType": media_type, **self.put(self.manifest, hash_name)}
        entry = self.subject | {"annotations": {"org.opencontainers.image.ref.name": "v1"}}
        self.write_index(json.dumps({"schemaVersion": 2, "manifests": [entry]}, indent=indent))
        (path / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')

    def put(self, data: bytes, hash_name: str = "sha256") -> dict:
        digest = digest_of(data, hash_name)
        file = self.file(digest)
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
        return {"digest": digest, "size": len(data)}

    def file(self, digest: str) -> Path:
        return self.path / "blobs" / digest.replace(":", "/")

    def write_index(self, text: str) -> None:
        (self.path / "index.json").write_text(text)

    @property
    def index(self) -> str:
        return (self.path / "index.json").read_text()

    def names(self) -> set[str]:
        return {str(each.relative_to(self.path)) for each in self.path.rglob("*")}

    def added(self) -> list[dict]:
        """The entries behind the image, each after its blob was found to be what it says."""
        return [self.described(each) for each in json.loads(self.index)["manifests"][1:]]

    def described(self, descriptor: dict) -> dict:
        data = self.file(descriptor["digest"]).read_bytes()
        assert (digest_of(data), len(data)) == (descriptor["digest"], descriptor["size"]), descriptor
        return descriptor

    def __str__(self) -> str:
        return f"oci-layout:{self.path}:v1"


class NotaryTest(ClientTest):
    def setUp(self) -> None:
        super().setUp()
        self.chains = chains()
        self.root = self.bundle("root.crt", self.chains["p256"][-1])

    def bundle(self, name: str, *certs: testpki.Cert) -> Path:
        return testpki.bundle(self.bench.path / f"notary-{name}", *certs)

    def sign_notary(self, *more, form: str | None = "jws", kind: str = "p256", chain: list | None = None,
                    target: str | None = "", output: str | None = "s", stdin: bytes = b"") -> Run:
        """Signs into `s` of the work folder."""
        certs = self.bundle(f"{kind}.crt", *(self.chains[kind] if chain is None else chain))
        arguments = ["sign", "-k", self.bench.path / f"notary-{kind}.key", "-c", certs]
        arguments += ["--format", form] if form else []
        arguments += ["-o", output] if output else []
        return self.run_client(*arguments, *more, *self._target(target), stdin=stdin)

    def judge(self, *more, signature: str | None = "s", target: str | None = "", anchor: str = "--ca-cert",
              stdin: bytes = b"") -> Run:
        arguments = ["verify", anchor, self.root] + (["-f", signature] if signature else [])
        return self.run_client(*arguments, *more, *self._target(target), stdin=stdin)

    def read(self, form: str = "jws", name: str = "s") -> envelopes.Envelope:
        return envelopes.read((self.work / name).read_bytes(), form)

    @property
    def descriptor(self) -> dict:
        return {"mediaType": MEDIA_TYPE, "digest": self.bench.digest, "size": self.bench.manifest.stat().st_size}
