// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 bundle create: read, check, write at once or not at all.
#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nv2/nv2.hpp>

#include "bundle.hpp"
#include "cbor_writer.hpp"
#include "envelope_view.hpp"
#include "artifact_source.hpp"
#include "refusal.hpp"
#include "revocation_files.hpp"
#include "signature_files.hpp"
#include "target.hpp"
#include "terminal.hpp"

namespace client {
namespace {

using nv2::errc;

[[noreturn]] void refuse(const std::string& what, errc code, const char* next) {
  throw failure(exit_code::refused, fmt::format("cannot make a bundle: {}", what),
                {{"rule", rule_text(code)}, next_step(next)});
}

/// The media type that the content of a signature file has.
std::string_view media_type_of(nv2::bytes envelope, const std::string& path) {
  const bool is_readable = view_envelope(envelope).problems.empty();
  for (const nv2::envelope_format* const known : nv2::all_formats) {
    if (is_readable && known->sniff(envelope)) return known->media_type;
  }
  refuse(fmt::format("no signature: {}", path), errc::format_unknown,
         "nv2 inspect FILE shows what is in a signature file");
}

/// Reads what a bundle is to hold.
class collector {
 public:
  explicit collector(const bundle_create_options& options) : options_(options) {}

  bundle_content run() {
    out_.counter = options_.counter;
    out_.reference = options_.reference;
    for (const std::string& path : options_.signatures) add_file(path);
    if (const auto stored = find_stored_target(options_.target)) {
      add_stored(*stored);
    } else if (!options_.target.empty()) {
      describe_file();
    }
    if (out_.signatures.empty()) {
      throw failure(exit_code::usage, "there is no signature for the bundle",
                    {next_step("give --signature, or a layout that has signatures")});
    }
    add_revocation();
    if (!options_.policy.empty()) {
      out_.policy = read_file(options_.policy, "trust policy", nv2::limits::bundle_policy_size);
    }
    return std::move(out_);
  }

 private:
  /// What stands there already is not added again.
  void add(std::string_view media_type, byte_buffer envelope) {
    for (const auto& each : out_.signatures) {
      if (each.envelope == envelope) return;
    }
    out_.signatures.push_back({std::string(media_type), std::move(envelope)});
  }
  void add_file(const std::string& path) {
    std::string declared;
    byte_buffer envelope = read_envelope(path, options_.registry, declared);
    if (declared.empty()) declared = media_type_of(view_of(envelope), path);
    add(declared, std::move(envelope));
  }
  void add_stored(const stored_target& target) {
    const std::unique_ptr<artifact_source> source = open_source(target, options_.registry);
    const stored_artifact artifact = source->find_artifact();
    if (options_.names_media_type && options_.media_type != artifact.descriptor.media_type) {
      refuse("the artifact has another media type than --media-type", errc::artifact_media_type,
             "leave --media-type out: layouts and registries tell that of artifacts");
    }
    out_.artifact = artifact.descriptor;
    for (const found_signature& each : source->find_signatures(artifact).signatures) {
      byte_buffer envelope;
      errc code = each.code;
      if (code == errc::ok) {
        code = source->read(each.envelope.view(), nv2::limits::envelope_size, envelope);
      }
      if (code == errc::ok) {
        add(each.envelope.media_type, std::move(envelope));
      } else {
        print_note(fmt::format("note: a stored signature is left out: {}", nv2::message(code)),
                   options_.color);
      }
    }
  }
  void describe_file() {
    const byte_buffer manifest = read_manifest(options_.target);
    owned_descriptor made;
    made.media_type = options_.media_type;
    made.digest = manifest_digest(manifest);
    made.size = static_cast<std::int64_t>(manifest.size());
    out_.artifact = std::move(made);
  }
  void add_revocation() {
    revocation_options wanted;
    wanted.lists = options_.lists;
    wanted.responses = options_.responses;
    const revocation_files files{wanted};
    const nv2::revocation_data data = files.data();
    add_once(data.lists, out_.lists);
    add_once(data.responses, out_.responses);
  }
  static void add_once(nv2::view<nv2::bytes> files, std::vector<byte_buffer>& out) {
    for (const nv2::bytes file : files) {
      byte_buffer copy{file.begin(), file.end()};
      if (std::find(out.begin(), out.end(), copy) == out.end()) out.push_back(std::move(copy));
    }
  }

  const bundle_create_options& options_;
  bundle_content out_;
};

void check_output(const bundle_create_options& options) {
  std::vector<std::string> inputs{options.policy};
  for (const auto* const files : {&options.signatures, &options.lists, &options.responses}) {
    inputs.insert(inputs.end(), files->begin(), files->end());
  }
  const bool is_file = !options.target.empty() && !find_stored_target(options.target);
  if (is_file) inputs.push_back(target_path(options.target));
  for (const std::string& input : inputs) {
    if (!input.empty() && is_same_file(input, options.output)) {
      throw failure(exit_code::usage,
                    fmt::format("the output would replace an input: {}", options.output),
                    {next_step("choose another --output")});
    }
  }
}

void write_files(cbor_writer& out, std::int64_t key, const std::vector<byte_buffer>& files) {
  if (files.empty()) return;
  out.integer(key).array(files.size());
  for (const byte_buffer& file : files) out.octets(view_of(file));
}

void write_artifact(cbor_writer& out, const owned_descriptor& artifact,
                    const std::string& reference) {
  const std::size_t parts = reference.empty() ? 3 : 4;
  out.integer(4).map(parts).integer(0).text(artifact.media_type);
  out.integer(1).text(artifact.digest).integer(2).integer(artifact.size);
  if (!reference.empty()) out.integer(3).text(reference);
}

}  // namespace

std::string write_bundle(const bundle_content& content) {
  std::size_t members = 2;
  for (const bool is_there : {!content.lists.empty(), !content.responses.empty(),
                              content.artifact.has_value(), !content.policy.empty()}) {
    if (is_there) ++members;
  }
  cbor_writer out;
  out.array(3).text("nv2-bundle").integer(nv2::bundle_format_version).map(members);
  out.integer(0).natural(content.counter);
  out.integer(1).array(content.signatures.size());
  for (const auto& each : content.signatures) {
    out.array(2).text(each.media_type).octets(view_of(each.envelope));
  }
  write_files(out, 2, content.lists);
  write_files(out, 3, content.responses);
  if (content.artifact) write_artifact(out, *content.artifact, content.reference);
  if (!content.policy.empty()) out.integer(5).octets(view_of(content.policy));
  return out.written();
}

exit_code run_bundle_create(const bundle_create_options& options) {
  const bundle_content content = collector{options}.run();
  check_output(options);
  const std::string made = write_bundle(content);
  nv2::bundle checked;
  const errc code = nv2::parse_bundle(nv2::bytes::of(made), checked);
  if (code != errc::ok) {
    refuse(nv2::message(code), code, "give fewer or other inputs");
  }
  new_file file{options.output, made, links::follow};
  file.commit();
  return exit_code::ok;
}

}  // namespace client
