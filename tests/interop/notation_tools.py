# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""The programs that take part: the real notation command, the peer over its library, and this project's client."""
from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

TRUSTED, ACCEPTED, SKIPPED, REJECTED = "trusted", "accepted", "skipped", "rejected"  # accepted: some failure was only logged


@dataclass
class Verdict:
    word: str                                             # one of the four above; "policy": bad configuration; "error"
    failed: list[str] = field(default_factory=list)       # checks that failed or were only logged, sorted
    digest: str = ""
    says: str = ""

    @property
    def passes(self) -> bool:
        return self.word in (TRUSTED, ACCEPTED, SKIPPED)


def run(arguments: list[str], stdin: bytes = b"", env: dict[str, str] | None = None) -> tuple[int, str, str]:
    try:
        done = subprocess.run(arguments, input=stdin, capture_output=True, timeout=60, check=False,
                              env={**os.environ, "LC_ALL": "C", **(env or {})})
    except subprocess.TimeoutExpired:
        return -1, "", "no answer within 60 s"
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""


class Notation:
    """The released command, version 1.3."""

    def __init__(self, path: str) -> None:
        self.path = path

    def run(self, config: Path, *arguments: str) -> tuple[int, str, str]:
        return run([self.path, *arguments], env={"NOTATION_CONFIG": str(config), "NOTATION_EXPERIMENTAL": "1",
                                                 "NOTATION_LIBEXEC": str(config), "NOTATION_CACHE": str(config / "cache")})

    def version(self) -> str:
        out = run([self.path, "version"])[1]
        return re.search(r"Version:\s*(\S+)", out).group(1)

    def sign(self, config: Path, key: str, form: str, target: str, *more: str) -> str:
        """Signs in a layout; returns what went wrong."""
        code, out, err = self.run(config, "sign", "--key", key, "--signature-format", form, "--oci-layout", target, *more)
        return "" if code == 0 else last_line(err) or out

    def verify(self, config: Path, target: str, scope: str, *more: str) -> Verdict:
        code, out, err = self.run(config, "verify", "--oci-layout", target, "--scope", scope, *more)
        if code != 0:
            return Verdict(REJECTED, says=last_line(err))
        if out.startswith("Trust policy is configured to skip"):
            return Verdict(SKIPPED, says=last_line(out))
        digest = re.search(r"Successfully verified signature for \S*@(sha\d+:[0-9a-f]+)", out)
        logged = re.findall(r"Warning: (\w+) was set to \"log\" and failed", err)
        return Verdict(ACCEPTED if logged else TRUSTED, sorted(set(logged)), digest.group(1) if digest else "", last_line(err))


class Peer:
    """A running notation_peer: one request a line, one answer a line."""

    def __init__(self, path: str) -> None:
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, **request: object) -> dict:
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("notation_peer gave no answer")
        return json.loads(line)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)

    @staticmethod
    def verdict(answer: dict) -> Verdict:
        failed = sorted(name for name, state in answer.get("checks", {}).items() if state != "ok")
        if not answer["ok"]:
            return Verdict(REJECTED, failed, says=last_line(answer.get("error", "")))
        word = SKIPPED if answer.get("skipped") else ACCEPTED if failed else TRUSTED
        return Verdict(word, failed, answer.get("digest", ""))


class Client:
    """This project's client."""

    def __init__(self, path: str) -> None:
        self.path = path

    def run(self, *arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        return run([self.path, *arguments], stdin)

    def verify(self, *arguments: str, stdin: bytes = b"") -> Verdict:
        code, out, err = self.run("verify", "--output", "json", *arguments, stdin=stdin)
        if code == 2:
            return Verdict("policy", says=last_line(err))
        if code not in (0, 1):
            return Verdict("error", says=f"exit {code}: {last_line(err) or out.strip()}")
        try:
            shown = json.loads(out)
        except ValueError:
            return Verdict("error", says=f"exit {code}, no JSON on standard output: {last_line(err)}")
        failed = sorted(name for name, state in shown.get("checks", {}).items() if state in ("failed", "logged"))
        word = shown.get("verdict", "")
        if word == TRUSTED and "logged" in shown["checks"].values():
            word = ACCEPTED
        if (code == 0) != (word in (TRUSTED, ACCEPTED, SKIPPED)):
            return Verdict("error", failed, says=f"exit {code}, yet the verdict is {word}")
        why = shown.get("error") or {}
        return Verdict(word, failed, shown.get("digest") or "", f"{why.get('name', '')} {why.get('rule', '')}".strip())
