// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 sign: key, certificates, target, signature, self check, file or layout, digest.
#include "sign.hpp"

#include <fmt/format.h>
#include <nv2/oci/manifest.hpp>

#include "attachment_place.hpp"
#include "certificate_files.hpp"
#include "certificate_view.hpp"
#include "refusal.hpp"
#include "sign_job.hpp"
#include "terminal.hpp"
#include "time_text.hpp"

namespace client {
namespace {

using nv2::errc;

void check_media_type(const std::string& text) {
  if (nv2::check_media_type(nv2::bytes::of(text)) == errc::ok) return;
  throw failure(exit_code::usage, fmt::format("invalid value \"{}\" for option --media-type", text),
                {{"rule", rule_text(errc::media_type_syntax)},
                 next_step("use type/subtype without parameters")});
}

private_key load_key(const sign_options& options) {
  if (!is_notary(options.form)) return private_key::load(options.key, errc::key_unsupported);
  private_key key = private_key::load(options.key, errc::notary_key);
  check_notary_key(key);
  return key;
}

/// The certificates to be sent along; the first must be that of the key. // spec: N-163
std::vector<byte_buffer> read_chain(const sign_options& options, const private_key& key) {
  if (options.certificates.empty()) return {};
  std::vector<byte_buffer> chain = read_certificates(options.certificates, exit_code::refused);
  const certificate_view first = view_certificate(view_of(chain.front()));
  if (first.kid != key_fingerprint(key.public_key_info())) {
    throw failure(exit_code::refused, "key and certificate mismatch",
                  {{"rule", "N-163"},
                   {"certificate", first.subject},
                   next_step("let the certificate of the key be the first in the file")});
  }
  return chain;
}

/// In the current directory `<hex>.nv2`, `<hex>.jws.sig` or `<hex>.cose.sig`, and for blobs `.jws.sig`
/// or `.cose.sig` beside the blob, unless said otherwise. // spec: N-166 O-050
std::string output_path(const sign_options& options, const sign_target& target,
                        const std::string& digest) {
  if (!options.output.empty()) return options.output;
  const bool has_name = options.is_blob && !target.path.empty();
  const std::string stem = has_name ? target.path : digest.substr(digest.find(':') + 1);
  if (options.form == envelope_form::jws) return stem + ".jws.sig";
  return stem + (options.form == envelope_form::cose ? ".cose.sig" : ".nv2");
}

void check_output(const sign_options& options, const sign_target& target,
                  const std::string& output) {
  for (const std::string& input : {options.key, options.certificates, target.path}) {
    if (!input.empty() && is_same_file(input, output)) {
      throw failure(exit_code::usage, fmt::format("the output would replace an input: {}", output),
                    {next_step("choose another --output")});
    }
  }
}

/// Lets `written` appear and tells the digest; both, or neither. // spec: N-173
void publish(new_file& written, const std::string& digest) {
  written.commit();
  try {
    print_result(digest + "\n");
  } catch (...) {
    written.withdraw();
    throw;
  }
}

// spec: O-006 O-031
std::string_view media_type_of(envelope_form form) {
  switch (form) {
    case envelope_form::jws: return nv2::media_types::jws_envelope;
    case envelope_form::cose: return nv2::media_types::cose_envelope;
    case envelope_form::jwt: return nv2::media_types::prototype_jwt;
    default: return nv2::media_types::prototype_json;
  }
}

void write_signature(const sign_job& job, const made_signature& made) {
  const std::string& digest = made.target.digest;
  if (job.target.place) {
    return attach(*job.target.place, job.options.registry,
                  {made.envelope, media_type_of(job.options.form), made.target, job.chain,
                   whole_seconds(job.now)},
                  [&digest] { print_result(digest + "\n"); });
  }
  const std::string output = output_path(job.options, job.target, digest);
  check_output(job.options, job.target, output);
  // A name that nobody typed may be somebody else's link.
  const links what = job.options.output.empty() ? links::refuse : links::follow;
  new_file file{output, made.envelope, what};
  publish(file, digest);
}

}  // namespace

std::int64_t whole_seconds(std::int64_t nanoseconds) {
  constexpr std::int64_t second = 1000000000;
  const std::int64_t seconds = nanoseconds / second;
  return nanoseconds % second < 0 ? seconds - 1 : seconds;
}

exit_code run_sign(const sign_options& options) {
  check_sign_target(options);
  check_media_type(options.media_type);
  const private_key key = load_key(options);
  const std::vector<byte_buffer> chain = read_chain(options, key);
  check_references(options, chain);
  const sign_target target = read_sign_target(options);
  const sign_job job{options, key, chain, target, clock_nanoseconds()};
  write_signature(
      job, is_notary(options.form) ? make_notary_signature(job) : make_prototype_signature(job));
  return exit_code::ok;
}

}  // namespace client
