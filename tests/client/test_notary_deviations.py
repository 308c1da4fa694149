# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""What a caller may understand, and named leniencies, for signatures of the Notary Project."""
import testpki
from harness import MEDIA_TYPE, ClientTest
from policies import PolicyTest, seal_jws


class Bench(ClientTest):
    def chain(self, *, root_key: str = "p384", ca: dict | None = None, leaf: dict | None = None) -> list[testpki.Cert]:
        keys = self.bench.keys
        root = testpki.make_cert(keys[root_key], "Root of tests", **({"ca": True, "usage": ["keyCertSign"]} | (ca or {})))
        return [testpki.make_cert(keys["p256"], "leaf of tests",
                                  **({"usage": ["digitalSignature"], "issuer": root} | (leaf or {}))), root]

    def judge(self, *more, chain: list[testpki.Cert] | None = None, **parts):
        chain = chain or self.chain()
        testpki.bundle(self.work / "root.crt", chain[-1])
        made = seal_jws(self.bench.manifest, MEDIA_TYPE, self.bench.keys["p256"], chain, **parts)
        (self.work / "s.jws.sig").write_bytes(made)
        return self.run_client("verify", "-f", "s.jws.sig", "--ca-cert", "root.crt", *more, f"file:{self.bench.manifest}")

    def check(self, name: str, error: str, **parts) -> None:
        with self.subTest(name):
            self.assert_failed(self.judge(**parts), 1, error)
            self.assert_trusted(self.judge("--compat", name, **parts))


class Understands(Bench):
    """// spec: J-035"""
    CRIT = ["io.cncf.notary.signingScheme", "com.example.batch"]

    def test_critical_attribute(self) -> None:
        parts = {"protected": {"crit": self.CRIT, "com.example.batch": 7}}
        self.assert_failed(self.judge(**parts), 1, "J-035 (notary_critical_unknown)", "--understands")
        self.assert_failed(self.judge("--understands", "com.example.other", **parts), 1, "J-035")
        self.assert_trusted(self.judge("--understands", "com.example.batch", **parts))
        self.assert_trusted(self.judge("--understands", "com.example.other", "--understands", "com.example.batch", **parts))

    def test_absent_attribute(self) -> None:
        """Understanding does not make an attribute be there. // spec: J-033"""
        self.assert_failed(self.judge("--understands", "com.example.batch", protected={"crit": self.CRIT}), 1, "J-033")

    def test_others_need_not_be_understood(self) -> None:
        self.assert_trusted(self.judge(protected={"com.example.batch": 7}))


class Deviations(Bench):
    def test_envelope(self) -> None:
        self.check("jws_extra_top", "J-004 (jws_member_unknown)", top={"other": 1})
        self.check("jws_overlap_names", "J-014 (jws_name_in_both)", header={"cty": "x"})

    def test_certificates(self) -> None:
        any_purpose = testpki.extension("2.5.29.37", testpki.seq(testpki.oid("1.3.6.1.5.5.7.3.3"), testpki.oid("2.5.29.37.0")))
        self.check("eku_allow_any", "X-023 (leaf_purpose)", chain=self.chain(leaf={"extra": any_purpose}))
        loose = testpki.extension("2.5.29.19", testpki.seq(testpki.tlv(0x01, b"\xff")))
        self.check("ca_bc_noncritical", "X-025 (ca_basic_constraints)", chain=self.chain(ca={"ca": None, "extra": loose}))
        if "rsa1024" not in self.bench.keys:
            self.bench.keys["rsa1024"] = testpki.Key.generate("rsa1024", self.bench.path / "rsa1024.key")
        self.check("weak_ca_keys", "X-028 (ca_key)", chain=self.chain(root_key="rsa1024"))


class Times(PolicyTest):
    def test_time_ahead(self) -> None:
        """// spec: W-065"""
        early = dict(name="authority", time="2026-01-15T11:59:59Z")
        self.assert_failed(self.judge(**early), 1, "W-065 (notary_time_ahead)", "--compat sa_allow_future")
        self.assert_good(self.judge("--compat", "sa_allow_future", **early), name="authority")
