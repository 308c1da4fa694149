// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Verify, pin, and walk from the manifest down.
#include "copy.hpp"

#include <memory>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <nv2/oci/index.hpp>

#include "artifact_sink.hpp"
#include "artifact_source.hpp"
#include "refusal.hpp"
#include "signature_artifact.hpp"
#include "strict_json.hpp"
#include "terminal.hpp"
#include "verify.hpp"

namespace client {
namespace {

using nlohmann::json;
using nv2::errc;

constexpr std::size_t max_depth = 4, max_pieces = 4096;
constexpr std::string_view empty_config = "{}";

[[noreturn]] void refuse(errc code, const std::string& digest) {
  throw failure(exit_code::refused, fmt::format("cannot copy: {}", nv2::message(code)),
                {{"content", digest},
                 {"rule", rule_text(code)},
                 next_step("do not use this artifact; get it again from its source")});
}

/// The same target, by the digest that was verified and not by a tag. // spec: D-025
stored_target pinned(stored_target target, const std::string& digest) {
  std::visit(
      [&digest](auto& where) {
        where.tag.clear();
        where.digest = digest;
      },
      target);
  return target;
}

bool is_manifest_type(const std::string& type) {
  return type == nv2::media_types::image_manifest || type == nv2::media_types::image_index ||
         type.rfind("application/vnd.docker.distribution.manifest.", 0) == 0;
}

class copier {
 public:
  copier(const artifact_source& from, artifact_sink& to) : from_(from), to_(to) {}

  void copy(const stored_artifact& artifact) {
    const signature_list found = from_.find_signatures(artifact);
    copy_pieces(view_of(artifact.manifest), 0);
    to_.put_artifact(artifact.descriptor, view_of(artifact.manifest));
    for (const found_signature& each : found.signatures) {
      if (each.code == errc::ok) copy_signature(each, artifact.descriptor.digest);
    }
    to_.commit();
  }

 private:
  /// Everything that a manifest or an index leads to.
  void copy_pieces(nv2::bytes manifest, std::size_t depth) {
    if (depth == max_depth) refuse(errc::index_too_long, "an index");
    const std::optional<json> parsed = parse_strict(manifest);
    if (!parsed || !parsed->is_object()) refuse(errc::json_type, "a manifest");
    if (parsed->contains("config")) copy_piece((*parsed)["config"], depth);
    for (const char* const list : {"layers", "blobs", "manifests"}) {
      const auto found = parsed->find(list);
      if (found == parsed->end() || found->is_null()) continue;
      if (!found->is_array()) refuse(errc::json_type, list);
      for (const json& each : *found) copy_piece(each, depth);
    }
  }
  static owned_descriptor read_descriptor(const json& piece) {
    owned_descriptor out;
    out.media_type = text_of(piece, "mediaType");
    out.digest = text_of(piece, "digest");
    const auto size = piece.is_object() ? piece.find("size") : piece.end();
    nv2::parsed_digest ignored;
    const errc code = nv2::parse_digest(nv2::bytes::of(out.digest), ignored);
    if (code != errc::ok) refuse(code, "a descriptor");
    if (size == piece.end() || !size->is_number_integer() || size->get<std::int64_t>() < 0) {
      refuse(errc::content_size, out.digest);
    }
    out.size = size->get<std::int64_t>();
    return out;
  }
  void copy_piece(const json& piece, std::size_t depth) {
    const owned_descriptor what = read_descriptor(piece);
    if (!done_.insert(what.digest).second) return;
    if (done_.size() > max_pieces) refuse(errc::index_too_long, what.digest);
    if (!is_manifest_type(what.media_type)) return copy_blob(what);
    byte_buffer text;
    const errc code = from_.read(what.view(), nv2::limits::manifest_size, text);
    if (code != errc::ok) refuse(code, what.digest);
    copy_pieces(view_of(text), depth + 1);
    to_.put_manifest(what, view_of(text));
  }
  void copy_blob(const owned_descriptor& what) {
    if (to_.has_blob(what)) return;
    blob_file file{to_.scratch()};
    from_.fetch(what.view(), file);
    const errc code = file.check(what.view());  // spec: D-005
    if (code != errc::ok) refuse(code, what.digest);
    to_.put_blob(what, file);
  }
  /// The config of a signature is often left out, since everybody knows it. // spec: O-004
  void copy_config(const json& piece) {
    const owned_descriptor what = read_descriptor(piece);
    if (what.digest != digest_of(empty_config)) return copy_blob(what);
    if (to_.has_blob(what)) return;
    blob_file file{to_.scratch()};
    file.take(nv2::bytes::of(empty_config));
    to_.put_blob(what, file);
  }
  void copy_signature(const found_signature& found, const std::string& subject) {
    owned_descriptor what;
    what.media_type = nv2::media_types::image_manifest;
    what.digest = found.manifest;
    what.size = found.manifest_size;
    byte_buffer text;
    const errc code = from_.read(what.view(), nv2::limits::manifest_size, text);
    const std::optional<json> parsed = code == errc::ok ? parse_strict(view_of(text)) : json();
    if (code != errc::ok || !parsed || !parsed->is_object()) refuse(code, what.digest);
    copy_config(parsed->value("config", json()));
    for (const json& each : parsed->value("layers", json::array())) {
      copy_blob(read_descriptor(each));
    }
    to_.put_signature(what, view_of(text), subject, entry_of(what, *parsed));
  }
  /// How a list of referrers describes a manifest. // spec: F-002 F-006
  static std::string entry_of(const owned_descriptor& what, const json& manifest) {
    nlohmann::ordered_json out{
        {"mediaType", what.media_type}, {"digest", what.digest}, {"size", what.size}};
    const auto annotations = manifest.find("annotations");
    if (annotations != manifest.end() && annotations->is_object()) {
      out["annotations"] = *annotations;
    }
    const std::string own = text_of(manifest, "artifactType");
    out["artifactType"] = own.empty() ? text_of(manifest.at("config"), "mediaType") : own;
    return out.dump();
  }

  const artifact_source& from_;
  artifact_sink& to_;
  std::set<std::string> done_;
};

stored_target find_place(const std::string& target, const char* what) {
  if (const auto found = find_stored_target(target)) return *found;
  throw failure(exit_code::usage, fmt::format("{}: {}", what, target),
                {next_step("write docker://HOST/REPOSITORY:TAG or oci-layout:DIRECTORY:TAG")});
}

/// Verifies; the digest that counts from then on, or nothing when the verdict is against it.
std::optional<std::string> verified_digest(const copy_options& options, exit_code& code) {
  const examination done = examine(options.verified);
  if (done.answer.skipped) {
    code = report_skipped(done, options.verified);
    return std::string{};
  }
  if (!done.answer.accepted) {
    code = report_refused(done, options.verified);
    return {};
  }
  print_logged(done.answer, options.verified.color);
  return done.artifact ? done.artifact->digest : done.answer.digest;
}

}  // namespace

exit_code run_copy(const copy_options& options) {
  stored_target source = find_place(options.verified.target, "the source holds no artifacts");
  const stored_target place = find_place(options.destination, "the destination holds no artifacts");
  if (!options.is_unverified) {
    exit_code code = exit_code::ok;
    const std::optional<std::string> digest = verified_digest(options, code);
    if (!digest) return code;
    if (!digest->empty()) source = pinned(std::move(source), *digest);
  }
  const std::unique_ptr<artifact_source> from = open_source(source, options.verified.registry);
  const stored_artifact artifact = from->find_artifact();
  const std::unique_ptr<artifact_sink> to = open_sink(place, options.verified.registry);
  copier{*from, *to}.copy(artifact);
  print_result(artifact.descriptor.digest + "\n");
  return exit_code::ok;
}

}  // namespace client
