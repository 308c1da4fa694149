# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""The cases, one line or paragraph each: name, rules it shows, what must come of it, what is changed."""


def define(g):
    """Registers every case with the generator `g`."""
    accepted(g)
    malformed_json(g)
    malformed_jwt(g)
    headers(g)
    base64_text(g)
    arrays(g)
    claims(g)
    algorithms(g)
    kids(g)
    chains(g)
    names(g)
    times(g)
    binding(g)
    switches(g)


def accepted(g):
    for kind, alg in (("rsa2048", "RS256"), ("rsa2048", "RS384"), ("rsa3072", "RS512"),
                      ("rsa4096", "RS256"), ("p256", "ES256"), ("p384", "ES384"), ("p521", "ES512")):
        g.both(f"ok_{alg.lower()}_{kind}_x5c", "N-050 N-036 N-004 N-056 NV-01 NV-07", "ok",
               key=f"{kind}_signer", alg=alg, certs=[f"self_{kind}"])
    for kind in ("rsa2048", "p256", "p521"):
        g.both(f"ok_{kind}_kid", "N-013 N-070 N-072", "ok", key=f"{kind}_signer", certs=None,
               kid=g.pki.kid(f"{kind}_signer"), anchors=[(f"self_{kind}", "signer")])
    g.both("ok_kid_beside_x5c", "N-071", "ok", kid=g.pki.kid("p256_signer"))
    g.both("ok_no_references", "N-007 N-117", "ok", claims={"references": None})
    g.both("ok_two_references", "N-116", "ok",
           claims={"references": [g.REF, "registry.example.com/team/other:v2"]})
    g.both("ok_expiry", "N-130 N-131 N-136", "ok", claims={"exp": g.NOW + 1, "nbf": g.NOW})
    g.both("ok_unknown_members", "N-035 NV-12", "ok", claims={"comment": {"a": [1, None]}},
           header={"jku": "https://example.com/keys", "jwk": {}, "x5u": "https://example.com/x"})
    g.both("ok_iat_in_future", "N-134", "ok", claims={"iat": g.NOW + 10**6})
    g.case("jwt_ok_member_sig", "N-035", "ok", header={"sig": 5})
    g.case("json_ok_trailing_newline", "N-002 NV-02", "ok", form="json", mutate=lambda e: e + b"\n")
    g.case("json_ok_white_space", "N-004 NV-05", "ok", form="json",
           raw_claims=b'{ "digest" : "' + g.digest(g.MANIFEST).encode() + b'",\n\t"size":%d }'
           % len(g.MANIFEST),
           wrap=lambda data, s: b' { "signed" : ' + data + b' ,\r\n "signature" : ' + s + b" } ")
    g.case("jwt_ok_trailing_lf", "N-031 NV-40", "ok", mutate=lambda e: e + b"\n")
    g.case("jwt_ok_trailing_crlf", "N-031 NV-40", "ok", mutate=lambda e: e + b"\r\n")
    g.case("jwt_ok_header_white_space", "N-033 NV-46", "ok",
           raw_header=g.compact(g.Case().header_members()) + b" \n ")
    g.both("ok_escaped_text", "G-011", "ok", mutate=None,
           raw_claims=b'{"mediaType":"application\\/vnd.docker.distribution.manifest.v2\\u002bjson",'
           b'"dig\\u0065st":"' + g.digest(g.MANIFEST).replace(":", "\\u003a").encode()
           + b'","size":%d,"references":["registry.example.com\\/a"]}' % len(g.MANIFEST))
    g.case("json_ok_escaped_base64", "N-010", "ok", form="json",
           wrap=lambda data, s: b'{"signed":' + data + b',"signature":'
           + s.replace(b"/", b"\\/").replace(b"+", b"\\u002b") + b"}")
    for algorithm in ("sha384", "sha512"):
        g.both(f"ok_{algorithm}_digest", "N-141", "ok", reference="none",
               claims={"digest": g.digest(g.MANIFEST, algorithm)})


def malformed_json(g):
    def raw(name, rules, expect, text, **more):
        g.case(f"json_{name}", rules, expect, form="json", mutate=lambda e: text, **more)
    wrap = lambda text: (lambda data, s: text.replace(b"$D", data).replace(b"$S", s))
    g.case("json_trailing_garbage", "N-002 NV-03", "json_trailing", form="json", reference="accept",
           mutate=lambda e: e + b"garbage")
    g.case("json_bom", "G-010 NV-04", "format_unknown", form="json", mutate=lambda e: b"\xef\xbb\xbf" + e)
    g.case("json_bom_declared", "G-010 NV-04 G-020", "json_syntax", form="json",
           declared="application/vnd.cncf.notary.config.v2+json",
           mutate=lambda e: b"\xef\xbb\xbf" + e)
    g.case("json_reformatted", "N-004 NV-06", "signature_mismatch", form="json",
           mutate=lambda e: e.replace(b'"signed":{', b'"signed":{ ', 1))
    g.case("json_case_folded_names", "G-011 NV-09", "envelope_members_missing", form="json",
           reference="accept", mutate=g.replace(b'"signature"', b'"SIGNATURE"'))
    g.case("json_signed_twice", "G-012 NV-10", "json_duplicate_name", form="json", reference="accept",
           wrap=wrap(b'{"signed":{},"signed":$D,"signature":$S}'))
    g.case("json_signed_twice_escaped", "G-012", "json_duplicate_name", form="json", reference="accept",
           wrap=wrap(b'{"s\\u0069gned":{},"signed":$D,"signature":$S}'))
    g.case("json_both_signature_members", "N-001", "envelope_members_mixed", form="json",
           reference="accept", wrap=wrap(b'{"signed":$D,"signature":$S,"signatures":[$S]}'))
    g.case("json_no_signature", "N-001", "envelope_members_missing", form="json",
           wrap=wrap(b'{"signed":$D}'))
    g.case("json_no_signed", "N-001", "envelope_members_missing", form="json",
           wrap=wrap(b'{"signature":$S}'))
    g.case("json_foreign_members", "G-020", "format_unknown", form="json", reference="accept",
           wrap=wrap(b'{"signed":$D,"signature":$S,"payload":"","protected":""}'))
    g.case("json_signed_string", "N-003", "signed_not_object", form="json",
           wrap=wrap(b'{"signed":"{}","signature":$S}'))
    g.case("json_signed_null", "N-003 G-014", "signed_not_object", form="json",
           wrap=wrap(b'{"signed":null,"signature":$S}'))
    g.case("json_signature_string", "N-016", "json_type", form="json",
           wrap=wrap(b'{"signed":$D,"signature":"x"}'))
    g.case("json_signatures_object", "N-015", "json_type", form="json",
           wrap=wrap(b'{"signed":$D,"signatures":{}}'))
    g.case("json_top_array", "N-001", "format_unknown", form="json", mutate=lambda e: b"[" + e + b"]")
    raw("truncated", "G-010", "json_truncated", b'{"signed":{"digest":"sha')
    raw("syntax", "G-010", "json_syntax", b'{"signed" {}}')
    raw("utf8", "G-010", "json_utf8", b'{"signed":{"a":"\xc3\x28"}}')
    raw("escape", "G-010", "json_escape", b'{"signed":{"a":"\\ud800"}}')
    raw("depth", "G-003", "json_depth", b'{"other":' + b"[" * 40 + b"]" * 40 + b"}")
    raw("members", "G-003", "json_members",
        b'{"signed":{' + b",".join(b'"%d":0' % i for i in range(100)) + b"}}")
    raw("empty", "N-030 NV-50", "envelope_empty", b"")


def malformed_jwt(g):
    g.case("jwt_empty", "N-030 NV-50", "envelope_empty", mutate=lambda e: b"")
    g.case("jwt_two_segments", "N-030", "jwt_segments", mutate=lambda e: e.rsplit(b".", 1)[0])
    g.case("jwt_four_segments", "N-030 NV-43", "jwt_segments", mutate=lambda e: e + b".AAAA")
    for index, part in enumerate(("header", "claims", "signature")):
        g.case(f"jwt_empty_{part}", "N-030", "jwt_segments",
               mutate=g.tamper_segment(index, lambda s: b""))
    g.case("jwt_trailing_space", "N-031 NV-41", "base64_character", mutate=lambda e: e + b" ")
    g.case("jwt_trailing_padding", "N-031 N-032 NV-41", "base64_character", mutate=lambda e: e + b"=")
    g.case("jwt_leading_lf", "N-031 NV-42", "format_unknown", mutate=lambda e: b"\n" + e)
    g.case("jwt_leading_lf_declared", "N-031 NV-42", "base64_character", mutate=lambda e: b"\n" + e,
           declared="application/vnd.cncf.notary.config.v2+jwt")
    g.case("jwt_two_line_ends", "N-031", "base64_character", reference="accept",
           mutate=lambda e: e + b"\n\n")
    g.case("jwt_lf_in_signature", "N-031 NV-44", "base64_character", reference="accept",
           mutate=g.tamper_segment(2, lambda s: s[:8] + b"\n" + s[8:]))
    g.case("jwt_unused_bits", "N-032 NV-45", "base64_trailing_bits", reference="accept",
           mutate=g.tamper_segment(2, g.nonzero_unused_bits))
    g.case("jwt_standard_alphabet", "N-032", "base64_character",
           mutate=g.tamper_segment(2, lambda s: b"+/" + s[2:]))
    g.case("jwt_impossible_length", "N-032", "base64_length",
           mutate=g.tamper_segment(2, lambda s: s[:85]))
    header = g.compact(g.Case().header_members())
    g.case("jwt_header_trailing", "N-033 NV-46", "json_trailing", raw_header=header + b"x")
    g.case("jwt_header_array", "N-033", "json_type", raw_header=b"[" + header + b"]")
    g.case("jwt_header_folded_name", "G-011 NV-47", "type_missing", reference="accept",
           raw_header=header.replace(b'"typ"', b'"TYP"'))
    g.case("jwt_header_duplicate", "G-012", "json_duplicate_name", reference="accept",
           raw_header=header.replace(b"{", b'{"typ":"x509",', 1))
    g.case("jwt_critical", "N-034 NV-48", "jwt_critical", header={"crit": ["exp"]}, reference="accept")
    g.case("jwt_typ_jwt", "N-033", "type_unsupported", typ="JWT")
    g.case("jwt_claims_tampered", "N-036", "signature_mismatch",
           mutate=g.tamper_segment(1, lambda s: s[:-4] + b"AAAA"))
    g.case("declared_unknown", "G-020", "format_unknown", declared="application/octet-stream",
           reference="none")
    g.case("declared_other_format", "G-020", "format_mismatch", reference="none",
           declared="application/vnd.cncf.notary.config.v2+json")
    g.case("jwt_declared", "G-020", "ok", reference="none",
           declared="application/vnd.cncf.notary.config.v2+jwt")


def headers(g):
    for wrong in ("gpg", "tuf", "X509", ""):
        g.both(f"typ_{wrong or 'empty'}", "N-011 N-033 NV-17", "type_unsupported", typ=wrong)
    g.both("typ_missing", "N-011 N-033 NV-17", "type_missing", typ=None)
    g.both("typ_number", "N-016", "json_type", typ=1)
    g.both("alg_missing", "N-012", "algorithm_missing", header={"alg": None})
    for wrong in ("rs256", "", "PS256", "none", "HS256", "EdDSA", "RS1", "XS256"):
        g.both(f"alg_{wrong or 'empty'}".lower() + ("_lower" if wrong == "rs256" else ""),
               "N-050 NV-08", "algorithm_unknown", header={"alg": wrong})
    g.both("no_key_hint", "N-013 NV-18", "key_hint_missing", certs=None, anchors=[("self_p256", "signer")])
    g.both("x5c_empty", "N-013 NV-18", "key_hint_missing", certs=None, header={"x5c": []},
           anchors=[("self_p256", "signer")])
    g.both("kid_empty", "N-013", "key_hint_missing", certs=None, header={"kid": ""},
           anchors=[("self_p256", "signer")])
    g.both("x5c_string", "N-080", "json_type", header={"x5c": g.b64(g.cert("self_p256"))})
    g.both("x5c_number_array", "G-018 NV-14", "json_type", reference="accept",
           header={"x5c": [list(g.cert("self_p256"))]})
    g.both("x5c_too_many", "G-003", "chain_too_long", reference="accept",
           header={"x5c": [g.b64(g.cert("self_p256"))] * 11})
    g.both("x5c_not_certificate", "N-080 N-081", "der_tag", header={"x5c": [g.b64(b"\x05\x00")]})
    g.both("x5c_second_garbage", "N-081 NV-37", "der_truncated",
           header={"x5c": [g.b64(g.cert("self_p256")), g.b64(g.cert("self_p384")[:-1])]})
    g.both("x5c_trailing_byte", "N-080 NV-37", "der_trailing",
           header={"x5c": [g.b64(g.cert("self_p256")), g.b64(g.cert("self_p384") + b"\0")]})
    g.case("json_sig_missing", "N-010", "signature_missing", form="json", header={"sig": None})
    g.case("json_sig_empty", "N-010", "signature_missing", form="json", header={"sig": ""})
    g.case("json_sig_number", "N-010", "json_type", form="json", header={"sig": 1})


def base64_text(g):
    def edit_sig(change):
        def apply(data, s):
            members = g.json.loads(s)
            members["sig"] = change(members["sig"])
            return b'{"signed":' + data + b',"signature":' + g.compact(members) + b"}"
        return apply
    g.case("json_sig_no_padding", "N-010 NV-16", "base64_length", form="json",
           wrap=edit_sig(lambda s: s.rstrip("=")))
    g.case("json_sig_url_alphabet", "N-010 NV-16", "base64_character", form="json",
           wrap=edit_sig(lambda s: "-_" + s[2:]))
    der = g.b64(g.cert("self_p256"))
    g.both("x5c_line_feed", "N-080 G-016 NV-15", "base64_character", reference="accept",
           header={"x5c": [der[:64] + "\n" + der[64:]]})
    g.both("x5c_url_alphabet", "N-080", "base64_character",
           header={"x5c": [der.replace("/", "_").replace("+", "-")]})


def arrays(g):
    other = {"key": "p256_other"}
    def array(name, rules, expect, elements, **more):
        g.case(f"array_{name}", rules, expect, form="json", elements=elements, reference="none", **more)
    array("ok_one", "N-001 N-015 NV-57", "ok", [{}])
    array("ok_second", "N-017 N-018", "ok", [{"certs": ["self_other"], **other}, {}],
          anchors=[("self_p256", "signer")])
    array("ok_unknown_type_first", "N-017 N-011", "ok", [{"typ": "gpg"}, {}])
    array("ok_uncovered_first", "N-020", "ok", [{"certs": ["names_ip"]}, {}],
          anchors=[("self_p256", "signer"), ("names_ip", "signer")])
    array("empty", "N-015", "signatures_empty", [])
    array("too_many", "G-003", "signatures_too_many", [{"raw": b"{}"}] * 101)
    array("one_fails", "N-018", "no_path_to_anchor", [{"certs": ["self_other"], **other}],
          anchors=[("self_p256", "signer")])
    array("none_valid", "N-018", "no_valid_signature", [{"typ": "gpg"}, {"certs": ["self_other"], **other}],
          anchors=[("self_p256", "signer")])
    array("malformed_second", "N-016", "json_type", [{}, {"raw": b'"text"'}])
    array("malformed_sig_second", "N-016", "base64_character", [{}, {"raw": b'{"typ":"x509","sig":"*"}'}])
    array("time_fails_whole", "N-019", "signature_expired", [{}, {}], claims={"exp": g.NOW})
    array("claims_fail_whole", "N-019 N-006", "claim_digest_missing", [{}, {}], claims={"digest": None})
    array("budget", "G-003", "ok", [{"typ": "tuf"}] * 99 + [{}])
    # the oldest form: several manifests
    entry = {"digest": g.digest(g.MANIFEST), "size": len(g.MANIFEST), "references": [g.REF]}
    stranger = {"digest": g.digest(b"else"), "size": 4, "references": ["registry.example.com/else"]}
    def manifests(name, rules, expect, entries, more_claims=None, **more):
        array(f"manifests_{name}", rules, expect, [{}],
              claims={"digest": None, "size": None, "references": None, "manifests": entries,
                      **(more_claims or {})}, **more)
    manifests("ok", "N-006 N-021", "ok", [entry])
    manifests("ok_second", "N-021", "ok", [stranger, entry])
    manifests("ok_no_references", "N-021", "ok", [{k: entry[k] for k in ("digest", "size")}])
    manifests("empty", "N-006", "claim_manifests_empty", [])
    manifests("not_array", "N-006", "json_type", entry)
    manifests("entry_incomplete", "N-006", "claim_size_missing", [entry, {"digest": entry["digest"]}])
    manifests("none_matches", "N-021", "artifact_not_signed", [stranger])
    manifests("other_algorithm", "N-021", "artifact_not_signed",
              [stranger, {**entry, "digest": g.digest(g.MANIFEST, "sha512")}])
    manifests("uncovered", "N-021", "host_not_covered",
              [entry, {**stranger, "references": ["elsewhere.example/x"]}])
    manifests("ok_last_of_64", "N-021 G-003", "ok", [stranger] * 63 + [entry])
    g.case("json_manifests_not_in_list", "N-006", "claim_digest_missing", form="json",
           claims={"digest": None, "size": None, "references": None, "manifests": [entry]})
    manifests("mixed", "N-006", "claim_manifests_mixed", [entry], {"size": 1})
    manifests("too_many", "G-003", "claim_manifests_too_many", [entry] * 65)


def claims(g):
    g.both("digest_missing", "N-006 N-037", "claim_digest_missing", claims={"digest": None})
    g.both("size_missing", "N-006 N-037", "claim_size_missing", claims={"size": None})
    g.both("size_negative", "N-006 D-006", "claim_size_negative", claims={"size": -1})
    size = len(g.MANIFEST)
    for name, text in (("fraction", f"{size}.0"), ("exponent", "1.9e1"), ("huge", "9223372036854775808")):
        g.both(f"size_{name}", "N-007 G-013 NV-13", "json_number",
               raw_claims=b'{"mediaType":"a/b","digest":"%s","size":%s}'
               % (g.digest(g.MANIFEST).encode(), text.encode()))
    g.both("size_string", "N-007 NV-13", "json_type", claims={"size": str(size)})
    g.both("digest_upper_case", "N-142 NV-26", "digest_syntax",
           claims={"digest": "sha256:" + g.digest(g.MANIFEST)[7:].upper()})
    g.both("digest_short", "N-142", "digest_syntax", claims={"digest": "sha256:00"})
    g.both("digest_unsupported", "N-141", "digest_unsupported", claims={"digest": "blake3:" + "0" * 64})
    g.both("digest_twice", "G-012 NV-11", "json_duplicate_name", reference="accept",
           raw_claims=g.with_member_twice(b'"digest":"sha256:0"')(g.Case().claims_bytes()))
    g.case("jwt_media_type_missing", "N-037 NV-49", "claim_media_type_missing", claims={"mediaType": None})
    g.case("jwt_media_type_parameters", "N-038", "media_type_syntax", reference="accept",
           claims={"mediaType": g.DOCKER + "; charset=utf-8"}, media_type=g.DOCKER + "; charset=utf-8")
    g.both("exp_fraction", "N-007 NV-29", "json_number",
           raw_claims=g.Case().claims_bytes().replace(b"{", b'{"exp":1.5,', 1))
    g.both("exp_null", "G-014 NV-30", "json_type", reference="accept",
           raw_claims=g.Case().claims_bytes().replace(b"{", b'{"exp":null,', 1))
    g.both("references_null", "G-014 NV-30", "json_type", reference="accept",
           raw_claims=g.Case().claims_bytes().replace(b"{", b'{"references":null,', 1)
           .replace(b',"references":["' + g.REF.encode() + b'"]', b""))
    g.both("references_empty", "N-008 NV-27", "claim_references_empty", reference="accept",
           claims={"references": []})
    g.both("references_string", "N-007", "json_type", claims={"references": g.REF})
    g.both("references_number", "N-007", "json_type", claims={"references": [1]})
    g.both("references_too_many", "G-003", "claim_references_too_many", reference="accept",
           claims={"references": [f"registry.example.com/a{i}" for i in range(65)]})
    g.both("nbf_after_exp", "N-135", "claim_times_reversed",
           claims={"nbf": g.NOW + 2, "exp": g.NOW + 1})
    g.case("jwt_claims_trailing", "N-037 G-010", "json_trailing",
           raw_claims=g.Case().claims_bytes() + b"x")
    g.case("jwt_claims_array", "N-037", "json_type", raw_claims=b"[]")


def algorithms(g):
    g.both("signature_wrong", "N-036 N-004", "signature_mismatch", key="p256_other",
           anchors=[("self_p256", "signer")])
    g.both("ec_alg_with_rsa_key", "N-051", "algorithm_key_mismatch", key="rsa2048_signer",
           certs=["self_rsa2048"], header={"alg": "ES256"})
    g.both("rsa_alg_with_ec_key", "N-051", "algorithm_key_mismatch", header={"alg": "RS256"})
    g.both("es384_with_p256", "N-051", "algorithm_key_mismatch", alg="ES384")
    g.both("ecdsa_der", "N-052", "signature_length", der_signature=True)
    g.case("jwt_rsa_short", "N-054", "signature_length", key="rsa2048_signer", certs=["self_rsa2048"],
           mutate=g.tamper_segment(2, lambda s: g.b64url(b"\1" * 255).encode()))
    g.case("jwt_rsa_long", "N-054", "signature_length", key="rsa2048_signer", certs=["self_rsa2048"],
           mutate=g.tamper_segment(2, lambda s: g.b64url(b"\0" * 257).encode()))
    g.case("jwt_ecdsa_zero", "N-052", "signature_mismatch",
           mutate=g.tamper_segment(2, lambda s: g.b64url(b"\0" * 64).encode()))
    g.both("rsa_1024", "N-055 NV-56", "key_too_small", key="rsa1024_signer", certs=["self_rsa1024"],
           reference="accept")
    g.both("rsa_1024_kid", "N-055", "key_too_small", key="rsa1024_signer", certs=None,
           kid=g.pki.kid("rsa1024_signer"), anchors=[("self_rsa1024", "signer")], reference="accept")
    g.both("curve_unsupported", "N-053", "key_unsupported", key="k256_signer", alg="ES256",
           certs=["self_k256"])


def kids(g):
    kid = g.pki.kid("p256_signer")
    def by_kid(name, rules, expect, certificates=("self_p256",), role="signer", **more):
        more.setdefault("kid", kid)
        g.both(name, rules, expect, certs=None, anchors=[(c, role) for c in certificates], **more)
    by_kid("kid_unknown", "N-072", "kid_not_found", kid=g.pki.kid("p256_other"))
    by_kid("kid_only_ca_given", "N-072 NV-51", "kid_not_found", role="ca")
    by_kid("kid_no_certificates", "N-072", "kid_not_found", certificates=())
    by_kid("kid_lower_case", "N-073", "kid_syntax", kid=kid.lower())
    by_kid("kid_short", "N-073", "kid_syntax", kid=kid[:-1])
    by_kid("kid_ambiguous", "N-076", "signer_kid_ambiguous", ("self_p256", "self_same_key"),
           reference="accept")
    by_kid("ok_kid_given_twice", "N-076", "ok", ("self_p256", "self_p256"))
    by_kid("kid_expired", "N-074 NV-34", "certificate_expired", ("expired",))
    by_kid("kid_expired_no_references", "N-074 NV-34", "certificate_expired", ("expired",),
           claims={"references": None}, reference="accept")
    by_kid("kid_not_yet", "N-074", "certificate_not_yet_valid", ("not_yet",))
    by_kid("kid_critical", "N-075 NV-35", "critical_extension", ("critical_unknown",),
           claims={"references": None}, reference="accept")
    by_kid("kid_key_usage", "N-091", "signer_key_usage", ("ku_encipherment",), reference="accept")
    g.both("kid_empty_beside_x5c", "N-071 N-073", "kid_syntax", kid="", reference="accept")
    g.both("kid_differs_from_x5c", "N-071 NV-33", "kid_mismatch", kid=g.pki.kid("p256_other"),
           reference="accept")


def chains(g):
    leaf = dict(key="rsa2048_leaf", certs=["leaf", "issuing"])
    g.both("ok_chain", "N-082 N-083 N-084 N-086 NV-52", "ok", anchors=[("root", "ca")], **leaf)
    g.both("ok_chain_with_root", "N-082 N-084", "ok", key="rsa2048_leaf",
           certs=["leaf", "issuing", "root"], anchors=[("root", "ca")])
    g.both("ok_chain_root_as_signer", "N-083", "ok", anchors=[("root", "signer")], **leaf)
    g.both("ok_chain_unordered", "N-082 NV-53", "ok", key="rsa2048_leaf", anchors=[("root", "ca")],
           certs=["leaf", "unrelated_one", "unrelated_two", "issuing"])
    g.both("ok_intermediate_anchor", "N-084 NV-52", "ok", key="rsa2048_leaf", certs=["leaf"],
           anchors=[("issuing", "ca")])
    g.both("ok_leaf_anchor", "N-083", "ok", anchors=[("leaf", "ca")], key="rsa2048_leaf", certs=["leaf"])
    g.both("ok_duplicate_certificate", "N-082 NV-32", "ok", certs=["self_p256", "self_p256"])
    g.both("ok_ec_chain", "N-084", "ok", key="p256_leaf", certs=["ec_leaf", "ec_issuing"],
           anchors=[("ec_root", "ca")])
    g.both("chain_incomplete", "N-084 NV-52", "no_path_to_anchor", key="rsa2048_leaf", certs=["leaf"],
           anchors=[("root", "ca")])
    g.both("chain_foreign_anchor", "N-084", "no_path_to_anchor", anchors=[("ec_root", "ca")], **leaf)
    g.both("no_anchors", "N-090", "no_anchors", anchors=[], **leaf)
    g.both("link_signature", "N-084", "link_signature", key="p256_leaf", certs=["leaf_wrong_key"],
           anchors=[("ec_root", "ca")])
    for name, rules, expect in (
            ("ca_not", "N-086", "issuer_not_ca"), ("ca_absent", "N-086 NV-54", "issuer_not_ca"),
            ("ca_usage", "N-086", "issuer_key_usage"), ("ca_expired", "N-085", "certificate_expired"),
            ("ca_not_yet", "N-085", "certificate_not_yet_valid"),
            ("ca_critical", "N-087", "critical_extension"),
            ("ca_constraints", "N-087", "critical_extension")):
        g.both(name, rules, expect, key="p256_leaf", certs=[f"leaf_{name}"], anchors=[(name, "ca")])
    g.both("ca_path_length", "N-086", "path_length_exceeded", key="p256_leaf",
           certs=["leaf_below_path_length", "below_path_length"], anchors=[("ca_path_length", "ca")])
    g.both("ok_ca_path_length", "N-086", "ok", key="p256_leaf", certs=["leaf_ca_path_length"],
           anchors=[("ca_path_length", "ca")])
    g.both("leaf_sha1", "N-089", "signature_algorithm_weak", key="rsa2048_leaf", certs=["leaf_sha1"],
           anchors=[("root", "ca")])
    g.both("x5c_critical", "N-087 NV-55", "critical_extension", certs=["critical_unknown"])
    g.both("x5c_expired", "N-085", "certificate_expired", certs=["expired"])
    g.both("x5c_not_yet", "N-085", "certificate_not_yet_valid", certs=["not_yet"])
    g.both("key_usage", "N-091 NV-36", "signer_key_usage", certs=["ku_encipherment"], reference="accept")
    g.both("ok_key_usage_absent", "N-092", "ok", certs=["ku_absent"])
    g.both("eku_code_with_references", "N-120 NV-38", "signer_purpose", certs=["eku_code"])
    g.both("ok_eku_code_no_references", "N-088 N-117 NV-38", "ok", certs=["eku_code"],
           claims={"references": None})
    g.both("ok_eku_server", "N-120", "ok", certs=["eku_server"])
    g.both("ok_eku_any", "N-120", "ok", certs=["eku_any"])
    g.both("time_unknown_certificate", "G-001 N-085", "time_unknown", time="unknown", now=0,
           reference="none")
    g.both("time_lower_bound", "G-001 N-085", "time_unknown", time="not_before", reference="none")
    g.both("time_lower_bound_expired", "G-001 N-085", "certificate_expired", time="not_before",
           certs=["expired"], reference="none")


def names(g):
    def reference(name, rules, expect, *texts, certificate="self_p256", **more):
        g.both(name, rules, expect, certs=[certificate], claims={"references": list(texts)}, **more)
    reference("ok_wildcard", "N-114 N-106 NV-23", "ok", "REG.Example.com/a", certificate="names_wildcard")
    reference("wildcard_two_labels", "N-114 NV-23", "host_not_covered", "a.b.example.com/a",
              certificate="names_wildcard")
    reference("wildcard_no_label", "N-114", "host_not_covered", "example.com/a",
              certificate="names_wildcard")
    reference("wildcard_alone", "N-114", "host_not_covered", "registry.example.com/a",
              certificate="names_star")
    reference("wildcard_partial", "N-114", "host_not_covered", "registry.example.com/a",
              certificate="names_partial")
    reference("ok_ip", "N-113 N-105 NV-20", "ok", "127.0.0.1/a", "[::1]/x", certificate="names_ip")
    reference("ip_other", "N-113", "host_not_covered", "127.0.0.2/a", certificate="names_ip")
    reference("ip_in_common_name", "N-113", "host_not_covered", "127.0.0.1/a", certificate="names_cn_ip")
    reference("ip_v6_port", "N-104 N-105 NV-21", "host_not_covered", "[::1]:5000/x", certificate="names_ip")
    reference("ok_port_in_name", "N-115 N-104 NV-19", "ok", "localhost:5000/a:b", certificate="names_port")
    reference("port_not_in_name", "N-104", "host_not_covered", "registry.example.com:5000/a")
    reference("ok_cn_only", "N-112 NV-39", "ok", g.REF, certificate="names_cn", reference="reject")
    reference("cn_beside_san", "N-111", "host_not_covered", g.REF, certificate="names_cn_and_san")
    reference("host_not_covered", "N-110 N-116", "host_not_covered", "registry.wabbit-networks.example/a")
    reference("second_not_covered", "N-116 NV-31", "host_not_covered", g.REF, "other.example/a")
    reference("reference_no_path", "N-101 NV-24", "reference_without_path", "registry.example.com",
              reference="accept")
    reference("no_registry", "N-101", "reference_without_path", "hello-world:latest")
    reference("host_trailing_dot", "N-100 NV-24", "reference_syntax", "registry.example.com./a",
              reference="accept")
    reference("grammar", "N-100 NV-24", "reference_syntax", "registry.example.com/A B@@@",
              reference="accept")
    reference("reference_empty", "N-102 NV-22", "reference_empty_domain", "", reference="accept")
    reference("empty_domain", "N-102 NV-22", "reference_empty_domain", "/foo", reference="accept")
    reference("unqualified", "N-103", "reference_unqualified", "library/hello-world")
    reference("too_long", "N-100", "reference_syntax", "registry.example.com/" + "a" * 235,
              reference="accept")
    reference("ok_longest", "N-100", "ok", "registry.example.com/" + "a" * 234)
    reference("scheme", "N-107 NV-25", "reference_syntax", "https://registry.example.com/a")
    reference("ok_digest_in_reference", "N-108", "ok", "registry.example.com/a@" + g.digest(g.MANIFEST))
    reference("other_digest_in_reference", "N-108", "reference_digest",
              "registry.example.com/a@" + g.digest(b"else"), reference="accept")


def times(g):
    g.both("exp_now", "N-130", "signature_expired", claims={"exp": g.NOW}, reference="accept")
    g.both("exp_past", "N-130 NV-29", "signature_expired", claims={"exp": g.NOW - 1})
    g.both("exp_zero", "N-132 NV-28", "signature_expired", claims={"exp": 0}, reference="accept")
    g.both("exp_negative", "N-133 NV-29", "signature_expired", claims={"exp": -1})
    g.both("ok_nbf_negative", "N-133", "ok", claims={"nbf": -1})
    g.both("nbf_future", "N-131 NV-29", "signature_not_yet_valid", claims={"nbf": g.NOW + 1})


def binding(g):
    g.both("artifact_tampered", "N-140 N-145", "artifact_digest", artifact="manifest-tampered.json")
    g.both("artifact_longer", "N-140", "artifact_size", artifact="manifest-longer.json")
    g.both("size_differs", "N-140", "artifact_size", claims={"size": len(g.MANIFEST) + 1})
    g.case("jwt_media_type_differs", "N-143 N-144", "artifact_media_type", media_type=g.OCI)
    g.case("jwt_media_type_empty", "N-143 NV-49", "artifact_media_type", media_type="")
    g.case("json_media_type_ignored", "N-143", "ok", form="json", media_type=g.OCI)


def switches(g):
    """Each named leniency turns the refusal above into an acceptance; each stricter one the reverse."""
    g.case("compat_trailing_data", "N-002", "ok", form="json", compat=["nv2_trailing_data"],
           mutate=lambda e: e + b"garbage")
    g.both("compat_empty_references", "N-008", "ok", compat=["nv2_empty_references"],
           claims={"references": []})
    g.both("compat_ignore_kid", "N-071", "ok", compat=["nv2_ignore_kid"], kid=g.pki.kid("p256_other"))
    g.both("compat_docker_default", "N-103", "ok", compat=["nv2_docker_default"], certs=["names_docker"],
           claims={"references": ["library/hello-world", "index.docker.io/library/hello-world"]},
           reference="none")
    g.both("compat_strip_port", "N-104 N-105", "ok", compat=["nv2_strip_port"], certs=["names_ip"],
           claims={"references": ["[::1]:5000/x", "127.0.0.1:80/x"]}, reference="none")
    g.both("compat_no_eku", "N-120", "ok", compat=["nv2_no_eku"], certs=["eku_code"], reference="none")
    g.both("compat_exp_inclusive", "N-130", "ok", compat=["nv2_exp_inclusive"], claims={"exp": g.NOW})
    g.both("compat_exp_inclusive_past", "N-130", "signature_expired", compat=["nv2_exp_inclusive"],
           claims={"exp": g.NOW - 1})
    g.both("compat_exp_inclusive_max", "N-130", "ok", compat=["nv2_exp_inclusive"],
           claims={"exp": 2**63 - 1})
    g.both("compat_zero_is_absent", "N-132", "ok", compat=["nv2_zero_is_absent"],
           claims={"exp": 0, "nbf": 0})
    g.both("compat_min_rsa_bits", "N-055", "ok", min_rsa_bits=1024, key="rsa1024_signer",
           certs=["self_rsa1024"])
    g.both("compat_dup_last_wins", "G-012", "ok", compat=["dup_last_wins"],
           raw_claims=g.with_member_twice(b'"digest":"sha256:0"')(g.Case().claims_bytes()))
    der = g.b64(g.cert("self_p256"))
    g.both("compat_b64_lenient", "G-016", "ok", compat=["b64_lenient"],
           header={"x5c": [der[:64] + "\n" + der[64:]]})
    g.case("compat_b64_lenient_jwt", "G-017", "ok", compat=["b64_lenient"],
           mutate=g.tamper_segment(2, lambda s: g.nonzero_unused_bits(s[:8] + b"\n" + s[8:])))
    g.both("strict_ordered_x5c", "N-082", "chain_order", compat=["nv2_ordered_x5c"], key="rsa2048_leaf",
           certs=["leaf", "unrelated_one", "issuing"], anchors=[("root", "ca")], reference="accept")
    g.both("strict_ordered_x5c_ok", "N-082", "ok", compat=["nv2_ordered_x5c"], key="rsa2048_leaf",
           certs=["leaf", "issuing"], anchors=[("root", "ca")])
    g.both("strict_require_ku", "N-092", "signer_key_usage_absent", compat=["nv2_require_ku"],
           certs=["ku_absent"], reference="accept")
    g.both("strict_san_only", "N-112", "common_name_refused", compat=["nv2_san_only"],
           certs=["names_cn"], reference="reject")
