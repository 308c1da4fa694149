#!/usr/bin/python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/vectors/ocsp/<case>/: one folder a case, OCSP responses, perhaps revocation lists, and a case.json that says
about which certificate they are asked, when, and what must come of it. Files that are there are kept, since ECDSA signatures
differ with every run; one is made anew when it is removed, or all with --force.

The responses are made by python3-cryptography, some by `openssl ocsp`, which knows no time but now: those cases are about
the day after they were made. What python3-cryptography does not make is patched in, and the response signed again.

Needs Debian's python3-cryptography and openssl. Run: tests/vectors/ocsp_generate.py [--force]
"""
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

import pki
from cryptography import x509
from cryptography.x509 import ocsp
from der import MADE, acme, certificate, der, extension, oid, sign, signature_algorithm

import revocation_generate as lists
from notary_pki import NULL
from revocation_generate import A, DAY, NOW, Made, entry, inside, moment, point, points, split

OUT = pathlib.Path(__file__).parent / "ocsp"
FORCE = "--force" in sys.argv[1:]
UNKNOWN = "1.3.6.1.4.1.55555.1"
NOCHECK = ("1.3.6.1.5.5.7.48.1.5", NULL, False)
NONCE, INVALIDITY, REASON = "1.3.6.1.5.5.7.48.1.2", "2.5.29.24", "2.5.29.21"
HOLD, COMPROMISE, REMOVE = (x509.ReasonFlags[name] for name in ("certificate_hold", "key_compromise", "remove_from_crl"))
REASONS = {None: -1, COMPROMISE: 1, HOLD: 6, REMOVE: 8}
HASHES = {**pki.HASHES, "224": pki.hashes.SHA224}
REVOKED = NOW - 20 * DAY
THIS, END = NOW - 5 * DAY, NOW + 5 * DAY
GONE = "certificate_revoked"
CASES = {}


# --- certificates -----------------------------------------------------------------------------------------------------

def service(url):
    access = der(0x30, der(0x30, oid("1.3.6.1.5.5.7.48.1"), der(0x86, url.encode())))
    return ("1.3.6.1.5.5.7.1.1", access, False)


def make_certificates():
    lists.make_certificates()
    both = {"_ocsp_points": "http://ocsp.acme.example/", "_ocsp_https_points": "https://ocsp.acme.example/"}
    for what, url in both.items():
        certificate(f"listed_leaf{what}", "p256_leaf", acme("leaf"), "acme_root", others=[service(url), points(point(A))],
                    serial=bytes([lists.SERIAL]))
    certificate("listed_leaf_ocsp_https", "p256_leaf", acme("leaf"), "acme_root",
                others=[service("https://ocsp.acme.example/")], serial=bytes([lists.SERIAL]))
    certificate("listed_leaf_unrelated", "p256_leaf", acme("leaf"), "acme_unrelated", hash_bits="384",
                others=[service(both["_ocsp_points"])], serial=bytes([lists.SERIAL]))
    good = {"purposes": ["ocsp"], "others": [NOCHECK]}
    past, future = datetime.datetime(2025, 1, 1), datetime.datetime(2030, 1, 1)
    for what, change in {
            "": {}, "_no_purpose": {"purposes": []}, "_any_purpose": {"purposes": ["any"]},
            "_code_purpose": {"purposes": ["code"]}, "_more_purposes": {"purposes": ["code", "ocsp"]},
            "_expired": {"end": past}, "_not_yet": {"start": future},
            "_ends_now": {"end": moment(NOW)}, "_ended": {"end": moment(NOW - 1)}, "_starts_now": {"start": moment(NOW)},
            "_sha1": {"hash_bits": "1"}, "_no_usage": {"usage": None}, "_other_usage": {"usage": ("content_commitment",)},
            "_critical": {"others": [NOCHECK, (UNKNOWN, NULL, True)]}, "_unknown": {"others": [NOCHECK, (UNKNOWN, NULL, False)]},
            "_nocheck_critical": {"others": [(*NOCHECK[:2], True)]}, "_checked": {"others": [points(point(A))], "serial": b"\x4e"},
            "_checked_nowhere": {"others": [], "serial": b"\x4e"},
            "_points_critical": {"others": [NOCHECK, (*points(point(A))[:2], True)]}}.items():
        certificate(f"responder{what}", "p256_signer", acme("responder"), "acme_root", **{**good, **change})
    for kind in ("rsa1024", "rsa2048", "p384", "p521", "ed25519"):
        certificate(f"responder_{kind}", f"{kind}_signer", acme("responder"), "acme_root", **good)
    certificate("responder_self_signed", "p256_signer", acme("responder"), **good)
    certificate("responder_self_issued", "p256_signer", acme("root"), **good)
    certificate("responder_of_other", "p256_signer", acme("responder"), "acme_unrelated", hash_bits="384", **good)


def loaded(name):
    return x509.load_der_x509_certificate((pki.DIR / f"{name}.der").read_bytes())


# --- responses --------------------------------------------------------------------------------------------------------

def generalized(seconds):
    return der(0x18, moment(seconds).strftime("%Y%m%d%H%M%SZ").encode())


class Said:
    """A response to be made. Each of `single`, `data`, `basic` and `whole` changes the parts of a SingleResponse, of
    ResponseData, of BasicOCSPResponse and of OCSPResponse. `before` and `after`: what is said of other certificates.
    `notes`: extensions of the single response, `all_notes`: of the whole."""

    def __init__(self, status="good", *, about="listed_leaf_ocsp", issuer="acme_root", hash_bits="1", this=THIS, end=END,
                 reason=None, key="p256_issuing", by=None, certificates=(), hash_of_signature="256", notes=(), all_notes=(),
                 nonce=None, single=None, data=None, basic=None, whole=None, before=(), after=(), tail=b"", algorithm=None):
        self.__dict__.update({k: v for k, v in locals().items() if k != "self"})
        signs = [name for name in (by, *certificates[:1]) if name and MADE[name][1] == key]
        self.responder = (signs or [issuer])[0]

    def is_patched(self):
        return self.key != MADE[self.responder][1] or any((self.single, self.data, self.basic, self.whole, self.before, self.after, self.algorithm, self.notes,
                    self.all_notes)) or self.hash_of_signature == "1"

    def built(self):
        """What python3-cryptography makes of it."""
        status = {"good": ocsp.OCSPCertStatus.GOOD, "revoked": ocsp.OCSPCertStatus.REVOKED,
                  "unknown": ocsp.OCSPCertStatus.UNKNOWN}[self.status]
        made = ocsp.OCSPResponseBuilder().add_response(
            cert=loaded(self.about), issuer=loaded(self.issuer), algorithm=HASHES[self.hash_bits](), cert_status=status,
            this_update=moment(self.this), next_update=None if self.end is None else moment(self.end),
            revocation_time=moment(REVOKED) if self.status == "revoked" else None, revocation_reason=self.reason)
        encoding = ocsp.OCSPResponderEncoding.NAME if self.by else ocsp.OCSPResponderEncoding.HASH
        made = made.responder_id(encoding, loaded(self.responder))
        if self.certificates:
            made = made.certificates([loaded(name) for name in self.certificates])
        if self.nonce is not None:
            made = made.add_extension(x509.OCSPNonce(self.nonce), critical=False)
        chosen = None if self.key.startswith("ed") else HASHES["256" if self.is_patched() else self.hash_of_signature]()
        return made.sign(pki.key(MADE[self.responder][1]), chosen).public_bytes(pki.serialization.Encoding.DER)

    def single_response(self):
        """The SingleResponse, changed."""
        parts = self.parts()[2]
        (one,) = split(inside(parts))
        one = split(inside(one))
        if self.notes:
            one.append(der(0xA1, der(0x30, *self.notes)))
        return der(0x30, *(self.single(one) if self.single else one))

    def parts(self):
        return split(inside(split(inside(self.basic_response()))[0]))

    def basic_response(self):
        _, outer = split(inside(self.built()))
        _, octets = split(inside(split(inside(outer))[0]))
        return inside(octets)

    def contents(self):
        if not self.is_patched():
            return self.built() + self.tail
        parts = self.parts()
        parts[2] = der(0x30, *[s.single_response() for s in self.before], self.single_response(),
                       *[s.single_response() for s in self.after])
        if self.all_notes:
            parts.append(der(0xA1, der(0x30, *self.all_notes)))
        tbs = der(0x30, *(self.data(parts) if self.data else parts))
        private = pki.key(self.key)
        algorithm = self.algorithm or signature_algorithm(private, self.hash_of_signature)
        basic = [tbs, algorithm, der(0x03, b"\0", sign(private, tbs, self.hash_of_signature))]
        if self.certificates:
            embedded = [(pki.DIR / f"{name}.der").read_bytes() for name in self.certificates]
            basic.append(der(0xA0, der(0x30, *embedded)))
        basic = der(0x30, *(self.basic(basic) if self.basic else basic))
        kind_and_bytes = [oid("1.3.6.1.5.5.7.48.1.1"), der(0x04, basic)]
        whole = [der(0x0A, b"\0"), der(0xA0, der(0x30, *kind_and_bytes))]
        return der(0x30, *(self.whole(whole) if self.whole else whole)) + self.tail


class Raw:
    def __init__(self, contents):
        self.this, self.raw = None, contents

    def contents(self):
        return self.raw


class Asked:
    """A response by `openssl ocsp`, with these options. `index` is the line of the certificate in the index of the CA."""

    def __init__(self, *options, index, responder="acme_root", key="p256_issuing", subject="listed_leaf_ocsp",
                 ask=("-no_nonce",)):
        self.__dict__.update({k: v for k, v in locals().items() if k != "self"})
        self.this = None

    def contents(self):
        with tempfile.TemporaryDirectory() as folder:
            where = pathlib.Path(folder)
            index = [self.index] if self.index else []
            (where / "index").write_text("".join(line + "\n" for line in ["V\t450101000000Z\t\t01\tunknown\t/CN=other", *index]))
            for name in ("acme_root", self.responder, self.subject):
                pem = loaded(name).public_bytes(pki.serialization.Encoding.PEM)
                (where / f"{name}.pem").write_bytes(pem)

            def run(*arguments):
                subprocess.run(["openssl", "ocsp", *map(str, arguments)], cwd=folder, check=True, capture_output=True)
            before = [option for option in self.ask if option.startswith("-sha")]
            others = [option for option in self.ask if not option.startswith("-sha")]
            run(*others, *before, "-issuer", "acme_root.pem", "-cert", f"{self.subject}.pem", "-reqout", "request")
            run("-index", "index", "-rsigner", f"{self.responder}.pem", "-rkey",
                pki.DIR / f"{self.key}.test-only.key", "-CA", "acme_root.pem", "-reqin", "request", "-respout", "response",
                "-ndays", "10", *self.options)
            return (where / "response").read_bytes()


def replaced(number, *elements):
    return lambda parts: [*parts[:number], *elements, *parts[number + 1:]]


def in_id(number, *elements):
    """A CertID with one of its parts replaced."""
    return lambda one: [der(0x30, *replaced(number, *elements)(split(inside(one[0])))), *one[1:]]


def invalidity(seconds, critical=False):
    return extension(INVALIDITY, generalized(seconds), critical)


# --- cases ------------------------------------------------------------------------------------------------------------

def case(name, rules, expect, *responses, crls=(), subject="listed_leaf_ocsp", issuer="acme_root", now=NOW, basis="at",
         stale="strict", grace=0, signing_time=None, compat=(), reason=None, fresh="current", as_of=None, source="response",
         min_rsa_bits=2048, spent=None):
    """`expect`: ok, certificate_revoked, or why nothing is known; what else is said is of the first two only."""
    assert name not in CASES, name
    verdict = {"ok": "good", GONE: "revoked"}.get(expect, "unknown")
    facts = {"rules": rules.split(), "subject": f"../../pki/{subject}.der", "issuer": f"../../pki/{issuer}.der",
             "responses": [f"{i}.ocsp" for i in range(len(responses))], "lists": [f"{i}.crl" for i in range(len(crls))],
             "time": {"basis": basis, "value": now}, "stale": stale, "grace": grace, "signing_time": signing_time,
             "compat": list(compat), "min_rsa_bits": min_rsa_bits, "expect": expect, "verdict": verdict, "source": "none"}
    if spent is not None:
        facts["spent"] = spent
    if verdict != "unknown" and source != "none":
        times = [made.this for made in (responses if source == "response" else crls) if made.this is not None]
        facts.update({"source": source, "reason": REASONS[reason], "fresh": fresh,
                      "as_of": max(times, default=0) if as_of is None else as_of})
    CASES[name] = (responses, crls, facts)


def form():
    case("good", "R-030 R-031 R-036", "ok", Said(), spent=1)
    case("good_by_name", "R-030", "ok", Said(by="acme_root"))
    case("byte_after", "R-030", "ocsp_malformed", Said(tail=b"\0"), spent=0)
    case("empty_file", "R-030", "ocsp_malformed", Raw(b""), spent=0)
    case("no_der", "R-030", "ocsp_malformed", Raw(b"HTTP/1.1 200 OK\r\n\r\n"))
    case("truncated", "R-030", "ocsp_malformed", Said(whole=lambda w: [w[0], w[1][:-1]]))
    for number, what in {1: "malformed_request", 2: "internal_error", 3: "try_later", 5: "signature_required",
                         6: "unauthorized"}.items():
        case(f"status_{what}", "R-030", "ocsp_unsuccessful", Raw(der(0x30, der(0x0A, bytes([number])))), spent=0)
    case("status_unsuccessful_with_response", "R-030", "ocsp_unsuccessful", Said(whole=replaced(0, der(0x0A, b"\x06"))))
    case("status_two_bytes", "R-030", "ocsp_unsuccessful", Said(whole=replaced(0, der(0x0A, b"\0\0"))))
    case("successful_without_response", "R-030", "ocsp_malformed", Raw(der(0x30, der(0x0A, b"\0"))))
    case("other_type", "R-030", "ocsp_type", Said(whole=lambda w: [w[0], der(0xA0, der(0x30, oid("1.3.6.1.5.5.7.48.1.9"),
                                                                                       der(0x04, b"\x30\0")))]))
    case("no_response_but_basic", "R-030", "ocsp_malformed", Said(whole=lambda w: [w[0], der(0xA0, der(
        0x30, oid("1.3.6.1.5.5.7.48.1.1"), der(0x04, b"")))]))
    case("version_spelled", "R-030", "ocsp_version", Said(data=lambda d: [der(0xA0, der(0x02, b"\0")), *d]))
    case("version_two", "R-030", "ocsp_version", Said(data=lambda d: [der(0xA0, der(0x02, b"\1")), *d]))
    case("produced_utc", "R-030", "ocsp_malformed", Said(data=replaced(1, der(0x17, b"260101000000Z"))))
    case("this_update_utc", "R-030", "ocsp_malformed", Said(single=replaced(2, der(0x17, b"260101000000Z"))))
    case("this_update_fraction", "R-030", "ocsp_malformed", Said(single=replaced(2, der(0x18, b"20251227000000.5Z"))))
    case("status_of_no_kind", "R-030", "ocsp_malformed", Said(single=replaced(1, der(0x83))))
    case("good_with_contents", "R-030", "ocsp_malformed", Said(single=replaced(1, der(0x80, b"\0"))))
    case("malformed_other_status", "R-030", "ocsp_malformed", Said(after=[Said(single=lambda one: one[:1])]))
    case("signature_of_bits", "R-030", "ocsp_malformed", Said(basic=lambda b: [*b[:2], der(0x03, b"\1\0")]))
    case("beside_broken", "R-004 R-030", "ok", Raw(b""), Said(tail=b"\0"), Said())


def names():
    for bits in ("1", "256", "384", "512"):
        case(f"named_by_sha{bits}", "R-031", "ok", Said(hash_bits=bits))
        case(f"named_by_sha{bits}_revoked", "R-031", GONE, Said("revoked", hash_bits=bits))
    case("named_by_sha224", "R-031", "ocsp_other_certificate", Said(hash_bits="224"), spent=0)
    sha1 = der(0x30, oid("1.3.14.3.2.26"))
    case("named_by_sha1_without_null", "R-031", "ok", Said(single=in_id(0, sha1)))
    case("named_by_sha1_other_parameters", "R-031", "ocsp_other_certificate",
         Said(single=in_id(0, der(0x30, oid("1.3.14.3.2.26"), der(0x04)))))
    case("named_by_sha1_called_sha256", "R-031", "ocsp_other_certificate",
         Said(single=in_id(0, der(0x30, oid("2.16.840.1.101.3.4.2.1"), NULL))))
    wrong, other = der(0x04, bytes(20)), "ocsp_other_certificate"
    case("other_name_hash", "R-031", other, Said(single=in_id(1, wrong)), spent=0)
    case("other_key_hash", "R-031", other, Said(single=in_id(2, wrong)), spent=0)
    case("other_key_hash_revoked", "R-031", other, Said("revoked", single=in_id(2, wrong)))
    case("hashes_swapped", "R-031", other, Said(single=lambda one: [der(0x30, *[split(inside(one[0]))[i] for i in (0, 2, 1, 3)]),
                                                                    *one[1:]]))
    case("hashes_cut", "R-031", other, Said(single=in_id(2, der(0x04))))
    case("other_serial", "R-031", other, Said(single=in_id(3, der(0x02, b"\x4e"))), spent=0)
    case("longer_serial", "R-031", other, Said(single=in_id(3, der(0x02, b"\x01\x4d"))))
    case("negative_serial", "R-031", other, Said(single=in_id(3, der(0x02, b"\xb3"))))
    case("serial_not_shortest", "R-030", "ocsp_malformed", Said(single=in_id(3, der(0x02, b"\x00\x4d"))))
    case("same_serial_of_other_issuer", "R-031", other,
         Said("revoked", about="listed_leaf_unrelated", issuer="acme_unrelated"), Said(
             about="listed_leaf_unrelated", issuer="acme_unrelated", key="p384_root"))
    case("says_nothing", "R-031", other, Said(data=replaced(2, der(0x30))))
    elsewhere = Said("revoked", single=in_id(3, der(0x02, b"\x4e")))
    case("said_first", "R-031", "ok", Said(after=[elsewhere, elsewhere]))
    case("said_last", "R-031", "ok", Said(before=[elsewhere, elsewhere]))
    case("said_twice_good_then_revoked", "R-031 R-036", GONE, Said(after=[Said("revoked", hash_bits="256")]))
    case("said_twice_revoked_then_good", "R-031 R-036", GONE, Said("revoked", after=[Said(this=NOW)]), as_of=THIS)
    case("said_twice_stale_then_good", "R-031 R-034", "ok", Said(before=[Said("revoked", end=NOW - 1)]))
    case("said_twice_unknown_then_good", "R-031 R-036", "ok", Said(before=[Said("unknown")]))


def signers():
    case("by_issuer_with_itself", "R-032", "ok", Said(certificates=["acme_root"]), spent=1)
    case("by_issuer_with_another", "R-032", "ok", Said(certificates=["responder"]), spent=2)
    case("by_issuer_with_unfit_one", "R-032", "ok", Said(certificates=["acme_leaf"]))
    case("other_key", "R-032", "ocsp_signature", Said(key="p256_other"), spent=1)
    case("other_key_revoked", "R-032", "ocsp_signature", Said("revoked", key="p256_other"))
    case("other_key_unknown", "R-032", "ocsp_signature", Said("unknown", key="p256_other"))
    case("other_key_with_issuer", "R-032", "ocsp_signature", Said(key="p256_other", certificates=["acme_root"]))
    case("other_key_with_responder", "R-032", "ocsp_signature", Said(key="p256_other", certificates=["responder"]), spent=2)
    case("changed", "R-032", "ocsp_signature",
         Said("unknown", basic=lambda b: [b[0].replace(b"\x82\0\x18\x0f", b"\x80\0\x18\x0f"), *b[1:]]))

    def by(name, *status, key="p256_signer", **more):
        return Said(*status, key=key, certificates=[name], **more)
    case("by_responder", "R-032 R-033", "ok", by("responder"), spent=2)
    case("by_responder_by_name", "R-032", "ok", by("responder", by="responder"))
    case("by_responder_revoked", "R-032", GONE, by("responder", "revoked", reason=COMPROMISE), reason=COMPROMISE)
    case("by_responder_more_certificates", "R-032", "ok", Said(key="p256_signer", certificates=["responder", "acme_root"]))
    case("by_responder_listed_second", "R-032", "ocsp_signature", Said(key="p256_signer",
                                                                       certificates=["acme_root", "responder"]))
    case("by_responder_not_embedded", "R-032", "ocsp_signature", Said(key="p256_signer"))
    for what in ("no_purpose", "any_purpose", "code_purpose", "other_usage"):
        case(f"by_responder_{what}", "R-032", "ocsp_responder_purpose", by(f"responder_{what}"), spent=1)
        case(f"by_responder_{what}_revoked", "R-032", "ocsp_responder_purpose", by(f"responder_{what}", "revoked"))
    case("by_responder_more_purposes", "R-032", "ok", by("responder_more_purposes"))
    case("by_responder_no_usage", "R-032", "ok", by("responder_no_usage"))
    case("by_leaf", "R-032", "ocsp_responder_purpose", by("listed_leaf_ocsp", key="p256_leaf"))
    time = "ocsp_responder_time"
    case("by_responder_expired", "R-032", time, by("responder_expired"), spent=1)
    case("by_responder_not_yet", "R-032", time, by("responder_not_yet"))
    case("by_responder_ends_now", "R-032", "ok", by("responder_ends_now"))
    case("by_responder_starts_now", "R-032", "ok", by("responder_starts_now"))
    case("by_responder_ended", "R-032", time, by("responder_ended"))
    case("by_responder_ended_in_grace", "R-032 R-034", "ok", by("responder_ended"), stale="grace", grace=1, fresh="in_grace")
    case("by_responder_expired_after_grace", "R-032 R-034", time, by("responder_expired"), stale="grace", grace=1)
    case("by_responder_expired_ignored", "R-032 R-034", "ok", by("responder_expired"), stale="ignore", fresh="ignored")
    case("by_responder_not_yet_ignored", "R-032", time, by("responder_not_yet"), stale="ignore")
    case("by_responder_unknown_extension", "R-032", "ok", by("responder_unknown"))
    case("by_responder_critical", "R-032", "ocsp_responder_extension", by("responder_critical"))
    case("by_responder_points_critical", "R-032", "ok", by("responder_points_critical"))
    for what in ("self_signed", "self_issued", "of_other"):
        case(f"by_responder_{what}", "R-032", "ocsp_responder_issuer", by(f"responder_{what}"))
    case("by_responder_of_other_revoked", "R-032", "ocsp_responder_issuer", by("responder_of_other", "revoked"))
    broken = Said(key="p256_signer", certificates=["responder"], basic=lambda b: [
        *b[:3], der(0xA0, der(0x30, der(0x30, b"\x02\x01\x01")))])
    case("by_responder_malformed", "R-032", "ocsp_responder_malformed", broken, spent=0)
    case("no_certificates_spelled", "R-032", "ok", Said(basic=lambda b: [*b, der(0xA0, der(0x30))]))
    case("signed_by_sha1", "X-011 R-032", "ocsp_algorithm", Said(hash_of_signature="1"), spent=0)
    case("signed_by_sha1_responder", "X-011 R-032", "ocsp_algorithm", by("responder", hash_of_signature="1"))
    case("by_responder_sha1", "X-011 R-032", "ocsp_algorithm", by("responder_sha1"), spent=1)
    case("signed_by_sha384", "X-011", "ok", Said(hash_of_signature="384"))
    case("signed_by_named_otherwise", "R-032", "ocsp_signature", Said(algorithm=der(0x30, oid("1.2.840.10045.4.3.3"))))
    case("signed_by_named_rsa", "R-032", "ocsp_signature", Said(algorithm=der(0x30, oid("1.2.840.113549.1.1.11"), NULL)))
    for kind in ("rsa2048", "p384", "p521"):
        case(f"by_responder_{kind}", "R-032", "ok", by(f"responder_{kind}", key=f"{kind}_signer"))
    case("by_responder_rsa1024", "X-028", "ocsp_responder_key", by("responder_rsa1024", key="rsa1024_signer"), spent=0)
    case("by_responder_rsa1024_allowed", "X-028", "ok", by("responder_rsa1024", key="rsa1024_signer"), min_rsa_bits=1024)
    case("by_responder_rsa2048_too_small", "X-028", "ocsp_responder_key", by("responder_rsa2048", key="rsa2048_signer"),
         min_rsa_bits=3072)
    case("by_responder_ed25519", "X-028", "ocsp_responder_key", by("responder_ed25519", key="ed25519_signer"))
    for kind in ("rsa2048", "p384", "p521"):
        case(f"by_issuer_{kind}", "R-032", "ok", Said(issuer=f"listing_root_{kind}", key=f"{kind}_signer"),
             issuer=f"listing_root_{kind}")


def responders():
    def by(name, *status, **more):
        return Said(*status, key="p256_signer", certificates=[name], **more)
    checked, unchecked = by("responder_checked"), "ocsp_responder_unchecked"
    elsewhere = lists.issuing_point(A)  # a place that the responder names, and the certificate that is asked about does not
    case("nocheck_critical", "R-033", "ok", by("responder_nocheck_critical"))
    case("nocheck_listed", "R-033", "ok", by("responder"), crls=[Made(entry(serial=78))])
    case("no_nocheck", "R-033", unchecked, checked, spent=2)
    case("no_nocheck_revoked", "R-033", unchecked, by("responder_checked", "revoked"))
    case("no_nocheck_list", "R-033", "ok", checked, crls=[Made()], spent=4)
    case("no_nocheck_list_revoked", "R-033", GONE, by("responder_checked", "revoked"), crls=[Made()])
    case("no_nocheck_list_has_subject", "R-033 R-005", GONE, checked, crls=[Made(entry())], source="list")
    case("no_nocheck_listed", "R-033", "ocsp_responder_revoked", checked, crls=[Made(entry(serial=78), point=elsewhere)])
    case("no_nocheck_listed_list_good", "R-002 R-033", "ok", checked, crls=[Made(entry(serial=78))], source="list")
    case("no_nocheck_list_expired", "R-033", unchecked, checked, crls=[Made(end=NOW - 1)])
    case("no_nocheck_list_in_grace", "R-033 R-034", "ok", checked, crls=[Made(end=NOW - 1)], stale="grace", grace=60,
         fresh="in_grace")
    case("no_nocheck_list_of_other", "R-033", unchecked, checked, crls=[Made(issuer="acme_unrelated")])
    case("no_nocheck_list_by_other", "R-033", unchecked, checked, crls=[Made(key="p256_other")])
    case("no_nocheck_names_nobody", "R-033", unchecked, by("responder_checked_nowhere"))
    case("no_nocheck_names_nobody_list", "R-033", "ok", by("responder_checked_nowhere"), crls=[Made()])
    case("no_nocheck_listed_invalid_later", "R-007 R-033", "ocsp_responder_revoked", checked,
         crls=[Made(entry(serial=78, invalidity=NOW - DAY), point=elsewhere)], signing_time=NOW - 2 * DAY)


def currency():
    case("expired", "R-034", "ocsp_stale", Said(end=NOW - 1), spent=0)
    case("expires_now", "R-034", "ok", Said(end=NOW))
    case("expired_revoked", "R-034", "ocsp_stale", Said("revoked", end=NOW - 1))
    case("expired_unknown", "R-034", "ocsp_stale", Said("unknown", end=NOW - 1))
    case("expired_beside_current", "R-034", "ok", Said(end=NOW - 1), Said(this=NOW - DAY))
    case("no_next_update", "R-034", "ocsp_stale", Said(end=None))
    case("no_next_update_revoked", "R-034", "ocsp_stale", Said("revoked", end=None))
    case("no_next_update_in_grace", "R-034", "ocsp_stale", Said(end=None), stale="grace", grace=2**31)
    case("no_next_update_ignored", "R-034", "ok", Said(end=None), stale="ignore", fresh="ignored")
    case("in_grace", "R-034", "ok", Said(end=NOW - 60), stale="grace", grace=60, fresh="in_grace")
    case("in_grace_revoked", "R-034", GONE, Said("revoked", end=NOW - 60), stale="grace", grace=60, fresh="in_grace")
    case("after_grace", "R-034", "ocsp_stale", Said(end=NOW - 61), stale="grace", grace=60)
    case("expired_ignored", "R-034", "ok", Said(end=NOW - 61), stale="ignore", fresh="ignored")
    case("made_now", "R-034", "ok", Said(this=NOW))
    case("made_in_future", "R-034", "ocsp_ahead", Said(this=NOW + 1), spent=0)
    case("made_in_future_revoked", "R-034", "ocsp_ahead", Said("revoked", this=NOW + 1))
    case("made_in_future_ignored", "R-034", "ocsp_ahead", Said(this=NOW + 1), stale="ignore")
    bound = {"basis": "not_before"}
    case("bound_before_end", "R-034 G-001", "revocation_time_unknown", Said(), **bound)
    case("bound_after_end", "R-034 G-001", "ocsp_stale", Said(end=NOW - 1), **bound)
    case("bound_before_start", "R-034 G-001", "revocation_time_unknown", Said(this=NOW + 1), **bound)
    case("bound_ignored", "R-034 G-001", "ok", Said(), stale="ignore", fresh="ignored", **bound)
    case("bound_responder_ignored", "R-032 G-001", "ok", Said(key="p256_signer", certificates=["responder"]),
         stale="ignore", fresh="ignored", **bound)
    case("no_time", "R-034 G-001", "revocation_time_unknown", Said(), basis="unknown", now=0)
    case("no_time_revoked", "R-034 G-001", "revocation_time_unknown", Said("revoked"), basis="unknown", now=0)
    case("no_time_ignored_revoked", "R-034 G-001", GONE, Said("revoked"), basis="unknown", now=0, stale="ignore",
         fresh="ignored")


def extensions():
    note, critical = extension(UNKNOWN, NULL, False), extension(UNKNOWN, NULL, True)
    case("single_unknown", "R-035", "ok", Said(notes=[note]))
    case("single_critical", "R-035", "ocsp_extension", Said(notes=[note, critical]), spent=0)
    case("single_critical_unknown", "R-035", "ocsp_extension", Said("unknown", notes=[critical]))
    case("single_critical_revoked", "R-035", "ocsp_revoked_critical", Said("revoked", notes=[critical]))
    case("single_critical_revoked_forged", "R-032 R-035", "ocsp_signature", Said("revoked", notes=[critical], key="p256_other"))
    case("single_critical_expired", "R-034 R-035", "ocsp_stale", Said("revoked", notes=[critical], end=NOW - 1))
    case("single_critical_of_other", "R-035", "ok", Said(before=[Said(notes=[critical], single=in_id(3, der(0x02, b"\x4e")))]))
    case("single_critical_beside_good", "R-035", "ok", Said(notes=[critical]), Said())
    case("single_critical_revoked_beside_good", "R-035", "ocsp_revoked_critical", Said("revoked", notes=[critical]), Said())
    case("single_critical_revoked_after_good", "R-035", "ocsp_revoked_critical", Said(), Said("revoked", notes=[critical]))
    case("single_critical_invalidity", "R-035", "ocsp_revoked_critical", Said("revoked", notes=[invalidity(NOW, True)]),
         signing_time=NOW - DAY)
    case("single_critical_reason", "R-035", "ocsp_revoked_critical",
         Said("revoked", notes=[extension(REASON, b"\x0a\x01\x06", True)]))
    case("single_no_extensions", "R-030", "ocsp_malformed", Said(single=lambda one: [*one, der(0xA1, der(0x30))]))
    case("whole_unknown", "R-035", "ok", Said(all_notes=[note]))
    case("whole_critical", "R-035", "ocsp_extension", Said(all_notes=[note, critical]), spent=0)
    case("whole_critical_revoked", "R-035", "ocsp_extension", Said("revoked", all_notes=[critical]))
    case("nonce", "R-038", "ok", Said(nonce=b"0123456789abcdef"))
    case("nonce_critical", "R-038", "ok", Said(all_notes=[extension(NONCE, der(0x04, b"0123"), True)]))


def statuses():
    case("revoked", "R-036", GONE, Said("revoked"), spent=1)
    case("revoked_compromise", "R-036", GONE, Said("revoked", reason=COMPROMISE), reason=COMPROMISE)
    case("revoked_hold", "R-037", GONE, Said("revoked", reason=HOLD), reason=HOLD)
    case("revoked_remove", "R-037", GONE, Said("revoked", reason=REMOVE), reason=REMOVE)
    case("unknown", "R-036", "ocsp_unknown", Said("unknown"), spent=1)
    case("good_beside_unknown", "R-036", "ok", Said("unknown"), Said(this=NOW - DAY))
    case("good_then_revoked", "R-036", GONE, Said(this=NOW - DAY), Said("revoked"), as_of=THIS)
    case("hold_then_good", "R-037", GONE, Said("revoked", reason=HOLD), Said(this=NOW - DAY), reason=HOLD, as_of=THIS)
    case("latest_counts", "R-036", "ok", Said(this=NOW - 2 * DAY), Said(this=NOW - DAY, end=NOW - 1), Said(), stale="grace",
         grace=60, fresh="in_grace", as_of=NOW - DAY)
    signed = NOW - 15 * DAY
    case("invalid_after_signing", "R-036", "ok", Said("revoked", notes=[invalidity(signed + 1)]), signing_time=signed)
    case("invalid_at_signing", "R-036", GONE, Said("revoked", notes=[invalidity(signed)]), signing_time=signed)
    case("invalid_before_signing", "R-036", GONE, Said("revoked", notes=[invalidity(signed - 1)], reason=COMPROMISE),
         signing_time=signed, reason=COMPROMISE)
    case("invalid_no_signing_time", "R-007 R-036", GONE, Said("revoked", notes=[invalidity(signed + 1)]))
    case("revoked_signed_before_1970", "R-036", GONE, Said("revoked"), signing_time=-1)
    case("revoked_after_signing", "R-036", GONE, Said("revoked"), signing_time=REVOKED - DAY)
    case("hold_invalid_after_signing", "R-036 R-037", "ok", Said("revoked", reason=HOLD, notes=[invalidity(signed + 1)]),
         signing_time=signed)
    case("unknown_invalid_after_signing", "R-036", "ocsp_unknown", Said("unknown", notes=[invalidity(signed + 1)]),
         signing_time=signed)
    case("invalidity_malformed", "R-036", "ocsp_malformed",
         Said("revoked", notes=[extension(INVALIDITY, der(0x18, b"20260101"), False)]), signing_time=signed)
    case("invalidity_utc", "R-036", "ocsp_malformed",
         Said("revoked", notes=[extension(INVALIDITY, der(0x17, b"260101000000Z"), False)]), signing_time=signed)
    case("invalidity_twice", "R-036", "ocsp_malformed", Said("revoked", notes=[invalidity(signed + 1)] * 2),
         signing_time=signed)
    case("reason_malformed", "R-036", "ocsp_malformed", Said("revoked", single=replaced(1, der(
        0xA1, generalized(REVOKED), der(0xA0, der(0x0A, b"\x00\x06"))))))
    case("revoked_no_date", "R-036", "ocsp_malformed", Said("revoked", single=replaced(1, der(0xA1))))


def sources():
    """What responses and lists decide together."""
    both, only_lists, only_service = "listed_leaf_ocsp_points", "listed_leaf", "listed_leaf_ocsp"
    revoking, other = Made(entry()), Said(single=in_id(3, der(0x02, b"\x4e")))
    case("nobody", "R-002", "ok", subject="listed_leaf_nobody", source="none")
    case("nobody_but_revoked", "R-002", "ok", Said("revoked"), crls=[revoking], subject="listed_leaf_nobody", source="none",
         spent=0)
    case("nothing_supplied", "R-004", "revocation_unknown", subject=both)
    case("service_good", "R-002", "ok", Said(), subject=both)
    case("service_good_list_revoked", "R-002 R-005", GONE, Said(), crls=[revoking], subject=both, source="list")
    case("service_revoked_list_good", "R-002", GONE, Said("revoked"), crls=[Made()], subject=both)
    case("service_unknown_list_good", "R-002", "ok", Said("unknown"), crls=[Made()], subject=both, source="list")
    case("service_unknown_list_revoked", "R-002", GONE, Said("unknown"), crls=[revoking], subject=both, source="list")
    case("service_expired_list_good", "R-002 R-034", "ok", Said(end=NOW - 1), crls=[Made()], subject=both, source="list")
    case("service_forged_list_revoked", "R-002", GONE, Said(key="p256_other"), crls=[revoking], subject=both, source="list")
    case("service_missing_list_good", "R-002", "ok", crls=[Made()], subject=both, source="list")
    case("service_unknown_list_expired", "R-002", "ocsp_unknown", Said("unknown"), crls=[Made(end=NOW - 1)], subject=both)
    case("service_missing_list_expired", "R-002", "crl_stale", crls=[Made(end=NOW - 1)], subject=both)
    case("service_of_other_list_expired", "R-002", "crl_stale", other, crls=[Made(end=NOW - 1)], subject=both)
    case("service_of_other_no_list", "R-002", "ocsp_other_certificate", other, subject=both)
    case("service_of_other_list_of_other", "R-002", "crl_issuer", other, crls=[Made(issuer="acme_unrelated")], subject=both)
    case("service_only_list_good", "R-003", "ok", crls=[Made()], subject=only_service, source="list")
    case("service_only_nothing", "R-004", "revocation_unknown", subject=only_service)
    case("points_list_good", "R-002 R-005", GONE, Said("revoked"), crls=[Made()], subject=only_lists)
    case("points_list_revoked", "R-002", GONE, Said(), crls=[revoking], subject=only_lists, source="list")
    case("points_list_expired_response_good", "R-003", "ok", Said(), crls=[Made(end=NOW - 1)], subject=only_lists)
    case("points_list_expired_response_revoked", "R-003", GONE, Said("revoked"), crls=[Made(end=NOW - 1)], subject=only_lists)
    case("points_response_good", "R-003", "ok", Said(), subject=only_lists)
    case("points_list_expired_response_expired", "R-002", "crl_stale", Said(end=NOW - 1), crls=[Made(end=NOW - 1)],
         subject=only_lists)
    case("points_all_wanted_response_good", "R-003 R-005", "ok", Said(), crls=[Made()], subject="listed_leaf_two_points",
         compat=["crl_all_points"])
    case("points_list_of_other_response_expired", "R-002", "ocsp_stale", Said(end=NOW - 1),
         crls=[Made(issuer="acme_unrelated")], subject=only_lists)
    case("https_response_good", "R-003", "ok", Said(), subject="listed_leaf_ocsp_https")
    case("https_response_revoked", "R-003", GONE, Said("revoked"), subject="listed_leaf_ocsp_https")
    case("https_nothing", "R-003", "revocation_unknown", subject="listed_leaf_ocsp_https")
    case("https_points_list_good", "R-002 R-003", "ok", crls=[Made()], subject="listed_leaf_ocsp_https_points", source="list")
    case("directory_response_good", "R-003", "ok", Said(), subject="listed_leaf_directory")


def by_openssl():
    line = "\t450101000000Z\t{}\t4D\tunknown\t/C=US/ST=WA/O=Acme/CN=leaf"
    valid, revoked = "V" + line.format(""), "R" + line.format("251201000000Z{}")
    responder = {"responder": "responder", "key": "p256_signer"}
    case("openssl_good", "R-030 R-031 R-032", "ok", Asked(index=valid))
    case("openssl_good_no_certificates", "R-032", "ok", Asked("-resp_no_certs", index=valid))
    case("openssl_by_key", "R-030", "ok", Asked("-resp_key_id", index=valid))
    case("openssl_named_by_sha256", "R-031", "ok", Asked(index=valid, ask=("-no_nonce", "-sha256")))
    case("openssl_nonce", "R-038", "ok", Asked(index=valid, ask=("-nonce",)))
    case("openssl_revoked", "R-036", GONE, Asked(index=revoked.format("")))
    case("openssl_compromise", "R-036", GONE, Asked(index=revoked.format(",keyCompromise")), reason=COMPROMISE)
    case("openssl_hold", "R-037", GONE, Asked(index=revoked.format(",certificateHold")), reason=HOLD)
    case("openssl_unknown", "R-036", "ocsp_unknown", Asked(index=None))
    invalid = Asked(index=revoked.format(",keyTime,20251101000000Z"))
    case("openssl_invalidity", "R-036", GONE, invalid, reason=COMPROMISE)
    case("openssl_invalid_after_signing", "R-036", "ok", invalid, signing_time=NOW - 90 * DAY)
    case("openssl_invalid_before_signing", "R-036", GONE, invalid, signing_time=NOW - 30 * DAY, reason=COMPROMISE)
    case("openssl_by_responder", "R-032", "ok", Asked(index=valid, **responder))
    case("openssl_by_responder_sha512", "R-032", "ok", Asked("-rmd", "sha512", index=valid, **responder))
    case("openssl_by_responder_rsa", "R-032", "ok", Asked(index=valid, responder="responder_rsa2048", key="rsa2048_signer"))
    case("openssl_by_responder_pss", "R-032", "ok", Asked(
        "-rsigopt", "rsa_padding_mode:pss", "-rsigopt", "rsa_pss_saltlen:32", index=valid, responder="responder_rsa2048",
        key="rsa2048_signer"))
    case("openssl_expired", "R-034", "ocsp_stale", Asked(index=valid), basis="eleven days later")


def take_time(response, facts):
    """Of what openssl made now: the time it was made, and one at which it is judged."""
    this = ocsp.load_der_ocsp_response(response).this_update
    made = int((this - datetime.datetime(1970, 1, 1)).total_seconds())
    later = facts["time"]["basis"] == "eleven days later"
    facts["time"] = {"basis": "at", "value": made + (11 if later else 1) * DAY}
    if "as_of" in facts:
        facts["as_of"] = made


def write():
    OUT.mkdir(exist_ok=True)
    for name, (responses, crls, facts) in CASES.items():
        folder = OUT / name
        folder.mkdir(exist_ok=True)
        for kind, all_made in (("ocsp", responses), ("crl", crls)):
            for number, made in enumerate(all_made):
                file = folder / f"{number}.{kind}"
                if FORCE or not file.exists():
                    file.write_bytes(made.contents())
                if isinstance(made, Asked):
                    take_time(file.read_bytes(), facts)
        (folder / "case.json").write_text(json.dumps(facts, indent=1) + "\n")
    for folder in OUT.iterdir():
        if folder.is_dir() and folder.name not in CASES:
            print(f"not in the tables of cases: {folder.name}")
    print(f"{len(CASES)} cases")


if __name__ == "__main__":
    make_certificates()
    for table in (form, names, signers, responders, currency, extensions, statuses, sources, by_openssl):
        table()
    write()
