#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Makes the signatures of this folder with the real notation and writes index.json. See README.md.

  make_golden.py --notation PROGRAM --peer PROGRAM

Keys that are there are kept; certificates, layout and signatures are made anew.
"""
from __future__ import annotations

import argparse
import base64
import json
import shutil
import sys
import time
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))
sys.dont_write_bytecode = True
import notary_pki as pki  # noqa: E402
from notation_tools import TRUSTED, Notation, Peer  # noqa: E402

VALID = {"starts": datetime(2025, 1, 1), "ends": datetime(2045, 1, 1)}
WABBIT, ACME, SCOPE = "Wabbit Networks", "ACME Rockets", "registry.wabbit-networks.io/net-monitor"
IDENTITIES = {who: f"x509.subject: C=US, ST=WA, L=Seattle, O={who}" for who in (WABBIT, ACME)}
# who signs: key, chain, whose
SIGNERS = {
    "rsa2048": ([HERE.parent / f"wabbit-{each}.test-only.key" for each in ("leaf", "issuing", "root")], WABBIT),
    "p256": ([HERE.parent / "acme-p256.test-only.key", HERE / "acme-p256-issuing.test-only.key",
              HERE / "acme-p256-root.test-only.key"], ACME)}
# tag in the layout: (signer, format) of each signature, and what is special
TAGS = {
    "rsa2048-jws": {"by": [("rsa2048", "jws")]},
    "rsa2048-cose": {"by": [("rsa2048", "cose")]},
    "p256-jws": {"by": [("p256", "jws")]},
    "p256-cose": {"by": [("p256", "cose")]},
    "authority-jws": {"by": [("p256", "jws")], "scheme": "notary.x509.signingAuthority"},
    "authority-cose": {"by": [("rsa2048", "cose")], "scheme": "notary.x509.signingAuthority"},
    "expiring-jws": {"by": [("p256", "jws")], "more": ["--expiry", "24h", "--user-metadata", "build=42",
                                                       "--user-metadata", "commit=0a1b2c"]},
    "expiring-cose": {"by": [("p256", "cose")], "more": ["--expiry", "24h", "--user-metadata", "build=42",
                                                         "--user-metadata", "commit=0a1b2c"]},
    "several": {"by": [("rsa2048", "jws"), ("p256", "cose"), ("rsa2048", "cose")]},
    "unsigned": {"by": []}}


def make_pki() -> tuple[dict[str, Path], dict[str, pki.Cert]]:
    chains, roots = {}, {}
    for kind, (paths, organization) in SIGNERS.items():
        keys = [pki.Key.at(path, kind) for path in paths]
        chain = pki.make_chain(keys, organization, organization=organization, purposes=("code",), **VALID)
        chains[kind] = pki.write_pem(HERE / f"{kind}-chain.crt", chain)
        roots[kind] = chain[-1]
        pki.write_pem(HERE / f"{kind}-root.crt", [chain[-1]])
    return chains, roots


def make_config(roots: dict[str, pki.Cert], chains: dict[str, Path]) -> Path:
    anchors = {f"{kind}:{name}": [roots[key]] for name, key in (("wabbit-networks", "rsa2048"), ("acme-rockets", "p256"))
               for kind in ("ca", "signingAuthority")}
    identities = tuple(IDENTITIES.values())
    config = pki.write_config(HERE / "config", anchors,
                              [pki.statement(list(anchors), identities=identities, registryScopes=[SCOPE])],
                              [pki.statement(list(anchors), identities=identities, globalPolicy=True)])
    return config


def signing_time(envelope: bytes, form: str) -> tuple[str, str]:
    """Signing time and expiry of a JWS, as text; both empty for COSE."""
    if form != "jws":
        return "", ""
    text = json.loads(envelope)["protected"]
    header = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    at = header.get("io.cncf.notary.signingTime") or header.get("io.cncf.notary.authenticSigningTime")
    return at, header.get("io.cncf.notary.expiry", "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notation", required=True)
    parser.add_argument("--peer", required=True)
    options = parser.parse_args()
    notation, peer = Notation(options.notation), Peer(options.peer)

    chains, roots = make_pki()
    config = make_config(roots, chains)
    layout = HERE / "layout"
    shutil.rmtree(layout, ignore_errors=True)
    made = pki.make_layout(layout, {tag: f"layer of {tag}\n".encode() for tag in TAGS})
    for old in (*HERE.glob("*.sig"), *HERE.glob("*.manifest.json")):
        old.unlink()
    pki.write_signing_keys(config, {kind: (SIGNERS[kind][0][0], chains[kind]) for kind in SIGNERS})

    entries = []
    for tag, about in TAGS.items():
        manifest = HERE / f"{tag}.manifest.json"
        manifest.write_bytes(pki.blob_path(layout, made[tag]["digest"]).read_bytes())
        for kind, form in about["by"]:
            if "scheme" in about:
                answer = peer.ask(do="sign", layout=str(layout), reference=tag, format=form, scheme=about["scheme"],
                                  signing_time="2026-01-15T12:00:00Z", key=str(SIGNERS[kind][0][0]), chain=str(chains[kind]))
                problem = answer.get("error", "")
            else:
                problem = notation.sign(config, kind, form, f"{layout}:{tag}", *about.get("more", []))
            if problem:
                raise SystemExit(f"{tag}: {problem}")
        signatures = pki.signatures_of(layout, made[tag]["digest"])
        assert len(signatures) == len(about["by"]), tag
        for number, (media_type, envelope, _) in enumerate(signatures):
            kind, form = next(each for each in about["by"] if pki.MEDIA_TYPES[each[1]] == media_type and (
                len(about["by"]) == 1 or base64.b64encode(roots[each[0]].der) in envelope or roots[each[0]].der in envelope))
            stem = tag.removesuffix(f"-{form}") if len(about["by"]) == 1 else f"{tag}-{number + 1}"
            file = f"{stem}.{form}.sig"
            (HERE / file).write_bytes(envelope)
            at, expiry = signing_time(envelope, form)
            entries.append({
                "file": file, "format": form, "media_type": media_type, "tag": tag, "manifest": manifest.name, **
                {"manifest_" + each: value for each, value in zip(("media_type", "digest", "size"), made[tag].values())},
                "scheme": about.get("scheme", "notary.x509"), "key": kind, "chain": chains[kind].name,
                "anchor": f"{kind}-root.crt", "store": "signingAuthority" if "scheme" in about else "ca",
                "identity": IDENTITIES[SIGNERS[kind][1]], "time": int(time.time()) + 60, "signing_time": at, "expiry": expiry,
                "metadata": {"build": "42", "commit": "0a1b2c"} if "more" in about else {},
                "made_by": "notation_peer sign" if "scheme" in about else
                " ".join(["notation sign --key", kind, "--signature-format", form, *about.get("more", []),
                          f"--oci-layout layout:{tag}"])})
        verdicts = [peer.verdict(peer.ask(do="verify", layout=str(layout), reference=tag, config=str(config), scope=SCOPE))]
        if "scheme" not in about:  # version 1.3 does not find the signature manifests that version 2 writes
            verdicts.append(notation.verify(config, f"{layout}:{tag}", SCOPE))
        for verdict in verdicts:
            assert (verdict.word == TRUSTED) == (tag != "unsigned"), (tag, verdict)

    blobs = []
    blob = HERE / "blob.bin"
    blob.write_bytes(b"a blob, signed as such\n")
    for kind, form in (("rsa2048", "jws"), ("p256", "cose")):
        file = HERE / f"blob-{kind}.bin.{form}.sig"
        asked = {"blob": str(blob), "signature": str(file), "format": form, "media_type": "application/octet-stream"}
        answer = peer.ask(do="sign-blob", key=str(SIGNERS[kind][0][0]), chain=str(chains[kind]), **asked)
        assert answer["ok"], answer
        verdict = peer.verdict(peer.ask(do="verify-blob", config=str(config), **asked))
        assert verdict.word == TRUSTED, verdict
        blobs.append({"file": file.name, "format": form, "media_type": pki.MEDIA_TYPES[form], "blob": blob.name,
                      "blob_media_type": "application/octet-stream", "key": kind, "chain": chains[kind].name,
                      "anchor": f"{kind}-root.crt", "store": "ca", "identity": IDENTITIES[SIGNERS[kind][1]],
                      "time": int(time.time()) + 60, "made_by": "notation_peer sign-blob"})
    peer.close()
    (config / "signingkeys.json").unlink()  # has names of files outside this folder
    shutil.rmtree(config / "cache", ignore_errors=True)
    shutil.rmtree(layout / "ingest", ignore_errors=True)
    text = {"comment": "Made by make_golden.py: each signature with what it is judged by. See README.md.",
            "scope": SCOPE, "notation": notation.version(), "signatures": entries, "blobs": blobs}
    (HERE / "index.json").write_text(json.dumps(text, indent=1) + "\n")
    print(f"{len(entries)} signatures, {len(blobs)} blob signatures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
