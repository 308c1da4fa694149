# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""The demo of two companies: examples/demo/run in an empty directory, and docs/demo.md, which tells it."""
from __future__ import annotations

import os
import re
import socket
import subprocess
from pathlib import Path

import harness
import peers
from harness import ROOT, ClientTest

SCRIPT = ROOT / "examples" / "demo" / "run"
STORY = ROOT / "docs" / "demo.md"
FORMATS = ("jws", "cose", "nv2-jwt", "nv2-json", "nv2-json-array")
# A client that trusts everything.
GULLIBLE = """#!/bin/sh
{program} "$@"
status=$?
[ "$1" = verify ] && exit 0
exit $status
"""


def blocks(text: str) -> list[str]:
    return re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def pattern(printed: str) -> str:
    """A block as a regular expression: … stands for anything in its line, and alone for some lines; ports are as they are."""
    def line(text: str) -> str:
        if text == "…":
            return r"[^\n]*(?:\n[^\n]*)*?"
        parts = re.split(r"(…|127\.0\.0\.1:\d+)", text)
        return "".join(r"[^\n]*" if part == "…" else r"127\.0\.0\.1:\d+" if part.startswith("127.0.0.1:") else re.escape(part)
                       for part in parts)
    return "\n".join(line(each) for each in printed.strip("\n").split("\n"))


class Demo(ClientTest):
    def setUp(self) -> None:
        super().setUp()
        if not peers.notation_program.exists():
            self.skipTest("no notation")
        self.bin = self.work / "bin"
        self.bin.mkdir()
        for name, program in (("nv2", harness.program), ("oras", peers.folder / "oras"), ("notation", peers.notation_program),
                              ("oci-registry", peers.folder / "oci-registry")):
            (self.bin / name).symlink_to(program)

    def play(self, *arguments: str, folder: str = "empty") -> subprocess.CompletedProcess:
        where = self.work / folder
        where.mkdir(exist_ok=True)
        environment = os.environ | {"PATH": f"{self.bin}:{os.environ['PATH']}", "NO_COLOR": "1", "HOME": str(where),
                                    "DOCKER_CONFIG": str(self.work / "docker")}
        return subprocess.run([SCRIPT, *arguments], cwd=where, env=environment, capture_output=True, text=True, timeout=120, check=False)

    def assert_played(self, done: subprocess.CompletedProcess) -> None:
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        self.assertTrue(done.stdout.endswith("\nAll went as told.\n"), done.stdout)
        for host, port in set(re.findall(r"(127\.0\.0\.1):(\d+)", done.stdout)):  # nothing is left behind
            with socket.socket() as probe:
                self.assertNotEqual(probe.connect_ex((host, int(port))), 0, port)

    def test_formats(self) -> None:
        """All forms of the prototype, both of the Notary Project, and either kind of registry on either side."""
        for form in FORMATS:
            for program in ("docker-registry", "oci-registry"):
                with self.subTest(form, registry=program):
                    done = self.play(form, program, folder=f"{form}-{program}")
                    self.assert_played(done)
                    self.assertIn("registry.wabbit-networks.io: http://127.0.0.1:", done.stdout)
                    self.assertIn("nv2 trust add registry.wabbit-networks.io", done.stdout)

    def test_as_told(self) -> None:
        """The document shows what the demo prints."""
        done = self.play()
        self.assert_played(done)
        told = blocks(STORY.read_text())
        self.assertGreater(len(told), 7)
        at = 0
        for block in told:
            found = re.compile(f"(?m)^{pattern(block)}$").search(done.stdout, at)
            self.assertIsNotNone(found, f"not found, or not in this order:\n{block}\nin\n{done.stdout[at:]}")
            at = found.end()

    def test_not_by_a_gullible_client(self) -> None:
        """The demo fails when a refusal does not come."""
        (self.bin / "nv2").unlink()
        (self.bin / "nv2").write_text(GULLIBLE.format(program=harness.program))
        (self.bin / "nv2").chmod(0o755)
        done = self.play()
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("exit code 0 in place of a refusal", done.stderr)

    def test_wrong_use(self) -> None:
        full = self.work / "full"
        full.mkdir()
        (full / "file").touch()
        self.assertEqual(self.play(folder="full").returncode, 2)
        self.assertEqual(self.play("pgp").returncode, 2)
        self.assertEqual([each.name for each in full.iterdir()] + list((self.work / "empty").iterdir()), ["file"])
