// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Target URIs. The forms are those of the prototype.
#include "target.hpp"

#include <unistd.h>

#include <cctype>
#include <charconv>
#include <string_view>

#include <fmt/format.h>
#include <openssl/sha.h>

#include "errors.hpp"
#include "hex.hpp"
#include "terminal.hpp"

namespace client {
namespace {

bool is_scheme(std::string_view text) {
  if (text.empty() || std::isalpha(static_cast<unsigned char>(text[0])) == 0) return false;
  for (const char c : text) {
    const bool word = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (!word && c != '+' && c != '-' && c != '.') return false;
  }
  return true;
}

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

[[noreturn]] void refuse_target(const std::string& target, const char* why, std::string next) {
  throw failure(exit_code::usage, fmt::format("{}: {}", why, target), {next_step(std::move(next))});
}

std::string percent_decoded(std::string_view text, const std::string& target) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    std::uint8_t value = 0;
    const char* const digits = text.data() + i + 1;
    const bool enough = i + 2 < text.size();
    const bool read = enough && std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
    if (!read || value == 0) {
      refuse_target(target, "invalid percent escape in the file URI", "write '%' itself as %25");
    }
    out += static_cast<char>(value);
    i += 2;
  }
  return out;
}

/// file:relative/path is taken as it stands; file:/path and file:///path are percent-decoded.
std::string path_of_file_uri(std::string_view rest, const std::string& target) {
  if (rest.empty()) refuse_target(target, "the file URI names no file", "write file:PATH");
  if (rest[0] != '/') return std::string(rest);
  if (rest.substr(0, 2) == "//") {
    const std::size_t slash = rest.find('/', 2);
    const std::string_view host = rest.substr(2, slash == rest.npos ? rest.npos : slash - 2);
    if (slash == rest.npos || (!host.empty() && host != "localhost")) {
      refuse_target(target, "the file URI names a host",
                    "write file:PATH or file:///ABSOLUTE/PATH");
    }
    rest.remove_prefix(slash);
  }
  if (rest.find_first_of("?#") != rest.npos) {
    refuse_target(target, "the file URI has a query or a fragment",
                  "write '?' as %3F and '#' as %23");
  }
  return percent_decoded(rest, target);
}

}  // namespace

std::string target_path(const std::string& target) {
  if (target.empty()) return {};
  const std::string_view text = target;
  const std::size_t colon = text.find(':');
  const std::string_view scheme = text.substr(0, colon == text.npos ? 0 : colon);
  if (!is_scheme(scheme)) {
    refuse_target(target, "unsupported URI scheme: the target has none",
                  "for a file write file:PATH");
  }
  const std::string name = lower_case(scheme);
  if (name == "file") return path_of_file_uri(text.substr(colon + 1), target);
  // Registries come later; nothing of them is accepted before. // spec: N-179 N-181 N-182
  if (name == "docker" || name == "oci" || name == "oci-layout") {
    refuse_target(target, "targets of this kind are not supported in this version",
                  "save the manifest to a file and give file:PATH, or give it on standard input");
  }
  throw failure(exit_code::usage, fmt::format("unsupported URI scheme: {}", name),
                {next_step("for a file write file:PATH")});
}

byte_buffer read_manifest(const std::string& target) {
  const std::string path = target_path(target);
  if (!path.empty()) return read_file(path, "manifest", max_manifest_size);
  if (isatty(STDIN_FILENO) != 0) {
    print_note("reading the manifest from standard input", color_choice::automatic);
  }
  return read_stdin("manifest", max_manifest_size);
}

std::string manifest_digest(const byte_buffer& manifest) {
  std::uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256(manifest.data(), manifest.size(), digest);
  return "sha256:" + hex_text(digest);
}

}  // namespace client
