// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON that decides something: configuration, and what servers say.
#ifndef NV2_CLIENT_STRICT_JSON_HPP
#define NV2_CLIENT_STRICT_JSON_HPP

#include <optional>
#include <string>

#include <nlohmann/json.hpp>
#include <nv2/base/bytes.hpp>

namespace client {

/// The one JSON value that `text` is; nothing when it is none, when a member stands twice, or when it is
/// nested deeper than the library reads. // spec: G-010 G-012
std::optional<nlohmann::json> parse_strict(nv2::bytes text);

/// The text under `name` of an object, "" when there is none.
std::string text_of(const nlohmann::json& object, const char* name);

}  // namespace client

#endif  // NV2_CLIENT_STRICT_JSON_HPP
