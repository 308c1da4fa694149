// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Lines of batches, read strictly.
#include "batch_line.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <nv2/oci/descriptor.hpp>

#include "blob.hpp"
#include "errors.hpp"
#include "strict_json.hpp"
#include "target.hpp"

namespace client {
namespace {

using nlohmann::json;

constexpr const char* members = "target, signature, scope, policy-name, media-type, digest and id";

[[noreturn]] void refuse(std::string what, std::string next) {
  throw failure(exit_code::usage, std::move(what), {next_step(std::move(next))});
}

std::string text_in(const std::string& name, const json& value) {
  std::string out = value.is_string() ? value.get<std::string>() : std::string{};
  if (out.empty()) {
    refuse(fmt::format("the value of \"{}\" is no text, or empty", name),
           "leave the member out, or give it a text");
  }
  // Paths and names end at a zero byte where others look at them.
  if (out.find('\0') != out.npos) {
    refuse(fmt::format("the value of \"{}\" holds a zero byte", name), "leave it out");
  }
  return out;
}

std::vector<std::string> texts_in(const std::string& name, const json& value) {
  if (!value.is_array()) return {text_in(name, value)};
  std::vector<std::string> out;
  for (const json& each : value) out.push_back(text_in(name, each));
  if (out.empty()) refuse(fmt::format("the list \"{}\" is empty", name), "leave the member out");
  return out;
}

/// Changes options by the members of one line.
class line_reader {
 public:
  line_reader(const verify_options& common, batch_target& out) : out_(out) {
    out_.options = common;
  }

  void read(const json& object) {
    for (const auto& [name, value] : object.items()) take(name, value);
    if (out_.options.target.empty()) {
      refuse("the line has no \"target\"", "write {\"target\": \"docker://HOST/REPOSITORY:TAG\"}");
    }
    check_target();
    check_format();
  }

 private:
  void take(const std::string& name, const json& value) {
    verify_options& options = out_.options;
    if (name == "signature") return take_signatures(texts_in(name, value));
    std::string text = text_in(name, value);
    if (name == "target") {
      options.target = std::move(text);
    } else if (name == "scope") {
      options.trusted.scope = std::move(text);
    } else if (name == "policy-name") {
      options.trusted.policy_name = std::move(text);
    } else if (name == "media-type") {
      options.media_type = std::move(text);
      options.names_media_type = true;
    } else if (name == "digest") {
      take_digest(std::move(text));
    } else if (name != "id") {
      refuse(fmt::format("unknown member of the line: {}", name),
             fmt::format("a line has {}", members));
    }
  }
  void take_signatures(std::vector<std::string> files) {
    if (files.size() > 1 && out_.options.trusted.threshold == 0 &&
        out_.options.trusted.required.empty()) {
      refuse("several signatures need --threshold", "give --threshold, or one signature");
    }
    out_.options.signature = std::move(files.front());
    files.erase(files.begin());
    out_.options.other_signatures = std::move(files);
  }
  void take_digest(std::string text) {
    nv2::parsed_digest ignored;
    // spec: D-001 D-003
    if (nv2::parse_digest(nv2::bytes::of(text), ignored) != nv2::errc::ok) {
      refuse(fmt::format("\"digest\" is no supported digest: {}", text), "write sha256:…");
    }
    out_.digest = std::move(text);
  }
  void check_target() {
    verify_options& options = out_.options;
    const auto layout = find_layout_target(options.target);
    if (layout && layout->path == "-") {
      refuse("a line cannot mean standard input", "give the path of the layout");
    }
    if (const auto registry = find_registry_target(options.target)) {
      options.trusted.repository = registry->name();
    }
  }
  /// spec: O-050 O-051
  void check_format() {
    verify_options& options = out_.options;
    if (!options.is_blob || !options.other_signatures.empty()) return;
    const std::string named = format_of_signature_name(options.signature);
    if (options.format.empty()) options.format = named;
    if (named.empty() || named == options.format) return;
    refuse(fmt::format("--format {} contradicts the name of the signature file: {}", options.format,
                       options.signature),
           "leave --format out, or rename the file");
  }

  batch_target& out_;
};

std::optional<json> object_in(std::string_view line) {
  std::optional<json> out = parse_strict(nv2::bytes::of(line));
  if (out && !out->is_object()) out.reset();
  return out;
}

}  // namespace

batch_names names_in(std::string_view line) {
  const std::optional<json> object = object_in(line);
  if (!object) return {};
  return {text_of(*object, "id"), text_of(*object, "target")};
}

batch_target read_batch_line(std::string_view line, const verify_options& common) {
  const std::optional<json> object = object_in(line);
  if (!object) {
    refuse("the line is no JSON object whose members each stand once",
           fmt::format("write one object a line, with {}", members));
  }
  batch_target out;
  line_reader{common, out}.read(*object);
  return out;
}

}  // namespace client
