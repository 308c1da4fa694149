# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Images in a small registry, and the verifier as containerd starts it."""
from __future__ import annotations

import json
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from harness import Run
from signing import OCI_TYPE, LayoutFolder, NotaryTest

verifier = ""  # set by run.py
STDIN_TYPE = "application/vnd.oci.descriptor.v1+json"
INDEX_TYPE = "application/vnd.oci.image.index.v1+json"


class Handler(BaseHTTPRequestHandler):
    """Serves layouts by repository; `server.types` and `server.hooks` are what tests change."""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        parts = self.path.split("?")[0].strip("/").split("/")
        if self.server.delay:
            self.server.delay.wait()
        if len(parts) < 4 or parts[0] != "v2":
            return self.answer(200, b"{}")
        repository, kind, reference = "/".join(parts[1:-2]), parts[-2], parts[-1]
        layout = self.server.layouts.get(repository)
        if layout is None:
            return self.answer(404)
        entries = json.loads(layout.index)["manifests"]
        if kind == "referrers":
            found = [each for each in entries if self.subject_of(layout, each) == reference]
            return self.answer(200, json.dumps({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": found}).encode(), INDEX_TYPE)
        if reference == "v1":
            reference = layout.subject["digest"]
        if ":" not in reference:
            return self.answer(404)
        file = layout.file(reference)
        if not file.exists():
            return self.answer(404)
        types = {each["digest"]: each["mediaType"] for each in entries} | self.server.types
        self.answer(200, file.read_bytes(), types.get(reference, "application/octet-stream"))

    do_HEAD = do_GET

    @staticmethod
    def subject_of(layout: LayoutFolder, entry: dict) -> str:
        return json.loads(layout.file(entry["digest"]).read_bytes()).get("subject", {}).get("digest", "")


class Registry(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.layouts: dict[str, LayoutFolder] = {}
        self.types: dict[str, str] = {}
        self.asked: list[str] = []
        self.delay: threading.Event | None = None
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def handle_error(self, *_: object) -> None:
        """Whoever asked has gone away."""

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class ImageTest(NotaryTest):
    """A signed image `team/signed` and one without signatures, `team/plain`, and a configuration that trusts the signer."""

    def setUp(self) -> None:
        super().setUp()
        self.registry = Registry()
        self.addCleanup(self.registry.server_close)
        self.addCleanup(self.registry.shutdown)
        self.signed, self.plain = self.image("signed"), self.image("plain")
        self.attach(self.signed)
        self.etc = self.work / "etc"
        store = self.etc / "truststore" / "x509" / "ca" / "acme"
        store.mkdir(parents=True)
        (store / "root.crt").write_bytes(self.root.read_bytes())
        self.write_policy()
        self.write_configuration()

    def image(self, name: str) -> LayoutFolder:
        layout = LayoutFolder(self.work / f"layout-{name}")
        self.registry.layouts[f"team/{name}"] = layout
        return layout

    def attach(self, layout: LayoutFolder, **options) -> None:
        run = self.sign_notary("--attach", target=str(layout), output=None, **options)
        self.assertEqual(run.code, 0, run)

    def write_policy(self, *more: dict, **changes) -> None:
        """A statement for all of the registry's images of the team, and `more`."""
        first = {"name": "team", "registryScopes": [f"{self.registry.host}/{each}" for each in self.registry.layouts],
                 "signatureVerification": {"level": "strict"}, "trustStores": ["ca:acme"], "trustedIdentities": ["*"]} | changes
        first = {k: v for k, v in first.items() if v is not None}
        (self.etc / "trustpolicy.json").write_text(json.dumps({"version": "1.0", "trustPolicies": [first, *more]}))

    def write_configuration(self, text: str | None = None, **changes) -> Path:
        members = {"policy": "trustpolicy.json", "trustStore": "truststore", "insecureRegistries": [self.registry.host]} | changes
        path = self.etc / "containerd.json"
        path.write_text(text if text is not None else json.dumps({k: v for k, v in members.items() if v is not None}))
        path.chmod(0o644)
        return path

    def name(self, image: str = "signed", tag: str = ":v1") -> str:
        return f"{self.registry.host}/team/{image}{tag}"

    def arguments(self, layout: LayoutFolder, name: str) -> list[str]:
        """As containerd 2 writes them."""
        return ["-name", name, "-digest", layout.subject["digest"], "-stdin-media-type", STDIN_TYPE]

    def ask(self, image: str = "signed", *, arguments: list | None = None, stdin: bytes | dict | None = None, config: bool = True,
            env: dict | None = None, name: str | None = None) -> Run:
        layout = self.registry.layouts.get(f"team/{image}", self.signed)
        words = self.arguments(layout, name or self.name(image)) if arguments is None else arguments
        words = words + (["--nv2-config", str(self.etc / "containerd.json")] if config else [])
        stdin = layout.subject if stdin is None else stdin
        stdin = stdin if isinstance(stdin, bytes) else json.dumps(stdin).encode() + b"\n"
        environment = {"PATH": os.environ["PATH"]} | (env or {})
        done = subprocess.run([verifier, *words], input=stdin, capture_output=True, cwd=self.work, env=environment, timeout=60, check=False)
        return Run(done)

    def assert_allowed(self, run: Run, *texts: str) -> None:
        self.assertEqual((run.code, run.err), (0, ""), run)
        self.assert_reason(run, *texts)

    def assert_blocked(self, run: Run, *texts: str, code: int | None = None) -> None:
        self.assertIn(run.code, (1, 2, 3) if code is None else (code,), run)
        self.assertEqual(run.err, "", run)
        self.assert_reason(run, *texts)

    def assert_reason(self, run: Run, *texts: str) -> None:
        """One line of printable text, not too long."""
        self.assertRegex(run.out, r"\A[^\n]+\n\Z", run)
        self.assertLessEqual(len(run.out.encode()), 2049)
        self.assert_printable(run.out.rstrip("\n"))
        for text in texts:
            self.assertIn(text, run.out, run)


__all__ = ["INDEX_TYPE", "OCI_TYPE", "STDIN_TYPE", "ImageTest", "LayoutFolder", "Registry"]
