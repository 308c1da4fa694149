// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The weighed program. NV2_SIZE_<FORMAT> say which formats it knows, NV2_SIZE_POLICY whether it takes identities and level
// from a document, NV2_SIZE_QUORUM whether it counts signers, and NV2_SIZE_BUNDLE whether envelopes come in bundles.
#include "core.hpp"

#include <nv2/verifier.hpp>
#if NV2_SIZE_POLICY
#include <nv2/trust/policy_document.hpp>
#endif
#if NV2_SIZE_QUORUM
#include <nv2/quorum.hpp>
#endif
#if NV2_SIZE_BUNDLE
#include <nv2/bundle.hpp>
#endif
#if NV2_SIZE_COSE
#include <nv2/envelope/notary_cose.hpp>
#endif
#if NV2_SIZE_JWS
#include <nv2/envelope/notary_jws.hpp>
#endif
#if NV2_SIZE_JWT
#include <nv2/envelope/nv2_jwt.hpp>
#endif
#if NV2_SIZE_JSON
#include <nv2/envelope/nv2_json.hpp>
#endif

namespace {

constexpr const nv2::envelope_format* formats[] = {
#if NV2_SIZE_COSE
    &nv2::notary_cose_format,
#endif
#if NV2_SIZE_JWS
    &nv2::notary_jws_format,
#endif
#if NV2_SIZE_JSON
    &nv2::nv2_json_format,
#endif
#if NV2_SIZE_JWT
    &nv2::nv2_jwt_format,
#endif
};

#if NV2_SIZE_POLICY
constexpr std::string_view document = R"({"version": "1.0", "trustPolicies": [{
  "name": "all", "registryScopes": ["*"], "signatureVerification": {"level": "strict"},
  "trustStores": ["ca:acme", "signingAuthority:acme"],
  "trustedIdentities": ["x509.subject: C=US, ST=WA, O=Wabbit Networks", "x509.subject: C=US, ST=WA, O=ACME Rockets"]}]})";
#endif

#if NV2_SIZE_POLICY
/// Adds what the document says to `trust`; false when it has no statement that applies.
bool read_policy(nv2::workspace& memory, nv2::policy& trust) noexcept {
  nv2::policy_document parsed;
  const nv2::policy_statement* statement = nullptr;
  const bool found = nv2::parse_policy_document(nv2::bytes::of(document), nv2::policy_kind::oci,
                                                nv2::compat::none, memory, parsed)
                         .ok() &&
                     nv2::find_oci_statement(parsed, nv2::bytes::of("registry.example/a@sha256:0"),
                                             statement) == nv2::errc::ok &&
                     nv2::selects_store(*statement, nv2::anchor_role::ca, nv2::bytes::of("acme"));
  if (found) trust = trust.with_identities(statement->identities).with_actions(statement->actions);
  return found;
}
#endif

}  // namespace

extern "C" nv2::errc size_verify(const size_input& input, nv2::workspace& memory,
                                 std::string_view& digest) noexcept {
#if NV2_SIZE_POLICY
  nv2::policy trust = input.trust;
  if (!read_policy(memory, trust)) return nv2::errc::unset;
#else
  const nv2::policy& trust = input.trust;
#endif
#if NV2_SIZE_BUNDLE
  const auto artifact = nv2::artifact::content(input.manifest, input.media_type);
  const auto now = nv2::time_basis::at(input.time);
  nv2::bundle_rules rules;
  rules.decide = nv2::revocation_by_lists;
  const auto all = nv2::verify_bundle(input.envelope, artifact, size_backend, formats, trust, now,
                                      memory, rules);
  const auto& answer = all.answer();
#else
  const nv2::verifier verifier{size_backend, formats, trust};
  const auto artifact = nv2::artifact::content(input.manifest, input.media_type);
  const auto answer =
      verifier.verify(input.envelope, artifact, nv2::time_basis::at(input.time), memory);
#endif
  if (answer) digest = answer.value()->digest();
#if NV2_SIZE_QUORUM
  const nv2::quorum_rules rules;
  nv2::static_quorum<4> signers{rules};
  static_cast<void>(signers.add(answer, size_backend, memory));
  return signers.result();
#else
  return answer.status().code;
#endif
}
