# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""The commands themselves, colours, the JSON verdict, and that documents about the client are true."""
import json
import os
import pty
import re
import subprocess
from pathlib import Path

import harness
from harness import GOLDEN, HERE, ROOT, ClientTest

CLIENT = ROOT / "examples" / "nv2"
VERDICT_TIME = "2026-12-01T00:00:00Z"


class Commands(ClientTest):
    def test_nothing_prints_help(self) -> None:
        """// spec: N-160"""
        for arguments in ([], ["--help"], ["-h"], ["help"], ["h"], ["-help"]):
            with self.subTest(arguments):
                run = self.run_client(*arguments)
                self.assertEqual((run.code, run.err), (0, ""), run)
                for text in ("verify", "sign", "inspect", "Exit codes"):
                    self.assertIn(text, run.out)

    def test_help_of_commands(self) -> None:
        for command in ("verify", "sign", "inspect"):
            texts = {self.run_client(*a).out for a in (["help", command], [command, "--help"], [command, "-h"])}
            self.assertEqual(len(texts), 1)
            self.assertIn(f"nv2 {command} [OPTIONS]", texts.pop())
        self.assert_failed(self.run_client("help", "nonsense"), 2, "unknown command: nonsense")

    def test_version(self) -> None:
        config = (ROOT / "include/nv2/base/config.hpp").read_text()
        version = ".".join(re.findall(r"#define NV2_VERSION_\w+ (\d+)", config))
        for option in ("--version", "-v", "-version"):
            run = self.run_client(option)
            self.assertEqual((run.code, run.out, run.err), (0, f"nv2 version {version}\n", ""))

    def test_unknown(self) -> None:
        self.assert_failed(self.run_client("push"), 2, "unknown command: push", "nv2 --help")
        self.assert_failed(self.run_client("--nonsense"), 2, "unknown option: --nonsense")
        for option in ("--nonsense", "--no-such"):
            with self.subTest(option):
                self.assert_failed(self.run_client("verify", "-f", "x", option, "y"), 2, f"unknown option: {option}")
        self.assert_failed(self.run_client("verify", "-x"), 2, "unknown option: -x")

    def test_missing_values(self) -> None:
        for arguments in (["verify", "-f"], ["verify", "--cert"], ["sign", "-m"], ["sign", "--expiry"]):
            with self.subTest(arguments):
                self.assert_failed(self.run_client(*arguments), 2)

    def test_last_single_option_counts(self) -> None:
        self.sign()
        self.assert_trusted(self.verify("--time", "1", "--time", VERDICT_TIME))

    def test_stdout_that_cannot_be_written(self) -> None:
        """A digest that got lost is no success."""
        self.sign()
        for more in ([], ["--output", "json"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([harness.program, "verify", "-f", "s.nv2", "-c", str(self.bench.certs["p256"]), *more,
                                       f"file:{self.bench.manifest}"], stdout=full, stderr=subprocess.PIPE, cwd=self.work)
            self.assertEqual(done.returncode, 3, done)

    def test_closed_streams(self) -> None:
        """No file may take the place of a closed stream."""
        self.sign()
        good = (self.work / "s.nv2").read_bytes()
        verify = f"{harness.program} verify -f s.nv2 -c {self.bench.certs['p256']}"
        sign = f"{harness.program} sign -m x509 -k {self.bench.key_path('p256')} -o new.nv2 file:{self.bench.manifest}"
        for command, code in ((f"{verify} <&-", 3), (f"{verify} file:{self.bench.manifest} >&-", 3), (f"{sign} >&-", 3),
                              (f"{verify} file:s.nv2 2>&-", 1), (f"{verify} file:s.nv2 <&- >&- 2>&-", 1)):
            with self.subTest(command):
                done = subprocess.run(["sh", "-c", command], capture_output=True, cwd=self.work)
                self.assertEqual((done.returncode, done.stdout), (code, b""), done)
                self.assert_no_new_file("s.nv2")
                self.assertEqual((self.work / "s.nv2").read_bytes(), good)

    def test_closed_pipe(self) -> None:
        self.sign()
        reader, writer = os.pipe()
        os.close(reader)
        try:
            done = subprocess.run([harness.program, "verify", "-f", "s.nv2", "-c", str(self.bench.certs["p256"]),
                                   f"file:{self.bench.manifest}"], stdout=writer, stderr=subprocess.PIPE, cwd=self.work)
        finally:
            os.close(writer)
        self.assertEqual(done.returncode, 3, done)


class Passwords(ClientTest):
    def shown(self, *words: str) -> list[bytes]:
        """What lists of processes show of a client that waits for its manifest."""
        child = subprocess.Popen([harness.program, "verify", "-s", self.work / "s.nv2", "-c", self.bench.certs["p256"], "-u", "me", *words],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        child.stderr.readline()  # the warning about passwords that can be seen
        words_shown = Path(f"/proc/{child.pid}/cmdline").read_bytes().split(b"\0")
        out, _ = child.communicate(self.bench.manifest.read_bytes())
        self.assertEqual((child.returncode, out.decode()), (0, self.bench.digest + "\n"))
        return words_shown

    def test_no_password_in_lists_of_processes(self) -> None:
        self.sign()
        for words in (["-p", "hunter2"], ["--p", "hunter2"], ["-password", "hunter2"], ["--password", "hunter2"], ["-p=hunter2"],
                      ["-password=hunter2"], ["--password=hunter2"], ["-p", "hunter2", "--password=hunter2"], ["-phunter2"]):
            with self.subTest(words):
                shown = self.shown(*words, "--color", "never")
                self.assertEqual([w for w in shown if b"hunter2" in w], [])
                self.assertEqual(shown[-3:], [b"--color", b"never", b""])
                self.assertIn(b"me", shown)


class Color(ClientTest):
    def test_choices(self) -> None:
        for more, env, colored in (([], {}, False), (["--color", "auto"], {}, False), (["--color", "never"], {}, False),
                                   (["--color", "always"], {}, True), (["--color", "always"], {"NO_COLOR": "1"}, True)):
            with self.subTest(more=more, env=env):
                run = self.run_client("verify", "-f", "nowhere", *more, env=env)
                self.assertEqual("\x1b[" in run.err, colored, run)
        self.assert_failed(self.run_client("verify", "-f", "x", "--color", "blue"), 2, '"blue" for option --color')

    def test_on_a_terminal(self) -> None:
        for env, colored in (({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
            with self.subTest(env):
                self.assertEqual(b"\x1b[" in self.on_terminal(env), colored)

    def on_terminal(self, env: dict) -> bytes:
        main, side = pty.openpty()
        base = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
        done = subprocess.run([harness.program, "verify", "-f", "nowhere"], stdin=subprocess.DEVNULL, stdout=side, stderr=side,
                              env={**base, **env}, cwd=self.work)
        os.close(side)
        shown = os.read(main, 65536)
        os.close(main)
        self.assertEqual(done.returncode, 3)
        return shown

    def test_digest_is_never_colored(self) -> None:
        self.sign()
        self.assert_trusted(self.verify("--color", "always"))


class Verdict(ClientTest):
    def verdict(self, *more, code: int, word: str, **options) -> dict:
        return self.assert_verdict(self.verify("--output", "json", *more, **options), code, word)

    def test_recorded_documents(self) -> None:
        """Word for word."""
        rows = {"trusted": ("jwt-p256-x5c.nv2", "acme-p256.crt", "manifest.json", 0),
                "tampered": ("json-p256-x5c.nv2", "acme-p256.crt", "manifest-tampered.json", 1),
                "unknown-signer": ("jwt-rsa2048-chain2.nv2", "acme-p256.crt", "manifest.json", 1)}
        for name, (signature, cert, manifest, code) in rows.items():
            with self.subTest(name):
                run = self.run_client("verify", "-f", signature, "-c", cert, "--time", VERDICT_TIME, "--output", "json",
                                      f"file:{manifest}", cwd=GOLDEN)
                self.assert_verdict(run, code, "rejected" if code else "trusted")
                self.assertEqual(run.out, (HERE / "golden" / f"verdict-{name}.json").read_text())

    def test_time(self) -> None:
        self.sign("-e", "87600h")
        self.assertEqual(self.verdict("--time", VERDICT_TIME, code=0, word="trusted")["time"],
                         {"basis": "at", "value": VERDICT_TIME})
        self.assertEqual(self.verdict("--time", "after:1", code=1, word="rejected")["time"],
                         {"basis": "after", "value": "1970-01-01T00:00:01Z"})
        self.assertEqual(self.verdict("--time", "unknown", code=1, word="rejected")["time"],
                         {"basis": "unknown", "value": None})
        self.assertEqual(self.verdict(code=0, word="trusted")["time"]["basis"], "at")

    def test_checks(self) -> None:
        self.write_jwt(self.bench.claims(exp=1700000000))
        checks = self.verdict("--time", VERDICT_TIME, code=1, word="rejected")["checks"]
        self.assertEqual(checks, {"integrity": "ok", "authenticity": "ok", "authenticTimestamp": "ok", "expiry": "failed",
                                  "revocation": "skipped", "binding": "skipped"})

    def test_error(self) -> None:
        (self.work / "s.nv2").write_text('{"signed":{}, "x" 1}')
        error = self.verdict(code=1, word="rejected")["error"]
        self.assertEqual((error["name"], error["rule"], error["stage"]), ("json_syntax", "G-010", "envelope"))
        self.assertEqual(error["code"], 0x210)
        self.assertTrue(14 <= error["offset"] <= 18, error)

    def test_without_a_verdict(self) -> None:
        """Failures of every kind give the document too."""
        self.sign()
        rows = [(3, "unavailable", dict(signature="nowhere")), (3, "unavailable", dict(target="file:nowhere")),
                (2, "usage", dict(target="docker://registry.example.com"))]
        for code, name, options in rows:
            with self.subTest(name):
                error = self.verdict(code=code, word="rejected", **options)["error"]
                self.assertEqual((error["code"], error["name"]), (0, name))
        for more in (["--time", "x"], ["--nonsense"], ["--color", "x"], ["-c"]):
            with self.subTest(more):
                self.assertEqual(self.verdict(*more, code=2, word="rejected", target=None)["error"]["name"], "usage")
        run = self.run_client("verify", "--output", "json")
        self.assert_verdict(run, 2, "rejected")

    def test_form(self) -> None:
        self.sign()
        self.assert_trusted(self.verify("--output", "text"))
        for text in ("yaml", "", "JSON"):
            self.assert_failed(self.verify("--output", text), 2, "--output", "text, json")

    def test_message_stays_on_stderr(self) -> None:
        self.sign()
        run = self.verify("--output", "json", kind="p521")
        self.assert_verdict(run, 1, "rejected")
        self.assertRegex(run.err, "^" + harness.LOG_TIME + "verification failure: ")


class Documents(ClientTest):
    """Every option of --help stands in the manual page and in each completion file, and the other way round."""

    def options(self, command: str) -> set[str]:
        return set(re.findall(r"(?<![\w-])(--[a-z][a-z0-9-]+)", "\n".join(
            line for line in self.run_client(command, "--help").out.splitlines() if re.match(r"\s+-", line))
            .replace("--compat NAME", "--compat")))

    def commands(self) -> list[str]:
        return re.findall(r"(?m)^  ([a-z-]+) ", self.run_client("--help").out.split("Subcommands:")[1].split("Exit codes:")[0])

    def test_commands(self) -> None:
        """Every command is in the manual page and in each completion file."""
        self.assertIn("run-if-trusted", self.commands())
        for path in (CLIENT / "nv2.1", *(CLIENT / "completions" / name for name in ("nv2.bash", "_nv2", "nv2.fish"))):
            text = path.read_text().replace("\\-", "-")
            for command in self.commands():
                with self.subTest(f"{command} in {path.name}"):
                    self.assertRegex(text, rf"(?<![\w-]){re.escape(command)}(?![\w-])")

    def check(self, path: Path) -> None:
        text = path.read_text().replace("\\-", "-")
        options = {o for command in self.commands() for o in self.options(command)}
        for option in options:
            name = option[2:]
            found = re.search(rf"(--|-l ){re.escape(name)}(?![\w-])", text)
            self.assertTrue(found, f"{option} is missing in {path.name}")
        for option in re.findall(r"(?<![\w-])--([a-z][a-z0-9-]+)", text) + re.findall(r"complete .*-l ([a-z][a-z0-9-]+)", text):
            self.assertIn(f"--{option}", options | {"--version"}, path.name)

    def test_manual(self) -> None:
        self.check(CLIENT / "nv2.1")

    def test_completions(self) -> None:
        for name in ("nv2.bash", "_nv2", "nv2.fish"):
            with self.subTest(name):
                self.check(CLIENT / "completions" / name)

    def test_deviations_in_manual(self) -> None:
        manual = (CLIENT / "nv2.1").read_text().replace("\\-", "-")
        for line in self.run_client("help", "compat").out.splitlines():
            if line.startswith("  "):
                self.assertIn(line.split()[0], manual)

    def test_schema_is_json(self) -> None:
        schema = json.loads((CLIENT / "verdict.schema.json").read_text())
        self.assertEqual(schema["properties"]["schema"], {"const": "nv2.verdict/1"})
        self.assertTrue(harness.problems_of({}, schema))
