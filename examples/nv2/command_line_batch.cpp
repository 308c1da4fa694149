// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 verify, of one target or of many.
#include <sched.h>

#include <algorithm>

#include "command.hpp"
#include "command_line_verify.hpp"
#include "errors.hpp"
#include "option_values.hpp"

namespace client {
namespace {

constexpr std::uint64_t most_jobs = 256;

/// Of the processors, those that may be used.
unsigned usable_processors() {
  cpu_set_t usable;
  CPU_ZERO(&usable);
  if (sched_getaffinity(0, sizeof usable, &usable) != 0) return 1;
  return static_cast<unsigned>(std::clamp<int>(CPU_COUNT(&usable), 1, int{most_jobs}));
}

[[noreturn]] void refuse(const char* what, const char* next) {
  throw failure(exit_code::usage, what, {next_step(next)});
}

class verify_command : public command {
 public:
  explicit verify_command(CLI::App& app) : command(app), arguments_(app) {
    add_single(
        app, "--batch", file_, "FILE",
        "verify the targets of FILE, one JSON object a line, and print a verdict a line; - or "
        "nothing = standard input, and FILE must follow as --batch=FILE")
        ->expected(0, 1);
    add_single(app, "--jobs", jobs_, "N",
               "targets of the batch that are verified at a time (default: the processors)");
  }
  request checked() const override {
    if (app_.count("--batch") != 0) return checked_batch();
    if (app_.count("--jobs") != 0) refuse("--jobs has no use without --batch", "leave it out");
    return arguments_.read();
  }
  bool gives_verdict() const override { return app_.count("--batch") == 0; }

 private:
  batch_options checked_batch() const {
    check_combination();
    batch_options out;
    out.common = arguments_.read();
    out.file = file_.empty() ? "-" : file_;
    out.follows_clock = app_.count("--time") == 0;
    out.jobs = usable_processors();
    if (app_.count("--jobs") != 0) {
      const std::uint64_t jobs = read_counter("--jobs", typed("--jobs"));
      if (jobs == 0 || jobs > most_jobs)
        refuse("--jobs is no number from 1 to 256", "give at least 1");
      out.jobs = static_cast<unsigned>(jobs);
    }
    return out;
  }
  void check_combination() const {
    if (app_.count("TARGET") != 0) {
      refuse("TARGET does not go with --batch", "for a file of targets write --batch=FILE");
    }
    if (app_.count("--signature") != 0 || app_.count("--bundle") != 0) {
      refuse("--signature and --bundle do not go with --batch",
             "write \"signature\" into the lines");
    }
    // One password must not go to every registry that a line names.
    for (const char* const option : {"--username", "--password", "--password-stdin"}) {
      if (app_.count(option) == 0) continue;
      refuse("a name and a password do not go with --batch",
             "log in with docker login, which keeps passwords by registry");
    }
    if (typed("--output") == "text") refuse("a batch is answered as JSON", "leave --output out");
  }

  verify_arguments arguments_;
  std::string file_, jobs_;
};

}  // namespace

std::unique_ptr<command> make_verify_command(CLI::App& parent) {
  return std::make_unique<verify_command>(*parent.add_subcommand(
      "verify", "decides whether a signature is trusted over exactly TARGET"));
}

}  // namespace client
