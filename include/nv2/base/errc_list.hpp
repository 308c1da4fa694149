// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Every way to say no, one line each. The list only grows; numbers are never reused.
// High byte = layer: 1 base, 2 codec, 3 crypto, 4 x509 and oci, 5 envelope, 6 trust, 7 binding, 8 bundle, 9 C.
#ifndef NV2_BASE_ERRC_LIST_HPP
#define NV2_BASE_ERRC_LIST_HPP

#include <nv2/base/errc_list_trust.hpp>

// X(name, code, rule, class, message)
// clang-format off
#define NV2_ERRC_BASE(X) \
  X(workspace_exhausted,       0x0101, "G-003", storage,     "the workspace is too small for this input") \
  X(input_too_large,           0x0102, "G-003", limit,       "the input is larger than the limit")

#define NV2_ERRC_CODEC(X) \
  X(base64_character,          0x0201, "G-016", malformed,   "a character is not in the base64 alphabet") \
  X(base64_length,             0x0202, "G-016", malformed,   "base64 text has an impossible length or padding") \
  X(base64_trailing_bits,      0x0203, "G-016", malformed,   "unused bits of the last base64 character are not zero") \
  X(json_syntax,               0x0210, "G-010", malformed,   "the text is not JSON") \
  X(json_truncated,            0x0211, "G-010", malformed,   "the JSON text ends too early") \
  X(json_trailing,             0x0212, "G-010", malformed,   "something follows the JSON value") \
  X(json_utf8,                 0x0213, "G-010", malformed,   "the JSON text is not valid UTF-8") \
  X(json_escape,               0x0214, "G-010", malformed,   "a JSON string has a wrong escape or half of a surrogate pair") \
  X(json_depth,                0x0215, "G-003", limit,       "JSON values are nested too deep") \
  X(json_members,              0x0216, "G-003", limit,       "the open JSON objects have too many members") \
  X(json_duplicate_name,       0x0217, "G-012", malformed,   "a member name stands twice in one JSON object") \
  X(json_number,               0x0218, "G-013", malformed,   "a JSON number is not an integer of 64 bits") \
  X(json_type,                 0x0219, "G-014", malformed,   "a JSON value has the wrong type") \
  X(json_copy_length,          0x021A, "G-003", limit,       "an escaped JSON text is longer than the limit") \
  X(der_truncated,             0x0230, "X-001", malformed,   "a DER element ends too early") \
  X(der_length,                0x0231, "X-001", malformed,   "a DER length is indefinite, not the shortest, or too large") \
  X(der_tag,                   0x0232, "X-001", malformed,   "a DER element has another tag than expected") \
  X(der_trailing,              0x0233, "X-001", malformed,   "bytes follow where a DER value should end") \
  X(der_boolean,               0x0234, "X-001", malformed,   "a DER BOOLEAN is neither 00 nor FF") \
  X(der_integer,               0x0235, "X-001", malformed,   "a DER INTEGER is empty or not the shortest") \
  X(der_bit_string,            0x0236, "X-001", malformed,   "a DER BIT STRING has wrong unused bits") \
  X(der_oid,                   0x0237, "X-001", malformed,   "a DER OBJECT IDENTIFIER is not well-formed") \
  X(der_time,                  0x0238, "X-006", malformed,   "a DER time is not in the one allowed form or no real date") \
  X(der_depth,                 0x0239, "G-003", limit,       "DER elements are nested too deep") \
  X(pem_syntax,                0x0240, "S-007", malformed,   "a PEM block is not well-formed") \
  X(pem_label,                 0x0241, "S-007", malformed,   "a PEM block has another label than expected") \
  X(pem_empty,                 0x0242, "S-007", malformed,   "the text has no PEM block") \
  X(cbor_truncated,            0x0250, "C-004", malformed,   "a CBOR item ends too early") \
  X(cbor_trailing,             0x0251, "C-003", malformed,   "something follows the CBOR item") \
  X(cbor_head,                 0x0252, "C-004", malformed,   "a CBOR item starts with a reserved value") \
  X(cbor_indefinite,           0x0253, "C-004", malformed,   "a CBOR item has an indefinite length") \
  X(cbor_break,                0x0254, "C-004", malformed,   "a CBOR break stands where nothing can end") \
  X(cbor_not_shortest,         0x0255, "C-013", malformed,   "a CBOR number or length is not in its shortest form") \
  X(cbor_utf8,                 0x0256, "C-006", malformed,   "a CBOR text string is not valid UTF-8") \
  X(cbor_depth,                0x0257, "C-005", limit,       "CBOR items are nested too deep") \
  X(cbor_members,              0x0258, "C-005", limit,       "a CBOR array or map has too many elements") \
  X(cbor_duplicate_key,        0x0259, "C-007", malformed,   "a key stands twice in one CBOR map") \
  X(cbor_key_work,             0x025A, "G-003", limit,       "the keys of the CBOR maps take too long to compare") \
  X(cbor_key,                  0x025B, "C-008", malformed,   "a CBOR map has a key that is no plain value") \
  X(cbor_type,                 0x025C, "C-010", malformed,   "a CBOR item has the wrong type") \
  X(cbor_integer,              0x025D, "C-008", malformed,   "a CBOR number does not fit in 64 bits with a sign") \
  X(cbor_tag,                  0x025E, "C-009", malformed,   "a CBOR tag stands where none may be") \
  X(time_text,                 0x0270, "G-019", malformed,   "a time is not written as RFC 3339 wants it, or is no real date")

#define NV2_ERRC_CRYPTO(X) \
  X(signature_mismatch,        0x0301, "N-036", integrity,   "the signature does not match the signed bytes") \
  X(algorithm_unknown,         0x0302, "N-050", unsupported, "the signature algorithm is not one of the allowed names") \
  X(algorithm_key_mismatch,    0x0303, "N-051", integrity,   "the signature algorithm does not fit the key") \
  X(signature_length,          0x0304, "N-054", integrity,   "the signature has the wrong length for the key") \
  X(signature_encoding,        0x0305, "X-001", malformed,   "an ECDSA signature in a certificate is not a DER pair of positive integers") \
  X(crypto_unsupported,        0x0306, "N-050", unsupported, "the crypto backend does not offer this algorithm") \
  X(crypto_failure,            0x0307, "G-004", storage,     "the crypto backend failed")

#define NV2_ERRC_X509(X) \
  X(certificate_version,       0x0401, "X-002", malformed,   "the certificate version is unknown or does not fit its fields") \
  X(certificate_serial,        0x0402, "X-003", malformed,   "the certificate serial number is negative") \
  X(certificate_serial_length, 0x0403, "X-003", limit,       "the certificate serial number is longer than 32 bytes") \
  X(certificate_algorithms,    0x0404, "X-004", malformed,   "the inner and outer signature algorithms of the certificate differ") \
  X(extension_duplicate,       0x0405, "X-005", malformed,   "a certificate extension stands twice") \
  X(extension_malformed,       0x0406, "X-010", malformed,   "a certificate extension is not well-formed") \
  X(extension_count,           0x0407, "G-003", limit,       "the certificate has too many extensions") \
  X(key_malformed,             0x0408, "X-007", malformed,   "the public key is not well-formed") \
  X(key_unsupported,           0x0409, "N-053", unsupported, "the key type or curve is not supported") \
  X(key_too_small,             0x040A, "N-055", cert,        "the RSA key is smaller than the limit") \
  X(key_too_large,             0x040B, "G-003", limit,       "the RSA key is larger than the limit") \
  X(signature_algorithm_weak,  0x040C, "N-089", cert,        "a certificate is signed with an algorithm that is not accepted") \
  X(name_malformed,            0x040D, "X-008", malformed,   "a distinguished name is not well-formed") \
  X(certificate_not_yet_valid, 0x0410, "N-085", certtime,    "a certificate is not valid yet") \
  X(certificate_expired,       0x0411, "N-085", certtime,    "a certificate has expired") \
  X(time_unknown,              0x0412, "G-001", clock,       "what is known of the time does not suffice for this check") \
  X(issuer_not_ca,             0x0413, "N-086", chain,       "an issuer is not a certification authority") \
  X(issuer_key_usage,          0x0414, "N-086", chain,       "an issuer's key usage does not allow signing certificates") \
  X(path_length_exceeded,      0x0415, "N-086", chain,       "an issuer's path length constraint is exceeded") \
  X(critical_extension,        0x0416, "N-087", cert,        "a certificate has a critical extension that is not understood") \
  X(link_signature,            0x0417, "N-084", chain,       "a certificate's signature does not verify with its issuer's key") \
  X(no_path_to_anchor,         0x0418, "N-084", trust,       "the certificate does not lead to a trusted certificate") \
  X(no_anchors,                0x0419, "N-090", trust,       "no trusted certificate was given") \
  X(chain_too_long,            0x041A, "G-003", limit,       "there are more certificates than the limit") \
  X(signature_budget,          0x041B, "G-003", limit,       "the search for a chain needs too many signature checks") \
  X(signer_key_usage,          0x041C, "N-091", cert,        "the signer's key usage lacks digitalSignature") \
  X(signer_key_usage_absent,   0x041D, "N-092", cert,        "the signer's certificate has no key usage, and one is required") \
  X(signer_purpose,            0x041E, "N-120", cert,        "the signer's extended key usage does not allow this use") \
  X(chain_order,               0x041F, "N-082", chain,       "the certificates are not in issuing order") \
  X(leaf_is_ca,                0x0420, "X-020", cert,        "the signer's certificate is that of a certification authority") \
  X(leaf_key_usage_critical,   0x0421, "X-021", cert,        "the signer's key usage is missing or not critical") \
  X(leaf_key_usage,            0x0422, "X-022", cert,        "the signer's key usage lacks digitalSignature or allows more than signing") \
  X(leaf_purpose,              0x0423, "X-023", cert,        "the signer's extended key usage has a purpose that a code signer may not have") \
  X(ca_basic_constraints,      0x0424, "X-025", cert,        "an issuer has no critical basic constraints that make it an authority") \
  X(ca_path_length,            0x0425, "X-026", chain,       "there are more certificates below an issuer than it allows") \
  X(ca_key_usage,              0x0426, "X-027", cert,        "an issuer has no critical key usage with keyCertSign") \
  X(ca_key,                    0x0427, "X-028", cert,        "an issuer's key is too small or of an unsupported kind") \
  X(chain_lone,                0x0428, "X-041", chain,       "the only certificate is not signed by itself") \
  X(chain_root,                0x0429, "X-042", chain,       "the last certificate of the chain is not signed by itself") \
  X(chain_self_signed,         0x042A, "X-043", chain,       "a certificate before the last one is signed by itself") \
  X(chain_link,                0x042B, "X-044", chain,       "a certificate was not issued by the next one of the chain") \
  X(timestamp_leaf,            0x042C, "X-060", timestamp,   "the certificate of the timestamp service may not sign, may do more, or has a wrong key") \
  X(timestamp_purpose,         0x042D, "X-061", timestamp,   "the one purpose of a timestamp service is not timeStamping, or not critical") \
  X(timestamp_ca,              0x042E, "X-062", timestamp,   "an issuer of a timestamp service is no authority for it") \
  X(host_not_covered,          0x0430, "N-116", identity,    "the signer's certificate does not cover the registry of a reference") \
  X(common_name_refused,       0x0431, "N-112", identity,    "the signer's certificate has no subjectAltName, and one is required") \
  X(reference_syntax,          0x0440, "N-100", malformed,   "a reference does not follow the grammar") \
  X(reference_without_path,    0x0441, "N-101", identity,    "a reference names no registry and path") \
  X(reference_empty_domain,    0x0442, "N-102", identity,    "a reference has an empty registry name") \
  X(reference_unqualified,     0x0443, "N-103", identity,    "a reference names no registry, and none is assumed") \
  X(digest_syntax,             0x0444, "D-002", malformed,   "a digest is not well-formed") \
  X(digest_unsupported,        0x0445, "D-003", unsupported, "the digest algorithm is not supported") \
  X(media_type_syntax,         0x0446, "N-038", malformed,   "a media type is not of the form type/subtype") \
  X(revocation_unknown,        0x0450, "R-004", revunknown,  "nobody knows whether a certificate was revoked") \
  X(descriptor_size,           0x04C0, "D-006", malformed,   "a descriptor has no size or a negative one") \
  X(content_size,              0x04C1, "D-005", binding,     "the content is longer or shorter than its descriptor says") \
  X(content_digest,            0x04C2, "D-005", binding,     "the content has another digest than its descriptor says") \
  X(manifest_not_signature,    0x04C3, "O-003", unsupported, "the manifest is not that of a Notary Project signature") \
  X(manifest_version_missing,  0x04C4, "O-002", malformed,   "the manifest has no 'schemaVersion'") \
  X(manifest_version,          0x04C5, "O-002", unsupported, "the manifest has a 'schemaVersion' other than 2") \
  X(manifest_media_type,       0x04C6, "O-002", malformed,   "the manifest does not say that it is an OCI image manifest") \
  X(manifest_layers,           0x04C8, "O-005", malformed,   "the manifest of a signature has not exactly one layer") \
  X(manifest_subject,          0x04C9, "O-007", binding,     "the signature is not said to be one of this artifact") \
  X(envelope_media_type,       0x04CA, "O-006", unsupported, "the media type of the signature is neither that of JWS nor that of COSE") \
  X(manifest_own_media_type,   0x04CB, "O-042", binding,     "the manifest names another media type than the descriptor that leads to it") \
  X(prototype_not_signature,   0x04CC, "O-031", unsupported, "the manifest is not that of a prototype signature") \
  X(prototype_version,         0x04CD, "O-030", malformed,   "the manifest of a prototype signature has no 'schemaVersion' of 2") \
  X(prototype_layers,          0x04CE, "O-033", malformed,   "the manifest of a prototype signature has layers") \
  X(prototype_index,           0x04CF, "O-035", unsupported, "prototype signatures that are an index are not supported") \
  X(index_version,             0x04D0, "L-002", malformed,   "the image index has no 'schemaVersion' of 2") \
  X(index_media_type,          0x04D1, "L-002", malformed,   "the image index says that it is something else") \
  X(index_manifests_missing,   0x04D2, "L-002", malformed,   "the image index has no 'manifests'") \
  X(index_too_long,            0x04D3, "G-003", limit,       "the image index lists more manifests than the limit") \
  X(layout_version,            0x04D4, "L-001", unsupported, "the layout has no 'imageLayoutVersion' of 1.0.0") \
  X(no_signature,              0x04D5, "W-043", nosig,       "the artifact has no signature") \
  X(signature_unavailable,     0x04D6, "W-042", nosig,       "a signature of the artifact could not be had") \
  X(signatures_left,           0x04D7, "W-041", limit,       "none of the signatures that were tried is good, and the limit allows no more")

#define NV2_ERRC_ENVELOPE(X) \
  X(format_unknown,            0x0501, "G-020", unsupported, "the envelope is in no known format") \
  X(format_mismatch,           0x0502, "G-020", unsupported, "the envelope is not in the format that was declared") \
  X(envelope_empty,            0x0503, "N-030", malformed,   "the envelope is empty") \
  X(envelope_members_mixed,    0x0510, "N-001", malformed,   "the envelope has both 'signature' and 'signatures'") \
  X(envelope_members_missing,  0x0511, "N-001", malformed,   "the envelope lacks 'signed' or its signature") \
  X(signed_not_object,         0x0512, "N-003", malformed,   "'signed' is not an object") \
  X(signatures_empty,          0x0513, "N-015", nosig,       "the list of signatures is empty") \
  X(signatures_too_many,       0x0514, "G-003", limit,       "there are more signatures than the limit") \
  X(signature_missing,         0x0515, "N-010", malformed,   "a signature object has no 'sig' or an empty one") \
  X(type_missing,              0x0516, "N-011", malformed,   "'typ' is missing") \
  X(type_unsupported,          0x0517, "N-011", unsupported, "'typ' is not x509") \
  X(algorithm_missing,         0x0518, "N-012", malformed,   "'alg' is missing") \
  X(key_hint_missing,          0x0519, "N-013", keynotfound, "neither 'x5c' nor 'kid' tells the key") \
  X(kid_syntax,                0x051A, "N-073", malformed,   "'kid' is not a key fingerprint") \
  X(kid_mismatch,              0x051B, "N-071", keynotfound, "'kid' is not the fingerprint of the first certificate of 'x5c'") \
  X(kid_not_found,             0x051C, "N-072", keynotfound, "no trusted signer certificate has this 'kid'") \
  X(signer_kid_ambiguous,      0x051D, "N-076", policy,      "two different signer certificates have the same 'kid'") \
  X(no_valid_signature,        0x051E, "N-018", integrity,   "none of the signatures is valid") \
  X(jwt_segments,              0x0530, "N-030", malformed,   "a JWT has three non-empty parts") \
  X(jwt_critical,              0x0531, "N-034", critical,    "the JWT header has 'crit'") \
  X(claim_digest_missing,      0x0540, "N-006", malformed,   "the claim 'digest' is missing") \
  X(claim_size_missing,        0x0541, "N-006", malformed,   "the claim 'size' is missing") \
  X(claim_size_negative,       0x0542, "D-006", malformed,   "the claim 'size' is negative") \
  X(claim_manifests_empty,     0x0543, "N-006", malformed,   "the claim 'manifests' is empty") \
  X(claim_manifests_mixed,     0x0544, "N-006", malformed,   "the claims have both 'manifests' and 'digest', 'size' or 'references'") \
  X(claim_media_type_missing,  0x0545, "N-037", malformed,   "the claim 'mediaType' is missing") \
  X(claim_references_empty,    0x0546, "N-008", malformed,   "the claim 'references' is empty") \
  X(claim_references_too_many, 0x0547, "G-003", limit,       "there are more references than the limit") \
  X(claim_times_reversed,      0x0548, "N-135", malformed,   "the claim 'nbf' is later than 'exp'") \
  X(claim_manifests_too_many,  0x0549, "G-003", limit,       "there are more signed manifests than the limit") \
  X(jws_member_missing,        0x0560, "J-003", malformed,   "the envelope lacks 'payload', 'protected', 'header' or 'signature', or one is empty") \
  X(jws_member_unknown,        0x0561, "J-004", malformed,   "the envelope has a member that is not known") \
  X(jws_several_signatures,    0x0562, "J-005", malformed,   "the envelope has 'signatures', but only one signature is allowed") \
  X(jws_chain_missing,         0x0563, "J-010", malformed,   "the unprotected header has no 'x5c'") \
  X(jws_name_in_both,          0x0564, "J-014", malformed,   "a name stands in both headers") \
  X(jws_critical_unprotected,  0x0565, "J-015", critical,    "the unprotected header has 'crit'") \
  X(jws_unencoded_payload,     0x0566, "J-036", critical,    "the protected header has 'b64'") \
  X(cose_prefix,               0x0580, "C-002", malformed,   "the envelope does not start like a tagged COSE_Sign1 message") \
  X(cose_label,                0x0581, "C-008", malformed,   "a label is neither an integer nor a text") \
  X(cose_payload_empty,        0x0582, "C-010", malformed,   "the payload is empty") \
  X(cose_signature_missing,    0x0583, "C-010", nosig,       "the signature is null or empty") \
  X(cose_content_type_missing, 0x0584, "C-021", malformed,   "the protected header has no content type") \
  X(cose_time,                 0x0585, "C-024", malformed,   "a time has another tag than 1") \
  X(cose_time_range,           0x0586, "C-026", malformed,   "a time is not in the years 1 to 9999") \
  X(cose_parameter,            0x0587, "C-029", malformed,   "a header parameter has a wrong value or stands where it must not") \
  X(cose_critical_unprotected, 0x0588, "C-030", critical,    "the unprotected header has 'crit'") \
  X(cose_label_in_both,        0x0589, "C-040", malformed,   "a label stands in both headers") \
  X(notary_algorithm_missing,  0x05A0, "J-021", malformed,   "the signature algorithm is missing") \
  X(notary_algorithm_unknown,  0x05A1, "J-021", unsupported, "the signature algorithm is not one of the allowed ones") \
  X(notary_algorithm_mismatch, 0x05A2, "J-021", integrity,   "the signature algorithm is not the one of the signer's key") \
  X(notary_key,                0x05A3, "J-040", unsupported, "the signer's key is of a kind that has no signature algorithm") \
  X(notary_key_size,           0x05A4, "J-041", unsupported, "the signer's RSA key has not exactly 2048, 3072 or 4096 bits") \
  X(notary_content_type,       0x05A5, "J-022", unsupported, "the content type is missing or another than that of a Notary payload") \
  X(notary_scheme_missing,     0x05A6, "J-023", malformed,   "the signing scheme is missing") \
  X(notary_scheme_unknown,     0x05A7, "J-023", unsupported, "the signing scheme is not known") \
  X(notary_times_x509,         0x05A8, "J-025", malformed,   "the scheme notary.x509 takes a signing time and no authentic one") \
  X(notary_times_authority,    0x05A9, "J-026", malformed,   "the scheme of signing authorities takes an authentic signing time and no other") \
  X(notary_signing_time_zero,  0x05AA, "J-027", malformed,   "the signing time is the instant that stands for none") \
  X(notary_expiry,             0x05AB, "J-028", malformed,   "the expiry is not later than the signing time") \
  X(notary_critical_missing,   0x05AC, "J-030", critical,    "'crit' is missing or empty") \
  X(notary_critical_twice,     0x05AD, "J-031", critical,    "'crit' lists a name twice") \
  X(notary_critical_registered, 0x05AE, "J-032", critical,   "'crit' lists a name that is never critical") \
  X(notary_critical_absent,    0x05AF, "J-033", critical,    "'crit' lists a name that the protected header does not have") \
  X(notary_critical_required,  0x05B0, "J-034", critical,    "'crit' does not list an attribute that must be critical") \
  X(notary_critical_unknown,   0x05B1, "J-035", critical,    "'crit' lists an attribute that is not understood or must not be critical") \
  X(notary_plugin,             0x05B2, "J-037", plugin,      "the signature demands a verification plugin") \
  X(notary_chain_empty,        0x05B3, "C-041", chain,       "there is no certificate") \
  X(notary_timestamp_empty,    0x05B4, "J-011", malformed,   "the timestamp is empty") \
  X(notary_not_anchored,       0x05B5, "S-020", trust,       "no certificate of the chain is a trusted one") \
  X(notary_no_anchor,          0x05B6, "W-030", trust,       "no certificate is trusted for this signing scheme") \
  X(notary_time_ahead,         0x05B7, "W-065", certtime,    "the authentic signing time lies in the future") \
  X(notary_timestamp,          0x05B8, "W-063", timestamp,   "a timestamp is asked for, and none can be verified") \
  X(payload_target_missing,    0x05C0, "J-051", malformed,   "the payload has no 'targetArtifact'") \
  X(payload_media_type,        0x05C1, "J-051", malformed,   "the signed artifact has no 'mediaType' or an empty one") \
  X(payload_digest_missing,    0x05C2, "J-051", malformed,   "the signed artifact has no 'digest'") \
  X(payload_size,              0x05C3, "J-051", malformed,   "the signed artifact has no 'size' or a negative one") \
  X(payload_annotation_key,    0x05C4, "D-010", malformed,   "an annotation has an empty key") \
  X(metadata_mismatch,         0x05C8, "M-001", metadata,    "a required annotation is missing or has another value") \
  X(metadata_reserved,         0x05C9, "M-003", metadata,    "a required annotation has a reserved name")

#define NV2_ERRC_BINDING(X) \
  X(signature_expired,         0x0701, "N-130", expired,     "the signature has expired") \
  X(signature_not_yet_valid,   0x0702, "N-131", notyet,      "the signature is not valid yet") \
  X(artifact_digest,           0x0703, "N-140", binding,     "the signed digest is not the digest of the artifact") \
  X(artifact_size,             0x0704, "N-140", binding,     "the signed size is not the size of the artifact") \
  X(artifact_media_type,       0x0705, "N-143", binding,     "the signed media type is not the media type of the artifact") \
  X(artifact_not_signed,       0x0706, "N-021", binding,     "none of the signed manifests is the artifact") \
  X(reference_digest,          0x0707, "N-108", binding,     "a reference names another digest than the signed one") \
  X(artifact_unreadable,       0x0708, "N-140", storage,     "the artifact could not be read") \
  X(blob_algorithm,            0x0709, "J-056", binding,     "the signed digest of a blob is not made with the hash of the signer's key") \
  X(version_missing,           0x0710, "M-001", binding,     "the signature names no version of the artifact") \
  X(version_malformed,         0x0711, "M-001", binding,     "the signed version is not one to four numbers with dots between") \
  X(version_ambiguous,         0x0712, "M-001", binding,     "the signature names several references, and so no one version") \
  X(version_too_low,           0x0713, "M-001", binding,     "the signed version is lower than the one that was used before")

#define NV2_ERRC_BUNDLE(X) \
  X(bundle_unknown,            0x0801, "G-020", unsupported, "the file is no bundle") \
  X(bundle_version,            0x0802, "G-020", unsupported, "the bundle is of a later version") \
  X(bundle_size,               0x0803, "G-003", limit,       "the bundle is larger than the limit") \
  X(bundle_key_order,          0x0804, "G-021", malformed,   "the members of the bundle are not in their order") \
  X(bundle_member_unknown,     0x0805, "G-021", malformed,   "the bundle has a member that is not known") \
  X(bundle_member_missing,     0x0806, "G-021", malformed,   "the bundle lacks its counter or its signatures, or its artifact a part") \
  X(bundle_member_empty,       0x0807, "G-021", malformed,   "a member of the bundle is empty where it should be left out") \
  X(bundle_signature_parts,    0x0808, "G-021", malformed,   "a signature in the bundle is not a media type and an envelope") \
  X(bundle_signatures_too_many, 0x0809, "G-003", limit,      "there are more signatures in the bundle than the limit") \
  X(bundle_lists_too_many,     0x080A, "G-003", limit,       "there are more revocation lists in the bundle than the limit") \
  X(bundle_responses_too_many, 0x080B, "G-003", limit,       "there are more OCSP responses in the bundle than the limit") \
  X(bundle_signature_size,     0x080C, "G-003", limit,       "a signature in the bundle is larger than the limit") \
  X(bundle_list_size,          0x080D, "G-003", limit,       "a revocation list in the bundle is larger than the limit") \
  X(bundle_response_size,      0x080E, "G-003", limit,       "an OCSP response in the bundle is larger than the limit") \
  X(bundle_policy_size,        0x080F, "G-003", limit,       "the policy in the bundle is larger than the limit") \
  X(bundle_reference,          0x0810, "D-025", malformed,   "the reference in the bundle names another digest than the artifact there") \
  X(bundle_rolled_back,        0x0811, "G-021", binding,     "the bundle is older than one that was used before") \
  X(bundle_artifact,           0x0812, "D-005", binding,     "the bundle is about another artifact")

#define NV2_ERRC_C(X) \
  X(c_context,                 0x0901, "G-004", policy,      "the context was not made by nv2_init, is too small for that, or is a copy") \
  X(c_argument,                0x0902, "G-004", policy,      "a null pointer stands where something is promised, or a number is none of those listed") \
  X(c_incomplete,              0x0903, "G-004", policy,      "the time, the artifact or the decision about revocation has not been told")
// clang-format on

#define NV2_ERRC_LIST(X) \
  NV2_ERRC_BASE(X)       \
  NV2_ERRC_CODEC(X)      \
  NV2_ERRC_CRYPTO(X)     \
  NV2_ERRC_X509(X)       \
  NV2_ERRC_ENVELOPE(X)   \
  NV2_ERRC_TRUST(X)      \
  NV2_ERRC_BINDING(X)    \
  NV2_ERRC_BUNDLE(X)     \
  NV2_ERRC_C(X)

#endif  // NV2_BASE_ERRC_LIST_HPP
