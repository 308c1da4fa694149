# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 sign for the Notary Project: what is written, read again by others' code, and what is refused."""
import json
import subprocess
import time
from datetime import datetime, timezone

import harness
import testpki
from envelopes import ALGORITHMS, CONTENT_TYPE, PREFIX, Tag, signature_holds
from harness import HOST
from signing import KINDS, OCI_TYPE, NotaryTest, chains, code_signer, digest_of

FORMS = ("jws", "cose")


def as_time(value) -> int:
    """Seconds of an attribute: RFC 3339 without fractions, or tag 1 of a whole number."""
    if isinstance(value, Tag):
        assert value.number == 1 and isinstance(value.value, int), value
        return value.value
    return int(datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())


class Envelopes(NotaryTest):
    def test_every_key(self) -> None:
        """The key decides the algorithm. // spec: J-021 J-040 J-042 J-044 J-045 J-051 C-020 C-050 C-053 C-054"""
        for form in FORMS:
            for kind in KINDS:
                with self.subTest(form=form, kind=kind):
                    self.assert_trusted(self.sign_notary(form=form, kind=kind))
                    made = self.read(form)
                    self.assertEqual(made.signed["alg"], ALGORITHMS[kind][FORMS.index(form)])
                    self.assertEqual(made.chain, [each.der for each in self.chains[kind]])
                    self.assertEqual(json.loads(made.payload), {"targetArtifact": self.descriptor})
                    self.assertTrue(signature_holds(made, kind))
                    self.assert_trusted(self.judge())
                    self.assert_trusted(self.judge("--format", form))
                    other = "cose" if form == "jws" else "jws"
                    self.assertEqual(self.judge("--format", other).code, 1)

    def test_attributes(self) -> None:
        """Exactly these, and no others. // spec: J-022 J-023 J-025 J-030 J-034 C-021 C-022 C-023 C-024 C-032 C-041"""
        for form in FORMS:
            with self.subTest(form):
                before = int(time.time())
                self.sign_notary(form=form)
                made = self.read(form)
                self.assertEqual(set(made.signed), {"alg", "crit", "cty", PREFIX + "signingScheme", PREFIX + "signingTime"})
                self.assertEqual(made.signed["cty"], CONTENT_TYPE)
                self.assertEqual(made.signed["crit"], [PREFIX + "signingScheme"])
                self.assertEqual(made.name("signingScheme"), "notary.x509")
                self.assertLessEqual(before, as_time(made.name("signingTime")))
                self.assertLessEqual(as_time(made.name("signingTime")), int(time.time()))
                self.assertEqual(set(made.unsigned), {"x5c", PREFIX + "signingAgent"})
                self.assertRegex(made.unsigned[PREFIX + "signingAgent"], r"^nv2/\d+\.\d+\.\d+$")

    def test_authority_and_expiry(self) -> None:
        """// spec: J-026 J-028 J-034 C-023 C-027 C-032"""
        for form in FORMS:
            with self.subTest(form):
                self.assert_trusted(self.sign_notary("--signing-scheme", "notary.x509.signingAuthority", "-e", "90m", form=form))
                made = self.read(form)
                names = [PREFIX + each for each in ("signingScheme", "authenticSigningTime", "expiry")]
                self.assertEqual(set(made.signed), {"alg", "crit", "cty", *names})
                self.assertEqual(sorted(made.signed["crit"]), sorted(names))
                self.assertEqual(made.name("signingScheme"), "notary.x509.signingAuthority")
                self.assertEqual(as_time(made.name("expiry")) - as_time(made.name("authenticSigningTime")), 5400)
                self.assert_trusted(self.judge(anchor="--sa-cert"))
                self.assert_failed(self.judge(), 1, "W-030")
                self.assert_failed(self.judge("--time", str(as_time(made.name("expiry"))), anchor="--sa-cert"), 1, "expired")

    def test_user_metadata(self) -> None:
        """// spec: J-052 M-001 M-003"""
        pairs = {"b": "2", "a": "x=y", "é": "<&>\u2028\"\\"}
        options = [each for k, v in pairs.items() for each in ("--user-metadata", f"{k}={v}")]
        for form in FORMS:
            with self.subTest(form):
                self.assert_trusted(self.sign_notary(*options, form=form))
                made = self.read(form)
                self.assertEqual(made.target, {**self.descriptor, "annotations": pairs})
                self.assertTrue(signature_holds(made, "p256"))
                self.assert_trusted(self.judge(*options))
                self.assert_failed(self.judge("--user-metadata", "b=3"), 1, "M-001")
        for wrong, text in (("a", "--user-metadata"), ("=b", "--user-metadata"), ("a=", "--user-metadata"), ("", "--user-metadata"),
                            ("io.cncf.notary=1", "M-003"), ("io.cncf.notary.x=1", "M-003")):
            with self.subTest(wrong):
                self.assert_failed(self.sign_notary("--user-metadata", wrong), 2, text)
        self.assert_failed(self.sign_notary("--user-metadata", "a=1", "--user-metadata", "a=1"), 2, "'a' twice")
        (self.work / "s").unlink()
        self.assert_failed(self.sign_notary("--user-metadata", "a=\udcff"), 1, "no verifier would accept the result")
        self.assert_no_new_file()

    def test_single_certificate(self) -> None:
        """Signer and root in one. // spec: X-041"""
        cert = code_signer(self.chains["p384"][0].key)
        self.assert_trusted(self.sign_notary(kind="p384", chain=[cert]))
        run = self.run_client("verify", "-f", "s", "--ca-cert", self.bundle("single.crt", cert), f"file:{self.bench.manifest}")
        self.assert_trusted(run)

    def test_media_type(self) -> None:
        """A manifest that names its own type is signed with it. // spec: O-042"""
        manifest = json.dumps({"schemaVersion": 2, "mediaType": OCI_TYPE}).encode()
        self.assert_failed(self.sign_notary(target=None, stdin=manifest), 1, "O-042", OCI_TYPE, "--media-type")
        self.assert_no_new_file()
        self.assert_trusted(self.sign_notary("--media-type", OCI_TYPE, target=None, stdin=manifest), digest_of(manifest))
        self.assertEqual(self.read().target["mediaType"], OCI_TYPE)
        self.assert_trusted(self.judge("--media-type", OCI_TYPE, target=None, stdin=manifest), digest_of(manifest))
        self.assert_failed(self.judge(target=None, stdin=manifest), 1, "artifact_media_type")
        for other in (b"no JSON", b"[1]", b'{"mediaType":1}', b'{"schemaVersion":2}'):
            with self.subTest(other):
                self.assert_trusted(self.sign_notary(target=None, stdin=other), digest_of(other))
        self.assert_failed(self.sign_notary("--media-type", "x"), 2, "--media-type")
        self.assert_failed(self.sign_notary(target=None, stdin=b""), 1, "the manifest is empty")


class Refused(NotaryTest):
    """Nothing is handed out that a verifier would not take. // spec: N-177"""

    def assert_refused(self, run, *texts: str, code: int = 1) -> None:
        self.assert_failed(run, code, *texts)
        self.assertFalse((self.work / "s").exists())

    def test_keys(self) -> None:
        """// spec: J-040 J-041"""
        folder = self.bench.path
        cert = self.bundle("any.crt", *self.chains["p256"])
        testpki.Key.generate("rsa2560", folder / "rsa2560.key")
        (folder / "ed25519.key").write_bytes(testpki.openssl("genpkey", "-algorithm", "ED25519"))
        (folder / "pss.key").write_bytes(testpki.openssl("genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"))
        (folder / "k1.key").write_bytes(testpki.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"))
        for name, rule in (("rsa2560", "J-041 (notary_key_size)"), ("ed25519", "J-040 (notary_key)"), ("pss", "J-040 (notary_key)"),
                           ("k1", "J-040 (notary_key)")):
            for form in FORMS:
                with self.subTest(name=name, form=form):
                    run = self.run_client("sign", "--format", form, "-k", folder / f"{name}.key", "-c", cert, "-o", "s",
                                          f"file:{self.bench.manifest}")
                    self.assert_refused(run, rule)

    def test_chains(self) -> None:
        """// spec: X-040 X-041 X-042 X-043 X-044"""
        leaf, issuer, root = self.chains["p256"]
        foreign = testpki.make_cert(root.key, "other", ca=True, usage=["keyCertSign"])
        rows = {"no root": ([leaf, issuer], "X-042 (chain_root)"), "leaf alone": ([leaf], "X-041 (chain_lone)"),
                "a gap": ([leaf, root], "X-044 (chain_link)"), "another root": ([leaf, issuer, foreign], "X-044 (chain_link)"),
                "root twice": ([leaf, issuer, root, root], "X-043 (chain_self_signed)"),
                "wrong order": ([leaf, root, issuer], "X-044 (chain_link)")}
        for name, (chain, rule) in rows.items():
            with self.subTest(name):
                self.assert_refused(self.sign_notary(chain=chain), rule, "certificate", "the root last")
        self.assert_refused(self.sign_notary(chain=[issuer, root]), "key and certificate mismatch")

    def test_certificates(self) -> None:
        """// spec: X-020 X-022 X-023 W-061"""
        leaf, issuer, root = self.chains["p256"]
        past = datetime(2021, 1, 1, tzinfo=timezone.utc)
        rows = {"a CA": (code_signer(leaf.key, issuer, ca=True), "X-020"),
                "no usage": (code_signer(leaf.key, issuer, usage=None), "X-021"),
                "more usage": (code_signer(leaf.key, issuer, usage=["digitalSignature", "keyEncipherment"]), "X-022"),
                "for servers": (code_signer(leaf.key, issuer, purposes=["serverAuth"]), "X-023"),
                "expired": (code_signer(leaf.key, issuer, not_after=past), "certificate_expired")}
        for name, (cert, rule) in rows.items():
            with self.subTest(name):
                self.assert_refused(self.sign_notary(chain=[cert, issuer, root]), rule)

    def test_command_line(self) -> None:
        key = self.bench.path / "notary-p256.key"
        self.assert_refused(self.run_client("sign", "--format", "jws", "-k", key, "file:x"), 'Required flag "cert" not set', code=2)
        self.assert_refused(self.run_client("sign", "--format", "cose", "file:x"), 'Required flags "key, cert" not set', code=2)
        rows = [("-m", "gpg"), ("--signing-scheme", "notary.x"), ("--signing-scheme", "Notary.x509"), ("-r", f"{HOST}/app:v1"),
                ("-e", "-1h"), ("-e", "999ms"), ("--attach",), ("--blob", "--attach", "-o", "")]
        for row in rows:
            with self.subTest(row):
                self.assert_refused(self.sign_notary(*row), "next", code=2)
        for row in (("--blob",), ("--user-metadata", "a=b"), ("--signing-scheme", "notary.x509")):
            with self.subTest(row):
                self.assert_refused(self.sign_notary("-m", "x509", *row, form="nv2-jwt"), "--format jws", code=2)
        self.assert_trusted(self.sign_notary("-m", "x509"))


class Names(NotaryTest):
    def test_manifests(self) -> None:
        """// spec: O-050"""
        stem = self.bench.digest.split(":")[1]
        for form in FORMS:
            self.assert_trusted(self.sign_notary(form=form, output=None))
            self.assert_trusted(self.judge(signature=f"{stem}.{form}.sig"))
        self.assert_no_new_file(f"{stem}.jws.sig", f"{stem}.cose.sig")

    def test_inputs_are_not_replaced(self) -> None:
        (self.work / "m").write_bytes(b"{}")
        self.assert_failed(self.sign_notary(target="file:m", output="m"), 2, "replace an input")
        self.assert_failed(self.sign_notary("--blob", target="file:m", output="m"), 2, "replace an input")
        self.assertEqual((self.work / "m").read_bytes(), b"{}")


class Blobs(NotaryTest):
    def test_hash_of_the_key(self) -> None:
        """// spec: J-056 O-045"""
        blob = self.work / "app.tar.gz"
        blob.write_bytes(b"\0" * 700_000 + b"end")
        for form in FORMS:
            for kind in KINDS:
                with self.subTest(form=form, kind=kind):
                    digest = digest_of(blob.read_bytes(), ALGORITHMS[kind][2])
                    self.assert_trusted(self.sign_notary("--blob", form=form, kind=kind, target="file:app.tar.gz", output=None), digest)
                    made = self.read(form, f"app.tar.gz.{form}.sig")
                    self.assertEqual(made.target, {"mediaType": "application/octet-stream", "digest": digest, "size": 700_003})
                    self.assertTrue(signature_holds(made, kind))
                    verify = ["--blob", "--media-type", "application/octet-stream"]
                    self.assert_trusted(self.judge(*verify, signature=f"app.tar.gz.{form}.sig", target="file:app.tar.gz"), digest)
        self.assert_no_new_file("app.tar.gz", "app.tar.gz.jws.sig", "app.tar.gz.cose.sig")

    def test_standard_input(self) -> None:
        """Named by its digest; the format is jws unless told."""
        for data in (b"text", b""):
            with self.subTest(data):
                digest = digest_of(data, "sha384")
                self.assert_trusted(self.sign_notary("--blob", form=None, kind="p384", target=None, output=None, stdin=data), digest)
                name = digest.split(":")[1] + ".jws.sig"
                self.assert_trusted(self.judge("--blob", signature=name, target=None, stdin=data), digest)

    def test_media_type(self) -> None:
        """// spec: J-056"""
        self.assert_trusted(self.sign_notary("--blob", "--media-type", "text/plain", target=None, stdin=b"x"), digest_of(b"x"))
        self.assertEqual(self.read().target["mediaType"], "text/plain")
        manifest = json.dumps({"mediaType": OCI_TYPE}).encode()
        self.assert_trusted(self.sign_notary("--blob", target=None, stdin=manifest), digest_of(manifest))

    def test_missing(self) -> None:
        self.assert_failed(self.sign_notary("--blob", target="file:nowhere"), 3, "nowhere")
        self.assert_failed(self.sign_notary("--blob", target="oci-layout:nowhere:v1"), 2, "no blobs to sign")
        self.assert_no_new_file()


class NeverHalf(NotaryTest):
    def test_closed_output(self) -> None:
        """A digest that cannot be told takes its signature with it."""
        arguments = ["sign", "--format", "jws", "-k", self.bench.path / "notary-p256.key", "-c",
                     self.bundle("p256.crt", *chains()["p256"]), "-o", "s", f"file:{self.bench.manifest}"]
        with open("/dev/full", "wb") as full:
            done = subprocess.run([harness.program, *map(str, arguments)], stdout=full, stderr=subprocess.PIPE, cwd=self.work,
                                  timeout=60, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assert_no_new_file()
