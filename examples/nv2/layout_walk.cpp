// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Indexes in indexes, within limits.
#include "layout_walk.hpp"

namespace client {
namespace {

/// Indexes stand in one another this deep at most.
constexpr std::size_t max_depth = 8;
/// Different entries of a layout that are looked at.
constexpr std::size_t max_seen = 20'000;

}  // namespace

bool is_index(const nv2::content_descriptor& entry) {
  return nv2::equal(entry.media_type, nv2::media_types::image_index) ||
         nv2::equal(entry.media_type, "application/vnd.docker.distribution.manifest.list.v2+json");
}

/// The same entry may stand in several lists; with another size or type it is another one.
bool layout_walk::is_new(const nv2::content_descriptor& entry) {
  if (seen_.size() == max_seen) return false;
  return seen_.emplace(entry.digest.as_text(), entry.media_type.as_text(), entry.size).second;
}

nv2::errc layout_walk::walk(nv2::bytes index, nv2::bytes media_type, std::size_t depth) {
  reading_memory memory;
  nv2::image_index parsed;
  const nv2::errc code = nv2::parse_image_index(index, media_type, memory.use(), parsed);
  if (code != nv2::errc::ok) return code;
  nv2::index_entries entries{parsed};
  while (!ended_ && entries.next()) {
    nv2::content_descriptor entry;
    const nv2::errc read = entries.read(memory.use(), entry);
    if (read != nv2::errc::ok) {
      ended_ = !visit_({}, read);  // spec: L-006
    } else if (!follows_ || is_new(entry)) {
      enter(entry, depth);
    }
  }
  return nv2::errc::ok;
}

void layout_walk::enter(const nv2::content_descriptor& entry, std::size_t depth) {
  ended_ = !visit_(entry, nv2::errc::ok);
  if (ended_ || !follows_ || !is_index(entry)) return;
  byte_buffer text;
  nv2::errc code = depth == max_depth ? nv2::errc::index_too_long
                                      : layout_.read(entry, nv2::limits::manifest_size, text);
  if (code == nv2::errc::ok) code = walk(view_of(text), entry.media_type, depth + 1);
  if (code != nv2::errc::ok) ended_ = !visit_(entry, code);  // spec: L-006
}

}  // namespace client
