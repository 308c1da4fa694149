# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Who asks a registry: passwords, tokens, helpers, certificates of servers; and that no secret shows up anywhere."""
from __future__ import annotations

import base64
import json
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import harness
import peers
from harness import ClientTest, Run, bench

NAME = "net-monitor"
SIGNATURE = "application/vnd.cncf.notary.signature"
SECRETS = (peers.PASSWORD, base64.b64encode(f"{peers.USER}:{peers.PASSWORD}".encode()).decode())


def basic(user: str = peers.USER, password: str = peers.PASSWORD) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode()


class AuthTest(ClientTest):
    """Tests with one registry, which holds a signed image. `start` starts it."""
    registry: peers.Registry
    digest: str

    @classmethod
    def start(cls) -> peers.Registry:
        raise NotImplementedError

    @classmethod
    def setUpClass(cls) -> None:
        cls.registry = cls.enterClassContext(cls.start())
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="nv2-auth-")))
        login = ["--username", peers.USER, "--password", peers.PASSWORD]
        cls.digest = peers.push_image(cls.registry, f"{NAME}:v1", folder, b"net monitor\n", *login)
        cls.sign(folder, login)

    @classmethod
    def sign(cls, folder: Path, login: list[str]) -> None:
        """Attaches a signature with the tools of others."""
        plain = ["--ca-file", cls.registry.ca] if cls.registry.ca else ["--plain-http"]
        reference = f"{cls.registry.host}/{NAME}:v1"
        manifest = folder / "manifest.json"
        manifest.write_bytes(peers.oras("manifest", "fetch", *plain, *login, reference).stdout)
        peers.run(harness.program, "sign", "--format", "jws", "-k", bench().key_path("p256"), "-c", bench().certs["p256"],
                  "--media-type", "application/vnd.oci.image.manifest.v1+json", "-o", "s.jws", f"file:{manifest}", cwd=folder)
        peers.oras("attach", *plain, *login, "--artifact-type", SIGNATURE, reference, "s.jws:application/jose+json", cwd=folder)

    @property
    def target(self) -> str:
        return f"docker://{self.registry.host}/{NAME}:v1"

    def write_docker(self, document: dict | str, name: str = "docker") -> None:
        """The configuration of docker. // docker's config.json"""
        folder = self.work / name
        folder.mkdir(exist_ok=True)
        (folder / "config.json").write_text(document if isinstance(document, str) else json.dumps(document))

    def write_helper(self, name: str, body: str) -> None:
        folder = self.work / "bin"
        folder.mkdir(exist_ok=True)
        (folder / f"docker-credential-{name}").write_text("#!/bin/sh\n" + body)
        (folder / f"docker-credential-{name}").chmod(0o755)

    def attach(self, *more, stdin: bytes = b"") -> Run:
        """Signs the image once more, into the registry."""
        run = self.run_client("sign", *self.registry.options, "--format", "cose", "-k", bench().key_path("p256"), "-c",
                              bench().certs["p256"], "--attach", *more, self.target, stdin=stdin,
                              env={"DOCKER_CONFIG": str(self.work / "docker"), "HOME": str(self.work)})
        self.assert_no_secret(run)
        return run

    def judge(self, *more, stdin: bytes = b"", trusts: Path | None = None, options: list[str] | None = None,
              docker: str = "docker") -> Run:
        """Verifies with no other configuration than that of the test."""
        environment = {"DOCKER_CONFIG": str(self.work / docker), "HOME": str(self.work), "SSL_CERT_DIR": str(self.work),
                       "PATH": f"{self.work}/bin:{os.environ['PATH']}", "CURL_CA_BUNDLE": "",
                       "SSL_CERT_FILE": str(trusts or self.registry.ca or "")}
        options = self.registry.options if options is None else options
        run = self.run_client("verify", *options, "--ca-cert", bench().certs["p256"], *more, self.target, stdin=stdin, env=environment)
        self.assert_no_secret(run)
        return run

    def assert_no_secret(self, run: Run) -> None:
        for secret in SECRETS:
            self.assertNotIn(secret, run.out + run.err)

    def assert_let_in(self, run: Run) -> None:
        self.assertEqual((run.code, run.out), (0, self.digest + "\n"), run)

    def assert_kept_out(self, run: Run, *texts: str) -> None:
        self.assertEqual((run.code, run.out), (3, ""), run)
        for text in texts:
            self.assertIn(text, run.err, run)


class Basic(AuthTest):
    """A name and a password at the registry itself."""

    @classmethod
    def start(cls) -> peers.Registry:
        return peers.docker_registry(auth="basic")

    def test_command_line(self) -> None:
        """// spec: N-167"""
        for options, stdin in ((["-u", peers.USER, "-p", peers.PASSWORD], b""),
                               (["--username", peers.USER, f"--password={peers.PASSWORD}"], b""),
                               (["-u", peers.USER, "--password-stdin"], peers.PASSWORD.encode()),
                               (["-u", peers.USER, "--password-stdin"], peers.PASSWORD.encode() + b"\n"),
                               (["-u", peers.USER, "--password-stdin"], peers.PASSWORD.encode() + b"\r\n")):
            with self.subTest(options, stdin=stdin):
                self.assert_let_in(self.judge(*options, stdin=stdin))

    def test_push(self) -> None:
        self.assert_kept_out(self.attach("-u", peers.USER, "-p", "lettuce"))
        self.assert_let_in(self.attach("-u", peers.USER, "--password-stdin", stdin=peers.PASSWORD.encode()))

    def test_wrong(self) -> None:
        """Never an exit code of a verdict: nothing was judged."""
        for options, stdin in (([], b""), (["-u", peers.USER, "-p", "lettuce"], b""), (["-u", "nobody", "-p", peers.PASSWORD], b""),
                               (["-u", peers.USER, "--password-stdin"], b"lettuce\n")):
            with self.subTest(options):
                run = self.judge(*options, stdin=stdin)
                self.assert_kept_out(run, self.registry.host, "docker login")
                self.assertNotIn("lettuce", run.err)

    def test_asked_once_more(self) -> None:
        """A wrong password is not tried again and again: accounts are locked by that."""
        before = self.registry.log.count(" 401 ")
        self.judge("-u", peers.USER, "-p", "lettuce")
        self.assertLessEqual(self.registry.log.count(" 401 ") - before, 2)

    def test_wrong_options(self) -> None:
        for options, stdin in ((["-u", peers.USER, "-p", "a", "--password-stdin"], b"a"), (["--password-stdin", "-u", peers.USER], b""),
                               (["-u", peers.USER, "--password-stdin"], b"\n")):
            with self.subTest(options, stdin=stdin):
                run = self.judge(*options, stdin=stdin)
                self.assertEqual((run.code, run.out), (2, ""), run)

    def test_docker_configuration(self) -> None:
        host = self.registry.host
        for auths in ({host: {"auth": basic()}}, {f"http://{host}": {"auth": basic()}}, {f"https://{host}/v1/": {"auth": basic()}},
                      {host: {"username": peers.USER, "password": peers.PASSWORD}},
                      {"registry.example.com": {"auth": basic("somebody", "else")}, host: {"auth": basic()}}):
            with self.subTest(auths):
                self.write_docker({"auths": auths})
                self.assert_let_in(self.judge())

    def test_other_hosts(self) -> None:
        """What is there for another registry is not shown to this one."""
        port = self.registry.host.split(":")[1]
        for key in ("127.0.0.1", f"localhost:{port}", f"127.0.0.1:{port}0", f"x127.0.0.1:{port}", "https://index.docker.io/v1/"):
            with self.subTest(key):
                self.write_docker({"auths": {key: {"auth": basic()}}})
                self.assert_kept_out(self.judge())

    def test_command_line_first(self) -> None:
        self.write_docker({"auths": {self.registry.host: {"auth": basic(password="lettuce")}}})
        self.assert_kept_out(self.judge())
        self.assert_let_in(self.judge("-u", peers.USER, "-p", peers.PASSWORD))

    def test_broken_configuration(self) -> None:
        host = self.registry.host
        for document in ("", "[]", "{", '{"auths": {"%s": {"auth": "%s"}}, "auths": {}}' % (host, basic()),
                         {"auths": {host: {"auth": "!!!"}}}, {"auths": {host: {"auth": base64.b64encode(b"no colon").decode()}}},
                         {"auths": {host: {"auth": basic()[:-2] + "\n="}}}):
            with self.subTest(document):
                self.write_docker(document)
                run = self.judge()
                self.assertEqual((run.code, run.out), (2, ""), run)
                self.assertIn("config.json", run.err)

    def test_not_the_environment(self) -> None:
        """Variables of other programs give no password away."""
        run = self.run_client("verify", "--insecure", "--ca-cert", bench().certs["p256"], self.target,
                              env={"NV2_USERNAME": peers.USER, "NV2_PASSWORD": peers.PASSWORD, "HOME": str(self.work)})
        self.assert_kept_out(run)

    def test_no_netrc(self) -> None:
        """Nor does a file of other programs."""
        (self.work / ".netrc").write_text(f"machine 127.0.0.1 login {peers.USER} password {json.dumps(peers.PASSWORD)}\n")
        self.assert_kept_out(self.judge())

    def test_helper(self) -> None:
        """The helper is asked for this registry, on standard input; nothing secret is in its arguments."""
        seen = self.work / "seen"
        self.write_helper("tests", f'echo "$@" > {seen}; cat >> {seen}; '
                          f"echo '{json.dumps({'Username': peers.USER, 'Secret': peers.PASSWORD})}'\n")
        for document in ({"credHelpers": {self.registry.host: "tests"}}, {"credsStore": "tests"},
                         {"credsStore": "absent", "credHelpers": {self.registry.host: "tests"}}):
            with self.subTest(document):
                self.write_docker(document)
                self.assert_let_in(self.judge())
                self.assertEqual(seen.read_text(), f"get\n{self.registry.host}")

    def test_helper_of_others(self) -> None:
        """The helper for another registry is not run."""
        self.write_helper("tests", f"touch {self.work}/seen\n")
        self.write_docker({"credHelpers": {"registry.example.com": "tests"}, "auths": {self.registry.host: {"auth": basic()}}})
        self.assert_let_in(self.judge())
        self.assertFalse((self.work / "seen").exists())

    def test_helper_without(self) -> None:
        """One that knows nothing is as none, and the file counts."""
        self.write_helper("tests", "echo 'credentials not found in native keychain'; exit 1\n")
        self.write_docker({"credsStore": "tests"})
        self.assert_kept_out(self.judge())
        self.write_docker({"credsStore": "tests", "auths": {self.registry.host: {"auth": basic()}}})
        self.assert_let_in(self.judge())

    def test_bad_helpers(self) -> None:
        self.write_docker({"credsStore": "tests"})
        for body in ("echo no JSON\n", "head -c 1000000 /dev/zero\n", "yes\n", "kill -9 $$\n",
                     "echo '{\"Username\": \"a\", \"Secret\": \"lettuce\"}'\n"):
            with self.subTest(body):
                self.write_helper("tests", body)
                run = self.judge()
                self.assert_kept_out(run)
                self.assertNotIn("lettuce", run.err)
        self.write_docker({"credsStore": "absent"})
        self.assert_kept_out(self.judge(), "docker-credential-absent")

    def test_slow_helpers(self) -> None:
        """Whatever a helper does, the client comes to an end."""
        names = {"silent": "exec sleep 50\n", "closed": "exec >&-; exec sleep 50\n", "parent": "sleep 50 & exit 1\n"}
        for name, body in names.items():
            self.write_helper(name, body)
            self.write_docker({"credsStore": name}, name)
        begin = time.monotonic()
        with ThreadPoolExecutor() as pool:
            runs = list(pool.map(lambda name: self.judge(docker=name), names))
        self.assertLess(time.monotonic() - begin, 20)
        for name, run in zip(names, runs):
            with self.subTest(name):
                self.assert_kept_out(run)

    def test_names_of_helpers(self) -> None:
        """No path, no shell."""
        for name in ("../bin/x", "x; touch seen", "x$(touch seen)", "x y", "/bin/x"):
            with self.subTest(name):
                self.write_docker({"credsStore": name})
                run = self.judge()
                self.assertEqual((run.code, run.out), (2, ""), run)
                self.assertFalse((self.work / "seen").exists())

    def test_no_secret_in_logs(self) -> None:
        """What the registry logs of us: addresses, in which there is no password."""
        self.judge("-u", peers.USER, "-p", peers.PASSWORD)
        for secret in SECRETS:
            self.assertNotIn(secret, self.registry.log)

    def test_no_secret_in_the_process_list(self) -> None:
        """The password of standard input is in no argument of any process; the helper that asks finds its parent."""
        self.write_helper("tests", f"tr '\\0' '\\n' < /proc/$PPID/cmdline > {self.work}/seen; tr '\\0' '\\n' < /proc/$PPID/environ >> "
                          f"{self.work}/seen; echo '{json.dumps({'Username': peers.USER, 'Secret': peers.PASSWORD})}'\n")
        self.write_docker({"credsStore": "tests"})
        self.assert_let_in(self.judge())
        seen = (self.work / "seen").read_text()
        self.assertIn("verify", seen)
        self.assertNotIn(peers.PASSWORD, seen)

    def test_json_verdict(self) -> None:
        """Nothing was judged, so there is a document without a verdict of trust, and no password in it."""
        run = self.judge("--output", "json", "-u", peers.USER, "-p", "lettuce")
        self.assertEqual(run.code, 3, run)
        self.assertNotIn("lettuce", run.out + run.err)
        self.assertNotIn('"trusted"', run.out)


class Token(AuthTest):
    """A token of a token server, which is who gets the password."""

    @classmethod
    def start(cls) -> peers.Registry:
        return peers.docker_registry(auth="token")

    def setUp(self) -> None:
        super().setUp()
        self.tokens = self.registry.services[0]
        self.tokens.private = True
        self.tokens.asked.clear()
        self.tokens.given.clear()

    def test_password(self) -> None:
        """The token is for pulling this repository, and one is enough."""
        self.assert_let_in(self.judge("-u", peers.USER, "-p", peers.PASSWORD))
        self.assertEqual(len(self.tokens.asked), 1, self.tokens.asked)
        query = parse_qs(urlsplit(self.tokens.asked[0].split(" ")[1]).query)
        self.assertEqual(query, {"service": ["registry"], "scope": [f"repository:{NAME}:pull"]})
        self.assertEqual(self.tokens.given, ["Basic " + basic()])

    def test_push(self) -> None:
        """A token for pulling is no token for pushing, which is asked for when it is needed."""
        self.tokens.private = False
        self.assert_kept_out(self.attach())
        self.tokens.asked.clear()
        self.assert_let_in(self.attach("-u", peers.USER, "-p", peers.PASSWORD))
        scopes = [parse_qs(urlsplit(each.split(" ")[1]).query)["scope"] for each in self.tokens.asked]
        self.assertIn([f"repository:{NAME}:pull,push"], scopes)
        self.assertLessEqual(len(scopes), 3)

    def test_anonymous(self) -> None:
        """Public images need a token too, and no name."""
        self.tokens.private = False
        self.assert_let_in(self.judge())
        self.assertEqual(self.tokens.given, [""])

    def test_wrong(self) -> None:
        for options in ([], ["-u", peers.USER, "-p", "lettuce"], ["-u", "nobody", "-p", peers.PASSWORD]):
            with self.subTest(options):
                self.tokens.asked.clear()
                self.assert_kept_out(self.judge(*options), "token server")
                self.assertEqual(len(self.tokens.asked), 1)

    def test_docker_configuration(self) -> None:
        self.write_docker({"auths": {self.registry.host: {"auth": basic()}}})
        self.assert_let_in(self.judge())

    def test_identity_token(self) -> None:
        """// docker's identitytoken: by POST, and nowhere in an address."""
        host, refresh = self.registry.host, self.tokens.refresh
        self.write_helper("tests", f"echo '{json.dumps({'Username': '<token>', 'Secret': refresh})}'\n")
        for document in ({"auths": {host: {"auth": basic("<token>", ""), "identitytoken": refresh}}},
                         {"auths": {host: {"identitytoken": refresh}}}, {"credsStore": "tests"}):
            with self.subTest(document):
                self.tokens.asked.clear()
                self.write_docker(document)
                self.assert_let_in(self.judge())
                self.assertEqual(self.tokens.asked, ["POST /token"])
                self.assertNotIn(refresh, self.registry.log)

    def test_wrong_identity_token(self) -> None:
        self.write_docker({"auths": {self.registry.host: {"identitytoken": "lettuce"}}})
        run = self.judge()
        self.assert_kept_out(run)
        self.assertNotIn("lettuce", run.err)

    def test_token_of_others(self) -> None:
        """A token that the registry does not take ends it."""
        real, self.tokens.chain = self.tokens.chain, [base64.b64encode(b"no certificate").decode()]
        self.addCleanup(setattr, self.tokens, "chain", real)
        self.assert_kept_out(self.judge("-u", peers.USER, "-p", peers.PASSWORD))
        self.assertEqual(len(self.tokens.asked), 1)


class TokenAndTls(AuthTest):
    """A registry with TLS whose token server has none."""

    @classmethod
    def start(cls) -> peers.Registry:
        return peers.docker_registry(auth="token", tls=True)

    @classmethod
    def setUpClass(cls) -> None:
        cls.registry = cls.enterClassContext(cls.start())

    def test_no_password_without_tls(self) -> None:
        """The password does not even come near the wire."""
        tokens = self.registry.services[0]
        tokens.asked.clear()
        self.assert_kept_out(self.judge("-u", peers.USER, "-p", peers.PASSWORD), "https")
        self.assertEqual(tokens.asked, [])


class Tls(AuthTest):
    """A registry with a certificate of a private authority, and passwords."""

    @classmethod
    def start(cls) -> peers.Registry:
        return peers.docker_registry(auth="basic", tls=True)

    login = ("-u", peers.USER, "-p", peers.PASSWORD)

    def test_trusted_authority(self) -> None:
        self.assert_let_in(self.judge(*self.login))

    def test_unknown_authority(self) -> None:
        """Neither no authority nor another one of the same name will do, and no password is sent."""
        other = self.work / "other"
        other.mkdir()
        _, _, foreign = peers.make_tls(other)
        empty = self.work / "empty.pem"
        empty.write_text("")
        for trusts in (foreign, empty, self.work / "absent.pem"):
            with self.subTest(trusts):
                before = self.registry.log.count("HTTP/")
                self.assert_kept_out(self.judge(*self.login, trusts=trusts))
                self.assertEqual(self.registry.log.count("HTTP/"), before)

    def test_insecure(self) -> None:
        """Plain HTTP to a server that speaks TLS is an error, no way around its certificate."""
        self.assert_kept_out(self.judge(*self.login, options=["--insecure"]))


class TlsOfAnother(AuthTest):
    @classmethod
    def start(cls) -> peers.Registry:
        return peers.docker_registry(auth="basic", tls=True, names="DNS:registry.example.com,IP:127.0.0.2")

    @classmethod
    def setUpClass(cls) -> None:
        cls.registry = cls.enterClassContext(cls.start())

    def test_other_name(self) -> None:
        """The certificate must be for the host of the reference."""
        self.assert_kept_out(self.judge("-u", peers.USER, "-p", peers.PASSWORD))
        self.assertEqual(self.registry.log.count("HTTP/"), 0)


class NoTls(AuthTest):
    @classmethod
    def start(cls) -> peers.Registry:
        return peers.docker_registry(auth="basic")

    def test_https_is_the_default(self) -> None:
        """Nobody is asked by plain HTTP who did not say so, the loopback included."""
        self.assert_kept_out(self.judge("-u", peers.USER, "-p", peers.PASSWORD, options=[]), self.registry.host)
