// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Lines of a file or of standard input, as they arrive.
#ifndef NV2_CLIENT_LINE_SOURCE_HPP
#define NV2_CLIENT_LINE_SOURCE_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace client {

struct input_line {
  /// Counted from 1.
  std::size_t number = 0;
  /// Without the line feed; empty when it is too long.
  std::string text;
  bool is_too_long = false;
};

/// Reads line after line in bounded memory. Lines of nothing but white space are counted and left out.
class line_source {
 public:
  static constexpr std::size_t longest = std::size_t{64} << 10;

  /// Opens `path`, "-" = standard input. Fails with exit code 3.
  explicit line_source(const std::string& path);
  line_source(const line_source&) = delete;
  line_source& operator=(const line_source&) = delete;
  ~line_source();

  /// False at the end, and after stop(). The last line needs no line feed. Fails with exit code 3.
  bool next(input_line& out);
  /// Ends a next() that waits, and all that follow. May be called by another thread.
  void stop();

  /// Bytes of the file, 0 = it is none, and how many of them were read; the latter for any thread.
  std::uint64_t size() const { return size_; }
  std::uint64_t position() const { return read_; }

 private:
  bool fill();
  bool wait() const;
  /// Moves what is there of the line into `out`; whether that is all of it.
  bool take(input_line& out);

  std::string path_, buffer_;
  std::size_t at_ = 0, number_ = 0;
  std::uint64_t size_ = 0;
  std::atomic<std::uint64_t> read_{0};
  int file_ = -1, stopped_[2] = {-1, -1};
};

}  // namespace client

#endif  // NV2_CLIENT_LINE_SOURCE_HPP
