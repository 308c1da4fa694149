// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Blobs and the names of their signatures.
#include "blob.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "errors.hpp"

namespace client {
namespace {

constexpr std::size_t piece_size = std::size_t{256} << 10;

/// The part of `name` behind its last dot, in lower case, which is cut off; "" when there is no dot.
std::string cut_extension(std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos) return {};
  std::string out = name.substr(dot + 1);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  name.resize(dot);
  return out;
}

}  // namespace

blob_reader::blob_reader(std::string path) : path_(std::move(path)), piece_(piece_size) {
  if (path_.empty()) return;
  number_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (number_ >= 0) return;
  throw failure(exit_code::unavailable,
                fmt::format("cannot open the blob: {}: {}", path_, std::strerror(errno)),
                {next_step("check the path; nothing was verified")});
}

blob_reader::~blob_reader() {
  if (number_ > 0) ::close(number_);
}

bool blob_reader::read(void* self, std::uint64_t offset, nv2::bytes& piece) noexcept {
  blob_reader& reader = *static_cast<blob_reader*>(self);
  const auto place = static_cast<off_t>(offset);
  if (offset != reader.place_ && ::lseek(reader.number_, place, SEEK_SET) != place) {
    reader.error_ = errno;
    return false;
  }
  ssize_t got = -1;
  do {
    got = ::read(reader.number_, reader.piece_.data(), reader.piece_.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) reader.error_ = errno;
  piece = view_of(reader.piece_).first(got < 0 ? 0 : static_cast<std::size_t>(got));
  reader.place_ = offset + piece.size();
  return got >= 0;
}

void blob_reader::check() const {
  if (error_ == 0) return;
  throw failure(exit_code::unavailable,
                fmt::format("cannot read the blob: {}: {}",
                            path_.empty() ? "standard input" : path_, std::strerror(error_)),
                {next_step("nothing was verified")});
}

std::string format_of_signature_name(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  if (cut_extension(name) != "sig") return {};
  std::string format = cut_extension(name);
  return format == "jws" || format == "cose" ? format : std::string{};  // spec: O-050
}

}  // namespace client
