// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The codes of the layer trust, which are a third of errc_list.hpp and stand there as a list of their
// own; what a column is says that header.
#ifndef NV2_BASE_ERRC_LIST_TRUST_HPP
#define NV2_BASE_ERRC_LIST_TRUST_HPP

// clang-format off
#define NV2_ERRC_TRUST(X) \
  X(policy_version,            0x0601, "P-003", policy,      "the trust policy has no 'version' 1.0") \
  X(policy_member_unknown,     0x0602, "P-002", policy,      "the trust policy has a member that is not known") \
  X(policy_statements_empty,   0x0603, "P-004", policy,      "the trust policy has no statement") \
  X(policy_statements_too_many, 0x0604, "G-003", limit,      "the trust policy has more statements than the limit") \
  X(policy_name,               0x0605, "P-005", policy,      "a policy statement has no name or a blank one") \
  X(policy_name_twice,         0x0606, "P-005", policy,      "two policy statements have the same name") \
  X(policy_level,              0x0607, "P-006", policy,      "a policy statement has no level, or not strict, permissive, audit or skip") \
  X(policy_override,           0x0608, "P-007", policy,      "an override names a validation or an action that cannot be set") \
  X(policy_override_of_skip,   0x0609, "P-008", policy,      "the level skip cannot be overridden") \
  X(policy_timestamp,          0x060A, "P-009", policy,      "'verifyTimestamp' is neither always nor afterCertExpiry") \
  X(policy_timestamp_of_skip,  0x060B, "P-009", policy,      "'verifyTimestamp' has no meaning with the level skip") \
  X(policy_trust_of_skip,      0x060C, "P-010", policy,      "the level skip takes no trust stores and no trusted identities") \
  X(policy_stores_empty,       0x060D, "P-011", policy,      "a policy statement has no trust store") \
  X(policy_stores_too_many,    0x060E, "G-003", limit,       "a policy statement has more trust stores than the limit") \
  X(policy_stores_only_tsa,    0x060F, "P-014", policy,      "a policy statement has no trust store but for timestamps") \
  X(policy_identities_empty,   0x0610, "P-011", policy,      "a policy statement has no trusted identity") \
  X(policy_identities_too_many, 0x0611, "G-003", limit,      "a policy statement has more trusted identities than the limit") \
  X(policy_scopes_empty,       0x0612, "P-016", policy,      "a policy statement has no registry scope") \
  X(policy_scopes_too_many,    0x0613, "G-003", limit,       "the trust policy has more registry scopes than the limit") \
  X(policy_scope_wildcard,     0x0614, "P-016", policy,      "the registry scope * must stand alone") \
  X(policy_scope_twice,        0x0615, "P-017", policy,      "a registry scope stands twice in the trust policy") \
  X(policy_scope_syntax,       0x0616, "P-021", policy,      "a registry scope is not a registry and a repository") \
  X(policy_global_twice,       0x0617, "P-019", policy,      "two policy statements are global") \
  X(policy_global_skip,        0x0618, "P-018", policy,      "the level skip cannot be that of everything") \
  X(policy_missing,            0x0620, "P-023", nopolicy,    "there is no trust policy") \
  X(policy_reference,          0x0621, "W-001", nopolicy,    "the reference is not a registry and a repository with a digest") \
  X(policy_not_applicable,     0x0622, "W-001", nopolicy,    "no policy statement applies") \
  X(policy_skips,              0x0623, "W-003", policy,      "the policy skips verification: nothing was verified") \
  X(store_syntax,              0x0630, "P-012", policy,      "a trust store is not written as type:name") \
  X(store_type,                0x0631, "S-001", policy,      "the type of a trust store is not ca, signingAuthority or tsa") \
  X(store_name_syntax,         0x0632, "S-002", policy,      "the name of a trust store has characters other than A-Z a-z 0-9 _ . -") \
  X(store_twice,               0x0633, "P-013", policy,      "a trust store stands twice in a policy statement") \
  X(identity_syntax,           0x0640, "I-001", policy,      "a trusted identity is not written as prefix:value") \
  X(identity_none,             0x0641, "I-002", policy,      "a policy statement has no trusted identity of the kind x509.subject") \
  X(identity_wildcard,         0x0642, "P-015", policy,      "the trusted identity * must stand alone") \
  X(identity_rdn,              0x0643, "I-003", policy,      "a part of a trusted identity is not written as type=value") \
  X(identity_multi_valued,     0x0644, "I-003", policy,      "a trusted identity joins attributes with +") \
  X(identity_escape,           0x0645, "I-005", policy,      "a trusted identity has a wrong escape") \
  X(identity_number_sign,      0x0646, "I-007", policy,      "a trusted identity has =# in it") \
  X(identity_type,             0x0647, "I-008", policy,      "a trusted identity has an attribute type that is not known") \
  X(identity_type_twice,       0x0648, "I-009", policy,      "a trusted identity has an attribute type twice") \
  X(identity_incomplete,       0x0649, "I-010", policy,      "a trusted identity lacks C, ST or O") \
  X(identity_value_empty,      0x064A, "I-011", policy,      "a trusted identity has an empty value") \
  X(identity_overlap,          0x064B, "I-012", policy,      "a trusted identity is covered by another one") \
  X(identity_mismatch,         0x0650, "I-028", identity,    "the signer is none of the trusted identities") \
  X(subject_type,              0x0651, "I-022", identity,    "the signer's subject has an attribute that no trusted identity can have") \
  X(subject_type_twice,        0x0652, "I-023", identity,    "the signer's subject has an attribute twice") \
  X(subject_incomplete,        0x0653, "I-025", identity,    "the signer's subject lacks C, ST or O") \
  X(subject_number_sign,       0x0654, "I-026", identity,    "the signer's subject has =# in it") \
  X(subject_text,              0x0655, "I-027", malformed,   "the signer's subject has a text that its type does not allow") \
  X(timestamp_absent,          0x0670, "T-001", timestamp,   "there is no timestamp") \
  X(timestamp_encoding,        0x0671, "T-002", timestamp,   "the timestamp is not the DER of a signed message") \
  X(timestamp_not_signed,      0x0672, "T-002", timestamp,   "the timestamp is not a signed message, but one of another type") \
  X(timestamp_version,         0x0673, "T-003", timestamp,   "the signed message of the timestamp is not of version 3") \
  X(timestamp_content,         0x0674, "T-004", timestamp,   "what the timestamp signs is missing, or not a statement of time") \
  X(timestamp_no_certificates, 0x0675, "T-005", timestamp,   "the timestamp has no certificates") \
  X(timestamp_certificate,     0x0676, "T-005", timestamp,   "a certificate of the timestamp is not a well-formed one of X.509") \
  X(timestamp_certificate_count, 0x0677, "G-003", timestamp,   "the timestamp has more certificates than the limit") \
  X(timestamp_crls,            0x0678, "T-006", timestamp,   "the timestamp has revocation lists") \
  X(timestamp_signers,         0x0679, "T-007", timestamp,   "the timestamp has no signer or several") \
  X(timestamp_info,            0x067A, "T-013", timestamp,   "the statement of time is not well-formed") \
  X(timestamp_info_version,    0x067B, "T-010", timestamp,   "the statement of time is not of version 1") \
  X(timestamp_imprint_hash,    0x067C, "T-011", timestamp,   "what was stamped is not named by its SHA-256, SHA-384 or SHA-512") \
  X(timestamp_imprint,         0x067D, "T-011", timestamp,   "something else was stamped than this signature") \
  X(timestamp_imprint_choice,  0x067E, "T-012", timestamp,   "the signature was stamped by another hash than that of the signer's key") \
  X(timestamp_gen_time,        0x067F, "T-014", timestamp,   "the time is not in the one allowed form or no real date") \
  X(timestamp_accuracy,        0x0680, "T-015", timestamp,   "the accuracy of the time is out of range") \
  X(timestamp_extension,       0x0681, "T-016", timestamp,   "the statement of time has a critical extension") \
  X(timestamp_info_trailing,   0x0682, "T-017", timestamp,   "something follows the statement of time") \
  X(timestamp_signer_version,  0x0683, "T-020", timestamp,   "the signer of the timestamp is not named by issuer and serial number, or not in version 1") \
  X(timestamp_attributes,      0x0684, "T-021", timestamp,   "the timestamp signs no attributes, or lacks the type or the digest of what it signs") \
  X(timestamp_attribute_values, 0x0685, "T-021", timestamp,   "a signed attribute of the timestamp has not exactly one value") \
  X(timestamp_attribute_order, 0x0686, "T-022", timestamp,   "the signed attributes of the timestamp are not in order, or one is there twice") \
  X(timestamp_attribute_count, 0x0687, "G-003", timestamp,   "the timestamp has more signed attributes than the limit") \
  X(timestamp_attribute_type,  0x0688, "T-021", timestamp,   "the timestamp signs the type of something else than a statement of time") \
  X(timestamp_digest,          0x0689, "T-021", timestamp,   "the timestamp signs the digest of another statement of time") \
  X(timestamp_certificate_id,  0x068A, "T-023", timestamp,   "the timestamp does not sign which certificate is its signer's") \
  X(timestamp_certificate_hash, 0x068B, "T-024", timestamp,   "the signer's certificate is not among those of the timestamp, or not named by SHA-2") \
  X(timestamp_issuer_serial,   0x068C, "T-024", timestamp,   "the timestamp signs an issuer and a serial number that its signer does not have") \
  X(timestamp_signer_id,       0x068D, "T-025", timestamp,   "the timestamp names two signers") \
  X(timestamp_algorithm,       0x068E, "T-027", timestamp,   "the signature of the timestamp is by an algorithm that is not accepted") \
  X(timestamp_signature,       0x068F, "T-027", timestamp,   "the signature of the timestamp does not verify") \
  X(timestamp_signing_time,    0x0690, "T-028", timestamp,   "a certificate was not valid at the signing time of the timestamp") \
  X(timestamp_path,            0x0691, "T-040", timestamp,   "no certificate of a trusted timestamp service leads to the signer of the timestamp") \
  X(timestamp_path_time,       0x0692, "T-040", timestamp,   "a certificate was not valid at the time of the timestamp") \
  X(timestamp_path_rules,      0x0693, "X-064", timestamp,   "a certificate of the timestamp service has a weak signature or key, or what cannot be obeyed") \
  X(timestamp_no_anchor,       0x0694, "T-041", timestamp,   "no timestamp service is trusted") \
  X(timestamp_root,            0x0695, "T-041", timestamp,   "a trusted certificate of a timestamp service is not that of a self-signed authority") \
  X(timestamp_window,          0x0696, "T-043", timestamp,   "a certificate was not valid all the time in which the signature may have been stamped") \
  X(timestamp_ahead,           0x0697, "T-045", timestamp,   "the time of the timestamp lies in the future") \
  X(timestamp_revoked,         0x0698, "T-044", timestamp,   "a certificate of the timestamp service was revoked") \
  X(timestamp_revocation,      0x0699, "T-044", timestamp,   "nobody knows whether a certificate of the timestamp service was revoked") \
  X(certificate_revoked,       0x06A0, "R-006", revoked,     "a certificate was revoked") \
  X(revocation_time_unknown,   0x06A1, "G-001", revunknown,  "what is known of the time does not suffice to say whether the revocation data is current") \
  X(crl_count,                 0x06A2, "G-003", revunknown,  "there are more revocation lists than the limit") \
  X(crl_issuer,                0x06A3, "R-012", revunknown,  "none of the revocation lists is of the certificate's issuer") \
  X(crl_size,                  0x06A4, "G-003", revunknown,  "a revocation list is larger than the limit") \
  X(crl_malformed,             0x06A5, "R-010", revunknown,  "a revocation list is not well-formed DER, or something follows it") \
  X(crl_version,               0x06A6, "R-010", revunknown,  "a revocation list is not of version 2") \
  X(crl_algorithms,            0x06A7, "R-010", revunknown,  "the two signature algorithms of a revocation list differ") \
  X(crl_issuer_usage,          0x06A8, "R-011", revunknown,  "the certificate's issuer may not sign revocation lists") \
  X(crl_algorithm,             0x06A9, "R-013", revunknown,  "a revocation list is signed by an algorithm that is not accepted") \
  X(crl_extension,             0x06AA, "R-017", revunknown,  "a revocation list has a critical extension that is not understood") \
  X(crl_indirect,              0x06AB, "R-018", revunknown,  "a revocation list is about certificates of several issuers") \
  X(crl_scope,                 0x06AC, "R-016", revunknown,  "a revocation list is not about certificates of this kind, or not about all reasons") \
  X(crl_point,                 0x06AD, "R-016", revunknown,  "a revocation list is for another place than those that the certificate names") \
  X(crl_signature,             0x06AE, "R-011", revunknown,  "the signature of a revocation list is not by the certificate's issuer") \
  X(crl_ahead,                 0x06AF, "R-014", revunknown,  "a revocation list was made in the future") \
  X(crl_stale,                 0x06B0, "R-014", revunknown,  "a revocation list has expired, or does not say when") \
  X(crl_is_delta,              0x06B1, "R-017", revunknown,  "a revocation list has only changes, and the list that they are to is missing") \
  X(crl_delta_missing,         0x06B2, "R-019", revunknown,  "changes to a revocation list are published, and they are missing") \
  X(crl_delta_mismatch,        0x06B3, "R-020", revunknown,  "changes to a revocation list are there, but they are to another one, or older") \
  X(crl_entry_malformed,       0x06B4, "R-021", revunknown,  "the certificate's entry in a revocation list is not well-formed") \
  X(crl_entry_critical,        0x06B5, "R-021", revunknown,  "the certificate's entry in a revocation list has a critical extension that is not understood") \
  X(crl_point_missing,         0x06B6, "R-005", revunknown,  "of a place that the certificate names for revocation lists there is none") \
  X(ocsp_count,                0x06C0, "G-003", revunknown,  "there are more OCSP responses than the limit") \
  X(ocsp_other_certificate,    0x06C1, "R-031", revunknown,  "none of the OCSP responses is about the certificate") \
  X(ocsp_size,                 0x06C2, "R-030", revunknown,  "an OCSP response is larger than the limit") \
  X(ocsp_malformed,            0x06C3, "R-030", revunknown,  "an OCSP response is not well-formed DER, or something follows it") \
  X(ocsp_unsuccessful,         0x06C4, "R-030", revunknown,  "an OCSP service has refused to answer") \
  X(ocsp_type,                 0x06C5, "R-030", revunknown,  "an OCSP response is not of the basic type") \
  X(ocsp_version,              0x06C6, "R-030", revunknown,  "an OCSP response is not of version 1, or spells the version out") \
  X(ocsp_ahead,                0x06C7, "R-034", revunknown,  "an OCSP response was made in the future") \
  X(ocsp_stale,                0x06C8, "R-034", revunknown,  "an OCSP response has expired, or does not say when") \
  X(ocsp_extension,            0x06C9, "R-035", revunknown,  "an OCSP response has a critical extension that is not understood") \
  X(ocsp_algorithm,            0x06CA, "X-011", revunknown,  "an OCSP response, or the certificate of its responder, is signed by an algorithm that is not accepted") \
  X(ocsp_responder_malformed,  0x06CB, "R-032", revunknown,  "the responder's certificate in an OCSP response is not well-formed") \
  X(ocsp_responder_key,        0x06CC, "X-028", revunknown,  "the responder's key is too small, too large, or of a kind that is not accepted") \
  X(ocsp_signature,            0x06CD, "R-032", revunknown,  "the signature of an OCSP response is neither by the certificate's issuer nor by the responder that it names") \
  X(ocsp_responder_issuer,     0x06CE, "R-032", revunknown,  "the responder's certificate is not by the issuer of the certificate that was asked about") \
  X(ocsp_responder_purpose,    0x06CF, "R-032", revunknown,  "the responder's certificate is not for signing OCSP responses") \
  X(ocsp_responder_extension,  0x06D0, "R-032", revunknown,  "the responder's certificate has a critical extension that is not understood") \
  X(ocsp_responder_time,       0x06D1, "R-032", revunknown,  "the responder's certificate has expired, or is not valid yet") \
  X(ocsp_responder_unchecked,  0x06D2, "R-033", revunknown,  "nobody knows whether the responder's certificate was revoked") \
  X(ocsp_responder_revoked,    0x06D3, "R-033", revunknown,  "the responder's certificate was revoked") \
  X(ocsp_unknown,              0x06D4, "R-036", revunknown,  "an OCSP service does not know the certificate") \
  X(ocsp_revoked_critical,     0x06D5, "R-035", revunknown,  "an OCSP response says revoked, with a critical extension that is not understood") \
  X(threshold_not_reached,     0x06E0, "W-040", trust,       "fewer different trusted signers have signed than the threshold asks for") \
  X(required_signer_missing,   0x06E1, "W-040", trust,       "a signer has not signed who is required") \
  X(threshold_zero,            0x06E2, "W-040", policy,      "a threshold of no signer asks for nothing") \
  X(threshold_too_large,       0x06E3, "G-003", policy,      "the threshold is larger than the number of signers that can be counted") \
  X(required_too_many,         0x06E4, "G-003", policy,      "more signers are required than can be counted") \
  X(quorum_artifact,           0x06E5, "W-080", binding,     "the signatures are not all about the same artifact") \
  X(signature_not_counted,     0x06E6, "W-081", trust,       "the signature passes only because the policy lets failures pass, and does not count for a threshold") \
  X(signer_counted,            0x06E7, "W-040", trust,       "a signer with the same key, subject or trusted identity was counted before") \
  X(signer_not_needed,         0x06E8, "W-040", trust,       "enough signers were counted before, and this one is not required") \
  X(policy_threshold,          0x06E9, "P-002", policy,      "the threshold is not a number from 1 to the limit") \
  X(policy_threshold_of_skip,  0x06EA, "P-010", policy,      "the level skip takes no threshold and no required identities") \
  X(policy_threshold_unreachable, 0x06EB, "P-002", policy,   "fewer identities are trusted than must sign") \
  X(policy_required_empty,     0x06EC, "P-002", policy,      "the list of required identities is empty") \
  X(policy_required_too_many,  0x06ED, "G-003", policy,      "a policy statement has more required identities than the limit") \
  X(policy_required_identity,  0x06EE, "P-002", policy,      "a required identity is not of the kind x509.subject") \
  X(policy_required_untrusted, 0x06EF, "P-002", policy,      "a required identity is not covered by a trusted one")
// clang-format on

#endif  // NV2_BASE_ERRC_LIST_TRUST_HPP
