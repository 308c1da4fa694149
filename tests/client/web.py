# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""A web server on the loopback that answers what a test wants, and remembers who asked for what."""
from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Answer = tuple[int, dict, bytes]


@dataclass
class Asked:
    """One request. `headers` has their names as they were sent."""
    method: str
    path: str
    headers: dict
    body: bytes


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    web: "Web"

    def log_message(self, *_: object) -> None:
        pass

    def give(self, status: int, headers: dict | None = None, body: bytes = b"") -> None:
        """An answer with a Content-Length, unless `headers` says another one, or None for none at all."""
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
            for each in value if isinstance(value, list) else [value]:
                if each:
                    self.send_header(name, each)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def answer(self) -> None:
        asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.web.requests.append(asked)
        wanted = self.web.answer_to(asked)
        self.close_connection = True
        try:
            if callable(wanted):
                wanted(self)
            else:
                self.give(*wanted)
        except OSError:
            pass  # the client has had enough

    do_GET = do_HEAD = do_POST = do_PUT = answer


class Web:
    """Answers what `answers` has for a path: a status, headers and a body, or a function that writes them to the handler. Each
    answer ends its connection."""

    def __init__(self, certificate: Path | None = None, key: Path | None = None) -> None:
        self.answers: dict[str, Answer | Callable[[Handler], None]] = {}
        self.requests: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"web": self}))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.handle_error = lambda *_: None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"{'https' if certificate else 'http'}://{self.host}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def asked(self) -> list[str]:
        """The paths, in the order of the requests."""
        return [each.path for each in self.requests]

    def answer_to(self, asked: Asked) -> Answer | Callable[[Handler], None]:
        return self.answers.get(asked.path, (404, {}, b"nothing here"))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
