# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""What is pulled, what is not, and the reasons that containerd is told."""
import json

from images import ImageTest
from signing import code_signer


class Verdicts(ImageTest):
    def test_signed(self) -> None:
        self.assert_allowed(self.ask(), "trusted by statement 'team' (level strict)", "signer with p256")
        self.attach(self.plain, form="cose")
        self.assert_allowed(self.ask("plain"))

    def test_unsigned(self) -> None:
        self.assert_blocked(self.ask("plain"), "no signature", code=1)

    def test_unknown_signer(self) -> None:
        stranger = code_signer(self.chains["p256"][0].key)
        self.attach(self.plain, chain=[stranger])
        self.assert_blocked(self.ask("plain"), "next: ", code=1)

    def test_signature_of_another_image(self) -> None:
        other = self.image("other")
        manifest = json.dumps({"schemaVersion": 2, "mediaType": other.subject["mediaType"], "layers": []}).encode()
        other.subject = {"mediaType": other.subject["mediaType"], **other.put(manifest)}
        other.write_index(json.dumps({"schemaVersion": 2, "manifests": [other.subject]}))
        signature = self.signed.added()[0]
        forged = json.loads(self.signed.file(signature["digest"]).read_bytes())
        for part in [forged["config"], *forged["layers"]]:
            other.put(self.signed.file(part["digest"]).read_bytes())
        forged["subject"] = other.subject
        entry = signature | other.put(json.dumps(forged).encode())
        other.write_index(json.dumps({"schemaVersion": 2, "manifests": [other.subject, entry]}))
        self.write_policy()
        self.assert_blocked(self.ask("other"), code=1)

    def test_tampered(self) -> None:
        file = self.signed.file(self.signed.subject["digest"])
        file.write_bytes(file.read_bytes().replace(b"a layer", b"b layer") + b" ")
        self.assert_blocked(self.ask(), code=1)

    def test_missing(self) -> None:
        digest = "sha256:" + "a" * 64
        words = ["-name", self.name(), "-digest", digest, "-stdin-media-type", "application/vnd.oci.descriptor.v1+json"]
        self.assert_blocked(self.ask(arguments=words, stdin=self.signed.subject | {"digest": digest}))

    def test_no_registry(self) -> None:
        self.write_policy(registryScopes=["127.0.0.1:1/team/signed"])
        self.write_configuration(insecureRegistries=["127.0.0.1:1"], timeout="1s")
        self.assert_blocked(self.ask(name="127.0.0.1:1/team/signed:v1"), code=3)

    def test_no_statement_for_the_image(self) -> None:
        self.write_policy(registryScopes=["registry.example.com/team/signed"])
        self.assert_blocked(self.ask(), code=1)

    def test_skip(self) -> None:
        """// spec: W-003"""
        self.write_policy(signatureVerification={"level": "skip"}, trustStores=None, trustedIdentities=None)
        self.assert_allowed(self.ask("plain"), "NOT VERIFIED", "statement 'team'")
        self.assertEqual(self.registry.asked, [])

    def test_audit(self) -> None:
        """// spec: W-081"""
        self.write_policy(signatureVerification={"level": "audit"}, trustedIdentities=["x509.subject: C=US, ST=WA, O=nobody"])
        self.assert_allowed(self.ask(), "level audit", "the check authenticity failed, and the policy lets that pass")

    def test_reason_is_one_line_and_bounded(self) -> None:
        """A name of hostile characters moves no cursor and adds no line."""
        for part in ("\n", "\x1b[2J", "\u202e", "\xff", "x" * 5000, "é" * 3000):
            with self.subTest(repr(part)[:20]):
                self.assert_blocked(self.ask(name=self.name() + part))
