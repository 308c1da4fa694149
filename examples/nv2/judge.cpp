// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// From the client's values to the verifier's and back.
#include "judge.hpp"

#include <optional>

#include <nv2/nv2.hpp>
#include <nv2/trust/revocation_responses.hpp>

#include "client_crypto.hpp"
#include "certificate_view.hpp"
#include "revocation_fetch.hpp"
#include "terminal.hpp"

namespace client {
namespace {

/// More than what is kept of each list that counts.
constexpr std::size_t revocation_memory = std::size_t{64} << 10;

template <typename T>
nv2::view<T> list_of(const std::vector<T>& items) {
  return {items.data(), items.size()};
}

/// The formats that `input` allows. Of blobs no prototype form is a signature. Trust policy documents
/// are about code-signing certificates: a prototype form, for which a certificate of a server will do,
/// counts under them only when it was named. A format that was named leaves the others in, so that
/// content in one of them is told as such, unless a media type was declared as well.
std::vector<const nv2::envelope_format*> allowed_formats(const judgement& input) {
  const bool only_named = !input.format.empty() && !input.envelope_media_type.empty();
  const bool only_notary = input.format.empty() && !input.trusted.statement().empty();
  std::vector<const nv2::envelope_format*> out;
  for (const nv2::envelope_format* const known : nv2::all_formats) {
    const bool is_prototype = known == &nv2::nv2_json_format || known == &nv2::nv2_jwt_format;
    if (is_prototype && (only_notary || input.artifact.is_blob())) continue;
    if (!only_named || input.format == known->name) out.push_back(known);
  }
  return out;
}

/// The media type that the envelope must have, "" = any. // spec: G-020
std::string_view declared_type(const judgement& input) {
  if (!input.envelope_media_type.empty()) return input.envelope_media_type;
  for (const nv2::envelope_format* const known : nv2::all_formats) {
    if (!input.format.empty() && input.format == known->name) return known->media_type;
  }
  return {};
}

bool is_notary(nv2::bytes envelope) {
  return nv2::notary_jws_format.sniff(envelope) || nv2::notary_cose_format.sniff(envelope);
}

verdict copied(const nv2::verification& answer, const judgement& input) {
  verdict out;
  out.accepted = answer.accepted();
  out.time = input.time;
  out.status = answer.status();
  out.statement = input.trusted.statement();
  out.level = input.trusted.actions().level();
  if (answer.format() != nullptr) out.format = answer.format()->name;
  out.revocation = answer.revocation();
  out.times = answer.times();
  for (std::size_t i = 0; i < nv2::check_count; ++i) {
    const auto kind = static_cast<nv2::check>(i);
    out.checks[i] = answer.report(kind);
    out.logged[i] = answer.logged(kind);
  }
  if (answer.tried().size() > 1) out.tried.assign(answer.tried().begin(), answer.tried().end());
  if (const nv2::verified* const value = answer.accepted_value(); value != nullptr) {
    const certificate_view signer = view_certificate(value->signer().der);
    out.digest = value->digest();
    if (value->has_expiry()) out.expiry = value->expiry();
    out.signer_subject = signer.subject;
    out.signer_sha256 = signer.sha256;
  }
  return out;
}

/// Tells the version that was asked for.
void add_version(const nv2::verification& answer, const judgement& input, nv2::workspace& memory,
                 verdict& out) {
  const nv2::verified* const value = answer.accepted_value();
  if (input.version == nullptr || value == nullptr || !out.accepted) return;
  nv2::version found;
  const nv2::errc code = nv2::read_version(*input.version, nv2::bytes::of(value->annotations()),
                                           nv2::bytes::of(value->references()), memory, found);
  if (code == nv2::errc::ok) out.version = found;
}

/// Judges again as long as there is more revocation data to be had, and nothing else is missing.
void add_revocation(const verify_options& options, trust& trusted, const judgement& input,
                    verdict& out) {
  std::vector<std::string> notes;
  for (missing_data missing = find_missing(out); missing.any(); missing = find_missing(out)) {
    if (!fetch_revocation(input.envelope, missing, options, trusted, notes)) break;
    out = judge(input);
  }
  for (const std::string& note : notes) print_note(note, options.color);
}

std::optional<nv2::version_rule> version_rule_of(const verify_options& options) {
  if (!options.min_version) return std::nullopt;
  if (options.version_key.empty()) return nv2::version_rule::tag({}, *options.min_version);
  return nv2::version_rule::annotation(options.version_key, *options.min_version);
}

}  // namespace

verdict judge(const judgement& input) {
  const auto formats = allowed_formats(input);
  std::vector<std::string_view> understood;
  if (input.understood != nullptr) {
    understood.assign(input.understood->begin(), input.understood->end());
  }
  std::vector<nv2::required_annotation> metadata;
  if (input.user_metadata != nullptr) {
    for (const auto& [key, value] : *input.user_metadata) metadata.push_back({key, value});
  }
  const nv2::revocation_data data = input.trusted.revocation().data();
  nv2::policy policy = input.trusted.policy(is_notary(input.envelope))
                           .with_revocation(nv2::revocation_by_data(data))
                           .with(input.deviations.flags)
                           .with_min_rsa_bits(input.deviations.min_rsa_bits)
                           .with_understood(list_of(understood))
                           .with_user_metadata(list_of(metadata));
  if (input.version != nullptr) policy = policy.with_version_floor(*input.version);
  const nv2::verifier verifier{client_crypto, list_of(formats), policy};
  byte_buffer memory(nv2::workspace_bound(nv2::all_formats, input.envelope.size()) +
                     nv2::timestamp_memory + revocation_memory);
  nv2::workspace workspace{nv2::mutable_bytes{memory.data(), memory.size()}};
  const nv2::verification answer =
      verifier.verify(input.envelope, input.artifact, input.time, workspace, declared_type(input));
  verdict out = copied(answer, input);
  if (out.accepted && input.digest && *input.digest != out.digest) {
    // spec: W-001 W-080
    out.refuse(nv2::check::binding, {nv2::errc::reference_digest, nv2::stage::binding, -1, 0});
  }
  add_version(answer, input, workspace, out);
  out.counted = out.status.code;
  if (input.signers != nullptr && out.accepted) {
    out.counted = input.signers->add(answer, client_crypto, workspace);
  }
  return out;
}

verdict judge_with(const verify_options& options, trust& trusted, const given_envelope& envelope,
                   const nv2::artifact& artifact, nv2::quorum* signers) {
  judgement input{envelope.content, artifact, trusted, options.time, options.deviations};
  input.format = envelope.format;
  input.envelope_media_type = envelope.declared;
  const std::optional<nv2::version_rule> version = version_rule_of(options);
  if (version) input.version = &*version;
  const std::string_view scope = options.trusted.lookup();
  const std::size_t at = scope.rfind('@');
  if (at != scope.npos) input.digest = scope.substr(at + 1);
  input.understood = &options.understood;
  input.user_metadata = &options.user_metadata;
  if (options.revocation.offline) input.signers = signers;
  verdict out = judge(input);
  if (!options.revocation.offline) {  // spec: Q-007
    add_revocation(options, trusted, input, out);
    // A signer counts once, so only when all data is there.
    input.signers = signers;
    if (signers != nullptr) out = judge(input);
  }
  // spec: W-042
  if (signers != nullptr && !out.accepted) signers->add_unavailable();
  return out;
}

verdict unjudged(const trust& trusted, nv2::time_basis time) {
  verdict out;
  out.time = time;
  out.statement = trusted.statement();
  out.level = trusted.actions().level();
  return out;
}

}  // namespace client
