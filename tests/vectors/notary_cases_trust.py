# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Cases about certificates, trust, levels, identities and artifacts: most of them in both forms."""
from notary_envelope import AUTHORITY, N

LATER, PAST = (2208988800, "2040-01-01T00:00:00Z"), (1700006400, "2023-11-15T00:00:00Z")
AHEAD = (2209032000, "2040-01-01T12:00:00Z")
BEFORE_ALL = (1500000000, "2017-07-14T02:40:00Z")
IN_2020 = (1590969600, "2020-06-01T00:00:00Z")
US = "x509.subject:C=US,ST=WA,"
LONE = {"key": "p256_signer", "certs": ["acme_lone"]}


def define(t):
    for part in (keys, leaves, roots, chains, lone, validity, anchors, levels, authorities, timestamps, revocation, identities,
                 identity_items, metadata, binding, blobs, clocks, switches):
        part(t)


def keys(t):
    for kind in ("rsa2048", "rsa3072", "rsa4096", "p384", "p521"):
        t.both(f"key_{kind}", "XV-30" if kind != "rsa2048" else "",
               "J-040 J-044 J-045 X-024 C-020 C-053 C-054", key=f"{kind}_signer", certs=[f"acme_leaf_{kind}", "acme_root"])
    t.both("key_rsa2560", "XV-29", "X-024 J-040 J-041 C-055", "notary_key_size", key="rsa2560_signer",
           certs=["acme_leaf_rsa2560", "acme_root"])
    t.both("key_p224", "", "X-024 J-040", "notary_key", key="p224_signer", certs=["acme_root_p224"], header_alg="ES256")
    t.both("key_ed25519", "", "X-024 J-040", "notary_key", key="ed25519_signer",
           certs=["acme_leaf_ed25519", "acme_root"], header_alg="ES256")
    t.both("min_rsa_3072", "", "G-003", "key_too_small", key="rsa2048_signer", certs=["acme_leaf_rsa2048", "acme_root"],
           min_rsa_bits=3072)


def leaves(t):
    def leaf(what, row, rules, expect="ok", **more):
        t.both(f"leaf_{what}", row, rules, expect, certs=[f"acme_leaf_{what}", "acme_root"], **more)
    for what in ("code", "unknown", "ipsec"):
        leaf(f"purpose_{what}", "XV-08", "X-023")
    leaf("purpose_any", "XV-09", "X-023", "leaf_purpose", reference="accept")
    leaf("purpose_ocsp", "XV-10", "X-023", "leaf_purpose")
    for what in ("server", "client", "email", "timestamp"):
        leaf(f"purpose_{what}", "XV-11", "X-023", "leaf_purpose")
    leaf("usage_commitment", "XV-12", "X-022")
    leaf("usage_not_critical", "XV-13", "X-021", "leaf_key_usage_critical")
    leaf("no_usage", "XV-13", "X-021", "leaf_key_usage_critical")
    leaf("critical_unknown", "XV-14", "X-009")
    leaf("not_ca", "XV-16", "X-020")
    leaf("usage_commitment_only", "XV-20", "X-022", "leaf_key_usage")
    usages = ("key_encipherment", "data_encipherment", "key_agreement", "cert_sign", "crl_sign", "encipher_only",
              "decipher_only")
    for number, usage in enumerate(usages, 21):
        leaf(f"usage_{usage}", f"XV-{number}", "X-022", "leaf_key_usage")
    leaf("is_ca", "XV-28", "X-020", "leaf_is_ca")
    leaf("sha1", "XV-37", "X-011", "signature_algorithm_weak")
    leaf("outlives", "XV-45", "X-046")


def roots(t):
    def root(what, row, rules, expect="ok", **more):
        t.both(f"root_{what}", row, rules, expect, certs=["acme_leaf", f"acme_root_{what}"], **more)
    root("constraints_not_critical", "XV-15", "X-025", "ca_basic_constraints", reference="accept")
    root("no_constraints", "XV-34", "X-025 X-044", "ca_basic_constraints")
    root("path_length_0", "XV-19", "X-026")
    root("no_usage", "XV-31", "X-027", "ca_key_usage")
    root("usage_crl_only", "XV-32", "X-027 X-044", "ca_key_usage")
    root("usage_not_critical", "", "X-027", "ca_key_usage")
    root("usage_more", "XV-33", "X-027")
    root("purpose_server", "XV-38", "X-029")
    root("name_constraints", "XV-39", "X-009 X-045")
    for kind, row in (("rsa1024", "XV-17"), ("p224", "XV-40")):
        t.both(f"root_{kind}", row, "X-028", "ca_key", reference="accept",
               certs=[f"acme_leaf_of_{kind}", f"acme_root_{kind}"])


def chains(t):
    three = ["acme_leaf_three", "acme_issuing", "acme_root"]
    t.both("three", "", "X-040 X-042 X-044", certs=three)
    root = [("acme_root", "ca")]
    t.both("leaf_only", "XV-04", "X-040 X-041", "chain_lone", certs=["acme_leaf"], anchors=root)
    t.both("three_no_issuing", "XV-06", "X-044", "chain_link", certs=[three[0], three[2]])
    t.both("three_no_root", "XV-06", "X-042", "chain_root", certs=three[:2], anchors=root)
    t.both("three_swapped", "XV-06", "X-044 X-042", "chain_link", certs=[three[0], three[2], three[1]], anchors=root)
    t.both("three_path_length_0", "XV-18", "X-026", "ca_path_length",
           certs=["acme_leaf_three", "acme_issuing", "acme_root_path_length_0"])
    t.both("three_path_lengths", "XV-19", "X-026",
           certs=["acme_leaf_three", "acme_issuing_path_length_0", "acme_root_path_length_1"])
    t.both("self_issued", "", "X-026 X-043", certs=["acme_leaf_same_name", "acme_same_name", "acme_root"],
           title="same name, another key: self-issued, but not self-signed")
    t.both("self_issued_path_length_0", "XV-41", "X-026", "ca_path_length",
           certs=["acme_leaf_same_name", "acme_same_name", "acme_root_path_length_0"])
    t.both("root_twice", "XV-44", "X-043", "chain_self_signed", certs=["acme_leaf", "acme_root", "acme_root"])
    t.both("root_appended", "XV-44", "X-043", "chain_self_signed", certs=["acme_leaf", "acme_root", "acme_unrelated"])
    t.both("wrong_issuer_key", "", "X-044 X-008", "chain_link",
           certs=["acme_leaf_three", "acme_issuing_foreign", "acme_root"])


def lone(t):
    t.both("lone_untrusted", "XV-01", "X-041 S-020", "notary_not_anchored", **LONE, anchors=[("acme_root", "ca")])
    t.both("lone", "XV-02", "X-041", **LONE)
    t.both("lone_sha1", "XV-36", "X-011", "signature_algorithm_weak", reference="accept", key="p256_signer",
           certs=["acme_lone_sha1"])
    t.both("lone_expired", "XV-42", "W-061", "certificate_expired", key="p256_signer", certs=["acme_lone_expired"])
    t.both("lone_ca", "XV-43", "X-041 X-020", "leaf_is_ca", key="p256_signer", certs=["acme_lone_ca"])
    t.both("lone_signing_ca", "XV-43", "X-041 X-020", "leaf_is_ca", key="p256_signer", certs=["acme_lone_signing_ca"])


def validity(t):
    for what, code, certs in (("root_expired", "expired", ["acme_leaf", "acme_root_expired"]),
                              ("root_not_yet", "not_yet_valid", ["acme_leaf", "acme_root_not_yet"]),
                              ("leaf_expired", "expired", ["acme_leaf_expired", "acme_root"])):
        t.both(f"valid_{what}", "XV-35", "W-061", f"certificate_{code}", certs=certs)
    t.both("valid_leaf_not_yet", "", "W-061", "certificate_not_yet_valid", certs=["acme_leaf_not_yet", "acme_root"])
    end, start = 1609459200, 2208988800  # of acme_leaf_expired, acme_leaf_not_yet: both belong to the period
    expired, not_yet = {"certs": ["acme_leaf_expired", "acme_root"]}, {"certs": ["acme_leaf_not_yet", "acme_root"]}
    t.both("valid_last_second", "", "W-061 W-066", now=end, **expired)
    t.both("valid_second_after", "", "W-061 W-066", "certificate_expired", now=end + 1, **expired)
    t.both("valid_first_second", "", "W-061 W-066", now=start, **not_yet)
    t.both("valid_second_before", "", "W-061 W-066", "certificate_not_yet_valid", now=start - 1, **not_yet)


def anchors(t):
    three = {"certs": ["acme_leaf_three", "acme_issuing", "acme_root"]}
    t.both("anchor_leaf", "XV-03", "S-020 S-013", anchors=[("acme_leaf", "ca")],
           title="what a store may hold is decided where it is loaded")
    t.both("anchor_issuing", "XV-05", "S-020 S-021", **three, anchors=[("acme_issuing", "ca")])
    t.both("anchor_same_key", "XV-07", "S-020", "notary_not_anchored", anchors=[("acme_root_again", "ca")])
    t.both("anchor_second", "", "S-020", anchors=[("acme_unrelated", "ca"), ("acme_root", "ca")])
    t.both("anchor_expired", "", "S-013", anchors=[("acme_root_expired", "ca"), ("acme_root", "ca")])
    t.both("anchor_none", "", "S-011 W-030", "notary_no_anchor", anchors=[])
    t.both("anchor_other_role", "", "S-022 W-030", "notary_no_anchor", anchors=[("acme_root", "signing_authority")])
    t.both("anchor_signer_role", "", "S-022 W-030", "notary_no_anchor", anchors=[("acme_root", "signer")])
    t.both("anchor_tsa_role", "", "S-022 W-030", "notary_no_anchor", anchors=[("acme_root", "tsa")])
    t.both("anchor_ca_for_authority", "", "S-022 W-030", "notary_no_anchor", scheme=AUTHORITY,
           anchors=[("acme_root", "ca")])


def levels(t):
    """PV-40 and PV-41: what each level lets pass, and what none does."""
    other = {"anchors": [("acme_unrelated", "ca")]}
    failures = {
        "untrusted": (other, "authenticity", "notary_not_anchored"),
        "no_anchor": ({"anchors": []}, "authenticity", "notary_no_anchor"),
        "stranger": ({"identities": [US + "O=Wabbit"]}, "authenticity", "identity_mismatch"),
        "expired_leaf": ({"certs": ["acme_leaf_expired", "acme_root"]}, "authenticTimestamp", "certificate_expired"),
        "past_expiry": ({"expiry": PAST}, "expiry", "signature_expired"),
    }
    for what, (change, kind, code) in failures.items():
        t.both(f"audit_{what}", "PV-40", "W-005 W-081 W-004", logged={kind: code}, level="audit", **change)
        enforced = kind == "authenticity"
        t.both(f"permissive_{what}", "PV-41", "W-005 W-004", code if enforced else "ok", level="permissive",
               logged=None if enforced else {kind: code}, **change)
        t.both(f"overridden_{what}", "", "W-004", code, level="audit", override={kind: "enforce"}, **change)
        t.both(f"lowered_{what}", "", "W-004 W-005", level="strict", override={kind: "log"}, logged={kind: code}, **change)
    t.both("audit_everything", "PV-40", "W-005 W-032 W-020", level="audit", **other, expiry=PAST,
           certs=["acme_leaf_expired", "acme_root"], identities=[US + "O=Wabbit"],
           logged={"authenticity": "notary_not_anchored", "expiry": "signature_expired",
                   "authenticTimestamp": "certificate_expired"})
    t.both("strict_order", "", "W-020 W-031", "notary_not_anchored", **other, expiry=PAST,
           certs=["acme_leaf_expired", "acme_root"], identities=[US + "O=Wabbit"])
    t.both("strict_expiry_before_validity", "", "W-020 W-050", "signature_expired", expiry=PAST,
           certs=["acme_leaf_expired", "acme_root"])
    t.both("audit_nothing_to_note", "", "W-081", level="audit")
    t.both("audit_usage", "PV-44", "W-006 X-022", "leaf_key_usage", level="audit",
           certs=["acme_leaf_usage_cert_sign", "acme_root"])
    t.both("audit_plugin", "", "W-006 J-037 C-036", "notary_plugin", level="audit",
           attributes={N + "verificationPlugin": "p"})
    t.both("audit_payload", "", "W-006 J-050", "json_type", level="audit", payload=b"[]")
    t.both("audit_expiry_reversed", "", "W-006 J-028 C-027", "notary_expiry", level="audit",
           expiry=(1600000000, "2020-09-13T12:26:40Z"))
    t.both("skip", "PV-08", "W-003", "policy_skips", verdict="skipped", level="skip")
    t.case("skip_nothing_parsed", "PV-08", "W-003", "policy_skips", form="jws", verdict="skipped", level="skip",
           mutate=lambda e: b"no envelope", reference="n/a")


def authorities(t):
    def authority(name, row, rules, expect="ok", **more):
        t.both(f"authority_{name}", row, rules, expect, scheme=AUTHORITY, **more)
    authority("ahead", "PV-42", "W-065", "notary_time_ahead", reference="accept", signed_at=AHEAD)
    authority("ahead_allowed", "", "W-065", compat=["sa_allow_future"], signed_at=AHEAD)
    authority("chain_expired_now", "PV-43", "W-064", certs=["acme_leaf_expired", "acme_root"], signed_at=IN_2020)
    authority("before_chain", "PV-43", "W-064", "certificate_not_yet_valid", signed_at=BEFORE_ALL)
    authority("after_chain", "", "W-064", "certificate_expired", certs=["acme_leaf_expired", "acme_root"])
    authority("before_chain_audit", "", "W-064 W-081", level="audit", signed_at=BEFORE_ALL,
              logged={"authenticTimestamp": "certificate_not_yet_valid"})
    end = 1609459200  # of acme_leaf_expired
    authority("at_end", "", "W-066 W-064", certs=["acme_leaf_expired", "acme_root"],
              signed_at=(end, "2021-01-01T00:00:00Z"))
    authority("fraction_after_end", "", "W-066 W-064", "certificate_expired", certs=["acme_leaf_expired", "acme_root"],
              signed_at=(end + 0.5, "2021-01-01T00:00:00.5Z"))
    authority("fraction_before_start", "", "W-066 W-064", "certificate_not_yet_valid",
              signed_at=(1577836799.5, "2019-12-31T23:59:59.5Z"))
    authority("tsa_unused", "", "W-060 W-064", anchors=[("acme_root", "signing_authority"), ("acme_tsa_root", "tsa")])


def timestamps(t):
    """Whether a timestamp is asked for at all."""
    asked = {"anchors": [("acme_root", "ca"), ("acme_tsa_root", "tsa")]}
    garbage = {"jws": {N + "timestampSignature": "Z2FyYmFnZQ=="}, "cose": {N + "timestampSignature": b"garbage"}}
    for form, header in garbage.items():
        t.case("token_not_asked", "TV-20", "W-060 W-062", form=form, **asked, header=header, verify_timestamp="afterCertExpiry")
        t.case("token_no_service", "TV-26", "W-060 W-061", form=form, header=header)
        t.case("token_not_yet_valid", "", "W-062", "certificate_not_yet_valid", form=form, header=header,
               certs=["acme_leaf_not_yet", "acme_root"], verify_timestamp="afterCertExpiry", **asked)


def revocation(t):
    """Without revocation data: who names nobody to ask cannot be revoked."""
    named = {"certs": ["acme_leaf_crl_point", "acme_root"], "revocation": "no_data"}
    t.both("revocation_unknown", "", "W-070 R-004", "revocation_unknown", **named)
    t.both("revocation_logged", "", "W-070 R-004", level="permissive", logged={"revocation": "revocation_unknown"}, **named)
    t.both("revocation_skipped", "", "W-070", override={"revocation": "skip"}, **named)
    t.both("revocation_nobody_to_ask", "", "R-002", revocation="no_data")
    t.both("revocation_of_root", "", "R-001", certs=["acme_leaf", "acme_root_crl_point"], revocation="no_data")
    t.both("revocation_of_lone", "", "R-001", revocation="no_data", **LONE)


def identities(t):
    def identity(name, row, rules, items, expect="ok", subject=None, **more):
        certs = {"key": "p256_signer", "certs": [f"acme_subject_{subject}"]} if subject else {}
        items = [items] if isinstance(items, str) else items
        t.case(f"identity_{name}", row, rules, expect, form="jws", identities=items, **certs, **more)
    no = "identity_mismatch"
    identity("match", "IV-01", "I-028 I-020", "x509.subject: C=US, ST=WA, O=Acme")
    identity("s", "IV-02", "I-008", "x509.subject: C=US, S=WA, O=Acme")
    identity("semicolons", "IV-03", "I-003", "x509.subject: C=US; ST=WA; O=Acme")
    identity("case", "IV-05", "I-028", US + "O=ACME", no)
    identity("spaces", "IV-06", "I-004", "x509.subject:C=US,ST=WA,O=Acme , CN = leaf")
    identity("other_name", "IV-07", "I-028", US + "O=Acme, CN=x", no)
    identity("two_units", "IV-09", "I-023", US + "O=Acme", "subject_type_twice", subject="two_units")
    identity("email", "IV-10", "I-022", US + "O=Acme", "subject_type", subject="email")
    identity("email_any", "IV-11", "I-029", "*", subject="email")
    identity("no_state", "IV-12", "I-025", US + "O=Acme", "subject_incomplete", subject="no_state")
    identity("comma", "IV-13", "I-005", US + "O=Acme\\, Inc.", subject="comma")
    identity("comma_hex", "IV-13", "I-005", US + "O=Acme\\2C Inc.", subject="comma")
    identity("equals", "IV-14", "I-006", US + "O=a=b", subject="equals")
    identity("space_first", "IV-15", "I-004", US + "O=\\ Acme", subject="space_first")
    identity("space_last", "IV-16", "I-004", US + "O=Acme\\ ", subject="space_last")
    identity("space_last_lost", "IV-16", "I-004", US + "O=Acme ", no, subject="space_last")
    identity("equals_number", "IV-17", "I-026", US + "O=Acme", "subject_number_sign", subject="equals_number")
    identity("number", "IV-18", "I-005", US + "O=\\#A", subject="number")
    identity("plus", "IV-18", "I-005", US + "O=A\\+B", subject="plus")
    identity("quotes", "IV-19", "I-006", US + 'O="Acme"', no)
    identity("two_kinds", "IV-21", "I-002", ["foo:bar", US + "O=Acme"])
    identity("address", "IV-27", "I-021", US + "O=Acme,SERIALNUMBER=7,POSTALCODE=98101,STREET=Pine", subject="address")
    identity("umlaut", "IV-31", "I-005", US + "O=Ácme Zürich", subject="umlaut")
    identity("umlaut_hex", "IV-31", "I-005", US + "O=\\C3\\81cme Z\\C3\\BCrich", subject="umlaut")
    identity("one_rdn", "IV-32", "I-021", US + "O=Acme", subject="one_rdn")
    identity("two_names", "IV-33", "I-024", US + "O=Acme,CN=b", "subject_type_twice", subject="two_names", reference="accept")
    identity("two_names_first", "IV-33", "I-024", US + "O=Acme,CN=a", "subject_type_twice", subject="two_names")
    identity("title", "IV-34", "I-022", US + "O=Acme", "subject_type", subject="title")
    identity("component", "IV-34", "I-022", US + "O=Acme", "subject_type", subject="component")
    identity("two_countries", "IV-35", "I-023", US + "O=Acme", "subject_type_twice", subject="two_countries")
    identity("two_owners", "IV-35", "I-023", US + "O=Acme", "subject_type_twice", subject="two_owners")
    identity("empty_name", "IV-36", "I-028", US + "O=Acme", subject="empty_name")
    identity("two_spaces", "IV-37", "I-028", US + "O=Acme  Inc", subject="two_spaces")
    identity("one_space", "IV-37", "I-028", US + "O=Acme Inc", no, subject="two_spaces")
    identity("nobody_any", "IV-38", "I-029", "*", subject="nobody")
    identity("one_of_two", "IV-39", "I-029", [US + "O=Acme,CN=x", US + "O=Acme,CN=leaf"])
    identity("nobody", "", "I-025", US + "O=Acme", "subject_incomplete", subject="nobody")
    identity("bad_utf8", "", "I-027", US + "O=Acme", "subject_text", subject="bad_utf8")
    identity("issuer_name", "", "I-020", US + "O=Acme,CN=root", no)
    identity("none", "", "P-011 W-032", [], no)


def identity_items(t):
    """Identities that no policy may have; a policy made in code is judged when it is used."""
    def item(name, row, rules, items, expect, **more):
        items = [items] if isinstance(items, str) else items
        t.case(f"item_{name}", row, rules, expect, form="jws", identities=items, **more)
    item("lower_case", "IV-04", "I-008", "x509.subject: c=US, st=WA, o=Acme", "identity_type")
    item("lower_s", "IV-04", "I-008", "x509.subject: C=US, s=WA, O=Acme", "identity_type")
    item("empty_unknown", "IV-08", "I-008 I-011", US + "O=Acme, FOO=", "identity_type", reference="accept")
    item("only_other", "IV-20", "I-002", "foo:bar", "identity_mismatch")
    item("prefix_case", "IV-22", "I-001 I-002", "X509.SUBJECT:C=US,ST=WA,O=Acme", "identity_mismatch")
    item("prefix_space", "IV-22", "I-001 I-002", " x509.subject:C=US,ST=WA,O=Acme", "identity_mismatch")
    item("multi_valued", "IV-23", "I-003", "x509.subject:C=US+ST=WA, O=Acme", "identity_multi_valued")
    item("twice", "IV-24", "I-009", "x509.subject:C=US, ST=WA, S=WA, O=Acme", "identity_type_twice")
    item("trailing_comma", "IV-26", "I-003", US + "O=Acme,", "identity_rdn")
    item("bad_escape", "IV-26", "I-005", US + "O=Acme\\z", "identity_escape")
    item("final_backslash", "IV-26", "I-005", US + "O=Acme\\", "identity_escape")
    item("tab", "IV-26", "I-004 I-008", "x509.subject:\tC=US,ST=WA,O=Acme", "identity_type")
    item("empty_value", "IV-28", "I-011", US + "O=Acme, CN=", "identity_value_empty")
    item("unknown_type", "IV-29", "I-008", US + "O=Acme, FOO=x", "identity_type")
    item("oid", "IV-30", "I-008", US + "O=Acme, 2.5.4.3=leaf", "identity_type")
    item("no_colon", "IV-40", "I-001", "abc", "identity_syntax")
    item("space_star", "IV-40", "I-001", " *", "identity_syntax")
    item("blank", "IV-40", "I-001 I-010", "x509.subject:", "identity_syntax")
    item("blank_name", "IV-40", "I-003 I-010", "x509.subject: ", "identity_rdn")
    item("number_sign", "", "I-007", US + "O=#A", "identity_number_sign")
    item("incomplete", "", "I-010", "x509.subject:C=US,O=Acme", "identity_incomplete")


def metadata(t):
    signed = {"target": {"annotations": {"commit": "abc", "env": "prod", "x": "é\n"}}}
    t.both("metadata", "", "M-001 M-004", **signed)
    t.both("metadata_required", "", "M-001", user_metadata={"commit": "abc", "x": "é\n"}, **signed)
    t.both("metadata_differs", "", "M-001", "metadata_mismatch", user_metadata={"commit": "abd"}, **signed)
    t.both("metadata_case", "", "M-001", "metadata_mismatch", user_metadata={"Commit": "abc"}, **signed)
    t.both("metadata_missing", "", "M-001", "metadata_mismatch", user_metadata={"commit": "abc"})
    t.both("metadata_audit", "", "M-002 W-006", "metadata_mismatch", level="audit", user_metadata={"commit": "abd"},
           **signed)
    t.both("metadata_after_binding", "", "M-002", "artifact_digest", user_metadata={"commit": "abd"},
           artifact="manifest-tampered.json", **signed)
    reserved = {"target": {"annotations": {N + "x": "1"}}}
    t.both("metadata_reserved", "", "M-003 J-057", "metadata_reserved", user_metadata={N + "x": "1"}, **reserved)


def binding(t):
    t.both("artifact_type_differs", ("JV-50", ""), "J-055 O-040 W-080", "artifact_media_type",
           media_type="application/vnd.oci.image.index.v1+json")
    t.both("audit_artifact_type_differs", ("JV-51", ""), "J-055 W-006", "artifact_media_type", level="audit",
           media_type="application/vnd.oci.image.index.v1+json")
    t.both("artifact_no_type", "", "J-055 O-040", "artifact_media_type", media_type="")
    t.both("artifact_tampered", "", "J-055 O-040 O-041 D-008", "artifact_digest", artifact="manifest-tampered.json")
    t.both("artifact_longer", "", "J-055 O-040 D-005 D-008", "artifact_size", artifact="manifest-longer.json")
    t.both("audit_artifact_tampered", "PV-40", "W-006 W-081", "artifact_digest", level="audit", reference="n/a",
           artifact="manifest-tampered.json")
    t.both("artifact_sha512", "", "D-003 O-040", target={"digest": t.digest(t.MANIFEST, "sha512")},
           title="the hash of a manifest's digest need not be that of the key")
    t.both("artifact_more_members", "", "D-008 J-054", target={"artifactType": "a/b", "urls": ["x"], "platform": {}})


def blobs(t):
    blob = {"blob": True}
    t.both("blob", "", "J-056 O-045", **blob)
    t.both("blob_type", "", "J-056", media_type=t.OCI, **blob)
    t.both("blob_type_differs", "", "J-056", "artifact_media_type", media_type="text/plain", **blob)
    t.both("blob_tampered", "", "J-056 O-045", "artifact_digest", artifact="manifest-tampered.json", **blob)
    t.both("blob_longer", "", "J-056 O-045", "artifact_size", artifact="manifest-longer.json", **blob)
    t.both("blob_other_hash", "", "J-056", "blob_algorithm", target={"digest": t.digest(t.MANIFEST, "sha512")}, **blob)
    for kind, algorithm in (("p384", "sha384"), ("p521", "sha512"), ("rsa3072", "sha384"), ("rsa4096", "sha512")):
        t.both(f"blob_{kind}", "", "J-056 D-003", key=f"{kind}_signer", certs=[f"acme_leaf_{kind}", "acme_root"],
               target={"digest": t.digest(t.MANIFEST, algorithm)}, **blob)
    t.both("blob_p384_sha256", "", "J-056", "blob_algorithm", key="p384_signer", certs=["acme_leaf_p384", "acme_root"],
           **blob)


def clocks(t):
    """What is decided without knowing the time."""
    t.both("clock_unknown", "", "G-001 W-061", "time_unknown", time="unknown")
    t.both("clock_unknown_audit", "", "G-001 W-005", time="unknown", level="audit",
           logged={"authenticTimestamp": "time_unknown"})
    t.both("clock_bound_expired", "", "G-001 W-061", "certificate_expired", time="not_before",
           certs=["acme_leaf_expired", "acme_root"])
    t.both("clock_bound_expiry", "", "G-001 W-050", "signature_expired", time="not_before", expiry=PAST)
    t.both("clock_bound_authority", "", "G-001 W-064 W-065", time="not_before", scheme=AUTHORITY)
    t.both("clock_unknown_authority", "", "G-001 W-065", "time_unknown", time="unknown", scheme=AUTHORITY)
    t.both("clock_unknown_authority_ahead", "", "G-001 W-065", time="unknown", scheme=AUTHORITY,
           compat=["sa_allow_future"])


def switches(t):
    t.both("compat_any_purpose", "", "X-023", certs=["acme_leaf_purpose_any", "acme_root"], compat=["eku_allow_any"])
    t.both("compat_constraints", "", "X-025", certs=["acme_leaf", "acme_root_constraints_not_critical"],
           compat=["ca_bc_noncritical"])
    t.both("compat_weak_ca", "", "X-028", certs=["acme_leaf_of_rsa1024", "acme_root_rsa1024"], compat=["weak_ca_keys"])
    t.both("compat_weak_ca_curve", "", "X-028", "ca_key", certs=["acme_leaf_of_p224", "acme_root_p224"],
           compat=["weak_ca_keys"])
