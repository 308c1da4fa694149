# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""The real containerd pulls what the policy trusts, and nothing else."""
from __future__ import annotations

import json
import tempfile
from pathlib import Path

import harness
import peers
import testpki
from containerd import Containerd
from harness import ClientTest
from signing import OCI_TYPE, chains, code_signer

SIGNATURE = "application/vnd.cncf.notary.signature"
PLAIN = "--plain-http"


class Pull(ClientTest):
    """One registry and one containerd for all tests. In the registry: `signed`, `unsigned`, `stranger` (signed by somebody whom the
    policy does not know) and `tampered` (another image, with the signature of the first)."""
    registry: peers.Registry
    containerd: Containerd

    @classmethod
    def start(cls) -> peers.Registry:
        return peers.oci_registry()

    @classmethod
    def setUpClass(cls) -> None:
        if peers.verifier_program is None:
            cls.skipTest(cls, "no verifier given")
        cls.registry = cls.enterClassContext(cls.start())
        cls.containerd = cls.enterClassContext(Containerd())
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="nv2-pull-")))
        chain = chains()["p256"]
        stranger = [code_signer(chain[0].key)]
        cls.push("signed", chain)
        cls.push("unsigned")
        cls.push("stranger", stranger)
        cls.push("tampered", content=b"net monitor with a miner\n", signature=cls.folder / "signed" / "s.jws")
        cls.configure(chain[-1])

    @classmethod
    def push(cls, name: str, chain: list | None = None, content: bytes = b"net monitor\n", signature: Path | None = None) -> None:
        folder = cls.folder / name
        peers.push_image(cls.registry, f"team/{name}:v1", folder, content + name.encode())
        reference = f"{cls.registry.host}/team/{name}:v1"
        if chain:
            (folder / "manifest.json").write_bytes(peers.oras("manifest", "fetch", PLAIN, reference).stdout)
            certificates = testpki.bundle(folder / "chain.crt", *chain)
            peers.run(harness.program, "sign", "--format", "jws", "-k", chain[0].key.path, "-c", certificates, "--media-type", OCI_TYPE,
                      "-o", "s.jws", f"file:{folder}/manifest.json", cwd=folder)
        if signature:
            (folder / "s.jws").write_bytes(signature.read_bytes())
        if chain or signature:
            peers.oras("attach", PLAIN, "--artifact-type", SIGNATURE, reference, "s.jws:application/jose+json", cwd=folder)

    @classmethod
    def configure(cls, root: testpki.Cert) -> None:
        """A prefix with program and configuration; the plugin is a link into it."""
        prefix = cls.folder / "prefix"
        cls.program, etc = prefix / "bin" / "nv2-containerd-verifier", prefix / "etc" / "nv2"
        store = etc / "truststore" / "x509" / "ca" / "acme"
        store.mkdir(parents=True)
        cls.program.parent.mkdir()
        cls.program.write_bytes(peers.verifier_program.read_bytes())
        cls.program.chmod(0o755)
        (store / "root.crt").write_bytes(testpki.pem(root.der))
        (etc / "trustpolicy.json").write_text(json.dumps({"version": "1.0", "trustPolicies": [{
            "name": "team", "registryScopes": [f"{cls.registry.host}/team/{name}" for name in ("signed", "unsigned", "stranger", "tampered")],
            "signatureVerification": {"level": "strict"}, "trustStores": ["ca:acme"], "trustedIdentities": ["*"]}]}))
        cls.settings = etc / "containerd.json"
        cls.settings.write_text(json.dumps({"policy": "trustpolicy.json", "trustStore": "truststore", "timeout": "3s",
                                            "insecureRegistries": [cls.registry.host]}))

    def setUp(self) -> None:
        super().setUp()
        for each in self.containerd.plugins.iterdir():
            each.unlink()

    def plug(self, text: str | None = None, name: str = "nv2") -> None:
        """Our verifier, or a script, becomes a plugin."""
        plugin = self.containerd.plugins / name
        if text is None:
            return plugin.symlink_to(self.program)
        plugin.write_text("#!/bin/sh\n" + text + "\n")
        plugin.chmod(0o755)

    def name(self, image: str) -> str:
        return f"{self.registry.host}/team/{image}:v1"

    def assert_pulled(self, image: str) -> None:
        done = self.containerd.pull(self.name(image))
        self.assertEqual(done.returncode, 0, done)
        self.assertIn(self.name(image), self.containerd.images())

    def assert_refused(self, image: str, *texts: str) -> None:
        """The pull fails, tells why, and nothing is left of it."""
        done = self.containerd.pull(self.name(image))
        self.assertNotEqual(done.returncode, 0, done)
        self.assertNotIn(self.name(image), self.containerd.images())
        for text in texts:
            self.assertIn(text, done.stderr.decode())

    def test_signed(self) -> None:
        self.plug()
        self.assert_pulled("signed")
        self.assertIn("trusted by statement 'team'", self.containerd.log)

    def test_unsigned(self) -> None:
        self.plug()
        self.assert_refused("unsigned", "image verifier bindir blocked pull", "exit code 1", "no signature")

    def test_tampered(self) -> None:
        self.plug()
        self.assert_refused("tampered", "image verifier bindir blocked pull", "exit code 1")

    def test_moved_tag(self) -> None:
        """The tag of a signed image is moved to another one: what is verified is what would be pulled."""
        reference = f"{self.registry.host}/team/signed"
        digest = json.loads(peers.oras("manifest", "fetch", PLAIN, "--descriptor", f"{reference}:v1").stdout)["digest"]
        self.addCleanup(peers.oras, "tag", PLAIN, f"{reference}@{digest}", "v1")
        self.push("signed", content=b"moved tag\n", signature=self.folder / "signed" / "s.jws")
        self.plug()
        self.assert_refused("signed", "exit code 1")

    def test_unknown_signer(self) -> None:
        self.plug()
        self.assert_refused("stranger", "exit code 1", "next: ")

    def test_no_configuration(self) -> None:
        self.plug()
        kept = self.settings.read_text()
        self.addCleanup(self.settings.write_text, kept)
        self.settings.write_text("{}")
        self.assert_refused("signed", "exit code 2", "tells who is trusted")

    def test_dead_verifiers(self) -> None:
        """No answer is a no."""
        for text in ("sleep 60", "kill -KILL $$", "exec /no/such/program"):
            with self.subTest(text):
                for each in self.containerd.plugins.iterdir():
                    each.unlink()
                self.plug(text)
                self.assert_refused("signed")

    def test_all_must_agree(self) -> None:
        self.plug()
        self.plug("echo never; exit 1", "other")
        self.assert_refused("signed", "never")

    def test_registry_that_is_gone(self) -> None:
        """containerd has the image from a mirror, and our registry does not answer."""
        self.plug()
        kept = self.settings.read_text()
        self.addCleanup(self.settings.write_text, kept)
        self.settings.write_text(json.dumps(json.loads(kept) | {"mirrors": {self.registry.host: "127.0.0.1:1"}, "timeout": "2s"}))
        self.assert_refused("signed", "exit code 3")

    def test_empty_folder_lets_everything_pass(self) -> None:
        """What `nv2 doctor` is for."""
        self.assert_pulled("unsigned")


class PullWithoutReferrers(Pull):
    """The same from a registry that lists signatures under a tag."""

    @classmethod
    def start(cls) -> peers.Registry:
        return peers.docker_registry()
