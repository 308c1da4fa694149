// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Distinguished names, the issuers and subjects of certificates (RFC 5280 section 4.1.2.4).
// Does: check their form, list their attributes, find the common name.
// Does not: fold case, spaces or string types. Two names are the same when their bytes are: use
// equal() on them (rule X-008). Does not check that strings hold what their type allows.
#ifndef NV2_X509_NAME_HPP
#define NV2_X509_NAME_HPP

#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/x509/oid.hpp>

NV2_NAMESPACE_BEGIN

/// One attribute of a name: `CN=registry.example.com`.
struct name_attribute {
  /// Contents of the OBJECT IDENTIFIER.
  bytes type;
  /// Contents of the value, in the encoding that `tag` tells (der_tag::utf8_string, ...).
  bytes value;
  std::uint8_t tag = 0;
};

namespace detail {

/// The string types of RFC 5280 that names are made of.
constexpr bool is_name_string(std::uint8_t tag) noexcept {
  constexpr std::uint32_t types = 1U << der_tag::utf8_string | 1U << der_tag::numeric_string |
                                  1U << der_tag::printable_string | 1U << der_tag::teletex_string |
                                  1U << der_tag::ia5_string | 1U << der_tag::universal_string |
                                  1U << der_tag::bmp_string;
  return tag < 32 && (types >> tag & 1U) != 0;
}

}  // namespace detail

/// Reads a Name, checks its form and gives the whole element. An empty name is well-formed.
/// Errors: name_malformed for a value that is no string, else those of DER.
//
//   Name ::= CHOICE { rdnSequence SEQUENCE OF RelativeDistinguishedName }
//   RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
//   AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }
inline void read_name(der_reader& reader, bytes& out) noexcept {
  const std::uint8_t* const start = reader.rest().data();
  const der_reader::outer_end name = reader.enter(der_tag::sequence);
  while (reader.more()) {
    const der_reader::outer_end rdn = reader.enter(der_tag::set);
    do {
      const der_reader::outer_end attribute = reader.enter(der_tag::sequence);
      static_cast<void>(reader.read_oid());
      const std::uint8_t tag = reader.next_tag();
      if (!detail::is_name_string(tag)) reader.fail(errc::name_malformed);  // spec: X-008
      reader.skip(tag);
      reader.leave(attribute);
    } while (reader.more());
    reader.leave(rdn);
  }
  reader.leave(name);
  out = reader.since(start);
}

/// Whether `name` is exactly one well-formed Name, see read_name().
[[nodiscard]] inline errc check_name(bytes name) noexcept {
  der_reader reader{name};
  bytes element;
  read_name(reader, element);
  return reader.finish();
}

/// Lists the attributes of a well-formed name in their order, those of a multi-valued RDN one after
/// the other.
class name_reader {
 public:
  /// `name` is a whole element that read_name() or check_name() found good.
  explicit name_reader(bytes name) noexcept : reader_(name) {
    static_cast<void>(reader_.enter(der_tag::sequence));
  }

  /// The next attribute; false at the end, and for names that are not well-formed.
  bool next(name_attribute& attribute) noexcept {
    if (!inside_ && reader_.more()) rdn_end_ = reader_.enter(der_tag::set);
    const der_reader::outer_end outer = reader_.enter(der_tag::sequence);
    attribute.type = reader_.read_oid();
    attribute.value = reader_.read_any(attribute.tag);
    reader_.leave(outer);
    inside_ = reader_.more();
    if (!inside_) reader_.leave(rdn_end_);
    return !reader_.failed();
  }

 private:
  der_reader reader_;
  der_reader::outer_end rdn_end_ = nullptr;
  bool inside_ = false;
};

/// The one commonName of the well-formed `name`; false when there is none or more than one.
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
  return count == 1;
}

NV2_NAMESPACE_END

#endif  // NV2_X509_NAME_HPP
