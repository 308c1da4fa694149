# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Policy documents and trusted identities: the PV and IV rows of the rule books, put to the real library and to ours."""
from __future__ import annotations

import base64
import json
from dataclasses import dataclass


import notary_pki as pki
import testpki
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from notary_bench import SCOPE, Bench, Difference
from notary_matrix import prepare
from notation_tools import REJECTED, TRUSTED, Peer, Verdict

VALID, INVALID = "valid", "invalid"


@dataclass
class Document:
    row: str
    text: str
    reference: str
    ours: str
    blob: bool = False


def document(*statements: dict, **members: object) -> str:
    return json.dumps({"version": "1.0", "trustPolicies": list(statements)} | members)


def oci(name: str = "a", scopes: tuple[str, ...] = ("example.com/rep",), **changes: object) -> dict:
    made = {"name": name, "registryScopes": list(scopes), "signatureVerification": {"level": "strict"},
            "trustStores": ["ca:x"], "trustedIdentities": ["*"]} | changes
    return {member: value for member, value in made.items() if value is not ...}


def blob(name: str = "a", **changes: object) -> dict:
    return oci(name, registryScopes=..., **changes)


def skip(**changes: object) -> dict:
    return {"signatureVerification": {"level": "skip"}, "trustStores": ..., "trustedIdentities": ...} | changes


def verification(**members: object) -> dict:
    return {"signatureVerification": {"level": "strict"} | members}


def rows() -> list[Document]:
    def row(name: str, text: str | dict, reference: str, ours: str = "", blob: bool = False) -> Document:
        return Document(name, text if isinstance(text, str) else document(text), reference, ours or reference, blob)

    good = oci()
    found = [
        row("good", good, VALID), row("good blob", blob(globalPolicy=True), VALID, blob=True),
        row("PV-01 global skip P-020", blob(globalPolicy=True, **skip()), VALID, INVALID, blob=True),
        row("PV-02 wildcard skip P-018", oci(scopes=("*",), **skip()), VALID, INVALID),
        row("PV-03 skip with verifyTimestamp P-009",
            oci(**skip(signatureVerification={"level": "skip", "verifyTimestamp": "always"})), VALID, INVALID),
        row("PV-04 only tsa stores P-014", oci(trustStores=["tsa:x"]), VALID, INVALID),
        row("PV-05 store twice P-013", oci(trustStores=["ca:x", "ca:x"]), VALID, INVALID),
        row("PV-06 skip with override P-008",
            oci(**skip(signatureVerification={"level": "skip", "override": {"expiry": "log"}})), INVALID),
        row("PV-06 skip with stores P-010", oci(**skip(trustStores=["ca:x"])), INVALID),
        row("P-010 skip with identities", oci(**skip(trustedIdentities=["*"])), INVALID),
        row("PV-07 CA:x P-012", oci(trustStores=["CA:x"]), INVALID),
        row("PV-07 ca:a:b P-012", oci(trustStores=["ca:a:b"]), INVALID),
        row("P-012 no colon", oci(trustStores=["ca"]), INVALID),
        row("PV-09 ca:.. S-002", oci(trustStores=["ca:.."]), VALID, INVALID),
        row("PV-25 scope twice P-017", oci(scopes=("a.b/c", "a.b/c")), INVALID),
        row("P-017 scope in two statements", document(oci("a"), oci("b")), INVALID),
        row("PV-30 bytes after the document P-001", document(good) + "x", VALID, INVALID),
        row("P-001 two documents", document(good) + document(good), VALID, INVALID),
        row("P-001 not JSON", "{", INVALID), row("P-001 array", "[]", INVALID),
        row("G-012 name twice", document(good).replace('"name"', '"name": "b", "name"'), VALID, INVALID),
        row("G-011 Name", document(good).replace('"name"', '"Name"'), VALID, INVALID),
        row("PV-31 overide P-002", oci(signatureVerification={"level": "strict", "overide": {}}), VALID, INVALID),
        row("PV-31 unknown in the document P-002", document(good, note="x"), VALID, INVALID),
        # Members of our own, which notation ignores: it is satisfied by one signature where we count signers.
        row("P-002 threshold", oci(threshold=2), VALID),
        row("P-002 threshold in a blob document", blob(threshold=2, globalPolicy=True), VALID, blob=True),
        row("P-002 requiredIdentities", oci(requiredIdentities=["x509.subject: C=US, ST=WA, O=x"]), VALID),
        row("P-002 threshold of nobody", oci(threshold=0), VALID, INVALID),
        row("PV-32 level Strict P-006", oci(signatureVerification={"level": "Strict"}), INVALID),
        row("PV-32 no level P-006", oci(signatureVerification={}), INVALID),
        row("PV-33 override integrity P-007", oci(**verification(override={"integrity": "log"})), INVALID),
        row("PV-33 authenticity skip P-007", oci(**verification(override={"authenticity": "skip"})), INVALID),
        row("PV-33 authenticTimestamp skip P-007", oci(**verification(override={"authenticTimestamp": "skip"})), INVALID),
        row("PV-33 Expiry P-007", oci(**verification(override={"Expiry": "log"})), INVALID),
        row("PV-33 enforced P-007", oci(**verification(override={"expiry": "enforced"})), INVALID),
        row("PV-34 revocation skip P-007", oci(**verification(override={"revocation": "skip"})), VALID),
        row("PV-34 audit with expiry P-007", oci(signatureVerification={"level": "audit", "override": {"expiry": "enforce"}}),
            VALID),
        row("PV-34 empty override P-008", oci(**verification(override={})), VALID),
        row("PV-34 skip with empty override P-008",
            oci(**skip(signatureVerification={"level": "skip", "override": {}})), VALID),
        row("PV-35 verifyTimestamp never P-009", oci(**verification(verifyTimestamp="never")), INVALID),
        row("PV-35 verifyTimestamp empty P-009", oci(**verification(verifyTimestamp="")), VALID, INVALID),
        row("P-009 afterCertExpiry", oci(**verification(verifyTimestamp="afterCertExpiry")), VALID),
        row("PV-36 version 1 P-003", document(good, version="1"), INVALID),
        row("PV-36 version a number P-003", document(good, version=1.0), INVALID),
        row("PV-37 no statements P-004", document(), INVALID),
        row("PV-37 no stores P-011", oci(trustStores=[]), INVALID),
        row("P-011 no identities", oci(trustedIdentities=...), INVALID),
        row("PV-37 name twice P-005", document(good, oci(scopes=("a.b/c",))), INVALID),
        row("P-005 no name", oci(""), INVALID), row("P-005 blank name", oci(" "), VALID, INVALID),
        row("PV-37 two wildcards P-016", document(oci("a", ("*",)), oci("b", ("*",))), INVALID),
        row("PV-37 wildcard and scope P-016", oci(scopes=("*", "a.b/c")), INVALID),
        row("P-016 no scopes", oci(scopes=()), INVALID),
        row("PV-38 names p and P P-005", document(oci("p"), oci("P", ("a.b/c",))), VALID),
        row("P-019 two globals", document(blob("a", globalPolicy=True), blob("b", globalPolicy=True)), INVALID, blob=True),
        row("P-015 wildcard and identity", oci(trustedIdentities=["*", "x509.subject: C=US, ST=WA, O=x"]), INVALID)]
    found += [row(f"PV-10 {scope} P-021", oci(scopes=(scope,)), VALID) for scope in (
        "Example.com/rep", "localhost/rep", "example.com:99999999/rep", "example.com/rep__a", "example.com/re--p",
        "example.com/a.b-c_d/e", "example.com/a/b/c")]
    found += [row(f"PV-11 {scope} P-021", oci(scopes=(scope,)), INVALID) for scope in (
        "example.com/Rep", "[::1]/rep", "[::1]:5000/rep", "a_b.com/rep", "-a.com/rep", "a-.com/rep", "example.com:/rep",
        "example.com/rep/", "example.com//rep", "example.com/rep___a", "example.com/re..p", "example.com/rep@sha256:aa",
        "https://example.com/rep", "/rep", "example.com/a*b", "**", "é.com/a", "example.com./a", "example.com/.a",
        "example.com/rep:v1", "")]
    return found


def replay(bench: Bench, verdicts: dict[str, str]) -> None:
    file = bench.folder("policy") / "document.json"
    for each in rows():
        found = verdicts.get(f"policy {each.row}", "not recorded")
        bench.report.check(f"policy {each.row} [recorded]", found == each.reference, found)
        judge_ours(bench, each, file)


def documents(bench: Bench) -> None:
    file = bench.folder("policy") / "document.json"
    for each in rows():
        if bench.peer:
            answer = bench.peer.ask(do="policy", policy=base64.b64encode(each.text.encode()).decode(), blob_policy=each.blob)
            found = VALID if answer["ok"] else INVALID
            bench.report.check(f"policy {each.row} [peer]", found == each.reference, f"{found}: {answer.get('error', '')}")
            bench.verdicts[f"policy {each.row}"] = found
        judge_ours(bench, each, file)
    for name, reference, selected in (("PV-26 scope", "a.b/c@sha256:xx", True), ("PV-26 empty digest", "a.b/c@", True),
                                      ("PV-27 tag and digest", "a.b/c:tag@sha256:xx", False), ("PV-27 tag", "a.b/c:tag", False),
                                      ("PV-28 other case", "A.b/c@x", False), ("PV-29 two digests", "a.b/c@d@e", False)):
        if bench.peer:
            text = document(oci(scopes=("a.b/c",))).encode()
            answer = bench.peer.ask(do="policy", policy=base64.b64encode(text).decode(), reference=reference)
            bench.report.check(f"policy {name} W-001 [peer]", answer["ok"] == selected, answer.get("error", ""))


def judge_ours(bench: Bench, each: Document, file) -> None:
    if not bench.client:
        return
    file.write_text(each.text)
    code, out, err = bench.client.run("policy", "check", *(["--kind", "blob"] if each.blob else ["--kind", "oci"]), str(file))
    wanted = 0 if each.ours == VALID else 2
    bench.report.check(f"policy {each.row} [nv2]", code == wanted, f"exit {code}, not {wanted}: {err.strip() or out.strip()}")


# --- identities -------------------------------------------------------------------------------------------------

TYPES = {"C": "2.5.4.6", "ST": "2.5.4.8", "L": "2.5.4.7", "O": "2.5.4.10", "OU": "2.5.4.11", "CN": "2.5.4.3",
         "SERIALNUMBER": "2.5.4.5", "STREET": "2.5.4.9", "POSTALCODE": "2.5.4.17", "title": "2.5.4.12",
         "DC": "0.9.2342.19200300.100.1.25", "emailAddress": "1.2.840.113549.1.9.1"}
LEAF = [("C", "US"), ("ST", "WA"), ("O", "Acme"), ("CN", "leaf")]
BASE = "x509.subject: C=US, ST=WA, O=Acme"
MATCH, OTHER, BAD = "match", "no match", "policy error"
WORDS = {MATCH: Verdict(TRUSTED), OTHER: Verdict(REJECTED, ["authenticity"]), BAD: Verdict("policy")}


def attribute(kind: str, value: str) -> bytes:
    tag = 0x13 if kind in ("C", "SERIALNUMBER") else 0x16 if kind in ("DC", "emailAddress") else 0x0C
    return testpki.seq(testpki.oid(TYPES[kind]), testpki.tlv(tag, value.encode()))


def subject_of(attributes: list) -> bytes:
    """A Name; a list among the attributes is one relative name of several."""
    parts = [each if isinstance(each, list) else [each] for each in attributes]
    return testpki.seq(*(testpki.tlv(0x31, *sorted(attribute(*pair) for pair in part)) for part in parts))


def with_subject(cert: pki.Cert, issuer: pki.Key, subject: bytes) -> pki.StoredCert:
    """The certificate with another subject, signed anew."""
    _, body, _ = testpki.read_tlv(cert.der)
    _, tbs, _ = testpki.read_tlv(body)
    fields, at = [], 0
    while at < len(tbs):
        _, _, end = testpki.read_tlv(tbs, at)
        fields.append(tbs[at:end])
        at = end
    fields[5] = subject  # version, serial number, algorithm, issuer, validity, subject
    tbs = testpki.seq(*fields)
    signature = issuer.private.sign(tbs, ec.ECDSA(hashes.SHA256()))
    return pki.StoredCert(testpki.seq(tbs, fields[2], testpki.tlv(0x03, b"\x00", signature)))


@dataclass
class Identity:
    row: str
    items: tuple[str, ...]
    reference: str
    ours: str
    leaf: list


def identity_rows() -> list[Identity]:
    def row(name: str, items: str | tuple[str, ...], reference: str, ours: str = "", leaf: list | None = None) -> Identity:
        listed = (items,) if isinstance(items, str) else items
        return Identity(name, tuple(each if ":" in each or each in ("*", "abc", " *") else f"x509.subject: {each}"
                                    for each in listed), reference, ours or reference, LEAF if leaf is None else leaf)

    def swapped(kind: str, value: str) -> list:
        return [(each, value if each == kind else old) for each, old in LEAF]

    dn = BASE.removeprefix("x509.subject: ")
    full = [*LEAF, ("SERIALNUMBER", "7"), ("POSTALCODE", "98101"), ("STREET", "1 Main St")]
    return [
        row("IV-01", dn, MATCH), row("IV-02 S", "C=US, S=WA, O=Acme", MATCH), row("IV-03 semicolons", "C=US; ST=WA; O=Acme", MATCH),
        row("IV-04 lower case I-008", "c=US, st=WA, o=Acme", BAD), row("IV-04 s I-008", "C=US, s=WA, O=Acme", BAD),
        row("IV-05 ACME", "C=US, ST=WA, O=ACME", OTHER), row("IV-06 spaces", "C=US,ST=WA,O=Acme , CN = leaf", MATCH),
        row("IV-07 other CN", f"{dn}, CN=x", OTHER), row("IV-08 FOO= I-011", f"{dn}, FOO=", MATCH, BAD),
        row("IV-09 OU twice I-023", dn, OTHER, leaf=[*LEAF, ("OU", "a"), ("OU", "b")]),
        row("IV-10 emailAddress I-022", dn, OTHER, leaf=[*LEAF, ("emailAddress", "a@example.com")]),
        row("IV-11 wildcard", "*", MATCH, leaf=[*LEAF, ("emailAddress", "a@example.com")]),
        row("IV-12 no ST I-025", dn, OTHER, leaf=[("C", "US"), ("O", "Acme"), ("CN", "leaf")]),
        row("IV-13 escaped comma", "C=US, ST=WA, O=Acme\\, Inc.", MATCH, leaf=swapped("O", "Acme, Inc.")),
        row("IV-13 hex comma", "C=US, ST=WA, O=Acme\\2C Inc.", MATCH, leaf=swapped("O", "Acme, Inc.")),
        row("IV-14 equals sign", "C=US, ST=WA, O=a=b", MATCH, leaf=swapped("O", "a=b")),
        row("IV-15 leading space", "C=US, ST=WA, O=\\ Acme", MATCH, leaf=swapped("O", " Acme")),
        row("IV-16 trailing space", "C=US, ST=WA, O=Acme\\ ", MATCH, leaf=swapped("O", "Acme ")),
        row("IV-16 trailing space, not escaped", "C=US, ST=WA, O=Acme ", OTHER, leaf=swapped("O", "Acme ")),
        row("IV-17 =# in the leaf I-026", dn, OTHER, leaf=swapped("O", "a=#b")),
        row("IV-18 #", "C=US, ST=WA, O=\\#A", MATCH, leaf=swapped("O", "#A")),
        row("IV-18 +", "C=US, ST=WA, O=A\\+B", MATCH, leaf=swapped("O", "A+B")),
        row("IV-19 quotes", 'C=US, ST=WA, O="Acme"', OTHER), row("IV-20 foo:bar I-002", "foo:bar", OTHER, BAD),
        row("IV-21 foo:bar too", ("foo:bar", BASE), MATCH), row("IV-22 X509.SUBJECT I-002", "X509.SUBJECT:" + dn, OTHER, BAD),
        row("IV-22 leading space I-002", " x509.subject:" + dn, OTHER, BAD),
        row("IV-23 + I-003", "C=US+ST=WA, O=Acme", BAD), row("IV-24 ST and S I-009", "C=US, ST=WA, S=WA, O=Acme", BAD),
        row("IV-25 equal I-012", (BASE, BASE), BAD), row("IV-25 subset I-012", (BASE, f"{BASE}, CN=leaf"), BAD),
        row("IV-26 trailing comma I-003", f"{dn},", BAD), row("IV-26 bad escape I-005", f"{dn}, CN=\\z", BAD),
        row("IV-26 final backslash I-005", f"{dn}, CN=a\\", BAD), row("IV-26 tab I-004", "\tC=US, ST=WA, O=Acme", BAD),
        row("IV-27 other types", f"{dn}, SERIALNUMBER=7, POSTALCODE=98101, STREET=1 Main St", MATCH, leaf=full),
        row("IV-28 empty CN, leaf has one I-011", f"{dn}, CN=", OTHER, BAD),
        row("IV-28 empty CN, leaf has none I-011", f"{dn}, CN=", MATCH, BAD, leaf=LEAF[:3]),
        row("IV-29 FOO=x I-008", f"{dn}, FOO=x", OTHER, BAD), row("IV-30 OID I-008", f"{dn}, 2.5.4.3=leaf", OTHER, BAD),
        row("IV-31 UTF-8", "C=US, ST=WA, O=Ängström", MATCH, leaf=swapped("O", "Ängström")),
        row("IV-31 UTF-8 in hex", "C=US, ST=WA, O=\\C3\\84ngstr\\C3\\B6m", MATCH, leaf=swapped("O", "Ängström")),
        row("IV-32 two in one", dn, MATCH, leaf=[[("C", "US"), ("ST", "WA")], ("O", "Acme"), ("CN", "leaf")]),
        row("IV-33 CN twice, the last I-024", f"{dn}, CN=leaf", MATCH, OTHER, leaf=[*LEAF[:3], ("CN", "a"), ("CN", "leaf")]),
        row("IV-33 CN twice, the first I-024", f"{dn}, CN=a", OTHER, leaf=[*LEAF[:3], ("CN", "a"), ("CN", "leaf")]),
        row("IV-34 title I-022", dn, OTHER, leaf=[*LEAF, ("title", "x")]),
        row("IV-34 DC I-022", dn, OTHER, leaf=[*LEAF, ("DC", "x")]),
        row("IV-35 C twice I-023", dn, OTHER, leaf=[("C", "US"), *LEAF]),
        row("IV-35 O twice, one empty I-023", dn, OTHER, leaf=[*LEAF, ("O", "")]),
        row("IV-36 empty CN", dn, MATCH, leaf=[*LEAF[:3], ("CN", "")]),
        row("IV-37 double space", "C=US, ST=WA, O=A  B", MATCH, leaf=swapped("O", "A  B")),
        row("IV-37 single space", "C=US, ST=WA, O=A B", OTHER, leaf=swapped("O", "A  B")),
        row("IV-38 empty subject", "*", MATCH, leaf=[]),
        row("IV-39 two items", (f"{BASE}, CN=x", f"{BASE}, CN=leaf"), MATCH),
        row("IV-40 no colon I-001", "abc", BAD), row("IV-40 space and star I-001", " *", BAD),
        row("IV-40 nothing after the prefix I-010", "x509.subject:", BAD), row("IV-40 blank I-010", "x509.subject: ", BAD),
        row("I-010 no O", "C=US, ST=WA", BAD), row("I-010 empty O", "C=US, ST=WA, O=", BAD),
        row("I-006 # inside", "C=US, ST=WA, O=a#b", MATCH, leaf=swapped("O", "a#b")),
        row("I-006 < and >", "C=US, ST=WA, O=<a>", MATCH, leaf=swapped("O", "<a>"))]


def identities(bench: Bench) -> None:
    if not bench.peer:
        bench.report.skip("identities", "no program for peer")
        return
    root = pki.make_cert(bench.key("p256", "-root"), "Root", ca=True)
    plain = pki.make_cert(bench.key("p256"), "leaf", issuer=root)
    for each in identity_rows():
        case = f"identity {each.row}"
        chain = [with_subject(plain, root.key, subject_of(each.leaf)), root]
        layout, _ = prepare(bench, each.row, ["v1"])
        cert = pki.write_pem(layout / "chain.crt", chain)
        answer = bench.peer.ask(do="sign", layout=str(layout), reference="v1", format="jws", key=str(plain.key.path),
                                chain=str(cert))
        if not bench.report.check(f"{case} [peer signs]", answer["ok"], answer.get("error", "")):
            continue
        policy = bench.policy({"ca": [root]}, "strict", each.items)
        document = base64.b64encode((policy.config / "trustpolicy.json").read_bytes()).decode()
        if bench.peer.ask(do="policy", policy=document)["ok"]:
            verdict = Peer.verdict(bench.peer.ask(do="verify", layout=str(layout), reference="v1", config=str(policy.config),
                                                  scope=SCOPE))
            found = MATCH if verdict.word == TRUSTED else OTHER if verdict.failed == ["authenticity"] else verdict.says
        else:
            found = BAD
        bench.report.check(f"{case} [peer]", found == each.reference, f"expected {each.reference}, got {found}")
        ours = Difference(each.row.split()[-1], WORDS[each.ours]) if each.ours != each.reference else None
        bench.keep(case, layout, "v1", policy, WORDS[each.reference], ours)
        if bench.client:
            found = bench.client.verify("--config", str(policy.config), "--scope", SCOPE, f"oci-layout:{layout}:v1")
            bench.compare(case, "nv2", WORDS[each.ours], found)
