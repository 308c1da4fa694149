# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 sign --attach: signatures in layout directories, and nothing else changed there."""
import hashlib
import json
import subprocess
import tarfile
from concurrent.futures import ThreadPoolExecutor

import envelopes
import harness
from signing import OCI_TYPE, LayoutFolder, NotaryTest, digest_of

SIGNATURE_TYPE = "application/vnd.cncf.notary.signature"
THUMBPRINTS = "io.cncf.notary.x509chain.thumbprint#S256"
ENVELOPE_TYPES = {"jws": "application/jose+json", "cose": "application/cose"}


class Attach(NotaryTest):
    def setUp(self) -> None:
        super().setUp()
        self.layout = LayoutFolder(self.work / "layout")

    def attach(self, *more, layout: LayoutFolder | None = None, target: str | None = None, **options):
        return self.sign_notary("--attach", *more, target=target or str(layout or self.layout), output=None, **options)

    def judge_layout(self, layout: LayoutFolder | None = None, **options):
        return self.judge("--media-type", OCI_TYPE, signature=None, target=str(layout or self.layout), **options)

    def test_parts(self) -> None:
        """// spec: O-002 O-003 O-004 O-005 O-006 O-007 O-009 O-011 L-003 L-005"""
        for number, (form, media_type) in enumerate(ENVELOPE_TYPES.items(), 1):
            with self.subTest(form):
                self.assert_trusted(self.attach(form=form), self.layout.subject["digest"])
                entries = self.layout.added()
                self.assertEqual(len(entries), number)
                entry = entries[-1]
                self.assertEqual((entry["mediaType"], entry["artifactType"]), (OCI_TYPE, SIGNATURE_TYPE))
                manifest = json.loads(self.layout.file(entry["digest"]).read_bytes())
                self.assertEqual((manifest["schemaVersion"], manifest["mediaType"]), (2, OCI_TYPE))
                self.assertEqual(manifest["config"], {"mediaType": SIGNATURE_TYPE, "digest": digest_of(b"{}"), "size": 2})
                self.layout.described(manifest["config"])
                self.assertEqual(manifest["subject"], self.layout.subject)
                (layer,) = map(self.layout.described, manifest["layers"])
                self.assertEqual(layer["mediaType"], media_type)
                made = envelopes.read(self.layout.file(layer["digest"]).read_bytes(), form)
                self.assertEqual(made.target, self.layout.subject)
                self.assertTrue(envelopes.signature_holds(made, "p256"))
                thumbprints = json.loads(manifest["annotations"][THUMBPRINTS])
                self.assertEqual(thumbprints, [hashlib.sha256(each).hexdigest() for each in made.chain])
                self.assertRegex(manifest["annotations"]["org.opencontainers.image.created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
                self.assertEqual(entry["annotations"], manifest["annotations"])
                self.assert_trusted(self.judge_layout(), self.layout.subject["digest"])

    def test_rest_stays(self) -> None:
        """The index is the same up to the new entry and from there on. // spec: L-002"""
        entry = json.dumps(self.layout.subject | {"annotations": {"org.opencontainers.image.ref.name": "v1"}})
        rows = ['{"manifests":[%s],"schemaVersion":2}', '\n{ "schemaVersion" : 2,\n "x": [1, {"manifests": []}], "manifests": [\n\t%s\n] , '
                '"mediaType": "application/vnd.oci.image.index.v1+json" }\r\n\n']
        for text in rows:
            with self.subTest(text):
                self.layout.write_index(text % entry)
                before, names = self.layout.index, self.layout.names()
                self.assert_trusted(self.attach(), self.layout.subject["digest"])
                added = json.dumps(self.layout.added()[-1])
                end = before.index(entry) + len(entry)
                self.assertTrue(self.layout.index.startswith(before[:end] + ","))
                self.assertTrue(self.layout.index.endswith(before[end:]))
                middle = self.layout.index[end + 1:len(self.layout.index) - len(before[end:])]
                self.assertEqual(json.loads(middle), json.loads(added))
                new = self.layout.names() - names
                self.assertLessEqual(len(new), 3, new)
                self.assertTrue(all(each.startswith("blobs/sha256/") for each in new), new)
                self.assert_trusted(self.judge_layout(), self.layout.subject["digest"])

    def test_by_digest(self) -> None:
        """// spec: L-004 D-003"""
        layout = LayoutFolder(self.work / "other", hash_name="sha512")
        digest = layout.subject["digest"]
        self.assert_trusted(self.attach(target=f"oci-layout:{layout.path}@{digest}"), digest)
        manifest = json.loads(layout.file(layout.added()[0]["digest"]).read_bytes())
        self.assertEqual(manifest["subject"], layout.subject)
        self.assert_trusted(self.judge_layout(layout), digest)

    def test_file_in_place_of_layout(self) -> None:
        """Without --attach a layout is read only, and may be an archive."""
        names = self.layout.names()
        digest = self.layout.subject["digest"]
        self.assert_trusted(self.sign_notary(target=str(self.layout), output=None), digest)
        name = digest.split(":")[1] + ".jws.sig"
        self.assertEqual(self.read(name=name).target, self.layout.subject)
        with tarfile.open(self.work / "layout.tar", "w") as archive:
            archive.add(self.layout.path, ".")
        self.assert_trusted(self.sign_notary(target=f"oci-layout:{self.work}/layout.tar:v1"), digest)
        self.assertEqual(self.read().target, self.layout.subject)
        self.assertEqual(self.layout.names(), names)

    def test_refused(self) -> None:
        """With nothing changed."""
        (self.work / "layout.tar").write_bytes(b"")
        names, index = self.layout.names(), self.layout.index
        rows = [(f"file:{self.bench.manifest}", 2, "no place"), (None, 2, "no place"),
                (f"oci-layout:{self.work}/layout.tar:v1", 2, "directories only"),
                (f"oci-layout:{self.work}/nowhere:v1", 2, "directories only"),
                (f"oci-layout:{self.layout.path}:v2", 1, "v2")]
        for target, code, text in rows:
            with self.subTest(target):
                self.assert_failed(self.sign_notary("--attach", target=target, output=None), code, text)
        self.assert_failed(self.sign_notary("--attach", "-o", "s", target=str(self.layout)), 2, "--output")
        chain = self.chains["p256"][:2]
        self.assert_failed(self.attach(chain=chain), 1, "X-042")
        self.assertEqual((self.layout.names(), self.layout.index), (names, index))

    def test_unusable_index(self) -> None:
        """// spec: L-001 L-002 O-042"""
        good = self.layout.index
        for text in (good.replace('"schemaVersion": 2', '"schemaVersion": 3'), good + "x", good[:-3],
                     good.replace('"manifests"', '"manifests": [], "manifests"')):
            with self.subTest(text):
                self.layout.write_index(text)
                names = self.layout.names()
                self.assertEqual(self.attach().code, 1)
                self.assertEqual((self.layout.names(), self.layout.index), (names, text))
        other = LayoutFolder(self.work / "other")
        other.write_index(other.index.replace(OCI_TYPE, "application/vnd.docker.distribution.manifest.v2+json"))
        names = other.names()
        self.assertEqual(self.attach(layout=other).code, 1)
        self.assertEqual(other.names(), names)

    def attach_untold(self) -> None:
        """Attaches when the digest cannot be printed."""
        arguments = ["sign", "--attach", "-k", self.bench.path / "notary-p256.key", "-c",
                     self.bundle("p256.crt", *self.chains["p256"]), self.layout]
        with open("/dev/full", "wb") as full:
            done = subprocess.run([harness.program, *map(str, arguments)], stdout=full, stderr=subprocess.PIPE, cwd=self.work,
                                  timeout=60, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)

    def test_untold_digest(self) -> None:
        """What cannot be told is taken back. // spec: N-173"""
        names, index = self.layout.names(), self.layout.index
        self.attach_untold()
        self.assertEqual((self.layout.names(), self.layout.index), (names, index))

    def test_links(self) -> None:
        """A layout may come from anywhere: nothing in it leads the writer out of it."""
        precious = self.work / "precious"
        blobs = self.layout.path / "blobs" / "sha256"
        empty = blobs / digest_of(b"{}").removeprefix("sha256:")

        def plant(place) -> None:
            precious.write_text("precious")
            place.unlink(missing_ok=True)
            place.symlink_to(precious)
        index = self.layout.path / "index.json"
        text = index.read_bytes()
        plant(empty)
        self.assert_failed(self.attach(), 1, "no regular file")
        self.assertEqual((precious.read_text(), index.read_bytes()), ("precious", text))
        empty.unlink()
        real = self.work / "real.json"
        index.rename(real)
        index.symlink_to(real)
        self.assert_failed(self.attach(), 1, "no regular file")
        self.assertEqual(real.read_bytes(), text)
        index.unlink()
        real.rename(index)
        blobs.rename(self.work / "elsewhere")
        blobs.symlink_to(self.work / "elsewhere")
        names = sorted((self.work / "elsewhere").iterdir())
        self.assert_failed(self.attach(), 1, "into the link")
        self.assertEqual(sorted((self.work / "elsewhere").iterdir()), names)

    def test_blob_that_is_there(self) -> None:
        """Is left as it is, also when the rest is taken back."""
        empty = self.layout.file(digest_of(b"{}"))
        empty.write_bytes(b"{}")
        before = empty.stat().st_ino
        self.attach_untold()
        self.assertEqual(empty.stat().st_ino, before)
        self.assert_trusted(self.attach(), self.layout.subject["digest"])
        self.assertEqual(empty.stat().st_ino, before)

    def test_standard_input(self) -> None:
        (self.work / "-").symlink_to(self.layout.path)
        self.assert_failed(self.attach(target="oci-layout:-:v1"), 2, "standard input")

    def test_at_the_same_time(self) -> None:
        """Nobody's entry is lost."""
        bundle = self.bundle("p256.crt", *self.chains["p256"])

        def attach(number: int):
            return self.run_client("sign", "--attach", "-k", self.bench.path / "notary-p256.key", "-c", bundle, "--user-metadata",
                                   f"number={number}", self.layout)

        with ThreadPoolExecutor(6) as pool:
            for run in pool.map(attach, range(12)):
                self.assert_trusted(run, self.layout.subject["digest"])
        self.assertEqual(len(self.layout.added()), 12)
        self.assertEqual(len({each["digest"] for each in self.layout.added()}), 12)
        self.assertEqual({each for each in self.layout.names() if not each.startswith("blobs")}, {"index.json", "oci-layout"})
        self.assert_trusted(self.judge_layout(), self.layout.subject["digest"])
