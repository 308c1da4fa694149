// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON for looking at, not for deciding: takes what it can from broken text and says what is wrong.
#ifndef NV2_CLIENT_TOLERANT_JSON_HPP
#define NV2_CLIENT_TOLERANT_JSON_HPP

#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <nv2/base/bytes.hpp>

namespace client {

using shown_json = nlohmann::ordered_json;

/// The value at the start of `text`, as far as it goes. Of a member that stands twice the last one
/// is kept. What is wrong is appended to `problems`, each with `where` in front.
shown_json read_tolerant(nv2::bytes text, const std::string& where,
                         std::vector<std::string>& problems);

/// `value` in one line of ASCII. Bytes that are no UTF-8 are replaced.
std::string compact(const shown_json& value);

}  // namespace client

#endif  // NV2_CLIENT_TOLERANT_JSON_HPP
