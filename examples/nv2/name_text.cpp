// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "name_text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nv2/codec/der.hpp>
#include <nv2/codec/utf8.hpp>

#include "hex.hpp"
#include "object_names.hpp"

namespace client {
namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  const auto add = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3F));
  } else {
    add(0xF0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3F));
    add(0x80 | (code >> 6 & 0x3F));
  }
  add(0x80 | (code & 0x3F));
}

/// A string whose characters have `width` bytes each, big-endian.
std::optional<std::string> wide_text(nv2::bytes value, std::size_t width) {
  if (value.size() % width != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < value.size(); i += width) {
    std::uint32_t code = 0;
    for (std::size_t k = 0; k < width; ++k) code = code << 8 | value[i + k];
    if (code > 0x10FFFF || code >> 11 == 0xD800 >> 11) return std::nullopt;
    append_utf8(out, code);
  }
  return out;
}

std::optional<std::string> string_text(std::uint8_t tag, nv2::bytes value) {
  switch (tag) {
    case nv2::der_tag::utf8_string: {
      const std::uint8_t* at = value.begin();
      while (at != value.end()) {
        if (!nv2::skip_utf8_character(at, value.end())) return std::nullopt;
      }
      return std::string(value.as_text());
    }
    case nv2::der_tag::bmp_string: return wide_text(value, 2);
    case nv2::der_tag::universal_string: return wide_text(value, 4);
    case nv2::der_tag::numeric_string:
    case nv2::der_tag::printable_string:
    case nv2::der_tag::teletex_string:  // in practice Latin-1
    case nv2::der_tag::ia5_string:
    case nv2::der_tag::visible_string: return wide_text(value, 1);
    default: return std::nullopt;
  }
}

/// RFC 4514 section 2.4; control characters as two digits.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool first = i == 0, last = i + 1 == text.size();
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') {
      out += fmt::format("\\{:02X}", static_cast<unsigned>(c));
      continue;
    }
    const bool special = std::string_view(",+\"\\<>;").find(c) != std::string_view::npos;
    if (special || (c == '#' && first) || (c == ' ' && (first || last))) out += '\\';
    out += c;
  }
  return out;
}

std::string upper_hex(nv2::bytes data) {
  std::string out = hex_text(data);
  for (char& c : out) {
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

/// AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }
/// What has no name or is no string is told by its DER.
std::string attribute_text(nv2::der_reader& reader) {
  const nv2::der_reader::outer_end outer = reader.enter(nv2::der_tag::sequence);
  const nv2::bytes type = reader.read_oid();
  const nv2::bytes element = reader.rest();
  std::uint8_t tag = 0;
  const nv2::bytes value = reader.read_any(tag);
  reader.leave(outer);
  if (reader.error() != nv2::errc::ok) return {};
  const std::string_view name = attribute_name(type);
  const std::optional<std::string> text = string_text(tag, value);
  if (!name.empty() && text) return fmt::format("{}={}", name, escaped(*text));
  return fmt::format("{}=#{}", name.empty() ? dotted_text(type) : std::string(name),
                     upper_hex(element));
}

}  // namespace

std::string name_text(nv2::bytes name) {
  nv2::der_reader reader{name};
  std::string out;  // the last attribute comes first
  const nv2::der_reader::outer_end end = reader.enter(nv2::der_tag::sequence);
  while (reader.more()) {
    const nv2::der_reader::outer_end set = reader.enter(nv2::der_tag::set);
    for (char separator = ','; reader.more(); separator = '+') {
      std::string text = attribute_text(reader);
      if (!out.empty()) text += separator;
      out.insert(0, text);
    }
    reader.leave(set);
  }
  reader.leave(end);
  return reader.finish() == nv2::errc::ok ? out : "?";
}

}  // namespace client
