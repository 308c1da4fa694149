// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// From a reference to its manifest, and from there to the signatures that refer to it.
#include "registry_source.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nv2/oci/manifest.hpp>

#include "errors.hpp"
#include "layout_walk.hpp"
#include "refusal.hpp"

namespace client {
namespace {

using nv2::content_descriptor;
using nv2::errc;

constexpr std::string_view signature_types[] = {nv2::media_types::notary_signature,
                                                nv2::media_types::prototype_json,
                                                nv2::media_types::prototype_jwt};

}  // namespace

stored_artifact registry_source::find_artifact() const {
  const registry_target& target = repository_->target();
  std::optional<stored_artifact> found = repository_->get_manifest(target.reference());
  if (!found) {
    throw failure(exit_code::unavailable,
                  fmt::format("the registry has no such artifact: {}",
                              target.tag.empty() ? "none with that digest" : target.tag),
                  {{"repository", target.name()}, next_step("check the tag or digest")});
  }
  reading_memory memory;
  const errc code = nv2::check_own_media_type(view_of(found->manifest),
                                              nv2::bytes::of(found->descriptor.media_type),
                                              memory.use());  // spec: O-042
  if (code == errc::ok) return std::move(*found);
  throw failure(exit_code::refused,
                fmt::format("the artifact cannot be used: {}", nv2::message(code)),
                {{"repository", target.name()},
                 {"rule", rule_text(code)},
                 next_step("do not use this artifact; tell who runs the registry")});
}

signature_list registry_source::find_signatures(const stored_artifact& artifact) const {
  signature_collector collector{*this, artifact};
  repository_->visit_referrers(
      artifact.descriptor.digest, signature_types,
      [&collector](const content_descriptor& entry, errc code) { collector.visit(entry, code); });
  return collector.finish();
}

}  // namespace client
