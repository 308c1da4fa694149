// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The commands and their options.
#ifndef NV2_CLIENT_COMMAND_LINE_HPP
#define NV2_CLIENT_COMMAND_LINE_HPP

#include <memory>
#include <string>
#include <vector>

#include "command.hpp"

namespace client {

/// Reads the command line.
class command_line {
 public:
  explicit command_line(std::vector<std::string> arguments);
  ~command_line();
  command_line(const command_line&) = delete;
  command_line& operator=(const command_line&) = delete;

  /// What to do. Fails with exit code 2.
  request read();
  /// Whether a verdict was wanted as JSON; answered as well as possible even after read() failed.
  bool wants_json_verdict() const;
  /// The colours that were asked for; answered like wants_json_verdict().
  color_choice color() const;

 private:
  class parser;
  std::vector<std::string> arguments_;
  std::unique_ptr<parser> parser_;
};

}  // namespace client

#endif  // NV2_CLIENT_COMMAND_LINE_HPP
