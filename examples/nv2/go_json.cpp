// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The JSON of Go's encoder.
#include "go_json.hpp"

#include <fmt/format.h>

namespace client {
namespace {

/// U+2028 and U+2029 in UTF-8, which JavaScript once took for line ends.
bool starts_with_separator(std::string_view text) {
  return text.size() >= 3 && text[0] == '\xE2' && text[1] == '\x80' &&
         (text[2] == '\xA8' || text[2] == '\xA9');
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || c == '<' || c == '>' || c == '&') {
    out += fmt::format("\\u{:04x}", byte);
  } else {
    out += c;
  }
}

}  // namespace

std::string go_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    if (starts_with_separator(text)) {
      out += text[2] == '\xA8' ? "\\u2028" : "\\u2029";
      text.remove_prefix(3);
    } else {
      append_escaped(out, text[0]);
      text.remove_prefix(1);
    }
  }
  return out + "\"";
}

go_object& go_object::raw(std::string_view name, std::string_view value) {
  if (!members_.empty()) members_ += ',';
  members_ += go_string(name) + ":";
  members_ += value;
  return *this;
}

go_object& go_object::text(std::string_view name, std::string_view value) {
  return raw(name, go_string(value));
}

go_object& go_object::number(std::string_view name, std::int64_t value) {
  return raw(name, std::to_string(value));
}

go_object& go_object::texts(std::string_view name, const std::vector<std::string>& values) {
  std::string all;
  for (const std::string& value : values) all += (all.empty() ? "" : ",") + go_string(value);
  return raw(name, "[" + all + "]");
}

}  // namespace client
