# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""What no registry should do, done to every command that talks to one: nothing of it is taken for a success, and nothing goes on
without end. Each row of a table says what is broken where, and what must come of it. // spec: G-002 G-003 N-174 N-181"""
from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import fault_proxy as fault
import hand_made
import harness
import peers
from fault_proxy import Answer, Exchange, FaultProxy
from harness import ClientTest, Run, bench, problems_of
from layouts import COSE_TYPE, INDEX_TYPE, JWS_TYPE, OCI_TYPE, SIGNATURE_TYPE, Layout, descriptor, digest_of, text

JWT_TYPE = "application/vnd.cncf.notary.config.v2+jwt"
SECONDS = 3  # that the client has for what never ends
MOST_SECONDS = 40  # for any run, on a busy machine
AT_ONCE = 32
MANIFEST, LIST = "GET /v2/app/manifests/v1$", "GET /v2/app/referrers/"
ENVELOPE, LAYER = "envelope", "layer"  # by digest
SIGNATURE = "manifest of the signature"
UPLOAD, PUT_BLOB, PUT_MANIFEST = "POST ", "PUT .*/blobs/", "PUT .*/manifests/"
OK = (0, "")
REFUSED = (1, 3)  # either


@dataclass
class Image:
    """An artifact with one signature, as files by name."""
    layout: Layout
    envelope: bytes
    signature: dict
    layer: bytes

    @property
    def digest(self) -> str:
        return self.layout.subject["digest"]


def make_image(form: str, folder: Path, content: bytes) -> Image:
    """Signed by the client itself."""
    folder.mkdir(parents=True, exist_ok=True)
    config = b'{"architecture":"amd64","os":"linux"}'
    manifest = text({"schemaVersion": 2, "mediaType": OCI_TYPE, "config": descriptor(config, "application/vnd.oci.image.config.v1+json"),
                     "layers": [descriptor(content, "application/vnd.oci.image.layer.v1.tar")]})
    layout = Layout(manifest)
    layout.blob(config, "")
    layout.blob(content, "")
    (folder / "manifest").write_bytes(manifest)
    peers.run(harness.program, "sign", "-m", "x509", "--format", form, "-k", bench().key_path("p256"), "-c", bench().certs["p256"],
              "--media-type", OCI_TYPE, "-o", folder / form, f"file:{folder / 'manifest'}")
    envelope = (folder / form).read_bytes()
    if form == "nv2-jwt":
        signature = layout.signature(artifactType=None, config=layout.blob(envelope, JWT_TYPE), layers=[])
    else:
        signature = layout.signature(envelope, JWS_TYPE if form == "jws" else COSE_TYPE)
    return Image(layout, envelope, signature, content)


def put_image(registry: peers.Registry, repository: str, layout: Layout, tag: str = "v1") -> None:
    """All of a layout; the registry lists the signatures itself."""
    manifests = [each for each in layout.files.values() if hand_made.type_of(each)]
    for each in layout.files.values():
        if each not in manifests:
            hand_made.put_blob(registry, repository, each)
    for each in manifests:
        hand_made.put_manifest(registry, repository, digest_of(each), each)
    hand_made.put_manifest(registry, repository, tag, layout.artifact)


# --- commands --------------------------------------------------------------------------------------
TRUST = ("--ca-cert", "CERTIFICATE")
COMMANDS: dict[str, tuple[str, list[str]]] = {
    "verify": ("jws", ["verify", *TRUST, "TARGET"]),
    "verify COSE": ("cose", ["verify", *TRUST, "--output", "json", "TARGET"]),
    "verify JWT": ("nv2-jwt", ["verify", "-c", "CERTIFICATE", "TARGET"]),
    "explain": ("jws", ["explain", *TRUST, "TARGET"]),
    "inspect": ("cose", ["inspect", "TARGET"]),
    "inspect JSON": ("jws", ["inspect", "--output", "json", "TARGET"]),
    "list": ("jws", ["list", "TARGET"]),
    "copy": ("jws", ["copy", *TRUST, "TARGET", "oci-layout:copy:v1"]),
    "pull": ("cose", ["pull", *TRUST, "-o", "copy", "TARGET"]),
    "attach": ("cose", ["attach", "-s", "ENVELOPE", "TARGET"]),
    "sign": ("jws", ["sign", "--format", "jws", "-k", "KEY", "-c", "CERTIFICATE", "--attach", "TARGET"]),
    "push": ("jws", ["copy", *TRUST, "LAYOUT", "TARGET"]),
}
READS = ("verify", "verify COSE", "inspect", "copy")
JUDGES = ("verify", "verify COSE", "explain", "copy")
WRITES = ("attach", "sign", "push")


@dataclass
class Row:
    """`where` is a pattern of requests or the name of a part of the image; there `what` happens, or each of several faults once.
    `also` are more faults by pattern, for good. `code` is what must come of it, and `word` stands in the message."""
    name: str
    where: str
    what: fault.Fault | tuple | None
    code: int | tuple
    word: str = ""
    commands: tuple = READS
    also: dict = field(default_factory=dict)
    by: str = ":v1"
    more: tuple = ()
    seconds: int = 20
    repository: str = ""
    registry: str = "listing"
    #: Looks at what came of it: (test, done).
    check: Callable | None = None


@dataclass
class Done:
    row: Row
    command: str
    repository: str
    run: Run
    before: set
    after: set
    seconds: float
    proxy: FaultProxy


class FaultTest(ClientTest):
    """One registry with three images, and a proxy for each run."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.registry = cls.enterClassContext(peers.oci_registry())
        cls.registries = {"listing": cls.registry, "plain": cls.enterClassContext(peers.oci_registry(referrers=False))}
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="nv2-faults-")))
        cls.images = {form: make_image(form, cls.folder / form, b"a layer of an image, " * 200) for form in ("jws", "cose", "nv2-jwt")}
        cls.other = make_image("jws", cls.folder / "other", b"another layer, " * 200)
        cls.layout = cls.images["jws"].layout.write(cls.folder / "layout")
        for form, image in cls.images.items():
            put_image(cls.registry, form, image.layout)
        put_image(cls.registry, "jws", cls.other.layout, "v2")
        cls.fresh = itertools.count()
        cls.stranger = cls.enterClassContext(FaultProxy(cls.registry.host))

    def pattern(self, where: str, image: Image) -> str:
        named = {ENVELOPE: "GET .*/blobs/" + digest_of(image.envelope), "JWT": "GET .*/blobs/" + digest_of(image.envelope), LAYER: "GET .*/blobs/" + digest_of(image.layer),
                 SIGNATURE: "GET .*/manifests/" + image.signature["digest"]}
        return named.get(where, where)

    def repository(self, command: str, form: str, registry: str) -> str:
        """One of its own for a command that writes, with the image and without signatures."""
        if command not in WRITES:
            return form
        name = f"fresh/{next(self.fresh)}"
        if command != "push":
            plain = Layout(self.images[form].layout.artifact)
            for each in (b'{"architecture":"amd64","os":"linux"}', self.images[form].layer):
                plain.blob(each, "")
            put_image(self.registries[registry], name, plain)
        return name

    def go(self, row: Row, command: str) -> Done:
        form, arguments = COMMANDS[command]
        image, repository = self.images[form], row.repository or self.repository(command, form, row.registry)
        place = Path(tempfile.mkdtemp(dir=self.work))
        for name in ("in", "tmp"):
            (place / name).mkdir()
        with FaultProxy(self.registries[row.registry].host) as proxy:
            once = row.what if isinstance(row.what, tuple) else ()
            rules = [(row.where, each, 1) for each in once] + ([] if once or not row.what else [(row.where, row.what, 1 << 30)])
            for where, what, times in rules + [(*each, 1 << 30) for each in row.also.items()]:
                proxy.on(self.pattern(where, image).replace("/app/", f"/{repository}/"), what, times)
            by = row.by.replace("DIGEST", image.digest)
            known = {"CERTIFICATE": bench().certs["p256"], "KEY": bench().key_path("p256"), "TARGET": f"docker://{proxy.host}/{repository}{by}",
                     "ENVELOPE": self.folder / form / form, "LAYOUT": f"oci-layout:{self.layout}:v1"}
            line = [arguments[0], "--insecure", "--timeout", row.seconds, *row.more, *(known.get(each, each) for each in arguments[1:])]
            before, start = self.files(place), time.monotonic()
            run = self.run_client(*line, cwd=place / "in", env={"TMPDIR": str(place / "tmp"), "HOME": str(place), "DOCKER_CONFIG": str(place)})
            return Done(row, command, repository, run, before, self.files(place), time.monotonic() - start, proxy)

    @staticmethod
    def files(place: Path) -> set:
        return {str(each.relative_to(place)) for each in place.rglob("*")}

    def run_rows(self, rows: list[Row]) -> None:
        jobs = [(row, command) for row in rows for command in row.commands]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            done = list(pool.map(lambda job: self.go(*job), jobs))
        for each in done:
            with self.subTest(each.row.name, where=each.row.where, command=each.command):
                self.check(each)

    def check(self, done: Done) -> None:
        row, run = done.row, done.run
        self.assert_shown(run)
        self.assertIn(run.code, row.code if isinstance(row.code, tuple) else (row.code,), run)
        self.assertLess(done.seconds, MOST_SECONDS, run)
        if row.code == 0:
            self.assertNotEqual(run.out, "", run)
        else:
            self.assertEqual(done.after, done.before, run)
            self.check_refusal(done)
        if row.check is not None:
            row.check(self, done)

    def check_refusal(self, done: Done) -> None:
        """Nothing on stdout that could be taken for a result; inspect and explain show what there is."""
        run, line = done.run, COMMANDS[done.command][1]
        self.assertIn(done.row.word, run.err + run.out, run)
        if line[0] == "inspect" and run.code == 1:
            return
        if "json" in line and run.out:
            return self.check_document(run)
        if line[0] != "explain":
            self.assertEqual(run.out, "", run)
            self.assertNotRegex(run.err, r"sha\d+:[0-9a-f]{64}", run)

    def check_document(self, run: Run) -> None:
        document = json.loads(run.out)
        if document.get("schema", "").startswith("nv2.verdict/"):
            self.assertEqual(problems_of(document, harness.VERDICT_SCHEMA), [], run)
        self.assertNotEqual(document.get("verdict"), "trusted", run)
        self.assertIsNone(document.get("digest"), run)
        self.assertTrue(document["error"], run)

    def assert_shown(self, run: Run) -> None:
        """Whatever a registry says, terminals get characters that can be seen, and lines."""
        for shown in (run.out, run.err):
            self.assert_printable(shown)
            self.assertNotRegex(shown, "[\ud800-\udfff]", run)


class Honest(FaultTest):
    def test_control(self) -> None:
        """Without a fault everything works, so what fails below fails by its fault."""
        def written(test: FaultTest, done: Done) -> None:
            if done.command in WRITES:
                test.assertTrue([each for each in done.proxy.seen if each.method == "PUT"])
            if done.command in ("copy", "pull"):
                test.assertIn("in/copy/index.json", done.after)
        self.run_rows([Row("none", "", None, 0, commands=tuple(COMMANDS), check=written),
                       Row("none", "", None, 0, commands=("verify", "inspect", "copy"), by="@DIGEST"),
                       Row("none", "", None, 0, commands=WRITES, registry="plain")])


def at(name: str, what: fault.Fault | tuple, **codes: tuple) -> list[Row]:
    """Rows for every kind of answer; a signature that cannot be had is one that nobody can trust."""
    usual = {"manifest": (MANIFEST, 3, "cannot get the manifest", ("verify", "inspect")),
             "list": (LIST, 3, "cannot get the list of referrers", ("verify COSE", "copy")),
             "signature": (SIGNATURE, 1, "could not be had", ("verify", "verify COSE", "inspect JSON")),
             "envelope": (ENVELOPE, 1, "could not be had", ("verify", "verify COSE", "inspect")),
             "layer": (LAYER, 3, "cannot get the blob", ("copy",))}
    rows = []
    for place, (where, code, word, commands) in usual.items():
        code, word = codes.get(place, codes.get("everywhere", (code, word)))
        rows.append(Row(name, where, what, code, word, commands))
    rows.append(Row(name, "JWT", what, *codes.get("envelope", codes.get("everywhere", (1, "could not be had"))),
                    commands=("verify JWT",)))
    return rows


class Broken(FaultTest):
    """Answers that do not arrive as they should."""

    def test_streams(self) -> None:
        """Transfers that fail, for every kind of answer. // spec: O-001 O-008 D-005 N-181 W-042"""
        faults = {"cut": fault.cut(), "nothing": fault.closed, "chunk cut": fault.cut_chunk, "no last chunk": fault.cut_chunks,
                  "no HTTP": fault.raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "endless headers": fault.endless_headers(),
                  "endless answers to come": fault.endless_headers(b"", b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"),
                  "one endless header": fault.endless_headers(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
                  "endless": fault.endless(), "endless chunks": fault.endless(chunked=True), "a long way to go": fault.endless(length=1 << 60),
                  "endless excuse": fault.endless(code=403), "500": fault.status(500), "429": fault.status(429, Retry_After="1000000000"),
                  "503": fault.status(503, Retry_After="-1"), "204": fault.fixed(204), "403": fault.status(403), "418": fault.status(418),
                  "redirect to itself": fault.redirect(lambda e: e.path), "redirect to a file": fault.redirect("file:///etc/passwd"),
                  "redirect by ftp": fault.redirect("ftp://127.0.0.1/x"), "redirect nowhere": fault.fixed(307),
                  "redirect to nobody": fault.redirect("http://127.0.0.1:1/x")}
        self.run_rows([row for name, what in faults.items() for row in at(name, what)])

    def test_slow(self) -> None:
        """// spec: G-003"""
        over = {"signature": (3, "time for all requests is over")}  # so that the next list cannot be had either
        rows = at("silent", fault.silent, **over) + at("slow", fault.slow(0.5), **over)
        for row in rows:
            row.seconds = 2
            row.check = lambda test, done: test.assertLess(done.seconds, 25)
        # A layer takes its time, which is not that of the requests.
        rows.append(Row("slow, but on its way", LAYER, fault.slow(0.4, 500), 0, "", ("copy", "pull"), seconds=2))
        self.run_rows(rows)

    def test_once(self) -> None:
        """What passes is tried again, and broken streams are taken up again or from the start."""
        def ranges(test: FaultTest, done: Done) -> None:
            test.assertTrue([each for each in done.proxy.seen if "range" in each.headers], done.proxy.seen)
        once = {"closed": (fault.closed,), "cut": (fault.cut(), fault.cut(0.7)), "500": (fault.status(500), fault.status(502)),
                "429": (fault.status(429, Retry_After="1"),), "cut, then out of range": (fault.cut(), fault.fixed(416)),
                "another part": (fault.cut(), fault.ranged(lambda a: a.set(Content_Range="bytes 0-1/2"))),
                "no part": (fault.cut(), fault.ranged(lambda a: a.without("Content-Range")))}
        rows = [row for name, what in once.items() for row in at(name, what, everywhere=OK)]
        rows += [Row("cut, then the rest", place, (fault.cut(), fault.ranged()), 0, "", commands, check=ranges)
                 for place, commands in ((MANIFEST, ("verify",)), (ENVELOPE, ("verify COSE",)), (LAYER, ("copy", "pull")))]
        worse = fault.ranged(lambda a: Answer(a.status, a.headers, fault.flipped(a.body)))
        rows += [Row("cut, then another rest", LAYER, (fault.cut(), worse), 1, "digest", ("copy", "pull")),
                 Row("cut, then another rest", ENVELOPE, (fault.cut(), worse), 1, "digest", ("verify COSE",)),
                 Row("cut, then another rest", MANIFEST, (fault.cut(), worse), 1, "", ("verify",))]
        self.run_rows(rows)


class Lies(FaultTest):
    """Answers that arrive whole and are wrong."""

    def test_content(self) -> None:
        """By a tag, what was served is what is judged, and it has no signatures. // spec: D-005 D-025 N-145 O-041"""
        image = self.images["jws"]
        bodies = {"another byte": fault.body(fault.flipped), "a byte more": fault.body(lambda b: b + b"\n"),
                  "a byte less": fault.body(lambda b: b[:-1]), "nothing": fault.body(lambda b: b""), "packed": fault.packed,
                  "HTML": fault.fixed(200, b"<html>log in here</html>", Content_Type="text/html"),
                  "a bomb": fault.bomb(64), "shorter by the header": lambda e: shorter(e)}
        rows = []
        for name, what in bodies.items():
            more = name == "a byte more"  # a line feed, which does no harm to JSON
            rows += [Row(name, MANIFEST, what, 1, commands=JUDGES), Row(name, MANIFEST, what, 0 if more else 1, commands=("inspect", "list")),
                     Row(name, f"GET .*/manifests/{image.digest}", what, 1, "does not give what was asked for", ("verify", "copy"), by="@DIGEST"),
                     Row(name, LIST, what, 0 if more else 1), Row(name, SIGNATURE, what, 1), Row(name, ENVELOPE, what, 1),
                     Row(name, LAYER, what, *((3, "more than") if more or name == "a bomb" else (1, "cannot copy")), ("copy", "pull"))]
        self.run_rows(rows)

    def test_other_artifact(self) -> None:
        """Another artifact that is signed as well: by a tag it is the one that is judged and named, by a digest it is refused.
        // spec: D-024 D-025 O-007 O-040"""
        other, image = self.other, self.images["jws"]

        def served(name: str, repository: str = "jws") -> fault.Fault:
            return lambda e: e.send(Answer(200, [("Content-Type", OCI_TYPE), ("Docker-Content-Digest", image.digest)],
                                           self.registry.get(f"{repository}/{name}", Accept=OCI_TYPE)[2]))

        def named(test: FaultTest, done: Done) -> None:
            test.assertIn(other.digest, done.run.out)
            test.assertNotIn(image.digest, done.run.out)
        listing = fault.fixed(200, hand_made.index_of(hand_made.referrers(other.layout)), Content_Type=INDEX_TYPE)
        self.run_rows([
            Row("by tag", MANIFEST, served("manifests/v2"), 0, "", ("verify", "explain", "copy"), check=lambda t, d: d.command == "explain" or named(t, d)),
            Row("by digest", "GET .*/manifests/" + image.digest, served("manifests/v2"), 1, "does not give what was asked for",
                ("verify", "copy"), by="@DIGEST"),
            Row("its signatures", LIST, listing, 1, "W-043", ("verify", "copy", "explain")),
            Row("its signature", SIGNATURE, served("manifests/" + other.signature["digest"]), 1, "content_", ("verify", "copy", "explain")),
            Row("its envelope", ENVELOPE, served("blobs/" + digest_of(other.envelope)), 1, "content_", ("verify", "copy", "explain"))])

    def test_headers(self) -> None:
        """Headers are not believed. // spec: N-144 N-145"""
        lies = {"digest": fault.headers(Docker_Content_Digest=self.other.digest), "no digest": fault.altered(lambda a: a.without("Docker-Content-Digest")),
                "garbage as digest": fault.headers(Docker_Content_Digest="\x1b]0;x\x07", ETag="\x01"),
                "206": fault.altered(lambda a: Answer(206, a.headers, a.body).set(Content_Range="bytes 0-1/9")),
                "type": fault.headers(Content_Type="application/octet-stream"), "no type": fault.altered(lambda a: a.without("Content-Type")),
                "two types": fault.headers(Content_Type=f"{OCI_TYPE}; charset=utf-8")}
        rows = []
        for name, what in lies.items():
            codes = {"206": {"everywhere": None}, "type": {"manifest": (1, ""), "list": (1, ""), "everywhere": OK}}
            codes["no type"] = codes["type"]
            codes["two types"] = {"list": (1, ""), "everywhere": OK}
            rows += at(name, what) if name == "206" else at(name, what, **codes.get(name, {"everywhere": OK}))
        self.run_rows([row for row in rows if (row.name, row.where) != ("206", LAYER)])


def shorter(exchange: Exchange) -> None:
    """The header tells of fewer bytes than there are."""
    answer = exchange.ask()
    exchange.raw(exchange.head(answer.set(Content_Length=str(len(answer.body) - 5))) + answer.body)
    exchange.close()


class Lists(FaultTest):
    """Lists of referrers. What they say are hints; the rest of them is bounded."""

    def listing(self, *entries, **names: str) -> fault.Fault:
        return fault.fixed(200, hand_made.index_of(list(entries)), Content_Type=INDEX_TYPE, **names)

    def test_lists(self) -> None:
        """// spec: F-001 F-002 F-003 F-005 F-006 F-007 G-003 G-010 G-011 G-012"""
        image = self.images["jws"]
        (good,) = hand_made.referrers(image.layout)
        start = b'{"schemaVersion":2,"mediaType":"' + INDEX_TYPE.encode() + b'","manifests":'
        most = (4 << 20) - 400
        deep = start + b"[" * 100000 + b"]" * 100000 + b"}"
        texts = {"deep": deep, "deep annotations": start + b'[],"annotations":' + b'{"a":' * 5000 + b"1" + b"}" * 5001,
                 "twice the same name": start + b"[]," + start[1:] + b"[" + text(good) + b"]}", "a million entries": start + b"[" + b"{}," * 10 ** 6 + b"{}]}",
                 "no entries": start + b"[" + b",".join([b"{}"] * (most // 3)) + b"]}", "just too large": start + b"[" + b" " * (4 << 20) + b"]}",
                 "NUL": start + b"[]\0}", "not UTF-8": start + b'[],"x":"\xff"}', "byte order mark": b"\xef\xbb\xbf" + start + b"[]}"}
        rows = [Row(name, LIST, fault.fixed(200, each, Content_Type=INDEX_TYPE), 3 if len(each) > 4 << 20 else 1, "", ("verify", "inspect", "copy"))
                for name, each in texts.items()]
        page = "<{}?page=%d>; rel=\"next\""
        count = itertools.count()
        more = lambda e: self.listing(Link=page.format(e.path.split("?")[0]) % next(count))(e)  # noqa: E731
        changes = {"size": {"size": 1}, "no size": {"size": 0}, "huge": {"size": 1 << 62}, "beyond": {"size": 1 << 65}, "digest": {"digest": self.other.digest},
                   "manifest type": {"mediaType": INDEX_TYPE}, "type of the artifact": {"artifactType": "application/vnd.example.bill"},
                   "path as digest": {"digest": "sha256:../../../../etc/passwd"}, "address as digest": {"digest": "http://127.0.0.1:1/x"},
                   "sha1": {"digest": "sha1:" + "0" * 40}, "text as size": {"size": "5"}, "fraction as size": {"size": 5.5}}
        rows += [Row("lie: " + name, LIST, self.listing(good | change), 1, "", JUDGES) for name, change in changes.items()]
        rows += [Row("pages without end", LIST, more, 1, "", ("verify", "copy")),
                 Row("page at a stranger's", LIST, self.listing(Link=f'<http://{self.stranger.host}/v2/jws/referrers/{image.digest}>; rel="next"'), 1),
                 Row("garbage as page", LIST, self.listing(Link='<\x1b]0;x\x07>; rel="next"'), 1),
                 Row("the same entry again and again", LIST, self.listing(*[good] * 1000), 0, commands=("verify", "copy"),
                     check=lambda t, d: t.assertLess(len(d.proxy.seen), 20)),
                 Row("as if filtered", LIST, self.listing(good | {"artifactType": "a/b"}, good, OCI_Filters_Applied="artifactType"), 0, "", ("verify",)),
                 Row("good behind bad", LIST, self.listing(None, good | {"size": 1}, {}, [], good), 0, "", ("verify", "explain"))]
        self.run_rows(rows)
        self.assertEqual([each.path for each in self.stranger.seen if "referrers" in each.path], [])

    def test_manifests(self) -> None:
        """Manifests that are no honest ones. // spec: O-001 O-042 G-011 G-012"""
        def of(content: bytes, media_type: str = OCI_TYPE) -> fault.Fault:
            return fault.fixed(200, content, Content_Type=media_type)
        start = b'{"schemaVersion":2,"mediaType":"' + OCI_TYPE.encode() + b'",'
        rows = {"deep": of(start + b'"x":' + b"[" * 200000 + b"]" * 200000 + b"}"), "names twice": of(start + start[1:] + b'"layers":[]}'),
                "another own type": of(start + b'"layers":[]}', INDEX_TYPE), "empty object": of(b"{}"), "list": of(b"[]"),
                "just too large": of(start + b" " * (4 << 20) + b'"layers":[]}'), "escapes as type": of(b"{}", "a/\x1b]0;x\x07"),
                "long type": of(b"{}", "a/" + "b" * 5000), "largest": of(start + b'"x":"' + b"y" * ((4 << 20) - 200) + b'"}')}
        self.run_rows([Row(name, MANIFEST, what, 3 if name == "just too large" else 1, "", JUDGES) for name, what in rows.items()])


class Doors(FaultTest):
    """Registries that ask who is there, and redirect."""
    SECRET = "a secret of the tests"
    LOGIN = ("--username", "wabbit", "--password", SECRET)

    @staticmethod
    def asks(challenge: str | Callable[[Exchange], str], passes: str = "nothing") -> fault.Fault:
        """401, until the right header comes. HOST in the challenge is the proxy."""
        def answer(exchange: Exchange) -> None:
            if exchange.handler.headers.get("Authorization", "").startswith(passes):
                return fault.through(exchange)
            words = challenge if isinstance(challenge, str) else challenge(exchange)
            fault.status(401, WWW_Authenticate=words.replace("HOST", exchange.proxy.host))(exchange)
        return answer

    def keeps_quiet(self, done: Done) -> None:
        self.assertNotIn(self.SECRET, done.run.out + done.run.err)
        self.assertNotIn("d2FiYml0", done.run.out + done.run.err)
        self.assertLess(len(done.proxy.seen), 30)

    def test_challenges(self) -> None:
        """// spec: N-167 N-181"""
        bearer = 'Bearer realm="http://HOST/token",service="x",scope="repository:jws:pull"'
        flip = itertools.count()
        changing = lambda e: ("Basic realm=x", bearer)[next(flip) % 2]  # noqa: E731
        token = fault.documents({"token": "t"})
        rows = {"Basic again and again": ("Basic realm=x", token, "does not accept"), "Bearer again and again": (bearer, token, "does not accept"),
                "now one, now the other": (changing, token, "does not accept"), "nothing asked": ("", token, "how to log in"),
                "garbage": ('Bearer realm="x', token, "lets nobody in"), "unknown": ("Negotiate", token, "how to log in"),
                "escapes": ('Basic realm="\x1b]0;x\x07"', token, "lets nobody in"), "file": ('Bearer realm="file:///etc/passwd"', token, "token server"),
                "ftp": ('Bearer realm="ftp://HOST/"', token, "token server"), "no realm": ("Bearer service=x", token, "token server"),
                "many": ("Basic " + "a=b, " * 2000 + "c=d", token, "lets nobody in"),
                "HTML for a token": (bearer, fault.fixed(200, b"<html>"), "not answer with JSON"), "no token": (bearer, fault.documents({}), "gives no token"),
                "endless token": (bearer, fault.endless(b"x" * 65536), "more than"), "large token": (bearer, fault.documents({"token": "x" * 70000}), "more than"),
                "line feed": (bearer, fault.documents({"token": "a\r\nX-Evil: 1"}), "gives no token"), "number": (bearer, fault.documents({"token": 5}), "gives no token"),
                "deep token": (bearer, fault.fixed(200, b"[" * 60000), "token"), "two tokens": (bearer, fault.fixed(200, b'{"token":"a","token":"b"}'), "token"),
                "500 for a token": (bearer, fault.status(500), "status 500"), "401 for a token": (bearer, fault.status(401), "status 401"),
                "no token ever": (bearer, fault.silent, "token"), "token elsewhere": (bearer, fault.redirect("ftp://127.0.0.1/"), "no address of the web"),
                "loop": (bearer, fault.redirect(lambda e: e.path), "too many")}
        self.run_rows([Row(name, "GET /token", what, 3, word, ("verify", "copy", "sign"), also={"/v2/.*(manifests|blobs|referrers)": self.asks(challenge)},
                           more=self.LOGIN, seconds=2 if name == "no token ever" else 20, check=Doors.keeps_quiet)
                       for name, (challenge, what, word) in rows.items()])

    def test_redirects(self) -> None:
        """To another server goes the request, but not who asks. // spec: N-145"""
        away = fault.redirect(lambda e: f"http://{self.stranger.host}{e.path}")
        asks = self.asks("Basic realm=x", "Basic ")

        def stays(test: FaultTest, done: Done) -> None:
            test.keeps_quiet(done)
            test.assertTrue([each for each in done.proxy.seen if "authorization" in each.headers])
        rows = []
        for where, commands in ((MANIFEST, ("verify",)), (ENVELOPE, ("verify COSE", "copy")), (LAYER, ("copy", "pull")), (SIGNATURE, ("verify JWT",))):
            def both(exchange: Exchange) -> None:
                known = "Authorization" in exchange.handler.headers
                (away if known else asks)(exchange)
            rows.append(Row("redirect", where, both, 0, "", commands, also={"/v2/": asks}, more=self.LOGIN, check=stays))
        self.run_rows(rows)
        self.assertTrue(self.stranger.seen)
        self.assertEqual([each for each in self.stranger.seen if "authorization" in each.headers], [])


class Writes(FaultTest):
    """Uploads that go wrong."""

    def test_uploads(self) -> None:
        """// spec: F-008 G-002"""
        place = lambda to: fault.altered(lambda a: a.without("Location") if to is None else a.set(Location=to))  # noqa: E731
        stolen = place(f"http://{self.stranger.host}/v2/x/blobs/uploads/1")
        not_stored = fault.status(201)
        rows = {"place at a stranger's": (UPLOAD, stolen, 3, "no place of its own"), "no place": (UPLOAD, place(None), 3, "no place of its own"),
                "place of no web": (UPLOAD, place("file:///tmp/x"), 3, "no place of its own"), "place with a name": (UPLOAD, place("http://HOST@127.0.0.1:1/"), 3, "no place"),
                "no upload": (UPLOAD, fault.status(403), 3, "status 403"), "200": (UPLOAD, fault.status(200), 3, "status 200"),
                "closed": (UPLOAD, fault.closed, 3, "cannot get"), "endless": (UPLOAD, fault.endless(), 3, "more than"),
                "blob 500": (PUT_BLOB, fault.status(500), 3, "status 500"), "blob 200": (PUT_BLOB, fault.status(200), 3, "status 200"),
                "blob closed": (PUT_BLOB, fault.closed, 3, "cannot get"), "blob redirect": (PUT_BLOB, fault.redirect("http://127.0.0.1:1/"), 3, "status 307"),
                "blob not stored": (PUT_BLOB, not_stored, 3, ""), "blob endless": (PUT_BLOB, fault.endless(code=201), 3, "more than"),
                "manifest 500": (PUT_MANIFEST, fault.status(500), 3, "status 500"), "manifest 400": (PUT_MANIFEST, fault.status(400), 3, "status 400"),
                "manifest 202": (PUT_MANIFEST, fault.status(202), 3, "status 202"), "manifest closed": (PUT_MANIFEST, fault.closed, 3, "cannot get"),
                "manifest not stored": (PUT_MANIFEST, not_stored, 3, ""),
                "manifest not stored but noted": (PUT_MANIFEST, fault.status(201, OCI_Subject="sha256:" + "0" * 64), 3, "")}
        self.run_rows([Row(name, where, what, code, word, WRITES) for name, (where, what, code, word) in rows.items()])
        self.assertEqual([each for each in self.stranger.seen if each.method != "GET"], [])
        silent = [Row("silent", where, fault.silent, 3, "", ("sign",), seconds=2) for where in (UPLOAD, PUT_BLOB, PUT_MANIFEST)]
        lies = fault.altered(lambda a: a.set(Docker_Content_Digest=self.other.digest))
        self.run_rows(silent + [Row("digest that is none", PUT_MANIFEST, lies, 0, "", WRITES)])

    def listed(self, done: Done, tag: str) -> list[str]:
        _, _, body = self.registries[done.row.registry].get(f"{done.repository}/manifests/{tag}", Accept=INDEX_TYPE)
        return [each["digest"] for each in json.loads(body)["manifests"]]

    def test_lost_update(self) -> None:
        """Somebody else writes the list of the referrers tag at the same time. // spec: F-004 F-006 F-008"""
        def overtaken(exchange: Exchange) -> None:
            """Is stored and answered, and then overwritten."""
            answer = exchange.ask()
            registry = self.registries["plain"]
            repository, reference = re.fullmatch(r"/v2/(.*)/manifests/(.*)", exchange.path).groups()
            hand_made.put_manifest(registry, repository, reference, hand_made.index_of([theirs(repository, reference)]))
            exchange.send(answer)

        def theirs(repository: str, tag: str) -> dict:
            """Something that the registry has, since it looks."""
            _, _, manifest = self.registries["plain"].get(f"{repository}/manifests/" + tag.replace("-", ":"), Accept=OCI_TYPE)
            return descriptor(manifest, OCI_TYPE, artifactType=SIGNATURE_TYPE)

        def both(test: FaultTest, done: Done) -> None:
            found = test.listed(done, hand_made.tag_of(self.images[COMMANDS[done.command][0]].digest))
            test.assertIn(self.images[COMMANDS[done.command][0]].digest, found)
            test.assertEqual(len(found), 2)
        where = "PUT .*/manifests/sha256-"
        self.run_rows([Row("once", where, (overtaken,), 0, "", WRITES, registry="plain", check=both),
                       Row("always", where, overtaken, 3, "does not keep", WRITES, registry="plain"),
                       Row("refused", where, fault.status(403), 3, "status 403", WRITES, registry="plain"),
                       Row("no list there", "GET .*/manifests/sha256-", fault.fixed(200, b"{}", Content_Type=OCI_TYPE), 1, "F-005", WRITES, registry="plain"),
                       Row("list that is none", "GET .*/manifests/sha256-", fault.fixed(200, b"[]", Content_Type=INDEX_TYPE), 1, "", WRITES, registry="plain")])

    def test_silent_about_subject(self) -> None:
        """Where nobody says that a subject was noted, the tag is written. // spec: F-008"""
        forgets = fault.altered(lambda a: a.without("OCI-Subject"))
        self.run_rows([Row("forgets", PUT_MANIFEST, forgets, 0, "", WRITES,
                           check=lambda t, d: t.assertEqual(len(t.listed(d, hand_made.tag_of(t.images[COMMANDS[d.command][0]].digest))), 1))])


ESCAPES = "\x1b]0;title\x07 \x1b[31m \x9b31m \u202e \u2066 \u200b \ufeff \x7f \r\n2020/01/01 00:00:00 trusted \x00"
SHOWN = ("verify", "verify COSE", "explain", "inspect", "inspect JSON", "list")


class Hostile(FaultTest):
    """Text that would like to be more than text. // spec: N-174"""

    def test_annotations(self) -> None:
        for name, note in {"escapes": ESCAPES, "lone half": "\ud800"}.items():
            layout = Layout(self.images["jws"].layout.artifact)
            for form, media_type in (("jws", JWS_TYPE), ("cose", COSE_TYPE)):
                image = make_image(form, self.folder / form, self.images["jws"].layer)
                layout.signature(image.envelope, media_type, annotations={note: note, "io.cncf.notary.x509chain.thumbprint#S256": note})
            layout.blob(self.images["jws"].layer, "")
            layout.blob(b'{"architecture":"amd64","os":"linux"}', "")
            put_image(self.registry, "hostile/" + name.replace(" ", ""), layout)
            entries = [each | {"annotations": {note: note}} for each in hand_made.referrers(layout)]
            listing = fault.fixed(200, hand_made.index_of(entries), Content_Type=INDEX_TYPE)
            bad = fault.fixed(200, hand_made.index_of([each | {"mediaType": note, "digest": note} for each in entries]), Content_Type=INDEX_TYPE)
            half = name == "lone half"
            shown = SHOWN[:-1] if half else SHOWN  # what cannot be read is shown in the list, which is no verdict
            self.run_rows([Row(name, LIST, None if half else listing, 0 if not half else 1, "", shown, repository="hostile/" + name.replace(" ", "")),
                           Row(name + " in descriptors", LIST, bad, 1, "", ("verify", "inspect", "explain"))])

    def test_answers(self) -> None:
        line = ESCAPES.replace("\r\n", " ").replace("\x00", "")
        body = json.dumps({"errors": [{"code": ESCAPES, "message": ESCAPES, "detail": ESCAPES}]}, ensure_ascii=False).encode()
        raw = fault.raw(b"HTTP/1.1 404 \x1b]0;x\x07\xff\xc2\x9b31m\r\nContent-Length: 4\r\n\x1b[31m: \x1b[31m\r\n\r\n\x1b[1m")
        answers = {"error": lambda e: e.send(Answer(400, [("Content-Type", line), ("X", line)], body)), "status line": raw,
                   "place": fault.fixed(307, b"", Location="http://" + line + "/"), "challenge": fault.status(401, WWW_Authenticate=f'Bearer realm="{line}"'),
                   "type": fault.fixed(200, body, Content_Type=line), "link": fault.fixed(200, hand_made.index_of([]), Content_Type=INDEX_TYPE, Link=f'<{line}>; rel="next"')}
        rows = [Row(name, where, what, REFUSED, "", ("verify", "verify COSE", "explain", "inspect", "copy")) for name, what in answers.items()
                for where in (MANIFEST, LIST) if (name, where) not in (("status line", LIST), ("link", MANIFEST))]
        # No list, and no tag in its place: no signatures.
        self.run_rows(rows + [Row("status line", LIST, raw, 1, "W-043", JUDGES), Row("status line", LIST, raw, 0, "", ("inspect", "list"))])


class Memory(FaultTest):
    """What is not wanted is not kept either."""
    MEASURE = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); "
               "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")

    def measure(self, where: str, what: fault.Fault | None, command: str = "verify") -> int:
        """The largest memory of one run, in KiB. A small program starts it, since a child begins with the memory of its parent."""
        form, arguments = COMMANDS[command]
        with FaultProxy(self.registry.host) as proxy:
            if what:
                proxy.on(self.pattern(where, self.images[form]).replace("/app/", f"/{form}/"), what)
            known = {"CERTIFICATE": bench().certs["p256"], "TARGET": f"docker://{proxy.host}/{form}:v1"}
            line = [harness.program, arguments[0], "--insecure", "--timeout", "20", *(known.get(each, each) for each in arguments[1:])]
            done = subprocess.run([sys.executable, "-S", "-c", self.MEASURE, *map(str, line)], capture_output=True, check=True, cwd=tempfile.mkdtemp(dir=self.work),
                                  timeout=60)
        return int(done.stdout)

    def test_flat(self) -> None:
        """// spec: G-003"""
        honest = {command: self.measure("", None, command) for command in ("verify", "copy")}
        endless = {"endless": fault.endless(), "chunks": fault.endless(chunked=True), "headers": fault.endless_headers(), "header": fault.endless_headers(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
                   "excuse": fault.endless(code=404), "bomb": fault.bomb(256)}
        rows = [(name, what, where, "verify", 10 << 10 if where in (MANIFEST, LIST) else 3 << 10) for name, what in endless.items()
                for where in (MANIFEST, LIST, SIGNATURE, ENVELOPE)]
        rows += [(name, what, LAYER, "copy", 3 << 10) for name, what in endless.items()]
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda row: self.measure(row[2], row[1], row[3]), rows))
        for (name, _, where, command, more), size in zip(rows, found):
            with self.subTest(name, where=where):
                self.assertLess(size, honest[command] + more, f"KiB; without a fault {honest[command]}")
