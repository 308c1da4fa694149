# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""OCI image layouts made to order around an artifact that the real notation has signed."""
from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

from harness import ClientTest, Run
from policies import NOTARY, OCI_TYPE, TIME

INDEX_TYPE = "application/vnd.oci.image.index.v1+json"
SIGNATURE_TYPE = "application/vnd.cncf.notary.signature"
EMPTY_TYPE = "application/vnd.oci.empty.v1+json"
JWS_TYPE, COSE_TYPE = "application/jose+json", "application/cose"
TAG = "org.opencontainers.image.ref.name"

ARTIFACT = (NOTARY / "p256-jws.manifest.json").read_bytes()
ENVELOPE = (NOTARY / "p256.jws.sig").read_bytes()
ROOT = NOTARY / "p256-root.crt"


def digest_of(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def descriptor(content: bytes, media_type: str, **more) -> dict:
    return {"mediaType": media_type, "digest": digest_of(content), "size": len(content)} | more


def text(document) -> bytes:
    return document if isinstance(document, bytes) else json.dumps(document, separators=(",", ":")).encode()


def without_none(members: dict) -> dict:
    return {k: v for k, v in members.items() if v is not None}


class Layout:
    """Files by name, and the entries of index.json. A member changed to None is left out."""

    def __init__(self, artifact: bytes = ARTIFACT, tag: str | None = "v1", media_type: str = OCI_TYPE) -> None:
        self.files: dict[str, bytes] = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}
        self.entries: list = []
        self.artifact = artifact
        self.subject = self.blob(artifact, media_type)
        self.list(self.subject, tag)

    def blob(self, content: bytes, media_type: str, **more) -> dict:
        found = descriptor(content, media_type, **more)
        self.files[self.name_of(found)] = content
        return found

    @staticmethod
    def name_of(entry: dict) -> str:
        return "blobs/" + entry["digest"].replace(":", "/")

    def list(self, entry: dict, tag: str | None = None) -> dict:
        self.entries.append(entry | ({"annotations": {TAG: tag}} if tag is not None else {}))
        return entry

    def signature(self, envelope: bytes = ENVELOPE, media_type: str = JWS_TYPE, layer: dict | None = None,
                  listed: bool = True, tail: bytes = b"", **changes) -> dict:
        """A manifest with a signature; `layer` and `changes` change members of both."""
        members = {"schemaVersion": 2, "mediaType": OCI_TYPE, "artifactType": SIGNATURE_TYPE,
                   "config": self.blob(b"{}", EMPTY_TYPE),
                   "layers": [without_none(self.blob(envelope, media_type) | (layer or {}))], "subject": self.subject}
        entry = self.blob(text(without_none(members | changes)) + tail, OCI_TYPE)
        return self.list(entry) if listed else entry

    def index(self, *entries: dict, listed: bool = True, **changes) -> dict:
        members = {"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": list(entries)}
        entry = self.blob(text(without_none(members | changes)), INDEX_TYPE)
        return self.list(entry) if listed else entry

    def all_files(self) -> dict[str, bytes]:
        index = text({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": self.entries})
        return {"index.json": index} | self.files

    def write(self, folder: Path) -> Path:
        for name, content in self.all_files().items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return folder

    def tar(self, prefix: str = "", order=sorted) -> bytes:
        """`order`: which names come first; those of directories are there too."""
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            for folder in ("blobs", "blobs/sha256"):
                entry = tarfile.TarInfo(prefix + folder)
                entry.type = tarfile.DIRTYPE
                archive.addfile(entry)
            files = self.all_files()
            for name in order(files):
                add_file(archive, prefix + name, files[name])
        return out.getvalue()


def add_file(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def zstd(content: bytes) -> bytes:
    """One frame of blocks that are not compressed, so that no program for it is needed."""
    blocks = [content[i:i + 0x10000] for i in range(0, len(content), 0x10000)] or [b""]
    out = b"\x28\xb5\x2f\xfd" + b"\x00\x50"  # no content size, window of 1 MiB
    for i, block in enumerate(blocks):
        out += (len(block) << 3 | (i == len(blocks) - 1)).to_bytes(3, "little") + block
    return out


PACKINGS = {"tar": lambda content: content, "tar.gz": lambda content: gzip.compress(content, 1), "tar.zst": zstd}


class LayoutTest(ClientTest):
    def judge(self, layout: Layout | bytes, reference: str = ":v1", *more, command: str = "verify", trust=("--ca-cert", ROOT),
              **options) -> Run:
        """Judges a layout in a directory; bytes are an archive on standard input."""
        stdin = layout if isinstance(layout, bytes) else b""
        path = "-" if isinstance(layout, bytes) else layout.write(self.work / "layout")
        return self.run_client(command, *trust, "--time", TIME, *more, f"oci-layout:{path}{reference}", stdin=stdin, **options)

    def assert_good(self, run: Run) -> None:
        self.assert_trusted(run, digest_of(ARTIFACT))

    def tried(self, layout: Layout, verdict: str, *more) -> list[str]:
        """The names of what came of each signature, "ok" for a trusted one."""
        run = self.judge(layout, ":v1", "--output", "json", *more)
        document = self.assert_verdict(run, 0 if verdict == "trusted" else 1, verdict)
        self.unreadable = [e["error"]["name"] for e in document["unreadable"]]
        self.error = (document["error"] or {}).get("name")
        return [e["error"]["name"] if e["error"] else "ok" for e in document["signatures"]]
