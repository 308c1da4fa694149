# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 verify, explain, inspect, sign and bundle of artifacts in registries."""
from __future__ import annotations

import hashlib
import json
from pathlib import Path

import hand_made
import peers
from harness import REFERENCE, ClientTest, Run
from layouts import ARTIFACT, INDEX_TYPE, OCI_TYPE, ROOT, SIGNATURE_TYPE, Layout, digest_of, text
from policies import TIME

DIGEST = digest_of(ARTIFACT)
KINDS = {"docker-registry": peers.docker_registry, "with referrers": peers.oci_registry,
         "with referrers, not filtering": lambda: peers.oci_registry(filters=False),
         "without referrers": lambda: peers.oci_registry(referrers=False)}
BOTH = ("docker-registry", "with referrers")
FORMS = {"nv2-jwt": "application/vnd.cncf.notary.config.v2+jwt", "nv2-json": "application/vnd.cncf.notary.config.v2+json",
         "nv2-json-array": "application/vnd.cncf.notary.config.v2+json", "jws": None, "cose": None}


def signed(count: int = 1) -> Layout:
    """The artifact with the signature of notation, so often."""
    layout = Layout()
    for number in range(count):
        layout.signature(annotations={"number": str(number)})
    return layout


class RegistryTest(ClientTest):
    def setUp(self) -> None:
        super().setUp()
        self.key, self.certificate = self.bench.key_path("p256"), self.bench.certs["p256"]

    def client(self, command: str, *arguments, **more) -> Run:
        return self.run_client(command, "--insecure", *arguments, **more)

    def judge(self, target: str, *more, command: str = "verify", trust: tuple | None = None) -> Run:
        trust = ("--ca-cert", ROOT, "--time", TIME) if trust is None else trust
        return self.client(command, *trust, *more, target)

    def tried(self, target: str, verdict: str, *more) -> list[str]:
        run = self.judge(target, "--output", "json", *more)
        document = self.assert_verdict(run, 0 if verdict == "trusted" else 1, verdict)
        self.unreadable = [each["error"]["name"] for each in document["unreadable"]]
        self.error = (document["error"] or {}).get("name")
        return [each["error"]["name"] if each["error"] else "ok" for each in document["signatures"]]

    def make_signature(self, form: str, manifest: bytes, media_type: str = OCI_TYPE) -> Path:
        (self.work / "manifest.json").write_bytes(manifest)
        more = ["-r", REFERENCE] if form.startswith("nv2") else []
        run = self.run_client("sign", "-m", "x509", "--format", form, "-k", self.key, "-c", self.certificate, *more, "--media-type",
                              media_type, "-o", "s.nv2", f"file:{self.work / 'manifest.json'}")
        self.assertEqual(run.code, 0, run)
        return self.work / "s.nv2"


class Forms(RegistryTest):
    def test_every_form(self) -> None:
        """By tag, by digest, by both, and by the tag that is meant when none is typed.
        // spec: D-020 D-021 D-025 F-001 F-002 F-004 F-006 N-144 N-145 N-146 N-179 O-031 O-032 O-034 O-041"""
        for kind, start in KINDS.items():
            with start() as registry:
                for form in FORMS:
                    name = f"{registry.host}/net/{form}"
                    digest = peers.push_image(registry, f"net/{form}:latest", self.work / "image", form.encode())
                    more = ["-m", "x509", "-r", REFERENCE] if form.startswith("nv2") else []
                    run = self.client("sign", "--format", form, "-k", self.key, "-c", self.certificate, *more, "--attach",
                                      f"docker://{name}")
                    self.assertEqual(run.code, 0, run)
                    for target in (f"docker://{name}", f"oci://{name}:latest", f"DOCKER://{name}@{digest}",
                                   f"oci://{name}:nowhere@{digest}"):
                        with self.subTest(kind, form=form, target=target):
                            self.assert_trusted(self.judge(target, trust=("-c", self.certificate)), digest)
                    with self.subTest(kind, form=form):
                        run = self.judge(f"docker://{name}", "--output", "json", trust=("-c", self.certificate))
                        verdict = self.assert_verdict(run, 0, "trusted")
                        self.assertEqual((verdict["digest"], len(verdict["signatures"])), (digest, 1))
                        run = self.judge(f"docker://{name}", command="explain", trust=("-c", self.certificate))
                        self.assertEqual(run.code, 0, run)
                        self.assertIn("signer with p256", run.out)
                        run = self.client("inspect", "--output", "json", f"docker://{name}")
                        shown = json.loads(run.out)
                        self.assertEqual((run.code, len(shown["signatures"])), (0, 1), run)

    def test_named_signature(self) -> None:
        """A signature of the prototype that was pushed under a tag, and says nowhere whose it is. // spec: O-030 O-032 O-034"""
        for kind in BOTH:
            with KINDS[kind]() as registry:
                for form, config_type in FORMS.items():
                    if config_type is None:
                        continue
                    repository = f"net/{form}"
                    name = f"{registry.host}/{repository}"
                    digest = peers.push_image(registry, f"{repository}:v1", self.work / "image", form.encode())
                    _, _, manifest = registry.get(f"{repository}/manifests/{digest}", Accept=OCI_TYPE)
                    file = self.make_signature(form, manifest)
                    peers.oras("push", "--plain-http", "--image-spec", "v1.0", "--config", f"{file.name}:{config_type}",
                               f"{name}:signature", cwd=self.work)
                    _, _, pushed = registry.get(f"{repository}/manifests/signature", Accept=OCI_TYPE)
                    trust = ("-c", self.certificate)
                    (self.work / "manifest.json").write_bytes(manifest)
                    for signature in (f"docker://{name}:signature", f"oci://{name}@{digest_of(pushed)}"):
                        for target in (f"docker://{name}:v1", f"file:{self.work / 'manifest.json'}"):
                            with self.subTest(kind, form=form, signature=signature, target=target):
                                types = ("--media-type", OCI_TYPE) if target.startswith("file:") else ()
                                self.assert_trusted(self.judge(target, "-s", signature, *types, trust=trust), digest)
                    with self.subTest(kind, form=form):
                        # Nothing leads from the artifact to it.
                        self.assert_failed(self.judge(f"docker://{name}:v1", trust=trust), 1, "W-043")
                        other = peers.push_image(registry, f"{repository}:v2", self.work / "image", b"other")
                        self.assertNotEqual(other, digest)
                        for signature in (f"docker://{name}:signature", f"oci://{name}@{digest_of(pushed)}"):
                            run = self.judge(f"docker://{name}:v2", "-s", signature, trust=trust)
                            self.assert_failed(run, 1, "manifest is not signed", name)
                        # An artifact is no signature.
                        run = self.judge(f"docker://{name}:v1", "-s", f"docker://{name}:v1", trust=trust)
                        self.assert_failed(run, 1, "cannot use the signature", "O-003")
                        run = self.judge(f"docker://{name}:v1", "-s", f"docker://{name}:nowhere", trust=trust)
                        self.assert_failed(run, 3, "no such artifact")
                        run = self.judge(f"docker://{name}:v1", "-s", f"docker://{name}:signature", "--envelope-media-type", "a/b",
                                         trust=trust)
                        self.assert_failed(run, 2, "stored signature")

    def test_signature_of_other_place(self) -> None:
        """The artifact in one registry, its signatures in another, or in a layout."""
        with peers.docker_registry() as one, peers.oci_registry() as other:
            hand_made.put_layout(one, "app", Layout())
            layout = signed()
            hand_made.put_layout(other, "signatures", layout)
            manifest = hand_made.referrers(layout)[0]["digest"]
            target = f"docker://{one.host}/app:v1"
            self.assert_failed(self.judge(target), 1, "W-043")
            self.assert_trusted(self.judge(target, "-s", f"docker://{other.host}/signatures@{manifest}"), DIGEST)
            folder = layout.write(self.work / "layout")
            self.assert_trusted(self.judge(target, "-s", f"oci-layout:{folder}@{manifest}"), DIGEST)
            run = self.judge(target, "-s", f"docker://{other.host}/signatures@{manifest}", "-s", f"oci-layout:{folder}@{manifest}",
                             "--threshold", "2")
            self.assert_failed(run, 1, "threshold_not_reached")

    def test_sign_and_verify_files(self) -> None:
        """Signing takes digest and media type from what the registry gives; the signature is a file. // spec: O-041"""
        for kind in BOTH:
            with self.subTest(kind), KINDS[kind]() as registry:
                digest = peers.push_image(registry, "app:v1", self.work / "image")
                target = f"docker://{registry.host}/app:v1"
                run = self.client("sign", "--format", "jws", "-k", self.key, "-c", self.certificate, "-o", "s.nv2", target)
                self.assertEqual((run.code, run.out), (0, digest + "\n"), run)
                trust = ("--ca-cert", self.certificate)
                self.assert_trusted(self.judge(target, "-s", "s.nv2", trust=trust), digest)
                self.assert_failed(self.judge(target, trust=trust), 1, "W-043")
                run = self.judge(target, "-s", "s.nv2", "--media-type", INDEX_TYPE, trust=trust)
                self.assert_failed(run, 1, "another media type")

    def test_bundle(self) -> None:
        """All signatures go into a bundle; with one, those in the registry are not asked for."""
        for kind in BOTH:
            with self.subTest(kind), KINDS[kind]() as registry:
                hand_made.put_layout(registry, "app", signed())
                target = f"docker://{registry.host}/app:v1"
                run = self.client("bundle", "create", "-o", "app.bundle", target)
                self.assertEqual(run.code, 0, run)
                hand_made.put_layout(registry, "copy", Layout())
                copy = f"docker://{registry.host}/copy:v1"
                self.assert_failed(self.judge(copy), 1, "W-043")
                self.assert_trusted(self.judge(copy, "--bundle", "app.bundle"), DIGEST)
                manifest = hand_made.referrers(signed())[0]["digest"]
                run = self.client("bundle", "create", "-o", "named.bundle", "-s", f"oci://{registry.host}/app@{manifest}", copy)
                self.assertEqual(run.code, 0, run)
                self.assertEqual((self.work / "named.bundle").read_bytes(), (self.work / "app.bundle").read_bytes())


class Refusals(RegistryTest):
    def test_not_there(self) -> None:
        """// spec: N-181"""
        for kind in BOTH:
            with KINDS[kind]() as registry:
                hand_made.put_layout(registry, "app", signed())
                for target in ("app:v2", "application:v1", "app", "app@sha256:" + "0" * 64):
                    with self.subTest(kind, target=target):
                        run = self.judge(f"docker://{registry.host}/{target}")
                        self.assert_failed(run, 3, "no such artifact")

    def test_signatures_that_are_none(self) -> None:
        """// spec: F-005 F-006 F-007 O-005 O-006 O-007 O-008 O-040 W-042 W-043"""
        changes = {"no signature": (None, []), "no envelope": ({"envelope": b"{\"a\":1}"}, ["jws_member_unknown"]),
                   "no layer": ({"layers": []}, ["manifest_layers"]),
                   "another type of layer": ({"layer": {"mediaType": "a/b"}}, ["envelope_media_type"])}
        for kind, start in KINDS.items():
            with start() as registry:
                for number, (what, (change, tried)) in enumerate(changes.items()):
                    layout = Layout()
                    if change is not None:
                        layout.signature(**change)
                    hand_made.put_layout(registry, f"app{number}", layout)
                    target = f"docker://{registry.host}/app{number}:v1"
                    with self.subTest(kind, what=what):
                        self.assertEqual(self.tried(target, "rejected"), tried)
                        self.assert_failed(self.judge(target), 1)
                        # A good one beside it is enough.
                        layout.signature()
                        hand_made.put_layout(registry, f"good{number}", layout)
                        self.assert_trusted(self.judge(f"docker://{registry.host}/good{number}:v1"), DIGEST)

    def test_of_another_artifact(self) -> None:
        """A signature that is good over another artifact, and was made to refer to this one. // spec: O-040"""
        for kind, start in KINDS.items():
            with self.subTest(kind), start() as registry:
                for number, (other, error) in enumerate(((ARTIFACT + b" ", "artifact_size"),
                                                         (ARTIFACT.replace(b'"size":78', b'"size":77'), "artifact_digest"))):
                    self.assertNotEqual(other, ARTIFACT)
                    layout = Layout(artifact=other)
                    layout.signature()
                    hand_made.put_layout(registry, f"app{number}", layout)
                    self.assert_failed(self.judge(f"docker://{registry.host}/app{number}:v1"), 1, error)

    def test_max_signatures(self) -> None:
        """// spec: W-041"""
        for kind, start in KINDS.items():
            with self.subTest(kind), start() as registry:
                layout = Layout()
                for number in range(3):
                    layout.signature(envelope=b"{}", annotations={"n": str(number)})
                layout.signature()
                hand_made.put_layout(registry, "app", layout)
                target = f"docker://{registry.host}/app:v1"
                self.assert_trusted(self.judge(target), DIGEST)
                places = [each["digest"] for each in hand_made.referrers(layout)]
                self.assertEqual(len(places), 4)
                tried = self.tried(target, "trusted")
                at = tried.index("ok") + 1
                self.assertEqual(len(self.tried(target, "trusted", "--max-signatures", at)), at)
                if at > 1:
                    self.assert_failed(self.judge(target, "--max-signatures", at - 1), 1, "signatures_left")


class Policies(RegistryTest):
    def configure(self, scope: str, level: str = "strict") -> Path:
        config = self.work / "config"
        store = config / "truststore" / "x509" / "ca" / "acme"
        store.mkdir(parents=True, exist_ok=True)
        (store / "root.pem").write_bytes(ROOT.read_bytes())
        statement = {"name": "acme", "registryScopes": [scope], "signatureVerification": {"level": level}}
        if level != "skip":
            statement |= {"trustStores": ["ca:acme"], "trustedIdentities": ["*"]}
        (config / "trustpolicy.json").write_text(json.dumps({"version": "1.0", "trustPolicies": [statement]}))
        return config

    def test_scope_of_target(self) -> None:
        """The repository of the target is what the policy is looked up with, unless another is given."""
        with peers.oci_registry() as registry:
            hand_made.put_layout(registry, "team/app", signed())
            target, name = f"docker://{registry.host}/team/app:v1", f"{registry.host}/team/app"
            for scope in (name, "*"):
                with self.subTest(scope):
                    trust = ("--config", self.configure(scope), "--time", TIME)
                    self.assert_trusted(self.judge(target, trust=trust), DIGEST)
                    # Without any option about trust it is the configuration of the user that counts.
                    run = self.client("verify", "--time", TIME, target, env={"NOTATION_CONFIG": str(self.work / "config")})
                    self.assert_trusted(run, DIGEST)
            trust = ("--config", self.configure(name + "s"), "--time", TIME)
            self.assert_failed(self.judge(target, trust=trust), 1, name)
            self.assert_trusted(self.judge(target, "--scope", name + "s", trust=trust), DIGEST)
            run = self.judge(target, trust=("--config", self.configure(name, "skip"), "--time", TIME))
            self.assertEqual((run.code, run.out), (0, ""), run)
            self.assertIn("NOT VERIFIED", run.err)

    def test_acquisition(self) -> None:
        """Who is not trusted yet is told where the key can be had. // spec: Q-004 Q-005"""
        with peers.docker_registry() as registry:
            layout = Layout()
            hand_made.put_layout(registry, "wabbit/app", layout)
            target, name = f"docker://{registry.host}/wabbit/app:v1", f"{registry.host}/wabbit"
            run = self.client("sign", "--format", "jws", "-k", self.key, "-c", self.certificate, "--attach", target)
            self.assertEqual(run.code, 0, run)
            config = self.configure("*")
            (config / "acquire.json").write_text(json.dumps({"schema": "nv2.acquire/1", "keys": [
                {"prefix": name, "url": "https://wabbit-networks.example/key.pem", "store": "ca:wabbit"}]}))
            run = self.judge(target, trust=("--config", config))
            self.assert_failed(run, 1, "S-020", f"the certificate for {name}: https://wabbit-networks.example/key.pem")
            run = self.judge(target, "--output", "json", trust=("--config", config))
            self.assertEqual(self.assert_verdict(run, 1, "rejected")["acquire"]["prefix"], name)

    def test_threshold(self) -> None:
        """// spec: W-040"""
        for kind in BOTH:
            with self.subTest(kind), KINDS[kind]() as registry:
                digest = peers.push_image(registry, "app:v1", self.work / "image")
                target = f"docker://{registry.host}/app:v1"
                trust: tuple = ("--threshold", "2")
                for signer in ("p256", "p384"):
                    trust += ("--ca-cert", self.bench.certs[signer])
                for signer in ("p256", "p384"):
                    self.assert_failed(self.judge(target, trust=trust), 1)
                    run = self.client("sign", "--format", "cose", "-k", self.bench.key_path(signer), "-c", self.bench.certs[signer],
                                      "--attach", target)
                    self.assertEqual(run.code, 0, run)
                self.assert_trusted(self.judge(target, trust=trust), digest)

    def test_offline(self) -> None:
        with peers.oci_registry() as registry:
            hand_made.put_layout(registry, "app", signed())
            self.assert_failed(self.judge(f"docker://{registry.host}/app:v1", "--offline"), 3, "--offline forbids it")


class Words(RegistryTest):
    """What no real registry can be made to say."""

    def setUp(self) -> None:
        super().setUp()
        self.registry = hand_made.HandMade()
        self.addCleanup(self.registry.__exit__)
        self.target = f"docker://{self.registry.host}/app:v1"

    def serve(self, layout: Layout, listed: bool = True) -> str:
        self.registry.put_layout(layout)
        return self.registry.put_referrers(layout) if listed else f"app/referrers/{layout.subject['digest']}"

    def asked(self, kind: str) -> list[str]:
        return [each for each in self.registry.asked if f"/{kind}/" in each]

    def test_good(self) -> None:
        """Parameters of media types do not count, and headers name neither digest nor size. // spec: N-144 N-145 F-003"""
        self.serve(signed())
        self.assert_trusted(self.judge(self.target), DIGEST)
        lie = {"Docker_Content_Digest": digest_of(b"lie")}
        for path in ("app/manifests/v1", f"app/manifests/{DIGEST}"):
            self.registry.put(path, ARTIFACT, OCI_TYPE + " ; charset=utf-8", **lie)
        self.assert_trusted(self.judge(self.target), DIGEST)
        self.assert_trusted(self.judge(f"docker://{self.registry.host}/app@{DIGEST}"), DIGEST)

    def test_artifact(self) -> None:
        """// spec: D-024 D-007 O-001 O-041 O-042"""
        self.serve(signed())
        by_digest = f"docker://{self.registry.host}/app@{DIGEST}"
        place = f"app/manifests/{DIGEST}"
        good = self.registry.answers[place]
        # Another artifact, which is signed too, in place of the one asked for.
        self.registry.put(place, ARTIFACT + b"\n", OCI_TYPE)
        self.assert_failed(self.judge(by_digest), 1, "content_digest", "does not give what was asked for")
        self.registry.put(place, b"", OCI_TYPE)
        self.assert_failed(self.judge(by_digest), 1, "content_digest")
        for media_type in ("", "text", "a/b/c", "application/" + "x" * 200):
            with self.subTest(media_type):
                self.registry.put(place, ARTIFACT, media_type)
                self.assert_failed(self.judge(by_digest), 1, "media_type_syntax")
        for media_type in (INDEX_TYPE, "application/json"):
            with self.subTest(media_type):
                self.registry.put(place, ARTIFACT, media_type)
                self.assert_failed(self.judge(by_digest), 1, "O-042")
        self.registry.put(place, b" " * ((4 << 20) + 1), OCI_TYPE)
        self.assert_failed(self.judge(by_digest), 3)
        for status in (400, 401, 403, 418, 302, 204):
            with self.subTest(status):
                self.registry.answers[place] = (status, {}, b"")
                self.assert_failed(self.judge(by_digest), 3)
        self.registry.answers[place] = good
        self.assert_trusted(self.judge(by_digest), DIGEST)

    def test_tag_moves(self) -> None:
        """A tag is asked for once; what came is judged, and named. // spec: D-025 N-146"""
        self.serve(signed())
        other = ARTIFACT + b"\n"
        answers = [self.registry.answers["app/manifests/v1"]]
        self.registry.answers["app/manifests/v1"] = lambda _: answers.pop() if answers else (200, {"Content-Type": OCI_TYPE}, other)
        self.assert_trusted(self.judge(self.target), DIGEST)
        self.assert_failed(self.judge(self.target), 1, "W-043")

    def test_accept(self) -> None:
        """The second kind of media types is asked for too. // spec: N-179"""
        with peers.docker_registry() as registry:
            hand_made.put_layout(registry, "app", signed())
            for scheme in ("docker", "oci"):
                self.assert_trusted(self.judge(f"{scheme}://{registry.host}/app:v1"), DIGEST)

    def test_pages(self) -> None:
        """// spec: F-003"""
        layout = signed(3)
        path = self.serve(layout, listed=False)
        entries = hand_made.referrers(layout)
        bad = [{"mediaType": OCI_TYPE, "digest": digest_of(str(n).encode()), "size": 1, "artifactType": SIGNATURE_TYPE}
               for n in range(2)]
        absolute = f"http://{self.registry.host}/v2/{path}"
        for link in (f"/v2/{path}?p=2", f"{absolute}?p=2", "?p=2"):
            for form in ('<{}>; rel="next"', "<{}>;rel=next", '</v2/x>; rel="prev", <{}>; title="a"; rel="next"'):
                with self.subTest(link=link, form=form):
                    self.registry.put_referrers(layout, bad[:1], Link=form.format(link))
                    self.registry.put_referrers(layout, bad[1:] + entries[:1], "?p=2")
                    self.assertEqual(self.tried(self.target, "trusted"), ["signature_unavailable", "signature_unavailable", "ok"])
        self.assertEqual(self.unreadable, [])

    def test_pages_elsewhere(self) -> None:
        """Pages are of the same list, and there is an end to them. // spec: F-003 G-003"""
        layout = signed()
        path = self.serve(layout, listed=False)
        entries = hand_made.referrers(layout)
        with hand_made.HandMade() as stranger:
            stranger.put_layout(layout)
            stranger.put_referrers(layout)
            digest = layout.subject["digest"]
            for place in (path, f"other/referrers/{digest}", "app/manifests/v1", f"app/referrers/{digest_of(b'x')}"):
                self.registry.put(place + "?p=2", hand_made.index_of(entries))
            links = (f"http://{stranger.host}/v2/{path}", f"https://{self.registry.host}/v2/{path}?p=2", f"//{stranger.host}/v2/{path}",
                     f"/v2/other/referrers/{digest}?p=2", f"/v2/app/referrers/{digest_of(b'x')}?p=2", "/v2/app/manifests/v1?p=2",
                     f"/v2/app/referrers/../../other/referrers/{digest}?p=2", f"http://{self.registry.host}@{stranger.host}/v2/{path}",
                     f"file:///v2/{path}", "x", f"/v2/{path}/../{digest}?p=2", "/v2/", f"/v2/{path}\\?p=2", "://")
            for link in links:
                with self.subTest(link):
                    self.registry.put_referrers(layout, [], Link=f'<{link}>; rel="next"')
                    self.assertEqual(self.tried(self.target, "rejected"), [])
                    self.assertEqual(self.unreadable.count("index_too_long"), len(self.unreadable))
                    self.assertTrue(self.unreadable)
            self.assertEqual(stranger.asked, [])
        for link in (f"/v2/{path}?p=2", f"/v2/{path}?p=3"):  # loops
            self.registry.put_referrers(layout, [], Link=f'</v2/{path}?p=2>; rel="next"')
            self.registry.put_referrers(layout, [], "?p=2", Link=f'<{link}>; rel="next"')
            self.registry.put_referrers(layout, [], "?p=3", Link=f'</v2/{path}?p=2>; rel="next"')
            self.assertEqual(self.tried(self.target, "rejected"), [])
        self.assertIn("index_too_long", self.unreadable)
        # No link at all.
        for link in ("", "<", "<>", '<>; rel="next"', f"</v2/{path}?p=2>", f'</v2/{path}?p=2>; rel="prev"', "a" * 2000):
            with self.subTest(link):
                self.registry.put_referrers(layout, entries, Link=link)
                self.assertEqual(self.tried(self.target, "trusted"), ["ok"])

    def test_endless(self) -> None:
        """// spec: G-003"""
        layout = signed()
        path = self.serve(layout, listed=False)
        count = iter(range(10 ** 6))
        self.registry.answers[path] = lambda _: (200, {"Content-Type": INDEX_TYPE, "Link": f'</v2/{path}?p={next(count)}>; rel="next"'},
                                                 hand_made.index_of([]))
        self.assertEqual(self.tried(self.target, "rejected"), [])
        self.assertEqual(set(self.unreadable), {"index_too_long"})
        self.assertLess(next(count), 200)
        filler = text({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [], "annotations": {"a": "x" * (3 << 20)}})
        self.registry.answers[path] = lambda _: (200, {"Content-Type": INDEX_TYPE, "Link": f'</v2/{path}?p={next(count)}>; rel="next"'},
                                                 filler)
        before = next(count)
        run = self.judge(self.target)
        self.assertIn(run.code, (1, 3))
        self.assertEqual(run.out, "")
        self.assertLess(next(count) - before, 10)

    def test_many_entries(self) -> None:
        """// spec: G-003 W-041"""
        layout = Layout()
        self.serve(layout, listed=False)
        entries = [{"mediaType": OCI_TYPE, "digest": digest_of(str(n).encode()), "size": 1, "artifactType": SIGNATURE_TYPE}
                   for n in range(1200)]
        self.registry.put_referrers(layout, entries)
        run = self.judge(self.target)
        self.assert_failed(run, 1)
        self.assertLess(len(self.registry.asked), 1040)
        # Those of other types cost nothing.
        for each in entries:
            each["artifactType"] = "application/vnd.example.bill"
        layout.signature()
        self.registry.put_layout(layout)
        self.registry.put_referrers(layout, entries + hand_made.referrers(layout))
        self.registry.asked.clear()
        self.assert_trusted(self.judge(self.target), DIGEST)
        self.assertLess(len(self.registry.asked), 10)

    def test_filters(self) -> None:
        """Whoever filters is asked for every type; entries are looked at all the same. // spec: F-002"""
        layout = signed()
        self.serve(layout, listed=False)
        bill = {"mediaType": OCI_TYPE, "digest": digest_of(b"bill"), "size": 4, "artifactType": "application/vnd.example.bill"}
        for header, lists in ((None, 1), ("artifactType", 3), ("other, artifactType", 3), ("artifactTypes", 1), ("", 1)):
            with self.subTest(header):
                self.registry.put_referrers(layout, [bill] + hand_made.referrers(layout), OCI_Filters_Applied=header)
                self.registry.asked.clear()
                self.assertEqual(self.tried(self.target, "trusted"), ["ok"])
                self.assertEqual(len(self.asked("referrers")), lists)
        # No type, no signature; twice is once.
        entry = hand_made.referrers(layout)[0]
        self.registry.put_referrers(layout, [{k: v for k, v in entry.items() if k != "artifactType"}])
        self.assertEqual(self.tried(self.target, "rejected"), [])
        self.registry.put_referrers(layout, [entry, entry])
        self.assertEqual(self.tried(self.target, "trusted"), ["ok"])

    def test_broken_entries(self) -> None:
        """One does not hide the others. // spec: F-006 F-007 W-042 D-008"""
        layout = signed()
        self.serve(layout, listed=False)
        entry = hand_made.referrers(layout)[0]
        rows = {"null": None, "text": "x", "no digest": {k: v for k, v in entry.items() if k != "digest"},
                "short digest": entry | {"digest": "sha256:12"}, "negative": entry | {"size": -1}, "list": []}
        for what, bad in rows.items():
            with self.subTest(what):
                self.registry.put_referrers(layout, [bad, entry])
                self.assertEqual(self.tried(self.target, "trusted"), ["ok"])
                self.assertEqual(len(self.unreadable), 1)
        for what, bad, error in (("size", entry | {"size": 1}, None), ("huge", entry | {"size": 1 << 40}, "input_too_large")):
            with self.subTest(what):
                self.registry.put_referrers(layout, [bad, entry])
                tried = self.tried(self.target, "trusted")
                self.assertEqual(len(tried), 2)
                self.assertEqual((tried[0] if error else error, tried[1]), (error, "ok"))

    def test_broken_lists(self) -> None:
        """// spec: F-005 F-006 L-002"""
        layout = signed()
        path = self.serve(layout, listed=False)
        for body in (b"", b"[]", b"{", b'{"schemaVersion":1,"manifests":[]}', b'{"schemaVersion":2}',
                     b'{"schemaVersion":2,"manifests":{}}', b'{"schemaVersion":2,"manifests":[]}x'):
            with self.subTest(body):
                self.registry.put(path, body)
                self.assertEqual(self.tried(self.target, "rejected"), [])
                self.assertTrue(self.unreadable)
        for media_type in ("application/json", "", OCI_TYPE, "text/html"):
            with self.subTest(media_type):
                self.registry.put(path, hand_made.index_of(hand_made.referrers(layout)), media_type)
                self.assertEqual(self.tried(self.target, "rejected"), [])
                self.assertEqual(set(self.unreadable), {"index_media_type"})
        self.registry.put(path, b'{"schemaVersion":2,"manifests":null}')
        self.assert_failed(self.judge(self.target), 1, "W-043")
        self.registry.put(path, b" " * ((4 << 20) + 1))
        self.assert_failed(self.judge(self.target), 3)

    def test_tag_in_place_of_list(self) -> None:
        """Where there is no list, or it is not sure that there is one. // spec: F-004 F-005"""
        layout = signed()
        path = self.serve(layout, listed=False)
        tag = f"app/manifests/{hand_made.tag_of(layout.subject['digest'])}"
        for status in (404, 400, 405, 501):
            with self.subTest(status):
                self.registry.answers[path] = (status, {}, b"{}")
                self.registry.put(tag, hand_made.index_of(hand_made.referrers(layout)))
                self.assertEqual(self.tried(self.target, "trusted"), ["ok"])
                # No index under the tag.
                for missing in (True, False):
                    self.registry.put(tag, ARTIFACT, OCI_TYPE)
                    if missing:
                        del self.registry.answers[tag]
                    run = self.judge(self.target)
                    self.assert_failed(run, *((1, "W-043") if status == 404 else (3, f"status {status}")))
        self.registry.put(tag, hand_made.index_of(hand_made.referrers(layout)))
        for status in (401, 403, 418):
            with self.subTest(status):
                self.registry.answers[path] = (status, {}, b"{}")
                self.assert_failed(self.judge(self.target), 3)

    def test_tag_of_other_digests(self) -> None:
        """// spec: F-004 D-003"""
        for name, cuts in (("sha384", (64, 96)), ("sha512", (64,))):
            for cut in cuts:
                with self.subTest(name, cut=cut):
                    layout = Layout()
                    manifest = layout.artifact
                    digest = f"{name}:{hashlib.new(name, manifest).hexdigest()}"
                    layout.subject = {"mediaType": OCI_TYPE, "digest": digest, "size": len(manifest)}
                    (self.work / "manifest.json").write_bytes(manifest)
                    self.registry.answers.clear()
                    self.registry.put(f"app/manifests/{digest}", manifest, OCI_TYPE)
                    run = self.client("sign", "--format", "jws", "-k", self.key, "-c", self.certificate, "-o", "s.nv2",
                                      f"docker://{self.registry.host}/app@{digest}")
                    self.assertEqual(run.code, 0, run)
                    layout.signature(envelope=(self.work / "s.nv2").read_bytes(), subject=layout.subject)
                    self.registry.put_layout(layout)
                    self.registry.put(f"app/manifests/{digest}", manifest, OCI_TYPE)
                    entries = hand_made.referrers(layout)
                    self.assertEqual(len(entries), 1)
                    self.registry.put(f"app/manifests/{name}-{digest.split(':')[1][:cut]}", hand_made.index_of(entries))
                    run = self.judge(f"docker://{self.registry.host}/app@{digest}", trust=("--ca-cert", self.certificate))
                    self.assertEqual(run.code, 0, run)
