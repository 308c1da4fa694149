# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""The commands of docs/registries-you-trust.md under "Try it", as they stand there."""
from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import harness
import no_sockets
from harness import ROOT, ClientTest

STORY = ROOT / "docs" / "registries-you-trust.md"
FILTER = Path(no_sockets.__file__)
MARK = "@@@ done @@@"
# The client, which may make no socket where it is told to get nothing from the network.
CLIENT = """#!/bin/sh
for each; do [ "$each" = --offline ] && exec {python} -B {filter} {program} "$@"; done
exec {program} "$@"
"""
# The end of a block: what its commands started listens.
WAIT = """
until {python} -c 'import socket; socket.create_connection(("127.0.0.1", {port}))' 2> /dev/null; do sleep 0.1; done
"""


def blocks(text: str) -> list[tuple[str, str]]:
    """The fenced blocks of a document: their language and content."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def steps(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, and what each prints."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def pattern(printed: str) -> str:
    """What has … for anything, as a regular expression."""
    return ".*".join(re.escape(part) for part in printed.strip("\n").split("…"))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def has_filter() -> bool:
    return subprocess.run([sys.executable, "-B", FILTER, "true"], check=False).returncode == 0


class Story(ClientTest):
    def setUp(self) -> None:
        super().setUp()
        if not has_filter():
            self.skipTest("no system call filters here")

    def test_filter(self) -> None:
        """What makes a socket does not live, what makes none does."""
        for code, expected in (("socket.socket()", -signal.SIGSYS), ("socket.socketpair()", -signal.SIGSYS), ("print()", 0)):
            with self.subTest(code):
                done = subprocess.run([sys.executable, "-B", FILTER, sys.executable, "-c", f"import socket; {code}"],
                                      capture_output=True, check=False)
                self.assertEqual(done.returncode, expected, done)

    def test_as_told(self) -> None:
        """Every command prints what the document says. // spec: Q-001 Q-002 Q-003 Q-004 Q-005 Q-006 Q-007 Q-009"""
        port = free_port()
        text = STORY.read_text().split("\n## Try it\n")[1].replace("8000", str(port))
        script, expected = ["exec 2>&1", "trap 'kill $(jobs -p)' EXIT"], []
        for language, block in blocks(text):
            if language == "bash":
                script.append(block)
                if f"http.server {port}" in block:
                    script.append(WAIT.format(python=shlex.quote(sys.executable), port=port))
            elif language == "console":
                for command, printed in steps(block):
                    script.append(f"{command}\nstatus=$?; echo '{MARK}'; (exit $status)")
                    expected.append((command, printed))
        self.assertGreater(len(expected), 15)
        for (command, printed), got in zip(expected, self.run_script("\n".join(script), len(expected))):
            self.assertRegex(got.strip("\n"), f"(?s)\\A{pattern(printed)}\\Z", command)

    def run_script(self, script: str, count: int) -> list[str]:
        """What each of its commands printed."""
        folder = self.work / "bin"
        folder.mkdir()
        client = folder / "nv2"
        client.write_text(CLIENT.format(python=shlex.quote(sys.executable), filter=shlex.quote(str(FILTER)),
                                        program=shlex.quote(harness.program)))
        client.chmod(0o755)
        home = self.work / "story"
        home.mkdir()
        done = subprocess.run(["bash", "-c", script], capture_output=True, cwd=home, timeout=60, check=False,
                              env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "NO_COLOR": "1"})
        parts = done.stdout.decode().split(MARK + "\n")
        self.assertEqual(len(parts), count + 1, done.stdout.decode())
        return parts[:-1]
