# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""nv2 inspect of Notary Project signatures: everything is shown, whatever the verifier thinks of it."""
import base64
import json
import random

from envelopes import CONTENT_TYPE, PREFIX, Tag, encode
from harness import HERE
from policies import NOTARY
from signing import LayoutFolder, NotaryTest

TIME, TIME_TEXT = 1700000000, "2023-11-14T22:13:20Z"
ESCAPE = "\x1b[31mred\u202e"


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class InspectNotary(NotaryTest):
    def inspect(self, *more, file="s"):
        return self.run_client("inspect", *more, file)

    def document(self, data: bytes | None = None, code: int = 0) -> dict:
        if data is not None:
            (self.work / "s").write_bytes(data)
        run = self.inspect("--output", "json")
        self.assertEqual(run.code, code, run)
        self.assertTrue(run.out.isascii(), run)
        return json.loads(run.out)

    def jws(self, signed=None, header=None, payload: bytes = b'{"targetArtifact":{}}', **more) -> bytes:
        signed = {"alg": "ES256", "cty": CONTENT_TYPE} if signed is None else signed
        members = {"payload": b64url(payload), "protected": b64url(json.dumps(signed).encode()),
                   "header": {"x5c": []} if header is None else header, "signature": b64url(b"forged")} | more
        return json.dumps({k: v for k, v in members.items() if v is not None}).encode()

    def cose(self, signed=None, unsigned=None, payload=b'{"targetArtifact":{}}', signature=b"forged", tag: int | None = 18) -> bytes:
        signed = encode({1: -7, 3: CONTENT_TYPE} if signed is None else signed) if not isinstance(signed, bytes) else signed
        parts = [signed, {33: []} if unsigned is None else unsigned, payload, signature]
        return encode(parts if tag is None else Tag(tag, parts))

    def test_recorded(self) -> None:
        """What is printed about signatures of the real notation, word for word."""
        for name in ("p256.jws", "authority.jws", "expiring.cose"):
            with self.subTest(name):
                run = self.inspect(file=NOTARY / f"{name}.sig")
                self.assertEqual((run.code, run.err), (0, ""), run)
                self.assertEqual(run.out, (HERE / "golden" / f"inspect-notary-{name}.txt").read_text())
        run = self.inspect("--output", "json", file=NOTARY / "authority.cose.sig")
        self.assertEqual((run.code, run.err), (0, ""), run)
        self.assertEqual(json.loads(run.out), json.loads((HERE / "golden" / "inspect-notary-authority.cose.json").read_text()))

    def test_own(self) -> None:
        for form in ("jws", "cose"):
            with self.subTest(form):
                self.sign_notary("--user-metadata", "a=b", "-e", "1h", form=form, kind="rsa3072")
                shown = self.document()
                self.assertEqual((shown["format"], shown["problems"]), (form, []))
                self.assertEqual(shown["claims"]["targetArtifact"], {**self.descriptor, "annotations": {"a": "b"}})
                (signature,) = shown["signatures"]
                self.assertEqual((signature["alg"], signature["size"]), ("PS384", 384))
                self.assertEqual([each["subject"] for each in signature["certificates"]],
                                 ["CN=signer with rsa3072,O=Test only,C=US", "CN=issuer,O=Test only,C=US", "CN=root,O=Test only,C=US"])
                notary = signature["notary"]
                self.assertEqual(notary["critical"], [PREFIX + "signingScheme", PREFIX + "expiry"])
                self.assertEqual((notary["contentType"], notary["signingScheme"]), (CONTENT_TYPE, "notary.x509"))
                self.assertRegex(notary["signingTime"] + notary["expiry"], r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ){2}$")
                self.assertIsNone(notary["timestampSize"])

    def test_all_attributes(self) -> None:
        """Known and unknown ones, in both forms alike."""
        token = b"\x30\x03abc"
        signed = {"crit": [PREFIX + "signingScheme", "com.example.x"], PREFIX + "signingScheme": "notary.x",
                  "com.example.x": {"deep": [1, None, True]}}
        unsigned = {PREFIX + "signingAgent": "me", "com.example.y": -5}
        jws = self.jws({"alg": "none", "cty": "a/b", PREFIX + "signingTime": TIME_TEXT, PREFIX + "expiry": "soon", **signed},
                       {"x5c": [base64.b64encode(b"junk").decode()], PREFIX + "timestampSignature": base64.b64encode(token).decode(),
                        **unsigned})
        # encode() has no null and no true.
        cose = self.cose({1: -8, 2: signed["crit"], 3: "a/b", PREFIX + "signingTime": Tag(1, TIME), PREFIX + "expiry": "soon",
                          PREFIX + "signingScheme": "notary.x", "com.example.x": {"deep": [1, 7, b"\x01"]}},
                         {33: [b"junk"], PREFIX + "timestampSignature": token, **unsigned})
        for form, data, algorithm, extended in (("jws", jws, "none", [1, None, True]), ("cose", cose, "-8", [1, 7, "h'01'"])):
            with self.subTest(form):
                shown = self.document(data)
                (signature,) = shown["signatures"]
                self.assertEqual((signature["alg"], signature["size"]), (algorithm, 6))
                self.assertFalse(signature["certificates"][0]["readable"])
                notary = signature["notary"]
                self.assertEqual(notary["critical"], signed["crit"])
                self.assertEqual((notary["contentType"], notary["signingScheme"], notary["signingTime"], notary["expiry"]),
                                 ("a/b", "notary.x", TIME_TEXT, "soon"))
                self.assertEqual((notary["signingAgent"], notary["timestampSize"]), ("me", len(token)))
                self.assertEqual(notary["protected"]["com.example.x"], {"deep": extended})
                self.assertEqual(notary["unprotected"], unsigned)
                text = self.inspect().out
                for part in ("other signed attributes", "com.example.x", "other unsigned attributes", "com.example.y -5",
                             "timestamp     5 bytes", "judges nothing"):
                    self.assertIn(part, text)

    def test_tolerance_of_jws(self) -> None:
        """Exit 1 and the rest of it, where there is something that no verifier reads."""
        rows = [(self.jws(payload=b"{"), "payload"), (self.jws(payload=b'{"a":1,"a":2}'), "more than once"),
                (self.jws(protected="!"), "protected"), (self.jws(protected=None), "there is no 'protected'"),
                (self.jws(payload_=1), "'payload_'"), (self.jws(header=[]), "'header'"), (self.jws(header={"x5c": "x"}), "x5c"),
                (self.jws(header={"x5c": [1]}), "x5c[0]"), (self.jws(signature=5), "'signature'"),
                (self.jws(header={PREFIX + "timestampSignature": "!"}), "timestampSignature"), (self.jws()[:-9], "envelope"),
                (self.jws(signatures=[]), "'signatures'"), (self.jws(signed=[]), "protected header"),
                (self.jws(signed=7), "protected header")]
        for data, problem in rows:
            with self.subTest(data):
                shown = self.document(data, code=1)
                self.assertEqual(shown["format"], "jws")
                self.assertIn(problem, " ".join(shown["problems"]))
                self.assertIn("problem", self.inspect().out)
        for signed in ({PREFIX + "signingTime": {"tag": "x"}}, {PREFIX + "signingTime": {"tag": 1}}, {"crit": 5}, {"alg": [1]},
                       {PREFIX + "signingTime": 1.5}, {PREFIX + "expiry": None}):
            with self.subTest(signed):
                self.document(self.jws(signed))

    def test_tolerance_of_cose(self) -> None:
        good = self.cose()
        rows = [(self.cose(tag=None), "tag"), (self.cose(tag=98), "tag"), (good + b"\0", "follow"), (good[:-3], "breaks off"),
                (self.cose(payload=b""), None), (self.cose(payload="text"), "payload"), (self.cose(signature=[1]), "signature"),
                (self.cose(unsigned=[]), "no map"), (self.cose(signed=b"\xa2\x01\x02\x01\x03"), "more than once"),
                (self.cose(signed=b"\x80"), "protected header"), (self.cose(signed=b"\xa1\x01"), "breaks off"), (self.cose(signed=b"\xff"), "break"),
                (self.cose(unsigned={33: b"bare"}), None), (self.cose(unsigned={33: ["x"]}), "certificate"),
                (self.cose(signed=b"\xbf\x01\x26\xff"), None), (self.cose(signed=b"\xa1\x04\x7f\x61a\x61b\xff"), None),
                (self.cose(signed=b"\xa1\x04\xf9\x3e\x00"), None), (self.cose(signed=b"\xa1\x04" + b"\x81" * 40), "too much")]
        for data, problem in rows:
            with self.subTest(data):
                shown = self.document(data, code=1 if problem else 0)
                self.assertEqual(shown["format"], "cose")
                self.assertIn(problem or "", " ".join(shown["problems"]))
        shown = self.document(self.cose(signed=b"\xa3\x01\x26\x04\x7f\x61a\x61b\xff\x20\xfb\x3f\xf8\0\0\0\0\0\0"))
        self.assertEqual(shown["signatures"][0]["notary"]["protected"], {"1": -7, "4": "ab", "-1": 1.5})
        for data in (b"\xd2", b"\xd2\x84", b"\xd2\x83\x40\xa0\x40", b"\x80", b"\xc1\x00"):
            with self.subTest(data):
                self.assertIsNone(self.document(data, code=1)["format"])

    def test_damage(self) -> None:
        """Never anything but a page and 0 or 1."""
        seed = random.Random(1)
        for form in ("jws", "cose"):
            whole = (NOTARY / f"p256.{form}.sig").read_bytes()
            for _ in range(40):
                data = bytearray(whole[:seed.randrange(1, len(whole) + 1)])
                for _ in range(seed.randrange(4)):
                    data[seed.randrange(len(data))] = seed.randrange(256)
                (self.work / "s").write_bytes(data)
                for more in ([], ["--output", "json"]):
                    run = self.inspect(*more)
                    self.assertIn(run.code, (0, 1), run)
                    self.assert_printable(run.out)
                    self.assertNotIn("internal error", run.err)

    def test_hostile_texts(self) -> None:
        for data in (self.jws({"alg": ESCAPE, "crit": [ESCAPE], "cty": ESCAPE, ESCAPE: ESCAPE, PREFIX + "signingTime": ESCAPE},
                              {"x5c": [], ESCAPE: [ESCAPE], PREFIX + "signingAgent": ESCAPE}, json.dumps({ESCAPE: ESCAPE}).encode()),
                     self.cose({1: ESCAPE, 2: [ESCAPE], 3: ESCAPE, ESCAPE: ESCAPE}, {33: [], ESCAPE: {ESCAPE: ESCAPE}})):
            (self.work / "s").write_bytes(data)
            self.assert_printable(self.inspect().out)
            self.assertTrue(self.inspect("--output", "json").out.isascii())


class InspectLayout(NotaryTest):
    def setUp(self) -> None:
        super().setUp()
        self.layout = LayoutFolder(self.work / "layout")

    def listing(self, code: int = 0) -> dict:
        run = self.run_client("inspect", "--output", "json", self.layout)
        self.assertEqual(run.code, code, run)
        document = json.loads(run.out)
        self.assertEqual((document["schema"], document["verified"], document["artifact"]),
                         ("nv2.listing/1", False, self.layout.subject))
        return document

    def test_signatures(self) -> None:
        self.assertEqual(self.listing()["signatures"], [])
        for form in ("jws", "cose"):
            self.sign_notary("--attach", form=form, target=str(self.layout), output=None)
        entries = self.layout.added()
        listed = self.listing()["signatures"]
        self.assertEqual([each["manifest"] for each in listed], [each["digest"] for each in entries])
        self.assertEqual([each["inspection"]["format"] for each in listed], ["jws", "cose"])
        for each in listed:
            self.assertIsNone(each["problem"])
            self.assertEqual(each["inspection"]["claims"]["targetArtifact"], self.layout.subject)
        text = self.run_client("inspect", self.layout)
        self.assertEqual((text.code, text.err), (0, ""), text)
        for part in ("signatures    2", "application/jose+json", "application/cose", entries[0]["digest"], "scheme        notary.x509"):
            self.assertIn(part, text.out)

    def test_broken_ones(self) -> None:
        """The others are shown. // spec: L-006 O-008"""
        for form in ("jws", "cose"):
            self.sign_notary("--attach", form=form, target=str(self.layout), output=None)
        manifest = json.loads(self.layout.file(self.layout.added()[0]["digest"]).read_bytes())
        envelope = self.layout.file(manifest["layers"][0]["digest"])
        envelope.write_bytes(envelope.read_bytes()[::-1])
        first, second = self.listing(code=1)["signatures"]
        self.assertEqual((first["inspection"], first["problem"]["name"]), (None, "content_digest"))
        self.assertEqual(second["inspection"]["format"], "cose")
        text = self.run_client("inspect", self.layout)
        self.assertIn("content_digest", text.out)
        self.assert_printable(text.out)
        self.assertEqual(text.code, 1)

    def test_no_layout(self) -> None:
        self.assert_failed(self.run_client("inspect", "oci-layout:nowhere:v1"), 3, "nowhere")
        self.assert_failed(self.run_client("inspect", f"oci-layout:{self.layout.path}:v2"), 1, "v2")
