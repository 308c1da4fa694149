# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Whose addresses are asked for revocation lists, how often, and what becomes of lists that do not help; OCSP responses."""
from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta, timezone

import test_revocation
import testpki
from harness import MEDIA_TYPE, bench
from policies import seal_jws
from test_revocation import NOW, points, revocation_list
from testpki import extension, oid, seq, tlv
from web_services import Stamper

YEAR = timedelta(days=365)
TIME_STAMPING = extension("2.5.29.37", seq(oid("1.3.6.1.5.5.7.3.8")), critical=True)


class AddressTest(test_revocation.RevocationTest):
    def key(self, name: str) -> testpki.Key:
        return testpki.Key.generate("p256", self.work / f"{name}.key")

    def point(self, name: str) -> bytes:
        return points(f"{self.server.url}/{name}.crl")


class Lists(AddressTest):
    def test_forged_list_does_not_stay(self) -> None:
        """What somebody on the way put into the cache is replaced, however long it says that it is good. // spec: R-011"""
        self.serve(revocation_list(self.root, due=NOW + 20 * YEAR, key=self.stranger.key))
        self.assert_failed(self.judge_by_policy(), 1, "R-011 (crl_signature)")
        self.assertEqual(self.server.asked, ["/a.crl"])
        good = revocation_list(self.root)
        self.serve(good)
        self.assert_trusted(self.judge_by_policy())
        self.assertEqual(self.server.asked, ["/a.crl"] * 2)
        [kept] = (self.work / "cache" / "nv2" / "crl").iterdir()
        self.assertEqual(kept.read_bytes(), good)
        self.assert_trusted(self.judge_by_policy())
        self.assertEqual(self.server.asked, ["/a.crl"] * 2)

    def count(self, name: str, *files: str, threshold: int = 1) -> dict:
        given = [each for file in files for each in ("-f", file)]
        run = self.run_client("verify", *given, *self.policy(name), "--time", test_revocation.instant(NOW), "--threshold", threshold,
                              "--output", "json", f"file:{self.bench.manifest}", env=self.environment)
        return self.assert_verdict(run, run.code, "rejected" if run.code else "trusted")

    def test_asked_once(self) -> None:
        """However many signatures need a list, and whether it is there or not."""
        (self.work / "t.jws.sig").write_bytes((self.work / "s.jws.sig").read_bytes())
        files = ("s.jws.sig", "t.jws.sig", "s.jws.sig")
        self.assertEqual(self.count("strict", *files)["error"]["name"], "threshold_not_reached")
        self.assertEqual(self.server.asked, ["/a.crl"])
        self.serve(revocation_list(self.root))
        self.assertEqual(self.count("strict", *files)["verdict"], "trusted")
        self.assertEqual(self.server.asked, ["/a.crl"] * 2)

    def test_judged_again_counted_once(self) -> None:
        """A signer who is let pass without data, and again with it, is still the first one. // spec: W-040"""
        self.serve(revocation_list(self.root))
        found = self.count("permissive", "s.jws.sig")
        self.assertEqual([each["error"] for each in found["signatures"]], [None], found)
        self.assertEqual(len(found["signers"]), 1)


class Vouched(AddressTest):
    """Certificates that lie beside trusted ones choose nobody to be asked. // spec: R-004"""

    def test_above_the_anchor(self) -> None:
        """Somebody certifies the key of an authority once more, and names another place."""
        keys = {name: self.key(name) for name in ("root", "middle", "issuer", "foreign")}
        root, foreign = (testpki.make_ca(keys[name], name) for name in ("root", "foreign"))
        middle = testpki.make_ca(keys["middle"], "middle", issuer=root)
        again = testpki.make_ca(keys["middle"], "middle", issuer=foreign, extra=self.point("again"))
        issuer = testpki.make_ca(keys["issuer"], "issuer", issuer=middle, extra=self.point("issuer"))
        leaf = testpki.make_cert(bench().keys["p256"], "signer", issuer=issuer, usage=["digitalSignature"],
                                 purposes=["codeSigning"], extra=self.point("leaf"))
        envelope = seal_jws(bench().manifest, MEDIA_TYPE, bench().keys["p256"], [leaf, issuer, again, foreign])
        (self.work / "s.jws.sig").write_bytes(envelope)
        run = self.run_client(*self.arguments(*self.policy(trusted=issuer)), env=self.environment)
        self.assertEqual(run.code, 1, run)
        self.assertIn("R-004 (revocation_unknown)", run.err)
        self.assertEqual(self.server.asked, ["/leaf.crl", "/issuer.crl"])

    def stamped(self, *beside: testpki.Cert) -> testpki.Cert:
        """Stamps the signature; returns the root of the service."""
        root = testpki.make_ca(self.key("tsa-root"), "root of time")
        key = self.key("tsa")
        service = testpki.make_cert(key, "service", issuer=root, usage=["digitalSignature"], extra=TIME_STAMPING + self.point("tsa"))
        chain = b"".join(testpki.pem(each.der) for each in (root, *beside))
        stamper = Stamper(self.work, key.path, testpki.pem(service.der), chain)
        envelope = json.loads((self.work / "s.jws.sig").read_text())
        token = stamper.token(base64.urlsafe_b64decode(envelope["signature"] + "=="))
        envelope["header"]["io.cncf.notary.timestampSignature"] = base64.b64encode(token).decode()
        (self.work / "s.jws.sig").write_text(json.dumps(envelope))
        testpki.bundle(self.work / "tsa.crt", root)
        return root

    def test_in_a_timestamp(self) -> None:
        """The certificates in a token are not signed by anybody, and those of the signer are not asked about. // spec: R-008 T-044"""
        foreign = testpki.make_ca(self.key("foreign"), "foreign", extra=self.point("foreign"))
        alike = testpki.make_cert(self.key("alike"), "service", issuer=testpki.make_ca(self.key("liar"), "root of time"),
                                  usage=["digitalSignature"], extra=self.point("alike"))
        root = self.stamped(foreign, alike)
        more = ("--tsa-cert", "tsa.crt")
        run = self.judge(*more, time=None)
        self.assertEqual(run.code, 1, run)
        self.assertIn("T-044 (timestamp_revocation)", run.err)
        self.assertEqual(self.server.asked, ["/tsa.crl"])
        now = datetime.now(timezone.utc).replace(microsecond=0)
        self.serve(revocation_list(root, made=now - timedelta(hours=1), due=now + YEAR), "/tsa.crl")
        self.assert_trusted(self.judge(*more, time=None))
        self.assertEqual(self.server.asked, ["/tsa.crl"] * 2)
        self.assert_failed(self.judge(*more, "--offline", time=None), 1, "T-044 (timestamp_revocation)")
        self.assertEqual(self.server.asked, ["/tsa.crl"] * 2)


class Responses(AddressTest):
    """Responses of the openssl program in files; no OCSP service is asked."""

    def setUp(self) -> None:
        super().setUp()
        place = seq(seq(oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, f"{self.server.url}/ocsp".encode())))
        self.leaf = testpki.make_cert(bench().keys["p256"], "signer", issuer=self.root, usage=["digitalSignature"],
                                      purposes=["codeSigning"], extra=extension("1.3.6.1.5.5.7.1.1", place))
        envelope = seal_jws(bench().manifest, MEDIA_TYPE, bench().keys["p256"], [self.leaf, self.root])
        (self.work / "s.jws.sig").write_bytes(envelope)
        testpki.bundle(self.work / "leaf.crt", self.leaf)

    def respond(self, status: str, name: str = "r.der") -> str:
        serial = test_revocation.serial_of(self.leaf.der)[2:].hex().upper()
        dates = "400101000000Z\t" + ("260101000000Z,superseded" if status == "R" else "")
        (self.work / "index").write_text(f"{status}\t{dates}\t{serial}\tunknown\t/CN=signer\n")
        root, key = str(self.work / "root.crt"), str(self.root.key.path)
        testpki.openssl("ocsp", "-index", str(self.work / "index"), "-CA", root, "-rsigner", root, "-rkey", key, "-issuer", root,
                        "-cert", str(self.work / "leaf.crt"), "-ndays", "2", "-respout", str(self.work / name))
        return name

    def test_good(self) -> None:
        """// spec: R-036"""
        found = self.assert_verdict(self.judge("--ocsp", self.respond("V"), "--output", "json", time=None), 0, "trusted")
        self.assertEqual((found["revocation"]["source"], found["checks"]["revocation"]), ("response", "ok"))
        self.assertEqual(self.server.asked, [])

    def test_revoked(self) -> None:
        """// spec: R-006 R-036"""
        self.assert_failed(self.judge("--ocsp", self.respond("R"), time=None), 1, "R-006 (certificate_revoked)")
        found = self.assert_verdict(self.judge("--ocsp", "r.der", "--output", "json", time=None), 1, "rejected")
        self.assertEqual(found["revocation"]["reason"], test_revocation.SUPERSEDED)

    def test_nobody_is_asked(self) -> None:
        """// spec: R-004"""
        self.assert_failed(self.judge_by_policy(), 1, "R-004 (revocation_unknown)")
        self.assertEqual(self.server.asked, [])
