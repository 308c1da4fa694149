# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Several signers of one artifact, --threshold and --require-identity, and versions that never go back."""
import json
from datetime import datetime, timezone
from pathlib import Path

import testpki
from harness import HOST, bench
from policies import document, level, statement
from signing import OCI_TYPE, LayoutFolder, NotaryTest

SCOPE = f"{HOST}/app"
ACME, BOLT, CARGO = (f"x509.subject: C=US, ST=WA, O={each}" for each in ("Acme", "Bolt", "Cargo"))
SECURITY = ACME + ", CN=security"
# By name: key, organization, common name. Two share a key, two a subject.
SIGNERS = {"build": ("p256", "Acme", "build"), "security": ("p384", "Acme", "security"),
           "bolt": ("rsa2048", "Bolt", "release"), "cargo": ("p521", "Cargo", "release"),
           "same-key": ("p256", "Bolt", "other"), "same-subject": ("p521", "Acme", "build"),
           "ending": ("p521", "Cargo", "old"), "stranger": ("p384", "Bolt", "stranger")}
_made: dict[str, Path] = {}


def chain_files() -> dict[str, Path]:
    """By signer a bundle up to the root, and "root" itself. Made once for all tests."""
    if not _made:
        folder = bench().path
        roots = [testpki.make_cert(testpki.Key.generate("p256", folder / f"count-{each}.key"), each, ca=True, usage=["keyCertSign"])
                 for each in ("root", "stranger")]
        keys = {kind: testpki.Key.generate(kind, folder / f"count-{kind}.key") for kind in ("p256", "p384", "p521", "rsa2048")}
        for name, (kind, organization, common_name) in SIGNERS.items():
            issuer = roots[name == "stranger"]
            end = {"not_after": datetime(2030, 1, 1, tzinfo=timezone.utc)} if name == "ending" else {}
            leaf = testpki.make_cert(keys[kind], common_name, organization=organization, state="WA", issuer=issuer,
                                     usage=["digitalSignature"], purposes=["codeSigning"], **end)
            _made[name] = testpki.bundle(folder / f"count-{name}.crt", leaf, issuer)
        _made["root"] = testpki.bundle(folder / "count-root.crt", roots[0])
    return _made


class ThresholdTest(NotaryTest):
    def setUp(self) -> None:
        super().setUp()
        self.files = chain_files()
        self.trust = ("--ca-cert", self.files["root"])
        self.layout = LayoutFolder(self.work / "layout")

    def sign_as(self, signer: str, *more, form: str = "jws", output: str | None = None, target: str | None = None) -> None:
        """A signature in the layout, or in the file `output`."""
        kind = SIGNERS[signer][0]
        place = ["-o", self.work / output] if output else ["--attach"]
        run = self.run_client("sign", "-k", self.bench.path / f"count-{kind}.key", "-c", self.files[signer], "--format", form,
                              *place, *more, target or str(self.layout))
        self.assertEqual(run.code, 0, run)

    def verify_layout(self, *more, command: str = "verify", trust: tuple | None = None):
        return self.run_client(command, *(self.trust if trust is None else trust), *more, str(self.layout))

    def assert_layout(self, *more, trust: tuple | None = None) -> dict:
        """Trusted, as text and as JSON."""
        self.assert_trusted(self.verify_layout(*more, trust=trust), self.layout.subject["digest"])
        found = self.assert_verdict(self.verify_layout(*more, "--output", "json", trust=trust), 0, "trusted")
        self.assertEqual(self.verify_layout(*more, trust=trust, command="explain").code, 0)
        return found

    def assert_refused(self, name: str, *more, trust: tuple | None = None) -> dict:
        """Refused with this error by verify and by explain."""
        self.assert_failed(self.verify_layout(*more, trust=trust), 1, f"({name})")
        told = self.verify_layout(*more, trust=trust, command="explain")
        self.assertEqual(told.code, 1, told)
        self.assertRegex(told.out, r"(?m)^verdict +rejected$")
        found = self.assert_verdict(self.verify_layout(*more, "--output", "json", trust=trust), 1, "rejected")
        self.assertEqual(found["error"]["name"], name)
        return found

    @staticmethod
    def tried(found: dict) -> list[str]:
        return [e["error"]["name"] if e["error"] else "ok" for e in found["signatures"]]


class Layouts(ThresholdTest):
    def test_two_of_two(self) -> None:
        """// spec: W-040"""
        self.sign_as("build")
        self.sign_as("bolt", form="cose")
        found = self.assert_layout("--threshold", 2)
        self.assertEqual(found["threshold"], 2)
        self.assertEqual([e["subject"] for e in found["signers"]], ["CN=build,O=Acme,ST=WA,C=US", "CN=release,O=Bolt,ST=WA,C=US"])
        self.assertEqual(found["signer"]["sha256"], found["signers"][0]["sha256"])
        self.assertEqual(self.tried(found), ["ok", "ok"])
        told = self.verify_layout("--threshold", 2, command="explain").out
        self.assertRegex(told, r"(?m)^threshold +2 different signers$")
        self.assertRegex(told, r"(?m)^counted +CN=release,O=Bolt")
        self.assertIn("2 different trusted signers have signed, and 2 must", told)
        self.assertNotIn("threshold", self.assert_layout())  # without the option one decides

    def test_one_signature_is_one(self) -> None:
        """However often it is there, and whoever else shares its key or subject. // spec: W-040"""
        self.sign_as("build")
        self.assertEqual(self.tried(self.assert_refused("threshold_not_reached", "--threshold", 2)), ["ok"])
        self.sign_as("build", form="cose")
        self.sign_as("build", "--user-metadata", "n=2")  # within a second the same would be one manifest
        self.sign_as("same-key")
        self.sign_as("same-subject")
        found = self.assert_refused("threshold_not_reached", "--threshold", 2)
        self.assertEqual(self.tried(found), ["ok"] + ["signer_counted"] * 4)
        self.assertEqual(len(found["signers"]), 1)
        self.sign_as("bolt")
        self.assert_layout("--threshold", 2)
        self.assert_refused("threshold_not_reached", "--threshold", 3)

    def test_same_identity(self) -> None:
        """// spec: W-040 I-028"""
        self.sign_as("build")
        self.sign_as("security")
        self.assert_layout("--threshold", 2)
        self.assert_layout("--threshold", 2, "--identity", "*")
        both = ("--threshold", 2, "--identity", ACME, "--identity", BOLT)
        found = self.assert_refused("threshold_not_reached", *both)
        self.assertEqual(self.tried(found), ["ok", "signer_counted"])
        self.sign_as("cargo")
        self.assertEqual(self.tried(self.assert_refused("threshold_not_reached", *both))[2], "identity_mismatch")
        self.sign_as("bolt")
        self.assert_layout(*both)

    def test_required(self) -> None:
        """// spec: W-040"""
        for name in ("build", "bolt", "cargo"):
            self.sign_as(name)
        required = ("--threshold", 2, "--require-identity", SECURITY)
        found = self.assert_refused("required_signer_missing", *required)
        self.assertEqual(len(found["signers"]), 3)
        self.assertIn("required", self.verify_layout(*required).err)
        self.sign_as("security")
        self.assertIn("CN=security", " ".join(e["subject"] for e in self.assert_layout(*required)["signers"]))
        self.assert_layout("--require-identity", SECURITY)
        self.assert_layout("--require-identity", SECURITY, "--require-identity", BOLT)
        # Among those of one trusted identity the required one counts.
        self.assert_layout(*required, "--identity", ACME, "--identity", BOLT)

    def test_only_trusted_ones_count(self) -> None:
        """No level softens a threshold. // spec: W-081"""
        self.sign_as("build")
        late = ("--threshold", 2, "--time", "2031-01-01T00:00:00Z")
        for other, strict in (("ending", "certificate_expired"), ("stranger", "notary_not_anchored")):
            self.sign_as(other)
            with self.subTest(other):
                self.assertEqual(self.tried(self.assert_refused("threshold_not_reached", *late))[-1], strict)
                found = self.assert_refused("threshold_not_reached", *late, "--level", "audit")
                self.assertEqual(self.tried(found)[-1], "signature_not_counted")
        # Without a threshold audit lets everything pass, with one of 1 nothing but trusted signers.
        foreign = ("--ca-cert", self.root)
        self.assertEqual(self.verify_layout("--level", "audit", trust=foreign).code, 0)
        found = self.assert_refused("threshold_not_reached", "--threshold", 1, "--level", "audit", trust=foreign)
        self.assertEqual(found["signers"], [])
        self.sign_as("bolt")
        self.assert_layout(*late, "--level", "audit")
        self.assert_layout(*late, "--level", "permissive")

    def test_limit(self) -> None:
        """// spec: W-041"""
        self.sign_as("build")
        self.sign_as("build", "--user-metadata", "n=2")
        self.sign_as("bolt")
        self.assert_refused("signatures_left", "--threshold", 2, "--max-signatures", 2)
        self.assert_layout("--threshold", 2, "--max-signatures", 3)

    def test_none(self) -> None:
        """// spec: W-043"""
        self.assert_refused("no_signature", "--threshold", 1)

    def test_damaged(self) -> None:
        """What cannot be read or was changed counts for nobody. // spec: W-042 O-032"""
        for name in ("build", "bolt"):
            self.sign_as(name)
        self.assert_layout("--threshold", 2)
        manifest = json.loads(self.layout.file(self.layout.added()[0]["digest"]).read_bytes())
        blob = self.layout.file(manifest["layers"][0]["digest"])
        content = blob.read_bytes()
        blob.write_bytes(content[:-1] + b" ")
        self.assertEqual(self.tried(self.assert_refused("threshold_not_reached", "--threshold", 2))[1], "ok")
        blob.unlink()
        self.assertEqual(self.tried(self.assert_refused("threshold_not_reached", "--threshold", 2))[1], "ok")


class Files(ThresholdTest):
    def setUp(self) -> None:
        super().setUp()
        self.target = f"file:{self.bench.manifest}"
        for name in ("build", "bolt", "security"):
            self.sign_as(name, output=name, target=self.target)

    def verify_files(self, *names: str, more: tuple = (), command: str = "verify"):
        files = [each for name in names for each in ("--signature", self.work / name)]
        return self.run_client(command, *self.trust, *files, *more, self.target)

    def test_files(self) -> None:
        """// spec: W-040"""
        two = ("--threshold", 2)
        self.assert_trusted(self.verify_files("build", "bolt", more=two))
        found = self.assert_verdict(self.verify_files("build", "bolt", more=(*two, "--output", "json")), 0, "trusted")
        self.assertEqual([Path(e["file"]).name for e in found["signatures"]], ["build", "bolt"])
        self.assertEqual(len(found["signers"]), 2)
        for names in (("build",), ("build", "build"), ("build",) * 5):
            for command in ("verify", "explain"):
                with self.subTest(names=names, command=command):
                    run = self.verify_files(*names, more=two, command=command)
                    self.assertEqual(run.code, 1, run)
                    self.assertIn("threshold_not_reached", run.out + run.err)
        run = self.verify_files("build", "build", more=two)
        self.assert_failed(run, 1, "W-040 (threshold_not_reached)", "1 of 2", "signer_counted")

    def test_several_need_a_threshold(self) -> None:
        """Whether one of them would do is not guessed. // spec: W-040"""
        for names in (("build", "bolt"), ("build", "build")):
            self.assert_failed(self.verify_files(*names), 2, "--threshold 2")
        self.assert_trusted(self.verify_files("build"))

    def test_another_artifact(self) -> None:
        """// spec: W-080"""
        other = self.work / "other.json"
        other.write_bytes(self.bench.manifest.read_bytes()[:-1] + b" ")
        self.sign_as("cargo", output="other", target=f"file:{other}")
        run = self.verify_files("build", "other", more=("--threshold", 2))
        self.assert_failed(run, 1, "threshold_not_reached", "artifact_digest")

    def test_on_a_layout(self) -> None:
        self.sign_as("build", output="one", target=str(self.layout))
        self.sign_as("bolt", output="two", form="cose", target=str(self.layout))
        files = ("--signature", self.work / "one", "--signature", self.work / "two")
        self.assert_layout("--threshold", 2, *files)
        self.assert_refused("threshold_not_reached", "--threshold", 2, *files[:2])

    def test_blobs(self) -> None:
        """Keys whose hashes differ name a blob by different digests. // spec: W-080 J-056"""
        blob = self.work / "blob"
        blob.write_bytes(b"some bytes" * 1000)
        for name, form in (("build", "jws"), ("security", "cose"), ("bolt", "jws")):
            self.sign_as(name, "--blob", form=form, output=f"{name}.{form}.sig", target=f"file:{blob}")
        files = [each for name in ("build.jws.sig", "security.cose.sig") for each in ("-s", self.work / name)]
        more = ("--blob", *self.trust, "--threshold", 2)
        run = self.run_client("verify", *more, *files, f"file:{blob}")
        self.assertEqual((run.code, run.err), (0, ""), run)
        self.assertEqual(self.run_client("verify", *more, *files, stdin=blob.read_bytes()).out, run.out)
        self.assert_failed(self.run_client("verify", *more, *files[:2], f"file:{blob}"), 1, "threshold_not_reached")
        run = self.run_client("verify", *more, *files, "--format", "jws", f"file:{blob}")
        self.assert_failed(run, 2, "O-050")
        blob.write_bytes(b"other bytes")
        self.assert_failed(self.run_client("verify", *more, *files, f"file:{blob}"), 1, "artifact_size")


class Policies(ThresholdTest):
    def setUp(self) -> None:
        super().setUp()
        self.config = self.work / "config"
        store = self.config / "truststore" / "x509" / "ca" / "acme-rockets"
        store.mkdir(parents=True)
        (store / "root.crt").write_bytes(self.files["root"].read_bytes())
        self.trust = ("--config", self.config, "--scope", SCOPE)

    def write(self, **changes) -> Path:
        path = self.config / "trustpolicy.json"
        path.write_text(document(statement(**({"registryScopes": [SCOPE], "trustedIdentities": [ACME, BOLT]} | changes))))
        return path

    def test_threshold(self) -> None:
        """A statement with a threshold is never satisfied by one signature, at any level. // spec: P-002 W-040"""
        self.sign_as("build")
        self.sign_as("security")
        for name in ("strict", "permissive", "audit"):
            self.write(threshold=2, signatureVerification=level(name))
            with self.subTest(name):
                self.assertEqual(self.tried(self.assert_refused("threshold_not_reached")), ["ok", "signer_counted"])
                one = self.work / "one"
                self.sign_as("build", output="one", target=str(self.layout))
                run = self.run_client("verify", *self.trust, "-s", one, str(self.layout))
                self.assert_failed(run, 1, "threshold_not_reached")
        self.sign_as("bolt")
        self.write(threshold=2)
        found = self.assert_layout()
        self.assertEqual((found["threshold"], len(found["signers"])), (2, 2))
        self.write()
        self.assertNotIn("signers", self.assert_layout())

    def test_options_make_it_stricter(self) -> None:
        """// spec: W-040"""
        for name in ("build", "bolt"):
            self.sign_as(name)
        self.write(threshold=2, trustedIdentities=["*"])
        self.assert_layout("--threshold", 1)
        self.assert_refused("threshold_not_reached", "--threshold", 3)
        self.assert_refused("required_signer_missing", "--require-identity", SECURITY)
        self.write(trustedIdentities=["*"])
        self.assert_layout("--threshold", 2)

    def test_required(self) -> None:
        """// spec: P-002"""
        self.sign_as("build")
        self.sign_as("bolt")
        self.write(requiredIdentities=[SECURITY])
        self.assert_refused("required_signer_missing")
        self.sign_as("security")
        self.assert_layout()
        self.write(requiredIdentities=[SECURITY, BOLT], threshold=2)
        self.assert_layout()

    def test_documents(self) -> None:
        """// spec: P-002 P-010"""
        nothing = {"trustStores": None, "trustedIdentities": None, "signatureVerification": level("skip")}
        rows = {"policy_threshold": {"threshold": 0}, "policy_threshold_unreachable": {"threshold": 3},
                "json_type": {"threshold": "2"}, "policy_required_empty": {"requiredIdentities": []},
                "policy_required_identity": {"requiredIdentities": ["*"]},
                "policy_required_untrusted": {"requiredIdentities": [CARGO]},
                "policy_threshold_of_skip": {"threshold": 1} | nothing, "policy_member_unknown": {"treshold": 2}}
        for name, changes in rows.items():
            path = self.write(**changes)
            with self.subTest(name):
                self.assert_failed(self.verify_layout(), 2, name)
                self.assertEqual(self.run_client("policy", "check", path).code, 2)
        self.assertEqual(self.run_client("policy", "check", self.write(threshold=2)).code, 0)

    def test_skip(self) -> None:
        """A demand is not dropped because a policy looks at nothing. // spec: P-010 W-003"""
        self.write(trustStores=None, trustedIdentities=None, signatureVerification=level("skip"))
        self.assertEqual(self.verify_layout().code, 0)
        for more in (("--threshold", 1), ("--require-identity", ACME)):
            self.assert_failed(self.verify_layout(*more), 2, "policy_threshold_of_skip")


class Values(ThresholdTest):
    def test_values(self) -> None:
        """// spec: W-040 I-012"""
        for option, *values in (("--threshold", "0", "17", "-1", "two", "", "1.5", "2 "),
                                ("--require-identity", "*", "", "foo:bar", "Acme", "x509.subject: C=US"),
                                ("--min-version", "", "v", "1.2.3.4.5", "01", "latest", "1.2-rc1")):
            for value in values:
                with self.subTest(option=option, value=value):
                    self.assert_failed(self.verify_layout(option, value), 2, option)
        self.assert_failed(self.verify_layout("--require-identity", ACME, "--require-identity", SECURITY), 2, "identity_overlap")
        self.assert_failed(self.verify_layout("--threshold", 2, "--identity", ACME), 2, "policy_threshold_unreachable")
        many = [each for i in range(17) for each in ("--require-identity", f"{ACME}, CN={i}")]
        self.assert_failed(self.verify_layout(*many), 2, "policy_required_too_many")
        for more in (("--version-key", "v"), ("--version-key", "", "--min-version", "1")):
            self.assert_failed(self.verify_layout(*more), 2, "--version-key")


class Versions(ThresholdTest):
    def rule(self, floor: str) -> tuple:
        return ("--min-version", floor, "--version-key", "version")

    def test_annotation(self) -> None:
        """// spec: M-001 M-002"""
        self.sign_as("build", "--user-metadata", "version=v1.10.0")
        for floor in ("0", "1.9", "1.10", "v1.10.0.0"):
            self.assertEqual(self.assert_layout(*self.rule(floor))["version"], "1.10")
        for floor in ("1.10.0.1", "1.11", "2"):
            for name in ("strict", "audit"):
                with self.subTest(floor=floor, level=name):
                    self.assert_failed(self.verify_layout(*self.rule(floor), "--level", name), 1, "M-001 (version_too_low)")
        self.assert_failed(self.verify_layout("--min-version", "0", "--version-key", "other"), 1, "version_missing")
        self.assert_failed(self.verify_layout("--min-version", "0"), 1, "version_missing")
        self.assertNotIn("version", self.assert_layout())

    def test_malformed(self) -> None:
        """// spec: M-001"""
        for text in ("latest", "1.2-rc1", "01", "1.2.3.4.5"):
            layout = self.layout = LayoutFolder(self.work / f"layout-{text}")
            self.sign_as("build", "--user-metadata", f"version={text}")
            with self.subTest(text):
                self.assertTrue(layout.path.is_dir())
                self.assert_failed(self.verify_layout(*self.rule("0"), "--level", "audit"), 1, "version_malformed")

    def test_of_several(self) -> None:
        """Each must be high enough, and the lowest is told. // spec: M-002 W-040"""
        self.sign_as("build", "--user-metadata", "version=3.1")
        self.sign_as("bolt", "--user-metadata", "version=2.5")
        self.assertEqual(self.assert_layout("--threshold", 2, *self.rule("2.5"))["version"], "2.5")
        found = self.assert_refused("threshold_not_reached", "--threshold", 2, *self.rule("2.6"))
        self.assertEqual(self.tried(found), ["ok", "version_too_low"])
        self.assertEqual(self.assert_layout(*self.rule("2.6"))["version"], "3.1")

    def test_tag(self) -> None:
        """// spec: M-001 M-002"""
        self.assertEqual(self.sign("-r", f"{HOST}/app:v1.4").code, 0)
        self.assert_trusted(self.verify("--min-version", "1.4"))
        self.assert_failed(self.verify("--min-version", "1.4.1"), 1, "version_too_low")
        self.assert_failed(self.verify("--min-version", "1", "--version-key", "version"), 1, "version_missing")
        for tags, name in ((["v1", "v2"], "version_ambiguous"), (["latest"], "version_malformed")):
            references = [each for tag in tags for each in ("-r", f"{HOST}/app:{tag}")]
            self.assertEqual(self.sign(*references).code, 0)
            self.assert_failed(self.verify("--min-version", "0"), 1, name)
