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
#include <nv2/oci/descriptor.hpp>
#include <nv2/oci/reference.hpp>

#include "client_crypto.hpp"
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

/// The scheme of `target` in lower case, "" = none. `rest` is what follows its colon.
std::string scheme_of(std::string_view target, std::string_view& rest) {
  const std::size_t colon = target.find(':');
  const std::string_view scheme = target.substr(0, colon == target.npos ? 0 : colon);
  if (!is_scheme(scheme)) return {};
  rest = target.substr(colon + 1);
  return lower_case(scheme);
}

bool is_tag(std::string_view text) {
  nv2::reference parsed;
  const std::string whole = "a:" + std::string(text);
  return nv2::parse_reference(nv2::bytes::of(whole), parsed) == nv2::errc::ok &&
         parsed.tag.as_text() == text;
}

/// Where `mark` parts a path from a name in the layout: at the last one, unless a path goes on.
std::size_t find_mark(std::string_view text, char mark) {
  const std::size_t at = text.rfind(mark);
  return at != text.npos && text.find('/', at) == text.npos ? at : text.npos;
}

}  // namespace

std::optional<layout_target> find_layout_target(const std::string& target) {
  constexpr const char* next = "write oci-layout:PATH:TAG or oci-layout:PATH@DIGEST";
  std::string_view rest;
  if (scheme_of(target, rest) != "oci-layout") return {};
  layout_target out;
  const std::size_t at = find_mark(rest, '@');  // spec: L-007
  const std::size_t colon = at == rest.npos ? find_mark(rest, ':') : rest.npos;
  out.path = rest.substr(0, at != rest.npos ? at : colon);
  if (at != rest.npos) {
    nv2::parsed_digest ignored;
    out.digest = rest.substr(at + 1);
    // spec: D-001 D-003
    if (nv2::parse_digest(nv2::bytes::of(out.digest), ignored) != nv2::errc::ok) {
      refuse_target(target, "what follows the last '@' of the layout is no supported digest", next);
    }
  } else if (colon != rest.npos) {
    out.tag = rest.substr(colon + 1);
    // spec: D-023
    if (!is_tag(out.tag)) {
      refuse_target(target, "what follows the last ':' of the layout is no tag", next);
    }
  }
  if (out.path.empty()) refuse_target(target, "the target names no layout", next);
  return out;
}

std::optional<registry_target> find_registry_target(const std::string& target) {
  constexpr const char* next =
      "write docker://HOST/REPOSITORY:TAG or docker://HOST/REPOSITORY@DIGEST";
  std::string_view rest;
  const std::string scheme = scheme_of(target, rest);
  if (scheme != "docker" && scheme != "oci") return {};
  if (rest.substr(0, 2) != "//") refuse_target(target, "the target names no registry", next);
  rest.remove_prefix(2);
  nv2::reference parsed;
  const std::size_t slash = rest.find('/');  // spec: D-020
  // The digest is told apart below, where an unknown one has a message of its own.
  const std::size_t at = rest.find('@');
  const std::string name{rest.substr(0, at)};
  if (slash == rest.npos || nv2::parse_reference(nv2::bytes::of(name), parsed) != nv2::errc::ok ||
      parsed.domain.size() != slash || parsed.path.empty()) {
    refuse_target(target, "the target is no reference of a registry", next);
  }
  registry_target out;
  out.host = parsed.domain.as_text();
  out.repository = parsed.path.as_text();
  out.is_oci = scheme == "oci";
  if (at != rest.npos) {
    nv2::parsed_digest ignored;
    out.digest = rest.substr(at + 1);
    // spec: D-001 D-003 D-021
    if (nv2::parse_digest(nv2::bytes::of(out.digest), ignored) != nv2::errc::ok) {
      refuse_target(target, "what follows the '@' of the reference is no supported digest", next);
    }
  } else {
    out.tag = parsed.tag.empty() ? "latest" : std::string(parsed.tag.as_text());
  }
  return out;
}

std::string target_path(const std::string& target) {
  if (target.empty()) return {};
  std::string_view rest;
  const std::string name = scheme_of(target, rest);
  if (name.empty()) {
    refuse_target(target, "unsupported URI scheme: the target has none",
                  "for a file write file:PATH");
  }
  if (name == "file") return path_of_file_uri(rest, target);
  if (name == "oci-layout") {
    refuse_target(target, "a layout is not what this is for",
                  "save the manifest to a file and give file:PATH, or give it on standard input");
  }
  if (name == "docker" || name == "oci") {
    refuse_target(target, "an artifact in a registry is not what this is for",
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
  const sha256_value digest = sha256_of(view_of(manifest));
  return "sha256:" + hex_text({digest.data(), digest.size()});
}

}  // namespace client
