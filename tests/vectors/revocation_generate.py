#!/usr/bin/python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/vectors/revocation/<case>/: one folder a case, revocation lists and a case.json that says about which
certificate they are asked, when, and what must come of it. Lists that are there are kept, since ECDSA signatures differ
with every run; a list is made anew when its file is removed, or all with --force.

The lists are made by python3-cryptography. What it does not make is patched into the TBSCertList, which is then signed
again. `reference` is what the rule books say of the Notary Project's own library.

Needs Debian's python3-cryptography. Run: tests/vectors/revocation_generate.py [--force]
"""
import datetime
import json
import pathlib
import sys

import pki
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from der import acme, certificate, der, extension, oid, sign

import notary_pki

OUT = pathlib.Path(__file__).parent / "revocation"
FORCE = "--force" in sys.argv[1:]
NOW = 1767225600  # 2026-01-01T00:00:00Z
DAY = 86400
SERIAL = 77
HOLD, REMOVE, COMPROMISE = x509.ReasonFlags.certificate_hold, x509.ReasonFlags.remove_from_crl, x509.ReasonFlags.key_compromise
A, B, CHANGES = (f"http://crl.acme.example/{name}.crl" for name in ("a", "b", "changes"))
UNKNOWN = "1.3.6.1.4.1.55555.1"
NULL = b"\x05\x00"
FIRST, LATER = NOW - 20 * DAY, NOW - 10 * DAY  # dates of entries
CASES = {}


def moment(seconds):
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)


# --- certificates -----------------------------------------------------------------------------------------------------

def full_name(*uris):
    return der(0xA0, *[der(0x86, uri.encode()) for uri in uris])


def point(*uris):
    return der(0x30, der(0xA0, full_name(*uris)))


def points(*list_of_points, identifier="2.5.29.31"):
    return (identifier, der(0x30, *list_of_points), False)


def make_certificates():
    notary_pki.make()
    directory = der(0x30, der(0xA0, der(0xA0, der(0xA4, acme("lists")))))
    by_others = der(0x30, der(0xA0, full_name(A)), der(0xA2, der(0xA4, acme("others"))))
    some_reasons = der(0x30, der(0xA0, full_name(A)), der(0x81, b"\x01\x40"))
    relative = der(0x30, der(0xA0, der(0xA1, bytes.fromhex("300c0603550403" "0c05") + b"lists")))
    freshest = points(point(CHANGES), identifier="2.5.29.46")
    access = [("1.3.6.1.5.5.7.1.1", der(0x30, der(0x30, oid(method), der(0x86, b"http://ca.acme.example/x"))), False)
              for method in ("1.3.6.1.5.5.7.48.1", "1.3.6.1.5.5.7.48.2")]
    leaves = {
        "": [points(point(A))], "_two_points": [points(point(A), point(B))], "_two_names": [points(point(A, B))],
        "_freshest": [points(point(A)), freshest], "_only_freshest": [freshest], "_directory": [points(directory)],
        "_ldap": [points(point("ldap://crl.acme.example/a"))], "_by_others": [points(by_others)],
        "_some_reasons": [points(some_reasons)], "_relative": [points(relative)],
        "_many_points": [points(*[point(f"http://crl.acme.example/{i}.crl") for i in range(40)])],
        "_no_points": [points()], "_ocsp": access[:1], "_issuers": access[1:], "_nobody": [],
    }
    for what, others in leaves.items():
        certificate(f"listed_leaf{what}", "p256_leaf", acme("leaf"), "acme_root", others=others, serial=bytes([SERIAL]))
    certificate("listed_issuing", "p256_other", acme("issuing"), "acme_root", ca=True, usage=notary_pki.CA_USAGE,
                others=[points(point(A))], serial=bytes([SERIAL]))
    for what, change in {"no_list_usage": {"usage": ("cert_sign",)}, "any_usage": {"usage": None},
                         "no_ca": {"ca": False}}.items():
        certificate(f"listing_root_{what}", "p256_issuing", acme("root"), **{"ca": True, "usage": None, **change})
    for kind in ("rsa2048", "p384", "p521"):
        certificate(f"listing_root_{kind}", f"{kind}_signer", acme("root"), ca=True, usage=notary_pki.CA_USAGE)


# --- lists ------------------------------------------------------------------------------------------------------------

def entry(serial=SERIAL, date=FIRST, reason=None, invalidity=None, others=(), reason_critical=False):
    made = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment(date))
    if reason is not None:
        made = made.add_extension(x509.CRLReason(reason), critical=reason_critical)
    if invalidity is not None:
        made = made.add_extension(x509.InvalidityDate(moment(invalidity)), critical=False)
    for identifier, value, critical in others:
        made = made.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier(identifier), value), critical)
    return made.build()


def raw_entry(*extensions, serial=SERIAL, date=None):
    """An entry that python3-cryptography would not make."""
    return der(0x30, der(0x02, bytes([serial])), date or der(0x17, b"200101000000Z"),
               der(0x30, *extensions) if extensions else b"")


def issuing_point(*uris, users=False, authorities=False, attributes=False, indirect=False, reasons=None):
    return x509.IssuingDistributionPoint([x509.UniformResourceIdentifier(u) for u in uris] or None, None, users,
                                         authorities, reasons, indirect, attributes)


def split(contents):
    """The elements of `contents`."""
    found = []
    while contents:
        head, size = 2, contents[1]
        if size & 0x80:
            head += size & 0x7F
            size = int.from_bytes(contents[2:head], "big")
        found.append(contents[:head + size])
        contents = contents[head + size:]
    return found


def inside(element):
    return element[2 + (element[1] & 0x7F if element[1] & 0x80 else 0):]


class Made:
    """A list to be made. `change` changes the parts of the TBSCertList, `envelope` those of the whole. `raw`: entries
    and extensions that are written in place of what python3-cryptography makes."""

    def __init__(self, *entries, number=5, base=None, point=None, freshest=False, this=NOW - 5 * DAY, end=NOW + 5 * DAY,
                 key="p256_issuing", issuer="acme_root", hash_bits="256", others=(), raw_entries=(), raw_extensions=(),
                 change=None, envelope=None, tail=b"", algorithm=None):
        self.__dict__.update({k: v for k, v in locals().items() if k != "self"})

    def built(self):
        name = x509.load_der_x509_certificate((pki.DIR / f"{self.issuer}.der").read_bytes()).subject
        made = x509.CertificateRevocationListBuilder().issuer_name(name)
        made = made.last_update(moment(self.this)).next_update(moment(self.end))
        for one in self.entries:
            made = made.add_revoked_certificate(one)
        extensions = [(x509.CRLNumber(self.number), False)] if self.number is not None else []
        if self.base is not None:
            extensions.append((x509.DeltaCRLIndicator(self.base), True))
        if self.point is not None:
            extensions.append((self.point, True))
        if self.freshest:
            where = x509.DistributionPoint([x509.UniformResourceIdentifier(CHANGES)], None, None, None)
            extensions.append((x509.FreshestCRL([where]), False))
        for identifier, value, critical in self.others:
            extensions.append((x509.UnrecognizedExtension(x509.ObjectIdentifier(identifier), value), critical))
        for value, critical in extensions:
            made = made.add_extension(value, critical)
        return made.sign(pki.key(self.key), pki.HASHES[self.hash_bits]()).public_bytes(pki.serialization.Encoding.DER)

    def contents(self):
        if not (self.change or self.raw_entries or self.raw_extensions or self.envelope or self.algorithm):
            return self.built() + self.tail
        made = Made(*self.entries, **{k: v for k, v in self.__dict__.items()
                                      if k not in ("entries", "hash_bits", "raw_entries", "raw_extensions", "change",
                                                   "envelope", "algorithm", "tail")})
        tbs, algorithm, _ = split(inside(made.built()))
        algorithm = self.algorithm or algorithm
        parts = split(inside(tbs))
        parts[1] = algorithm
        if self.raw_entries:
            parts[5:5] = [der(0x30, *self.raw_entries)]
        if self.raw_extensions:
            parts[-1] = der(0xA0, der(0x30, *split(inside(inside(parts[-1]))), *self.raw_extensions))
        if self.change:
            parts = self.change(parts)
        tbs = der(0x30, *parts)
        whole = [tbs, algorithm, der(0x03, b"\0", sign(pki.key(self.key), tbs, self.hash_bits))]
        return der(0x30, *(self.envelope(whole) if self.envelope else whole)) + self.tail


def replaced(number, *elements):
    """Parts of a list, the one at `number` replaced."""
    return lambda parts: [*parts[:number], *elements, *parts[number + 1:]]


# --- cases ------------------------------------------------------------------------------------------------------------

def case(name, row, rules, expect, *lists, reference=None, subject="listed_leaf", issuer="acme_root", now=NOW, basis="at",
         stale="strict", grace=0, signing_time=None, compat=(), reason=None, fresh="current", as_of=None):
    """`expect`: ok, certificate_revoked, or why nothing is known; what else is said is of the first two only."""
    assert name not in CASES, name
    verdict = {"ok": "good", "certificate_revoked": "revoked"}.get(expect, "unknown")
    facts = {"row": row, "rules": rules.split() + row.split(), "subject": f"../../pki/{subject}.der",
             "issuer": f"../../pki/{issuer}.der", "lists": [f"{i}.crl" for i in range(len(lists))],
             "time": {"basis": basis, "value": now}, "stale": stale, "grace": grace, "signing_time": signing_time,
             "compat": list(compat), "reference": reference or (verdict if row else "n/a"), "expect": expect,
             "verdict": verdict}
    if verdict != "unknown" and lists:
        numbers = {None: -1, HOLD: 6, COMPROMISE: 1}
        facts.update({"reason": numbers.get(reason, reason), "fresh": fresh,
                      "as_of": max(made.this for made in lists) if as_of is None else as_of})
    CASES[name] = (lists, facts)


def entries():
    other, gone = entry(serial=78, reason=COMPROMISE), "certificate_revoked"
    case("not_listed", "RV-01", "R-004 R-021", "ok", Made())
    case("others_listed", "RV-01", "R-021", "ok", Made(other, entry(serial=76), entry(serial=SERIAL * 256 + SERIAL)))
    case("listed_compromise", "RV-02", "R-024", gone, Made(other, entry(reason=COMPROMISE)), reason=COMPROMISE)
    case("listed_no_reason", "RV-02", "R-024", gone, Made(other, entry()))
    case("listed_last", "RV-02", "R-024", gone, Made(*[entry(serial=i) for i in range(100, 120)], entry()))
    case("listed_unspecified", "", "R-024", gone, Made(entry(), raw_extensions=(), change=replaced(
        5, der(0x30, raw_entry(extension("2.5.29.21", b"\x0a\x01\x00", False))))), reason=0)
    case("listed_unknown_reason", "", "R-024", gone,
         Made(raw_entries=[raw_entry(extension("2.5.29.21", b"\x0a\x01\x63", False))]), reason=99)
    case("listed_in_future", "RV-04", "R-024", gone, Made(entry(date=NOW + DAY, reason=COMPROMISE)), reason=COMPROMISE)
    case("hold", "RV-05", "R-023", gone, Made(entry(reason=HOLD)), reason=HOLD)
    case("remove", "RV-06", "R-023", "ok", Made(entry(reason=REMOVE)))
    case("hold_then_remove", "RV-07", "R-023", "ok", Made(entry(reason=HOLD), entry(date=LATER, reason=REMOVE)))
    case("remove_then_hold", "RV-08", "R-023", gone, Made(entry(reason=REMOVE), entry(date=LATER, reason=HOLD)),
         reason=HOLD)
    case("hold_after_remove_listed_first", "", "R-023", gone,
         Made(entry(date=LATER, reason=HOLD), entry(reason=REMOVE)), reason=HOLD)
    case("remove_after_hold_listed_first", "", "R-023", "ok",
         Made(entry(date=LATER, reason=REMOVE), entry(reason=HOLD)))
    case("hold_remove_same_date", "RV-09", "R-023", gone, Made(entry(reason=HOLD), entry(reason=REMOVE)), reason=HOLD)
    case("remove_hold_same_date", "RV-10", "R-023", gone, Made(entry(reason=REMOVE), entry(reason=HOLD)), reason=HOLD,
         reference="good")
    case("remove_then_compromise", "", "R-024", gone, Made(entry(date=LATER, reason=REMOVE), entry(reason=COMPROMISE)),
         reason=COMPROMISE)
    case("entry_unknown_critical", "RV-23", "R-021", "crl_entry_critical", Made(entry(others=[(UNKNOWN, NULL, True)])))
    case("entry_unknown", "", "R-021 R-024", gone, Made(entry(others=[(UNKNOWN, NULL, False)])))
    case("entry_unknown_critical_then_revoked", "", "R-021 R-024", gone,
         Made(entry(others=[(UNKNOWN, NULL, True)]), entry()))
    case("entry_unknown_critical_hold_removed", "", "R-021", "crl_entry_critical",
         Made(entry(others=[(UNKNOWN, NULL, True)]), entry(date=LATER, reason=REMOVE)))
    case("entry_unknown_critical_other", "RV-24", "R-021", "ok", Made(entry(serial=78, others=[(UNKNOWN, NULL, True)])))
    case("entry_certificate_issuer", "RV-25", "R-018 R-021", "crl_entry_critical",
         Made(entry(others=[("2.5.29.29", der(0x30, der(0xA4, acme("others"))), True)])))
    case("entry_reason_critical", "", "R-021", "crl_entry_critical", Made(entry(reason=COMPROMISE, reason_critical=True)))
    case("entry_reason_twice", "", "R-021", "crl_entry_malformed",
         Made(raw_entries=[raw_entry(*[extension("2.5.29.21", b"\x0a\x01\x08", False)] * 2)]))
    case("entry_reason_malformed", "", "R-021", "crl_entry_malformed",
         Made(raw_entries=[raw_entry(extension("2.5.29.21", b"\x0a\x02\x00\x08", False))]))
    case("entry_reason_integer", "", "R-021", "crl_entry_malformed",
         Made(raw_entries=[raw_entry(extension("2.5.29.21", b"\x02\x01\x08", False))]))
    case("entry_date_malformed", "", "R-021", "crl_entry_malformed",
         Made(raw_entries=[raw_entry(date=der(0x17, b"2001010000Z"))]))
    case("entry_no_date", "", "R-010", "crl_malformed", Made(raw_entries=[der(0x30, der(0x02, b"\x4d"))]))
    case("entry_malformed_other", "", "R-010", "crl_malformed",
         Made(entry(serial=78), change=replaced(5, der(0x30, raw_entry(serial=78), der(0x30, der(0x02, b""))))))


def invalidity():
    gone, signed = "certificate_revoked", NOW - 15 * DAY
    case("invalid_after_signing", "RV-28", "R-022", "ok", Made(entry(invalidity=signed + 1)), signing_time=signed)
    case("invalid_at_signing", "RV-29", "R-022", gone, Made(entry(invalidity=signed)), signing_time=signed)
    case("invalid_before_signing", "RV-29", "R-022", gone, Made(entry(invalidity=signed - 1, reason=COMPROMISE)),
         signing_time=signed, reason=COMPROMISE)
    case("invalid_no_signing_time", "RV-31", "R-007", gone, Made(entry(invalidity=signed + 1)))
    case("revoked_after_signing", "RV-32", "R-024", gone, Made(entry(date=LATER)), signing_time=signed)
    case("revoked_signed_before_1970", "", "R-024", gone, Made(entry()), signing_time=-1)
    case("invalidity_malformed", "RV-33", "R-021", "crl_entry_malformed",
         Made(raw_entries=[raw_entry(extension("2.5.29.24", der(0x18, b"20260101"), False))]), signing_time=signed)
    case("invalidity_malformed_no_signing_time", "RV-33", "R-021", "crl_entry_malformed",
         Made(raw_entries=[raw_entry(extension("2.5.29.24", der(0x18, b"20260101000000.5Z"), False))]))
    case("invalidity_utc_time", "RV-33", "R-021", "crl_entry_malformed",
         Made(raw_entries=[raw_entry(extension("2.5.29.24", der(0x17, b"260101000000Z"), False))]), signing_time=signed)
    case("invalidity_critical", "", "R-021 R-022", "ok", Made(raw_entries=[
        raw_entry(extension("2.5.29.24", der(0x18, b"20260101000000Z"), True))]), signing_time=signed)
    case("invalidity_twice", "", "R-021", "crl_entry_malformed", Made(raw_entries=[
        raw_entry(*[extension("2.5.29.24", der(0x18, b"20260101000000Z"), False)] * 2)]), signing_time=signed)
    case("invalid_after_signing_then_plain", "RV-34", "R-022", gone,
         Made(entry(invalidity=signed + 1), entry(date=LATER)), signing_time=signed, reference="good")
    case("hold_invalid_after_signing", "", "R-022 R-023", "ok", Made(entry(reason=HOLD, invalidity=signed + 1)),
         signing_time=signed)


def currency():
    gone, old = "certificate_revoked", {"this": NOW - 9 * DAY, "end": NOW - 1}
    case("expired", "RV-11", "R-014", "crl_stale", Made(**old))
    case("expires_now", "", "R-014", "ok", Made(end=NOW))
    case("expired_compromise", "RV-12", "R-015", gone, Made(entry(reason=COMPROMISE), **old), reason=COMPROMISE,
         fresh="none", reference="unknown")
    case("expired_no_reason", "RV-12", "R-015", gone, Made(entry(), **old), fresh="none", reference="unknown")
    case("expired_hold", "", "R-015", "crl_stale", Made(entry(reason=HOLD), **old))
    case("expired_invalid_after_signing", "", "R-015 R-022", "crl_stale", Made(entry(invalidity=NOW), **old),
         signing_time=NOW - 1)
    case("expired_entry_critical", "", "R-015 R-021", "crl_stale", Made(entry(others=[(UNKNOWN, NULL, True)]), **old))
    case("expired_other_key", "", "R-011 R-015", "crl_signature", Made(entry(), key="p256_other", **old))
    case("expired_other_scope", "", "R-015 R-016", "crl_scope", Made(entry(), point=issuing_point(authorities=True), **old))
    case("expired_beside_current", "", "R-005 R-014", "ok", Made(**old), Made())
    case("expired_compromise_beside_current", "", "R-005 R-015", gone, Made(), Made(entry(reason=COMPROMISE), **old),
         reason=COMPROMISE, fresh="none", as_of=old["this"])
    case("expired_hold_beside_current", "", "R-005 R-015", "ok", Made(entry(reason=HOLD), **old), Made())
    case("expired_in_grace", "", "R-014", "ok", Made(**old), stale="grace", grace=1, fresh="in_grace")
    case("expired_hold_in_grace", "", "R-014 R-023", gone, Made(entry(reason=HOLD), **old), stale="grace", grace=1,
         fresh="in_grace", reason=HOLD)
    case("expired_after_grace", "", "R-014", "crl_stale", Made(**{**old, "end": NOW - 2}), stale="grace", grace=1)
    case("expired_ignored", "", "R-014", "ok", Made(**old), stale="ignore", fresh="ignored")
    case("made_in_future", "RV-13", "R-014", "crl_ahead", Made(this=NOW + 1), reference="good")
    case("made_now", "", "R-014", "ok", Made(this=NOW))
    case("made_in_future_listed", "", "R-014", "crl_ahead", Made(entry(reason=COMPROMISE), this=NOW + 1))
    case("made_in_future_ignored", "", "R-014", "crl_ahead", Made(this=NOW + 1), stale="ignore")
    no_end = {"change": lambda parts: parts[:4] + parts[5:]}
    case("no_next_update", "", "R-014", "crl_stale", Made(**no_end))
    case("no_next_update_grace", "", "R-014", "crl_stale", Made(**no_end), stale="grace", grace=10 * DAY)
    case("no_next_update_ignored", "", "R-014", "ok", Made(**no_end), stale="ignore", fresh="ignored")
    case("no_next_update_compromise", "", "R-015", gone, Made(entry(reason=COMPROMISE), **no_end), reason=COMPROMISE,
         fresh="none")
    case("time_unknown", "", "R-014 G-001", "revocation_time_unknown", Made(), basis="unknown", now=0)
    case("time_unknown_compromise", "", "R-015 G-001", gone, Made(entry(reason=COMPROMISE)), basis="unknown", now=0,
         reason=COMPROMISE, fresh="none")
    case("time_unknown_hold", "", "R-014 G-001", "revocation_time_unknown", Made(entry(reason=HOLD)), basis="unknown", now=0)
    case("time_unknown_ignored", "", "R-014 G-001", "ok", Made(), basis="unknown", now=0, stale="ignore", fresh="ignored")
    case("time_bound", "", "R-014 G-001", "revocation_time_unknown", Made(), basis="not_before")
    case("time_bound_expired", "", "R-014 G-001", "crl_stale", Made(**old), basis="not_before")
    case("time_bound_ahead", "", "R-014 G-001", "ok", Made(), basis="not_before", now=NOW - 30 * DAY, stale="ignore",
         fresh="ignored")


def issuers():
    case("other_key", "RV-14", "R-011", "crl_signature", Made(key="p256_other"))
    case("other_kind_of_key", "", "R-011", "crl_signature", Made(key="rsa2048_signer"))
    case("other_key_listed", "", "R-011", "crl_signature", Made(entry(), key="p256_other"))
    case("other_issuer_name", "RV-15", "R-012", "crl_issuer", Made(issuer="acme_unrelated"), reference="good")
    case("other_issuer_listed", "", "R-012", "crl_issuer", Made(entry(), issuer="acme_unrelated"))
    case("other_issuer_and_own", "", "R-005 R-012", "ok",
         Made(entry(), issuer="acme_unrelated", key="p384_root"), Made())
    case("issuer_usage", "RV-26", "R-011", "crl_issuer_usage", Made(), issuer="listing_root_no_list_usage")
    case("issuer_any_usage", "", "R-011", "ok", Made(), issuer="listing_root_any_usage")
    case("issuer_no_authority", "", "R-011", "crl_issuer_usage", Made(), issuer="listing_root_no_ca")
    case("signature_damaged", "", "R-011", "crl_signature", Made(envelope=lambda whole: [
        *whole[:2], whole[2][:-1] + bytes([whole[2][-1] ^ 1])]))
    case("signature_not_der", "", "R-011", "crl_signature", Made(envelope=replaced(2, der(0x03, b"\0\0"))))
    case("sha1", "RV-51", "R-013", "crl_algorithm",
         Made(hash_bits="1", algorithm=der(0x30, oid("1.2.840.10045.4.1"))), reference="good")
    for kind, hash_bits in (("rsa2048", "256"), ("p384", "384"), ("p521", "512")):
        key = {"issuer": f"listing_root_{kind}", "key": f"{kind}_signer", "hash_bits": hash_bits}
        root = {"issuer": key["issuer"]}
        case(f"{kind}_not_listed", "", "R-011 R-013", "ok", Made(**key), **root)
        case(f"{kind}_listed", "", "R-011 R-024", "certificate_revoked", Made(entry(reason=COMPROMISE), **key),
             reason=COMPROMISE, **root)
    case("rsa_sha1", "", "R-013", "crl_algorithm", Made(
        key="rsa2048_signer", hash_bits="1", algorithm=der(0x30, oid("1.2.840.113549.1.1.5"), NULL)),
        issuer="listing_root_rsa2048")


def form():
    case("byte_after", "RV-49", "R-010", "crl_malformed", Made(tail=b"\0"), reference="good")
    case("version_1", "", "R-010", "crl_version", Made(change=lambda parts: parts[1:-1]))
    case("version_3", "", "R-010", "crl_version", Made(change=replaced(0, b"\x02\x01\x02")))
    case("version_0", "", "R-010", "crl_version", Made(change=replaced(0, b"\x02\x01\x00")))
    case("algorithms_differ", "", "R-010", "crl_algorithms",
         Made(envelope=replaced(1, der(0x30, oid("1.2.840.10045.4.3.3")))))
    case("empty", "", "R-010", "crl_malformed", Made(envelope=lambda _: []))
    case("no_signature", "", "R-010", "crl_malformed", Made(envelope=lambda whole: whole[:2]))
    case("signature_unused_bits", "", "R-010", "crl_malformed", Made(envelope=lambda whole: [
        *whole[:2], whole[2][:2] + b"\x01" + whole[2][3:]]))
    case("part_after_signature", "", "R-010", "crl_malformed", Made(envelope=lambda whole: [*whole, NULL]))
    case("part_after_extensions", "", "R-010", "crl_malformed", Made(change=lambda parts: [*parts, NULL]))
    case("this_update_malformed", "", "R-010", "crl_malformed", Made(change=replaced(3, der(0x17, b"2601010000Z"))))
    case("no_this_update", "", "R-010", "crl_malformed", Made(change=lambda parts: parts[:3] + parts[5:]))
    case("generalized_times", "", "R-010", "ok", Made(change=lambda parts: [
        *parts[:3], der(0x18, b"20251227000000Z"), der(0x18, b"20260106000000Z"), *parts[5:]]))
    case("no_entries_spelled_out", "", "R-010", "ok", Made(change=lambda parts: [*parts[:5], b"\x30\x00", *parts[5:]]))
    case("no_extensions", "", "R-010", "ok", Made(change=lambda parts: parts[:5]))
    case("extensions_empty", "", "R-010", "crl_malformed", Made(change=replaced(5, der(0xA0, der(0x30)))))
    case("number_negative", "", "R-010", "crl_malformed", Made(number=None, others=[(UNKNOWN, NULL, False)],
         raw_extensions=[extension("2.5.29.20", b"\x02\x01\xff", False)]))
    case("number_twice", "", "R-010", "crl_malformed", Made(raw_extensions=[extension("2.5.29.20", b"\x02\x01\x05", False)]))
    case("number_critical", "", "R-017", "ok", Made(number=None, others=[(UNKNOWN, NULL, False)],
         raw_extensions=[extension("2.5.29.20", b"\x02\x01\x05", True)]))
    case("unknown_critical", "RV-20", "R-017", "crl_extension", Made(others=[(UNKNOWN, NULL, True)]))
    case("unknown_critical_listed", "", "R-017", "crl_extension", Made(entry(), others=[(UNKNOWN, NULL, True)]))
    case("unknown_extension", "RV-21", "R-017", "ok", Made(others=[(UNKNOWN, NULL, False)]))
    case("authority_key_critical", "", "R-017", "crl_extension", Made(others=[("2.5.29.35", b"\x30\x00", True)]))


def scopes():
    ca = {"subject": "listed_issuing"}
    case("scope_users", "RV-16", "R-016", "ok", Made(point=issuing_point(users=True)))
    case("scope_authorities", "RV-17", "R-016", "crl_scope", Made(point=issuing_point(authorities=True)), reference="good")
    case("scope_users_of_authority", "", "R-016", "crl_scope", Made(point=issuing_point(users=True)), **ca)
    case("scope_authorities_of_authority", "", "R-016", "ok", Made(point=issuing_point(authorities=True)), **ca)
    case("scope_everything_of_authority", "", "R-016 R-024", "certificate_revoked", Made(entry()), **ca)
    case("scope_indirect", "RV-18", "R-016 R-018", "crl_indirect", Made(point=issuing_point(indirect=True)),
         reference="good")
    case("scope_garbage", "RV-19", "R-016", "crl_malformed", Made(others=[("2.5.29.28", b"garbage", True)]),
         reference="good")
    case("scope_garbage_not_critical", "RV-19", "R-016", "crl_malformed", Made(others=[("2.5.29.28", b"garbage", False)]),
         reference="good")
    case("scope_empty", "", "R-016", "crl_malformed", Made(others=[("2.5.29.28", b"\x30\x00", True)]))
    case("scope_false", "", "R-016", "crl_malformed", Made(others=[("2.5.29.28", b"\x30\x03\x81\x01\x00", True)]))
    case("scope_trailing", "", "R-016", "crl_malformed", Made(others=[("2.5.29.28", b"\x30\x03\x81\x01\xff\x00", True)]))
    case("scope_order", "", "R-016", "crl_malformed",
         Made(others=[("2.5.29.28", b"\x30\x06\x82\x01\xff\x81\x01\xff", True)]))
    case("scope_twice", "", "R-016", "crl_malformed",
         Made(point=issuing_point(users=True), raw_extensions=[extension("2.5.29.28", b"\x30\x03\x81\x01\xff", True)]))
    case("scope_attributes", "", "R-016", "crl_scope", Made(point=issuing_point(attributes=True)))
    case("scope_some_reasons", "", "R-016", "crl_scope", Made(point=issuing_point(reasons=frozenset([COMPROMISE]))))
    case("scope_not_critical", "", "R-016", "crl_scope", Made(others=[("2.5.29.28", b"\x30\x03\x82\x01\xff", False)]))
    case("point_same", "", "R-016", "ok", Made(point=issuing_point(A)))
    case("point_other", "", "R-016", "crl_point", Made(point=issuing_point(B)))
    case("point_other_listed", "", "R-016", "crl_point", Made(entry(), point=issuing_point(B)))
    case("point_one_of_two", "", "R-016", "ok", Made(point=issuing_point(B, A)))
    case("point_second", "", "R-016", "ok", Made(point=issuing_point(B)), subject="listed_leaf_two_points")
    case("point_second_name", "", "R-016", "ok", Made(point=issuing_point(B)), subject="listed_leaf_two_names")
    case("point_prefix", "", "R-016", "crl_point", Made(point=issuing_point(A[:-1])))
    case("point_of_nobody", "", "R-016", "crl_point", Made(point=issuing_point(A)), subject="listed_leaf_ocsp")
    case("point_by_others", "", "R-016 R-018", "crl_point", Made(point=issuing_point(A)), subject="listed_leaf_by_others")
    case("point_some_reasons", "", "R-016", "crl_point", Made(point=issuing_point(A)), subject="listed_leaf_some_reasons")
    relative = der(0xA1, bytes.fromhex("300c0603550403" "0c05") + b"lists")
    case("point_relative", "", "R-016", "ok", Made(others=[("2.5.29.28", der(0x30, der(0xA0, relative)), True)]),
         subject="listed_leaf_relative")
    case("point_relative_other", "", "R-016", "crl_point",
         Made(others=[("2.5.29.28", der(0x30, der(0xA0, relative)), True)]))
    case("point_empty_name", "", "R-016", "crl_point", Made(others=[("2.5.29.28", b"\x30\x02\xa0\x00", True)]))
    uris = [f"http://crl.acme.example/{i}.txt" for i in range(8)]
    case("point_eighth_name", "", "R-016 G-003", "ok", Made(point=issuing_point(*uris[:7], A)))
    case("point_ninth_name", "", "R-016 G-003", "crl_point", Made(point=issuing_point(*uris, A)))
    many = {"subject": "listed_leaf_many_points"}
    case("point_thirty_second", "", "R-016", "ok", Made(point=issuing_point("http://crl.acme.example/31.crl")), **many)
    case("point_thirty_third", "", "R-016 G-003", "crl_point", Made(point=issuing_point("http://crl.acme.example/32.crl")),
         **many)


def deltas():
    gone, held = "certificate_revoked", entry(reason=HOLD)
    fresh, base = {"subject": "listed_leaf_freshest"}, {"freshest": True}
    next_one = {"number": 6, "base": 5, "this": NOW - 4 * DAY}
    case("delta_as_base", "RV-22", "R-017", "crl_is_delta", Made(base=4), reference="good")
    case("delta_alone_listed", "", "R-017 R-015", gone, Made(entry(), **next_one))
    case("delta_clean", "RV-35", "R-020", "ok", Made(**base), Made(**next_one))
    case("delta_first", "RV-35", "R-020", "ok", Made(**next_one), Made(**base))
    case("delta_revokes", "RV-35", "R-020", gone, Made(**base), Made(entry(reason=COMPROMISE), **next_one),
         reason=COMPROMISE)
    case("delta_holds", "", "R-020 R-023", gone, Made(**base), Made(held, **next_one), reason=HOLD)
    case("delta_of_certificate", "RV-35", "R-019 R-020", "ok", Made(), Made(**next_one), **fresh)
    case("delta_unasked", "", "R-020", "ok", Made(), Made(**next_one))
    case("delta_unasked_removes", "", "R-020 R-023", "ok", Made(held), Made(entry(date=LATER, reason=REMOVE), **next_one))
    case("delta_unasked_mismatch", "", "R-005 R-020", "ok", Made(), Made(number=9, base=8), as_of=NOW - 5 * DAY)
    case("delta_number_same", "RV-36", "R-020", "crl_delta_mismatch", Made(**base), Made(number=5, base=5))
    case("delta_number_lower", "", "R-020", "crl_delta_mismatch", Made(**base), Made(number=4, base=3))
    case("delta_base_higher", "RV-37", "R-020", "crl_delta_mismatch", Made(**base), Made(number=7, base=6))
    case("delta_base_lower", "", "R-020", "ok", Made(**base), Made(number=7, base=3))
    case("delta_numbers_long", "", "R-020", "ok", Made(number=2**64, **base), Made(number=2**64 + 1, base=2**64))
    case("delta_numbers_of_other_length", "", "R-020", "ok", Made(number=255, **base), Made(number=256, base=127))
    case("delta_numbers_longer_base", "", "R-020", "crl_delta_mismatch", Made(number=255, **base),
         Made(number=257, base=256))
    case("delta_no_indicator", "RV-38", "R-019 R-020", "crl_delta_missing", Made(**base), Made(number=6, freshest=True))
    case("delta_no_indicator_certificate", "RV-38", "R-019 R-020", "crl_delta_missing", Made(), Made(number=6), **fresh)
    case("delta_no_number", "", "R-020", "crl_delta_mismatch", Made(**base), Made(number=None, base=5))
    case("delta_base_no_number", "", "R-020", "crl_delta_mismatch", Made(number=None, **base), Made(**next_one))
    case("delta_removes", "RV-39", "R-023", "ok", Made(held, **base),
         Made(entry(date=LATER, reason=REMOVE), **next_one))
    case("delta_removes_same_date", "RV-39", "R-023", gone, Made(held, **base), Made(entry(reason=REMOVE), **next_one),
         reason=HOLD)
    case("delta_removes_before", "", "R-023", gone, Made(entry(date=LATER, reason=HOLD), **base),
         Made(entry(reason=REMOVE), **next_one), reason=HOLD)
    case("delta_removes_compromise", "RV-40", "R-024", gone, Made(entry(reason=COMPROMISE), **base),
         Made(entry(date=LATER, reason=REMOVE), **next_one), reason=COMPROMISE, as_of=NOW - 5 * DAY)
    case("two_deltas", "", "R-020 R-023", "ok", Made(held, **base), Made(**next_one),
         Made(entry(date=LATER, reason=REMOVE), number=7, base=5, this=NOW - 3 * DAY))
    case("freshest_of_certificate", "RV-47", "R-019", "crl_delta_missing", Made(), **fresh)
    case("freshest_of_list", "", "R-019", "crl_delta_missing", Made(**base))
    case("freshest_without_points", "", "R-019", "crl_delta_missing", Made(), subject="listed_leaf_only_freshest")
    case("freshest_hold", "", "R-019", "crl_delta_missing", Made(held, **base))
    case("freshest_compromise", "", "R-019 R-024", gone, Made(entry(reason=COMPROMISE), **base), reason=COMPROMISE)
    case("freshest_of_one_list", "", "R-005 R-019", "ok", Made(**base), Made())
    case("delta_expired", "", "R-014 R-020", "crl_delta_missing", Made(**base), Made(**{**next_one, "end": NOW - 1}))
    case("delta_in_grace", "", "R-014 R-020", "ok", Made(**base), Made(**{**next_one, "end": NOW - 1}), stale="grace",
         grace=1, fresh="in_grace")
    case("delta_expired_compromise", "", "R-015 R-020", gone, Made(**base),
         Made(entry(reason=COMPROMISE), **{**next_one, "end": NOW - 1}), reason=COMPROMISE, fresh="none")
    case("delta_other_key", "", "R-011 R-020", "crl_delta_missing", Made(**base), Made(key="p256_other", **next_one))
    case("delta_other_issuer", "", "R-012 R-020", "crl_delta_missing", Made(**base),
         Made(issuer="acme_unrelated", **next_one))
    case("delta_critical", "", "R-017 R-020", "crl_delta_missing", Made(**base),
         Made(others=[(UNKNOWN, NULL, True)], **next_one))
    case("delta_other_scope", "", "R-016 R-020", "crl_delta_mismatch", Made(**base),
         Made(point=issuing_point(users=True), **next_one))
    case("delta_same_scope", "", "R-016 R-020", "ok", Made(point=issuing_point(A), **base),
         Made(point=issuing_point(A), **next_one))
    case("delta_entry_critical", "", "R-020 R-021", "crl_entry_critical", Made(**base),
         Made(entry(others=[(UNKNOWN, NULL, True)]), **next_one))


def several():
    gone, two = "certificate_revoked", {"subject": "listed_leaf_two_points"}
    revoking, broken = Made(entry(reason=COMPROMISE)), Made(tail=b"\0")
    case("no_list", "", "R-004", "revocation_unknown")
    case("first_good_second_missing", "RV-42", "R-005", "ok", Made(), reference="unknown", **two)
    case("first_missing_second_good", "RV-43", "R-005", "ok", broken, Made(), reference="unknown", **two)
    case("first_revoked_second_missing", "RV-44", "R-005", gone, revoking, reason=COMPROMISE, **two)
    case("first_missing_second_revoked", "RV-45", "R-005", gone, broken, revoking, reason=COMPROMISE, reference="unknown",
         **two)
    case("first_good_second_revoked", "RV-46", "R-005", gone, Made(), revoking, reason=COMPROMISE, **two)
    case("first_revoked_second_good", "", "R-005", gone, revoking, Made(), reason=COMPROMISE, **two)
    case("first_good_second_hold", "", "R-005 R-023", gone, Made(), Made(entry(reason=HOLD)), reason=HOLD)
    case("first_hold_second_good", "", "R-005 R-023", gone, Made(entry(reason=HOLD)), Made(), reason=HOLD)
    case("first_good_second_doubtful", "", "R-021", "crl_entry_critical", Made(), Made(entry(others=[(UNKNOWN, NULL, True)])))
    case("latest_counts", "", "R-005", "ok", Made(this=NOW - DAY, end=NOW - 1), Made(this=NOW - 2 * DAY), Made(),
         stale="grace", grace=60, fresh="in_grace", as_of=NOW - DAY)
    case("latest_listed_last_counts", "", "R-005", "ok", Made(), Made(this=NOW - DAY))
    every = {"compat": ["crl_all_points"]}
    case("all_points_second_missing", "", "R-005", "crl_point_missing", Made(), **two, **every)
    case("all_points_same_list_twice", "", "R-005", "ok", Made(), Made(), **two, **every)
    case("all_points_second_broken", "", "R-005", "crl_point_missing", Made(), broken, **two, **every)
    case("all_points_revoked", "", "R-005", gone, revoking, reason=COMPROMISE, **two, **every)
    case("all_points_named", "", "R-005", "ok", Made(point=issuing_point(A)), Made(point=issuing_point(B)), **two, **every)
    case("all_points_named_one", "", "R-005", "crl_point_missing", Made(point=issuing_point(A)),
         Made(point=issuing_point(A)), **two, **every)
    case("all_points_named_both_in_one", "", "R-005", "ok", Made(point=issuing_point(A, B)), **two, **every)
    case("all_points_named_and_not", "", "R-005", "ok", Made(point=issuing_point(B)), Made(), **two, **every)
    case("all_points_one", "", "R-005", "ok", Made(), **every)
    case("all_points_only_service", "", "R-005", "ok", Made(), subject="listed_leaf_ocsp", **every)
    case("all_points_by_others", "", "R-005", "ok", Made(), subject="listed_leaf_by_others", **every)
    case("all_points_none_listed", "", "R-005", "ok", Made(), subject="listed_leaf_no_points", **every)
    case("directory_only", "RV-48", "R-003", "revocation_unknown", subject="listed_leaf_directory", reference="good")
    case("directory_only_list", "", "R-003", "ok", Made(), subject="listed_leaf_directory")
    case("ldap_only", "", "R-003", "revocation_unknown", subject="listed_leaf_ldap")
    case("ldap_only_list", "", "R-003", "ok", Made(), subject="listed_leaf_ldap")
    case("service_only", "", "R-002 R-004", "revocation_unknown", subject="listed_leaf_ocsp")
    case("service_only_list", "", "R-003", "ok", Made(), subject="listed_leaf_ocsp")
    case("nobody", "RV-50", "R-002", "ok", subject="listed_leaf_nobody")
    case("issuers_only", "", "R-002", "ok", subject="listed_leaf_issuers")


def verdicts():
    """About the signers of envelopes in ../notary, for the verifier as a whole."""
    der_of_leaf = (pki.DIR / "acme_leaf_crl_point.der").read_bytes()
    listed = entry(serial=x509.load_der_x509_certificate(der_of_leaf).serial_number, reason=COMPROMISE)
    signer = {"subject": "acme_leaf_crl_point"}
    case("signer_not_listed", "", "R-004", "ok", Made(), **signer)
    case("signer_listed", "", "R-024", "certificate_revoked", Made(listed), reason=COMPROMISE, **signer)


def write():
    OUT.mkdir(exist_ok=True)
    for name, (lists, facts) in CASES.items():
        folder = OUT / name
        folder.mkdir(exist_ok=True)
        for number, made in enumerate(lists):
            file = folder / f"{number}.crl"
            if FORCE or not file.exists():
                file.write_bytes(made.contents())
        (folder / "case.json").write_text(json.dumps(facts, indent=1) + "\n")
    for folder in OUT.iterdir():
        if folder.is_dir() and folder.name not in CASES:
            print(f"not in the tables of cases: {folder.name}")
    print(f"{len(CASES)} cases")


if __name__ == "__main__":
    make_certificates()
    for table in (entries, invalidity, currency, issuers, form, scopes, deltas, several, verdicts):
        table()
    write()
