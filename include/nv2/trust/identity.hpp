// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Trusted identities: who a signer has to be, as a distinguished name.
// Does: check what a policy says, and compare it with the subject of the signer's certificate, byte
// for byte, reading both in place.
// Does not: fold case or spaces, normalise, or look at issuers and alternative names.
//
//   identity = "*" / prefix ":" value
//   value    = rdn *( ( "," / ";" ) rdn )        when the prefix is x509.subject
//   rdn      = *SP type *SP "=" *SP text *SP
//   type     = "C" / "ST" / "S" / "L" / "O" / "OU" / "CN" / "SERIALNUMBER" / "STREET" /
//              "POSTALCODE"
//   text     = *( "\" ( special / HEXDIG HEXDIG ) / any byte but "\" "," ";" "+" )
//   special  = SP / DQUOTE / "#" / "+" / "," / ";" / "<" / "=" / ">" / "\"
#ifndef NV2_TRUST_IDENTITY_HPP
#define NV2_TRUST_IDENTITY_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/codec/utf8.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/name.hpp>

NV2_NAMESPACE_BEGIN

namespace detail {

/// A cursor over the value of an attribute as UTF-8, in whatever form it is written.
class subject_text {
 public:
  enum class form : std::uint8_t { plain, escaped, utf16 };
  /// What next() returns when there is no byte.
  static constexpr int end = -1, malformed = -2;

  subject_text() noexcept = default;
  subject_text(bytes written, form how) noexcept
      : at_(written.begin()), end_(written.end()), form_(how) {}

  bool empty() const noexcept { return at_ == end_; }
  /// The next byte, or one of the above.
  int next() noexcept {
    unsigned c = pending_ & 0xFFU;
    pending_ >>= 8;
    if (c != 0) return static_cast<int>(c);
    if (empty()) return end;
    c = *at_++;
    const bool as_is = form_ == form::plain || (form_ == form::escaped && c != '\\');
    if (as_is) return static_cast<int>(c);
    if (empty()) return malformed;  // spec: I-005
    const unsigned second = *at_++;
    return form_ == form::utf16 ? of_utf16(c << 8 | second) : of_escape(second);
  }

 private:
  /// What `c` stands for behind a backslash: itself, or one of two hex digits. // spec: I-005
  int of_escape(unsigned c) noexcept {
    constexpr std::uint32_t special = 0x7800180D;  // SP " # + , ; < = > from 20 on
    const bool is_special = c == '\\' || (c >> 5 == 1 && (special >> (c & 31U) & 1) != 0);
    if (is_special) return static_cast<int>(c);
    if (empty()) return malformed;
    const unsigned value = hex_digit(c) << 4 | hex_digit(*at_++);
    return value <= 0xFF ? static_cast<int>(value) : malformed;
  }
  static unsigned hex_digit(unsigned c) noexcept {
    if (c - '0' <= 9) return c - '0';
    const unsigned letter = (c | 0x20U) - 'a';
    return letter < 6 ? letter + 10 : 0x100;
  }
  /// BMPString has no surrogates, and names have no zeros. // spec: I-027
  int of_utf16(unsigned code) noexcept {
    if (code == 0 || code >> 11 == 0xD800 >> 11) return malformed;
    if (code < 0x80) return static_cast<int>(code);
    pending_ = 0x80 | (code & 0x3F);
    code >>= 6;
    if (code > 0x1F) {
      pending_ = pending_ << 8 | 0x80 | (code & 0x3F);
      code = code >> 6 | 0x20;
    }
    return static_cast<int>(0xC0 | code);
  }

  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  /// Bytes of a character still to come, the next one lowest.
  unsigned pending_ = 0;
  form form_ = form::plain;
};

/// The attribute types of identities: the last arc of the OBJECT IDENTIFIER, the others are 2.5.4,
/// and the name, ended by a zero byte. // spec: I-008 I-021
inline constexpr char subject_types[] =
    "\x06"
    "C\0"
    "\x08"
    "ST\0"
    "\x08"
    "S\0"
    "\x0A"
    "O\0"
    "\x07"
    "L\0"
    "\x0B"
    "OU\0"
    "\x03"
    "CN\0"
    "\x05"
    "SERIALNUMBER\0"
    "\x09"
    "STREET\0"
    "\x11"
    "POSTALCODE\0";

/// The arc that the name `written` stands for, or identity_type as a number.
inline unsigned find_subject_type(const subject_text& written) noexcept {
  for (const char* type = subject_types; *type != 0; ++type) {
    const unsigned arc = static_cast<unsigned char>(*type);
    subject_text text = written;
    bool same = true;
    while (*++type != 0) same &= text.next() == *type;
    if (same && text.next() == subject_text::end) return arc;
  }
  return static_cast<unsigned>(errc::identity_type);  // spec: I-008
}

/// What a distinguished name is written in: as in an identity behind "x509.subject:", or in DER.
enum class name_form : std::uint8_t { text, der };

/// Lists the attributes of a distinguished name.
class attribute_reader {
 public:
  attribute_reader(bytes name, name_form form) noexcept
      : der_(name), at_(name.begin()), end_(name.end()), form_(form) {}

  /// Reads an attribute and returns the arc of its type; or else, as a number, the errc with which
  /// the list ends, which is ok or more than any arc.
  unsigned next(subject_text& value) noexcept {
    if (form_ == name_form::der) return next_of_der(value);
    return more_ ? next_of_text(value) : static_cast<unsigned>(errc::ok);
  }
  static constexpr unsigned max_arc = 31;

 private:
  unsigned next_of_der(subject_text& value) noexcept {
    constexpr std::uint32_t known = 0x00020FE8;  // the arcs in subject_types
    name_attribute attribute;
    if (!der_.next(attribute)) return static_cast<unsigned>(errc::ok);
    const bytes type = attribute.type;
    if (attribute.tag == der_tag::bmp_string) {
      value = {attribute.value, subject_text::form::utf16};
    } else if (attribute.tag != der_tag::universal_string && is_utf8(attribute.value)) {
      value = {attribute.value, subject_text::form::plain};
    } else {
      value = {type.first(1), subject_text::form::utf16};  // half a unit: malformed // spec: I-027
    }
    if (type.size() == 3 && type[0] == 0x55 && type[1] == 0x04 && type[2] <= max_arc &&
        (known >> type[2] & 1) != 0) {
      return type[2];
    }
    return static_cast<unsigned>(errc::subject_type);  // spec: I-022
  }
  unsigned next_of_text(subject_text& value) noexcept {
    // spec: I-003
    if (read_part('=', value) != '=') return static_cast<unsigned>(errc::identity_rdn);
    ++at_;
    const unsigned arc = find_subject_type(value);
    const unsigned stop = read_part(',', value);
    // spec: I-003 I-007
    if (stop == '+') return static_cast<unsigned>(errc::identity_multi_valued);
    if (stop == '#') return static_cast<unsigned>(errc::identity_number_sign);
    if (stop == '\\') return static_cast<unsigned>(errc::identity_escape);  // spec: I-005
    more_ = stop != 0;
    at_ += more_;
    return arc;
  }
  /// Reads up to `stop`, a separator, or the second character of =#, and returns that; 0 at the
  /// end. Spaces around the part do not belong to it, unless the last one is escaped. Where two
  /// backslashes stand before a last space, readers differ: returns a backslash. The prefix of the
  /// identity stands before every name in text. // spec: I-004 I-006
  unsigned read_part(unsigned stop, subject_text& part) noexcept {
    while (at_ != end_ && *at_ == ' ') ++at_;
    const std::uint8_t* const start = at_;
    const std::uint8_t* last = at_;
    unsigned c = 0;
    for (; at_ != end_; ++at_) {
      c = *at_;
      if (c == stop || c == ',' || c == ';' || c == '+' || (c == '#' && at_[-1] == '=')) break;
      if (c == '\\' && at_ + 1 != end_) ++at_;
      if (c != ' ') last = at_ + 1;
      c = 0;
    }
    part = {{start, static_cast<std::size_t>(last - start)}, subject_text::form::escaped};
    return last == at_ || last[-1] != '\\' ? c : '\\';
  }

  name_reader der_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  name_form form_;
  bool more_ = true;
};

/// Checks that `name` has only attributes that identities can have, each once and readable, C, ST
/// and O among them and, in an identity, none empty. The caller knows that a Name is well-formed.
[[nodiscard]] inline errc check_attributes(bytes name, name_form form) noexcept {
  const bool in_subject = form == name_form::der;
  constexpr std::uint32_t required = 1U << 6 | 1U << 8 | 1U << 10;  // C, ST, O
  std::uint32_t seen = 0, empty = 0;
  attribute_reader reader{name, form};
  subject_text value;
  unsigned arc = 0;
  while ((arc = reader.next(value)) <= attribute_reader::max_arc) {
    if ((seen >> arc & 1) != 0) {
      // spec: I-009 I-023 I-024
      return in_subject ? errc::subject_type_twice : errc::identity_type_twice;
    }
    seen |= 1U << arc;
    if (value.empty()) empty |= 1U << arc;
    int previous = 0;
    for (int c = 0; c >= 0; previous = c) {
      c = value.next();
      // spec: I-026
      if (in_subject && c == '#' && previous == '=') return errc::subject_number_sign;
    }
    // spec: I-005 I-027
    if (previous != subject_text::end) {
      return in_subject ? errc::subject_text : errc::identity_escape;
    }
  }
  NV2_TRY(static_cast<errc>(arc));
  if (!in_subject && empty != 0) return errc::identity_value_empty;  // spec: I-010 I-011
  if ((seen & ~empty & required) == required) return errc::ok;
  return in_subject ? errc::subject_incomplete : errc::identity_incomplete;  // spec: I-010 I-025
}

/// Whether each attribute of the identity `part`, none of which is empty, is in `whole` with the
/// same bytes. // spec: I-028
inline bool has_all(bytes part, bytes whole, name_form form) noexcept {
  attribute_reader reader{part, name_form::text};
  subject_text wanted, found;
  unsigned arc = 0;
  while ((arc = reader.next(wanted)) <= attribute_reader::max_arc) {
    attribute_reader others{whole, form};
    unsigned other = 0;
    do {
      other = others.next(found);
      if (other > attribute_reader::max_arc) return false;
    } while (other != arc);
    int c = 0;
    do {
      c = wanted.next();
      if (c != found.next()) return false;
    } while (c >= 0);
  }
  return arc == static_cast<unsigned>(errc::ok);
}

/// The distinguished name in an identity with the prefix x509.subject, empty for others.
inline bytes name_in(bytes item) noexcept {
  constexpr std::string_view prefix = "x509.subject:";
  if (item.size() <= prefix.size()) return {};
  return std::memcmp(item.data(), prefix.data(), prefix.size()) == 0 ? item.drop(prefix.size())
                                                                     : bytes{};
}

}  // namespace detail

/// "*", which alone in its list stands for every signer and, among scopes, for every repository.
/// // spec: I-029 P-015 P-016
inline bool is_wildcard(bytes item) noexcept { return item.size() == 1 && item[0] == '*'; }

/// Whether `item` has a prefix that this library evaluates. // spec: I-002
inline bool is_subject_identity(bytes item) noexcept { return !detail::name_in(item).empty(); }

/// Checks one identity other than "*". One with a prefix other than x509.subject is good and
/// matches nobody. Linear in the item. // spec: I-001 to I-011
/// Errors: identity_syntax, identity_rdn, identity_multi_valued, identity_escape,
/// identity_number_sign, identity_type, identity_type_twice, identity_incomplete,
/// identity_value_empty.
[[nodiscard]] inline errc check_identity(bytes item) noexcept {
  const bytes name = detail::name_in(item);
  if (name.empty()) {
    const std::size_t colon = count_before(item, ':');
    // spec: I-001 I-002
    return colon != 0 && colon + 1 < item.size() ? errc::ok : errc::identity_syntax;
  }
  return detail::check_attributes(name, detail::name_form::text);
}

/// Whether each signer that the identity `narrow` stands for is one of `wide`, too, because all of its
/// attributes are in `narrow`. Both are of the kind x509.subject and good; others cover nothing.
inline bool covers_identity(bytes wide, bytes narrow) noexcept {
  return detail::has_all(detail::name_in(wide), detail::name_in(narrow), detail::name_form::text);
}

/// Whether, of two identities that check_identity() found good, one covers all that the other does:
/// its attributes are a part of the other's, or the same. // spec: I-012
inline bool do_identities_overlap(bytes a, bytes b) noexcept {
  return covers_identity(a, b) || covers_identity(b, a);
}

/// Decides whether the holder of `leaf` is one of the trusted identities `items`: "*" alone, or one
/// whose every attribute is in the subject of `leaf` with the same bytes. The subject may have more
/// attributes, in any order and grouping. `place` is that of the first such item, unless there is an
/// error. // spec: I-020 to I-029
///
/// Items are checked again up to the matching one. Costs a walk over the subject for each attribute
/// of each item; no memory. // spec: W-032
/// Errors: those of check_identity(); subject_type, subject_type_twice, subject_incomplete,
/// subject_number_sign, subject_text: nobody has such a subject; identity_mismatch.
[[nodiscard]] inline errc find_identity(view<bytes> items, const certificate& leaf,
                                        std::size_t& place) noexcept {
  place = 0;
  if (items.size() == 1 && is_wildcard(items[0])) return errc::ok;          // spec: I-029
  NV2_TRY(detail::check_attributes(leaf.subject, detail::name_form::der));  // spec: I-020
  for (; place < items.size(); ++place) {
    NV2_TRY(check_identity(items[place]));
    if (detail::has_all(detail::name_in(items[place]), leaf.subject, detail::name_form::der)) {
      return errc::ok;
    }
  }
  return errc::identity_mismatch;  // spec: I-028
}

/// The same, without the place.
[[nodiscard]] inline errc check_identities(view<bytes> items, const certificate& leaf) noexcept {
  std::size_t place = 0;
  return find_identity(items, leaf, place);
}

NV2_NAMESPACE_END

#endif  // NV2_TRUST_IDENTITY_HPP
