// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What newlib asks an operating system for, so that hosted programs run on a board: files and output of the emulator's host,
// a heap, and main() with arguments. Link with --specs=nosys.specs for the rest.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "board.h"

extern "C" int main(int count, char** arguments);

extern "C" {
extern char nv2_heap_begin[], nv2_heap_end[];

int _open(const char* path, int flags, int mode);
int _close(int file);
int _read(int file, char* to, int size);
int _write(int file, const char* from, int size);
int _lseek(int file, int offset, int whence);
int _fstat(int file, struct stat* out);
int _isatty(int file);
void* _sbrk(std::ptrdiff_t increase);
[[noreturn]] void _exit(int status);

// Other start-up code would bring these.
void* __dso_handle = nullptr;
void _init() {}
void _fini() {}
}

namespace {

// Numbers of ours are those of the host and these.
constexpr int first_file = 3;
constexpr int most_files = 8;

struct open_file {
  int host = -1;
  std::uint32_t position = 0, size = 0;
};
open_file files[most_files];

open_file* find(int file) {
  const int place = file - first_file;
  const bool is_open = place >= 0 && place < most_files && files[place].host >= 0;
  if (!is_open) errno = EBADF;
  return is_open ? &files[place] : nullptr;
}

/// Splits `text` at its spaces; returns how many words it has.
int split(char* text, char** words, int most) {
  int count = 0;
  for (char* word = std::strtok(text, " "); word != nullptr && count < most;
       word = std::strtok(nullptr, " "))
    words[count++] = word;
  return count;
}

}  // namespace

int _open(const char* path, int flags, int) {
  errno = EACCES;
  if ((flags & O_ACCMODE) != O_RDONLY) return -1;
  for (int place = 0; place < most_files; ++place) {
    if (files[place].host >= 0) continue;
    const int host = board_open(path);
    errno = ENOENT;
    if (host < 0) return -1;
    files[place] = {host, 0, board_file_size(host)};
    return first_file + place;
  }
  errno = EMFILE;
  return -1;
}

int _close(int file) {
  open_file* const open = find(file);
  if (open == nullptr) return -1;
  board_close(open->host);
  open->host = -1;
  return 0;
}

int _read(int file, char* to, int size) {
  open_file* const open = find(file);
  if (open == nullptr) return -1;
  const std::uint32_t left = open->size - open->position;
  const std::uint32_t wanted =
      static_cast<std::uint32_t>(size) < left ? static_cast<std::uint32_t>(size) : left;
  if (wanted > 0 && board_read(open->host, to, wanted) == 0) return -1;
  open->position += wanted;
  return static_cast<int>(wanted);
}

int _lseek(int file, int offset, int whence) {
  open_file* const open = find(file);
  if (open == nullptr) return -1;
  const std::uint32_t base = whence == 0 ? 0 : whence == 1 ? open->position : open->size;
  const std::uint32_t position = base + static_cast<std::uint32_t>(offset);
  const std::uint32_t block[2] = {static_cast<std::uint32_t>(open->host), position};
  if (position > open->size || board_semihost(0x0A /* SYS_SEEK */, block) != 0) {
    errno = EINVAL;
    return -1;
  }
  open->position = position;
  return static_cast<int>(position);
}

int _write(int, const char* from, int size) {
  char text[129];
  for (int done = 0; done < size;) {
    const int part = size - done < 128 ? size - done : 128;
    std::memcpy(text, from + done, static_cast<std::size_t>(part));
    text[part] = '\0';
    board_print(text);
    done += part;
  }
  return size;
}

int _fstat(int file, struct stat* out) {
  std::memset(out, 0, sizeof(*out));
  const open_file* const open = file < first_file ? nullptr : find(file);
  if (file >= first_file && open == nullptr) return -1;
  out->st_mode = open == nullptr ? S_IFCHR : S_IFREG;
  out->st_size = open == nullptr ? 0 : static_cast<off_t>(open->size);
  return 0;
}
int _isatty(int file) { return file < first_file; }

void* _sbrk(std::ptrdiff_t increase) {
  static char* end = nv2_heap_begin;
  if (increase > nv2_heap_end - end) {
    errno = ENOMEM;
    return reinterpret_cast<void*>(-1);
  }
  char* const begin = end;
  end += increase;
  return begin;
}

void _exit(int status) { board_leave(status); }

int board_main() {
  static char text[512];
  static char* words[32];
  static char name[] = "image";
  std::strncpy(text, board_arguments(), sizeof(text) - 1);
  words[0] = name;
  std::exit(main(1 + split(text, words + 1, 30), words));
}
