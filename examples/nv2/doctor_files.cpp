// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Owners and modes, up to the root of the file system.
#include "doctor_files.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>

namespace client {
namespace {

namespace fs = std::filesystem;

/// Whether only root decides what `path` is. In a sticky folder on the way others cannot replace what is not
/// theirs, but they can add to it.
bool is_roots(const fs::path& path, bool is_on_the_way) {
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0) return true;  // told elsewhere
  if (about.st_uid != 0) return false;
  if (S_ISLNK(about.st_mode)) return true;
  const bool is_sticky = is_on_the_way && S_ISDIR(about.st_mode) && (about.st_mode & S_ISVTX) != 0;
  return is_sticky || (about.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

std::string writable_above(const fs::path& path) {
  for (fs::path at = path;; at = at.parent_path()) {
    if (!is_roots(at, at != path)) return at.string();
    if (!at.has_relative_path()) return {};
  }
}

}  // namespace

std::string writable_part(const std::string& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  if (error) return {};
  std::string found = writable_above(whole);
  if (!found.empty()) return found;
  const fs::path target = fs::canonical(whole, error);
  return error ? std::string{} : writable_above(target);
}

void check_writers(const std::string& check, const std::string& path, doctor_findings& out) {
  const std::string part = writable_part(path);
  if (part.empty()) return;
  out.add({proof::hole, check, path,
           part == path ? "others than root may change it"
                        : "others than root may replace it, since they may change " + part,
           "chown it to root, and chmod go-w"});
}

}  // namespace client
