# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 attach and nv2 list: signature files beside what they sign, in layout directories."""
import json
import subprocess
from pathlib import Path

import harness
from harness import ROOT, Run
from schema import problems_of
from signing import LayoutFolder, NotaryTest, digest_of

LIST_SCHEMA = json.loads((ROOT / "examples" / "nv2" / "list.schema.json").read_text())
PROTOTYPE_TYPE = "application/vnd.cncf.notary.config.v2+"
PROTOTYPES = {"nv2-jwt": PROTOTYPE_TYPE + "jwt", "nv2-json": PROTOTYPE_TYPE + "json", "nv2-json-array": PROTOTYPE_TYPE + "json"}
NOTARY = ("jws", "cose")


class AttachFiles(NotaryTest):
    def setUp(self) -> None:
        super().setUp()
        self.layout = LayoutFolder(self.work / "layout")

    def sign_file(self, form: str, name: str, target: str | None = None) -> Path:
        """A signature over the image, made without the layout changing."""
        if form in NOTARY:
            run = self.sign_notary(form=form, output=name, target=target or str(self.layout))
        else:
            run = self.run_client("sign", "-m", "x509", "-k", self.bench.key_path("p256"), "-c", self.bench.certs["p256"], "--format",
                                  form, "-o", name, target or str(self.layout))
        self.assertEqual(run.code, 0, run)
        return self.work / name

    def attach(self, *files, target: str | None = None, more: tuple = ()) -> Run:
        named = [each for file in files for each in ("-s", file)]
        return self.run_client("attach", *named, *more, target or str(self.layout))

    def judge_form(self, form: str) -> Run:
        trusted = ["--ca-cert", self.root] if form in NOTARY else ["-c", self.bench.certs["p256"]]
        return self.run_client("verify", *trusted, "--format", form.removesuffix("-array"), str(self.layout))

    def list(self, code: int = 0) -> dict:
        run = self.run_client("list", "--output", "json", str(self.layout))
        self.assertEqual((run.code, run.err), (code, ""), run)
        document = json.loads(run.out)
        self.assertEqual(problems_of(document, LIST_SCHEMA), [])
        self.assertTrue(run.out.isascii())
        return document

    def test_every_form(self) -> None:
        """// spec: O-002 O-006 O-007 O-030 O-031 O-032 O-034"""
        for number, form in enumerate((*PROTOTYPES, *NOTARY), 1):
            with self.subTest(form):
                file = self.sign_file(form, form)
                self.assert_trusted(self.attach(file), self.layout.subject["digest"])
                entry = self.layout.added()[-1]
                self.assertEqual(len(self.layout.added()), number)
                manifest = json.loads(self.layout.file(entry["digest"]).read_bytes())
                self.assertEqual(manifest["subject"], self.layout.subject)
                if form in PROTOTYPES:
                    self.assertEqual((manifest["layers"], entry["artifactType"]), ([], PROTOTYPES[form]))
                    self.assertEqual(manifest["config"], {"mediaType": PROTOTYPES[form], "digest": digest_of(file.read_bytes()),
                                                          "size": file.stat().st_size})
                self.assertEqual(self.layout.file((manifest["layers"] or [manifest["config"]])[0]["digest"]).read_bytes(),
                                 file.read_bytes())
                self.assert_trusted(self.judge_form(form), self.layout.subject["digest"])
        self.assertEqual(sorted(each["format"] for each in self.list()["signatures"]),
                         sorted(each.removesuffix("-array") for each in (*PROTOTYPES, *NOTARY)))

    def test_several(self) -> None:
        files = [self.sign_file(form, form) for form in ("jws", "nv2-jwt", "cose")]
        self.assert_trusted(self.attach(*files), self.layout.subject["digest"])
        self.assertEqual(len(self.layout.added()), 3)

    def test_something_else(self) -> None:
        """A signature of another artifact is not attached, and none beside it. // spec: O-034 O-040 N-140 J-055"""
        good = self.sign_file("jws", "good")
        names, index = self.layout.names(), self.layout.index
        for form in (*PROTOTYPES, *NOTARY):
            with self.subTest(form):
                file = self.sign_file(form, f"other-{form}", target=f"file:{self.bench.manifest}")
                self.assert_failed(self.attach(good, file), 1, "not a signature of this artifact", "nv2 inspect")
        for content in (b"", b"{}", b"no signature", good.read_bytes()[:-3]):
            with self.subTest(content[:20]):
                (self.work / "bad").write_bytes(content)
                self.assert_failed(self.attach("bad"), 1, "not a signature of this artifact")
        self.assert_failed(self.attach(good, more=("--format", "cose")), 1, "not a signature of this artifact")
        self.assertEqual((self.layout.names(), self.layout.index), (names, index))

    def test_wrong_use(self) -> None:
        file = self.sign_file("jws", "s")
        names = self.layout.names()
        for target in (f"file:{self.bench.manifest}", f"oci-layout:{self.work}/nowhere:v1"):
            self.assert_failed(self.attach(file, target=target), 2, "no place")
        self.assert_failed(self.run_client("attach", str(self.layout)), 2, 'Required flag "signature" not set')
        self.assert_failed(self.attach("nowhere"), 3, "nowhere")
        self.assert_failed(self.attach(file, target=f"oci-layout:{self.layout.path}:v2"), 1)
        self.assert_failed(self.attach(file, more=("--format", "pgp")), 2, "--format")
        self.assertEqual(self.layout.names(), names)

    def test_untold_digest(self) -> None:
        """What cannot be told is taken back. // spec: N-173"""
        file = self.sign_file("jws", "s")
        names, index = self.layout.names(), self.layout.index
        with open("/dev/full", "wb") as full:
            done = subprocess.run([harness.program, "attach", "-s", file, str(self.layout)], stdout=full, stderr=subprocess.PIPE,
                                  cwd=self.work, timeout=60, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual((self.layout.names(), self.layout.index), (names, index))

    # --- nv2 list ----------------------------------------------------------------------------------
    def test_list(self) -> None:
        self.assertEqual(self.list(), {"schema": "nv2.list/1", "artifact": self.layout.subject, "signatures": [], "unreadable": []})
        file = self.sign_file("jws", "s")
        self.attach(file)
        entry = self.layout.added()[0]
        (found,) = self.list()["signatures"]
        self.assertEqual((found["manifest"], found["envelope"], found["size"], found["format"], found["problem"]),
                         (entry["digest"], digest_of(file.read_bytes()), file.stat().st_size, "jws", None))
        self.assertIn("signer with p256", found["signer"])
        run = self.run_client("list", str(self.layout))
        self.assertEqual((run.code, run.err), (0, ""), run)
        first, second = run.out.splitlines()
        self.assertEqual(first, self.layout.subject["digest"])
        for text in (entry["digest"], "jws", found["signer"]):
            self.assertIn(text, second)

    def test_list_judges_nothing(self) -> None:
        """A signature that cannot be read is shown as such, and beside the others."""
        for form in ("jws", "cose"):
            self.attach(self.sign_file(form, form))
        layer = json.loads(self.layout.file(self.layout.added()[0]["digest"]).read_bytes())["layers"][0]
        self.layout.file(layer["digest"]).write_bytes(b"\x1b[2J")
        bad, good = self.list()["signatures"]
        self.assertEqual((good["format"], good["problem"]), ("cose", None))
        self.assertIsNotNone(bad["problem"])
        run = self.run_client("list", str(self.layout))
        self.assertEqual(run.code, 0, run)
        self.assert_printable(run.out)

    def test_list_wrong_use(self) -> None:
        self.assert_failed(self.run_client("list", f"file:{self.bench.manifest}"), 2, "holds no list of signatures")
        self.assert_failed(self.run_client("list"), 2)
        self.assert_failed(self.run_client("list", f"oci-layout:{self.layout.path}:v2"), 1)
