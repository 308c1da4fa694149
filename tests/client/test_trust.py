# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 trust, and the story of registries that one trusts: docs/registries-you-trust.md."""
from __future__ import annotations

import hashlib
import json
import os
import pty
import subprocess

import harness
import testpki
from harness import ClientTest, Run
from signing import OCI_TYPE, LayoutFolder, code_signer
from web import Web

OWNERS = ("docker.io", "acme-rockets.io", "wabbit-networks")
HELLO, MONITOR = "docker.io/library/hello-world", "docker.io/wabbit-networks/net-monitor"
_owners: dict = {}


class Owner:
    """Somebody with a root and a key that signs."""

    def __init__(self, name: str, folder) -> None:
        self.root = testpki.make_ca(testpki.Key.generate("p384", folder / f"{name}-root.key"), f"{name} root")
        key = testpki.Key.generate("p256", folder / f"{name}.key")
        leaf = code_signer(key, self.root)
        self.key, self.chain = folder / f"{name}.key", folder / f"{name}.crt"
        self.chain.write_bytes(testpki.pem(leaf.der) + testpki.pem(self.root.der))
        self.leaf, self.pem = leaf, testpki.pem(self.root.der)
        self.sha256 = hashlib.sha256(self.root.der).hexdigest()


class TrustTest(ClientTest):
    def setUp(self) -> None:
        super().setUp()
        if not _owners:
            _owners.update({name: Owner(name, self.bench.path) for name in OWNERS})
        self.owners, self.config = _owners, self.work / "config"
        for name in OWNERS[:2]:
            self.store(name).mkdir(parents=True)
            (self.store(name) / "0.crt").write_bytes(self.owners[name].pem)
        self.write_policy("strict")
        self.web = Web()
        self.addCleanup(self.web.close)
        self.wabbit = self.owners["wabbit-networks"]
        self.web.answers["/wabbit.pem"] = (200, {}, self.wabbit.pem)
        self.write_table(sha256=self.wabbit.sha256)

    def store(self, name: str, kind: str = "ca"):
        return self.config / "truststore" / "x509" / kind / name

    def write_policy(self, level: str) -> None:
        statement = {"name": "registries", "registryScopes": ["*"], "signatureVerification": {"level": level},
                     "trustStores": [f"ca:{name}" for name in OWNERS], "trustedIdentities": ["*"]}
        (self.config / "trustpolicy.json").write_text(json.dumps({"version": "1.0", "trustPolicies": [statement]}))

    def write_table(self, **more) -> None:
        entry = {"prefix": "docker.io/wabbit-networks", "url": self.web.url + "/wabbit.pem", "store": "ca:wabbit-networks"} | more
        self.write_document({"schema": "nv2.acquire/1", "keys": [entry]})

    def write_document(self, document) -> None:
        (self.config / "acquire.json").write_text(document if isinstance(document, str) else json.dumps(document))

    def layout(self, name: str, *signers: str) -> str:
        folder = LayoutFolder(self.work / name)
        target = f"oci-layout:{folder.path}:v1"
        for each in signers:
            owner = self.owners[each]
            run = self.run_client("sign", "-m", "x509", "-k", owner.key, "-c", owner.chain, "--format", "jws", "--attach", target)
            self.assertEqual(run.code, 0, run)
        self.digest_of_layout = folder.subject["digest"]
        return target

    def judge(self, target: str, scope: str, *more) -> Run:
        return self.run_client("verify", "--config", self.config, "--scope", scope, "--offline", *more, target)

    def trust(self, *arguments) -> Run:
        return self.run_client("trust", *arguments, "--config", self.config)


class Story(TrustTest):
    def test_registries_you_trust(self) -> None:
        """The whole of it: trusted, refused with an address, acquired, trusted. // spec: Q-001 Q-003 Q-004 Q-006 Q-009"""
        hello, monitor = self.layout("hello", "docker.io"), self.layout("monitor", "wabbit-networks")
        run = self.judge(hello, HELLO)
        self.assertEqual(run.code, 0, run)
        run = self.judge(monitor, MONITOR)
        self.assert_failed(run, 1, "S-020", f"the certificate for docker.io/wabbit-networks: {self.web.url}/wabbit.pem",
                           "nv2 trust add docker.io/wabbit-networks")
        verdict = json.loads(self.judge(monitor, MONITOR, "--output", "json").out)
        self.assertEqual(verdict["acquire"], {"prefix": "docker.io/wabbit-networks", "url": self.web.url + "/wabbit.pem",
                                              "store": "ca:wabbit-networks", "sha256": self.wabbit.sha256})
        run = self.trust("add", MONITOR)
        self.assertEqual(run.code, 0, run)
        self.assertIn(self.wabbit.sha256, run.err)
        run = self.judge(monitor, MONITOR)  # the same command
        self.assertEqual((run.code, run.out), (0, self.digest_of_layout + "\n"), run)

    def test_offline(self) -> None:
        """The key comes as a file. // spec: Q-007"""
        monitor = self.layout("monitor", "wabbit-networks")
        self.assert_failed(self.judge(monitor, MONITOR), 1, "S-020")
        self.assert_failed(self.trust("add", MONITOR, "--offline"), 3, "--offline forbids it")
        (self.work / "key.pem").write_bytes(self.wabbit.pem)
        self.assertEqual(self.trust("add", MONITOR, "--offline", "--from", self.work / "key.pem").code, 0)
        self.assertEqual(self.judge(monitor, MONITOR).code, 0)

    def test_certified_content(self) -> None:
        """A trusted certifier is enough, even if the vendor's key is not known. // spec: Q-003"""
        target = self.layout("certified", "wabbit-networks", "docker.io")
        self.assertEqual(self.judge(target, MONITOR).code, 0)

    def test_prototype(self) -> None:
        """The same for a signature of the prototype, where it is asked for by name. // spec: Q-004 Q-006"""
        self.layout("monitor")
        manifest = next(each for each in (self.work / "monitor" / "blobs" / "sha256").iterdir() if b"layers" in each.read_bytes())
        made = self.run_client("sign", "-m", "x509", "-k", self.wabbit.key, "-c", self.wabbit.chain, "-o", "s.nv2", "--media-type",
                               OCI_TYPE, f"file:{manifest}")
        self.assertEqual(made.code, 0, made)
        wanted = (f"file:{manifest}", MONITOR, "-f", "s.nv2", "--media-type", OCI_TYPE, "--format", "nv2-jwt")
        self.assert_failed(self.judge(*wanted), 1, self.web.url, "nv2 trust add docker.io/wabbit-networks")
        self.assertEqual(self.trust("add", MONITOR).code, 0)
        run = self.judge(*wanted)
        self.assertEqual((run.code, run.out), (0, self.digest_of_layout + "\n"), run)

    def test_key_identifier(self) -> None:
        """No store helps where a signature only names its key: the address is told, and no command that would not do.
        // spec: Q-004 Q-006 N-072"""
        self.layout("monitor")
        manifest = next(each for each in (self.work / "monitor" / "blobs" / "sha256").iterdir() if b"layers" in each.read_bytes())
        made = self.run_client("sign", "-m", "x509", "-k", self.wabbit.key, "-o", "s.nv2", "--media-type", OCI_TYPE, f"file:{manifest}")
        self.assertEqual(made.code, 0, made)
        run = self.judge(f"file:{manifest}", MONITOR, "-f", "s.nv2", "--media-type", OCI_TYPE, "--format", "nv2-jwt")
        self.assert_failed(run, 1, "N-072 (kid_not_found)", self.web.url, "give it as --cert")
        self.assertNotIn("nv2 trust add", run.err)

    def test_explained(self) -> None:
        """// spec: Q-004"""
        target = self.layout("monitor", "wabbit-networks")
        run = self.run_client("explain", "--config", self.config, "--scope", MONITOR, "--offline", target)
        self.assertEqual(run.code, 1, run)
        self.assertIn(f"the certificate for docker.io/wabbit-networks: {self.web.url}/wabbit.pem", run.out)

    def test_no_home(self) -> None:
        """Who has no configuration directory has no table; the verdict stays one."""
        target = self.layout("monitor", "wabbit-networks")
        run = self.run_client("verify", "--policy", self.config / "trustpolicy.json", "--trust-store", self.config / "truststore",
                              "--scope", MONITOR, target, env={"HOME": "", "XDG_CONFIG_HOME": ""})
        self.assert_failed(run, 1, "S-020")
        self.assertNotIn("acquire  ", run.err)

    def test_unsigned(self) -> None:
        """// spec: Q-004"""
        target = self.layout("unsigned")
        self.assert_failed(self.judge(target, MONITOR), 1, "W-043", self.web.url)
        run = self.judge(target, HELLO)
        self.assert_failed(run, 1, "W-043")
        self.assertNotIn(self.web.url, run.err)  # no entry for it

    def test_trust_not_required(self) -> None:
        """Reported in place of refused; but what was changed is refused in both modes. // spec: Q-002 Q-009"""
        target = self.layout("monitor", "wabbit-networks")
        self.layout("other", "wabbit-networks")
        for level in ("strict", "audit"):
            self.write_policy(level)
            run = self.judge(target, MONITOR)
            self.assertEqual(run.code, 1 if level == "strict" else 0, run)
            self.assertIn("S-020", run.err)
        for file in (self.work / "other" / "blobs" / "sha256").iterdir():
            if b"jose" in file.read_bytes():
                signature = json.loads(file.read_bytes())["layers"][0]["digest"].split(":")[1]
        changed = self.work / "changed.json"
        changed.write_bytes(b'{"schemaVersion": 2}')
        envelope = self.work / "other" / "blobs" / "sha256" / signature
        for level in ("strict", "audit"):
            self.write_policy(level)
            (self.store("wabbit-networks")).mkdir(exist_ok=True)
            (self.store("wabbit-networks") / "0.crt").write_bytes(self.wabbit.pem)
            run = self.judge(f"file:{changed}", MONITOR, "-f", envelope, "--media-type", "application/vnd.oci.image.manifest.v1+json")
            self.assert_failed(run, 1, "manifest is not signed", "binding")
            self.assertNotIn("acquire", run.err)

    def test_nothing_chooses_the_address(self) -> None:
        """The table alone does, and verify asks nobody. // spec: Q-005 Q-008"""
        target = self.layout("monitor", "wabbit-networks")
        (self.config / "acquire.json").unlink()
        run = self.judge(target, MONITOR)
        self.assert_failed(run, 1, "S-020")
        self.assertNotIn("http", run.err)
        self.write_table()
        for scope in ("wabbit-networks.example/net-monitor", "registry.example/docker.io/wabbit-networks/net-monitor"):
            self.assertNotIn(self.web.url, self.judge(target, scope).err)


class Keys(TrustTest):
    def test_list_and_remove(self) -> None:
        """// spec: Q-001"""
        run = self.trust("list")
        self.assertEqual([line.split()[0] for line in run.out.splitlines()], ["ca:acme-rockets.io", "ca:docker.io"])
        document = json.loads(self.trust("list", "--output", "json").out)
        self.assertEqual(document["schema"], "nv2.trust/1")
        self.assertEqual(document["certificates"][1]["sha256"], self.owners["docker.io"].sha256)
        self.assert_failed(self.trust("remove", "ca:docker.io"), 2, "--yes")
        self.assert_failed(self.trust("remove", "ca:docker.io", "--yes", "--sha256", "00" * 32), 1, "nothing to remove")
        run = self.trust("remove", "ca:docker.io", "--yes", "--sha256", self.owners["docker.io"].sha256)
        self.assertEqual(run.code, 0, run)
        self.assertEqual(len(self.trust("list").out.splitlines()), 1)
        self.assert_failed(self.trust("remove", "ca:docker.io", "--yes"), 1, "nothing to remove")

    def test_nothing_is_ignored(self) -> None:
        """What would narrow an action down is refused where it has no meaning, and so is an empty value."""
        remove = ["remove", "ca:docker.io", "--yes"]
        for option in (["--from", "x"], ["--store", "ca:x"], ["--offline"], ["--insecure"]):
            self.assert_failed(self.trust(*remove, *option), 2, option[0])
            self.assert_failed(self.trust("list", *option), 2, option[0])
        self.assert_failed(self.trust("list", "--sha256", "00" * 32), 2, "--sha256")
        for option in ("--from", "--store"):
            self.assert_failed(self.trust("add", HELLO, "--yes", option, ""), 2, "is empty")
        self.assert_failed(self.run_client("trust", "remove", "ca:docker.io", "--yes", "--config", ""), 2, "is empty")
        self.assertTrue((self.store("docker.io") / "0.crt").exists())

    def test_list_of_strange_names(self) -> None:
        other = os.fsencode(self.store("docker.io")) + b"/\xff.crt"
        os.rename(self.store("docker.io") / "0.crt", other)
        run = self.trust("list", "--output", "json")
        self.assertEqual((run.code, len(json.loads(run.out)["certificates"])), (0, 2))

    def test_pins(self) -> None:
        """The certificate has to be the one that was pinned; without a pin somebody has to say yes."""
        self.write_table(sha256="00" * 32)
        self.assert_failed(self.trust("add", MONITOR), 1, "not the certificate that was pinned", self.wabbit.sha256)
        self.assertFalse(self.store("wabbit-networks").exists())
        self.web.answers["/wabbit.pem"] = (200, {}, self.wabbit.pem + self.owners["docker.io"].pem)
        self.write_table(sha256=self.wabbit.sha256)
        self.assert_failed(self.trust("add", MONITOR), 1, "2 certificates")
        self.web.answers["/wabbit.pem"] = (200, {}, self.wabbit.pem)
        self.assert_failed(self.trust("add", MONITOR, "--sha256", "00" * 32), 2, "acquire.json pins another", self.wabbit.sha256)
        self.assert_failed(self.trust("add", MONITOR, "--sha256", "00" * 32, "--yes", "--insecure"), 2, "acquire.json pins another")
        self.write_table()
        self.assert_failed(self.trust("add", MONITOR, "--yes"), 2, "--insecure")
        self.assert_failed(self.trust("add", MONITOR, "--insecure"), 2, "nobody can be asked")
        pin = ":".join(self.wabbit.sha256[i:i + 2] for i in range(0, 64, 2)).upper()
        self.assertEqual(self.trust("add", MONITOR, "--sha256", pin).code, 0)
        run = self.trust("add", MONITOR, "--insecure", "--yes")
        self.assertEqual(run.code, 0, run)
        self.assertIn("trusted already", run.err)

    def test_what_stores_may_have(self) -> None:
        """// spec: S-001 S-002 S-007 S-010 S-012"""
        leaf = self.work / "leaf.pem"
        leaf.write_bytes(testpki.pem(self.wabbit.leaf.der))
        root = self.work / "root.pem"
        root.write_bytes(self.wabbit.pem)
        garbage = self.work / "garbage.pem"
        garbage.write_bytes(b"garbage")
        rows = ((leaf, "ca:x", 2, "S-010"), (leaf, "tsa:x", 2, "S-010"), (garbage, "ca:x", 2, "S-007"), (root, "Ca:x", 2, "S-001"),
                (root, "ca:..", 2, "S-002"), (root, "ca:a/b", 2, "S-002"), (root, "x", 2, "P-012"),
                (self.work / "none", "ca:x", 3, "none"))
        for file, store, code, word in rows:
            with self.subTest(file=file.name, store=store):
                self.assert_failed(self.trust("add", "x", "--yes", "--from", file, "--store", store), code, word)
        self.assertEqual(self.trust("add", "x", "--yes", "--from", root, "--store", "tsa:x").code, 0)
        self.assertEqual(self.trust("add", "x", "--yes", "--from", root, "--store", "ca:x").code, 0)
        self.assertIn("no policy statement names the store ca:y",
                      self.trust("add", "x", "--yes", "--from", root, "--store", "ca:y").err)

    def answer(self, text: bytes, *arguments) -> Run:
        """At a terminal where a person types `text`."""
        person, terminal = pty.openpty()
        os.write(person, text)
        done = subprocess.run([harness.program, "trust", *map(str, arguments), "--config", self.config], stdin=terminal,
                              capture_output=True, timeout=60, check=False)
        os.close(person)
        os.close(terminal)
        return Run(done)

    def test_person(self) -> None:
        """Who is asked sees what would be trusted; only yes is yes."""
        self.write_table()
        wanted = ("add", MONITOR, "--insecure")
        for text in (b"\n", b"n\n", b"yess\n", b"\x04"):
            with self.subTest(text):
                run = self.answer(text, *wanted)
                self.assertEqual((run.code, run.out), (1, ""), run)
                for shown in (self.wabbit.sha256, "CN=wabbit-networks root", "ca:wabbit-networks", "trust it? [y/N]"):
                    self.assertIn(shown, run.err)
                self.assertFalse(self.store("wabbit-networks").exists())
        self.assertEqual(self.answer(b"y\n", *wanted).code, 0)
        self.assertEqual(len(list(self.store("wabbit-networks").iterdir())), 1)
        self.assertEqual(self.answer(b"n\n", "remove", "ca:wabbit-networks").code, 1)
        self.assertEqual(len(list(self.store("wabbit-networks").iterdir())), 1)
        self.assertEqual(self.answer(b"yes\n", "remove", "ca:wabbit-networks").code, 0)
        self.assertEqual(list(self.store("wabbit-networks").iterdir()), [])

    def test_several_at_a_time(self) -> None:
        """All get into the store, or none; no other file is replaced."""
        both = self.work / "both.pem"
        both.write_bytes(self.wabbit.pem + self.owners["docker.io"].pem + self.wabbit.pem)
        add = ("add", "x", "--yes", "--from", both, "--store", "ca:x")
        self.store("x").mkdir()
        taken = self.store("x") / (self.owners["docker.io"].sha256[:16] + ".crt")
        taken.write_bytes(self.owners["acme-rockets.io"].pem)
        run = self.trust(*add)
        self.assertEqual((run.code, run.out), (1, ""), run)
        self.assertIn("there already", run.err)
        self.assertEqual([(each, each.read_bytes()) for each in self.store("x").iterdir()],
                         [(taken, self.owners["acme-rockets.io"].pem)])
        taken.unlink()
        self.assertEqual(len(self.trust(*add).out.splitlines()), 2)
        self.assertEqual(sorted(each.name for each in self.store("x").iterdir()),
                         sorted(self.owners[name].sha256[:16] + ".crt" for name in ("wabbit-networks", "docker.io")))
        self.assertEqual(self.trust(*add).out, "")

    def test_links(self) -> None:
        """No file is written behind a link. // spec: S-004"""
        (self.work / "elsewhere").mkdir()
        self.store("wabbit-networks").symlink_to(self.work / "elsewhere")
        self.assert_failed(self.trust("add", MONITOR), 2, "S-004")
        self.assertEqual(list((self.work / "elsewhere").iterdir()), [])

    def test_broken_tables(self) -> None:
        """// spec: Q-004"""
        good = {"prefix": "a.b", "url": "https://a.b/c", "store": "ca:a"}
        rows = ("", "[]", "{}", '{"schema": "nv2.acquire/2", "keys": []}', '{"schema": "nv2.acquire/1", "keys": {}}',
                '{"schema": "nv2.acquire/1", "keys": [], "keys": []}', '{"schema": "nv2.acquire/1", "keys": [], "more": 1}',
                *[{"schema": "nv2.acquire/1", "keys": [good | change]} for change in (
                    {"url": "file:///etc/passwd"}, {"url": ""}, {"prefix": 1}, {"store": "a"}, {"sha256": "00"}, {"more": 1})])
        for row in rows:
            with self.subTest(row=row):
                self.write_document(row)
                self.assert_failed(self.trust("add", "a.b/c"), 2, "acquire.json")
        self.write_document({"schema": "nv2.acquire/1", "keys": [good]})
        self.assert_failed(self.trust("add", "other/c"), 2, "no entry")

    def test_usage(self) -> None:
        for arguments, word in ((["trust"], "no action"), (["trust", "add"], "no name"), (["trust", "list", "x"], "takes no name"),
                                (["trust", "steal", "x"], "unknown action"), (["trust", "add", "x", "--sha256", "0"], "--sha256")):
            self.assert_failed(self.run_client(*arguments), 2, word)
