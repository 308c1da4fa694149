# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Registries of which a test says every word, and layouts of tests/client put into real ones."""
from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable
from urllib.parse import unquote, urlsplit

import peers
from layouts import INDEX_TYPE, Layout, digest_of, text
from policies import NOTARY, OCI_TYPE


def type_of(content: bytes) -> str | None:
    """The media type of a manifest or an index, None for other blobs."""
    try:
        document = json.loads(content)
    except ValueError:
        return None
    if not isinstance(document, dict) or "schemaVersion" not in document:
        return None
    return document.get("mediaType") or (INDEX_TYPE if "manifests" in document else OCI_TYPE)


def tag_of(digest: str) -> str:
    """// spec: F-004"""
    return digest.replace(":", "-")


def referrers(layout: Layout, subject: dict | None = None) -> list[dict]:
    """What a registry would list of the manifests in `layout`. // spec: F-001 F-002"""
    out = []
    for content in layout.files.values():
        document = json.loads(content) if type_of(content) else {}
        if document.get("subject", {}).get("digest") == (subject or layout.subject)["digest"]:
            kind = document.get("artifactType") or document["config"]["mediaType"]
            out.append({"mediaType": type_of(content), "digest": digest_of(content), "size": len(content), "artifactType": kind})
    return out


def index_of(entries: list) -> bytes:
    return text({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": entries})


def _request(method: str, url: str, body: bytes, media_type: str) -> dict:
    request = urllib.request.Request(url, body, {"Content-Type": media_type}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return dict(answer.headers)
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{method} {url}: {error.code} {error.read()!r}") from error


def put_blob(registry: peers.Registry, repository: str, content: bytes) -> None:
    place = _request("POST", registry.url(f"{repository}/blobs/uploads/"), b"", "application/octet-stream")["Location"]
    if place.startswith("/"):
        place = registry.url()[:-len("/v2/")] + place
    _request("PUT", place + ("&" if "?" in place else "?") + "digest=" + digest_of(content), content, "application/octet-stream")


def put_manifest(registry: peers.Registry, repository: str, reference: str, content: bytes) -> bool:
    """Whether the registry lists it as a referrer. // spec: F-008"""
    headers = _request("PUT", registry.url(f"{repository}/manifests/{reference}"), content, type_of(content))
    return any(name.lower() == "oci-subject" for name in headers)


def parts_of(manifest: bytes) -> list[bytes]:
    """Config and layers of the image that notation signed."""
    document = json.loads(manifest)
    names = [each["digest"].replace(":", "/") for each in (document["config"], *document["layers"])]
    return [(NOTARY / "layout" / "blobs" / name).read_bytes() for name in names]


def put_layout(registry: peers.Registry, repository: str, layout: Layout, tag: str = "v1") -> None:
    """The artifact under a tag, and whatever else there is; the referrers tag where the registry does not list."""
    manifests = [each for each in layout.files.values() if type_of(each)]
    for each in [*layout.files.values(), *parts_of(layout.artifact)]:
        if type_of(each) is None:
            put_blob(registry, repository, each)
    listed = [put_manifest(registry, repository, digest_of(each), each) for each in manifests]
    put_manifest(registry, repository, tag, layout.artifact)
    if not any(listed) and referrers(layout):
        put_manifest(registry, repository, tag_of(layout.subject["digest"]), index_of(referrers(layout)))


Answer = tuple  # status, headers, body


class HandMade(ThreadingHTTPServer):
    """Answers GET from `answers`: by path and query, or by the path alone, without /v2/. An answer is a tuple or makes one from
    the request. `asked` lists what was asked for."""
    daemon_threads = True

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[str], Answer]] = {}
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Handler)
        self.host = f"127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_: object) -> None:
        """The client hangs up when it has heard enough."""

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def put(self, path: str, body: bytes, media_type: str = INDEX_TYPE, status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {"Content-Type": media_type} | named, body)

    def put_layout(self, layout: Layout, repository: str = "app", tag: str = "v1") -> None:
        """Everything but a list of referrers."""
        for content in layout.files.values():
            kind, digest = type_of(content), digest_of(content)
            if kind is None:
                self.put(f"{repository}/blobs/{digest}", content, "application/octet-stream")
            else:
                self.put(f"{repository}/manifests/{digest}", content, kind)
        self.put(f"{repository}/manifests/{tag}", layout.artifact, OCI_TYPE)

    def put_referrers(self, layout: Layout, entries: list | None = None, query: str = "", **headers: str) -> str:
        """A page of the list; gives its path."""
        path = f"app/referrers/{layout.subject['digest']}" + query
        self.put(path, index_of(referrers(layout) if entries is None else entries), **headers)
        return path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path = unquote(self.path.removeprefix("/v2/"))
        self.server.asked.append(path)
        answer = self.server.answers.get(path) or self.server.answers.get(urlsplit(path).path) or (404, {}, b"{}")
        if callable(answer):
            answer = answer(path)
        status, headers, body = answer
        self.send_response(status)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
