// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Directories and files through POSIX, so that no link is followed; certificates through the library.
#include "trust_store.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/codec/pem.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/checks.hpp>

#include "errors.hpp"
#include "refusal.hpp"
#include "self_signed.hpp"

namespace client {
namespace {

constexpr std::size_t max_store_file = std::size_t{16} << 20;

struct directory_closer {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using directory_handle = std::unique_ptr<DIR, directory_closer>;

[[noreturn]] void refuse(const trust_store& store, const std::string& path, std::string_view what,
                         std::string rule, std::string next) {
  throw failure(exit_code::usage, fmt::format("trust store {}: {}: {}", store.name, what, path),
                {{"rule", std::move(rule)}, next_step(std::move(next))});
}

[[noreturn]] void fail_unreadable(const trust_store& store, const std::string& path, int error) {
  throw failure(
      exit_code::unavailable,
      fmt::format("trust store {}: cannot read {}: {}", store.name, path, std::strerror(error)),
      {next_step("check who may read it; nothing was verified")});
}

/// The certificates of one file of a store.
class store_file {
 public:
  store_file(const trust_store& store, const std::string& path, byte_buffer text)
      : store_(store), path_(path), text_(std::move(text)), scratch_(text_.size() + 1024) {}

  std::vector<stored_certificate> read() {
    // No text begins like a certificate does: SEQUENCE, and a length of more than 127.
    const bool is_der = text_.size() > 1 && text_[0] == 0x30 && text_[1] >= 0x80;
    is_der ? read_elements() : read_blocks();
    return std::move(found_);
  }

 private:
  /// One certificate after another, nothing between them.
  void read_elements() {
    nv2::der_reader reader{view_of(text_)};
    while (reader.more()) {
      const nv2::bytes element = reader.read_element(nv2::der_tag::sequence);
      if (reader.error() == nv2::errc::ok) add(element);
    }
    check(reader.finish());  // spec: S-007
  }
  void read_blocks() {
    nv2::workspace memory{nv2::mutable_bytes{scratch_.data(), scratch_.size()}};
    nv2::pem_reader reader{view_of(text_)};
    for (nv2::pem_block block; reader.next(block, memory); memory.rewind(0)) {
      check(nv2::check_label(block, "CERTIFICATE"));  // spec: S-007
      add(block.der);
    }
    if (reader.error() == nv2::errc::ok && found_.empty()) {
      // spec: S-007
      refuse(store_, path_, "no certificate in the file", "S-007",
             "a file of a trust store is PEM or DER certificates; remove others");
    }
    check(reader.finish());
  }

  void add(nv2::bytes der) {
    nv2::certificate parsed;
    check(nv2::parse_certificate(der, parsed));
    // A signature is only checked where it decides: on curves that takes longer than all else.
    const bool decides = !parsed.is_ca || store_.type == nv2::anchor_role::tsa;
    const bool is_signed_by_itself = decides && is_self_signed(parsed);
    if (!parsed.is_ca && !is_signed_by_itself) {
      // spec: S-010
      refuse(store_, path_, "a certificate is neither that of an authority nor self-signed",
             "S-010", "put the certificate of the authority that issued it there instead");
    }
    const bool is_root_ca = is_signed_by_itself && nv2::is_self_issued(parsed) &&
                            nv2::check_ca(parsed) == nv2::errc::ok;
    if (store_.type == nv2::anchor_role::tsa && !is_root_ca) {
      // spec: S-012
      refuse(store_, path_, "a certificate for timestamps is not that of a root authority", "S-012",
             "stores of the type tsa take self-signed CA certificates only");
    }
    found_.push_back({path_, byte_buffer(der.begin(), der.end())});
  }
  void check(nv2::errc code) const {
    if (code == nv2::errc::ok) return;
    refuse(store_, path_,
           fmt::format("certificate {} of the file is unusable: {}", found_.size() + 1,
                       nv2::message(code)),
           rule_text(code), "replace the file by PEM or DER certificates");
  }

  const trust_store& store_;
  const std::string& path_;
  byte_buffer text_, scratch_;
  std::vector<stored_certificate> found_;
};

bool has_allowed_extension(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos || dot == 0) return false;
  const std::string extension = name.substr(dot);
  return extension == ".pem" || extension == ".crt" || extension == ".cer";
}

/// Fills one store.
class store_reader {
 public:
  explicit store_reader(trust_store& out) : out_(out) {}

  void run() {
    if (!open()) return;
    out_.exists = true;
    std::vector<std::string> names;
    while (const dirent* const entry = ::readdir(directory_.get())) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) read(name);
  }

 private:
  /// False when there is no such store.
  bool open() {
    const char* const path = out_.path.c_str();
    struct stat found {};
    if (::lstat(path, &found) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return false;  // spec: S-011
      fail_unreadable(out_, out_.path, errno);
    }
    if (S_ISLNK(found.st_mode)) refuse_link(out_.path);
    if (!S_ISDIR(found.st_mode)) {
      refuse(out_, out_.path, "not a directory", "S-003", "a trust store is a directory of files");
    }
    const int number = ::open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (number < 0) fail_unreadable(out_, out_.path, errno);
    directory_.reset(::fdopendir(number));
    if (directory_ == nullptr) {
      const int error = errno;
      ::close(number);
      fail_unreadable(out_, out_.path, error);
    }
    return true;
  }
  [[noreturn]] void refuse_link(const std::string& path) const {
    // spec: S-004
    refuse(out_, path, "a symbolic link", "S-004", "put the file itself there");
  }

  void read(const std::string& name) {
    const std::string path = out_.path + "/" + name;
    const int within = ::dirfd(directory_.get());
    struct stat found {};
    if (::fstatat(within, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
      fail_unreadable(out_, path, errno);
    }
    if (S_ISLNK(found.st_mode)) refuse_link(path);
    if (S_ISDIR(found.st_mode)) {
      // spec: S-005
      refuse(out_, path, "a directory inside the store", "S-005", "move its files up or away");
    }
    if (!S_ISREG(found.st_mode) || !has_allowed_extension(name)) {
      // spec: S-006
      refuse(out_, path, "not a file that ends in .pem, .crt or .cer", "S-006",
             "remove it, or give it the right name");
    }
    const int number = ::openat(within, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (number < 0) fail_unreadable(out_, path, errno);
    byte_buffer text = read_descriptor(number, path, "certificate file", max_store_file);
    store_file file{out_, path, std::move(text)};
    for (stored_certificate& each : file.read()) {
      out_.certificates.push_back(std::move(each));
    }
  }

  trust_store& out_;
  directory_handle directory_;
};

}  // namespace

std::vector<stored_certificate> check_store_file(nv2::anchor_role type, const std::string& name,
                                                 const std::string& path, byte_buffer content) {
  trust_store store;
  store.type = type;
  store.name = name;
  return store_file{store, path, std::move(content)}.read();
}

const char* store_type_name(nv2::anchor_role type) {
  switch (type) {
    case nv2::anchor_role::signing_authority: return "signingAuthority";  // spec: S-001
    case nv2::anchor_role::tsa: return "tsa";
    default: return "ca";
  }
}

trust_store read_trust_store(const std::string& root, nv2::store_name wanted) {
  trust_store out;
  const char* const type = store_type_name(wanted.type);
  out.type = wanted.type;
  out.name = fmt::format("{}:{}", type, wanted.name.as_text());
  out.path = fmt::format("{}/{}/{}", root, type, wanted.name.as_text());
  store_reader{out}.run();
  return out;
}

}  // namespace client
