// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 sign: key, certificates, target, signature, self check, file or layout, digest.
#include "sign.hpp"

#include <fmt/format.h>
#include <nv2/oci/descriptor.hpp>

#include "certificate_files.hpp"
#include "certificate_view.hpp"
#include "refusal.hpp"
#include "sign_job.hpp"
#include "target.hpp"
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

byte_buffer read_content(const sign_options& options) {
  byte_buffer content = read_manifest(options.target);
  if (content.empty() && !options.is_blob) {
    throw failure(exit_code::refused, "cannot sign: the manifest is empty");
  }
  return content;
}

/// In the current directory `<hex>.nv2`, `<hex>.jws.sig` or `<hex>.cose.sig`, and for blobs `.jws.sig`
/// or `.cose.sig` beside the blob, unless said otherwise. // spec: N-166 O-050
std::string output_path(const sign_options& options, const std::string& digest) {
  if (!options.output.empty()) return options.output;
  const std::string path = options.is_blob ? target_path(options.target) : "";
  const std::string stem = path.empty() ? digest.substr(digest.find(':') + 1) : path;
  if (options.form == envelope_form::jws) return stem + ".jws.sig";
  return stem + (options.form == envelope_form::cose ? ".cose.sig" : ".nv2");
}

void check_output(const sign_options& options, const std::string& output) {
  for (const std::string& input :
       {options.key, options.certificates, target_path(options.target)}) {
    if (!input.empty() && is_same_file(input, output)) {
      throw failure(exit_code::usage, fmt::format("the output would replace an input: {}", output),
                    {next_step("choose another --output")});
    }
  }
}

}  // namespace

std::int64_t whole_seconds(std::int64_t nanoseconds) {
  constexpr std::int64_t second = 1000000000;
  const std::int64_t seconds = nanoseconds / second;
  return nanoseconds % second < 0 ? seconds - 1 : seconds;
}

exit_code run_sign(const sign_options& options) {
  target_path(options.target);
  check_media_type(options.media_type);
  const private_key key = load_key(options);
  const std::vector<byte_buffer> chain = read_chain(options, key);
  check_references(options, chain);
  const byte_buffer content = read_content(options);
  const auto make = is_notary(options.form) ? make_notary_signature : make_prototype_signature;
  const made_signature made =
      make({options, key, chain, content, options.media_type, clock_nanoseconds()});
  const std::string output = output_path(options, made.digest);
  check_output(options, output);
  new_file file{output, made.envelope};
  file.commit();
  try {
    print_result(made.digest + "\n");  // spec: N-173
  } catch (...) {
    file.withdraw();
    throw;
  }
  return exit_code::ok;
}

}  // namespace client
