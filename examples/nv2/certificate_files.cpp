// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// PEM and DER through the library's own readers.
#include "certificate_files.hpp"

#include <string_view>

#include <fmt/format.h>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/pem.hpp>
#include <nv2/x509/certificate.hpp>

namespace client {
namespace {

constexpr std::size_t max_certificate_file = std::size_t{16} << 20;

/// One certificate file on its way in.
class certificate_file {
 public:
  certificate_file(const std::string& path, exit_code on_malformed)
      : path_(path),
        on_malformed_(on_malformed),
        text_(read_file(path, "certificate file", max_certificate_file)) {}

  std::vector<byte_buffer> read() {
    if (!text_.empty() && text_[0] == 0x30) {
      add(view_of(text_));
    } else {
      read_blocks();
    }
    return std::move(found_);
  }

 private:
  void read_blocks() {
    byte_buffer scratch(text_.size() + 1024);
    nv2::workspace memory{nv2::mutable_bytes{scratch.data(), scratch.size()}};
    nv2::pem_reader reader{view_of(text_)};
    for (nv2::pem_block block; reader.next(block, memory); memory.rewind(0)) {
      add(block.der);
    }
    const nv2::errc code = reader.finish();
    if (found_.empty() && (code == nv2::errc::ok || code == nv2::errc::pem_empty)) {
      throw failure(on_malformed_, fmt::format("no certificate in the file: {}", path_),
                    {{"rule", "N-172"}, next_step("give a PEM bundle, or one certificate as DER")});
    }
    if (code != nv2::errc::ok) refuse(code);
  }
  void add(nv2::bytes der) {
    nv2::certificate parsed;
    const nv2::errc code = nv2::parse_certificate(der, parsed);
    if (code != nv2::errc::ok) refuse(code);
    found_.emplace_back(der.begin(), der.end());
  }
  [[noreturn]] void refuse(nv2::errc code) const {
    throw failure(on_malformed_,
                  fmt::format("certificate {} of the file is malformed: {}: {}", found_.size() + 1,
                              nv2::message(code), path_),
                  {{"rule", fmt::format("{} ({})", nv2::rule(code), nv2::name(code))},
                   next_step("every PEM block of the file must be one X.509 certificate")});
  }

  const std::string& path_;
  exit_code on_malformed_;
  byte_buffer text_;
  std::vector<byte_buffer> found_;
};

}  // namespace

std::vector<byte_buffer> read_certificates(const std::string& path, exit_code on_malformed) {
  return certificate_file{path, on_malformed}.read();
}

}  // namespace client
