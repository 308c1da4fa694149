// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Files through POSIX, for the sake of error texts, modes and atomic replacement.
#include "file_io.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "errors.hpp"

namespace client {
namespace {

constexpr std::size_t piece = 64 * 1024;
constexpr std::size_t small_limit = std::size_t{1} << 20;

/// A file descriptor that is closed in the end.
class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  bool open() const { return number_ >= 0; }

 private:
  int number_;
};

[[noreturn]] void fail_unavailable(std::string_view what, const std::string& path, int error,
                                   const char* next) {
  throw failure(exit_code::unavailable, fmt::format("{}: {}: {}", what, path, std::strerror(error)),
                {next_step(next)});
}

byte_buffer read_all(int from, const std::string& path, std::string_view role, std::size_t limit) {
  byte_buffer all;
  // Small files, keys among them, never move: no copy of them is left behind in freed memory.
  if (limit <= small_limit) all.reserve(limit + 2 * piece);
  for (;;) {
    const std::size_t had = all.size();
    all.resize(had + piece);
    const ssize_t got = ::read(from, all.data() + had, piece);
    if (got < 0 && errno == EINTR) {
      all.resize(had);
      continue;
    }
    if (got < 0) {
      fail_unavailable(fmt::format("cannot read the {}", role), path, errno,
                       "check the path; nothing was verified or written");
    }
    all.resize(had + static_cast<std::size_t>(got));
    if (got == 0) return all;
    if (all.size() > limit) {
      throw failure(exit_code::refused,
                    fmt::format("the {} is larger than {} MiB: {}", role, limit >> 20, path),
                    {{"rule", "G-003 (input_too_large)"}});
    }
  }
}

void write_all(int to, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(to, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      fail_unavailable("cannot write", path, errno, "free some space or choose another --output");
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// The mode a new file gets, or the one that the file to be replaced has. // spec: N-166
mode_t wanted_mode(const std::string& path) {
  struct stat existing {};
  if (::stat(path.c_str(), &existing) == 0) return existing.st_mode & 0777U;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666U & ~mask;
}

/// The file that `path` leads to, so that a link stays a link.
std::string without_links(const std::string& path) {
  char* const resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return path;
  std::string out = resolved;
  std::free(resolved);
  return out;
}

/// Bytes of a file that can be put back when no link to it can be made.
constexpr std::size_t max_replaced = std::size_t{64} << 20;

/// Whether `path` is there and no regular file: a terminal, a pipe, a device.
bool is_special(const std::string& path) {
  struct stat existing {};
  return ::stat(path.c_str(), &existing) == 0 && !S_ISREG(existing.st_mode);
}

}  // namespace

byte_buffer read_file(const std::string& path, std::string_view role, std::size_t limit) {
  const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file.open()) {
    fail_unavailable(fmt::format("cannot open the {}", role), path, errno,
                     "check the path; nothing was verified or written");
  }
  return read_all(file.get(), path, role, limit);
}

byte_buffer read_descriptor(int number, const std::string& path, std::string_view role,
                            std::size_t limit) {
  const descriptor file{number};
  return read_all(file.get(), path, role, limit);
}

byte_buffer read_stdin(std::string_view role, std::size_t limit) {
  return read_all(STDIN_FILENO, "standard input", role, limit);
}

bool is_same_file(const std::string& one, const std::string& other) {
  struct stat left {};
  struct stat right {};
  return ::stat(one.c_str(), &left) == 0 && ::stat(other.c_str(), &right) == 0 &&
         left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

signals_held::signals_held() {
  sigset_t ends;
  sigemptyset(&ends);
  for (const int number : {SIGHUP, SIGINT, SIGTERM, SIGQUIT}) sigaddset(&ends, number);
  pthread_sigmask(SIG_BLOCK, &ends, &before_);
}
signals_held::~signals_held() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

new_file::new_file(const std::string& path, std::string_view content, links what)
    : path_(what == links::follow ? without_links(path) : path), content_(content) {
  struct stat existing {};
  if (what == links::refuse && ::lstat(path.c_str(), &existing) == 0 &&
      !S_ISREG(existing.st_mode)) {
    throw failure(exit_code::refused,
                  fmt::format("cannot write to {}, which is no regular file", path),
                  {next_step("remove it if you know how it came there")});
  }
  if (is_special(path_)) return;
  std::string name = path_ + ".XXXXXX";
  const descriptor file{::mkostemp(name.data(), O_CLOEXEC)};
  if (!file.open()) {
    fail_unavailable("cannot write", path, errno, "choose another --output");
  }
  temporary_ = name;
  try {
    write_all(file.get(), content_, path);
    if (::fchmod(file.get(), wanted_mode(path_)) != 0 || ::fsync(file.get()) != 0) {
      fail_unavailable("cannot write", path, errno, "choose another --output");
    }
  } catch (...) {
    ::unlink(temporary_.c_str());
    throw;
  }
}

new_file::~new_file() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  if (!kept_.empty()) ::unlink(kept_.c_str());
}

void new_file::commit() {
  if (temporary_.empty()) {
    const descriptor file{::open(path_.c_str(), O_WRONLY | O_CLOEXEC)};
    if (!file.open()) fail_unavailable("cannot write", path_, errno, "choose another --output");
    write_all(file.get(), content_, path_);
    path_.clear();
    return;
  }
  const std::string kept = temporary_ + "~";
  if (::link(path_.c_str(), kept.c_str()) == 0) {
    kept_ = kept;
  } else if (errno != ENOENT) {
    old_ = read_file(path_, "file to be replaced", max_replaced);
  }
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    fail_unavailable("cannot write", path_, errno, "choose another --output");
  }
  temporary_.clear();
}

void new_file::withdraw() noexcept {
  if (!kept_.empty()) {
    if (::rename(kept_.c_str(), path_.c_str()) == 0) kept_.clear();
  } else if (old_) {
    try {
      new_file{path_, view_of(*old_).as_text(), links::follow}.commit();
    } catch (const std::exception&) {  // the new content stays
    }
  } else if (!path_.empty()) {
    ::unlink(path_.c_str());
  }
}

}  // namespace client
