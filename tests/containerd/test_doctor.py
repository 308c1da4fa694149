# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 doctor: what it proves, and the holes that it finds."""
import json
import os
import shutil
import unittest
from datetime import datetime, timedelta, timezone

import harness
import images
import testpki
from harness import ROOT, Run
from images import ImageTest
from signing import chains

NOBODY = 65534


class DoctorTest(ImageTest):
    """A plugin folder with our verifier, which finds the configuration beside it."""

    def setUp(self) -> None:
        super().setUp()
        for folder in (self.work, self.etc):
            folder.chmod(0o755)
        prefix = self.work / "prefix"
        (prefix / "etc").mkdir(parents=True)
        (prefix / "bin").mkdir()
        self.etc.rename(prefix / "etc" / "nv2")
        self.etc = prefix / "etc" / "nv2"
        self.program = prefix / "bin" / "nv2-containerd-verifier"
        shutil.copy(images.verifier, self.program)
        self.plugins = self.work / "plugins"
        self.plugins.mkdir()
        (self.plugins / "nv2").symlink_to(self.program)
        self.containerd = self.work / "config.toml"
        self.write_containerd()

    def write_containerd(self, more: str = "", **settings) -> None:
        settings = {"bin_dir": f'"{self.plugins}"', "per_verifier_timeout": '"10s"'} | settings
        lines = [f"  {name} = {value}" for name, value in settings.items()]
        self.containerd.write_text("\n".join(["version = 3", '[plugins."io.containerd.image-verifier.v1.bindir"]', *lines, more, ""]))

    def doctor(self, *more, code: int | None = None, config: bool = True) -> list[tuple[str, str, str]]:
        """Kind, check and message of each finding."""
        words = ["doctor", "--containerd", "--containerd-config", self.containerd] if config else ["doctor"]
        run = self.run_client(*words, *more, "--output", "json")
        if code is not None:
            self.assertEqual(run.code, code, run)
        self.assertEqual(run.err, "", run)
        document = json.loads(run.out)
        self.assertEqual((document["schema"], document["proven"]), ("nv2.doctor/1", run.code == 0))
        for each in document["findings"]:
            self.assertTrue(each["subject"] and each["message"], each)
            if each["kind"] in ("hole", "fault"):
                self.assertTrue(each.get("next"), each)
        return [(each["kind"], each["check"], each["message"]) for each in document["findings"]]

    def assert_found(self, findings: list, kind: str, check: str, text: str = "") -> None:
        self.assertTrue([each for each in findings if each[0] == kind and each[1] == check and text in each[2]], findings)

    def script(self, text: str, name: str = "other") -> None:
        path = self.plugins / name
        path.write_text("#!/bin/sh\n" + text + "\n")
        path.chmod(0o755)


@unittest.skipUnless(os.geteuid() == 0, "only root's files are beyond doubt")
class Containerd(DoctorTest):
    def test_proven(self) -> None:
        found = self.doctor("--trusted", self.name(), "--untrusted", self.name("plain"), code=0)
        self.assertLessEqual({each[0] for each in found}, {"proven", "noted"})
        for check, text in (("containerd", "verifiers are asked"), ("plugin", "only root"), ("configuration", "read"), ("policy", "1 statement"),
                            ("statement", "enforces everything"), ("trust store", "1 certificate"), ("clock", ""),
                            ("unknown image", "it is refused"), ("trusted", "it passes: nv2: trusted by statement 'team'"),
                            ("untrusted", "it is refused: nv2: exit code 1: ")):
            with self.subTest(check):
                self.assert_found(found, "proven", check, text)

    def test_text(self) -> None:
        run = self.run_client("doctor", "--containerd", "--containerd-config", self.containerd, "--trusted", self.name("plain"))
        self.assertEqual((run.code, run.err), (1, ""), run)
        self.assertRegex(run.out, r"(?m)^ok      containerd: ")
        self.assertRegex(run.out, r"(?m)^FAULT   trusted: .*it is refused.*\n        next: ")

    def test_empty_folder(self) -> None:
        (self.plugins / "nv2").unlink()
        self.assert_found(self.doctor("--trusted", self.name(), code=1), "hole", "plugins", "the folder is empty: containerd pulls everything")
        self.plugins.rmdir()
        self.assert_found(self.doctor(code=1), "hole", "plugins", "does not exist: containerd pulls everything")

    def test_verifier_that_says_yes_to_all(self) -> None:
        (self.plugins / "nv2").unlink()
        self.script("exit 0")
        found = self.doctor("--verifier-config", self.etc / "containerd.json", "--untrusted", self.name("plain"), code=1)
        self.assert_found(found, "hole", "unknown image", "it passes")
        self.assert_found(found, "hole", "untrusted", "it passes")

    def test_verifier_that_says_no_to_all(self) -> None:
        self.script("echo never; exit 1")
        self.assert_found(self.doctor("--trusted", self.name(), code=1), "fault", "trusted", "it is refused: other: exit code 1: never")

    def test_refusal_without_verdict_proves_nothing(self) -> None:
        for text, reason in (("exit 3", "exit code 3"), ("kill -KILL $$", "ended by signal 9"), ("sleep 60 & sleep 60", "not answer in time")):
            with self.subTest(text):
                self.script(text)
                self.write_containerd(per_verifier_timeout='"1s"')
                found = self.doctor("--untrusted", self.name("signed"), code=3)
                self.assert_found(found, "unproven", "untrusted", f"not by a verdict: other: {reason}" if "code" in reason else reason)

    def test_swapped(self) -> None:
        found = self.doctor("--trusted", self.name("plain"), "--untrusted", self.name(), code=1)
        self.assert_found(found, "fault", "trusted", "no signature")
        self.assert_found(found, "hole", "untrusted", "it passes")

    def test_no_such_artifact(self) -> None:
        digest = "sha256:" + "a" * 64
        self.assert_found(self.doctor("--trusted", self.name(tag="@" + digest), code=3), "unproven", "trusted", "no such artifact")
        self.assert_found(self.doctor("--trusted", "127.0.0.1:1/x/y:v1", "--timeout", "1", code=3), "unproven", "trusted")

    def test_files_of_others(self) -> None:
        rows = [(self.plugins, "plugins"), (self.program, "plugin"), (self.program.parent, "plugin"), (self.etc / "trustpolicy.json", "policy"),
                (self.etc / "truststore/x509/ca/acme/root.crt", "certificate"), (self.etc / "truststore/x509/ca/acme", "trust store")]
        for path, check in rows:
            mode = path.stat().st_mode & 0o777
            for spoil, mend in ((lambda p: p.chmod(mode | 0o002), lambda p: p.chmod(mode)),
                                (lambda p: os.chown(p, NOBODY, 0), lambda p: os.chown(p, 0, 0))):
                with self.subTest(str(path.relative_to(self.work))):
                    spoil(path)
                    self.assert_found(self.doctor(code=1), "hole", check, "others than root")
                    mend(path)
        self.doctor(code=0)

    def test_files_that_are_no_programs(self) -> None:
        (self.plugins / "README").write_text("read me")
        self.assert_found(self.doctor(code=1), "fault", "plugin", "no program: containerd pulls nothing")

    def test_too_many_verifiers(self) -> None:
        self.script("exit 0", "a-first")
        self.write_containerd(max_verifiers=1)
        found = self.doctor("--verifier-config", self.etc / "containerd.json", "--untrusted", self.name("plain"), code=1)
        self.assert_found(found, "hole", "plugins", "only 1 of 2")
        self.assert_found(found, "hole", "untrusted", "it passes")
        self.write_containerd(max_verifiers=0)
        self.assert_found(self.doctor(code=1), "hole", "containerd", "no verifier is ever asked")
        self.write_containerd(max_verifiers=-1)
        self.doctor(code=0)

    def test_configuration_of_the_verifier(self) -> None:
        self.write_configuration("{}")
        self.assert_found(self.doctor(code=1), "fault", "configuration", "tells who is trusted")
        (self.etc / "containerd.json").unlink()
        self.assert_found(self.doctor(code=1), "fault", "configuration")
        self.write_configuration(timeout="30s")
        self.assert_found(self.doctor(code=0), "noted", "configuration", "before it can tell a reason")
        self.assert_found(self.doctor("--verifier-config", self.work / "no-such", code=1), "fault", "configuration")


@unittest.skipUnless(os.geteuid() == 0, "only root's files are beyond doubt")
class ContainerdConfiguration(DoctorTest):
    """What keeps containerd from asking verifiers."""
    IMAGES = '[plugins."io.containerd.cri.v1.images"]\n'

    def test_holes(self) -> None:
        rows = [
            (self.IMAGES + "use_local_image_pull = true", "use_local_image_pull"),
            (self.IMAGES + "discard_unpacked_layers = true", "discard_unpacked_layers"),
            (self.IMAGES + "disable_snapshot_annotations = false", "disable_snapshot_annotations"),
            (self.IMAGES + "image_pull_with_sync_fs = true", "image_pull_with_sync_fs"),
            (self.IMAGES + "max_concurrent_downloads = 5", "max_concurrent_downloads"),
            ("[plugins.'io.containerd.cri.v1.images'.registry.mirrors.\"docker.io\"]\nendpoint = ['https://m']", "registry.mirrors"),
            ("plugins.'io.containerd.cri.v1.images'.registry.auths = { x = { username = 'a' } }", "registry.auths"),
            ("[plugins.'io.containerd.cri.v1.images'.registry.configs.x]\ntls = {}", "registry.configs"),
        ]
        for text, name in rows:
            with self.subTest(name):
                is_member = text.startswith("plugins.")
                self.write_containerd("" if is_member else text)
                if is_member:
                    self.containerd.write_text(text + "\n" + self.containerd.read_text())
                self.assert_found(self.doctor(code=1), "hole", "containerd", name)
        for plugin in ("io.containerd.image-verifier.v1.bindir", "io.containerd.transfer.v1.local"):
            self.write_containerd()
            self.containerd.write_text(f"disabled_plugins = [\n  'x', # not this\n  \"{plugin}\",\n]\n" + self.containerd.read_text())
            self.assert_found(self.doctor(code=1), "hole", "containerd", f"{plugin} is disabled")

    def test_good(self) -> None:
        """What `containerd config dump` prints, in short."""
        self.containerd.write_text(f"""version = 3
root = '/var/lib/containerd'
temp = ''
disabled_plugins = []
imports = []
oom_score = 0

[plugins]
  [plugins.'io.containerd.cri.v1.images']
    snapshotter = 'overlayfs'
    disable_snapshot_annotations = true
    max_concurrent_downloads = 3
    use_local_image_pull = false

    [plugins.'io.containerd.cri.v1.images'.registry]
      config_path = '/etc/containerd/certs.d'

  [plugins.'io.containerd.image-verifier.v1.bindir']
    bin_dir = '{self.plugins}'
    max_verifiers = 10
    per_verifier_timeout = '10s'

  [plugins.'io.containerd.transfer.v1.local']
    max_concurrent_downloads = 3
    config_path = ''

    [[plugins.'io.containerd.transfer.v1.local'.unpack_config]]
      platform = 'linux/amd64'
      limit = 1.5
""")
        self.assert_found(self.doctor("--trusted", self.name(), code=0), "proven", "containerd")

    def test_unread(self) -> None:
        """What cannot be read is told, not skipped."""
        rows = ["imports = ['/etc/containerd/conf.d/*.toml']", 'x = """', "x = '''a'''", "x = ", "x", "[x", "x = [1", "x = 1 2", 'x = "a', 'x = "\\u0041"',
                "x = 1\nx = 2", "x = 1\n[x.y]", "x = {a = 1", "x = " + "[" * 40, "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r = 1", "[[x]\n", "= 1", "\x00"]
        for text in rows:
            with self.subTest(text[:30]):
                self.write_containerd()
                self.containerd.write_text(text + "\n" + self.containerd.read_text())
                found = self.doctor("--bin-dir", self.plugins, code=3)
                self.assert_found(found, "unproven", "containerd")
        self.containerd.unlink()
        self.assert_found(self.doctor("--bin-dir", self.plugins, code=3), "unproven", "containerd")

    def test_older_configuration(self) -> None:
        """containerd moves what stands in older forms to where it is not looked for here."""
        more = "[plugins.'io.containerd.grpc.v1.cri'.registry.mirrors.'docker.io']\n  endpoint = ['http://127.0.0.1:5000']\n"
        for version in ("version = 2", ""):
            with self.subTest(version):
                self.write_containerd(more)
                self.containerd.write_text(self.containerd.read_text().replace("version = 3", version, 1))
                self.assert_found(self.doctor(code=3), "unproven", "containerd", "older containerd")

    def test_folder_that_others_add_to(self) -> None:
        """Others cannot replace what is in a sticky folder, but what they add counts too."""
        for path, check in ((self.plugins, "plugins"), (self.etc / "truststore/x509/ca/acme", "trust store")):
            mode = path.stat().st_mode & 0o777
            path.chmod(0o1777)
            self.assert_found(self.doctor(code=1), "hole", check, "others than root")
            path.chmod(mode)
        self.doctor(code=0)

    def test_numbers_in_other_forms(self) -> None:
        self.write_containerd(max_verifiers="0x0")
        self.assert_found(self.doctor(code=3), "unproven", "containerd", "no plain number")

    def test_folder_of_the_command_line(self) -> None:
        self.write_containerd(bin_dir='"/no/such/folder"')
        self.assert_found(self.doctor(code=1), "hole", "plugins", "does not exist")
        self.doctor("--bin-dir", self.plugins, code=0)


class Policy(DoctorTest):
    """Without containerd: the policy, and what it says of artifacts."""

    def found(self, *more, code: int | None = None) -> list:
        found = self.doctor("--policy", self.etc / "trustpolicy.json", "--trust-store", self.etc / "truststore", "--insecure", *more, config=False)
        return found

    def test_levels(self) -> None:
        """// spec: W-003"""
        rows = [({"level": "strict"}, "proven", "enforces everything"), ({"level": "permissive"}, "noted", "does not enforce"),
                ({"level": "strict", "override": {"expiry": "log"}}, "noted", "does not enforce expiry"),
                ({"level": "audit"}, "hole", "the level audit lets artifacts pass"),
                ({"level": "permissive", "override": {"authenticity": "log"}}, "hole", "the level permissive lets"),
                ({"level": "audit", "override": {"authenticity": "enforce"}}, "noted", "does not enforce")]
        for level, kind, text in rows:
            with self.subTest(level):
                self.write_policy(signatureVerification=level)
                self.assert_found(self.found(), kind, "statement", text)
        self.write_policy(signatureVerification={"level": "skip"}, trustStores=None, trustedIdentities=None)
        self.assert_found(self.found(), "hole", "statement", "skip lets every artifact")

    def test_stores(self) -> None:
        """// spec: S-011"""
        store = self.etc / "truststore/x509/ca/acme"
        key = chains()["p256"][-1].key
        now = datetime.now(timezone.utc)
        rows = [(-800, -400, "fault", "has expired"), (400, 800, "fault", "is not valid before"), (-10, 10, "noted", "expires soon")]
        for begin, end, kind, text in rows:
            with self.subTest(text):
                dates = {"not_before": now + timedelta(days=begin), "not_after": now + timedelta(days=end)}
                (store / "root.crt").write_bytes(testpki.pem(testpki.make_cert(key, "old root", ca=True, usage=["keyCertSign"], **dates).der))
                self.assert_found(self.found(), kind, "certificate", text)
        (store / "root.crt").unlink()
        self.assert_found(self.found(), "fault", "statement", "the trust store ca:acme is empty")
        store.rmdir()
        self.assert_found(self.found(), "fault", "statement", "the trust store ca:acme is empty")

    def test_no_policy(self) -> None:
        (self.etc / "trustpolicy.json").write_text("{}")
        self.assert_found(self.found(), "fault", "policy")
        (self.etc / "trustpolicy.json").unlink()
        self.assert_found(self.found(), "fault", "policy", "cannot open")
        found = self.doctor("--config", self.work / "no-such", config=False, code=1)
        self.assert_found(found, "fault", "policy", "no trust policy")

    def test_clock(self) -> None:
        os.utime(self.etc / "trustpolicy.json", (1 << 32, 1 << 32))
        self.assert_found(self.found(), "fault", "clock", "it is behind")

    def test_artifacts(self) -> None:
        found = self.found("--trusted", self.name(), "--untrusted", self.name("plain"))
        self.assert_found(found, "proven", "trusted", "it passes: signed by CN=signer with p256")
        self.assert_found(found, "proven", "untrusted", "it is refused")
        found = self.found("--trusted", "docker://" + self.name("plain"), "--untrusted", self.name())
        self.assert_found(found, "fault", "trusted")
        self.assert_found(found, "hole", "untrusted")
        found = self.found("--untrusted", self.name("none"))
        self.assert_found(found, "proven", "untrusted", "it is refused")


class CommandLine(DoctorTest):
    def test_refused(self) -> None:
        rows = [(["--containerd", "--policy", "x"], "do not go with --containerd"), (["--bin-dir", "x"], "need --containerd"),
                (["--verifier-config", "x"], "need --containerd"), (["--containerd-config", "x"], "need --containerd"),
                (["--policy", "x"], "--policy needs --trust-store"), (["extra"], "unexpected argument"), (["--output", "xml"], "")]
        for words, text in rows:
            with self.subTest(words):
                self.assert_failed(self.run_client("doctor", *words), 2, text)

    def test_documented(self) -> None:
        """The file that docs/containerd.md shows is one that the verifier takes."""
        page = (ROOT / "docs" / "containerd.md").read_text()
        for name in ("policy", "config", "trustStore", "insecureRegistries", "mirrors", "dockerConfig", "timeout", "logLevel", "revocationLists",
                     "ocspResponses", "fetchRevocation", "revocationCache"):
            self.assertIn(f"`{name}`", page)
        self.assertTrue(isinstance(self.run_client("doctor", "--help"), Run) and harness.program)
