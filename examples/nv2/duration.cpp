// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Go's duration syntax.
#include "duration.hpp"

#include <cmath>
#include <cstddef>

namespace client {
namespace {

constexpr std::uint64_t most = UINT64_C(1) << 63;

struct unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

/// Longer names stand before their beginnings.
constexpr unit units[] = {
    {"ns", 1},
    {"us", 1000},
    {"\xC2\xB5s", 1000},  // micro sign
    {"\xCE\xBCs", 1000},  // Greek letter mu
    {"ms", 1000000},
    {"s", 1000000000},
    {"m", UINT64_C(60) * 1000000000},
    {"h", UINT64_C(3600) * 1000000000},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads 1*( number unit ) pairs off the front of a text.
class duration_reader {
 public:
  explicit duration_reader(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }

  /// Adds the next pair to `sum`, which must stay within `most`.
  bool add_pair(std::uint64_t& sum) {
    std::uint64_t whole = 0;
    std::size_t digits = 0;
    for (; starts_with_digit(); ++digits) {
      if (whole > most / 10) return false;
      whole = whole * 10 + next_digit();
    }
    double fraction = 0;
    if (!text_.empty() && text_[0] == '.') {
      text_.remove_prefix(1);
      for (double place = 0.1; starts_with_digit(); place /= 10, ++digits) {
        fraction += static_cast<double>(next_digit()) * place;
      }
    }
    if (digits == 0) return false;
    const unit* const found = read_unit();
    if (found == nullptr || whole > most / found->nanoseconds) return false;
    const std::uint64_t value =
        whole * found->nanoseconds + static_cast<std::uint64_t>(std::llround(
                                         fraction * static_cast<double>(found->nanoseconds)));
    if (value > most - sum) return false;
    sum += value;
    return true;
  }

 private:
  bool starts_with_digit() const { return !text_.empty() && is_digit(text_[0]); }
  std::uint64_t next_digit() {
    const auto value = static_cast<std::uint64_t>(text_[0] - '0');
    text_.remove_prefix(1);
    return value;
  }
  const unit* read_unit() {
    std::size_t length = 0;
    while (length < text_.size() && text_[length] != '.' && !is_digit(text_[length])) ++length;
    for (const unit& candidate : units) {
      if (candidate.name != text_.substr(0, length)) continue;
      text_.remove_prefix(length);
      return &candidate;
    }
    return nullptr;
  }

  std::string_view text_;
};

}  // namespace

std::optional<duration> parse_duration(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  std::uint64_t sum = 0;
  duration_reader reader{text};
  while (!reader.done()) {
    if (!reader.add_pair(sum)) return std::nullopt;
  }
  if (negative) return sum == most ? INT64_MIN : -static_cast<duration>(sum);
  if (sum == most) return std::nullopt;
  return static_cast<duration>(sum);
}

}  // namespace client
