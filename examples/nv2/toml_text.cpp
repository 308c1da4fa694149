// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A small reader: it gives up rather than guess.
#include "toml_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "errors.hpp"

namespace client {
namespace {

using nlohmann::json;

constexpr int max_depth = 16;
constexpr std::string_view bare_signs = "-_", number_signs = "+-_.:";

bool is_word(char c, std::string_view signs) {
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter || (c >= '0' && c <= '9') || signs.find(c) != signs.npos;
}

class toml_reader {
 public:
  toml_reader(std::string_view text, const std::string& path) : rest_(text), path_(path) {}

  json read() {
    json out = json::object();
    json* table = &out;
    for (skip_lines(); !rest_.empty(); skip_lines()) {
      if (rest_.front() == '[') {
        table = &open_table(out);
      } else {
        read_member(*table);
      }
      end_line();
    }
    return out;
  }

 private:
  using names = std::vector<std::string>;

  [[noreturn]] void refuse(const char* what) const {
    throw failure(exit_code::usage,
                  fmt::format("line {} cannot be read: {}: {}", line_, what, path_),
                  {next_step("give what `containerd config dump` prints")});
  }

  bool at(char c) const { return !rest_.empty() && rest_.front() == c; }
  void advance(std::size_t count = 1) {
    line_ += std::count(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(count), '\n');
    rest_.remove_prefix(count);
  }
  bool take(char c) {
    skip_blanks();
    if (!at(c)) return false;
    advance();
    return true;
  }
  void expect(char c) {
    if (!take(c)) refuse("something is missing");
  }
  void skip_blanks() {
    while (at(' ') || at('\t')) advance();
  }
  void skip_comment() {
    if (at('#')) advance(std::min(rest_.find('\n'), rest_.size()));
  }
  void skip_lines() {
    for (;;) {
      skip_blanks();
      skip_comment();
      if (!at('\n') && !at('\r')) return;
      advance();
    }
  }
  void end_line() {
    skip_blanks();
    skip_comment();
    if (at('\r')) advance();
    if (!rest_.empty() && !at('\n')) refuse("the line goes on");
  }

  std::string_view take_word(std::string_view signs) {
    std::size_t size = 0;
    while (size < rest_.size() && is_word(rest_[size], signs)) ++size;
    if (size == 0) refuse("a name or a value is missing");
    const std::string_view word = rest_.substr(0, size);
    advance(size);
    return word;
  }
  /// Texts of one line; in single quotes nothing is escaped.
  std::string read_text() {
    const char quote = rest_.front();
    if (rest_.substr(0, 3) == std::string(3, quote)) refuse("a text of several lines");
    advance();
    std::string out;
    while (!at(quote)) {
      if (rest_.empty() || at('\n')) refuse("a text has no end");
      out += quote == '"' && at('\\') ? read_escape() : rest_.front();
      advance();
    }
    advance();
    return out;
  }
  char read_escape() {
    advance();
    constexpr std::string_view codes = "\"\\ntr", meanings = "\"\\\n\t\r";
    const std::size_t which = rest_.empty() ? codes.npos : codes.find(rest_.front());
    if (which == codes.npos) refuse("an escape");
    return meanings[which];
  }
  names read_names() {
    names out;
    do {
      skip_blanks();
      const bool is_quoted = at('"') || at('\'');
      out.push_back(is_quoted ? read_text() : std::string(take_word(bare_signs)));
      if (out.size() > max_depth) refuse("too deep");
    } while (take('.'));
    return out;
  }
  /// The table of all names but the last.
  json& walk(json& from, const names& path) const {
    json* at = &from;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) at = &step(*at, path[i]);
    return *at;
  }
  json& step(json& from, const std::string& name) const {
    json& next = from[name];
    if (next.is_null()) next = json::object();
    // In a list of tables the last one goes on.
    json& table = next.is_array() && !next.empty() ? next.back() : next;
    if (!table.is_object()) refuse("a name has two meanings");
    return table;
  }
  json& open_table(json& root) {
    expect('[');
    const bool is_list = at('[');
    if (is_list) advance();
    const names path = read_names();
    expect(']');
    if (is_list) expect(']');
    json& parent = walk(root, path);
    if (!is_list) return step(parent, path.back());
    json& list = parent[path.back()];
    if (list.is_null()) list = json::array();
    if (!list.is_array()) refuse("a name has two meanings");
    list.push_back(json::object());
    return list.back();
  }
  void read_member(json& table) {
    const names path = read_names();
    expect('=');
    json& parent = walk(table, path);
    if (parent.contains(path.back())) refuse("a name stands twice");
    parent[path.back()] = read_value(0);
  }
  json read_value(int depth) {
    if (depth > max_depth) refuse("too deep");
    skip_blanks();
    if (at('"') || at('\'')) return read_text();
    if (at('[')) return read_list(depth);
    if (at('{')) return read_inline(depth);
    const std::string_view word = take_word(number_signs);
    if (word == "true" || word == "false") return word == "true";
    std::int64_t number = 0;
    const auto end = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool is_whole = end.ec == std::errc{} && end.ptr == word.data() + word.size();
    return is_whole ? json(number) : json(std::string(word));
  }
  json read_list(int depth) {
    json out = json::array();
    advance();
    for (skip_lines(); !at(']'); skip_lines()) {
      out.push_back(read_value(depth + 1));
      skip_lines();
      if (!take(',') && !at(']')) refuse("a list has no end");
    }
    advance();
    return out;
  }
  json read_inline(int depth) {
    json out = json::object();
    advance();
    if (take('}')) return out;
    do {
      const names path = read_names();
      expect('=');
      json& parent = walk(out, path);
      if (parent.contains(path.back())) refuse("a name stands twice");
      parent[path.back()] = read_value(depth + 1);
    } while (take(','));
    expect('}');
    return out;
  }

  std::string_view rest_;
  const std::string& path_;
  std::ptrdiff_t line_ = 1;
};

}  // namespace

json parse_toml(std::string_view text, const std::string& path) {
  return toml_reader{text, path}.read();
}

}  // namespace client
