# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Certificates that name a revocation list on the loopback: notation gets it there, ours too, and from a file without any
network. The rows are those of the rule book on lists."""
from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product

from cryptography import x509

import notary_pki as pki
from notary_bench import SCOPE, Bench, Difference, at_level
from notary_matrix import FORMS, kept_form
from notary_timestamps import BOTH, Signed
from web_services import Services

REASONS = x509.ReasonFlags
UNKNOWN = ["revocation"]
LEVELS = ("strict", "permissive", "audit")
NULL = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00")


@dataclass
class Row:
    name: str
    rule: str
    theirs: list[str]                      # the failing checks of notation
    ours: list[str] | None = None          # ours, when they are others
    listed: bool = False
    list_of: dict = field(default_factory=dict)
    entry: dict = field(default_factory=dict)
    file: object = None                    # function(der) -> what lies there; None: nothing


def scope_of(**flags: bool) -> tuple[x509.ExtensionType, bool]:
    names = ("only_contains_user_certs", "only_contains_ca_certs", "indirect_crl", "only_contains_attribute_certs")
    made = {each: flags.get(each, False) for each in names}
    return x509.IssuingDistributionPoint(None, None, made[names[0]], made[names[1]], None, made[names[2]], made[names[3]]), True


def rows() -> list[Row]:
    past = datetime.utcnow().replace(microsecond=0) - timedelta(days=3)
    return [
        Row("not listed", "RV-01", []), Row("key compromised", "RV-02", UNKNOWN, listed=True),
        Row("no reason", "RV-02", UNKNOWN, listed=True, entry={"reason": None}),
        Row("on hold", "RV-05", UNKNOWN, listed=True, entry={"reason": REASONS.certificate_hold}),
        Row("removed", "RV-06", [], listed=True, entry={"reason": REASONS.remove_from_crl}),
        Row("expired list", "RV-11", UNKNOWN, list_of={"starts": -7200, "ends": -3600}),
        Row("expired list, listed", "RV-12", UNKNOWN, listed=True, list_of={"starts": -7200, "ends": -3600}),
        Row("list of the future", "RV-13 R-014", [], UNKNOWN, list_of={"starts": 3600, "ends": 7200}),
        Row("critical extension", "RV-20", UNKNOWN, list_of={"extensions": [(NULL, True)]}),
        Row("extension", "RV-21", [], list_of={"extensions": [(NULL, False)]}),
        Row("for users", "RV-16", [], list_of={"extensions": [scope_of(only_contains_user_certs=True)]}),
        Row("for authorities", "RV-17 R-016", [], UNKNOWN, list_of={"extensions": [scope_of(only_contains_ca_certs=True)]}),
        Row("indirect", "RV-18 R-016", [], UNKNOWN, list_of={"extensions": [scope_of(indirect_crl=True)]}),
        Row("delta as base", "RV-22 R-017", [], UNKNOWN, list_of={"extensions": [(x509.DeltaCRLIndicator(3), True)]}),
        Row("critical extension of the entry", "RV-23", UNKNOWN, listed=True, entry={"extensions": [(NULL, True)]}),
        Row("invalid since before, no time known", "RV-31", UNKNOWN, listed=True, entry={"invalid": past}),
        Row("byte after the list", "RV-49 R-010", [], UNKNOWN, file=lambda der: der + b"\0"),
        Row("garbage", "R-010", UNKNOWN, file=lambda der: b"garbage"),
        Row("cut", "R-010", UNKNOWN, file=lambda der: der[:-1]),
        Row("nothing there", "R-004", UNKNOWN, file=lambda der: None),
    ]


OTHER_NAME = Row("in another name", "RV-15 R-012", [], UNKNOWN)


class Chain:
    """A signer below an authority, with a list of its own."""

    def __init__(self, bench: Bench, services: Services, number: str) -> None:
        self.path = f"/{number}.crl"
        self.root = pki.make_cert(bench.key("p256", "-root"), f"Listing Root {number}", ca=True)
        self.other = pki.make_cert(bench.key("p256", "-other"), f"Listing Root {number}", ca=True)
        self.leaf = pki.make_cert(bench.key("p256"), "Listed Signer", issuer=self.root,
                                  extensions=(pki.point(services.url + self.path),))


def judge(bench: Bench, case: str, chain: Chain, signed: Signed, row: Row, der: bytes | None, levels: tuple = LEVELS,
          kept: bool = False) -> None:
    for level in levels:
        policy = bench.policy({"ca": [chain.root]}, level)
        ours = row.theirs if row.ours is None else row.ours
        difference = None if row.ours is None else Difference(row.rule, at_level(level, *ours))
        bench.artifact(f"{case} {level}", signed.layout, "v", policy, at_level(level, *row.theirs), only=BOTH,
                       difference=difference)
        if der is None or row.file is not None:
            continue
        if kept and level == "strict":
            bench.keep(case, signed.layout, "v", policy, at_level(level, *row.theirs), difference, lists=(der,))
        if not bench.client:
            continue
        file = bench.folder("list") / "a.crl"
        file.write_bytes(der)
        bench.compare(f"{case} {level} from a file", "nv2", at_level(level, *ours), bench.client.verify(
            "--config", str(policy.config), "--scope", SCOPE, "--offline", "--crl", str(file), f"oci-layout:{signed.layout}:v"))
        if level == "strict":
            bench.compare(f"{case} offline without a list R-004", "nv2", at_level(level, *UNKNOWN), bench.client.verify(
                "--config", str(policy.config), "--scope", SCOPE, "--offline", f"oci-layout:{signed.layout}:v"))


def run(bench: Bench) -> None:
    if not bench.notation:
        bench.report.skip("revocation", "no program for notation")
        return
    os.environ["XDG_CACHE_HOME"] = str(bench.folder("cache"))
    with Services() as services:
        listed = rows()
        for number, (form, row) in enumerate(product(FORMS, listed)):
            case = f"{form} {row.name} {row.rule}"
            chain = Chain(bench, services, str(number))
            der = pki.revocation_list(chain.root, [(chain.leaf, row.entry)] if row.listed else [], **row.list_of)
            content = row.file(der) if row.file else der
            if content is not None:
                services.files[chain.path] = content
            signed = Signed(bench, [chain.leaf, chain.root], form, name=case)
            if signed.good:
                judge(bench, case, chain, signed, row, der, LEVELS if form == FORMS[number % 2] else LEVELS[:1],
                      kept=form == kept_form(number % len(listed)))
        others(bench, services)


def others(bench: Bench, services: Services) -> None:
    """Lists that somebody else signed, or in another name."""
    for form in FORMS:
        chain = Chain(bench, services, f"other-{form}")
        services.files[chain.path] = pki.revocation_list(chain.root, signer=chain.other)
        signed = Signed(bench, [chain.leaf, chain.root], form, name=f"{form} listed by another key")
        judge(bench, f"{form} other key RV-14", chain, signed, Row("", "RV-14", UNKNOWN), services.files[chain.path])
        named = Chain(bench, services, f"named-{form}")
        services.files[named.path] = pki.revocation_list(named.root, as_name=pki.name("Somebody else", "Wabbit Networks"))
        signed = Signed(bench, [named.leaf, named.root], form, name=f"{form} listed in another name")
        judge(bench, f"{form} other name RV-15 R-012", named, signed, OTHER_NAME, services.files[named.path])
