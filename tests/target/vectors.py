# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Real signatures on the boards: each case must get the verdict and the code that it gets everywhere."""
from __future__ import annotations

import base64
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import boards
import pack

# Of the short run: every so many cases. A prime, so that it meets all kinds of a row.
STRIDE = 17
# What a backend without a scheme answers.
REFUSED = {"crypto_unsupported", "crypto_failure"}
# Names in DER and text of what p256-m and SHA-256 do not offer.
BEYOND_P256 = [bytes.fromhex(oid) for oid in ("2a864886f70d0101", "2b81040022", "2b81040023", "2a8648ce3d040303", "2a8648ce3d040304",
                                              "608648016503040202", "608648016503040203")] + [b"sha384:", b"sha512:"]
NO_HEAP = re.compile(r"^_?(?:[mc]alloc|realloc|free|sbrk|_(?:malloc|calloc|realloc|free|sbrk)_r|mbedtls_calloc|_Zn[wa]\w*|_Zd[la]\w*)$")


class Answer(NamedTuple):
    code: int
    verdict: int
    instructions: int
    stack: int
    workspace: int
    heap: int


def wants_more_than_p256(content: bytes) -> bool:
    """Whether something in the case, or in base64 in it, names another curve, RSA or a longer hash."""
    layer = content
    for _ in range(3):
        if any(name in layer for name in BEYOND_P256):
            return True
        texts = re.findall(rb"[A-Za-z0-9+/_-]{16,}", layer)
        layer = b"\n".join(base64.urlsafe_b64decode(t.replace(b"+", b"-").replace(b"/", b"_") + b"=" * (-len(t) % 4))
                           for t in texts if len(t) % 4 != 1)
    return False


def select(everything: bool, words: str) -> list[pack.Case]:
    cases = pack.all_cases()
    if words:
        return [case for case in cases if words in case.name]
    return cases if everything else cases[::STRIDE]


def kinds_left_out(cases: list[pack.Case]) -> list[str]:
    """Formats that no case with this outcome has."""
    wanted = {(form, verdict) for form in ("nv2-json", "nv2-jwt", "jws", "cose") for verdict in ("trusted", "rejected")}
    return sorted(" ".join(kind) for kind in wanted - {(case.format, case.verdict) for case in cases})


def read(output: str) -> tuple[list[Answer], str]:
    """The answers in the output of an image, and what is wrong with it, or ""."""
    lines = output.strip().split("\n")
    answers = []
    for line in lines[:-1]:
        numbers = line.split()
        if numbers[0] != "case" or len(numbers) != 8 or int(numbers[1]) != len(answers):
            return answers, line
        answers.append(Answer(*map(int, numbers[2:])))
    return answers, "" if lines[-1] == "end" else lines[-1] or "no output"


class Vectors:
    def __init__(self, builder: boards.Builder, cases: list[pack.Case], pool: ThreadPoolExecutor) -> None:
        self.builder, self.cases, self.pool = builder, cases, pool
        self.pack = builder.folder / "cases.pack"
        self.pack.write_bytes(pack.pack(cases))
        self.codes = pack.codes()
        self.names = {number: name for name, number in self.codes.items()}
        self.verdicts = {number: name for name, number in pack.verdicts().items()}
        self.limited = [wants_more_than_p256(case.content) for case in cases]
        self.passed, self.failures = 0, []
        self.results: dict[tuple[str, str], list[Answer]] = {}

    def common(self, board: str) -> list[Path]:
        flags = [*boards.SIZE_FLAGS, *boards.WARNINGS]
        return [self.builder.compile(board, boards.HERE / source, *flags) for source in ("vectors.cpp", "support/board.cpp")]

    def image(self, board: str, backend: str, common: list[Path]) -> Path:
        objects = [*common, self.builder.backend(board, backend)]
        return self.builder.link(board, f"vectors-{backend}", objects, *self.builder.archives(board, backend), "--specs=nano.specs")

    def expect(self, right: bool, what: str) -> None:
        self.passed += right
        if not right:
            self.failures.append(what)

    def check(self, board: str, backend: str, status: int, output: str) -> None:
        """Compares what an image said with what is expected."""
        where = f"{board} {backend}"
        answers, trouble = read(output)
        self.expect(status == 0 and trouble == "" and len(answers) == len(self.cases),
                    f"{where}: exit status {status}, {len(answers)} answers to {len(self.cases)} cases, {trouble}")
        self.results[board, backend] = answers
        limited = boards.BACKENDS[backend].only_p256
        for case, answer, beyond in zip(self.cases, answers, self.limited):
            name, verdict = self.names.get(answer.code, str(answer.code)), self.verdicts.get(answer.verdict)
            right = (name, verdict) == (case.expect, case.verdict)
            refused = limited and beyond and name in REFUSED and verdict == "rejected"
            self.expect(right or refused, f"{where}: {case.name}: {name}, {verdict}; expected {case.expect}, {case.verdict}")
        for case, answer in zip(self.cases, answers):
            if case.verdict == "trusted":
                heap_as_told = (answer.heap > 0) == boards.BACKENDS[backend].has_heap
                self.expect(heap_as_told, f"{where}: {case.name}: {answer.heap} bytes of heap")

    def check_symbols(self, board: str, backend: str, image: Path) -> None:
        """No allocator in an image that has no heap; that one with a heap shows some tells that we would see it."""
        rows = boards.command(boards.NM, image).splitlines()
        found = sorted(name for name in (row.split()[-1] for row in rows) if NO_HEAP.match(name))
        wanted = ["mbedtls_calloc"] if boards.BACKENDS[backend].has_heap else []
        self.expect(found == wanted, f"{board} {backend}: allocator in the image: {found}")

    def run(self, machines: list[str], backends: list[str]) -> None:
        common = dict(zip(machines, self.pool.map(self.common, machines)))
        pairs = [(board, backend) for board in machines for backend in backends]
        images = dict(zip(pairs, self.pool.map(lambda pair: self.image(*pair, common[pair[0]]), pairs)))
        for pair, image in images.items():
            self.check_symbols(*pair, image)
        # The first board twice: its numbers must be the same.
        again = [pair for pair in pairs if pair[0] == self.main_board(machines)]
        runs = list(self.pool.map(lambda pair: boards.run(pair[0], images[pair], self.pack), pairs + again))
        for pair, (status, output) in zip(pairs, runs):
            self.check(*pair, status, output)
        for pair, (_, output) in zip(again, runs[len(pairs):]):
            self.expect(read(output)[0] == self.results[pair], f"{' '.join(pair)}: other numbers in the second run")

    @staticmethod
    def main_board(machines: list[str]) -> str:
        return "m4" if "m4" in machines else machines[0]

    def report(self, machines: list[str], backends: list[str]) -> str:
        """Instructions by case and backend on one board; the most of everything else by board."""
        board = self.main_board(machines)
        width = max(len(case.name) for case in self.cases)
        lines = [f"instructions on {board}, signature checks and hashes included", " " * width + "".join(f"{b:>13}" for b in backends)]
        for i, case in enumerate(self.cases):
            row = [self.results[board, b][i] if i < len(self.results[board, b]) else None for b in backends]
            numbers = ["-" if a is None or self.names.get(a.code) in REFUSED else f"{a.instructions:,}" for a in row]
            lines.append(f"{case.name:{width}}" + "".join(f"{number:>13}" for number in numbers) + f"  {case.expect}")
        lines.append("\nbytes at most        stack  workspace    heap   refused for want of a scheme")
        for (board, backend), answers in self.results.items():
            most = [max((getattr(a, field) for a in answers), default=0) for field in ("stack", "workspace", "heap")]
            refused = sum(self.names.get(a.code) in REFUSED and case.expect not in REFUSED for a, case in zip(answers, self.cases))
            lines.append(f"{board:5}{backend:12} {most[0]:>9,}  {most[1]:>9,}  {most[2]:>6,}   {refused} of {len(answers)}")
        return "\n".join(lines)
