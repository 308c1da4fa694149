// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// One thing from a web server.
#include "http.hpp"

#include <utility>

#include <fmt/format.h>

#include "errors.hpp"
#include "http_session.hpp"

namespace client {

bool is_web_url(std::string_view url) {
  for (const char c : url) {
    if (c <= ' ' || c == '\x7F') return false;
  }
  return !origin_of(std::string(url)).empty();
}

byte_buffer http_get(const std::string& url, std::string_view role, const http_options& options) {
  if (!is_web_url(url)) {
    throw failure(exit_code::usage, fmt::format("not an address of the web: {}", url),
                  {next_step("give one that begins with https:// or http://")});
  }
  http_rules rules;
  rules.offline = options.offline;
  rules.total_seconds = options.timeout;
  http_session session{rules};
  http_request wanted;
  wanted.url = url;
  wanted.limit = options.limit;
  wanted.role = role;
  http_answer answer = session.send(wanted);
  if (answer.is_good()) return std::move(answer.body);
  throw failure(exit_code::unavailable,
                fmt::format("cannot get the {}: the server answers with status {}: {}", role,
                            answer.status, url),
                {next_step("check the network, or get it another way and give it as a file")});
}

}  // namespace client
