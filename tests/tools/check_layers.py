#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Checks that every header of the library keeps the rules of the house, and says why and how to mend it.

  check_layers.py [INCLUDE_DIR]      default: include/ of this project
  check_layers.py --self-test        shows that each rule finds what it is for

Exit 0: nothing found. 1: findings, each with Why and Fix. The last line is `N passed, N failed` over the headers.
"""
from __future__ import annotations

import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The folders and top-level headers of include/nv2/, lowest first. Those on one line are siblings.
LAYERS = [
    ["base"],
    ["codec"],
    ["crypto"],
    ["x509", "oci"],
    ["envelope"],
    ["trust"],
    ["binding.hpp", "bundle_format.hpp"],
    ["verification.hpp"],
    ["verifier.hpp", "quorum.hpp"],
    ["bundle.hpp"],
    ["nv2.hpp"],
    ["c_context.hpp"],
    ["c_calls.hpp"],
    ["c_api.hpp"],
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
NOT_ADAPTERS = {"crypto/algorithm.hpp", "crypto/backend.hpp", "crypto/ecdsa_der.hpp", "crypto/insecure_sha1.hpp",
                "crypto/rsa_encoding.hpp"}
# Those that may include nv2.h, which is C and has no layer: it knows the list of errors and nothing else.
KNOW_C = {"c_context.hpp", "c_calls.hpp", "c_api.hpp"}
STD_HEADERS = set("array cstddef cstdint cstring limits new optional string_view type_traits utility".split())
MAX_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_NESTING = 3

WHY = {
    "up": ("a layer that knows what stands above it cannot be read, tested or used alone",
           "move what is needed down, or hand it in as an argument"),
    "sibling": ("siblings are alternatives; one that needs another drags it into every program",
                "move the common part into a header of a lower layer or, within the folder, into one of its own"),
    "adapter": ("a crypto adapter must be replaceable by a page that knows nothing but the seam",
                "include only base/, crypto/algorithm.hpp, crypto/backend.hpp, crypto/rsa_encoding.hpp and the crypto library's own headers"),
    "cycle": ("headers that include each other have no order in which they can be read",
              "split off what both need"),
    "umbrella": ("whoever includes the umbrella must not have to own a crypto library",
                 "leave the adapter to the user's own include"),
    "std": ("the library must build freestanding, without heap, locale or streams; each std header costs compile time too",
            "use one of: " + " ".join(sorted(STD_HEADERS))),
    "foreign": ("the core depends on nothing but a compiler",
                "only adapters in crypto/ may include headers of a crypto library"),
    "quote": ("quoted includes are found relative to the file and break in the single header",
              "write #include <nv2/...>"),
    "missing": ("the header does not exist", "correct the path"),
    "lines": (f"a header of more than {MAX_LINES} lines is two headers", "split it by what it decides"),
    "function": (f"a function of more than {MAX_FUNCTION_LINES} lines is not reviewed, only skimmed",
                 "name its steps and make each a function"),
    "nesting": (f"more than {MAX_NESTING} blocks inside each other hide a case", "return early or name the inner part"),
    "noexcept": ("the library is used with exceptions switched off; a function without noexcept costs unwind tables",
                 "add noexcept"),
    "spdx": ("licence scanners read these two lines",
             "start with // SPDX-FileCopyrightText: The nv2 authors and // SPDX-License-Identifier: Apache-2.0"),
    "guard": ("the single header and a split header may meet in one file; only the guard keeps that right",
              "open with #ifndef/#define NV2_<DIR>_<FILE>_HPP and close with #endif  // NV2_<DIR>_<FILE>_HPP"),
    "macro": ("macros have no namespace", "start its name with NV2_, or #undef it in the same header"),
    "word": ("the core has no heap, exceptions, RTTI, clock, I/O, locale or mutable state", "hand it in as an argument"),
    "static": ("mutable state makes two verifications depend on each other",
               "make it constexpr, or a member, or take it from the workspace"),
}

# What must not stand in code (comments and texts removed), and what to call it. // spec: G-001 G-002
FORBIDDEN = [
    (r"(?<!operator )\bnew\b(?!\s*\()", "new"),
    (r"(?<!::)\bnew\s*\(", "new that is not ::new (place)"),
    (r"(?<!= )\bdelete\b", "delete"),
    (r"\b(?:malloc|calloc|realloc|free|alloca|aligned_alloc)\s*\(", "allocation"),
    (r"\b(?:throw|try|catch)\b", "exception"),
    (r"\b(?:dynamic_cast|typeid)\b", "RTTI"),
    (r"\bthread_local\b", "thread_local"),
    (r"\bvirtual\b", "virtual"),
    (r"\b(?:float|double)\b", "floating point"),
    (r"\bgoto\b", "goto"),
    (r"\busing\s+namespace\b", "using namespace"),
    (r"\bstd::(?:string|vector|map|set|list|deque|unordered_\w+|function|unique_ptr|shared_ptr|any|chrono|thread|mutex|locale)\b",
     "std type with heap or state"),
    (r"\b(?:std::)?(?:time|clock|getenv|printf|fprintf|snprintf|puts|fopen|setlocale|rand|exit|abort)\s*\((?!\))",
     "clock, environment or I/O"),
    (r"\bassert\s*\(", "assert, which vanishes in release builds"),
]
STATEMENT_WORDS = {"if", "for", "while", "switch", "do", "else", "catch"}


@dataclass
class Header:
    name: str
    text: str
    code: str = ""
    findings: list[str] = field(default_factory=list)

    def find(self, rule: str, line: int, what: str) -> None:
        why, fix = WHY[rule]
        self.findings.append(f"include/nv2/{self.name}:{line}: {what}\n    Why: {why}.\n    Fix: {fix}.")

    @property
    def top(self) -> str:
        return self.name.split("/")[0]

    @property
    def is_adapter(self) -> bool:
        return self.top == "crypto" and self.name not in NOT_ADAPTERS

    @property
    def is_format(self) -> bool:
        return re.search(r"\bconstexpr\s+envelope_format\s+\w+", self.code) is not None

    def includes(self) -> list[tuple[int, str, str]]:
        return [(self.text.count("\n", 0, m.start()) + 1, m[1], m[2])
                for m in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', self.text, re.M)]


def blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def strip(text: str) -> str:
    """`text` without comments and without the insides of literals; lines and columns stay."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z_])\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda m: blank(m[0]) if m[0][0] == "/" else m[0][0] + blank(m[0][1:-1]) + m[0][-1], text)


def without_preprocessor(code: str) -> str:
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: blank(m[0]), code, flags=re.M)


def functions(code: str):
    """(first line, last line, head, deepest block inside) of every function defined in `code`."""
    stack: list[tuple[str, int, str]] = []  # kind, line, head
    start = line = depth = deepest = parens = 0
    for at, c in enumerate(code):
        if c == "\n":
            line += 1
        elif c in "([":
            parens += 1
        elif c in ")]":
            parens -= 1
        elif c == "{":
            head = code[start:at].strip()
            outer = stack[-1][0] if stack else "scope"
            kind = "block"
            if outer == "scope":
                if re.search(r"\b(?:namespace|class|struct|union|enum|extern)\b(?![^{]*\))", head):
                    kind = "scope"
                elif "(" in head and not re.search(r"=\s*$|=\s*\w[\w:<>]*\s*$", head):
                    kind = "function"
            elif parens or re.search(r"[=,(]\s*$|\breturn\b[^;]*$|[\w>]\s*$", head) and not re.search(
                    r"\b(?:else|do|noexcept|const)\s*$", head):
                kind = "value"
            if kind == "function":
                depth = deepest = 0
            elif kind == "block" and outer != "scope":
                depth += 1
                deepest = max(deepest, depth)
            stack.append((kind, line - head.count("\n") + 1, head))
            start = at + 1
        elif c == "}" and stack:
            kind, first, head = stack.pop()
            if kind == "function":
                yield first, line + 1, head, deepest
            elif kind == "block" and stack and stack[-1][0] != "scope":
                depth -= 1
            if kind != "value":
                start = at + 1
        elif c == ";" and not parens:
            start = at + 1


def check_includes(header: Header, headers: dict[str, Header]) -> None:
    for line, quote, path in header.includes():
        if quote == '"':
            header.find("quote", line, f'"{path}" is included with quotes')
        elif path.startswith("nv2/"):
            check_own_include(header, line, path[4:], headers)
        elif "/" in path or path.endswith(".h"):
            if not header.is_adapter and not (path == "nv2.h" and header.top in KNOW_C):
                header.find("foreign", line, f"<{path}> belongs to another library")
        elif path not in STD_HEADERS:
            header.find("std", line, f"<{path}> is not on the list of std headers")


def check_own_include(header: Header, line: int, path: str, headers: dict[str, Header]) -> None:
    other = headers.get(path)
    if other is None:
        header.find("missing", line, f"<nv2/{path}> is not there")
        return
    mine, theirs = RANK[header.top], RANK.get(other.top, -1)
    if header.is_adapter and other.top != "base" and path not in NOT_ADAPTERS:
        header.find("adapter", line, f"the adapter includes <nv2/{path}>")
    elif other.is_adapter:
        header.find("umbrella", line, f"<nv2/{path}> is an adapter")
    elif theirs > mine:
        header.find("up", line, f"<nv2/{path}> stands in a higher layer")
    elif theirs == mine and other.top != header.top or header.is_format and other.is_format:
        header.find("sibling", line, f"<nv2/{path}> is a sibling")


def check_cycles(headers: dict[str, Header]) -> None:
    state: dict[str, int] = {}

    def visit(name: str, trail: list[str]) -> None:
        state[name] = 1
        for line, _, path in headers[name].includes():
            target = path[4:] if path.startswith("nv2/") else ""
            if target not in headers:
                continue
            if state.get(target) == 1:
                headers[name].find("cycle", line, "a circle of includes: " + " > ".join([*trail, name, target]))
            elif target not in state:
                visit(target, [*trail, name])
        state[name] = 2

    for name in sorted(headers):
        if name not in state:
            visit(name, [])


def check_form(header: Header) -> None:
    lines = header.text.split("\n")
    if lines[:2] != ["// SPDX-FileCopyrightText: The nv2 authors", "// SPDX-License-Identifier: Apache-2.0"]:
        header.find("spdx", 1, "the two SPDX lines are missing")
    guard = "NV2_" + re.sub(r"[/.]", "_", header.name).upper()
    opened = re.search(r"^#ifndef (\w+)\n#define (\w+)\n", header.text, re.M)
    first = re.search(r"^#", header.text, re.M)
    if (not opened or not first or opened.start() != first.start() or opened.groups() != (guard, guard)
            or not header.text.endswith(f"#endif  // {guard}\n")):
        header.find("guard", 1, f"the include guard {guard} is missing or incomplete")
    if len(lines) - 1 > MAX_LINES:
        header.find("lines", MAX_LINES, f"{len(lines) - 1} lines")
    for match in re.finditer(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", header.code, re.M):
        if not match[1].startswith("NV2_") and not re.search(rf"^[ \t]*#[ \t]*undef[ \t]+{match[1]}\b", header.code, re.M):
            header.find("macro", header.code.count("\n", 0, match.start()) + 1, f"the macro {match[1]}")


def check_code(header: Header) -> None:
    for pattern, name in FORBIDDEN:
        for match in re.finditer(pattern, re.sub(r"^[ \t]*#[ \t]*include.*", lambda m: blank(m[0]), header.code, flags=re.M)):
            header.find("word", header.code.count("\n", 0, match.start()) + 1, f"'{match[0].strip()}': {name}")
    code = without_preprocessor(header.code)
    rows = code.split("\n")
    for first, last, head, deepest in functions(code):
        name = (re.findall(r"(operator\s*\S+?|~?\w+)\s*\(", head) or ["?"])[0]
        if last - first + 1 > MAX_FUNCTION_LINES:
            header.find("function", first, f"{name} has {last - first + 1} lines")
        if deepest > MAX_NESTING:
            header.find("nesting", first, f"{name} has {deepest} blocks inside each other")
        if not re.search(r"\bnoexcept\b", head) and not name.startswith("~"):
            header.find("noexcept", first, f"{name} is not noexcept")
        for offset, row in enumerate(rows[first - 1:last]):
            if re.search(r"^\s*static\b(?!_)(?!.*\bconst(?:expr)?\b)", row) and offset > head.count("\n"):
                header.find("static", first + offset, f"a static variable in {name}")
    for number, row in enumerate(rows, 1):
        if re.match(r"(?:inline|static|extern)\s+(?!const|namespace)[^()]*(?:=|;|\{\s*\})", row) and "constexpr" not in row:
            header.find("static", number, "a variable of the whole program")


def load(folder: Path) -> dict[str, Header]:
    headers = {}
    for path in sorted((folder / "nv2").rglob("*.h*")):
        name = path.relative_to(folder / "nv2").as_posix()
        text = path.read_text(encoding="utf-8")
        headers[name] = Header(name, text, strip(text))
    return headers


def check(folder: Path) -> dict[str, Header]:
    headers = load(folder)
    for header in headers.values():
        if header.top not in RANK:
            header.find("up", 1, f"'{header.top}' is in no layer")
            continue
        check_includes(header, headers)
        check_form(header)
        check_code(header)
    check_cycles(headers)
    return headers


# --- self-test ------------------------------------------------------------------------------------

GOOD = """// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#ifndef {guard}
#define {guard}
{body}
#endif  // {guard}
"""


def self_test() -> int:
    long_body = "inline int f() noexcept {\n" + "  g();\n" * 60 + "}"
    cases = [  # header, body, part of the finding or "" for none
        ("codec/json.hpp", "#include <nv2/base/bytes.hpp>\ninline void f() noexcept {}", ""),
        ("codec/json.hpp", "#include <nv2/x509/chain.hpp>", "higher layer"),
        ("x509/a.hpp", "#include <nv2/oci/reference.hpp>", "is a sibling"),
        ("crypto/openssl.hpp", "#include <openssl/evp.h>\n#include <nv2/crypto/backend.hpp>", ""),
        ("crypto/openssl.hpp", "#include <nv2/crypto/mbedtls.hpp>", "the adapter includes"),
        ("crypto/openssl.hpp", "#include <nv2/codec/der.hpp>", "the adapter includes"),
        ("nv2.hpp", "#include <nv2/crypto/mbedtls.hpp>", "is an adapter"),
        ("c_api.hpp", "#include <nv2.h>", ""),
        ("nv2.hpp", "#include <nv2.h>", "another library"),
        ("codec/json.hpp", '#include "base64.hpp"', "with quotes"),
        ("codec/json.hpp", "#include <string>", "not on the list"),
        ("codec/json.hpp", "#include <unistd.h>", "another library"),
        ("codec/json.hpp", "#include <nv2/base/none.hpp>", "is not there"),
        ("base/loop.hpp", "#include <nv2/base/loop.hpp>", "a circle"),
        ("codec/json.hpp", "\n" * 400, "lines"),
        ("codec/json.hpp", long_body, "f has 62 lines"),
        ("codec/json.hpp", "inline int f() noexcept { if (a) { for (;;) { if (b) { while (c) { g(); } } } } }", "4 blocks"),
        ("codec/json.hpp", "inline int f() { return 1; }", "not noexcept"),
        ("codec/json.hpp", "struct a {\n  a() noexcept : b_{1} {}\n  ~a() {}\n  int b_;\n};", ""),
        ("codec/json.hpp", "inline int f(int n) noexcept {\n  static int calls = 0;\n  return n + ++calls;\n}", "a static variable"),
        ("codec/json.hpp", "inline int f() noexcept {\n  static constexpr int k[] = {1};\n  return k[0];\n}", ""),
        ("codec/json.hpp", "inline int counter = 0;", "whole program"),
        ("codec/json.hpp", "inline void f() noexcept { delete p; }", "delete"),
        ("codec/json.hpp", "struct a { a(const a&) = delete; };  // throw new things", ""),
        ("codec/json.hpp", "inline void f() noexcept { int* p = new int; }", "'new'"),
        ("codec/json.hpp", "inline void f(void* p) noexcept { ::new (p) int; }", ""),
        ("codec/json.hpp", "inline void f() noexcept { throw 1; }", "exception"),
        ("codec/json.hpp", "using text = std::string;", "heap"),
        ("codec/json.hpp", "using text = std::string_view;", ""),
        ("codec/json.hpp", "inline long f() noexcept { return time(nullptr); }", "clock"),
        ("codec/json.hpp", "#define MAX(a) a", "the macro MAX"),
        ("other/a.hpp", "", "in no layer"),
    ]
    failed = 0
    for name, body, expected in cases:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            others = {n: "" for n in ("base/bytes.hpp", "codec/der.hpp", "x509/chain.hpp", "oci/reference.hpp",
                                      "crypto/mbedtls.hpp", "crypto/backend.hpp")}
            for file, content in {**others, name: body}.items():
                path = folder / "nv2" / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(GOOD.format(guard="NV2_" + re.sub(r"[/.]", "_", file).upper(), body=content))
            found = "\n".join(f for h in check(folder).values() for f in h.findings)
        if (expected not in found) if expected else bool(found):
            failed += 1
            print(f"{name}: {body[:60]!r}: expected {expected or 'nothing'!r}, found {found or 'nothing'}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


def main() -> int:
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    if len(sys.argv) > 2 or (len(sys.argv) == 2 and sys.argv[1].startswith("-")):
        print(__doc__, file=sys.stderr)
        return 2
    headers = check(Path(sys.argv[1]) if len(sys.argv) == 2 else ROOT / "include")
    bad = [h for h in headers.values() if h.findings]
    for header in bad:
        print("\n".join(header.findings))
    if not headers:
        print("no header found", file=sys.stderr)
    print(f"{len(headers) - len(bad)} passed, {len(bad)} failed")
    return 1 if bad or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
