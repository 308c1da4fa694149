// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Where the key of a registry can be had that is not trusted yet.
// Does: look a reference up in the caller's own table.
// Does not: fetch anything, or believe what a signature, an artifact or a registry says about keys.
// // spec: Q-005
#ifndef NV2_TRUST_ACQUISITION_HPP
#define NV2_TRUST_ACQUISITION_HPP

#include <cstddef>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>

NV2_NAMESPACE_BEGIN

/// Where to acquire the key for some artifacts.
struct acquisition {
  /// The beginning of their references: "docker.io/wabbit-networks", a registry or whole names.
  bytes prefix;
  /// For a person, or for a program that the person asks.
  bytes url;
};

/// Whether a key that is not there yet could turn the refusal `code` into a yes: there is no signature,
/// or by nobody who is trusted. // spec: Q-004
constexpr bool may_be_acquired(errc code) noexcept {
  switch (class_of(code)) {
    case error_class::nosig:
    case error_class::trust:
    case error_class::keynotfound:
    case error_class::identity: return true;
    default: return false;
  }
}

/// Finds the entry of `table` for an artifact: the one with the longest prefix of `reference` that ends
/// where a part of the name does, tag and digest left out. Null when there is none. A name without a
/// registry is no name in any registry. Linear in the table. // spec: Q-004 Q-008
[[nodiscard]] inline const acquisition* find_acquisition(view<acquisition> table,
                                                         bytes reference) noexcept {
  std::size_t end = 0, last = 0;  // of the name; where its last part begins
  while (end != reference.size() && reference[end] != '@') {
    if (reference[end] == '/') last = end;
    ++end;
  }
  std::size_t tag = last;
  while (tag != end && reference[tag] != ':') ++tag;
  if (last != 0) end = tag;  // in the first part it is a port
  const acquisition* found = nullptr;
  for (const acquisition& each : table) {
    const std::size_t size = each.prefix.size();
    if (size == 0 || size > end || !equal(each.prefix, reference.first(size))) continue;
    const bool ends_a_part = size == end || reference[size] == '/';
    if (ends_a_part && (found == nullptr || size > found->prefix.size())) found = &each;
  }
  return found;
}

NV2_NAMESPACE_END

#endif  // NV2_TRUST_ACQUISITION_HPP
