# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Real programs for the tests of registries: two kinds of registries, oras, notation. All listen on the loopback, on free ports,
and are stopped by their process id."""
from __future__ import annotations

import base64
import crypt
import hashlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "interop"))
sys.path.insert(0, str(ROOT / "tests" / "client"))
import testpki  # noqa: E402

folder = Path()  # of the programs that build_peers.sh made; set by run.py
notation_program = Path()
USER, PASSWORD = "wabbit", "carrots: a secret of the tests"
START_SECONDS = 20


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def stop(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass
class Registry:
    """A running registry. `host` is what its references begin with; `ca` is the file of the authority of its certificate."""
    host: str
    kind: str
    process: subprocess.Popen
    scratch: tempfile.TemporaryDirectory
    ca: Path | None = None
    services: list = field(default_factory=list)

    @property
    def log(self) -> str:
        return (Path(self.scratch.name) / "log").read_text(errors="replace")

    @property
    def options(self) -> list[str]:
        """What our client needs to talk to it."""
        return [] if self.ca else ["--insecure"]

    def url(self, path: str = "") -> str:
        return f"{'https' if self.ca else 'http'}://{self.host}/v2/{path}"

    def get(self, path: str, **headers: str) -> tuple[int, dict, bytes]:
        """What the registry itself answers; for plain registries without passwords."""
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url(path), headers=headers), timeout=10) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read()

    def __enter__(self) -> "Registry":
        return self

    def __exit__(self, *_: object) -> None:
        stop(self.process)
        for each in self.services:
            each.shutdown()
            each.server_close()
        self.scratch.cleanup()


def _scratch() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="nv2-registry-")


def make_tls(where: Path, names: str = "IP:127.0.0.1,DNS:localhost") -> tuple[Path, Path, Path]:
    """A certificate for `names`, its key, and its authority."""
    key, ca = where / "tls.key", where / "tls-ca.crt"
    config = where / "tls.cnf"
    config.write_text("[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:TRUE\n"
                      f"keyUsage=critical,keyCertSign\n[leaf]\nsubjectAltName={names}\n"
                      "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n")
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    testpki.openssl("req", "-x509", *curve, "-keyout", str(where / "ca.key"), "-out", str(ca), "-days", "30",
                    "-subj", "/CN=test authority", "-config", str(config), "-extensions", "ca")
    testpki.openssl("req", *curve, "-keyout", str(key), "-out", str(where / "tls.csr"), "-subj", "/CN=127.0.0.1",
                    "-config", str(config))
    testpki.openssl("x509", "-req", "-in", str(where / "tls.csr"), "-CA", str(ca), "-CAkey", str(where / "ca.key"),
                    "-days", "30", "-out", str(where / "tls.crt"), "-extfile", str(config), "-extensions", "leaf",
                    "-set_serial", "2")
    return where / "tls.crt", key, ca


def oci_registry(referrers: bool = True, filters: bool = True, tls: bool = False) -> Registry:
    """A registry with the referrers API (or, when told, without it)."""
    scratch = _scratch()
    where = Path(scratch.name)
    flags, ca = [], None
    if not referrers:
        flags.append("-no-referrers")
    if not filters:
        flags.append("-no-filter")
    if tls:
        certificate, key, ca = make_tls(where)
        flags += ["-cert", str(certificate), "-key", str(key)]
    with open(where / "log", "wb") as log:
        process = subprocess.Popen([folder / "oci-registry", *flags], stdout=subprocess.PIPE, stderr=log)
    host = process.stdout.readline().decode().strip()
    process.stdout.close()
    if not host:
        stop(process)
        raise RuntimeError("oci-registry does not start: " + (where / "log").read_text())
    return Registry(host, "with referrers API" if referrers else "without referrers API", process, scratch, ca)


class TokenServer(ThreadingHTTPServer):
    """Gives tokens that docker-registry takes: to whoever has the password or the refresh token, and to others for pulling
    only, unless `private`. `asked` lists the requests, `given` who made them."""
    daemon_threads = True

    def __init__(self, where: Path) -> None:
        self.key = testpki.Key.generate("p256", where / "token.key")
        self.asked: list[str] = []
        self.given: list[str] = []
        self.private = False
        self.refresh = secrets.token_hex(8)
        super().__init__(("127.0.0.1", 0), TokenHandler)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        certificate = testpki.make_cert(self.key, "token service", usage=["digitalSignature"], ca=False)
        self.certificate = where / "token.crt"
        self.certificate.write_bytes(testpki.pem(certificate.der))
        self.chain = [base64.b64encode(certificate.der).decode()]

    def token(self, scopes: list[str], may_push: bool) -> str:
        def part(value: dict) -> str:
            return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
        access = []
        for scope in scopes:
            kind, name, actions = scope.split(":")[0], scope.split(":", 1)[1].rsplit(":", 1)[0], scope.rsplit(":", 1)[1]
            allowed = [each for each in actions.split(",") if each == "pull" or may_push]
            access.append({"type": kind, "name": name, "actions": allowed})
        now = int(time.time())
        text = part({"typ": "JWT", "alg": "ES256", "x5c": self.chain}) + "." + part(
            {"iss": "tests", "sub": USER, "aud": "registry", "exp": now + 60, "nbf": now - 5, "iat": now,
             "jti": secrets.token_hex(8), "access": access})
        signature = self.key.sign(text.encode(), "ES256")
        return text + "." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


class TokenHandler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, document: dict) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.server.asked.append(f"GET {self.path}")
        scopes = parse_qs(urlsplit(self.path).query).get("scope", [])
        given = self.headers.get("Authorization", "")
        self.server.given.append(given)
        right = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if given != right and (given or self.server.private):
            return self.answer(401, {"details": "wrong password"})
        self.answer(200, {"token": self.server.token(scopes, given == right)})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.asked.append(f"POST {self.path}")
        self.server.given.append(body)
        form = parse_qs(body)
        if form.get("refresh_token") != [self.server.refresh]:
            return self.answer(401, {"details": "wrong refresh token"})
        scopes = [part for each in form.get("scope", []) for part in each.split(" ")]
        self.answer(200, {"access_token": self.server.token(scopes, True)})


def docker_registry(auth: str | None = None, tls: bool = False, names: str = "IP:127.0.0.1,DNS:localhost") -> Registry:
    """Debian's docker-registry, which has no referrers API. `auth`: None, "basic" or "token"; USER and PASSWORD are right.
    `names` are those of its certificate."""
    scratch = _scratch()
    where = Path(scratch.name)
    port = free_port()
    ca, services = None, []
    lines = ["version: 0.1", "log: {level: warn}", f"storage: {{filesystem: {{rootdirectory: {where}/data}}, delete: {{enabled: true}}}}",
             "http:", f"  addr: 127.0.0.1:{port}", f"  secret: {secrets.token_hex(8)}"]
    if tls:
        certificate, key, ca = make_tls(where, names)
        lines += ["  tls:", f"    certificate: {certificate}", f"    key: {key}"]
    if auth == "basic":
        hashed = crypt.crypt(PASSWORD, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16))
        (where / "htpasswd").write_text(f"{USER}:{hashed}\n")
        lines += ["auth:", "  htpasswd:", "    realm: tests", f"    path: {where}/htpasswd"]
    elif auth == "token":
        tokens = TokenServer(where)
        services.append(tokens)
        lines += ["auth:", "  token:", f"    realm: http://127.0.0.1:{tokens.server_address[1]}/token", "    service: registry",
                  "    issuer: tests", f"    rootcertbundle: {tokens.certificate}"]
    (where / "config.yml").write_text("\n".join(lines) + "\n")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("REGISTRY_")}
    with open(where / "log", "wb") as log:
        process = subprocess.Popen(["docker-registry", "serve", where / "config.yml"], stdout=log, stderr=log, env=environment)
    out = Registry(f"127.0.0.1:{port}", "without referrers API", process, scratch, ca, services)
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return out
        except OSError:
            time.sleep(0.05)
    message = out.log
    out.__exit__()
    raise RuntimeError("docker-registry does not start: " + message)


def run(program: Path | str, *arguments: object, env: dict | None = None, cwd: Path | None = None,
        stdin: bytes = b"", check: bool = True) -> subprocess.CompletedProcess:
    done = subprocess.run([str(program), *map(str, arguments)], capture_output=True, input=stdin, cwd=cwd, timeout=60, check=False,
                          env=os.environ | {"NO_COLOR": "1"} | (env or {}))
    if check and done.returncode != 0:
        raise RuntimeError(f"{Path(program).name} {' '.join(map(str, arguments))}: exit {done.returncode}\n"
                           f"{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}")
    return done


def oras(*arguments: object, **more) -> subprocess.CompletedProcess:
    return run(folder / "oras", *arguments, **more)


def notation(*arguments: object, config: Path, **more) -> subprocess.CompletedProcess:
    """`config` stands for the configuration directory of the user."""
    return run(notation_program, *arguments, env={"XDG_CONFIG_HOME": str(config), "NOTATION_EXPERIMENTAL": "1"}, **more)


def push_image(registry: Registry, name: str, where: Path, content: bytes = b"net monitor\n", *flags: str) -> str:
    """Pushes an image of one layer with oras; `name` is repository:tag. Returns its digest."""
    where.mkdir(parents=True, exist_ok=True)
    (where / "layer.tar").write_bytes(content)
    (where / "config.json").write_text('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:'
                                       + hashlib.sha256(content).hexdigest() + '"]}}')
    plain = ["--ca-file", registry.ca] if registry.ca else ["--plain-http"]
    oras("push", *plain, *flags, "--config", "config.json:application/vnd.oci.image.config.v1+json", f"{registry.host}/{name}",
         "layer.tar:application/vnd.oci.image.layer.v1.tar", cwd=where)
    manifest = oras("manifest", "fetch", *plain, *flags, f"{registry.host}/{name}").stdout
    return "sha256:" + hashlib.sha256(manifest).hexdigest()
