// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Form by the library's reader, contents by nlohmann/json.
#include "acquisition_file.hpp"

#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/json.hpp>
#include <nv2/trust/acquisition.hpp>
#include <nv2/trust/policy_statement.hpp>

#include "errors.hpp"
#include "file_io.hpp"
#include "http.hpp"

namespace client {
namespace {

constexpr std::size_t max_size = std::size_t{1} << 20, scratch_size = 4096, sha256_digits = 64;
constexpr const char* schema = "nv2.acquire/1";

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw failure(exit_code::usage, fmt::format("{}: {}", what, path),
                {next_step("nv2 trust --help shows the form of acquire.json")});
}

/// Reads one entry.
class entry_reader {
 public:
  entry_reader(const std::string& path, const nlohmann::json& entry) : path_(path), entry_(entry) {}

  acquirable_key read() const {
    if (!entry_.is_object()) refuse(path_, "an entry of keys is no object");
    for (const auto& member : entry_.items()) check_name(member.key());
    acquirable_key out{text("prefix"), text("url"), text("store"), {}};
    if (!is_web_url(out.url)) refuse(path_, "a url is not one of http or https");
    nv2::store_name parsed;
    if (nv2::parse_store_name(nv2::bytes::of(out.store), parsed) != nv2::errc::ok) {
      refuse(path_, "a store is not written as type:name");
    }
    if (entry_.contains("sha256")) {
      out.sha256 = normalised_sha256(text("sha256"));
      if (out.sha256.empty()) refuse(path_, "a sha256 is not 64 hexadecimal digits");
    }
    return out;
  }

 private:
  void check_name(const std::string& name) const {
    for (const char* const known : {"prefix", "url", "store", "sha256"}) {
      if (name == known) return;
    }
    refuse(path_, fmt::format("an entry of keys has an unknown member, {}", name));
  }
  std::string text(const char* name) const {
    const auto found = entry_.find(name);
    if (found == entry_.end() || !found->is_string() || found->get<std::string>().empty()) {
      refuse(path_, fmt::format("an entry of keys has no {}", name));
    }
    return found->get<std::string>();
  }

  const std::string& path_;
  const nlohmann::json& entry_;
};

/// Whether the text is one JSON value of which no member stands twice. // spec: G-010 G-012
bool is_strict_json(nv2::bytes text) {
  byte_buffer scratch(scratch_size);
  nv2::workspace memory{nv2::mutable_bytes{scratch.data(), scratch.size()}};
  nv2::json_reader reader{text, memory};
  static_cast<void>(reader.skip_value());
  return reader.finish() == nv2::errc::ok;
}

}  // namespace

std::string normalised_sha256(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == ':') continue;
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    if ((lower < '0' || lower > '9') && (lower < 'a' || lower > 'f')) return {};
    out += lower;
  }
  return out.size() == sha256_digits ? out : std::string{};
}

std::vector<acquirable_key> read_acquisitions(const std::string& directory) {
  const std::string path = directory + "/acquire.json";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return {};
  const byte_buffer text = read_file(path, "table of keys", max_size);
  if (!is_strict_json(view_of(text))) refuse(path, "the table of keys is not well-formed JSON");
  const auto document = nlohmann::json::parse(text, nullptr, false);
  const bool is_known = document.is_object() && document.value("schema", "") == schema;
  if (!is_known || document.size() != 2 || !document.contains("keys") ||
      !document.at("keys").is_array()) {
    refuse(path, fmt::format("the table of keys is not a schema {} with an array keys", schema));
  }
  std::vector<acquirable_key> out;
  for (const auto& entry : document.at("keys")) out.push_back(entry_reader{path, entry}.read());
  return out;
}

const acquirable_key* find_acquirable(const std::vector<acquirable_key>& keys,
                                      const std::string& reference) {
  std::vector<nv2::acquisition> table;
  table.reserve(keys.size());
  for (const acquirable_key& each : keys) {
    table.push_back({nv2::bytes::of(each.prefix), nv2::bytes::of(each.url)});
  }
  const nv2::acquisition* const found =
      nv2::find_acquisition({table.data(), table.size()}, nv2::bytes::of(reference));
  return found == nullptr ? nullptr : &keys[static_cast<std::size_t>(found - table.data())];
}

}  // namespace client
