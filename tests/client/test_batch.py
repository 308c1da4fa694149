# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 verify --batch: one answer for each line, in order, whatever is in the others."""
from __future__ import annotations

import json
import os
import subprocess
import time

import harness
from harness import VERDICT_SCHEMA, problems_of
from policies import NOTARY, OCI_TYPE, SCOPE, TIME, PolicyTest, level, statement

LONGEST = 65536


class BatchTest(PolicyTest):
    def line(self, name: str = "p256", form: str = "jws", **more) -> dict:
        members = {"target": f"file:{NOTARY / f'{name}-{form}.manifest.json'}", "signature": str(NOTARY / f"{name}.{form}.sig"),
                   "scope": SCOPE}
        return {k: v for k, v in (members | more).items() if v is not None}

    def batch(self, lines, *more, code: int = 0, config: bool = True, option=("--batch",)) -> list[dict]:
        text = lines if isinstance(lines, bytes) else b"".join(
            (each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n" for each in lines)
        self.last = self.run_client("verify", *option, "--media-type", OCI_TYPE, "--time", TIME,
                                    *(["--config", self.config] if config else []), *more, stdin=text)
        self.assertEqual(self.last.code, code, self.last)
        self.assertTrue(self.last.out.isascii())
        answers = [json.loads(each) for each in self.last.out.splitlines()]
        for each in answers:
            self.assertEqual(problems_of(each, VERDICT_SCHEMA), [], each)
            self.assertEqual(each["exit"] == 0, each["verdict"] in ("trusted", "skipped"), each)
            self.assertEqual(each["digest"] is not None, each["verdict"] == "trusted", each)
        return answers


class Batch(BatchTest):
    def test_trusted(self) -> None:
        lines = [self.line(name, form, id=f"{name}-{form}") for name in ("p256", "rsa2048") for form in ("jws", "cose")]
        answers = self.batch(lines)
        self.assertEqual(self.last.err, "")
        self.assertEqual([(e["line"], e["id"], e["target"], e["exit"], e["messages"]) for e in answers],
                         [(i + 1, line["id"], line["target"], 0, []) for i, line in enumerate(lines)])
        self.assertEqual(answers[1]["digest"], self.digest("p256", "cose"))

    def test_where_lines_come_from(self) -> None:
        path = self.work / "targets"
        path.write_text(json.dumps(self.line()))  # without a line feed
        for option, given in ((("--batch",), path.read_bytes()), (("--batch", "-"), path.read_bytes()),
                              ((f"--batch={path}",), b""), (("-batch=-",), path.read_bytes())):
            with self.subTest(option):
                self.assertEqual(len(self.batch(given, option=option)), 1)

    def test_order(self) -> None:
        """A slow line in front keeps its place, and one thread answers as eight do."""
        big = self.work / "big.sig"
        big.write_bytes(b"[" * 900_000)
        lines = [self.line(signature=str(big)) if i % 7 == 0 else self.line(("p256", "rsa2048")[i % 2], id=str(i)) for i in range(300)]
        several = self.batch(lines, "--jobs", 8, code=1)
        self.assertEqual([e["line"] for e in several], list(range(1, 301)))
        self.assertEqual(several, self.batch(lines, "--jobs", 1, code=1))

    def test_broken_lines(self) -> None:
        rows = [(b"{", "no JSON object"), (b"[]", "no JSON object"), (b'"x"', "no JSON object"), (b"\xff", "no JSON object"),
                (b'{"target": "file:a", "target": "file:b"}', "each stand once"),
                (b'{"target": "file:a"} {}', "no JSON object"),
                (b"{}", 'no "target"'), (b'{"target": ""}', "no text"), (b'{"target": 1}', "no text"), (b'{"target": null}', "no text"),
                (b'{"target": "a\\u0000b"}', "zero byte"),
                (b'{"target": "file:a", "cert": "x"}', "unknown member of the line: cert"),
                (b'{"target": "file:a", "signature": []}', "is empty"),
                (b'{"target": "file:a", "signature": ["a", "b"]}', "--threshold"),
                (b'{"target": "file:a", "digest": "sha256:1"}', "no supported digest"),
                (b'{"target": "oci-layout:-"}', "standard input"),
                (b'{"target": "x"}', "unsupported URI scheme"),
                (b'{"target": "' + b"x" * LONGEST + b'"}', "longer than 65536")]
        answers = self.batch([self.line(), *(text for text, _ in rows), self.line()], code=2)
        self.assertEqual(len(answers), len(rows) + 2)
        self.assertEqual([answers[0]["verdict"], answers[-1]["verdict"]], ["trusted", "trusted"])
        for (text, message), answer in zip(rows, answers[1:]):
            with self.subTest(text[:60]):
                self.assertEqual((answer["verdict"], answer["exit"], answer["error"]["name"]), ("rejected", 2, "usage"))
                self.assertIn(message, answer["error"]["message"])

    def test_length_of_lines(self) -> None:
        text = json.dumps(self.line()).encode()
        answers = self.batch(text + b" " * (LONGEST - len(text)) + b"\n" + text + b" " * (LONGEST - len(text) + 1) + b"\n\n \n" + text, code=2)
        self.assertEqual([(e["line"], e["exit"]) for e in answers], [(1, 0), (2, 2), (5, 0)])

    def test_endless_line_in_little_memory(self) -> None:
        child = subprocess.Popen([harness.program, "verify", "--batch", "--ca-cert", NOTARY / "p256-root.crt"], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                 preexec_fn=harness.data_limit(64 << 20))
        for _ in range(1024):
            child.stdin.write(b"x" * (1 << 18))
        out, _ = child.communicate()
        self.assertIn(b"longer than", out)
        self.assertEqual(child.returncode, 2)

    def test_exit_code(self) -> None:
        """Refused before wrong before unavailable; only the last may help itself."""
        good, refused = self.line(), self.line(target=f"file:{NOTARY / 'rsa2048-jws.manifest.json'}")
        wrong, unavailable = b"{}", self.line(signature="nowhere")
        for lines, code in (([good], 0), ([good, unavailable], 3), ([unavailable, wrong], 2), ([wrong, unavailable, refused, good], 1)):
            answers = self.batch(lines, code=code)
            if code:
                self.assertIn(f" of {len(lines)} targets are not trusted", self.last.err)
                self.assertEqual(len(self.last.err.splitlines()), 5, self.last)
        self.assertEqual([e["exit"] for e in answers], [2, 3, 1, 0])
        self.assertTrue(any(m.startswith("next: ") for m in answers[2]["messages"]))

    def test_nothing_is_no_success(self) -> None:
        for text in (b"", b"\n \n"):
            self.assertEqual(self.batch(text, code=2), [])
            self.assertIn("no target in the batch", self.last.err)

    def test_expected_digest(self) -> None:
        """// spec: W-001"""
        good, bad = self.batch([self.line(digest=self.digest()), self.line(digest=self.digest("rsa2048"))], code=1)
        self.assertEqual(good["verdict"], "trusted")
        self.assertEqual((bad["error"]["name"], bad["checks"]["binding"]), ("reference_digest", "failed"))

    def test_skipped_and_logged(self) -> None:
        self.write_policy(statement(signatureVerification=level("skip"), trustStores=None, trustedIdentities=None),
                          statement(name="audit", registryScopes=["registry.example.com/audit"], signatureVerification=level("audit"),
                                    trustStores=["ca:nobody"]))
        skipped, logged = self.batch([self.line(), self.line(scope="registry.example.com/audit")])
        self.assertEqual((skipped["verdict"], skipped["digest"]), ("skipped", None))
        self.assertIn("NOT VERIFIED: the policy skips verification of 1 of 2 targets", self.last.err)
        self.assertEqual(logged["verdict"], "trusted")
        self.assertIn("warning: the check authenticity failed", logged["messages"][0])
        self.assertNotIn("authenticity", self.last.err)
        self.assertEqual(self.batch([self.line(digest="sha256:" + "0" * 64)], code=1)[0]["verdict"], "rejected")

    def test_trust_is_read_once(self) -> None:
        """What changes meanwhile does not count: all targets are judged by the same."""
        child = subprocess.Popen([harness.program, "verify", "--batch", "--config", self.config, "--media-type", OCI_TYPE, "--time", TIME],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        text = json.dumps(self.line()).encode() + b"\n"
        child.stdin.write(text)
        child.stdin.flush()
        first = json.loads(child.stdout.readline())  # comes before the second line is there
        (self.config / "trustpolicy.json").write_text("{")
        child.stdin.write(text)
        out, err = child.communicate()
        self.assertEqual((first["verdict"], json.loads(out)["verdict"], child.returncode), ("trusted", "trusted", 0), err)

    def test_hostile_names(self) -> None:
        (answer,) = self.batch([{"target": "file:\x1b[2J\u202e", "id": "\x1b]0;x\x07", "signature": "\x1b", "scope": SCOPE}], code=3)
        self.assertEqual(answer["id"], "\x1b]0;x\x07")
        self.assert_printable(self.last.err)

    @staticmethod
    def bytes_read(child: subprocess.Popen) -> int:
        with open(f"/proc/{child.pid}/io", encoding="ascii") as counters:
            return int(next(line.split()[1] for line in counters if line.startswith("rchar")))

    def test_reader_that_goes_away(self) -> None:
        """Neither a full pipe nor a closed one makes the client grow or hang."""
        path = self.work / "targets"
        path.write_text((json.dumps(self.line()) + "\n") * 3000)
        child = subprocess.Popen([harness.program, "verify", f"--batch={path}", "--config", self.config, "--media-type", OCI_TYPE,
                                  "--time", TIME, "--jobs", "4"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        child.stdout.readline()
        seen = [-1, self.bytes_read(child)]
        while seen[-1] != seen[-2]:  # ends only if the client waits for its reader
            time.sleep(1)
            seen.append(self.bytes_read(child))
        self.assertIsNone(child.poll())
        child.stdout.close()
        err = child.stderr.read()
        child.stderr.close()
        self.assertEqual(child.wait(20), 3, err)
        self.assertIn(b"cannot write to standard output", err)

    def test_wrong_options(self) -> None:
        for options, text in ((["--jobs", "2", "file:x"], "--jobs has no use"), (["--batch", "file:x"], "TARGET does not go"),
                              (["--batch", "-s", "x"], "--signature and --bundle"), (["--batch", "--bundle", "x"], "--signature and --bundle"),
                              (["--batch", "-u", "me"], "docker login"), (["--batch", "-p", "secret"], "docker login"),
                              (["--batch", "--password-stdin"], "docker login"), (["--batch", "--output", "text"], "answered as JSON"),
                              (["--batch", "--jobs", "0"], "--jobs"), (["--batch", "--jobs", "257"], "--jobs"),
                              (["--batch", "--jobs", "x"], "--jobs")):
            with self.subTest(options):
                self.assert_failed(self.run_client("verify", *options), 2, text)
        self.assert_failed(self.run_client("verify", "--batch=nowhere"), 3, "cannot read the batch")

    def test_many_scopes_in_few_files(self) -> None:
        """Policy and stores are opened once, however many repositories there are."""
        self.write_policy(statement(registryScopes=["*"]))
        lines = [self.line(scope=f"registry.example.com/app{i}") for i in range(50)]
        with open(os.devnull, "wb") as nothing:
            done = subprocess.run(["strace", "-f", "-e", "trace=openat", "-o", self.work / "trace", harness.program, "verify", "--batch",
                                   "--config", self.config, "--media-type", OCI_TYPE, "--time", TIME],
                                  input="".join(json.dumps(e) + "\n" for e in lines).encode(), stdout=nothing, check=False,
                                  env=os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}) \
                if os.path.exists("/usr/bin/strace") else None
        if done is None:
            self.skipTest("needs strace")
        trace = (self.work / "trace").read_text()
        self.assertEqual(done.returncode, 0)
        self.assertEqual(trace.count("trustpolicy.json"), 1)


class Spread(BatchTest):
    """examples/batch/spread.sh answers as one run does."""
    spread = harness.ROOT / "examples" / "batch" / "spread.sh"

    def run_spread(self, text: bytes, workers: int, code: int) -> bytes:
        (self.work / "targets").write_bytes(text)
        done = subprocess.run([self.spread, "targets", "answers", str(workers), "--config", self.config, "--media-type", OCI_TYPE, "--time", TIME],
                              cwd=self.work, env=os.environ | {"NV2": harness.program}, capture_output=True, check=False)
        self.assertEqual(done.returncode, code, done)
        return (self.work / "answers").read_bytes() if (self.work / "answers").exists() else b""

    def test_same_answers(self) -> None:
        lines = [self.line(id="1+1"), b"{", self.line("rsa2048", "cose", id='"line":7'), self.line(signature="nowhere"), self.line(digest=self.digest("rsa2048"))]
        for chosen, code in ((lines * 3, 1), (lines[:4], 2), ([lines[0], lines[3]], 3), (lines[:1] * 7, 0)):
            one = self.batch(chosen, code=code)
            text = self.last.out.encode()
            self.assertEqual(len(one), len(chosen))
            given = b"".join((each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n" for each in chosen)
            for workers in (1, 2, 4):
                with self.subTest((code, workers)):
                    self.assertEqual(self.run_spread(given, workers, code), text)
                    self.assertEqual(self.run_spread(given.rstrip(b"\n"), workers, code), text)

    def test_nothing(self) -> None:
        self.assertEqual(self.run_spread(b"", 2, 2), b"")

