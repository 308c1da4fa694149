# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 run-if-trusted: the command runs with what was verified, or not at all."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import harness
from layouts import ROOT, Layout
from policies import NOTARY, OCI_TYPE, SCOPE, TIME, PolicyTest, level, statement

SHOW = "import json, os, sys; json.dump([sys.argv[1:], os.environ.get('NV2_DIGEST'), os.environ.get('NV2_REFERENCE')], open('ran', 'w'))"


class RunIfTrusted(PolicyTest):
    target = f"file:{NOTARY / 'p256-jws.manifest.json'}"

    def start(self, *words, target: str | None = None, options=(), signature="p256.jws.sig", **more) -> harness.Run:
        return self.run_client("run-if-trusted", "-f", NOTARY / signature, "--media-type", OCI_TYPE, "--time", TIME, "--config", self.config,
                               "--scope", SCOPE, *options, target or self.target, "--", *words, **more)

    def show(self, *words, **more) -> harness.Run:
        return self.start(sys.executable, "-c", SHOW, *words, **more)

    def ran(self) -> list:
        return json.loads((self.work / "ran").read_text())

    def assert_not_run(self, run: harness.Run, code: int, *texts: str) -> None:
        self.assert_failed(run, code, *texts)
        self.assertFalse((self.work / "ran").exists(), run)

    def test_arguments(self) -> None:
        words = ["{}", "a {} b\n{digest}", "", " ", "--", "-p", "{{}}", "{digest}{}", "$HOME", "*", "\\", "é", "--scope"]
        run = self.show(*words)
        self.assertEqual((run.code, run.out, run.err), (0, "", ""), run)
        digest = self.digest()
        self.assertEqual(self.ran(), [[w.replace("{}", digest).replace("{digest}", digest) for w in words], digest, digest])

    def test_streams_and_exit_codes(self) -> None:
        run = self.start("sh", "-c", "cat; echo err >&2; exit 77", stdin=b"through")
        self.assertEqual((run.code, run.out, run.err), (77, "through", "err\n"))
        self.assertEqual(self.start("sh", "-c", "kill -TERM $$").code, -signal.SIGTERM)
        self.assertEqual(self.start("sh", "-c", "kill -PIPE $$").code, -signal.SIGPIPE)
        run = self.start(sys.executable, "-c", "import signal; print(signal.pthread_sigmask(0, []), open('/proc/self/status').read())")
        self.assertRegex(run.out, r"^set\(\)")

    def test_becomes_the_command(self) -> None:
        child = subprocess.Popen([harness.program, "run-if-trusted", "-f", NOTARY / "p256.jws.sig", "--media-type", OCI_TYPE, "--time", TIME,
                                  "--config", self.config, "--scope", SCOPE, self.target, "--", "sh", "-c", "echo $$; exec sleep 60"],
                                 stdout=subprocess.PIPE)
        self.assertEqual(int(child.stdout.readline()), child.pid)
        child.terminate()
        self.assertEqual(child.wait(10), -signal.SIGTERM)
        child.stdout.close()

    def test_open_files(self) -> None:
        run = self.start("sh", "-c", "ls /proc/self/fd | wc -l")
        self.assertEqual(run.out.strip(), "4")  # standard streams, and the folder itself

    def test_command_that_cannot_run(self) -> None:
        self.assert_failed(self.start("no-such-program"), 127, "cannot run the command")
        (self.work / "plain").write_text("x")
        self.assert_failed(self.start(self.work / "plain"), 126, "cannot run the command")

    def test_not_trusted(self) -> None:
        self.assert_not_run(self.show(target=f"file:{NOTARY / 'rsa2048-jws.manifest.json'}"), 1)
        self.assert_not_run(self.show(signature="nowhere"), 3)
        self.assert_not_run(self.show(target="file:nowhere"), 3)
        self.assert_not_run(self.show(options=("--level", "strict")), 2)
        self.write_policy(statement(trustStores=["ca:nobody"]))
        self.assert_not_run(self.show(), 1)
        (self.config / "trustpolicy.json").write_text("{")
        self.assert_not_run(self.show(), 2)

    def test_command_line(self) -> None:
        for arguments, text in ((["run-if-trusted", self.target], "no command"), (["run-if-trusted", self.target, "--"], "no command"),
                                (["run-if-trusted", self.target, "--", ""], "no command"),
                                (["run-if-trusted", self.target, "--", "{}"], "command itself"),
                                (["run-if-trusted", "--", "touch", "ran"], "TARGET must be named"),
                                (["run-if-trusted", "oci-layout:-", "--", "touch", "ran"], "TARGET must be named"),
                                (["run-if-trusted", self.target, "touch", "--", "ran"], "unexpected argument"),
                                (["run-if-trusted", "--output", "json", self.target, "--", "touch", "ran"], "belongs to the command"),
                                (["run-if-trusted", "--scope", "--", "touch", "ran"], "")):
            with self.subTest(arguments):
                self.assert_not_run(self.run_client(*arguments), 2, text)

    def test_tags_in_the_command(self) -> None:
        """Refused before anything is asked for."""
        good = "sha256:" + "0" * 64
        target = "docker://registry.example.com:5000/team/app:v1"
        name = "registry.example.com:5000/team/app"
        for word in (f"{name}:v1", name, f"docker://{name}:v1", f"--image={name}:v1", f"{name}:other", f"x {name} y", f"{{}} {name}:v1",
                     f"{name}."):
            with self.subTest(word):
                self.assert_not_run(self.show(word, target=target), 2, "without the digest")
        for word in (f"{name}2:v1", f"{name}/x:v1", f"{name}-x", f"my{name}:v1", f"{name}.x:v1", f"{name}@{good}", "app:v1"):
            with self.subTest(word):
                self.assert_not_run(self.show(word, target=target, options=("--offline",)), 3)
        for word in ("alpine", "alpine:3", "library/alpine:3", "docker.io/library/alpine:3", "docker.io/alpine:3", "index.docker.io/library/alpine:3",
                     "--image=alpine:3", "docker://alpine:3", "docker run alpine:3"):
            with self.subTest(word):
                self.assert_not_run(self.show(word, target="docker://docker.io/library/alpine:3"), 2, "without the digest")
        for word in ("my-alpine", "alpine2:3", "bitnami/alpine", "docker.io/bitnami/alpine:3"):
            with self.subTest(word):
                self.assert_not_run(self.show(word, target="docker://docker.io/library/alpine:3", options=("--offline",)), 3)

    def layout(self) -> Path:
        layout = Layout()
        layout.list(layout.signature())
        return layout.write(self.work / "image")

    def test_layout(self) -> None:
        path = self.layout()
        run = self.run_client("run-if-trusted", "--ca-cert", ROOT, "--time", TIME, f"oci-layout:{path}:v1", "--", sys.executable, "-c", SHOW, "{}", f"{path}@{{}}")
        self.assertEqual(run.code, 0, run)
        words, digest, reference = self.ran()
        self.assertEqual((words, reference), ([digest, f"{path}@{digest}"], digest))
        (self.work / "ran").unlink()
        self.assert_not_run(self.run_client("run-if-trusted", "--ca-cert", ROOT, f"oci-layout:{path}:v1", "--", "touch", "ran", f"oci:{path}:v1"), 2,
                            "without the digest")
        run = self.run_client("run-if-trusted", "--ca-cert", ROOT, "--time", TIME, f"oci-layout:{path}:v1", "--", "touch", "ran",
                              f"{path}:v1@sha256:" + "0" * 64)
        self.assertEqual((run.code, run.out, (self.work / "ran").exists()), (2, "", False), run)

    def test_skipped(self) -> None:
        """// spec: W-003"""
        self.write_policy(statement(signatureVerification=level("skip"), trustStores=None, trustedIdentities=None))
        self.assert_not_run(self.show(), 1, "NOT VERIFIED, NOT RUN")
        run = self.show("{}", options=("--allow-skipped",))
        self.assertEqual(run.code, 0, run)
        self.assertIn("NOT VERIFIED", run.err)
        self.assertEqual(self.ran()[0], [self.digest()])

    def test_logged(self) -> None:
        """A level that takes only note of who signed runs nothing unless that is said. // spec: W-005"""
        self.write_policy(statement(signatureVerification=level("audit"), trustStores=["ca:nobody"]))
        self.assertEqual(self.show().code, 1)
        self.assertFalse((self.work / "ran").exists())
        self.assertIn("NOT TRUSTED, NOT RUN", self.show().err)
        run = self.show(options=("--allow-skipped",))
        self.assertEqual(run.code, 0)
        self.assertIn("warning: ", run.err)
        self.assertTrue((self.work / "ran").exists())

    def test_stale_environment(self) -> None:
        self.show(env={"NV2_DIGEST": "old", "NV2_REFERENCE": "old"})
        self.assertEqual(self.ran()[1:], [self.digest(), self.digest()])
