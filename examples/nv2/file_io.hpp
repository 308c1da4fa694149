// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Reading files within limits, and writing them whole or not at all.
#ifndef NV2_CLIENT_FILE_IO_HPP
#define NV2_CLIENT_FILE_IO_HPP

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/base/bytes.hpp>

namespace client {

using byte_buffer = std::vector<std::uint8_t>;

inline nv2::bytes view_of(const byte_buffer& buffer) { return {buffer.data(), buffer.size()}; }

/// The whole of `path`. `role` ("signature file") names it in messages. Fails with exit code 3 when it
/// cannot be read, and with `too_large` in the message and exit code 1 beyond `limit` bytes.
byte_buffer read_file(const std::string& path, std::string_view role, std::size_t limit);

/// The rest of the open file `number`, which is closed in the end; `path` names it in messages.
byte_buffer read_descriptor(int number, const std::string& path, std::string_view role,
                            std::size_t limit);

/// The whole of standard input, under the same conditions.
byte_buffer read_stdin(std::string_view role, std::size_t limit);

/// Whether both paths lead to one existing file.
bool is_same_file(const std::string& one, const std::string& other);

/// While it lives, the signals that end a program wait: no half-made file stays behind.
class signals_held {
 public:
  signals_held();
  signals_held(const signals_held&) = delete;
  signals_held& operator=(const signals_held&) = delete;
  ~signals_held();

 private:
  sigset_t before_;
};

/// What to do when the name of a new file is that of a link. Where somebody else may have put the link,
/// following it would write to a file of their choice.
enum class links : std::uint8_t { follow, refuse };

/// A file that appears under its name only when everything was written to it.
class new_file {
 public:
  /// Writes `content` beside `path`; nothing is seen under `path` yet. With links::refuse what is there
  /// already must be a regular file.
  new_file(const std::string& path, std::string_view content, links what);
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;
  /// Removes what was not committed.
  ~new_file();

  /// Gives the file its name, in place of what had it before.
  void commit();
  /// Takes a committed file away again, and puts back what had its name before.
  void withdraw() noexcept;

 private:
  signals_held held_;
  std::string path_, temporary_, kept_, content_;
  /// The old content, where the file system could not keep the old file under another name.
  std::optional<byte_buffer> old_;
};

}  // namespace client

#endif  // NV2_CLIENT_FILE_IO_HPP
