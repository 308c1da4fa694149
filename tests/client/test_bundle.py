# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 bundle, and nv2 verify --bundle."""
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import harness
from harness import ROOT as PROJECT
from harness import Run
from layouts import ARTIFACT, COSE_TYPE, ENVELOPE, JWS_TYPE, OCI_TYPE, ROOT, Layout, digest_of
from policies import NOTARY, SCOPE, TIME, PolicyTest, document, level, statement
from envelopes import Cbor, encode

VECTORS = PROJECT / "tests" / "vectors"
JWS, COSE = NOTARY / "p256.jws.sig", NOTARY / "p256.cose.sig"
MANIFEST = NOTARY / "p256-jws.manifest.json"
# A signer whose certificate names where lists are.
LISTED_SIGNATURE = VECTORS / "notary" / "jws_revocation_unknown" / "signature.jws"
LISTED_MANIFEST = VECTORS / "notary" / "manifest.json"
LISTED_ROOT = VECTORS / "pki" / "acme_root.der"
LISTED_TIME = "1767225600"
LIST, LIST_REVOKED = (VECTORS / "revocation" / name / "0.crl" for name in ("signer_not_listed", "signer_listed"))


class BundleTest(PolicyTest):
    def create(self, *more, target: str | None = "", output: str = "b.bundle") -> Run:
        arguments = ["bundle", "create", "-o", output, *more]
        if target is not None:
            arguments.append(target or f"file:{MANIFEST}")
        return self.run_client(*arguments)

    def create_good(self, *more, **options) -> bytes:
        output = options.setdefault("output", "b.bundle")
        run = self.create(*more, "--media-type", OCI_TYPE, **options)
        self.assertEqual((run.code, run.out, run.err), (0, "", ""), run)
        return (self.work / output).read_bytes()

    def create_listed(self, *more, counter: int = 0) -> None:
        self.create_good("-s", LISTED_SIGNATURE, "--counter", counter, *more, target=f"file:{LISTED_MANIFEST}")

    def verify_bundle(self, *more, manifest: Path = MANIFEST, time: str = TIME, anchor: Path | None = ROOT) -> Run:
        trust = ["--ca-cert", anchor] if anchor else []
        return self.run_client("verify", "--bundle", "b.bundle", "--offline", "--media-type", OCI_TYPE, "--time", time, *trust,
                               *more, f"file:{manifest}")

    def verify_listed(self, *more) -> Run:
        return self.verify_bundle(*more, manifest=LISTED_MANIFEST, time=LISTED_TIME, anchor=LISTED_ROOT)

    def write(self, *members, version: int = 1) -> None:
        (self.work / "b.bundle").write_bytes(encode(["nv2-bundle", version, dict(members)]))


class Create(BundleTest):
    def test_content(self) -> None:
        made = self.create_good("-s", JWS, "-s", COSE, "--counter", "70000", "--reference", "r.io/app:v1",
                                "--crl", LIST)
        start, version, body = Cbor.decode(made)
        self.assertEqual((start, version), ("nv2-bundle", 1))
        self.assertEqual(list(body), [0, 1, 2, 4])
        self.assertEqual(body[0], 70000)
        self.assertEqual(body[1], [[JWS_TYPE, JWS.read_bytes()], [COSE_TYPE, COSE.read_bytes()]])
        self.assertEqual(body[2], [LIST.read_bytes()])
        self.assertEqual(body[4], {0: OCI_TYPE, 1: digest_of(ARTIFACT), 2: len(ARTIFACT), 3: "r.io/app:v1"})
        self.assertEqual(encode([start, version, body]), made)

    def test_same_inputs_same_bytes(self) -> None:
        inputs = ["-s", JWS, "-s", COSE, "--crl", LIST, "--crl", LIST_REVOKED, "--counter", "3"]
        one = self.create_good(*inputs, output="one")
        pem = self.work / "list.pem"
        pem.write_bytes(subprocess.run(["openssl", "crl", "-inform", "DER", "-in", LIST, "-outform", "PEM"],
                                       capture_output=True, check=True).stdout)
        shutil.copy(JWS, self.work / "copy.sig")
        again = ["-s", "copy.sig", "-s", JWS, "-s", COSE, "--crl", pem, "--crl", LIST, "--crl", LIST_REVOKED,
                 "--counter", "3"]
        self.assertEqual(self.create_good(*again, output="two"), one)

    def test_layout(self) -> None:
        """All signatures of the artifact, and its descriptor. // spec: L-005"""
        layout = Layout()
        layout.signature()
        layout.signature((NOTARY / "p256.cose.sig").read_bytes(), COSE_TYPE)
        layout.files[layout.name_of(layout.signature(b"gone"))] = b"!"
        for name, content in layout.files.items():
            path = self.work / "layout" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (self.work / "layout" / "index.json").write_text(json.dumps(
            {"schemaVersion": 2, "manifests": layout.entries}))
        run = self.create(target="oci-layout:layout:v1")
        self.assertEqual(run.code, 0, run)
        body = Cbor.decode((self.work / "b.bundle").read_bytes())[2]
        self.assertEqual({kind for kind, _ in body[1]}, {JWS_TYPE, COSE_TYPE})
        self.assertEqual(body[4], {0: OCI_TYPE, 1: digest_of(ARTIFACT), 2: len(ARTIFACT)})
        self.assert_trusted(self.verify_bundle(), digest_of(ARTIFACT))
        run = self.run_client("verify", "--bundle", "b.bundle", "--offline", "--time", TIME, "--ca-cert", ROOT,
                              "oci-layout:layout:v1")
        self.assert_trusted(run, digest_of(ARTIFACT))

    def test_failures_leave_no_file(self) -> None:
        (self.work / "no.sig").write_text("nothing")
        rows = [
            (["-s", JWS], 3, "file:nowhere.json", "nowhere.json"),
            (["-s", "no.sig"], 1, "", "G-020"),
            (["-s", JWS, "--crl", "no.sig"], 2, "", "revocation list"),
            (["-s", JWS, "--reference", "https://r.io/app"], 1, "", "reference_syntax"),
            (["-s", JWS, "--reference", "r.io/app@sha256:" + "0" * 64], 1, "", "bundle_reference"),
            (["-s", JWS, "--media-type", "nonsense"], 1, "", "media_type_syntax"),
            (["-s", JWS, "--counter", "-1"], 2, "", "--counter"),
            (["-s", JWS, "--counter", "18446744073709551616"], 2, "", "--counter"),
            ([], 2, "", "no signature"),
            (["-s", JWS, "--reference", "r.io/app"], 2, None, "TARGET"),
            (["-s", JWS, "--extract-policy", "x"], 2, "", "bundle show"),
        ]
        for more, code, target, text in rows:
            with self.subTest(more=more):
                run = self.create(*more, target=target)
                self.assertEqual((run.code, run.out), (code, ""), run)
                self.assertIn(text, run.err)
                self.assertFalse((self.work / "b.bundle").exists())
        shutil.copy(JWS, self.work / "in.sig")
        run = self.create("-s", "in.sig", output="in.sig")
        self.assert_failed(run, 2, "replace an input")
        self.assertEqual((self.work / "in.sig").read_bytes(), JWS.read_bytes())
        self.assert_failed(self.run_client("bundle"), 2, "no action")
        self.assert_failed(self.run_client("bundle", "eat", "x"), 2, "unknown action")


class Show(BundleTest):
    def test_document(self) -> None:
        policy = self.work / "policy.json"
        policy.write_text(document(statement()))
        self.create_good("-s", JWS, "--crl", LIST, "--policy", policy, "--counter", "9")
        run = self.run_client("bundle", "show", "b.bundle", "--output", "json")
        self.assertEqual(run.code, 0, run)
        shown = json.loads(run.out)
        self.assertEqual((shown["schema"], shown["verified"], shown["counter"]), ("nv2.bundle/1", False, 9))
        self.assertEqual(shown["artifact"], {"mediaType": OCI_TYPE, "digest": digest_of(ARTIFACT), "size": len(ARTIFACT),
                                             "reference": None})
        signature = shown["signatures"][0]
        self.assertEqual((signature["mediaType"], signature["format"]), (JWS_TYPE, "jws"))
        self.assertEqual(signature["sha256"], hashlib.sha256(ENVELOPE).hexdigest())
        self.assertEqual(shown["lists"][0]["size"], LIST.stat().st_size)
        self.assertRegex(shown["lists"][0]["thisUpdate"], r"^2025-12-27T")
        self.assertEqual(shown["policy"]["text"], policy.read_text())

        text = self.run_client("bundle", "show", "b.bundle")
        self.assertEqual(text.code, 0, text)
        for part in ("nothing of which was verified", "signature 1", "revocation list 1", "counter", "no verifier believes"):
            self.assertIn(part, text.out)
        self.assert_printable(text.out)

        run = self.run_client("bundle", "show", "b.bundle", "--extract-policy", "out.json")
        self.assertEqual(run.code, 0, run)
        self.assertEqual((self.work / "out.json").read_bytes(), policy.read_bytes())

    def test_counters_of_64_bits(self) -> None:
        self.create_good("-s", JWS, "--counter", "18446744073709551615")
        shown = json.loads(self.run_client("bundle", "show", "b.bundle", "--output", "json").out)
        self.assertEqual(shown["counter"], 2**64 - 1)
        self.assert_trusted(self.verify_bundle("--bundle-floor", "18446744073709551615"), digest_of(ARTIFACT))

    def test_hostile_texts(self) -> None:
        self.write((0, 1), (1, [["a/b", b"\x1b[2J"]]), (2, [b"\x1b]0;x\x07"]), (5, b"{\x1b[31m\n\xff\xe2\x80\xae}"))
        for more in ([], ["--output", "json"], ["--color", "always"]):
            run = self.run_client("bundle", "show", "b.bundle", *more)
            self.assertEqual(run.code, 0, run)
            if "always" not in more:
                self.assert_printable(run.out)

    def test_what_is_no_bundle(self) -> None:
        self.write((0, 1), (1, [["a/b", b"x"]]), version=2)
        self.assert_failed(self.run_client("bundle", "show", "b.bundle"), 1, "G-020 (bundle_version)")
        self.assert_failed(self.run_client("bundle", "show", str(JWS)), 1, "G-020 (bundle_unknown)")
        self.assert_failed(self.run_client("bundle", "show"), 2, "no bundle")
        self.assert_failed(self.run_client("bundle", "show", "nowhere"), 3, "nowhere")
        self.create_good("-s", JWS)
        self.assert_failed(self.run_client("bundle", "show", "b.bundle", "--extract-policy", "p"), 1, "no trust policy")
        self.assert_failed(self.run_client("bundle", "show", "b.bundle", "--counter", "1"), 2, "--counter")
        self.assertFalse((self.work / "p").exists())


class Verify(BundleTest):
    def test_good(self) -> None:
        self.create_good("-s", COSE, "-s", JWS, "--counter", "4")
        self.assert_trusted(self.verify_bundle(), digest_of(ARTIFACT))
        verdict = self.assert_verdict(self.verify_bundle("--output", "json"), 0, "trusted")
        self.assertEqual(verdict["bundle"], {"counter": 4})
        self.assertTrue(verdict["signatures"][-1]["trusted"])
        self.assertEqual(verdict["signatures"][-1]["mediaType"], JWS_TYPE)
        run = self.run_client("explain", "--bundle", "b.bundle", "--offline", "--media-type", OCI_TYPE, "--time", TIME,
                              "--ca-cert", ROOT, f"file:{MANIFEST}")
        self.assertEqual(run.code, 0, run)

    def test_no_descriptor(self) -> None:
        self.run_client("bundle", "create", "-o", "b.bundle", "-s", JWS)
        self.assert_trusted(self.verify_bundle(), digest_of(ARTIFACT))

    def test_floor(self) -> None:
        """// spec: G-021"""
        self.create_good("-s", JWS, "--counter", "4")
        self.assert_trusted(self.verify_bundle("--bundle-floor", "4"), digest_of(ARTIFACT))
        run = self.verify_bundle("--bundle-floor", "5")
        self.assert_failed(run, 1, "G-021 (bundle_rolled_back)", "newest bundle")
        # No level softens it, and it comes before the artifact.
        self.assert_failed(self.verify_bundle("--bundle-floor", "5", "--level", "audit"), 1, "bundle_rolled_back")
        self.assert_failed(self.verify_bundle("--bundle-floor", "5", manifest=Path("/nowhere")), 1, "bundle_rolled_back")
        self.assert_failed(self.verify_bundle("--bundle-floor", "x"), 2, "--bundle-floor")

    def test_options(self) -> None:
        self.create_good("-s", JWS)
        self.assert_failed(self.verify_bundle("-s", JWS), 2, "do not go with --bundle")
        self.assert_failed(self.verify_bundle("--envelope-media-type", JWS_TYPE), 2, "do not go with --bundle")
        self.assert_failed(self.run_client("verify", "-s", JWS, "--ca-cert", ROOT, "--bundle-floor", "1", f"file:{MANIFEST}"),
                           2, "no use without --bundle")
        self.assert_failed(self.run_client("verify", "--bundle", "", f"file:{MANIFEST}"), 2, "--bundle is empty")

    def test_another_artifact(self) -> None:
        """// spec: D-005"""
        other = self.work / "other.json"
        other.write_bytes(ARTIFACT + b" ")
        self.create_good("-s", JWS)
        self.assert_failed(self.verify_bundle(manifest=other), 1, "D-005 (bundle_artifact)", "made for this artifact")
        # A descriptor made for it does not make it signed.
        self.create_good("-s", JWS, target=f"file:{other}")
        self.assert_failed(self.verify_bundle(manifest=other), 1, "artifact_size")
        self.assert_failed(self.verify_bundle(), 1, "bundle_artifact")

    def test_tampering(self) -> None:
        good = self.create_good("-s", JWS, "--crl", LIST, "--counter", "4")
        step = max(1, len(good) // 40)
        for at in range(0, len(good), step):
            damaged = bytearray(good)
            damaged[at] ^= 1
            (self.work / "b.bundle").write_bytes(damaged)
            run = self.verify_bundle("--bundle-floor", "4", "--threshold", "2")
            with self.subTest(at=at):
                self.assertEqual((run.code, run.out), (1, ""), run)
        for size in range(0, len(good), step):
            (self.work / "b.bundle").write_bytes(good[:size])
            self.assert_failed(self.verify_bundle(), 1)

    def test_policies_inside_are_not_trusted(self) -> None:
        """Who is trusted comes from the caller. // spec: G-021"""
        policy = self.work / "skip.json"
        policy.write_text(document(statement(signatureVerification=level("skip"), registryScopes=["*"], trustStores=None,
                                             trustedIdentities=None)))
        self.create_good("-s", JWS, "--policy", policy, "--reference", f"{SCOPE}:v1")
        self.assert_failed(self.verify_bundle(anchor=LISTED_ROOT), 1, "S-020")
        self.assert_failed(self.verify_bundle(anchor=None), 1, "W-030")
        self.assert_failed(self.verify_bundle("--scope", SCOPE, "--config", "nowhere", anchor=None), 2)
        self.assert_trusted(self.verify_bundle(), digest_of(ARTIFACT))

    def test_lists(self) -> None:
        """// spec: R-004 R-006"""
        self.create_listed("--crl", LIST)
        self.assertEqual(self.verify_listed().code, 0, self.verify_listed())
        self.create_listed("--crl", LIST_REVOKED)
        self.assert_failed(self.verify_listed(), 1, "R-006 (certificate_revoked)")
        self.assert_failed(self.verify_listed("--crl", LIST), 1, "certificate_revoked")
        self.create_listed("--crl", LIST)
        self.assert_failed(self.verify_listed("--crl", LIST_REVOKED), 1, "certificate_revoked")
        # Whoever takes the lists out of a bundle gains nothing.
        self.create_listed()
        self.assert_failed(self.verify_listed(), 1, "R-004 (revocation_unknown)")
        self.assertEqual(self.verify_listed("--crl", LIST).code, 0)

    def test_responses(self) -> None:
        """// spec: R-002"""
        matrix = VECTORS / "matrix"

        def verify(*more) -> Run:
            return self.verify_bundle(*more, manifest=LISTED_MANIFEST, time="1893456000", anchor=LISTED_ROOT)

        for response in (matrix / "good.ocsp", None):
            self.create_good("-s", matrix / "access.jws", *(("--ocsp", response) if response else ()),
                             target=f"file:{LISTED_MANIFEST}")
            if response:
                self.assertEqual(verify().code, 0, verify())
            else:
                self.assert_failed(verify(), 1, "revocation_unknown")
                self.assertEqual(verify("--ocsp", matrix / "good.ocsp").code, 0)

    def test_threshold(self) -> None:
        """// spec: W-040"""
        self.create_good("-s", JWS, "-s", COSE)
        self.assert_trusted(self.verify_bundle("--threshold", "1"), digest_of(ARTIFACT))
        run = self.verify_bundle("--threshold", "2")
        self.assert_failed(run, 1, "W-040 (threshold_not_reached)", "signature 1: its signer counts")

    def test_limit(self) -> None:
        """// spec: W-041"""
        self.write((0, 0), (1, [[JWS_TYPE, b"{}"], [JWS_TYPE, ENVELOPE]]))
        self.assert_trusted(self.verify_bundle(), digest_of(ARTIFACT))
        self.assert_failed(self.verify_bundle("--max-signatures", "1"), 1, "W-041 (signatures_left)")

    def test_air_gapped(self) -> None:
        """All of it where there is no network, and asking for a socket is the end."""
        isolated = [sys.executable, str(harness.HERE / "no_sockets.py"), harness.program]
        made = subprocess.run([*isolated, "bundle", "create", "-o", "b.bundle", "-s", LISTED_SIGNATURE, "--crl", LIST,
                               "--media-type", OCI_TYPE, f"file:{LISTED_MANIFEST}"], cwd=self.work, capture_output=True)
        if made.returncode == 77:
            self.skipTest("no system call filters here")
        self.assertEqual(made.returncode, 0, made)
        done = subprocess.run([*isolated, "verify", "--bundle", "b.bundle", "--offline", "--media-type", OCI_TYPE, "--time",
                               LISTED_TIME, "--ca-cert", str(LISTED_ROOT), f"file:{LISTED_MANIFEST}"], cwd=self.work,
                              capture_output=True)
        self.assertEqual(Run(done).out, digest_of(LISTED_MANIFEST.read_bytes()) + "\n", done)
