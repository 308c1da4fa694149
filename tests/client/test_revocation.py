# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Revocation lists: from files, from the addresses that certificates name, and from the cache."""
from __future__ import annotations

import base64
import hashlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

import harness
import no_sockets
import testpki
from harness import HOST, MEDIA_TYPE, ClientTest, Run
from policies import document, level, seal_jws
from testpki import extension, integer, oid, read_tlv, seq, tlv
from web import Handler, Web

NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)
DAY = timedelta(days=1)
SUPERSEDED, HOLD, REMOVED = 4, 6, 8
FILTER = Path(no_sockets.__file__)
LIST_LIMIT = 32 << 20
STAMPER = """[tsa]
default_tsa = stamper
[stamper]
serial = {folder}/serial
signer_cert = {folder}/service.crt
certs = {folder}/chain.crt
signer_key = {key}
signer_digest = sha256
default_policy = 1.3.6.1.4.1.55555.2
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def instant(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def serial_of(der: bytes) -> bytes:
    """The INTEGER of a certificate."""
    _, tbs, _ = read_tlv(read_tlv(der)[1])
    _, _, start = read_tlv(tbs)  # the version
    _, _, end = read_tlv(tbs, start)
    return tbs[start:end]


def revocation_list(issuer: testpki.Cert, entries: list[tuple] = (), *, made: datetime = NOW - DAY, due: datetime = NOW + 6 * DAY,
                    key: testpki.Key | None = None) -> bytes:
    """A CertificateList; an entry is a certificate and a CRLReason or None. `key` signs in place of the issuer's."""
    key = key or issuer.key
    _, _, hash_name, _ = testpki.CURVES[key.kind]
    algorithm = seq(oid("1.2.840.10045.4." + {"sha256": "3.2", "sha384": "3.3", "sha512": "3.4"}[hash_name]))
    rows = [seq(serial_of(cert.der), testpki.time_value(made - DAY),
                seq(extension("2.5.29.21", tlv(0x0A, bytes([reason])))) if reason is not None else b"") for cert, reason in entries]
    tbs = seq(integer(1), algorithm, issuer.subject, testpki.time_value(made), testpki.time_value(due),
              seq(*rows) if rows else b"", tlv(0xA0, seq(extension("2.5.29.20", integer(7)))))
    return seq(tbs, algorithm, tlv(0x03, b"\0", key.sign_der(tbs, hash_name)))


def points(*addresses: str) -> bytes:
    """cRLDistributionPoints, one point for each address."""
    return extension("2.5.29.31", seq(*(seq(tlv(0xA0, tlv(0xA0, tlv(0x86, each.encode())))) for each in addresses)))


class RevocationTest(ClientTest):
    """A signer below a root, with a list of the root at `address`."""

    def setUp(self) -> None:
        super().setUp()
        self.server = Web()
        self.addCleanup(self.server.close)
        self.address = self.server.url + "/a.crl"
        self.root = testpki.make_ca(self.bench.keys["p384"], "Root with lists")
        self.stranger = testpki.make_ca(self.bench.keys["p521"], "Another root")
        testpki.bundle(self.work / "root.crt", self.root)
        self.sign_with(self.address)

    def sign_with(self, *addresses: str) -> None:
        self.leaf = testpki.make_cert(self.bench.keys["p256"], "Signer of tests", issuer=self.root, usage=["digitalSignature"],
                                      purposes=["codeSigning"], extra=points(*addresses) if addresses else b"")
        signature = seal_jws(self.bench.manifest, MEDIA_TYPE, self.bench.keys["p256"], [self.leaf, self.root])
        (self.work / "s.jws.sig").write_bytes(signature)

    def listed(self, reason: int | None = None, **more) -> bytes:
        return revocation_list(self.root, [(self.leaf, reason)], **more)

    def write(self, content: bytes, name: str = "a.crl") -> str:
        (self.work / name).write_bytes(content)
        return name

    def serve(self, content: bytes, path: str = "/a.crl", status: int = 200, **headers: str) -> None:
        self.server.answers[path] = (status, headers, content)

    # --- running ---------------------------------------------------------------------------------
    def arguments(self, *more, time: datetime | None = NOW) -> list[str]:
        at = ["--time", instant(time)] if time else []
        return ["verify", "-f", "s.jws.sig", *at, *map(str, more), f"file:{self.bench.manifest}"]

    @property
    def environment(self) -> dict:
        return {"XDG_CACHE_HOME": str(self.work / "cache"), "HOME": str(self.work), "no_proxy": "*", "NO_PROXY": "*"}

    def judge(self, *more, time: datetime | None = NOW) -> Run:
        """With the root on the command line."""
        return self.run_client(*self.arguments("--ca-cert", "root.crt", *more, time=time), env=self.environment)

    def policy(self, name: str = "strict", trusted: testpki.Cert | None = None, **overrides: str) -> list[str]:
        """Options for a policy of that level."""
        store = self.work / "stores" / "x509" / "ca" / "tests"
        store.mkdir(parents=True, exist_ok=True)
        testpki.bundle(store / "root.crt", trusted or self.root)
        (self.work / "policy.json").write_text(document({
            "name": "tests", "registryScopes": ["*"], "signatureVerification": level(name, **overrides),
            "trustStores": ["ca:tests"], "trustedIdentities": ["*"]}))
        return ["--policy", "policy.json", "--trust-store", "stores", "--scope", f"{HOST}/app"]

    def judge_by_policy(self, *more, name: str = "strict", time: datetime | None = NOW, **options) -> Run:
        return self.run_client(*self.arguments(*self.policy(name, **options), *more, time=time), env=self.environment)

    def document_of(self, run: Run, word: str = "trusted") -> dict:
        return self.assert_verdict(run, 0 if word == "trusted" else 1, word)

    def assert_let_pass(self, run: Run, rule: str) -> None:
        """// spec: W-081"""
        self.assertEqual((run.code, run.out), (0, self.bench.digest + "\n"), run)
        self.assertIn("warning: the check revocation failed", run.err)
        self.assertIn(rule, run.err)


class FromFiles(RevocationTest):
    def judge(self, *more, offline: bool = True, **options) -> Run:
        return super().judge(*(["--offline"] if offline else []), *more, **options)

    def test_not_asked(self) -> None:
        """Without data and without a policy nobody asks, neither here nor there."""
        told = self.document_of(self.judge("--output", "json", offline=False))
        self.assertEqual(told["checks"]["revocation"], "skipped")
        self.assertEqual(told["revocation"], {"source": "none", "freshness": "none", "asOf": None, "reason": None, "certificate": None})
        self.assertEqual(self.server.asked, [])

    def test_good(self) -> None:
        self.assert_trusted(self.judge("--crl", self.write(revocation_list(self.root)), offline=False))
        told = self.document_of(self.judge("--crl", "a.crl", "--output", "json"))
        self.assertEqual(told["checks"]["revocation"], "ok")
        self.assertEqual(told["revocation"], {"source": "list", "freshness": "current", "asOf": instant(NOW - DAY), "reason": None,
                                              "certificate": 0})
        self.assertEqual(told["validity"], {"source": "present", "from": None, "to": None})
        self.assertEqual(self.server.asked, [])

    def test_revoked(self) -> None:
        """// spec: R-006 R-024"""
        for reason in (None, SUPERSEDED):
            with self.subTest(reason):
                name = self.write(self.listed(reason))
                self.assert_failed(self.judge("--crl", name), 1, "R-006 (certificate_revoked)", "do not use the artifact")
                told = self.document_of(self.judge("--crl", name, "--output", "json"), "rejected")
                self.assertEqual((told["error"]["name"], told["revocation"]["reason"], told["revocation"]["source"]),
                                 ("certificate_revoked", reason, "list"))

    def test_hold(self) -> None:
        """// spec: R-023"""
        name = self.write(self.listed(HOLD))
        self.assert_failed(self.judge("--crl", name), 1, "R-006 (certificate_revoked)", "on hold")
        self.assert_trusted(self.judge("--crl", self.write(self.listed(REMOVED))))

    def test_explained(self) -> None:
        run = self.run_client("explain", *self.arguments("--ca-cert", "root.crt", "--crl", self.write(self.listed(HOLD)))[1:])
        self.assertEqual(run.code, 1, run)
        self.assertRegex(run.out, f"revocation data +a revocation list of {instant(NOW - DAY)}, current, about certificate 0, "
                                  "revoked for being on hold\n")
        self.assertRegex(run.out, "judged at +the present\n")

    def test_stale(self) -> None:
        """// spec: R-014"""
        name = self.write(revocation_list(self.root, made=NOW - 9 * DAY, due=NOW - 2 * DAY))
        rows = (([], None), (["strict"], None), (["grace=24h"], None), (["grace=72h"], "inGrace"), (["ignore"], "ignored"))
        for rule, fresh in rows:
            with self.subTest(rule):
                more = ["--crl", name] + (["--stale-revocation", *rule] if rule else [])
                if fresh is None:
                    self.assert_failed(self.judge(*more), 1, "R-014 (crl_stale)", "--stale-revocation grace")
                else:
                    told = self.document_of(self.judge(*more, "--output", "json"))
                    self.assertEqual((told["revocation"]["freshness"], told["checks"]["revocation"]), (fresh, "ok"))
        self.assert_failed(self.judge("--crl", name, "--stale-revocation", "mostly"), 2, "--stale-revocation")

    def test_stale_and_listed(self) -> None:
        """What was revoked stays so. // spec: R-015"""
        old = dict(made=NOW - 9 * DAY, due=NOW - 2 * DAY)
        self.assert_failed(self.judge("--crl", self.write(self.listed(SUPERSEDED, **old))), 1, "R-006 (certificate_revoked)")
        self.assert_failed(self.judge("--crl", self.write(self.listed(HOLD, **old))), 1, "R-014 (crl_stale)")

    def test_ahead(self) -> None:
        """// spec: R-014"""
        name = self.write(revocation_list(self.root, made=NOW + DAY, due=NOW + 2 * DAY))
        for more in ([], ["--stale-revocation", "ignore"]):
            self.assert_failed(self.judge("--crl", name, *more), 1, "R-014 (crl_ahead)", "check the clock")

    def test_unknown_time(self) -> None:
        """// spec: G-001"""
        name = self.write(revocation_list(self.root))
        run = self.judge("--crl", name, "--time", f"after:{instant(NOW)}", time=None)
        self.assert_failed(run, 1, "give --time")

    def test_of_others(self) -> None:
        """// spec: R-011 R-012"""
        name = self.write(revocation_list(self.stranger))
        self.assert_failed(self.judge("--crl", name), 1, "R-012 (crl_issuer)", "--crl")
        name = self.write(revocation_list(self.root, key=self.stranger.key))
        self.assert_failed(self.judge("--crl", name), 1, "R-011 (crl_signature)")

    def test_pem(self) -> None:
        """Several lists in a file, and several files."""
        lists = [testpki.pem(revocation_list(each), "X509 CRL") for each in (self.stranger, self.root)]
        self.assert_trusted(self.judge("--crl", self.write(b"".join(lists))))
        more = ["--crl", self.write(lists[0], "b.crl"), "--crl", self.write(self.listed())]
        self.assert_failed(self.judge(*more), 1, "R-006 (certificate_revoked)")

    def test_malformed(self) -> None:
        """Files that are no lists are a mistake of the caller. // spec: R-010"""
        good = revocation_list(self.root)
        rows = {"cut": good[:-1], "trailing": good + b"\0", "certificate": self.root.der,
                "pem": testpki.pem(good[:-1], "X509 CRL"), "not closed": testpki.pem(good, "X509 CRL")[:-20]}
        for name, content in rows.items():
            with self.subTest(name):
                self.assert_failed(self.judge("--crl", self.write(content)), 2, "a.crl")
        self.assert_failed(self.judge("--crl", "missing.crl"), 3, "missing.crl")

    def test_several_places(self) -> None:
        """One list will do, unless all places are asked for. // spec: R-005"""
        self.sign_with(self.address, self.server.url + "/b.crl")
        one = ["--crl", self.write(revocation_list(self.root))]
        two = [*one, "--crl", self.write(revocation_list(self.root), "b.crl")]
        all_points = ["--compat", "crl_all_points"]
        self.assert_trusted(self.judge(*one))
        self.assert_failed(self.judge(*one, *all_points), 1, "R-005 (crl_point_missing)")
        self.assert_trusted(self.judge(*two, *all_points))

    def test_name_of_rule(self) -> None:
        for name in ("crl_all_points", "ts_allow_crls", "ts_any_imprint_hash", "ts_allow_future"):
            self.assertIn(f"\n  {name} ", self.run_client("help", "compat").out)


class ByPolicy(RevocationTest):
    def test_no_data(self) -> None:
        """The level decides what an unknown status leads to. // spec: R-004 W-070"""
        self.assert_failed(self.judge_by_policy("--offline"), 1, "R-004 (revocation_unknown)", "leave --offline out")
        for name in ("permissive", "audit"):
            with self.subTest(name):
                self.assert_let_pass(self.judge_by_policy("--offline", name=name), "R-004 (revocation_unknown)")
        self.assert_trusted(self.judge_by_policy("--offline", revocation="skip"))
        self.assertEqual(self.server.asked, [])

    def test_revoked(self) -> None:
        """// spec: R-006"""
        more = ["--offline", "--crl", self.write(self.listed(SUPERSEDED))]
        self.assert_failed(self.judge_by_policy(*more), 1, "R-006 (certificate_revoked)")
        for name in ("permissive", "audit"):
            with self.subTest(name):
                self.assert_let_pass(self.judge_by_policy(*more, name=name), "R-006 (certificate_revoked)")

    def test_irrevocable(self) -> None:
        """Nobody can be asked about a certificate that names nobody. // spec: R-002"""
        self.sign_with()
        self.assert_trusted(self.judge_by_policy())
        self.assertEqual(self.server.asked, [])


class Fetched(RevocationTest):
    def assert_unknown(self, run: Run, note: str = "") -> None:
        """Refused for want of data; before that, a note tells why it could not be got."""
        notes = [] if note == "" else run.err.splitlines(keepends=True)[:1]
        for line in notes:
            self.assertIn(note, line, run)
        run.err = run.err[sum(map(len, notes)):]
        self.assert_failed(run, 1, "R-004 (revocation_unknown)")

    def test_good_and_cached(self) -> None:
        """As long as it is current, a list is got once. // spec: R-004 Q-007"""
        self.serve(revocation_list(self.root))
        self.assert_trusted(self.judge_by_policy())
        self.assert_trusted(self.judge_by_policy())
        self.assertEqual(self.server.asked, ["/a.crl"])
        [kept] = (self.work / "cache" / "nv2" / "crl").iterdir()
        self.assertEqual(kept.read_bytes(), self.server.answers["/a.crl"][2])
        self.serve(revocation_list(self.root, made=NOW + 6 * DAY, due=NOW + 9 * DAY))
        self.assert_trusted(self.judge_by_policy(time=NOW + 7 * DAY))
        self.assertEqual(self.server.asked, ["/a.crl"] * 2)
        kept.write_bytes(b"damaged")
        self.assert_trusted(self.judge_by_policy(time=NOW + 7 * DAY))
        self.assertEqual(self.server.asked, ["/a.crl"] * 3)

    def test_cache_of_option(self) -> None:
        self.serve(revocation_list(self.root))
        for _ in range(2):
            self.assert_trusted(self.judge_by_policy("--revocation-cache", "kept"))
        self.assertEqual((len(list((self.work / "kept").iterdir())), self.server.asked), (1, ["/a.crl"]))
        self.assertFalse((self.work / "cache").exists())

    def test_cache_is_not_believed(self) -> None:
        """What lies in the cache is verified like all lists: one by another key says nothing. // spec: R-011"""
        self.serve(revocation_list(self.root))
        self.assert_trusted(self.judge_by_policy())
        [kept] = (self.work / "cache" / "nv2" / "crl").iterdir()
        kept.write_bytes(revocation_list(self.root, key=self.stranger.key))
        self.serve(self.listed())
        self.assertEqual(self.judge_by_policy().code, 1)

    def test_no_place_for_a_cache(self) -> None:
        self.serve(revocation_list(self.root))
        (self.work / "cache").write_bytes(b"")
        run = self.judge_by_policy()
        self.assertEqual((run.code, run.out), (0, self.bench.digest + "\n"), run)

    def test_revoked(self) -> None:
        self.serve(self.listed(SUPERSEDED))
        self.assert_failed(self.judge_by_policy(), 1, "R-006 (certificate_revoked)")
        self.assert_let_pass(self.judge_by_policy(name="audit"), "R-006 (certificate_revoked)")

    def test_data_was_given(self) -> None:
        """Nothing is got when what is there suffices."""
        self.serve(self.listed())
        self.assert_trusted(self.judge_by_policy("--crl", self.write(revocation_list(self.root), "b.crl")))
        self.assertEqual(self.server.asked, [])

    def test_in_place_of_stale(self) -> None:
        self.serve(revocation_list(self.root))
        stale = self.write(revocation_list(self.root, made=NOW - 9 * DAY, due=NOW - 2 * DAY), "b.crl")
        self.assert_trusted(self.judge("--crl", stale))
        self.assertEqual(self.server.asked, ["/a.crl"])

    def test_not_to_be_had(self) -> None:
        self.assert_unknown(self.judge_by_policy(), "status 404")
        self.serve(b"no list")
        self.assert_unknown(self.judge_by_policy(), "there is no revocation list")
        self.serve(b"", status=500)
        self.assert_unknown(self.judge_by_policy(), "status 500")
        self.assert_let_pass(self.judge_by_policy(name="permissive"), "R-004 (revocation_unknown)")
        self.assertFalse((self.work / "cache").exists())

    def test_unreachable(self) -> None:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))  # and nobody listens
            self.sign_with(f"http://127.0.0.1:{held.getsockname()[1]}/a.crl")
            self.assert_unknown(self.judge_by_policy(), "cannot get the revocation list")

    def test_silent_servers(self) -> None:
        """All lists together have the time that one has."""
        def wait(handler: Handler) -> None:
            time.sleep(8)
        paths = [f"/{i}.crl" for i in range(5)]
        for path in paths:
            self.server.answers[path] = wait
        self.sign_with(*(self.server.url + path for path in paths))
        begin = time.monotonic()
        run = self.judge_by_policy("--timeout", "2")
        self.assertEqual((run.code, run.out), (1, ""), run)
        for text in ("cannot get the revocation list", "no time is left for", "R-004 (revocation_unknown)"):
            self.assertIn(text, run.err, run)
        self.assertLess(time.monotonic() - begin, 8)
        self.assertLess(len(self.server.asked), 5)

    def test_too_large(self) -> None:
        """// spec: G-003"""
        self.serve(b"0" * (LIST_LIMIT + 1))
        self.assert_unknown(self.judge_by_policy(), "it has more than")
        self.serve(b"0" * (LIST_LIMIT + 1), **{"Content-Length": ""})
        self.assert_unknown(self.judge_by_policy(), "it has more than")

    def test_redirects(self) -> None:
        self.serve(b"", status=302, Location="/b.crl")
        self.serve(revocation_list(self.root), "/b.crl")
        self.assert_trusted(self.judge_by_policy())
        self.serve(b"", status=302, Location="/a.crl")
        shutil.rmtree(self.work / "cache")
        self.server.requests.clear()
        self.assert_unknown(self.judge_by_policy(), "redirect")
        self.assertLess(len(self.server.asked), 10)

    def test_redirected_to_a_file(self) -> None:
        """A server does not choose what this machine reads."""
        self.write(revocation_list(self.root))
        for address in (f"file://{self.work}/a.crl", f"ftp://127.0.0.1{self.work}/a.crl"):
            with self.subTest(address):
                self.serve(b"", status=302, Location=address)
                self.assert_unknown(self.judge_by_policy(), "cannot get the revocation list")

    def test_other_addresses(self) -> None:
        """// spec: R-003"""
        self.write(revocation_list(self.root))
        for address in (f"file://{self.work}/a.crl", "ldap://127.0.0.1/cn=a", "http://", self.address + " b"):
            with self.subTest(address):
                self.sign_with(address)
                self.assert_unknown(self.judge_by_policy())
        self.assertEqual(self.server.asked, [])

    def test_untrusted_signer(self) -> None:
        """Whoever is not trusted cannot make this machine ask anybody."""
        self.serve(revocation_list(self.root))
        for name in ("strict", "permissive", "audit"):
            with self.subTest(name):
                run = self.judge_by_policy(name=name, trusted=self.stranger)
                self.assertEqual(run.code, 0 if name == "audit" else 1, run)
        run = self.run_client(*self.arguments("--ca-cert", "root.crt", "--identity", "x509.subject: C=US, ST=WA, O=Else",
                                              "--crl", self.write(revocation_list(self.stranger))), env=self.environment)
        self.assert_failed(run, 1, "identity")
        self.assertEqual(self.server.asked, [])

    def test_changed_signature(self) -> None:
        self.serve(revocation_list(self.root))
        text = json.loads((self.work / "s.jws.sig").read_text())
        text["signature"] = ("A" if text["signature"][0] != "A" else "B") + text["signature"][1:]
        (self.work / "s.jws.sig").write_text(json.dumps(text))
        self.assertEqual(self.judge_by_policy().code, 1)
        self.assertEqual(self.server.asked, [])


class Stamped(RevocationTest):
    """A timestamp by a service that names a list of its own; the present is now, as openssl stamps then."""

    def setUp(self) -> None:
        super().setUp()
        self.sign_with()
        key = self.bench.keys["rsa2048"]
        self.service_root = testpki.make_ca(self.bench.keys["p521"], "Root of stamps")
        purpose = extension("2.5.29.37", seq(oid("1.3.6.1.5.5.7.3.8")), critical=True)
        self.service = testpki.make_cert(key, "Stamps of tests", issuer=self.service_root, usage=["digitalSignature"],
                                         extra=purpose + points(self.server.url + "/stamps.crl"))
        testpki.bundle(self.work / "stamps.crt", self.service_root)
        testpki.bundle(self.work / "service.crt", self.service)
        testpki.bundle(self.work / "chain.crt", self.service, self.service_root)
        (self.work / "tsa.cnf").write_text(STAMPER.format(folder=self.work, key=key.path))
        self.attach(self.stamp())
        self.now = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(seconds=5)

    def attach(self, token: bytes) -> None:
        envelope = json.loads((self.work / "s.jws.sig").read_text())
        envelope["header"]["io.cncf.notary.timestampSignature"] = base64.b64encode(token).decode()
        (self.work / "s.jws.sig").write_text(json.dumps(envelope))

    def stamp(self, hash_name: str = "sha256") -> bytes:
        signature = base64.urlsafe_b64decode(json.loads((self.work / "s.jws.sig").read_text())["signature"] + "==")
        query, token = self.work / "query", self.work / "token"
        imprint = hashlib.new(hash_name, signature).hexdigest()
        testpki.openssl("ts", "-query", "-digest", imprint, f"-{hash_name}", "-cert", "-no_nonce", "-out", str(query))
        testpki.openssl("ts", "-reply", "-config", str(self.work / "tsa.cnf"), "-queryfile", str(query), "-token_out", "-out", str(token))
        return token.read_bytes()

    def current(self, entries: list[tuple] = ()) -> bytes:
        return revocation_list(self.service_root, entries, made=self.now - DAY, due=self.now + DAY)

    def judge(self, *more, **options) -> Run:
        return super().judge("--tsa-cert", "stamps.crt", *more, time=self.now, **options)

    def test_no_data(self) -> None:
        """Whoever stamps is always asked about. // spec: R-008"""
        self.assert_failed(self.judge("--offline"), 1, "T-044 (timestamp_revocation)", "--crl")
        self.assertEqual(self.server.asked, [])

    def test_from_a_file(self) -> None:
        name = self.write(self.current())
        told = self.document_of(self.judge("--crl", name, "--output", "json"))
        self.assertEqual((told["validity"]["source"], told["checks"]["authenticTimestamp"]), ("timestamp", "ok"))
        self.assertLess(told["validity"]["from"], told["validity"]["to"])
        self.assertLess(told["validity"]["to"], instant(self.now))
        name = self.write(self.current([(self.service, SUPERSEDED)]))
        self.assert_failed(self.judge("--crl", name), 1, "T-044 (timestamp_revoked)", "another one")

    def test_fetched(self) -> None:
        self.serve(self.current(), "/stamps.crl")
        self.assert_trusted(self.judge())
        self.assertEqual(self.server.asked, ["/stamps.crl"])

    def test_untrusted_service(self) -> None:
        """Nobody asks where a service points to that is not trusted."""
        self.serve(self.current(), "/stamps.crl")
        testpki.bundle(self.work / "stamps.crt", self.root)
        self.assert_failed(self.judge(), 1, "T-040 (timestamp_path)", "--tsa-cert")
        told = self.document_of(self.judge("--output", "json"), "rejected")
        self.assertEqual(told["validity"], {"source": "timestamp", "from": None, "to": None})
        self.assertEqual(self.server.asked, [])

    def test_explained(self) -> None:
        name = self.write(self.current())
        run = self.run_client("explain", *self.arguments("--ca-cert", "root.crt", "--tsa-cert", "stamps.crt", "--crl", name,
                                                         time=self.now)[1:], env=self.environment)
        self.assertRegex(run.out, "judged at +all the time from [0-9T:Z-]+ to [0-9T:Z-]+, as the timestamp has it\n")
        run = self.run_client("explain", *self.arguments("--ca-cert", "root.crt", "--tsa-cert", "root.crt")[1:])
        self.assertRegex(run.out, "judged at +no time: the timestamp is not good\n")

    def test_another_hash(self) -> None:
        """// spec: T-012"""
        self.attach(self.stamp("sha512"))
        more = ["--crl", self.write(self.current())]
        self.assert_failed(self.judge(*more), 1, "T-012 (timestamp_imprint_choice)", "--compat ts_any_imprint_hash")
        self.assert_trusted(self.judge(*more, "--compat", "ts_any_imprint_hash"))

    def test_lists_inside(self) -> None:
        """// spec: T-006"""
        _, content, _ = read_tlv(self.stamp())
        _, _, begin = read_tlv(content)  # the type
        _, wrapped, _ = read_tlv(content, begin)
        _, signed, _ = read_tlv(wrapped)
        ends = [0]
        while ends[-1] < len(signed):
            ends.append(read_tlv(signed, ends[-1])[2])
        self.attach(seq(content[:begin], tlv(0xA0, seq(signed[:ends[-2]], tlv(0xA1, self.current()), signed[ends[-2]:]))))
        more = ["--crl", self.write(self.current())]
        self.assert_failed(self.judge(*more), 1, "T-006 (timestamp_crls)", "--compat ts_allow_crls")
        self.assert_trusted(self.judge(*more, "--compat", "ts_allow_crls"))
        self.assert_failed(self.judge("--offline", "--compat", "ts_allow_crls"), 1, "T-044 (timestamp_revocation)")

    def test_of_another_signature(self) -> None:
        """// spec: T-011"""
        token = self.stamp()
        self.sign_with()
        self.attach(token)
        self.assert_failed(self.judge("--crl", self.write(self.current())), 1, "T-011 (timestamp_imprint)", "another signature")

    def test_ahead(self) -> None:
        """// spec: T-045"""
        self.now -= timedelta(hours=1)
        more = ["--crl", self.write(self.current())]
        self.assert_failed(self.judge(*more), 1, "T-045 (timestamp_ahead)", "--compat ts_allow_future")
        self.assert_trusted(self.judge(*more, "--compat", "ts_allow_future"))


@unittest.skipUnless(sys.platform == "linux", "system call filters are those of Linux")
class WithoutSockets(RevocationTest):
    """Nothing but the program itself says whether it made a socket: the system kills it for one."""

    def run_alone(self, *arguments: str, before: tuple = ()) -> Run:
        command = [*before, sys.executable, "-B", FILTER, harness.program, *arguments]
        done = subprocess.run(command, capture_output=True, cwd=self.work, timeout=60, check=False,
                              env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **self.environment})
        if done.returncode == no_sockets.UNAVAILABLE:
            self.skipTest("no system call filters here")
        return Run(done)

    def test_control(self) -> None:
        """A fetch makes a socket, and does not survive that."""
        self.serve(revocation_list(self.root))
        self.assertEqual(self.run_alone(*self.arguments(*self.policy())).code, -signal.SIGSYS)
        self.assertEqual(self.server.asked, [])

    def test_control_of_children(self) -> None:
        """The filter set between fork and exec holds, too."""
        self.run_alone("--version")  # skips where there are no filters
        for code, expected in (("import socket; socket.socket()", -signal.SIGSYS), ("print()", 0)):
            with self.subTest(code):
                done = subprocess.run([sys.executable, "-c", code], preexec_fn=no_sockets.forbid_sockets, capture_output=True, check=False)
                self.assertEqual(done.returncode, expected, done)

    def test_offline(self) -> None:
        """// spec: R-004"""
        self.serve(revocation_list(self.root))
        self.assert_failed(self.run_alone(*self.arguments(*self.policy(), "--offline")), 1, "R-004 (revocation_unknown)")
        name = self.write(revocation_list(self.root))
        self.assert_trusted(self.run_alone(*self.arguments(*self.policy(), "--offline", "--crl", name)))
        self.assertEqual(self.server.asked, [])

    def test_nothing_to_ask(self) -> None:
        """Without --offline, too, as long as nothing is missing."""
        name = self.write(revocation_list(self.root))
        self.assert_trusted(self.run_alone(*self.arguments(*self.policy(), "--crl", name)))
        self.assert_trusted(self.run_alone(*self.arguments("--ca-cert", "root.crt")))

    def test_network_of_its_own(self) -> None:
        unshare = ("unshare", "-rn")
        if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode != 0:
            print("note: no test of --offline in a network namespace: unshare -rn is not permitted here")
            self.skipTest("unshare is not permitted")
        name = self.write(revocation_list(self.root))
        arguments = self.arguments(*self.policy(), "--offline", "--crl", name)
        self.assert_trusted(self.run_alone(*arguments, before=unshare))
