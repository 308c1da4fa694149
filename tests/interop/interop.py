#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Runs this project's client against the two real prototype programs, both ways, and compares every verdict.

  interop.py --nv2 CLIENT --go-json PROGRAM --go-jwt PROGRAM    the whole matrix, live
  interop.py --go-only --go-json PROGRAM --go-jwt PROGRAM       the prototype alone: is the rule book right about it?
  interop.py ... --record FILE                                  keeps every judged file with the prototype's verdict
  interop.py --nv2 CLIENT --replay FILE                         judges such a recording, without the prototype

Needs Python 3.9 and the openssl program. Cases whose program is missing are skipped; --require-peers fails them.
The last line is `N passed, N failed, N skipped`; the exit code is 0 when nothing failed.
"""
from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import cases as rows  # noqa: E402
import testpki  # noqa: E402
from cases import ACCEPT, FORMS, HOST, JSON, JWT, REJECT, Case  # noqa: E402

HERE = Path(__file__).resolve().parent
KINDS = ("rsa2048", "rsa3072", "rsa4096", "p256", "p384", "p521")


@dataclass
class Outcome:
    code: int
    out: str
    err: str

    @property
    def last_words(self) -> str:
        return self.err.strip().splitlines()[-1] if self.err.strip() else self.out.strip()[:200]


class Report:
    def __init__(self, options: argparse.Namespace) -> None:
        self.verbose, self.require_peers = options.verbose, options.require_peers
        self.passed = self.failed = self.skipped = 0
        self.why_skipped: dict[str, int] = {}

    def check(self, case: str, ok: bool, detail: str = "") -> bool:
        if ok:
            self.passed += 1
            if self.verbose:
                print(f"ok    {case}")
        else:
            self.failed += 1
            print(f"FAIL  {case}: {detail}")
        return ok

    def skip(self, case: str, why: str) -> None:
        if self.require_peers:
            self.check(case, False, f"not run: {why}")
            return
        self.skipped += 1
        self.why_skipped[why] = self.why_skipped.get(why, 0) + 1
        if self.verbose:
            print(f"skip  {case}: {why}")

    def close(self) -> int:
        for why, count in self.why_skipped.items():
            print(f"skipped {count}: {why}")
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed else 0


class Tool:
    """One program with the prototype's command line."""

    def __init__(self, label: str, path: str | None, ours: bool, work: Path) -> None:
        self.label, self.ours, self.work = label, ours, work
        found = shutil.which(str(Path(path).resolve())) if path else None
        self.path = found
        self.missing = "" if found else f"no program for {label}" + (f" at {path}" if path else "")

    def run(self, *arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> Outcome:
        try:
            done = subprocess.run([self.path, *arguments], input=stdin, capture_output=True, cwd=cwd or self.work,
                                  timeout=60, check=False)
        except subprocess.TimeoutExpired:
            return Outcome(-1, "", "no answer within 60 s")
        return Outcome(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    def sign(self, form: str, key: Path, cert: Path | None, manifest: Path, output: Path | None,
             *more: str, cwd: Path | None = None) -> Outcome:
        arguments = ["sign", "--method", "x509", "-k", str(key)]
        arguments += ["-c", str(cert)] if cert else []
        arguments += ["-o", str(output)] if output else []
        arguments += ["--format", form] if self.ours and form != JWT else []  # JWT has to be the default
        return self.run(*arguments, *more, f"file:{manifest}", cwd=cwd)

    def verify(self, signature: Path, manifest: Path, certs=(), ca_certs=(), media_type: str | None = None,
               at: int | None = None) -> Outcome:
        arguments = ["verify", "-s", str(signature)]
        for each in certs:
            arguments += ["-c", str(each)]
        for each in ca_certs:
            arguments += ["--ca-cert", str(each)]
        arguments += ["--media-type", media_type] if media_type is not None else []
        arguments += ["--time", str(at)] if self.ours and at is not None else []
        return self.run(*arguments, f"file:{manifest}")


def verdict_problem(outcome: Outcome, verdict: str, digest: str, exits: tuple[int, ...]) -> str:
    """Empty when the outcome is that verdict; a digest may be printed on acceptance only, and then alone."""
    if outcome.code == 0 and outcome.out != digest + "\n":
        return f"exit 0, but printed {outcome.out!r} instead of the digest"
    if outcome.code != 0 and re.search(r"sha\d+:", outcome.out):
        return f"exit {outcome.code}, but printed {outcome.out!r}"
    if outcome.code not in exits:
        return f"expected {verdict}, got exit {outcome.code} ({outcome.last_words})"
    return ""


class Recorder:
    """Judged files with the prototype's verdict, as one JSON text; equal files are kept once."""

    def __init__(self) -> None:
        self.files: dict[str, str | dict] = {}
        self.entries: list[dict] = []

    def keep(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()[:12]
        try:
            self.files[name] = data.decode("ascii")
        except UnicodeDecodeError:
            self.files[name] = {"base64": rows.b64(data)}
        return name

    def add(self, case: Case, verdict: str, words: str) -> None:
        # The texts of the prototype are kept without the time of day that starts them.
        entry = {
            "id": case.id, "format": case.form, "signature": self.keep(case.envelope),
            "manifest": self.keep(case.manifest), "media_type": case.media_type,
            "certs": [self.keep(each) for each in case.certs], "ca_certs": [self.keep(each) for each in case.ca_certs],
            "prototype": verdict, "prototype_says": re.sub(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ", "", words),
            "ours": case.ours, "our_exits": list(case.our_exits),
            "prints": case.prints if case.ours == ACCEPT else None, "note": case.note}
        self.entries.append({member: value for member, value in entry.items() if value not in (None, [], "")
                             or (member == "media_type" and value is not None)})

    def write(self, path: Path, tools: list[str]) -> None:
        head = {"comment": "Made by interop.py --record: what the real prototype programs said of each file.",
                "programs": tools, "time": int(time.time())}
        files = ",\n".join(f"{json.dumps(name)}:{json.dumps(data)}" for name, data in self.files.items())
        entries = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in self.entries)
        path.write_text(f'{json.dumps(head)[:-1]},\n"files":{{\n{files}\n}},\n"cases":[\n{entries}\n]}}\n')


def load_recording(path: Path) -> tuple[int, list[Case], list[str]]:
    text = json.loads(path.read_text())

    def data(name: str) -> bytes:
        stored = text["files"][name]
        return stored.encode() if isinstance(stored, str) else base64.b64decode(stored["base64"])

    found = [Case(entry["id"], entry["format"], data(entry["signature"]), data(entry["manifest"]),
                  [data(each) for each in entry.get("certs", [])], [data(each) for each in entry.get("ca_certs", [])],
                  entry["prototype"], entry["ours"], entry.get("note", ""), entry.get("media_type"),
                  tuple(entry["our_exits"]), entry.get("prints", ""))
             for entry in text["cases"]]
    return text["time"], found, text["programs"]


class Interop:
    def __init__(self, options: argparse.Namespace, work: Path) -> None:
        self.options, self.work, self.report, self.recorder = options, work, Report(options), Recorder()
        self.ours = Tool("our client", options.nv2, True, work)
        self.go = {JSON: Tool("the JSON prototype", options.go_json, False, work),
                   JWT: Tool("the JWT prototype", options.go_jwt, False, work)}
        self.run_ours = not options.go_only
        self.run_go = options.replay is None
        self.counter = 0

    # --- pieces ---

    def folder(self) -> Path:
        self.counter += 1
        path = self.work / f"{self.counter:04}"
        path.mkdir()
        return path

    def judge(self, tool: Tool, case_id: str, verdict: str, digest: str, exits: tuple[int, ...], *arguments,
              **named) -> Outcome | None:
        who = f"{case_id} [{tool.label} verifies]"
        if not tool.path:
            self.report.skip(who, tool.missing)
            return None
        outcome = tool.verify(*arguments, **named)
        problem = verdict_problem(outcome, verdict, digest, exits)
        self.report.check(who, not problem, problem)
        return outcome

    def run_case(self, case: Case, at: int | None = None) -> None:
        folder = self.folder()

        def put(name: str, data: bytes) -> Path:
            (folder / name).write_bytes(data)
            return folder / name

        signature, manifest = put("signature.nv2", case.envelope), put("manifest.json", case.manifest)
        certs = [put(f"cert{i}.crt", each) for i, each in enumerate(case.certs)]
        ca_certs = [put(f"ca{i}.crt", each) for i, each in enumerate(case.ca_certs)]
        arguments = (signature, manifest, certs, ca_certs, case.media_type)
        if self.run_go:
            exits = (0,) if case.reference == ACCEPT else (1,)
            outcome = self.judge(self.go[case.form], case.id, case.reference, case.prints, exits, *arguments)
            if outcome:
                self.recorder.add(case, ACCEPT if outcome.code == 0 else REJECT, outcome.err.strip())
        if self.run_ours:
            self.judge(self.ours, case.id, case.ours, case.prints, case.our_exits, *arguments, at=at)

    # --- groups ---

    def matrix(self) -> None:
        """Every key, x5c and kid, with and without references and expiry, signed by each side, verified by both."""
        keys = self.work / "keys"
        keys.mkdir()
        material = {}
        for kind in KINDS:
            key = testpki.Key.generate(kind, keys / f"{kind}.key")
            cert = testpki.make_cert(key, HOST, san=[HOST], usage=["digitalSignature"], ca=False)
            material[kind] = key, testpki.bundle(keys / f"{kind}.crt", cert)
        manifest = rows.compact({"schemaVersion": 2, "mediaType": rows.DOCKER, "config": {
            "mediaType": "application/vnd.docker.container.image.v1+json", "size": 1469,
            "digest": rows.digest_of(b"matrix")}, "layers": []}).encode()
        digest = rows.digest_of(manifest)
        target = self.work / "matrix-manifest.json"
        target.write_bytes(manifest)
        tampered = self.work / "matrix-tampered.json"
        tampered.write_bytes(manifest.replace(b"1469", b"1468"))
        references = [f"{HOST}/app:v1", f"{HOST}/team/app@{digest}"]

        for form, kind, mode, refs, expiry in product(FORMS, KINDS, ("x5c", "kid"), (False, True), (False, True)):
            key, cert = material[kind]
            name = "/".join([form, kind, mode, "refs" if refs else "no-refs", "expiry" if expiry else "no-expiry"])
            more = [part for each in references for part in ("-r", each)] if refs else []
            more += ["-e", "8760h"] if expiry else []
            texts = {}
            for signer in (self.go[form], self.ours) if self.run_ours else (self.go[form],):
                case = f"{name} [{signer.label} signs]"
                if not signer.path:
                    self.report.skip(case, signer.missing)
                    continue
                output = self.folder() / "signature.nv2"
                made = signer.sign(form, key.path, cert if mode == "x5c" else None, target, output, *more)
                problem = verdict_problem(made, ACCEPT, digest, (0,))
                if not self.report.check(case, not problem, problem):
                    continue
                texts[signer.label] = output.read_text()
                for verifier in (self.go[form], self.ours) if self.run_ours else (self.go[form],):
                    common = (output, target, [cert])
                    self.judge(verifier, case, ACCEPT, digest, (0,), *common)
                    self.judge(verifier, f"{case} tampered", REJECT, "", (1,), output, tampered,
                               [cert])
                    if verifier.ours and verifier.path and expiry:
                        end = self.expiry_of(form, texts[signer.label])
                        self.judge(verifier, f"{case} one second before expiry", ACCEPT, digest, (0,), *common,
                                   at=end - 1)
                        self.judge(verifier, f"{case} at expiry", REJECT, digest, (1,), *common, at=end)
                if not signer.ours and refs and not expiry:
                    kept = Case(f"signed {name}", form, output.read_bytes(), manifest, [cert.read_bytes()], [],
                                ACCEPT, ACCEPT)
                    self.recorder.add(kept, ACCEPT, "")
            if len(texts) == 2:
                theirs, mine = (self.masked(form, texts[each.label]) for each in (self.go[form], self.ours))
                self.report.check(f"{name} [both sign alike]", theirs == mine,
                                  f"\n  prototype {theirs}\n  ours      {mine}")

    @staticmethod
    def parts(form: str, text: str) -> tuple[str, str]:
        if form == JSON:
            return text, text
        segments = text.split(".")
        header, body = (base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)).decode() for each in segments[:2])
        return header, body

    def expiry_of(self, form: str, text: str) -> int:
        return int(re.search(r'"exp":(\d+)', self.parts(form, text)[1]).group(1))

    def masked(self, form: str, text: str) -> str:
        """What was written, less what differs from run to run."""
        shown = " . ".join(self.parts(form, text)) if form == JWT else text
        return re.sub(r'"sig":"[^"]*"', '"sig":…', re.sub(r'"(iat|nbf|exp)":\d+', r'"\1":…', shown))

    def golden(self) -> None:
        folder = HERE / "golden"
        index = json.loads((folder / "index.json").read_text())
        for entry in index["signatures"]:
            manifest = folder / entry["manifest"]
            certs, ca_certs = ([folder / each for each in entry[which]] for which in ("certs", "ca_certs"))
            media = entry["media_type"] if entry["format"] == JWT and entry["media_type"] != rows.DOCKER else None
            targets = [(manifest, ACCEPT)]
            if entry["manifest"] in index["tampered_manifests"]:
                targets.append((folder / index["tampered_manifests"][entry["manifest"]], REJECT))
            for target, verdict in targets:
                name = f"golden {entry['file']} over {target.name}"
                arguments = (folder / entry["file"], target, certs, ca_certs, media)
                exits = (0,) if verdict == ACCEPT else (1,)
                if self.run_go and not (entry["exp"] and entry["exp"] <= time.time()):
                    self.judge(self.go[entry["format"]], name, verdict, entry["digest"], exits, *arguments)
                if self.run_ours:
                    self.judge(self.ours, name, verdict, entry["digest"], exits, *arguments, at=entry["time"])

    def hand_made(self) -> None:
        folder = self.work / "hand-made"
        folder.mkdir()
        for case in rows.all_cases(folder):
            self.run_case(case)

    def replay(self) -> None:
        at, cases, _ = load_recording(self.options.replay)
        for case in cases:
            self.run_case(case, at)

    def command_line(self) -> None:
        """Flags, files and exit codes. Each step runs once a program."""
        tools = [(self.go[form], form) for form in FORMS if self.run_go]
        tools += [(self.ours, form) for form in FORMS if self.run_ours]
        for tool, form in tools:
            self.command_line_of(tool, form)

    def command_line_of(self, tool: Tool, form: str) -> None:
        label = f"command line {form}"
        if not tool.path:
            self.report.skip(f"{label} [{tool.label}]", tool.missing)
            return
        folder = self.folder()
        key = testpki.Key.generate("p256", folder / "key.pem")
        cert = testpki.make_cert(key, HOST, san=[HOST], usage=["digitalSignature"])
        testpki.bundle(folder / "cert.pem", cert)
        (folder / "cert.der").write_bytes(cert.der)
        manifest = b'{"schemaVersion":2}'
        (folder / "m.json").write_bytes(manifest)
        (folder / "a b.json").write_bytes(manifest)
        digest = rows.digest_of(manifest)
        format_flag = ["--format", form] if tool.ours and form != JWT else []
        usage, missing = ((2,), (3,)) if tool.ours else ((1,), (1,))
        refused = (1, 2, 3) if tool.ours else (1,)

        def step(name: str, exits: tuple[int, ...], *arguments: str, stdin: bytes = b"") -> None:
            done = tool.run(*arguments, stdin=stdin, cwd=folder)
            problem = verdict_problem(done, "exit " + "/".join(map(str, exits)), digest, exits)
            self.report.check(f"{label} {name} [{tool.label}]", not problem, problem)

        def holds(name: str, ok: bool, detail: str) -> None:
            self.report.check(f"{label} {name} [{tool.label}]", ok, detail)

        sign = ["sign", *format_flag, "-m", "x509", "-k", "key.pem"]
        verify = ["verify", "-s", "s.nv2", "-c", "cert.pem"]
        step("N-173 sign", (0,), *sign, "-c", "cert.pem", "-r", f"{HOST}/a:v1", "-o", "s.nv2", "file:m.json")
        step("N-173 verify", (0,), *verify, "file:m.json")
        step("N-160 verify stdin", (0,), *verify, stdin=manifest)
        step("N-160 verify other stdin", (1,), *verify, stdin=manifest + b" ")
        step("N-160 sign stdin", (0,), *sign, "-o", "t.nv2", stdin=manifest)
        step("N-169 -f", (0,), "verify", "-f", "s.nv2", "-c", "cert.pem", "file:m.json")
        step("N-169 long names", (0,), "verify", "--signature", "s.nv2", "--cert", "cert.pem", "file:m.json")
        step("N-169 flag with equals sign", (0,), "verify", "--signature=s.nv2", "--cert=cert.pem", "file:m.json")
        step("N-161 long names", (0,), "sign", *format_flag, "--method", "x509", "--key", "key.pem",
             "--cert", "cert.pem", "--expiry", "30m", "--reference", f"{HOST}/a", "--output", "t.nv2", "file:m.json")
        step("N-161 long names, verified", (0,), "verify", "-s", "t.nv2", "-c", "cert.pem", "file:m.json")
        step("N-166 default output", (0,), *sign, "file:m.json")
        holds("N-166 default output is there", (folder / f"{digest[7:]}.nv2").exists(), "no file named by the digest")
        (folder / "t.nv2").write_bytes(b"x" * 10000)
        step("N-166 sign over an old file", (0,), *sign, "-c", "cert.pem", "-o", "t.nv2", "file:m.json")
        step("N-166 old file replaced", (0,), "verify", "-s", "t.nv2", "-c", "cert.pem", "file:m.json")
        step("N-164 negative expiry", (0,), *sign, "-c", "cert.pem", "-e", "-1h", "-o", "t.nv2", "file:m.json")
        step("N-164 negative expiry, verified", (1,), "verify", "-s", "t.nv2", "-c", "cert.pem", "file:m.json")
        step("N-164 expiry 1h30m0.5s", (0,), *sign, "-c", "cert.pem", "-e", "1h30m0.5s", "-o", "t.nv2", "file:m.json")
        step("N-164 bad expiry", usage, *sign, "-e", "8760", "-o", "u.nv2", "file:m.json")
        step("N-178 absolute file URI", (0,), *verify, f"file://{folder}/a%20b.json")
        step("N-178 opaque part is verbatim", (0,), *verify, "file:a b.json")
        step("N-180 scheme in upper case", (0,), *verify, "FILE:m.json")
        step("N-180 unknown scheme", usage, *verify, "ftp://registry.example.com/m.json")
        step("N-176 no such manifest", missing, *verify, "file:none.json")
        step("N-176 no such signature", missing, "verify", "-s", "none.nv2", "-c", "cert.pem", "file:m.json")
        step("N-176 no such certificate", missing, "verify", "-s", "s.nv2", "-c", "none.pem", "file:m.json")
        to_u = ["-o", "u.nv2", "file:m.json"]
        step("N-162 no such key", missing, "sign", *format_flag, "-m", "x509", "-k", "none.pem", *to_u)
        step("N-161 unknown method", usage, "sign", *format_flag, "-m", "gpg", "-k", "key.pem", *to_u)
        for name, arguments in (("N-161 no method", ["sign", *format_flag, "-k", "key.pem", *to_u]),
                                ("N-169 no signature", ["verify", "-c", "cert.pem", "file:m.json"]),
                                ("N-174 unknown flag", [*verify, "--no-such-flag", "file:m.json"])):
            step(name, usage, *arguments)
        # The prototype takes a file without PEM for an empty list; our client reads DER too.
        step("N-172 certificate without PEM", (0,) if tool.ours else refused, "verify", "-s", "s.nv2", "-c", "cert.der", "file:m.json")

        other = testpki.Key.generate("p256", folder / "other.pem")
        testpki.bundle(folder / "other.crt", testpki.make_cert(other, HOST, san=[HOST], usage=["digitalSignature"]))
        step("N-163 key and certificate differ", refused, *sign, "-c", "other.crt", "-o", "u.nv2", "file:m.json")
        (folder / "both.pem").write_bytes((folder / "other.crt").read_bytes() + (folder / "cert.pem").read_bytes())
        step("N-170 bundle", (0,), "verify", "-s", "s.nv2", "-c", "both.pem", "file:m.json")
        step("N-170 two files", (0,), "verify", "-s", "s.nv2", "-c", "other.crt", "-c", "cert.pem", "file:m.json")
        holds("failed signing leaves no file", not (folder / "u.nv2").exists(), "u.nv2 is there")

        uncovered = [*sign, "-c", "cert.pem", "-r", "registry.example.org/a:v1", "-o", "v.nv2", "file:m.json"]
        if not tool.ours and form == JWT:
            step("N-177 uncovered reference, exit 0 all the same", (0,), *uncovered)
            left = folder / "v.nv2"
            holds("N-177 empty file", left.exists() and left.read_bytes() == b"", "no empty file was left")
        else:
            step("N-125 uncovered reference", refused, *uncovered)
            holds("N-125 no file", not (folder / "v.nv2").exists(), "v.nv2 is there")
        step("N-125 uncovered reference without certificate", (0,), *sign, "-r", "registry.example.org/a:v1",
             "-o", "w.nv2", "file:m.json")
        step("N-125 uncovered reference, verified", (1,), "verify", "-s", "w.nv2", "-c", "cert.pem", "file:m.json")
        if form == JWT:
            oci = ["--media-type", "application/vnd.oci.image.manifest.v1+json"]
            step("N-168 sign media type", (0,), *sign, "-c", "cert.pem", *oci, "-o", "t.nv2", "file:m.json")
            step("N-168 verify media type", (0,), "verify", "-s", "t.nv2", "-c", "cert.pem", *oci, "file:m.json")
            step("N-168 default media type", (1,), "verify", "-s", "t.nv2", "-c", "cert.pem", "file:m.json")
            step("N-168 media type, stdin", (0,), "verify", "-s", "t.nv2", "-c", "cert.pem", *oci, stdin=manifest)

        for kind in ("rsa2048", "p256", "p384", "p521"):
            pkcs8 = testpki.Key.generate(kind, folder / f"{kind}.pkcs8")
            old = folder / f"{kind}.traditional"
            old.write_bytes(testpki.openssl("pkey", "-in", str(pkcs8.path), "-traditional"))
            testpki.bundle(folder / "k.crt", testpki.make_cert(pkcs8, HOST, san=[HOST]))
            step(f"N-162 {kind} PKCS#1/SEC1 key", (0,), "sign", *format_flag, "-m", "x509", "-k", old.name,
                 "-o", "k.nv2", "file:m.json")
            step(f"N-162 {kind} PKCS#1/SEC1 key, verified", (0,), "verify", "-s", "k.nv2", "-c", "k.crt", "file:m.json")


def version_lines(options: argparse.Namespace) -> list[str]:
    lines = []
    for form, path in ((JSON, options.go_json), (JWT, options.go_jwt)):
        if path and shutil.which("go"):
            done = subprocess.run(["go", "version", str(path)], capture_output=True, text=True, check=False)
            lines.append(f"{form}: built with " + done.stdout.strip().rsplit(": ", 1)[-1])
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nv2", help="this project's client")
    parser.add_argument("--go-json", help="the prototype program of version 0.1.2")
    parser.add_argument("--go-jwt", help="the prototype program of version 0.2.0")
    parser.add_argument("--go-only", action="store_true", help="leave our client out")
    parser.add_argument("--require-peers", action="store_true", help="a missing program is a failure")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write every judged file and verdict")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="let our client judge a recording")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep the files in DIR (default: a temporary folder)")
    parser.add_argument("--only", choices=["matrix", "golden", "hand-made", "command-line"], help="one group")
    parser.add_argument("-v", "--verbose", action="store_true", help="print passing cases too")
    options = parser.parse_args()
    if options.go_only and options.replay:
        parser.error("--go-only leaves nothing to --replay")

    if options.work:
        shutil.rmtree(options.work / "interop", ignore_errors=True)
        work = options.work.resolve() / "interop"
        work.mkdir(parents=True)
        return run(options, work)
    with tempfile.TemporaryDirectory(prefix="nv2-interop-") as name:
        return run(options, Path(name).resolve())


def run(options: argparse.Namespace, work: Path) -> int:
    interop = Interop(options, work)
    if options.replay:
        interop.replay()
        return interop.report.close()
    groups = {"matrix": interop.matrix, "golden": interop.golden, "hand-made": interop.hand_made,
              "command-line": interop.command_line}
    for name, group in groups.items():
        if options.only in (None, name):
            print(f"== {name}", flush=True)
            group()
    if options.record:
        interop.recorder.write(options.record, version_lines(options))
    return interop.report.close()


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C"
    sys.exit(main())
