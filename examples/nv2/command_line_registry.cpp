// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Names, passwords and patience.
#include "command_line_registry.hpp"

#include <fmt/format.h>

#include "command.hpp"
#include "errors.hpp"
#include "file_io.hpp"
#include "option_values.hpp"
#include "terminal.hpp"

namespace client {
namespace {

constexpr std::size_t max_password = 65536;
constexpr std::uint64_t longest_timeout = 86400;

[[noreturn]] void refuse(const char* what, const char* next) {
  throw failure(exit_code::usage, what, {next_step(next)});
}

std::string read_password() {
  const byte_buffer text = read_stdin("password", max_password);
  std::string out(text.begin(), text.end());
  while (!out.empty() && (out.back() == '\n' || out.back() == '\r')) out.pop_back();
  if (out.empty()) refuse("the password on standard input is empty", "give one line with it");
  return out;
}

}  // namespace

void add_registry(CLI::App& app, registry_values& values) {
  add_single(app, "-u,--username", values.username, "NAME",
             "for the registry (default: what docker login has kept)");
  add_single(app, "-p,--password", values.password, "TEXT",
             "for the registry; others can see it, better is --password-stdin");
  app.add_flag("--password-stdin", values.reads_password, "read the password from standard input");
  app.add_flag("--insecure", values.insecure, "talk plain HTTP with the registry");
  add_single(app, "--timeout", values.timeout, "SECONDS",
             "how long all requests to the registry may take, layers apart (default 120)");
}

registry_options read_registry(const registry_values& values, color_choice color,
                               bool needs_stdin) {
  registry_options out;
  out.username = values.username;
  out.password = values.password;
  out.insecure = values.insecure;
  if (!values.timeout.empty()) {
    const std::uint64_t seconds = read_counter("--timeout", values.timeout);
    if (seconds == 0 || seconds > longest_timeout) {
      refuse("--timeout is no number of seconds from 1 to 86400", "give at least 1");
    }
    out.timeout = static_cast<long>(seconds);
  }
  if (values.reads_password) {
    if (!values.password.empty()) {
      refuse("--password and --password-stdin are the same", "leave out one of them");
    }
    if (needs_stdin) {
      refuse("--password-stdin: standard input is wanted for something else",
             "name a file as TARGET, or log in with docker login");
    }
    out.password = read_password();
  } else if (!values.password.empty()) {
    print_warning({"warning: other users can see a password on the command line",
                   {next_step("use --password-stdin, or docker login")}},
                  color);
  }
  return out;
}

}  // namespace client
