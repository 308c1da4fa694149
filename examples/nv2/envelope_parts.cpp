// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Members of JSON envelopes, as far as they can be read.
#include "envelope_parts.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace client {

std::optional<byte_buffer> decoded(std::string_view text, nv2::base64_alphabet alphabet,
                                   const std::string& what, std::vector<std::string>& problems) {
  byte_buffer out(nv2::max_decoded_size(text.size()));
  std::size_t size = 0;
  const nv2::errc code =
      nv2::decode_base64(nv2::bytes::of(text), alphabet, nv2::base64_rules::lenient,
                         nv2::mutable_bytes{out.data(), out.size()}, size);
  if (code != nv2::errc::ok) {
    problems.push_back(fmt::format("{}: {}", what, nv2::message(code)));
    return std::nullopt;
  }
  out.resize(size);
  return out;
}

std::string text_member(const shown_json& object, const char* name,
                        std::vector<std::string>& problems) {
  if (!object.is_object() || !object.contains(name)) return {};
  const shown_json& value = object.at(name);
  if (value.is_string()) return value.get<std::string>();
  problems.push_back(fmt::format("'{}' is not a string: {}", name, compact(value)));
  return {};
}

std::vector<byte_buffer> read_x5c(const shown_json& header, std::vector<std::string>& problems) {
  std::vector<byte_buffer> out;
  if (!header.is_object() || !header.contains("x5c")) return out;
  const shown_json& list = header.at("x5c");
  if (!list.is_array()) {
    problems.emplace_back("'x5c' is not an array");
    return out;
  }
  for (std::size_t i = 0; i < std::min(list.size(), max_shown_certificates); ++i) {
    const std::string what = fmt::format("x5c[{}]", i);
    if (!list[i].is_string()) {
      problems.push_back(what + " is not a string");
      continue;
    }
    const auto& text = list[i].get_ref<const std::string&>();
    auto der = decoded(text, nv2::base64_alphabet::standard_padded, what, problems);
    if (der) out.push_back(std::move(*der));
  }
  if (list.size() > max_shown_certificates) {
    problems.push_back(
        fmt::format("x5c has {} certificates, {} are shown", list.size(), max_shown_certificates));
  }
  return out;
}

}  // namespace client
