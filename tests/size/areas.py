# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""What the headers of the library are for: areas that bytes are spent on, and features that are not linked when not named."""
from __future__ import annotations

from fnmatch import fnmatch

from origins import CALLER, COMPILER, STANDARD
from programs import PROGRAMS

# Each header belongs to the first area with a fitting pattern; one that fits none is an error.
AREAS = {
    "COSE envelope: attributes, `crit`, times, signed structure": ["envelope/notary_cose.hpp"],
    "JWS envelope: members, attributes, `crit`, times": ["envelope/notary_jws.hpp", "envelope/json_form.hpp", "codec/rfc3339.hpp"],
    "prototype envelopes: header, claims, key, signer": ["envelope/nv2_*.hpp"],
    "what both Notary envelopes have: attributes, payload, signer": ["envelope/*.hpp"],
    "CBOR reader": ["codec/cbor*.hpp"],
    "JSON reader and strings": ["codec/json*.hpp", "codec/utf8.hpp"],
    "base64": ["codec/base64.hpp"],
    "DER reader": ["codec/der.hpp", "codec/pem.hpp"],
    "certificates: form, keys, names, object identifiers": ["x509/certificate.hpp", "x509/key.hpp", "x509/name.hpp", "x509/oid.hpp",
                                                            "x509/extension.hpp", "x509/anchor.hpp"],
    "chains: profile, links, validity": ["x509/code_signing.hpp", "x509/checks.hpp", "x509/link.hpp", "x509/chain.hpp"],
    "names of hosts": ["x509/host_name.hpp"],
    "revocation": ["x509/crl.hpp", "x509/ocsp.hpp", "x509/revocation.hpp", "trust/revocation*.hpp", "trust/responder.hpp",
                   "crypto/insecure_sha1.hpp"],
    "timestamps": ["x509/timestamping.hpp", "trust/timestamp*.hpp"],
    "policy documents and identities": ["trust/policy_*.hpp", "trust/identity.hpp", "trust/acquisition.hpp"],
    "policies and levels": ["trust/policy.hpp", "trust/levels.hpp", "trust/report.hpp", "base/compat.hpp"],
    "signed versions": ["trust/version_rule.hpp"],
    "bundles, and counting signers": ["bundle*.hpp", "quorum.hpp"],
    "artifact: digest, descriptor, references, annotations": ["oci/*.hpp", "binding.hpp"],
    "verifier: the order of the stages": ["verifier.hpp", "verification.hpp", "nv2.hpp"],
    "interface for C": ["c_*.hpp"],
    "seam to the crypto library": ["crypto/*.hpp"],
    "views, memory, time": ["base/*.hpp", STANDARD],
    "constants without a name, made by the compiler": [COMPILER],
    "the caller's own lines": [CALLER],
}


def area_of(header: str) -> str:
    for area, patterns in AREAS.items():
        if any(fnmatch(header, pattern) for pattern in patterns):
            return area
    raise ValueError(f"{header} belongs to no area of tests/size/areas.py")


def by_area(origins: dict[str, int]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for header, size in origins.items():
        area = area_of(header)
        sums[area] = sums.get(area, 0) + size
    return dict(sorted(sums.items(), key=lambda entry: -entry[1]))


def with_any(*features: str) -> set[str]:
    return {program for program, (_, known) in PROGRAMS.items() if known & set(features)}


# Headers, names of functions and constants (as the linker knows them), and the programs that have them. No other may.
FEATURES = {
    "COSE": (["envelope/notary_cose.hpp", "codec/cbor.hpp"], r"cose|cbor", with_any("cose")),
    "JWS": (["envelope/notary_jws.hpp", "codec/rfc3339.hpp"], r"jws|rfc3339", with_any("jws")),
    "base64": (["codec/base64.hpp"], r"base64", with_any("jws", "jwt", "json")),
    "prototype JWT": (["envelope/nv2_jwt.hpp"], r"nv2_jwt", with_any("jwt")),
    "prototype JSON": (["envelope/nv2_json.hpp"], r"nv2_json", with_any("json")),
    "prototype claims": (["envelope/nv2_claims.hpp", "envelope/nv2_signer.hpp"], r"parse_nv2|kid", with_any("jwt", "json")),
    "names of hosts": (["x509/host_name.hpp"], r"check_host|ipv4_mapped", with_any("jwt", "json")),
    "search for a path": ([], r"path_search", with_any("jwt", "json", "timestamps")),
    "identities": (["trust/identity.hpp"], r"find_identity|subject_text", with_any("identities", "policy", "quorum")),
    "policy documents": (["trust/policy_document.hpp", "trust/policy_reader.hpp"], r"policy_document|statement", with_any("policy")),
    "timestamps": (["trust/timestamp.hpp", "trust/timestamp_token.hpp", "x509/timestamping.hpp"], r"timestamp_token|tst_info", with_any("timestamps")),
    "revocation lists": (["x509/crl.hpp", "trust/revocation_lists.hpp"], r"certificate_list|list_check", with_any("lists", "responses")),
    "OCSP": (["x509/ocsp.hpp", "trust/responder.hpp", "crypto/insecure_sha1.hpp"], r"parse_ocsp|response_check|responder|sha1", with_any("responses")),
    "bundles": (["bundle.hpp", "bundle_format.hpp"], r"bundle", with_any("bundle")),
    "counting signers": (["quorum.hpp"], r"6quorum", with_any("quorum")),
    "signed versions": (["trust/version_rule.hpp"], r"version_rule|read_version", with_any("versions")),
}
