// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 attach: artifact, signature files, binding, place.
#include "attach.hpp"

#include <filesystem>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <nv2/binding.hpp>
#include <nv2/nv2.hpp>

#include "artifact_source.hpp"
#include "attachment_place.hpp"
#include "client_crypto.hpp"
#include "refusal.hpp"
#include "sign_job.hpp"
#include "terminal.hpp"
#include "time_text.hpp"

namespace client {
namespace {

using nv2::errc;

/// A signature file that is over the artifact.
struct bound_signature {
  std::string envelope;
  std::string_view media_type;
  std::vector<byte_buffer> chain;
};

[[noreturn]] void refuse(const std::string& path, errc code) {
  throw failure(exit_code::refused,
                fmt::format("not a signature of this artifact: {}", nv2::message(code)),
                {{"signature", path},
                 {"rule", rule_text(code)},
                 next_step("nv2 inspect FILE shows what the signature is over")});
}

const nv2::envelope_format* find_format(nv2::bytes envelope, const std::string& name) {
  for (const nv2::envelope_format* const known : nv2::all_formats) {
    if (name.empty() ? known->sniff(envelope) : name == known->name) return known;
  }
  return nullptr;
}

/// Reads what the envelope claims to be over, which nobody has verified. // spec: O-034 O-040
errc check_claims(nv2::bytes envelope, const nv2::envelope_format& format,
                  const nv2::artifact& artifact, nv2::compat leniency,
                  std::vector<byte_buffer>& chain) {
  byte_buffer buffer(nv2::workspace_bound(format, envelope.size()));
  nv2::workspace memory{nv2::mutable_bytes{buffer.data(), buffer.size()}};
  std::uint32_t offset = 0;
  const nv2::parse_context context{memory, leniency, offset};
  nv2::signed_message message;
  NV2_TRY(format.parse(envelope, context, message));
  if (format.select != nullptr) NV2_TRY(format.select(context, message));
  for (const nv2::bytes each : message.certificates) chain.emplace_back(each.begin(), each.end());
  nv2::signed_claims claims;
  NV2_TRY(format.parse_claims(message, context, claims));
  return nv2::check_binding(artifact, format, client_crypto, context, message.algorithm.hash,
                            claims);
}

bound_signature read_signature(const attach_options& options, const std::string& path,
                               const stored_artifact& artifact) {
  const byte_buffer content = read_file(path, "signature file", nv2::limits::envelope_size);
  const nv2::envelope_format* const format = find_format(view_of(content), options.format);
  if (format == nullptr) refuse(path, errc::format_unknown);  // spec: G-020
  bound_signature out{std::string(content.begin(), content.end()), format->media_type, {}};
  const auto signed_content =
      nv2::artifact::content(view_of(artifact.manifest), artifact.descriptor.media_type);
  const errc code =
      check_claims(view_of(content), *format, signed_content, options.deviations.flags, out.chain);
  if (code != errc::ok) refuse(path, code);
  return out;
}

stored_target place_of(const std::string& target) {
  const std::optional<stored_target> found = find_stored_target(target);
  const auto* const in_layout = found ? std::get_if<layout_target>(&*found) : nullptr;
  const bool is_place =
      found && (in_layout == nullptr || std::filesystem::is_directory(in_layout->path));
  if (is_place) return *found;
  throw failure(exit_code::usage,
                fmt::format("the target is no place to attach a signature to: {}", target),
                {next_step("write oci-layout:DIRECTORY:TAG or docker://HOST/REPOSITORY:TAG")});
}

}  // namespace

exit_code run_attach(const attach_options& options) {
  const stored_target place = place_of(options.target);
  const stored_artifact artifact = open_source(place, options.registry)->find_artifact();
  std::vector<bound_signature> signatures;
  for (const std::string& each : options.signatures) {
    signatures.push_back(read_signature(options, each, artifact));
  }
  const owned_descriptor& descriptor = artifact.descriptor;
  const target_descriptor subject{descriptor.media_type, descriptor.digest, descriptor.size, {}};
  std::size_t left = signatures.size();
  for (const bound_signature& each : signatures) {
    attach(
        place, options.registry,
        {each.envelope, each.media_type, subject, each.chain, whole_seconds(clock_nanoseconds())},
        [&] {
          if (--left == 0) print_result(descriptor.digest + "\n");
        });
  }
  return exit_code::ok;
}

}  // namespace client
