# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 verify: targets, trust, times, formats, deviations, exit codes."""
import json

import testpki
from harness import GOLDEN, HOST, MEDIA_TYPE, REFERENCE, ClientTest, instant, seal


class Prototype(ClientTest):
    def test_signatures_of_the_real_tool(self) -> None:
        """Every golden file, with the options of its time. // spec: N-169 N-170 N-171 N-173"""
        for entry in json.loads((GOLDEN / "index.json").read_text())["signatures"]:
            with self.subTest(entry["file"]):
                trust = [x for c in entry["certs"] for x in ("--cert", c)]
                trust += [x for c in entry["ca_certs"] for x in ("--ca-cert", c)]
                run = self.run_client("verify", "--signature", entry["file"], *trust, "--time", entry["time"],
                                      "--media-type", entry["media_type"], f"file:{entry['manifest']}", cwd=GOLDEN)
                self.assert_trusted(run, entry["digest"])

    def test_tampered_manifest(self) -> None:
        run = self.run_client("verify", "-f", "jwt-p256-x5c.nv2", "-c", "acme-p256.crt", "file:manifest-tampered.json",
                              cwd=GOLDEN)
        self.assert_failed(run, 1, "verification failure: manifest is not signed: ", "N-140 (artifact_digest)",
                           "binding", "do not use this manifest")


class Signature(ClientTest):
    def test_spellings_of_the_option(self) -> None:
        """// spec: N-169"""
        self.sign()
        for spelling in (["-f", "s.nv2"], ["-s", "s.nv2"], ["--signature", "s.nv2"], ["--signature=s.nv2"],
                         ["-signature", "s.nv2"], ["-signature=s.nv2"], ["--f", "s.nv2"], ["-s=s.nv2"]):
            with self.subTest(spelling):
                self.assert_trusted(self.run_client("verify", *spelling, "-c", self.bench.certs["p256"],
                                                    f"file:{self.bench.manifest}"))

    def test_required(self) -> None:
        """// spec: N-169 N-174"""
        self.assert_failed(self.run_client("verify", "file:x"), 2, 'Required flag "signature" not set',
                           "nv2 verify --help")

    def test_twice(self) -> None:
        self.sign()
        self.assert_failed(self.verify("-f", "other.nv2"), 2)

    def test_missing_or_unreadable(self) -> None:
        self.assert_failed(self.verify(signature="nowhere.nv2"), 3, "nowhere.nv2", "No such file")
        self.assert_failed(self.verify(signature="."), 3, "directory")

    def test_garbage(self) -> None:
        """Bad input of any kind is judged: exit 1, never a crash."""
        self.sign()
        good = (self.work / "s.nv2").read_bytes()
        rows = {b"": "envelope_empty", b"\0": None, b"hello": None, b"{": None, b"[]": None, b"{}": None,
                b"a.b": None, b"a.b.c.d": None, b"\xff" * 1000: None, b"\xef\xbb\xbf{}": None, b"[" * 100000: None,
                b'{"signed":' * 10000: None, good[:-1]: None, good + b"x": None, b"\xd2\x84\x40": None,
                b'{"payload":"","protected":"","header":{},"signature":""}': "jws_member_missing"}
        for content, text in rows.items():
            with self.subTest(content[:20]):
                (self.work / "bad.nv2").write_bytes(content)
                self.assert_failed(self.verify(signature="bad.nv2"), 1, "verification failure: ", *filter(None, [text]))

    def test_too_large(self) -> None:
        """// spec: G-003"""
        with open(self.work / "s.nv2", "wb") as file:
            file.truncate((32 << 20) + 1)
        self.assert_failed(self.verify(), 1, "larger than 32 MiB", "G-003")
        with open(self.work / "s.nv2", "wb") as file:
            file.truncate(32 << 20)
        self.assert_failed(self.verify(), 1)


class Target(ClientTest):
    def setUp(self) -> None:
        super().setUp()
        self.sign()

    def test_stdin(self) -> None:
        """// spec: N-160"""
        self.assert_trusted(self.verify(target=None, stdin=self.bench.manifest.read_bytes()))
        self.assert_failed(self.verify(target=None, stdin=b"other"), 1, "manifest is not signed")
        self.assert_failed(self.verify(target=None, stdin=b""), 1, "manifest is not signed")

    def test_file_uri(self) -> None:
        """// spec: N-178 N-180"""
        odd = self.work / "a b%41?#.json"
        odd.write_bytes(self.bench.manifest.read_bytes())
        path = str(odd)
        encoded = path.replace("%", "%25").replace(" ", "%20").replace("?", "%3F").replace("#", "%23")
        for target in (f"file:{odd.name}", f"FILE:{odd.name}", f"file:./{odd.name}", f"file://{encoded}",
                       f"file:{encoded}", f"file://localhost{encoded}"):
            with self.subTest(target):
                self.assert_trusted(self.verify(target=target))

    def test_refused_uris(self) -> None:
        """// spec: N-178 N-179 N-180"""
        rows = {"file://manifest.json": "names a host", "file://host/manifest.json": "names a host", "file:": "no file",
                "file:///a%2": "percent escape", "file:///a%zz": "percent escape", "file:///a%00b": "percent escape",
                "file:///a?b": "query", "file:///a#b": "fragment", "manifest.json": "unsupported URI scheme",
                "./manifest.json": "unsupported URI scheme", "https://r.io/x": "unsupported URI scheme: https",
                "HTTP://r.io/x": "unsupported URI scheme: http", "oci-archive:x": "unsupported URI scheme: oci-archive"}
        for target, text in rows.items():
            with self.subTest(target):
                self.assert_failed(self.verify(target=target), 2, text)
        # spec: N-179 N-182 D-020 D-021 D-022 D-023
        rows = {"docker://": "no reference", "docker:r.io/a": "names no registry", "oci://r.io": "no reference",
                "docker://r.io/": "no reference", "docker:///a": "no reference", "docker://r.io/A": "no reference",
                "Docker://r.io/a:": "no reference", "docker://u@r.io/a": "no reference", "oci://r.io/a?x=1": "no reference",
                "docker://r.io/a:v1/b": "no reference", "docker://r.io/a@sha256:12": "no supported digest",
                "docker://r.io/a:v1@md5:aa": "no supported digest", "docker://r.io/../a": "no reference"}
        for target, text in rows.items():
            with self.subTest(target):
                run = self.verify(target=target)
                self.assertEqual((run.code, run.out), (2, ""), run)
                self.assertIn(text, run.err)
                self.assertIn("docker://HOST/REPOSITORY", run.err)
        for target in ("docker://r.io/a:v1", "oci://r.io/a", "Docker://r.io/a@sha256:" + 64 * "0"):
            with self.subTest(target):
                self.assert_failed(self.verify("--offline", target=target), 3, "--offline forbids it")

    def test_missing(self) -> None:
        self.assert_failed(self.verify(target="file:nowhere.json"), 3, "nowhere.json", "No such file")
        self.assert_failed(self.verify(target="file:."), 3)

    def test_order_of_reading(self) -> None:
        """Certificates before signature before manifest. // spec: N-176"""
        self.assert_failed(self.run_client("verify", "-f", "no.nv2", "-c", "no.crt", "file:no.json"), 3, "no.crt")
        self.assert_failed(self.verify(signature="no.nv2", target="file:no.json"), 3, "no.nv2")

    def test_largest(self) -> None:
        with open(self.work / "large.json", "wb") as file:
            file.truncate(64 << 20)
        self.assert_failed(self.verify(target="file:large.json"), 1, "manifest is not signed")
        with open(self.work / "large.json", "wb") as file:
            file.truncate((64 << 20) + 1)
        self.assert_failed(self.verify(target="file:large.json"), 1, "larger than 64 MiB")

    def test_one_only(self) -> None:
        self.assert_failed(self.verify("file:another"), 2, "unexpected argument")


class Certificates(ClientTest):
    def chain(self) -> tuple[testpki.Cert, testpki.Cert, testpki.Cert]:
        keys = self.bench.keys
        root = testpki.make_ca(keys["p384"], "Root of tests")
        middle = testpki.make_ca(keys["rsa2048"], "Middle of tests", issuer=root)
        leaf = testpki.make_cert(keys["p256"], "leaf of tests", san=[HOST], usage=["digitalSignature"], issuer=middle)
        return leaf, middle, root

    def test_bundles(self) -> None:
        """Several files, several certificates a file, text around the blocks. // spec: N-170 N-172"""
        self.sign()
        mine = self.bench.certs["p256"].read_text()
        other = self.bench.certs["p384"].read_text()
        (self.work / "bundle.pem").write_text(f"some text\n{other}\nmore text\n{mine}\n")
        (self.work / "label.pem").write_text(mine.replace("CERTIFICATE", "ANYTHING"))
        (self.work / "crlf.pem").write_text(mine.replace("\n", "\r\n"), newline="")
        (self.work / "der.crt").write_bytes(self.der_of(self.bench.certs["p256"]))
        for file in ("bundle.pem", "label.pem", "crlf.pem", "der.crt"):
            with self.subTest(file):
                self.assert_trusted(self.verify("-c", file, kind=None))
                self.assert_trusted(self.verify("--cert", self.bench.certs["rsa2048"], "--cert", file, kind=None))

    def test_no_certificate_in_file(self) -> None:
        """The prototype took such a file for an empty list. // spec: N-172"""
        self.sign()
        (self.work / "empty").write_bytes(b"")
        (self.work / "text").write_text("no certificate here")
        for file in ("empty", "text"):
            with self.subTest(file):
                self.assert_failed(self.verify("-c", file), 2, "no certificate in the file", file, "N-172")

    def test_malformed_certificate(self) -> None:
        """// spec: N-172"""
        self.sign()
        der = self.der_of(self.bench.certs["p256"])
        (self.work / "cut.pem").write_bytes(testpki.pem(der[:-1]))
        (self.work / "cut.der").write_bytes(der[:-1])
        (self.work / "long.der").write_bytes(der + b"\0")
        (self.work / "second.pem").write_bytes(self.bench.certs["p384"].read_bytes() + testpki.pem(b"\x30\x00"))
        (self.work / "key.pem").write_bytes((self.bench.path / "p256.key").read_bytes())
        (self.work / "open.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n")
        for file in ("cut.pem", "cut.der", "long.der", "second.pem", "key.pem", "open.pem"):
            for option in ("-c", "--ca-cert"):
                with self.subTest(file=file, option=option):
                    self.assert_failed(self.verify(option, file), 2, "malformed", file)
        self.assert_failed(self.verify("-c", "second.pem"), 2, "certificate 2 of the file")

    def test_missing_file(self) -> None:
        self.sign()
        self.assert_failed(self.verify("-c", "nowhere.crt"), 3, "nowhere.crt")
        self.assert_failed(self.verify("--ca-cert", "nowhere.crt"), 3, "nowhere.crt")

    def test_unknown_signer_by_chain(self) -> None:
        """The message names the certificate to acquire."""
        leaf, middle, root = self.chain()
        self.write_jwt(self.bench.claims(), x5c=[leaf.der, middle.der])
        run = self.verify(kind="p521")
        self.assert_failed(run, 1, "N-084 (no_path_to_anchor)", "x5c[0] CN=leaf of tests", "authenticity",
                           "authority 'CN=Root of tests,O=Test only,C=US'", "--ca-cert")
        self.write_jwt(self.bench.claims(), x5c=[leaf.der, root.der, middle.der])
        self.assert_failed(self.verify(kind="p521"), 1, "acquire the certificate 'CN=Root of tests", "SHA-256")
        self.assert_failed(self.verify(kind=None), 1, "N-090 (no_anchors)", "CN=Root of tests")
        self.bench.write_cert("root", root)
        self.assert_trusted(self.verify("--ca-cert", self.bench.path / "root.crt", kind=None))

    def test_unknown_signer_self_signed(self) -> None:
        self.sign()
        self.assert_failed(self.verify(kind="p521"), 1, "acquire the certificate 'CN=signer with p256", "give it as --cert")

    def test_unknown_signer_with_the_name_of_a_known_one(self) -> None:
        """As after a change of keys."""
        self.sign()
        twin = self.bench.write_cert("namesake", testpki.make_ca(self.bench.keys["p521"], "signer with p256"))
        self.assert_failed(self.verify("--ca-cert", twin, kind=None), 1, "N-084 (link_signature)", "with another key",
                           "acquire the certificate 'CN=signer with p256")

    def test_unknown_signer_by_kid(self) -> None:
        """// spec: N-072"""
        self.sign(cert=False)
        kid = self.bench.keys["p256"].kid
        self.assert_trusted(self.verify())
        self.assert_failed(self.verify(kind="p521"), 1, "N-072 (kid_not_found)", kid, "--cert")
        self.assert_failed(self.verify("--ca-cert", self.bench.certs["p256"], kind=None), 1, "kid_not_found",
                           "--ca-cert does not help")

    def test_same_key_in_two_certificates(self) -> None:
        """A configuration that cannot decide is wrong: exit 2. // spec: N-076"""
        self.sign(cert=False)
        twin = self.bench.write_cert("twin", testpki.make_cert(self.bench.keys["p256"], "twin", san=[HOST]))
        self.assert_failed(self.verify("-c", twin), 2, "N-076 (signer_kid_ambiguous)")


class Time(ClientTest):
    begin, end = instant("2030-01-01T00:00:00"), instant("2031-01-01T00:00:00")

    def setUp(self) -> None:
        super().setUp()
        self.write_jwt(self.bench.claims(nbf=self.begin, exp=self.end))

    def test_forms(self) -> None:
        """// spec: G-019 N-130 N-131"""
        for text in ("2030-01-01T00:00:00Z", "2030-06-01T12:00:00.5Z", "2030-01-01T02:00:00+02:00",
                     "2029-12-31T22:00:00-02:00", self.begin, self.end - 1):
            with self.subTest(text):
                self.assert_trusted(self.verify("--time", text))

    def test_outside(self) -> None:
        for text, error in {self.begin - 1: "N-131 (signature_not_yet_valid)", self.end: "N-130 (signature_expired)",
                            "2031-01-01T00:00:00Z": "good until 2031-01-01T00:00:00Z",
                            "2029-12-31T23:59:59Z": "starts at 2030-01-01T00:00:00Z", 0: "certificate_not_yet_valid",
                            "after:2500-01-01T00:00:00Z": "certificate_expired"}.items():
            with self.subTest(text):
                self.assert_failed(self.verify("--time", text), 1, error)

    def test_bounds_and_unknown(self) -> None:
        """// spec: G-001"""
        for text in ("unknown", f"after:{self.begin}", "after:2030-06-01T00:00:00Z"):
            with self.subTest(text):
                self.assert_failed(self.verify("--time", text), 1, "G-001 (time_unknown)", "--time")

    def test_certificate(self) -> None:
        """// spec: N-085"""
        self.write_jwt(self.bench.claims())
        self.assert_failed(self.verify("--time", "2500-01-01T00:00:00Z"), 1, "N-085 (certificate_expired)", "valid",
                           "judged at 2500-01-01T00:00:00Z")

    def test_default_is_the_clock(self) -> None:
        self.write_jwt(self.bench.claims(exp=instant("2020-09-14T00:00:00")))
        self.assert_failed(self.verify(), 1, "signature_expired")
        self.assert_trusted(self.verify("--time", "2020-09-13T23:59:59Z"))

    def test_wrong_values(self) -> None:
        for text in ("", "now", "2030-01-01", "2030-01-01T00:00:00", "2030-01-01t00:00:00z", "2030-02-30T00:00:00Z",
                     "2030-01-01T00:00:60Z", "2030-01-01T24:00:00Z", "2030-01-01T00:00:00+25:00", "1e9", "12x",
                     "99999999999999999999", "after:", "after:unknown", "before:1", "+5"):
            with self.subTest(text):
                self.assert_failed(self.verify("--time", text), 2, "--time", text)


class Format(ClientTest):
    JSON_TYPE, JWT_TYPE = (f"application/vnd.cncf.notary.config.v2+{x}" for x in ("json", "jwt"))

    def test_all(self) -> None:
        """// spec: G-020"""
        for form in ("nv2-json", "nv2-json-array", "nv2-jwt"):
            self.sign("--format", form)
            kind = "nv2-jwt" if form == "nv2-jwt" else "nv2-json"
            declared = self.JWT_TYPE if form == "nv2-jwt" else self.JSON_TYPE
            for more in ([], ["--format", "auto"], ["--format", kind], ["--envelope-media-type", declared],
                         ["--format", kind, "--envelope-media-type", declared]):
                with self.subTest(form=form, more=more):
                    self.assert_trusted(self.verify(*more))

    def test_mismatch(self) -> None:
        """// spec: G-020"""
        self.sign("--format", "nv2-json")
        for more in (["--format", "nv2-jwt"], ["--envelope-media-type", self.JWT_TYPE]):
            with self.subTest(more):
                self.assert_failed(self.verify(*more), 1, "G-020 (format_mismatch)", "--envelope-media-type")
        for more in (["--format", "jws"], ["--format", "cose"], ["--envelope-media-type", "application/jose+json"]):
            with self.subTest(more):
                self.assert_failed(self.verify(*more), 1, "G-020 (format_mismatch)")
        for more in (["--envelope-media-type", "nonsense"],
                     ["--format", "nv2-json", "--envelope-media-type", self.JWT_TYPE]):
            with self.subTest(more):
                self.assert_failed(self.verify(*more), 1, "G-020 (format_unknown)")

    def test_names(self) -> None:
        self.sign()
        for name in ("", "x", "NV2-JWT", "nv2-json-array"):
            self.assert_failed(self.verify("--format", name), 2, f'invalid value "{name}" for option --format', "nv2-json")


class MediaType(ClientTest):
    OCI = "application/vnd.oci.image.manifest.v1+json"

    def test_jwt_signs_it(self) -> None:
        """// spec: N-143 N-168"""
        self.sign("--media-type", self.OCI)
        self.assert_trusted(self.verify("--media-type", self.OCI))
        for more in ([], ["--media-type", ""], ["--media-type", self.OCI.upper()], ["--media-type", self.OCI + ";a=b"]):
            with self.subTest(more):
                self.assert_failed(self.verify(*more), 1, "N-143 (artifact_media_type)", self.OCI, "--media-type")

    def test_json_does_not(self) -> None:
        self.sign("--format", "nv2-json")
        self.assert_trusted(self.verify("--media-type", self.OCI))

    def test_default(self) -> None:
        """// spec: N-168"""
        self.sign()
        self.assert_trusted(self.verify("--media-type", MEDIA_TYPE))
        self.assert_trusted(self.verify("--media-type", "x/y", "--media-type", MEDIA_TYPE))


class Deviations(ClientTest):
    """One file a named leniency: refused without it, and, but for the stricter ones, the other way round."""

    def check(self, name: str, error: str, *more: str, kind: str = "p256", stricter: bool = False) -> None:
        with self.subTest(name):
            plain, named = self.verify(*more, kind=kind), self.verify(*more, "--compat", name, kind=kind)
            good, bad = (plain, named) if stricter else (named, plain)
            self.assert_trusted(good)
            self.assert_failed(bad, 1, error)

    def test_text(self) -> None:
        claims = self.bench.claims()
        self.write_jwt(claims.replace('"size"', '"size":1,"size"'))
        self.check("dup_last_wins", "G-012")
        path = self.write_jwt(claims)
        path.write_bytes(path.read_bytes()[:-4] + b"\n" + path.read_bytes()[-4:])
        self.check("b64_lenient", "base64_character")
        self.write_jwt(self.bench.claims(references=[]))
        self.check("nv2_empty_references", "N-008")
        self.sign("--format", "nv2-json")
        with open(self.work / "s.nv2", "a") as file:
            file.write("rest")
        self.check("nv2_trailing_data", "json_trailing")  # spec: N-002

    def test_key(self) -> None:
        key, cert = self.bench.keys["p256"], self.der_of(self.bench.certs["p256"])
        self.write_jwt(self.bench.claims(), x5c=[cert], kid=self.bench.keys["p521"].kid)
        self.check("nv2_ignore_kid", "N-071")
        small = testpki.Key.generate("rsa1024", self.bench.path / "rsa1024.key")
        self.bench.certs["rsa1024"] = self.bench.write_cert("rsa1024", testpki.make_cert(small, HOST, san=[HOST]))
        self.bench.keys["rsa1024"] = small
        self.write_jwt(self.bench.claims(), kind="rsa1024")
        self.check("nv2_min_rsa_bits=1024", "N-055", kind="rsa1024")
        self.assert_failed(self.verify("--compat", "nv2_min_rsa_bits=1025", kind="rsa1024"), 1, "key_too_small")
        self.assertTrue(key)

    def test_references(self) -> None:
        rows = {"nv2_docker_default": ("library/app:v1", ["docker.io"], "N-103"),
                "nv2_strip_port": (f"{HOST}:5000/app:v1", [HOST], "N-116")}
        for name, (reference, san, error) in rows.items():
            cert = testpki.make_cert(self.bench.keys["p256"], "any", san=san)
            self.write_jwt(self.bench.claims(references=[reference]), x5c=[cert.der])
            file = self.bench.write_cert(name, cert)
            self.check(name, error, "-c", str(file), kind=None)

    def test_purpose_and_usage(self) -> None:
        claims = self.bench.claims(references=[REFERENCE])
        rows = {"nv2_no_eku": (dict(san=[HOST], purposes=["codeSigning"]), "N-120", False),
                "nv2_require_ku": (dict(san=[HOST]), "N-092", True), "nv2_san_only": (dict(), "N-112", True)}
        for name, (options, error, stricter) in rows.items():
            cert = testpki.make_cert(self.bench.keys["p256"], HOST, **options)
            self.write_jwt(claims, x5c=[cert.der])
            file = self.bench.write_cert(name, cert)
            self.check(name, error, "-c", str(file), kind=None, stricter=stricter)

    def test_times(self) -> None:
        self.write_jwt(self.bench.claims(exp=1700000000))
        self.check("nv2_exp_inclusive", "N-130", "--time", "1700000000")
        self.write_jwt(self.bench.claims(exp=0))
        self.check("nv2_zero_is_absent", "signature_expired")

    def test_order_of_chain(self) -> None:
        root = testpki.make_ca(self.bench.keys["p384"], "Root of tests")
        leaf = testpki.make_cert(self.bench.keys["p256"], "leaf", issuer=root)
        self.write_jwt(self.bench.claims(), x5c=[leaf.der, self.der_of(self.bench.certs["p521"])])
        file = self.bench.write_cert("ordered", root)
        self.check("nv2_ordered_x5c", "N-082", "--ca-cert", str(file), kind=None, stricter=True)

    def test_names(self) -> None:
        self.sign()
        for name in ("", "none", "NV2_NO_EKU", "nv2_min_rsa_bits", "nv2_min_rsa_bits=", "nv2_min_rsa_bits=x",
                     "nv2_min_rsa_bits=511", "nv2_min_rsa_bits=-1", "nv2_min_rsa_bits=99999", "nv2_no_eku=1"):
            with self.subTest(name):
                self.assert_failed(self.verify("--compat", name), 2, "--compat")

    def test_all_at_once(self) -> None:
        """Repeatable, and every name that help lists is taken."""
        self.sign()
        names = [line.split()[0].replace("=N", "=2048") for line in self.run_client("help", "compat").out.splitlines()
                 if line.startswith("  ")]
        self.assertEqual(len(names), 32)
        self.assert_trusted(self.verify(*(x for name in names for x in ("--compat", name))))


class Messages(ClientTest):
    def test_reference_not_covered(self) -> None:
        """// spec: N-116"""
        self.write_jwt(self.bench.claims(references=[REFERENCE, "evil.example.net/app:v1"]))
        self.assert_failed(self.verify(), 1, "N-116 (host_not_covered)", "evil.example.net/app:v1", f"DNS:{HOST}",
                           "authenticity")

    def test_reference_not_covered_with_kid(self) -> None:
        self.write_jwt(self.bench.claims(references=["evil.example.net/app:v1"]), kid=self.bench.keys["p256"].kid)
        self.assert_failed(self.verify(), 1, "N-116 (host_not_covered)", "evil.example.net/app:v1", f"DNS:{HOST}")

    def test_changed_signature(self) -> None:
        path = self.write_jwt(self.bench.claims())
        other = self.bench.claims(iat=1600000001)
        parts, forged = path.read_bytes().split(b"."), self.write_jwt(other, "o.nv2").read_bytes().split(b".")
        path.write_bytes(b".".join([parts[0], forged[1], parts[2]]))
        self.assert_failed(self.verify(), 1, "signature_mismatch", "integrity", "get it again")

    def test_several_signatures(self) -> None:
        """Every reason is told. // spec: N-017 N-018"""
        claims = self.bench.claims(mediaType=None)
        files = [json.loads(seal("nv2-json", claims, self.bench.keys[k], x5c=[self.der_of(self.bench.certs[k])]))
                 for k in ("p384", "p521")]
        envelope = ('{"signed":' + claims + ',"signatures":' +
                    json.dumps([file["signature"] for file in files]) + "}")
        (self.work / "s.nv2").write_text(envelope)
        self.assert_failed(self.verify(), 1, "N-018 (no_valid_signature)", "1: the certificate does not lead", "2: the certificate")
        self.assert_trusted(self.verify(kind="p521"))

    def test_relaxation_is_named(self) -> None:
        self.write_jwt(self.bench.claims(references=[]))
        self.assert_failed(self.verify(), 1, "relaxed by", "--compat nv2_empty_references")
