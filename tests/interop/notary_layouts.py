# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Image layouts that were tampered with or made otherwise: the OV rows of the rule books, and attacks on what is stored."""
from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import notary_pki as pki
from notary_bench import Bench, Difference, at_level
from notary_matrix import FORMS, chain_for, prepare, sign_by_core
from notation_tools import REJECTED, TRUSTED, Verdict

JOSE, COSE = pki.MEDIA_TYPES["jws"], pki.MEDIA_TYPES["cose"]
ARTIFACT_TYPE, ORAS_TYPE = "application/vnd.oci.artifact.manifest.v1+json", "application/vnd.cncf.oras.artifact.manifest.v1+json"
FOUND, NOT_FOUND = Verdict(TRUSTED), Verdict(REJECTED)


@dataclass
class Scene:
    """A layout with the images `v1`, which is judged, and `v2`, and an envelope that signs each."""
    layout: Path
    subject: dict
    other: dict
    envelope: bytes
    other_envelope: bytes
    media_type: str

    def sign(self, envelope: bytes | None = None, **changes: object) -> str:
        return pki.attach(self.layout, self.subject, envelope or self.envelope, self.media_type, **changes)

    def layer(self) -> dict:
        return pki.put_blob(self.layout, self.envelope, self.media_type)

    def list(self, manifest: dict | bytes, media_type: str = pki.MANIFEST_TYPE, **members: object) -> str:
        data = manifest if isinstance(manifest, bytes) else pki.compact(manifest)
        pki.put_blob(self.layout, b"{}", pki.EMPTY_TYPE)
        return pki.list_manifest(self.layout, data, media_type, **members)

    def edit(self, digest: str, change: Callable[[bytes], bytes]) -> None:
        path = pki.blob_path(self.layout, digest)
        path.write_bytes(change(path.read_bytes()))

    def manifest(self, **changes: object) -> dict:
        return pki.signature_manifest(self.subject, self.layer(), **changes)


@dataclass
class Row:
    name: str
    build: Callable[[Scene], object]
    reference: Verdict
    rule: str = ""                    # where ours differs
    ours: Verdict | None = None
    only: tuple[str, ...] = ("notation", "peer", "nv2")
    level: str = "strict"
    forms: tuple[str, ...] = field(default=("jws",))


MODERN = ("peer", "nv2")  # version 1.3 does not find signature manifests with an artifactType
OURS = ("nv2",)           # where the reference's answer depends on the order of a hash table


def flip(data: bytes) -> bytes:
    return data[:-9] + bytes([data[-9] ^ 1]) + data[-9 + 1:]


def twice(scene: Scene, first: Callable[[Scene], object]) -> None:
    first(scene)
    scene.sign()


def resize(scene: Scene, size: int) -> dict:
    return scene.manifest(layers=[scene.layer() | {"size": size}])


def duplicate_layers(scene: Scene) -> bytes:
    bad = pki.compact([scene.layer() | {"size": 1}])
    return pki.compact(scene.manifest()).replace(b'"layers":', b'"layers":' + bad + b',"layers":', 1)


def legacy(scene: Scene, media_type: str) -> dict:
    subject = {each: scene.subject[each] for each in ("mediaType", "digest", "size")}
    return {"mediaType": media_type, "artifactType": pki.SIGNATURE_TYPE, "blobs": [scene.layer()], "subject": subject}


def other_subject(scene: Scene, **changes: object) -> dict:
    return pki.signature_manifest(scene.subject | changes, scene.layer())


def rows() -> list[Row]:
    thumbprint = {"io.cncf.notary.x509chain.thumbprint#S256": "garbage"}
    index = {"schemaVersion": 2, "mediaType": pki.INDEX_TYPE, "artifactType": pki.SIGNATURE_TYPE, "manifests": []}
    return [
        Row("OV-01 artifactType", lambda s: s.sign(modern=True), FOUND, only=MODERN, forms=FORMS),
        Row("OV-02 type of config", lambda s: s.sign(), FOUND, forms=FORMS),
        Row("OV-03 both types", lambda s: s.sign(artifactType=pki.SIGNATURE_TYPE), NOT_FOUND, only=MODERN),
        Row("OV-04 neither type", lambda s: s.sign(modern=True, artifactType=...), NOT_FOUND),
        Row("OV-05 other artifactType", lambda s: s.sign(modern=True, artifactType="text/plain"), NOT_FOUND),
        Row("OV-06 other subject", lambda s: s.list(pki.signature_manifest(s.other, s.layer())), NOT_FOUND),
        Row("OV-06 no subject", lambda s: s.list(s.manifest(subject=...)), NOT_FOUND),
        Row("OV-07 subject of other media type", lambda s: s.list(other_subject(s, mediaType=pki.INDEX_TYPE)), NOT_FOUND),
        Row("OV-08 subject of other size", lambda s: twice(s, lambda s: s.list(other_subject(s, size=s.subject["size"] + 1))),
            NOT_FOUND, "L-006", FOUND),
        Row("OV-10 no layers", lambda s: s.sign(layers=[]), NOT_FOUND),
        Row("OV-10 no layers, then a good one", lambda s: twice(s, lambda s: s.sign(layers=[])), FOUND, only=OURS),
        Row("OV-11 two layers", lambda s: s.sign(layers=[s.layer(), s.layer()]), NOT_FOUND),
        Row("OV-12 layer of type text/plain", lambda s: s.sign(layers=[s.layer() | {"mediaType": "text/plain"}]), NOT_FOUND),
        Row("OV-13 layer size too small", lambda s: s.list(resize(s, len(s.envelope) - 1)), NOT_FOUND),
        Row("OV-13 layer size too large", lambda s: s.list(resize(s, len(s.envelope) + 1)), NOT_FOUND),
        Row("OV-14 layer size negative", lambda s: s.list(resize(s, -1)), NOT_FOUND),
        Row("OV-15 envelope missing", lambda s: (s.sign(), pki.blob_path(s.layout, s.layer()["digest"]).unlink()), NOT_FOUND),
        Row("OV-16 no annotations", lambda s: s.sign(), FOUND),
        Row("OV-17 thumbprint annotation garbage", lambda s: s.sign(annotations=thumbprint), FOUND),
        Row("OV-18 schemaVersion 3", lambda s: s.sign(schemaVersion=3), FOUND, "O-002", NOT_FOUND),
        Row("OV-19 no mediaType", lambda s: s.sign(mediaType=...), FOUND, "O-002", NOT_FOUND),
        Row("OV-20 other mediaType", lambda s: s.sign(mediaType=pki.INDEX_TYPE), FOUND, "O-002", NOT_FOUND),
        Row("OV-21 config missing", lambda s: (s.sign(), pki.blob_path(s.layout, pki.digest_of(b"{}")).unlink()), FOUND),
        Row("OV-22 data that does not match", lambda s: s.sign(layers=[s.layer() | {"data": "e30="}]), FOUND),
        Row("OV-23 OCI artifact manifest", lambda s: s.list(legacy(s, ARTIFACT_TYPE), ARTIFACT_TYPE), FOUND, "O-012", NOT_FOUND),
        Row("OV-24 ORAS artifact manifest", lambda s: s.list(legacy(s, ORAS_TYPE), ORAS_TYPE), NOT_FOUND),
        Row("OV-25 index as carrier", lambda s: s.list(index | {"subject": s.manifest()["subject"]}, pki.INDEX_TYPE), NOT_FOUND),
        Row("OV-26 layers twice", lambda s: s.list(duplicate_layers(s)), FOUND, "G-012", NOT_FOUND),
        Row("OV-27 bytes after the manifest", lambda s: twice(s, lambda s: s.list(pki.compact(s.manifest()) + b"x")), NOT_FOUND,
            "L-006", FOUND),
        Row("OV-28 layout of version 2", lambda s: (s.sign(), (s.layout / "oci-layout").write_text(
            '{"imageLayoutVersion":"2.0.0"}')), NOT_FOUND),
        Row("OV-29 no oci-layout", lambda s: (s.sign(), (s.layout / "oci-layout").unlink()), FOUND, "L-001", NOT_FOUND,
            only=OURS + ("peer",)),
        Row("OV-30 envelope altered", lambda s: (s.sign(), s.edit(s.layer()["digest"], flip)), NOT_FOUND, forms=FORMS),
        Row("OV-30 artifact altered", lambda s: (s.sign(), s.edit(s.subject["digest"], flip)), NOT_FOUND),
        # Attacks that keep the layout consistent.
        Row("signature of another image O-040", lambda s: s.sign(s.other_envelope), NOT_FOUND, forms=FORMS),
        Row("signature of another image, audit J-055", lambda s: s.sign(s.other_envelope), NOT_FOUND, level="audit", forms=FORMS),
        Row("one bit of the envelope J-042", lambda s: s.sign(flip(s.envelope)), NOT_FOUND, forms=FORMS),
        Row("one bit of the envelope, audit W-006", lambda s: s.sign(flip(s.envelope)), NOT_FOUND, level="audit", forms=FORMS),
        Row("declared as the other format O-006", lambda s: s.list(s.manifest(layers=[
            s.layer() | {"mediaType": COSE if s.media_type == JOSE else JOSE}])), NOT_FOUND, forms=FORMS),
        Row("unsigned W-043", lambda s: None, NOT_FOUND),
        Row("unsigned, audit W-043", lambda s: None, NOT_FOUND, level="audit"),
        Row("unsigned, skip W-003", lambda s: None, at_level("skip"), level="skip"),
        Row("only the other image signed", lambda s: pki.attach(s.layout, s.other, s.other_envelope, s.media_type), NOT_FOUND),
        Row("bad, then good W-040", lambda s: twice(s, lambda s: s.sign(flip(s.envelope))), FOUND, forms=FORMS),
        Row("good twice", lambda s: (s.sign(), s.sign(modern=True)), FOUND),
        Row("unknown media type in the index L-002", lambda s: (s.sign(), s.list(b"?", "text/x-unknown")), FOUND),
        Row("index with a byte order mark", lambda s: (s.sign(), _prefix(s.layout / "index.json", b"\xef\xbb\xbf")), NOT_FOUND),
    ]


def _prefix(path: Path, prefix: bytes) -> None:
    path.write_bytes(prefix + path.read_bytes())


def make_envelopes(bench: Bench) -> list[bytes]:
    """Leaves envelopes of each format for `v1` and `v2` in the bench; returns the certificates of the chain."""
    chain = chain_for(bench, "p256", 2)
    for form in FORMS:
        layout, made = prepare(bench, "scene", ["v1", "v2"])
        bench.scenes[form] = []
        for tag in made:
            problem = sign_by_core(bench, layout, tag, made[tag], chain, form)
            bench.report.check(f"layouts {form} {tag} [core signs]", not problem, problem)
            bench.scenes[form].append(pki.signatures_of(layout, made[tag]["digest"])[0][1])
    bench.scene_chain = [each.der for each in chain]
    return bench.scene_chain


def judge(bench: Bench, root: bytes, at: int | None = None) -> None:
    for row in rows():
        difference = Difference(row.rule, row.ours) if row.ours else None
        for form in row.forms:
            layout, made = prepare(bench, "scene", ["v1", "v2"])
            row.build(Scene(layout, made["v1"], made["v2"], *bench.scenes[form], pki.MEDIA_TYPES[form]))
            policy = bench.policy({"ca": [pki.StoredCert(root)]}, row.level)
            bench.artifact(f"{form} {row.name}", layout, "v1", policy, row.reference, difference=difference, only=row.only,
                           at=at)


def run(bench: Bench) -> None:
    if not bench.peer:
        bench.report.skip("layouts", "no program for peer")
        return
    judge(bench, make_envelopes(bench)[-1])
