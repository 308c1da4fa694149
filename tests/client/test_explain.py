# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 explain."""
import json

from harness import VERDICT_SCHEMA, problems_of
from policies import ACME, NOTARY, SCOPE, WABBIT, PolicyTest, level, statement


class Explain(PolicyTest):
    def lines(self, run, label: str) -> list[str]:
        return [line[20:] for line in run.out.splitlines() if line.startswith(f"{label} ")]

    def explain(self, *more, code: int = 0, **options):
        run = self.judge(*more, command="explain", **options)
        self.assertEqual((run.code, run.err), (code, ""), run)
        self.assert_printable(run.out)
        return run

    def test_trusted(self) -> None:
        self.write_policy(statement())
        run = self.explain()
        self.assertEqual(self.lines(run, "verdict"), ["trusted"])
        self.assertIn("is trusted by ca:acme-rockets", self.lines(run, "because")[0])
        self.assertEqual(self.lines(run, "statement"), [f"'acme' of {self.config}/trustpolicy.json"])
        self.assertEqual(self.lines(run, "selected by"), [f"the scope {SCOPE}"])
        self.assertEqual(self.lines(run, "identity"), [ACME + ", which the signer is"])
        self.assertIn("revocation: enforce", self.lines(run, "action"))
        self.assertIn(f"ca:acme-rockets in {self.store()}: 1 certificate", self.lines(run, "store"))
        self.assertEqual([", trusted by " in line for line in self.lines(run, "certificate")], [False, False, True])
        changes = self.lines(run, "would change it")
        self.assertIn("2045-01-01T00:00:00Z", changes[0])
        self.assertIn("CN=ACME Rockets Root", changes[1])

    def test_rejected(self) -> None:
        self.write_policy(statement(trustedIdentities=[WABBIT]))
        run = self.explain(code=1)
        self.assertEqual(self.lines(run, "verdict"), ["rejected"])
        self.assertIn("I-028 (identity_mismatch)", self.lines(run, "because")[0])
        self.assertEqual(self.lines(run, "identity"), [WABBIT])
        self.assertIn("failed, I-028", self.lines(run, "authenticity")[0])
        self.assertIn("trustedIdentities", self.lines(run, "would change it")[0])
        self.assertNotIn("sha256:", run.out)

    def test_logged(self) -> None:
        self.write_policy(statement(trustStores=["ca:missing"], signatureVerification=level("audit")))
        run = self.explain()
        self.assertEqual(self.lines(run, "verdict"), ["trusted"])
        self.assertIn("the level lets everything pass", self.lines(run, "because")[0])
        self.assertIn("does not exist", self.lines(run, "store")[0])
        self.assertIn("only logged, W-030", self.lines(run, "authenticity")[0])
        self.assertIn("the level strict", self.lines(run, "would change it")[0])

    def test_skipped(self) -> None:
        self.write_policy(statement(signatureVerification=level("skip"), trustStores=None, trustedIdentities=None))
        run = self.explain()
        self.assertEqual((self.lines(run, "verdict"), self.lines(run, "level")), (["skipped"], ["skip"]))
        self.assertIn("W-003 (policy_skips)", self.lines(run, "because")[0])

    def test_command_line(self) -> None:
        """Without a policy, prototype signatures too."""
        run = self.explain("--ca-cert", NOTARY / "p256-root.crt", scope=None, config=False)
        self.assertIn("none: the command line", self.lines(run, "statement")[0])
        self.assertIn("trusted by --ca-cert", self.lines(run, "certificate")[2])
        self.sign()
        run = self.run_client("explain", "-f", "s.nv2", "-c", self.bench.certs["p256"], f"file:{self.bench.manifest}")
        self.assertEqual((run.code, self.lines(run, "verdict")), (0, ["trusted"]), run)
        self.assertIn("trusted by --cert", self.lines(run, "because")[0] + self.lines(run, "certificate")[0])

    def test_scheme_decides_which_anchor(self) -> None:
        """// spec: W-030"""
        run = self.explain(name="authority")
        self.assertNotIn("by ca:", self.lines(run, "certificate")[-1])
        self.assertIn("by signingAuthority:acme-rockets", self.lines(run, "certificate")[-1])

    def test_document(self) -> None:
        self.write_policy(statement())
        told = json.loads(self.explain("--output", "json").out)
        self.assertEqual((told["schema"], told["verdict"]["verdict"]), ("nv2.explanation/1", "trusted"))
        self.assertEqual(problems_of(told["verdict"], VERDICT_SCHEMA), [])
        self.assertEqual(len(told["certificates"]), 3)
        self.assertTrue(told["certificates"][2]["trustedBy"][0].startswith("ca:acme-rockets "))
        self.assertTrue(told["changes"])

    def test_failures(self) -> None:
        """What verify cannot judge, explain cannot either."""
        self.assert_failed(self.run_client("explain", "file:x"), 2, 'Required flag "signature" not set')
        self.assert_failed(self.judge(command="explain", scope="other.io/x"), 1, "W-001 (policy_not_applicable)")
