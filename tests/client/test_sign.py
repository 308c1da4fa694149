# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 sign: keys, certificates, forms, defaults, and that nothing is left behind by a failure."""
import base64
import hashlib
import json
import os
import stat
import time

import testpki
from harness import GOLDEN, HOST, MEDIA_TYPE, REFERENCE, ClientTest


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SignTest(ClientTest):
    def parts(self, name: str = "s.nv2") -> tuple[str, str]:
        """Header and claims of a JWT as JSON texts."""
        header, claims, _ = (self.work / name).read_text().split(".")
        return unpadded(header).decode(), unpadded(claims).decode()

    def claims(self, name: str = "s.nv2") -> dict:
        return json.loads(self.parts(name)[1])

    def assert_signed(self, run) -> None:
        self.assert_trusted(run)


class Options(SignTest):
    def test_required_flags(self) -> None:
        """// spec: N-161 N-162 N-174"""
        key = self.bench.key_path("p256")
        self.assert_failed(self.run_client("sign", "file:x"), 2, 'Required flags "method, key" not set')
        self.assert_failed(self.run_client("sign", "-k", key, "file:x"), 2, 'Required flag "method" not set')
        self.assert_failed(self.run_client("sign", "-m", "x509", "file:x"), 2, 'Required flag "key" not set')

    def test_method(self) -> None:
        """// spec: N-161"""
        for method in ("gpg", "X509", "x509 "):
            run = self.run_client("sign", "--method", method, "--key", self.bench.key_path("p256"), "file:x")
            self.assert_failed(run, 2, f"unsupported signing method: {method.strip()}")

    def test_spellings(self) -> None:
        """Long, short, and as Go's flag parser took them."""
        key, cert = self.bench.key_path("p256"), str(self.bench.certs["p256"])
        rows = [["--method", "x509", "--key", key, "--cert", cert, "--expiry", "1h", "--reference", REFERENCE, "--output", "a"],
                ["-m", "x509", "-k", key, "-c", cert, "-e", "1h", "-r", REFERENCE, "-o", "a"],
                ["-method", "x509", "-key", key, "-cert", cert, "-expiry=1h", "-reference", REFERENCE, "-output=a"],
                ["--m", "x509", "-k=" + key, "--c=" + cert, "--e=1h", "--r", REFERENCE, "-o=a"],
                ["-mx509", "-k" + key, "-c" + cert, "-e1h", "-r" + REFERENCE, "-oa"]]
        for row in rows:
            with self.subTest(row):
                self.assert_signed(self.run_client("sign", *row, f"file:{self.bench.manifest}"))
                claims = self.claims("a")
                self.assertEqual(claims["references"], [REFERENCE])
                self.assertEqual(claims["exp"] - claims["iat"], 3600)
                (self.work / "a").unlink()

    def test_remote_flags_are_accepted(self) -> None:
        """Unused for files, as in the prototype. // spec: N-167"""
        self.assert_signed(self.sign("--username", "me", "--insecure"))
        self.assert_trusted(self.verify("-u", "me", "--insecure"))
        for run in (self.sign("-u", "me", "-p", "secret"), self.verify("--username", "me", "--password", "secret")):
            self.assertEqual((run.code, run.out), (0, self.bench.digest + "\n"), run)
            self.assertIn("--password-stdin", run.err)
            self.assertNotIn("secret", run.err)

    def test_targets(self) -> None:
        """// spec: N-160 N-178 N-180"""
        self.assert_signed(self.sign(target=None, stdin=self.bench.manifest.read_bytes()))
        self.assert_trusted(self.verify())
        self.assert_failed(self.sign(target="file:nowhere.json"), 3, "nowhere.json")
        self.assert_failed(self.sign(target="docker://r.io"), 2, "no reference of a registry")
        self.assert_failed(self.sign(target="nowhere.json"), 2, "unsupported URI scheme")

    def test_empty_manifest(self) -> None:
        self.assert_failed(self.sign(target=None, stdin=b""), 1, "the manifest is empty")
        self.assert_no_new_file()

    def test_unknown_values(self) -> None:
        self.assert_failed(self.sign("--format", "auto"), 2, "--format", "nv2-json-array")
        self.assert_failed(self.sign("--compat", "x"), 2, "--compat")
        self.assert_failed(self.sign("--signing-scheme", "x"), 2, "--signing-scheme")


class Output(SignTest):
    def test_default_name(self) -> None:
        """// spec: N-166"""
        run = self.run_client("sign", "-m", "x509", "-k", self.bench.key_path("p256"), f"file:{self.bench.manifest}")
        self.assert_signed(run)
        self.assert_no_new_file(self.bench.digest.split(":")[1] + ".nv2")

    def test_mode_and_overwriting(self) -> None:
        """// spec: N-166"""
        old = os.umask(0o027)
        try:
            self.assert_signed(self.sign())
        finally:
            os.umask(old)
        file = self.work / "s.nv2"
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o640)
        file.write_text("x" * 100000)
        file.chmod(0o600)
        self.assert_signed(self.sign())
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        self.assert_trusted(self.verify())
        self.assert_no_new_file("s.nv2")

    def test_links_and_pipes(self) -> None:
        (self.work / "real.nv2").write_text("old")
        (self.work / "s.nv2").symlink_to("real.nv2")
        self.assert_signed(self.sign())
        self.assertTrue((self.work / "s.nv2").is_symlink())
        self.assert_trusted(self.verify(signature="real.nv2"))
        self.assert_signed(self.sign("-o", "/dev/null"))

    def test_impossible_places(self) -> None:
        for place in ("no/such/folder/s.nv2", ".", "/proc/s.nv2"):
            with self.subTest(place):
                self.assert_failed(self.sign("-o", place), 3, "--output")
        self.assert_no_new_file()

    def test_stdout_that_cannot_be_written(self) -> None:
        """The digest did not get out, so there must be no signature either."""
        import subprocess
        from harness import program
        with open("/dev/full", "wb") as full:
            done = subprocess.run([program, "sign", "-m", "x509", "-k", self.bench.key_path("p256"), "-o", "s.nv2",
                                   f"file:{self.bench.manifest}"], stdout=full, stderr=subprocess.PIPE, cwd=self.work)
        self.assertEqual(done.returncode, 3, done)
        self.assertIn(b"cannot write to standard output", done.stderr)
        self.assert_no_new_file()
        # What had the name before gets it back.
        (self.work / "s.nv2").write_text("kept")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([program, "sign", "-m", "x509", "-k", self.bench.key_path("p256"), "-o", "s.nv2",
                                   f"file:{self.bench.manifest}"], stdout=full, stderr=subprocess.PIPE, cwd=self.work)
        self.assertEqual(done.returncode, 3, done)
        self.assertEqual((self.work / "s.nv2").read_text(), "kept")
        self.assertEqual([p.name for p in self.work.iterdir() if p.name.startswith("s.nv2")], ["s.nv2"])

    def test_a_file_that_may_not_grow(self) -> None:
        """The limit ends the write, not the program, so that nothing is left behind."""
        import resource
        import subprocess
        from harness import program
        done = subprocess.run([program, "sign", "-m", "x509", "-k", self.bench.key_path("p256"), "-o", "s.nv2",
                               f"file:{self.bench.manifest}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              cwd=self.work, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
        self.assertEqual(done.returncode, 3, done)
        self.assert_no_new_file()

    def test_output_that_is_an_input(self) -> None:
        key = self.work / "my.key"
        key.write_bytes(open(self.bench.key_path("p256"), "rb").read())
        before = key.read_bytes()
        self.assert_failed(self.sign("-k", "my.key", "-o", "my.key"), 2, "the output would replace an input")
        self.assertEqual(key.read_bytes(), before)

    def test_no_failure_leaves_a_file(self) -> None:
        """// spec: N-177"""
        other = str(self.bench.certs["p384"])
        for more in (["-r", "evil.example.net/app"], ["-r", "hello"], ["-c", other], ["-e", "x"], ["--format", "x"],
                     ["--media-type", "x"], ["-k", other], ["-c", "nowhere"], ["-k", "nowhere"]):
            with self.subTest(more):
                self.assertIn(self.sign(*more).code, (1, 2, 3))
                self.assert_no_new_file()
        (self.work / "s.nv2").write_text("kept")
        self.assert_failed(self.sign("-r", "evil.example.net/app"), 1)
        self.assertEqual((self.work / "s.nv2").read_text(), "kept")


class Keys(SignTest):
    def test_kinds_and_forms(self) -> None:
        """// spec: N-051 N-052 N-053 N-056 N-163"""
        alg = {"rsa2048": "RS256", "p256": "ES256", "p384": "ES384", "p521": "ES512"}
        for kind in alg:
            for cert in (True, False):
                for form in ("nv2-jwt", "nv2-json", "nv2-json-array"):
                    with self.subTest(kind=kind, cert=cert, form=form):
                        self.assert_signed(self.sign("--format", form, kind=kind, cert=cert))
                        self.assert_trusted(self.verify(kind=kind))
                        text = (self.work / "s.nv2").read_text()
                        header = self.parts()[0] if form == "nv2-jwt" else text
                        self.assertIn(f'"alg":"{alg[kind]}"', header)
                        self.assertEqual('"x5c":' in header, cert)
                        self.assertEqual(f'"kid":"{self.bench.keys[kind].kid}"' in header, not cert)

    def test_encodings(self) -> None:
        """PKCS#8, PKCS#1, SEC1, a compressed point; the fingerprint stays the same. // spec: N-162"""
        folder = self.bench.path
        files = {"rsa2048": [testpki.openssl("rsa", "-in", str(folder / "rsa2048.key"), "-traditional")],
                 "p256": [testpki.openssl("ec", "-in", str(folder / "p256.key")),
                          testpki.openssl("ec", "-in", str(folder / "p256.key"), "-conv_form", "compressed"),
                          testpki.openssl("pkey", "-in", str(folder / "p256.key"), "-ec_conv_form", "compressed")]}
        for kind, texts in files.items():
            for text in texts:
                with self.subTest(text.splitlines()[0]):
                    (self.work / "key").write_bytes(b"a remark\n" + text + b"another\n")
                    self.assert_signed(self.sign("-k", "key", kind=kind, cert=False))
                    self.assertEqual(json.loads(self.parts()[0])["kid"], self.bench.keys[kind].kid)
                    self.assert_signed(self.sign("-k", "key", kind=kind))

    def test_first_block_only(self) -> None:
        """// spec: N-162"""
        key = (self.bench.path / "p256.key").read_bytes()
        (self.work / "two").write_bytes(key + (self.bench.path / "p384.key").read_bytes())
        self.assert_signed(self.sign("-k", "two"))
        (self.work / "params").write_bytes(testpki.openssl("ecparam", "-name", "prime256v1") + key)
        self.assert_failed(self.sign("-k", "params"), 1, "EC PARAMETERS", "N-162", "-noout")
        (self.work / "cert").write_bytes(self.bench.certs["p256"].read_bytes() + key)
        self.assert_failed(self.sign("-k", "cert"), 1, "'CERTIFICATE', not a private key")

    def test_encrypted(self) -> None:
        key, rsa = self.bench.key_path("p256"), self.bench.key_path("rsa2048")
        (self.work / "a").write_bytes(testpki.openssl("pkcs8", "-topk8", "-in", key, "-passout", "pass:x"))
        (self.work / "b").write_bytes(testpki.openssl("rsa", "-in", rsa, "-traditional", "-aes128", "-passout", "pass:x"))
        for file in ("a", "b"):
            self.assert_failed(self.sign("-k", file), 1, "the key is encrypted", "openssl pkey")

    def test_unusable(self) -> None:
        rows = {"garbage": (b"no key", "no PEM block"), "empty": (b"", "no PEM block"),
                "der": (testpki.openssl("pkey", "-in", self.bench.key_path("p256"), "-outform", "DER"), "no PEM block"),
                "broken": (testpki.pem(b"\x30\x03\x02\x01\x00", "PRIVATE KEY"), "malformed"),
                "mislabelled": (testpki.pem(testpki.openssl("pkey", "-in", self.bench.key_path("p256"), "-outform", "DER"),
                                            "RSA PRIVATE KEY"), "malformed"),
                "ed25519": (testpki.openssl("genpkey", "-algorithm", "ED25519"), "N-053 (key_unsupported)"),
                "pss": (testpki.openssl("genpkey", "-algorithm", "RSA-PSS"), "N-053 (key_unsupported)"),
                "curve": (testpki.openssl("ecparam", "-name", "secp256k1", "-genkey", "-noout"), "N-053 (key_unsupported)"),
                "public": (testpki.openssl("pkey", "-in", self.bench.key_path("p256"), "-pubout"), "not a private key")}
        for name, (content, text) in rows.items():
            with self.subTest(name):
                (self.work / name).write_bytes(content)
                self.assert_failed(self.sign("-k", name, cert=False), 1, text)
        self.assert_failed(self.sign("-k", "nowhere"), 3, "nowhere")

    def test_small_rsa(self) -> None:
        """Nobody would accept it, so it is not made. // spec: N-055"""
        (self.work / "small").write_bytes(testpki.openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"))
        self.assert_failed(self.sign("-k", "small", cert=False), 1, "N-055 (key_too_small)")
        self.assert_signed(self.sign("-k", "small", "--compat", "nv2_min_rsa_bits=1024", cert=False))

    def test_key_stays_secret(self) -> None:
        # Of RSA the end of the file, which is the CRT coefficient; of EC the scalar in the middle.
        for kind, secret in (("rsa2048", slice(-70, -20)), ("p256", slice(50, 88))):
            body = "".join((self.bench.path / f"{kind}.key").read_text().splitlines()[1:-1])
            run = self.sign("--format", "nv2-json", kind=kind)
            for text in (run.out, run.err, (self.work / "s.nv2").read_text()):
                self.assertNotIn(body[secret], text)


class Certificates(SignTest):
    def test_mismatch(self) -> None:
        """// spec: N-163"""
        self.assert_failed(self.sign("-c", self.bench.certs["p384"]), 1, "key and certificate mismatch", "N-163")
        both = self.work / "both.pem"
        both.write_bytes(self.bench.certs["p384"].read_bytes() + self.bench.certs["p256"].read_bytes())
        self.assert_failed(self.sign("-c", both), 1, "key and certificate mismatch", "first in the file")

    def test_chain_is_sent(self) -> None:
        """// spec: N-163"""
        both = self.work / "both.pem"
        both.write_bytes(self.bench.certs["p256"].read_bytes() + self.bench.certs["p384"].read_bytes())
        self.assert_signed(self.sign("-c", both))
        header = json.loads(self.parts()[0])
        self.assertEqual(header["x5c"], [base64.b64encode(self.der_of(self.bench.certs[k])).decode() for k in ("p256", "p384")])
        self.assertNotIn("kid", header)

    def test_unusable(self) -> None:
        (self.work / "none").write_text("nothing")
        self.assert_failed(self.sign("-c", "none"), 1, "no certificate in the file")
        (self.work / "cut").write_bytes(testpki.pem(self.der_of(self.bench.certs["p256"])[:-1]))
        self.assert_failed(self.sign("-c", "cut"), 1, "certificate 1 of the file is malformed")
        self.assert_failed(self.sign("-c", "nowhere"), 3, "nowhere")

    def test_rules_of_the_verifier(self) -> None:
        """// spec: N-091 N-112 N-120 N-121 N-125"""
        from datetime import datetime
        key, past = self.bench.keys["p256"], datetime(2021, 1, 1)
        rows = {"usage": (dict(usage=["keyEncipherment"]), "signer_key_usage", 1),
                "expired": (dict(not_after=past), "certificate_expired", 1),
                "critical": (dict(extra=testpki.UNKNOWN_CRITICAL), "critical_extension", 1),
                "purpose": (dict(purposes=["codeSigning"]), "signer_purpose", 1),
                "common name": (dict(san=None), "", 0)}
        for name, (options, error, code) in rows.items():
            with self.subTest(name):
                cert = testpki.make_cert(key, HOST, **{"san": [HOST], **options})
                file = self.bench.write_cert("rule", cert)
                run = self.sign("-c", file, "-r", REFERENCE)
                self.assert_failed(run, 1, error) if code else self.assert_signed(run)


class References(SignTest):
    def test_repeatable_and_ordered(self) -> None:
        """// spec: N-165"""
        self.assert_signed(self.sign("-r", f"{HOST}/b", "--reference", f"{HOST}/a:v1"))
        self.assertEqual(self.claims()["references"], [f"{HOST}/b", f"{HOST}/a:v1"])
        self.assert_signed(self.sign())
        self.assertNotIn("references", self.claims())

    def test_checked_against_the_certificate(self) -> None:
        """// spec: N-100 N-101 N-102 N-103 N-104 N-107 N-116 N-125"""
        rows = {"evil.example.net/a": "host_not_covered", f"{HOST}:5000/a": "host_not_covered", "hello": "reference_without_path",
                "library/hello": "reference_unqualified", "": "reference_empty_domain", "/a": "reference_empty_domain",
                f"https://{HOST}/a": "reference_syntax", f"{HOST}/A B": "reference_syntax"}
        for reference, error in rows.items():
            with self.subTest(reference):
                self.assert_failed(self.sign("-r", f"{HOST}/good", "-r", reference), 1, error)
        self.assert_failed(self.sign("-r", "evil.example.net/a"), 1, f"DNS:{HOST}", "evil.example.net/a")

    def test_digest_in_a_reference(self) -> None:
        """// spec: N-108"""
        self.assert_signed(self.sign("-r", f"{HOST}/a@{self.bench.digest}"))
        self.assert_failed(self.sign("-r", f"{HOST}/a@sha256:{'0' * 64}"), 1, "reference_digest")

    def test_kid_only(self) -> None:
        """Names are not checked without a certificate, the grammar is. // spec: N-125"""
        self.assert_signed(self.sign("-r", "any.example.net/a", cert=False))
        self.assert_failed(self.sign("-r", "hello", cert=False), 1, "reference_without_path")

    def test_deviations(self) -> None:
        self.assert_signed(self.sign("-r", f"{HOST}:5000/a", "--compat", "nv2_strip_port"))


class Expiry(SignTest):
    def test_default_is_none(self) -> None:
        """// spec: N-136 N-164"""
        before = int(time.time())
        for more in ([], ["-e", "0s"], ["-e", "0"]):
            self.assert_signed(self.sign(*more))
            claims = self.claims()
            self.assertEqual(set(claims), {"mediaType", "digest", "size", "iat"})
            self.assertTrue(before <= claims["iat"] <= time.time())

    def test_durations(self) -> None:
        """// spec: N-136 N-164"""
        rows = {"8760h": 31536000, "30m": 1800, "1h30m": 5400, "1.5h": 5400, "+1m1s": 61, "90s": 90, "1h0.5h": 5400,
                "2000ms": 2, "3000000us": 3, "3000000\u00b5s": 3, "3000000\u03bcs": 3, "4000000000ns": 4, ".5h": 1800, "1.h": 3600}
        for text, seconds in rows.items():
            with self.subTest(text):
                self.assert_signed(self.sign("--expiry", text))
                claims = self.claims()
                self.assertEqual((claims["nbf"], claims["exp"]), (claims["iat"], claims["iat"] + seconds))

    def test_negative(self) -> None:
        """Accepted as in the prototype, but nobody will take the result. // spec: N-135 N-164"""
        for spelling in (["-e", "-1h"], ["--expiry=-1h"], ["-expiry", "-1h"]):
            run = self.sign(*spelling)
            self.assertEqual((run.code, run.out), (0, self.bench.digest + "\n"), run)
            self.assertIn("nobody will accept it", run.err)
            claims = self.claims()
            self.assertEqual((claims["nbf"], claims["exp"]), (claims["iat"], claims["iat"] - 3600))
            self.assert_failed(self.verify(), 1, "N-135 (claim_times_reversed)")

    def test_wrong_values(self) -> None:
        for text in ("1", "h", "1d", "1y", "1h 30m", "1h30", "--1h", "1,5h", "3000000h", "x", ".", ".h", "1H", "-", "1hh"):
            with self.subTest(text):
                self.assert_failed(self.sign(f"--expiry={text}"), 2, "--expiry", "8760h")


class Layout(SignTest):
    """Member order, escapes and white space of the prototype's tools."""

    def test_jwt(self) -> None:
        self.sign("-r", REFERENCE, "-e", "1h", kind="rsa2048")
        header, claims = self.parts()
        self.assertEqual(list(json.loads(header)), ["typ", "alg", "x5c"])
        self.assertEqual(list(json.loads(claims)), ["mediaType", "digest", "size", "references", "exp", "iat", "nbf"])
        for text in (header, claims):
            self.assertEqual(text, json.dumps(json.loads(text), separators=(",", ":")))
        self.assertNotIn("\n", (self.work / "s.nv2").read_text())

    def test_json(self) -> None:
        for form, member in (("nv2-json", "signature"), ("nv2-json-array", "signatures")):
            self.sign("-r", REFERENCE, "-e", "1h", "--format", form)
            text = (self.work / "s.nv2").read_text()
            whole = json.loads(text)
            self.assertEqual(text, json.dumps(whole, separators=(",", ":")))
            self.assertEqual(list(whole), ["signed", member])
            self.assertEqual(list(whole["signed"]), ["digest", "size", "references", "exp", "nbf", "iat"])
            signature = whole[member] if form == "nv2-json" else whole[member][0]
            self.assertEqual(list(signature), ["typ", "sig", "alg", "x5c"])

    def test_media_type(self) -> None:
        """// spec: N-038 N-168"""
        self.sign()
        self.assertEqual(self.claims()["mediaType"], MEDIA_TYPE)
        self.assert_signed(self.sign("--media-type", "a/b&c"))
        self.assertIn(r'"mediaType":"a/b\u0026c"', self.parts()[1])
        self.assert_trusted(self.verify("--media-type", "a/b&c"))
        for text in ("", "x", "a/b/c", "a/b; c=d", "a/b\n", "\u00e4/b"):
            with self.subTest(text):
                self.assert_failed(self.sign("--media-type", text), 2, "--media-type", "N-038")

    def test_bytes_of_the_real_tool(self) -> None:
        """Signs with the key of a golden file what the prototype signed; RSA signatures repeat, so only `iat` differs."""
        for name, form in (("jwt-rsa2048-x5c.nv2", "nv2-jwt"), ("jwt-rsa2048-kid.nv2", "nv2-jwt"),
                           ("json-rsa2048-x5c.nv2", "nv2-json"), ("json-rsa2048-kid.nv2", "nv2-json")):
            with self.subTest(name):
                cert = ["-c", GOLDEN / "acme-rsa2048.crt"] if "x5c" in name else []
                run = self.run_client("sign", "-m", "x509", "-k", GOLDEN / "acme-rsa2048.test-only.key", *cert, "-r",
                                      "registry.acme-rockets.io/net-monitor:v1", "-o", "s.nv2", "--format", form,
                                      f"file:{GOLDEN / 'manifest.json'}")
                self.assert_signed(run)
                self.assertEqual(self.without_time(self.work / "s.nv2"), self.without_time(GOLDEN / name))

    @staticmethod
    def without_time(path) -> str:
        """The text of an envelope with iat and signature blanked."""
        text = path.read_text()
        if not text.startswith("{"):
            header, claims, _ = text.split(".")
            text = unpadded(header).decode() + "." + unpadded(claims).decode()
        else:
            text = text.replace(json.loads(text)["signature"]["sig"], "")
        head, _, tail = text.partition('"iat":')
        return head + tail.lstrip("0123456789")


class Digest(SignTest):
    def test_of_the_bytes(self) -> None:
        """// spec: N-140 N-173"""
        for content in (b"x", b"\xef\xbb\xbf{}\r\n", b"\0" * 100000):
            run = self.sign(target=None, stdin=content)
            self.assert_trusted(run, "sha256:" + hashlib.sha256(content).hexdigest())
            self.assertEqual(self.claims()["size"], len(content))
