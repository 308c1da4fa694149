// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The weighed program. NV2_SIZE_<FORMAT> say which formats it knows, NV2_SIZE_IDENTITIES whether it has a list of trusted
// identities, and NV2_SIZE_POLICY whether it takes its policy from a document.
#include "core.hpp"

#include <nv2/verifier.hpp>
#if NV2_SIZE_POLICY
#include <nv2/trust/policy_document.hpp>
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

/// The policy under which `input` is judged; null when there is none.
bool make_policy(const size_input& input, nv2::workspace& memory, nv2::policy& out) noexcept {
#if NV2_SIZE_POLICY
  nv2::policy_document parsed;
  const nv2::policy_statement* statement = nullptr;
  const bool found = nv2::parse_policy_document(nv2::bytes::of(document), nv2::policy_kind::oci,
                                                nv2::compat::none, memory, parsed)
                         .ok() &&
                     nv2::find_oci_statement(parsed, nv2::bytes::of("registry.example/a@sha256:0"),
                                             statement) == nv2::errc::ok;
  if (!found || !nv2::selects_store(*statement, nv2::anchor_role::ca, nv2::bytes::of("acme"))) {
    return false;
  }
  out = out.with_identities(statement->identities).with_actions(statement->actions);
#endif
  static_cast<void>(input);
  static_cast<void>(memory);
  static_cast<void>(out);
  return true;
}

}  // namespace

extern "C" nv2::errc size_verify(const size_input& input, nv2::workspace& memory,
                                 std::string_view& digest) noexcept {
  nv2::policy trust = nv2::policy::strict(input.anchors, nv2::revocation::not_checked());
  if (!make_policy(input, memory, trust)) return nv2::errc::unset;
#if NV2_SIZE_IDENTITIES
  const nv2::bytes identities[] = {nv2::bytes::of(input.identity)};
  trust = trust.with_identities(identities);
#endif
  const nv2::verifier verifier{size_backend, formats, trust};
  const auto artifact = nv2::artifact::content(input.manifest, input.media_type);
  const auto answer =
      verifier.verify(input.envelope, artifact, nv2::time_basis::at(input.time), memory);
  if (answer) digest = answer.value()->digest();
  return answer.status().code;
}
