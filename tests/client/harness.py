# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""What the tests of the client share: the program, keys and certificates, and assertions about its contract."""
from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import unittest
from datetime import datetime, timezone
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
INTEROP = ROOT / "tests" / "interop"
GOLDEN = INTEROP / "golden"
sys.path.insert(0, str(INTEROP))
import testpki  # noqa: E402
from cases import seal  # noqa: E402
from schema import problems_of  # noqa: E402

HOST = "registry.example.com"
REFERENCE = f"{HOST}/app:v1"
MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
LOG_TIME = r"\d{4}/\d{2}/\d{2} \d{2}:\d{2}:\d{2} "
VERDICT_SCHEMA = json.loads((ROOT / "examples" / "nv2" / "verdict.schema.json").read_text())

program = ""  # set by run.py
_bench: "Bench | None" = None


class Run:
    """One finished run of the client."""

    def __init__(self, done: subprocess.CompletedProcess) -> None:
        self.code = done.returncode
        self.out = done.stdout.decode(errors="surrogateescape")
        self.err = done.stderr.decode(errors="surrogateescape")

    def __repr__(self) -> str:
        return f"exit {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


class Bench:
    """Keys, certificates and a manifest, made once for all tests."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="nv2-client-")
        self.path = Path(self._folder.name)
        self.manifest = self.path / "manifest.json"
        self.manifest.write_bytes((GOLDEN / "manifest.json").read_bytes())
        self.digest = "sha256:" + hashlib.sha256(self.manifest.read_bytes()).hexdigest()
        self.keys = {kind: testpki.Key.generate(kind, self.path / f"{kind}.key")
                     for kind in ("rsa2048", "p256", "p384", "p521")}
        self.certs = {kind: self.write_cert(kind, testpki.make_cert(
            key, f"signer with {kind}", san=[HOST], usage=["digitalSignature"], ca=False)) for kind, key in self.keys.items()}

    def write_cert(self, name: str, *certs: testpki.Cert) -> Path:
        path = self.path / f"{name}.crt"
        path.write_bytes(b"".join(testpki.pem(each.der) for each in certs))
        return path

    def key_path(self, kind: str) -> str:
        return str(self.path / f"{kind}.key")

    def claims(self, **changes) -> str:
        """Claims of the JWT form over the manifest; a member changed to None is left out."""
        members = {"mediaType": MEDIA_TYPE, "digest": self.digest, "size": self.manifest.stat().st_size,
                   "iat": 1600000000}
        members.update(changes)
        return json.dumps({k: v for k, v in members.items() if v is not None}, separators=(",", ":"))


def bench() -> Bench:
    global _bench
    if _bench is None:
        _bench = Bench()
    return _bench


class ClientTest(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.bench = bench()
        self._work = tempfile.TemporaryDirectory(prefix="nv2-client-")
        self.addCleanup(self._work.cleanup)
        self.work = Path(self._work.name)

    # --- running ---------------------------------------------------------------------------------
    def run_client(self, *arguments, stdin: bytes = b"", env: dict | None = None, cwd: Path | None = None) -> Run:
        environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "NOTATION_CONFIG")}
        environment.update(env or {})
        return Run(subprocess.run([program, *map(str, arguments)], input=stdin, capture_output=True,
                                  cwd=cwd or self.work, env=environment, timeout=60, check=False))

    def sign(self, *more, kind: str = "p256", cert: bool = True, target: str | None = "", stdin: bytes = b"") -> Run:
        """Signs the manifest into `s.nv2` of the work folder."""
        arguments = ["sign", "-m", "x509", "-k", self.bench.key_path(kind), "-o", "s.nv2"]
        arguments += ["-c", self.bench.certs[kind]] if cert else []
        return self.run_client(*arguments, *more, *self._target(target), stdin=stdin)

    def verify(self, *more, kind: str | None = "p256", signature="s.nv2", target: str | None = "",
               stdin: bytes = b"") -> Run:
        arguments = ["verify", "-f", signature]
        arguments += ["-c", self.bench.certs[kind]] if kind else []
        return self.run_client(*arguments, *more, *self._target(target), stdin=stdin)

    def _target(self, target: str | None) -> list[str]:
        return [] if target is None else [target or f"file:{self.bench.manifest}"]

    def write_jwt(self, claims: str, name: str = "s.nv2", kind: str = "p256", **more) -> Path:
        """A hand-made JWT by our own key; with x5c unless told otherwise."""
        if "x5c" not in more and "kid" not in more:
            more["x5c"] = [self.der_of(self.bench.certs[kind])]
        path = self.work / name
        path.write_bytes(seal("nv2-jwt", claims, self.bench.keys[kind], **more))
        return path

    @staticmethod
    def der_of(pem_file: Path) -> bytes:
        return testpki.openssl("x509", "-in", str(pem_file), "-outform", "DER")

    # --- the contract ----------------------------------------------------------------------------
    def assert_trusted(self, run: Run, digest: str | None = None) -> None:
        """Exit 0 and the digest alone on stdout. // spec: N-173 N-175"""
        self.assertEqual((run.code, run.out), (0, (digest or self.bench.digest) + "\n"), run)
        self.assertEqual(run.err, "", run)

    def assert_failed(self, run: Run, code: int, *texts: str) -> None:
        """The exit code, nothing on stdout, no digest anywhere, and each text on stderr. // spec: N-174"""
        self.assertEqual(run.code, code, run)
        self.assertEqual(run.out, "", run)
        self.assertNotRegex(run.err, r"sha\d+:", run)
        self.assertRegex(run.err, "^" + LOG_TIME, run)
        self.assert_printable(run.err)
        for text in texts:
            self.assertIn(text, run.err, run)

    def assert_printable(self, text: str) -> None:
        hidden = re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", text)
        self.assertIsNone(hidden, f"{hidden} in {text!r}")

    def assert_verdict(self, run: Run, code: int, verdict: str) -> dict:
        """Exactly one document by the schema on stdout."""
        self.assertEqual(run.code, code, run)
        self.assertEqual(run.out.count("\n"), 1, run)
        self.assertTrue(run.out.isascii(), run)
        document = json.loads(run.out)
        self.assertEqual(problems_of(document, VERDICT_SCHEMA), [], run)
        self.assertEqual(document["verdict"], verdict, run)
        return document

    def assert_no_new_file(self, *expected: str) -> None:
        self.assertEqual(sorted(p.name for p in self.work.iterdir()), sorted(expected))


def data_limit(size: int):
    """For preexec_fn: so much memory and no more. Not for a client with AddressSanitizer, which takes terabytes of addresses."""
    if b"__asan_init" in Path(program).read_bytes():
        return None
    return lambda: resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp())
