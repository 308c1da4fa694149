// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The whole library but for the crypto backends, of which a program includes the one it links.
#ifndef NV2_NV2_HPP
#define NV2_NV2_HPP

#include <nv2/bundle.hpp>
#include <nv2/codec/pem.hpp>
#include <nv2/crypto/rsa_encoding.hpp>
#include <nv2/envelope/notary_cose.hpp>
#include <nv2/envelope/notary_jws.hpp>
#include <nv2/envelope/nv2_json.hpp>
#include <nv2/envelope/nv2_jwt.hpp>
#include <nv2/oci/attempts.hpp>
#include <nv2/oci/index.hpp>
#include <nv2/quorum.hpp>
#include <nv2/trust/revocation_responses.hpp>
#include <nv2/trust/timestamp.hpp>
#include <nv2/trust/version_rule.hpp>
#include <nv2/verifier.hpp>

NV2_NAMESPACE_BEGIN

namespace detail {
inline constexpr const envelope_format* all_formats[] = {&nv2_json_format, &nv2_jwt_format,
                                                         &notary_jws_format, &notary_cose_format};
}  // namespace detail

/// Every format of the library.
inline constexpr format_list all_formats{detail::all_formats};

NV2_NAMESPACE_END

#endif  // NV2_NV2_HPP
