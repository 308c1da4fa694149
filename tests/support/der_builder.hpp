// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Writes DER, and anything that is almost DER, in the shape of the ASN.1 it stands for:
//   seq({oid("1.2.840.113549.1.1.11"), null()})
// Does: lengths, tags, object identifiers, and a certificate with every part replaceable.
// Does not: refuse anything, or sign.
#ifndef NV2_TESTS_SUPPORT_DER_BUILDER_HPP
#define NV2_TESTS_SUPPORT_DER_BUILDER_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/base/bytes.hpp>

namespace nv2_test::build {

using blob = std::vector<std::uint8_t>;

inline nv2::bytes view(const blob& data) { return {data.data(), data.size()}; }

/// Bytes from hexadecimal text; anything else in it is ignored.
inline blob hex(std::string_view text) {
  blob out;
  int high = -1;
  for (const char c : text) {
    const std::size_t digit = std::string_view{"0123456789abcdef"}.find(
        c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
    if (digit == std::string_view::npos) continue;
    if (high >= 0) out.push_back(static_cast<std::uint8_t>(high * 16 + static_cast<int>(digit)));
    high = high >= 0 ? -1 : static_cast<int>(digit);
  }
  return out;
}

inline blob text(std::string_view characters) { return {characters.begin(), characters.end()}; }

inline blob join(const std::vector<blob>& parts) {
  blob out;
  for (const blob& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

inline blob repeat(const blob& part, std::size_t count) {
  return join(std::vector<blob>(count, part));
}

/// `tag`, the shortest length, `contents`.
inline blob element(std::uint8_t tag, const blob& contents) {
  blob out{tag};
  const std::size_t size = contents.size();
  if (size < 0x80) {
    out.push_back(static_cast<std::uint8_t>(size));
  } else {
    blob digits;
    for (std::size_t rest = size; rest != 0; rest >>= 8) {
      digits.insert(digits.begin(), static_cast<std::uint8_t>(rest));
    }
    out.push_back(static_cast<std::uint8_t>(0x80 + digits.size()));
    out.insert(out.end(), digits.begin(), digits.end());
  }
  out.insert(out.end(), contents.begin(), contents.end());
  return out;
}

inline blob seq(const std::vector<blob>& parts) { return element(0x30, join(parts)); }
inline blob set(const std::vector<blob>& parts) { return element(0x31, join(parts)); }
/// [number] around other elements.
inline blob context(unsigned number, const std::vector<blob>& parts) {
  return element(static_cast<std::uint8_t>(0xA0 + number), join(parts));
}
/// [number] IMPLICIT of a primitive type.
inline blob context_primitive(unsigned number, const blob& contents) {
  return element(static_cast<std::uint8_t>(0x80 + number), contents);
}

inline blob null() { return element(0x05, {}); }
inline blob boolean(bool value) {
  return element(0x01, {static_cast<std::uint8_t>(value ? 0xFF : 0)});
}
inline blob integer(std::int64_t value) {
  blob digits;
  do {
    digits.insert(digits.begin(), static_cast<std::uint8_t>(value & 0xFF));
    value >>= 8;
  } while (value != 0 && value != -1);
  const bool negative = value == -1;
  if (negative != (digits[0] >= 0x80)) digits.insert(digits.begin(), negative ? 0xFF : 0x00);
  return element(0x02, digits);
}
/// An INTEGER of these big-endian digits, positive whatever the first bit is.
inline blob integer(blob digits) {
  if (digits.empty() || digits[0] >= 0x80) digits.insert(digits.begin(), 0);
  return element(0x02, digits);
}
inline blob bit_string(const blob& bits, std::uint8_t unused = 0) {
  return element(0x03, join({{unused}, bits}));
}
inline blob octet_string(const blob& contents) { return element(0x04, contents); }
inline blob utf8(std::string_view characters) { return element(0x0C, text(characters)); }
inline blob printable(std::string_view characters) { return element(0x13, text(characters)); }
inline blob utc_time(std::string_view characters) { return element(0x17, text(characters)); }
inline blob generalized_time(std::string_view characters) {
  return element(0x18, text(characters));
}

/// An OBJECT IDENTIFIER from dotted text.
inline blob oid(std::string_view dotted) {
  std::vector<unsigned long> arcs(1, 0);
  for (const char c : dotted) {
    if (c == '.') {
      arcs.push_back(0);
    } else {
      arcs.back() = arcs.back() * 10 + static_cast<unsigned long>(c - '0');
    }
  }
  arcs[1] += 40 * arcs[0];
  blob contents;
  for (std::size_t i = 1; i < arcs.size(); ++i) {
    blob digits{static_cast<std::uint8_t>(arcs[i] & 0x7F)};
    for (unsigned long rest = arcs[i] >> 7; rest != 0; rest >>= 7) {
      digits.insert(digits.begin(), static_cast<std::uint8_t>(0x80 | (rest & 0x7F)));
    }
    contents.insert(contents.end(), digits.begin(), digits.end());
  }
  return element(0x06, contents);
}

/// One RDN of one attribute under 2.5.4; 3 is commonName.
inline blob rdn(unsigned attribute, const blob& value) {
  return set({seq({oid("2.5.4." + std::to_string(attribute)), value})});
}
inline blob common_name(std::string_view value) { return seq({rdn(3, utf8(value))}); }

inline blob extension(std::string_view id, const blob& value, bool critical = false) {
  return critical ? seq({oid(id), boolean(true), octet_string(value)})
                  : seq({oid(id), octet_string(value)});
}

inline blob sha256_with_rsa() { return seq({oid("1.2.840.113549.1.1.11"), null()}); }
inline blob ecdsa_with_sha256() { return seq({oid("1.2.840.10045.4.3.2")}); }

inline blob rsa_key(const blob& modulus, const blob& exponent) {
  return seq({seq({oid("1.2.840.113549.1.1.1"), null()}), bit_string(seq({modulus, exponent}))});
}
inline blob ec_key(std::string_view curve, const blob& point) {
  return seq({seq({oid("1.2.840.10045.2.1"), oid(curve)}), bit_string(point)});
}
/// 04 and `size` bytes: the shape of a point, not one on a curve.
inline blob point(std::size_t size, std::uint8_t form = 4) {
  return join({{form}, repeat({0x5A}, size)});
}

/// The parts of a certificate, each a whole element, good as they are. An empty part is left out.
struct certificate_parts {
  blob version = context(0, {integer(2)});
  blob serial = integer(77);
  blob inner_algorithm = ecdsa_with_sha256();
  blob issuer = common_name("issuer");
  blob not_before = utc_time("200101000000Z");
  blob not_after = utc_time("491231235959Z");
  blob subject = common_name("subject");
  blob key = ec_key("1.2.840.10045.3.1.7", point(64));
  blob issuer_id, subject_id;
  std::vector<blob> extension_list;
  blob extensions;  // instead of extension_list
  blob after_extensions;
  blob outer_algorithm;  // empty = as inner_algorithm
  blob signature = bit_string({1, 2, 3, 4});
  blob after_signature;

  blob tbs() const {
    const blob list = !extensions.empty()      ? extensions
                      : extension_list.empty() ? blob{}
                                               : context(3, {seq(extension_list)});
    return seq({version, serial, inner_algorithm, issuer, seq({not_before, not_after}), subject,
                key, issuer_id, subject_id, list, after_extensions});
  }
  blob der() const {
    return seq({tbs(), outer_algorithm.empty() ? inner_algorithm : outer_algorithm, signature,
                after_signature});
  }
};

}  // namespace nv2_test::build

#endif  // NV2_TESTS_SUPPORT_DER_BUILDER_HPP
