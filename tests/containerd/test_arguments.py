# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""How containerd asks: arguments and the descriptor on standard input."""
import json
import os
import subprocess
import time

import images
from images import STDIN_TYPE, ImageTest

OTHER = "sha256:" + "a" * 64


class Arguments(ImageTest):
    def test_forms(self) -> None:
        name, digest = self.name(), self.signed.subject["digest"]
        rows = [
            ["-name", name, "-digest", digest, "-stdin-media-type", STDIN_TYPE],
            ["--name", name, "--digest", digest, "--stdin-media-type", STDIN_TYPE],
            [f"-name={name}", f"-digest={digest}", f"--stdin-media-type={STDIN_TYPE}"],
            ["-stdin-media-type", STDIN_TYPE, "-digest", digest, "-name", name],
        ]
        for words in rows:
            with self.subTest(words):
                self.assert_allowed(self.ask(arguments=words), "trusted by statement 'team' (level strict)", "signed by ")

    def test_unknown_options_are_left_alone(self) -> None:
        plain = self.arguments(self.signed, self.name())
        rows = [["-platform", "linux/amd64", *plain], ["--new=1", *plain], [*plain, "-quiet"], ["-quiet", *plain], [*plain, "--new", "x"],
                [*plain, "-new="]]
        for words in rows:
            with self.subTest(words):
                self.assert_allowed(self.ask(arguments=words))

    def test_refused(self) -> None:
        plain = self.arguments(self.signed, self.name())
        rows = [
            ([], "-name is missing"), (plain[2:], "-name is missing"), (plain[:2] + plain[4:], "-digest is missing"),
            (plain[:4], "-stdin-media-type is missing"), (["-name"], "has no value"), (["-name=", *plain[2:]], "-name is missing"),
            ([*plain, "-name", "other"], "-name stands twice"), ([*plain, "--digest=" + OTHER], "-digest stands twice"),
            ([*plain, "extra"], "unexpected argument: extra"), (["extra", *plain], "unexpected argument"), ([*plain, ""], "unexpected argument"),
            ([*plain, "-"], "unexpected argument"), ([*plain, "--"], "unexpected argument"), ([*plain, "---name=x"], "unexpected argument"),
        ]
        for words, text in rows:
            with self.subTest(words):
                self.assert_blocked(self.ask(arguments=words, config=False), text, code=2)

    def test_nothing_but_trust_ends_with_zero(self) -> None:
        for words in (["--help"], ["-h"], ["--version"], ["-version"]):
            with self.subTest(words):
                self.assert_blocked(self.ask(arguments=words, config=False), code=2)

    def test_names(self) -> None:
        """A tag says nothing, a digest must be the one that is asked about. // spec: D-024 D-025"""
        digest = self.signed.subject["digest"]
        for tag in ("", ":v1", ":no-such-tag", f"@{digest}", f":v1@{digest}"):
            with self.subTest(tag):
                self.assert_allowed(self.ask(name=self.name(tag=tag)))
        self.assertFalse([path for path in self.registry.asked if path.endswith("/manifests/v1")])
        for name in ("signed", "team/signed:v1", self.name() + ":x:y", "http://" + self.name(), self.name().upper(), "", "..", "a b/c",
                     self.name(tag="@" + OTHER), "-name"):
            with self.subTest(name):
                self.assert_blocked(self.ask(arguments=self.arguments(self.signed, name)))


class Descriptors(ImageTest):
    def test_unknown_members(self) -> None:
        more = {"annotations": {"a": "b\u202e\x1b[2J"}, "urls": ["https://example.com"], "platform": {"os": "linux"}, "data": "e30=", "new": [1, {}]}
        self.assert_allowed(self.ask(stdin=self.signed.subject | more))

    def test_refused(self) -> None:
        good = self.signed.subject
        rows = [
            (b"", "no JSON object"), (b"{", "no JSON object"), (b"[]", "no JSON object"), (b"null", "no JSON object"),
            (b'{"mediaType":"a/b","mediaType":"a/b"}', "no JSON object"), (b"\xff", "no JSON object"), ({}, '"mediaType"'),
            (good | {"mediaType": 1}, '"mediaType"'), (good | {"mediaType": "text"}, "not a media type"),
            (good | {"digest": OTHER}, "not " + good["digest"]), (good | {"digest": None}, '"digest"'), (good | {"size": -1}, '"size"'),
            (good | {"size": 1.5}, '"size"'), (good | {"size": "1"}, '"size"'), ({k: good[k] for k in ("mediaType", "digest")}, '"size"'),
        ]
        for stdin, text in rows:
            with self.subTest(stdin):
                self.assert_blocked(self.ask(stdin=stdin), text, code=1)
        self.assertEqual(self.registry.asked, [])

    def test_digests(self) -> None:
        """// spec: D-001"""
        for digest in ("sha256:" + "A" * 64, "sha256:" + "a" * 63, "md5:" + "a" * 32, "sha256", "sha256:../../x"):
            with self.subTest(digest):
                words = ["-name", self.name(), "-digest", digest, "-stdin-media-type", STDIN_TYPE]
                self.assert_blocked(self.ask(arguments=words, stdin=self.signed.subject | {"digest": digest}), "not a digest", code=1)

    def test_other_media_type_of_standard_input(self) -> None:
        words = self.arguments(self.signed, self.name())[:-1] + ["application/vnd.oci.descriptor.v2+json"]
        self.assert_blocked(self.ask(arguments=words), "not known", code=1)

    def test_too_large(self) -> None:
        self.assert_blocked(self.ask(stdin=self.signed.subject | {"data": "a" * (2 << 20)}), "larger than", code=1)

    def test_size_and_media_type_are_those_of_the_image(self) -> None:
        """A registry may not tell containerd one thing and us another."""
        good = self.signed.subject
        self.assert_blocked(self.ask(stdin=good | {"mediaType": "application/vnd.oci.image.index.v1+json"}), "another media type", code=1)
        self.assert_blocked(self.ask(stdin=good | {"size": good["size"] + 1}), "another size", code=1)
        self.registry.types[good["digest"]] = "application/vnd.docker.distribution.manifest.v2+json"
        self.assert_blocked(self.ask(), "another media type", code=1)

    def test_standard_input_that_never_ends(self) -> None:
        self.write_configuration(timeout="1s")
        words = [images.verifier, *self.arguments(self.signed, self.name()), "--nv2-config", str(self.etc / "containerd.json")]
        read, write = os.pipe()
        try:
            start = time.monotonic()
            done = subprocess.run(words, stdin=read, capture_output=True, timeout=60, check=False)
        finally:
            os.close(read)
            os.close(write)
        self.assertLess(time.monotonic() - start, 5)
        self.assertEqual((done.returncode, done.stderr), (3, b""))
        self.assertIn(b"not verified in time", done.stdout)

    def test_closed_streams(self) -> None:
        words = " ".join([images.verifier, *self.arguments(self.signed, self.name()), "--nv2-config", str(self.etc / "containerd.json")])
        (self.work / "descriptor").write_text(json.dumps(self.signed.subject))
        for streams in ("<&-", "<descriptor >&-", "<descriptor >/dev/full", "<&- >&- 2>&-"):
            with self.subTest(streams):
                done = subprocess.run(["sh", "-c", f"{words} {streams}"], capture_output=True, cwd=self.work, timeout=60, check=False)
                self.assertEqual(done.returncode, 3, done)
