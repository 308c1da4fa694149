// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Requests to web servers, within limits: nothing that a server does makes the client wait or grow
// without end, and what was said to one server is not told to another.
#ifndef NV2_CLIENT_HTTP_SESSION_HPP
#define NV2_CLIENT_HTTP_SESSION_HPP

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nv2/base/bytes.hpp>

#include "file_io.hpp"

namespace client {

/// Takes a body in pieces.
class body_sink {
 public:
  body_sink() = default;
  body_sink(const body_sink&) = delete;
  body_sink& operator=(const body_sink&) = delete;
  virtual ~body_sink() = default;
  /// False ends the transfer.
  virtual bool take(nv2::bytes piece) = 0;
  /// Everything that was taken is void: the body begins again.
  virtual void restart() = 0;
};

using http_headers = std::vector<std::pair<std::string, std::string>>;

struct http_request {
  std::string method = "GET";
  std::string url;
  http_headers headers;
  /// Borrowed until the answer is there.
  nv2::bytes body;
  /// How many bytes the body of the answer may have.
  std::size_t limit = std::size_t{1} << 20;
  /// What is asked for, in messages: "manifest".
  std::string role;
  /// Where the body of a good answer goes, null = into the answer. A broken stream is taken up again
  /// where it ended, if the server can do that.
  body_sink* into = nullptr;
  /// Shown on a terminal while it is got, when it takes its time.
  bool shows_progress = false;
};

struct http_answer {
  long status = 0;
  http_headers headers;
  byte_buffer body;
  /// Where it came from after redirects.
  std::string url;

  /// The first value under `name`, the case of which does not count; "" = none.
  std::string header(std::string_view name) const;
  bool is_good() const { return status >= 200 && status < 300; }
};

struct http_rules {
  /// Nothing is sent, and no socket made.
  bool offline = false;
  /// Seconds until a connection must stand, seconds that a stream may nearly stand still, and seconds
  /// for all requests of the session together but for bodies that go into a sink, and for large ones
  /// that are sent.
  long connect_seconds = 10, idle_seconds = 20, total_seconds = 120;
  /// How often a request is sent at most that can be sent again.
  int tries = 4;
};

/// Whether a header is called `name`; the case does not count.
bool is_header(std::string_view one, std::string_view name);

/// `text` as the value of a query.
std::string percent_encoded(std::string_view text);

/// The scheme, host and port of `url` in one text by which servers are told apart; "" when it has none.
std::string origin_of(const std::string& url);

/// Requests over connections that are kept. Not for several threads at a time.
class http_session {
 public:
  explicit http_session(http_rules rules);
  http_session(const http_session&) = delete;
  http_session& operator=(const http_session&) = delete;
  ~http_session();

  /// The final answer to `wanted`, whatever its status. Redirects of GET and HEAD are followed a few
  /// times, never from https to http, and without Authorization to another origin. GET and HEAD are
  /// sent again when no answer came, or one that tells to try later. Fails with exit code 3 when no
  /// whole answer can be had within the limits.
  http_answer send(const http_request& wanted);

 private:
  struct transfer;
  void exchange(const http_request& wanted, transfer& state);
  void follow(const http_request& wanted, transfer& state);
  bool wait_to_retry(int attempt, const http_answer* answer);
  long milliseconds_left() const;

  http_rules rules_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  struct handle;
  std::unique_ptr<handle> handle_;
};

}  // namespace client

#endif  // NV2_CLIENT_HTTP_SESSION_HPP
