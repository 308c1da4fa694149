# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 verify oci-layout:…: layouts in directories and archives, and the signatures in them."""
import io
import json
import os
import shutil
import tarfile
import time

from harness import REFERENCE
from layouts import (ARTIFACT, COSE_TYPE, EMPTY_TYPE, ENVELOPE, INDEX_TYPE, JWS_TYPE, OCI_TYPE, PACKINGS, ROOT,
                     SIGNATURE_TYPE, Layout, LayoutTest, add_file, descriptor, digest_of, text, zstd)
from policies import INDEX, NOTARY, SCOPE, TIME, PolicyTest, level, statement

DOCKER_TYPE = "application/vnd.docker.distribution.manifest.v2+json"


def signed() -> Layout:
    layout = Layout()
    layout.signature()
    return layout


class OfNotation(PolicyTest):
    """The layout that the real notation has signed."""

    def verify_tag(self, tag: str, *more) -> object:
        return self.run_client("verify", "--time", TIME, *more, f"oci-layout:{NOTARY / 'layout'}:{tag}")

    def test_every_tag(self) -> None:
        for entry in INDEX["signatures"]:
            option = "--sa-cert" if entry["store"] == "signingAuthority" else "--ca-cert"
            for more in (["--config", self.config, "--scope", SCOPE], [option, NOTARY / entry["anchor"]]):
                with self.subTest(file=entry["file"], more=more):
                    self.assert_trusted(self.verify_tag(entry["tag"], *more), entry["manifest_digest"])

    def test_several(self) -> None:
        """Each of the two signers is enough. // spec: W-040"""
        for anchor in ("p256-root.crt", "rsa2048-root.crt"):
            run = self.verify_tag("several", "--ca-cert", NOTARY / anchor, "--output", "json")
            document = self.assert_verdict(run, 0, "trusted")
            self.assertTrue(document["signatures"][-1]["trusted"])
            self.assertEqual(sum(s["trusted"] for s in document["signatures"]), 1)

    def test_unsigned(self) -> None:
        """// spec: W-043"""
        for name in ("strict", "permissive", "audit"):
            with self.subTest(name):
                self.assert_failed(self.verify_tag("unsigned", "--ca-cert", ROOT, "--level", name), 1, "W-043 (no_signature)")

    def test_policy_needs_scope(self) -> None:
        """// spec: L-007"""
        self.assert_failed(self.verify_tag("p256-jws", "--config", self.config), 2, "--scope")

    def test_skip(self) -> None:
        """Nothing is read, not even the layout. // spec: W-003"""
        self.write_policy(statement(signatureVerification=level("skip"), trustStores=None, trustedIdentities=None))
        run = self.run_client("verify", "--config", self.config, "--scope", SCOPE, "oci-layout:/nowhere:v1")
        self.assert_skipped(run)

    def test_digest_in_scope(self) -> None:
        """// spec: W-001"""
        entry = next(e for e in INDEX["signatures"] if e["tag"] == "p256-jws")
        trust = ["--config", self.config, "--scope"]
        self.assert_trusted(self.verify_tag("p256-jws", *trust, f"{SCOPE}@{entry['manifest_digest']}"), entry["manifest_digest"])
        run = self.verify_tag("p256-jws", *trust, f"{SCOPE}@sha256:{'0' * 64}")
        self.assertEqual((run.code, run.out), (1, ""), run)
        self.assertIn("reference_digest", run.err)


class NamedSignature(LayoutTest):
    """--signature names the manifest of a signature in a layout."""

    def setUp(self) -> None:
        super().setUp()
        layout = Layout()
        self.entry = layout.list(layout.signature(listed=False), "signature")
        self.folder = layout.write(self.work / "layout")

    def test_good(self) -> None:
        """// spec: O-006"""
        (self.work / "manifest.json").write_bytes(ARTIFACT)
        for name in (":signature", "@" + self.entry["digest"]):
            for target in (["--media-type", OCI_TYPE, f"file:{self.work / 'manifest.json'}"], [f"oci-layout:{self.folder}:v1"]):
                with self.subTest(name=name, target=target):
                    self.assert_good(self.run_client("verify", "--ca-cert", ROOT, "--time", TIME, "-s",
                                                     f"oci-layout:{self.folder}{name}", *target))

    def test_bad(self) -> None:
        """// spec: O-003 N-174"""
        target = f"oci-layout:{self.folder}:v1"
        named = ["-s", f"oci-layout:{self.folder}@{self.entry['digest']}"]
        rows = [(1, "O-003", ["-s", target]), (1, "L-004", ["-s", f"oci-layout:{self.folder}:nothing"]),
                (2, "no supported digest", ["-s", f"oci-layout:{self.folder}@sha256:1"]), (2, "--blob", [*named, "--blob"]),
                (2, "stored signature", [*named, "--envelope-media-type", JWS_TYPE]),
                (1, "rule", [*named, "--ca-cert", NOTARY / "rsa2048-root.crt"])]
        for code, words, more in rows:
            with self.subTest(words=words):
                trust = [] if "--ca-cert" in more else ["--ca-cert", ROOT]
                run = self.run_client("verify", *trust, "--time", TIME, *more, target)
                self.assertEqual((run.code, run.out), (code, ""), run)
                self.assertIn(words, run.err)
                if code == 1:
                    self.assertNotRegex(run.err, r"sha\d+:")


class Containers(LayoutTest):
    def test_directory(self) -> None:
        self.assert_good(self.judge(signed()))
        self.assert_no_new_file("layout")

    def test_archives(self) -> None:
        """By content, whatever the name, from a file and from standard input. // spec: L-003"""
        for name, pack in PACKINGS.items():
            for prefix in ("", "./"):
                for order in (sorted, lambda names: sorted(names, reverse=True)):
                    packed = pack(signed().tar(prefix, order))
                    (self.work / "any.name").write_bytes(packed)
                    with self.subTest(name=name, prefix=prefix):
                        self.assert_good(self.judge(packed))
                        self.assert_good(self.run_client("verify", "--ca-cert", ROOT, "--time", TIME,
                                                         f"oci-layout:{self.work / 'any.name'}:v1"))

    def test_no_archive(self) -> None:
        good = signed().tar()
        for name, content in {"empty": b"", "text": b"hello", "gzip of text": PACKINGS["tar.gz"](b"hello"),
                              "cut": good[:3000], "gzip cut": PACKINGS["tar.gz"](good)[:900],
                              "twice": PACKINGS["tar.gz"](PACKINGS["tar.gz"](good)), "both": zstd(PACKINGS["tar.gz"](good)),
                              "zip": b"PK\x03\x04" + bytes(60)}.items():
            with self.subTest(name):
                self.assert_failed(self.judge(content), 1, "layout")

    def test_links_and_doubles(self) -> None:
        """No file may be another one, and none may be there twice."""
        blob = Layout.name_of(descriptor(ENVELOPE, JWS_TYPE))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            for name in ("index.json", "oci-layout", blob):
                layout = signed()
                out = io.BytesIO()
                with tarfile.open(fileobj=out, mode="w") as archive:
                    add_file(archive, "stored", layout.all_files()[name])
                    entry = tarfile.TarInfo(name)
                    entry.type, entry.linkname = kind, "stored"
                    archive.addfile(entry)
                    for other, content in layout.all_files().items():
                        if other != name:
                            add_file(archive, other, content)
                with self.subTest(kind=kind, name=name):
                    self.assert_failed(self.judge(out.getvalue()), 1, "no regular file")
        for name in ("index.json", "./index.json", "./oci-layout", blob):
            out = io.BytesIO(signed().tar())
            with tarfile.open(fileobj=out, mode="a") as archive:
                add_file(archive, name, signed().all_files()[name.removeprefix("./")])
            with self.subTest(name):
                self.assert_failed(self.judge(out.getvalue()), 1, "is there twice")

    def test_other_names(self) -> None:
        """Only exact names count, and nothing is ever unpacked."""
        blob = Layout.name_of(descriptor(ENVELOPE, JWS_TYPE))
        for name in ("../", "/", "x/../", "././", "a/", ".\\"):
            with self.subTest(name):
                self.assert_failed(self.judge(signed().tar(name)), 1, "L-001")
        for changed in (blob.upper(), "blobs/sha256/" + blob, blob + "/", blob.replace("sha256", "sha512")):
            layout = signed()
            layout.files[changed] = layout.files.pop(blob)
            with self.subTest(changed):
                self.assert_failed(self.judge(layout.tar()), 1)
        out = io.BytesIO(signed().tar())
        with tarfile.open(fileobj=out, mode="a") as archive:
            for name in ("../evil", "/tmp/evil", "manifest.json", "blobs/sha256/x", "blobs/blake3/" + "0" * 64, "grün"):
                add_file(archive, name, b"evil")
        self.assert_good(self.judge(out.getvalue()))
        self.assert_no_new_file()

    def test_large_layers_are_not_kept(self) -> None:
        """A layer of 300 MiB, compressed, is passed over."""
        layout = signed()
        layer = bytes(1 << 20) * 300
        layout.files[Layout.name_of(descriptor(layer, "application/vnd.oci.image.layer.v1.tar"))] = layer
        packed = PACKINGS["tar.gz"](layout.tar())
        self.assertLess(len(packed), 3 << 20)
        self.assert_good(self.judge(packed))

    def test_swelling_archive(self) -> None:
        """What unpacks to too much is refused when its headers say so."""
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            entry = tarfile.TarInfo("layer")
            entry.size = 1 << 40
            archive.addfile(entry)  # without its content
        begin = time.monotonic()
        self.assert_failed(self.judge(out.getvalue() + bytes(1024)), 1, "MiB of files")
        self.assertLess(time.monotonic() - begin, 5)

    def test_too_much_to_keep(self) -> None:
        """Many large files that begin like manifests."""
        out = io.BytesIO()
        content = b"{" + b" " * ((20 << 20) - 1)
        with tarfile.open(fileobj=out, mode="w") as archive:
            for i in range(13):
                add_file(archive, f"blobs/sha256/{i:064x}", content)
        self.assert_failed(self.judge(PACKINGS["tar.gz"](out.getvalue())), 1, "256 MiB")

    def test_special_files_in_a_directory(self) -> None:
        """They neither stop the program nor count as missing less loudly."""
        folder = signed().write(self.work / "layout")
        blob = folder / Layout.name_of(descriptor(ENVELOPE, JWS_TYPE))
        blob.unlink()
        os.mkfifo(blob)
        run = self.run_client("verify", "--ca-cert", ROOT, "--time", TIME, f"oci-layout:{folder}:v1")
        self.assert_failed(run, 1, "signature_unavailable")
        (folder / "index.json").unlink()
        os.mkfifo(folder / "index.json")
        run = self.run_client("verify", "--ca-cert", ROOT, "--time", TIME, f"oci-layout:{folder}:v1")
        self.assert_failed(run, 1, "L-002")

    def test_not_there(self) -> None:
        for path in ("nowhere", "nowhere/", "./x.tar"):
            with self.subTest(path):
                self.assert_failed(self.run_client("verify", "--ca-cert", ROOT, f"oci-layout:{path}:v1"), 3, "cannot open the layout")


class Targets(LayoutTest):
    def test_digest(self) -> None:
        """// spec: L-004 L-007 D-024"""
        self.assert_good(self.judge(signed(), "@" + digest_of(ARTIFACT)))
        untagged = Layout(tag=None)
        untagged.signature()
        self.assert_good(self.judge(untagged, "@" + digest_of(ARTIFACT)))
        self.assert_failed(self.judge(signed(), "@sha256:" + "0" * 64), 1, "L-004")

    def test_digest_in_an_index(self) -> None:
        """Any manifest that can be reached. // spec: L-004"""
        layout = Layout()
        layout.entries.clear()
        layout.index(layout.index(layout.subject, listed=False))
        layout.signature()
        self.assert_good(self.judge(layout, "@" + digest_of(ARTIFACT)))
        self.assert_failed(self.judge(layout, ":v1"), 1, "L-004")

    def test_tag(self) -> None:
        """What is told of a tag is the digest that it stands for now. // spec: L-004 D-025"""
        moved = Layout(artifact=b'{"schemaVersion":2}')
        moved.entries[0]["annotations"][list(moved.entries[0]["annotations"])[0]] = "old"
        moved.list(moved.blob(ARTIFACT, OCI_TYPE), "v1")
        moved.signature(subject=descriptor(ARTIFACT, OCI_TYPE))
        self.assert_good(self.judge(moved))
        self.assert_failed(self.judge(moved, ":old"), 1, "no_signature")
        shutil.rmtree(self.work / "layout")
        for tag in ("v2", "V1", "latest", "v1.0"):
            with self.subTest(tag):
                self.assert_failed(self.judge(signed(), ":" + tag), 1, "L-004", tag)
        twice = signed()
        twice.list(twice.blob(b"{}", OCI_TYPE), "v1")
        self.assert_failed(self.judge(twice), 1, "L-004", "twice")
        self.assert_good(self.judge(twice, "@" + digest_of(ARTIFACT)))

    def test_the_only_one(self) -> None:
        """Signatures, and lists of referrers that older tools leave, are not meant."""
        layout = signed()
        lists = layout.index(listed=False)
        layout.list(lists, digest_of(ARTIFACT).replace(":", "-"))
        self.assert_good(self.judge(layout, ""))
        layout.list(layout.blob(b'{"schemaVersion":2}', OCI_TYPE), "v2")
        self.assert_failed(self.judge(layout, ""), 1, "L-004", "several")
        none = Layout()
        none.entries.clear()
        self.assert_failed(self.judge(none, ""), 1, "L-004")

    def test_texts(self) -> None:
        """// spec: L-007 D-023 D-001 D-003"""
        folder = signed().write(self.work / "a:b@c")
        shutil.copytree(folder, self.work / "dir")
        for path in ("a:b@c", "./a:b@c", "dir"):
            for reference in (":v1", "@" + digest_of(ARTIFACT)):
                with self.subTest(path=path, reference=reference):
                    self.assert_good(self.run_client("verify", "--ca-cert", ROOT, "--time", TIME,
                                                     f"OCI-Layout:{path}{reference}" if path == "dir" else f"oci-layout:./{path}/{reference}"))
        for target in ("", ":v1", "@" + digest_of(ARTIFACT), "dir:", "dir@", "dir@v1", "dir:-v", "dir:v 1", "dir:" + "v" * 129,
                       "dir@sha256:" + "A" * 64, "dir@md5:" + "0" * 32, "dir@blake3:" + "0" * 64):
            with self.subTest(target):
                run = self.run_client("verify", "--ca-cert", ROOT, "oci-layout:" + target)
                self.assertEqual((run.code, run.out), (2, ""), run)

    def test_option_combinations(self) -> None:
        self.assert_failed(self.judge(signed(), ":v1", "--blob"), 2, "--blob")
        self.assert_failed(self.judge(signed(), ":v1", "--envelope-media-type", JWS_TYPE), 2, "--envelope-media-type")

    def test_signature_file(self) -> None:
        """With --signature only the artifact comes from the layout."""
        bare = Layout()
        self.assert_good(self.judge(bare, ":v1", "-f", NOTARY / "p256.jws.sig"))
        self.assert_failed(self.judge(bare, ":v1", "-f", NOTARY / "p256.cose.sig"), 1, "binding")
        self.assert_failed(self.judge(bare), 1, "no_signature")

    def test_explain(self) -> None:
        run = self.judge(signed(), command="explain")
        self.assertEqual(run.code, 0, run)
        self.assertIn("trusted", run.out)


class Format(LayoutTest):
    def test_layout_file(self) -> None:
        """// spec: L-001 OV-28 OV-29"""
        for content in (b'{"imageLayoutVersion":"2.0.0"}', b"{}", b"", b"[]", b'{"imageLayoutVersion":"1.0.0"}x', None):
            layout = signed()
            layout.files["oci-layout"] = content
            if content is None:
                del layout.files["oci-layout"]
            with self.subTest(content):
                shutil.rmtree(self.work / "layout", ignore_errors=True)
                self.assert_failed(self.judge(layout), 1, "oci-layout")
                self.assert_failed(self.judge(layout.tar()), 1, "oci-layout")
        self.assertNotIn("oci-layout", [p.name for p in (self.work / "layout").iterdir()])

    def test_index(self) -> None:
        """// spec: L-002"""
        good = json.loads(signed().all_files()["index.json"])
        for name, content in {"empty": b"", "list": b"[]", "version": text(good | {"schemaVersion": 1}),
                              "type": text(good | {"mediaType": OCI_TYPE}), "none": text({"schemaVersion": 2}),
                              "rest": text(good) + b"}"}.items():
            layout = signed()
            folder = layout.write(self.work / "layout")
            (folder / "index.json").write_bytes(content)
            with self.subTest(name):
                self.assert_failed(self.run_client("verify", "--ca-cert", ROOT, f"oci-layout:{folder}:v1"), 1, "index.json")
        (folder / "index.json").write_bytes(text(good | {"manifests": None}))  # an empty list
        self.assert_failed(self.run_client("verify", "--ca-cert", ROOT, f"oci-layout:{folder}:v1"), 1, "not in the layout")
        layout = signed()
        layout.list(descriptor(b"other", "text/plain"))
        layout.entries.insert(0, {"mediaType": "application/x", "digest": "sha256:" + "1" * 64, "size": 3})
        self.assert_good(self.judge(layout))

    def test_missing_index(self) -> None:
        folder = signed().write(self.work / "layout")
        (folder / "index.json").unlink()
        self.assert_failed(self.run_client("verify", "--ca-cert", ROOT, f"oci-layout:{folder}:v1"), 1, "L-002")

    def test_artifact(self) -> None:
        """Its bytes are hashed, and it may not contradict its descriptor. // spec: L-003 O-041 O-042 OV-30"""
        name = Layout.name_of(descriptor(ARTIFACT, OCI_TYPE))
        for content, error in ((ARTIFACT.replace(b"config", b"conFig", 1), "content_digest"), (ARTIFACT + b" ", "content_size"),
                               (None, "not in the layout")):
            layout = signed()
            layout.files[name] = content
            if content is None:
                del layout.files[name]
            shutil.rmtree(self.work / "layout", ignore_errors=True)
            with self.subTest(error):
                self.assert_failed(self.judge(layout), 1, error)
                self.assert_failed(self.judge(layout.tar()), 1, error)
        layout = Layout(media_type=DOCKER_TYPE)
        layout.signature(subject=descriptor(ARTIFACT, OCI_TYPE))
        self.assert_failed(self.judge(layout), 1, "O-042 (manifest_own_media_type)")
        self.assert_failed(self.judge(Layout(artifact=b"not JSON")), 1, "json_")

    def test_media_type_is_that_of_the_descriptor(self) -> None:
        """// spec: O-040 O-041"""
        artifact = text({"schemaVersion": 2})
        layout = Layout(artifact=artifact, media_type="application/vnd.example.other+json")
        layout.signature()
        self.assert_failed(self.judge(layout), 1, "binding")


class Signatures(LayoutTest):
    def check(self, case: str, *expected: str, unreadable=(), **changes) -> None:
        """What becomes of one signature with `changes`; then the same before a good one: it is passed over."""
        for more in ([], ["good"]):
            layout = Layout()
            layout.signature(**changes)
            if more:
                layout.signature(annotations={"second": "one"})
            with self.subTest(case, more=more):
                shutil.rmtree(self.work / "layout", ignore_errors=True)
                self.assertEqual(self.tried(layout, "trusted" if more or "ok" in expected else "rejected"),
                                 [*expected, *(["ok"] if more and "ok" not in expected else [])])
                self.assertEqual(self.unreadable, list(unreadable))

    def test_found(self) -> None:
        """// spec: L-005 O-003 O-004 O-009"""
        self.check("OV-01", "ok")
        old = descriptor(b"{}", SIGNATURE_TYPE)
        self.check("OV-02", "ok", artifactType=None, config=old)
        self.check("OV-16", "ok", annotations=None)
        self.check("OV-17", "ok", annotations={"io.cncf.notary.x509chain.thumbprint#S256": "garbage"})
        self.check("OV-22", "ok", layer={"data": "bm90IGl0"})
        self.check("OV-21", "ok", config=descriptor(b"gone", EMPTY_TYPE))

    def test_passed_over(self) -> None:
        """// spec: O-003 O-007 O-013"""
        old = descriptor(b"{}", SIGNATURE_TYPE)
        self.check("OV-03", config=old)
        self.check("OV-04", artifactType=None)
        self.check("OV-05", artifactType="application/vnd.example")
        self.check("OV-06", subject=None)
        self.check("OV-06", subject=descriptor(b"other", OCI_TYPE))
        self.check("OV-07", subject=descriptor(ARTIFACT, DOCKER_TYPE))
        self.check("OV-08", subject=descriptor(ARTIFACT, OCI_TYPE, size=len(ARTIFACT) + 1))

    def test_failed_ones(self) -> None:
        """// spec: W-042 O-002 O-005 O-006 O-008 D-006 G-012"""
        good = descriptor(ENVELOPE, JWS_TYPE)
        self.check("OV-10", "manifest_layers", layers=[])
        self.check("OV-11", "manifest_layers", layers=[good, good])
        self.check("OV-12", "envelope_media_type", media_type="text/plain")
        self.check("OV-13", "content_size", layer={"size": 10})
        self.check("OV-14", "descriptor_size", layer={"size": -1})
        self.check("OV-15", "signature_unavailable", layers=[descriptor(b"gone", JWS_TYPE)])
        self.check("OV-18", "manifest_version", schemaVersion=3)
        self.check("OV-19", "manifest_media_type", mediaType=None)
        self.check("OV-20", "manifest_media_type", mediaType=DOCKER_TYPE)
        self.check("OV-27", "json_trailing", tail=b"{}")
        self.check("too large", "input_too_large", layer={"size": 33 << 20})
        self.check("COSE in name only", "format_mismatch", media_type=COSE_TYPE)
        self.check("text", "format_mismatch", envelope=b"invalid signature")
        twice = json.dumps({"layers": [good]})[1:-1].encode()
        layout = Layout()
        entry = layout.signature(layers=[], listed=False)
        content = layout.files[Layout.name_of(entry)]
        layout.list(layout.blob(content[:-1] + b"," + twice + b"}", OCI_TYPE))
        self.assertEqual(self.tried(layout, "rejected"), ["json_duplicate_name"])  # OV-26

    def test_changed_blobs(self) -> None:
        """// spec: L-003 L-006 OV-30"""
        layout = Layout()
        entry = layout.signature()
        layout.files[Layout.name_of(descriptor(ENVELOPE, JWS_TYPE))] = ENVELOPE[:-1] + b" "
        self.assertEqual(self.tried(layout, "rejected"), ["content_digest"])
        layout = Layout()
        entry = layout.signature()
        name = Layout.name_of(entry)
        layout.files[name] = layout.files[name].replace(b"2", b"3", 1)
        self.assertEqual(self.tried(layout, "rejected"), [])
        self.assertEqual((self.unreadable, self.error), (["content_digest"], "no_signature"))
        layout.signature(annotations={"second": "one"})
        self.assertEqual(self.tried(layout, "trusted"), ["ok"])

    def test_unreadable_manifests(self) -> None:
        """They hide nothing, and are told. // spec: L-006"""
        layout = Layout()
        layout.list(descriptor(b"not there", OCI_TYPE))
        layout.list(layout.blob(b"not JSON", OCI_TYPE))
        layout.entries.append({"mediaType": OCI_TYPE, "digest": "sha256:zz", "size": 1})
        layout.entries.append(7)
        layout.list(layout.blob(b"[]", INDEX_TYPE))
        expected = ["signature_unavailable", "json_type", "digest_syntax", "json_type", "json_type"]
        self.assertEqual(self.tried(layout, "rejected"), [])
        self.assertEqual((self.unreadable, self.error), (expected, "no_signature"))
        run = self.judge(layout)
        self.assert_failed(run, 1, "not readable", "an entry of an index")
        layout.signature()
        self.assertEqual(self.tried(layout, "trusted"), ["ok"])
        self.assertEqual(self.unreadable, expected)

    def test_missing_but_listed_as_signature(self) -> None:
        """// spec: W-042 F-002"""
        layout = Layout()
        layout.list(descriptor(b"not there", OCI_TYPE, artifactType=SIGNATURE_TYPE))
        self.assertEqual(self.tried(layout, "rejected"), ["signature_unavailable"])

    def test_other_carriers(self) -> None:
        """// spec: O-012 O-013 L-002"""
        layout = Layout()
        legacy = {"mediaType": "application/vnd.oci.artifact.manifest.v1+json", "artifactType": SIGNATURE_TYPE,
                  "blobs": [layout.blob(ENVELOPE, JWS_TYPE)], "subject": layout.subject}
        layout.list(layout.blob(text(legacy), legacy["mediaType"]))  # OV-23
        oras = legacy | {"mediaType": "application/vnd.cncf.oras.artifact.manifest.v1+json"}
        layout.list(layout.blob(text(oras), oras["mediaType"]))  # OV-24
        layout.index(artifactType=SIGNATURE_TYPE, subject=layout.subject)  # OV-25
        self.assertEqual(self.tried(layout, "rejected"), [])
        self.assertEqual((self.unreadable, self.error), ([], "no_signature"))

    def test_in_indexes(self) -> None:
        """Signatures are found wherever index.json leads, each once. // spec: L-005"""
        layout = Layout()
        entry = layout.signature(listed=False)
        layout.index(layout.index(entry, entry, listed=False))
        layout.index(entry, annotations={"another": "list"})
        layout.list(entry)
        self.assertEqual(self.tried(layout, "trusted"), ["ok"])
        deep = layout.signature(listed=False, annotations={"deep": "one"})
        for _ in range(20):
            deep = layout.index(deep, listed=False)
        layout.entries = layout.entries[:1]
        layout.list(deep)
        self.assertEqual(self.tried(layout, "rejected"), [])
        self.assertEqual(self.unreadable, ["index_too_long"])

    def test_order_and_limit(self) -> None:
        """// spec: W-040 W-041 F-007"""
        layout = Layout()
        for i in range(3):
            layout.signature(envelope=b"wrong %d" % i)
        layout.signature()
        layout.signature(envelope=b"never read")
        self.assertEqual(self.tried(layout, "trusted"), ["format_mismatch"] * 3 + ["ok"])
        self.assertEqual(self.tried(layout, "trusted", "--max-signatures", "4"), ["format_mismatch"] * 3 + ["ok"])
        self.assertEqual(self.tried(layout, "rejected", "--max-signatures", "3"), ["format_mismatch"] * 3)
        self.assertEqual(self.error, "signatures_left")
        self.assert_failed(self.judge(layout, ":v1", "--max-signatures", "3"), 1, "W-041", "--max-signatures")
        for value in ("0", "-1", "", "x", "1.5", "99999999999999999999999"):
            with self.subTest(value):
                self.assert_failed(self.judge(layout, ":v1", "--max-signatures", value), 2, "--max-signatures")

    def test_default_limit(self) -> None:
        """// spec: W-041"""
        layout = Layout()
        for i in range(100):
            layout.signature(envelope=b"wrong %d" % i)
        layout.signature()
        self.assertEqual(len(self.tried(layout, "rejected")), 100)
        self.assertEqual(len(self.tried(layout, "trusted", "--max-signatures", "101")), 101)

    def test_all_reasons(self) -> None:
        """// spec: W-040 N-174"""
        layout = Layout()
        layout.signature(envelope=b"wrong")
        layout.signature(layers=[])
        layout.signature()
        run = self.judge(layout, trust=("--ca-cert", NOTARY / "rsa2048-root.crt"))
        self.assert_failed(run, 1, "1: manifest ", "G-020 (format_mismatch)", "2: manifest ", "O-005 (manifest_layers)",
                           "3: manifest ", "S-020 (notary_not_anchored)", "acquire the certificate")

    def test_signature_of_another_artifact(self) -> None:
        """The subject of a manifest proves nothing. // spec: O-007 O-034 O-044 W-080"""
        layout = Layout()
        layout.signature(envelope=(NOTARY / "p256.cose.sig").read_bytes(), media_type=COSE_TYPE)
        self.assertEqual(self.tried(layout, "rejected"), ["artifact_digest"])

    def test_format_option(self) -> None:
        """// spec: G-020"""
        self.assert_good(self.judge(signed(), ":v1", "--format", "jws"))
        self.assert_failed(self.judge(signed(), ":v1", "--format", "cose"), 1, "format_")


class Prototype(LayoutTest):
    """Signatures of the prototype in layouts. // spec: O-030 O-031 O-032 O-033 O-034"""

    JWT_TYPE = "application/vnd.cncf.notary.config.v2+jwt"

    def layout(self, **changes) -> Layout:
        layout = Layout(artifact=self.bench.manifest.read_bytes(), media_type=DOCKER_TYPE)
        envelope = self.write_jwt(self.bench.claims(references=[REFERENCE])).read_bytes()
        members = {"schemaVersion": 2, "config": layout.blob(envelope, self.JWT_TYPE), "layers": []} | changes
        layout.list(layout.blob(text(members), OCI_TYPE))
        return layout

    def trust(self) -> dict:
        return {"trust": ("-c", self.bench.certs["p256"])}

    def test_found(self) -> None:
        self.assert_trusted(self.judge(self.layout(), **self.trust()))
        self.assert_trusted(self.judge(self.layout(), "", **self.trust()))
        for layers in (None, []):
            with self.subTest(layers):
                self.assert_trusted(self.judge(self.layout(layers=layers, subject=7), **self.trust()))

    def test_refused(self) -> None:
        self.assert_failed(self.judge(self.layout(layers=[descriptor(b"", "a/b")]), **self.trust()), 1, "prototype_layers")
        self.assert_failed(self.judge(self.layout(schemaVersion=1), **self.trust()), 1, "prototype_version")
        self.assert_failed(self.judge(self.layout(manifests=[]), **self.trust()), 1, "O-035 (prototype_index)")
        layout = self.layout(config=descriptor(b"gone", self.JWT_TYPE))
        self.assert_failed(self.judge(layout, **self.trust()), 1, "signature_unavailable")

    def test_signed_index(self) -> None:
        """A signature covers the index, and nothing that the index leads to. // spec: O-043"""
        child = b'{"schemaVersion":2,"layers":[]}'
        index = text({"schemaVersion": 2, "manifests": [descriptor(child, OCI_TYPE)]})
        layout = Layout(artifact=index, media_type=INDEX_TYPE)
        layout.blob(child, OCI_TYPE)
        claims = self.bench.claims(mediaType=INDEX_TYPE, digest=digest_of(index), size=len(index))
        envelope = self.write_jwt(claims).read_bytes()
        layout.list(layout.blob(text({"schemaVersion": 2, "config": layout.blob(envelope, self.JWT_TYPE)}), OCI_TYPE))
        self.assert_trusted(self.judge(layout, **self.trust()), digest_of(index))
        self.assert_failed(self.judge(layout, "@" + digest_of(child), **self.trust()), 1, "artifact_")

    def test_only_the_claims_link(self) -> None:
        """// spec: O-034"""
        layout = self.layout()
        layout.list(layout.blob(b'{"schemaVersion":2}', DOCKER_TYPE), "other")
        self.assert_failed(self.judge(layout, ":other", **self.trust()), 1, "artifact_")
