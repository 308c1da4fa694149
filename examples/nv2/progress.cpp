// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The bar, drawn a few times a second.
#include "progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "terminal.hpp"

namespace client {
namespace {

constexpr std::uint64_t width = 30;
constexpr std::chrono::milliseconds patience{500}, interval{100};

bool can_show() {
  const char* const terminal = std::getenv("TERM");
  return !are_messages_held() && isatty(STDERR_FILENO) != 0 && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

}  // namespace

progress::progress(std::string what, std::uint64_t total)
    : what_(std::move(what)),
      total_(total),
      next_(clock::now() + patience),
      is_shown_(can_show()) {}

progress::~progress() {
  if (is_drawn_) static_cast<void>(std::fputs("\r\x1b[K", stderr));
}

void progress::advance_to(std::uint64_t done) {
  if (!is_shown_ || clock::now() < next_) return;
  next_ = clock::now() + interval;
  draw(done);
}

void progress::draw(std::uint64_t done) {
  const std::uint64_t all = std::max<std::uint64_t>(total_, 1);
  const std::uint64_t filled = std::min(width, done * width / all);
  const std::string bar =
      std::string(filled, '#') + std::string(static_cast<std::size_t>(width - filled), '.');
  fmt::print(stderr, "\r{} [{}] {} of {}\x1b[K", escaped(what_), bar, done, total_);
  static_cast<void>(std::fflush(stderr));
  is_drawn_ = true;
}

}  // namespace client
