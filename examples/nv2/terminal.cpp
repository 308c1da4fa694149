// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Escaping, colour, and the two output streams.
#include "terminal.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include <fmt/format.h>

namespace client {
namespace {

struct code_point {
  std::uint32_t value = 0;
  /// Bytes taken, 0 = not valid UTF-8.
  std::size_t size = 0;
};

/// Reads the code point at the start of `text`, shortest form only, no surrogates.
code_point read_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  std::uint32_t value = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3FU);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest[size] || value > 0x10FFFF || surrogate) return {};
  return {value, size};
}

struct range {
  std::uint32_t first, last;
};

/// Characters that are not what they seem: controls, invisible ones, direction marks, tags.
constexpr range hidden[] = {
    {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},
    {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF},
};

bool is_hidden(std::uint32_t value) {
  for (const range& r : hidden) {
    if (value >= r.first && value <= r.last) return true;
  }
  return false;
}

const char* code_of(style wanted) {
  switch (wanted) {
    case style::bold: return "\x1b[1m";
    case style::red: return "\x1b[1;31m";
    case style::green: return "\x1b[32m";
    case style::yellow: return "\x1b[33m";
    case style::dim: return "\x1b[2m";
  }
  return "";
}

/// "2020/07/31 12:00:00", local time: how the prototype starts its messages. // spec: N-174
std::string log_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  return fmt::format("{:04}/{:02}/{:02} {:02}:{:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

void write_error(const std::string& text) {
  // A stderr that cannot be written leaves nobody to tell.
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
}

thread_local messages_held* holder = nullptr;
constexpr std::size_t most_held = 32;

void print_message(const diagnostic& message, style headline, color_choice choice) {
  if (holder != nullptr) return holder->add(message.headline);
  const bool color = wants_color(choice, stderr);
  std::string out = styled(log_time(), style::dim, color) + " " +
                    styled(escaped(message.headline), headline, color) + "\n";
  for (const detail_line& line : message.details) {
    const std::string label = fmt::format("  {:<12}", line.label);
    out += styled(label, line.label == "next" ? style::yellow : style::dim, color);
    out += escaped(line.text) + "\n";
  }
  write_error(out);
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const code_point c = read_utf8(text);
    if (c.size == 0) {
      out += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(text[0]));
    } else if (!is_hidden(c.value)) {
      out += text.substr(0, c.size);
    } else if (c.value < 0x80) {
      out += fmt::format("\\x{:02x}", c.value);
    } else {
      out += fmt::format("\\u{{{:x}}}", c.value);
    }
    text.remove_prefix(c.size == 0 ? 1 : c.size);
  }
  return out;
}

bool wants_color(color_choice choice, std::FILE* stream) {
  if (choice != color_choice::automatic) return choice == color_choice::always;
  const char* const refused = std::getenv("NO_COLOR");
  if (refused != nullptr && *refused != '\0') return false;
  const char* const terminal = std::getenv("TERM");
  if (terminal == nullptr || std::strcmp(terminal, "dumb") == 0) return false;
  return isatty(fileno(stream)) != 0;
}

std::string styled(std::string_view text, style wanted, bool color) {
  if (!color) return std::string(text);
  return fmt::format("{}{}\x1b[0m", code_of(wanted), text);
}

void print_diagnostic(const diagnostic& message, color_choice choice) {
  print_message(message, style::red, choice);
}

void print_warning(const diagnostic& message, color_choice choice) {
  print_message(message, style::yellow, choice);
}

void print_note(std::string_view text, color_choice choice) {
  if (holder != nullptr) return holder->add(text);
  write_error(styled(escaped(text), style::dim, wants_color(choice, stderr)) + "\n");
}

messages_held::messages_held() { holder = this; }
messages_held::~messages_held() { holder = nullptr; }

void messages_held::add(std::string_view text) {
  if (texts_.size() < most_held) texts_.emplace_back(text);
}

bool are_messages_held() { return holder != nullptr; }

void print_result(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) {
    throw failure(exit_code::unavailable,
                  fmt::format("cannot write to standard output: {}", std::strerror(errno)));
  }
}

}  // namespace client
