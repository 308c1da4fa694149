// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Reading lines in bounded memory.
#include "line_source.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "errors.hpp"

namespace client {
namespace {

constexpr std::size_t piece_size = std::size_t{64} << 10;

[[noreturn]] void refuse(const std::string& path) {
  throw failure(exit_code::unavailable,
                fmt::format("cannot read the batch: {}: {}", std::strerror(errno), path));
}

bool is_blank(const input_line& line) {
  return !line.is_too_long && line.text.find_first_not_of(" \t\r") == std::string::npos;
}

}  // namespace

line_source::line_source(const std::string& path) : path_(path) {
  if (::pipe2(stopped_, O_CLOEXEC) != 0) refuse(path);
  file_ = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat about {};
  if (file_ < 0 || ::fstat(file_, &about) != 0) {
    const int problem = errno;
    ::close(stopped_[0]);
    ::close(stopped_[1]);
    errno = problem;
    refuse(path);
  }
  if (S_ISREG(about.st_mode)) size_ = static_cast<std::uint64_t>(about.st_size);
}

line_source::~line_source() {
  if (file_ != STDIN_FILENO) ::close(file_);
  ::close(stopped_[0]);
  ::close(stopped_[1]);
}

void line_source::stop() { static_cast<void>(!::write(stopped_[1], "", 1)); }

/// Whether there is something to be read before stop() was called.
bool line_source::wait() const {
  pollfd both[] = {{stopped_[0], POLLIN, 0}, {file_, POLLIN, 0}};
  while (::poll(both, 2, -1) < 0) {
    if (errno != EINTR) refuse(path_);
  }
  return both[0].revents == 0;
}

bool line_source::fill() {
  buffer_.resize(piece_size);
  at_ = 0;
  ssize_t got = 0;
  do {
    got = wait() ? ::read(file_, buffer_.data(), buffer_.size()) : 0;
  } while (got < 0 && (errno == EINTR || errno == EAGAIN));
  const int problem = errno;
  buffer_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  errno = problem;
  if (got < 0) refuse(path_);
  read_ += buffer_.size();
  return got > 0;
}

bool line_source::take(input_line& out) {
  const std::size_t end = buffer_.find('\n', at_);
  const bool is_whole = end != std::string::npos;
  const std::size_t size = (is_whole ? end : buffer_.size()) - at_;
  if (out.text.size() + size > longest) {
    out.is_too_long = true;
    out.text.clear();
  }
  if (!out.is_too_long) out.text.append(buffer_, at_, size);
  at_ = is_whole ? end + 1 : buffer_.size();
  return is_whole;
}

bool line_source::next(input_line& out) {
  do {
    out = {++number_, {}, false};
    while (!take(out)) {
      if (fill()) continue;
      return !is_blank(out);
    }
  } while (is_blank(out));
  return true;
}

}  // namespace client
