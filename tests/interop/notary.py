#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Runs this project's client against the real notation over Notary Project signatures, both ways, and compares verdicts.

  notary.py --nv2 CLIENT --notation PROGRAM --peer PROGRAM    everything, live (build_notation.sh makes the two programs)
  notary.py --notation PROGRAM --peer PROGRAM                 the real programs alone: are the expectations right?
  notary.py ... --record FILE                                 keeps signatures and verdicts of the real programs
  notary.py --nv2 CLIENT --replay FILE                        judges such a recording and golden/notary, without the real programs

Needs Python 3.9 with cryptography. Cases whose program is missing are skipped; --require-peers fails them.
The last line is `N passed, N failed, N skipped`; the exit code is 0 when nothing failed.
"""
from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import notary_adversarial as adversarial  # noqa: E402
import notary_attributes as attributes  # noqa: E402
import notary_differences as differences  # noqa: E402
import notary_layouts as layouts  # noqa: E402
import notary_lists as lists  # noqa: E402
import notary_matrix as matrix  # noqa: E402
import notary_mutations as mutations  # noqa: E402
import notary_policies as policies  # noqa: E402
import notary_recording as recording  # noqa: E402
import notary_revocation as revocation  # noqa: E402
import notary_timestamps as timestamps  # noqa: E402
import notary_tokens as tokens  # noqa: E402
from notary_bench import Bench  # noqa: E402

GROUPS = {"matrix": matrix.they_sign, "we-sign": matrix.we_sign, "times": matrix.times, "blobs": matrix.blobs,
          "golden": matrix.golden, "layouts": layouts.run, "policies": policies.documents, "identities": policies.identities,
          "vectors": adversarial.run, "attributes": attributes.run, "timestamps": timestamps.run, "tokens": tokens.run,
          "revocation": revocation.run, "lists": lists.run,
          "mutations": mutations.run, "differences": differences.check}


def run(options: argparse.Namespace, work: Path) -> int:
    bench = Bench(options, work)
    try:
        if options.replay:
            recording.replay(bench, options.replay)
            matrix.golden(bench)
            attributes.run(bench)
            differences.check(bench)
        else:
            for name, group in GROUPS.items():
                if not options.only or name in options.only:
                    start = time.monotonic()
                    group(bench)
                    print(f"== {name}: {time.monotonic() - start:.1f} s", flush=True)
            if options.record:
                recording.write(bench, options.record)
    finally:
        bench.close()
    return bench.report.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nv2", help="this project's client")
    parser.add_argument("--notation", help="the command of the Notary Project, version 1.3")
    parser.add_argument("--peer", help="notation_peer")
    parser.add_argument("--require-peers", action="store_true", help="a missing program is a failure")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write signatures and verdicts")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="let our client judge a recording")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep the files in DIR (default: a temporary folder)")
    parser.add_argument("--only", action="append", choices=GROUPS, help="one group; may be given several times")
    parser.add_argument("-v", "--verbose", action="store_true", help="print passing cases too")
    parser.add_argument("--differences", action="store_true", help="write DIFFERENCES.md and leave")
    options = parser.parse_args()
    if options.differences:
        differences.FILE.write_text(differences.text())
        return 0
    if options.work:
        shutil.rmtree(options.work / "notary", ignore_errors=True)
        work = options.work.resolve() / "notary"
        work.mkdir(parents=True)
        return run(options, work)
    with tempfile.TemporaryDirectory(prefix="nv2-notary-") as name:
        return run(options, Path(name).resolve())


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C"
    sys.exit(main())
