// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <stdexcept>

#include <nv2/base/workspace.hpp>
#include <nv2/codec/json.hpp>

namespace nv2_conformance {
namespace {

using nv2::errc;
using nv2::json_kind;

void write_escape(std::string& out, std::uint32_t unit) {
  constexpr char digits[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[unit >> shift & 15];
}

/// One character the way `canon` of the suites has it; DEL is escaped there, whatever their READMEs
/// say.
void write_character(std::string& out, std::uint32_t code) {
  constexpr std::string_view named = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  const std::size_t index = code < 0x80 ? named.find(static_cast<char>(code)) : named.npos;
  if (index != named.npos) {
    out += '\\';
    out += letters[index];
  } else if (code >= 0x20 && code < 0x7F) {
    out += static_cast<char>(code);
  } else if (code < 0x10000) {
    write_escape(out, code);
  } else {
    write_escape(out, 0xD800 + ((code - 0x10000) >> 10));
    write_escape(out, 0xDC00 + ((code - 0x10000) & 0x3FF));
  }
}

/// A string of which the reader says that it is UTF-8. Both ways to unescape it must agree.
void write_string(std::string& out, nv2::json_string string, nv2::workspace& memory) {
  std::string text;
  nv2::json_chars chars = string.chars();
  for (std::uint8_t c = 0; chars.next(c);) text += static_cast<char>(c);
  const std::size_t mark = memory.mark();
  nv2::bytes copy;
  if (nv2::unescape(string, string.raw().size(), memory, copy) != errc::ok ||
      copy.as_text() != text || !string.equals(text) || string.equals(text + "x")) {
    throw std::runtime_error("a string can be read in two ways");
  }
  memory.rewind(mark);

  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i++]);
    const unsigned more = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    std::uint32_t code = more == 0 ? lead : lead & (0x3FU >> more);
    for (unsigned k = 0; k < more; ++k) {
      code = code << 6 | (static_cast<std::uint8_t>(text.at(i++)) & 0x3FU);
    }
    write_character(out, code);
  }
  out += '"';
}

/// Writes the value that is due, read member by member. At most json_max_depth calls deep.
void write_value(std::string& out, nv2::json_reader& reader, nv2::workspace& memory) {
  const char* separator = "";
  switch (reader.peek()) {
    case json_kind::object:
      out += '{';
      reader.enter_object();
      for (nv2::json_string name; reader.next_member(name); separator = ",") {
        out += separator;
        write_string(out, name, memory);
        out += ':';
        write_value(out, reader, memory);
      }
      out += '}';
      break;
    case json_kind::array:
      out += '[';
      reader.enter_array();
      for (; reader.next_element(); separator = ",") {
        out += separator;
        write_value(out, reader, memory);
      }
      out += ']';
      break;
    case json_kind::string: write_string(out, reader.read_string(), memory); break;
    case json_kind::number: out += reader.skip_value().as_text(); break;
    case json_kind::boolean: out += reader.read_boolean() ? "true" : "false"; break;
    case json_kind::null:
      reader.read_null();
      out += "null";
      break;
    case json_kind::none: break;
  }
}

verdict judge(const json& line, const octets& input) {
  const std::size_t members = input.size() / 2 + 1;
  octets storage(members * 4 + input.size() + 16);
  nv2::workspace memory{nv2::mutable_bytes{storage.data(), storage.size()}};
  nv2::json_reader reader(view(input), memory, nv2::json_duplicates::refuse, members);
  std::string canon;
  write_value(canon, reader, memory);
  verdict v = judged(reader.finish());
  if (line.contains("canon")) compare(v, "canon", canon, line["canon"]);

  memory.rewind(0);
  nv2::json_reader skipper(view(input), memory, nv2::json_duplicates::refuse, members);
  skipper.skip_value();
  if (skipper.finish() != reader.error()) {
    throw std::runtime_error(std::string("reading says ") + nv2::name(reader.error()) +
                             ", skipping says " + nv2::name(skipper.error()));
  }
  return v;
}

}  // namespace

std::vector<scorecard> run_json(const suite_folder& folder) {
  scorecard card = folder.card();
  folder.for_each([&](const json& line, const std::string& stem) {
    card.run(line.at("id"), line.at("expect"), stem,
             [&] { return judge(line, from_base64(line.at("b64").get<std::string>())); });
  });
  return {card};
}

}  // namespace nv2_conformance
