# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""One case at a time: who is asked, what is expected of whom, and what is kept of it."""
from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from pathlib import Path

import notary_pki as pki
from interop import Report
from notation_tools import ACCEPTED, REJECTED, SKIPPED, TRUSTED, Client, Notation, Peer, Verdict

SCOPE = "registry.example.com/app"
LOGS = {"strict": set(), "permissive": {"authenticTimestamp", "expiry", "revocation"},
        "audit": {"authenticity", "authenticTimestamp", "expiry", "revocation"}}


def at_level(level: str, *failing: str) -> Verdict:
    """What a level makes of failing checks, by the table of the policy documents."""
    if level == "skip":
        return Verdict(SKIPPED)
    enforced = [each for each in failing if each not in LOGS[level]]
    return Verdict(REJECTED if enforced else ACCEPTED if failing else TRUSTED, sorted(enforced or failing))


@dataclass
class Policy:
    """Stores and one statement, with the configuration directory that holds them."""
    config: Path
    anchors: dict[str, list[pki.Cert]]
    level: str
    identities: tuple[str, ...]
    override: dict | None = None
    timestamp: str = ""


@dataclass
class Difference:
    """Where the two are meant to differ: the rule that says so, and our verdict."""
    rule: str
    ours: Verdict


@dataclass
class Kept:
    """A judged signature, for the recording."""
    id: str
    form: str
    envelope: bytes
    artifact: bytes  # manifest or blob
    blob: bool
    policy: Policy
    verdict: Verdict
    difference: Difference | None
    lists: tuple[bytes, ...] = ()  # of revocation, for our client


class Bench:
    def __init__(self, options: argparse.Namespace, work: Path) -> None:
        self.options, self.work = options, work
        self.report = Report(options)
        self.client = self.find(Client, options.nv2)
        self.notation = self.find(Notation, options.notation)
        self.peer = self.find(Peer, options.peer)
        self.policies: dict[tuple, Policy] = {}
        self.kept: list[Kept] = []
        self.verdicts: dict[str, str] = {}  # of the real library on what is in the tree or made from it
        self.scenes: dict[str, list[bytes]] = {}  # envelopes that layouts are made with; see notary_layouts.py
        self.scene_chain: list[bytes] = []
        self.serial = 0

    @staticmethod
    def find(kind, path):
        found = shutil.which(str(Path(path).resolve())) if path else None
        return kind(found) if found else None

    def close(self) -> None:
        if self.peer:
            self.peer.close()

    def folder(self, name: str = "f") -> Path:
        self.serial += 1
        made = self.work / f"{name}{self.serial}"
        made.mkdir(parents=True)
        return made

    def key(self, kind: str, tag: str = "") -> pki.Key:
        return pki.Key.at(self.work / "keys" / f"{kind}{tag}.key", kind)

    def policy(self, anchors: dict[str, list[pki.Cert]], level: str = "strict", identities: tuple[str, ...] = ("*",),
               override: dict | None = None, **members) -> Policy:
        """anchors: type of the store to certificates."""
        shape = (tuple((kind, tuple(each.der for each in certs)) for kind, certs in anchors.items()), level, identities,
                 repr(override), repr(members))
        if shape not in self.policies:
            stores = {f"{kind}:tests": certs for kind, certs in anchors.items()}
            options = {"level": level, "identities": identities, "override": override}
            config = pki.write_config(self.folder("config"), stores,
                                      [pki.statement(list(stores), **options, **({"registryScopes": [SCOPE]} | members))],
                                      [pki.statement(list(stores), **options, **({} if level == "skip" else {
                                          "globalPolicy": True}))])
            self.policies[shape] = Policy(config, anchors, level, identities, override, members.get("timestamp", ""))
        return self.policies[shape]

    # --- asking and comparing -----------------------------------------------------------------------------------

    def compare(self, case: str, who: str, expected: Verdict, found: Verdict) -> bool:
        """The word must be the same; so must the failing checks, as far as the tool names them."""
        problem = ""
        if found.word != expected.word:
            problem = f"expected {expected.word} {expected.failed or ''}, got {found.word} {found.failed or ''} ({found.says})"
        elif found.word == ACCEPTED and found.failed != expected.failed:
            problem = f"expected {expected.failed} to be logged, got {found.failed}"
        elif found.word == REJECTED and found.failed and not set(expected.failed) <= set(found.failed):
            problem = f"expected {expected.failed} to fail, got {found.failed} ({found.says})"
        return self.report.check(f"{case} [{who}]", not problem, problem)

    def ask(self, who: str, tool, case: str, verdict, expected: Verdict) -> None:
        if tool is None:
            self.report.skip(f"{case} [{who}]", f"no program for {who}")
        else:
            self.compare(case, who, expected, verdict())

    def artifact(self, case: str, layout: Path, reference: str, policy: Policy, expected: Verdict, *,
                 difference: Difference | None = None, metadata: dict[str, str] | None = None, keep: str = "",
                 only: tuple[str, ...] = ("notation", "peer", "nv2"), at: int | None = None, flags: tuple[str, ...] = ()) -> None:
        """Lets everyone verify an image in a layout; ours first, since the others may write to it.
        flags: for our client alone."""
        target = f"{layout}{'@' if ':' in reference else ':'}{reference}"
        pairs = [f"{key}={value}" for key, value in (metadata or {}).items()]
        if "nv2" in only and (self.client or self.options.require_peers):
            more = [*flags, *(["--time", str(at)] if at else [])]
            more += [part for pair in pairs for part in ("--user-metadata", pair)]
            self.ask("nv2", self.client, case, lambda: self.client.verify(
                "--config", str(policy.config), "--scope", SCOPE, *more, f"oci-layout:{target}"),
                difference.ours if difference else expected)
        if "notation" in only and (self.notation or self.peer):
            more = [part for pair in pairs for part in ("--user-metadata", pair)]
            self.ask("notation", self.notation, case,
                     lambda: self.notation.verify(policy.config, target, SCOPE, *more), expected)
        if "peer" in only and (self.notation or self.peer):
            self.ask("peer", self.peer, case, lambda: Peer.verdict(self.peer.ask(
                do="verify", layout=str(layout), reference=reference, config=str(policy.config), scope=SCOPE,
                metadata=metadata or {})), expected)
        if keep:
            self.keep(case, layout, keep, policy, expected, difference)

    def keep(self, case: str, layout: Path, tag: str, policy: Policy, expected: Verdict,
             difference: Difference | None = None, lists: tuple[bytes, ...] = ()) -> None:
        entries = pki.index_entries(layout)
        digest = next(each["digest"] for each in entries
                      if each.get("annotations", {}).get("org.opencontainers.image.ref.name") == tag)
        media_type, envelope, _ = pki.signatures_of(layout, digest)[0]
        form = next(each for each, value in pki.MEDIA_TYPES.items() if value == media_type)
        manifest = pki.blob_path(layout, digest).read_bytes()
        self.kept.append(Kept(case, form, envelope, manifest, False, policy, expected, difference, lists))
