// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Annotations: texts by name, in descriptors, manifests and signed payloads.
//
//   annotations = { text: text, ... }      no key is empty, none stands twice
//
// Does: check their form, and look one up.
// Does not: believe any of them.
#ifndef NV2_OCI_ANNOTATIONS_HPP
#define NV2_OCI_ANNOTATIONS_HPP

#include <cstddef>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/json.hpp>

NV2_NAMESPACE_BEGIN

namespace detail {

/// Reads the annotations at which `reader` stands, and returns them as they stand in its text.
/// // spec: J-052 D-010
inline bytes read_annotations(json_reader& reader) noexcept {
  static_cast<void>(reader.peek());
  const std::size_t start = reader.offset();
  json_string key;
  for (reader.enter_object(); reader.next_member(key);) {
    if (key.raw().empty()) reader.fail(errc::payload_annotation_key);  // spec: D-010
    static_cast<void>(reader.read_string());
  }
  return reader.since(start);
}

}  // namespace detail

/// Looks up `key` in annotations that the library has checked; false = not there, and when there are
/// none.
inline bool find_annotation(bytes annotations, std::string_view key, json_string& value) noexcept {
  if (annotations.empty()) return false;
  workspace none{mutable_bytes{}};
  json_reader reader{annotations, none, json_duplicates::last_wins};
  bool found = false;
  json_string name;
  for (reader.enter_object(); reader.next_member(name);) {
    if (!name.equals(key)) continue;
    value = reader.read_string();
    found = true;
  }
  return found;
}

NV2_NAMESPACE_END

#endif  // NV2_OCI_ANNOTATIONS_HPP
