# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""The list of all cases in which our verdict is meant to differ from notation's, as a text for people."""
from __future__ import annotations

import re
from pathlib import Path

import notary_adversarial as adversarial
import notary_attributes as attributes
import notary_layouts as layouts
import notary_lists
import notary_policies as policies
import notary_revocation as revocation
import notary_tokens as tokens
from notary_bench import Bench

FILE = Path(__file__).resolve().parent / "DIFFERENCES.md"
HEAD = """<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- SPDX-FileCopyrightText: The nv2 authors -->
# Where nv2 and notation are meant to differ

Written by `notary.py --differences`; the tests fail when it is out of date. Each line is a case in which the verdicts differ, by
the rule named, with both verdicts checked. In all other cases the two agree. Apart from the lines in the second table, nv2
refuses what notation accepts.

"""


def rule_of(text: str) -> str:
    found = re.findall(r"\b[A-Z]-\d{3}\b", text)
    return " ".join(dict.fromkeys(found))


def rows() -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    stricter, looser = [], []
    for name, (_, case) in adversarial.load().items():
        ours = "reject" if case["verdict"] == "rejected" else "accept"
        if case["reference"] in ("n/a", ours) or case["compat"]:
            continue
        rules = [rule for rule in case["rules"] if re.fullmatch(r"[A-Z]-\d{3}", rule)]
        line = (" ".join(rules), case["row"] or "-", f"vector {name}", case["reference"], case["expect"])
        (stricter if ours == "reject" else looser).append(line)
    for row in layouts.rows():
        if row.ours:
            line = (row.rule, row.name.split(" ")[0], f"layout: {row.name}", row.reference.word, row.ours.word)
            (looser if row.ours.passes else stricter).append(line)
    stricter += [(rule_of(each.row), each.row.split(" ")[0], f"policy: {each.row}", each.reference, each.ours)
                 for each in policies.rows() if each.ours != each.reference]
    stricter += [(rule_of(each.row), each.row.split(" ")[0], f"identity: {each.row}", each.reference, each.ours)
                 for each in policies.identity_rows() if each.ours != each.reference]
    for value in attributes.VALUES:
        if value.ours:
            line = (value.rule, "-", f"attribute: {value.name}", value.reference, value.ours)
            (looser if value.ours == attributes.ACCEPT else stricter).append(line)
    for row in notary_lists.rows():
        words = ["rejected" if notary_lists.FAILING[each] else "trusted" for each in (row.theirs, row.expected)]
        if words[0] != words[1]:
            line = (rule_of(row.rule), row.rule.split(" ")[0], f"lists: {row.name}", *words)
            (looser if words[1] == "trusted" else stricter).append(line)
    lists = [*revocation.rows(), revocation.OTHER_NAME]
    stricter += [(rule_of(each.rule), each.rule.split(" ")[0], f"list: {each.name}", "trusted", "rejected")
                 for each in lists if each.ours is not None]
    stricter += [(rule_of(each.rule), each.rule.split(" ")[0], f"token: {each.name}", "trusted", "rejected")
                 for each in tokens.rows() if each.ours]
    stricter.append(("S-012", "TV-23", "token: store has the service alone", "rejected", "policy error"))
    stricter.append(("W-065", "PV-42", "times: signed in the future, scheme authority", "trusted", "rejected"))
    return stricter, looser


def text() -> str:
    def table(lines: list[tuple[str, ...]]) -> str:
        return ("| rules | row | case | notation | nv2 |\n|---|---|---|---|---|\n"
                + "".join(f"| {' | '.join(each)} |\n" for each in sorted(lines)))
    stricter, looser = rows()
    return f"{HEAD}## nv2 refuses\n\n{table(stricter)}\n## nv2 accepts\n\n{table(looser)}"


def check(bench: Bench) -> None:
    bench.report.check("DIFFERENCES.md is up to date", FILE.exists() and FILE.read_text() == text(),
                       "run notary.py --differences")
