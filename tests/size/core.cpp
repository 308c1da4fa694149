// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The weighed program. NV2_SIZE_<FORMAT> name the formats it knows, and NV2_SIZE_IDENTITIES whether it has a list of
// trusted identities.
#include "core.hpp"

#include <nv2/verifier.hpp>
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

}  // namespace

extern "C" nv2::errc size_verify(const size_input& input, nv2::workspace& memory,
                                 std::string_view& digest) noexcept {
  const nv2::policy trust = nv2::policy::strict(input.anchors, nv2::revocation::not_checked());
  const nv2::verifier verifier{size_backend, formats, trust};
  const auto artifact = nv2::artifact::content(input.manifest, input.media_type);
  const auto answer =
      verifier.verify(input.envelope, artifact, nv2::time_basis::at(input.time), memory);
  if (answer) digest = answer.value()->digest();
  return answer.status().code;
}
