# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 attach, list, pull and copy with every kind of registry, and what the real peers make of the outcome."""
from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import harness
import peers
from harness import ROOT, ClientTest, Run
from schema import problems_of

SIGNATURE = "application/vnd.cncf.notary.signature"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
PROTOTYPE = "application/vnd.cncf.notary.config.v2+"
FORMS = {"nv2-jwt": PROTOTYPE + "jwt", "nv2-json": PROTOTYPE + "json", "nv2-json-array": PROTOTYPE + "json", "jws": SIGNATURE,
         "cose": SIGNATURE}
LIST_SCHEMA = json.loads((ROOT / "examples" / "nv2" / "list.schema.json").read_text())
REGISTRIES = {"docker-registry": peers.docker_registry, "with referrers": peers.oci_registry,
              "with referrers, not filtering": lambda: peers.oci_registry(filters=False),
              "without referrers": lambda: peers.oci_registry(referrers=False)}


class Registries(ClientTest):
    def setUp(self) -> None:
        super().setUp()
        self.key, self.certificate = self.bench.key_path("p256"), self.bench.certs["p256"]

    def push(self, registry: peers.Registry, name: str = "app:v1", content: bytes = b"net monitor\n") -> str:
        return peers.push_image(registry, name, self.work / "image", content)

    def sign_file(self, registry: peers.Registry, form: str, name: str = "app:v1", output: str = "signature", *more) -> Path:
        run = self.run_client("sign", *more, "-m", "x509", "--format", form, "-k", self.key, "-c", self.certificate, "--insecure", "-o", output,
                              f"docker://{registry.host}/{name}")
        self.assertEqual(run.code, 0, run)
        return self.work / output

    def verify_at(self, target: str, form: str = "jws") -> Run:
        trusted = "--ca-cert" if FORMS[form] == SIGNATURE else "-c"
        return self.run_client("verify", "--insecure", "--format", form.removesuffix("-array"), trusted, self.certificate, target)

    def listed(self, registry: peers.Registry, name: str = "app:v1") -> list[dict]:
        run = self.run_client("list", "--insecure", "--output", "json", f"docker://{registry.host}/{name}")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(problems_of(json.loads(run.out), LIST_SCHEMA), [])
        return json.loads(run.out)["signatures"]

    def seen_by_oras(self, registry: peers.Registry, name: str = "app:v1") -> list[dict]:
        seen = json.loads(peers.oras("discover", "--plain-http", "--format", "json", f"{registry.host}/{name}").stdout)
        return seen.get("referrers") or seen.get("manifests") or []

    def notation_config(self) -> Path:
        config = self.work / "config" / "notation"
        store = config / "truststore" / "x509" / "ca" / "signer"
        store.mkdir(parents=True, exist_ok=True)
        (store / "signer.pem").write_bytes(Path(self.certificate).read_bytes())
        (config / "trustpolicy.json").write_text(json.dumps({"version": "1.0", "trustPolicies": [
            {"name": "all", "registryScopes": ["*"], "signatureVerification": {"level": "strict"}, "trustStores": ["ca:signer"],
             "trustedIdentities": ["*"]}]}))
        return self.work / "config"


class Attach(Registries):
    def test_every_form(self) -> None:
        """Whatever the form and the registry: oras sees the type, we verify, and notation what is its own.
        // spec: F-001 F-004 F-008 O-003 O-009 O-030 O-031"""
        for kind, start in REGISTRIES.items():
            with start() as registry:
                for form, media_type in FORMS.items():
                    with self.subTest(kind, form=form):
                        name = f"{form}:v1"
                        digest = self.push(registry, name, form.encode())
                        file = self.sign_file(registry, form, name)
                        run = self.run_client("attach", "--insecure", "-s", file, f"docker://{registry.host}/{name}")
                        self.assert_trusted(run, digest)
                        (seen,) = self.seen_by_oras(registry, name)
                        self.assertEqual(seen["artifactType"], media_type)
                        (ours,) = self.listed(registry, name)
                        self.assertEqual((ours["manifest"], ours["format"], ours["size"], ours["problem"]),
                                         (seen["digest"], form.removesuffix("-array"), file.stat().st_size, None))
                        self.assert_trusted(self.verify_at(f"docker://{registry.host}/{name}", form), digest)
                        if media_type == SIGNATURE and peers.notation_program.exists():
                            self.assertIn("io.cncf.notary.x509chain.thumbprint#S256", seen["annotations"])
                            by_digest = f"{registry.host}/{form}@{digest}"
                            told = peers.notation("list", "--insecure-registry", by_digest, config=self.notation_config()).stdout.decode()
                            self.assertIn(seen["digest"], told)
                            peers.notation("verify", "--insecure-registry", by_digest, config=self.notation_config())

    def test_twice(self) -> None:
        """The very same signature is listed once."""
        for kind, start in REGISTRIES.items():
            with self.subTest(kind), start() as registry:
                digest = self.push(registry)
                file = self.sign_file(registry, "nv2-jwt")
                for _ in range(2):
                    self.assert_trusted(self.run_client("attach", "--insecure", "-s", file, f"docker://{registry.host}/app:v1"), digest)
                self.assertEqual(len(self.listed(registry)), 1)

    def test_something_else(self) -> None:
        """// spec: O-034 O-040"""
        with peers.docker_registry() as registry:
            self.push(registry)
            self.push(registry, "other:v1", b"something else")
            for form in FORMS:
                with self.subTest(form):
                    file = self.sign_file(registry, form, "other:v1", "other")
                    run = self.run_client("attach", "--insecure", "-s", file, f"docker://{registry.host}/app:v1")
                    self.assert_failed(run, 1, "not a signature of this artifact")
            self.assertEqual(self.listed(registry), [])

    def test_other_entries_stay(self) -> None:
        """Byte for byte, in the index under the referrers tag. // spec: F-004 F-006"""
        with peers.docker_registry() as registry:
            digest = self.push(registry)
            (self.work / "bill.json").write_text("{}")
            peers.oras("attach", "--plain-http", "--artifact-type", "application/vnd.example.bill", f"{registry.host}/app:v1",
                       "bill.json:application/json", cwd=self.work)
            tag = "app/manifests/" + digest.replace(":", "-")
            before = registry.get(tag, Accept=INDEX)[2]
            file = self.sign_file(registry, "jws")
            self.assert_trusted(self.run_client("attach", "--insecure", "-s", file, f"docker://{registry.host}/app:v1"), digest)
            after = registry.get(tag, Accept=INDEX)[2]
            self.assertEqual(len(json.loads(after)["manifests"]), 2)
            start = before.rindex(b"]")
            self.assertEqual((after[:start], after[len(after) - len(before) + start:]), (before[:start], before[start:]))
            self.assertEqual(len(self.seen_by_oras(registry)), 2)

    def test_tag_that_is_no_index(self) -> None:
        """Is not overwritten. // spec: F-005"""
        with peers.docker_registry() as registry:
            digest = self.push(registry)
            tag = digest.replace(":", "-")
            peers.oras("tag", "--plain-http", f"{registry.host}/app:v1", tag)
            file = self.sign_file(registry, "jws")
            run = self.run_client("attach", "--insecure", "-s", file, f"docker://{registry.host}/app:v1")
            self.assertEqual((run.code, run.out), (1, ""), run)
            self.assertIn("F-005", run.err)
            self.assertEqual(registry.get(f"app/manifests/{tag}", Accept=MANIFEST)[0], 200)

    def test_with_passwords(self) -> None:
        """// spec: N-167"""
        for auth in ("basic", "token"):
            with self.subTest(auth), peers.docker_registry(auth=auth) as registry:
                who = ["--insecure", "-u", peers.USER, "--password-stdin"]
                peers_flags = ["--username", peers.USER, "--password", peers.PASSWORD]
                digest = peers.push_image(registry, "app:v1", self.work / "image", b"x", *peers_flags)
                target = f"docker://{registry.host}/app:v1"
                for command, *more in (["sign", "--format", "jws", "-k", self.key, "-c", self.certificate, "-o", "s"],
                                       ["attach", "-s", "s"], ["pull", "--ca-cert", self.certificate, "-o", f"copy-{auth}"]):
                    run = self.run_client(command, *who, *more, target, stdin=peers.PASSWORD.encode())
                    self.assert_trusted(run, digest)
                    if command == "sign":
                        self.assert_failed(self.run_client("attach", "--insecure", "-s", "s", target), 3)
                self.assertEqual(len(json.loads((self.work / f"copy-{auth}" / "index.json").read_text())["manifests"]), 2)

    def test_at_the_same_time(self) -> None:
        """Where the registry keeps no list: whoever is told that a signature is there finds it there."""
        with peers.docker_registry() as registry:
            digest = self.push(registry)
            files = [self.sign_file(registry, "jws", "app:v1", f"s{number}", "--user-metadata", f"number={number}") for number in range(4)]
            barrier = threading.Barrier(len(files))

            def attach(file: Path) -> Run:
                barrier.wait()
                return self.run_client("attach", "--insecure", "-s", file, f"docker://{registry.host}/app:v1")

            with ThreadPoolExecutor(len(files)) as pool:
                runs = list(pool.map(attach, files))
            told = [run for run in runs if run.code == 0]
            self.assertTrue(told, runs)
            self.assertTrue({run.out for run in told} <= {digest + "\n"}, runs)
            self.assertTrue({run.code for run in runs} <= {0, 3}, runs)
            self.assertGreaterEqual(len(self.listed(registry)), len(told))


class Copies(Registries):
    def signed(self, registry: peers.Registry, name: str = "app:v1", *forms: str) -> str:
        digest = self.push(registry, name)
        for form in forms or ("jws",):
            file = self.sign_file(registry, form, name)
            self.assert_trusted(self.run_client("attach", "--insecure", "-s", file, f"docker://{registry.host}/{name}"), digest)
        return digest

    def test_between_registries(self) -> None:
        """Image and all signatures, from every kind of registry to every other one. // spec: D-005 D-025 O-044 F-008"""
        for kind, start in REGISTRIES.items():
            with start() as source:
                digest = self.signed(source, "app:v1", *FORMS)
                for other, begin in REGISTRIES.items():
                    with self.subTest(kind, to=other), begin() as place:
                        run = self.run_client("copy", "--insecure", "--ca-cert", self.certificate, f"docker://{source.host}/app:v1",
                                              f"docker://{place.host}/private/app:v2")
                        self.assert_trusted(run, digest)
                        self.assertEqual({each["manifest"] for each in self.listed(place, "private/app:v2")},
                                         {each["manifest"] for each in self.listed(source)})
                        self.assertEqual(len(self.seen_by_oras(place, "private/app:v2")), len(FORMS))
                        self.assert_trusted(self.verify_at(f"docker://{place.host}/private/app:v2"), digest)
                        peers.oras("pull", "--plain-http", "-o", self.work / "pulled", f"{place.host}/private/app@{digest}")
                        self.assertEqual((self.work / "pulled" / "layer.tar").read_bytes(), b"net monitor\n")

    def test_pull_and_push(self) -> None:
        """Through a layout, which oras reads too."""
        with peers.docker_registry() as source, peers.oci_registry() as place:
            digest = self.signed(source)
            self.assert_trusted(self.run_client("pull", "--insecure", "--ca-cert", self.certificate, "-o", "copy",
                                                f"docker://{source.host}/app:v1"), digest)
            self.assert_trusted(self.run_client("verify", "--ca-cert", self.certificate, f"oci-layout:{self.work}/copy:v1"), digest)
            manifest = peers.oras("manifest", "fetch", "--oci-layout", f"{self.work}/copy:v1").stdout
            self.assertEqual(manifest, peers.oras("manifest", "fetch", "--plain-http", f"{source.host}/app:v1").stdout)
            seen = json.loads(peers.oras("discover", "--oci-layout", "--format", "json", f"{self.work}/copy:v1").stdout)
            self.assertEqual(len(seen.get("referrers") or seen.get("manifests")), 1)
            if peers.notation_program.exists():
                peers.notation("verify", "--oci-layout", "--scope", "local/app", f"{self.work}/copy@{digest}", config=self.notation_config())
            run = self.run_client("copy", "--insecure", "--ca-cert", self.certificate, f"oci-layout:{self.work}/copy:v1",
                                  f"docker://{place.host}/app:v1")
            self.assert_trusted(run, digest)
            self.assert_trusted(self.verify_at(f"docker://{place.host}/app:v1"), digest)

    def test_not_trusted(self) -> None:
        """Neither image nor tag arrives."""
        with peers.docker_registry() as source, peers.oci_registry() as place:
            self.push(source)
            target = f"docker://{source.host}/app:v1"
            for command in (["copy", target, f"docker://{place.host}/app:v1"], ["pull", "-o", "copy", target]):
                with self.subTest(command[0]):
                    run = self.run_client(command[0], "--insecure", "--ca-cert", self.certificate, *command[1:])
                    self.assert_failed(run, 1, "W-043")
            self.assertFalse((self.work / "copy").exists())
            self.assertEqual(place.get("app/tags/list")[0], 404)

    def test_large_blob(self) -> None:
        """Is not held in memory."""
        with peers.docker_registry() as source, peers.oci_registry() as place:
            content = bytes(range(256)) * (96 << 12)
            digest = self.push(source, "app:v1", content)
            run = peers.run("/usr/bin/env", "bash", "-c", 'ulimit -v 600000; "$@"', "-", harness.program, "copy", "--insecure", "--unverified",
                            f"docker://{source.host}/app:v1", f"docker://{place.host}/app:v1")
            self.assertEqual(run.stdout.decode(), digest + "\n")
            self.assertEqual(place.get(f"app/manifests/{digest}", Accept=MANIFEST)[0], 200)
