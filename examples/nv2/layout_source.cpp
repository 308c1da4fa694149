// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// From a target to its manifest in a layout, and from there to the signatures that name it.
#include "layout_source.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nv2/envelope/envelope.hpp>
#include <nv2/oci/index.hpp>

#include "blob_file.hpp"
#include "errors.hpp"
#include "layout_walk.hpp"
#include "refusal.hpp"

namespace client {
namespace {

using nv2::content_descriptor;
using nv2::errc;

/// The tag under which registries without another way list the referrers of a digest; older tools
/// leave such lists in layouts. // spec: F-004
bool is_referrers_tag(std::string_view tag) {
  const std::size_t dash = tag.find('-');
  if (dash == tag.npos || tag.substr(0, 3) != "sha" || tag.size() < dash + 65) return false;
  return tag.find_first_not_of("0123456789abcdef", dash + 1) == tag.npos;
}

/// Whether an entry of index.json may be meant when the target names none: not a signature.
bool is_artifact(const artifact_source& from, const content_descriptor& entry) {
  nv2::json_string tag;
  if (nv2::find_annotation(entry.annotations, "org.opencontainers.image.ref.name", tag) &&
      is_referrers_tag(tag.raw().as_text())) {
    return false;
  }
  if (!nv2::equal(entry.media_type, nv2::media_types::image_manifest)) return true;
  const manifest_reading reading = read_signature_manifest(from, entry);
  return !reading.is_notary && !reading.is_prototype;
}

/// Selects the artifact among the entries of a layout.
class artifact_search {
 public:
  artifact_search(const layout_source& from, const layout& files, const layout_target& target)
      : from_(from), files_(files), target_(target) {}

  owned_descriptor find() {
    const auto take = [this](const content_descriptor& entry, errc code) {
      if (code == errc::ok && is_meant(entry)) add(entry);
      return target_.digest.empty() || !found_;
    };
    layout_walk walk(files_, take);
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
                  {{"layout", files_.path()}, {"rule", "L-004"}, next_step(next)});
  }

  const layout_source& from_;
  const layout& files_;
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

}  // namespace

stored_artifact layout_source::find_artifact() const {
  stored_artifact out;
  out.descriptor = artifact_search(*this, files_, target_).find();
  const content_descriptor wanted = out.descriptor.view();
  errc code = files_.read(wanted, nv2::limits::manifest_size, out.manifest);  // spec: O-041 D-025
  reading_memory memory;
  if (code == errc::ok) {
    // spec: O-042
    code = nv2::check_own_media_type(view_of(out.manifest), wanted.media_type, memory.use());
  }
  if (code != errc::ok) refuse_artifact(files_, code);
  return out;
}

void layout_source::fetch(const content_descriptor& wanted, body_sink& into) const {
  std::string name{wanted.digest.as_text()};
  name[name.find(':')] = '/';
  const mapped_file file{files_.path() + "/blobs/" + name};
  byte_buffer content;
  errc code = errc::ok;
  if (!file.is_open()) {
    // Of archives only what is small is kept.
    code = files_.read(wanted, nv2::limits::envelope_size, content);
  } else if (file.view().size() != static_cast<std::uint64_t>(wanted.size)) {
    code = errc::content_size;  // spec: D-005
  }
  if (code == errc::ok) {
    into.take(file.is_open() ? file.view() : view_of(content));
    return;
  }
  throw failure(
      code == errc::signature_unavailable ? exit_code::unavailable : exit_code::refused,
      fmt::format("cannot get a blob of the layout: {}",
                  code == errc::signature_unavailable ? "it is not there" : nv2::message(code)),
      {{"layout", files_.path()},
       {"rule", rule_text(code)},
       next_step("unpack archives first; get the layout again from its source")});
}

signature_list layout_source::find_signatures(const stored_artifact& artifact) const {
  signature_collector collector{*this, artifact};
  layout_walk(files_, [&collector](const content_descriptor& entry, errc code) {
    collector.visit(entry, code);
    return true;
  }).run();
  return collector.finish();
}

}  // namespace client
