# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Trust stores as notation lays them out."""
import os
from datetime import datetime, timezone

import testpki
from harness import HOST
from policies import NOTARY, PolicyTest, der_of, level, statement


class Layout(PolicyTest):
    def setUp(self) -> None:
        super().setUp()
        self.write_policy(statement())

    def refuse(self, rule: str, *texts: str) -> None:
        """A broken store is a wrong configuration, whatever the level."""
        self.assert_failed(self.judge(), 2, rule, "ca:acme-rockets", *texts)
        self.write_policy(statement(signatureVerification=level("audit")))
        self.assert_failed(self.judge(), 2, rule)

    def test_place(self) -> None:
        """// spec: S-003"""
        self.assert_good(self.judge())
        other = self.work / "elsewhere"
        (self.config / "truststore").rename(other)
        self.assert_failed(self.judge(), 1, "ca:acme-rockets does not exist", "truststore/x509/ca/acme-rockets")
        self.assert_good(self.judge("--trust-store", other))

    def test_types(self) -> None:
        """A name is good in its own type only. // spec: S-001 S-022 W-030"""
        self.store().rename(self.store("tsa"))
        self.assert_failed(self.judge(), 1, "W-030 (notary_no_anchor)")

    def test_links(self) -> None:
        """// spec: S-004"""
        certificate = self.store() / "0.crt"
        certificate.rename(self.work / "0.crt")
        certificate.symlink_to(self.work / "0.crt")
        self.refuse("S-004", "0.crt", "symbolic link")

    def test_linked_directory(self) -> None:
        """// spec: S-004"""
        self.store().rename(self.work / "moved")
        self.store().symlink_to(self.work / "moved")
        self.refuse("S-004", "symbolic link")

    def test_configuration_may_be_a_link(self) -> None:
        """Only stores and their files may not."""
        (self.work / "link").symlink_to(self.config)
        self.assert_good(self.judge(config=self.work / "link"))

    def test_directories(self) -> None:
        """// spec: S-005"""
        (self.store() / "old").mkdir()
        self.refuse("S-005", "old")

    def test_extensions(self) -> None:
        """// spec: S-006"""
        good = (self.store() / "0.crt").read_bytes()
        for name in ("0.pem", "0.cer"):
            with self.subTest(name):
                (self.store() / "0.crt").rename(self.store() / name)
                self.assert_good(self.judge())
                (self.store() / name).rename(self.store() / "0.crt")
        for name in ("0.txt", "0", "0.CRT", "0.der", ".pem", "0.crt~"):
            with self.subTest(name):
                (self.store() / name).write_bytes(good)
                self.assert_failed(self.judge(), 2, "S-006", name)
                (self.store() / name).unlink()

    def test_not_a_directory(self) -> None:
        self.store().rename(self.work / "moved")
        self.store().write_text("text")
        self.refuse("S-003")

    def test_unreadable_as_other_user(self) -> None:
        """A file that cannot be read is not passed over."""
        if os.geteuid() == 0:
            self.skipTest("root reads everything")
        (self.store() / "0.crt").chmod(0)
        self.assert_failed(self.judge(), 3, "0.crt")


class Content(PolicyTest):
    def setUp(self) -> None:
        super().setUp()
        self.write_policy(statement())
        self.file = self.store() / "0.crt"
        self.pem, self.der = self.file.read_bytes(), der_of(self.file)

    def test_forms(self) -> None:
        """PEM with text around, concatenated DER, several. // spec: S-007"""
        other = der_of(self.store("ca/wabbit-networks") / "0.crt")
        rows = {"text": b"what it is\n" + self.pem + b"more text\n" + self.pem, "der": self.der, "several": other + self.der,
                "crlf": self.pem.replace(b"\n", b"\r\n"), "bundle": testpki.pem(other) + self.pem}
        for name, content in rows.items():
            with self.subTest(name):
                self.file.write_bytes(content)
                self.assert_good(self.judge())

    def test_refused(self) -> None:
        """// spec: S-007"""
        key = testpki.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
        rows = {"empty": (b"", "S-007"), "text": (b"no certificate", "S-007"), "zero": (b"0", "S-007"),
                "label": (self.pem.replace(b"CERTIFICATE", b"TRUSTED CERTIFICATE"), "S-007 (pem_label)"),
                "key": (self.pem + key, "S-007 (pem_label)"), "cut": (self.pem[:-30], "S-007 (pem_syntax)"),
                "tail": (self.der + b"\0", ""), "cut_der": (self.der[:-1], ""), "other": (testpki.pem(b"\x30\x00"), "")}
        for name, (content, rule) in rows.items():
            with self.subTest(name):
                self.file.write_bytes(content)
                self.assert_failed(self.judge(), 2, "trust store ca:acme-rockets", "0.crt", rule)

    def test_leaf(self) -> None:
        """Neither an authority nor self-signed. // spec: S-010"""
        keys = self.bench.keys
        root = testpki.make_ca(keys["p384"], "Root of tests")
        leaf = testpki.make_cert(keys["p256"], "leaf of tests", usage=["digitalSignature"], issuer=root)
        self.file.write_bytes(self.pem + testpki.pem(leaf.der))
        self.assert_failed(self.judge(), 2, "S-010", "0.crt")
        for kind, issuer in (("self-signed", None), ("authority", root)):
            with self.subTest(kind):
                good = testpki.make_cert(keys["p256"], "other", san=[HOST], ca=issuer is not None, issuer=issuer)
                self.file.write_bytes(self.pem + testpki.pem(good.der))
                self.assert_good(self.judge())

    def test_same_name_is_not_self_signed(self) -> None:
        """The own key has to have signed. // spec: S-010"""
        keys = self.bench.keys
        root = testpki.make_ca(keys["p384"], "Root of tests")
        twin = testpki.make_cert(keys["p256"], "Root of tests", issuer=root)
        self.file.write_bytes(self.pem + testpki.pem(twin.der))
        self.assert_failed(self.judge(), 2, "S-010")

    def test_dates_do_not_matter(self) -> None:
        """// spec: S-013"""
        old = testpki.make_ca(self.bench.keys["p384"], "Old root", not_after=datetime(2021, 1, 1, tzinfo=timezone.utc))
        self.file.write_bytes(self.pem + testpki.pem(old.der))
        self.assert_good(self.judge())

    def test_timestamp_services(self) -> None:
        """Roots only. // spec: S-012"""
        keys = self.bench.keys
        self.write_policy(statement(trustStores=["ca:acme-rockets", "tsa:stamps"]))
        root = testpki.make_ca(keys["p384"], "Root of stamps")
        rows = {"middle": testpki.make_ca(keys["p256"], "Middle of stamps", issuer=root),
                "no-ca": testpki.make_cert(keys["p256"], "no authority", ca=False),
                "no-use": testpki.make_cert(keys["p256"], "may not issue", ca=True, usage=["digitalSignature"])}
        self.store("tsa/stamps").mkdir(parents=True)
        for name, cert in rows.items():
            with self.subTest(name):
                (self.store("tsa/stamps") / "0.pem").write_bytes(testpki.pem(cert.der))
                self.assert_failed(self.judge(), 2, "S-012", "tsa:stamps")
        (self.store("tsa/stamps") / "0.pem").write_bytes(testpki.pem(root.der))
        self.assert_failed(self.judge(), 1, "T-001 (timestamp_absent)", "timestamp")


class Anchors(PolicyTest):
    def test_bytes_count(self) -> None:
        """The same key and name in another certificate is another certificate. // spec: S-020"""
        self.write_policy(statement(trustStores=["ca:acme-rockets"]))
        (self.store() / "0.crt").write_bytes((self.store("ca/wabbit-networks") / "0.crt").read_bytes())
        self.assert_failed(self.judge(), 1, "S-020 (notary_not_anchored)", "CN=ACME Rockets Root", "SHA-256",
                           "put it into a trust store")

    def test_any_position(self) -> None:
        """An intermediate pins. // spec: S-020 S-021"""
        self.write_policy(statement())
        blocks = (NOTARY / "p256-chain.crt").read_text().split("-----END CERTIFICATE-----\n")
        (self.store() / "0.crt").write_text(blocks[1] + "-----END CERTIFICATE-----\n")
        self.assert_good(self.judge())

    def test_presence_means_nothing(self) -> None:
        """Only stores that the statement names count. // spec: S-022"""
        self.write_policy(statement(trustStores=["ca:wabbit-networks"], trustedIdentities=["*"]))
        self.assert_failed(self.judge(), 1, "S-020")

    def test_missing_and_empty(self) -> None:
        """Whoever needs the store fails, by its own action. // spec: S-011"""
        for name in ("missing", "empty"):
            if name == "empty":
                self.store("ca/empty").mkdir()
            for word, code in (("strict", 1), ("permissive", 1), ("audit", 0)):
                with self.subTest(name=name, level=word):
                    self.write_policy(statement(trustStores=[f"ca:{name}"], trustedIdentities=["*"],
                                                signatureVerification=level(word)))
                    run = self.judge()
                    if code == 0:
                        self.assert_logged(run, "authenticity", "W-030 (notary_no_anchor)")
                    else:
                        self.assert_failed(run, code, "W-030 (notary_no_anchor)", f"ca:{name}")

    def test_missing_timestamp_store(self) -> None:
        """A statement that asks for timestamps does so without a store too. // spec: S-011 W-060 W-063"""
        stores = ["ca:acme-rockets", "tsa:missing"]
        self.write_policy(statement(trustStores=stores))
        self.assert_failed(self.judge(), 1, "T-001 (timestamp_absent)")
        self.write_policy(statement(trustStores=stores, signatureVerification=level("permissive")))
        self.assert_logged(self.judge(), "authenticTimestamp", "T-001 (timestamp_absent)")
        verification = level("strict") | {"verifyTimestamp": "afterCertExpiry"}
        self.write_policy(statement(trustStores=stores, signatureVerification=verification))
        self.assert_good(self.judge())  # spec: W-062
        self.assert_failed(self.judge(time="2046-01-01T00:00:00Z"), 1, "T-001 (timestamp_absent)")

    def test_signing_authority(self) -> None:
        """Each scheme has its own stores. // spec: W-030 W-064"""
        authority = dict(name="authority", form="jws")
        self.write_policy(statement())
        self.assert_failed(self.judge(**authority), 1, "W-030 (notary_no_anchor)")
        self.write_policy(statement(trustStores=["signingAuthority:acme-rockets"]))
        self.assert_good(self.judge(**authority), **authority)
        self.assert_failed(self.judge(), 1, "W-030 (notary_no_anchor)")
        self.assert_good(self.judge(**authority, time="2050-01-01T00:00:00Z"), **authority)
        self.assert_failed(self.judge(**authority, time="2026-01-01T00:00:00Z"), 1, "W-065 (notary_time_ahead)")
