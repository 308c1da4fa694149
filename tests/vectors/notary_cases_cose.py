# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Cases that are about COSE: one line or paragraph each, with the row of the rule book it stands for."""
import cbor
from cbor import NAN, Pairs, Raw, Tag, UNDEFINED
from notary_envelope import AUTHORITY, CONTENT_TYPE, N, certificate

SCHEME, TIME, AUTHENTIC, EXPIRY = N + "signingScheme", N + "signingTime", N + "authenticSigningTime", N + "expiry"
TOKEN, AGENT, PLUGIN = N + "timestampSignature", N + "signingAgent", N + "verificationPlugin"
SIGNED, LATER, PAST = 1700000000, (2208988800, ""), (1700006400, "")


def define(t):
    def cose(name, row, rules, expect="ok", **more):
        t.case(name, row, rules, expect, form="cose", **more)
    for part in (prefix, message, critical, algorithms, attributes, times, expiries, chains, labels, protected_bytes,
                 payloads, values, parameters, unsigned, signatures, switches):
        part(t, cose)


def prefix(t, cose):
    """What stands before the four elements."""
    cose("baseline", "CV-01", "C-001 C-050 C-051 C-052 C-056")
    cose("declared", "", "C-001", declared="application/cose")
    declared = {"declared": "application/cose"}
    for name, row, start in (("untagged", "CV-02", b"\x84"), ("long_tag", "CV-03", b"\xd8\x12\x84"),
                             ("tagged_twice", "CV-04", b"\xd2\xd2\x84"), ("tag_98", "CV-05", b"\xd8\x62\x84"),
                             ("self_described", "CV-06", b"\xd9\xd9\xf7\xd2\x84"),
                             ("long_array", "CV-07", b"\xd2\x98\x04")):
        cose(name, row, "C-002", "cose_prefix", start=start, **declared)
    cose("indefinite_array", "CV-08", "C-002", "cose_prefix", start=b"\xd2\x9f", mutate=lambda e: e + b"\xff", **declared)
    cose("five_elements", "CV-09", "C-002", "cose_prefix", start=b"\xd2\x85", mutate=lambda e: e + b"\x00", **declared)
    cose("trailing", "CV-10", "C-003", "cbor_trailing", mutate=lambda e: e + b"\x00")


def message(t, cose):
    """The four elements themselves."""
    def element(index, item):
        return {"elements": lambda all: all[:index] + [item] + all[index + 1:]}
    cose("protected_map", "", "C-011", "cbor_type", **element(0, b"\xa0"))
    cose("unprotected_array", "", "C-012", "cbor_type", **element(1, b"\x80"))
    cose("unprotected_indefinite", "", "C-004", "cbor_indefinite",
         unprotected=lambda pairs: cbor.indefinite(5, *[cbor.encode(v) for pair in pairs for v in pair]))
    cose("payload_nil", "CV-80", "C-010", "cbor_type", **element(2, b"\xf6"))
    cose("payload_undefined", "CV-81", "C-010", "cbor_type", **element(2, UNDEFINED))
    cose("payload_empty", "CV-82", "C-010", "cose_payload_empty", payload=b"")
    cose("payload_text", "CV-83", "C-010", "cbor_type",
         elements=lambda all: all[:2] + [cbor.encode(t.payload_of({}).decode())] + all[3:])
    cose("payload_tagged", "CV-85", "C-009", "cbor_type", elements=lambda all: all[:2] + [b"\xd8\x18" + all[2]] + all[3:])
    cose("payload_long_head", "CV-86", "C-013",
         elements=lambda all: all[:2] + [bytes(cbor.bytestring(t.payload_of({}), 8))] + all[3:])
    cose("signature_empty", "CV-88", "C-010", "cose_signature_missing", **element(3, b"\x40"))
    cose("signature_nil", "CV-89", "C-010", "cose_signature_missing", **element(3, b"\xf6"))
    cose("signature_text", "", "C-010", "cbor_type", **element(3, b"\x61a"))
    cose("cut", "", "C-004", "cbor_truncated", mutate=lambda e: e[:-1])
    cose("reserved", "", "C-004", "cbor_head", **element(3, b"\x5c"))
    cose("simple_below_32", "", "C-004", "cbor_head", header={"x": Raw(b"\xf8\x1f")})
    deep = Raw(b"\x81" * 40 + b"\x80")
    cose("depth", "", "C-005 G-003", "cbor_depth", header={"x": deep})
    cose("members", "", "C-005 G-003", "cbor_members", header={"x": Raw(b"\x9a\x00\x02\x00\x01")})


def critical(t, cose):
    foreign = {"attributes": {"com.example.policy": "x"}}
    number = {"attributes": {-70001: "x"}}
    cose("critical_missing", "CV-11", "C-030", "notary_critical_missing", attributes={2: None})
    cose("critical_empty", "CV-12", "C-030", "notary_critical_missing", crit=[])
    cose("critical_absent", "CV-13", "C-031", "notary_critical_absent", more_crit=["com.example.policy"],
         understands=["com.example.policy"])
    cose("critical_alg", "CV-14", "C-033", "notary_critical_registered", reference="accept", more_crit=[1])
    cose("critical_content_type", "CV-15", "C-033", "notary_critical_registered", reference="accept", more_crit=[3])
    cose("critical_signing_time", "CV-16", "C-034", "notary_critical_unknown", reference="accept", more_crit=[TIME])
    cose("critical_twice", "CV-17", "C-034", "notary_critical_twice", reference="accept", more_crit=[SCHEME])
    cose("critical_text", "CV-18", "C-030", "cbor_type", crit=SCHEME)
    cose("critical_bytes", "CV-18", "C-030 C-008", "cose_label", crit=[SCHEME, b"x"])
    cose("scheme_not_critical", "CV-19", "C-032", "notary_critical_required", **foreign, not_crit=[SCHEME],
         more_crit=["com.example.policy"], understands=["com.example.policy"])
    cose("critical_unknown", "CV-20", "C-035", "notary_critical_unknown", reference="accept", **foreign,
         more_crit=["com.example.policy"])
    cose("critical_unknown_number", "CV-21", "C-035", "notary_critical_unknown", reference="accept", **number,
         more_crit=[-70001])
    cose("critical_understood", "", "C-035", **foreign, more_crit=["com.example.policy"],
         understands=["com.example.policy"])
    cose("plugin_critical", "", "C-036 J-037", "notary_plugin", attributes={PLUGIN: "p"}, more_crit=[PLUGIN])
    cose("plugin_not_critical", "", "C-036 J-037", "notary_plugin", attributes={PLUGIN: "p"})
    cose("plugin_version", "", "C-036 J-037", "notary_plugin", attributes={PLUGIN + "MinVersion": "1.0.0"})
    cose("authentic_not_critical", "CV-47", "C-032", "notary_critical_required", scheme=AUTHORITY,
         not_crit=[AUTHENTIC])
    cose("expiry_not_critical", "CV-51", "C-032", "notary_critical_required", expiry=LATER, not_crit=[EXPIRY])
    cose("critical_unprotected", "CV-64", "C-030", "cose_critical_unprotected", attributes={2: None}, header={2: [SCHEME]})


def algorithms(t, cose):
    cose("algorithm_missing", "CV-22", "C-020", "notary_algorithm_missing", attributes={1: None})
    cose("algorithm_unprotected", "CV-22", "C-020", "notary_algorithm_missing", attributes={1: None}, header={1: -7})
    cose("algorithm_text", "CV-23", "C-020", "notary_algorithm_unknown", alg="ES256")
    cose("algorithm_mismatch", "CV-24", "C-020", "notary_algorithm_mismatch", alg=-35)
    cose("algorithm_eddsa", "CV-25", "C-020", "notary_algorithm_unknown", alg=-8)
    cose("algorithm_in_both", "CV-26", "C-040", "cose_label_in_both", reference="accept", header={1: -7})
    cose("algorithm_bignum", "CV-27", "C-020", "cbor_type", alg=Tag(3, b"\x06"))
    cose("algorithm_long", "CV-77", "C-013", alg=cbor.integer(-7, 8))
    cose("algorithm_zero", "", "C-020", "notary_algorithm_unknown", alg=0)


def attributes(t, cose):
    cose("unknown_not_critical", "CV-28", "C-028", attributes={"com.example.note": [1, 2]})
    for name, value, code in (("missing", None, "cose_content_type_missing"), ("number", 50, "cbor_type"),
                              ("empty", "", "notary_content_type"), ("no_slash", "payload", "notary_content_type"),
                              ("other", "application/json", "notary_content_type")):
        cose(f"content_type_{name}", "CV-29", "C-021", code, attributes={3: value})
    cose("scheme_unknown", "CV-30", "C-022", "notary_scheme_unknown", attributes={SCHEME: "notary.x"})
    cose("scheme_number", "CV-30", "C-022", "cbor_type", attributes={SCHEME: 1})
    cose("scheme_missing", "", "C-022", "notary_scheme_missing", attributes={SCHEME: None})
    cose("both_times", "CV-43", "C-023", "notary_times_x509", reference="accept", attributes={AUTHENTIC: Tag(1, SIGNED)})
    cose("both_times_wrong_type", "CV-44", "C-023", "notary_times_x509", reference="accept", attributes={AUTHENTIC: "x"})
    cose("authority", "CV-45", "C-023 W-064 W-030", scheme=AUTHORITY)
    cose("authority_both_times", "CV-46", "C-023", "notary_times_authority", reference="accept", scheme=AUTHORITY,
         attributes={TIME: Tag(1, SIGNED)})
    cose("authority_time_missing", "CV-48", "C-023", "notary_times_authority", scheme=AUTHORITY,
         attributes={AUTHENTIC: None})


def times(t, cose):
    def at(name, row, rules, value, expect="ok", **more):
        cose(f"time_{name}", row, rules, expect, attributes={TIME: value}, **more)
    at("missing", "CV-31", "C-023", None, "notary_times_x509")
    at("untagged", "CV-32", "C-024", SIGNED, "cbor_type")
    at("tag_0", "CV-33", "C-024", Tag(0, "2023-11-14T22:13:20Z"), "cose_time")
    at("double", "CV-34", "C-025", Tag(1, 1700000000.5))
    at("half", "CV-34", "C-025", Tag(1, cbor.half(1000.0)))
    at("negative", "CV-35", "C-026", Tag(1, -1))
    at("zero", "CV-35", "C-026", Tag(1, 0))
    at("text", "CV-36", "C-024", Tag(1, "x"), "cbor_type")
    at("null", "CV-36", "C-024", Tag(1, None), "cbor_type")
    at("nested", "CV-36", "C-024", Tag(1, Tag(1, SIGNED)), "cbor_type")
    at("nan", "CV-37", "C-025", Tag(1, NAN), "cbor_integer")
    at("infinity", "", "C-025", Tag(1, float("inf")), "cbor_integer")
    at("long_tag", "CV-38", "C-024", Raw(b"\xd8\x01" + cbor.encode(SIGNED)))
    at("long_number", "CV-39", "C-013", Tag(1, cbor.integer(SIGNED, 8)))
    at("huge", "CV-40", "C-026", Tag(1, 1 << 60), "cose_time_range", reference="accept")
    at("tag_1004", "CV-41", "C-024", Tag(1004, "2023-11-14"), "cose_time")
    at("last", "", "C-026", Tag(1, 253402300799))
    at("after_last", "", "C-026", Tag(1, 253402300800), "cose_time_range")


def expiries(t, cose):
    cose("expiry_later", "CV-50", "C-027 W-050", expiry=LATER)
    cose("expiry_equal", "CV-52", "C-027", "notary_expiry", expiry=(SIGNED, ""))
    cose("expiry_past", "CV-53", "W-050", "signature_expired", expiry=PAST)
    cose("expiry_now", "", "W-050", "signature_expired", expiry=(t.NOW, ""))
    cose("expiry_tag_0", "CV-54", "C-024", "cose_time", attributes={EXPIRY: Tag(0, "2040-01-01T00:00:00Z")},
         more_crit=[EXPIRY])
    cose("expiry_null", "CV-55", "C-027", "cbor_type", attributes={EXPIRY: Raw(b"\xf6")}, more_crit=[EXPIRY])
    cose("expiry_rounded_down", "", "C-025", "notary_expiry", expiry=(SIGNED + 0.75, ""), attributes={})
    cose("times_rounded_apart", "", "C-025", "notary_expiry", attributes={TIME: Tag(1, SIGNED + 0.25)},
         expiry=(SIGNED + 1.5, ""))


def chains(t, cose):
    leaf, root = certificate("acme_leaf"), certificate("acme_root")
    lone = certificate("acme_lone")
    one = {"key": "p256_signer", "certs": ["acme_lone"]}
    cose("chain_bare", "CV-57", "C-042", "cbor_type", header={33: lone}, **one)
    cose("chain_empty", "CV-58", "C-041", "notary_chain_empty", header={33: []})
    cose("chain_missing", "", "C-041", "notary_chain_empty", header={33: None})
    cose("chain_protected", "CV-59", "C-043", "notary_chain_empty", header={33: None}, attributes={33: [leaf, root]})
    cose("chain_in_both", "CV-60", "C-040", "cose_label_in_both", reference="accept", attributes={33: [leaf, root]})
    cose("chain_reversed", "CV-61", "C-041", "leaf_is_ca", header={33: [root, leaf]}, anchors=[("acme_root", "ca")])
    cose("chain_text", "CV-62", "C-041", "cbor_type", header={33: ["x", root]})
    cose("leaf_trailing", "CV-63", "C-041 X-001", "der_trailing", header={33: [leaf + b"\0", root]})
    cose("chain_eleven", "", "G-003 X-040", "chain_too_long", header={33: [leaf] + [root] * 10})


def labels(t, cose):
    cose("label_twice_unprotected", "CV-65", "C-007", "cbor_duplicate_key",
         unprotected=lambda pairs: Pairs(pairs + [("x", 1), ("x", 2)]))
    cose("label_twice_by_value", "", "C-007 C-013", "cbor_duplicate_key",
         unprotected=lambda pairs: Pairs(pairs + [(70, 1), (cbor.integer(70, 8), 2)]))
    cose("label_twice_protected", "CV-66", "C-007", "cbor_duplicate_key",
         pairs=lambda pairs: Pairs(pairs + [(3, CONTENT_TYPE)]))
    cose("label_bytes", "CV-67", "C-008", "cose_label", header={b"x": 1})
    cose("label_bool", "CV-67", "C-008", "cose_label",
         unprotected=lambda pairs: Pairs([*pairs, (Raw(b"\xf5"), 1)]))
    cose("label_float", "", "C-008", "cose_label", pairs=lambda pairs: Pairs([*pairs, (1.5, 1)]))
    cose("label_negative", "CV-68", "C-008", header={-70000: 1}, attributes={-70002: 1})
    cose("label_huge", "CV-69", "C-008", "cbor_integer", header={1 << 63: 1})
    cose("map_unsorted", "CV-70", "C-013", pairs=lambda pairs: Pairs(reversed(pairs)))


def protected_bytes(t, cose):
    cose("protected_long_map", "CV-71", "C-013", pairs=lambda pairs: cbor.pairs(pairs, 2))
    cose("protected_indefinite", "CV-72", "C-004", "cbor_indefinite",
         pairs=lambda pairs: cbor.indefinite(5, *[cbor.encode(v) for pair in pairs for v in pair]))
    cose("protected_trailing", "CV-73", "C-011", "cbor_trailing", edit_protected=lambda p: p + b"\0")
    long_head = lambda content: bytes(cbor.bytestring(content, 4))
    cose("protected_long_head", "CV-74", "C-051", item=long_head)
    cose("protected_long_head_signed", "CV-75", "C-051", "signature_mismatch", item=long_head, sign_item=True)
    cose("protected_empty", "CV-76", "C-011 C-020", "notary_algorithm_missing", edit_protected=lambda p: b"")
    cose("protected_empty_map", "CV-76", "C-020", "notary_algorithm_missing", edit_protected=lambda p: b"\xa0")
    cose("protected_indefinite_bytes", "CV-78", "C-004", "cbor_indefinite",
         item=lambda content: bytes(cbor.indefinite(2, cbor.encode(content))))
    cose("protected_utf8", "CV-93", "C-006", "cbor_utf8", attributes={"x": cbor.text(b"\xc3\x28")})


def payloads(t, cose):
    good = t.payload_of({})
    cose("payload_trailing_space", "CV-87", "J-050", payload=good + b" ")
    cose("payload_array", "CV-87", "J-050", "json_type", payload=b"[]")
    cose("payload_twice", "CV-87", "G-012", "json_duplicate_name", reference="accept",
         payload=good.replace(b'"digest"', b'"digest":"sha256:0","digest"'))


def values(t, cose):
    """Values of attributes that nobody asks for."""
    cose("tag_unprotected", "CV-90", "C-009", "cbor_tag", header={"x": Tag(42, b"x")})
    cose("tag_protected", "CV-91", "C-009", attributes={"x": Tag(42, b"x")})
    nested = Pairs([(b"k", 1.5), (2, Raw(b"\xf5")), ("m", Pairs([(b"\x01", Raw(b"\xf0"))]))])
    cose("value_nested", "CV-92", "C-008", attributes={"x": nested})
    cose("unprotected_utf8", "CV-94", "C-006", "cbor_utf8", header={"x": cbor.text(b"\xc3\x28")})


def parameters(t, cose):
    cose("both_vectors", "CV-95", "C-029", "cose_parameter", attributes={5: b"x"}, header={6: b"x"})
    cose("kid_number", "CV-96", "C-029", "cbor_type", header={4: 1})
    cose("kid", "CV-97", "C-046", header={4: b"x"}, attributes={35: "https://example.com/x", 34: [1, b"x"]})
    cose("countersignature_0", "CV-98", "C-029", header={9: b"x"})
    cose("countersignature_0_protected", "", "C-029", "cose_parameter", attributes={9: b"x"})
    cose("countersignature_junk", "CV-99", "C-029", "cose_parameter", header={11: "junk"})
    cose("type_no_slash", "CV-100", "C-029", "cose_parameter", attributes={16: "x"})
    cose("type", "", "C-029", attributes={16: "a/b"})


def unsigned(t, cose):
    cose("agent", "", "C-045", header={AGENT: "signer/1.0"})
    cose("agent_number", "CV-101", "C-045", "cbor_type", reference="accept", header={AGENT: 1})
    cose("timestamp_text", "CV-102", "C-044", "cbor_type", reference="accept", header={TOKEN: "x"})
    cose("timestamp_empty", "", "C-044", "notary_timestamp_empty", header={TOKEN: b""})
    cose("timestamp_garbage", "", "C-044 W-061", header={TOKEN: b"garbage"})


def signatures(t, cose):
    rsa = {"key": "rsa2048_signer", "certs": ["acme_leaf_rsa2048", "acme_root"]}
    cose("rsa_2048", "CV-103", "C-053", **rsa)
    cose("salt_20", "CV-104", "C-053", "signature_mismatch", **rsa, salt=20)
    cose("ecdsa_der", "CV-105", "C-054", "signature_length", der_signature=True)
    cose("rsa_2047", "", "C-055 J-041", "notary_key_size", key="rsa2047_signer",
         certs=["acme_leaf_rsa2047", "acme_root"])
    cose("signature_of_other_payload", "PV-44", "C-050 W-006", "signature_mismatch", level="audit",
         elements=lambda all: all[:2] + [cbor.encode(t.payload_of({"size": 1}))] + all[3:])


def switches(t, cose):
    leaf, root = certificate("acme_leaf"), certificate("acme_root")
    cose("compat_critical", "", "C-033 C-034", more_crit=[1, 3, TIME, SCHEME], compat=["cose_crit_lenient"])
    cose("compat_other_time", "", "C-023", attributes={AUTHENTIC: "x"}, compat=["cose_ignore_other_time"])
    cose("compat_overlap", "", "C-040", header={1: -35}, compat=["cose_overlap_labels"])
    cose("compat_bare", "", "C-042", key="p256_signer", certs=["acme_lone"], header={33: certificate("acme_lone")},
         compat=["cose_x5chain_bare"])
    cose("compat_protected_chain", "", "C-043", header={33: None}, attributes={33: [leaf, root]},
         compat=["cose_x5chain_protected"])
