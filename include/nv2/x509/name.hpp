// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Distinguished names, the issuers and subjects of certificates (RFC 5280 section 4.1.2.4).
// Does: check their form, list their attributes, find the common name.
// Does not: fold case, spaces or string types. Two names are the same when their bytes are: use
// equal() on them. // spec: X-008
#ifndef NV2_X509_NAME_HPP
#define NV2_X509_NAME_HPP

#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/codec/der.hpp>

NV2_NAMESPACE_BEGIN

namespace oid {
inline constexpr std::uint8_t common_name[] = {0x55, 0x04, 0x03};
}  // namespace oid

/// One attribute of a name: `CN=registry.example.com`.
struct name_attribute {
  /// Contents of the OBJECT IDENTIFIER.
  bytes type;
  /// Contents of the value, in the encoding that `tag` tells (der_tag::utf8_string, ...).
  bytes value;
  std::uint8_t tag = 0;
};

/// Lists the attributes of a name in their order, those of a multi-valued RDN one after the other.
//
//   Name ::= CHOICE { rdnSequence SEQUENCE OF RelativeDistinguishedName }
//   RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
//   AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }
class name_reader {
 public:
  /// `name` is the whole element.
  explicit name_reader(bytes name) noexcept
      : reader_(name), name_end_(reader_.enter(der_tag::sequence)) {}

  /// The next attribute; false at the end and after an error.
  bool next(name_attribute& attribute) noexcept {
    if (inside_ && !reader_.more()) {
      reader_.leave(rdn_end_);
      inside_ = false;
    }
    if (!inside_) {
      if (!reader_.more()) return false;
      rdn_end_ = reader_.enter(der_tag::set);
      inside_ = true;
      if (!reader_.more()) reader_.fail(errc::name_malformed);  // spec: X-001
    }
    const der_reader::outer_end outer = reader_.enter(der_tag::sequence);
    attribute.type = reader_.read_oid();
    attribute.value = reader_.read_any(attribute.tag);
    reader_.leave(outer);
    return reader_.error() == errc::ok;
  }
  /// The first error, or der_trailing when not everything was read.
  [[nodiscard]] errc finish() noexcept {
    reader_.leave(name_end_);
    return reader_.finish();
  }

 private:
  der_reader reader_;
  der_reader::outer_end name_end_;
  der_reader::outer_end rdn_end_ = nullptr;
  bool inside_ = false;
};

/// Whether `name` is one well-formed Name. An empty one is.
[[nodiscard]] inline errc check_name(bytes name) noexcept {
  name_reader reader{name};
  name_attribute attribute;
  while (reader.next(attribute)) {
  }
  return reader.finish();
}

/// The value of the one commonName of `name`; false when there is none or more than one.
/// // spec: N-112
[[nodiscard]] inline bool find_common_name(bytes name, name_attribute& found) noexcept {
  name_reader reader{name};
  name_attribute attribute;
  int count = 0;
  while (reader.next(attribute)) {
    if (equal(attribute.type, oid::common_name)) {
      found = attribute;
      ++count;
    }
  }
  return count == 1 && reader.finish() == errc::ok;
}

NV2_NAMESPACE_END

#endif  // NV2_X509_NAME_HPP
