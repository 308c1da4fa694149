// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The rows of vectors.hpp, and what turns them into arguments. All bytes are in hexadecimal.
#ifndef NV2_TEST_BACKEND_ROWS_HPP
#define NV2_TEST_BACKEND_ROWS_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/base/bytes.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>

namespace nv2_test {

struct hash_row {
  nv2::hash_algorithm hash;
  const char* of_nothing;
  const char* of_abc;
  const char* of_hashes;  // see hash_of_hashes() of make_vectors.py
};

struct key_row {
  const char* name;
  nv2::key_kind kind;
  const char* modulus;
  const char* exponent;
  const char* point;
};

struct signature_row {
  const char* fault;
  const char* key;
  nv2::signature_scheme scheme;
  nv2::hash_algorithm hash;
  const char* signature;
  nv2::errc expected;
};

using buffer = std::vector<std::uint8_t>;

inline nv2::bytes view_of(const buffer& data) { return {data.data(), data.size()}; }

inline buffer from_hex(std::string_view text) {
  const auto nibble = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  buffer out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    out.push_back(static_cast<std::uint8_t>(nibble(text[i]) * 16 + nibble(text[i + 1])));
  }
  return out;
}

inline std::string to_hex(nv2::bytes data) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : data) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

/// A key that owns its bytes.
class owned_key {
 public:
  explicit owned_key(const key_row& row)
      : modulus_(from_hex(row.modulus)),
        exponent_(from_hex(row.exponent)),
        point_(from_hex(row.point)),
        kind_(row.kind) {}

  nv2::public_key view() const {
    nv2::public_key key;
    key.kind = kind_;
    key.modulus = view_of(modulus_);
    key.exponent = view_of(exponent_);
    key.point = view_of(point_);
    return key;
  }

 private:
  buffer modulus_, exponent_, point_;
  nv2::key_kind kind_;
};

/// The digest of `message`, given to `crypto` in pieces of `piece` bytes.
inline nv2::errc hash_with(const nv2::crypto_backend& crypto, nv2::hash_algorithm hash,
                           nv2::bytes message, nv2::digest_value& digest,
                           std::size_t piece = SIZE_MAX) {
  nv2::static_workspace<512> memory;
  nv2::hasher state{crypto, memory, hash};
  for (; !message.empty(); message = message.drop(piece)) state.update(message.first(piece));
  return state.finish(digest);
}

}  // namespace nv2_test

#endif  // NV2_TEST_BACKEND_ROWS_HPP
