// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What reaches a terminal: escaped text, colour only where it is wanted.
#ifndef NV2_CLIENT_TERMINAL_HPP
#define NV2_CLIENT_TERMINAL_HPP

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "errors.hpp"

namespace client {

enum class color_choice { automatic, always, never };

enum class style { bold, red, green, yellow, dim };

/// `text` with everything escaped that could move a cursor, hide itself, or turn the direction of
/// writing: control characters, invalid UTF-8, invisible and bidirectional format characters.
std::string escaped(std::string_view text);

/// Whether `stream` should get colour: a terminal, no NO_COLOR, no TERM=dumb, unless `choice` decides.
bool wants_color(color_choice choice, std::FILE* stream);

/// `text` in `wanted` style, or unchanged when `color` is false. Does not escape.
std::string styled(std::string_view text, style wanted, bool color);

/// Prints `message` on stderr: a headline with the time, as the prototype did, then the details.
void print_diagnostic(const diagnostic& message, color_choice choice);

/// Prints `message` the same way as a warning.
void print_warning(const diagnostic& message, color_choice choice);

/// Prints a remark on stderr.
void print_note(std::string_view text, color_choice choice);

/// While it lives, what this thread would print on stderr is collected.
class messages_held {
 public:
  messages_held();
  messages_held(const messages_held&) = delete;
  messages_held& operator=(const messages_held&) = delete;
  ~messages_held();

  /// The headlines, as they are, in their order.
  std::vector<std::string> take() { return std::move(texts_); }
  void add(std::string_view text);

 private:
  std::vector<std::string> texts_;
};

/// Whether messages of this thread are collected, so that nothing may be drawn either.
bool are_messages_held();

/// Writes `text` to stdout and makes sure that it got there, else fails with exit code 3.
void print_result(std::string_view text);

}  // namespace client

#endif  // NV2_CLIENT_TERMINAL_HPP
