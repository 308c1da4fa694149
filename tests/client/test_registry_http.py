# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""How registries are talked to: redirects, limits, retries, tokens, helpers. A server on the loopback plays a registry in which
something is wrong; tests/registries has the real ones."""
from __future__ import annotations

import base64
import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import harness
import no_sockets
import testpki
from harness import ClientTest, Run
from layouts import ARTIFACT, INDEX_TYPE, ROOT, SIGNATURE_TYPE, Layout, digest_of, text
from policies import OCI_TYPE, TIME
from web import Asked, Handler, Web

NAME = "team/app"
DIGEST = digest_of(ARTIFACT)
MANIFEST, REFERRERS = f"/v2/{NAME}/manifests/v1", f"/v2/{NAME}/referrers/{DIGEST}"
USER, PASSWORD, TOKEN = "wabbit", "carrots: a secret", "a-token.of_ours"
BASIC = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
TYPED = ("-u", USER, "--password-stdin")
Guard = Callable[[Asked], "tuple | None"]


class Registry(Web):
    """Holds a signed artifact. `guard` may answer in place of it."""

    def __init__(self, *tls: Path) -> None:
        super().__init__(*tls)
        self.guard: Guard = lambda asked: None
        layout = Layout()
        entry = layout.signature(listed=False)
        for name, content in layout.files.items():
            digest = name.removeprefix("blobs/").replace("/", ":")
            for kind in ("manifests", "blobs"):
                self.answers[f"/v2/{NAME}/{kind}/{digest}"] = (200, {"Content-Type": OCI_TYPE}, content)
        self.answers[MANIFEST] = (200, {"Content-Type": OCI_TYPE}, ARTIFACT)
        self.blob = f"/v2/{NAME}/blobs/" + json.loads(layout.files[Layout.name_of(entry)])["layers"][0]["digest"]
        self.answers[REFERRERS] = (200, {"Content-Type": INDEX_TYPE},
                                   text({"schemaVersion": 2, "mediaType": INDEX_TYPE,
                                         "manifests": [entry | {"artifactType": SIGNATURE_TYPE}]}))

    def answer_to(self, asked: Asked):
        found = self.answers.get(asked.path.split("?")[0], (404, {}, b"nothing here"))
        return self.guard(asked) or found

    def times(self, path: str) -> int:
        return sum(each.split("?")[0] == path for each in self.asked)


def want(scheme: str, header: str = "Authorization", value: str = BASIC) -> Guard:
    """Lets in who says `value`."""
    return lambda asked: None if asked.headers.get(header) == value else (401, {"WWW-Authenticate": scheme}, b"{}")


class HttpTest(ClientTest):
    def setUp(self) -> None:
        super().setUp()
        self.registry = self.start(Registry())
        self.docker = self.work / "docker"
        self.docker.mkdir()

    def start(self, server):
        self.addCleanup(server.close)
        return server

    def environment(self, **more: str) -> dict:
        return {"DOCKER_CONFIG": str(self.docker), "HOME": str(self.work), "PATH": f"{self.work}/bin:{os.environ['PATH']}",
                "no_proxy": "127.0.0.1", "http_proxy": "", "https_proxy": "", "all_proxy": ""} | more

    def arguments(self, *more, insecure: bool = True) -> list:
        return ["verify", "--ca-cert", ROOT, "--time", TIME, *(["--insecure"] if insecure else []), *more,
                f"docker://{self.registry.host}/{NAME}:v1"]

    def judge(self, *more, insecure: bool = True, env: dict | None = None, **options) -> Run:
        """Verifies the artifact. Whatever comes of it, no secret shows up."""
        if "--password-stdin" in more:
            options["stdin"] = PASSWORD.encode()
        run = self.run_client(*self.arguments(*more, insecure=insecure), env=env or self.environment(), **options)
        for secret in (PASSWORD, BASIC.split()[1], TOKEN):
            self.assertNotIn(secret, run.out + run.err)
        return run

    def assert_good(self, run: Run) -> None:
        self.assert_trusted(run, DIGEST)

    def assert_unavailable(self, run: Run, *texts: str) -> None:
        self.assert_failed(run, 3, self.registry.host, "next", *texts)

    def answer_once(self, path: str, *answers) -> None:
        """Other answers first, then the usual one."""
        usual, left = self.registry.answers[path], list(answers)

        def give(handler: Handler) -> None:
            now = left.pop(0) if left else usual
            now(handler) if callable(now) else handler.give(*now)
        self.registry.answers[path] = give

    def make_tls(self, names: str = "IP:127.0.0.1") -> tuple[Path, Path, Path]:
        """A certificate, its key and its authority."""
        ca = testpki.make_ca(self.bench.keys["p384"], "Authority of servers")
        config = self.work / "tls.cnf"
        config.write_text(f"subjectAltName={names}\n")
        authority, key, request, leaf = (self.work / f"tls-{name}" for name in ("ca.crt", "leaf.key", "leaf.csr", "leaf.crt"))
        authority.write_bytes(testpki.pem(ca.der))
        testpki.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(key),
                        "-out", str(request), "-subj", "/CN=127.0.0.1")
        testpki.openssl("x509", "-req", "-in", str(request), "-CA", str(authority), "-CAkey", self.bench.key_path("p384"),
                        "-days", "30", "-set_serial", "7", "-extfile", str(config), "-out", str(leaf))
        return leaf, key, authority


class Redirects(HttpTest):
    def test_same_host(self) -> None:
        """The password goes with the request to another place of the same server."""
        self.registry.guard = want("Basic")
        self.registry.answers["/elsewhere"] = self.registry.answers[self.registry.blob]
        self.registry.answers[self.registry.blob] = (307, {"Location": "/elsewhere"}, b"")
        self.assert_good(self.judge(*TYPED))

    def test_other_host(self) -> None:
        """A store of blobs is asked without the password of the registry; another port is another server."""
        store = self.start(Web())
        store.answers["/store"] = self.registry.answers[self.registry.blob]
        self.registry.guard = want("Basic")
        for status in (301, 302, 303, 307, 308):
            with self.subTest(status):
                self.registry.answers[self.registry.blob] = (status, {"Location": store.url + "/store"}, b"")
                self.assert_good(self.judge(*TYPED))
        self.assertEqual(len(store.requests), 5)
        for each in store.requests:
            self.assertNotIn("Authorization", each.headers)

    def test_other_host_asks(self) -> None:
        """Nor does another server get the password by asking for it."""
        store = self.start(Web())
        store.answers["/store"] = (401, {"WWW-Authenticate": "Basic"}, b"")
        self.registry.answers[MANIFEST] = (307, {"Location": store.url + "/store"}, b"")
        self.assert_failed(self.judge(*TYPED), 3, "401")
        self.assertEqual([each.headers.get("Authorization") for each in store.requests], [None])

    def test_endless(self) -> None:
        self.registry.answers[MANIFEST] = (302, {"Location": MANIFEST}, b"")
        self.assert_unavailable(self.judge(), "redirects")
        self.assertLess(self.registry.times(MANIFEST), 10)

    def test_no_web(self) -> None:
        for place in ("file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "", "http://"):
            with self.subTest(place):
                self.registry.answers[MANIFEST] = (302, {"Location": place}, b"")
                self.assert_unavailable(self.judge())

    def test_https_to_http(self) -> None:
        plain = self.registry
        leaf, key, authority = self.make_tls()
        self.registry = self.start(Registry(leaf, key))
        trusting = self.environment(SSL_CERT_FILE=str(authority))
        self.assert_good(self.judge(insecure=False, env=trusting))
        self.registry.answers[MANIFEST] = (307, {"Location": plain.url + MANIFEST}, b"")
        self.assert_unavailable(self.judge(insecure=False, env=trusting), "from https to http")
        self.assertEqual(plain.requests, [])

    def test_server_unknown(self) -> None:
        """Neither somebody's certificate nor one for another name."""
        leaf, key, authority = self.make_tls("DNS:registry.example.com")
        self.registry = self.start(Registry(leaf, key))
        for trusts in ("", str(authority)):
            with self.subTest(trusts):
                self.assert_unavailable(self.judge(insecure=False, env=self.environment(SSL_CERT_FILE=trusts)))
        self.assertEqual(self.registry.requests, [])


class Bodies(HttpTest):
    def test_truncated(self) -> None:
        """// spec: N-145"""
        for cut in (0, 1, len(ARTIFACT) - 1):
            with self.subTest(cut):
                self.registry.answers[MANIFEST] = (200, {"Content-Type": OCI_TYPE, "Content-Length": str(len(ARTIFACT))},
                                                   ARTIFACT[:cut])
                self.assert_unavailable(self.judge("--timeout", "2"))

    def test_broken_once(self) -> None:
        """What is missing is asked for, and only that."""
        half = len(ARTIFACT) // 2

        def rest(handler: Handler) -> None:
            self.assertEqual(handler.headers["Range"], f"bytes={half}-")
            handler.give(206, {"Content-Type": OCI_TYPE, "Content-Range": f"bytes {half}-{len(ARTIFACT) - 1}/{len(ARTIFACT)}"},
                         ARTIFACT[half:])
        broken = (200, {"Content-Type": OCI_TYPE, "Content-Length": str(len(ARTIFACT))}, ARTIFACT[:half])
        refused = (416, {}, b"")
        other = (206, {"Content-Type": OCI_TYPE, "Content-Range": f"bytes 0-{len(ARTIFACT) - 1}/*"}, ARTIFACT)
        usual = self.registry.answers[MANIFEST]
        for name, answers in {"goes on": (broken, rest), "begins again": (broken,), "cannot": (broken, refused),
                              "another range": (broken, other)}.items():
            with self.subTest(name):
                self.answer_once(MANIFEST, *answers)
                self.assert_good(self.judge())
                self.registry.answers[MANIFEST] = usual

    def test_other_rest(self) -> None:
        """A rest of something else has another digest."""
        half = len(ARTIFACT) // 2
        rest = ARTIFACT[half:].replace(b"sha256:", b"sha256;")
        broken = (200, {"Content-Type": OCI_TYPE, "Content-Length": str(len(ARTIFACT))}, ARTIFACT[:half])
        self.answer_once(MANIFEST, broken, (206, {"Content-Type": OCI_TYPE, "Content-Range": f"bytes {half}-9/*"}, rest))
        run = self.judge()
        self.assertEqual((run.code, run.out), (1, ""), run)

    def test_range_unasked(self) -> None:
        self.registry.answers[MANIFEST] = (206, {"Content-Type": OCI_TYPE, "Content-Range": "bytes 0-9/9"}, ARTIFACT)
        self.assert_unavailable(self.judge("--timeout", "2"))

    def test_endless(self) -> None:
        """Memory stays flat, and it ends at once."""
        def pour(handler: Handler) -> None:
            handler.give(200, {"Content-Type": OCI_TYPE, "Content-Length": None})
            while True:
                handler.wfile.write(bytes(1 << 20))
        self.registry.answers[MANIFEST] = pour
        begin = time.monotonic()
        done = subprocess.run([harness.program, *map(str, self.arguments())], env=os.environ | self.environment(), check=False,
                              capture_output=True, timeout=60,
                              preexec_fn=harness.data_limit(256 << 20))
        self.assert_unavailable(Run(done), "bytes")
        self.assertLess(time.monotonic() - begin, 20)

    def test_announced_size(self) -> None:
        """Nothing is set aside for what a header promises."""
        self.registry.answers[MANIFEST] = (200, {"Content-Type": OCI_TYPE, "Content-Length": str(1 << 50)}, b"{")
        self.assert_unavailable(self.judge("--timeout", "2"))

    def test_endless_excuse(self) -> None:
        """So it is with the text of an error."""
        self.registry.answers[MANIFEST] = (404, {}, bytes(1 << 20))
        self.assert_unavailable(self.judge(), "bytes")

    def test_endless_headers(self) -> None:
        self.registry.answers[MANIFEST] = (200, {"Content-Type": OCI_TYPE, "X": ["y" * 1000] * 1000}, ARTIFACT)
        self.assert_unavailable(self.judge())

    def test_slow(self) -> None:
        """A byte now and then keeps nobody waiting beyond the time for all."""
        def drip(handler: Handler) -> None:
            handler.give(200, {"Content-Type": OCI_TYPE, "Content-Length": str(len(ARTIFACT))})
            for byte in ARTIFACT:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(0.2)
        self.registry.answers[MANIFEST] = drip
        begin = time.monotonic()
        self.assert_unavailable(self.judge("--timeout", "2"))
        self.assertLess(time.monotonic() - begin, 10)

    def test_silent(self) -> None:
        self.registry.answers[MANIFEST] = lambda handler: time.sleep(8)
        begin = time.monotonic()
        self.assert_unavailable(self.judge("--timeout", "2"))
        self.assertLess(time.monotonic() - begin, 7)

    def test_no_http(self) -> None:
        for garbage in (b"", b"hello\r\n", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", b"\0" * 100):
            with self.subTest(garbage):
                self.registry.answers[MANIFEST] = lambda handler, garbage=garbage: handler.wfile.write(garbage)
                self.assert_unavailable(self.judge("--timeout", "2"))

    def test_hostile_text(self) -> None:
        """What a server says is shown so that it moves no cursor."""
        self.registry.answers[MANIFEST] = (302, {"Location": "http://127.0.0.1:1/\x1b[2J"}, b"")
        self.assert_failed(self.judge("--timeout", "1"), 3)


class Retries(HttpTest):
    def test_then_success(self) -> None:
        for status in (429, 500, 502, 503, 504):
            with self.subTest(status):
                usual = self.registry.answers[MANIFEST]
                self.answer_once(MANIFEST, (status, {}, b"later"))
                self.assert_good(self.judge())
                self.registry.answers[MANIFEST] = usual

    def test_few(self) -> None:
        self.registry.answers[MANIFEST] = (503, {}, b"")
        self.assert_failed(self.judge(), 3, "503")
        self.assertIn(self.registry.times(MANIFEST), range(2, 6))

    def test_not_again(self) -> None:
        """What will not be otherwise in a moment is asked for once."""
        for status in (400, 403, 404, 405, 410, 501):
            with self.subTest(status):
                self.registry.requests.clear()
                self.registry.answers[MANIFEST] = (status, {}, b"")
                self.assert_failed(self.judge(), 3)
                self.assertEqual(self.registry.times(MANIFEST), 1)

    def test_asks_to_wait(self) -> None:
        self.answer_once(MANIFEST, (429, {"Retry-After": "1"}, b""))
        begin = time.monotonic()
        self.assert_good(self.judge())
        self.assertGreaterEqual(time.monotonic() - begin, 1)

    def test_asks_to_wait_long(self) -> None:
        """Nobody is kept waiting for a week, nor by nonsense."""
        for value in ("604800", "99999999999999999999999", "-1", "-99999999999999999999999"):
            with self.subTest(value):
                self.registry.requests.clear()
                self.registry.answers[MANIFEST] = (503, {"Retry-After": value}, b"")
                begin = time.monotonic()
                self.assert_failed(self.judge(), 3, "503")
                self.assertLess(time.monotonic() - begin, 5)
                self.assertEqual(self.registry.times(MANIFEST), 1)

    def test_nobody_there(self) -> None:
        self.registry.close()
        self.registry.close = lambda: None
        self.assert_unavailable(self.judge("--timeout", "2"))


class Ways(HttpTest):
    def test_proxy(self) -> None:
        """As everywhere: by http_proxy, and past it by no_proxy."""
        proxy = self.start(Web())
        proxied = self.environment(http_proxy=proxy.url, no_proxy="")
        proxy.answers[self.registry.url + MANIFEST] = self.registry.answers[MANIFEST]
        self.assert_failed(self.judge(env=proxied), 1, "no signature")  # the proxy has only the manifest
        self.assertIn(self.registry.url + MANIFEST, proxy.asked)
        self.assertEqual(self.registry.requests, [])
        proxy.requests.clear()
        self.assert_good(self.judge(env=self.environment(http_proxy=proxy.url)))
        self.assertEqual(proxy.requests, [])

    def test_offline(self) -> None:
        """No socket is made. // spec: R-014"""
        command = [sys.executable, str(Path(no_sockets.__file__)), harness.program, *map(str, self.arguments("--offline"))]
        done = subprocess.run(command, env=os.environ | self.environment(), capture_output=True, timeout=60, check=False)
        if done.returncode == no_sockets.UNAVAILABLE:
            self.skipTest("no filters of system calls here")
        self.assert_unavailable(Run(done), "--offline")
        self.assertEqual(self.registry.requests, [])

    def test_no_bar(self) -> None:
        """Whoever reads stderr by a program sees no bar; a quick request shows none to people either."""
        main, side = pty.openpty()
        self.addCleanup(os.close, main)
        done = subprocess.run([harness.program, *map(str, self.arguments())], env=os.environ | self.environment(TERM="xterm"),
                              stdout=subprocess.PIPE, stderr=side, timeout=60, check=False)
        os.close(side)
        self.assertEqual((done.returncode, done.stdout.decode()), (0, DIGEST + "\n"))

    def test_visible_password(self) -> None:
        """// spec: N-167"""
        run = self.judge("-u", USER, "-p", PASSWORD)
        self.assertEqual((run.code, run.out), (0, DIGEST + "\n"), run)
        self.assertEqual(run.err.count("--password-stdin"), 1, run)


class Logins(HttpTest):
    def setUp(self) -> None:
        super().setUp()
        self.tokens = self.start(Web())
        self.given = {"token": TOKEN}
        self.tokens.answer_to = lambda asked: (200, {"Content-Type": "application/json"}, json.dumps(self.given).encode())
        self.bearer = f'Bearer realm="{self.tokens.url}/token",service="registry.example.com",scope="repository:x:pull"'

    def write_config(self, **members) -> None:
        (self.docker / "config.json").write_text(json.dumps(members))

    def write_helper(self, name: str, body: str) -> None:
        (self.work / "bin").mkdir(exist_ok=True)
        path = self.work / "bin" / f"docker-credential-{name}"
        path.write_text("#!/bin/sh\n" + body)
        path.chmod(0o755)

    def assert_kept_out(self, run: Run, *texts: str) -> None:
        self.assert_unavailable(run, "docker login", *texts)

    def test_not_before_asked(self) -> None:
        """A registry that wants no password gets none."""
        self.assert_good(self.judge(*TYPED))
        for each in self.registry.requests:
            self.assertNotIn("Authorization", each.headers)

    def test_basic(self) -> None:
        for scheme in ("Basic", 'Basic realm="a \\"b\\", c"', 'basic realm=x', 'Negotiate, Basic realm="x"',
                       'Digest realm="x", nonce="y", Basic realm="z"'):
            with self.subTest(scheme):
                self.registry.guard = want(scheme)
                self.assert_good(self.judge(*TYPED))

    def test_unending(self) -> None:
        """A registry that is never content is asked twice."""
        for scheme in ("Basic", self.bearer):
            with self.subTest(scheme):
                self.registry.requests.clear()
                self.registry.guard = lambda asked, scheme=scheme: (401, {"WWW-Authenticate": scheme}, b"")
                self.assert_kept_out(self.judge(*TYPED))
                self.assertEqual(len(self.registry.requests), 2)

    def test_bad_challenges(self) -> None:
        for header in (None, "", "Digest realm=x", "Bearer", "Bearer realm", "Bearer realm=", 'Bearer realm="http://127.0.0.1:1',
                       self.bearer + ',realm="x"', self.bearer + " x=y", "Basic " + "x=y," * 100, "Basic," * 50, "\x01", '"Basic"',
                       'Bearer realm="file:///etc/passwd"', 'Bearer realm="/token"'):
            with self.subTest(header):
                self.registry.guard = lambda asked, header=header: (401, {"WWW-Authenticate": header}, b"")
                self.assert_kept_out(self.judge(*TYPED))
        self.assertEqual(self.tokens.requests, [])

    def test_bearer(self) -> None:
        """One token for all of a repository, for what is done, whatever scope the registry names; the token alone goes there."""
        self.registry.guard = want(self.bearer, value=f"Bearer {TOKEN}")
        for self.given in ({"token": TOKEN}, {"access_token": TOKEN}):
            with self.subTest(self.given):
                self.tokens.requests.clear()
                self.assert_good(self.judge(*TYPED))
                self.assertEqual([each.method for each in self.tokens.requests], ["GET"])
                self.assertEqual(parse_qs(urlsplit(self.tokens.asked[0]).query),
                                 {"service": ["registry.example.com"], "scope": [f"repository:{NAME}:pull"]})
                self.assertEqual(self.tokens.requests[0].headers.get("Authorization"), BASIC)
        self.assertNotIn(BASIC, [each.headers.get("Authorization") for each in self.registry.requests])

    def test_anonymous(self) -> None:
        self.registry.guard = want(self.bearer, value=f"Bearer {TOKEN}")
        self.assert_good(self.judge())
        self.assertNotIn("Authorization", self.tokens.requests[0].headers)

    def test_several_challenges(self) -> None:
        """A token is worth less than a password, so the password goes to the token server."""
        for header in (f'Basic realm="x", {self.bearer}', f'{self.bearer}, Basic realm="x"', ['Basic realm="x"', self.bearer]):
            with self.subTest(header):
                self.registry.guard = want(header, value=f"Bearer {TOKEN}")
                self.assert_good(self.judge(*TYPED))

    def test_expired(self) -> None:
        """A token that ends in between is replaced."""
        good = iter([TOKEN, TOKEN + "2"])
        accepted = ["Bearer " + TOKEN]

        def guard(asked: Asked):
            if asked.path == self.registry.blob:
                accepted[0] = f"Bearer {TOKEN}2"
            return want(self.bearer, value=accepted[0])(asked)
        self.registry.guard = guard
        self.tokens.answer_to = lambda asked: (200, {}, json.dumps({"token": next(good)}).encode())
        self.assert_good(self.judge(*TYPED))

    def test_token_redirected(self) -> None:
        other = self.start(Web())
        other.answers["/token"] = (200, {}, json.dumps(self.given).encode())
        self.tokens.answer_to = lambda asked: (307, {"Location": other.url + "/token"}, b"")
        self.registry.guard = want(self.bearer, value=f"Bearer {TOKEN}")
        self.assert_good(self.judge(*TYPED))
        self.assertNotIn("Authorization", other.requests[0].headers)

    def test_bad_tokens(self) -> None:
        self.registry.guard = want(self.bearer, value=f"Bearer {TOKEN}")
        for body in (b"", b"[]", b"{}", b'{"token": 5}', b'{"token": ""}', b'{"token": "a\\r\\nX-Evil: b"}', b'{"token": "a b"}',
                     b'{"token": "\\u00e4"}', b'{"token": "\\u0000"}', b'{"token": "a", "token": "b"}', b'{"token": "a"} x',
                     b'{"token": "' + b"a" * (1 << 20) + b'"}', b"[" * 10000):
            with self.subTest(body[:40]):
                self.tokens.answer_to = lambda asked, body=body: (200, {}, body)
                run = self.judge(*TYPED)
                self.assert_failed(run, 3)
        self.assertNotIn("X-Evil", [name for each in self.registry.requests for name in each.headers])

    def test_token_refused(self) -> None:
        self.registry.guard = want(self.bearer, value=f"Bearer {TOKEN}")
        for status in (400, 401, 403, 404):
            with self.subTest(status):
                self.tokens.requests.clear()
                self.tokens.answer_to = lambda asked, status=status: (status, {"WWW-Authenticate": self.bearer}, b"")
                self.assert_kept_out(self.judge(*TYPED), str(status))
                self.assertEqual(len(self.tokens.requests), 1)

    def test_identity_token(self) -> None:
        self.write_config(auths={self.registry.host: {"auth": "", "identitytoken": "refresh me"}})
        self.registry.guard = want(self.bearer, value=f"Bearer {TOKEN}")
        self.assert_good(self.judge())
        self.assertEqual([each.method for each in self.tokens.requests], ["POST"])
        form = parse_qs(self.tokens.requests[0].body.decode())
        self.assertEqual((form["grant_type"], form["refresh_token"], form["scope"]),
                         (["refresh_token"], ["refresh me"], [f"repository:{NAME}:pull"]))
        self.assertNotIn("refresh", self.tokens.asked[0])

    def test_legacy_auths(self) -> None:
        """The name that docker writes goes before others that mean the same host."""
        self.registry.guard = want("Basic")
        host, auth = self.registry.host, BASIC.split()[1]
        wrong = base64.b64encode(b"some:body").decode()
        for auths in ({host: {"auth": auth}}, {f"http://{host}": {"auth": auth}}, {f"https://{host}/v1/": {"auth": auth}},
                      {f"{host}/": {"auth": wrong}, host: {"auth": auth}}, {f" {host}": {"auth": wrong}, host: {"auth": auth}},
                      {f"*{host}": {"auth": wrong}, host: {"auth": auth}, f"http://{host}": {"auth": wrong}}):
            with self.subTest(auths):
                self.write_config(auths=auths)
                self.assert_good(self.judge())

    def test_helper(self) -> None:
        self.registry.guard = want("Basic")
        self.write_helper("tests", f'cat > {self.work}/seen; echo \'{json.dumps({"Username": USER, "Secret": PASSWORD})}\'\n')
        self.write_config(credHelpers={self.registry.host: "tests"}, credsStore="absent")
        self.assert_good(self.judge())
        self.assertEqual((self.work / "seen").read_text(), self.registry.host)

    def test_helper_that_does_not_read(self) -> None:
        """It may end before it was asked."""
        self.registry.guard = want("Basic")
        self.write_helper("tests", f"exec <&-\necho '{json.dumps({'Username': USER, 'Secret': PASSWORD})}'\n")
        self.write_config(credsStore="tests")
        self.assert_good(self.judge())

    def test_helper_names(self) -> None:
        self.registry.guard = want("Basic")
        for name in ("../x", "x; touch seen", "a b", "$(x)", "x\n"):
            with self.subTest(name):
                self.write_config(credsStore=name)
                run = self.judge()
                self.assertEqual((run.code, run.out), (2, ""), run)
