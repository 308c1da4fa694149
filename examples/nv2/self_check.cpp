// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Own signatures through the library.
#include "self_check.hpp"

#include <nv2/nv2.hpp>
#include <nv2/x509/checks.hpp>
#include <nv2/x509/key.hpp>

#include "client_crypto.hpp"
#include "judge.hpp"
#include "time_text.hpp"

namespace client {
namespace {

using nv2::errc;

errc check_with_certificate(const own_signature& made) {
  trust trusted;
  trusted.add_signer(made.certificates.front());
  const auto artifact = nv2::artifact::content(view_of(made.manifest), made.media_type);
  const verdict answer =
      judge({nv2::bytes::of(made.envelope), artifact, trusted, system_time(), made.deviations});
  return answer.status.code;
}

errc check_primitive(const nv2::public_key& key, const nv2::signed_message& message,
                     nv2::workspace& memory) {
  nv2::digest_value digest;
  nv2::hasher hash{client_crypto, memory, message.algorithm.hash};
  for (const nv2::bytes part : message.signed_parts) hash.update(part);
  NV2_TRY(hash.finish(digest));
  return nv2::verify_signature(client_crypto, key, message.algorithm, digest.view(),
                               message.signature);
}

errc check_with_key(const own_signature& made) {
  const nv2::bytes envelope = nv2::bytes::of(made.envelope);
  byte_buffer buffer(nv2::workspace_bound(nv2::all_formats, envelope.size()));
  nv2::workspace memory{nv2::mutable_bytes{buffer.data(), buffer.size()}};
  std::uint32_t offset = 0;
  const nv2::parse_context context{memory, made.deviations.flags, offset};
  const bool is_json = nv2::nv2_json_format.sniff(envelope);
  const nv2::envelope_format& format = is_json ? nv2::nv2_json_format : nv2::nv2_jwt_format;
  nv2::public_key key;
  NV2_TRY(nv2::parse_public_key(made.public_key_info, key));
  NV2_TRY(nv2::check_key_strength(key, made.deviations.min_rsa_bits));
  nv2::signed_message message;
  NV2_TRY(format.parse(envelope, context, message));
  NV2_TRY(format.select(context, message));
  NV2_TRY(check_primitive(key, message, memory));
  nv2::signed_claims claims;
  NV2_TRY(format.parse_claims(message, context, claims));
  const auto artifact = nv2::artifact::content(view_of(made.manifest), made.media_type);
  return nv2::check_binding(artifact, format, client_crypto, context, message.algorithm.hash,
                            claims);
}

}  // namespace

errc check_own(const own_signature& made) {
  return made.certificates.empty() ? check_with_key(made) : check_with_certificate(made);
}

}  // namespace client
