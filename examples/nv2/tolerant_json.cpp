// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A SAX handler that keeps what it saw when the text ends or breaks.
#include "tolerant_json.hpp"

#include <fmt/format.h>

namespace client {
namespace {

constexpr std::size_t max_depth = 32;
constexpr std::size_t max_problems = 20;
constexpr std::size_t max_members = 1000;

/// What() of the library without its identification in brackets.
std::string plain_text(const char* what) {
  const std::string text = what;
  const std::size_t end = text.find("] ");
  return end == std::string::npos ? text : text.substr(end + 2);
}

class tree_builder final : public nlohmann::json_sax<shown_json> {
 public:
  tree_builder(const std::string& where, std::vector<std::string>& problems)
      : where_(where), problems_(problems) {}

  shown_json take() { return std::move(root_); }

  bool null() override { return place(nullptr) != nullptr; }
  bool boolean(bool value) override { return place(value) != nullptr; }
  bool number_integer(number_integer_t value) override { return place(value) != nullptr; }
  bool number_unsigned(number_unsigned_t value) override { return place(value) != nullptr; }
  bool number_float(number_float_t value, const string_t&) override {
    return place(value) != nullptr;
  }
  bool string(string_t& value) override { return place(std::move(value)) != nullptr; }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(shown_json::object()); }
  bool start_array(std::size_t) override { return open(shown_json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (open_.back()->contains(name)) note(fmt::format("member '{}' stands more than once", name));
    if (open_.back()->size() == max_members) {
      note("an object has too many members");
      return false;
    }
    name_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception& error) override {
    note(plain_text(error.what()));
    return false;
  }

 private:
  void note(const std::string& text) {
    if (problems_.size() < max_problems) problems_.push_back(where_ + ": " + text);
  }
  /// Puts `value` where the next value belongs and returns its place.
  shown_json* place(shown_json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    shown_json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    shown_json& member = parent[name_];
    member = std::move(value);
    return &member;
  }
  bool open(shown_json container) {
    if (open_.size() == max_depth) {
      note("nested too deep");
      return false;
    }
    open_.push_back(place(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  const std::string& where_;
  std::vector<std::string>& problems_;
  shown_json root_;
  std::vector<shown_json*> open_;
  std::string name_;
};

}  // namespace

shown_json read_tolerant(nv2::bytes text, const std::string& where,
                         std::vector<std::string>& problems) {
  tree_builder builder{where, problems};
  shown_json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

std::string compact(const shown_json& value) {
  return value.dump(-1, ' ', true, shown_json::error_handler_t::replace);
}

}  // namespace client
