// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// From the client's values to the verifier's and back.
#include "judge.hpp"

#include <vector>

#include <nv2/crypto/openssl.hpp>
#include <nv2/nv2.hpp>

#include "certificate_view.hpp"

namespace client {
namespace {

/// The formats that `name` allows.
std::vector<const nv2::envelope_format*> allowed_formats(std::string_view name) {
  std::vector<const nv2::envelope_format*> out;
  for (const nv2::envelope_format* const known : nv2::all_formats) {
    if (name.empty() || name == known->name) out.push_back(known);
  }
  return out;
}

verdict copied(const nv2::verification& answer, nv2::time_basis time) {
  verdict out;
  out.trusted = answer.ok();
  out.time = time;
  out.status = answer.status();
  if (answer.format() != nullptr) out.format = answer.format()->name;
  for (std::size_t i = 0; i < check_count; ++i) {
    out.checks[i] = answer.report(static_cast<nv2::check>(i));
  }
  if (answer.tried().size() > 1) out.tried.assign(answer.tried().begin(), answer.tried().end());
  if (const nv2::verified* const value = answer.value(); value != nullptr) {
    const certificate_view signer = view_certificate(value->signer().der);
    out.digest = value->digest();
    out.signer_subject = signer.subject;
    out.signer_sha256 = signer.sha256;
  }
  return out;
}

}  // namespace

verdict judge(const judgement& input) {
  const auto formats = allowed_formats(input.format);
  std::string_view declared = input.envelope_media_type;
  if (declared.empty() && !input.format.empty()) declared = formats.front()->media_type;
  const nv2::policy policy =
      nv2::policy::strict(input.trusted.anchors(), nv2::revocation::not_checked())
          .with(input.deviations.flags)
          .with_min_rsa_bits(input.deviations.min_rsa_bits);
  const nv2::verifier verifier{nv2::openssl_crypto, {formats.data(), formats.size()}, policy};
  byte_buffer memory(nv2::workspace_bound(nv2::all_formats, input.envelope.size()));
  nv2::workspace workspace{nv2::mutable_bytes{memory.data(), memory.size()}};
  const auto artifact = nv2::artifact::content(input.manifest, input.media_type);
  return copied(verifier.verify(input.envelope, artifact, input.time, workspace, declared),
                input.time);
}

}  // namespace client
