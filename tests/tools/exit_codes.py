#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the table of exit codes into the manual, from examples/nv2/errors.hpp, where it stands.

  exit_codes.py             writes it
  exit_codes.py --check     writes nothing; exit 1 when the manual says something else
"""
import re
import sys
from pathlib import Path

CLIENT = Path(__file__).resolve().parents[2] / "examples" / "nv2"
MANUAL = CLIENT / "nv2.1"
BEGIN, END = '.\\" exit codes: begin\n', '.\\" exit codes: end\n'


def table() -> str:
    source = (CLIENT / "errors.hpp").read_text(encoding="utf-8")
    body = re.search(r"enum class exit_code : int \{(.*?)\};", source, re.S)[1]
    numbers = dict(re.findall(r"(\w+) = (\d+),", body))
    texts = dict(re.findall(r'\{exit_code::(\w+),\s*"([^"]+)"\}', source))
    if not numbers or set(numbers) != set(texts):
        sys.exit("errors.hpp: exit_code and exit_code_texts do not have the same codes")
    rows = sorted((int(number), texts[name]) for name, number in numbers.items())
    return "".join(f".TP\n{number}\n{text[0].upper()}{text[1:]}.\n" for number, text in rows)


def main() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    wanted = before + BEGIN + table() + END + rest.split(END)[1]
    if sys.argv[1:] == ["--check"]:
        if wanted != text:
            sys.exit("examples/nv2/nv2.1: other exit codes than in errors.hpp\n    Fix: run tests/tools/exit_codes.py")
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        MANUAL.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main()
