// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// As much of TOML as configurations of containerd are written in.
#ifndef NV2_CLIENT_TOML_TEXT_HPP
#define NV2_CLIENT_TOML_TEXT_HPP

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace client {

/// The tables, lists, texts, whole numbers and truth values of `text` as JSON; numbers of other kinds and
/// times become texts. Whatever it does not know, and a name that stands twice, ends with exit code 2 and
/// the number of the line; so nothing is overlooked.
nlohmann::json parse_toml(std::string_view text, const std::string& path);

}  // namespace client

#endif  // NV2_CLIENT_TOML_TEXT_HPP
