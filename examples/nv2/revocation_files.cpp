// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// PEM and DER through the library's own readers.
#include "revocation_files.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/pem.hpp>
#include <nv2/trust/revocation_lists.hpp>
#include <nv2/trust/revocation_responses.hpp>
#include <nv2/x509/crl.hpp>

#include "errors.hpp"
#include "refusal.hpp"

namespace client {
namespace {

constexpr std::uint8_t der_sequence = 0x30;
constexpr std::size_t scratch_size = 1024;
constexpr std::size_t most_fetched = std::size_t{64} << 20, most_addresses = 4096;

[[noreturn]] void refuse(const std::string& path, std::string_view role, nv2::errc code) {
  throw failure(exit_code::usage,
                fmt::format("the {} is malformed: {}: {}", role, nv2::message(code), path),
                {{"rule", rule_text(code)}, next_step("get the file again from its issuer")});
}

}  // namespace

std::shared_ptr<const fetched_lists::answer> fetched_lists::find(const std::string& address) const {
  const std::lock_guard<std::mutex> held{lock_};
  const auto known = kept_.find(address);
  return known == kept_.end() ? nullptr : known->second;
}

void fetched_lists::keep(const std::string& address, answer what) {
  const std::lock_guard<std::mutex> held{lock_};
  if (what.list.size() > most_fetched - size_ || kept_.size() == most_addresses) return;
  const std::size_t size = what.list.size();
  if (kept_.emplace(address, std::make_shared<const answer>(std::move(what))).second) size_ += size;
}

revocation_files::revocation_files(const revocation_options& options)
    : stale_(options.stale), grace_seconds_(options.grace_seconds) {
  for (const std::string& path : options.lists) read_lists(path);
  for (const std::string& path : options.responses) {
    add_response(read_file(path, "OCSP response", nv2::limits::revocation_response_size));
  }
}

void revocation_files::keep(byte_buffer der, std::vector<nv2::bytes>& list) {
  kept_.push_back(std::make_shared<const byte_buffer>(std::move(der)));
  list.push_back(view_of(*kept_.back()));
}

void revocation_files::add_list(byte_buffer der) { keep(std::move(der), lists_); }

void revocation_files::add_response(byte_buffer der) { keep(std::move(der), responses_); }

void revocation_files::read_lists(const std::string& path) {
  byte_buffer content = read_file(path, "revocation list", 2 * nv2::limits::revocation_list_size);
  std::vector<byte_buffer> found;
  if (!content.empty() && content[0] == der_sequence) {
    found.push_back(std::move(content));
  } else {
    byte_buffer scratch(content.size() + scratch_size);
    nv2::workspace memory{nv2::mutable_bytes{scratch.data(), scratch.size()}};
    nv2::pem_reader reader{view_of(content)};
    for (nv2::pem_block block; reader.next(block, memory); memory.rewind(0)) {
      const nv2::bytes der = block.der;
      found.emplace_back(der.begin(), der.end());
    }
    const nv2::errc code = reader.finish();
    if (code != nv2::errc::ok) refuse(path, "file of revocation lists", code);
  }
  for (byte_buffer& der : found) {
    nv2::certificate_list parsed;
    const nv2::errc code = nv2::parse_certificate_list(view_of(der), parsed);
    if (code != nv2::errc::ok) refuse(path, "revocation list", code);
    add_list(std::move(der));
  }
}

nv2::revocation_data revocation_files::data() const {
  nv2::revocation_data out;
  out.lists = {lists_.data(), lists_.size()};
  out.responses = {responses_.data(), responses_.size()};
  out.stale = stale_;
  out.grace_seconds = grace_seconds_;
  return out;
}

}  // namespace client
