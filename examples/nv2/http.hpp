// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Getting things from web servers, within limits.
#ifndef NV2_CLIENT_HTTP_HPP
#define NV2_CLIENT_HTTP_HPP

#include <cstddef>
#include <string>
#include <string_view>

#include "file_io.hpp"

namespace client {

struct http_options {
  /// Nothing is fetched, and no socket made.
  bool offline = false;
  /// How many bytes an answer may have.
  std::size_t limit = std::size_t{1} << 20;
  /// How many seconds all of it may take.
  long timeout = 30;
};

/// Whether `url` is one of http or https, and has a host.
bool is_web_url(std::string_view url);

/// What lies at `url`, by http or https; redirects are followed a few times, never from https to
/// http. `role` ("revocation list") names it in messages. Fails with exit code 3 when it cannot be
/// had, and with 2 when `url` is no web address.
byte_buffer http_get(const std::string& url, std::string_view role, const http_options& options);

}  // namespace client

#endif  // NV2_CLIENT_HTTP_HPP
