# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 copy and nv2 pull between layouts: what was verified is what is copied, whole or not at all."""
import json
import subprocess
import tarfile

import harness
from harness import Run
from signing import OCI_TYPE, LayoutFolder, NotaryTest, digest_of

INDEX_TYPE = "application/vnd.oci.image.index.v1+json"


class Copy(NotaryTest):
    def setUp(self) -> None:
        super().setUp()
        self.layout = LayoutFolder(self.work / "layout")
        self.digest = self.layout.subject["digest"]
        self.sign_layout()

    def sign_layout(self, form: str = "jws", target: str | None = None) -> None:
        run = self.sign_notary("--attach", form=form, target=target or str(self.layout), output=None)
        self.assertEqual(run.code, 0, run)

    def pull(self, *more, target: str | None = None, to: str = "copy", trusted: bool = True) -> Run:
        trust = ["--ca-cert", self.root] if trusted else []
        return self.run_client("pull", *trust, *more, "-o", to, target or str(self.layout))

    def files(self, folder: str = "copy") -> set[str]:
        root = self.work / folder
        return {str(each.relative_to(root)) for each in root.rglob("*")} if root.exists() else set()

    def assert_whole(self, folder: str = "copy") -> None:
        """Every file in blobs is what its name says, and the layout is one."""
        root = self.work / folder
        self.assertEqual(json.loads((root / "oci-layout").read_text()), {"imageLayoutVersion": "1.0.0"})
        for file in (root / "blobs").glob("*/*"):
            self.assertEqual(digest_of(file.read_bytes(), file.parent.name).split(":")[1], file.name)
        self.assertEqual({each for each in self.files(folder) if "/" not in each}, {"oci-layout", "index.json", "blobs"})

    def test_pull(self) -> None:
        """Manifest, blobs and signatures, under the tag of the source. // spec: D-005 D-025 L-003 L-004"""
        self.sign_layout("cose")
        self.assert_trusted(self.pull(), self.digest)
        self.assert_whole()
        self.assertEqual(self.files(), self.layout.names())
        again = self.run_client("verify", "--ca-cert", self.root, f"oci-layout:{self.work}/copy:v1")
        self.assert_trusted(again, self.digest)
        entries = json.loads((self.work / "copy" / "index.json").read_text())["manifests"]
        self.assertEqual([each["digest"] for each in entries],
                         [each["digest"] for each in json.loads(self.layout.index)["manifests"]])
        index = (self.work / "copy" / "index.json").read_text()
        self.assert_trusted(self.pull(), self.digest)  # once more changes nothing
        self.assertEqual((self.work / "copy" / "index.json").read_text(), index)

    def test_copy_under_another_tag(self) -> None:
        run = self.run_client("copy", "--ca-cert", self.root, str(self.layout), f"oci-layout:{self.work}/copy:v2")
        self.assert_trusted(run, self.digest)
        self.assert_trusted(self.run_client("verify", "--ca-cert", self.root, f"oci-layout:{self.work}/copy:v2"), self.digest)

    def test_from_an_archive(self) -> None:
        with tarfile.open(self.work / "layout.tar", "w") as archive:
            archive.add(self.layout.path, ".")
        self.assert_trusted(self.pull(target=f"oci-layout:{self.work}/layout.tar:v1"), self.digest)
        self.assert_whole()
        self.assert_failed(self.pull(target="oci-layout:-:v1", to="other"), 2, "standard input")
        self.assertEqual(self.files("other"), set())

    def test_not_trusted(self) -> None:
        """Nothing is stored, not even the folder."""
        self.assert_failed(self.run_client("pull", "--ca-cert", self.bench.certs["p384"], "-o", "copy", str(self.layout)), 1)
        unsigned = LayoutFolder(self.work / "unsigned")
        self.assert_failed(self.pull(target=str(unsigned)), 1, "W-043")
        self.assert_failed(self.pull(trusted=False), 1, "W-030")
        self.assertEqual(self.files(), set())

    def test_unverified(self) -> None:
        unsigned = LayoutFolder(self.work / "unsigned")
        self.assert_trusted(self.pull("--unverified", target=str(unsigned), trusted=False), unsigned.subject["digest"])
        self.assert_whole()
        for more in (["--ca-cert", self.root], ["--output", "json"], ["--level", "audit"]):
            with self.subTest(more):
                self.assert_failed(self.pull("--unverified", *more, trusted=False, to="other"), 2, "contradict")
        self.assertEqual(self.files("other"), set())

    def test_document(self) -> None:
        self.assert_verdict(self.pull("--output", "json"), 0, "trusted")
        self.assert_verdict(self.pull("--output", "json", "--user-metadata", "a=b", to="other"), 1, "rejected")
        self.assertEqual(self.files("other"), set())

    def test_broken_blob(self) -> None:
        """The digest that led to it counts, and nothing of the artifact stays. // spec: D-005"""
        layer = self.layout.file(json.loads(self.layout.manifest)["layers"][0]["digest"])
        for content in (b"another", b"a laye", b"a layer and more", None):
            with self.subTest(content):
                layer.unlink(missing_ok=True)
                if content is not None:
                    layer.write_bytes(content)
                run = self.pull()
                self.assert_failed(run, 3 if content is None else 1)
                self.assertEqual(self.files(), set())
        there = LayoutFolder(self.work / "there", indent=4)
        (there.path / layer.relative_to(self.layout.path)).unlink()
        names, index = there.names(), there.index
        self.assert_failed(self.pull(to="there:v2"), 3)
        self.assertEqual((there.names(), there.index), (names, index))

    def test_lying_sizes(self) -> None:
        """The size counts before anything is written. // spec: D-005"""
        layer = self.layout.file(json.loads(self.layout.manifest)["layers"][0]["digest"])
        layer.unlink()
        with open(layer, "wb") as file:
            file.truncate(1 << 43)  # more than the disk has
        self.assert_failed(self.pull(), 1, "D-005")
        self.assertEqual(self.files(), set())

    def test_many_tags(self) -> None:
        """An index.json that is as large as they come."""
        there = LayoutFolder(self.work / "there", indent=4)
        index = json.loads(there.index)
        entry = index["manifests"][0]
        index["manifests"] += [entry | {"annotations": {"org.opencontainers.image.ref.name": f"tag-{i}"}} for i in range(800)]
        (there.path / "index.json").write_text(json.dumps(index))
        self.assert_trusted(self.pull(to="there:v2"), self.digest)
        tags = [each.get("annotations", {}).get("org.opencontainers.image.ref.name")
                for each in json.loads((there.path / "index.json").read_text())["manifests"]]
        self.assertEqual((tags.count("v2"), sum(str(each).startswith("tag-") for each in tags)), (1, 800))

    def test_media_types(self) -> None:
        """Nothing in an artifact reaches a header unless it is a media type. // spec: D-007"""
        index = {"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [
            {"mediaType": "application/vnd.docker.distribution.manifest.v2+json\r\nHost: h\r\n\r\nPUT /v2/x HTTP/1.1",
             "digest": self.digest, "size": len(self.layout.manifest)}]}
        text = json.dumps(index).encode()
        digest = digest_of(text)
        self.layout.file(digest).write_bytes(text)
        listed = json.loads(self.layout.index)
        listed["manifests"].append({"mediaType": INDEX_TYPE, "digest": digest, "size": len(text),
                                    "annotations": {"org.opencontainers.image.ref.name": "index"}})
        (self.layout.path / "index.json").write_text(json.dumps(listed))
        target = f"oci-layout:{self.layout.path}:index"
        for destination in ("oci-layout:copy:v1", "docker://127.0.0.1:1/x/y:v1"):
            with self.subTest(destination):
                run = self.run_client("copy", "--unverified", "--insecure", "--timeout", "5", target, destination)
                self.assertNotEqual(run.code, 0)
        self.assert_failed(self.run_client("copy", "--unverified", target, "oci-layout:copy:v1"), 1, "N-038")
        self.assertEqual(self.files(), set())

    def test_whose_password(self) -> None:
        """A password is for one registry; the other must not hear it."""
        source, destination = "docker://127.0.0.1:1/x/y:v1", "docker://127.0.0.1:2/x/y:v1"
        for password in (["-u", "me", "-p", "secret"], ["-p", "secret"], ["-u", "me"]):
            run = self.run_client("copy", "--unverified", "--insecure", *password, source, destination)
            self.assertEqual((run.code, run.out), (2, ""), run)
            self.assertIn("docker login", run.err)
            run = self.run_client("verify", "--ca-cert", self.root, "--insecure", *password, "--signature", destination, source)
            self.assertEqual((run.code, run.out), (2, ""), run)
        self.assert_failed(self.run_client("copy", "--unverified", str(self.layout), f"{destination[:-3]}@{self.digest}"), 2, "no name to give")

    def test_broken_signature(self) -> None:
        """Stays behind, the others are copied. // spec: W-042"""
        self.sign_layout("cose")
        manifest = json.loads(self.layout.file(self.layout.added()[0]["digest"]).read_bytes())
        self.layout.file(manifest["layers"][0]["digest"]).write_bytes(b"broken")
        run = self.pull()
        self.assertEqual((run.code, run.out), (0, self.digest + "\n"), run)
        self.assertIn("1 broken signature", run.err)
        self.assert_whole()
        self.assert_trusted(self.run_client("verify", "--ca-cert", self.root, f"oci-layout:{self.work}/copy:v1"), self.digest)

    def test_into_what_is_there(self) -> None:
        """Other artifacts stay; a tag that is taken does not move; what is no layout is left alone."""
        there = LayoutFolder(self.work / "there", media_type=OCI_TYPE.replace("oci.image.manifest.v1", "docker.distribution.manifest.v2"))
        names, index = there.names(), there.index
        self.assert_failed(self.pull(to="there"), 1, "tag")
        self.assertEqual((there.names(), there.index), (names, index))
        self.assert_trusted(self.pull(to="there:v2"), self.digest)
        self.assert_whole("there")
        self.assertEqual(json.loads(there.index)["manifests"][0], json.loads(index)["manifests"][0])
        (self.work / "folder").mkdir()
        (self.work / "folder" / "file").write_text("precious")
        self.assertEqual(self.pull(to="folder").code, 1)
        self.assertEqual(self.files("folder"), {"file"})
        self.assert_failed(self.pull(to="folder/file"), 2, "no directory")
        (self.work / "empty").mkdir()
        self.assert_trusted(self.pull(to="empty"), self.digest)
        self.assert_whole("empty")

    def test_links(self) -> None:
        """No link leads the writer out of the layout."""
        (self.work / "elsewhere").mkdir()
        there = LayoutFolder(self.work / "there", indent=4)
        blobs = there.path / "blobs" / "sha256"
        blobs.rename(self.work / "blobs")
        blobs.symlink_to(self.work / "elsewhere")
        self.assertNotEqual(self.pull(to="there:v2").code, 0)
        self.assertEqual(self.files("elsewhere"), set())

    def test_index(self) -> None:
        """An image for several platforms: everything below is copied, once. // spec: O-043 D-005"""
        children = [self.layout.subject | {"platform": {"os": "linux", "architecture": name}} for name in ("amd64", "arm64")]
        index = json.dumps({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": children}).encode()
        entry = {"mediaType": INDEX_TYPE, **self.layout.put(index)}
        self.layout.write_index(json.dumps({"schemaVersion": 2, "manifests": [
            entry | {"annotations": {"org.opencontainers.image.ref.name": "all"}}]}))
        target = f"oci-layout:{self.layout.path}:all"
        self.sign_layout(target=target)
        self.assert_trusted(self.pull(target=target), entry["digest"])
        self.assert_whole()
        for each in json.loads(self.layout.manifest)["layers"]:
            self.assertTrue((self.work / "copy" / "blobs" / each["digest"].replace(":", "/")).exists())

    def test_endless_index(self) -> None:
        """Depth is bounded, and so are pieces. // spec: G-003"""
        entry = self.layout.subject
        for _ in range(6):
            index = json.dumps({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [entry]}).encode()
            entry = {"mediaType": INDEX_TYPE, **self.layout.put(index)}
        self.layout.write_index(json.dumps({"schemaVersion": 2, "manifests": [entry]}))
        target = f"oci-layout:{self.layout.path}@{entry['digest']}"
        self.assert_failed(self.pull("--unverified", target=target, trusted=False), 1)
        self.assertEqual(self.files(), set())

    def test_bad_descriptors(self) -> None:
        """A manifest that nobody verified leads nowhere. // spec: D-001 D-002 D-006"""
        config = json.loads(self.layout.manifest)["config"]
        for change in ({"digest": "sha256:../../../etc/passwd"}, {"digest": "../x:y"}, {"size": -1}, {"size": "2"}, {"digest": None},
                       {"digest": "sha256:" + "A" * 64}):
            with self.subTest(change):
                manifest = json.dumps({"schemaVersion": 2, "mediaType": OCI_TYPE, "config": config | change, "layers": []}).encode()
                digest = self.layout.put(manifest)["digest"]
                self.layout.write_index(json.dumps({"schemaVersion": 2, "manifests": [
                    {"mediaType": OCI_TYPE, "digest": digest, "size": len(manifest)}]}))
                target = f"oci-layout:{self.layout.path}@{digest}"
                self.assert_failed(self.pull("--unverified", target=target, trusted=False), 1)
                self.assertEqual(self.files(), set())

    def test_wrong_use(self) -> None:
        self.assert_failed(self.run_client("pull", str(self.layout)), 2, 'Required flag "output-layout" not set')
        self.assert_failed(self.run_client("copy", str(self.layout)), 2, "no destination")
        self.assert_failed(self.run_client("copy", "--ca-cert", self.root, str(self.layout), "file:x"), 2, "destination")
        self.assert_failed(self.run_client("copy", "--ca-cert", self.root, f"file:{self.bench.manifest}", "oci-layout:x:y"), 2, "source")
        self.assert_failed(self.run_client("copy", "--ca-cert", self.root, str(self.layout), f"oci-layout:copy@{self.digest}"), 2)
        self.assertEqual(self.files(), set())

    def test_untold_digest(self) -> None:
        with open("/dev/full", "wb") as full:
            done = subprocess.run([harness.program, "pull", "--ca-cert", self.root, "-o", "copy", str(self.layout)], stdout=full,
                                  stderr=subprocess.PIPE, cwd=self.work, timeout=60, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
