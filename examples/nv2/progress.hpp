// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// How far long work has come, for people who watch it.
#ifndef NV2_CLIENT_PROGRESS_HPP
#define NV2_CLIENT_PROGRESS_HPP

#include <chrono>
#include <cstdint>
#include <string>

namespace client {

/// A line on stderr that shows how much of something is done; nothing when stderr is no terminal, and
/// nothing before a moment has passed. The line is gone when the object ends.
class progress {
 public:
  /// `total`: bytes, or pieces, that there will be.
  progress(std::string what, std::uint64_t total);
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;
  ~progress();

  void advance_to(std::uint64_t done);

 private:
  using clock = std::chrono::steady_clock;
  void draw(std::uint64_t done);

  std::string what_;
  std::uint64_t total_;
  clock::time_point next_;
  bool is_shown_, is_drawn_ = false;
};

}  // namespace client

#endif  // NV2_CLIENT_PROGRESS_HPP
