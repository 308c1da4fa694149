// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Verify, pin, and walk from the manifest down.
#include "copy.hpp"

#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <nv2/oci/index.hpp>

#include "artifact_sink.hpp"
#include "artifact_source.hpp"
#include "refusal.hpp"
#include "signature_artifact.hpp"
#include "strict_json.hpp"
#include "terminal.hpp"
#include "verdict_json.hpp"
#include "verify.hpp"

namespace client {
namespace {

using nlohmann::json;
using nv2::errc;

constexpr std::size_t max_depth = 4, max_pieces = 4096;
constexpr std::string_view empty_config = "{}";

/// Enough of a digest to find it, and too little to use it.
std::string beginning_of(const std::string& digest) {
  const std::size_t colon = digest.find(':');
  return colon == digest.npos ? digest : digest.substr(colon + 1, 12);
}

[[noreturn]] void refuse(errc code, const std::string& digest) {
  throw failure(exit_code_of(code), fmt::format("cannot copy: {}", nv2::message(code)),
                {{"content", beginning_of(digest)},
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
    left_out_ = found.unreadable.size();
    copy_pieces(view_of(artifact.manifest), 0);
    to_.put_artifact(artifact.descriptor, view_of(artifact.manifest));
    for (const found_signature& each : found.signatures) {
      copy_signature(each, artifact.descriptor.digest);
    }
    to_.commit();
  }

  /// How many signatures were broken. // spec: W-042
  std::size_t left_out() const { return left_out_; }

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
    const errc type = nv2::check_media_type(nv2::bytes::of(out.media_type));  // spec: D-007
    if (type != errc::ok) refuse(type, "a descriptor");
    if (size == piece.end() || !size->is_number_integer() || size->get<std::int64_t>() < 0) {
      refuse(errc::content_size, out.digest);
    }
    out.size = size->get<std::int64_t>();
    return out;
  }
  void copy_piece(const json& piece, std::size_t depth) {
    const owned_descriptor what = read_descriptor(piece);
    // What a digest stands for twice, as a layer and as a manifest, is looked at twice.
    if (!done_.insert(what.media_type + " " + what.digest).second) return;
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
    blob_file file{to_.scratch(), to_.keeps_files()};
    from_.fetch(what.view(), file);
    const errc code = file.check(what.view());  // spec: D-005
    if (code != errc::ok) refuse(code, what.digest);
    to_.put_blob(what, file);
  }
  /// Reads a piece of a signature; the empty config is often left out, since everybody knows it.
  /// // spec: O-004
  bool read_small(const owned_descriptor& what, byte_buffer& out) const {
    if (what.digest == digest_of(empty_config)) {
      out.assign(empty_config.begin(), empty_config.end());
      return what.size == static_cast<std::int64_t>(out.size());
    }
    return from_.read(what.view(), nv2::limits::envelope_size, out) == errc::ok;
  }
  /// Everything is read before anything is stored: a broken signature must not hide the others.
  /// // spec: W-042
  void copy_signature(const found_signature& found, const std::string& subject) {
    const owned_descriptor what = descriptor_of(found);
    byte_buffer text;
    std::vector<std::pair<owned_descriptor, byte_buffer>> pieces;
    bool is_whole = found.code == errc::ok &&
                    from_.read(what.view(), nv2::limits::manifest_size, text) == errc::ok;
    const std::optional<json> parsed = is_whole ? parse_strict(view_of(text)) : std::nullopt;
    is_whole = is_whole && parsed && parsed->is_object();
    if (is_whole) {
      pieces.emplace_back(read_descriptor(parsed->value("config", json())), byte_buffer{});
      const json layers = parsed->value("layers", json());
      if (layers.is_array()) {
        for (const json& each : layers) pieces.emplace_back(read_descriptor(each), byte_buffer{});
      }
    }
    for (auto& [piece, content] : pieces) is_whole = is_whole && read_small(piece, content);
    if (!is_whole) {
      ++left_out_;
      return;
    }
    for (const auto& [piece, content] : pieces) store(piece, view_of(content));
    to_.put_signature(what, view_of(text), subject, entry_of(what, *parsed));
  }
  void store(const owned_descriptor& what, nv2::bytes content) {
    if (to_.has_blob(what)) return;
    blob_file file{to_.scratch(), to_.keeps_files()};
    file.take(content);
    to_.put_blob(what, file);
  }
  static owned_descriptor descriptor_of(const found_signature& found) {
    owned_descriptor out;
    out.media_type = nv2::media_types::image_manifest;
    out.digest = found.manifest;
    out.size = found.manifest_size;
    return out;
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
  std::size_t left_out_ = 0;
};

stored_target find_place(const std::string& target, const char* what) {
  if (const auto found = find_stored_target(target)) return *found;
  throw failure(exit_code::usage, fmt::format("{}: {}", what, target),
                {next_step("write docker://HOST/REPOSITORY:TAG or oci-layout:DIRECTORY:TAG")});
}

/// An archive that is read from standard input cannot be read again.
void refuse_stream(const stored_target& source) {
  const auto* const in_layout = std::get_if<layout_target>(&source);
  if (in_layout == nullptr || in_layout->path != "-") return;
  throw failure(exit_code::usage, "the source is standard input, which can be read only once",
                {next_step("write the archive to a file first")});
}

/// A new layout calls the artifact as its source does.
void keep_tag(stored_target& place, const stored_target& source) {
  auto* const in_layout = std::get_if<layout_target>(&place);
  if (in_layout == nullptr || !in_layout->tag.empty() || !in_layout->digest.empty()) return;
  std::visit([in_layout](const auto& from) { in_layout->tag = from.tag; }, source);
}

/// What to say in the end, and which artifact it is about.
struct judgement {
  std::optional<exit_code> refused;
  /// "" = nobody looked.
  std::string digest, media_type, document;
  /// The document was printed already.
  bool is_told = false;
};

judgement judge(const copy_options& options) {
  judgement out;
  const verify_options& verified = options.verified;
  if (options.is_unverified) return out;
  const examination done = examine(verified);
  if (done.answer.skipped) {
    static_cast<void>(report_skipped(done, verified));
    out.is_told = verified.output == output_form::json;
    return out;
  }
  if (!done.answer.accepted) {
    out.refused = report_refused(done, verified);
    return out;
  }
  print_logged(done.answer, verified.color);
  out.digest = done.artifact->digest;
  out.media_type = done.artifact->media_type;
  if (verified.output == output_form::json) out.document = verdict_document(done.answer);
  return out;
}

void tell_left_out(std::size_t count, color_choice color) {
  if (count == 0) return;
  print_warning({fmt::format("warning: {} broken signatures were not copied", count),
                 {{"rule", "W-042"}, next_step("nv2 list shows what is wrong with them")}},
                color);
}

}  // namespace

exit_code run_copy(const copy_options& options) {
  stored_target source = find_place(options.verified.target, "the source holds no artifacts");
  stored_target place = find_place(options.destination, "the destination holds no artifacts");
  refuse_stream(source);
  check_one_registry(options.verified.registry, {options.verified.target, options.destination});
  keep_tag(place, source);
  const judgement judged = judge(options);
  if (judged.refused) return *judged.refused;
  if (!judged.digest.empty()) source = pinned(std::move(source), judged.digest);
  const std::unique_ptr<artifact_source> from = open_source(source, options.verified.registry);
  const stored_artifact artifact = from->find_artifact();
  if (!judged.digest.empty() && artifact.descriptor.media_type != judged.media_type) {
    refuse(errc::artifact_media_type, judged.digest);  // spec: O-040 O-041
  }
  const std::unique_ptr<artifact_sink> to = open_sink(place, options.verified.registry);
  copier copying{*from, *to};
  copying.copy(artifact);
  tell_left_out(copying.left_out(), options.verified.color);
  if (judged.is_told) return exit_code::ok;
  print_result(judged.document.empty() ? artifact.descriptor.digest + "\n" : judged.document);
  return exit_code::ok;
}

}  // namespace client
