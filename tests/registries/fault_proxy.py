# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""A proxy in front of a registry that breaks what it is told to break: the answers, the connection, or the truth.

    with FaultProxy(registry.host) as proxy:
        proxy.on(r"GET .*/manifests/v1", status(500), times=1)
        ...                     # proxy.host stands for the registry; proxy.seen lists the requests

A fault is a function of one Exchange. It may ask the registry, and answers as it likes, byte by byte. Those here make the common ones.
"""
from __future__ import annotations

import gzip
import http.client
import json
import re
import select
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable

PIECE = b"x" * 65536
HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length"}


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def without(self, *names: str) -> "Answer":
        wanted = [(n, v) for n, v in self.headers if n.lower() not in {each.lower() for each in names}]
        return Answer(self.status, wanted, self.body)

    def set(self, **headers: str) -> "Answer":
        """Names of headers are written with _ for -."""
        pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
        changed = self.without(*(name for name, _ in pairs))
        return Answer(self.status, changed.headers + pairs, self.body)


@dataclass
class Seen:
    """A request as it arrived."""
    method: str
    path: str
    headers: dict[str, str]


class Exchange:
    """One request, on its connection."""

    def __init__(self, handler: "Handler", body: bytes) -> None:
        self.handler, self.body, self.proxy = handler, body, handler.server.proxy
        self.method, self.path = handler.command, handler.path

    def ask(self) -> Answer:
        """What the registry answers. To HEAD it has no body, but its length is kept."""
        connection = http.client.HTTPConnection(self.proxy.upstream, timeout=20)
        try:
            names = {k: v for k, v in self.handler.headers.items() if k.lower() not in HOP_BY_HOP | {"range"}}
            names["Host"] = self.proxy.upstream
            if self.method in ("POST", "PUT"):
                names["Content-Length"] = str(len(self.body))
            connection.request(self.method, self.path, self.body or None, names)
            got = connection.getresponse()
            headers = [(k, v.replace(self.proxy.upstream, self.proxy.host)) for k, v in got.getheaders()
                       if k.lower() not in HOP_BY_HOP]
            if self.method == "HEAD" and got.getheader("Content-Length"):
                headers.append(("Content-Length", got.getheader("Content-Length")))
            return Answer(got.status, headers, got.read())
        finally:
            connection.close()

    def send(self, answer: Answer) -> None:
        """Sends a whole and honest answer, but for a Content-Length that it has of its own."""
        self.raw(self.head(answer) + (b"" if self.method == "HEAD" else answer.body))

    def head(self, answer: Answer, has_length: bool = True) -> bytes:
        lines = [f"HTTP/1.1 {answer.status} {http.client.responses.get(answer.status, 'Odd')}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        names = {name.lower() for name, _ in answer.headers}
        if has_length and not names & {"content-length", "transfer-encoding"} and answer.status not in (204, 304):
            lines.append(f"Content-Length: {len(answer.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")

    def raw(self, data: bytes) -> None:
        self.handler.connection.sendall(data)

    def close(self) -> None:
        self.handler.close_connection = True
        try:
            self.handler.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def wait(self, seconds: float) -> bool:
        """False when nobody waits for more."""
        if self.proxy.closing.wait(0):
            return False
        readable, _, _ = select.select([self.handler.connection], [], [], seconds)
        return not readable and not self.proxy.closing.is_set()


Fault = Callable[[Exchange], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def log_message(self, *_: object) -> None:
        pass

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        proxy = self.server.proxy
        proxy.seen.append(Seen(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        try:
            proxy.pick(f"{self.command} {self.path}")(Exchange(self, body))
        except OSError:  # the client went away, which it may
            self.close_connection = True

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = handle_any


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, proxy: "FaultProxy") -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, request, client_address) -> None:
        pass


@dataclass
class Rule:
    pattern: re.Pattern
    fault: Fault
    left: float


class FaultProxy:
    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.rules: list[Rule] = []
        self.seen: list[Seen] = []
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.server = Server(self)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def on(self, pattern: str, fault: Fault, times: float = float("inf")) -> None:
        """Requests "METHOD PATH" in which `pattern` is found meet `fault`, so often at most; the first that fits counts."""
        self.rules.append(Rule(re.compile(pattern), fault, times))

    def pick(self, request: str) -> Fault:
        with self.lock:
            for rule in self.rules:
                if rule.left > 0 and rule.pattern.search(request):
                    rule.left -= 1
                    return rule.fault
        return through

    def __enter__(self) -> "FaultProxy":
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


# --- faults ----------------------------------------------------------------------------------------
def through(exchange: Exchange) -> None:
    exchange.send(exchange.ask())


def altered(change: Callable[[Answer], Answer]) -> Fault:
    """The answer of the registry, but changed."""
    return lambda exchange: exchange.send(change(exchange.ask()))


def body(change: Callable[[bytes], bytes]) -> Fault:
    """Another body, and headers that fit it."""
    return altered(lambda a: Answer(a.status, a.headers, change(a.body)))


def headers(**changes: str) -> Fault:
    return altered(lambda a: a.set(**changes))


def fixed(status: int, content: bytes = b"", **names: str) -> Fault:
    return lambda exchange: exchange.send(Answer(status).set(**names) if not content else Answer(status, [], content).set(**names))


def status(code: int, **names: str) -> Fault:
    return fixed(code, b'{"errors":[{"code":"UNKNOWN","message":"a fault"}]}', Content_Type="application/json", **names)


def flipped(content: bytes) -> bytes:
    """Another byte, the same length: white space where that does no harm to the form."""
    return content[:-2] + bytes([content[-2] ^ 1]) + content[-1:] if len(content) > 1 else content


def cut(keep: float = 0.5) -> Fault:
    """The right length in the headers, and the end of the connection in the middle."""
    def fault(exchange: Exchange) -> None:
        answer = exchange.ask()
        exchange.raw(exchange.head(answer) + answer.body[:int(len(answer.body) * keep)])
        exchange.close()
    return fault


def cut_chunk(exchange: Exchange) -> None:
    """A chunk that never ends."""
    answer = exchange.ask().set(Transfer_Encoding="chunked")
    exchange.raw(exchange.head(answer) + b"%x\r\n" % len(answer.body) + answer.body[:len(answer.body) // 2])
    exchange.close()


def cut_chunks(exchange: Exchange) -> None:
    """All of the body, but not the chunk that tells so."""
    answer = exchange.ask().set(Transfer_Encoding="chunked")
    exchange.raw(exchange.head(answer) + b"%x\r\n" % len(answer.body) + answer.body + b"\r\n")
    exchange.close()


def closed(exchange: Exchange) -> None:
    exchange.close()


def ranged(change: Callable[[Answer], Answer] = lambda a: a) -> Fault:
    """Answers as a registry that knows Range. `change` sees the answer to one."""
    def fault(exchange: Exchange) -> None:
        answer = exchange.ask()
        found = re.fullmatch(r"bytes=(\d+)-", exchange.handler.headers.get("Range", ""))
        if found:
            start, size = int(found[1]), len(answer.body)
            part = Answer(206, answer.headers, answer.body[start:])
            answer = change(part.set(Content_Range=f"bytes {start}-{size - 1}/{size}"))
        exchange.send(answer)
    return fault


def slow(seconds: float, size: int = 1) -> Fault:
    """An honest answer, a byte at a time, or a few."""
    def fault(exchange: Exchange) -> None:
        answer = exchange.ask()
        exchange.raw(exchange.head(answer))
        for start in range(0, len(answer.body), size):
            if not exchange.wait(seconds):
                break
            exchange.raw(answer.body[start:start + size])
        exchange.close()
    return fault


def silent(exchange: Exchange) -> None:
    """Never an answer."""
    while exchange.wait(0.2):
        pass
    exchange.close()


def endless(piece: bytes = PIECE, chunked: bool = False, length: int | None = None, code: int = 200, **names: str) -> Fault:
    """A body without end: until the connection ends, in chunks, or of a length that is a lie or far too large."""
    def fault(exchange: Exchange) -> None:
        answer = Answer(code).set(**{"Content_Type": "application/vnd.oci.image.manifest.v1+json"} | names)
        if chunked:
            answer = answer.set(Transfer_Encoding="chunked")
        elif length is not None:
            answer = answer.set(Content_Length=str(length))
        exchange.raw(exchange.head(answer, has_length=False))
        data = b"%x\r\n" % len(piece) + piece + b"\r\n" if chunked else piece
        while not exchange.proxy.closing.is_set():
            exchange.raw(data)
    return fault


def endless_headers(start: bytes = b"HTTP/1.1 200 OK\r\n", line: bytes = b"X-More: and more\r\n") -> Fault:
    def fault(exchange: Exchange) -> None:
        exchange.raw(start)
        while not exchange.proxy.closing.is_set():
            exchange.raw(line * 100)
    return fault


def raw(data: bytes) -> Fault:
    def fault(exchange: Exchange) -> None:
        exchange.raw(data)
        exchange.close()
    return fault


def packed(exchange: Exchange) -> None:
    """Compressed, although nobody asked for that."""
    answer = exchange.ask().set(Content_Encoding="gzip")
    exchange.send(Answer(answer.status, answer.headers, gzip.compress(answer.body)))


def bomb(megabytes: int) -> Fault:
    content = gzip.compress(b"\0" * (megabytes << 20), 9)
    return fixed(200, content, Content_Encoding="gzip", Content_Type="application/vnd.oci.image.manifest.v1+json")


def redirect(place: str | Callable[[Exchange], str], code: int = 307) -> Fault:
    return lambda exchange: exchange.send(Answer(code).set(Location=place if isinstance(place, str) else place(exchange)))


def documents(*bodies: dict, **names: str) -> Fault:
    """One after the other, the last again and again."""
    left = list(bodies)

    def fault(exchange: Exchange) -> None:
        document = left.pop(0) if len(left) > 1 else left[0]
        exchange.send(Answer(200, [], json.dumps(document).encode()).set(Content_Type="application/json", **names))
    return fault
