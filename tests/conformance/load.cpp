// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Reading suites. Written without the library under test, so that the two can disagree.
#include "suite.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iomanip>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace nv2_conformance {
namespace {

unsigned digit_in(std::string_view alphabet, char c) {
  const std::size_t value = alphabet.find(c);
  if (value == std::string_view::npos) {
    throw std::runtime_error("the suite has an undecodable value");
  }
  return static_cast<unsigned>(value);
}

/// Days from the first of January of the year 0 to the first of a month, by the Gregorian calendar.
std::int64_t days_before(int year, int month) {
  constexpr int before_month[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return 365 * std::int64_t{year} + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400 +
         before_month[month - 1] + (leap && month > 2 ? 1 : 0);
}

std::map<std::string, std::string> load_exclusions(const std::filesystem::path& file) {
  std::map<std::string, std::string> exclusions;
  std::ifstream in(file);
  if (!in) return exclusions;
  for (const json& entry : json::parse(in)) {
    exclusions.emplace(entry.at("id").get<std::string>(), entry.at("reason").get<std::string>());
  }
  return exclusions;
}

}  // namespace

octets from_text(std::string_view text) { return octets(text.begin(), text.end()); }

octets from_hex(std::string_view text) {
  octets out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const unsigned high = digit_in("0123456789abcdef", text[i]);
    out.push_back(static_cast<std::uint8_t>(high * 16 + digit_in("0123456789abcdef", text[i + 1])));
  }
  if (text.size() % 2 != 0) throw std::runtime_error("the suite has half a byte");
  return out;
}

octets from_base64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  octets out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned pending = 0;
  for (const char c : text) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bits = bits << 6 | digit_in(alphabet, c);
    pending += 6;
    if (pending < 8) continue;
    pending -= 8;
    out.push_back(static_cast<std::uint8_t>(bits >> pending));
  }
  return out;
}

std::string to_hex(nv2::bytes data) {
  std::string out;
  for (const std::uint8_t byte : data) {
    out += "0123456789abcdef"[byte / 16];
    out += "0123456789abcdef"[byte % 16];
  }
  return out;
}

std::string oid_text(nv2::bytes contents) {
  std::string out;
  std::uint64_t arc = 0;
  for (const std::uint8_t byte : contents) {
    arc = arc << 7 | (byte & 0x7FU);
    if ((byte & 0x80U) != 0) continue;
    if (out.empty()) {
      const std::uint64_t root = std::min<std::uint64_t>(arc / 40, 2);
      out = std::to_string(root) + '.' + std::to_string(arc - 40 * root);
    } else {
      out += '.' + std::to_string(arc);
    }
    arc = 0;
  }
  return out;
}

std::string time_text(std::int64_t seconds) {
  std::int64_t second = seconds % 86400;
  if (second < 0) second += 86400;
  std::int64_t days = (seconds - second) / 86400 + days_before(1970, 1);
  int year = 0, month = 12;
  while (year < 10000 && days_before(year + 1, 1) <= days) ++year;
  if (days < 0 || year == 10000) return "out of range";
  while (days_before(year, month) > days) --month;
  days -= days_before(year, month);
  std::ostringstream out;
  out << std::setfill('0') << std::setw(4) << year << '-' << std::setw(2) << month << '-'
      << std::setw(2) << days + 1 << 'T' << std::setw(2) << second / 3600 << ':' << std::setw(2)
      << second / 60 % 60 << ':' << std::setw(2) << second % 60 << 'Z';
  return out.str();
}

std::int64_t time_value(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  char end = 0;
  const int read = std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%c", &year, &month, &day,
                               &hour, &minute, &second, &end);
  if (read != 7 || end != 'Z' || month < 1 || month > 12) {
    throw std::runtime_error("the suite has the time " + text);
  }
  const std::int64_t days = days_before(year, month) + day - 1 - days_before(1970, 1);
  return days * 86400 + hour * 3600 + minute * 60 + second;
}

suite_folder::suite_folder(std::string name, std::filesystem::path folder)
    : name_(std::move(name)), folder_(std::move(folder)) {}

scorecard suite_folder::card(std::string variant) const {
  return {name_, std::move(variant), load_exclusions(folder_ / "excluded.json")};
}

void suite_folder::for_each(
    const std::function<void(const json& line, const std::string& stem)>& use) const {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file);
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
      if (line.empty()) continue;
      try {
        use(json::parse(line), file.stem().string());
      } catch (const std::exception& e) {
        throw std::runtime_error(file.filename().string() + " line " + std::to_string(number) +
                                 ": " + e.what());
      }
    }
    if (in.bad() || !in.eof()) throw std::runtime_error(file.filename().string() + ": unreadable");
  }
}

json suite_folder::document(const std::string& file) const {
  std::ifstream in(folder_ / file);
  if (!in) throw std::runtime_error(file + ": unreadable");
  return json::parse(in);
}

}  // namespace nv2_conformance
