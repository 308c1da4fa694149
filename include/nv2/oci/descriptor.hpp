// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The parts of a content descriptor: digest and media type.
// Does: check their form, and compare a digest in text with one that was computed.
// Does not: hash anything, or compare digests as texts.
// The caller must: keep the text alive as long as the views into it.
#ifndef NV2_OCI_DESCRIPTOR_HPP
#define NV2_OCI_DESCRIPTOR_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>

NV2_NAMESPACE_BEGIN

/// A digest in text whose algorithm is known and whose length fits it.
struct parsed_digest {
  hash_algorithm algorithm = hash_algorithm::none;
  /// Two lower-case hexadecimal digits for each byte.
  bytes hex;
};

/// Most characters of a supported digest ("sha512:" and 128 digits), and of a media type.
constexpr std::size_t max_digest_text = 135;
constexpr std::size_t max_media_type = 255;

namespace detail {

constexpr bool is_decimal(std::uint8_t c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_lower(std::uint8_t c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_alphanumeric(std::uint8_t c) noexcept {
  return is_decimal(c) || is_lower(static_cast<std::uint8_t>(c | 0x20));
}
constexpr bool is_lower_hex(std::uint8_t c) noexcept {
  return is_decimal(c) || (c >= 'a' && c <= 'f');
}
/// The two lower-case hexadecimal digits of `byte`, the first one in the lower byte.
constexpr unsigned hex_digits(std::uint8_t byte) noexcept {
  const unsigned values = byte >> 4U | (byte & 0x0FU) << 8U;
  const unsigned letters = (values + 0x0606U) >> 4U & 0x0101U;  // 1 for each value above 9
  return values + 0x3030U + letters * ('a' - '0' - 10);
}
static_assert(hex_digits(0x09) == ('0' | '9' << 8) && hex_digits(0xFA) == ('f' | 'a' << 8));
/// Whether `c` is one of the characters of `set`, which ends with a zero byte.
inline bool is_one_of(std::uint8_t c, const char* set) noexcept {
  for (; *set != 0; ++set) {
    if (c == static_cast<std::uint8_t>(*set)) return true;
  }
  return false;
}

/// How many bytes stand before the first colon of `text`, when they are words of [a-z0-9] joined by
/// single separators; else 0.
inline std::size_t digest_algorithm_length(bytes text) noexcept {
  bool after_word = false;
  for (const std::uint8_t& c : text) {
    if (c == ':' && after_word) return static_cast<std::size_t>(&c - text.data());
    const bool word = is_decimal(c) || is_lower(c);
    if (!word && !(after_word && is_one_of(c, "+._-"))) break;
    after_word = word;
  }
  return 0;
}

inline hash_algorithm find_digest_algorithm(bytes name) noexcept {
  static constexpr char names[] = "sha256sha384sha512";
  for (unsigned i = 0; name.size() == 6 && i < 3; ++i) {
    if (std::memcmp(name.data(), names + 6 * i, 6) == 0) return static_cast<hash_algorithm>(i + 1);
  }
  return hash_algorithm::none;
}

}  // namespace detail

/// Takes a digest such as "sha256:9f86..." apart: algorithm and hexadecimal digits.
///
///     digest    := algorithm ":" encoded
///     algorithm := [a-z0-9]+ [ [+._-] [a-z0-9]+ ]*
///     encoded   := [A-Za-z0-9=_-]+
///
/// digest_unsupported: well-formed, but neither sha256, sha384 nor sha512. digest_syntax: all other
/// faults, a wrong length and upper-case digits included. `out` is written on success only.
[[nodiscard]] inline errc parse_digest(const bytes& text, parsed_digest& out) noexcept {
  const std::size_t colon = detail::digest_algorithm_length(text);
  const bytes encoded = text.drop(colon + 1);
  if (colon == 0 || encoded.empty()) return errc::digest_syntax;  // spec: D-001
  bool hex = true;
  for (const std::uint8_t c : encoded) {
    if (detail::is_lower_hex(c)) continue;
    hex = false;
    if (!detail::is_alphanumeric(c) && !detail::is_one_of(c, "=_-")) {
      return errc::digest_syntax;  // spec: D-001
    }
  }
  const hash_algorithm algorithm = detail::find_digest_algorithm(text.first(colon));
  if (algorithm == hash_algorithm::none) return errc::digest_unsupported;  // spec: D-003 D-004
  if (!hex || encoded.size() != 2 * digest_size(algorithm)) {
    return errc::digest_syntax;  // spec: D-002
  }
  out = {algorithm, encoded};
  return errc::ok;
}

/// The parts of a digest that parse_digest() found good, which its length tells.
inline parsed_digest split_digest(bytes good) noexcept {
  constexpr std::size_t prefix = 7;
  return {static_cast<hash_algorithm>((good.size() - prefix) / 32 - 1), good.drop(prefix)};
}

/// Whether `computed` is the digest that `text` stands for: same algorithm, same bytes.
/// A default-made one on either side equals nothing.
inline bool digest_equals(const parsed_digest& text, const digest_value& computed) noexcept {
  const bytes value = computed.view();
  if (text.algorithm != computed.hash || value.empty()) return false;
  if (text.hex.size() != 2 * value.size()) return false;
  const std::uint8_t* hex = text.hex.begin();
  for (const std::uint8_t byte : value) {
    if ((hex[0] | unsigned{hex[1]} << 8U) != detail::hex_digits(byte)) return false;
    hex += 2;
  }
  return true;
}

/// What hashing an artifact gave.
struct artifact_facts {
  digest_value digest;
  std::int64_t size = 0;
};

/// Decides whether `text` is a media type without parameters, `type "/" subtype` by RFC 6838
/// section 4.2: each part is an alphanumeric and up to 126 more of these and of "!#$&-^_.+".
[[nodiscard]] inline errc check_media_type(bytes text) noexcept {
  constexpr std::size_t max_part = 127;
  std::size_t length = 0;  // of the part that is being read
  bool in_subtype = false;
  for (const std::uint8_t c : text) {
    if (c == '/' && !in_subtype && length > 0) {
      in_subtype = true;
      length = 0;
      continue;
    }
    const bool other = length > 0 && detail::is_one_of(c, "!#$&-^_.+");
    if (!detail::is_alphanumeric(c) && !other) return errc::media_type_syntax;  // spec: N-038 D-007
    if (++length > max_part) return errc::media_type_syntax;                    // spec: N-038 D-007
  }
  return in_subtype && length > 0 ? errc::ok : errc::media_type_syntax;  // spec: N-038 D-007
}

NV2_NAMESPACE_END

#endif  // NV2_OCI_DESCRIPTOR_HPP
