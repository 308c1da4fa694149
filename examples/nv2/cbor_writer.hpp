// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// CBOR (RFC 8949) in its deterministic encoding. The library only reads it.
#ifndef NV2_CLIENT_CBOR_WRITER_HPP
#define NV2_CLIENT_CBOR_WRITER_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nv2/base/bytes.hpp>

namespace client {

/// Writes items one after the other: definite lengths, and heads as short as can be. The caller sees
/// to the number of items in arrays and maps, and to the order of keys.
class cbor_writer {
 public:
  cbor_writer& integer(std::int64_t value);
  /// From 0 to 2^64 - 1.
  cbor_writer& natural(std::uint64_t value) { return head(0, value); }
  cbor_writer& octets(nv2::bytes value);
  /// `value` must be UTF-8.
  cbor_writer& text(std::string_view value);
  /// So many items are to follow.
  cbor_writer& array(std::size_t count) { return head(4, count); }
  /// So many pairs of key and value are to follow.
  cbor_writer& map(std::size_t count) { return head(5, count); }
  /// The item that the tag is about is to follow.
  cbor_writer& tag(std::uint64_t number) { return head(6, number); }

  const std::string& written() const { return written_; }

 private:
  cbor_writer& head(unsigned major, std::uint64_t argument);

  std::string written_;
};

}  // namespace client

#endif  // NV2_CLIENT_CBOR_WRITER_HPP
