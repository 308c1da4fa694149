// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Own signatures through the library.
#include "notary_self_check.hpp"

#include <nv2/nv2.hpp>

#include "client_crypto.hpp"
#include "blob.hpp"
#include "time_text.hpp"

namespace client {

nv2::status check_own_notary(const sign_job& job, const std::string& envelope) {
  const sign_options& options = job.options;
  const nv2::trust_anchor anchors[] = {
      {view_of(job.chain.back()), options.scheme == nv2::signing_scheme::signing_authority
                                      ? nv2::anchor_role::signing_authority
                                      : nv2::anchor_role::ca}};
  const nv2::policy policy = nv2::policy::strict(anchors, nv2::revocation::not_checked())
                                 .with(options.deviations.flags)
                                 .with_min_rsa_bits(options.deviations.min_rsa_bits);
  const nv2::envelope_format* const formats[] = {
      options.form == envelope_form::jws ? &nv2::notary_jws_format : &nv2::notary_cose_format};
  const nv2::verifier verifier{client_crypto, formats, policy};
  byte_buffer memory(nv2::workspace_bound(formats, envelope.size()));
  nv2::workspace workspace{nv2::mutable_bytes{memory.data(), memory.size()}};
  const auto check = [&](const nv2::artifact& artifact) {
    return verifier.verify(nv2::bytes::of(envelope), artifact, system_time(), workspace).status();
  };
  const nv2::bytes content = view_of(job.target.content);
  const std::string& media_type = job.target.media_type;
  if (!options.is_blob) return check(nv2::artifact::content(content, media_type));
  if (job.target.path.empty()) return check(nv2::artifact::blob(content, media_type));
  blob_reader file{job.target.path};
  const nv2::status answer = check(file.artifact(media_type));
  file.check();
  return answer;
}

}  // namespace client
