#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Checks that every rule has code and a test, and that every refusal is expected by some test.

  check_vectors.py                   the check; the rule books are looked for in $NV2_SPEC_DIR, else ../shared/spec
  check_vectors.py --update-rules    takes the ids of the rule books over into rules.txt

* Every rule such as J-012 is cited by code ("spec: J-012" in include/ or, for what hosts and the command line do, in
  examples/nv2/) and by a test. Every observation such as JV-12 is cited by a test. NOT_YET lists what may be missing.
  By a test: in a TEST_CASE or in a def test_..., in a comment right above it, or in the "rules" of a vector that says what
  to expect. That a file of tests names an id somewhere else is no test of it.
* Every code of base/errc_list*.hpp is returned somewhere in include/ or examples/nv2/ and expected by a test.
* No id is cited that is not in the list; with the rule books at hand the list must equal theirs.

Exit 0: nothing missing. 1: findings, each group with Why and Fix. The last line is `N passed, N failed`.
"""
from __future__ import annotations

import functools
import json
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RULES = Path(__file__).with_name("rules.txt")
BOOKS = ("README", "nv2-prototype", "notary-project-jws", "notary-project-cose", "certificates", "trust", "oci-binding")
# A rule, or the first and last of several: J-012, I-001 to I-011, XV-21..27. Curves are no rules.
ID = re.compile(r"\b(?!P-(?:192|224|256|384|521)\b)([NGJCXRTSPIWMQDOFL]V?)-(\d{2,3})\b"
                r"(?:(?:\.\.| to )(?:\1-)?(\d{2,3})\b)?")
TABLE_ID = re.compile(r"^\|\s*([A-Z]V?-\d+(?:\.\.\d+)?)\s*\|", re.M)
SOURCES = {".cpp", ".hpp", ".h", ".py", ".sh"}
COMMAND_LINE = {125, 136, *range(160, 183)}  # what the client does, signing included
# Kinds and rules that later versions implement: timestamps in verdicts, acquiring keys, registries.
NOT_YET: set[str] = set()
# Rules that a script as a whole checks.
TESTED_ELSEWHERE = {"G-002": "check_layers.py: no header but the listed ones is included",
                    "N-175": "harness.py: the exit code of every run of the client"}

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


@functools.lru_cache(maxsize=None)
def known_rules() -> frozenset[str]:
    return frozenset(read(RULES).split())


def ids_in(text: str) -> list[str]:
    """The ids in `text`; of a range those that are no rule are left out, but for its ends."""
    found = []
    for kind, first, last in ID.findall(text):
        ends = {int(first), int(last or first)}
        ids = [(number, f"{kind}-{number:0{len(first)}}") for number in range(min(ends), max(ends) + 1)]
        found += [i for number, i in ids if number in ends or i in known_rules()]
    return found


def rules_of_books() -> set[str] | None:
    folder = Path(os.environ.get("NV2_SPEC_DIR") or ROOT.parent / "shared" / "spec")
    files = [folder / f"{name}.md" for name in BOOKS]
    if not all(file.is_file() for file in files):
        return None
    return {i for file in files for row in TABLE_ID.findall(read(file)) for i in ids_in(row)}


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
                    found.update((i, path) for i in ids_in(comment))
        both.append(found)
    return both[0], both[1]


def test_cases(path: Path) -> list[str]:
    """The text of each test in a file, with the comment right above it."""
    start = {".cpp": r"TEST_CASE", ".py": r"\s*def test_"}.get(path.suffix)
    lines, found = read(path).split("\n"), []
    for first in (i for i, line in enumerate(lines) if start and re.match(start, line)):
        depth = len(lines[first]) - len(lines[first].lstrip())
        last = first + 1
        while last < len(lines) and (lines[last].startswith(" " * (depth + 1)) or not lines[last]
                                     or (path.suffix == ".cpp" and lines[last] != "}")):
            last += 1
        while first > 0 and lines[first - 1].lstrip().startswith(("//", "#", "@")):
            first -= 1
        found.append("\n".join(lines[first:last]))
    return found


def rules_of_vectors() -> dict[str, Path]:
    """Ids in the "rules" of each vector that says what must come of it."""
    found: dict[str, Path] = {}
    for path in sorted((ROOT / "tests" / "vectors").rglob("case.json")):
        facts = json.loads(read(path))
        found.update((i, path) for rule in facts["rules"] if facts.get("expect") for i in ids_in(rule))
    return found


def tested() -> set[str]:
    ids = {i for path in sources("tests") if is_test(path) for text in test_cases(path) for i in ids_in(text)}
    return ids | set(rules_of_vectors()) | set(TESTED_ELSEWHERE)


def cited_by_tests() -> tuple[dict[str, Path], set[str]]:
    """Ids in tests, and the words in tests that may be names of error codes."""
    ids: dict[str, Path] = {}
    words: set[str] = set()
    for path in (p for p in sources("tests", "examples") if is_test(p)):
        text = read(path)
        ids.update((i, path) for i in ids_in(text))
        words.update(re.findall(r"errc::(\w+)", text))
        words.update(re.findall(r"\"(\w+)\"", text))
        words.update(re.findall(r"'(\w+)'", text))
    for path in sorted((ROOT / "tests").rglob("*.json")):
        try:
            found = strings(json.loads(read(path)))
        except ValueError:  # input of a test that is no JSON on purpose
            continue
        words.update(found)
        # Whole words only: base64 may look like anything.
        ids.update((i, path) for text in found for word in text.split() if ID.fullmatch(word) for i in ids_in(word))
    return ids, words


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [s for item in value for s in strings(item)] if isinstance(value, list) else []


def error_codes() -> list[str]:
    text = "".join(read(path) for path in sorted((ROOT / "include/nv2/base").glob("errc_list*.hpp")))
    return re.findall(r"^\s*X\((\w+),\s*0x", text, re.M)


def returned_codes() -> set[str]:
    return {name for path in sources("include", "examples/nv2") if not path.name.startswith("errc")
            for name in re.findall(r"errc::(\w+)", read(path))}


def main() -> int:
    books = rules_of_books()
    if sys.argv[1:] == ["--update-rules"]:
        if books is None:
            sys.exit("error: no rule books; set NV2_SPEC_DIR")
        RULES.write_text("\n".join(sorted(books)) + "\n", encoding="utf-8")
        return 0
    if sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        return 2

    rules = read(RULES).split()
    library, client = cited_by_code()
    tests, words = cited_by_tests()
    has_test = tested()
    codes, returned = error_codes(), returned_codes()
    findings: dict[str, list[str]] = {key: [] for key in WHY}

    if books is not None:
        findings["stale"] = sorted(set(rules) ^ books)
    for rule in rules:
        kind, number = rule.split("-")
        if kind in NOT_YET or rule in NOT_YET:
            continue
        if not kind.endswith("V"):
            in_client_only = kind == "N" and int(number) in COMMAND_LINE
            if rule not in client and (in_client_only or rule not in library):
                findings["code"].append(rule)
        if rule not in has_test:
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
