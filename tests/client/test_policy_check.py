# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 policy check."""
import json

from policies import ACME, PolicyTest, blob_statement, document, level, statement


class PolicyCheck(PolicyTest):
    def check(self, *more, **options):
        return self.run_client("policy", "check", *more, **options)

    def assert_fine(self, run, *texts: str) -> None:
        self.assertEqual((run.code, run.err), (0, ""), run)
        for text in texts:
            self.assertIn(text, run.out, run)

    def assert_wrong(self, run, code: int, *texts: str) -> None:
        self.assertEqual(run.code, code, run)
        self.assert_printable(run.err)
        for text in texts:
            self.assertIn(text, run.err, run)

    def test_configuration(self) -> None:
        texts = ("trustpolicy.json: policy of kind oci, 1 statement", "trustpolicy.blob.json: policy of kind blob",
                 "trust store ca:acme-rockets, 1 certificate")
        self.assert_fine(self.check("--config", self.config), *texts)
        self.assert_fine(self.check(env={"NOTATION_CONFIG": str(self.config)}), *texts)
        self.assert_wrong(self.check("--config", self.work), 2, "P-023 (policy_missing)")

    def test_kind(self) -> None:
        """By option, by name, or by content."""
        oci, blob = document(statement()), document(blob_statement())
        for name, text, kind in (("trustpolicy.blob.json", blob, "blob"), ("trustpolicy.oci.json", oci, "oci"),
                                 ("x.json", blob, "blob"), ("x.json", oci, "oci"), ("trustpolicy.json", blob, "blob")):
            with self.subTest(name=name, kind=kind):
                (self.work / name).write_text(text)
                self.assert_fine(self.check(name), f"{name}: policy of kind {kind}")
        (self.work / "x.json").write_text(blob)
        self.assert_wrong(self.check("x.json", "--kind", "oci"), 2, "P-002 (policy_member_unknown)")
        self.assert_wrong(self.check("x.json", "--kind", "other"), 2, "--kind", "oci, blob")

    def test_place_of_mistakes(self) -> None:
        """Line and column, counted in characters from 1."""
        rows = [('{\n "version": "2.0"}', "2:13", "P-003"),
                ('{"version":"1.0","trustPolicies":[\n\t{"näme":"é", "x":1}]}', "2:3", "P-002"),
                ('{"version":"1.0",\r\n"trustPolicies":[]}', "2:17", "P-004"),
                ('{"version":"1.0" "trustPolicies":[]}', "1:18", "G-010"), ("", "1:1", "G-010"),
                ('{"version":"1.0","version":"1.0"}', None, "G-012"), ("\n\n  []", "3:3", "")]
        for text, place, rule in rows:
            with self.subTest(text):
                (self.work / "p.json").write_text(text, newline="")
                run = self.check("p.json", "--kind", "oci")
                self.assert_wrong(run, 2, f"p.json:{place}: " if place else "p.json:1:", rule, "near", "next")

    def test_rules(self) -> None:
        """Each mistake has its rule and a next step."""
        rows = {"P-005": statement(name=" "), "P-006": statement(signatureVerification=level("Strict")),
                "P-007": statement(signatureVerification=level("strict", integrity="log")), "P-009": statement(
                    signatureVerification=level("strict") | {"verifyTimestamp": "never"}),
                "P-010": statement(signatureVerification=level("skip")), "P-011": statement(trustStores=[]),
                "P-012": statement(trustStores=["acme"]), "S-001": statement(trustStores=["CA:acme"]),
                "S-002": statement(trustStores=["ca:.."]), "P-013": statement(trustStores=["ca:a", "ca:a"]),
                "P-014": statement(trustStores=["tsa:a"]), "P-015": statement(trustedIdentities=["*", ACME]),
                "P-016": statement(registryScopes=[]), "P-017": statement(registryScopes=["a.io/b", "a.io/b"]),
                "P-018": statement(registryScopes=["*"], signatureVerification=level("skip"), trustStores=None,
                                   trustedIdentities=None),
                "P-021": statement(registryScopes=["https://a.io/b"]), "I-003": statement(trustedIdentities=[ACME + "+CN=x"])}
        for rule, made in rows.items():
            with self.subTest(rule):
                self.write_policy(made)
                self.assert_wrong(self.check(self.config / "trustpolicy.json"), 2, f"{rule} (", "trustpolicy.json:", "next")

    def test_stores(self) -> None:
        """Only when it is known where they are. // spec: S-004 S-011"""
        self.write_policy(statement(trustStores=["ca:acme-rockets", "ca:missing", "tsa:linked"]))
        (self.store("tsa")).mkdir()
        (self.store("tsa/linked")).symlink_to(self.store())
        path = self.config / "trustpolicy.json"
        self.assert_fine(self.check(path))
        for more in ((path, "--config", self.config), ("--config", self.config),
                     (path, "--trust-store", self.config / "truststore")):
            with self.subTest(more):
                run = self.check(*more)
                self.assert_wrong(run, 2, "ca:missing does not exist", "S-011", "statement   acme", "tsa:linked", "S-004")
                self.assertIn("trust store ca:acme-rockets, 1 certificate", run.out)
        self.store("ca/missing").mkdir()
        self.assert_wrong(self.check("--config", self.config), 2, "ca:missing has no certificate")

    def test_several_files(self) -> None:
        """All are told, the worst decides."""
        (self.work / "bad.json").write_text("{}")
        good = self.config / "trustpolicy.json"
        run = self.check("bad.json", "nowhere.json", good)
        self.assert_wrong(run, 3, "bad.json:1:1: ", "nowhere.json", "No such file")
        self.assertIn("trustpolicy.json: policy of kind oci", run.out)
        self.assertEqual(self.check("bad.json", good).code, 2)
        with open(self.work / "large.json", "wb") as file:
            file.truncate(3 << 20)
        self.assert_wrong(self.check("large.json"), 2, "large.json", "G-003")
        (self.work / "large.json").write_text(" " * (1 << 20) + "{}")
        self.assert_wrong(self.check("large.json"), 2, "large.json:1:", "G-003 (input_too_large)")

    def test_document(self) -> None:
        (self.work / "bad.json").write_text("{}")
        run = self.check("bad.json", self.config / "trustpolicy.json", "--output", "json")
        told = json.loads(run.out)
        self.assertEqual((run.code, told["schema"], told["ok"]), (2, "nv2.policy-check/1", False))
        self.assertEqual([entry["ok"] for entry in told["findings"]], [False, True])
        self.assertEqual(told["findings"][0]["rule"], "P-003 (policy_version)")
        self.assertTrue(run.out.isascii())

    def test_deviations(self) -> None:
        self.write_policy(statement(trustStores=["ca:acme-rockets", "ca:acme-rockets"]))
        self.assert_fine(self.check("--config", self.config, "--compat", "policy_repeated_stores"))

    def test_usage(self) -> None:
        self.assert_wrong(self.run_client("policy"), 2, "no action given", "nv2 policy check")
        self.assert_wrong(self.run_client("policy", "import"), 2, "unknown action: import")
        self.assert_wrong(self.check("--nonsense"), 2, "--nonsense")
        self.assert_wrong(self.check("--output", "yaml"), 2, "--output")

    def test_hostile_names(self) -> None:
        """Nothing of a document reaches the terminal as it is."""
        (self.work / "p.json").write_text('{"version":"\x1b[2J\u202e"}')
        self.assert_wrong(self.check("p.json"), 2, "p.json:1:")
        (self.work / "p.json").write_text(document(statement(trustStores=["ca:acme-rockets", "ca:\u202e"])))
        self.assert_wrong(self.check("p.json"), 2, "S-002")
