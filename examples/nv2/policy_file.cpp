// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The library judges documents; this tells where in a file it stopped.
#include "policy_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <nv2/base/workspace.hpp>
#include <nv2/trust/policy_document.hpp>

#include "refusal.hpp"

namespace client {
namespace {

/// Enough for any document of `size` bytes: a listed text has at least 3 bytes and takes a view.
std::size_t memory_for(std::size_t size) {
  constexpr std::size_t constant =
      nv2::policy_limits::statements * sizeof(nv2::policy_statement) + 4096;
  return constant + size / 3 * sizeof(nv2::bytes) + size;
}

/// The line of `text` around `offset`, cut at both ends if it is long.
std::string line_at(nv2::bytes text, std::size_t offset) {
  constexpr std::size_t before = 60, after = 40;
  const std::string_view all = text.as_text();
  std::size_t start = offset < all.size() ? offset : all.size();
  std::size_t end = start;
  while (start > 0 && offset - start < before && all[start - 1] != '\n') --start;
  while (end < all.size() && end - offset < after && all[end] != '\n') ++end;
  while (start < end && (all[start] == ' ' || all[start] == '\t')) ++start;
  while (end > start && all[end - 1] == '\r') --end;
  return std::string(all.substr(start, end - start));
}

/// What to do about a document that was refused with `code`.
std::string next_for(nv2::errc code) {
  switch (code) {
    case nv2::errc::policy_version: return "write \"version\": \"1.0\"";
    case nv2::errc::policy_member_unknown: return "remove the member, or correct its name";
    case nv2::errc::policy_level: return "write \"level\": \"strict\" in \"signatureVerification\"";
    case nv2::errc::policy_override:
      return "set authenticity, authenticTimestamp or expiry to enforce or log, revocation to "
             "enforce, log or skip";
    case nv2::errc::policy_scope_syntax:
      return "write a repository with its registry: registry.example.com/team/app";
    case nv2::errc::policy_global_skip:
      return "name the repositories or blobs that need no verification in a statement of their own";
    case nv2::errc::store_syntax:
    case nv2::errc::store_type:
    case nv2::errc::store_name_syntax: return "write ca:NAME, signingAuthority:NAME or tsa:NAME";
    case nv2::errc::identity_syntax:
    case nv2::errc::identity_none:
    case nv2::errc::identity_incomplete:
      return "write \"x509.subject: C=US, ST=WA, O=example.com\", or * for any signer";
    case nv2::errc::identity_escape:
      return "put a backslash before , ; + \" \\ < > = # that belong to a value";
    case nv2::errc::policy_threshold: return "write a number from 1 to 16";
    case nv2::errc::policy_threshold_unreachable:
      return "trust more identities, since signers who match the same one count once, or lower the "
             "threshold";
    case nv2::errc::policy_required_untrusted:
      return "add it, or an identity that covers it, to trustedIdentities";
    case nv2::errc::identity_overlap: return "remove the narrower of the two identities";
    default: return "correct the document; nv2 policy check FILE tells whether it is good";
  }
}

/// Anything but a clear no counts: a document that cannot be read must not make way for another.
bool may_be_there(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

text_place place_of(nv2::bytes text, std::size_t offset) {
  text_place out;
  for (const std::uint8_t c : text.first(offset)) {
    const bool continues_character = (c & 0xC0) == 0x80;
    if (c == '\n') {
      out = {out.line + 1, 1};
    } else if (!continues_character) {
      ++out.column;
    }
  }
  return out;
}

diagnostic broken_policy(const std::string& path, nv2::bytes text, const nv2::status& reason) {
  const text_place place = place_of(text, reason.offset);
  return {fmt::format("trust policy {}:{}:{}: {}", path, place.line, place.column,
                      nv2::message(reason.code)),
          {{"rule", rule_text(reason.code)},
           {"near", line_at(text, reason.offset)},
           next_step(next_for(reason.code))}};
}

byte_buffer read_policy_text(const std::string& path) {
  // More than the library takes, so that it is the one to say so.
  return read_file(path, "trust policy", 2 * nv2::policy_limits::document_size);
}

policy_file::policy_file(std::string path, nv2::policy_kind kind, const leniency& deviations)
    : path_(std::move(path)), text_(read_policy_text(path_)), memory_(memory_for(text_.size())) {
  nv2::workspace memory{nv2::mutable_bytes{memory_.data(), memory_.size()}};
  const nv2::status result = nv2::parse_policy_document(
      view_of(text_), kind, deviations.flags, memory, document_, nv2::policy_extensions::quorum);
  if (result.ok()) return;
  throw failure(exit_code::usage, broken_policy(path_, view_of(text_), result));
}

std::string find_default_configuration() {
  std::string chosen = variable("NOTATION_CONFIG");
  if (!chosen.empty()) return chosen;
  const std::string shared = variable("XDG_CONFIG_HOME");
  if (!shared.empty()) return shared + "/notation";
  const std::string home = variable("HOME");
  return home.empty() ? std::string{} : home + "/.config/notation";
}

std::string default_configuration() {
  std::string found = find_default_configuration();
  if (!found.empty()) return found;
  throw failure(exit_code::usage, "no configuration directory: HOME is not set",
                {next_step("give --config DIR")});
}

std::string stores_of_configuration(const std::string& directory) {
  return directory + "/truststore/x509";  // spec: S-003
}

std::vector<std::string> policy_paths(const std::string& directory, nv2::policy_kind kind) {
  if (kind == nv2::policy_kind::blob) return {directory + "/trustpolicy.blob.json"};
  return {directory + "/trustpolicy.oci.json", directory + "/trustpolicy.json"};
}

std::string find_policy(const std::string& directory, nv2::policy_kind kind) {
  for (const std::string& path : policy_paths(directory, kind)) {
    if (may_be_there(path)) return path;
  }
  return {};
}

}  // namespace client
