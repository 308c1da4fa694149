# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""A web server on the loopback that stamps signatures with `openssl ts`, and hands out files such as revocation lists."""
from __future__ import annotations

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """[tsa]
default_tsa = stamper
[stamper]
serial = {folder}/serial
signer_cert = {folder}/service.crt
certs = {folder}/chain.crt
signer_key = {key}
signer_digest = sha256
default_policy = 1.3.6.1.4.1.55555.2
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Services:
    """Use as a context. `url` is where it is; `files` maps paths ("/a.crl") to what lies there; `asked` lists the paths that
    were asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.stampers: dict[str, Path] = {}
        self.lock = threading.Lock()
        services = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def answer(self, body: bytes | None, kind: str) -> None:
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def do_GET(self) -> None:
                services.asked.append(self.path)
                self.answer(services.files.get(self.path), "application/pkix-crl")

            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                self.answer(services.stamp(self.path, query), "application/timestamp-reply")

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self) -> Services:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def add_stamper(self, path: str, folder: Path, key: Path, service: bytes, chain: bytes) -> str:
        """A timestamp service with that certificate and chain, both PEM; returns its address."""
        (folder / "service.crt").write_bytes(service)
        (folder / "chain.crt").write_bytes(chain)
        (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder, key=key))
        self.stampers[path] = folder
        return self.url + path

    def stamp(self, path: str, query: bytes) -> bytes | None:
        folder = self.stampers.get(path)
        if folder is None:
            return None
        with self.lock:
            (folder / "query").write_bytes(query)
            subprocess.run(["openssl", "ts", "-reply", "-config", folder / "tsa.cnf", "-queryfile", folder / "query", "-out",
                            folder / "reply"], check=True, capture_output=True)
            return (folder / "reply").read_bytes()
