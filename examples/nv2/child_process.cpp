// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A child in a process group of its own, with a pipe at each end.
#include "child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include <fmt/format.h>

#include "errors.hpp"

// What the environment of a new program is made from.
extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace client {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class pipe_ends {
 public:
  pipe_ends() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) {
      throw failure(exit_code::unavailable, fmt::format("no pipe: {}", std::strerror(errno)));
    }
  }
  pipe_ends(const pipe_ends&) = delete;
  pipe_ends& operator=(const pipe_ends&) = delete;
  ~pipe_ends() {
    close_end(0);
    close_end(1);
  }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_end(int which) {
    if (ends_[which] >= 0) ::close(ends_[which]);
    ends_[which] = -1;
  }

 private:
  int ends_[2] = {-1, -1};
};

/// How a child starts: with these ends as its streams, and signals as they usually are.
class spawn_rules {
 public:
  spawn_rules(const pipe_ends& in, const pipe_ends& out) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_adddup2(&actions_, in.read_end(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, out.write_end(), STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    sigset_t usual;
    ::sigemptyset(&usual);
    ::sigaddset(&usual, SIGPIPE);
    ::sigaddset(&usual, SIGXFSZ);
    ::posix_spawnattr_setsigdefault(&attributes_, &usual);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  }
  spawn_rules(const spawn_rules&) = delete;
  spawn_rules& operator=(const spawn_rules&) = delete;
  ~spawn_rules() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  int start(const std::string& program, char* const* arguments, pid_t& id) const {
    return ::posix_spawn(&id, program.c_str(), &actions_, &attributes_, arguments, environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

milliseconds left_until(steady_clock::time_point end) {
  const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
  return std::max(left, milliseconds{0});
}

/// Reads until the other end is closed. False when that does not happen before `end`.
bool read_output(int from, steady_clock::time_point end, std::size_t limit, std::string& out) {
  char piece[4096];
  for (;;) {
    pollfd waiting{from, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left_until(end).count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const ssize_t count = ::read(from, piece, sizeof piece);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return true;
    out.append(piece, std::min(static_cast<std::size_t>(count), limit - out.size()));
  }
}

/// Waits for the child and tells how it ended. False when it does not before `end`.
bool wait_for(pid_t id, steady_clock::time_point end, child_outcome& out) {
  for (;;) {
    int status = 0;
    if (::waitpid(id, &status, WNOHANG) == id) {
      out.end = WIFEXITED(status) ? child_end::exited : child_end::killed;
      out.code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
      return true;
    }
    if (left_until(end).count() == 0) return false;
    std::this_thread::sleep_for(milliseconds(2));
  }
}

}  // namespace

child_outcome run_child(const std::string& program, std::vector<std::string> arguments,
                        std::string_view input, milliseconds patience, std::size_t limit) {
  const auto end = steady_clock::now() + patience;
  child_outcome out;
  pipe_ends in, back;
  std::string name = program;
  std::vector<char*> words{name.data()};
  for (std::string& each : arguments) words.push_back(each.data());
  words.push_back(nullptr);
  pid_t id = -1;
  out.code = spawn_rules{in, back}.start(program, words.data(), id);
  if (out.code != 0) return out;
  in.close_end(0);
  back.close_end(1);
  // A child that reads nothing is told by its answer; a small text fits into any pipe.
  static_cast<void>(::write(in.write_end(), input.data(), input.size()) < 0);
  in.close_end(1);
  const bool is_done =
      read_output(back.read_end(), end, limit, out.output) && wait_for(id, end, out);
  if (is_done) return out;
  ::kill(-id, SIGKILL);
  int ignored = 0;
  ::waitpid(id, &ignored, 0);
  out.end = child_end::late;
  return out;
}

}  // namespace client
