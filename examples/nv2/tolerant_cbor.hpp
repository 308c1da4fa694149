// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// CBOR for looking at, not for deciding.
#ifndef NV2_CLIENT_TOLERANT_CBOR_HPP
#define NV2_CLIENT_TOLERANT_CBOR_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <nv2/base/bytes.hpp>

#include "tolerant_json.hpp"

namespace client {

/// An item with everything in it.
struct cbor_item {
  enum class kind {
    missing,
    unsigned_integer,
    negative_integer,
    octets,
    text,
    array,
    map,
    tag,
    simple,
    floating
  };
  kind type = kind::missing;
  /// A number, -1 minus a negative number, a tag, a simple value, the bits of a binary64.
  std::uint64_t argument = 0;
  /// Of strings.
  std::string contents;
  /// Elements; keys and values in turn; what a tag is about.
  std::vector<cbor_item> parts;

  bool is(kind wanted) const { return type == wanted; }
};

/// The item at the start of `data`, as far as it goes: of any length form and encoding, with repeated
/// keys, broken off. What is wrong is appended to `problems`, each with `where` in front.
cbor_item read_tolerant_cbor(nv2::bytes data, const std::string& where,
                             std::vector<std::string>& problems);

/// `item` as JSON: keys as text, a tag as an object with `tag` and `value`, octets as h'...'. A key
/// that stands more than once is a problem, and its last value is kept.
shown_json json_of(const cbor_item& item, const std::string& where,
                   std::vector<std::string>& problems);

}  // namespace client

#endif  // NV2_CLIENT_TOLERANT_CBOR_HPP
