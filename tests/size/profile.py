# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Tells which functions the instructions of one verification on a Cortex-M4 are executed in, by a trace of the emulator."""
from __future__ import annotations

import re
import subprocess
from bisect import bisect_right
from collections import Counter
from pathlib import Path

from targets import Target, run

TRACED = re.compile(r"\[[0-9a-f]+/([0-9a-f]+)/")


def functions(target: Target, program: Path) -> list[tuple[int, str]]:
    rows = re.findall(r"^([0-9a-f]+) [tTwW] ([^$].*)$", run(f"{target.tools}nm", "-C", program), re.M)
    return sorted((int(address, 16) & ~1, name) for address, name in rows)


def profile(target: Target, program: Path, index: int) -> Counter:
    """Of the run with that index, outside the backend."""
    known = functions(target, program)
    addresses = [address for address, _ in known]
    trace = subprocess.Popen([*target.emulator[:-1], "-singlestep", "-d", "exec,nochain", "-D", "/dev/stderr", "-kernel", str(program)],
                             stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    counts, run_number, inside, in_backend = Counter(), -1, False, False
    for line in trace.stderr:
        found = TRACED.search(line)
        if not found:
            continue
        at = int(found[1], 16)
        name = known[bisect_right(addresses, at) - 1][1]
        if name == "size_verify" and not inside:
            run_number, inside = run_number + 1, True
        inside = inside and name != "board_used_stack"
        # The backend calls nothing of the library, and both call memcpy.
        in_backend = name.startswith("size_backend_") or (in_backend and not name.startswith("nv2::") and name != "size_verify")
        if inside and not in_backend and run_number == index:
            counts[name] += 1
        if run_number > index:
            break
    trace.kill()
    trace.wait()
    return counts
