// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The helper is a child with a pipe at each end.
#include "credential_helper.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include <fmt/format.h>

#include "errors.hpp"
#include "file_io.hpp"
#include "strict_json.hpp"

// What the environment of a new program is made from.
extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace client {
namespace {

constexpr std::size_t max_answer = std::size_t{64} << 10;
constexpr std::chrono::seconds patience{10};

[[noreturn]] void refuse(const std::string& program, const std::string& why) {
  throw failure(exit_code::unavailable, fmt::format("{}: {}", program, why),
                {next_step("run it by hand, or give --username and --password-stdin")});
}

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

class spawn_actions {
 public:
  spawn_actions() { ::posix_spawn_file_actions_init(&actions_); }
  spawn_actions(const spawn_actions&) = delete;
  spawn_actions& operator=(const spawn_actions&) = delete;
  ~spawn_actions() { ::posix_spawn_file_actions_destroy(&actions_); }
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// A child that is ended and waited for, whatever happens.
class child {
 public:
  child(const std::string& program, pipe_ends& in, pipe_ends& out) {
    spawn_actions actions;
    ::posix_spawn_file_actions_adddup2(actions.get(), in.read_end(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(actions.get(), out.write_end(), STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(actions.get(), STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::string name = program, verb = "get";
    char* const arguments[] = {name.data(), verb.data(), nullptr};
    const int code =
        ::posix_spawnp(&id_, program.c_str(), actions.get(), nullptr, arguments, environ);
    if (code != 0) refuse(program, fmt::format("it cannot be run: {}", std::strerror(code)));
    in.close_end(0);
    out.close_end(1);
  }
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  ~child() {
    if (id_ <= 0) return;
    ::kill(id_, SIGKILL);
    int ignored = 0;
    ::waitpid(id_, &ignored, 0);
  }
  /// The exit code, -1 when there is none. One that lives on without output is ended.
  int wait() {
    constexpr int steps = 100;
    int status = 0;
    for (int step = 0; step < steps; ++step) {
      const pid_t done = ::waitpid(id_, &status, WNOHANG);
      if (done != 0) {
        id_ = -1;
        return done > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return -1;
  }

 private:
  pid_t id_ = -1;
};

std::string read_answer(int from, const std::string& program) {
  const auto end = std::chrono::steady_clock::now() + patience;
  std::string out;
  char piece[4096];
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    pollfd waiting{from, POLLIN, 0};
    const int ready = left.count() <= 0 ? 0 : ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready == 0) refuse(program, "it does not answer");
    if (ready < 0 && errno == EINTR) continue;
    const ssize_t count = ::read(from, piece, sizeof piece);
    if (count == 0) return out;
    if (count < 0 && errno != EINTR) refuse(program, std::strerror(errno));
    if (count > 0) out.append(piece, static_cast<std::size_t>(count));
    if (out.size() > max_answer) refuse(program, "its answer is too large");
  }
}

void check_name(const std::string& name) {
  for (const char c : name) {
    const bool word = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (!word && c != '-' && c != '_' && c != '.') {
      throw failure(exit_code::usage, fmt::format("no name of a credential helper: {}", name),
                    {next_step("docker's configuration names helpers without path")});
    }
  }
}

}  // namespace

std::optional<credentials> ask_credential_helper(const std::string& name,
                                                 const std::string& server) {
  check_name(name);
  const std::string program = "docker-credential-" + name;
  pipe_ends in, out;
  child helper{program, in, out};
  // A helper that reads nothing is told by its answer; the name of a server fits into any pipe.
  static_cast<void>(!::write(in.write_end(), server.data(), server.size()));
  in.close_end(1);
  const std::string answer = read_answer(out.read_end(), program);
  const int code = helper.wait();
  if (code < 0) refuse(program, "it does not end as it should");
  if (code != 0) return {};  // it has none
  const auto document = parse_strict(nv2::bytes::of(answer));
  if (!document) refuse(program, "it does not answer with JSON");
  const std::string user = text_of(*document, "Username"), secret = text_of(*document, "Secret");
  if (secret.empty()) return {};
  if (user == "<token>") return credentials{{}, {}, secret};
  return credentials{user, secret, {}};
}

}  // namespace client
