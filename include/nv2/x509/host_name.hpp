// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether a certificate covers a registry host.
// Does: compare a host with the subjectAltName, or with the one common name when there is none.
// Does not: resolve, normalise beyond ASCII case, know public suffixes or international names.
// The caller must: have verified the certificate, and pass the host as the reference spells it.
#ifndef NV2_X509_HOST_NAME_HPP
#define NV2_X509_HOST_NAME_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/name.hpp>

NV2_NAMESPACE_BEGIN

namespace detail {

/// 0 to 25 for an ASCII letter of either case, more for anything else.
constexpr unsigned letter(unsigned c) noexcept { return (c | 0x20U) - 'a'; }

/// Same text but for the case of ASCII letters. // spec: N-106 N-114
inline bool equal_fold(bytes a, bytes b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const unsigned difference = a[i] ^ b[i];
    if (difference != 0 && (difference != 0x20 || letter(a[i]) > 25)) return false;
  }
  return true;
}

/// labels of letters, digits, '_' and, but for the first character, '-', joined by '.'
inline bool is_host_name(bytes text) noexcept {
  bool first = true;  // of a label
  for (const unsigned c : text) {
    const bool word = letter(c) < 26 || c - '0' < 10U || c == '_';
    if (!word && (first || (c != '.' && c != '-'))) return false;
    first = c == '.';
  }
  return !first;
}

/// The prefix of IPv4 addresses among IPv6 addresses, ::ffff:0:0/96.
inline constexpr std::uint8_t ipv4_mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

/// IPv4address = dec-octet 3( "." dec-octet ), 0 to 255 without leading zeros
inline bool parse_ipv4(bytes text, std::uint8_t* octets) noexcept {
  constexpr unsigned none = 256;
  unsigned value = none;
  unsigned dots = 0;
  for (const unsigned c : text) {
    if (c == '.' && value != none && dots < 3) {
      octets[dots++] = static_cast<std::uint8_t>(value);
      value = none;
      continue;
    }
    if (c - '0' > 9U || value == 0) return false;
    value = (value == none ? 0 : value * 10) + c - '0';
    if (value > 255) return false;
  }
  octets[3] = static_cast<std::uint8_t>(value);
  return dots == 3 && value != none;
}

/// An IPv6 address of RFC 4291: up to eight groups of one to four hexadecimal digits, "::" once for
/// at least one group of zeros. No IPv4 tail and no zone, which no reference can have.
inline bool parse_ipv6(bytes text, std::uint8_t* octets) noexcept {
  constexpr std::size_t none = 17;
  std::size_t count = 0;
  std::size_t gap = none;
  std::size_t digits = 0;
  unsigned group = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool at_end = i == text.size();
    const unsigned c = at_end ? unsigned{':'} : text[i];
    const bool is_letter = letter(c) < 6;
    if ((is_letter || c - '0' < 10U) && digits < 4) {
      group = group * 16 + (is_letter ? letter(c) + 10 : c - '0');
      ++digits;
      continue;
    }
    if (c != ':' || count == 16) return false;
    if (digits != 0) {
      octets[count++] = static_cast<std::uint8_t>(group >> 8U);
      octets[count++] = static_cast<std::uint8_t>(group);
      digits = group = 0;
    } else if (i == 0) {
      if (text.size() < 2 || text[1] != ':') return false;
    } else {
      // The second colon of "::", or the end, which may follow only that.
      if (gap != (at_end ? count : none)) return false;
      gap = count;
    }
  }
  if (gap == none || count == 16) return gap == none && count == 16;
  std::memmove(octets + 16 - (count - gap), octets + gap, count - gap);
  std::memset(octets + gap, 0, 16 - count);
  return true;
}

/// What the host of a reference is.
class registry_host {
 public:
  explicit registry_host(bytes text) noexcept {
    const std::size_t size = text.size();
    const bool bracketed = size > 2 && text[0] == '[' && text[size - 1] == ']';
    const bytes literal = bracketed ? bytes{text.data() + 1, size - 2} : text;  // spec: N-105
    std::memcpy(address_, ipv4_mapped, sizeof ipv4_mapped);
    is_ip_ = parse_ipv4(literal, address_ + sizeof ipv4_mapped) || parse_ipv6(literal, address_);
    const bool rooted = size != 0 && text[size - 1] == '.';
    const bytes name{text.data(), size - (rooted ? 1 : 0)};
    if (name.empty()) return;
    text_ = text;
    if (!is_ip_ && is_host_name(name)) name_ = name;
  }

  /// Whether the contents of a general name with this tag cover this host. // spec: N-111 N-113
  bool is_covered_by(std::uint8_t tag, bytes entry) const noexcept {
    if (tag != der_tag::context(is_ip_ ? ip_address : dns_name)) return false;
    if (!is_ip_) return is_covered_by_text(entry) || is_covered_by_name(entry);
    if (entry.size() != 4 && entry.size() != 16) return false;
    const std::size_t prefix = sizeof address_ - entry.size();
    return std::memcmp(address_, ipv4_mapped, prefix) == 0 &&
           std::memcmp(address_ + prefix, entry.data(), entry.size()) == 0;
  }
  /// Whether `pattern` is this host name, or is after a first label "*" that stands for one label.
  bool is_covered_by_name(bytes pattern) const noexcept {
    const std::uint8_t* name = name_.begin();
    if (pattern.size() > 2 && pattern[0] == '*' && pattern[1] == '.') {
      pattern = {pattern.data() + 2, pattern.size() - 2};
      while (name != name_.end() && *name++ != '.') {
      }
    }
    const bytes rest{name, static_cast<std::size_t>(name_.end() - name)};
    return !rest.empty() && equal_fold(pattern, rest);
  }
  /// Whether `text` is spelled like this host, be it a host name or not. // spec: N-115
  bool is_covered_by_text(bytes text) const noexcept {
    return !text.empty() && equal_fold(text, text_);
  }

 private:
  static constexpr unsigned dns_name = 2, ip_address = 7;

  /// Empty for "" and ".", which nothing covers. // spec: N-102
  bytes text_;
  /// Without the dot at its end; empty when the host is no host name. // spec: N-114
  bytes name_;
  std::uint8_t address_[16];
  bool is_ip_;
};

/// Whether an entry of `alt_names`, which parse_certificate() found well-formed, covers `host`.
//
//   SubjectAltName ::= SEQUENCE SIZE (1..MAX) OF GeneralName
//   GeneralName    ::= CHOICE { ..., dNSName [2] IA5String, ..., iPAddress [7] OCTET STRING, ... }
inline bool has_alt_name(bytes alt_names, const registry_host& host) noexcept {
  der_reader reader{alt_names};
  static_cast<void>(reader.enter(der_tag::sequence));
  while (reader.more()) {
    std::uint8_t tag = 0;
    const bytes entry = reader.read_any(tag);
    if (host.is_covered_by(tag, entry)) return true;
  }
  return false;
}

}  // namespace detail

/// Decides whether `signer` covers `host`: a name, an IPv4 address, or an IPv6 address in brackets.
/// A host that is neither, such as one with a port, is covered by the same text only. // spec:
/// N-110
///
/// With a subjectAltName only its dNSName and iPAddress entries count; without one the single
/// common name counts as a dNSName, unless `san_only`. Linear in the certificate; no workspace.
/// Errors: host_not_covered, common_name_refused.
[[nodiscard]] inline errc check_host(const certificate& signer, bytes text,
                                     bool san_only) noexcept {
  const detail::registry_host host{text};
  bool covered = false;
  name_attribute common_name;
  if (signer.has_subject_alt_name) {
    covered = detail::has_alt_name(signer.subject_alt_name, host);
  } else if (san_only) {
    return errc::common_name_refused;  // spec: N-112
  } else if (find_common_name(signer.subject, common_name)) {
    covered = host.is_covered_by_name(common_name.value);  // spec: N-112
  }
  return covered ? errc::ok : errc::host_not_covered;  // spec: N-116
}

NV2_NAMESPACE_END

#endif  // NV2_X509_HOST_NAME_HPP
