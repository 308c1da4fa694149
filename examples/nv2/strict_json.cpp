// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Form by the library's reader, contents by nlohmann/json.
#include "strict_json.hpp"

#include <nv2/base/workspace.hpp>
#include <nv2/codec/json.hpp>

#include "file_io.hpp"

namespace client {
namespace {

constexpr std::size_t most_members = 4096, scratch_size = 8 * most_members;

}  // namespace

std::optional<nlohmann::json> parse_strict(nv2::bytes text) {
  byte_buffer scratch(scratch_size);
  nv2::workspace memory{nv2::mutable_bytes{scratch.data(), scratch.size()}};
  nv2::json_reader reader{text, memory, nv2::json_duplicates::refuse, most_members};
  static_cast<void>(reader.skip_value());
  if (reader.finish() != nv2::errc::ok) return {};
  nlohmann::json out = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (out.is_discarded()) return {};
  return out;
}

std::string text_of(const nlohmann::json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace client
