// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Lines in, verdicts out, on several threads.
#include "batch.hpp"

#include <unistd.h>

#include <array>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "batch_line.hpp"
#include "line_source.hpp"
#include "ordered_answers.hpp"
#include "progress.hpp"
#include "refusal.hpp"
#include "terminal.hpp"
#include "time_text.hpp"
#include "verdict_json.hpp"
#include "verify.hpp"

namespace client {
namespace {

/// How far threads may be ahead of the slowest.
constexpr std::size_t places_per_job = 32;
constexpr std::size_t write_size = std::size_t{64} << 10;

struct answer {
  std::string text;
  exit_code code = exit_code::unavailable;
  bool is_skipped = false;
};

/// How many answers there are of each kind.
class tally {
 public:
  void add(const answer& one) {
    ++by_code_[static_cast<std::size_t>(one.code)];
    if (one.is_skipped) ++skipped_;
    ++all_;
  }
  exit_code result() const {
    for (const exit_code each : {exit_code::refused, exit_code::usage, exit_code::unavailable}) {
      if (count(each) != 0) return each;
    }
    return exit_code::ok;
  }
  void tell(color_choice color) const {
    if (all_ == 0) {
      // Whoever makes the list may have failed: nothing was verified.
      throw failure(exit_code::usage, "there is no target in the batch",
                    {next_step("write one JSON object a line, like {\"target\": \"…\"}")});
    }
    if (skipped_ != 0) {
      print_warning({fmt::format("NOT VERIFIED: the policy skips verification of {} of {} targets",
                                 skipped_, all_),
                     {next_step("their verdict is skipped; give the statements another level")}},
                    color);
    }
    if (result() == exit_code::ok) return;
    print_diagnostic(
        {fmt::format("{} of {} targets are not trusted", all_ - count(exit_code::ok), all_),
         {{"refused", std::to_string(count(exit_code::refused))},
          {"wrong", std::to_string(count(exit_code::usage))},
          {"not had", std::to_string(count(exit_code::unavailable))},
          next_step("the error of each answer tells why")}},
        color);
  }

 private:
  std::size_t count(exit_code code) const { return by_code_[static_cast<std::size_t>(code)]; }
  std::array<std::size_t, 4> by_code_{};
  std::size_t skipped_ = 0, all_ = 0;
};

/// Judges one line. Whatever happens, there is an answer.
class line_judgement {
 public:
  line_judgement(const batch_options& options, trust_shelf& shelf, const input_line& line)
      : options_(options), shelf_(shelf), line_(line) {
    label_.line = line.number;
  }

  answer run() {
    try {
      return judged();
    } catch (const failure& reason) {
      return told(reason);
    } catch (const std::bad_alloc&) {
      return told({exit_code::unavailable, "not enough memory"});
    } catch (const std::exception& reason) {
      return told({exit_code::unavailable, fmt::format("internal error: {}", reason.what())});
    }
  }

 private:
  answer judged() {
    if (line_.is_too_long) {
      throw failure(exit_code::usage,
                    fmt::format("the line is longer than {} bytes", line_source::longest));
    }
    batch_names names = names_in(line_.text);
    label_.id = std::move(names.id);
    label_.target = std::move(names.target);
    batch_target target = read_batch_line(line_.text, options_.common);
    if (options_.follows_clock) target.options.time = system_time();
    examination done = examine(target.options, shelf_);
    verdict& found = done.answer;
    // Where nothing was looked at, nothing has the digest that it must have.
    const bool passes = found.accepted || found.skipped;
    if (passes && !target.digest.empty() && target.digest != found.digest) {
      found.skipped = false;
      found.refuse(nv2::check::binding, {nv2::errc::reference_digest, nv2::stage::binding, -1, 0});
    }
    return found.accepted || found.skipped ? passed(found) : refused(done, target.options);
  }
  answer passed(const verdict& found) {
    print_logged(found, color_choice::never);
    label_.messages = held_.take();
    return {verdict_document(found, label_), exit_code::ok, found.skipped};
  }
  answer refused(const examination& done, const verify_options& options) {
    label_.code = exit_code_of(done.answer.status.code);
    label_.messages = held_.take();
    const diagnostic why =
        explain_refusal(done.answer, options, view_of(done.envelope), done.trusted);
    add_next_step(why);
    return {verdict_document(done.answer, label_), label_.code, false};
  }
  answer told(const failure& reason) {
    label_.code = reason.code();
    label_.messages = held_.take();
    add_next_step(reason.message());
    return {verdict_document(reason, label_), reason.code(), false};
  }
  void add_next_step(const diagnostic& why) {
    for (const detail_line& each : why.details) {
      if (each.label == "next") label_.messages.push_back("next: " + each.text);
    }
  }

  const batch_options& options_;
  trust_shelf& shelf_;
  const input_line& line_;
  answer_label label_;
  messages_held held_;
};

class batch {
 public:
  explicit batch(const batch_options& options)
      : options_(options), source_(options.file), answers_(options.jobs * places_per_job) {}
  batch(const batch&) = delete;
  batch& operator=(const batch&) = delete;
  ~batch() {
    answers_.close();
    source_.stop();
    for (std::thread& each : threads_) each.join();
  }

  exit_code run() {
    start();
    write_all();
    if (broken_) throw failure(*broken_);
    tally_.tell(options_.common.color);
    return tally_.result();
  }

 private:
  void start() {
    try {
      for (unsigned i = 0; i < options_.jobs; ++i) threads_.emplace_back([this] { work(); });
    } catch (const std::system_error& problem) {
      throw failure(exit_code::unavailable,
                    fmt::format("cannot start a thread: {}", problem.code().message()),
                    {next_step("give a lower --jobs")});
    }
  }

  void work() {
    std::size_t number = 0;
    input_line line;
    while (next_line(number, line)) {
      answers_.put(number, line_judgement{options_, shelf_, line}.run());
    }
  }
  /// The next line, and its number among the answers.
  bool next_line(std::size_t& number, input_line& line) {
    const std::lock_guard<std::mutex> held{reading_};
    if (is_over_ || !answers_.wait_for_place(taken_)) return false;
    try {
      is_over_ = !source_.next(line);
    } catch (const failure& reason) {
      is_over_ = true;
      broken_ = reason;
    } catch (const std::bad_alloc&) {
      is_over_ = true;
      broken_.emplace(exit_code::unavailable, "not enough memory");
    }
    if (is_over_) answers_.finish(taken_);
    number = taken_;
    if (!is_over_) ++taken_;
    return !is_over_;
  }

  /// Prints answers, as soon as no more of them wait.
  void write_all() {
    // Answers on a terminal are to be seen there.
    const bool draws = source_.size() != 0 && isatty(STDOUT_FILENO) == 0;
    std::optional<progress> bar;
    if (draws) bar.emplace("verifying, bytes of the batch", source_.size());
    std::string out;
    while (const std::optional<answer> next = answers_.take()) {
      tally_.add(*next);
      out += next->text;
      if (bar) bar->advance_to(source_.position());
      if (out.size() < write_size && !answers_.is_empty()) continue;
      print_result(out);
      out.clear();
    }
    print_result(out);
  }

  const batch_options& options_;
  line_source source_;
  trust_shelf shelf_;
  ordered_answers<answer> answers_;
  tally tally_;
  // The next four belong to who holds `reading_`.
  std::mutex reading_;
  std::size_t taken_ = 0;
  bool is_over_ = false;
  std::optional<failure> broken_;
  std::vector<std::thread> threads_;
};

}  // namespace

exit_code run_batch(const batch_options& options) { return batch{options}.run(); }

}  // namespace client
