// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 sign: key, certificates, manifest, signature, self check, file, digest.
#include "sign.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nv2/oci/descriptor.hpp>

#include "certificate_files.hpp"
#include "certificate_view.hpp"
#include "envelope_writer.hpp"
#include "reference_check.hpp"
#include "refusal.hpp"
#include "self_check.hpp"
#include "target.hpp"
#include "time_text.hpp"

namespace client {
namespace {

using nv2::errc;

constexpr std::int64_t second = 1000000000;

/// Seconds of a time in nanoseconds, rounded down.
std::int64_t whole_seconds(std::int64_t nanoseconds) {
  const std::int64_t seconds = nanoseconds / second;
  return nanoseconds % second < 0 ? seconds - 1 : seconds;
}

/// The instant `expiry` after `now`, kept in range.
std::int64_t later(std::int64_t now, duration expiry) {
  const std::int64_t seconds = whole_seconds(now) + whole_seconds(expiry);
  const std::int64_t rest =
      (now - whole_seconds(now) * second) + (expiry - whole_seconds(expiry) * second);
  return seconds + rest / second;
}

// spec: N-136 N-164
claims make_claims(const sign_options& options, const byte_buffer& manifest) {
  const std::int64_t now = clock_nanoseconds();
  claims out;
  out.media_type = options.media_type;
  out.digest = manifest_digest(manifest);
  out.size = static_cast<std::int64_t>(manifest.size());
  out.references = options.references;
  out.issued_at = whole_seconds(now);
  if (options.expiry != 0) {
    out.not_before = out.issued_at;
    out.expiry = later(now, options.expiry);
  }
  return out;
}

void check_media_type(const std::string& text) {
  if (nv2::check_media_type(nv2::bytes::of(text)) == errc::ok) return;
  throw failure(exit_code::usage, fmt::format("invalid value \"{}\" for option --media-type", text),
                {{"rule", rule_text(errc::media_type_syntax)},
                 next_step("use type/subtype without parameters")});
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

/// Tells which reference cannot be signed for. // spec: N-125
void check_references(const sign_options& options, const std::vector<byte_buffer>& chain) {
  const nv2::bytes signer = chain.empty() ? nv2::bytes{} : view_of(chain.front());
  const auto refused = find_refused(options.references, signer, options.deviations.flags);
  if (!refused) return;
  std::vector<detail_line> details{{"rule", rule_text(refused->code)},
                                   {"reference", refused->text}};
  if (!signer.empty()) {
    const certificate_view shown = view_certificate(signer);
    details.push_back({"certificate", shown.subject});
    details.push_back({"names", fmt::format("{}", fmt::join(shown.names, ", "))});
  }
  details.push_back(
      next_step("name the registry in full, and sign with a certificate that covers it"));
  throw failure(exit_code::refused, fmt::format("cannot sign: {}", nv2::message(refused->code)),
                details);
}

/// Nothing is handed out that the verifier would not take. // spec: N-177
void check_result(const sign_options& options, const own_signature& made) {
  const errc code = check_own(made);
  if (code == errc::ok) return;
  if (code == errc::claim_times_reversed && options.expiry < 0) {
    print_note("note: the signature has expired before it begins; nobody will accept it",
               options.color);
    return;
  }
  throw failure(
      exit_code_of(code) == exit_code::unavailable ? exit_code::unavailable : exit_code::refused,
      fmt::format("cannot sign: no verifier would accept the result: {}", nv2::message(code)),
      {{"rule", rule_text(code)}, next_step("use a key and a certificate that follow the rule")});
}

/// `<hex>.nv2` in the current directory unless said otherwise. // spec: N-166
std::string output_path(const sign_options& options, const std::string& digest) {
  if (!options.output.empty()) return options.output;
  return digest.substr(digest.find(':') + 1) + ".nv2";
}

}  // namespace

exit_code run_sign(const sign_options& options) {
  target_path(options.target);
  check_media_type(options.media_type);
  const private_key key = private_key::load(options.key);
  const std::vector<byte_buffer> chain = read_chain(options, key);
  check_references(options, chain);
  const byte_buffer manifest = read_manifest(options.target);
  if (manifest.empty()) throw failure(exit_code::refused, "cannot sign: the manifest is empty");
  const claims content = make_claims(options, manifest);
  const std::string envelope = write_envelope(options.form, content, key, chain);
  check_result(options, {envelope, manifest, options.media_type, chain, key.public_key_info(),
                         options.deviations});
  const std::string output = output_path(options, content.digest);
  for (const std::string& input :
       {options.key, options.certificates, target_path(options.target)}) {
    if (!input.empty() && is_same_file(input, output)) {
      throw failure(exit_code::usage, fmt::format("the output would replace an input: {}", output),
                    {next_step("choose another --output")});
    }
  }
  new_file file{output, envelope};
  file.commit();
  try {
    print_result(content.digest + "\n");  // spec: N-173
  } catch (...) {
    file.withdraw();
    throw;
  }
  return exit_code::ok;
}

}  // namespace client
