// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// From a target to its manifest, and from there to the signatures that name it.
#include "signatures.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nv2/oci/index.hpp>

#include "errors.hpp"
#include "layout_walk.hpp"
#include "refusal.hpp"

namespace client {
namespace {

using nv2::content_descriptor;
using nv2::errc;

bool is_image_manifest(const content_descriptor& entry) {
  return nv2::equal(entry.media_type, nv2::media_types::image_manifest);
}

/// What a manifest is to the signatures of an artifact.
struct manifest_reading {
  bool is_notary = false, is_prototype = false;
  /// Of the Notary Project's; empty = not known.
  owned_descriptor subject;
  found_signature signature;
};

void read_notary(nv2::bytes text, manifest_reading& out) {
  reading_memory memory;
  nv2::signature_manifest manifest;
  out.signature.code = nv2::parse_signature_manifest(text, memory.use(), manifest);
  out.is_notary = manifest.is_signature;
  out.subject = owned_descriptor(manifest.subject);
  if (out.signature.code == errc::ok) {
    out.signature.envelope = owned_descriptor(manifest.envelope);
  }
}

/// What is no manifest of the Notary Project may be one of the prototype, which looks at less of it.
void read_prototype(nv2::bytes text, manifest_reading& out) {
  reading_memory memory;
  nv2::prototype_manifest manifest;
  const errc code = nv2::parse_prototype_manifest(text, memory.use(), manifest);
  out.is_prototype = manifest.is_signature;
  if (!out.is_prototype) return;
  out.signature.code = code;
  if (code == errc::ok) out.signature.envelope = owned_descriptor(manifest.envelope);
}

/// Reads the manifest that `entry` leads to; nothing is known of one that cannot be read.
manifest_reading read_manifest(const layout& from, const content_descriptor& entry) {
  manifest_reading out;
  out.signature.manifest = entry.digest.as_text();
  byte_buffer text;
  out.signature.code = from.read(entry, nv2::limits::manifest_size, text);
  if (out.signature.code != errc::ok) {
    out.is_notary = nv2::is_listed_signature(entry);
    return out;
  }
  read_notary(view_of(text), out);
  if (!out.is_notary) read_prototype(view_of(text), out);
  return out;
}

/// The tag under which registries without another way list the referrers of a digest; older tools
/// leave such lists in layouts. // spec: F-004
bool is_referrers_tag(std::string_view tag) {
  const std::size_t dash = tag.find('-');
  if (dash == tag.npos || tag.substr(0, 3) != "sha" || tag.size() < dash + 65) return false;
  return tag.find_first_not_of("0123456789abcdef", dash + 1) == tag.npos;
}

/// Whether an entry of index.json may be meant when the target names none: not a signature.
bool is_artifact(const layout& from, const content_descriptor& entry) {
  nv2::json_string tag;
  if (nv2::find_annotation(entry.annotations, "org.opencontainers.image.ref.name", tag) &&
      is_referrers_tag(tag.raw().as_text())) {
    return false;
  }
  if (!is_image_manifest(entry)) return true;
  const manifest_reading reading = read_manifest(from, entry);
  return !reading.is_notary && !reading.is_prototype;
}

/// Selects the artifact among the entries of a layout.
class artifact_search {
 public:
  artifact_search(const layout& from, const layout_target& target) : from_(from), target_(target) {}

  owned_descriptor find() {
    const auto take = [this](const content_descriptor& entry, errc code) {
      if (code == errc::ok && is_meant(entry)) add(entry);
      return target_.digest.empty() || !found_;
    };
    layout_walk walk(from_, take);
    if (target_.digest.empty()) {
      walk.run_top();  // spec: L-004
    } else {
      walk.run();
    }
    if (!found_) refuse("not in the layout", "check the tag or digest");
    if (several_) {
      refuse(target_.tag.empty() ? "the layout has several artifacts" : "the tag stands twice",
             "name the one that is meant by its digest: oci-layout:PATH@DIGEST");
    }
    return *found_;
  }

 private:
  bool is_meant(const content_descriptor& entry) const {
    if (!target_.digest.empty()) return nv2::equal(entry.digest, target_.digest);  // spec: D-024
    if (!target_.tag.empty()) return nv2::has_tag(entry, target_.tag);
    return is_artifact(from_, entry);
  }
  void add(const content_descriptor& entry) {
    several_ = found_.has_value();
    if (!found_) found_ = owned_descriptor(entry);
  }
  [[noreturn]] void refuse(const char* why, const char* next) const {
    throw failure(exit_code::refused,
                  fmt::format("cannot tell the artifact: {}{}{}", target_.tag,
                              target_.tag.empty() ? "" : ": ", why),
                  {{"layout", from_.path()}, {"rule", "L-004"}, next_step(next)});
  }

  const layout& from_;
  const layout_target& target_;
  std::optional<owned_descriptor> found_;
  bool several_ = false;
};

[[noreturn]] void refuse_artifact(const layout& from, errc code) {
  const bool is_missing = code == errc::signature_unavailable;
  throw failure(exit_code::refused,
                fmt::format("the artifact cannot be used: {}",
                            is_missing ? "its manifest is not in the layout" : nv2::message(code)),
                {{"layout", from.path()},
                 {"rule", is_missing ? "L-003" : rule_text(code)},
                 next_step("get the layout again from its source")});
}

/// Collects the signatures of one artifact.
class signature_search {
 public:
  signature_search(const layout& from, const layout_artifact& artifact)
      : from_(from), artifact_(artifact) {}

  signature_list find() {
    layout_walk(from_, [this](const content_descriptor& entry, errc code) {
      visit(entry, code);
      return true;
    }).run();
    for (found_signature& each : prototypes_) out_.signatures.push_back(std::move(each));
    return std::move(out_);
  }

 private:
  void visit(const content_descriptor& entry, errc code) {
    if (code != errc::ok) {
      out_.unreadable.push_back({std::string(entry.digest.as_text()), {}, code});
    } else if (is_image_manifest(entry) &&
               !nv2::equal(entry.digest, artifact_.descriptor.digest)) {  // spec: O-013 L-002
      add(read_manifest(from_, entry));
    }
  }
  void add(manifest_reading reading) {
    found_signature& signature = reading.signature;
    const bool names_another =
        !reading.subject.digest.empty() &&
        !nv2::same_descriptor(reading.subject.view(), artifact_.descriptor.view());
    if (names_another || signature.code == errc::manifest_subject) return;  // spec: O-007 L-005
    if (reading.is_prototype) {
      prototypes_.push_back(std::move(signature));
    } else if (reading.is_notary) {
      out_.signatures.push_back(std::move(signature));  // spec: W-042
    } else if (signature.code != errc::manifest_not_signature) {
      out_.unreadable.push_back(std::move(signature));  // spec: L-006
    }
  }

  const layout& from_;
  const layout_artifact& artifact_;
  signature_list out_;
  std::vector<found_signature> prototypes_;
};

}  // namespace

owned_descriptor::owned_descriptor(const content_descriptor& from)
    : media_type(from.media_type.as_text()),
      digest(from.digest.as_text()),
      artifact_type(from.artifact_type.as_text()),
      annotations(from.annotations.as_text()),
      size(from.size) {}

content_descriptor owned_descriptor::view() const {
  content_descriptor out;
  out.media_type = nv2::bytes::of(media_type);
  out.digest = nv2::bytes::of(digest);
  out.artifact_type = nv2::bytes::of(artifact_type);
  out.annotations = nv2::bytes::of(annotations);
  out.size = size;
  return out;
}

layout_artifact find_artifact(const layout& from, const layout_target& target) {
  layout_artifact out;
  out.descriptor = artifact_search(from, target).find();
  const content_descriptor wanted = out.descriptor.view();
  errc code = from.read(wanted, nv2::limits::manifest_size, out.manifest);  // spec: O-041 D-025
  reading_memory memory;
  if (code == errc::ok) {
    // spec: O-042
    code = nv2::check_own_media_type(view_of(out.manifest), wanted.media_type, memory.use());
  }
  if (code != errc::ok) refuse_artifact(from, code);
  return out;
}

signature_list find_signatures(const layout& from, const layout_artifact& artifact) {
  return signature_search(from, artifact).find();
}

}  // namespace client
