#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Checks that every rule has code and a test, and that every refusal is expected by some test.

  check_vectors.py                   the check; the rule books are looked for in $NV2_SPEC_DIR, else ../shared/spec
  check_vectors.py --update-rules    takes the ids of the rule books over into rules_nv2_prototype.txt

* Every rule N-nnn is cited by code ("spec: N-nnn" in include/, for the rules of the command line in examples/nv2/) and by
  a test. Every observation NV-nn is cited by a test.
* Every code of base/errc_list.hpp is returned somewhere in include/ and expected by a test.
* No N or NV id is cited that is not in the list; with the rule books at hand the list must equal theirs.

Exit 0: nothing missing. 1: findings, each group with Why and Fix. The last line is `N passed, N failed`.
"""
from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RULES = Path(__file__).with_name("rules_nv2_prototype.txt")
ID = re.compile(r"\bNV?-\d+\b")
TABLE_ID = re.compile(r"^\|\s*(NV?-\d+)\s*\|", re.M)
SOURCES = {".cpp", ".hpp", ".h", ".py", ".sh"}
COMMAND_LINE = {125, 136, *range(160, 183)}  # what the client does, signing included

WHY = {
    "stale": ("the list stands in for the rule book where that is not at hand", "run check_vectors.py --update-rules"),
    "unknown": ("a citation nobody can look up is worth nothing", "correct the id"),
    "code": ("an auditor goes from the rule to the line that enforces it", "write `// spec: ID` at that line"),
    "test": ("a rule without a test is a rule until the next change",
             "name the id in the test case, in a comment on it, or in \"rules\" of its case.json"),
    "unused": ("a code that nothing returns promises a check that is not there", "return it, or remove it before a release"),
    "unexpected": ("a refusal that no test asks for by name may come for the wrong reason or not at all",
                   "add a negative case that expects exactly this code"),
}


def spec_file() -> Path | None:
    folder = Path(os.environ.get("NV2_SPEC_DIR") or ROOT.parent / "shared" / "spec")
    file = folder / "nv2-prototype.md"
    return file if file.is_file() else None


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def sources(*folders: str) -> list[Path]:
    return sorted(p for folder in folders for p in (ROOT / folder).rglob("*")
                  if p.suffix in SOURCES and p.is_file() and p.resolve() != Path(__file__).resolve())


def is_test(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return "tests" in parts and "support" not in parts


def cited_by_code() -> tuple[dict[str, Path], dict[str, Path]]:
    """Ids in `spec:` comments of the library, and of the client."""
    both: list[dict[str, Path]] = []
    for folder in ("include", "examples/nv2"):
        found: dict[str, Path] = {}
        for path in sources(folder):
            if not is_test(path):
                for comment in re.findall(r"spec(?:-exception)?:(.*)", read(path)):
                    found.update((i, path) for i in ID.findall(comment))
        both.append(found)
    return both[0], both[1]


def cited_by_tests() -> tuple[dict[str, Path], set[str]]:
    """Ids in tests, and the words in tests that may be names of error codes."""
    ids: dict[str, Path] = {}
    words: set[str] = set()
    for path in (p for p in sources("tests", "examples") if is_test(p)):
        text = read(path)
        ids.update((i, path) for i in ID.findall(text))
        words.update(re.findall(r"errc::(\w+)", text))
        words.update(re.findall(r"\"(\w+)\"", text))
        words.update(re.findall(r"'(\w+)'", text))
    for path in sorted((ROOT / "tests").rglob("*.json")):
        text = read(path)
        ids.update((i, path) for i in ID.findall(text))
        try:
            words.update(strings(json.loads(text)))
        except ValueError:  # input of a test that is no JSON on purpose
            pass
    return ids, words


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [s for item in value for s in strings(item)] if isinstance(value, list) else []


def error_codes() -> list[str]:
    return re.findall(r"^\s*X\((\w+),\s*0x", read(ROOT / "include/nv2/base/errc_list.hpp"), re.M)


def returned_codes() -> set[str]:
    return {name for path in sources("include") if not path.name.startswith("errc")
            for name in re.findall(r"errc::(\w+)", read(path))}


def main() -> int:
    spec = spec_file()
    if sys.argv[1:] == ["--update-rules"]:
        if spec is None:
            sys.exit("error: no nv2-prototype.md; set NV2_SPEC_DIR")
        ids = sorted(set(TABLE_ID.findall(read(spec))))
        RULES.write_text("\n".join(ids) + "\n", encoding="utf-8")
        return 0
    if sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        return 2

    rules = read(RULES).split()
    library, client = cited_by_code()
    tests, words = cited_by_tests()
    codes, returned = error_codes(), returned_codes()
    findings: dict[str, list[str]] = {key: [] for key in WHY}

    if spec is not None:
        findings["stale"] = sorted(set(rules) ^ set(TABLE_ID.findall(read(spec))))
    for rule in rules:
        if rule.startswith("N-"):
            place = client if int(rule[2:]) in COMMAND_LINE else library
            if rule not in place:
                findings["code"].append(rule)
        if rule not in tests:
            findings["test"].append(rule)
    for cited in (library, client, tests):
        findings["unknown"] += [f"{i} in {path.relative_to(ROOT)}" for i, path in cited.items() if i not in rules]
    findings["unused"] = [c for c in codes if c not in returned]
    findings["unexpected"] = [c for c in codes if c not in words]

    titles = {"stale": "ids that differ from the rule book", "unknown": "unknown ids",
              "code": "rules that no code cites", "test": "rules and observations that no test cites",
              "unused": "error codes that nothing returns", "unexpected": "error codes that no test expects"}
    for key, items in findings.items():
        if items:
            why, fix = WHY[key]
            print(f"{titles[key]} ({len(items)}):\n  " + "\n  ".join(items) + f"\n    Why: {why}.\n    Fix: {fix}.")
    bad = {item.split()[0] for items in findings.values() for item in items}
    total = len(set(rules) | set(codes) | bad)
    print(f"{total - len(bad)} passed, {len(bad)} failed")
    return 1 if bad or not rules or not codes else 0


if __name__ == "__main__":
    sys.exit(main())
