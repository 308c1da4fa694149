# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Proves that what a program does not name is not linked: neither a function or constant by its name, nor an instruction by its line."""
from __future__ import annotations

import re

from areas import FEATURES
from link_map import Section, is_library


def judge(program: str, sections: list[Section], origins: dict[str, int]) -> tuple[int, list[str]]:
    """How many features are where they should be, and what is wrong with the others."""
    names = [section.name for section in sections if is_library(section)]
    passed, findings = 0, []
    for feature, (headers, pattern, programs) in FEATURES.items():
        lines = [header for header in headers if header in origins]
        symbols = [name for name in names if re.search(pattern, name)]
        if program not in programs:
            wrong = f"has {', '.join(lines + symbols[:3])}" if lines or symbols else ""
        else:
            # Or the patterns would prove nothing for the other programs.
            wrong = "" if lines == headers and symbols else f"shows too little of it: {lines}, {symbols[:3]}"
        passed += not wrong
        findings += [f"{program}, {feature}: {wrong}"] if wrong else []
    return passed, findings
