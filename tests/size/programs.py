# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""The weighed programs: what each knows, and the C++ source of the inputs that it judges."""
from __future__ import annotations

import base64
import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GOLDEN = ROOT / "tests/interop/golden"
VECTORS = ROOT / "tests/vectors"

# What each program knows: formats, and what else is linked.
PROGRAMS = {
    "cose": ("Notary COSE", {"cose"}),
    "jws": ("Notary JWS", {"jws"}),
    "notary": ("Notary COSE and JWS", {"cose", "jws"}),
    "identities": ("the same, with a list of trusted identities", {"cose", "jws", "identities"}),
    "policy": ("the same, with a trust policy document", {"cose", "jws", "policy"}),
    "timestamps": ("the same, with timestamps", {"cose", "jws", "timestamps"}),
    "lists": ("the same, with revocation lists", {"cose", "jws", "lists"}),
    "responses": ("the same, with OCSP responses and revocation lists", {"cose", "jws", "responses"}),
    "bundle": ("the same, from a bundle with revocation lists", {"cose", "jws", "lists", "bundle"}),
    "quorum": ("the same, with a count of up to four signers", {"cose", "jws", "quorum"}),
    "versions": ("the same, with a floor of signed versions", {"cose", "jws", "versions"}),
    "hardened": ("the same, hardened (docs/hardened.md)", {"cose", "jws", "hardened"}),
    "jwt": ("prototype JWT", {"jwt"}),
    "json": ("prototype JSON", {"json"}),
    "prototype": ("all prototype forms", {"jwt", "json"}),
    "all": ("all formats", {"cose", "jws", "jwt", "json"}),
}
SWITCHES = ("cose", "jws", "jwt", "json", "identities", "policy", "quorum", "bundle")
# By an RSA key with three certificates, made by the real tools; the first that a program knows is counted.
COUNTED_RSA = ("stamped.cose", "valid.cose", "access.cose", "rsa2048.cose", "rsa2048.jws", "jwt-rsa2048-chain3", "expiring.cose")
# The same with three ECDSA keys.
COUNTED_EC = ("p256.cose", "p256.jws")
# The certificates of the former, for what others make of them.
CHAIN = GOLDEN / "notary/rsa2048-chain.crt"
# What else a program judges: an envelope of tests/vectors/matrix, the data about its revocation, and whether it is stamped.
MORE_INPUTS = {"timestamps": ("stamped", None), "lists": ("valid", "good.crl"), "responses": ("access", "good.ocsp")}


def profile_of(program: str) -> str:
    """Programs of one profile can share objects."""
    return "hardened" if "hardened" in PROGRAMS[program][1] else "plain"


def options(profile: str) -> list[str]:
    """What all sources of a program must be compiled with."""
    return [f"-DNV2_HARDENED={int(profile == 'hardened')}"]


def switches(program: str) -> list[str]:
    return options(profile_of(program)) + [f"-DNV2_SIZE_{switch.upper()}={int(switch in PROGRAMS[program][1])}" for switch in SWITCHES]


def pem(path: Path) -> list[bytes]:
    blocks = re.findall(r"-----BEGIN CERTIFICATE-----(.*?)-----END", path.read_text(encoding="ascii"), re.S)
    return [base64.b64decode(block) for block in blocks]


def prototype_signatures():
    index = json.loads((GOLDEN / "index.json").read_text(encoding="utf-8"))
    for entry in index["signatures"]:
        if re.search(r"p384|p521", entry["file"]):
            continue  # the backend here hashes with SHA-256 only
        anchors = [(der, role) for role, key in (("signer", "certs"), ("ca", "ca_certs")) for file in entry[key]
                   for der in pem(GOLDEN / file)]
        yield (Path(entry["file"]).stem, entry["format"].removeprefix("nv2-"), GOLDEN / entry["file"], GOLDEN / entry["manifest"],
               entry["media_type"], anchors, entry["time"], "")


def notary_signatures():
    folder = GOLDEN / "notary"
    roles = {"ca": "ca", "signingAuthority": "signing_authority"}
    for entry in json.loads((folder / "index.json").read_text(encoding="utf-8"))["signatures"]:
        if "manifest" in entry:
            yield (entry["file"].removesuffix(".sig"), entry["format"], folder / entry["file"], folder / entry["manifest"],
                   entry["manifest_media_type"], [(der, roles[entry["store"]]) for der in pem(folder / entry["anchor"])],
                   entry["time"], entry["identity"])


def matrix_signatures(program: str):
    """The signatures of the matrix that need the feature of `program`."""
    pki = {role: (VECTORS / "pki" / f"{name}.der").read_bytes() for role, name in (("ca", "acme_root"), ("tsa", "matrix_tsa_root"))}
    for feature, (name, _) in MORE_INPUTS.items():
        for form in ("cose", "jws") if feature in PROGRAMS[program][1] else ():
            anchors = [(der, role) for role, der in pki.items() if role == "ca" or feature == "timestamps"]
            yield (f"{name}.{form}", form, VECTORS / "matrix" / f"{name}.{form}", VECTORS / "notary/manifest.json",
                   "application/vnd.oci.image.manifest.v1+json", anchors, 1893456000, "")


def head(major: int, value: int) -> bytes:
    """A CBOR head."""
    if value < 24:
        return bytes([major << 5 | value])
    width = 1 if value < 0x100 else 2 if value < 0x10000 else 4
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26}[width]]) + value.to_bytes(width, "big")


def bundle(form: str, envelope: bytes) -> bytes:
    """A bundle with one signature and one revocation list."""
    def string(major: int, content: bytes) -> bytes:
        return head(major, len(content)) + content

    media_type = {"cose": b"application/cose", "jws": b"application/jose+json"}[form]
    revoked = (VECTORS / "matrix/good.crl").read_bytes()
    return (b"\x83" + string(3, b"nv2-bundle") + b"\x01\xa3\x00\x01\x01\x81\x82" + string(3, media_type) + string(2, envelope)
            + b"\x02\x81" + string(2, revoked))


class Blobs:
    """Bytes that programs are linked with: one assembler source for all, each in a section of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.known = folder, {}
        folder.mkdir(exist_ok=True)

    def ref(self, data: bytes) -> tuple[str, str]:
        """A declaration of `data`, and a nv2::bytes of it."""
        number = self.known.setdefault(data, len(self.known))
        return f'extern "C" const std::uint8_t size_blob_{number}[];', f"nv2::bytes{{size_blob_{number}, {len(data)}}}"

    def source(self) -> str:
        lines = []
        for data, number in self.known.items():
            path = self.folder / f"blob_{number}"
            path.write_bytes(data)
            lines += [f'.section .rodata.size_blob_{number},"a"', f".globl size_blob_{number}", f"size_blob_{number}:",
                      f'.incbin "{path}"']
        return "\n".join(lines) + "\n"


class Writer:
    """Writes the inputs of one program."""

    def __init__(self, program: str, blobs: Blobs) -> None:
        self.features = PROGRAMS[program][1]
        self.blobs = blobs
        self.declared: dict[str, None] = {}
        self.lines: list[str] = []

    def blob(self, data: bytes) -> str:
        declaration, reference = self.blobs.ref(data)
        self.declared[declaration] = None
        return reference

    def decision(self) -> str:
        """The C++ expression of what decides about revocation."""
        for feature, function in (("lists", "lists"), ("responses", "data")):
            if feature in self.features:
                data = (VECTORS / "matrix" / MORE_INPUTS[feature][1]).read_bytes()
                self.lines += [f"constexpr nv2::bytes revocation_list[] = {{{self.blob(data)}}};",
                               f"constexpr nv2::revocation_data revocation{{{'revocation_list, {}' if feature == 'lists' else '{}, revocation_list'}}};"]
                return f"nv2::revocation_by_{function}(revocation)"
        return "nv2::revocation::not_checked()"

    def policy(self, number: int, identity: str, anchors, revocation: str) -> None:
        refs = ", ".join(f"{{{self.blob(der)}, nv2::anchor_role::{role}}}" for der, role in anchors)
        self.lines.append(f"constexpr nv2::trust_anchor anchors{number}[] = {{{refs}}};")
        trust = f"nv2::policy::strict(anchors{number}, {revocation})"
        if "timestamps" in self.features:
            trust += ".with_timestamps(nv2::timestamp_rule::always)"
        if "identities" in self.features:
            self.lines.append(f"constexpr nv2::bytes identities{number}[] = {{{self.blob(identity.encode())}}};")
            trust += f".with_identities(identities{number})"
        if "versions" in self.features:  # these have the annotation build, which is 42
            self.lines.append(f'constexpr nv2::version_rule rule{number} = nv2::version_rule::annotation("build", {{{{7}}}});')
            trust += f".with_version_floor(rule{number})"
        self.lines.append(f"constexpr nv2::policy trust{number} = {trust};")


def inputs(program: str, blobs: Blobs, only: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """The C++ source of all inputs that `program` can judge (or of those named in `only`), and their names."""
    writer, rows, names = Writer(program, blobs), [], []
    revocation = writer.decision()
    for name, form, envelope, manifest, media_type, anchors, time, identity in (
            *prototype_signatures(), *notary_signatures(), *matrix_signatures(program)):
        if form not in writer.features or ("versions" in writer.features and not name.startswith("expiring")):
            continue
        if only and name not in only:
            continue
        number = len(names)
        writer.policy(number, identity, anchors, revocation)
        content = envelope.read_bytes()
        if "bundle" in writer.features:
            content = bundle(form, content)
        rows.append(f'{{"{name}", {writer.blob(content)}, {writer.blob(manifest.read_bytes())}, "{media_type}", trust{number}, {time}}}')
        names.append(name)
    lines = ['#include "core.hpp"', "#include <nv2/trust/revocation_responses.hpp>", *writer.declared, "namespace {", *writer.lines,
             f"const size_input all[] = {{{', '.join(rows)}}};", "}", "extern const nv2::view<size_input> size_inputs{all};"]
    return "\n".join(lines) + "\n", names
