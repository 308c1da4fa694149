# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Cases that are about JWS: one line or paragraph each, with the row of the rule book it stands for."""
from notary_envelope import AUTHORITY, N, b64, b64url, certificate, compact

SCHEME, TIME, AUTHENTIC, EXPIRY = N + "signingScheme", N + "signingTime", N + "authenticSigningTime", N + "expiry"
LATER = (2208988800, "2040-01-01T00:00:00Z")
PAST = (1700006400, "2023-11-15T00:00:00Z")


def define(t):
    def jws(name, row, rules, expect="ok", **more):
        t.case(name, row, rules, expect, form="jws", **more)
    for part in (critical, protected, times, container, base64_text, unprotected, payloads, signatures, switches):
        part(t, jws)


def replace(old, new):
    def change(data):
        assert old in data, (old, data[:300])
        return data.replace(old, new, 1)
    return change


def critical(t, jws):
    foreign = {"attributes": {"com.example.policy": "x"}}
    jws("critical_unknown", "JV-02", "J-035", "notary_critical_unknown", reference="accept", **foreign,
        more_crit=["com.example.policy"])
    jws("critical_understood", "", "J-035", **foreign, more_crit=["com.example.policy"],
        understands=["com.example.policy"])
    jws("unknown_not_critical", "JV-03", "J-036 G-015", **foreign)
    jws("critical_absent", "JV-04", "J-033", "notary_critical_absent", more_crit=["com.example.policy"],
        understands=["com.example.policy"], title="the caller understands it, but it is not there")
    jws("critical_absent_unknown", "JV-04", "J-033 J-035", "notary_critical_unknown", more_crit=["com.example.policy"])
    jws("critical_signing_time", "JV-05", "J-035", "notary_critical_unknown", more_crit=[TIME])
    jws("critical_alg", "JV-06", "J-032", "notary_critical_registered", more_crit=["alg"])
    jws("critical_twice", "JV-07", "J-031", "notary_critical_twice", more_crit=[SCHEME])
    jws("critical_expiry_absent", "JV-08", "J-033", "notary_critical_absent", more_crit=[EXPIRY])
    jws("critical_string", "JV-09", "J-030", "json_type", crit=SCHEME)
    jws("critical_number", "", "J-030", "json_type", crit=[SCHEME, 5])
    jws("critical_b64", "JV-10", "J-035 J-036", "jws_unencoded_payload", reference="accept",
        attributes={"b64": False}, more_crit=["b64"])
    jws("critical_extension_twice", "JV-59", "J-031", "notary_critical_twice", reference="accept", **foreign,
        more_crit=["com.example.policy"] * 2, understands=["com.example.policy"])
    jws("critical_typ", "JV-60", "J-032", "notary_critical_registered", reference="accept",
        attributes={"typ": "x"}, more_crit=["typ"])
    jws("critical_empty", "JV-61", "J-030", "notary_critical_missing", crit=[])
    jws("critical_missing", "", "J-030", "notary_critical_missing", attributes={"crit": None})
    jws("b64_not_critical", "JV-62", "J-036", "jws_unencoded_payload", reference="accept", attributes={"b64": False})
    jws("scheme_not_critical", "", "J-034", "notary_critical_required", **foreign, not_crit=[SCHEME],
        more_crit=["com.example.policy"], understands=["com.example.policy"])
    jws("expiry_not_critical", "JV-25", "J-034", "notary_critical_required", expiry=LATER, not_crit=[EXPIRY])
    jws("authentic_not_critical", "JV-79", "J-034", "notary_critical_required", scheme=AUTHORITY,
        not_crit=[AUTHENTIC])
    plugin = N + "verificationPlugin"
    jws("plugin_critical", "JV-11", "J-037", "notary_plugin", attributes={plugin: "p"}, more_crit=[plugin])
    jws("plugin_not_critical", "JV-11", "J-037", "notary_plugin", attributes={plugin: "p"})
    jws("plugin_version", "JV-12", "J-037", "notary_plugin", reference="accept",
        attributes={plugin + "MinVersion": "1.0.0"}, more_crit=[plugin + "MinVersion"])


def protected(t, jws):
    jws("baseline", "JV-01", "J-001 J-002 J-003 J-042")
    jws("declared", "", "J-001", declared="application/jose+json")
    jws("declared_cose", "", "J-001 C-001", "format_mismatch", declared="application/cose")
    jws("algorithm_twice", "JV-13", "G-012", "json_duplicate_name", reference="accept",
        edit_protected=replace(b"{", b'{"alg":"ES384",'))
    jws("scheme_folded", "JV-14", "J-006 J-023 G-011", "notary_scheme_missing", reference="accept",
        edit_protected=replace(SCHEME.encode() + b'":', SCHEME.upper().encode() + b'":'))
    jws("algorithm_folded", "JV-15", "G-011 J-021", reference="reject", attributes={"ALG": "none"})
    jws("content_type_other", "JV-16", "J-022", "notary_content_type", attributes={"cty": "application/json"})
    jws("content_type_short", "", "J-022", "notary_content_type",
        attributes={"cty": "vnd.cncf.notary.payload.v1+json"})
    jws("content_type_missing", "", "J-022", "notary_content_type", attributes={"cty": None})
    jws("typ", "JV-17", "J-036", attributes={"typ": "JOSE"})
    jws("algorithm_missing", "", "J-021", "notary_algorithm_missing", attributes={"alg": None})
    for name in ("none", "HS256", "EdDSA", "es256"):
        jws(f"algorithm_{name.lower()}{'_lower' if name == 'es256' else ''}", "", "J-021",
            "notary_algorithm_unknown", alg=name)
    jws("scheme_upper_case", "JV-78", "J-023", "notary_scheme_unknown", attributes={SCHEME: "Notary.x509"})
    jws("scheme_unknown", "JV-78", "J-023", "notary_scheme_unknown", attributes={SCHEME: "notary.x"})
    jws("scheme_missing", "", "J-023", "notary_scheme_missing", attributes={SCHEME: None})
    jws("protected_white_space", "JV-76", "J-020", edit_protected=lambda p: p + b" \n")
    jws("protected_trailing", "", "J-020", "json_trailing", edit_protected=lambda p: p + b"x")
    jws("protected_array", "", "J-020", "json_type", edit_protected=lambda p: b"[" + p + b"]")
    jws("protected_utf8", "JV-77", "G-010", "json_utf8", reference="accept",
        edit_protected=replace(b"{", b'{"x":"\xc3\x28",'))
    jws("keys_ignored", "", "J-013 J-038", attributes={"kid": "x", "jwk": {"kty": "oct"}},
        header={"x5u": "https://example.com/x", "jku": "https://example.com/k"})


def times(t, jws):
    def at(text, name=TIME):
        return {"attributes": {name: text}}
    jws("time_missing", "JV-18", "J-025", "notary_times_x509", attributes={TIME: None})
    jws("time_null", "JV-18", "G-014 J-024", "json_type", edit_protected=replace(b'"2023-11-14T22:13:20Z"', b"null"))
    jws("time_zero", "JV-18", "J-027", "notary_signing_time_zero", **at("0001-01-01T00:00:00Z"))
    jws("time_fraction", "JV-19", "G-019 J-024", **at("2023-11-14T22:13:20.5Z"))
    jws("time_offset", "JV-19", "G-019", **at("2023-11-14T22:13:20+01:00"))
    for what, text in (("one_digit", "2023-11-14T7:01:20Z"), ("comma", "2023-11-14T07:01:20,5Z")):
        jws(f"time_{what}", "JV-20", "G-019", "time_text", reference="accept", **at(text))
    for what, text in (("lower_t", "2023-11-14t07:01:20Z"), ("lower_z", "2023-11-14T07:01:20z"),
                       ("space", "2023-11-14 07:01:20Z"), ("leap", "2023-11-14T07:01:60Z"),
                       ("hour_24", "2023-11-14T24:00:00Z"), ("no_zone", "2023-11-14T07:01:20")):
        jws(f"time_{what}", "JV-21", "G-019", "time_text", **at(text))
    jws("time_number", "JV-22", "J-024", "json_type", **at(1700000000))
    jws("time_far", "JV-23", "J-029", **at("9999-12-31T23:59:59Z"))
    jws("expiry_later", "JV-24", "J-034 J-028 W-050", expiry=LATER)
    for what, text in (("equal", "2023-11-14T22:13:20Z"), ("before", "2023-11-14T22:13:19Z")):
        jws(f"expiry_{what}", "JV-26", "J-028", "notary_expiry", expiry=(0, text))
    jws("expiry_fraction_later", "", "J-028 W-066", "signature_expired", expiry=(0, "2023-11-14T22:13:20.1Z"),
        title="later by a tenth of a second, and long past")
    jws("expiry_past", "", "W-050", "signature_expired", expiry=PAST)
    jws("expiry_now", "", "W-050", "signature_expired", expiry=(0, "2026-01-01T00:00:00Z"))
    jws("both_times_x509", "JV-27", "J-025", "notary_times_x509", **at("2023-11-14T22:13:20Z", AUTHENTIC))
    jws("both_times_authority", "JV-28", "J-026", "notary_times_authority", scheme=AUTHORITY,
        **at("2023-11-14T22:13:20Z"))
    jws("authority", "", "J-026 W-064 W-030", scheme=AUTHORITY)
    jws("authority_time_missing", "", "J-026", "notary_times_authority", scheme=AUTHORITY,
        attributes={AUTHENTIC: None})
    jws("expiry_zero_not_critical", "JV-29", "J-027 J-034", "notary_critical_required", reference="accept",
        expiry=(0, "0001-01-01T00:00:00Z"), not_crit=[EXPIRY])
    jws("expiry_zero", "", "J-027 J-028", "notary_expiry", expiry=(0, "0001-01-01T00:00:00Z"))
    jws("expiry_null", "JV-30", "G-014", "json_type", reference="accept",
        edit_protected=replace(b"{", b'{"' + EXPIRY.encode() + b'":null,'))


def container(t, jws):
    jws("extra_top", "JV-31", "J-004", "jws_member_unknown", reference="accept", top={"extra": 1})
    for member in ("payload", "protected", "signature", "header"):
        jws(f"no_{member}", "JV-67" if member == "header" else "", "J-003", "jws_member_missing", top={member: None},
            declared="application/jose+json")
    jws("signature_empty", "", "J-003", "jws_member_missing", top={"signature": ""})
    jws("names_folded", "JV-36", "J-006 G-011", "jws_member_unknown", reference="accept",
        declared="application/jose+json",
        wrap=lambda m: compact({"Payload": m["payload"], "PROTECTED": m["protected"], "Header": m["header"],
                                "Signature": m["signature"]}))
    jws("trailing_space", "JV-37", "J-002", mutate=lambda e: e + b" \n")
    jws("trailing_x", "JV-37", "J-002", "json_trailing", mutate=lambda e: e + b"x")
    jws("payload_twice", "JV-38", "G-012", "json_duplicate_name", reference="accept",
        mutate=replace(b"{", b'{"payload":"e30",'))
    jws("general", "JV-57", "J-005", "jws_several_signatures", declared="application/jose+json",
        wrap=lambda m: compact({"payload": m["payload"], "signatures": [
            {k: m[k] for k in ("protected", "header", "signature")}]}))
    jws("signatures_besides", "JV-58", "J-005", "jws_several_signatures", reference="accept",
        declared="application/jose+json", top={"signatures": []})
    jws("signatures_extra_top", "", "J-005", "jws_several_signatures", declared="application/jose+json",
        top={"signatures": []}, compat=["jws_extra_top"])
    jws("mixed_with_prototype", "", "G-020", "format_unknown", top={"signed": {}})
    jws("bom", "", "G-010", "json_syntax", mutate=lambda e: b"\xef\xbb\xbf" + e, declared="application/jose+json")


def base64_text(t, jws):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    unused = lambda s: s[:-1] + alphabet[alphabet.index(s[-1]) ^ 1]
    jws("signature_padding", "JV-39", "G-017 J-043", "base64_character", top={"signature": lambda s: s + "=="})
    jws("signature_line_feed", "JV-40", "G-017", "base64_character", reference="accept",
        top={"signature": lambda s: s[:8] + "\n" + s[8:]})
    jws("signature_unused_bits", "JV-41", "G-017", "base64_trailing_bits", reference="accept",
        top={"signature": unused})
    der = b64(certificate("acme_leaf"))
    rest = [b64(certificate("acme_root"))]
    jws("certificate_line_feed", "JV-65", "G-016", "base64_character", reference="accept",
        header={"x5c": [der[:64] + "\n" + der[64:]] + rest})
    jws("certificate_numbers", "JV-66", "G-018", "json_type", reference="accept",
        header={"x5c": [list(certificate("acme_leaf"))] + rest})
    jws("lenient", "", "G-016 G-017", compat=["b64_lenient"], header={"x5c": [der[:64] + "\n" + der[64:]] + rest},
        top={"signature": lambda s: unused(s[:8] + "\n" + s[8:])})


def unprotected(t, jws):
    token = N + "timestampSignature"
    jws("algorithm_in_both", "JV-32", "J-014", "jws_name_in_both", reference="accept", header={"alg": "ES256"})
    jws("agent", "", "J-012", header={N + "signingAgent": "signer/1.0"})
    jws("agent_number", "JV-33", "J-012", "json_type", header={N + "signingAgent": 1})
    jws("timestamp_garbage", "JV-34", "J-011 W-061", header={token: "Z2FyYmFnZQ=="})
    jws("timestamp_no_base64", "JV-35", "J-011", "base64_character", header={token: "*"})
    jws("timestamp_null", "JV-69", "J-011 G-014", "json_type", reference="accept",
        mutate=replace(b'"x5c"', b'"' + token.encode() + b'":null,"x5c"'))
    jws("timestamp_empty", "JV-69", "J-011", "notary_timestamp_empty", reference="accept", header={token: ""})
    jws("critical_unprotected", "JV-63", "J-015", "jws_critical_unprotected", reference="accept",
        header={"crit": [SCHEME]})
    leaf, root = certificate("acme_leaf"), certificate("acme_root")
    jws("leaf_trailing", "JV-64", "J-010 X-001", "der_trailing", header={"x5c": [b64(leaf + b"\0"), b64(root)]})
    jws("root_trailing", "", "J-010 X-001", "der_trailing", header={"x5c": [b64(leaf), b64(root + b"\0")]})
    jws("chain_empty", "JV-67", "J-010", "notary_chain_empty", header={"x5c": []})
    jws("chain_missing", "", "J-010", "jws_chain_missing", header={"x5c": None, N + "signingAgent": "x"})
    jws("chain_string", "JV-68", "J-010", "json_type", header={"x5c": b64(leaf)})
    jws("chain_folded", "", "J-006 J-010", "jws_chain_missing", header={"x5c": None, "X5C": [b64(leaf), b64(root)]})
    jws("chain_reversed", "", "J-010", "leaf_is_ca", header={"x5c": [b64(root), b64(leaf)]},
        anchors=[("acme_root", "ca")])
    jws("chain_eleven", "", "G-003 X-040", "chain_too_long", header={"x5c": [b64(leaf)] + [b64(root)] * 10})


def payloads(t, jws):
    good = t.payload_of({})
    def payload(name, row, rules, expect, text, **more):
        jws(f"payload_{name}", row, rules, expect, payload=text, **more)
    payload("array", "JV-42", "J-050", "json_type", b"[]")
    payload("null", "JV-43", "J-050", "json_type", b"null")
    payload("trailing", "JV-44", "J-050", "json_trailing", good + b"x")
    payload("trailing_space", "JV-44", "J-050", "ok", b" " + good + b"\n ")
    payload("extra", "JV-45", "J-054", "ok", good[:-1] + b',"other":[1]}')
    payload("folded", "JV-46", "G-011 J-051", "payload_target_missing",
            good.replace(b"targetArtifact", b"TargetArtifact"), reference="accept")
    payload("digest_twice", "JV-47", "G-012", "json_duplicate_name",
            good.replace(b'"digest"', b'"digest":"sha256:0","digest"'), reference="accept")
    size = b'"size":%d' % len(t.MANIFEST)
    for what, text in (("point", b"%d.0" % len(t.MANIFEST)), ("text", b'"%d"' % len(t.MANIFEST)),
                       ("exponent", b"5.0e2")):
        payload(f"size_{what}", "JV-48" if what == "point" else "JV-73", "G-013 J-051",
                "json_type" if what == "text" else "json_number", good.replace(size, b'"size":' + text))
    payload("size_negative", "", "J-051 D-006", "payload_size", t.payload_of({"size": -1}))
    for member, code in (("mediaType", "payload_media_type"), ("digest", "payload_digest_missing"),
                         ("size", "payload_size")):
        payload(f"no_{member.lower()}", "", "J-051", code, t.payload_of({member: None}))
    payload("media_type_empty", "", "J-051", "payload_media_type", t.payload_of({"mediaType": ""}))
    payload("artifact_type", "JV-49", "J-053", "ok", t.payload_of({"artifactType": "application/other"}))
    payload("artifact_type_number", "", "J-053", "json_type", t.payload_of({"artifactType": 1}))
    payload("claims", "JV-70", "J-058", "ok", good[:-1] + b',"exp":1}')
    payload("annotation_number", "JV-71", "J-052", "json_type", t.payload_of({"annotations": {"a": 1}}))
    payload("annotation_key", "", "J-052 D-010", "payload_annotation_key", t.payload_of({"annotations": {"": "a"}}))
    payload("annotation_reserved", "", "J-057", "ok", t.payload_of({"annotations": {N + "x": "1"}}))
    payload("urls_number", "JV-72", "J-054", "ok", t.payload_of({"urls": 1}), reference="reject")
    payload("digest_upper_case", "JV-74", "D-002", "digest_syntax",
            t.payload_of({"digest": "sha256:" + t.digest(t.MANIFEST)[7:].upper()}))
    payload("digest_grammar", "", "D-001", "digest_syntax", t.payload_of({"digest": "sha256"}))
    payload("digest_other", "", "D-003 D-004", "digest_unsupported", t.payload_of({"digest": "blake3:" + "0" * 64}))
    payload("bom", "JV-75", "G-010", "json_syntax", b"\xef\xbb\xbf" + good)


def signatures(t, jws):
    rsa = {"key": "rsa2048_signer", "certs": ["acme_leaf_rsa2048", "acme_root"]}
    jws("salt_20", "JV-52", "J-044", "signature_mismatch", reference="accept", **rsa, salt=20)
    jws("salt_most", "JV-53", "J-044", "signature_mismatch", reference="accept", **rsa, salt=222)
    jws("rsa_2047", "JV-54", "J-041", "notary_key_size", reference="accept", key="rsa2047_signer",
        certs=["acme_leaf_rsa2047", "acme_root"])
    jws("ps384_with_rsa_2048", "JV-55", "J-021", "notary_algorithm_mismatch", **rsa, alg="PS384", signed_as="PS384")
    jws("rs256", "JV-56", "J-021", "notary_algorithm_unknown", **rsa, alg="RS256", signed_as="RS256")
    jws("es384_with_p256", "", "J-021", "notary_algorithm_mismatch", alg="ES384", signed_as="ES384")
    jws("ecdsa_der", "", "J-045", "signature_length", der_signature=True)
    jws("signature_of_other_payload", "PV-44", "J-042 J-046 W-006", "signature_mismatch", level="audit",
        top={"payload": b64url(t.payload_of({"size": 1}))})
    jws("payload_unread", "", "J-046", "signature_mismatch", top={"payload": b64url(b"not JSON")})


def switches(t, jws):
    jws("compat_extra_top", "", "J-004", top={"extra": 1}, compat=["jws_extra_top"])
    jws("compat_overlap", "", "J-014", header={"alg": "none", "cty": 5}, compat=["jws_overlap_names"])
    jws("compat_last_wins", "", "G-012", compat=["dup_last_wins"], edit_protected=replace(b"{", b'{"alg":"ES384",'),
        payload=t.payload_of({}).replace(b'"digest"', b'"digest":"sha256:0","digest"'))
    jws("escaped_names", "", "G-011 J-006", mutate=replace(b'"payload"', b'"pay\\u006coad"'))
