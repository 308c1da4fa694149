// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// How the client fails: with one of four exit codes and a message that says what to do next.
#ifndef NV2_CLIENT_ERRORS_HPP
#define NV2_CLIENT_ERRORS_HPP

#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace client {

/// 0 and 1 as the prototype; 2 and 3 are set apart from 1. // spec: N-175
enum class exit_code : int {
  ok = 0,
  refused = 1,
  usage = 2,
  unavailable = 3,
};

/// What each means, for people. The manual has it from here: tests/tools/exit_codes.py.
struct exit_code_text {
  exit_code code;
  const char* meaning;
};
inline constexpr exit_code_text exit_code_texts[] = {
    {exit_code::ok, "trusted, or done"},
    {exit_code::refused, "judged and refused: do not run the artifact"},
    {exit_code::usage,
     "the command line is wrong, or a certificate, store or policy that says what is trusted"},
    {exit_code::unavailable, "something could not be had: a file, the network, memory"},
};

/// A line of detail under the headline of a message.
struct detail_line {
  std::string label, text;
};

/// A message for people. The texts may hold anything; they are escaped when they are printed.
struct diagnostic {
  std::string headline;
  std::vector<detail_line> details;
};

/// Ends the command with `code` after `message` was printed.
class failure : public std::exception {
 public:
  failure(exit_code code, diagnostic message) : message_(std::move(message)), code_(code) {}
  failure(exit_code code, std::string headline, std::vector<detail_line> details = {})
      : failure(code, diagnostic{std::move(headline), std::move(details)}) {}

  exit_code code() const noexcept { return code_; }
  const diagnostic& message() const noexcept { return message_; }
  const char* what() const noexcept override { return message_.headline.c_str(); }

 private:
  diagnostic message_;
  exit_code code_;
};

/// The one next step of a message.
inline detail_line next_step(std::string text) { return {"next", std::move(text)}; }

}  // namespace client

#endif  // NV2_CLIENT_ERRORS_HPP
