// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A reader over the header.
#include "challenge.hpp"

#include <cctype>

namespace client {
namespace {

constexpr std::size_t most = 8;

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

class header_reader {
 public:
  explicit header_reader(std::string_view text) : left_(text) {}

  bool more() const { return !left_.empty(); }
  bool failed() const { return failed_; }
  bool take(char wanted) {
    if (left_.empty() || left_.front() != wanted) return false;
    left_.remove_prefix(1);
    return true;
  }
  /// Whether there was any.
  bool skip_spaces() {
    bool any = false;
    while (take(' ') || take('\t')) any = true;
    return any;
  }
  std::string read_token() {
    std::size_t size = 0;
    while (size < left_.size() && is_token_character(left_[size])) ++size;
    std::string out{left_.substr(0, size)};
    left_.remove_prefix(size);
    if (out.empty()) failed_ = true;
    return out;
  }
  std::string read_value() { return take('"') ? read_quoted() : read_token(); }

 private:
  static bool is_token_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  }
  std::string read_quoted() {
    std::string out;
    while (more() && left_.front() != '"') {
      if (left_.front() == '\\') left_.remove_prefix(1);
      if (!more() || static_cast<unsigned char>(left_.front()) < ' ') break;
      out += left_.front();
      left_.remove_prefix(1);
    }
    if (!take('"')) failed_ = true;
    return out;
  }

  std::string_view left_;
  bool failed_ = false;
};

}  // namespace

std::vector<challenge> parse_challenges(std::string_view text) {
  header_reader reader{text};
  std::vector<challenge> out;
  while (reader.more() && !reader.failed()) {
    reader.skip_spaces();
    const std::string word = reader.read_token();
    const bool spaced = reader.skip_spaces();
    if (reader.take('=')) {
      if (out.empty() || out.back().parameters.size() == most) return {};
      reader.skip_spaces();
      if (!out.back().parameters.emplace(lower_case(word), reader.read_value()).second) return {};
    } else {
      if (out.size() == most) return {};
      out.push_back({lower_case(word), {}});
      if (spaced && !(reader.more() && reader.take(','))) continue;
    }
    reader.skip_spaces();
    if (reader.more() && !reader.take(',') && !out.back().parameters.empty()) return {};
  }
  return reader.failed() ? std::vector<challenge>{} : out;
}

}  // namespace client
