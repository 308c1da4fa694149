// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Arguments and descriptor of containerd's plugin `bindir`, as of containerd 2.
#include "image_request.hpp"

#include <cstddef>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <nv2/oci/descriptor.hpp>
#include <nv2/oci/reference.hpp>

#include "errors.hpp"
#include "strict_json.hpp"

namespace containerd {
namespace {

using client::exit_code;
using client::failure;
using client::next_step;

[[noreturn]] void refuse_arguments(std::string why) {
  throw failure(exit_code::usage, std::move(why),
                {next_step("containerd starts this program from its image verifier directory")});
}

/// An argument that is an option: its name without dashes, and what stands behind the equals sign.
struct given_option {
  std::string name;
  std::optional<std::string> value;
};

std::optional<given_option> parse_option(const std::string& word) {
  const std::size_t dashes = word.compare(0, 2, "--") == 0 ? 2 : 1;
  if (word.size() <= dashes || word[0] != '-' || word[dashes] == '-') return {};
  const std::size_t equals = word.find('=');
  if (equals == word.npos) return given_option{word.substr(dashes), {}};
  return given_option{word.substr(dashes, equals - dashes), word.substr(equals + 1)};
}

std::string* find_member(image_request& out, const std::string& name) {
  if (name == "name") return &out.name;
  if (name == "digest") return &out.digest;
  if (name == "stdin-media-type") return &out.stdin_media_type;
  return name == "nv2-config" ? &out.config : nullptr;
}

void require(const std::string& value, const char* name) {
  if (value.empty()) refuse_arguments(fmt::format("the argument -{} is missing", name));
}

[[noreturn]] void refuse_descriptor(std::string why) {
  throw failure(exit_code::refused, std::move(why),
                {next_step("use a version of containerd that nv2 was tested with")});
}

std::string text_at(const nlohmann::json& members, const char* name) {
  std::string text = client::text_of(members, name);
  if (text.empty()) refuse_descriptor(fmt::format("the descriptor has no text \"{}\"", name));
  return text;
}

}  // namespace

image_request read_arguments(const std::vector<std::string>& words) {
  image_request out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::optional<given_option> option = parse_option(words[i]);
    if (!option) refuse_arguments(fmt::format("unexpected argument: {}", words[i]));
    const bool has_next = i + 1 < words.size();
    std::string* const member = find_member(out, option->name);
    if (member == nullptr) {
      const bool takes_next = !option->value && has_next && !parse_option(words[i + 1]);
      if (takes_next) ++i;
      continue;
    }
    if (!option->value && !has_next)
      refuse_arguments(fmt::format("-{} has no value", option->name));
    const std::string& value = option->value ? *option->value : words[++i];
    // Two answers to one question are none.
    if (!member->empty()) refuse_arguments(fmt::format("-{} stands twice", option->name));
    *member = value;
  }
  require(out.name, "name");
  require(out.digest, "digest");
  require(out.stdin_media_type, "stdin-media-type");
  return out;
}

image_name parse_name(const image_request& asked) {
  nv2::reference parts;
  const nv2::errc code = nv2::parse_reference(nv2::bytes::of(asked.name), parts);
  if (code != nv2::errc::ok || parts.domain.empty()) {
    throw failure(exit_code::refused, fmt::format("not the name of an image: {}", asked.name),
                  {next_step("write registry.example.com/name:tag")});
  }
  const bool is_other = !parts.digest.empty() && parts.digest.as_text() != asked.digest;
  if (is_other) {
    throw failure(exit_code::refused,
                  fmt::format("the name {} has another digest than {}", asked.name, asked.digest),
                  {{"rule", "D-024"}});
  }
  return {std::string(parts.domain.as_text()), std::string(parts.repository.as_text())};
}

image_descriptor parse_descriptor(nv2::bytes text, const image_request& asked) {
  if (asked.stdin_media_type != descriptor_media_type) {
    refuse_descriptor(
        fmt::format("the media type of standard input is not known: {}", asked.stdin_media_type));
  }
  const std::optional<nlohmann::json> members = client::parse_strict(text);
  if (!members || !members->is_object()) refuse_descriptor("the descriptor is no JSON object");
  image_descriptor out{text_at(*members, "mediaType"), text_at(*members, "digest"), 0};
  const auto size = members->find("size");
  if (size == members->end() || !size->is_number_unsigned()) {
    refuse_descriptor("the descriptor has no \"size\"");
  }
  out.size = size->get<std::uint64_t>();
  if (out.digest != asked.digest) {
    refuse_descriptor(
        fmt::format("the descriptor has the digest {}, not {}", out.digest, asked.digest));
  }
  nv2::parsed_digest digest;
  if (nv2::parse_digest(nv2::bytes::of(out.digest), digest) != nv2::errc::ok) {
    refuse_descriptor(fmt::format("not a digest: {}", out.digest));
  }
  if (nv2::check_media_type(nv2::bytes::of(out.media_type)) != nv2::errc::ok) {
    refuse_descriptor(fmt::format("not a media type: {}", out.media_type));
  }
  return out;
}

}  // namespace containerd
