# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""A web server on the loopback that stamps signatures with `openssl ts`, and hands out files such as revocation lists."""
from __future__ import annotations

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SETTINGS = {"signer_digest": "sha256", "default_policy": "1.3.6.1.4.1.55555.2", "digests": "sha1, sha256, sha384, sha512",
            "accuracy": "secs:1", "ess_cert_id_chain": "no", "ess_cert_id_alg": "sha256"}


class Stamper:
    """A timestamp service, which is `openssl ts`, without a network. `chain` are the certificates that its tokens bring along,
    PEM as `service`; settings are those of a [tsa] section, see openssl-ts(1)."""

    def __init__(self, folder: Path, key: Path, service: bytes, chain: bytes, **settings: str) -> None:
        self.folder = folder
        (folder / "service.crt").write_bytes(service)
        (folder / "chain.crt").write_bytes(chain)
        values = {"serial": folder / "serial", "signer_cert": folder / "service.crt", "certs": folder / "chain.crt",
                  "signer_key": key} | SETTINGS | settings
        lines = [f"{name} = {value}" for name, value in values.items()]
        (folder / "tsa.cnf").write_text("\n".join(["[tsa]", "default_tsa = stamper", "[stamper]", *lines, ""]))

    def ts(self, *arguments: object) -> None:
        subprocess.run(["openssl", "ts", *map(str, arguments)], check=True, capture_output=True, cwd=self.folder)

    def reply(self, query: bytes, *flags: str) -> bytes:
        """The answer to a request, a token alone with the flag -token_out."""
        (self.folder / "query").write_bytes(query)
        self.ts("-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply", *flags)
        return (self.folder / "reply").read_bytes()

    def token(self, message: bytes, digest: str = "sha256", certificates: bool = True) -> bytes:
        """A token for that message."""
        (self.folder / "message").write_bytes(message)
        self.ts("-query", "-data", "message", f"-{digest}", *(["-cert"] if certificates else []), "-out", "asked")
        return self.reply((self.folder / "asked").read_bytes(), "-token_out")


class Services:
    """Use as a context. `url` is where it is; `files` maps paths ("/a.crl") to what lies there; `asked` lists the paths that
    were asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.stampers: dict[str, Stamper] = {}
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

    def add_stamper(self, path: str, stamper: Stamper) -> str:
        """Offers that service; returns its address."""
        self.stampers[path] = stamper
        return self.url + path

    def stamp(self, path: str, query: bytes) -> bytes | None:
        with self.lock:
            return self.stampers[path].reply(query) if path in self.stampers else None
