// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Going through the manifests of a layout.
#ifndef NV2_CLIENT_LAYOUT_WALK_HPP
#define NV2_CLIENT_LAYOUT_WALK_HPP

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <tuple>

#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/oci/index.hpp>

#include "layout.hpp"

namespace client {

/// A workspace that is enough for any manifest or index.
class reading_memory {
 public:
  reading_memory() : memory_(16 * 1024) {}
  nv2::workspace& use() {
    workspace_.rewind(0);
    return workspace_;
  }

 private:
  byte_buffer memory_;
  nv2::workspace workspace_{nv2::mutable_bytes{memory_.data(), memory_.size()}};
};

/// Goes through every entry of index.json and of the indexes that it leads to, each once and in the
/// order in which they stand. A bad one does not keep others from being seen. // spec: L-002 L-006
class layout_walk {
 public:
  /// Called with an entry. `code` tells why it, or the index behind it, cannot be read. The walk ends
  /// when the answer is false.
  using visitor = std::function<bool(const nv2::content_descriptor& entry, nv2::errc code)>;

  layout_walk(const layout& from, visitor visit) : layout_(from), visit_(std::move(visit)) {}
  /// Visits everything that can be reached.
  void run() { walk(layout_.index(), nv2::bytes::of(nv2::media_types::image_index), 0); }
  /// Visits the entries of index.json alone.
  void run_top() {
    follows_ = false;
    run();
  }

 private:
  nv2::errc walk(nv2::bytes index, nv2::bytes media_type, std::size_t depth);
  void enter(const nv2::content_descriptor& entry, std::size_t depth);
  bool is_new(const nv2::content_descriptor& entry);

  const layout& layout_;
  visitor visit_;
  std::set<std::tuple<std::string, std::string, std::int64_t>> seen_;
  bool follows_ = true, ended_ = false;
};

/// Whether `entry` leads to an index.
bool is_index(const nv2::content_descriptor& entry);

}  // namespace client

#endif  // NV2_CLIENT_LAYOUT_WALK_HPP
