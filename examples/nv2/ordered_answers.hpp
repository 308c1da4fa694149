// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Work that ends in any order, given out in the order in which it began.
#ifndef NV2_CLIENT_ORDERED_ANSWERS_HPP
#define NV2_CLIENT_ORDERED_ANSWERS_HPP

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace client {

/// A window over numbered answers: those that are ready wait for their turn, and who is too far ahead waits
/// for the slowest, so that memory is bounded whatever takes long: a target, or who reads the answers.
template <typename Answer>
class ordered_answers {
 public:
  explicit ordered_answers(std::size_t size) : slots_(size) {}

  /// Waits until the answer `number` would have a place. False after close().
  bool wait_for_place(std::size_t number) {
    std::unique_lock<std::mutex> held{lock_};
    changed_.wait(held, [&] { return is_closed_ || number < next_ + slots_.size(); });
    return !is_closed_;
  }
  /// The answer `number`, for which there is a place.
  void put(std::size_t number, Answer answer) {
    const std::lock_guard<std::mutex> held{lock_};
    slots_[number % slots_.size()] = std::move(answer);
    changed_.notify_all();
  }
  /// Tells that there will be `count` answers altogether.
  void finish(std::size_t count) {
    const std::lock_guard<std::mutex> held{lock_};
    count_ = count;
    changed_.notify_all();
  }
  /// Nobody takes answers any more.
  void close() {
    const std::lock_guard<std::mutex> held{lock_};
    is_closed_ = true;
    changed_.notify_all();
  }

  /// Whether take() would have to wait.
  bool is_empty() {
    const std::lock_guard<std::mutex> held{lock_};
    return !is_ready();
  }
  /// The next answer; nothing after the last one.
  std::optional<Answer> take() {
    std::unique_lock<std::mutex> held{lock_};
    changed_.wait(held, [&] { return is_ready() || (count_ && next_ == *count_); });
    if (!is_ready()) return std::nullopt;
    std::optional<Answer> out = std::exchange(slots_[next_ % slots_.size()], std::nullopt);
    ++next_;
    changed_.notify_all();
    return out;
  }

 private:
  bool is_ready() const { return slots_[next_ % slots_.size()].has_value(); }

  std::mutex lock_;
  std::condition_variable changed_;
  std::vector<std::optional<Answer>> slots_;
  std::size_t next_ = 0;
  std::optional<std::size_t> count_;
  bool is_closed_ = false;
};

}  // namespace client

#endif  // NV2_CLIENT_ORDERED_ANSWERS_HPP
