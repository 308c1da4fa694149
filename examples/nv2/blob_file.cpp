// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A temporary file, mapped to be read.
#include "blob_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <nv2/base/workspace.hpp>

#include "client_crypto.hpp"
#include "errors.hpp"

namespace client {
namespace {

[[noreturn]] void refuse(const std::string& path) {
  throw failure(exit_code::unavailable,
                fmt::format("cannot write: {}: {}", path, std::strerror(errno)),
                {next_step("give a folder that may be written to, with room for the artifact")});
}

}  // namespace

nv2::errc check_piece(nv2::bytes content, const nv2::content_descriptor& expected) {
  nv2::static_workspace<1024> memory;
  return nv2::check_content(content, expected, client_crypto, memory);
}

mapped_file::mapped_file(const std::string& path) {
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (number < 0) return;
  struct stat about = {};
  if (::fstat(number, &about) == 0 && S_ISREG(about.st_mode)) {
    size_ = static_cast<std::size_t>(about.st_size);
    void* const found =
        size_ == 0 ? nullptr : ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, number, 0);
    is_open_ = found != MAP_FAILED;
    mapped_ = is_open_ ? found : nullptr;
  }
  ::close(number);
}

mapped_file::~mapped_file() {
  if (mapped_ != nullptr) ::munmap(mapped_, size_);
}

blob_file::blob_file(const std::string& folder, bool kept) : path_(folder + "/.nv2-XXXXXX") {
  number_ = ::mkostemp(path_.data(), O_CLOEXEC);
  if (number_ < 0) refuse(folder);
  if (kept) return;
  ::unlink(path_.c_str());
  path_.clear();
}

blob_file::~blob_file() {
  unmap();
  if (number_ >= 0) ::close(number_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

void blob_file::unmap() {
  if (mapped_ != nullptr) ::munmap(mapped_, size_);
  mapped_ = nullptr;
}

bool blob_file::take(nv2::bytes piece) {
  while (!piece.empty()) {
    const ssize_t written = ::write(number_, piece.data(), piece.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse(path_);
    size_ += static_cast<std::uint64_t>(written);
    piece = piece.drop(static_cast<std::size_t>(written));
  }
  return true;
}

void blob_file::restart() {
  unmap();
  if (::ftruncate(number_, 0) != 0 || ::lseek(number_, 0, SEEK_SET) != 0) refuse(path_);
  size_ = 0;
}

nv2::bytes blob_file::view() {
  if (size_ == 0) return {};
  if (mapped_ == nullptr) {
    void* const found = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, number_, 0);
    if (found == MAP_FAILED) refuse(path_);
    mapped_ = found;
  }
  return {static_cast<const std::uint8_t*>(mapped_), size_};
}

nv2::errc blob_file::check(const nv2::content_descriptor& expected) {
  return check_piece(view(), expected);
}

void blob_file::name(const std::string& path) {
  constexpr mode_t readable = 0644;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(number_, readable & ~mask) != 0 || ::rename(path_.c_str(), path.c_str()) != 0) {
    refuse(path);
  }
  path_.clear();
}

}  // namespace client
