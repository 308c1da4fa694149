# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""What the real programs made and said, as one JSON text, so that ours can be compared where they are not to be had.

signatures: made by the real code, with policy and verdict. scenes: envelopes that layouts are made with, see notary_layouts.py.
verdicts: on the vectors and on the policy documents, which are in the tree.
"""
from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import time
from pathlib import Path

import notary_adversarial as adversarial
import notary_layouts as layouts
import notary_lists as lists
import notary_pki as pki
import notary_policies as policies
from notary_bench import Bench, Difference, Kept
from notation_tools import Verdict


class Files:
    """Byte strings by a short name; equal ones are kept once."""

    def __init__(self, stored: dict[str, str | dict] | None = None) -> None:
        self.stored = stored or {}

    def keep(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()[:10]
        try:
            self.stored[name] = data.decode("ascii")
        except UnicodeDecodeError:
            self.stored[name] = {"base64": base64.b64encode(data).decode()}
        return name

    def get(self, name: str) -> bytes:
        data = self.stored[name]
        return data.encode() if isinstance(data, str) else base64.b64decode(data["base64"])


def words(verdict: Verdict) -> list:
    return [verdict.word, *verdict.failed]


def from_words(stored: list) -> Verdict:
    return Verdict(stored[0], stored[1:])


def write(bench: Bench, path: Path) -> None:
    files, entries, names = Files(), [], {}
    for each in bench.kept:
        policy = (each.policy.level, each.policy.identities, json.dumps(each.policy.override), each.policy.timestamp, tuple(sorted(
            (kind, tuple(files.keep(cert.der) for cert in certs)) for kind, certs in each.policy.anchors.items())))
        number = names.setdefault(policy, len(names))
        entry = {"id": each.id, "format": each.form, "envelope": files.keep(each.envelope),
                 "blob" if each.blob else "manifest": files.keep(each.artifact), "policy": number,
                 "notation": words(each.verdict)}
        if each.lists:
            entry["lists"] = [files.keep(one) for one in each.lists]
        if each.difference:
            entry |= {"nv2": words(each.difference.ours), "rule": each.difference.rule}
        entries.append(entry)
    scenes = {form: [files.keep(each) for each in envelopes] for form, envelopes in bench.scenes.items()}
    head = {"comment": "Made by notary.py --record: what the real programs made, and said of it.",
            "programs": programs(bench), "time": int(time.time()),
            "scenes": scenes | {"anchor": files.keep(bench.scene_chain[-1])}}
    listed = [{"level": level, "identities": list(identities), "anchors": {kind: list(certs) for kind, certs in anchors}}
              | ({} if override == "null" else {"override": json.loads(override)})
              | ({"timestamp": timestamp} if timestamp else {})
              for level, identities, override, timestamp, anchors in names]
    parts = [json.dumps(head)[:-1]]
    parts.append('"policies":[\n' + ",\n".join(json.dumps(each, ensure_ascii=False) for each in listed) + "\n]")
    parts.append('"signatures":[\n' + ",\n".join(json.dumps(each) for each in entries) + "\n]")
    parts.append('"verdicts":' + json.dumps(bench.verdicts, indent=0, ensure_ascii=False))
    parts.append('"files":{\n' + ",\n".join(f"{json.dumps(name)}:{json.dumps(data)}" for name, data in files.stored.items())
                 + "\n}}\n")
    path.write_text(",\n".join(parts))


def programs(bench: Bench) -> list[str]:
    found = []
    for tool, path in (("notation", bench.options.notation), ("notation_peer", bench.options.peer)):
        lines = subprocess.run(["go", "version", "-m", path], capture_output=True, text=True, check=False).stdout.splitlines()
        modules = [line.split()[1:3] for line in lines if "notaryproject/" in line and line.split()[0] in ("mod", "dep")]
        found.append(f"{tool}, {lines[0].rsplit(' ', 1)[-1]}: " + ", ".join(" ".join(each) for each in modules))
    return found


def replay(bench: Bench, path: Path) -> None:
    text = json.loads(path.read_text())
    files, at = Files(text["files"]), text["time"]
    kept_policies = [bench.policy({kind: [pki.StoredCert(files.get(name)) for name in names]
                                   for kind, names in each["anchors"].items()}, each["level"], tuple(each["identities"]),
                                  each.get("override"), **({"timestamp": each["timestamp"]} if "timestamp" in each else {}))
                     for each in text["policies"]]
    for entry in text["signatures"]:
        policy = kept_policies[entry["policy"]]
        ours = Difference(entry["rule"], from_words(entry["nv2"])) if "rule" in entry else None
        artifact = files.get(entry.get("blob") or entry["manifest"])
        replay_one(bench, Kept(entry["id"], entry["format"], files.get(entry["envelope"]), artifact, "blob" in entry, policy,
                               from_words(entry["notation"]), ours, tuple(map(files.get, entry.get("lists", ())))), at)
    adversarial.replay(bench, text["verdicts"])
    policies.replay(bench, text["verdicts"])
    scenes = text["scenes"]
    bench.scenes = {form: [files.get(name) for name in scenes[form]] for form in pki.MEDIA_TYPES}
    layouts.judge(bench, files.get(scenes["anchor"]), at)


def replay_one(bench: Bench, each: Kept, at: int) -> None:
    """Our client on a recorded signature; the layout around it is made anew."""
    if not each.blob:
        layout = bench.folder("replay")
        pki.make_layout(layout, {})
        tag = {"org.opencontainers.image.ref.name": "v1"}
        subject = {"mediaType": pki.MANIFEST_TYPE, "size": len(each.artifact),
                   "digest": pki.list_manifest(layout, each.artifact, annotations=tag)}
        pki.attach(layout, subject, each.envelope, pki.MEDIA_TYPES[each.form])
        bench.artifact(each.id, layout, "v1", each.policy, each.verdict, difference=each.difference, only=("nv2",), at=at,
                       flags=("--offline", *lists.list_flags(bench, each.lists)))
        return
    folder = bench.folder("replay")
    (folder / "blob.bin").write_bytes(each.artifact)
    signature = folder / f"blob.bin.{each.form}.sig"
    signature.write_bytes(each.envelope)
    bench.ask("nv2", bench.client, each.id, lambda: bench.client.verify(
        "--blob", "--signature", str(signature), "--config", str(each.policy.config), "--time", str(at),
        f"file:{folder / 'blob.bin'}"), each.verdict)
