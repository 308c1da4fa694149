# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 verify with trust policies, and with the same trust on the command line."""
import hashlib
import json

import testpki
from harness import HERE, ClientTest, instant
from policies import (ACME, INDEX, NOTARY, OCI_TYPE, SCOPE, TIME, WABBIT, PolicyTest, blob_statement, document, level,
                      statement)


class Golden(PolicyTest):
    def test_signatures_of_notation(self) -> None:
        """With its own configuration, and with certificates and identity on the command line."""
        for entry in INDEX["signatures"]:
            if entry["file"].startswith("several"):
                continue
            base = ["verify", "-f", NOTARY / entry["file"], "--media-type", entry["manifest_media_type"], "--time",
                    entry["time"], f"file:{NOTARY / entry['manifest']}"]
            option = "--sa-cert" if entry["store"] == "signingAuthority" else "--ca-cert"
            trust = [option, NOTARY / entry["anchor"], "--identity", entry["identity"]]
            for more in (["--config", self.config, "--scope", SCOPE], trust, [*trust, "--format", entry["format"]],
                         [*trust, "--envelope-media-type", entry["media_type"]]):
                with self.subTest(file=entry["file"], more=more):
                    self.assert_trusted(self.run_client(*base, *more), entry["manifest_digest"])

    def test_signer_certificates_are_anchors(self) -> None:
        """--cert is of type ca for these forms."""
        for file in ("p256-root.crt", "p256-chain.crt"):
            self.assert_good(self.judge("-c", NOTARY / file, scope=None, config=False))
        self.assert_failed(self.judge(scope=None, config=False), 1, "W-030 (notary_no_anchor)", "--ca-cert")

    def test_recorded_documents(self) -> None:
        """Word for word."""
        off = dict(signatureVerification=level("skip"), trustStores=None, trustedIdentities=None)
        foreign = dict(trustStores=["ca:wabbit-networks"])
        rows = {"notary": (statement(), "jws", 0, "trusted"), "identity": (statement(trustedIdentities=[WABBIT]), "cose", 1, "rejected"),
                "logged": (statement(signatureVerification=level("audit"), **foreign), "cose", 0, "trusted"),
                "skipped": (statement(**off), "jws", 0, "skipped")}
        for name, (made, form, code, word) in rows.items():
            with self.subTest(name):
                self.write_policy(made)
                run = self.judge("--output", "json", form=form)
                self.assert_verdict(run, code, word)
                self.assertEqual(run.out, (HERE / "golden" / f"verdict-{name}.json").read_text())

    def test_changed_image(self) -> None:
        """// spec: W-080"""
        run = self.run_client("verify", "-f", NOTARY / "p256.jws.sig", "--media-type", OCI_TYPE, "--config", self.config,
                              "--scope", SCOPE, "--time", TIME, f"file:{NOTARY / 'p256-cose.manifest.json'}")
        self.assert_failed(run, 1, "manifest is not signed: ", "binding")
        self.assert_failed(self.judge("--media-type", "x/y"), 1, "artifact_media_type", OCI_TYPE)


class EmptyValues(PolicyTest):
    def test_refused(self) -> None:
        """A variable that is not set must not take a demand away."""
        for option in ("--signature", "--envelope-media-type", "--scope"):
            with self.subTest(option):
                run = self.run_client("verify", "--config", self.config, option, "", f"oci-layout:{NOTARY / 'layout'}:p256-jws")
                self.assert_failed(run, 2, option, "is empty")

        self.assert_failed(self.run_client("verify", "--config", self.config, "--blob", "--media-type", "", "file:x"), 2,
                           "--media-type", "is empty")

    def test_media_type_of_a_layout(self) -> None:
        """// spec: J-055"""
        target = ["--config", self.config, "--scope", SCOPE, "--time", TIME, f"oci-layout:{NOTARY / 'layout'}:p256-jws"]
        self.assertEqual(self.run_client("verify", "--media-type", OCI_TYPE, *target).code, 0)
        self.assert_failed(self.run_client("verify", "--media-type", "x/y", *target), 1, "N-143", OCI_TYPE)


class Selection(PolicyTest):
    def test_scopes(self) -> None:
        """// spec: W-001 P-022"""
        self.assert_good(self.judge())
        for scope in ("registry.wabbit-networks.io/net", "wabbit-networks.io/net-monitor", "other.example.com/net-monitor",
                      "Registry.wabbit-networks.io/net-monitor"):
            with self.subTest(scope):
                self.assert_failed(self.judge(scope=scope), 1, "W-001 (policy_not_applicable)", scope, "trustpolicy.json")
        for scope in (f"{SCOPE}:v1", f"{SCOPE}:v1@{self.digest()}", "net-monitor", f"https://{SCOPE}", "*"):
            with self.subTest(scope):
                self.assert_failed_with_digest(self.judge(scope=scope), 2, "W-001 (policy_reference)")
        self.write_policy(statement(registryScopes=["*"]))
        self.assert_good(self.judge(scope="other.example.com/net-monitor"))

    def assert_failed_with_digest(self, run, code: int, *texts: str) -> None:
        """As assert_failed(), for messages that repeat a scope with its digest."""
        self.assertEqual((run.code, run.out), (code, ""), run)
        for text in texts:
            self.assertIn(text, run.err, run)

    def test_digest_in_scope(self) -> None:
        """// spec: W-001 D-001"""
        self.assert_good(self.judge(scope=f"{SCOPE}@{self.digest()}"))
        for digest in ("", "sha256:xx", self.digest("p256", "cose"), "sha512:" + "0" * 128):
            with self.subTest(digest):
                self.assert_failed(self.judge(scope=f"{SCOPE}@{digest}"), 1, "reference_digest")

    def test_documents(self) -> None:
        """The one for OCI goes before the general one, even when it cannot be read. // spec: P-023"""
        self.write_policy(statement(trustStores=["ca:wabbit-networks"]), name="trustpolicy.oci.json")
        self.assert_failed(self.judge(), 1, "S-020")
        (self.config / "trustpolicy.oci.json").unlink()
        (self.config / "trustpolicy.oci.json").symlink_to("nowhere")
        self.assert_failed(self.judge(), 3, "trustpolicy.oci.json")
        (self.config / "trustpolicy.oci.json").unlink()
        self.assert_good(self.judge())
        (self.config / "trustpolicy.json").unlink()
        self.assert_failed(self.judge(), 2, "P-023 (policy_missing)", "notaryproject.dev/docs/quickstart", "--ca-cert")
        self.assert_failed(self.judge(config=self.work / "nowhere"), 2, "P-023 (policy_missing)")

    def test_default_directory(self) -> None:
        """$NOTATION_CONFIG, $XDG_CONFIG_HOME/notation, ~/.config/notation, in this order."""
        home = self.work / "home"
        (home / ".config").mkdir(parents=True)
        (self.work / "xdg").mkdir()
        nowhere = {"NOTATION_CONFIG": "", "XDG_CONFIG_HOME": "", "HOME": str(self.work)}
        self.assert_failed(self.judge(config=False, env=nowhere), 2, "P-023", ".config/notation/trustpolicy.oci.json")
        self.assert_good(self.judge(config=False, env={"NOTATION_CONFIG": str(self.config)}))
        (self.work / "xdg" / "notation").symlink_to(self.config)
        self.assert_good(self.judge(config=False, env=nowhere | {"XDG_CONFIG_HOME": str(self.work / "xdg")}))
        (home / ".config" / "notation").symlink_to(self.config)
        self.assert_good(self.judge(config=False, env=nowhere | {"HOME": str(home)}))
        self.assert_failed(self.judge(config=False, env=nowhere | {"HOME": ""}), 2, "HOME is not set", "--config")

    def test_policy_file(self) -> None:
        """--policy replaces the document, not the stores."""
        path = self.work / "my.json"
        path.write_text(document(statement(trustStores=["ca:wabbit-networks"], trustedIdentities=[WABBIT])))
        self.assert_good(self.judge("--policy", path, name="rsa2048"), name="rsa2048")
        self.assert_failed(self.judge("--policy", path), 1, "S-020")
        run = self.judge("--policy", path, "--trust-store", self.config / "truststore", config=False, name="rsa2048")
        self.assert_good(run, name="rsa2048")
        self.assert_failed(self.judge("--policy", self.work / "nowhere.json"), 3, "nowhere.json")

    def test_whole_document_counts(self) -> None:
        """A mistake in another statement is one in the policy. // spec: P-024"""
        other = statement(name="other", registryScopes=["example.com/other"], trustedIdentities=["x509.subject: C=US"])
        path = self.write_policy(statement(), other)
        self.assert_failed(self.judge(), 2, "I-010 (identity_incomplete)", "trustpolicy.json:")
        lines = path.read_text().splitlines()
        row = next(i for i, line in enumerate(lines) if '"x509.subject: C=US"' in line)
        column = lines[row].index('"') + 1
        self.assertIn(f"trustpolicy.json:{row + 1}:{column}: ", self.judge().err)

    def test_unknown_member(self) -> None:
        """// spec: P-002"""
        self.write_policy(statement(overide={}))
        self.assert_failed(self.judge(), 2, "P-002 (policy_member_unknown)")
        self.assert_good(self.judge("--compat", "policy_ignore_unknown"))


class Conflicts(PolicyTest):
    def test_policy_and_certificates(self) -> None:
        for more in (["-c", "x"], ["--ca-cert", "x"], ["--sa-cert", "x"], ["--tsa-cert", "x"], ["--identity", "*"],
                     ["--level", "strict"]):
            with self.subTest(more):
                self.assert_failed(self.judge(*more), 2, "do not go with a policy")
                self.assert_failed(self.judge(*more, config=False), 2, "do not go with a policy")

    def test_options_without_use(self) -> None:
        self.assert_failed(self.judge(scope=None), 2, "--scope")
        self.assert_failed(self.judge("--policy-name", "x"), 2, "--policy-name is for blobs")
        self.assert_failed(self.judge("--blob"), 2, "--scope is for manifests")
        self.assert_failed(self.judge("--trust-store", "x", scope=None, config=False), 2, "--trust-store")
        for option in ("--policy", "--config", "--trust-store", "--scope", "--policy-name"):
            with self.subTest(option):
                self.assert_failed(self.judge(option, "", scope=None, config=False), 2, f"the value of {option} is empty")

    def test_plain_files_ask_for_no_policy(self) -> None:
        """As in the prototype."""
        self.sign()
        nowhere = {"NOTATION_CONFIG": str(self.work / "nowhere")}
        run = self.run_client("verify", "-f", "s.nv2", "-c", self.bench.certs["p256"], f"file:{self.bench.manifest}", env=nowhere)
        self.assert_trusted(run)
        self.assert_failed(self.verify(kind=None), 1, "N-090 (no_anchors)")


class Levels(PolicyTest):
    def test_skip(self) -> None:
        """Neither signature nor manifest is read. // spec: W-003 P-010"""
        self.write_policy(statement(signatureVerification=level("skip"), trustStores=None, trustedIdentities=None))
        nothing = ["verify", "-f", "nowhere.sig", "--config", self.config, "--scope", SCOPE, "file:nowhere.json"]
        self.assert_skipped(self.run_client(*nothing))
        run = self.run_client(*nothing, "--output", "json")
        self.assertIn("NOT VERIFIED", run.err)
        verdict = self.assert_verdict(run, 0, "skipped")
        self.assertEqual(verdict["policy"], {"statement": "acme", "level": "skip"})
        self.assertEqual((verdict["digest"], verdict["signer"], verdict["error"]), (None, None, None))
        self.assertEqual(set(verdict["checks"].values()), {"skipped"})

    def test_global_skip(self) -> None:
        """// spec: P-018"""
        self.write_policy(statement(signatureVerification=level("skip"), trustStores=None, trustedIdentities=None,
                                    registryScopes=["*"]))
        self.assert_failed(self.judge(), 2, "P-018 (policy_global_skip)")
        self.assert_skipped(self.judge("--compat", "allow_global_skip"))

    def check(self, word: str, code: int, error: str, **options) -> None:
        """The same by policy and by --level."""
        for policy in (True, False):
            with self.subTest(level=word, error=error, policy=policy):
                self.write_policy(statement(signatureVerification=level(word), trustStores=["ca:acme-rockets"]))
                more = [] if policy else ["--level", word, "--ca-cert", NOTARY / "p256-root.crt", "--identity", ACME]
                run = self.judge(*more, **options, **({} if policy else {"scope": None, "config": False}))
                name = options.get("name", "p256")
                if code == 0:
                    self.assert_logged(run, error, word, name=name)
                else:
                    self.assert_failed(run, code, error)

    def test_actions(self) -> None:
        """// spec: W-004 W-005 W-081 W-061 W-050"""
        for word, expired, untrusted in (("strict", 1, 1), ("permissive", 0, 1), ("audit", 0, 0)):
            self.check(word, expired, "certificate_expired", time="2046-01-01T00:00:00Z")
            self.check(word, expired, "signature_expired", name="expiring", time="2030-01-01T00:00:00Z")
            self.check(word, untrusted, "S-020 (notary_not_anchored)", name="rsa2048")

    def test_never_softened(self) -> None:
        """// spec: W-006"""
        self.write_policy(statement(signatureVerification=level("audit")))
        self.assert_failed(self.judge("--media-type", "x/y"), 1, "binding")
        self.assert_failed(self.judge("--user-metadata", "a=b"), 1, "M-001")
        broken = self.work / "broken.jws.sig"
        envelope = json.loads((NOTARY / "p256.jws.sig").read_text())
        envelope["signature"] = json.loads((NOTARY / "expiring.jws.sig").read_text())["signature"]
        broken.write_text(json.dumps(envelope))
        run = self.run_client("verify", "-f", broken, "--media-type", OCI_TYPE, "--config", self.config, "--scope", SCOPE,
                              "--time", TIME, f"file:{NOTARY / 'p256-jws.manifest.json'}")
        self.assert_failed(run, 1, "integrity")

    def test_identity_under_audit(self) -> None:
        """Told as well, but the anchor first. // spec: W-032"""
        self.write_policy(statement(signatureVerification=level("audit"), trustedIdentities=[WABBIT]))
        self.assert_logged(self.judge(), "I-028 (identity_mismatch)")

    def test_overrides(self) -> None:
        """// spec: W-004 P-007"""
        late = dict(time="2046-01-01T00:00:00Z")
        self.write_policy(statement(signatureVerification=level("strict", authenticTimestamp="log")))
        self.assert_logged(self.judge(**late), "authenticTimestamp")
        self.write_policy(statement(signatureVerification=level("audit", authenticTimestamp="enforce")))
        self.assert_failed(self.judge(**late), 1, "certificate_expired")

    def test_verdict(self) -> None:
        """What was only logged stands in the document."""
        self.write_policy(statement(signatureVerification=level("audit"), trustStores=["ca:wabbit-networks"]))
        run = self.judge("--output", "json", time="2046-01-01T00:00:00Z")
        verdict = self.assert_verdict(run, 0, "trusted")
        self.assertEqual(verdict["checks"], {"integrity": "ok", "authenticity": "logged", "authenticTimestamp": "logged",
                                             "expiry": "ok", "revocation": "ok", "binding": "ok"})
        self.assertEqual([(e["check"], e["rule"]) for e in verdict["logged"]],
                         [("authenticity", "S-020"), ("authenticTimestamp", "N-085")])
        self.assertEqual(verdict["policy"], {"statement": "acme", "level": "audit"})
        self.assertEqual((verdict["digest"], verdict["format"], verdict["error"]), (self.digest(), "jws", None))
        self.assertEqual(run.err.count("warning: "), 2, run)

    def test_names(self) -> None:
        for word in ("skip", "", "Strict", "none"):
            with self.subTest(word):
                self.assert_failed(self.judge("--level", word, scope=None, config=False), 2, "--level", "strict, permissive, audit")


class Identities(PolicyTest):
    def by_options(self, *identities: str):
        more = [x for each in identities for x in ("--identity", each)]
        return self.judge("--ca-cert", NOTARY / "p256-root.crt", *more, scope=None, config=False)

    def test_match(self) -> None:
        """// spec: I-028 I-029"""
        for items in (["*"], [ACME], [WABBIT, ACME], ["x509.subject: CN=ACME Rockets,O=ACME Rockets,ST=WA,C=US"]):
            with self.subTest(items):
                self.write_policy(statement(trustedIdentities=items))
                self.assert_good(self.judge())
                self.assert_good(self.by_options(*items))
        self.assert_good(self.by_options())

    def test_mismatch(self) -> None:
        """// spec: I-028 W-032"""
        for items in ([WABBIT], [ACME.replace("ACME", "Acme")], [ACME + ", OU=x"]):
            with self.subTest(items):
                self.write_policy(statement(trustedIdentities=items))
                self.assert_failed(self.judge(), 1, "I-028 (identity_mismatch)", "CN=ACME Rockets", "trustedIdentities")
                self.assert_failed(self.by_options(*items), 1, "I-028 (identity_mismatch)", "--identity")

    def test_wrong_ones(self) -> None:
        """// spec: I-001 I-002 I-010 I-012 P-015"""
        rows = {("ACME",): "I-001", ("*", ACME): "P-015", (ACME, ACME + ", CN=x"): "I-012", ("x509.subject: C=US",): "I-010",
                ("other:x",): "I-002", (" *",): "I-001", (ACME + ",",): "I-003"}
        for items, rule in rows.items():
            with self.subTest(items):
                self.assert_failed(self.by_options(*items), 2, "--identity", rule)
                self.write_policy(statement(trustedIdentities=list(items)))
                self.assert_failed(self.judge(), 2, rule, "trustpolicy.json:")

    def test_prototype_forms_too(self) -> None:
        """The certificates of tests have no ST. // spec: I-025"""
        self.sign()
        self.assert_trusted(self.verify("--identity", "*"))
        self.assert_failed(self.verify("--identity", ACME), 1, "I-025 (subject_incomplete)")


class Metadata(PolicyTest):
    def test_required(self) -> None:
        """// spec: M-001 M-004"""
        run = dict(name="expiring", time=str(instant("2026-11-25T05:00:00")))
        for more in ([], ["--user-metadata", "build=42"], ["--user-metadata", "build=42", "--user-metadata", "commit=0a1b2c"]):
            with self.subTest(more):
                self.assert_good(self.judge(*more, **run), name="expiring")
        for pair in ("build=43", "Build=42", "build=42 ", "other=42"):
            with self.subTest(pair):
                self.assert_failed(self.judge("--user-metadata", pair, **run), 1, "M-001 (metadata_mismatch)", "nv2 inspect")

    def test_wrong_ones(self) -> None:
        """// spec: M-003"""
        for pairs, text in ((["=x"], "--user-metadata"), (["x"], "--user-metadata"), ([""], "--user-metadata"),
                            (["a=b", "a=b"], "only once"), (["io.cncf.notary.x=y"], "M-003 (metadata_reserved)")):
            with self.subTest(pairs):
                self.assert_failed(self.judge(*(x for pair in pairs for x in ("--user-metadata", pair))), 2, text)

    def test_prototype_has_none(self) -> None:
        self.sign()
        self.assert_failed(self.verify("--user-metadata", "a=b"), 1, "M-001 (metadata_mismatch)")


class Revocation(ClientTest):
    """Nobody is asked, so certificates that say whom to ask have an unknown status."""
    POINTS = testpki.extension("2.5.29.31", testpki.seq(testpki.seq(testpki.tlv(0xA0, testpki.tlv(0xA0, testpki.tlv(
        0x86, b"http://crl.example.com/x"))))))

    @staticmethod
    def access(method: str) -> bytes:
        return testpki.extension("1.3.6.1.5.5.7.1.1", testpki.seq(testpki.seq(
            testpki.oid(method), testpki.tlv(0x86, b"http://pki.example.com/x"))))

    def run_with(self, extra: bytes, verification: dict, root_extra: bytes = b""):
        keys = self.bench.keys
        root = testpki.make_ca(keys["p384"], "Root of tests", extra=root_extra)
        leaf = testpki.make_cert(keys["p256"], "leaf of tests", usage=["digitalSignature"], issuer=root, extra=extra)
        testpki.bundle(self.work / "chain.crt", leaf, root)
        store = self.work / "config" / "truststore" / "x509" / "ca" / "tests"
        store.mkdir(parents=True, exist_ok=True)
        testpki.bundle(store / "root.crt", root)
        (self.work / "config" / "trustpolicy.json").write_text(document(statement(
            trustStores=["ca:tests"], trustedIdentities=["*"], signatureVerification=verification)))
        made = self.run_client("sign", "--format", "jws", "-k", self.bench.key_path("p256"), "-c", "chain.crt", "-o", "s.jws.sig",
                               f"file:{self.bench.manifest}")
        self.assertEqual(made.code, 0, made)
        return self.run_client("verify", "-f", "s.jws.sig", "--config", "config", "--scope", SCOPE, "--output", "json",
                               f"file:{self.bench.manifest}")

    def test_without_sources(self) -> None:
        """// spec: R-001 R-002"""
        verdict = self.assert_verdict(self.run_with(b"", level("strict")), 0, "trusted")
        self.assertEqual(verdict["checks"]["revocation"], "ok")
        issuers = self.access("1.3.6.1.5.5.7.48.2")
        self.assert_verdict(self.run_with(issuers, level("strict"), root_extra=self.POINTS), 0, "trusted")

    def test_prototype_forms_too(self) -> None:
        """// spec: R-004"""
        for extra, code, word in ((b"", 0, "trusted"), (self.POINTS, 1, "rejected")):
            with self.subTest(word):
                self.run_with(extra, level("strict"))
                made = self.run_client("sign", "-m", "x509", "-k", self.bench.key_path("p256"), "-c", "chain.crt", "-o", "s.nv2",
                                       f"file:{self.bench.manifest}")
                self.assertEqual(made.code, 0, made)
                verify = ["verify", "-f", "s.nv2", "--config", "config", "--scope", SCOPE, "--output", "json",
                          f"file:{self.bench.manifest}"]
                verdict = self.assert_verdict(self.run_client(*verify, "--format", "nv2-jwt"), code, word)
                self.assertEqual(verdict["checks"]["revocation"], "failed" if code else "ok")
                # A certificate that may not sign code must not get by with another form of signature.
                verdict = self.assert_verdict(self.run_client(*verify), 1, "rejected")
                self.assertEqual(verdict["error"]["name"], "format_unknown")
                self.assertIn("--format nv2-jwt", self.run_client(*verify).err)

    def test_sources(self) -> None:
        """// spec: R-003 R-004"""
        for extra in (self.POINTS, self.access("1.3.6.1.5.5.7.48.1")):
            verdict = self.assert_verdict(self.run_with(extra, level("strict")), 1, "rejected")
            self.assertEqual((verdict["error"]["name"], verdict["error"]["rule"]), ("revocation_unknown", "R-004"))
            self.assertEqual((verdict["error"]["stage"], verdict["error"]["certificate"]), ("revocation", 0))
            self.assertEqual(verdict["checks"]["revocation"], "failed")
            verdict = self.assert_verdict(self.run_with(extra, level("permissive")), 0, "trusted")
            self.assertEqual(verdict["checks"]["revocation"], "logged")
            verdict = self.assert_verdict(self.run_with(extra, level("strict", revocation="skip")), 0, "trusted")
            self.assertEqual(verdict["checks"]["revocation"], "skipped")


class Blobs(PolicyTest):
    BLOB, COSE, JWS = NOTARY / "blob.bin", NOTARY / "blob-p256.bin.cose.sig", NOTARY / "blob-rsa2048.bin.jws.sig"

    def setUp(self) -> None:
        super().setUp()
        self.blob_digest = "sha256:" + hashlib.sha256(self.BLOB.read_bytes()).hexdigest()

    def blob(self, *more, signature=None, target=None, config=None, **options):
        where = ["--config", config or self.config] if config is not False else []
        return self.run_client("verify", "--blob", "-f", signature or self.COSE, "--time", TIME, *where, *more,
                               target or f"file:{self.BLOB}", **options)

    def test_global(self) -> None:
        """// spec: W-002 J-056"""
        for signature in (self.COSE, self.JWS):
            self.assert_trusted(self.blob(signature=signature), self.blob_digest)
        self.assert_trusted(self.blob("--media-type", "application/octet-stream"), self.blob_digest)
        self.assert_failed(self.blob("--media-type", "text/plain"), 1, "artifact_media_type")
        self.assert_trusted(self.blob(config=False, env={"NOTATION_CONFIG": str(self.config)}), self.blob_digest)
        run = self.run_client("verify", "--blob", "-f", self.COSE, "--config", self.config, "--time", TIME,
                              stdin=self.BLOB.read_bytes())
        self.assert_trusted(run, self.blob_digest)

    def test_named(self) -> None:
        """A name that is not there never falls back. // spec: W-002"""
        self.write_policy(blob_statement(), blob_statement(name="other", globalPolicy=False, trustStores=["ca:wabbit-networks"],
                                                           trustedIdentities=[WABBIT]), name="trustpolicy.blob.json")
        self.assert_trusted(self.blob(), self.blob_digest)
        self.assert_trusted(self.blob("--policy-name", "acme"), self.blob_digest)
        self.assert_failed(self.blob("--policy-name", "other"), 1, "S-020")
        self.assert_trusted(self.blob("--policy-name", "other", signature=self.JWS), self.blob_digest)
        self.assert_failed(self.blob("--policy-name", "nobody"), 2, "W-001 (policy_not_applicable)", "nobody")
        self.write_policy(blob_statement(globalPolicy=False), name="trustpolicy.blob.json")
        self.assert_failed(self.blob(), 1, "policy_not_applicable", "no global statement", "--policy-name")

    def test_skip(self) -> None:
        """// spec: W-003"""
        self.write_policy(blob_statement(), blob_statement(name="off", globalPolicy=False, signatureVerification=level("skip"),
                                                           trustStores=None, trustedIdentities=None),
                          name="trustpolicy.blob.json")
        self.assert_skipped(self.blob("--policy-name", "off", signature="nowhere.jws.sig", target="file:nowhere"))

    def test_wrong_kind(self) -> None:
        """A policy for images is none for blobs. // spec: P-002 P-023"""
        self.assert_failed(self.blob("--policy", self.config / "trustpolicy.json"), 2, "P-002 (policy_member_unknown)")
        (self.config / "trustpolicy.blob.json").unlink()
        self.assert_failed(self.blob(), 2, "P-023 (policy_missing)", "trustpolicy.blob.json")

    def test_certificates(self) -> None:
        self.assert_trusted(self.blob("--ca-cert", NOTARY / "p256-root.crt", config=False), self.blob_digest)
        self.assert_failed(self.blob("--ca-cert", NOTARY / "rsa2048-root.crt", config=False), 1, "S-020")

    def test_changed(self) -> None:
        (self.work / "other.bin").write_bytes(self.BLOB.read_bytes() + b"x")
        self.assert_failed(self.blob(target="file:other.bin"), 1, "binding")
        self.assert_failed(self.blob(target="file:nowhere.bin"), 3, "nowhere.bin")
        self.assert_failed(self.blob(target="file:."), 3, "directory")

    def test_names_of_signatures(self) -> None:
        """// spec: O-050 O-051"""
        good = self.COSE.read_bytes()
        for name in ("a.bin.cose.sig", "a.COSE.SIG", "b.cose.Sig", "any.sig", "any", "cose.sig"):
            with self.subTest(name):
                (self.work / name).write_bytes(good)
                self.assert_trusted(self.blob(signature=name), self.blob_digest)
        for name in ("a.jws.sig", "a.Jws.sig"):
            with self.subTest(name):
                (self.work / name).write_bytes(good)
                self.assert_failed(self.blob(signature=name), 1, "G-020 (format_mismatch)")
                self.assert_failed(self.blob("--format", "cose", signature=name), 2, "O-050")
        self.assert_failed(self.blob("--format", "nv2-jwt"), 2, "no signatures of the format nv2-jwt")

    def test_images_are_no_blobs(self) -> None:
        """A digest by another hash than the key's, or a prototype signature."""
        self.sign()
        run = self.blob("-c", self.bench.certs["p256"], signature="s.nv2", target=f"file:{self.bench.manifest}", config=False)
        self.assert_failed(run, 1, "format_unknown")

    def test_large(self) -> None:
        """Of any size."""
        with open(self.work / "large.bin", "wb") as file:
            file.truncate(100 << 20)
        self.assert_failed(self.blob(target="file:large.bin"), 1, "artifact_size")


