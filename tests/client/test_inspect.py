# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 inspect: shows everything, judges nothing, survives anything."""
import json

import testpki
from harness import GOLDEN, HERE, HOST, REFERENCE, ClientTest

ESCAPE = "\x1b[31mred\x1b[0m\x07\u202egnp\u200b"


class Inspect(ClientTest):
    def inspect(self, *more, file="s.nv2", stdin: bytes = b""):
        return self.run_client("inspect", *more, file, stdin=stdin)

    def document(self, *more, code: int = 0, **where) -> dict:
        run = self.inspect("--output", "json", *more, **where)
        self.assertEqual(run.code, code, run)
        self.assertTrue(run.out.isascii(), run)
        document = json.loads(run.out)
        self.assertEqual((document["schema"], document["verified"]), ("nv2.inspection/1", False))
        return document

    def test_recorded_texts(self) -> None:
        """What is printed about files of the real tool, word for word."""
        for name in ("jwt-rsa2048-chain2", "json-p256-x5c-expiry", "jwt-p521-kid"):
            with self.subTest(name):
                run = self.inspect(file=GOLDEN / f"{name}.nv2")
                self.assertEqual((run.code, run.err), (0, ""), run)
                self.assertEqual(run.out, (HERE / "golden" / f"inspect-{name}.txt").read_text())

    def test_document(self) -> None:
        for form in ("nv2-jwt", "nv2-json", "nv2-json-array"):
            with self.subTest(form):
                self.sign("--format", form, "-r", REFERENCE)
                shown = self.document()
                self.assertEqual(shown["format"], "nv2-jwt" if form == "nv2-jwt" else "nv2-json")
                self.assertEqual(shown["claims"]["digest"], self.bench.digest)
                self.assertEqual(shown["claims"]["references"], [REFERENCE])
                self.assertEqual(shown["problems"], [])
                (signature,) = shown["signatures"]
                self.assertEqual((signature["typ"], signature["alg"], signature["size"]), ("x509", "ES256", 64))
                (cert,) = signature["certificates"]
                self.assertEqual(cert["subject"], "CN=signer with p256,O=Test only,C=US")
                self.assertEqual(cert["names"], [f"DNS:{HOST}"])
                self.assertEqual(cert["key"], "EC prime256v1")
                self.assertEqual(cert["kid"], self.bench.keys["p256"].kid)

    def test_kid(self) -> None:
        self.sign(cert=False)
        self.assertEqual(self.document()["signatures"][0]["kid"], self.bench.keys["p256"].kid)

    def test_inputs(self) -> None:
        self.sign()
        text = self.inspect().out
        self.assertEqual(self.inspect(file="file:s.nv2").out, text)
        self.assertEqual(self.inspect(file="-", stdin=(self.work / "s.nv2").read_bytes()).out, text)
        self.assert_failed(self.inspect(file="nowhere"), 3, "nowhere")
        self.assert_failed(self.inspect(file="docker://registry.example.com"), 2, "no reference of a registry")
        self.assert_failed(self.run_client("inspect"), 2, "no signature file")

    def test_judges_nothing(self) -> None:
        """A forged, expired signature with unknown claims is shown as it is."""
        claims = self.bench.claims(exp=1, references=["x"], more={"a": [1.5, None, "b"]}, size="many")
        self.write_jwt(claims, signature=lambda message: b"forged")
        shown = self.document()
        self.assertEqual(shown["claims"]["more"], {"a": [1.5, None, "b"]})
        self.assertEqual((shown["claims"]["size"], shown["signatures"][0]["size"]), ("many", 6))
        text = self.inspect().out
        for part in ("1970-01-01T00:00:01Z", '{"a":[1.5,null,"b"]}', "judges nothing"):
            self.assertIn(part, text)

    def test_names_of_all_kinds(self) -> None:
        cert = testpki.make_cert(self.bench.keys["p256"], "a,b+c", san=["*.example.com", "127.0.0.1", "::1"], ca=True,
                                 purposes=["codeSigning"])
        self.write_jwt(self.bench.claims(), x5c=[cert.der, b"no certificate"])
        first, second = self.document()["signatures"][0]["certificates"]
        self.assertEqual(first["names"], ["DNS:*.example.com", "IP:127.0.0.1", "IP:::1"])
        self.assertEqual((first["subject"], first["authority"]), ("CN=a\\,b\\+c,O=Test only,C=US", True))
        self.assertEqual((second["readable"], len(second["sha256"])), (False, 64))
        self.assertIn("no certificate that can be read", self.inspect().out)

    def test_certificates_as_openssl_shows_them(self) -> None:
        subjects = ["/CN=plain/O=Wabbit Networks/ST=WA/C=US", "/CN= spaces /OU=a\"b\\\\c<d>e;f/O=#g", "/CN=h+OU=i/O=j",
                    "/CN=k\u00e9\u00df/emailAddress=l@example.com/DC=com/UID=m/serialNumber=1/SN=n/GN=o/street=p",
                    "/CN=tab\tend/1.2.3.4.5=unknown"]
        keys = [["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], ["rsa:1024"], ["ed25519"], ["rsa-pss", "-pkeyopt", "rsa_keygen_bits:1024"],
                ["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"]]
        shown_keys = ["EC prime256v1", "RSA 1024", "ED25519", "RSA-PSS 1024", "EC secp256k1"]
        form = ["-noout", "-nameopt", "RFC2253,-esc_msb"]
        for mask in ("utf8only", "MASK:0x800", "MASK:0x4"):  # UTF8String, BMPString, TeletexString
            (self.work / "cnf").write_text(f"[req]\nstring_mask={mask}\ndistinguished_name=dn\n[dn]\n")
            for subject, key, shown_key in zip(subjects, keys, shown_keys):
                with self.subTest(subject, mask=mask):
                    der = testpki.openssl("req", "-x509", "-newkey", *key, "-nodes", "-keyout", str(self.work / "key"), "-subj", subject,
                                          "-utf8", "-multivalue-rdn", "-config", str(self.work / "cnf"), "-outform", "DER")
                    (self.work / "der").write_bytes(der)
                    told = testpki.openssl("x509", "-inform", "DER", "-in", str(self.work / "der"), "-subject", "-serial", *form).decode()
                    self.write_jwt(self.bench.claims(), x5c=[der])
                    (cert,) = self.document()["signatures"][0]["certificates"]
                    self.assertEqual(f"subject={cert['subject']}\nserial={cert['serial'].upper()}\n", told)
                    self.assertEqual((cert["issuer"], cert["key"]), (cert["subject"], shown_key))

    def test_broken_files(self) -> None:
        """As much as can be had is shown, the problem is told, and the exit code says so."""
        self.sign("--format", "nv2-json")
        good = (self.work / "s.nv2").read_text()
        rows = {good[:-40]: True, good + "x": True, good.replace('"size"', '"digest":"other","size"'): False,
                good.replace('"x5c":["', '"x5c":["!'): True, good.replace('"x5c":[', '"x5c":[[1],'): True,
                good.replace('"alg":"ES256"', '"alg":5'): True, "": False, "{": False, "nonsense": False, "[1,2]": False,
                '{"signed":1,"signature":2}': False, '{"signed":{},"signatures":{}}': False,
                '{"schemaVersion":2}': False, "a.b": False, "a.b.c": False, "e30.e30.e30": False, "[" * 100000: False}
        for text, has_claims in rows.items():
            with self.subTest(text[:50]):
                (self.work / "s.nv2").write_text(text)
                run = self.inspect()
                if text == "e30.e30.e30":
                    self.assertEqual(run.code, 0, run)
                    continue
                self.assertEqual(run.code, 1, run)
                self.assertIn("not a well-formed signature", run.err)
                self.assertIn("problem", run.out)
                self.assertEqual(self.bench.digest in run.out, has_claims, run)
                self.assertTrue(self.document(code=1)["problems"])

    def test_every_truncation(self) -> None:
        for form in ("nv2-jwt", "nv2-json"):
            self.sign("--format", form)
            whole = (self.work / "s.nv2").read_bytes()
            for length in range(0, len(whole), 37):
                (self.work / "s.nv2").write_bytes(whole[:length])
                self.assertIn(self.inspect().code, (0, 1))
                (self.work / "s.nv2").write_bytes(whole[:length] + b"\xff\0\x1b" + whole[length:])
                run = self.inspect()
                self.assertIn(run.code, (0, 1))
                self.assert_printable(run.out)

    def test_other_formats_are_named(self) -> None:
        (self.work / "s.nv2").write_text('{"payload":"","protected":"","header":{},"signature":""}')
        self.assertEqual(self.document()["format"], "jws")
        (self.work / "s.nv2").write_bytes(b"\xd2\x84\x40\xa0\x40\x40")
        self.assertEqual(self.document()["format"], "cose")

    def test_limits(self) -> None:
        many = ",".join(f'"m{i}":1' for i in range(100000))
        for text in ("{" + many + "}", '{"signed":{},"signatures":[' + ",".join(["{}"] * 50000) + "]}"):
            (self.work / "s.nv2").write_text(text)
            run = self.inspect()
            self.assertEqual(run.code, 1, run.err)
            self.assertLess(len(run.out), 1 << 20)


class Hostile(ClientTest):
    """Nothing from a file reaches the terminal raw."""

    def check(self, *runs) -> None:
        for run in runs:
            self.assert_printable(run.out)
            self.assert_printable(run.err)
            # Names have the escapes of RFC 4514, everything else ours.
            self.assertRegex(run.out + run.err, r"\\(x1b|1B)\[31mred", run)

    def test_certificate(self) -> None:
        cert = testpki.make_cert(self.bench.keys["p256"], ESCAPE, san=[ESCAPE.encode("ascii", "ignore").decode()])
        self.write_jwt(self.bench.claims(references=["evil.example.net/a"]), x5c=[cert.der])
        file = self.bench.write_cert("hostile", cert)
        self.check(self.run_client("inspect", "s.nv2"), self.verify(), self.verify("-c", file, kind=None),
                   self.sign("-c", file, "-r", "evil.example.net/a"))

    def test_claims_and_header(self) -> None:
        self.write_jwt(self.bench.claims(references=[ESCAPE], mediaType=ESCAPE, **{ESCAPE: ESCAPE}))
        self.check(self.run_client("inspect", "s.nv2"))
        self.write_jwt(self.bench.claims(), name=ESCAPE, kid=ESCAPE)
        (self.work / ESCAPE).rename(self.work / "s.nv2")
        self.check(self.run_client("inspect", "s.nv2"))

    def test_documents(self) -> None:
        cert = testpki.make_cert(self.bench.keys["p256"], ESCAPE, san=[HOST])
        self.write_jwt(self.bench.claims(), x5c=[cert.der])
        file = self.bench.write_cert("hostile", cert)
        document = self.assert_verdict(self.verify("-c", file, "--output", "json", kind=None), 0, "trusted")
        self.assertNotIn("\x1b", json.dumps(document, ensure_ascii=True))
        self.assertTrue(self.run_client("inspect", "--output", "json", "s.nv2").out.isascii())

    def test_command_line(self) -> None:
        self.sign()
        self.check(self.verify(signature=ESCAPE), self.verify("-c", ESCAPE), self.verify(target="file:" + ESCAPE),
                   self.verify(target=ESCAPE), self.verify("--" + ESCAPE), self.verify("--time", ESCAPE),
                   self.verify("--compat", ESCAPE), self.verify("--format", ESCAPE), self.sign("-r", ESCAPE),
                   self.sign("-m", ESCAPE), self.sign("-e", ESCAPE), self.sign("--media-type", ESCAPE),
                   self.sign("-k", ESCAPE), self.sign("-o", ESCAPE + "/x"), self.run_client(ESCAPE))
        raw = self.verify(signature=b"\xff\xfe\x9b.nv2")
        self.assertIn("\\xff\\xfe\\x9b", raw.err)
